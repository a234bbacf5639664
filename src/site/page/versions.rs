//! The list of a task's versions, newest first.

use super::changes::classes_in_words;
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::model::Release;
use crate::release::changes::{ChangeList, judged};
use crate::release::receipt::Receipt;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::state;
use crate::site::view::{Frame, LinkView, VersionRead};
use serde::Serialize;
use std::sync::Arc;

/// The versions of the task of this edition, its newest.
pub struct VersionsPage<'a>(pub Arc<Edition<'a>>);

const TEMPLATE: &str = "versions.html";

/// A task's versions.
#[derive(Serialize)]
struct VersionsView {
    /// Around it.
    frame: Frame,
    /// Newest first.
    versions: Vec<VersionCard>,
}

/// A version in a list.
#[derive(Serialize)]
struct VersionCard {
    /// Its number.
    version: String,
    /// The day it was sealed.
    date: String,
    /// The time of that day, with its zone, where it is known.
    time: Option<String>,
    /// From when it serves whom, where that is not all from when it was sealed.
    serves: Option<String>,
    /// That it was withdrawn, or its task retired, and why.
    over: Option<String>,
    /// What its author said.
    note: String,
    /// Its id.
    digest: String,
    /// What a labelling tool that shows it writes into the version of its rows.
    receipt: Option<String>,
    /// Where it is.
    url: String,
    /// Whether it is the newest.
    latest: bool,
    /// What changed since the version before; none for the first.
    changes: Option<LinkView>,
    /// How many changes of each class that is, in words such as "2 clarification"; empty for the first.
    classes: Vec<String>,
    /// What changed from it to the newest, where there is a page of it.
    to_newest: Option<LinkView>,
}

impl PageKind for VersionsPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_edition("versions", path, &self.0).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let edition = &*self.0;
        let mut frame = site.frames.edition(edition, path, "Versions");
        // It lists them itself.
        frame.versions.clear();
        let oldest = edition.task.releases.first().map(|release| release.version.to_string());
        frame.reading = frame.reading.map(|reading| VersionRead { tells: oldest, ..reading });
        let latest = edition.task.latest().map(|release| &release.version);
        let older: Vec<&Release> = edition.older().collect();
        let before = |at: usize| edition.task.releases.iter().rev().nth(at + 1);
        let root = |release: &Release| format!("tasks/{}/v/{}/", edition.task.id, release.version);
        let changes = |at: usize, release: &Release| {
            let title = format!("What changed since {}", before(at)?.version);
            Some(link(&title, &frame.up, &format!("{}changes/index.html", root(release)), path))
        };
        let classes = |at: usize, release: &Release| {
            let list = |before: &Release| ChangeList::between(&before.instructions, &release.instructions);
            let classes = before(at).map(|before| judged::as_sealed(&list(before), &[release]));
            classes.map_or_else(Vec::new, |classes| classes_in_words(&classes))
        };
        let to_newest = |release: &Release| {
            older.iter().find(|older| older.version == release.version)?;
            Some(link("What changed from it to the newest", &frame.up, &edition.changes_since_path(release), path))
        };
        let versions = edition.task.releases.iter().rev().enumerate().map(|(at, release)| VersionCard {
            changes: changes(at, release),
            classes: classes(at, release),
            to_newest: to_newest(release),
            version: release.version.to_string(),
            date: release.time.day().to_string(),
            time: release.time.time_of_day(),
            serves: state::serves(edition.task, release),
            over: state::over(edition.task, release),
            note: release.note.clone(),
            digest: release.digest.clone(),
            receipt: receipt(release),
            url: format!("{}tasks/{}/v/{}/index.html", frame.up, edition.task.id, release.version),
            latest: Some(&release.version) == latest,
        });
        let versions = versions.collect();
        site.render(TEMPLATE, &VersionsView { frame, versions })
    }
}

/// The receipt of the text that the page's audience has of a version.
pub fn receipt(release: &Release) -> Option<String> {
    let text = release.projected.values().next()?;
    Some(Receipt::of(&release.version, &text.digest).to_string())
}
