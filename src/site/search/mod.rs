//! Search: an index of what an audience's finished pages say, made of these alone.
//!
//! In: a rendered site, and which of its pages are searched together. Out: the same site with the scripts of each index, and
//! a page that lists headings for those without scripts. What a page does not show can't be found, because it is not read.

mod index;
mod sections;
mod words;

use super::edition::{Edition, EditionStanding, SEARCH};
use super::frame::link;
use super::page::SiteContext;
use super::view::{Frame, LinkView, NavGroup};
use super::{File, Site, SitePart};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::memo::Function;
use index::IndexedPage;
use rayon::prelude::*;
use sections::PageSection;
pub use sections::PageSections;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most headings that the page lists.
const MOST_HEADINGS: usize = 2000;

const TEMPLATE: &str = "search.html";

/// A page to the digest of its part that is searched, by the digest of the page.
pub struct IndexedPart;

impl Function for IndexedPart {
    type Value = Digest;
}

/// The part of a page that is searched to its sections, by its digest: audiences often get the same in another frame.
pub struct SectionReading;

impl Function for SectionReading {
    type Value = PageSections;
}

/// The pages of an index to its files.
struct Indexing;

impl Function for Indexing {
    type Value = Arc<IndexFiles>;
}

struct IndexFiles {
    files: BTreeMap<Arc<str>, File>,
    failed: Option<String>,
}

/// The page of an index.
#[derive(Serialize)]
struct SearchView {
    /// Around it.
    frame: Frame,
    /// What is searched: which version of which task; none where it is what is in force.
    of: Option<String>,
    /// Headings by their first letters.
    groups: Vec<NavGroup>,
    /// Which headings these are: `all`, `pages` or `none`, where there are too many.
    listed: &'static str,
}

/// Adds an index for each of these folders, of the pages at these paths.
pub fn add(
    site: &mut Site,
    searched: &BTreeMap<String, Vec<Arc<str>>>,
    context: &SiteContext<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut files = BTreeMap::new();
    for (folder, paths) in searched {
        let pages: Vec<(&str, &File)> = paths.iter().filter_map(|path| site.find(path)).collect();
        let inputs = Inputs::of("index").digest(&context.inputs.site).text(folder);
        let inputs = inputs.list(pages.iter(), |inputs, (path, file)| inputs.text(path).digest(&file.digest)).end();
        let name = format!("{}/{folder}", context.frames.audience);
        let made = context.memo.latest::<Indexing>(&name, inputs, |_| Arc::new(index_files(folder, &pages, context)));
        if let Some(failed) = &made.failed {
            diagnostics.add(rules::UNREADABLE, Place::file(format!("{folder}index.html")), failed.clone());
        }
        files.extend(made.files.iter().map(|(path, file)| (Arc::clone(path), file.clone())));
    }
    if !files.is_empty() {
        site.parts.insert(SEARCH.to_owned(), Arc::new(SitePart::new(files)));
    }
}

fn index_files(folder: &str, pages: &[(&str, &File)], context: &SiteContext<'_>) -> IndexFiles {
    match made(folder, pages, context) {
        Ok(files) => IndexFiles { files, failed: None },
        Err(failed) => IndexFiles { files: BTreeMap::new(), failed: Some(failed) },
    }
}

fn made(folder: &str, pages: &[(&str, &File)], context: &SiteContext<'_>) -> Result<BTreeMap<Arc<str>, File>, String> {
    let read = |(path, file): &(_, &File)| Ok((*path, sections_of(file, context)?));
    let read: Vec<(&str, PageSections)> = pages.par_iter().map(read).collect::<Result<_, String>>()?;
    let pages: Vec<IndexedPage<'_>> = read.iter().map(|(path, sections)| IndexedPage { path, sections }).collect();
    let scripts = index::scripts(&pages).into_iter();
    let scripts = scripts.map(|(name, bytes)| (format!("{folder}{name}").into(), File::new(bytes)));
    let own = format!("{folder}index.html");
    let page = context.render(TEMPLATE, &view(folder, &own, &pages, context))?;
    Ok(scripts.chain([(own.into(), page)]).collect())
}

fn sections_of(file: &File, context: &SiteContext<'_>) -> Result<PageSections, String> {
    let memo = context.memo;
    let inputs = Inputs::of("searched part").digest(&file.digest).end();
    if let Some(known) = memo.find::<IndexedPart>(inputs).and_then(|part| memo.find::<SectionReading>(part)) {
        return Ok(known);
    }
    let bytes = file.bytes().map_err(|error| error.error.to_string())?;
    let text = sections::main(str::from_utf8(&bytes).map_err(|error| error.to_string())?);
    let part = Digest::of(text.as_bytes());
    memo.keep::<IndexedPart>(inputs, part);
    Ok(memo.take::<SectionReading>(part, || sections::of(text)))
}

fn view(folder: &str, path: &str, pages: &[IndexedPage<'_>], context: &SiteContext<'_>) -> SearchView {
    let edition = context.places.editions.iter().find(|edition| edition.search_folder().as_deref() == Some(folder));
    let edition = edition.filter(|edition| edition.standing == EditionStanding::Version);
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
            None => groups.push(NavGroup { title, links: vec![link], more: None }),
        }
    }
    groups
}

/// Which version of which task is searched.
fn of_version(edition: Option<&Arc<Edition<'_>>>) -> Option<String> {
    let (edition, release) = edition.and_then(|edition| Some((edition, edition.release?)))?;
    Some(format!("{}, version {}", edition.instructions.page.title, release.version))
}
