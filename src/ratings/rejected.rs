//! Rejected rows: each has a reason, is counted, and the first few are shown with their place.
//!
//! In: rows that can't be used. Out: counts by reason and cohort, and one diagnostic a reason. Nothing is dropped
//! in silence, and however many bad rows there are, what is kept of them stays small.

use crate::diagnostic::{Diagnostics, Fault, FileFault, did_you_mean, rules};
use crate::table::Faults;
use crate::text;
use std::collections::BTreeMap;

macro_rules! reasons {
    ($($name:ident $id:literal $about:literal;)*) => {
        /// Why a row can't be used.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $(#[doc = $about] $name,)* }

        impl Reason {
            /// The code by which rows are counted.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What it means.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

reasons! {
    AttributeWithoutFlag "attribute-without-flag" "an attribute of a step that has no flag in its submission";
    BadPass "bad-pass" "a pass that is not a number from 1 to 255";
    BadStep "bad-step" "a flag without a step, or at a step that the run does not have: steps are counted from 1";
    BadTime "bad-time" "a time that is not ISO 8601";
    BadVersion "bad-version" "a version that is no version number, or was never sealed";
    NoCriterion "no-criterion" "a value without a criterion";
    NoItem "no-item" "no item";
    NoRater "no-rater" "no rater";
    NoValue "no-value" "neither a value nor an outcome";
    NoneNotAllowed "none-not-allowed" "the outcome `none` of a criterion whose answers are neither flags nor sets";
    TwoCohorts "two-cohorts" "a rater who belongs to two cohorts at that date";
    UnknownAttribute "unknown-attribute" "an attribute that the criterion's flags do not have";
    UnknownBasis "unknown-basis" "an unknown basis";
    UnknownCohort "unknown-cohort" "a cohort that no file describes";
    UnknownCriterion "unknown-criterion" "a criterion that the rubric of that version does not have";
    UnknownOutcome "unknown-outcome" "an unknown outcome";
    UnknownStatus "unknown-status" "an unknown status";
    UnknownTask "unknown-task" "a task that is not there, or none where there are several";
    UnreadableRow "unreadable-row" "a row that cannot be read";
    UnsureNotAllowed "unsure-not-allowed" "the outcome `unsure` of a criterion that does not allow it";
    ValueAndOutcome "value-and-outcome" "a value and an outcome in one row";
    ValueOffScale "value-off-scale" "a value that is not on its scale";
}

/// Why one row is refused.
#[derive(Debug)]
pub struct Refusal {
    /// The reason it is counted under.
    pub reason: Reason,
    /// What was found, in a few words.
    pub fault: Fault,
}

impl Refusal {
    /// A refusal that shows what was found.
    pub fn new(reason: Reason, found: impl Into<String>) -> Self {
        Self { reason, fault: Fault::whole(found) }
    }

    /// Says which row it is.
    pub fn on(self, line: u64) -> Self {
        Self { fault: Fault { line: Some(line), ..self.fault }, ..self }
    }
}

/// The rows of one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// How many.
    pub count: u64,
    /// The first few, in the order of files and lines, printable.
    pub first: Vec<FileFault>,
}

impl Rejected {
    /// Keeps a row if it is among the first in the order of files and lines, whatever the order in which they come.
    fn keep(&mut self, file: &str, fault: &Fault) {
        let place = self.first.partition_point(|row| (row.file.as_str(), row.fault.line) <= (file, fault.line));
        if place < SHOWN {
            let shown = |text: &String| text::beginning(text, LONGEST_SHOWN).into_owned();
            let help = fault.help.iter().map(shown).collect();
            self.first.insert(place, Fault { line: fault.line, message: shown(&fault.message), help }.of(file));
            self.first.truncate(SHOWN);
        }
    }

    /// Adds further rows of the same reason.
    fn append(&mut self, other: &Self) {
        self.count += other.count;
        other.first.iter().for_each(|row| self.keep(&row.file, &row.fault));
    }
}

/// How many rows of a reason are shown.
const SHOWN: usize = 5;
/// Longest text that is shown of what was found.
pub const LONGEST_SHOWN: usize = 120;

/// All rejected rows, by reason and by the cohort they would have counted for, if that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejections(BTreeMap<(Reason, Option<u16>), Rejected>);

impl Rejections {
    /// Counts a row, and keeps it if it is among the first.
    pub fn add(&mut self, refusal: &Refusal, cohort: Option<u16>, file: &str) {
        let rejected = self.0.entry((refusal.reason, cohort)).or_default();
        rejected.count += 1;
        rejected.keep(file, &refusal.fault);
    }

    /// Counts the rows of a file that can't be cut into cells.
    pub fn add_unreadable(&mut self, faults: &Faults, file: &str) {
        if faults.count > 0 {
            let rejected = self.0.entry((Reason::UnreadableRow, None)).or_default();
            rejected.count += faults.count;
            faults.kept.iter().for_each(|fault| rejected.keep(file, fault));
        }
    }

    /// Adds the rows of another part of the ratings.
    pub fn append(&mut self, other: Self) {
        for (key, rejected) in other.0 {
            self.0.entry(key).or_default().append(&rejected);
        }
    }

    /// The rows of a cohort and those of no known cohort, by reason.
    pub fn of(&self, cohort: u16) -> BTreeMap<Reason, Rejected> {
        self.gathered(|of| of.is_none_or(|of| of == cohort))
    }

    /// All rows by reason.
    pub fn all(&self) -> BTreeMap<Reason, Rejected> {
        self.gathered(|_| true)
    }

    fn gathered(&self, wanted: impl Fn(Option<u16>) -> bool) -> BTreeMap<Reason, Rejected> {
        let mut all: BTreeMap<Reason, Rejected> = BTreeMap::new();
        for ((reason, cohort), rejected) in &self.0 {
            if wanted(*cohort) {
                all.entry(*reason).or_default().append(rejected);
            }
        }
        all
    }

    /// One diagnostic a reason.
    pub fn report(&self, diagnostics: &mut Diagnostics) {
        for (reason, rejected) in self.all() {
            let Some(first) = rejected.first.first() else { continue };
            let rows = if rejected.count == 1 { "row is" } else { "rows are" };
            let message = format!("{} rating {rows} not used: {} ({})", rejected.count, reason.about(), reason.id());
            let finding = diagnostics.add(rules::REJECTED_RATINGS, first.fault.place(&*first.file), message);
            finding.help.extend(rejected.first.iter().map(FileFault::to_string));
        }
    }
}

/// The nearest of `known` to what was found, to be put behind it; nothing is guessed from what is very long.
pub fn guess<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = if found.len() <= LONGEST_SHOWN { did_you_mean(found, known) } else { None };
    near.map_or(String::new(), |near| format!(": {near}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_reason_and_the_first_are_shown() {
        let mut rejections = Rejections::default();
        for line in 2..1000 {
            let refusal = Refusal::new(Reason::ValueOffScale, "`may\u{1b}be`".repeat(50));
            rejections.add(&refusal.on(line), (line % 2 == 0).then_some(1), "content/ratings/a.csv");
        }
        let all = &rejections.all()[&Reason::ValueOffScale];
        let lines: Vec<u64> = all.first.iter().filter_map(|row| row.fault.line).collect();
        assert_eq!((all.count, lines), (998, vec![2, 3, 4, 5, 6]));
        let shown = &all.first[0].fault.message;
        assert!(shown.contains("\\u{1b}") && shown.ends_with('…'));
        assert_eq!(rejections.of(0)[&Reason::ValueOffScale].count, 499);
        let mut diagnostics = Diagnostics::default();
        rejections.report(&mut diagnostics);
        assert_eq!(diagnostics.sorted().len(), 1);
        assert_eq!(diagnostics.sorted()[0].help.len(), 5);
    }
}
