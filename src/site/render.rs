//! Rendering: every planned page to bytes, in parallel.
//!
//! In: the plan, and what was rendered before. Out: `Site`. It decides nothing: a page that can't be rendered is a
//! finding, and one whose inputs are as before has the bytes that it had.

use super::edition::SEARCH;
use super::page::shared::SharedPage;
use super::page::{self, PageKind, SiteContext};
use super::places::PageFolder;
use super::plan::Plan;
use super::{File, Site, SitePart, search};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::memo::Function;
use ahash::AHashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A folder of shared pages to its files.
struct FolderRendering;

impl Function for FolderRendering {
    type Value = Arc<RenderedFolder>;
}

/// A page to its file, by the digest of all that goes into it.
pub struct Rendering;

impl Function for Rendering {
    type Value = File;
}

/// The files of one folder of shared pages.
struct RenderedFolder {
    /// The digest of what they were made from.
    inputs: Digest,
    part: Arc<SitePart>,
    /// Each file, by the digest of what it was made from.
    by_inputs: AHashMap<Digest, File>,
    /// What could not be made, and why.
    failed: Vec<Failure>,
}

/// Renders all that is planned. `done` hears of how many files more are there.
pub fn render(
    plan: &Plan<'_>,
    site: &SiteContext<'_>,
    done: &(dyn Fn(usize) + Sync),
    diagnostics: &mut Diagnostics,
) -> Site {
    let renderer = Renderer { site };
    let folders: Vec<(&String, &PageFolder)> = site.places.folders.iter().collect();
    let folders: Vec<(String, Arc<RenderedFolder>)> = folders
        .into_par_iter()
        .map(|(path, folder)| {
            let name = format!("{}/{path}", site.frames.audience);
            let inputs = site.inputs.folder(path, folder);
            let make = |before: Option<_>| renderer.folder(path, folder, before.as_ref());
            let made = site.memo.latest::<FolderRendering>(&name, inputs, make);
            done(made.part.files.len());
            (path.clone(), made)
        })
        .collect();
    let pages = plan.pages.par_iter().map(|(path, page)| {
        let made = match page.inputs(path, site) {
            Some(inputs) => renderer.unless_known(inputs, || page.make(path, site)),
            None => page.make(path, site),
        };
        done(1);
        (Arc::clone(path), made)
    });
    let (files, failed) = sorted_out(pages.collect());
    note_failures(folders.iter().flat_map(|(_, folder)| &folder.failed).chain(&failed), diagnostics);
    let parts = folders.into_iter().map(|(path, folder)| (path, Arc::clone(&folder.part)));
    let parts = parts.chain([(String::new(), Arc::new(SitePart::new(files)))]).collect();
    let mut made = Site { parts, dead_links: Vec::new() };
    search::add(&mut made, &searched(plan, site), site, diagnostics);
    made
}

/// The pages that are searched together, by the folder of their index.
fn searched(plan: &Plan<'_>, site: &SiteContext<'_>) -> BTreeMap<String, Vec<Arc<str>>> {
    let mut searched: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    if site.frames.is_searched() {
        let shelves = site.places.shelves().flat_map(|(_, shelf)| shelf.pages.keys());
        searched.insert(SEARCH.to_owned(), shelves.cloned().collect());
    }
    for (path, page) in &plan.pages {
        if let Some(folder) = page.searched() {
            searched.entry(folder).or_default().push(Arc::clone(path));
        }
    }
    searched
}

/// A file, or why it could not be made.
type RenderedFile = Result<File, String>;

/// A path where no file could be made, and why.
type Failure = (Arc<str>, String);

/// Says what failed: once for each reason, since one mistake in a template fails every page that is made from it.
fn note_failures<'a>(failed: impl Iterator<Item = &'a Failure>, diagnostics: &mut Diagnostics) {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, message) in failed {
        by_reason.entry(message).or_default().push(path);
    }
    for (message, paths) in by_reason {
        let more = (paths.len() > 1).then(|| format!("{} files fail so; this is the first", paths.len()));
        diagnostics.add(rules::INVALID_VALUE, Place::file(paths[0]), message.to_owned()).maybe_help(more);
    }
}

/// The files that were made, and why others were not.
fn sorted_out(made: Vec<(Arc<str>, RenderedFile)>) -> (BTreeMap<Arc<str>, File>, Vec<Failure>) {
    let mut failed = Vec::new();
    let files = made.into_iter().filter_map(|(path, made)| match made {
        Ok(file) => Some((path, file)),
        Err(message) => {
            failed.push((path, message));
            None
        }
    });
    (files.collect(), failed)
}

struct Renderer<'a> {
    site: &'a SiteContext<'a>,
}

impl Renderer<'_> {
    fn unless_known(&self, inputs: Digest, make: impl FnOnce() -> RenderedFile) -> RenderedFile {
        if let Some(file) = self.site.memo.find::<Rendering>(inputs) {
            return Ok(file);
        }
        let file = make()?;
        self.site.memo.keep::<Rendering>(inputs, file.clone());
        Ok(file)
    }

    /// A folder of shared pages; files whose inputs are as they were `before` are taken from there.
    fn folder(&self, path: &str, folder: &PageFolder, before: Option<&Arc<RenderedFolder>>) -> Arc<RenderedFolder> {
        let site = self.site;
        let inputs = site.inputs.folder_and_linked(path, folder);
        if let Some(before) = before.filter(|before| before.inputs == inputs) {
            return Arc::clone(before);
        }
        let made = |path: &Arc<str>, page: &dyn PageKind| {
            let make = || page.make(path, site);
            let Some(inputs) = page.inputs(path, site) else { return (Arc::clone(path), None, make()) };
            let known = before.and_then(|before| before.by_inputs.get(&inputs));
            let file = known.map_or_else(|| self.unless_known(inputs, make), |file| Ok(file.clone()));
            (Arc::clone(path), Some(inputs), file)
        };
        let shelf = folder.shelf.iter().flat_map(|shelf| &shelf.pages).collect::<Vec<_>>();
        let mut all: Vec<_> = shelf.into_par_iter().map(|(path, page)| made(path, &SharedPage(page))).collect();
        if folder.shows_list() {
            all.push(made(&format!("{path}index.html").into(), &page::folder::FolderPage(path)));
        }
        let by_inputs = all.iter().filter_map(|(_, inputs, made)| Some(((*inputs)?, made.as_ref().ok()?.clone())));
        let by_inputs = by_inputs.collect();
        let (files, failed) = sorted_out(all.into_iter().map(|(path, _, made)| (path, made)).collect());
        Arc::new(RenderedFolder { inputs, part: Arc::new(SitePart::new(files)), by_inputs, failed })
    }
}
