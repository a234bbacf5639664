//! Ratings: what the rows of a block say, with a number in place of each name.
//!
//! In: the rows of a table of any form. Out: one rating a filled cell, or as many as it counts, and the gold that stands
//! beside it. Numbers are those of interners that all threads share. It never orders anything and never compares two rows.

mod forms;

use super::layout::Layout;
use crate::quality::table::Coded;
use crate::table::{Batch, Cache, Cell, Interner, Rows};

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
pub(super) struct GoldCell {
    pub item: u32,
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
    /// Ratings that are not there: empty labels.
    pub empty: u64,
    /// The ratings; `category` is the number of the label.
    pub ratings: Vec<Coded>,
    /// The group of each rating, if that was asked.
    pub groups: Vec<u32>,
    /// Gold, once for each run of rows that say the same.
    pub gold: Vec<GoldCell>,
    /// Labels with the first line of the block that has them.
    pub labels: Vec<(u32, u64)>,
}

/// One thread's view of what is known, while it reads a block.
struct BlockReader<'r, 'a> {
    asked: &'r CellRequest<'r>,
    items: Batch<'r, 'a>,
    raters: Cache<'r, 'a>,
    labels: Cache<'r, 'a>,
    groups: Cache<'r, 'a>,
    found: BlockRatings,
}

impl<'r, 'a> BlockReader<'r, 'a> {
    fn new(known: &'r LabelNames, asked: &'r CellRequest<'r>, bytes: usize) -> Self {
        // Most rows of a long table take more bytes than these, and few take a multiple of them.
        let ratings = Vec::with_capacity(bytes / 12);
        Self {
            asked,
            items: Batch::of(&known.items, bytes / 32),
            raters: Cache::of(&known.raters),
            labels: Cache::of(&known.labels),
            groups: Cache::of(&known.groups),
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
        if is_new {
            self.found.labels.push((label, line));
        }
        Some(label)
    }

    fn rating(&mut self, item: u32, rater: u32, label: &Cell<'a>, line: u64, group: Option<u32>) {
        match self.label(label, line) {
            Some(category) => {
                self.found.ratings.push(Coded { item, rater, category });
                self.found.groups.extend(group);
            }
            None => self.found.empty += 1,
        }
    }

    #[inline]
    fn gold(&mut self, item: u32, label: &Cell<'a>, line: u64) {
        let Some(label) = self.label(label, line) else { return };
        if self.found.gold.last().is_none_or(|last| (last.item, last.label) != (item, label)) {
            self.found.gold.push(GoldCell { item, label, line });
        }
    }

    fn group(&mut self, cells: &[Cell<'a>], by: Option<usize>) -> Option<u32> {
        Some(self.groups.id(&cells[by?]).0)
    }
}

/// Reads a block of a table of this layout; `named` are the numbers of what its columns name, if each names something.
/// Items that have no name are numbered from 0 within the block.
pub(super) fn read(
    rows: &mut Rows<'_>,
    layout: &Layout,
    named: &[u32],
    known: &LabelNames,
    asked: &CellRequest<'_>,
) -> BlockRatings {
    let mut reader = BlockReader::new(known, asked, rows.bytes());
    let columns: Vec<(usize, u32)> = layout.columns().iter().copied().zip(named.iter().copied()).collect();
    match layout {
        Layout::Long { item, rater, label, gold, by } => {
            let places = [*item, *rater, *label];
            rows.read(|line, cells, faults| reader.long(line, cells, places, (*gold, *by), faults));
        }
        Layout::Wide { item, gold, by, .. } => {
            rows.read(|line, cells, faults| reader.wide(line, cells, (*item, &columns), (*gold, *by), faults));
        }
        Layout::Sideways { rater, by, .. } => {
            rows.read(|line, cells, faults| reader.sideways(line, cells, (*rater, &columns), *by, faults));
        }
        Layout::Counts { item, .. } => {
            let mut nobody = Nobody { names: &known.raters, numbers: Vec::new() };
            rows.read(|line, cells, faults| reader.counts(line, cells, (*item, &columns), &mut nobody, faults));
        }
    }
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
