//! Verifying: that every sealed text is what was sealed.
//!
//! In: a site's root. Out: the id of each release, or what differs. It writes nothing.

use crate::diagnostic::Diagnosed;
use crate::progress::Progress;
use crate::release::Verified;
use crate::workspace;
use std::path::Path;

/// Checks every lock, chain and object of a site.
pub fn verify(root: &Path, progress: &Progress) -> Diagnosed<Verified> {
    workspace::once(root, progress, |workspace, diagnostics| {
        let found = workspace.verify(diagnostics);
        workspace.gate(diagnostics)?;
        Ok(found)
    })
}
