//! Forms: what one row of a table says, in each form of table.
//!
//! In: the cells of a row, and where which of them stands. Out: ratings and gold, handed to the reader of the block; a row
//! that can't be read is a fault with its line. It never looks at a second row.

use super::{BlockReader, Nobody};
use crate::diagnostic::Fault;
use crate::quality::table::Coded;
use crate::study::read::categories::whole;
use crate::study::read::layout::LongColumns;
use crate::table::{Cell, Faults};
use crate::text::quoted;

/// The columns of gold and of the group.
type Optional = (Option<usize>, Option<usize>);

/// The column that names the row, and the others with the number of what each names.
type NamedColumns<'c, T> = (T, &'c [(usize, u32)]);

/// No more raters of an item are read from one cell.
const MOST_COUNTED: u32 = 1000;

impl<'a> BlockReader<'_, 'a> {
    pub fn long(&mut self, line: u64, cells: &[Cell<'a>], columns: &LongColumns, faults: &mut Faults) {
        let [item, rater, label] = [columns.item, columns.rater, columns.label].map(|place| &cells[place]);
        if item.is_empty() || rater.is_empty() {
            return self.nameless(line, cells, if item.is_empty() { "item" } else { "rater" }, faults);
        }
        self.found.rows += 1;
        let item = self.items.add(item);
        self.part = self.part(cells, &columns.apart);
        if columns.step.is_some_and(|step| !cells[step].is_empty()) {
            self.found.flagged.insert(self.part);
        }
        if let Some(gold) = columns.gold {
            self.gold(item, &cells[gold], line);
        }
        if self.asked.gold_rater.is_some_and(|gold_rater| *gold_rater == **rater) {
            return self.gold(item, label, line);
        }
        let rater = self.raters.id(rater).0;
        let group = self.group(cells, columns.by);
        self.rating(item, rater, label, line, group);
    }

    pub fn wide(
        &mut self,
        line: u64,
        cells: &[Cell<'a>],
        (item, columns): NamedColumns<'_, Option<usize>>,
        (gold, by): Optional,
        faults: &mut Faults,
    ) {
        let Some(item) = self.item(line, cells, item, faults) else { return };
        if let Some(gold) = gold {
            self.gold(item, &cells[gold], line);
        }
        let group = self.group(cells, by);
        for (place, rater) in columns {
            self.rating(item, *rater, &cells[*place], line, group);
        }
    }

    pub fn sideways(
        &mut self,
        line: u64,
        cells: &[Cell<'a>],
        (rater, columns): NamedColumns<'_, usize>,
        by: Option<usize>,
        faults: &mut Faults,
    ) {
        let name = &cells[rater];
        if name.is_empty() {
            return self.nameless(line, cells, "rater", faults);
        }
        self.found.rows += 1;
        if self.asked.gold_rater.is_some_and(|gold_rater| *gold_rater == **name) {
            return columns.iter().for_each(|(place, item)| self.gold(*item, &cells[*place], line));
        }
        let rater = self.raters.id(name).0;
        let group = self.group(cells, by);
        for (place, item) in columns {
            self.rating(*item, rater, &cells[*place], line, group);
        }
    }

    pub fn counts(
        &mut self,
        line: u64,
        cells: &[Cell<'a>],
        (item, columns): NamedColumns<'_, Option<usize>>,
        nobody: &mut Nobody<'_>,
        faults: &mut Faults,
    ) {
        let Some(item) = self.item(line, cells, item, faults) else { return };
        let mut before = 0;
        for (place, category) in columns {
            let cell = &cells[*place];
            let Some(count) = whole(cell).filter(|count| *count <= MOST_COUNTED) else {
                return faults.push(no_count(line, *place, cell));
            };
            let raters = before..before + count as usize;
            before = raters.end;
            let rating = |place| Coded { item, rater: nobody.at(place), category: *category };
            self.found.ratings.extend(raters.map(rating));
        }
    }

    /// The item of a row that may have no name for it; none if the row can't be read.
    fn item(&mut self, line: u64, cells: &[Cell<'a>], item: Option<usize>, faults: &mut Faults) -> Option<u32> {
        let number = match item {
            Some(item) if cells[item].is_empty() => {
                self.nameless(line, cells, "item", faults);
                return None;
            }
            Some(item) => self.items.add(&cells[item]),
            // A row of a table without names of items is an item even if nothing is said of it.
            None => u32::try_from(self.found.rows).expect("a block has fewer than 2^32 rows"),
        };
        self.found.rows += 1;
        Some(number)
    }

    /// A row without the name that it needs is blank, or wrong.
    fn nameless(&mut self, line: u64, cells: &[Cell<'a>], what: &str, faults: &mut Faults) {
        if cells.iter().all(|cell| cell.is_empty()) {
            self.found.blank += 1;
        } else {
            faults.push(Fault::on(line, format!("the row names no {what}")));
        }
    }
}

/// What is said of a cell that counts no raters.
fn no_count(line: u64, place: usize, cell: &str) -> Fault {
    let (column, written) = (place + 1, if cell.is_empty() { "nothing".to_owned() } else { quoted(cell) });
    if whole(cell).is_some() {
        return Fault::on(
            line,
            format!("{written} in column {column}: no more than {MOST_COUNTED} raters of a cell are read"),
        );
    }
    Fault::on(line, format!("{written} in column {column} is no number of raters"))
        .help("with --form counts each column is a category, and a cell says how many raters gave it, 0 if nobody did")
        .help("if other columns are none, name the categories with --categories A,B")
}
