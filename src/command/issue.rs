//! Issuing a test: some of a task's test items, drawn for one candidate, as a folder to hand over.
//!
//! In: a request. Out: a folder with the newest sealed text and the drawn items with their forms, and beside it the record
//! of what was issued, which `grade` reads. The folder holds no gold of a test. The clock is never asked: who got what, and
//! when, is the sender's word.

use super::{OutputPlace, answered_version, check_free, check_not_own, check_not_published};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk;
use crate::document::Use;
use crate::grade::issued::{self, IssuedTest};
use crate::model::{Instructions, project};
use crate::progress::Progress;
use crate::release::receipt::Receipt;
use crate::site::write;
use crate::workspace;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// A complete, checked request to issue a test.
pub struct IssueRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Who gets it, as answers will name them.
    pub candidate: String,
    /// What the items are drawn with.
    pub seed: u64,
    /// How many items are drawn; all if none is said.
    pub items: Option<NonZeroUsize>,
    /// The folder to hand over.
    pub out: PathBuf,
    /// Whether a record may be replaced.
    pub force: bool,
}

/// What was issued.
pub struct Issued {
    /// The record.
    pub test: IssuedTest,
    /// How many items it was drawn from.
    pub of: usize,
    /// The folder to hand over.
    pub folder: PathBuf,
    /// The file that holds the record.
    pub record: PathBuf,
}

/// Draws and writes a test.
pub fn issue(request: &IssueRequest, progress: &Progress) -> Diagnosed<Issued> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let record = check_places(request, diagnostics)?;
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let task = model.find_task(&request.task, diagnostics)?;
        let reader = model.config.default_audience;
        let (release, text) = answered_version(task, "a test", &model, diagnostics)?;
        let set = project::instructions(&model, &release.instructions, reader).ok_or(Halt)?;
        let pool = test_items(&set);
        let count = count(request, pool.len(), diagnostics)?;
        let items = issued::draw(&pool, count, request.seed);
        let receipt = Receipt::of(&release.version, &text.digest).to_string();
        let under = [release.version.to_string(), receipt];
        let test = IssuedTest::new(&task.id, &request.candidate, request.seed, items, under);
        let site = workspace.test_site(reader, &model, (task, &test.items), progress, diagnostics)?;
        write::write(&[(&site, &request.out)], &|| (), diagnostics)?;
        disk::write_together(&[(record.clone(), test.written().into_bytes())])
            .map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        Ok(Issued { test, of: pool.len(), folder: request.out.clone(), record })
    })
}

/// Where the record goes: beside the folder, since what is in the folder is handed over.
fn check_places(request: &IssueRequest, diagnostics: &mut Diagnostics) -> Result<PathBuf, Halt> {
    let name = request.out.file_name().ok_or_else(|| {
        let fault = Fault::whole(format!("`{}` is no name of a folder", request.out.display()));
        diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault.help("for example `--out tests/a-07`"))
    })?;
    let record = request.out.with_file_name(format!("{}.issued.json", name.to_string_lossy()));
    for path in [&request.out, &record] {
        let place = OutputPlace { path, option: "--out", is_content: false };
        check_not_own(&place, &request.root, diagnostics)?;
        check_not_published(&place, &request.root, diagnostics)?;
    }
    check_free(&record, request.force, diagnostics)?;
    write::check_folder(&request.out, diagnostics)?;
    Ok(record)
}

/// The items that are tested with.
fn test_items(set: &Instructions) -> BTreeSet<&str> {
    set.examples.iter().filter(|example| example.used == Use::Test).map(|example| &*example.item).collect()
}

/// How many of so many items are drawn.
fn count(request: &IssueRequest, there: usize, diagnostics: &mut Diagnostics) -> Result<usize, Halt> {
    let asked = request.items.map_or(there, NonZeroUsize::get);
    let fault = match () {
        () if there == 0 => Fault::whole(format!("the newest sealed text of `{}` has no test items", request.task))
            .help("an example with `use: test` is one"),
        () if asked > there => Fault::whole(format!("{asked} test items are asked for, and there are {there}"))
            .help("draw fewer with `--items`, or leave that out to draw all"),
        () => return Ok(asked),
    };
    Err(diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault))
}
