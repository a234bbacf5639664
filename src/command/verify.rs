//! Verifying: that every sealed text is what was sealed.
//!
//! In: a site's root. Out: the id of each release, or what differs. It writes nothing.

use crate::diagnostic::Diagnosed;
use crate::progress::Progress;
use crate::workspace;
use std::path::Path;

/// What was verified.
pub struct Verified {
    /// Each release: task, version, and its id (the SHA-256 of its lock).
    pub releases: Vec<(String, String, String)>,
    /// How many objects.
    pub objects: usize,
}

/// Checks every lock, chain and object of a site.
pub fn verify(root: &Path, progress: &Progress) -> Diagnosed<Verified> {
    workspace::once(root, progress, |workspace, diagnostics| {
        let found = workspace.verify(diagnostics);
        workspace.gate(diagnostics)?;
        Ok(Verified { releases: found.releases, objects: found.objects })
    })
}
