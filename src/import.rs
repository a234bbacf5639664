//! Import: a log of another tool to ATIF.
//!
//! In: the bytes of a log, and which sample. Out: ATIF text, or a list of samples. Gold that the log carries stays
//! behind unless asked for. It never looks at a site.

use crate::diagnostic::{Diagnostics, Place, rules};
use crate::trajectory::{self, ReadError, ReadOptions};
use crate::{Outcome, disk, load};
use std::path::Path;

/// Lists the samples of a log, a line each, id first.
pub fn list(file: &Path) -> Outcome<String> {
    from(file, |bytes| {
        let lines = trajectory::list(bytes)?;
        Ok(lines.iter().map(|line| format!("{line}\n")).collect())
    })
}

/// One sample of a log as ATIF.
pub fn atif(file: &Path, options: &ReadOptions) -> Outcome<String> {
    from(file, |bytes| Ok(trajectory::to_atif(&trajectory::read(bytes, options)?)))
}

/// Reads a file (`-` is standard input) and makes something of its bytes.
fn from(file: &Path, make: impl FnOnce(&[u8]) -> Result<String, ReadError>) -> Outcome<String> {
    let mut diagnostics = Diagnostics::default();
    let read = if file == Path::new("-") { disk::read_stdin() } else { disk::read(file) };
    let value = match read {
        Err(error) => {
            load::report(&error, Path::new(""), &mut diagnostics);
            None
        }
        Ok(bytes) => make(&bytes)
            .map_err(|error| {
                let place = Place::file(file.display().to_string());
                diagnostics.add(rules::UNREADABLE_TRAJECTORY, place, error.message).help(error.help);
            })
            .ok(),
    };
    Outcome { value, diagnostics }
}
