//! Grids: tables of text for a terminal, and text that a terminal can be trusted with.
//!
//! In: cells. Out: lines whose columns stand below each other. Nothing that came from a file can move the cursor or end a
//! line. It knows no figure.

use crate::text;
use std::fmt::Write;

/// A table whose columns are as wide as they need to be.
pub struct Grid {
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A table with these heads.
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|cell| text::line(cell).into_owned()).collect()] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| text::line(&cell).into_owned()).collect());
    }

    /// Whether it has heads only.
    pub fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// Writes it with a blank line after it. The first column is set to the left, the others to the right if they hold
    /// `numbers`.
    pub fn write(&self, out: &mut String, numbers: bool) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let gap = if column == 0 { "  " } else { "   " };
                let _ = match numbers && column > 0 {
                    true => write!(line, "{gap}{cell:>width$}"),
                    false => write!(line, "{gap}{cell:<width$}"),
                };
            }
            let _ = writeln!(out, "{}", line.trim_end());
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let mut grid = Grid::new(&["name", "n"]);
        grid.row(["é".to_owned(), "10".to_owned()]);
        let mut out = String::new();
        grid.write(&mut out, true);
        assert_eq!(out, "  name    n\n  é      10\n\n");
    }
}
