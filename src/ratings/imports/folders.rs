//! Folders: how the files of each folder of ratings are read.
//!
//! In: `ratings.yaml` files, and what scans say of themselves. Out: for each file of ratings the reading that is nearest
//! to it, in its folder or one around that; without any, the canonical form.

use super::RatingsReading;
use super::docent_folder::DocentFolder;
use super::scan::Scan;
use crate::diagnostic::{Diagnostics, Fault, Place, did_you_mean, rules};
use crate::document::{DOCENT_FILES, RATINGS, READING_FILE, ReadingKeys, SCAN_FILES};
use crate::ratings::columns::Column;
use crate::schema::{FromYaml, OpenMapping};
use crate::source::{Source, Sources, folder_of};
use crate::yaml;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The readings of a site.
pub struct Readings {
    /// By folder, with a `/` at the end; or what is wrong with what is said.
    by_folder: BTreeMap<String, Result<RatingsReading, Fault>>,
    /// That of files for which no folder has one.
    otherwise: RatingsReading,
}

impl Readings {
    /// Those of a site with these criteria.
    pub fn of_site(sources: &Sources, criteria: &BTreeSet<&str>, diagnostics: &mut Diagnostics) -> Self {
        Self::of((sources, RATINGS), Some(criteria), &RatingsReading::default(), diagnostics)
    }

    /// Those that files of this name describe, of all `below` a folder; `otherwise` holds where there is none. What is
    /// wrong with one stops no instructions: its folder is not read. Without a site nobody knows its `criteria`.
    pub fn of(
        (sources, below): (&Sources, &str),
        criteria: Option<&BTreeSet<&str>>,
        otherwise: &RatingsReading,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let files = sources.below(below).filter(|file| is_called(&file.path, READING_FILE));
        let unreadable = sources.folders.iter().flat_map(|folder| &folder.unreadable);
        let unreadable = unreadable.filter(|path| is_called(path, READING_FILE));
        let unreadable = unreadable.map(|path| (folder_of(path).to_owned(), Err(wrong(folder_of(path)))));
        let by_folder = files.map(|file| {
            let mut found = Diagnostics::default();
            let node = file.text().and_then(|text| yaml::parse(text, file.id, 0, &mut found));
            let keys = node.and_then(|node| ReadingKeys::from_yaml(&node, &mut found));
            keys.iter().for_each(|keys| check_values(keys, criteria, diagnostics));
            let reading = keys.map(|keys| RatingsReading::of(keys, &mut found)).filter(|_| found.gate().is_ok());
            diagnostics.append(found.under(rules::INVALID_READING));
            (folder_of(&file.path).to_owned(), reading.ok_or_else(|| wrong(folder_of(&file.path))))
        });
        let mut readings = Self { by_folder: by_folder.chain(unreadable).collect(), otherwise: otherwise.clone() };
        readings.add_docent(sources, below);
        readings.add_scans(sources, below, diagnostics);
        readings
    }

    /// Adds what lies beside labels of Docent, to how their folder is read.
    fn add_docent(&mut self, sources: &Sources, below: &str) {
        let is_beside = |path: &str| DOCENT_FILES.iter().any(|name| is_called(path, name));
        let beside = sources.below(below).filter(|file| is_beside(&file.path));
        let folders: BTreeSet<String> = beside.map(|file| folder_of(&file.path).to_owned()).collect();
        let of_folder = |folder: String| {
            let [runs, rubrics] = DOCENT_FILES.map(|name| sources.find(&format!("{folder}{name}")).map(Source::bytes));
            (folder, DocentFolder::of(runs, rubrics).map(Arc::new))
        };
        let known: BTreeMap<String, Result<Arc<DocentFolder>, Fault>> = folders.into_iter().map(of_folder).collect();
        for folder in known.keys() {
            let reading = self.nearest(folder).cloned();
            self.by_folder.insert(folder.clone(), reading);
        }
        for (folder, reading) in &mut self.by_folder {
            match (around(&known, folder), reading.as_mut()) {
                (Some(Ok(docent)), Ok(reading)) => reading.docent = Some(Arc::clone(docent)),
                (Some(Err(fault)), Ok(_)) => *reading = Err(fault.clone()),
                _ => {}
            }
        }
    }

    /// Adds what each scan says of its folder, to how that is read.
    fn add_scans(&mut self, sources: &Sources, below: &str, diagnostics: &mut Diagnostics) {
        let [spec, summary, errors] = SCAN_FILES;
        let mut scans: Vec<(String, RatingsReading, Scan)> = Vec::new();
        for file in sources.below(below).filter(|file| is_called(&file.path, spec)) {
            let folder = folder_of(&file.path);
            let beside = |name: &str| sources.find(&format!("{folder}{name}")).map(Source::bytes);
            if beside(errors).is_some_and(|errors| !errors.is_empty()) {
                let place = Place::file(format!("{folder}{errors}"));
                diagnostics.add(rules::LEFT_OUT, place, "it is not read: what it says stands in the results too");
            }
            let read = self.nearest(&file.path).cloned().and_then(|reading| {
                let scan = Scan::of(file.bytes(), beside(summary), reading.is_partial || self.otherwise.is_partial)?;
                Ok((reading, scan))
            });
            match read {
                Ok((reading, scan)) => scans.push((folder.to_owned(), reading, scan)),
                Err(fault) => drop(self.by_folder.insert(folder.to_owned(), Err(fault))),
            }
        }
        let judged = scans.iter_mut().map(|(_, reading, scan)| (scan.rater(reading.says(Column::Rater)), scan));
        Scan::count_passes(judged.collect());
        self.by_folder.extend(
            scans
                .into_iter()
                .map(|(folder, reading, scan)| (folder, Ok(RatingsReading { scan: Some(Arc::new(scan)), ..reading }))),
        );
    }

    /// That of the file at a path, if it can be told.
    pub fn nearest(&self, path: &str) -> Result<&RatingsReading, Fault> {
        around(&self.by_folder, path).map_or(Ok(&self.otherwise), |reading| reading.as_ref().map_err(Fault::clone))
    }
}

/// Names criteria that no rubric has among those of which it is said what values mean: that is used nowhere.
fn check_values(keys: &ReadingKeys, criteria: Option<&BTreeSet<&str>>, diagnostics: &mut Diagnostics) {
    let Some(criteria) = criteria else { return };
    let named = keys.values.iter().flat_map(|OpenMapping(values)| values).map(|(criterion, _)| criterion);
    for criterion in named.filter(|criterion| !criteria.contains(criterion.text.as_str())) {
        let message = format!("no rubric has the criterion `{}`, so that its values mean nothing else", criterion.text);
        diagnostics
            .add(rules::INVALID_READING, criterion.span, message)
            .maybe_help(did_you_mean(&criterion.text, criteria.iter().copied()));
    }
}

/// What is known of the folder that is nearest to a path: its own, or one around that.
fn around<'k, T>(known: &'k BTreeMap<String, T>, path: &str) -> Option<&'k T> {
    let mut folder = folder_of(path);
    loop {
        if let Some(found) = known.get(folder) {
            return Some(found);
        }
        folder = &folder[..=folder.trim_end_matches('/').rfind('/')?];
    }
}

fn is_called(path: &str, name: &str) -> bool {
    path.rsplit('/').next() == Some(name)
}

fn wrong(folder: &str) -> Fault {
    Fault::whole(format!("{folder}{READING_FILE}, which says how they are read, is wrong"))
}
