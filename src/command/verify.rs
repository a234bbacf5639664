//! Verifying: that every sealed text is what was sealed, and every page what was built.
//!
//! In: a site's root, and where its output is. Out: the id of each release, or what differs. It writes nothing.

use crate::diagnostic::Diagnosed;
use crate::progress::Progress;
use crate::release::Verified;
use crate::site::write;
use crate::workspace;
use std::path::Path;

/// What was compared.
pub struct VerifySummary {
    /// Locks and objects.
    pub seals: Verified,
    /// How many folders of output.
    pub folders: usize,
    /// How many files in them.
    pub files: usize,
}

/// Checks every lock, chain and object of a site, and every file of each audience's folder below `out`.
pub fn verify(root: &Path, out: &Path, progress: &Progress) -> Diagnosed<VerifySummary> {
    workspace::once(root, progress, |workspace, diagnostics| {
        let seals = workspace.verify(diagnostics);
        let audiences = &workspace.config.audiences;
        let folders = audiences.iter().map(|audience| out.join(audiences.name(audience)));
        let files: Vec<usize> = folders.filter_map(|folder| write::verify(&folder, diagnostics)).collect();
        workspace.gate(diagnostics)?;
        Ok(VerifySummary { seals, folders: files.len(), files: files.iter().sum() })
    })
}
