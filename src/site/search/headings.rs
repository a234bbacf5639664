//! Headings: the page that the link to the search leads to, where they are listed for those without scripts.
//!
//! In: the pages of an index. Out: what the template sees: their headings by first letters, unless there are too many.

use super::index::IndexedPage;
use super::sections::PageSection;
use crate::site::edition::{Edition, EditionStanding};
use crate::site::frame::link;
use crate::site::page::SiteContext;
use crate::site::view::{Frame, LinkView, NavGroup};
use serde::Serialize;
use std::sync::Arc;

/// Its template.
pub const TEMPLATE: &str = "search.html";

/// Most headings that are listed.
const MOST_HEADINGS: usize = 2000;

/// The page of an index.
#[derive(Serialize)]
pub struct SearchView {
    /// Around it.
    frame: Frame,
    /// What is searched: which version of which task; none where it is what is in force.
    of: Option<String>,
    /// Headings by their first letters.
    groups: Vec<NavGroup>,
    /// Which headings these are: `all`, `pages` or `none`, where there are too many.
    listed: &'static str,
}

/// The page at `path` of the index in `folder`.
pub fn view(folder: &str, path: &str, pages: &[IndexedPage<'_>], context: &SiteContext<'_>) -> SearchView {
    let mut versions = context.places.editions.iter().filter(|edition| edition.standing == EditionStanding::Version);
    let edition = versions.find(|edition| edition.search_folder().as_deref() == Some(folder));
    let mut frame = match edition {
        Some(edition) => context.frames.edition(edition, path, "Search"),
        None => context.frames.plain(path, "Search"),
    };
    frame.indexed = false;
    let count: usize = pages.iter().map(|page| page.sections.iter().count()).sum();
    let listed = match (count, pages.len()) {
        (..=MOST_HEADINGS, _) => "all",
        (_, ..=MOST_HEADINGS) => "pages",
        _ => "none",
    };
    let is_listed = |section: &PageSection<'_>| match listed {
        "all" => !section.title.is_empty(),
        "pages" => section.level == 1,
        _ => false,
    };
    let mut links: Vec<LinkView> = Vec::new();
    for page in pages {
        let own = page.sections.iter().next().map(|first| first.title);
        for section in page.sections.iter().filter(is_listed) {
            let anchor = if section.id.is_empty() { String::new() } else { format!("#{}", section.id) };
            let note = own.filter(|own| *own != section.title).map(str::to_owned);
            let mut link = link(section.title, &frame.up, page.path, path);
            link.url.push_str(&anchor);
            links.push(LinkView { note, ..link });
        }
    }
    SearchView { frame, of: of_version(edition), groups: by_first_letter(links), listed }
}

/// Links in the order of their letters, those with one first letter together.
fn by_first_letter(mut links: Vec<LinkView>) -> Vec<NavGroup> {
    let letters = |title: &str| title.trim_start_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    links.sort_by_cached_key(|link| (letters(&link.title), link.url.clone()));
    let mut groups: Vec<NavGroup> = Vec::new();
    for link in links {
        let first = letters(&link.title).chars().next();
        let title = first.map_or_else(|| "…".to_owned(), |letter| letter.to_uppercase().collect());
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.links.push(link),
            None => groups.push(NavGroup { title, links: vec![link], ..NavGroup::default() }),
        }
    }
    groups
}

/// Which version of which task is searched.
fn of_version(edition: Option<&Arc<Edition<'_>>>) -> Option<String> {
    let (edition, release) = edition.and_then(|edition| Some((edition, edition.release?)))?;
    Some(format!("{}, version {}", edition.instructions.page.title, release.version))
}
