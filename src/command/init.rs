//! Init: a small site to start from.
//!
//! In: a folder. Out: the starter's files in it, with its task sealed, so that the first build shows something to a
//! contractor. A file that is there already is never touched, but a `.gitignore`, which gets lines more.

use super::release::{ReleaseRequest, Released, release};
use crate::diagnostic::{Diagnosed, Diagnostics, Place, rules};
use crate::disk::{self, DiskError};
use crate::progress::Progress;
use crate::release::When;
use crate::release::changes::Claims;
use crate::release::version::WantedVersion;
use crate::schema::Moment;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

macro_rules! starter {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../starter/", $path)))),*]
    };
}

const STARTER: [(&str, &str); 14] = starter![
    "goldbook.yaml",
    "content/pages/welcome.md",
    "content/pages/what-the-reports-show.md",
    "content/tasks/summary-check/task.md",
    "content/tasks/summary-check/rubric.md",
    "content/tasks/summary-check/examples/missed-total.md",
    "content/tasks/summary-check/examples/wrong-file.md",
    "content/tasks/summary-check/trajectories/run-001.json",
    "content/tasks/summary-check/trajectories/run-002.json",
    "content/tasks/summary-check/gold.csv",
    "content/cohorts/first-cohort.yaml",
    "content/cohorts/second-cohort.yaml",
    "content/ratings/autumn.csv",
    "simulations/autumn.yaml",
];

/// What version control is to leave out: the output of builds, reports included, and what they remember.
const IGNORED: &str = include_str!("../../starter/gitignore");

/// The starter's task.
const TASK: &str = "summary-check";
/// When it is sealed, whatever the clock says: the starter's ratings were made under this version. In seconds since 1970.
const SEALED: Timestamp = Timestamp::constant(1_788_512_400, 0);
/// The log, which is written last.
const LOG: &str = "content/releases/log";

/// What was written.
pub struct Started {
    /// The sealed task.
    pub released: Released,
    /// Lines that a `.gitignore` of before got.
    pub ignored: Vec<&'static str>,
}

/// Writes the starter into `folder` and seals its task.
pub fn init(folder: &Path) -> Diagnosed<Started> {
    let mut diagnostics = Diagnostics::default();
    // What is there with the very same bytes was left by a run that was cut short, unless the task is sealed too.
    let is_taken = |place: &PathBuf, text: &str| disk::exists(place) && !disk::holds(place, text.as_bytes());
    let mut files = [(LOG, "")].into_iter().chain(STARTER).map(|(path, text)| (folder.join(path), text));
    let taken = files.find(|(place, text)| is_taken(place, text));
    if let Some((place, _)) = taken {
        let message = "there is a file here already: nothing was written";
        diagnostics
            .add(rules::FOREIGN_FOLDER, Place::file(place.display().to_string()), message)
            .help("name an empty folder: `goldbook init my-programme`");
        return Diagnosed { value: None, diagnostics };
    }
    for (path, text) in STARTER {
        let place = folder.join(path);
        if disk::exists(&place) {
            continue;
        }
        if let Err(error) = disk::write_new(&place, text.as_bytes()) {
            diagnostics.machine(&error, Path::new(""));
            return Diagnosed { value: None, diagnostics };
        }
    }
    let ignored = match ignore_output(&folder.join(".gitignore")) {
        Ok(ignored) => ignored,
        Err(error) => {
            diagnostics.machine(&error, Path::new(""));
            return Diagnosed { value: None, diagnostics };
        }
    };
    let request = ReleaseRequest {
        root: folder.to_owned(),
        task: TASK.to_owned(),
        wanted: WantedVersion::Smallest,
        claims: Claims::default(),
        dry_run: false,
        note: "First version".to_owned(),
        when: When::Given(Moment::At(SEALED)),
        now: SEALED,
        scheduled: false,
        key: None,
    };
    let Diagnosed { value, diagnostics } = release(&request, &|_| None, &Progress::hidden());
    Diagnosed { value: value.map(|released| Started { released, ignored }), diagnostics }
}

/// Adds what is missing to the file, which may not be there yet. Returns what a file of before got.
fn ignore_output(place: &Path) -> Result<Vec<&'static str>, DiskError> {
    let old = if disk::exists(place) { disk::read(place)? } else { Vec::new() };
    let known: BTreeSet<String> = String::from_utf8_lossy(&old).lines().map(pattern).collect();
    let missing: Vec<&str> = IGNORED.lines().filter(|line| !known.contains(&pattern(line))).collect();
    if missing.is_empty() {
        return Ok(missing);
    }
    let end = if old.is_empty() || old.ends_with(b"\n") { "" } else { "\n" };
    disk::write(place, &[&old, end.as_bytes(), missing.join("\n").as_bytes(), b"\n"].concat())?;
    Ok(if old.is_empty() { Vec::new() } else { missing })
}

/// What a line names, with or without a `/` at its ends.
fn pattern(line: &str) -> String {
    line.trim().trim_matches('/').to_owned()
}
