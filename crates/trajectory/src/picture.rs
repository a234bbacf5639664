//! Pictures of a run.
//!
//! In: a trajectory. Out: the names of the files that its pictures are; or the same trajectory with each picture where
//! its caller put it. It never opens a file or a link: a picture within the log is bytes, any other is a name.

use std::collections::BTreeSet;

use data_encoding::{BASE64_MIME_PERMISSIVE, BASE64URL_NOPAD};

use goldbook_ground::text::beginning;

use super::account::PartFate;
use super::{ContentPart, StepContent, Trajectory};

/// A picture as a log has it.
pub enum Picture<'a> {
    /// Within the log; none if its data are broken, or of a kind that is no picture.
    Inline(Option<Vec<u8>>),
    /// A file beside the log.
    File(&'a str),
}

/// What becomes of a picture.
pub enum Placed {
    /// It is this file.
    File(String),
    /// It was not taken over; this text says which one it was.
    Left(String),
}

/// The kinds of pictures that ATIF knows: ending, media type, and how their bytes begin.
pub(super) const KINDS: [(&str, &str, &[u8]); 4] = [
    ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", "image/jpeg", b"\xff\xd8\xff"),
    ("gif", "image/gif", b"GIF8"),
    ("webp", "image/webp", b"RIFF"),
];

/// The usual ending of a picture's file and its media type, by how its bytes begin; none if they are no picture's.
pub fn picture_kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let (ending, media_type, _) = KINDS.iter().find(|(_, _, start)| bytes.starts_with(start))?;
    (*ending != "webp" || bytes.get(8..12) == Some(b"WEBP")).then_some((ending, media_type))
}

impl Trajectory {
    /// The names of the files that the run's pictures are, and those of its subagents.
    pub fn pictures(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let steps = self.steps.iter();
        let contents = steps.flat_map(|step| {
            std::iter::once(&step.message).chain(step.results().iter().filter_map(|result| result.content.as_ref()))
        });
        for part in contents.flat_map(StepContent::parts) {
            match part {
                ContentPart::Image { path, .. } if !path.starts_with("data:") => drop(names.insert(path.clone())),
                _ => {}
            }
        }
        names.extend(self.subagents().iter().flat_map(|subagent| subagent.run.iter().flat_map(Self::pictures)));
        names
    }

    /// Has each picture put somewhere, those of subagents too. Pictures on the web stay there; a recording in a file,
    /// which nothing plays, is named.
    pub fn place_pictures(&mut self, place: &mut dyn FnMut(Picture<'_>) -> Placed) {
        let (mut left, mut sounds) = (0_u64, 0_u64);
        for step in &mut self.steps {
            let results = step.observation.iter_mut().flat_map(|observation| &mut observation.results);
            let contents =
                std::iter::once(&mut step.message).chain(results.filter_map(|result| result.content.as_mut()));
            for part in contents.flat_map(StepContent::parts_mut) {
                left += u64::from(place_picture(part, place));
                sounds += u64::from(name_sound(part));
            }
        }
        self.count(PartFate::LeftOut, "image", left);
        self.count(PartFate::LeftOut, "audio", sounds);
        for subagent in self.embedded_mut() {
            // What can't be read as a run shows no pictures either.
            if let Ok(mut run) = super::atif::embedded(subagent.clone()) {
                run.place_pictures(place);
                *subagent = serde_json::to_value(&run).expect("every key is text and nothing else can fail");
            }
        }
    }
}

/// Whether a picture was not taken over.
fn place_picture(part: &mut ContentPart, place: &mut dyn FnMut(Picture<'_>) -> Placed) -> bool {
    let ContentPart::Image { path, media_type } = part else { return false };
    let placed = match path.strip_prefix("data:") {
        Some(data) => place(Picture::Inline(decoded(data))),
        None if path.contains("://") => return false,
        None => place(Picture::File(path)),
    };
    match placed {
        Placed::File(place) => {
            let ending = place.rsplit_once('.').map_or("", |(_, ending)| ending);
            if let Some((_, kind, _)) = KINDS.iter().find(|(known, ..)| *known == ending) {
                *media_type = (*kind).to_owned();
            }
            *path = place;
            false
        }
        Placed::Left(text) => {
            *part = ContentPart::Text(text);
            true
        }
    }
}

/// Whether the part was a recording in a file; it is named instead.
fn name_sound(part: &mut ContentPart) -> bool {
    let ContentPart::Other(value) = part else { return false };
    let path = value["source"]["path"].as_str().filter(|path| value["type"] == "audio" && !path.contains("://"));
    let Some(path) = path else { return false };
    let name =
        if path.starts_with("data:") { "[audio]".to_owned() } else { format!("[audio: {}]", beginning(path, 200)) };
    *part = ContentPart::Text(name);
    true
}

/// The bytes in a data URI, `data:` taken away.
fn decoded(data: &str) -> Option<Vec<u8>> {
    let (kind, data) = data.split_once(',')?;
    kind.ends_with(";base64").then_some(())?;
    let plain = BASE64_MIME_PERMISSIVE.decode(data.as_bytes()).ok();
    plain.or_else(|| BASE64URL_NOPAD.decode(data.trim_end_matches('=').as_bytes()).ok())
}

impl StepContent {
    /// The parts; none of plain text.
    fn parts(&self) -> &[ContentPart] {
        match self {
            Self::Text(_) => &[],
            Self::Parts(parts) => parts,
        }
    }

    fn parts_mut(&mut self) -> &mut [ContentPart] {
        match self {
            Self::Text(_) => &mut [],
            Self::Parts(parts) => parts,
        }
    }
}
