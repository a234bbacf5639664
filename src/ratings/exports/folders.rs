//! Folders: how the files of each folder of ratings are read.
//!
//! In: `ratings.yaml` files. Out: for each file of ratings the reading that is nearest to it, in its folder or
//! one around that; without any, the canonical form.

use super::RatingsReading;
use crate::diagnostic::{Diagnostics, Fault, rules};
use crate::document::{RATINGS, READING_FILE, ReadingKeys};
use crate::schema::FromYaml;
use crate::source::{Sources, folder_of};
use crate::yaml;
use std::collections::BTreeMap;

/// The readings of a site.
pub struct Readings {
    /// By folder, with a `/` at the end; none where what is said is wrong.
    by_folder: BTreeMap<String, Option<RatingsReading>>,
    /// That of files for which no folder has one.
    otherwise: RatingsReading,
}

impl Readings {
    /// Those of a site.
    pub fn of_site(sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        Self::of(sources, RATINGS, &RatingsReading::default(), diagnostics)
    }

    /// Those that files of this name describe, of all `below` a folder; `otherwise` holds where there is none. What is
    /// wrong with one stops no instructions: its folder is not read.
    pub fn of(sources: &Sources, below: &str, otherwise: &RatingsReading, diagnostics: &mut Diagnostics) -> Self {
        let is_reading = |path: &str| path.rsplit('/').next() == Some(READING_FILE);
        let files = sources.below(below).filter(|file| is_reading(&file.path));
        let unreadable = sources.folders.iter().flat_map(|folder| &folder.unreadable).filter(|path| is_reading(path));
        let unreadable = unreadable.map(|path| (folder_of(path).to_owned(), None));
        let by_folder = files.map(|file| {
            let mut found = Diagnostics::default();
            let node = file.text().and_then(|text| yaml::parse(text, file.id, 0, &mut found));
            let keys = node.and_then(|node| ReadingKeys::from_yaml(&node, &mut found));
            let reading = keys.map(|keys| RatingsReading::of(keys, &mut found)).filter(|_| found.gate().is_ok());
            diagnostics.append(found.under(rules::INVALID_READING));
            (folder_of(&file.path).to_owned(), reading)
        });
        Self { by_folder: by_folder.chain(unreadable).collect(), otherwise: otherwise.clone() }
    }

    /// That of the file at a path, if it can be told.
    pub fn nearest(&self, path: &str) -> Result<&RatingsReading, Fault> {
        let mut folder = folder_of(path);
        loop {
            if let Some(reading) = self.by_folder.get(folder) {
                let wrong = || Fault::whole(format!("{folder}{READING_FILE}, which says how they are read, is wrong"));
                return reading.as_ref().ok_or_else(wrong);
            }
            match folder.trim_end_matches('/').rfind('/') {
                Some(end) => folder = &folder[..=end],
                None => return Ok(&self.otherwise),
            }
        }
    }
}
