//! Simulating: a table of made-up ratings of a site, as a plan says.
//!
//! In: a request. Out: a file of ratings. The plan's seed decides every value, so the same plan makes the same bytes.

use super::{OutputPlace, check_free, check_not_own};
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::progress::Progress;
use crate::workspace::{self, load};
use crate::{disk, ratings, simulate};
use std::path::{Path, PathBuf};

/// A complete, checked request to simulate ratings.
pub struct SimulateRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The plan.
    pub plan: PathBuf,
    /// Where the ratings go: `.csv` or `.jsonl`.
    pub out: PathBuf,
    /// Whether they may replace a file.
    pub force: bool,
}

/// What was simulated.
pub struct Simulated {
    /// The seed of everything random.
    pub seed: u64,
    /// Rows of the table.
    pub rows: usize,
    /// Acts of rating an item.
    pub submissions: usize,
    /// Raters who sent something.
    pub raters: usize,
    /// ISO weeks in which something was sent.
    pub weeks: Vec<String>,
}

/// Simulates ratings of the site below `request.root`, as a plan says.
pub fn simulate(request: &SimulateRequest, progress: &Progress) -> Diagnosed<Simulated> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let form = simulation_form(request, diagnostics)?;
        let plan = load::text_file(&request.plan, diagnostics)?;
        let model = workspace.model(progress, diagnostics);
        let written = ratings::written_gold(&model, &workspace.sources, diagnostics);
        workspace.gate(diagnostics)?;
        let stage = progress.stage("Simulating", 0);
        let mut found = Diagnostics::default();
        let table = simulate::simulate(&plan, &model, &written, &mut found);
        found.locate(&plan);
        diagnostics.append(found);
        let table = table.ok_or(Halt)?;
        let (bytes, rows) = table.text(form);
        drop(stage);
        let write = if request.force { disk::write } else { disk::write_new };
        write(&request.out, &bytes).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        let weeks = table.weeks().iter().map(ToString::to_string).collect();
        Ok(Simulated { seed: table.seed, rows, submissions: table.submissions.len(), raters: table.raters(), weeks })
    })
}

/// The form of the table, whose place must be free or given up.
fn simulation_form(request: &SimulateRequest, diagnostics: &mut Diagnostics) -> Result<simulate::OutputFormat, Halt> {
    let place = OutputPlace { path: &request.out, option: "--output", is_content: true };
    check_not_own(&place, &request.root, diagnostics)?;
    check_free(&request.out, request.force, diagnostics)?;
    simulate::OutputFormat::of(&request.out).ok_or_else(|| {
        let place = Place::file(request.out.display().to_string());
        diagnostics
            .add(rules::INVALID_SETTINGS, place, "not a form that ratings are written in")
            .help("name the file `.csv` or `.jsonl`");
        Halt
    })
}
