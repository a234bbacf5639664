//! Examples: items with their gold explained.
//!
//! In: a file of `examples/`. Out: an `ExampleDocument` whose gold is still a YAML tree, since what it may hold
//! depends on the rubric. How it is used (`use`) must be written: no default is safe.

use super::{Body, FileSet, Spanned, body, page};
use crate::diagnostic::{Diagnostics, rules};
use crate::yaml::{self, Fields, Key, Node};

/// How an example is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Gold shown.
    Worked,
    /// Gold after answering.
    Practice,
    /// Answered and scored elsewhere; gold never shipped.
    Test,
    /// Not shipped at all.
    HeldOut,
}

impl Use {
    /// The words of the format.
    pub const WORDS: [(&str, Use); 4] =
        [("worked", Self::Worked), ("practice", Self::Practice), ("test", Self::Test), ("held-out", Self::HeldOut)];

    /// The word shown.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("", |(word, _)| word)
    }
}

/// An example as written.
#[derive(Clone, Debug)]
pub struct ExampleDocument {
    /// The file's name, and the example's id.
    pub id: String,
    /// What the example is called.
    pub title: String,
    /// Whether the title is the body's first heading.
    pub title_in_body: bool,
    /// The item, as ratings name it; the file's name unless said.
    pub item: String,
    /// The trajectory it shows: a path relative to the file.
    pub trajectory: Option<Spanned<String>>,
    /// Which sample of a log of several.
    pub sample: Option<String>,
    /// How it is used.
    pub used: Use,
    /// Gold by criterion.
    pub gold: Vec<GoldNode>,
    /// Who may read it, if it says.
    pub audience: Option<Spanned<String>>,
    /// Its text.
    pub body: Body,
}

/// Gold for one criterion, as written.
#[derive(Clone, Debug)]
pub struct GoldNode {
    /// The criterion.
    pub criterion: Key,
    /// The answer.
    pub answer: Node,
}

/// Reads an example.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<ExampleDocument> {
    let split = body::split(path, files, diagnostics)?;
    let body = split.body.clone();
    let id = path.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).unwrap_or(path).to_owned();
    super::check_id(&id, body.top(), diagnostics);
    let Some(front) = &split.front else {
        diagnostics
            .add(rules::MISSING_KEY, body.top(), "an example needs front matter with `use`")
            .help("for example\n---\ntitle: A resolver error that was read past\nuse: worked\n---");
        return None;
    };
    let mut fields = Fields::of(front, "an example", diagnostics)?;
    let title = fields.text("title", diagnostics);
    let item = fields.text("item", diagnostics);
    let trajectory = fields.get("trajectory").and_then(|node| page::spanned_text(node, diagnostics));
    let sample = fields.text("sample", diagnostics);
    let used = fields
        .require("use", "worked (or practice, test, held-out)", diagnostics)
        .and_then(|node| yaml::word(node, &Use::WORDS, diagnostics));
    let mut gold = Vec::new();
    for (criterion, answer) in fields.get("gold").and_then(|node| node.map(diagnostics)).unwrap_or_default() {
        gold.push(GoldNode { criterion: criterion.clone(), answer: answer.clone() });
    }
    let audience = fields.get("audience").and_then(|node| page::spanned_text(node, diagnostics));
    fields.finish(diagnostics);
    let title_in_body = title.is_none() && body.title().is_some();
    let title = title.or_else(|| body.title().map(str::to_owned)).unwrap_or_else(|| id.clone());
    let item = item.unwrap_or_else(|| id.clone());
    Some(ExampleDocument { id, title, title_in_body, item, trajectory, sample, used: used?, gold, audience, body })
}
