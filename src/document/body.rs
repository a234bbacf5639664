//! Front matter and body: how every Markdown file is taken apart.
//!
//! In: a file. Out: its front matter as a YAML tree and its body with an outline. A file without front matter has
//! an empty one. It never asks what the keys mean.

use super::FileSet;
use super::links::{self, Target};
use crate::diagnostic::{Diagnostics, rules};
use crate::digest::{Digest, Inputs};
use crate::markdown::blocks::LazyBlocks;
use crate::markdown::outline::Outline;
use crate::markdown::project::{Origin, OutlinedText, Pieces};
use crate::memo::{Function, Memo};
use crate::schema::{FromYaml, OpenMapping, Spanned, merged};
use crate::source::{FileId, Source, Span};
use crate::yaml::{self, Key, Node, Value};
use serde_json::{Value as Json, json};
use std::ops::Range;
use std::sync::Arc;

/// The Markdown of a file.
#[derive(Clone, Debug)]
pub struct Body {
    /// The file's path in the site.
    pub path: Arc<str>,
    /// The text after the front matter.
    pub text: Arc<str>,
    /// What the text holds.
    pub outline: Arc<Outline>,
    /// What each link of the outline names.
    pub targets: Arc<[Target]>,
    /// The digest of every place that a link can lead to.
    pub places: Digest,
    /// The file.
    pub file: FileId,
    /// The digest of the whole file.
    pub digest: Digest,
    /// What the text is to whoever compares it.
    pub blocks: LazyBlocks,
    start: usize,
    /// How much of the text stands in the file: what follows was made of the front matter.
    written: usize,
}

/// Ids that stood on a page, each with where what it named is now.
#[derive(Clone, Debug, PartialEq)]
pub struct MovedIds(Vec<(String, String)>);

/// What an id, and what a link, cannot hold.
const NO_ID: &str = " \t\"'<>&#";
const NO_TARGET: &str = "<>";

impl FromYaml for MovedIds {
    fn schema() -> Json {
        json!({
            "type": "object",
            "propertyNames": { "pattern": "^[^\\s\"'<>&#]+$" },
            "additionalProperties": merged(String::schema(), json!({ "pattern": "^[^<>\\n\\r]+$" })),
        })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let OpenMapping(entries) = OpenMapping::<Spanned<String>>::from_yaml(node, diagnostics)?;
        let mut moved = Vec::new();
        for (Key { text: id, span }, target) in entries {
            let is_id = !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || NO_ID.contains(c));
            let no_target = |c: char| c.is_control() || NO_TARGET.contains(c);
            if !is_id {
                let message = format!("{} is no id of a heading", crate::text::quoted(&id));
                let help = "for example `moved: {old-id: rubric.md#new-id}`";
                diagnostics.add(rules::INVALID_VALUE, span, message).help(help);
            } else if target.value.is_empty() || target.value.contains(no_target) {
                let message = format!("`{id}` is moved to what no link can name");
                diagnostics.add(rules::INVALID_VALUE, target.span, message);
            } else {
                moved.push((id, target.value));
            }
        }
        Some(Self(moved))
    }
}

/// How the line begins that says where what stood at an id is now.
pub const MOVED: &str = "What stood at “";

/// A Markdown file taken apart.
pub struct Split {
    /// Its front matter.
    pub front: Option<Node>,
    /// The rest.
    pub body: Body,
    found: Diagnostics,
}

impl Split {
    /// The front matter of a document that must have some. What could not be read as such has been found already.
    pub fn front(&self, needs: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<&Node> {
        if self.front.is_none() && self.found.is_empty() {
            diagnostics.add(rules::MISSING_KEY, self.body.top(), needs).help(format!("for example\n{example}"));
        }
        self.front.as_ref()
    }
}

impl Body {
    /// A range of the body as a place in its file.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let [start, end] = [range.start, range.end].map(|at| self.start + at.min(self.written));
        Span::new(self.file, start, end)
    }

    /// The text with a line for each place that was in it and is elsewhere now, so that old links to it arrive and lead on.
    pub fn with_moved(self, moved: Option<MovedIds>) -> Self {
        let Some(MovedIds(moved)) = moved else { return self };
        let mut text = self.text.to_string();
        for (id, target) in moved {
            text.push_str(&format!("\n\n<a id=\"{id}\"></a>{MOVED}{id}” is [here now](<{target}>).\n"));
        }
        let outline = Arc::new(Outline::of(&text));
        let targets = outline.links.iter().map(|link| links::parse(&link.target, &self.path)).collect();
        let (places, blocks) = (outline.places(), LazyBlocks::default());
        Self { text: text.into(), targets, places, outline, blocks, ..self }
    }

    /// The text as pieces that know where they come from.
    pub fn pieces(&self) -> Pieces {
        Pieces::whole(
            self.text.clone(),
            Origin { path: self.path.clone(), file: self.file, at: self.start, include: 0 },
        )
    }

    /// The same, with its outline.
    pub fn outlined(&self) -> OutlinedText {
        OutlinedText { pieces: self.pieces(), outline: Arc::clone(&self.outline) }
    }

    /// The first byte of the file, for findings about the whole of it.
    pub fn top(&self) -> Span {
        Span::new(self.file, 0, 0)
    }

    /// The text of the heading that opens the body, if it is a title.
    pub fn title(&self) -> Option<&str> {
        self.outline.title.as_ref()?;
        self.outline.headings.first().map(|heading| heading.text.as_str())
    }
}

/// A file to its parts.
struct Splitting;

impl Function for Splitting {
    type Value = Arc<Split>;
}

/// The text of a file to its outline.
pub struct Outlining;

impl Function for Outlining {
    type Value = Arc<Outline>;
}

/// Takes a Markdown file apart.
pub fn split(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<Arc<Split>> {
    let source = files.get(path)?;
    let text = source.text()?;
    let inputs = Inputs::of("split").text(path).number(source.id.number()).digest(&source.digest).end();
    let split = files.memo.take::<Splitting>(inputs, || Arc::new(split_text(path, source, text, files.memo)));
    diagnostics.append_shared(&split.found);
    Some(split)
}

/// Between `---` lines, words without a colon are text, not front matter.
fn split_text(path: &str, source: &Source, text: &Arc<str>, memo: &Memo) -> Split {
    let (file, digest) = (source.id, source.digest);
    let mut diagnostics = Diagnostics::default();
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let front = front_matter(text, bom).and_then(|(yaml, after)| {
        let mut found = Diagnostics::default();
        let node = yaml::parse(&text[yaml.clone()], file, yaml.start, &mut found);
        let is_text = matches!(&node, Some(Node { value: Value::Scalar { text, .. }, .. }) if !text.contains(':'));
        if is_text {
            return None;
        }
        diagnostics.append(found);
        Some((node, after))
    });
    if front.is_none()
        && let Some(help) = looks_like_front_matter(text)
    {
        let message = "this looks like front matter, but is not read as such";
        diagnostics.add(rules::INVALID_YAML, Span::new(file, 0, 0), message).help(help[0]).help(help[1]);
    }
    let (node, start) = front.unwrap_or((None, bom));
    let text: Arc<str> = if start == 0 { text.clone() } else { text[start..].into() };
    let inputs = Inputs::of("outline").digest(&digest).number(start as u64).end();
    let outline = memo.take::<Outlining>(inputs, || Arc::new(Outline::of(&text)));
    let targets = outline.links.iter().map(|link| links::parse(&link.target, path)).collect();
    let places = outline.places();
    let written = text.len();
    let (path, blocks) = (path.into(), LazyBlocks::default());
    let body = Body { path, text, outline, targets, places, file, digest, blocks, start, written };
    Split { front: node, body, found: diagnostics }
}

/// The range between the `---` lines at the top of a file, and where the body starts.
fn front_matter(text: &str, from: usize) -> Option<(Range<usize>, usize)> {
    let mut lines = text[from..].split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let start = from + first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == "---" {
            return Some((start..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// What to do about a text that opens like front matter: a line of dashes, then a line that begins with a key; or as
/// other generators have it. Taken for text, a slip there could publish what its `audience` would have narrowed.
fn looks_like_front_matter(text: &str) -> Option<[&'static str; 2]> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().skip_while(|line| line.trim().is_empty());
    let first = lines.next()?.trim();
    let second = lines.next().unwrap_or("");
    let begins = |line: &str, parting: char| {
        let key = line.split_once(parting).map_or("", |(key, _)| key.trim().trim_matches('"'));
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    if first.starts_with("---") && begins(second, ':') {
        return Some([
            "the file's first line must be `---` alone, and another `---` alone must end the front matter",
            "if it is text, put an empty line after the first `---`",
        ]);
    }
    let is_toml = first == "+++" && (begins(second, '=') || second.starts_with('['));
    let is_json = first.starts_with("{") && begins(if first == "{" { second.trim_start() } else { &first[1..] }, ':');
    if is_toml || is_json && !first.starts_with("{:") || first == ";;;" {
        return Some([
            "front matter is YAML between two lines of `---`: `key: value`, a line each",
            "if it is text, put it into a block of code",
        ]);
    }
    // The head of MultiMarkdown, which MkDocs reads too, has no lines around it.
    let is_head =
        ["audience:", "title:"].iter().any(|key| first.to_lowercase().starts_with(key)) && begins(second, ':');
    (is_head || first.to_lowercase().starts_with("audience:"))
        .then_some(["front matter stands between two lines of `---`", "if it is text, begin it with another word"])
}
