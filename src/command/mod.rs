//! Commands: each a file that reads as its stages.
//!
//! In: a complete, checked request. Out: what was done, with what was found on the way (`Diagnosed`). A command asks the
//! stages for values one after the other; it prints nothing and knows nothing of how its request was typed.

use crate::config;
use crate::diagnostic::{Diagnostics, Fault, Halt, Place, did_you_mean, rules};
use crate::disk;
use crate::model::{Model, Release, Task};
use crate::site::write::MANIFEST;
use crate::source::Source;
use crate::workspace::{Workspace, last_build};
use std::path::Path;

mod act;
pub mod agreement;
mod answers;
pub mod build;
mod canaries;
pub mod check;
pub mod diff;
pub mod export_gold;
pub mod export_labelling;
pub mod export_ratings;
pub mod forget;
pub mod gold_add;
pub mod grade;
pub mod import;
pub mod import_ratings;
pub mod init;
pub mod issue;
mod log_files;
mod moved_gold;
pub mod packet;
mod packet_items;
pub mod publish;
pub mod publish_plan;
pub mod receipt;
pub mod release;
pub mod rename;
pub mod report;
pub mod restore;
pub mod retire;
pub mod schema;
pub mod serve;
pub mod show;
pub mod simulate;
pub mod task_state;
pub mod touched;
pub mod undo;
pub mod verify;
pub mod withdraw;

/// Refuses to leave out ratings that are not there: a slip would leave nothing out, in silence.
pub fn check_left_out(
    without: &[String],
    workspace: &Workspace<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let known = || workspace.ratings().map(|(path, _)| path);
    let Some(other) = without.iter().find(|path| !known().any(|known| known == **path)) else { return Ok(()) };
    let fault = Fault::whole(format!("there is no file of ratings `{other}` to leave out"));
    let fault =
        fault.maybe(did_you_mean(other, known())).help("paths are those of findings, such as content/ratings/week.csv");
    Err(diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault))
}

/// The version that readers have and answer under, with its text; `what` is answered, in a word.
fn answered_version<'m>(
    task: &'m Task,
    what: &str,
    model: &Model,
    diagnostics: &mut Diagnostics,
) -> Result<(&'m Release, &'m Source), Halt> {
    let name = model.config.audiences.name(model.config.default_audience);
    task.newest_for(name).ok_or_else(|| {
        let fault = Fault::whole(format!("`{}` has no sealed text that `{name}` may read", task.id));
        let fault = fault.help(format!("`goldbook release` seals one: {what} is answered under a version"));
        diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault)
    })
}

/// What lies in a site's folder and is no output, whatever a command writes.
const OWN_PLACES: [(&str, &str); 3] = [
    (config::FILE, "is the site's own settings"),
    ("themes", "lies in the site's own themes"),
    (last_build::FOLDER, "lies in what builds remember"),
];

/// The same, but that some commands write new content.
const OWN_CONTENT: (&str, &str) = ("content", "lies in the site's own content");

/// Where builds write unless said, below the site's root.
pub const BUILT: &str = "public";

/// Where a command writes, before anything is written.
pub struct OutputPlace<'a> {
    /// The file or folder.
    pub path: &'a Path,
    /// The option that names it, with its dashes.
    pub option: &'static str,
    /// Whether content may be written.
    pub is_content: bool,
}

/// Refuses a place where output would spoil what is the site's own, or a git repository's. Without settings no site is
/// below `root`.
pub fn check_not_own(output: &OutputPlace<'_>, root: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let content = (!output.is_content).then_some(OWN_CONTENT);
    let places = OWN_PLACES.into_iter().chain(content).filter(|_| disk::is_file(&root.join(config::FILE)));
    let own = places.filter(|(name, _)| disk::is_below(output.path, &root.join(name))).map(|(_, what)| what).next();
    let repository = disk::is_below_any(output.path, ".git").then_some("lies in a git repository's own files");
    let Some(what) = own.or(repository) else { return Ok(()) };
    diagnostics
        .add(rules::INVALID_SETTINGS, Place::Nowhere, format!("{} {what}", output.path.display()))
        .help(format!("choose another place with `{}`", output.option));
    Err(Halt)
}

/// Refuses a place where builds write: what lies there is handed on.
pub fn check_not_published(output: &OutputPlace<'_>, root: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let path = output.path;
    let is_built = path.ancestors().skip(1).any(|folder| disk::is_file(&folder.join(MANIFEST)));
    if !is_built && !disk::is_below(path, &root.join(BUILT)) {
        return Ok(());
    }
    let message = format!("{} lies where builds write for readers", path.display());
    diagnostics
        .add(rules::INVALID_SETTINGS, Place::Nowhere, message)
        .help(format!("ratings and gold are the team's own: choose another place with `{}`", output.option));
    Err(Halt)
}

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
