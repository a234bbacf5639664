//! Import: a log of another tool to ATIF.
//!
//! In: a log, and which sample. Out: ATIF text, or a list of samples. Gold that the log carries stays
//! behind unless asked for. It never looks at a site.

use crate::diagnostic::{Diagnostics, Place, rules};
use crate::trajectory::{self, ReadError, ReadOptions};
use crate::{Outcome, disk, load};
use std::path::Path;

/// Lists the samples of a log, a line each, id first.
pub fn list(file: &Path) -> Outcome<String> {
    from(file, |log| {
        let lines = trajectory::list_from(log)?;
        Ok(lines.iter().map(|line| format!("{line}\n")).collect())
    })
}

/// One sample of a log as ATIF.
pub fn atif(file: &Path, options: &ReadOptions) -> Outcome<String> {
    from(file, |log| Ok(trajectory::to_atif(&trajectory::read_from(log, options)?)))
}

/// Opens a file (`-` is standard input) and makes something of it.
fn from(file: &Path, make: impl FnOnce(Box<dyn disk::ReadSeek>) -> Result<String, ReadError>) -> Outcome<String> {
    let mut diagnostics = Diagnostics::default();
    let opened = if file == Path::new("-") { disk::seekable_stdin() } else { disk::seekable(file) };
    let value = match opened {
        Err(error) => {
            load::report(&error, Path::new(""), &mut diagnostics);
            None
        }
        Ok(log) => make(log)
            .map_err(|error| {
                let place = Place::file(file.display().to_string());
                diagnostics.add(rules::UNREADABLE_TRAJECTORY, place, error.message).help(error.help);
            })
            .ok(),
    };
    Outcome { value, diagnostics }
}
