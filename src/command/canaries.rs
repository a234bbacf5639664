//! Canaries: the record of which string stands in the pages of which folder.
//!
//! In: a build's folder, and its audiences. Out: a line for each in `canaries.csv` beside the settings, written before
//! the folder is: so that a copy of a page that turns up says whose it was. No line is ever taken away.

use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Halt};
use crate::disk::{self, DiskError};
use crate::model::secrets::{CANARIES, canary};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const HEAD: &str = "canary,audience,folder\n";

/// Adds what is not recorded yet.
pub fn record(
    root: &Path,
    folder: &str,
    audiences: &[AudienceId],
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let place = root.join(CANARIES);
    let old = if disk::exists(&place) {
        disk::read(&place).map_err(|error| diagnostics.machine(&error, root))?
    } else {
        HEAD.into()
    };
    let mut new = old.clone();
    for audience in audiences.iter().map(|audience| config.audiences.name(*audience)) {
        let canary = canary(&config.title, audience, folder);
        if memchr::memmem::find(&new, canary.as_bytes()).is_none() {
            if !new.ends_with(b"\n") {
                new.push(b'\n');
            }
            let mut line = csv::Writer::from_writer(&mut new);
            let written = line.write_record([&*canary, audience, &text::cell(folder)]).map_err(std::io::Error::from);
            let written = written.and_then(|()| line.flush());
            written.map_err(|error| diagnostics.machine(&DiskError { path: place.clone(), error }, root))?;
        }
    }
    if new != old {
        disk::write(&place, &new).map_err(|error| diagnostics.machine(&error, root))?;
    }
    Ok(())
}

/// The folders that builds wrote, as they are recorded, each with the audiences whose pages it has.
pub fn folders(root: &Path) -> Vec<String> {
    let Ok(record) = disk::read(&root.join(CANARIES)) else { return Vec::new() };
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in csv::Reader::from_reader(&*record).records().flatten() {
        if let (Some(audience), Some(folder)) = (row.get(1), row.get(2)) {
            folders.entry(folder.to_owned()).or_default().insert(audience.to_owned());
        }
    }
    let named = |(folder, audiences): (String, BTreeSet<String>)| {
        format!("{folder} ({})", audiences.into_iter().collect::<Vec<_>>().join(", "))
    };
    folders.into_iter().map(named).collect()
}
