//! The memory of a site: what was made of it, in one run of the program and from one run to the next.
//!
//! In: results of the stages, or what an earlier run kept of them. Out: a memory, and what is to be kept of it: what
//! makes a page, its outline, where nothing was found. It never makes a page, and never touches the disk.

use super::load::KnownFiles;
use crate::digest::Digest;
use crate::document::Outlining;
use crate::markdown::plain::PlainOutline;
use crate::memo::Memo;
use crate::model::TextCheck;
use crate::model::check_keys::KeySearch;
use crate::model::check_runs::RunSearch;
use crate::site::File;
use crate::site::dead_links::DeadLinks;
use crate::site::leak::FileSearch;
use crate::site::render::Rendering;
use crate::site::search::{IndexedPart, PageSections, SectionReading};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// What is remembered of a site, so that only what changed is made again.
#[derive(Default)]
pub struct Memory {
    pub(super) files: KnownFiles,
    pub(super) results: Memo,
}

/// What is kept of pages from one run of the program to the next.
#[derive(Serialize, Deserialize)]
pub struct KeptPages {
    /// What a text was read from, and its outline.
    outlines: Vec<(Digest, PlainOutline)>,
    /// What a page was made from, and the digest of the page.
    rendered: Vec<(Digest, Digest)>,
    /// Texts in which nothing was found.
    sound: Vec<Digest>,
    /// Runs that hold nothing which looks like a key or an address.
    harmless: Vec<Digest>,
    /// Texts that hold nothing which looks like a key.
    keyless: Vec<Digest>,
    /// Folders whose links all lead somewhere.
    linked: Vec<Digest>,
    /// What was searched for leaks without a hit.
    clean: Vec<Digest>,
    /// The digest of the part of a page that is searched, by that of the page.
    searched: Vec<(Digest, Digest)>,
    /// The sections of these parts.
    sections: Vec<(Digest, PageSections)>,
}

impl Memory {
    /// What is to be kept of the pages.
    pub fn pages(&self) -> KeptPages {
        let results = &self.results;
        let outlines = results.all::<Outlining>();
        let plain = outlines.into_iter().filter_map(|(inputs, outline)| Some((inputs, PlainOutline::of(outline)?)));
        let rendered = results.all::<Rendering>().into_iter().filter(|(_, file)| file.is_flawless());
        // Where something was found, that is said by every build, so every build looks there.
        KeptPages {
            outlines: plain.collect(),
            sound: results.inputs_of::<TextCheck>(|found| found.is_empty()),
            harmless: results.inputs_of::<RunSearch>(|found| found.is_empty()),
            keyless: results.inputs_of::<KeySearch>(|found| found.is_empty()),
            linked: results.inputs_of::<DeadLinks>(|found| found.is_empty()),
            rendered: rendered.map(|(inputs, file)| (inputs, file.digest)).collect(),
            clean: results.inputs_of::<FileSearch>(|found| found.is_empty()),
            searched: results.all::<IndexedPart>(),
            sections: results.all::<SectionReading>(),
        }
    }

    /// A memory of pages that an earlier build wrote; `stored` says where they lie.
    pub fn of_pages(kept: KeptPages, stored: &HashMap<Digest, Arc<Path>>) -> Self {
        let memory = Self::default();
        for (inputs, digest) in kept.rendered {
            if let Some(place) = stored.get(&digest) {
                memory.results.keep::<Rendering>(inputs, File::stored(Arc::clone(place), digest));
            }
        }
        kept.searched.into_iter().for_each(|(page, part)| memory.results.keep::<IndexedPart>(page, part));
        kept.sections.into_iter().for_each(|(part, sections)| memory.results.keep::<SectionReading>(part, sections));
        for (inputs, outline) in kept.outlines {
            memory.results.keep::<Outlining>(inputs, outline.outline());
        }
        memory.results.keep_all::<TextCheck>(kept.sound, &Arc::default());
        memory.results.keep_all::<RunSearch>(kept.harmless, &Arc::default());
        memory.results.keep_all::<KeySearch>(kept.keyless, &Arc::default());
        memory.results.keep_all::<DeadLinks>(kept.linked, &Arc::default());
        memory.results.keep_all::<FileSearch>(kept.clean, &Arc::default());
        memory
    }
}
