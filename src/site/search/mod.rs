//! Search: an index of what an audience's finished pages say, made of these alone.
//!
//! In: a rendered site, and which of its pages are searched together. Out: the same site with the scripts of each index, and
//! a page that lists headings for those without scripts. What a page does not show can't be found, because it is not read.

mod headings;
mod index;
mod sections;
mod words;

use super::edition::SEARCH;
use super::page::SiteContext;
use super::{File, Site, SitePart};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::memo::Function;
use index::IndexedPage;
use rayon::prelude::*;
pub use sections::PageSections;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    type Value = Arc<Result<IndexFiles, IndexFault>>;
}

/// The files of an index, by path.
type IndexFiles = BTreeMap<Arc<str>, File>;

/// Why there is no index.
enum IndexFault {
    /// A page that an earlier build wrote can't be read.
    Unreadable(String),
    /// The page of headings can't be made.
    Template(String),
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
        let made = context.memo.latest::<Indexing>(&name, inputs, |_| Arc::new(made(folder, &pages, context)));
        let (rule, failed) = match &*made {
            Ok(made) => {
                files.extend(made.iter().map(|(path, file)| (Arc::clone(path), file.clone())));
                continue;
            }
            Err(IndexFault::Unreadable(failed)) => (rules::UNREADABLE, failed),
            Err(IndexFault::Template(failed)) => (rules::INVALID_VALUE, failed),
        };
        diagnostics.add(rule, Place::file(format!("{folder}index.html")), failed.clone());
    }
    if !files.is_empty() {
        site.parts.insert(SEARCH.to_owned(), Arc::new(SitePart::new(files)));
    }
}

/// Reads the pages, and makes the index of them.
fn made(folder: &str, pages: &[(&str, &File)], context: &SiteContext<'_>) -> Result<IndexFiles, IndexFault> {
    let read = |(path, file): &(_, &File)| Ok((*path, sections_of(file, context)?));
    let read: Result<Vec<(&str, PageSections)>, String> = pages.par_iter().map(read).collect();
    let read = read.map_err(IndexFault::Unreadable)?;
    let pages: Vec<IndexedPage<'_>> = read.iter().map(|(path, sections)| IndexedPage { path, sections }).collect();
    let own = format!("{folder}index.html");
    let page = context.render(headings::TEMPLATE, &headings::view(folder, &own, &pages, context));
    let page = page.map_err(IndexFault::Template)?;
    let scripts = index::scripts(&pages).into_iter();
    let scripts = scripts.map(|(name, bytes)| (format!("{folder}{name}").into(), File::new(bytes)));
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
