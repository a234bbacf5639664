//! The disk: the only module that opens, lists or writes files.
//!
//! In: paths and bytes. Out: bytes, readers and `io::Error`s that name their path. `claim` writes, the rest reads. It
//! never knows what the bytes mean.

mod claim;
pub mod git;

pub use claim::{Claim, FileDraft, FileToWrite, NewFolder, is_unfinished, write, write_new, write_together};

use crate::digest::Digest;
use crate::limits::at_most;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// An error of the machine, with the path it is about.
#[derive(Debug)]
pub struct DiskError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the machine said.
    pub error: io::Error,
}

type Result<T> = std::result::Result<T, DiskError>;

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T> {
    result.map_err(|error| DiskError { path: path.to_owned(), error })
}

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    at(path, fs::read(path))
}

/// The bytes of a file; none if there are more than `most`.
pub fn read_within(path: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    let file = at(path, fs::File::open(path))?;
    if at(path, file.metadata())?.len() > most {
        return Ok(None);
    }
    at(path, at_most(file, most))
}

/// The bytes of a file in `folder` or below, links followed; none if there are more than `most`. A file elsewhere, and
/// what is no file, is an error.
pub fn read_inside(folder: &Path, name: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let path = folder.join(name);
    let (root, place) = (at(folder, folder.canonicalize())?, at(&path, path.canonicalize())?);
    if !place.starts_with(&root) || !is_file(&place) {
        let error = io::Error::new(io::ErrorKind::PermissionDenied, "it is no file of that folder");
        return Err(DiskError { path, error });
    }
    read_within(&place, most)
}

/// A reader over standard input.
pub fn stdin() -> impl Read + Send {
    io::stdin()
}

/// A reader over a file that may be too large to hold.
pub fn open(path: &Path) -> Result<OpenFile> {
    Ok(OpenFile(BufReader::with_capacity(1 << 16, at(path, fs::File::open(path))?)))
}

/// A file that is read from its start on.
pub struct OpenFile(BufReader<fs::File>);

/// The same file, to be read at any place.
pub type PlacedFile = fs::File;

impl OpenFile {
    /// A file from its start, which moves where others read it.
    pub fn from_start(placed: &PlacedFile) -> io::Result<Self> {
        let mut file = placed.try_clone()?;
        file.rewind()?;
        Ok(Self(BufReader::with_capacity(1 << 16, file)))
    }

    /// The file to be read at any place, which moves where this one reads on; none of what can only be read once.
    pub fn placed(&self) -> Option<PlacedFile> {
        let file = self.0.get_ref();
        let is_file = file.metadata().is_ok_and(|found| found.is_file());
        if is_file { file.try_clone().ok() } else { None }
    }
}

impl Read for OpenFile {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room)
    }
}

/// SHA-256 of a file, which is read a piece at a time.
pub fn digest(path: &Path) -> Result<Digest> {
    let mut file = open(path)?;
    at(path, Digest::read(&mut file))
}

/// A reader that can go to any place.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A file to be read at any place; what can only be read once (a pipe) is copied first.
pub fn seekable(path: &Path) -> Result<Box<dyn ReadSeek>> {
    let file = at(path, fs::File::open(path))?;
    if at(path, file.metadata())?.is_file() {
        return Ok(Box::new(file));
    }
    at(path, copied(file))
}

/// Standard input to be read at any place, copied first.
pub fn seekable_stdin() -> Result<Box<dyn ReadSeek>> {
    at(Path::new("standard input"), copied(io::stdin().lock()))
}

/// A copy in memory, or above 64 MiB in a temporary file that has no name.
fn copied(mut stream: impl Read) -> io::Result<Box<dyn ReadSeek>> {
    let mut copy = tempfile::SpooledTempFile::new(1 << 26);
    io::copy(&mut stream, &mut copy)?;
    copy.rewind()?;
    Ok(Box::new(copy))
}

/// What tells one state of a file from another without reading it, as version control does: its length, when it was
/// last written and changed, and which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp([u64; 4]);

impl Stamp {
    /// As numbers, to be digested.
    pub fn numbers(self) -> [u64; 4] {
        self.0
    }

    /// Whether the file has been left alone for long enough that a further change would show in its stamp: clocks of
    /// file systems tick every few milliseconds, of old ones every two seconds.
    pub fn is_settled(self) -> bool {
        let [_, written, changed, _] = self.0;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos());
        let coarse = (written % 1_000_000_000, changed % 1_000_000_000) == (0, 0);
        let ticks = if coarse { 2_000_000_000 } else { 50_000_000 };
        u128::from(written.max(changed)) + ticks < now
    }
}

/// Every file below a folder with the state it is in, in path order, without what is at and below `but`; nothing for a
/// folder that is not there.
pub fn stamps(folder: &Path, but: &BTreeSet<PathBuf>) -> Result<Vec<(PathBuf, Stamp)>> {
    if exists(folder) { stamps_below(folder, but) } else { Ok(Vec::new()) }
}

/// A folder is told by its entry alone: of ten thousand folders with a page each, every question less counts.
fn stamps_below(folder: &Path, but: &BTreeSet<PathBuf>) -> Result<Vec<(PathBuf, Stamp)>> {
    use rayon::prelude::*;
    let entries: io::Result<Vec<fs::DirEntry>> = at(folder, fs::read_dir(folder))?.collect();
    let mut entries = at(folder, entries)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let of_entry = |entry: &fs::DirEntry| {
        let place = entry.path();
        if but.contains(&place) {
            return Ok(Vec::new());
        }
        let kind = at(&place, entry.file_type())?;
        if kind.is_dir() {
            return stamps_below(&place, but);
        }
        let stamp = if kind.is_symlink() { stamp(&place)? } else { Stamp(stamped(&at(&place, entry.metadata())?)) };
        Ok(vec![(place, stamp)])
    };
    let found: Result<Vec<_>> = entries.par_iter().map(of_entry).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Whether every folder below this one can be written by whoever runs this; an error names the first that can't.
pub fn check_writable(folder: &Path) -> Result<()> {
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| walk_error(error, folder))?;
        if entry.file_type().is_dir() {
            at(entry.path(), rustix::fs::access(entry.path(), rustix::fs::Access::WRITE_OK).map_err(io::Error::from))?;
        }
    }
    Ok(())
}

/// Every file below a folder, in order: its path below the folder with forward slashes, and its path on this machine.
/// Links are not followed, and folders of these names are not looked into.
pub fn files(folder: &Path, but: &[&str]) -> Result<Vec<(String, PathBuf)>> {
    let enters = |entry: &walkdir::DirEntry| !but.iter().any(|name| entry.file_name() == *name);
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(enters);
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| walk_error(error, folder))?;
        if entry.file_type().is_file() {
            files.push((site_path(folder, entry.path()).unwrap_or_else(|lossy| lossy), entry.into_path()));
        }
    }
    Ok(files)
}

/// What lies in a folder beside the files of these paths, as paths below it, in order: files, links, and folders in
/// which none of them is.
pub fn others(folder: &Path, files: &BTreeSet<&str>) -> Result<Vec<PathBuf>> {
    others_below(folder, Path::new(""), files)
}

fn others_below(root: &Path, below: &Path, files: &BTreeSet<&str>) -> Result<Vec<PathBuf>> {
    use rayon::prelude::*;
    let folder = root.join(below);
    let entries: io::Result<Vec<fs::DirEntry>> = at(&folder, fs::read_dir(&folder))?.collect();
    let mut entries = at(&folder, entries)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let of_entry = |entry: &fs::DirEntry| {
        let path = below.join(entry.file_name());
        let is_folder = at(&root.join(&path), entry.file_type())?.is_dir();
        let name = path.to_str().map(|path| path.replace(std::path::MAIN_SEPARATOR, "/"));
        match name {
            Some(name) if is_folder && holds_one_of(&name, files) => others_below(root, &path, files),
            Some(name) if !is_folder && files.contains(&*name) => Ok(Vec::new()),
            _ => Ok(vec![path]),
        }
    };
    let found: Result<Vec<_>> = entries.par_iter().map(of_entry).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Whether one of these files lies below a folder.
fn holds_one_of(folder: &str, files: &BTreeSet<&str>) -> bool {
    let inside = format!("{folder}/");
    files.range(&*inside..).next().is_some_and(|path| path.starts_with(&inside))
}

/// The names of the folders in a folder, in order; none where it can't be read.
pub fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(io::Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names: Vec<String> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// The state that a file is in.
pub fn stamp(path: &Path) -> Result<Stamp> {
    let found = at(path, fs::metadata(path))?;
    Ok(Stamp(stamped(&found)))
}

#[cfg(unix)]
fn stamped(found: &fs::Metadata) -> [u64; 4] {
    use std::os::unix::fs::MetadataExt;
    let instant = |seconds: i64, nanoseconds: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(nanoseconds);
    let written = instant(found.mtime(), found.mtime_nsec()).cast_unsigned();
    let changed = instant(found.ctime(), found.ctime_nsec()).cast_unsigned();
    [found.len(), written, changed, found.ino()]
}

#[cfg(not(unix))]
fn stamped(found: &fs::Metadata) -> [u64; 4] {
    let written = found.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    [found.len(), written.map_or(0, |time| time.as_nanos() as u64), 0, 0]
}

/// The path from the machine's root, without links; as it was given where nothing is there.
pub fn without_links(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Whether a folder is at `path`.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Gives a folder another name, which nothing has.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    let taken = || io::Error::from(io::ErrorKind::AlreadyExists);
    at(to, if exists(to) { Err(taken()) } else { fs::rename(from, to) })
}

/// Whether something stands at `path`.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether a file is at `path`: no folder, and nothing that could be read without end.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Whether a symbolic link stands at `path`.
pub fn is_link(path: &Path) -> bool {
    path.is_symlink()
}

/// Whether `path` lies in `folder` or is it, whether or not they are there yet.
pub fn is_below(path: &Path, folder: &Path) -> bool {
    resolved(path).starts_with(resolved(folder))
}

/// Whether `path` lies in a folder of this name or is it, whether or not they are there yet.
pub fn is_below_any(path: &Path, name: &str) -> bool {
    resolved(path).components().any(|part| part.as_os_str().eq_ignore_ascii_case(name))
}

/// The path from the machine's root, without links or `..`, whether or not all of it is there yet.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|part| Some((part.canonicalize().ok()?, part)));
    let Some((mut resolved, there)) = there else { return absolute };
    for part in absolute.strip_prefix(there).unwrap_or(&absolute).components() {
        match part {
            Component::ParentDir => drop(resolved.pop()),
            part => resolved.push(part),
        }
    }
    resolved
}

/// Whether a file with just these bytes is at `path`.
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_length = path.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
    same_length && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Whether `path` is a folder without anything in it, or nothing at all.
pub fn is_vacant(path: &Path) -> Result<bool> {
    if !exists(path) {
        return Ok(true);
    }
    Ok(at(path, fs::read_dir(path))?.next().is_none())
}

/// The nearest folder from the current one upwards that holds `name`.
pub fn find_upwards(name: &str) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().find(|folder| folder.join(name).is_file()).map(Path::to_owned)
}

/// One file found by `walk`, or a link that leads outside.
pub enum FoundFile {
    /// A file: its path below the root with forward slashes, and its path on this machine.
    File(String, PathBuf),
    /// A symbolic link that leads nowhere, in a circle, or out of its part of the site.
    Outside(String),
    /// A pipe, a socket or a device.
    NoFile(String),
    /// A name that is not UTF-8, shown as well as it can be.
    NotText(String),
    /// A hidden file or folder, shown as well as it can be; what is in the folder is not listed.
    Hidden(String),
}

/// Lists the files below `root/folder` in path order. A missing folder is an empty one.
pub fn walk(root: &Path, folder: &str) -> (Vec<FoundFile>, Vec<DiskError>) {
    let start = root.join(folder);
    if !exists(&start) {
        return (Vec::new(), Vec::new());
    }
    let inside = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut found = Vec::new();
    let mut errors = Vec::new();
    let visible =
        |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut entries = walkdir::WalkDir::new(&start).follow_links(true).sort_by_file_name().into_iter();
    while let Some(next) = entries.next() {
        let entry = match next {
            Ok(entry) => entry,
            Err(error) => {
                match error.path().filter(|path| path.is_symlink()) {
                    Some(link) => found.push(FoundFile::Outside(site_path(root, link).unwrap_or_else(|lossy| lossy))),
                    None => errors.push(walk_error(error, &start)),
                }
                continue;
            }
        };
        if !visible(&entry) {
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            found.push(FoundFile::Hidden(site_path(root, entry.path()).unwrap_or_else(|lossy| lossy)));
            continue;
        }
        let name = site_path(root, entry.path());
        if entry.path_is_symlink() && !leads_inside(root, entry.path(), &inside) {
            found.push(FoundFile::Outside(name.unwrap_or_else(|lossy| lossy)));
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
        } else if entry.file_type().is_file() {
            found.push(match name {
                Ok(name) => FoundFile::File(name, entry.into_path()),
                Err(lossy) => FoundFile::NotText(lossy),
            });
        } else if !entry.file_type().is_dir() {
            found.push(FoundFile::NoFile(name.unwrap_or_else(|lossy| lossy)));
        }
    }
    (found, errors)
}

/// Whether a link stays in its own part of the site (`content/pages`, `content/tasks`, …), so that what it leads to
/// keeps its meaning under the new name.
fn leads_inside(root: &Path, link: &Path, inside: &Path) -> bool {
    let part: PathBuf = link.strip_prefix(root).unwrap_or(link).components().take(2).collect();
    link.canonicalize().is_ok_and(|target| target.starts_with(inside.join(part)))
}

fn walk_error(error: walkdir::Error, start: &Path) -> DiskError {
    let path = error.path().unwrap_or(start).to_owned();
    let message = error.to_string();
    DiskError { path, error: error.into_io_error().unwrap_or_else(|| io::Error::other(message)) }
}

/// The path below `root` with forward slashes; `Err` holds a lossy form.
fn site_path(root: &Path, path: &Path) -> std::result::Result<String, String> {
    let below = path.strip_prefix(root).unwrap_or(path);
    match below.to_str() {
        Some(text) => Ok(text.replace(std::path::MAIN_SEPARATOR, "/")),
        None => Err(below.to_string_lossy().into_owned()),
    }
}
