//! Pages: shared ones, and the further pages of a task's instructions.
//!
//! In: a Markdown file, with or without front matter. Out: its title, audience and body.
//! The title is the front matter's, else the first heading, else the file's name.

use super::links;
use super::{Body, FileSet, MovedIds, body};
use crate::diagnostic::{Diagnostics, distance};
use crate::digest::Digest;
use crate::memo::Function;
use crate::schema::{Spanned, TypedFields, mapping};
use crate::source::{Folder, Source};
use crate::text;
use crate::yaml::{Fields, Node, Value};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;
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
        /// Where what stood on this page is now, by the id that links to it have: an address that somebody noted leads on.
        optional moved: MovedIds = "{old-id: rubric.md#new-id}";
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

/// A page as it was read, and what was found in it.
pub struct PageReading {
    /// The digest of its file.
    digest: Digest,
    /// Its path.
    path: Arc<str>,
    /// The page; none if it can't be read.
    pub document: Option<Arc<PageDocument>>,
    /// What was found.
    found: Diagnostics,
}

/// What lies in one folder of shared pages.
pub struct FolderDocuments {
    /// Its path, such as `content/pages/teams/`.
    pub path: Arc<str>,
    /// Its pages, by path.
    pub pages: Vec<Arc<PageReading>>,
    /// What else it holds.
    pub others: Vec<Source>,
    /// The folders that the links of its pages lead into.
    pub linked: BTreeSet<String>,
    /// Whether a page includes or shows what lies in other files.
    pub draws_on_others: bool,
    /// What was found.
    pub found: Diagnostics,
    /// The digest of all its files.
    pub digest: Digest,
}

impl FolderDocuments {
    /// The documents of its pages.
    pub fn documents(&self) -> impl Iterator<Item = &Arc<PageDocument>> {
        self.pages.iter().filter_map(|page| page.document.as_ref())
    }

    fn page(&self, path: &str) -> Option<&Arc<PageReading>> {
        let at = self.pages.binary_search_by(|page| (*page.path).cmp(path)).ok()?;
        Some(&self.pages[at])
    }
}

/// A folder of shared pages to its documents.
struct FolderReading;

impl Function for FolderReading {
    type Value = Arc<FolderDocuments>;
}

/// Reads a folder of shared pages, unless it is as it was before; of one that changed, only the pages that did.
pub fn folder(folder: &Folder, files: &FileSet<'_>) -> Arc<FolderDocuments> {
    files.memo.latest::<FolderReading>(&folder.path, folder.digest, |before| {
        let (pages, others): (Vec<&Source>, Vec<&Source>) =
            folder.files.iter().partition(|file| file.path.ends_with(".md"));
        let page = |file: &Source| {
            let known = before.as_ref().and_then(|before| before.page(&file.path));
            known.filter(|known| known.digest == file.digest).map_or_else(|| Arc::new(reading(file, files)), Arc::clone)
        };
        let pages: Vec<Arc<PageReading>> = pages.into_par_iter().map(page).collect();
        let bodies = || pages.iter().filter_map(|page| page.document.as_ref()).map(|document| &document.body);
        let draws_on_others = bodies().any(|body| !body.outline.fences.is_empty());
        let linked = links::folders(bodies().flat_map(|body| &*body.targets)).map(Cow::into_owned).collect();
        let mut found = Diagnostics::default();
        pages.iter().for_each(|page| found.append_shared(&page.found));
        Arc::new(FolderDocuments {
            path: folder.path.clone(),
            others: others.into_iter().cloned().collect(),
            pages,
            linked,
            draws_on_others,
            found,
            digest: folder.digest,
        })
    })
}

fn reading(file: &Source, files: &FileSet<'_>) -> PageReading {
    let mut found = Diagnostics::default();
    let document = parse(&file.path, files, &mut found).map(Arc::new);
    PageReading { digest: file.digest, path: file.path.clone(), document, found }
}

/// Reads a page.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<PageDocument> {
    let split = body::split(path, files, diagnostics)?;
    let none = PageKeys { title: None, audience: None, order: None, moved: None };
    let keys = split.front.as_ref().and_then(|node| keys(node, diagnostics));
    let PageKeys { title, audience, order, moved } = keys.unwrap_or(none);
    let body = split.body.clone().with_moved(moved);
    let title_in_body = title.is_none() && body.title().is_some();
    let title = title.or_else(|| body.title().map(str::to_owned)).unwrap_or_else(|| title_from_name(path));
    Some(PageDocument { title, title_in_body, audience, order, body })
}

/// The keys of a page. Handbooks bring those of other generators along, so a site may have them as warnings; never one
/// that may be a slip of `audience`, which narrows the page.
fn keys(node: &Node, diagnostics: &mut Diagnostics) -> Option<PageKeys> {
    let mut fields = Fields::of(node, PageKeys::WHAT, diagnostics)?;
    let read = PageKeys::take(&mut fields, diagnostics);
    for (key, value) in fields.unasked() {
        let name = key.text.to_lowercase();
        let is_off = matches!(&value.value, Value::Scalar { text, .. } if text == "false");
        let hides = HIDING.contains(&name.as_str()) && !is_off || name == "published" && is_off;
        let found = fields.unknown(key, diagnostics);
        if distance(&name, "audience") <= MOST_SLIPS {
            found.strict();
        } else if hides {
            let readers = read.audience.as_ref().map_or("the default audience", |audience| &audience.value);
            found.message = format!("`{}` hides nothing here: this page is served to {readers}", key.text);
            found.help("`audience` says who may read a page; what nobody is to read stays out of content/pages");
        }
    }
    Some(read)
}

/// Keys with which other generators hold a page back.
const HIDING: [&str; 10] =
    ["draft", "private", "hidden", "noindex", "robots", "access", "unlisted", "visibility", "internal", "confidential"];
/// Letters that a slip changes.
const MOST_SLIPS: usize = 2;

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
    text::capitalized(&words)
}
