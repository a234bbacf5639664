//! Ratings: what the rows of a block say, with a number in place of each name.
//!
//! In: the rows of a table of any form. Out: one rating a filled cell, or as many as it counts, and the gold that stands
//! beside it. Numbers are those of interners that all threads share. It never orders anything and never compares two rows.

mod forms;

use super::exported::CountedRows;
use super::layout::Layout;
use crate::quality::table::Coded;
use crate::table::{Batch, Cache, Cell, Interner, Rows};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The part of what is said of no task or criterion.
pub(super) const WHOLE: u32 = u32::MAX;
/// Between the names of a task and of a criterion while they are one name.
pub(super) const BETWEEN: char = '\u{1f}';

/// The names of all sources.
#[derive(Default)]
pub(super) struct LabelNames {
    pub items: Interner,
    pub raters: Interner,
    pub labels: Interner,
    pub groups: Interner,
}

/// What was asked about single cells.
pub(super) struct CellRequest<'r> {
    /// Labels that count as empty.
    pub missing: &'r [String],
    /// The rater whose labels are gold.
    pub gold_rater: Option<&'r str>,
}

/// Gold on one row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct GoldCell {
    pub part: u32,
    pub item: u32,
    pub label: u32,
    pub line: u64,
}

/// A label in a part for the first time.
pub(super) struct LabelCell {
    pub part: u32,
    pub label: u32,
    pub line: u64,
}

/// What one block says.
#[derive(Default)]
pub(super) struct BlockRatings {
    /// Rows that are not blank.
    pub rows: u64,
    /// Rows whose cells are all empty.
    pub blank: u64,
    /// Rows of an exported table that reports do not count.
    pub uncounted: u64,
    /// Rows of exported tables of which several answers are right.
    pub several_right: u64,
    /// Ratings that are not there: empty labels.
    pub empty: u64,
    /// The ratings; `category` is the number of the label.
    pub ratings: Vec<Coded>,
    /// The group of each rating, if that was asked.
    pub groups: Vec<u32>,
    /// The part of each rating, if rows are taken apart.
    pub parts: Vec<u32>,
    /// The parts in which steps are flagged.
    pub flagged: BTreeSet<u32>,
    /// Gold, once for each run of rows that say the same.
    pub gold: Vec<GoldCell>,
    /// Labels with the first line of the block that has them, perhaps more than once.
    pub labels: Vec<LabelCell>,
}

/// One thread's view of what is known, while it reads a block.
struct BlockReader<'r, 'a> {
    known: &'r LabelNames,
    asked: &'r CellRequest<'r>,
    items: Batch<'r, 'a>,
    raters: Cache<'r, 'a>,
    labels: Cache<'r, 'a>,
    groups: Cache<'r, 'a>,
    /// By the numbers of a task and a criterion: that of the part.
    parts: HashMap<(u32, u32), u32>,
    /// The part of the row.
    part: u32,
    /// Labels that were met in parts.
    met: HashSet<(u32, u32)>,
    found: BlockRatings,
}

impl<'r, 'a> BlockReader<'r, 'a> {
    fn new(known: &'r LabelNames, asked: &'r CellRequest<'r>, bytes: usize) -> Self {
        // Most rows of a long table take more bytes than these, and few take a multiple of them.
        let ratings = Vec::with_capacity(bytes / 12);
        Self {
            known,
            asked,
            items: Batch::of(&known.items, bytes / 32),
            raters: Cache::of(&known.raters),
            labels: Cache::of(&known.labels),
            groups: Cache::of(&known.groups),
            parts: HashMap::new(),
            part: WHOLE,
            met: HashSet::new(),
            found: BlockRatings { ratings, ..BlockRatings::default() },
        }
    }

    /// What was found, with numbers of items in place of their places in the batch where rows name them.
    fn finish(self, names_items: bool) -> BlockRatings {
        let mut found = self.found;
        if names_items {
            let items = self.items.resolve();
            found.ratings.iter_mut().for_each(|rating| rating.item = items[rating.item as usize]);
            found.gold.iter_mut().for_each(|gold| gold.item = items[gold.item as usize]);
        }
        found
    }

    /// The number of a label; none if nothing is said.
    #[inline]
    fn label(&mut self, label: &Cell<'a>, line: u64) -> Option<u32> {
        if label.is_empty() || self.asked.missing.iter().any(|missing| **missing == **label) {
            return None;
        }
        let (label, is_new) = self.labels.id(label);
        let is_new = if self.part == WHOLE { is_new } else { self.met.insert((self.part, label)) };
        if is_new {
            self.found.labels.push(LabelCell { part: self.part, label, line });
        }
        Some(label)
    }

    fn rating(&mut self, item: u32, rater: u32, label: &Cell<'a>, line: u64, group: Option<u32>) {
        match self.label(label, line) {
            Some(category) => {
                self.found.ratings.push(Coded { item, rater, category });
                self.found.groups.extend(group);
                self.found.parts.extend((self.part != WHOLE).then_some(self.part));
            }
            None => self.found.empty += 1,
        }
    }

    #[inline]
    fn gold(&mut self, item: u32, label: &Cell<'a>, line: u64) {
        let Some(label) = self.label(label, line) else { return };
        let cell = GoldCell { part: self.part, item, label, line };
        if self.found.gold.last().is_none_or(|last| GoldCell { line, ..*last } != cell) {
            self.found.gold.push(cell);
        }
    }

    fn group(&mut self, cells: &[Cell<'a>], by: Option<usize>) -> Option<u32> {
        Some(self.groups.id(&cells[by?]).0)
    }

    /// The part of a row, by its task and criterion.
    fn part(&mut self, cells: &[Cell<'a>], apart: &[usize]) -> u32 {
        match *apart {
            [task, criterion] => {
                let (task, criterion) = (&cells[task], &cells[criterion]);
                let ids = (self.groups.id(task).0, self.groups.id(criterion).0);
                let both = || self.known.groups.id(&format!("{}{BETWEEN}{}", &**task, &**criterion));
                *self.parts.entry(ids).or_insert_with(both)
            }
            [one] => self.groups.id(&cells[one]).0,
            _ => WHOLE,
        }
    }
}

/// Reads a block of a table of this layout; `named` are the numbers of what its columns name, if each names something.
/// Items that have no name are numbered from 0 within the block.
pub(super) fn read(
    (rows, counted): (&mut Rows<'_>, &CountedRows),
    layout: &Layout,
    named: &[u32],
    known: &LabelNames,
    asked: &CellRequest<'_>,
) -> BlockRatings {
    let mut reader = BlockReader::new(known, asked, rows.bytes());
    let columns: Vec<(usize, u32)> = layout.columns().iter().copied().zip(named.iter().copied()).collect();
    let uncounted = match layout {
        Layout::Long(columns) => counted.read(rows, |line, cells, faults| reader.long(line, cells, columns, faults)),
        Layout::Wide { item, gold, by, .. } => {
            counted.read(rows, |line, cells, faults| reader.wide(line, cells, (*item, &columns), (*gold, *by), faults))
        }
        Layout::Sideways { rater, by, .. } => {
            counted.read(rows, |line, cells, faults| reader.sideways(line, cells, (*rater, &columns), *by, faults))
        }
        Layout::Counts { item, .. } => {
            let mut nobody = Nobody { names: &known.raters, numbers: Vec::new() };
            counted.read(rows, |line, cells, faults| reader.counts(line, cells, (*item, &columns), &mut nobody, faults))
        }
    };
    (reader.found.uncounted, reader.found.several_right) = (uncounted.rows, uncounted.gold);
    reader.finish(layout.names_items())
}

/// Raters without names: those of an item are called by their numbers from 1.
struct Nobody<'r> {
    names: &'r Interner,
    numbers: Vec<u32>,
}

impl Nobody<'_> {
    /// The number of the rater at a place among those of an item.
    fn at(&mut self, place: usize) -> u32 {
        while self.numbers.len() <= place {
            self.numbers.push(self.names.id(&(self.numbers.len() + 1).to_string()));
        }
        self.numbers[place]
    }
}
