//! Building: a site for each audience, written to its folder.
//!
//! In: a request. Out: folders exchanged in one step each, or none of them touched. What the last build left in
//! `.goldbook/` saves work and never changes a byte: `audit` shows that.

use super::{OutputPlace, canaries, check_not_own};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::disk;
use crate::progress::Progress;
use crate::release::log::{self, ReleaseLog};
use crate::site::write::Built;
use crate::site::{self, Site};
use crate::workspace::last_build::LastBuild;
use crate::workspace::load::Changes;
use crate::workspace::{self, Memory, ReportsAsked, Viewer, Workspace};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// A complete, checked request to build.
pub struct BuildRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// Where the audiences' folders go.
    pub out: PathBuf,
    /// The only audience to build for, by name; all if none.
    pub audience: Option<String>,
    /// The day that the site is made for; the newest that it speaks of if none.
    pub date: Option<Date>,
    /// Whether everything is made once more from nothing, and compared.
    pub audit: bool,
    /// Files of ratings that are left out on purpose, by their paths in the site.
    pub without: Vec<String>,
}

impl BuildRequest {
    /// The name of the folder that is written.
    pub fn folder(&self) -> String {
        let place = disk::without_links(&self.out);
        place.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// What tells this build from another of the same sources.
    fn digest(&self) -> Digest {
        let out = std::path::absolute(&self.out).unwrap_or_else(|_| self.out.clone());
        Inputs::of("build request")
            .text(&out.to_string_lossy())
            .text(self.audience.as_deref().unwrap_or(""))
            .text(&self.date.map_or_else(String::new, |date| date.to_string()))
            .list(self.without.iter(), |inputs, path| inputs.text(path))
            .end()
    }
}

/// Builds the sites of all audiences (or one) from the site below `request.root`.
pub fn build(request: &BuildRequest, progress: &Progress) -> Diagnosed<Vec<Built>> {
    let last_build = LastBuild::open(&request.root, request.digest(), progress);
    if !request.audit
        && let Some(as_last_time) = last_build.as_last_time()
    {
        return as_last_time;
    }
    let mut memory = last_build.memory();
    let mut outcome = build_with(request, &mut memory, progress);
    if outcome.value.is_none() && outcome.diagnostics.breaks(rules::UNREADABLE) {
        // Another build may have written into the same folder meanwhile: then what is remembered of it is of no use.
        memory = Memory::default();
        outcome = build_with(request, &mut memory, progress);
    }
    last_build.keep(&outcome, &memory, progress);
    outcome
}

/// The digests of the last lines of the log of releases: one, but for branches that are not joined.
pub fn log_ends(root: &Path) -> Vec<String> {
    let bytes = disk::read(&root.join(log::PATH)).unwrap_or_default();
    // What is wrong with it was found when the site was read.
    ReleaseLog::read(&bytes, &mut Diagnostics::default()).ends().iter().map(|end| end.digest.clone()).collect()
}

fn build_with(request: &BuildRequest, memory: &mut Memory, progress: &Progress) -> Diagnosed<Vec<Built>> {
    workspace::run(&request.root, memory, &Changes::Everything, progress, |workspace, diagnostics| {
        super::check_left_out(&request.without, workspace, diagnostics)?;
        let audiences = chosen(&workspace.config, request.audience.as_deref(), diagnostics)?;
        let all = output_folders(&audiences, &workspace.config, request, diagnostics)?;
        let (sites, unread) = sites(workspace, &audiences, request, progress, diagnostics)?;
        // The folders of those whose site can't be made whole stay as they were.
        let is_made = |folder: &PathBuf| sites.iter().any(|(name, _)| folder.ends_with(name));
        let folders = all.into_iter().filter(is_made).collect();
        if request.audit {
            audit(&sites, request, progress, diagnostics)?;
        }
        note_left_folders(request, &workspace.config, diagnostics);
        canaries::record(&request.root, &request.folder(), &audiences, &workspace.config, diagnostics)?;
        let written = write(sites, folders, progress, diagnostics);
        diagnostics.append(unread);
        written
    })
}

fn chosen(config: &Config, name: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Vec<AudienceId>, Halt> {
    match name {
        None => Ok(config.audiences.iter().collect()),
        Some(name) => config.audiences.typed(name, diagnostics).map(|found| vec![found]),
    }
}

/// All stages but writing, and what is wrong with ratings that can't be read at all: readers of reports then get no site, for
/// it would look whole. (Instructions never wait for ratings.)
fn sites(
    workspace: &Workspace<'_>,
    audiences: &[AudienceId],
    request: &BuildRequest,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<(Vec<(String, Site)>, Diagnostics), Halt> {
    let folder = request.folder();
    let mut readers = Viewer::each(audiences, Some(&folder));
    let model = workspace.model_on(request.date, progress, diagnostics);
    workspace.note_unsealed(&model, diagnostics);
    let asked = ReportsAsked { date: request.date, without: &request.without };
    let reports = workspace.reports_for(&readers, &model, asked, progress, diagnostics);
    let unread = diagnostics.take(rules::UNREAD_RATINGS);
    if !unread.is_empty() {
        readers.retain(|reader| !workspace.sees_reports(reader.audience));
    }
    let sites = workspace.sites(&readers, &model, &model, &reports.0, progress, diagnostics)?;
    Ok((sites, unread))
}

/// Makes everything again from nothing; a byte that differs is an error, and nothing is written.
fn audit(
    sites: &[(String, Site)],
    request: &BuildRequest,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let (mut memory, changes) = (Memory::default(), Changes::Everything);
    let cold = workspace::run(&request.root, &mut memory, &changes, progress, |workspace, diagnostics| {
        let audiences = chosen(&workspace.config, request.audience.as_deref(), diagnostics)?;
        self::sites(workspace, &audiences, request, progress, diagnostics)
    });
    let (cold, _) = cold.value.ok_or(Halt)?;
    for ((audience, site), (_, cold)) in sites.iter().zip(&cold) {
        for path in site.difference(cold) {
            let message = "what was remembered of the last build would give other bytes than a build from nothing";
            diagnostics
                .add(rules::AUDIT, Place::file(format!("{audience}/{path}")), message)
                .help("this is a fault of Goldbook: please report it; without the folder .goldbook all is made anew");
        }
    }
    diagnostics.gate()
}

/// The folder of each audience, each of which must be ours to replace before any is.
fn output_folders(
    audiences: &[AudienceId],
    config: &Config,
    request: &BuildRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<PathBuf>, Halt> {
    let folders: Vec<PathBuf> =
        audiences.iter().map(|reader| request.out.join(config.audiences.name(*reader))).collect();
    for folder in &folders {
        check_place(folder, request, diagnostics)?;
        site::write::check_folder(folder, diagnostics)?;
    }
    Ok(folders)
}

/// Refuses a place where a build would spoil what is not its own.
fn check_place(folder: &Path, request: &BuildRequest, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    check_not_own(&OutputPlace { path: folder, option: "--out", is_content: false }, &request.root, diagnostics)?;
    if let Some(link) = [&*request.out, folder].into_iter().find(|place| disk::is_link(place)) {
        let message = format!("{} is a symbolic link: what it leads to may be anybody's", link.display());
        diagnostics
            .add(rules::FOREIGN_FOLDER, Place::Nowhere, message)
            .help("name the folder itself with `--out`, or remove the link");
        return Err(Halt);
    }
    Ok(())
}

/// Says which folders beside those of audiences hold the site of an audience that is not there any more.
fn note_left_folders(request: &BuildRequest, config: &Config, diagnostics: &mut Diagnostics) {
    let names: Vec<&str> = config.audiences.iter().map(|audience| config.audiences.name(audience)).collect();
    for name in disk::folders(&request.out).into_iter().filter(|name| !names.contains(&name.as_str())) {
        if disk::exists(&request.out.join(&name).join(site::write::MANIFEST)) {
            let place = Place::file(request.out.join(&name).display().to_string());
            let message =
                format!("this is the site of `{name}`, which goldbook.yaml does not declare: it stays as it was");
            diagnostics.add(rules::LEFT_FOLDER, place, message).help("remove the folder once nobody reads it");
        }
    }
}

fn write(
    sites: Vec<(String, Site)>,
    folders: Vec<PathBuf>,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Built>, Halt> {
    let stage = progress.stage("Writing", sites.iter().map(|(_, site)| site.len()).sum());
    let pairs: Vec<_> = sites.iter().zip(&folders).map(|((_, site), folder)| (site, folder.as_path())).collect();
    let written = site::write::write(&pairs, &|| stage.step(), diagnostics)?;
    let built = sites.into_iter().zip(folders).zip(written);
    Ok(built.map(|(((audience, _), folder), written)| Built { audience, folder, written }).collect())
}
