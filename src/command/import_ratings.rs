//! Importing ratings: files of tools, forms and vendors as one table in the canonical form.
//!
//! In: files and folders, how they are to be read, and where the table is to be. Out: the table, what became of each row,
//! and gold that stood among them if it is wanted; nothing is written where a file can't be read, unless all else is wanted.
//! A site's criteria are known by name if there is one.

use super::{OutputPlace, check_free, check_not_own, check_not_published};
use crate::config;
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk::{self, DiskError, FileDraft};
use crate::document::is_reading;
use crate::model::Model;
use crate::progress::Progress;
use crate::ratings::{
    self, GoldRow, ImportedFile, RatingsReading, Readings, RowWords, may_hold_ratings, report_rejected,
};
use crate::source::Sources;
use crate::table::TableSource;
use crate::text::listed;
use crate::workspace::{self, load};
use std::io::{BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

/// A complete, checked request to import ratings.
pub struct RatingsImport {
    /// The folder of `goldbook.yaml`, if there is one.
    pub root: PathBuf,
    /// Files, and folders of them.
    pub inputs: Vec<PathBuf>,
    /// How they are read, where no `ratings.yaml` in a folder says it.
    pub reading: RatingsReading,
    /// Where the table goes.
    pub output: PathBuf,
    /// Where gold goes that stands among the ratings, if it is wanted.
    pub gold: Option<PathBuf>,
    /// Whether it may replace a file.
    pub force: bool,
}

/// What was imported.
pub struct ImportedRatings {
    /// What became of each file.
    pub files: Vec<ImportedFile>,
    /// How many answers are written as gold.
    pub gold: usize,
}

/// Files with their names, and the texts that say how they are read.
struct ImportInputs {
    files: Vec<(String, PathBuf)>,
    sources: Sources,
}

/// Imports ratings.
pub fn import(request: &RatingsImport, progress: &Progress) -> Diagnosed<ImportedRatings> {
    let mut diagnostics = Diagnostics::default();
    let model = site(&request.root, progress);
    let Ok(inputs) = inputs(request, &mut diagnostics) else { return Diagnosed { value: None, diagnostics } };
    let value = written(request, &inputs, model.as_ref(), progress, &mut diagnostics).ok();
    diagnostics.locate(&inputs.sources);
    Diagnosed { value, diagnostics }
}

/// The site below `root`, if there is one; what is wrong with it is not asked here.
fn site(root: &Path, progress: &Progress) -> Option<Model> {
    if !disk::is_file(&root.join(config::FILE)) {
        return None;
    }
    workspace::once(root, progress, |workspace, diagnostics| Ok(workspace.model(progress, diagnostics))).value
}

/// The files that are asked for, those of folders in the order of their names.
fn inputs(request: &RatingsImport, diagnostics: &mut Diagnostics) -> Result<ImportInputs, Halt> {
    let (mut files, mut readings) = (Vec::new(), Vec::new());
    for input in &request.inputs {
        if !disk::is_folder(input) {
            files.push((input.display().to_string(), input.clone()));
            continue;
        }
        for (name, place) in disk::files(input, &[]).map_err(|error| diagnostics.machine(&error, Path::new("")))? {
            let path = format!("{}/{name}", input.display());
            if is_reading(&path) {
                readings.extend(load::text_file(&place, diagnostics)?.below("").cloned());
            } else if may_hold_ratings(&path) {
                files.push((path, place));
            } else {
                let fault = Fault::whole("not a form of ratings that is read: it is left out");
                diagnostics.fault(rules::LEFT_OUT, Place::file(path), fault);
            }
        }
    }
    Ok(ImportInputs { files, sources: Sources::new(readings) })
}

fn written(
    request: &RatingsImport,
    inputs: &ImportInputs,
    model: Option<&Model>,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<ImportedRatings, Halt> {
    let output = &request.output;
    let place = OutputPlace { path: output, option: "--output", is_content: true };
    check_not_own(&place, &request.root, diagnostics)?;
    check_free(output, request.force, diagnostics)?;
    check_gold(request, diagnostics)?;
    let words = RowWords::of(model);
    let readings = Readings::of((&inputs.sources, ""), words.criteria().as_ref(), &request.reading, diagnostics);
    let draft = FileDraft::of(output).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let beside = request.gold.as_deref().map(|path| Ok((draft.another(path)?, path))).transpose();
    let beside = beside.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let failed = |error| DiskError { path: output.clone(), error };
    let table = words.table(BufWriter::new(draft)).map_err(failed);
    let mut table = table.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let stage = progress.stage("Reading ratings", inputs.files.len());
    let mut imported = Vec::new();
    for (name, place) in &inputs.files {
        let opened = disk::open(place).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        let file = match readings.nearest(name) {
            Ok(reading) => table.add(TableSource::of_file(name.clone(), opened), reading).map_err(failed),
            Err(fault) => Ok(ImportedFile::unread(name, fault)),
        };
        let file = file.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        tell(&file, diagnostics);
        imported.push(file);
        stage.steps(1);
    }
    drop(stage);
    tell_unread(&imported, request.reading.is_partial, diagnostics);
    diagnostics.gate()?;
    let draft = table.end().into_inner().map_err(IntoInnerError::into_error).map_err(failed);
    let settle = |draft: FileDraft| if request.force { draft.settle() } else { draft.settle_new() };
    let (bytes, count) = GoldRow::table(imported.iter().flat_map(|file| &file.gold));
    let settled = draft.and_then(|draft| {
        if let Some((mut gold, path)) = beside.filter(|_| count > 0) {
            gold.write_all(&bytes).map_err(|error| DiskError { path: path.to_owned(), error })?;
            settle(gold)?;
        }
        settle(draft)
    });
    settled.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    Ok(ImportedRatings { files: imported, gold: count })
}

/// Refuses a place for gold where somebody would get it, or where it would count before it was looked over.
fn check_gold(request: &RatingsImport, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let Some(path) = &request.gold else { return Ok(()) };
    let place = OutputPlace { path, option: "--gold", is_content: false };
    check_not_own(&place, &request.root, diagnostics)?;
    check_not_published(&place, &request.root, diagnostics)?;
    if *path == request.output {
        let message = format!("`--gold` and `--output` both name {}", path.display());
        diagnostics.add(rules::INVALID_SETTINGS, Place::Nowhere, message).help("gold is no rating: name another file");
        return Err(Halt);
    }
    check_free(path, request.force, diagnostics)
}

/// Says what was guessed of a file, what of it is not taken over, and which rows are no ratings.
fn tell(file: &ImportedFile, diagnostics: &mut Diagnostics) {
    file.facts.tell(&file.path, "`--format` and `--map` say it, or a `ratings.yaml` in its folder", diagnostics);
    if !file.facts.unknown.is_empty() {
        let columns = listed(file.facts.unknown.iter().map(String::as_str));
        let message = format!("columns that are not taken over: {columns}");
        diagnostics.add(rules::LEFT_OUT, Place::file(file.path.clone()), message);
    }
    report_rejected(&file.counts.rejected, diagnostics);
}

/// Says which files are not read, or not to their end: somebody would take what the others say for all there is, so that
/// this stops an import, unless what can be read is wanted all the same.
fn tell_unread(files: &[ImportedFile], is_partial: bool, diagnostics: &mut Diagnostics) {
    let is_anything = files.iter().any(|file| file.counts.used > 0);
    for (file, fault) in files.iter().filter_map(|file| Some((file, file.fault.clone()?))) {
        let place = fault.place(file.path.clone());
        if is_partial && is_anything {
            diagnostics.fault(rules::REJECTED_RATINGS, place, ratings::unused(fault));
            continue;
        }
        let finding = diagnostics.fault(rules::UNREADABLE_TABLE, place, fault);
        if is_anything {
            finding.help("nothing is written: mend this file or take it away; or write all else with `--partial`");
        }
    }
}
