//! Watching: which files of a site changed, a moment after the last of them did.
//!
//! In: the root folder. Out: changes, one batch at a time, until the user ends it. An editor's several steps of saving
//! one file are one batch. It never reads a file.

use crate::config;
use crate::disk;
use crate::workspace::load::Changes;
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// A watched site.
pub struct SiteWatch {
    root: PathBuf,
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    signals: Receiver<Signal>,
}

enum Signal {
    Changed(Vec<PathBuf>),
    /// Something was missed.
    Missed,
    End,
}

/// How long nothing more must happen before a batch is complete.
const QUIET: Duration = Duration::from_millis(4);
/// The longest that a batch is waited for.
const LONGEST: Duration = Duration::from_millis(100);

impl SiteWatch {
    /// Watches the site below `root`, and for the user's Ctrl-C. An error says what can't be watched and why.
    pub fn new(root: &Path) -> Result<Self, String> {
        let (sender, signals) = mpsc::channel();
        let ending = sender.clone();
        let hear = move |event: notify::Result<Event>| {
            // Nobody listens any more once serving has ended.
            let _ = signal(event).map(|signal| sender.send(signal));
        };
        let watcher = notify::recommended_watcher(hear).map_err(|error| error.to_string())?;
        ctrlc::set_handler(move || drop(ending.send(Signal::End))).map_err(|error| error.to_string())?;
        let mut watch = Self { root: root.to_owned(), watcher, watched: BTreeSet::new(), signals };
        watch.follow(root.to_owned(), RecursiveMode::NonRecursive)?;
        watch.follow_parts()?;
        Ok(watch)
    }

    /// The next batch of changes; none at the end.
    pub fn next(&mut self) -> Option<Changes> {
        let mut places = BTreeSet::new();
        let mut missed = false;
        let mut wait = None;
        let mut until = Instant::now();
        loop {
            let signal = match wait {
                None => self.signals.recv().ok()?,
                Some(quiet) => match self.signals.recv_timeout(quiet) {
                    Ok(signal) => signal,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
            };
            match signal {
                Signal::End => return None,
                Signal::Missed => missed = true,
                Signal::Changed(changed) => places.extend(changed.into_iter().filter(|place| self.concerns(place))),
            }
            if places.is_empty() && !missed {
                continue;
            }
            if wait.is_none() {
                until = Instant::now() + LONGEST;
            }
            wait = Some(QUIET.min(until.saturating_duration_since(Instant::now())));
        }
        // A part that was just made is watched from now on; what happened in it before is in the changes.
        let unwatched = self.follow_parts().is_err();
        Some(if missed || unwatched { Changes::Everything } else { Changes::At(places) })
    }

    /// Whether a site is made from what stands at `place`.
    fn concerns(&self, place: &Path) -> bool {
        let inside = PARTS.iter().any(|part| place.starts_with(self.root.join(part)));
        inside || place == self.root.join(config::FILE)
    }

    fn follow_parts(&mut self) -> Result<(), String> {
        for part in PARTS {
            let folder = self.root.join(part);
            if disk::is_folder(&folder) {
                self.follow(folder, RecursiveMode::Recursive)?;
            } else {
                self.watched.remove(&folder);
            }
        }
        Ok(())
    }

    fn follow(&mut self, folder: PathBuf, mode: RecursiveMode) -> Result<(), String> {
        if self.watched.contains(&folder) {
            return Ok(());
        }
        self.watcher
            .watch(&folder, mode)
            .map_err(|error| format!("{} can't be watched for changes: {error}", folder.display()))?;
        self.watched.insert(folder);
        Ok(())
    }
}

/// The folders of a root that a site is made from.
const PARTS: [&str; 2] = ["content", "themes"];

/// What an event means; none for reading, which changes nothing.
fn signal(event: notify::Result<Event>) -> Option<Signal> {
    let Ok(event) = event else { return Some(Signal::Missed) };
    if event.need_rescan() {
        return Some(Signal::Missed);
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Signal::Changed(event.paths)),
        EventKind::Access(_) => None,
        _ => Some(Signal::Changed(event.paths)),
    }
}
