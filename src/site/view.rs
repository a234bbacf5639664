//! Views: what templates see, as far as pages have it in common; the rest stands with each page kind.
//!
//! In: nothing; these are plain values made by `frame` and `page`. Out: the same, serialised. A renamed field of
//! the Model can't break a theme in silence, because templates never see the Model.

use super::LostText;
use serde::Serialize;

/// What surrounds every page.
#[derive(Serialize, Default)]
pub struct Frame {
    /// The site's name.
    pub site: String,
    /// The page's title.
    pub title: String,
    /// The title with its links, its marks of footnotes and its markup, as HTML; none where it is plain text.
    pub title_html: Option<String>,
    /// The id of the title, where links to the text's first heading lead; none where the text does not have the title.
    pub title_id: Option<String>,
    /// Language of the page.
    pub language: String,
    /// What leads up to the root: one `../` for each folder.
    pub up: String,
    /// The audience this site is for.
    pub audience: String,
    /// The folder of the index in which its words can be looked for; none where there is none.
    pub search: Option<String>,
    /// Where the site says how it can be used; none where nothing else of it is around.
    pub accessibility: Option<String>,
    /// Which version this is.
    pub badge: Option<Badge>,
    /// What a reader should know before reading on.
    pub notice: Option<Notice>,
    /// The same page in each version, newest first; empty where there is one version only.
    pub versions: Vec<LinkView>,
    /// What a browser may remember of the version that is shown; none unless it is the newest.
    pub reading: Option<VersionRead>,
    /// The same page of the newest version, for search engines; none where this is that page, or it has none.
    pub canonical: Option<String>,
    /// The feed of the task's releases, else of all tasks; none where nothing was released.
    pub feed: Option<String>,
    /// Whether search engines may list the page.
    pub indexed: bool,
    /// The way here from the first page.
    pub crumbs: Vec<LinkView>,
    /// Links of the section.
    pub nav: Vec<NavGroup>,
    /// The page's own headings.
    pub contents: Vec<ContentsView>,
    /// The page before in the section.
    pub previous: Option<LinkView>,
    /// The page after in the section.
    pub next: Option<LinkView>,
    /// The links at the top of every page.
    pub menu: Vec<LinkView>,
    /// Where this page is today, if it leads on.
    pub forward: Option<String>,
    /// A string that tells where a copy of this page came from.
    pub canary: Option<String>,
    /// Where the page is asked about; none where nobody is asked.
    pub ask: Option<String>,
    /// Whether a reader is asked something.
    pub quiz: bool,
    /// The words of the glossary that the page's text marks.
    pub words: Vec<TermView>,
    /// What of the page's text is not in its HTML: no template sees it.
    #[serde(skip)]
    pub lost: Vec<LostText>,
}

/// Which version a page shows.
#[derive(Serialize, Clone)]
pub struct Badge {
    /// `sealed`, `older`, `working` or `live`; a class of the style sheet.
    pub kind: &'static str,
    /// Such as "Version 1.0.0".
    pub label: String,
    /// Such as "sealed on 2026-11-01".
    pub detail: String,
    /// Where the versions are listed.
    pub url: Option<String>,
}

/// What a browser needs to remember that a version was read, and to say what changed when a newer one is.
#[derive(Serialize, Clone)]
pub struct VersionRead {
    /// What the browser remembers it under.
    pub key: String,
    /// The version that is shown, the newest.
    pub version: String,
    /// The script that says how much changed since older ones.
    pub script: String,
    /// The folder of the pages of what changed.
    pub changes: String,
    /// Where the versions are listed.
    pub versions: String,
    /// The oldest version whose readers this page tells what changed; none where it is a page of the text.
    pub tells: Option<String>,
}

/// A sentence above the text, with a way on.
#[derive(Serialize, Clone)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Where it leads.
    pub links: Vec<LinkView>,
}

/// A link.
#[derive(Serialize, Clone, Default)]
pub struct LinkView {
    /// What it is called.
    pub title: String,
    /// Where it leads, relative to the page.
    pub url: String,
    /// Whether it leads to the page it stands on.
    pub current: bool,
    /// A word beside it.
    pub note: Option<String>,
}

/// A group of links.
#[derive(Serialize, Clone, Default)]
pub struct NavGroup {
    /// Its title.
    pub title: String,
    /// Its links, never more than a few dozen.
    pub links: Vec<LinkView>,
    /// Where the rest is, if there is more.
    pub more: Option<LinkView>,
    /// Whether it is left out where there is little room: another link of the section leads to the same.
    pub is_extra: bool,
}

/// A heading of the page.
#[derive(Serialize)]
pub struct ContentsView {
    /// 2 or 3.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its text.
    pub title: String,
}

/// A word of the glossary, for the note that its buttons show.
#[derive(Serialize, Clone)]
pub struct TermView {
    /// The id of the note.
    pub id: String,
    /// Its names.
    pub title: String,
    /// What it means.
    pub definition: String,
    /// Where it is defined.
    pub url: String,
}

/// A short fact.
#[derive(Serialize, Clone)]
pub struct Fact {
    /// Such as "Time".
    pub name: &'static str,
    /// Such as "45 min".
    pub value: String,
}
