//! Import: a log of another tool to ATIF.
//!
//! In: a log, and which sample. Out: ATIF text, or a list of samples. Gold that the log carries stays
//! behind unless asked for. It never looks at a site.

use crate::diagnostic::{Diagnosed, Diagnostics, Fault, rules};
use crate::disk;
use crate::trajectory::{self, ReadOptions};
use std::path::Path;

/// Lists the samples of a log, a line each, id first.
pub fn list(file: &Path) -> Diagnosed<String> {
    from(file, |log| {
        let lines = trajectory::list_from(log)?;
        Ok(lines.iter().map(|line| format!("{line}\n")).collect())
    })
}

/// One sample of a log as ATIF.
pub fn atif(file: &Path, options: &ReadOptions) -> Diagnosed<String> {
    from(file, |log| Ok(trajectory::to_atif(&trajectory::read_from(log, options)?)))
}

/// Opens a file (`-` is standard input) and makes something of it.
fn from(file: &Path, make: impl FnOnce(Box<dyn disk::ReadSeek>) -> Result<String, Fault>) -> Diagnosed<String> {
    let mut diagnostics = Diagnostics::default();
    let opened = if file == Path::new("-") { disk::seekable_stdin() } else { disk::seekable(file) };
    let value = match opened {
        Err(error) => {
            diagnostics.machine(&error, Path::new(""));
            None
        }
        Ok(log) => make(log)
            .map_err(|fault| {
                diagnostics.fault(rules::UNREADABLE_TRAJECTORY, fault.place(file.display().to_string()), fault);
            })
            .ok(),
    };
    Diagnosed { value, diagnostics }
}
