//! Faults of a table: the first of many, and how many there are.
//!
//! In: faults of one file, in the order of its lines. Out: what is kept of them. The file's name is known from where
//! they are kept. It never prints and never decides what is wrong.

use goldbook_ground::diagnostic::Fault;

/// Faults of a file that are kept; the others are only counted.
pub const KEPT: usize = 20;

/// The faults of one file, or of a part of it, in the order of its lines.
#[derive(Debug, Default)]
pub struct Faults {
    /// Faults of rows, each of which costs its row: all of a part, and the first of a file.
    pub kept: Vec<Fault>,
    /// How many rows have a fault.
    pub count: u64,
    /// The fault after which lines and cells can't be told apart: nothing behind it counts.
    pub end: Option<Fault>,
}

impl Faults {
    /// Adds the fault of a row.
    pub fn push(&mut self, fault: Fault) {
        self.count += 1;
        self.kept.push(fault);
    }

    /// Ends the file here, unless it has ended before.
    pub fn end(&mut self, fault: Fault) {
        self.end.get_or_insert(fault);
    }

    /// Adds the faults of the part that follows.
    pub fn append(&mut self, later: Self) {
        let room = KEPT.saturating_sub(self.kept.len());
        self.kept.extend(later.kept.into_iter().take(room));
        self.count += later.count;
        self.end = self.end.take().or(later.end);
    }
}

#[cfg(test)]
impl Faults {
    /// All that is kept, a line each.
    pub fn told(&self) -> String {
        self.kept.iter().chain(&self.end).map(Fault::to_string).collect::<Vec<_>>().join("\n")
    }
}
