//! Import: a log of another tool to ATIF.
//!
//! In: a log, which sample, and where the run is to be. Out: a list of samples; ATIF text; or a run with its pictures
//! beside it, all or nothing. Gold that the log carries stays behind unless asked for, and what else is left out,
//! mended or without a place is said, and so is what looks like a key or an address, if it is not to be masked. Where it
//! takes the place of another import, what names its steps by number moves along. It takes no picture from outside the
//! log's own folder.

use super::log_files::{self, OpenLog};
use super::moved_gold::{self, MovedGold, ReplacedRun};
use super::{OutputPlace, check_free, check_not_own};
use crate::config;
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::digest::Digest;
use crate::disk;
use crate::limits::{LARGEST_FILE, mebibytes};
use crate::text;
use crate::trajectory::{
    self, LogFormat, PartFate, Picture, Placed, ReadOptions, SensitiveInRun, Trajectory, extra, picture_kind,
};
use crate::workspace;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// A complete, checked request to write one sample of a log.
pub struct ImportRequest {
    /// The folder of `goldbook.yaml`, if there is one.
    pub root: PathBuf,
    /// The log; `-` is standard input.
    pub file: PathBuf,
    /// Which sample, and what of it.
    pub options: ReadOptions,
    /// Whether what looks like a key or an address is masked.
    pub redact: bool,
    /// Where the run goes; its pictures go to the folder `images` beside it. Without a place it is text.
    pub output: Option<PathBuf>,
    /// Whether it may replace a file.
    pub force: bool,
    /// Whether numbers of steps are left as they are where it can't be told what these are now.
    pub leaves_unknown: bool,
}

/// One sample of a log, converted.
pub enum ConvertedRun {
    /// As text.
    Text(String),
    /// In a file; with what moved that named steps of the import that was there, a line each.
    Written(Vec<String>),
}

/// Lists the samples of a log, a line each, id first.
pub fn list(file: &Path, format: Option<LogFormat>) -> Diagnosed<String> {
    from(file, |log| {
        let lines = trajectory::list_from(log, format)?;
        Ok(lines.iter().map(|line| format!("{line}\n")).collect())
    })
}

/// Converts one sample of a log: to a file with its pictures beside it, or to text, which comes back.
pub fn convert(request: &ImportRequest) -> Diagnosed<ConvertedRun> {
    match &request.output {
        None => atif(request),
        Some(output) => write(request, output),
    }
}

/// One sample of a log as ATIF text, in which pictures are named: there is no place where they could be.
fn atif(request: &ImportRequest) -> Diagnosed<ConvertedRun> {
    let mut run = from(&request.file, |log| trajectory::read_from(log, &request.options));
    run.value.iter_mut().for_each(|run| run.place_pictures(&mut |picture| Placed::Left(name(&picture))));
    let Diagnosed { value, diagnostics } = settled(request, run);
    Diagnosed { value: value.as_ref().map(|run| ConvertedRun::Text(trajectory::to_atif(run))), diagnostics }
}

/// Writes one sample of a log to a file, its pictures beside that, and what names steps of the import that was there.
fn write(request: &ImportRequest, output: &Path) -> Diagnosed<ConvertedRun> {
    let ImportRequest { root, file, options, force, .. } = request;
    let mut diagnostics = Diagnostics::default();
    let place = OutputPlace { path: output, option: "--output", is_content: true };
    let is_free =
        check_not_own(&place, root, &mut diagnostics).and_then(|()| check_free(output, *force, &mut diagnostics));
    if is_free.is_err() {
        return Diagnosed { value: None, diagnostics };
    }
    let mut run = from(file, |log| trajectory::read_from(log, options));
    let mut pictures = BTreeMap::new();
    let mut place = |picture: Picture<'_>| match bytes(&picture, file) {
        Ok((ending, bytes)) => Placed::File(place_picture(ending, bytes, &mut pictures)),
        Err(why) => {
            let message = format!("{} is left out: {why}", name(&picture));
            run.diagnostics.add(rules::MISSING_PICTURE, place_of(file), message);
            Placed::Left(name(&picture))
        }
    };
    run.value.iter_mut().for_each(|run| run.place_pictures(&mut place));
    let Diagnosed { value, mut diagnostics } = settled(request, run);
    let written = value.and_then(|run| {
        let MovedGold { files, moved } = moved_gold(request, output, &run, &mut diagnostics).ok()?;
        let beside = output.parent().unwrap_or(Path::new(""));
        let pictures = pictures.into_iter().map(|(name, bytes)| (beside.join(name), bytes));
        let run = (output.to_owned(), trajectory::to_atif(&run).into_bytes());
        let files: Vec<(PathBuf, Vec<u8>)> = pictures.chain([run]).chain(files).collect();
        disk::write_together(&files).map_err(|error| diagnostics.machine(&error, Path::new(""))).ok()?;
        Some(ConvertedRun::Written(moved))
    });
    Diagnosed { value: written, diagnostics }
}

/// What names steps of the import that this one takes the place of. What is there and can't be read is no import.
fn moved_gold(
    request: &ImportRequest,
    output: &Path,
    new: &Trajectory,
    diagnostics: &mut Diagnostics,
) -> Result<MovedGold, Halt> {
    let ImportRequest { root, leaves_unknown, .. } = request;
    let of_site = disk::is_file(&root.join(config::FILE)) && disk::is_file(output);
    let Some(path) = of_site.then(|| moved_gold::in_tasks(output, root)).flatten() else {
        return Ok(MovedGold::default());
    };
    let old = disk::read_within(output, LARGEST_FILE).map_err(|error| diagnostics.machine(&error, root))?;
    let old = old.and_then(|bytes| trajectory::read(&bytes, &ReadOptions::default()).ok());
    let Some(old) = old else { return Ok(MovedGold::default()) };
    moved_gold::of(&ReplacedRun { root, path, old: &old, new, leaves_unknown: *leaves_unknown }, diagnostics)
}

/// The run as it is handed on: masked if that was asked for, and with all said that is to be said of it.
fn settled(request: &ImportRequest, mut run: Diagnosed<Trajectory>) -> Diagnosed<Trajectory> {
    tell(&request.file, &mut run);
    let Diagnosed { value, mut diagnostics } = run;
    let value = value.and_then(|run| without_secrets(request, run, &mut diagnostics).ok());
    Diagnosed { value, diagnostics }
}

/// Masks what looks like a key or an address, or says what does. A site's settings name what is fine.
fn without_secrets(
    request: &ImportRequest,
    mut run: Trajectory,
    diagnostics: &mut Diagnostics,
) -> Result<Trajectory, Halt> {
    let config = workspace::load::settings(&request.root, diagnostics)?;
    let allowed = config.as_ref().map(|config| config.allowed_in_runs.clone()).unwrap_or_default();
    let place = place_of(&request.file);
    if request.redact {
        let counts = run.redact(&allowed);
        let counts = counts.map_err(|fault| diagnostics.stop(rules::UNREADABLE_TRAJECTORY, place.clone(), fault))?;
        let counted: Vec<String> = counts.iter().map(|(kind, count)| kind.counted(*count)).collect();
        let message = match counted.is_empty() {
            true => "nothing to mask: nothing in this run looks like a key or an address".to_owned(),
            false => format!("masked wherever they stand: {}", counted.join(", ")),
        };
        diagnostics.add(rules::MASKED_TEXT, place, message);
    } else {
        let found: Vec<SensitiveInRun> =
            run.sensitive().into_iter().filter(|found| !allowed.allow(found.rule, &found.value)).collect();
        for (rule, found) in trajectory::by_rule(&found) {
            let message = format!("this run holds {}", trajectory::in_words(&found));
            diagnostics.add(rule, place.clone(), message).help("`--redact` masks all of it, the same everywhere alike");
        }
    }
    diagnostics.apply(&config.map(|config| config.checks).unwrap_or_default());
    Ok(run)
}

/// Names a picture by its content, so that equal ones are one file and no other is overwritten.
fn place_picture(ending: &str, bytes: Vec<u8>, pictures: &mut BTreeMap<String, Vec<u8>>) -> String {
    let digest = Digest::of(&bytes).to_string();
    let name = format!("images/{}.{ending}", &digest[..16]);
    pictures.insert(name.clone(), bytes);
    name
}

/// The usual ending of a picture's file and its bytes, or why there are none.
fn bytes(picture: &Picture<'_>, log: &Path) -> Result<(&'static str, Vec<u8>), String> {
    let bytes = match picture {
        Picture::Inline(bytes) => bytes.clone().ok_or("its data can't be decoded")?,
        Picture::File(name) => file_bytes(name, log)?,
    };
    match picture_kind(&bytes) {
        Some((ending, _)) => Ok((ending, bytes)),
        None => Err("it is no PNG, JPEG, GIF or WebP".to_owned()),
    }
}

/// A picture that lies in the log's folder or below; never one that a log reaches for elsewhere.
fn file_bytes(name: &str, log: &Path) -> Result<Vec<u8>, String> {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let folder = (log != Path::new("-")).then(|| log.parent().unwrap_or(Path::new("")));
    let (true, Some(folder)) = (inside, folder) else { return Err("it is not in the log's folder".to_owned()) };
    let read = disk::read_inside(folder, Path::new(name), LARGEST_FILE);
    let read = read.map_err(|error| format!("it can't be read ({})", error.error))?;
    read.ok_or_else(|| format!("it has more than {}", mebibytes(LARGEST_FILE)))
}

/// What stands in a picture's place.
fn name(picture: &Picture<'_>) -> String {
    match picture {
        Picture::Inline(Some(bytes)) => match picture_kind(bytes) {
            Some((_, media_type)) => format!("[image: {media_type}, {} bytes]", bytes.len()),
            None => format!("[image: {} bytes]", bytes.len()),
        },
        Picture::Inline(None) => "[image]".to_owned(),
        Picture::File(name) => format!("[image: {}]", text::beginning(name, 200)),
    }
}

/// Says what of the log the run does not hold, and whether its owner withdrew it.
fn tell(file: &Path, run: &mut Diagnosed<Trajectory>) {
    let Some(trajectory) = &run.value else { return };
    if let Some(reason) = trajectory.extra.get(extra::INVALIDATED).and_then(|reason| reason.as_str()) {
        let message = format!("the owner of the log withdrew this run: {}", text::line(reason));
        run.diagnostics.add(rules::WITHDRAWN_RUN, place_of(file), message);
    }
    for fate in PartFate::ALL {
        let counted = trajectory.counted_in_all(fate);
        if !counted.is_empty() {
            let message = format!("{}: {}", fate.words(), text::line(&counted.join(", ")));
            run.diagnostics.add(rules::LEFT_OUT, place_of(file), message);
        }
    }
}

fn place_of(file: &Path) -> Place {
    Place::file(file.display().to_string())
}

/// Opens a log (`-` is standard input) with the files that belong to it, and makes something of it.
fn from<T>(file: &Path, make: impl FnOnce(Box<dyn disk::ReadSeek>) -> Result<T, Fault>) -> Diagnosed<T> {
    let mut diagnostics = Diagnostics::default();
    let value = match log_files::open(file) {
        Err(error) => {
            diagnostics.machine(&error, Path::new(""));
            None
        }
        Ok(OpenLog { reader, others }) => {
            let value = make(reader).map_err(|fault| {
                diagnostics.fault(rules::UNREADABLE_TRAJECTORY, fault.place(file.display().to_string()), fault);
            });
            if !others.is_empty() {
                let others = text::listed(others.iter().map(String::as_str));
                diagnostics.add(rules::READ_BESIDE, place_of(file), format!("read with it, as parts of it: {others}"));
            }
            value.ok()
        }
    };
    Diagnosed { value, diagnostics }
}
