//! Receipts: which sealed text one is of.
//!
//! In: a receipt as a rating has it. Out: the releases and audiences whose text it is of. It writes nothing.

use crate::diagnostic::{Diagnosed, Halt, Place, rules};
use crate::model::{Release, Task};
use crate::progress::Progress;
use crate::release::object_path;
use crate::release::receipt::Receipt;
use crate::release::text::NAME;
use crate::workspace;
use semver::Version;
use std::path::Path;

/// A text that a receipt is of.
pub struct ReceiptedText {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// Who has it, by name.
    pub audiences: Vec<String>,
    /// Its SHA-256.
    pub sha256: String,
    /// Where it lies, below the root.
    pub path: String,
}

/// Finds the texts that a receipt is of: one, but where two tasks have the same.
pub fn explain(root: &Path, receipt: &Receipt, progress: &Progress) -> Diagnosed<Vec<ReceiptedText>> {
    workspace::once(root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let of_task = |task: &Task| -> Vec<ReceiptedText> {
            let versions = task.sealed().filter(|release| release.version.to_string() == receipt.version);
            versions.filter_map(|release| text(task, release, receipt)).collect()
        };
        let found: Vec<ReceiptedText> = model.tasks.iter().flat_map(of_task).collect();
        if found.is_empty() {
            diagnostics
                .add(
                    rules::UNKNOWN_RECEIPT,
                    Place::Nowhere,
                    format!("no sealed text of version {} has the receipt `{receipt}`", receipt.version),
                )
                .help("it is of another site, of a version that is not here, or of a text that was never sealed");
            return Err(Halt);
        }
        Ok(found)
    })
}

/// The text of a release that a receipt is of, if there is one.
fn text(task: &Task, release: &Release, receipt: &Receipt) -> Option<ReceiptedText> {
    let have = release.projected.iter().filter(|(_, text)| receipt.is_of(&text.digest));
    let (_, text) = have.clone().next()?;
    let sha256 = text.digest.to_string();
    Some(ReceiptedText {
        task: task.id.clone(),
        version: release.version.clone(),
        audiences: have.map(|(audience, _)| audience.clone()).collect(),
        path: object_path(&sha256, NAME),
        sha256,
    })
}
