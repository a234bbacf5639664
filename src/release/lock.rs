//! Locks: `releases/<task>/<version>.yaml`, what a release holds.
//!
//! In: YAML of any format ever written, or a `Lock`. Out: the other. The bytes of a written lock are the release:
//! their SHA-256 is its id. A reader for every old format stays here for good; only the newest is written.

use super::Version;
use crate::diagnostic::{Diagnostics, rules};
use crate::model::{Anchor, SealTime, SealedChange, release_name};
use crate::schema::FromYaml;
use crate::source::FileId;
use crate::yaml::{self, Fields, Node};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The format written today.
const FORMAT: &str = "2";
/// The format in which a release had a day, and no time.
const DAYS_ONLY: &str = "1";

/// What a release holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// Digest of the lock before it; none for the first.
    pub previous: Option<String>,
    /// When it was sealed; of a scheduled one, when it begins to serve.
    pub time: SealTime,
    /// Whether it was sealed for a later time.
    pub scheduled: bool,
    /// What its author said of it.
    pub note: String,
    /// The git commit it was sealed at, as information only; `-dirty` behind it where files differed from it.
    pub commit: Option<String>,
    /// The highest class of its changes, if that was recorded.
    pub class: Option<String>,
    /// Why a smaller step was taken than its changes ask for, if so.
    pub because: Option<String>,
    /// What changed since the release before it, if that was recorded.
    pub changes: Vec<SealedChange>,
    /// Every file, by path.
    pub files: Vec<LockedFile>,
    /// For each audience, the SHA-256 of the text it gets (`instructions.md`).
    pub projected: BTreeMap<String, String>,
    /// For each criterion, the first version whose ratings compare with this one's.
    pub comparable_since: BTreeMap<String, Version>,
    /// What the steps are told by that gold points at, each with its example's id: another import of a run may number
    /// them otherwise.
    pub anchors: Vec<(String, Anchor)>,
}

/// One sealed file.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedFile {
    /// Its path in the site.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Who may see it, by name; nobody if none.
    pub audience: Option<String>,
}

impl Lock {
    /// The release that it locks, as findings name it.
    pub fn name(&self) -> String {
        release_name(&self.task, &self.version)
    }

    /// The lock as YAML.
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        line(
            "# Sealed by Goldbook. A changed byte breaks the seal; to change the text, make a new release.".to_owned(),
        );
        line(format!("format: {FORMAT}"));
        line(format!("task: {}", self.task));
        line(format!("version: {}", self.version));
        if let Some(previous) = &self.previous {
            line(format!("previous: {previous}"));
        }
        line(format!("time: {}", self.time.instant()));
        if self.scheduled {
            line("scheduled: true".to_owned());
        }
        line(format!("note: {}", quoted(&self.note)));
        for (key, text) in [("commit", &self.commit), ("class", &self.class), ("because", &self.because)] {
            text.iter().for_each(|text| line(format!("{key}: {}", quoted(text))));
        }
        if !self.changes.is_empty() {
            line("changes:".to_owned());
        }
        for SealedChange { place, what, class } in &self.changes {
            let [place, what, class] = [place, what, class].map(|text| quoted(text));
            line(format!("  - {{place: {place}, what: {what}, class: {class}}}"));
        }
        line("files:".to_owned());
        for file in &self.files {
            let audience = file.audience.as_ref().map_or(String::new(), |name| format!(", audience: {name}"));
            line(format!("  - {{path: {}, sha256: {}{audience}}}", quoted(&file.path), file.sha256));
        }
        line("projected:".to_owned());
        for (audience, digest) in &self.projected {
            line(format!("  {audience}: {digest}"));
        }
        line("comparable_since:".to_owned());
        for (criterion, version) in &self.comparable_since {
            line(format!("  {criterion}: {version}"));
        }
        if !self.anchors.is_empty() {
            line("anchors:".to_owned());
        }
        for (example, Anchor { step, id, sha256 }) in &self.anchors {
            let id = id.as_ref().map_or(String::new(), |id| format!(", id: {}", quoted(id)));
            line(format!("  - {{example: {}, step: {step}{id}, sha256: {sha256}}}", quoted(example)));
        }
        out
    }

    /// Reads a lock of any format; `zone` is the site's time zone.
    pub fn parse(text: &str, file: FileId, zone: &TimeZone, diagnostics: &mut Diagnostics) -> Option<Self> {
        let node = yaml::parse(text, file, 0, diagnostics)?;
        let mut fields = Fields::of(&node, "a lock", diagnostics)?;
        let format = fields.require("format", FORMAT, diagnostics)?;
        let format_name = format.text(diagnostics)?;
        if ![FORMAT, DAYS_ONLY].contains(&format_name) {
            diagnostics
                .add(rules::BROKEN_SEAL, format.span, "a lock of a format that this version of Goldbook does not know")
                .help("it was sealed by a newer Goldbook: update this one");
            return None;
        }
        let task = fields.required_text("task", "agent-setup-mistakes", diagnostics);
        let version = fields.require("version", "1.0.0", diagnostics).and_then(|node| version(node, diagnostics));
        let previous = fields.text("previous", diagnostics);
        let time = if format_name == DAYS_ONLY {
            let day = fields.require("date", "2026-11-01", diagnostics);
            day.and_then(|node| Date::from_yaml(node, diagnostics)).map(|day| SealTime::on(day, zone))
        } else {
            let time = fields.require("time", "2026-11-01T10:15:00Z", diagnostics);
            time.and_then(|node| instant(node, diagnostics)).map(|instant| SealTime::at(instant, zone))
        };
        let note = fields.required_text("note", "First version", diagnostics);
        let commit = fields.text("commit", diagnostics);
        let files = fields.require("files", "[{path: …, sha256: …}]", diagnostics);
        let files = files.map(|node| locked_files(node, diagnostics));
        let projected = fields.get("projected").map(|node| texts(node, diagnostics)).unwrap_or_default();
        let since = fields.get("comparable_since").map(|node| versions(node, diagnostics)).unwrap_or_default();
        let mut recorded = Recorded::default();
        if format_name == FORMAT {
            recorded = Recorded::read(&mut fields, diagnostics);
        }
        fields.finish(diagnostics);
        let Recorded { scheduled, class, because, changes, anchors } = recorded;
        Some(Self {
            task: task?,
            version: version?,
            previous,
            time: time?,
            scheduled,
            note: note?,
            commit,
            class,
            because,
            changes,
            files: files?,
            projected,
            comparable_since: since,
            anchors,
        })
    }
}

/// What a lock may say since format 2.
#[derive(Default)]
struct Recorded {
    scheduled: bool,
    class: Option<String>,
    because: Option<String>,
    changes: Vec<SealedChange>,
    anchors: Vec<(String, Anchor)>,
}

impl Recorded {
    fn read(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Self {
        // The languages of translations have their place already, and nobody reads them yet.
        fields.get("languages");
        Self {
            scheduled: fields.get("scheduled").and_then(|node| node.bool(diagnostics)).unwrap_or(false),
            class: fields.text("class", diagnostics),
            because: fields.text("because", diagnostics),
            changes: fields.get("changes").map(|node| changes(node, diagnostics)).unwrap_or_default(),
            anchors: fields.get("anchors").map(|node| anchors(node, diagnostics)).unwrap_or_default(),
        }
    }
}

/// A double-quoted YAML scalar; JSON strings are such scalars.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn version(node: &Node, diagnostics: &mut Diagnostics) -> Option<Version> {
    let version = node.text(diagnostics)?.parse().ok();
    if version.is_none() {
        node.wrong("a version such as 1.0.0", diagnostics);
    }
    version
}

fn instant(node: &Node, diagnostics: &mut Diagnostics) -> Option<Timestamp> {
    let instant = node.text(diagnostics)?.parse().ok();
    if instant.is_none() {
        node.wrong("a time such as 2026-11-01T10:15:00Z", diagnostics);
    }
    instant
}

fn changes(node: &Node, diagnostics: &mut Diagnostics) -> Vec<SealedChange> {
    let nodes = node.list(diagnostics).unwrap_or_default();
    let changes = nodes.iter().filter_map(|node| {
        let mut fields = Fields::of(node, "a change", diagnostics)?;
        let place = fields.required_text("place", "\"rubric.md#fixed\"", diagnostics);
        let what = fields.required_text("what", "a sentence reworded", diagnostics);
        let class = fields.required_text("class", "editorial", diagnostics);
        fields.finish(diagnostics);
        Some(SealedChange { place: place?, what: what?, class: class? })
    });
    changes.collect()
}

fn anchors(node: &Node, diagnostics: &mut Diagnostics) -> Vec<(String, Anchor)> {
    let nodes = node.list(diagnostics).unwrap_or_default();
    let anchors = nodes.iter().filter_map(|node| {
        let mut fields = Fields::of(node, "an anchor", diagnostics)?;
        let example = fields.required_text("example", "pip-resolver", diagnostics);
        let step = fields.require("step", "12", diagnostics).and_then(|node| u32::from_yaml(node, diagnostics));
        let id = fields.text("id", diagnostics);
        let sha256 = fields.required_text("sha256", "9f86d0…", diagnostics);
        fields.finish(diagnostics);
        Some((example?, Anchor { step: usize::try_from(step?).ok()?, id, sha256: sha256? }))
    });
    anchors.collect()
}

fn locked_files(node: &Node, diagnostics: &mut Diagnostics) -> Vec<LockedFile> {
    let nodes = node.list(diagnostics).unwrap_or_default();
    let files = nodes.iter().filter_map(|node| {
        let mut fields = Fields::of(node, "a sealed file", diagnostics)?;
        let path = fields.required_text("path", "content/tasks/…", diagnostics);
        let sha256 = fields.required_text("sha256", "9f86d0…", diagnostics);
        let audience = fields.text("audience", diagnostics);
        fields.finish(diagnostics);
        Some(LockedFile { path: path?, sha256: sha256?, audience })
    });
    files.collect()
}

fn texts(node: &Node, diagnostics: &mut Diagnostics) -> BTreeMap<String, String> {
    let entries = node.map(diagnostics).unwrap_or_default();
    let pairs = entries.iter().filter_map(|(key, value)| {
        let text = value.text(diagnostics)?.to_owned();
        Some((key.text.clone(), text))
    });
    pairs.collect()
}

fn versions(node: &Node, diagnostics: &mut Diagnostics) -> BTreeMap<String, Version> {
    let entries = node.map(diagnostics).unwrap_or_default();
    let pairs = entries.iter().filter_map(|(key, value)| {
        let version = version(value, diagnostics)?;
        Some((key.text.clone(), version))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Content, Source, Sources};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_lock_is_read_back_as_it_was_written(note in "\\PC{0,40}[\"\\\\\n\u{2028}]?\\PC{0,9}x", path in "[a-zA-Z0-9 \"/._'é-]{1,30}", second in 0_i64..4_000_000_000, scheduled: bool) {
            let zone = TimeZone::fixed(jiff::tz::offset(5));
            let lock = Lock {
                task: "a-task".into(), version: Version::new(1, 2, 3), previous: Some("ab".repeat(32)),
                time: SealTime::at(Timestamp::from_second(second).unwrap(), &zone), scheduled, note: note.clone(),
                commit: None, class: scheduled.then(|| "editorial".into()), because: scheduled.then(|| note.clone()),
                changes: vec![SealedChange { place: path.clone(), what: note, class: "pay".into() }],
                files: vec![LockedFile { path, sha256: "cd".repeat(32), audience: Some("contractors".into()) }],
                projected: [("contractors".to_owned(), "ef".repeat(32))].into(),
                comparable_since: [("goal".to_owned(), Version::new(1, 0, 0))].into(),
                anchors: vec![("x".into(), Anchor { step: 12, id: scheduled.then(|| "é: \"1".into()), sha256: "ab".repeat(32) })],
            };
            let text = lock.to_yaml();
            let sources = Sources::new(vec![Source::new("l", Content::Text(text.as_str().into()))]);
            let mut diagnostics = Diagnostics::default();
            let read = Lock::parse(&text, sources.find("l").unwrap().id, &zone, &mut diagnostics);
            prop_assert_eq!(read, Some(lock), "{:?}", diagnostics.sorted().first().map(|d| &d.message));
        }
    }
}
