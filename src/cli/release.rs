//! `goldbook release`.

use super::diff::shown;
use super::{Common, counted};
use crate::command::release::{ReleaseRequest, Released, release};
use crate::diagnostic::one_of;
use crate::release::When;
use crate::release::changes::JudgedChanges;
use crate::release::changes::{Claims, Class, TaskChange, VersionStep};
use crate::release::version::WantedVersion;
use crate::schema::{Moment, Words, words};
use crate::text::{distinct, listed};
use clap::Args;
use jiff::Timestamp;
use semver::Version;
use serde_json::json;
use std::fmt::Write as _;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Seal a version of a task's instructions
///
/// The spec, the rubric, further pages, shipped examples and their runs are stored by digest, and a lock file lists
/// them. A sealed version never changes; from the next build on it is what contractors read. Commit the folder
/// content/releases with the rest of the site.
///
/// The version follows from what changed since the last one, and is the smallest allowed unless you say another:
/// a patch for wording and scoring, a minor step for rules, examples and pay, a major one where an answer means something
/// else. Only you can say what new words in a criterion's section do to ratings: at a terminal each is shown and asked
/// about; elsewhere `--class` says it. `--because` allows a smaller step, or a lighter class than a change seems to have;
/// it is recorded in the lock and shown to readers.
///
/// Example: goldbook release agent-setup-mistakes --dry-run
///
/// Example: goldbook release agent-setup-mistakes -m "Say what to do with a broken item"
///
/// Example: goldbook release agent-setup-mistakes -m "Mend a typo" --class severity=editorial --because "typo"
#[derive(Args)]
pub struct ReleaseArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    /// The new version, such as 1.1.0 [default: the smallest that what changed allows]
    #[arg(long, value_name = "VERSION", value_parser = super::version, group = "step")]
    version: Option<Version>,
    /// Take the next major version
    #[arg(long, group = "step")]
    major: bool,
    /// Take the next minor version
    #[arg(long, group = "step")]
    minor: bool,
    /// Take the next patch version
    #[arg(long, group = "step")]
    patch: bool,
    /// What is new, in a sentence for readers
    #[arg(short, long, value_name = "TEXT", required_unless_present = "dry_run")]
    message: Option<String>,
    /// What changes do to ratings: `editorial`, `clarification` or `meaning`; of one place with `PLACE=`, where a place is
    /// a file, a section or a criterion as `goldbook diff` names it
    #[arg(long = "class", value_name = "[PLACE=]CLASS", value_parser = claim)]
    classes: Vec<(Option<String>, Class)>,
    /// Why the step or a class is smaller than what changed asks for, in a sentence for readers
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
    /// Show what would be sealed, and who would see what, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// When it is sealed, if not now: a time such as 2026-11-29T10:15 (of the site's time zone unless it
    /// names another), or a day, which is its end
    #[arg(long, value_name = "TIME", value_parser = super::moment)]
    date: Option<Moment>,
    /// Seal it for a time that has not come: readers see it from that day on
    #[arg(long, requires = "date")]
    scheduled: bool,
    /// Sign the release with this OpenSSH key, as `ssh-keygen -Y sign -f` takes it
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
}

/// Reads a class, and the place it is claimed for.
fn claim(text: &str) -> Result<(Option<String>, Class), String> {
    let (place, word) = text.rsplit_once('=').map_or((None, text), |(place, word)| (Some(place.to_owned()), word));
    Class::of_word(word)
        .map(|class| (place, class))
        .ok_or_else(|| format!("a class is {}", one_of(words(Class::WORDS))))
}

impl ReleaseArguments {
    fn wanted(&self) -> WantedVersion {
        let steps =
            [(self.major, VersionStep::Major), (self.minor, VersionStep::Minor), (self.patch, VersionStep::Patch)];
        let step = steps.into_iter().find_map(|(is_wanted, step)| is_wanted.then_some(WantedVersion::Step(step)));
        self.version.clone().map(WantedVersion::Exactly).or(step).unwrap_or(WantedVersion::Smallest)
    }

    fn claims(&self) -> Claims {
        let placed = self.classes.iter().filter_map(|(place, class)| Some((place.clone()?, *class)));
        Claims {
            rest: self.classes.iter().rev().find(|(place, _)| place.is_none()).map(|(_, class)| *class),
            at: placed.collect(),
            because: self.because.clone(),
        }
    }
}

pub fn run(arguments: &ReleaseArguments, common: &Common) -> ExitCode {
    let request = ReleaseRequest {
        root: common.root(),
        task: arguments.task.clone(),
        wanted: arguments.wanted(),
        claims: arguments.claims(),
        dry_run: arguments.dry_run,
        note: arguments.message.clone().unwrap_or_default(),
        when: arguments.date.map_or(When::Now, When::Given),
        now: Timestamp::now(),
        scheduled: arguments.scheduled,
        key: arguments.sign.clone(),
    };
    let is_answered = !common.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let progress = if is_answered { crate::progress::Progress::hidden() } else { common.progress() };
    let asked = |changes: &[&TaskChange]| is_answered.then(|| ask(changes)).flatten();
    let released = release(&request, &asked, &progress);
    common.finish(released, |released| if common.json { as_json(&released) } else { in_words(&released) })
}

/// Asks what the changes at one place do to ratings; none if there is no answer.
fn ask(changes: &[&TaskChange]) -> Option<Class> {
    let mut stderr = std::io::stderr().lock();
    for change in changes {
        let _ = writeln!(stderr, "{}", shown(change, None, std::env::var_os("NO_COLOR").is_none()).trim_end());
    }
    loop {
        let _ = write!(stderr, "  says the same (e), more clearly (c), or something else (m)? ");
        let _ = stderr.flush();
        let mut answer = String::new();
        if std::io::stdin().lock().read_line(&mut answer).ok()? == 0 {
            return None;
        }
        let answer = answer.trim().to_lowercase();
        let known = [Class::Editorial, Class::Clarification, Class::Meaning];
        let found = known.into_iter().find(|class| !answer.is_empty() && class.word().starts_with(&answer));
        if found.is_some() {
            return found;
        }
    }
}

fn in_words(released: &Released) -> String {
    let mut out = String::new();
    let plan = released.by_audience.as_ref();
    if let Some(changes) = &released.changes {
        if plan.is_some() {
            changes.iter().for_each(|(change, class)| out.push_str(&shown(change, Some(class), false)));
            out.push('\n');
        }
        let counts = changes.judgement.counts().into_iter().map(|(class, count)| format!("{count} {}", class.word()));
        let _ = writeln!(
            out,
            "{} since the version before ({}): {} is the smallest step\n{}",
            counted(changes.list.changes.len(), "change"),
            counts.collect::<Vec<_>>().join(", "),
            changes.judgement.least.word(),
            changes.comparability(&released.version)
        );
    }
    for (audience, list) in plan.into_iter().flatten() {
        let _ = writeln!(out, "\n{audience} would be told of {}", counted(list.changes.len(), "change"));
        for (what, is_so) in [("newly see", true), ("no longer see", false)] {
            let says = |change: &&TaskChange| !(if is_so { &change.after } else { &change.before }).is_empty();
            let names: Vec<String> = list.changes.iter().filter(says).map(TaskChange::name).collect();
            let names = distinct(names.iter().map(String::as_str));
            if !names.is_empty() {
                let _ = writeln!(out, "  {what}: {}", listed(names));
            }
        }
    }
    match plan {
        Some(_) => {
            let _ = writeln!(
                out,
                "\nwould seal {} {} ({}); nothing was written",
                released.task,
                released.version,
                counted(released.files, "file")
            );
        }
        None => {
            let _ = writeln!(
                out,
                "sealed {} {} ({})\nid {}\nlock {}",
                released.task,
                released.version,
                counted(released.files, "file"),
                released.digest,
                released.lock
            );
        }
    }
    out
}

fn as_json(released: &Released) -> String {
    let changes = |changes: &JudgedChanges| {
        let list = changes
            .iter()
            .map(|(change, class)| json!({"place": change.name(), "what": change.in_words(), "class": class.word()}));
        list.collect::<Vec<_>>()
    };
    let value = json!({
        "task": released.task, "version": released.version.to_string(), "id": released.digest,
        "lock": released.lock, "files": released.files, "written": released.by_audience.is_none(),
        "changes": released.changes.as_ref().map(changes),
        "step": released.changes.as_ref().map(|changes| changes.judgement.least.word()),
        "comparability": released.changes.as_ref().map(|changes| changes.comparability(&released.version)),
        "not_compared": released.changes.as_ref().map(|changes| changes.judgement.incomparable(&changes.list)),
    });
    format!("{value}\n")
}
