//! Raters: which columns of wide tables are raters', where nobody named them.
//!
//! In: the columns that may be, and what stands in them. Out: those that are not: dates, texts and notes share no value
//! with any other column. One value is too little to tell a note from an answer: then a usual name of notes decides.

use super::categories::number;
use super::error::LabelErrors;
use crate::diagnostic::Fault;
use crate::quality::table::Coded;
use crate::table::Frozen;
use crate::table::head::is_of_notes;
use crate::text::{letters, listed};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Columns that may be raters': their numbers as raters, each with how many rows it has a cell in.
pub(super) type Candidates = BTreeMap<u32, u64>;

/// What is known of a column.
#[derive(Clone, Copy, Default)]
struct ColumnValues {
    is_candidate: bool,
    is_rated: bool,
    is_shared: bool,
    is_other_than_number: bool,
    first_label: Option<usize>,
    has_several: bool,
    least: Option<f64>,
    greatest: Option<f64>,
}

impl ColumnValues {
    fn add(&mut self, label: usize, number: Option<f64>) {
        self.is_rated = true;
        self.has_several |= *self.first_label.get_or_insert(label) != label;
        let Some(number) = number else {
            self.is_other_than_number = true;
            return;
        };
        self.least = Some(self.least.map_or(number, |least| least.min(number)));
        self.greatest = Some(self.greatest.map_or(number, |greatest| greatest.max(number)));
    }

    /// Whether all are numbers among those of raters.
    fn lies_within(&self, raters: &[Self]) -> bool {
        let of = |bound: fn(&Self) -> Option<f64>| raters.iter().filter(|of| of.is_shared).filter_map(bound);
        let (least, greatest) = (of(|of| of.least).reduce(f64::min), of(|of| of.greatest).reduce(f64::max));
        !self.is_other_than_number && self.least >= least && least.is_some() && self.greatest <= greatest
    }
}

/// A label, however it is written.
#[derive(PartialEq, Eq, Hash)]
enum Meaning {
    Number(u64),
    Letters(String),
}

impl Meaning {
    fn of(label: &str) -> Self {
        number(label).map_or_else(|| Self::Letters(letters(label)), |number| Self::Number(number.to_bits()))
    }
}

/// Nobody in particular: gold, or the declared categories.
const NOBODY: u32 = u32::MAX;

/// Candidates that share no value with any other column.
#[derive(Debug, Default)]
pub(super) struct Unshared {
    /// They are no raters' columns.
    pub others: BTreeSet<u32>,
    /// They have too little in them to tell, and are taken for raters'.
    pub lonely: BTreeSet<u32>,
}

/// The candidates that share no value with any other; `Err` if there are more of them than of those that do.
pub(super) fn told(
    candidates: &Candidates,
    ratings: &[Coded],
    gold: &[u32],
    (labels, raters): (&Frozen, &Frozen),
    declared: Option<&[String]>,
) -> Result<Unshared, BTreeSet<u32>> {
    if candidates.len() < 2 {
        return Ok(Unshared::default());
    }
    let mut by_meaning: HashMap<Meaning, usize> = HashMap::new();
    let mut meanings = vec![0; labels.bound()];
    let mut numbers = vec![None; labels.bound()];
    for id in labels.ids() {
        let next = by_meaning.len();
        meanings[id as usize] = *by_meaning.entry(Meaning::of(labels.get(id))).or_insert(next);
        numbers[id as usize] = number(labels.get(id));
    }
    let mut first: Vec<Option<u32>> = vec![None; by_meaning.len()];
    gold.iter().for_each(|label| first[meanings[*label as usize]] = Some(NOBODY));
    for category in declared.into_iter().flatten() {
        by_meaning.get(&Meaning::of(category)).into_iter().for_each(|meaning| first[*meaning] = Some(NOBODY));
    }
    let last = ratings.iter().map(|rating| rating.rater).chain(candidates.keys().copied()).max().unwrap_or(0);
    let mut columns = vec![ColumnValues::default(); last as usize + 1];
    candidates.keys().for_each(|rater| columns[*rater as usize].is_candidate = true);
    for rating in ratings {
        let (rater, label) = (rating.rater, rating.category as usize);
        columns[rater as usize].add(meanings[label], numbers[label]);
        let other = first[meanings[label]].get_or_insert(rater);
        if *other != rater {
            columns[rater as usize].is_shared = true;
            columns.get_mut(*other as usize).into_iter().for_each(|column| column.is_shared = true);
        }
    }
    let is_unshared = |rater: &u32| {
        let column = &columns[*rater as usize];
        column.is_rated && !column.is_shared && !column.lies_within(&columns)
    };
    let is_other = |rater: &u32| columns[*rater as usize].has_several || is_of_notes(raters.get(*rater));
    let (others, lonely): (BTreeSet<u32>, BTreeSet<u32>) =
        candidates.keys().copied().filter(is_unshared).partition(is_other);
    let shared = columns.iter().filter(|column| column.is_candidate && column.is_shared).count();
    // Where no two columns share a value, nothing tells raters from others.
    match shared {
        0 => Ok(Unshared::default()),
        _ if others.len() + lonely.len() > shared => Err(others.union(&lonely).copied().collect()),
        _ => Ok(Unshared { others, lonely }),
    }
}

/// What is said where most columns share no value with another.
pub(super) fn unclear(others: &BTreeSet<u32>, raters: &Frozen) -> LabelErrors {
    let mut names: Vec<&str> = others.iter().map(|rater| raters.get(*rater)).collect();
    names.sort_unstable();
    let names = listed(names);
    let message = format!("nobody can tell which columns are raters: {names} share no value with any other");
    let fault = Fault::whole(message)
        .help("name the columns of raters with --raters A,B")
        .help("or, where each row is one rating, those of a long table with --item, --rater and --label");
    LabelErrors { errors: vec![fault.of("")], more: 0 }
}

/// Leaves out the ratings of columns that are no raters', and their groups.
pub(super) fn leave_out(others: &BTreeSet<u32>, ratings: &mut Vec<Coded>, groups: &mut Vec<u32>) {
    if !groups.is_empty() {
        let mut kept = ratings.iter().map(|rating| !others.contains(&rating.rater));
        groups.retain(|_| kept.next().unwrap_or(true));
    }
    ratings.retain(|rating| !others.contains(&rating.rater));
}
