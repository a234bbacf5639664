//! Rejected rows: each has a reason, is counted, and the first few are shown with their place.
//!
//! In: rows that can't be used. Out: their reasons, and what is kept of those of one reason; one diagnostic a reason.
//! However many bad rows there are, what is kept of them stays small.

use super::columns::{Column, Row};
use super::gold_rows::GoldRow;
use crate::diagnostic::{Diagnostics, Fault, FileFault, did_you_mean, rules};
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

            /// The reason of this code.
            pub fn coded(id: &str) -> Option<Self> {
                [$(Self::$name,)*].into_iter().find(|reason| reason.id() == id)
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
    GoldInExport "gold-in-export" "gold that a tool keeps among its ratings: it is no rating, and is not taken for gold by itself";
    NoCriterion "no-criterion" "a value without a criterion";
    NoItem "no-item" "no item";
    NoRater "no-rater" "no rater";
    NoValue "no-value" "neither a value nor an outcome";
    NoneNotAllowed "none-not-allowed" "the outcome `none` of a criterion whose answers are neither flags nor sets";
    NotInCohort "not-in-cohort" "a cohort that its rater is not in at that date";
    NotOfRun "not-of-run" "what is of a message, an event or several runs, and not of one run";
    NotSubmitted "not-submitted" "a draft or a prediction, which nobody submitted";
    ScorerValue "scorer-value" "what a scorer says by itself: it is no person's rating, and nobody says whose else";
    TwoCohorts "two-cohorts" "a rater who belongs to two cohorts at that date";
    UnknownAttribute "unknown-attribute" "an attribute that the criterion's flags do not have";
    UnknownBasis "unknown-basis" "an unknown basis";
    UnknownCohort "unknown-cohort" "a cohort that no file describes";
    UnknownCriterion "unknown-criterion" "a criterion that the rubric of that version does not have";
    UnknownOutcome "unknown-outcome" "an unknown outcome";
    UnknownReceipt "unknown-receipt" "a receipt behind the version that no text of that version has: it was mistyped, or the tool showed something else";
    UnknownStatus "unknown-status" "an unknown status";
    UnknownTask "unknown-task" "a task that is not there, or none where there are several";
    UnreadableRow "unreadable-row" "a row that cannot be read";
    UnsureNotAllowed "unsure-not-allowed" "the outcome `unsure` of a criterion that does not allow it";
    ValueAndOutcome "value-and-outcome" "a value and an outcome in one row";
    ValueOffScale "value-off-scale" "a value that is not on its scale";
    WithdrawnRun "withdrawn-run" "a rating of a run that the owner of its log withdrew";
}

impl Reason {
    /// Whether the row answers the criterion with what that does not allow.
    pub fn is_invalid_answer(self) -> bool {
        matches!(
            self,
            Self::BadStep
                | Self::NoneNotAllowed
                | Self::UnknownOutcome
                | Self::UnsureNotAllowed
                | Self::ValueAndOutcome
                | Self::ValueOffScale
        )
    }
}

/// Why one row is refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The reason it is counted under.
    pub reason: Reason,
    /// What was found, in a few words.
    pub fault: Fault,
    /// Of gold: what it says.
    pub gold: Vec<GoldRow>,
}

impl Refusal {
    /// A refusal that shows what was found.
    pub fn new(reason: Reason, found: impl Into<String>) -> Self {
        Self { reason, fault: Fault::whole(found), gold: Vec::new() }
    }

    /// A refusal of gold, with what it says.
    pub fn of_gold(found: impl Into<String>, gold: Vec<GoldRow>) -> Self {
        Self { gold, ..Self::new(Reason::GoldInExport, found) }
    }
}

/// A row that can't be used.
#[derive(Debug)]
pub struct RejectedRow {
    /// Why.
    pub reason: Reason,
    /// What was found, and on which line.
    pub fault: Fault,
    /// The cohort it would have counted for, if that is known.
    pub cohort: Option<u16>,
    /// Of a row that could be cut into cells: those of `CELLS`, not endless.
    pub cells: [String; 4],
}

impl RejectedRow {
    /// Cells by which people find a row again.
    pub const CELLS: [Column; 4] = [Column::Item, Column::Rater, Column::Criterion, Column::Value];

    /// A row that was cut into cells.
    pub fn of(row: &Row<'_, '_>, refusal: Refusal, cohort: Option<u16>) -> Self {
        let cells = Self::CELLS.map(|column| text::beginning(row.get(column), LONGEST_SHOWN).into_owned());
        Self { cells, ..Self::on(row.line, refusal, cohort) }
    }

    /// A row of which no cells are known.
    pub fn on(line: u64, refusal: Refusal, cohort: Option<u16>) -> Self {
        let Refusal { reason, fault, .. } = refusal;
        Self { reason, fault: Fault { line: Some(line), ..fault }, cohort, cells: Default::default() }
    }

    /// A row that can't be cut into cells.
    pub fn unreadable(fault: Fault) -> Self {
        Self { reason: Reason::UnreadableRow, fault, cohort: None, cells: Default::default() }
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

    /// Adds a row.
    pub fn add(&mut self, file: &str, fault: &Fault) {
        self.count += 1;
        self.keep(file, fault);
    }

    /// Adds further rows of the same reason.
    pub fn append(&mut self, other: &Self) {
        self.count += other.count;
        other.first.iter().for_each(|row| self.keep(&row.file, &row.fault));
    }
}

/// How many rows of a reason are shown.
const SHOWN: usize = 5;
/// Longest text that is shown of what was found.
pub const LONGEST_SHOWN: usize = 120;

/// One diagnostic a reason.
pub fn report(all: &BTreeMap<Reason, Rejected>, diagnostics: &mut Diagnostics) {
    for (reason, rejected) in all {
        let Some(first) = rejected.first.first() else { continue };
        let rows = if rejected.count == 1 { "row is" } else { "rows are" };
        let message = format!("{} rating {rows} not used: {} ({})", rejected.count, reason.about(), reason.id());
        let finding = diagnostics.add(rules::REJECTED_RATINGS, first.fault.place(&*first.file), message);
        finding.help.extend(rejected.first.iter().map(FileFault::to_string));
        if rejected.count > rejected.first.len() as u64 {
            finding.help.push("`goldbook check --rejects FILE` writes them all".to_owned());
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
    fn rows_are_counted_and_the_first_are_shown() {
        let mut rejected = Rejected::default();
        for line in (2..1000).rev() {
            rejected.add("content/ratings/a.csv", &Fault::on(line, "`may\u{1b}be`".repeat(50)));
        }
        let lines: Vec<u64> = rejected.first.iter().filter_map(|row| row.fault.line).collect();
        assert_eq!((rejected.count, lines), (998, vec![2, 3, 4, 5, 6]));
        let shown = &rejected.first[0].fault.message;
        assert!(shown.contains("\\u{1b}") && shown.ends_with('…'));
        let mut diagnostics = Diagnostics::default();
        report(&[(Reason::ValueOffScale, rejected)].into(), &mut diagnostics);
        assert_eq!(diagnostics.sorted().len(), 1);
        assert_eq!(diagnostics.sorted()[0].help.len(), 6);
    }
}
