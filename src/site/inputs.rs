//! Inputs: the digests of what the pages of a site have in common, made once.
//!
//! In: where everything is shown, and what surrounds pages. Out: digests that the inputs of a page are made of. What one
//! page shows beside that, its own kind adds.

use super::frame::Frames;
use super::places::PageFolder;
use super::theme::Theme;
use crate::digest::{Digest, Inputs};
use crate::model::Glossary;
use ahash::AHashMap;
use std::collections::BTreeMap;

/// What the files of one site have in common, digested once.
pub struct SiteInputs<'a> {
    /// The digest of what goes into every page.
    pub site: Digest,
    /// The digest of where all is shown but shared pages.
    places: Digest,
    /// The same of shared pages, and of those of each section.
    shared_places: (Digest, AHashMap<&'a str, &'a Digest>),
    /// The digest of what the pages of each folder of shared pages show of it.
    pub folders: BTreeMap<&'a str, Digest>,
}

impl<'a> SiteInputs<'a> {
    /// Digests what surrounds pages.
    pub fn of(frames: &Frames<'a>, theme: &Theme, glossary: Option<&Glossary>) -> Self {
        let site = Inputs::of("site")
            .text(env!("CARGO_PKG_VERSION"))
            .digest(&theme.digest)
            .digest(&frames.model.config.digest)
            .text(frames.audience)
            .number(frames.places.has_shared_pages().into())
            .number(frames.places.of_tasks.into())
            .number(frames.places.has_releases().into())
            .list(frames.places.front.iter(), |inputs, front| inputs.number(front.is_top.into()))
            .number(frames.reports.into())
            .list(glossary.into_iter(), |inputs, glossary| inputs.digest(&glossary.digest))
            .list(frames.canary.iter(), |inputs, canary| inputs.text(canary));
        let folders = frames.places.folders.iter();
        Self {
            site: site.end(),
            places: frames.places.places(),
            shared_places: frames.places.shared_places(),
            folders: folders.map(|(path, folder)| (path.as_str(), folder_inputs(path, folder, frames))).collect(),
        }
    }

    /// The digest of all that goes into the files of one folder of shared pages, without where their links lead.
    fn own(&self, path: &str, folder: &PageFolder) -> Inputs {
        let inputs = Inputs::of("files of a folder").digest(&self.site).digest(&self.places);
        // A page beside a folder that has its name shows what lies in that folder.
        let shown = [path].into_iter().chain(folder.folders.iter().map(String::as_str));
        let shown: Vec<&Digest> = shown.filter_map(|path| self.folders.get(path)).collect();
        inputs
            .list(shown.into_iter(), Inputs::digest)
            .list(folder.shelf.iter(), |inputs, shelf| inputs.digest(&shelf.digest))
    }

    /// The digest of all that may go into the files of one folder of shared pages: quickly made, and new whenever a
    /// shared page moves.
    pub fn folder(&self, path: &str, folder: &PageFolder) -> Digest {
        self.own(path, folder).digest(&self.shared_places.0).end()
    }

    /// The digest of all that does go into them.
    pub fn folder_and_linked(&self, path: &str, folder: &PageFolder) -> Digest {
        let linked = folder.shelf.iter().flat_map(|shelf| &shelf.linked);
        let places = linked.map(|folder| self.shared_places.1.get(folder.as_str()));
        places
            .fold(self.own(path, folder), |inputs, places| {
                inputs.list(places.into_iter(), |inputs, places| inputs.digest(places))
            })
            .end()
    }
}

/// What the pages of a folder show of it: its neighbours, its folders, and the way to it.
fn folder_inputs(path: &str, folder: &PageFolder, frames: &Frames<'_>) -> Digest {
    let crumbs: Vec<&str> = path.match_indices('/').map(|(at, _)| &path[..=at]).collect();
    let titled = |inputs: Inputs, path: &str| inputs.text(path).text(&frames.folder_title(path));
    Inputs::of("folder")
        .list(crumbs.into_iter(), titled)
        .list(folder.shelf.iter(), |inputs, shelf| inputs.digest(&shelf.list))
        .list(folder.folders.iter(), |inputs, inner| titled(inputs, inner))
        .end()
}
