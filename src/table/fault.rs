//! Faults of a table: the first of many, and how many there are.
//!
//! In: faults of one file, in the order of its lines. Out: what is kept of them. The file's name is known from where
//! they are kept. It never prints and never decides what is wrong.

use crate::diagnostic::Fault;
use crate::text::quoted;

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

/// Names as prose: the first few of them, and how many more there are.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const FEW: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let mut few: Vec<String> = names.iter().take(FEW).map(|name| quoted(name)).collect();
    match (names.len().saturating_sub(FEW), few.pop()) {
        (0, None) => "nothing".to_owned(),
        (0, Some(last)) if few.is_empty() => last,
        (0, Some(last)) => format!("{} and {last}", few.join(", ")),
        (more, last) => {
            few.extend(last);
            format!("{} and {more} more", few.join(", "))
        }
    }
}
