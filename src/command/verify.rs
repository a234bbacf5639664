//! Verifying: that every sealed text is what was sealed, and every page what was built.
//!
//! In: a request. Out: the id of each release, or what differs. It writes nothing but a line that joins the branches of
//! the log, if it is asked to.

use super::act::{Store, StoreChanges};
use super::touched::{TouchedRelease, touched};
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::disk;
use crate::progress::Progress;
use crate::release::log::{self, ReleaseLog};
use crate::release::sign::{self, SignatureState, Signers};
use crate::release::{self, Verified};
use crate::site::write;
use crate::source::Sources;
use crate::workspace;
use std::path::{Path, PathBuf};

/// A complete, checked request to verify.
pub struct VerifyRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// Where the audiences' folders are.
    pub out: PathBuf,
    /// The digest of a line that the log must hold, and that all after it must follow from.
    pub expect: Option<String>,
    /// Whether the branches of the log are joined.
    pub join: bool,
    /// The list of who may sign, on this machine; the one that the site has unless said.
    pub signers: Option<PathBuf>,
    /// Whether a release without a good signature is an error.
    pub require_signature: bool,
}

/// What was compared.
pub struct VerifySummary {
    /// Locks and objects.
    pub seals: Verified,
    /// What is known of the signature of each release.
    pub signatures: Vec<SignatureState>,
    /// How many folders of output.
    pub folders: usize,
    /// How many files in them.
    pub files: usize,
    /// The last lines of branches that were joined, by their digests.
    pub joined: Vec<String>,
    /// What each release touches that is not what was sealed.
    pub touched: Vec<TouchedRelease>,
    /// Whether all holds.
    pub holds: bool,
}

/// Checks the log, every lock, chain and object of a site, and every file of each audience's folder below `out`.
pub fn verify(request: &VerifyRequest, progress: &Progress) -> Diagnosed<VerifySummary> {
    // Where there is no log, there is nothing to join, and no folder for it made.
    let may_join = request.join && disk::is_file(&request.root.join(log::PATH));
    let joined = if may_join { join(&request.root, progress) } else { nothing_joined() };
    let Some(joined) = joined.value else { return Diagnosed { value: None, diagnostics: joined.diagnostics } };
    workspace::releases(&request.root, progress, |workspace, diagnostics| {
        let mut seals = workspace.verify(diagnostics);
        if let Some(expected) = &request.expect {
            check_expected(expected, seals.log.as_ref(), diagnostics);
        }
        let signatures = signatures(request, &seals, &workspace.sources, diagnostics);
        let audiences = &workspace.config.audiences;
        let folders = audiences.iter().map(|audience| request.out.join(audiences.name(audience)));
        let files: Vec<usize> = folders.filter_map(|folder| write::verify(&folder, diagnostics)).collect();
        let touched = touched(std::mem::take(&mut seals.faulty), &request.root, progress);
        let holds = workspace.gate(diagnostics).is_ok();
        Ok(VerifySummary { seals, signatures, touched, folders: files.len(), files: files.iter().sum(), joined, holds })
    })
}

fn nothing_joined() -> Diagnosed<Vec<String>> {
    Diagnosed { value: Some(Vec::new()), diagnostics: Diagnostics::default() }
}

/// Joins the branches of the log, and returns their last lines.
fn join(root: &Path, progress: &Progress) -> Diagnosed<Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    let Ok(store) = Store::claim(root).map_err(|error| diagnostics.machine(&error, root)) else {
        return Diagnosed { value: None, diagnostics };
    };
    workspace::once(root, progress, |workspace, diagnostics| {
        let log = release::read_log(&workspace.sources, &workspace.config, diagnostics);
        workspace.gate(diagnostics)?;
        let ends: Vec<String> = log.iter().flat_map(ReleaseLog::ends).map(|end| end.digest.clone()).collect();
        if ends.len() < 2 {
            return Ok(Vec::new());
        }
        store.act(None, StoreChanges::new(), &workspace.sources, &workspace.config, diagnostics)?;
        Ok::<_, Halt>(ends)
    })
}

/// Checks the signature of each release that is whole.
fn signatures(
    request: &VerifyRequest,
    seals: &Verified,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<SignatureState> {
    let own = request.root.join(sign::SIGNERS);
    let own = sources.find(sign::SIGNERS).map(|_| own.as_path());
    let signers = Signers { list: request.signers.as_deref().or(own), required: request.require_signature };
    diagnostics.in_parallel(&seals.releases, |release, diagnostics| {
        let lock = sources.find(&release.lock);
        lock.map_or(SignatureState::Missing, |lock| {
            sign::check(lock, release.time, sources, &request.root, &signers, diagnostics)
        })
    })
}

/// Whether the log is the one that somebody noted, or has grown from it.
fn check_expected(expected: &str, log: Option<&ReleaseLog>, diagnostics: &mut Diagnostics) {
    let message = match log.map(|log| log.follows_from(expected)) {
        Some(Some(true)) => return,
        Some(Some(false)) => {
            "a line has the expected digest, and not all after it follows from it: two branches are not joined"
        }
        Some(None) => {
            "no line has the expected digest: lines were cut off or edited, or this is the log of another site"
        }
        None => "there is no log, and so no line with the expected digest",
    };
    diagnostics
        .add(rules::BROKEN_LOG, Place::file(log::PATH), format!("{message} (expected {expected})"))
        .help("the digest is what `goldbook build` and `goldbook verify` printed when it was noted");
}
