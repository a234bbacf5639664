//! Rows: what a block of a source says, a cell for each column.
//!
//! In: a block, of text or of columns, and what its rows are read for. Out: each row's cells, with what can't be read. It
//! never decides what a cell means.

use super::blocks::Block;
use super::cell::Cell;
use super::columns::ColumnRows;
use super::fault::Faults;
use super::objects::{self, Meant, ObjectKeys, WantedKeys};
use super::records::{self, Grammar, TablePart};
use super::text::BlockText;
use goldbook_ground::diagnostic::Fault;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How the rows of a source are cut.
pub enum Syntax {
    /// By delimiters.
    Table(Grammar),
    /// An object a line.
    Objects(ObjectKeys),
}

/// What the rows of a source are read for.
pub struct Purpose<'u> {
    /// By column: whether its cells are read.
    pub read: &'u [bool],
    /// By column, as far as any does: whether a list of values may stand there, which is read as the values with `|` between
    /// them.
    pub lists: &'u [bool],
    /// What a key of an object means that is none of the columns' names.
    pub means: &'u (dyn Fn(&str) -> Meant + Sync),
}

/// What was met while reading a source, or a part of it.
#[derive(Debug, Default)]
pub struct Met {
    /// Rows that can't be read, and what ends the source before its end.
    pub faults: Faults,
    /// Keys of objects that mean nothing.
    pub unread: BTreeSet<String>,
}

impl Met {
    /// Adds what was met later.
    pub fn append(&mut self, later: Self) {
        self.faults.append(later.faults);
        self.unread.extend(later.unread);
    }
}

/// Rows that were read and not yet cut.
pub enum ReadBlock {
    Text(Block, Arc<Syntax>),
    Columns(Box<dyn ColumnRows>),
}

/// The same, to be cut on any thread.
pub enum BlockRows {
    Text(BlockText, Arc<Syntax>),
    Columns(Box<dyn ColumnRows>),
}

impl BlockRows {
    pub fn of(block: ReadBlock) -> Self {
        match block {
            ReadBlock::Text(block, syntax) => Self::Text(BlockText::of(block), syntax),
            ReadBlock::Columns(block) => Self::Columns(block),
        }
    }

    /// Memory that can be used again.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text, _) => text.into_bytes(),
            Self::Columns(_) => Vec::new(),
        }
    }
}

/// The rows of one block.
pub struct Rows<'b> {
    block: &'b BlockRows,
    used: &'b Purpose<'b>,
    longest: usize,
    met: Met,
}

impl<'b> Rows<'b> {
    /// Those of a block; `longest` are the bytes of the longest line that is read.
    pub fn of(block: &'b BlockRows, used: &'b Purpose<'b>, longest: usize) -> Self {
        Self { block, used, longest, met: Met::default() }
    }

    /// What was met while they were read.
    pub fn into_met(self) -> Met {
        self.met
    }

    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        match self.block {
            BlockRows::Text(text, _) => text.text.len(),
            BlockRows::Columns(block) => block.bytes(),
        }
    }

    /// The faults of rows met so far, all of them, which then are the caller's to count.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        self.met.faults.count = 0;
        std::mem::take(&mut self.met.faults.kept)
    }

    /// Hands each row that can be read to `take`: its line, a cell for each column, and where to put faults.
    pub fn read(&mut self, mut take: impl FnMut(u64, &[Cell<'b>], &mut Faults)) {
        let faults = &mut self.met.faults;
        let (text, syntax) = match self.block {
            BlockRows::Text(text, syntax) => (text, &**syntax),
            BlockRows::Columns(block) => return block.read(self.used.lists, faults, &mut take),
        };
        let columns = self.used.read.len();
        let part = TablePart { text: &text.text, first_line: text.first_line };
        match syntax {
            Syntax::Table(grammar) => records::read(&part, *grammar, faults, |(first, last), cells, faults| {
                // Nearly every row is as its head says.
                if cells.len() == columns && text.is_clean() {
                    return take(first, cells, faults);
                }
                match text.fault(first, last).map_or_else(|| fitting(first, cells, columns), Err) {
                    Ok(cells) => take(first, cells, faults),
                    Err(fault) => faults.push(fault),
                }
            }),
            Syntax::Objects(keys) => {
                let Purpose { read, lists, means } = *self.used;
                let wanted = WantedKeys { keys, read, lists, means, longest: self.longest };
                let whole = |line| text.fault(line, line).map_or(Ok(()), Err);
                self.met.unread = objects::read(&part, &wanted, &whole, faults, take);
            }
        }
    }
}

/// A cell for each column. Cells beyond the head say nothing if they are empty; where one is missing, nobody knows which.
fn fitting<'c, 'a>(line: u64, cells: &'c [Cell<'a>], columns: usize) -> Result<&'c [Cell<'a>], Fault> {
    match cells.get(..columns) {
        Some(fitting) if cells[columns..].iter().all(|cell| cell.is_empty()) => Ok(fitting),
        fitting => {
            let fault = Fault::on(line, format!("{} cells under a head of {columns}", cells.len()));
            Err(if fitting.is_some() { fault.help("a cell that holds a delimiter must be quoted") } else { fault })
        }
    }
}
