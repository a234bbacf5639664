//! Checking: what a build would find, and nothing written but, if asked, the rows that can't be used.
//!
//! In: a request. Out: findings, ratings and leaks included, and what was looked at.

use super::{OutputPlace, check_free, check_not_own};
use crate::audience::AudienceId;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, rules};
use crate::disk::{self, FileDraft};
use crate::model::{self, Model};
use crate::progress::Progress;
use crate::ratings::{Ledger, Ratings, RejectTable};
use crate::report::{self, ReportRequest, Reportable};
use crate::workspace::{self, ReportsAsked, Viewer, Workspace};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// A complete, checked request for a check.
pub struct CheckRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// Whether to say what raters stumble over.
    pub lint: bool,
    /// Where to write the rows that can't be used.
    pub rejects: Option<PathBuf>,
    /// Whether to replace a file that is there.
    pub force: bool,
}

/// What a check looked at.
pub struct CheckSummary {
    /// How many Markdown files.
    pub documents: usize,
    /// How many tasks.
    pub tasks: usize,
    /// How many sealed versions.
    pub releases: usize,
    /// What became of each row of ratings.
    pub ledger: Ledger,
}

/// Checks a site as a build would, ratings and leaks included.
pub fn check(request: &CheckRequest, progress: &Progress) -> Diagnosed<CheckSummary> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let rejects = request.rejects.as_deref().map(|path| draft(path, request, diagnostics)).transpose()?;
        let model = workspace.model(progress, diagnostics);
        workspace.note_unsealed(&model, diagnostics);
        if request.lint {
            model::lint(&model, diagnostics);
        }
        let ratings = match rejects {
            None => workspace.read_ratings(&model, &mut |_, _| (), progress, diagnostics),
            Some(draft) => with_rejects(workspace, &model, draft, request, progress, diagnostics)?,
        };
        let ledger = ratings.notes.ledger.clone();
        let unread = diagnostics.take(rules::UNREAD_RATINGS);
        let inputs = workspace.report_inputs(ReportsAsked::default());
        let asked = ReportRequest { date: None, cohort: None, without: &[], inputs };
        let published = report::publications(&workspace.sources, &model, diagnostics);
        let reports = Reportable::of(&model, ratings, asked, diagnostics).all(published, diagnostics);
        let audiences: Vec<AudienceId> = model.config.audiences.iter().collect();
        workspace.sites(&Viewer::each(&audiences, None), &model, &model, &reports, progress, diagnostics)?;
        diagnostics.append(unread);
        Ok(CheckSummary {
            documents: workspace.files().under("content/").filter(|path| path.ends_with(".md")).count(),
            tasks: model.tasks.len(),
            releases: model.tasks.iter().map(|task| task.sealed().count()).sum(),
            ledger,
        })
    })
}

/// Begins the file of rejected rows, in a place where it replaces nothing unasked and is no source itself.
fn draft(path: &Path, request: &CheckRequest, diagnostics: &mut Diagnostics) -> Result<FileDraft, Halt> {
    check_not_own(&OutputPlace { path, option: "--rejects", is_content: false }, &request.root, diagnostics)?;
    check_free(path, request.force, diagnostics)?;
    FileDraft::of(path).map_err(|error| diagnostics.machine(&error, Path::new("")))
}

/// Reads the ratings, and writes every row that can't be used as it is met.
fn with_rejects(
    workspace: &Workspace<'_>,
    model: &Model,
    draft: FileDraft,
    request: &CheckRequest,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<Ratings, Halt> {
    let mut table = RejectTable::begin(BufWriter::new(draft));
    let ratings = workspace.read_ratings(model, &mut |file, row| table.add(file, row), progress, diagnostics);
    let draft = table.end().and_then(|buffer| buffer.into_inner().map_err(io::IntoInnerError::into_error));
    let path = request.rejects.clone().unwrap_or_default();
    let settled = match draft {
        Ok(draft) if request.force => draft.settle(),
        Ok(draft) => draft.settle_new(),
        Err(error) => Err(disk::DiskError { path, error }),
    };
    settled.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    Ok(ratings)
}
