//! A task's versions for labelling tools: `versions.json`.

use super::{PageKind, SiteContext, bundle, rubric_file};
use crate::digest::Digest;
use crate::model::Release;
use crate::release::{self, receipt::Receipt};
use crate::site::File;
use crate::site::edition::Edition;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The versions of a task: the editions at their addresses for good, oldest first.
pub struct VersionsFile<'a>(pub Vec<Arc<Edition<'a>>>);

/// The versions of a task. Keys may be added; what one means stays.
#[derive(Serialize)]
struct MachineVersions<'a> {
    /// Version of this form.
    format: u32,
    /// The task.
    task: &'a str,
    /// The newest version, which new work is done under.
    newest: Option<String>,
    /// The digests of the last lines of the log of releases, for `verify --expect`.
    log: &'a [String],
    /// All of them, newest first.
    versions: Vec<MachineVersion<'a>>,
}

#[derive(Serialize)]
struct MachineVersion<'a> {
    version: String,
    /// From when on it may have been worked under.
    time: String,
    note: &'a str,
    /// Why it is not to be used any more, if it was withdrawn.
    withdrawn: Option<&'a str>,
    /// SHA-256 of its lock.
    id: &'a str,
    title: &'a str,
    /// What was sealed for this audience; none where nothing was.
    text: Option<MachineText>,
    /// For each criterion, the first version whose ratings compare with this one's.
    comparable_since: BTreeMap<&'a str, String>,
    /// Where it is shown, by what it is; from the folder that this file lies in.
    addresses: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct MachineText {
    address: String,
    sha256: String,
    /// What a labelling tool that shows it writes into the version of its rows.
    receipt: String,
}

impl PageKind for VersionsFile<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let editions = self.0.iter();
        let inputs = site.inputs_of("versions file", path).list(editions, |inputs, own| inputs.digest(&own.digest));
        Some(inputs.list(site.model.log.iter(), |inputs, end| inputs.text(end)).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let from_here = |address: String| address.strip_prefix(&format!("{folder}/")).unwrap_or(&address).to_owned();
        let said = MachineVersions {
            format: 1,
            task: self.0.first().map_or("", |edition| &edition.task.id),
            newest: self.0.first().and_then(|edition| Some(edition.task.latest()?.version.to_string())),
            log: &site.model.log,
            versions: self
                .0
                .iter()
                .rev()
                .filter_map(|edition| Some(version(edition, edition.release?, &from_here)))
                .collect(),
        };
        super::json_file(&said)
    }
}

fn version<'a>(
    edition: &Edition<'a>,
    release: &'a Release,
    from_here: &dyn Fn(String) -> String,
) -> MachineVersion<'a> {
    let is_asked = |id: &str| edition.instructions.rubric.criterion(id).is_some();
    let since = release.comparable_since.iter().filter(|(id, _)| is_asked(id));
    let text = release.projected.values().next();
    let addresses = [
        ("page", Some(edition.home_path())),
        ("changes", edition.before().map(|_| edition.changes_path())),
        ("print", edition.print_path()),
        ("bundle", edition.beside(bundle::NAME).filter(|_| edition.may_serve())),
        ("rubric", edition.beside(rubric_file::NAME).filter(|_| edition.has_rubric())),
    ];
    MachineVersion {
        version: release.version.to_string(),
        time: release.time.instant().to_string(),
        note: &release.note,
        withdrawn: release.withdrawn.as_ref().map(|end| &*end.because),
        id: &release.digest,
        title: &release.instructions.page.title,
        text: text.map(|text| MachineText {
            address: from_here(format!("{}{}", edition.root, release::text::NAME)),
            sha256: text.digest.to_string(),
            receipt: Receipt::of(&release.version, &text.digest).to_string(),
        }),
        comparable_since: since.map(|(id, version)| (&**id, version.to_string())).collect(),
        addresses: addresses.into_iter().filter_map(|(what, address)| Some((what, from_here(address?)))).collect(),
    }
}
