//! Checking: what a build would find, and nothing written.
//!
//! In: a site's root. Out: findings, ratings and leaks included, and what was looked at.

use crate::audience::AudienceId;
use crate::diagnostic::Diagnosed;
use crate::progress::Progress;
use crate::workspace::{self, Viewer};
use std::path::Path;

/// What a check looked at.
pub struct CheckSummary {
    /// How many Markdown files.
    pub documents: usize,
    /// How many tasks.
    pub tasks: usize,
    /// How many sealed versions.
    pub releases: usize,
}

/// Checks a site as a build would, ratings and leaks included, and writes nothing.
pub fn check(root: &Path, progress: &Progress) -> Diagnosed<CheckSummary> {
    workspace::once(root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.note_unsealed(&model, diagnostics);
        let reports = workspace.reports(&model, None, progress, diagnostics);
        let audiences: Vec<AudienceId> = model.config.audiences.iter().collect();
        workspace.sites(&Viewer::each(&audiences), &model, &reports.0, progress, diagnostics)?;
        Ok(CheckSummary {
            documents: workspace.files().under("content/").filter(|path| path.ends_with(".md")).count(),
            tasks: model.tasks.len(),
            releases: model.tasks.iter().map(|task| task.releases.len()).sum(),
        })
    })
}
