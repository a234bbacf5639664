//! Exporting gold: the right answers of a task as a tool reads them that checks model judges.
//!
//! In: a request. Out: a file for each criterion, all or none. They are gold: never written where a site is built, nor into
//! its own content.

use super::{OutputPlace, check_free, check_not_own, check_not_published};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk;
use crate::model::Model;
use crate::progress::Progress;
use crate::ratings::{NoCase, ScoutSet, scout_set};
use crate::text::listed;
use crate::workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A complete, checked request to export gold.
pub struct GoldExport {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task; needed where there are several.
    pub task: Option<String>,
    /// The folder in which files are made.
    pub output: PathBuf,
    /// Whether gold that raters may have seen goes along.
    pub with_shown: bool,
    /// Whether files may be replaced.
    pub force: bool,
}

/// What was exported.
pub struct ExportedGold {
    /// The files, with how many cases each has.
    pub files: Vec<(PathBuf, usize)>,
    /// How much gold is no case.
    pub left_out: BTreeMap<NoCase, usize>,
}

/// Exports the gold of a task.
pub fn export(request: &GoldExport, progress: &Progress) -> Diagnosed<ExportedGold> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        check_place(request, diagnostics)?;
        let model = workspace.model(progress, diagnostics);
        let task = task(request.task.as_deref(), &model, diagnostics)?;
        let set = scout_set(task, &model, &workspace.sources, request.with_shown, diagnostics);
        workspace.gate(diagnostics)?;
        let ScoutSet { files, left_out } = set.map_err(|fault| stop(fault, diagnostics))?;
        if files.is_empty() {
            let reasons = left_out.iter().map(|(why, count)| format!("{count} {}", why.about()));
            return Err(stop(Fault::whole("no gold is a case").maybe(reasons), diagnostics));
        }
        let placed = |(name, bytes, cases): (String, Vec<u8>, usize)| ((request.output.join(name), bytes), cases);
        let (written, cases): (Vec<(PathBuf, Vec<u8>)>, Vec<usize>) = files.into_iter().map(placed).unzip();
        for (path, _) in &written {
            check_free(path, request.force, diagnostics)?;
        }
        disk::write_together(&written).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        Ok(ExportedGold { files: written.into_iter().map(|(path, _)| path).zip(cases).collect(), left_out })
    })
}

/// Refuses a folder whose files somebody would get.
fn check_place(request: &GoldExport, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    // A folder that is built is told by what lies in it.
    for path in [request.output.clone(), request.output.join("gold")] {
        let place = OutputPlace { path: &path, option: "--output", is_content: false };
        check_not_own(&place, &request.root, diagnostics)?;
        check_not_published(&place, &request.root, diagnostics)?;
    }
    Ok(())
}

/// The id of the task that is meant.
fn task<'m>(named: Option<&str>, model: &'m Model, diagnostics: &mut Diagnostics) -> Result<&'m str, Halt> {
    match (named, model.tasks.as_slice()) {
        (Some(named), _) => model.find_task(named, diagnostics).map(|task| task.id.as_str()),
        (None, [only]) => Ok(&only.id),
        (None, tasks) => {
            let ids = listed(tasks.iter().map(|task| task.id.as_str()));
            Err(stop(Fault::whole("say whose gold is meant").help(format!("tasks are {ids}")), diagnostics))
        }
    }
}

fn stop(fault: Fault, diagnostics: &mut Diagnostics) -> Halt {
    diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault)
}
