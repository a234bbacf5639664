//! Raters: which columns of wide tables are raters', where nobody named them.
//!
//! In: the columns that may be, and what stands in them. Out: those that are not: dates, texts and notes share no value
//! with any other column. One value is too little to tell a note from an answer: then a usual name of notes decides.
//! Where the form of the table is a guess too, what does not bear it out is refused with what to declare.

use super::categories::number;
use super::layout::Layout;
use super::looks::{advice, is_of_answers};
use super::unlike::unlike_ratings;
use crate::diagnostic::Fault;
use crate::quality::table::Coded;
use crate::table::head::{is_index, is_of_notes};
use crate::table::{ColumnRole, Frozen};
use crate::text::{letters, listed};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Columns that may be raters'.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    /// Their numbers as raters, in the order of the heads.
    pub columns: Vec<u32>,
    /// By column: how many rows it has a cell in.
    pub cells: BTreeMap<u32, u64>,
    /// Their names in tables of which nobody said that they are wide; empty if there are none.
    pub guessed: Vec<String>,
    /// Whether such a table has no column of items.
    pub lacks_item: bool,
    /// Whether the first column of such a table has no name.
    pub is_first_unnamed: bool,
}

impl Candidates {
    /// Adds the columns of one table.
    pub fn add(&mut self, columns: &[u32], rows: u64) {
        self.columns.extend(columns.iter().filter(|column| !self.cells.contains_key(column)));
        columns.iter().for_each(|column| *self.cells.entry(*column).or_default() += rows);
    }

    /// Adds that nobody said that a table with this head is wide.
    pub fn guess(&mut self, head: &[String], layout: &Layout) {
        self.guessed.extend(layout.columns().iter().map(|place| head[*place].clone()));
        self.lacks_item |= layout.numbers_items();
        self.is_first_unnamed |= is_index(&head[0]);
    }

    /// Whether the form of a table is a guess.
    pub fn is_guess(&self) -> bool {
        !self.guessed.is_empty()
    }
}

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

/// Candidates that are no raters', or may not be.
#[derive(Debug, Default)]
pub(super) struct NotRaters {
    /// They share no value with any other column, and are no raters' columns.
    pub unshared: BTreeSet<u32>,
    /// They have too little in them to tell, and are taken for raters'.
    pub lonely: BTreeSet<u32>,
    /// They hold times, names or texts, and are no raters' columns.
    pub unlike: BTreeSet<u32>,
}

impl NotRaters {
    /// All that are no raters' columns.
    pub fn all(&self) -> BTreeSet<u32> {
        self.unshared.union(&self.unlike).copied().collect()
    }
}

/// What tells raters' columns from others.
pub(super) struct ColumnEvidence<'e> {
    pub candidates: &'e Candidates,
    pub ratings: &'e [Coded],
    /// Every label of gold.
    pub gold: &'e [u32],
    pub labels: &'e Frozen,
    pub raters: &'e Frozen,
    pub declared: Option<&'e [String]>,
}

impl ColumnEvidence<'_> {
    /// The candidates that are no raters'; `Err` says why nobody can tell which are, if the form of the table is a guess
    /// that its columns do not bear out.
    pub fn told(&self) -> Result<NotRaters, Fault> {
        let is_guess = self.candidates.is_guess() && !self.ratings.is_empty();
        if self.candidates.columns.len() < 2 && !is_guess {
            return Ok(NotRaters::default());
        }
        let unlike = match is_guess {
            true => unlike_ratings(&self.candidates.columns, self.ratings, self.labels),
            false => BTreeSet::new(),
        };
        let columns = self.values(&unlike);
        let is_unshared = |rater: &u32| {
            let column = &columns[*rater as usize];
            column.is_rated && !column.is_shared && !column.lies_within(&columns)
        };
        let is_other = |rater: &u32| columns[*rater as usize].has_several || is_of_notes(self.raters.get(*rater));
        let rest = self.candidates.columns.iter().copied().filter(|rater| !unlike.contains(rater));
        let (unshared, lonely): (BTreeSet<u32>, BTreeSet<u32>) = rest.filter(is_unshared).partition(is_other);
        let shared = columns.iter().filter(|column| column.is_candidate && column.is_shared).count();
        if is_guess {
            self.check(shared, &unshared, &lonely)?;
        }
        // Where no two columns share a value, nothing tells raters from others.
        if shared == 0 { Ok(NotRaters::default()) } else { Ok(NotRaters { unshared, lonely, unlike }) }
    }

    /// By number of a rater: what is known of the column, as far as it may be a rater's.
    fn values(&self, unlike: &BTreeSet<u32>) -> Vec<ColumnValues> {
        let mut by_meaning: HashMap<Meaning, usize> = HashMap::new();
        let mut meanings = vec![0; self.labels.bound()];
        let mut numbers = vec![None; self.labels.bound()];
        for id in self.labels.ids() {
            let next = by_meaning.len();
            meanings[id as usize] = *by_meaning.entry(Meaning::of(self.labels.get(id))).or_insert(next);
            numbers[id as usize] = number(self.labels.get(id));
        }
        let mut first: Vec<Option<u32>> = vec![None; by_meaning.len()];
        self.gold.iter().for_each(|label| first[meanings[*label as usize]] = Some(NOBODY));
        for category in self.declared.into_iter().flatten() {
            by_meaning.get(&Meaning::of(category)).into_iter().for_each(|meaning| first[*meaning] = Some(NOBODY));
        }
        let mut columns = vec![ColumnValues::default(); self.raters.bound()];
        let may_be = self.candidates.columns.iter().filter(|rater| !unlike.contains(rater));
        may_be.for_each(|rater| columns[*rater as usize].is_candidate = true);
        for rating in self.ratings.iter().filter(|rating| !unlike.contains(&rating.rater)) {
            let (rater, label) = (rating.rater, rating.category as usize);
            columns[rater as usize].add(meanings[label], numbers[label]);
            let other = first[meanings[label]].get_or_insert(rater);
            if *other != rater {
                columns[rater as usize].is_shared = true;
                columns.get_mut(*other as usize).into_iter().for_each(|column| column.is_shared = true);
            }
        }
        columns
    }

    /// Whether a guess can stand: no column is called like one beside single answers, two share values (or one does with
    /// gold or the declared categories), and fewer do not.
    fn check(&self, shared: usize, unshared: &BTreeSet<u32>, lonely: &BTreeSet<u32>) -> Result<(), Fault> {
        let names = |of: &mut dyn Iterator<Item = u32>| listed(of.map(|rater| self.raters.get(rater)));
        let of_answers: Vec<&str> =
            self.candidates.guessed.iter().map(String::as_str).filter(|name| is_of_answers(name)).collect();
        let fewest = if self.gold.is_empty() && self.declared.is_none() { 2 } else { 1 };
        let alone = |rater: &u32| unshared.contains(rater) || lonely.contains(rater);
        if !of_answers.is_empty() {
            let stand = if of_answers.len() == 1 { "stands" } else { "stand" };
            Err(self.unclear(&format!("{} usually {stand} beside single answers", listed(of_answers))))
        } else if shared < fewest {
            Err(self.unclear("no two of them share ratings"))
        } else if unshared.len() + lonely.len() > shared {
            let mut alone = self.candidates.columns.iter().copied().filter(alone);
            Err(self.unclear(&format!("{} share no value with any other", names(&mut alone))))
        } else {
            Ok(())
        }
    }

    /// What is said where nobody can tell which columns are raters'.
    fn unclear(&self, why: &str) -> Fault {
        let roles = [ColumnRole::Item, ColumnRole::Rater, ColumnRole::Label];
        let advice = advice(&self.candidates.guessed, &roles[usize::from(!self.candidates.lacks_item)..]);
        Fault::whole(format!("nobody can tell which columns are raters: {why}"))
            .maybe(advice)
            .help("where each row is one rating, name its columns with --item, --rater and --label")
            .help("where each column is a rater, name them with --raters A,B, or say --form wide")
    }
}

/// Leaves out the ratings of columns that are no raters', and their groups.
pub(super) fn leave_out(others: &BTreeSet<u32>, ratings: &mut Vec<Coded>, groups: &mut Vec<u32>) {
    if !groups.is_empty() {
        let mut kept = ratings.iter().map(|rating| !others.contains(&rating.rater));
        groups.retain(|_| kept.next().unwrap_or(true));
    }
    ratings.retain(|rating| !others.contains(&rating.rater));
}
