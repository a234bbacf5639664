//! Data notes: everything that was left out, replaced or assumed on the way to a report's figures.
//!
//! In: counts made while reading, resolving and scoring. Out: sentences with their number, and the places of rows.
//! What happened to rows is told of all files; what happened to ratings, of those until the end of the week.

use super::Data;
use crate::document::CohortRole;
use crate::figures::words;
use crate::ratings::{LeftOut, RespelledValue, RowCounts, Week};
use crate::release::changes::edited_meanings;
use crate::schema::Words;
use crate::text::quoted;

/// The notes that speak of the cohort's own ratings alone.
pub const OF_COHORT: [&str; 12] = [
    "replaced",
    "withdrawn",
    "task-renamed",
    "withdrawn-nothing",
    "zone-assumed",
    "seconds-unread",
    "edited-meanings",
    "version-assumed",
    "before-release",
    "no-time",
    "not-accepted",
    "after-date",
];

/// One thing to know about the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about, such as `replaced` or `rejected-value-off-scale`.
    pub id: String,
    /// How many.
    pub count: u64,
    /// A sentence.
    pub text: String,
    /// The first few places or names.
    pub details: Vec<String>,
}

/// The notes of a cohort's report, of whose rows `became` says what became.
pub fn of(cohort: u16, week: Week, became: &RowCounts, data: &Data<'_>) -> Vec<Note> {
    let mut notes = NoteList { list: Vec::new() };
    notes.models(cohort, data);
    notes.rejected(became);
    notes.files(data);
    notes.rows(cohort, became, data);
    notes.ratings(cohort, week, data);
    notes.gold(cohort, data);
    notes.edited_meanings(cohort, week, data);
    notes.hidden_comments(cohort, week, data);
    notes.list
}

struct NoteList {
    list: Vec<Note>,
}

impl NoteList {
    /// Adds a note unless there is nothing to count; `text` follows the number and a noun.
    fn add(&mut self, id: &str, count: u64, nouns: (&str, &str), text: &str) -> Option<&mut Note> {
        if count == 0 {
            return None;
        }
        let text = format!("{} {text}", words::counted(count, nouns.0, nouns.1));
        self.list.push(Note { id: id.to_owned(), count, text, details: Vec::new() });
        self.list.last_mut()
    }

    /// What agreement among models is not.
    fn models(&mut self, cohort: u16, data: &Data<'_>) {
        let cohort = &data.model.cohorts[usize::from(cohort)];
        if cohort.role == CohortRole::Model {
            let text = "here: they are named and no sample of others, each stands for itself, and that they agree is no evidence that they are right.";
            self.add("models", cohort.raters.len() as u64, ("model", "models"), text);
        }
    }

    fn rejected(&mut self, became: &RowCounts) {
        for (reason, rejected) in &became.rejected {
            let text = format!("not used: {}.", reason.about());
            let note = self.add(&format!("rejected-{}", reason.id()), rejected.count, ("row", "rows"), &text);
            if let Some(note) = note {
                note.details = rejected.first.iter().map(ToString::to_string).collect();
            }
        }
    }

    fn files(&mut self, data: &Data<'_>) {
        let notes = &data.ratings.notes;
        let text = "of ratings not read, or not to the end.";
        let faults = notes.ledger.files.iter().filter_map(|file| Some(file.fault.clone()?.of(&*file.path)));
        let faults: Vec<String> = faults.map(|fault| fault.to_string()).collect();
        if let Some(note) = self.add("files", faults.len() as u64, ("file", "files"), text) {
            note.details = faults;
        }
        let text = "that nothing reads.";
        let columns = &notes.unknown_columns;
        if let Some(note) = self.add("unknown-columns", columns.len() as u64, ("column", "columns"), text) {
            note.details =
                columns.iter().map(|(column, file)| format!("{} (in {file})", column.escape_debug())).collect();
        }
    }

    fn rows(&mut self, cohort: u16, became: &RowCounts, data: &Data<'_>) {
        let counts = data.ratings.notes.cohorts.get(&Some(cohort)).copied().unwrap_or_default();
        let rows = ("row", "rows");
        self.add(
            "replaced",
            became.replaced,
            rows,
            "replaced by a newer submission, or by a later row of the same one.",
        );
        self.add("withdrawn", became.withdrawn, rows, "taken back by their rater, or taking others back.");
        let text = "of raters who belong to no cohort at their date: in no report.";
        self.add("no-cohort", became.no_cohort, rows, text);
        let respelled = data.ratings.notes.respelled.iter().filter(|(value, _)| value.cohort == Some(cohort));
        let respelled: Vec<_> = respelled.collect();
        let text =
            "with a value that differs from one of the scale in case or outer space alone: it was taken for that.";
        if let Some(note) = self.add("respelled", respelled.iter().map(|(_, rows)| **rows).sum(), rows, text) {
            let told = |(value, rows): &(&RespelledValue, &u64)| {
                let criterion = &data.ratings.names.questions[usize::from(value.question)].criterion.id;
                let (written, meant) = (quoted(&value.written), quoted(&value.value));
                format!("{written} for {meant} of `{criterion}`: {}", words::counted(**rows, "row", "rows"))
            };
            note.details = respelled.iter().take(NAMED).map(told).collect();
        }
        let text = "that name their task by an id that it had before: they count for it.";
        self.add("task-renamed", counts.task_renamed, rows, text);
        let text = "that found nothing to take back.";
        self.add("withdrawn-nothing", counts.withdrawn_nothing, ("withdrawal", "withdrawals"), text);
        let text = format!("with a time that has no zone: {} was assumed.", zone(data));
        self.add("zone-assumed", counts.zone_assumed, rows, &text);
        self.add(
            "seconds-unread",
            counts.seconds_unread,
            rows,
            "whose `seconds` are not a number: the time is not counted.",
        );
    }

    /// Words beside a value that changed and, as their author says, mean the same: ratings are compared across them.
    fn edited_meanings(&mut self, cohort: u16, week: Week, data: &Data<'_>) {
        let tasks = data.work.tasks(cohort).map(|task| &data.model.tasks[usize::from(task)]);
        let steps = tasks.flat_map(|task| {
            task.releases.windows(2).map(move |pair| (task.release_name(&pair[1]), &pair[0], &pair[1]))
        });
        let until = steps.filter(|(_, _, release)| release.time.day() <= week.days().1);
        let edited = until.flat_map(|(name, before, release)| {
            let why = release.because.as_ref().map_or_else(String::new, |because| format!(": {}", quoted(because)));
            let own = edited_meanings(before, release).into_iter();
            own.map(move |(change, class)| format!("{name}, {} ({}){why}", change.in_words(), class.word()))
        });
        let edited: Vec<String> = edited.collect();
        let text = "in the words beside a value, which its author says means the same: ratings from before and after are compared, and accuracy by version tells them apart.";
        if let Some(note) = self.add("edited-meanings", edited.len() as u64, ("change", "changes"), text) {
            note.details = edited;
        }
    }

    fn hidden_comments(&mut self, cohort: u16, week: Week, data: &Data<'_>) {
        let until = data.hidden_comments.range((cohort, None)..=(cohort, Some(week)));
        let text = "of raters that the data lead keeps from every page.";
        self.add("hidden-comments", until.map(|(_, count)| count).sum(), ("comment", "comments"), text);
    }

    fn ratings(&mut self, cohort: u16, week: Week, data: &Data<'_>) {
        let ratings = ("rating", "ratings");
        let work = &data.work;
        let assumed = work.version_assumed.range((cohort, None)..=(cohort, Some(week))).map(|(_, count)| count).sum();
        self.add(
            "version-assumed",
            assumed,
            ratings,
            "without a version: the one that served when they were made was assumed.",
        );
        let sealed = work.tasks(cohort).filter(|task| !data.model.tasks[usize::from(*task)].releases.is_empty());
        let before = sealed.flat_map(|task| work.no_version.range((cohort, task, None)..=(cohort, task, Some(week))));
        self.add(
            "before-release",
            before.map(|(_, count)| count).sum(),
            ratings,
            "made before any release of their task: they have no version, and are read and scored as of the first one.",
        );
        let invalid = work.invalid.range((cohort, None)..=(cohort, Some(week))).map(|(_, count)| count).sum();
        let text = "whose answer is none that the criterion allows: they count as asked, and as not right.";
        self.add("invalid", invalid, ratings, text);
        let untimed = work.untimed.get(&cohort).copied().unwrap_or(0);
        self.add("no-time", untimed, ratings, "without a time: they count in the figures so far, and in no week.");
        let refused = work
            .refused
            .range((cohort, None)..=(cohort, Some(week)))
            .map(|(_, submissions)| submissions.len() as u64)
            .sum();
        let text = "not accepted for pay: they count in the figures all the same.";
        self.add("not-accepted", refused, ("submission", "submissions"), text);
        let left_out = |reason: LeftOut, until: Week| {
            let cohort = Some(cohort);
            data.left_out.range((cohort, reason, None)..=(cohort, reason, Some(until))).map(|(_, count)| count).sum()
        };
        let of = |reason| left_out(reason, week);
        self.add(
            "basis",
            of(LeftOut::Basis),
            ratings,
            "not independent (reviewed, discussed, prefilled or final): not scored.",
        );
        let text = "of gold whose criterion meant something else in the other's version: not scored.";
        self.add("not-comparable", of(LeftOut::NotComparable), ratings, text);
        self.add(
            "repeated",
            of(LeftOut::Repeated),
            ratings,
            "of gold that the rater had answered before: only the first one is scored.",
        );
        self.add(
            "own-gold",
            of(LeftOut::OwnGold),
            ratings,
            "of gold that the rater, or the experts' own ratings, made: not scored.",
        );
        self.add(
            "unsure-gold",
            of(LeftOut::UnsureGold),
            ratings,
            "with another answer where the gold is unsure: not scored.",
        );
        let last = Week { year: i16::MAX, week: i8::MAX };
        let later = left_out(LeftOut::AfterDate, last);
        self.add("after-date", later, ratings, "made after the day of this report: not used.");
    }

    fn gold(&mut self, cohort: u16, data: &Data<'_>) {
        let notes = &data.ratings.notes;
        for task in data.work.tasks(cohort) {
            let answers = ("answer", "answers");
            let id = &data.model.tasks[usize::from(task)].id;
            let lists = [
                (GOLD_TIES, notes.ties.get(&task), "on which experts are split: no gold until they are settled."),
                (
                    "gold-differing",
                    notes.differing.get(&task),
                    "on which experts' ratings differ from written gold: the written one counts.",
                ),
            ];
            for (note, items, text) in lists {
                let count = items.map_or(0, |items| items.len() as u64);
                if let Some(note) = self.add(note, count, answers, &format!("to `{id}` {text}")) {
                    note.details = items.into_iter().flatten().take(NAMED).cloned().collect();
                }
            }
        }
    }
}

/// The note on what experts are split on.
pub const GOLD_TIES: &str = "gold-ties";

/// How many items a note names.
const NAMED: usize = 8;

fn zone(data: &Data<'_>) -> String {
    data.model.config.time_zone.iana_name().unwrap_or("the site's time zone").to_owned()
}
