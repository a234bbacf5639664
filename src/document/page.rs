//! Pages: shared ones, and the further pages of a task's instructions.
//!
//! In: a Markdown file, with or without front matter. Out: its title, audience and body.
//! The title is the front matter's, else the first heading, else the file's name.

use super::{Body, FileSet, PageReading, Spanned, body};
use crate::diagnostic::Diagnostics;
use crate::digest::Inputs;
use crate::schema::{FromYaml, mapping};
use crate::yaml::Fields;
use std::sync::Arc;

mapping! {
    /// The front matter of a page, which may have none.
    pub struct PageKeys = "a page" {
        /// What the page is called; its first heading unless said, else the file's name.
        optional title: String = "How we work";
        /// Who may read it: an audience of goldbook.yaml; the default audience unless said.
        optional audience: Spanned<String>;
        /// Its place among the pages of its folder: lower comes first; those without come last, by file name.
        optional order: u32 = "1";
    }
}

/// A page as written.
#[derive(Clone, Debug)]
pub struct PageDocument {
    /// What the page is called.
    pub title: String,
    /// Whether the title is the body's first heading, and is not to be shown twice.
    pub title_in_body: bool,
    /// Who may read it, if it says.
    pub audience: Option<Spanned<String>>,
    /// Its place among the pages of its folder: lower comes first; those without come last, by file name.
    pub order: Option<u32>,
    /// Its text.
    pub body: Body,
}

/// Reads a page, unless it was read before.
pub fn reading(path: &str, files: &FileSet<'_>) -> Option<PageReading> {
    let (file, source) = files.entry(path)?;
    let inputs = Inputs::of("page").text(path).number(file.number()).digest(&source.digest).end();
    Some(files.readings.pages.take(inputs, || {
        let mut found = Diagnostics::default();
        let page = parse(path, files, &mut found);
        (page.map(Arc::new), Arc::new(found))
    }))
}

/// Reads a page.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<PageDocument> {
    let split = body::split(path, files, diagnostics)?;
    let body = split.body.clone();
    let none = PageKeys { title: None, audience: None, order: None };
    let keys = split.front.as_ref().and_then(|node| PageKeys::from_yaml(node, diagnostics));
    let PageKeys { title, audience, order } = keys.unwrap_or(none);
    let title_in_body = title.is_none() && body.title().is_some();
    let title = title.or_else(|| body.title().map(str::to_owned)).unwrap_or_else(|| title_from_name(path));
    Some(PageDocument { title, title_in_body, audience, order, body })
}

/// Reads any Markdown file of the site for its text and audience alone, as an include does:
/// keys of its own kind are that kind's business.
pub fn parse_any(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<PageDocument> {
    let split = body::split(path, files, diagnostics)?;
    let body = split.body.clone();
    let fields = split.front.as_ref().and_then(|node| Fields::of(node, "a page", diagnostics));
    let audience = fields.and_then(|mut fields| fields.optional("audience", "", diagnostics));
    Some(PageDocument { title: String::new(), title_in_body: false, audience, order: None, body })
}

/// `content/pages/how-we-work.md` is called "How we work".
fn title_from_name(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_index = matches!(stem.to_lowercase().as_str(), "readme" | "index");
    let words = if is_index { parts.next().unwrap_or(stem) } else { stem }.replace(['-', '_'], " ");
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => words,
    }
}
