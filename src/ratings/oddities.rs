//! Oddities: what is strange about rows that are read all the same, so that somebody should look.
//!
//! In: rows in the order of files and lines. Out: findings with the place of the first row of each kind. It decides
//! nothing about a row, and none of what it finds is more than a warning.

use super::entry::At;
use super::ledger::Ledger;
use super::scheme::Scheme;
use super::taken::{BlockFindings, Statement, Taken};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::table::Frozen;
use crate::text::{listed, quoted};
use ahash::AHashMap;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Rows of one kind: how many, and the first.
#[derive(Clone, Copy)]
struct Alike {
    rows: u64,
    first: At,
}

/// What was met.
#[derive(Default)]
pub struct Oddities {
    /// By rater: rows that are of no cohort.
    strangers: AHashMap<u32, Alike>,
    /// Rows by their day.
    days: AHashMap<Date, Alike>,
    /// Rows of raters who would count for several cohorts.
    twofold: BTreeMap<(String, Vec<u16>), Alike>,
}

/// How many raters a finding names.
const NAMED: usize = 8;

impl Oddities {
    /// Looks at the rows of the next block.
    pub fn take(&mut self, file: u32, found: &mut BlockFindings) {
        let is_used = |taken: &&Taken| !matches!(taken.statement, Statement::Invalid(_));
        for taken in found.taken.iter().filter(is_used) {
            self.look_at(taken, At { file, line: taken.line });
        }
        for (who, (rows, line)) in std::mem::take(&mut found.twofold) {
            self.twofold.entry(who).or_insert(Alike { rows: 0, first: At { file, line } }).rows += rows;
        }
    }

    fn look_at(&mut self, taken: &Taken, at: At) {
        if taken.cohort.is_none() {
            self.strangers.entry(taken.rater).or_insert(Alike { rows: 0, first: at }).rows += 1;
        }
        if let Some(submitted) = taken.submitted {
            self.days.entry(submitted.day).or_insert(Alike { rows: 0, first: at }).rows += 1;
        }
    }

    /// Reports all of it.
    pub fn report(&self, scheme: &Scheme<'_>, raters: &Frozen, ledger: &Ledger, diagnostics: &mut Diagnostics) {
        let place = |at: At| Place::Line(ledger.files[at.file as usize].path.clone(), at.line);
        for ((rater, cohorts), of) in &self.twofold {
            let names = listed(scheme.cohort_ids(cohorts));
            let message = format!("{} belongs to {names}: {} of both, and not used", quoted(rater), rows(of.rows));
            diagnostics
                .add(rules::AMBIGUOUS_COHORT, place(of.first), message)
                .help("give the memberships `from` and `until` that do not overlap, or name the cohort in the rows");
        }
        self.report_strangers(raters, ledger, diagnostics);
        let mut days: Vec<(Date, Alike)> = self.days.iter().map(|(day, of)| (*day, *of)).collect();
        days.sort_unstable_by_key(|(day, _)| *day);
        for lonely in distant(&days) {
            let first = lonely.iter().map(|(_, of)| of.first).min().unwrap_or(At { file: 0, line: 0 });
            let message = format!(
                "{} dated {}, more than {FAR} days from all others",
                rows(lonely.iter().map(|(_, of)| of.rows).sum()),
                span(lonely)
            );
            diagnostics
                .add(rules::DISTANT_DATE, place(first), message)
                .help("a mistyped year? These rows have a report of their own, and may be in the newest one");
        }
    }

    fn report_strangers(&self, raters: &Frozen, ledger: &Ledger, diagnostics: &mut Diagnostics) {
        let mut strangers: Vec<(&u32, &Alike)> = self.strangers.iter().collect();
        strangers.sort_unstable_by_key(|(_, of)| of.first);
        let Some((_, first)) = strangers.first() else { return };
        let path = |at: At| &ledger.files[at.file as usize].path;
        let all = strangers.iter().map(|(_, of)| of.rows).sum();
        let message = format!("{} in no report: the rater belongs to no cohort at their date", rows(all));
        let place = Place::Line(path(first.first).clone(), first.first.line);
        let finding = diagnostics.add(rules::NO_COHORT, place, message);
        for (rater, of) in strangers.iter().take(NAMED) {
            let (name, count) = (quoted(raters.get(**rater)), of.rows);
            finding.help(format!("{name}: {count}, the first at {}:{}", path(of.first), of.first.line));
        }
        if strangers.len() > NAMED {
            finding.help(format!("and {} more raters", strangers.len() - NAMED));
        }
        finding.help("list them in a file of content/cohorts; its `from` and `until` must hold the day of the rows");
    }
}

/// Two parts of the rows that lie further apart than this are far from each other.
const FAR: i32 = 180;
/// Rows that are alone if there are no more of them, or if they are no more than this share of all.
const FEW: u64 = 5;
const SMALL_SHARE: f64 = 0.01;

/// The runs of days that lie far from all others and have few rows. The run with most rows is never one of them.
fn distant(days: &[(Date, Alike)]) -> Vec<&[(Date, Alike)]> {
    let is_near = |a: &(Date, Alike), b: &(Date, Alike)| (b.0 - a.0).get_days() <= FAR;
    let rows = |run: &[(Date, Alike)]| run.iter().map(|(_, of)| of.rows).sum::<u64>();
    let runs: Vec<&[(Date, Alike)]> = days.chunk_by(is_near).collect();
    // Of equal ones the first.
    let main = runs.iter().rev().max_by_key(|run| rows(run)).map(|run| run[0].0);
    let few = ((rows(days) as f64 * SMALL_SHARE) as u64).max(FEW);
    runs.into_iter().filter(|run| Some(run[0].0) != main && rows(run) <= few).collect()
}

/// `2062-11-02`, or `2062-11-02 to 2062-11-09`.
fn span(days: &[(Date, Alike)]) -> String {
    match days {
        [] => String::new(),
        [(only, _)] => only.to_string(),
        [(first, _), .., (last, _)] => format!("{first} to {last}"),
    }
}

/// `1 rating row is`, `3 rating rows are`.
fn rows(count: u64) -> String {
    if count == 1 { "1 rating row is".to_owned() } else { format!("{count} rating rows are") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days that are found distant, of days with so many rows each.
    fn found(days: &[(&str, u64)]) -> Vec<String> {
        let first = At { file: 0, line: 2 };
        let days: Vec<_> =
            days.iter().map(|(day, rows)| (day.parse().unwrap(), Alike { rows: *rows, first })).collect();
        distant(&days).into_iter().map(span).collect()
    }

    #[test]
    fn few_rows_far_from_all_others_are_distant() {
        assert_eq!(found(&[("2026-11-02", 1), ("2062-11-02", 1)]), ["2062-11-02"]);
        let both = [("1926-11-02", 1), ("2026-11-02", 400), ("2026-12-02", 300), ("2062-11-01", 2), ("2062-11-02", 2)];
        assert_eq!(found(&both), ["1926-11-02", "2062-11-01 to 2062-11-02"]);
        assert_eq!(found(&[("2025-11-05", 9), ("2026-11-02", 1_000)]), ["2025-11-05"]);
    }

    #[test]
    fn work_that_paused_is_not_distant_and_neither_are_the_ends_of_a_long_run() {
        assert_eq!(found(&[("2025-11-02", 100), ("2026-11-02", 900)]), [""; 0]);
        assert_eq!(found(&[("2026-01-01", 1), ("2026-06-01", 1_000), ("2026-11-01", 1)]), [""; 0]);
        assert_eq!(found(&[("2026-01-01", 3)]), [""; 0]);
        assert_eq!(found(&[]), [""; 0]);
    }
}
