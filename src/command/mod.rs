//! Commands: each a file that reads as its stages.
//!
//! In: a complete, checked request. Out: what was done, with what was found on the way (`Diagnosed`). A command asks the
//! stages for values one after the other; it prints nothing and knows nothing of how its request was typed.

use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::disk;
use std::path::Path;

pub mod agreement;
pub mod build;
mod canaries;
pub mod check;
pub mod forget;
pub mod import;
pub mod init;
pub mod release;
pub mod report;
pub mod schema;
pub mod serve;
pub mod simulate;
pub mod verify;

/// Refuses a place at which a file is, unless `--force` gives it up. (A folder there can't be given up.)
pub fn check_free(place: &Path, force: bool, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    if force || !disk::exists(place) || disk::is_folder(place) {
        return Ok(());
    }
    let file = Place::file(place.display().to_string());
    diagnostics
        .add(rules::INVALID_SETTINGS, file, "there is a file here already: nothing was written")
        .help("`--force` replaces it");
    Err(Halt)
}
