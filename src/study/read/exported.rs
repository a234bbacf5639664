//! Exported tables: what `goldbook export ratings` wrote, as ratings without a site.
//!
//! In: the head of a table, and its rows. Out: the rows that reports count, with cells as they were before a spreadsheet's
//! apostrophes; and how many others there are. Any other table is handed on as it stands.

use crate::ratings::FatePlaces;
use crate::table::{Cell, Faults, Rows, Stream};

/// Which rows of a table are read.
pub(super) struct CountedRows(Option<FatePlaces>);

/// What of an exported table is not taken.
#[derive(Clone, Copy, Default)]
pub(super) struct NotTaken {
    /// Rows that reports do not count.
    pub rows: u64,
    /// Rows of which several answers are right.
    pub gold: u64,
}

impl CountedRows {
    /// Those of a table.
    pub fn of(stream: &Stream<'_>) -> Self {
        // Objects were told by their first one, and lack a head.
        Self(FatePlaces::of_head(stream.head(), !stream.is_of_columns()))
    }

    /// Adds the column that says it to those that are read.
    pub fn mark(&self, read: &mut [bool]) {
        self.0.and_then(|fate| fate.became()).into_iter().for_each(|place| read[place] = true);
    }

    /// Hands each row that is read to `take`, without gold of which nobody can say which answer is right.
    pub fn read<'b>(&self, rows: &mut Rows<'b>, mut take: impl FnMut(u64, &[Cell<'b>], &mut Faults)) -> NotTaken {
        let Some(fate) = &self.0 else {
            rows.read(take);
            return NotTaken::default();
        };
        let mut not_taken = NotTaken::default();
        rows.read(|line, cells, faults| {
            if !fate.is_counted(cells) {
                not_taken.rows += u64::from(cells.iter().any(|cell| !cell.is_empty()));
                return;
            }
            let mut plain = fate.plain(cells);
            if let Some(gold) = fate.several_right(&plain) {
                plain[gold] = Cell::Slice("");
                not_taken.gold += 1;
            }
            take(line, &plain, faults);
        });
        not_taken
    }
}
