//! Ratings: what the rows of a block say, with a number in place of each name.
//!
//! In: the rows of a long or a wide table. Out: one rating a filled cell, and the gold that stands beside it. Numbers
//! are those of interners that all threads share. It never orders anything and never compares two rows.

use super::layout::Layout;
use crate::diagnostic::Fault;
use crate::quality::table::Coded;
use crate::table::{Batch, Cache, Cell, Faults, Interner, Rows};

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

    /// What was found, with numbers of items in place of their places in the batch.
    fn finish(self, numbers_items: bool) -> BlockRatings {
        let mut found = self.found;
        if !numbers_items {
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

/// Reads a block of a table of this layout; `raters` are the numbers of a wide table's raters. Items that have no
/// name are numbered from 0 within the block.
pub(super) fn read(
    rows: &mut Rows<'_>,
    layout: &Layout,
    raters: &[u32],
    known: &LabelNames,
    asked: &CellRequest<'_>,
) -> BlockRatings {
    let mut reader = BlockReader::new(known, asked, rows.bytes());
    match layout {
        Layout::Long { item, rater, label, gold, by } => {
            let places = [*item, *rater, *label];
            rows.read(|line, cells, faults| reader.long(line, cells, places, (*gold, *by), faults));
        }
        Layout::Wide { item, raters: places, gold, by } => {
            let columns: Vec<(usize, u32)> = places.iter().copied().zip(raters.iter().copied()).collect();
            rows.read(|line, cells, faults| reader.wide(line, cells, (*item, &columns), (*gold, *by), faults));
        }
    }
    reader.finish(layout.numbers_items())
}

type Optional = (Option<usize>, Option<usize>);

impl<'a> BlockReader<'_, 'a> {
    fn long(&mut self, line: u64, cells: &[Cell<'a>], places: [usize; 3], (gold, by): Optional, faults: &mut Faults) {
        let [item, rater, label] = places.map(|place| &cells[place]);
        if item.is_empty() || rater.is_empty() {
            if cells.iter().all(|cell| cell.is_empty()) {
                self.found.blank += 1;
            } else {
                let what = if item.is_empty() { "item" } else { "rater" };
                faults.push(Fault::on(line, format!("the row names no {what}")));
            }
            return;
        }
        self.found.rows += 1;
        let item = self.items.add(item);
        if let Some(gold) = gold {
            self.gold(item, &cells[gold], line);
        }
        if self.asked.gold_rater.is_some_and(|gold_rater| *gold_rater == **rater) {
            return self.gold(item, label, line);
        }
        let rater = self.raters.id(rater).0;
        let group = self.group(cells, by);
        self.rating(item, rater, label, line, group);
    }

    fn wide(
        &mut self,
        line: u64,
        cells: &[Cell<'a>],
        (item, columns): (Option<usize>, &[(usize, u32)]),
        (gold, by): Optional,
        faults: &mut Faults,
    ) {
        let unnamed = item.is_some_and(|item| cells[item].is_empty());
        // A row of a table without names of items is an item even if nothing is said of it.
        if item.is_some() && unnamed && cells.iter().all(|cell| cell.is_empty()) {
            self.found.blank += 1;
            return;
        }
        if unnamed {
            return faults.push(Fault::on(line, "the row names no item"));
        }
        let item = match item {
            Some(item) => self.items.add(&cells[item]),
            None => u32::try_from(self.found.rows).expect("a block has fewer than 2^32 rows"),
        };
        self.found.rows += 1;
        if let Some(gold) = gold {
            self.gold(item, &cells[gold], line);
        }
        let group = self.group(cells, by);
        for (place, rater) in columns {
            self.rating(item, *rater, &cells[*place], line, group);
        }
    }
}
