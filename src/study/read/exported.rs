//! Exported tables: what `goldbook export ratings` wrote, as ratings without a site.
//!
//! In: the head of a table, and its rows. Out: the rows that reports count, with cells as they were before a spreadsheet's
//! apostrophes; and how many others there are. Any other table is handed on as it stands.

use crate::ratings::FatePlaces;
use crate::table::{Cell, Faults, Rows};

/// Which rows of a table are read.
pub(super) struct CountedRows(Option<FatePlaces>);

impl CountedRows {
    /// Those of a table with this head.
    pub fn of(head: &[String]) -> Self {
        Self(FatePlaces::of_head(head))
    }

    /// Adds the column that says it to those that are read.
    pub fn mark(&self, read: &mut [bool]) {
        self.0.and_then(|fate| fate.became()).into_iter().for_each(|place| read[place] = true);
    }

    /// Hands each row that is read to `take`; gives how many are not.
    pub fn read<'b>(&self, rows: &mut Rows<'b>, mut take: impl FnMut(u64, &[Cell<'b>], &mut Faults)) -> u64 {
        let Some(fate) = &self.0 else {
            rows.read(take);
            return 0;
        };
        let mut others = 0;
        rows.read(|line, cells, faults| match fate.is_counted(cells) {
            true => take(line, &fate.plain(cells), faults),
            false => others += u64::from(cells.iter().any(|cell| !cell.is_empty())),
        });
        others
    }
}
