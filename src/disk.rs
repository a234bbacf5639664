//! The disk: the only module that opens, lists or writes files.
//!
//! In: paths and bytes. Out: bytes, readers and `io::Error`s that name their path. A single file is written beside
//! its place and renamed; a folder is staged whole and exchanged. It never knows what the bytes mean.

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, TryLockError};
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
    let mut bytes = Vec::new();
    let file = at(path, fs::File::open(path))?;
    if at(path, file.metadata())?.len() > most {
        return Ok(None);
    }
    at(path, file.take(most + 1).read_to_end(&mut bytes))?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// A reader over standard input.
pub fn stdin() -> impl Read + Send {
    io::stdin()
}

/// A reader over a file that may be too large to hold.
pub fn open(path: &Path) -> Result<impl Read + Send + use<>> {
    Ok(BufReader::with_capacity(1 << 16, at(path, fs::File::open(path))?))
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
}

impl Stamp {
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

/// Every file below a folder with the state it is in, in path order; nothing for a folder that is not there.
pub fn stamps(folder: &Path) -> Result<Vec<(PathBuf, Stamp)>> {
    if exists(folder) { stamps_below(folder) } else { Ok(Vec::new()) }
}

/// A folder is told by its entry alone: of ten thousand folders with a page each, every question less counts.
fn stamps_below(folder: &Path) -> Result<Vec<(PathBuf, Stamp)>> {
    use rayon::prelude::*;
    let entries: io::Result<Vec<fs::DirEntry>> = at(folder, fs::read_dir(folder))?.collect();
    let mut entries = at(folder, entries)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let of_entry = |entry: &fs::DirEntry| {
        let place = entry.path();
        let kind = at(&place, entry.file_type())?;
        if kind.is_dir() {
            return stamps_below(&place);
        }
        let stamp = if kind.is_symlink() { stamp(&place)? } else { Stamp(stamped(&at(&place, entry.metadata())?)) };
        Ok(vec![(place, stamp)])
    };
    let found: Result<Vec<_>> = entries.par_iter().map(of_entry).collect();
    Ok(found?.into_iter().flatten().collect())
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

/// Whether something stands at `path`.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether a file is at `path`: no folder, and nothing that could be read without end.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Whether `path` lies in `folder` or is it, whether or not it is there yet.
pub fn is_below(path: &Path, folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|part| part.canonicalize().ok());
    there.is_some_and(|there| there.starts_with(folder))
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

/// The commit that a git repository at or above `root` stands at, if there is one.
pub fn git_commit(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let git = root.ancestors().map(|folder| folder.join(".git")).find(|git| git.is_dir())?;
    let line = |path: &Path| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let head = line(&git.join("HEAD"))?;
    let commit = match head.strip_prefix("ref: ") {
        Some(name) => line(&git.join(name))?,
        None => head,
    };
    commit.chars().all(|c| c.is_ascii_hexdigit()).then_some(commit)
}

/// One file found by `walk`, or a link that leads outside.
pub enum Found {
    /// A file: its path below the root with forward slashes, and its path on this machine.
    File(String, PathBuf),
    /// A symbolic link that leads nowhere, in a circle, or out of its part of the site.
    Outside(String),
    /// A pipe, a socket or a device.
    NoFile(String),
    /// A name that is not UTF-8, shown as well as it can be.
    NotText(String),
}

/// Lists the files below `root/folder` in path order, without hidden ones. A missing folder is an empty one.
pub fn walk(root: &Path, folder: &str) -> (Vec<Found>, Vec<DiskError>) {
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
                    Some(link) => found.push(Found::Outside(site_path(root, link).unwrap_or_else(|lossy| lossy))),
                    None => errors.push(walk_error(error, &start)),
                }
                continue;
            }
        };
        if !visible(&entry) {
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        let name = site_path(root, entry.path());
        if entry.path_is_symlink() && !leads_inside(root, entry.path(), &inside) {
            found.push(Found::Outside(name.unwrap_or_else(|lossy| lossy)));
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
        } else if entry.file_type().is_file() {
            found.push(match name {
                Ok(name) => Found::File(name, entry.into_path()),
                Err(lossy) => Found::NotText(lossy),
            });
        } else if !entry.file_type().is_dir() {
            found.push(Found::NoFile(name.unwrap_or_else(|lossy| lossy)));
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

/// Writes a file so that it is there whole or not at all, in place of an earlier one.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let claim = Claim::on(path)?;
    let file = claim.beside(bytes)?;
    at(path, file.persist(path).map_err(|error| error.error))?;
    at(path, claim.settle())
}

/// Like `write`, but an existing file stays as it is and is an error (`AlreadyExists`).
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let claim = Claim::on(path)?;
    let file = claim.beside(bytes)?;
    at(path, file.persist_noclobber(path).map_err(|error| error.error))?;
    at(path, claim.settle())
}

/// A file of a folder to be written.
pub enum Entry {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// The same bytes as the folder holds at this path already.
    Unchanged,
}

/// Where a folder is to be, and its files by path.
pub type NewFolder = (PathBuf, BTreeMap<String, Entry>);

/// A path that nobody else writes as long as this value lives.
///
/// What is new is made under a name of its own in the folder above, whose lock is held meanwhile. Whatever else has
/// such a name there was left by somebody who was killed, and is removed. A second writer waits. Where a machine knows
/// no locks, nobody waits and nothing is removed: each still writes a whole file or folder, and the last one stays.
pub struct Claim {
    path: PathBuf,
    above: PathBuf,
    /// The open folder; closing it gives the lock back.
    _lock: Option<fs::File>,
}

/// How the names of unfinished things begin. Six letters or digits follow.
const UNFINISHED: &str = ".goldbook-unfinished-";
/// How often a lock is asked for, and how long between: a minute in all. Nobody stages for that long, but a process
/// can be stopped while it holds the lock, and then it is better to say so than to wait for good.
const ATTEMPTS: u32 = 600;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

impl Claim {
    /// Claims `path`, and makes the folders above it.
    pub fn on(path: &Path) -> Result<Self> {
        let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        at(above, fs::create_dir_all(above))?;
        let lock = at(above, lock(above, ATTEMPTS))?;
        if lock.is_some() {
            remove_unfinished(above);
        }
        Ok(Self { path: path.to_owned(), above: above.to_owned(), _lock: lock })
    }

    /// Puts folders of these files here and beside: all are staged, then each is exchanged in one step, so that a run
    /// that ends anywhere leaves of each the old folder or the new one, and of all the old ones until all are staged.
    /// Unchanged files are linked, not written.
    pub fn replace_folders(&self, folders: &[NewFolder], done: &(dyn Fn() + Sync)) -> Result<()> {
        let staging = at(&self.above, tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(&self.above))?;
        let staged = |number: usize| staging.path().join(number.to_string());
        for (number, (place, files)) in folders.iter().enumerate() {
            stage(place, &staged(number), files, done)?;
        }
        at(&self.above, flush(&self.above))?;
        for (number, (place, _)) in folders.iter().enumerate() {
            at(place, exchange(&staged(number), place))?;
        }
        Ok(())
        // The old folders go with `staging`. What can't be removed now, the next claim removes.
    }

    fn beside(&self, bytes: &[u8]) -> Result<tempfile::NamedTempFile> {
        let mut file = at(&self.above, tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.above))?;
        at(&self.path, file.write_all(bytes))?;
        at(&self.path, set_public_mode(file.path()))?;
        at(&self.path, file.as_file().sync_all())?;
        Ok(file)
    }

    /// Makes a renamed file outlast a power cut: a seal that was announced must be there afterwards.
    fn settle(&self) -> io::Result<()> {
        if cfg!(unix) { fs::File::open(&self.above)?.sync_all() } else { Ok(()) }
    }
}

/// The lock of a folder; none where there are no locks.
fn lock(folder: &Path, attempts: u32) -> io::Result<Option<fs::File>> {
    let Ok(file) = fs::File::open(folder) else { return Ok(None) };
    for _ in 0..attempts {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_ATTEMPTS),
        }
    }
    let message = "another goldbook has been writing here for a minute: run this again when it has ended";
    Err(io::Error::new(io::ErrorKind::ResourceBusy, message))
}

/// Removes what killed runs left in a folder whose lock is held.
fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED));
        if random.is_some_and(|rest| rest.len() == 6 && rest.chars().all(|c| c.is_ascii_alphanumeric())) {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            // It is in nobody's way: if it can't be removed now, the next claim tries again.
            let _ = if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
        }
    }
}

/// Temporary files are private to their owner; what we publish is as readable as any new file.
#[cfg(unix)]
fn set_public_mode(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_public_mode(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes the files to `new`. Errors name the place that each is meant for.
fn stage(old: &Path, new: &Path, files: &BTreeMap<String, Entry>, done: &(dyn Fn() + Sync)) -> Result<()> {
    use rayon::prelude::*;
    let folders: BTreeSet<&Path> = files.keys().filter_map(|path| Path::new(path).parent()).collect();
    for folder in folders {
        at(&old.join(folder), fs::create_dir_all(new.join(folder)))?;
    }
    files.par_iter().try_for_each(|(path, entry)| {
        let target = new.join(path);
        let place = old.join(path);
        let written = match entry {
            Entry::Bytes(bytes) => fs::write(&target, bytes),
            Entry::Unchanged => fs::hard_link(&place, &target).or_else(|_| fs::copy(&place, &target).map(drop)),
        };
        done();
        at(&place, written)
    })
}

/// Waits until what was staged is on the disk. Otherwise a power cut after the exchange could leave a folder of empty
/// files: names reach the disk before contents do. One call for the whole file system is far cheaper than one for each
/// file: with 10,000 files of 12 KB on ext4 it adds 0.1 to 0.4 s, and `fsync` of each adds 4 s.
/// The exchange itself is not waited for: before it and after it a whole site is there.
#[cfg(target_os = "linux")]
fn flush(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs::File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn flush(_: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

/// Exchanges two folders in one step. A file system that can't do that gets two renames, and for that moment (or for
/// good, if the run is killed in it) there is no folder at all; the next build makes it.
fn exchange(new: &Path, place: &Path) -> io::Result<()> {
    if !exists(place) {
        return fs::rename(new, place);
    }
    match renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => exchange_in_two_steps(new, place),
        exchanged => Ok(exchanged?),
    }
}

fn exchange_in_two_steps(new: &Path, place: &Path) -> io::Result<()> {
    let aside = new.with_extension("old");
    fs::rename(place, &aside)?;
    fs::rename(new, place).inspect_err(|_| {
        let _ = fs::rename(&aside, place);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_never_given_back_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = lock(folder.path(), 1).expect("nobody holds it");
        let refused = lock(folder.path(), 1).expect_err("it is held");
        assert!(refused.to_string().contains("another goldbook"), "{refused}");
        drop(held);
        assert!(lock(folder.path(), 1).expect("given back").is_some());
    }

    #[test]
    fn two_renames_do_where_no_exchange_is_known() {
        let folder = tempfile::tempdir().expect("a folder");
        let (new, place) = (folder.path().join("new"), folder.path().join("place"));
        for (path, text) in [(&new, "new"), (&place, "old")] {
            fs::create_dir(path).and_then(|()| fs::write(path.join("a"), text)).expect("room");
        }
        exchange_in_two_steps(&new, &place).expect("both are there");
        assert_eq!(fs::read(place.join("a")).expect("a file"), b"new");
        assert_eq!(fs::read(folder.path().join("new.old/a")).expect("a file"), b"old");
    }
}
