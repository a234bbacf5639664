//! Exporting ratings: the rows that reports count as one table, and all others as a second one beside it.
//!
//! In: a request. Out: both files, the table never without the other one, and what became of each row. Neither is ever written where a site is built, nor
//! into its own content, where the rows would stand twice. What is wrong with rows is said by `check`.

use super::{OutputPlace, check_free, check_not_own, check_not_published};
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::disk::{DiskError, FileDraft};
use crate::model::Model;
use crate::progress::Progress;
use crate::ratings::{self, ExportFailure, ExportFormat, ExportRequest, RowCounts};
use crate::workspace::{self, Workspace};
use std::io::{BufWriter, IntoInnerError};
use std::path::{Path, PathBuf};

/// A complete, checked request to export ratings.
pub struct RatingsExport {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// Where the table goes; the other one goes beside it.
    pub output: PathBuf,
    /// What it is written as.
    pub format: ExportFormat,
    /// Whether rows say what the gold is.
    pub with_gold: bool,
    /// Whether files may be replaced.
    pub force: bool,
}

/// What was exported.
pub struct ExportedRatings {
    /// What became of each row.
    pub counts: RowCounts,
    /// The file with the rows that are not counted.
    pub ledger: PathBuf,
}

/// The file beside a table of ratings that has all other rows. It stands before it in the order of names, as what is
/// replaced stands before what replaces it.
fn ledger_of(output: &Path) -> PathBuf {
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!("{stem}-ledger.csv"))
}

/// Exports the ratings of a site.
pub fn export(request: &RatingsExport, progress: &Progress) -> Diagnosed<ExportedRatings> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let ledger = ledger_of(&request.output);
        for path in [&request.output, &ledger] {
            let place = OutputPlace { path, option: "--output", is_content: false };
            check_not_own(&place, &request.root, diagnostics)?;
            check_not_published(&place, &request.root, diagnostics)?;
            check_free(path, request.force, diagnostics)?;
        }
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let stage = progress.stage("Exporting ratings", 1);
        let counts = written(request, &ledger, workspace, &model, diagnostics)?;
        stage.step();
        Ok(ExportedRatings { counts, ledger })
    })
}

fn written(
    request: &RatingsExport,
    ledger: &Path,
    workspace: &Workspace<'_>,
    model: &Model,
    diagnostics: &mut Diagnostics,
) -> Result<RowCounts, Halt> {
    let drafts = FileDraft::of(&request.output).and_then(|used| Ok((used.another(ledger)?, used)));
    let (others, used) = drafts.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let files = workspace.ratings().map(|(path, place)| (path, move || ratings::source(path, place))).collect();
    let asked = ExportRequest { files, model, sources: &workspace.sources, with_gold: request.with_gold };
    let exported = ratings::export(asked, BufWriter::new(used), request.format, BufWriter::new(others));
    let (counts, used, others) = exported.map_err(|failure| refuse(failure, request, diagnostics))?;
    for (written, path) in [(others, ledger), (used, request.output.as_path())] {
        let failed = |error| DiskError { path: path.to_owned(), error };
        let draft = written.into_inner().map_err(IntoInnerError::into_error).map_err(failed);
        let settled = draft.and_then(|draft| if request.force { draft.settle() } else { draft.settle_new() });
        settled.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    }
    Ok(counts)
}

/// Says why nothing is exported.
fn refuse(failure: ExportFailure, request: &RatingsExport, diagnostics: &mut Diagnostics) -> Halt {
    match failure {
        ExportFailure::Write(error) => {
            diagnostics.machine(&DiskError { path: request.output.clone(), error }, Path::new(""))
        }
        ExportFailure::File(of) => {
            let fault = of.fault.prefixed("nothing is exported: ");
            let place = if of.file.is_empty() { Place::Nowhere } else { fault.place(of.file) };
            diagnostics.stop(rules::UNREADABLE_TABLE, place, fault)
        }
    }
}
