//! Unlike: columns of which each cell says that they hold no ratings, whoever they may share values with.
//!
//! In: what stands in columns that may be raters'. Out: those that hold times, names or texts. It looks at values only;
//! what they share is told elsewhere.

use super::categories::number;
use crate::quality::table::Coded;
use crate::table::Frozen;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// In so many rows, ratings repeat each other.
const MANY: u64 = 20;
/// After so many cells a column whose values repeat is known.
const ENOUGH: u64 = 40;
/// Ratings of so many words are rare.
const WORDS: usize = 4;

/// What the cells of a column are like.
#[derive(Default)]
struct ColumnCells {
    all: u64,
    times: u64,
    wordy: u64,
    numbers: u64,
    /// Its distinct labels, as long as most are distinct.
    distinct: Option<HashSet<u32>>,
}

impl ColumnCells {
    fn new() -> Self {
        Self { distinct: Some(HashSet::new()), ..Self::default() }
    }

    fn add(&mut self, label: u32, kind: CellKind) {
        self.all += 1;
        match kind {
            CellKind::Time => self.times += 1,
            CellKind::Wordy => self.wordy += 1,
            CellKind::Number => self.numbers += 1,
            CellKind::Other => {}
        }
        if let Some(distinct) = &mut self.distinct {
            distinct.insert(label);
            if self.all >= ENOUGH && 2 * (distinct.len() as u64) < self.all {
                self.distinct = None;
            }
        }
    }

    /// Whether all are times; or nearly no two are alike, and they are many or texts. Numbers may be measured.
    fn are_unlike_ratings(&self) -> bool {
        let distinct = self.distinct.as_ref().map_or(0, HashSet::len) as u64;
        let nearly_all_differ = 10 * distinct >= 9 * self.all && self.numbers < self.all;
        self.all > 0
            && (self.times == self.all || nearly_all_differ && (self.all >= MANY || 2 * self.wordy >= self.all))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellKind {
    Time,
    Wordy,
    Number,
    Other,
}

impl CellKind {
    fn of(label: &str) -> Self {
        if number(label).is_some() {
            Self::Number
        } else if is_time(label) {
            Self::Time
        } else if label.split_whitespace().count() >= WORDS {
            Self::Wordy
        } else {
            Self::Other
        }
    }
}

/// Whether a text holds a time of day with two places of minutes, or a date with four of the year.
fn is_time(text: &str) -> bool {
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let between: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let lengths: Vec<usize> = runs.iter().map(|run| run.len()).collect();
    let clock = lengths.windows(2).zip(&between).any(|(of, c)| *c == ':' && (1..=2).contains(&of[0]) && of[1] == 2);
    let day = |length: usize| (1..=2).contains(&length);
    let date = lengths.windows(3).zip(between.windows(2)).any(|(of, c)| {
        c[0] == c[1] && "-/.".contains(c[0]) && day(of[1]) && (of[0] == 4 && day(of[2]) || day(of[0]) && of[2] == 4)
    });
    clock || date
}

/// Those of some columns that hold no ratings by their values alone.
pub(super) fn unlike_ratings(columns: &[u32], ratings: &[Coded], labels: &Frozen) -> BTreeSet<u32> {
    let mut kinds = vec![CellKind::Other; labels.bound()];
    labels.ids().for_each(|label| kinds[label as usize] = CellKind::of(labels.get(label)));
    let mut cells: BTreeMap<u32, ColumnCells> = columns.iter().map(|column| (*column, ColumnCells::new())).collect();
    for rating in ratings {
        if let Some(cells) = cells.get_mut(&rating.rater) {
            cells.add(rating.category, kinds[rating.category as usize]);
        }
    }
    cells.into_iter().filter(|(_, cells)| cells.are_unlike_ratings()).map(|(column, _)| column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_of_day_are_seen() {
        let times = ["2026-11-02", "2/11/2026", "Mon Nov 02 10:00:00 PST 2026", "2026/11/02 9:00:00 AM GMT+1", "9:05"];
        assert!(times.iter().all(|text| is_time(text)));
        let others = ["1.2.3", "1:1", "a: 10", "2026", "1-2", "", "3.10.12", "yes/no", "10-2-20"];
        assert!(others.iter().all(|text| !is_time(text)));
    }

    #[test]
    fn names_and_texts_nearly_all_differ_and_ratings_do_not() {
        let cells = |labels: &[&str]| {
            let mut cells = ColumnCells::new();
            let known: Vec<&str> = labels.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
            for label in labels {
                cells.add(known.binary_search(label).unwrap() as u32, CellKind::of(label));
            }
            cells.are_unlike_ratings()
        };
        let ids: Vec<String> = (0..20).map(|id| format!("A{id}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(cells(&ids) && !cells(&ids[..19]));
        let numbers: Vec<String> = (0..20).map(|number| format!("{number}.5")).collect();
        assert!(!cells(&numbers.iter().map(String::as_str).collect::<Vec<_>>()));
        assert!(cells(&["it went very wrong", "ok", "it ended too early"]) && !cells(&["a", "b", "c"]));
        assert!(!cells(&["yes", "no"].repeat(30)) && !cells(&[]));
    }
}
