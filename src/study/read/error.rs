//! What is wrong with tables of ratings, each finding with its place and a way out.
//!
//! In: faults of files. Out: the first of them with the names of their files, and how many there are.
//! It never prints and never decides what is wrong.

use crate::diagnostic::{Fault, FileFault};
use crate::table::{Faults, KEPT, TableSource};
use std::fmt;

/// Why no table could be read: at least one error, the first 20 in the order of files and lines, and a count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelErrors {
    /// The first errors.
    pub errors: Vec<FileFault>,
    /// How many more there are.
    pub more: u64,
}

impl LabelErrors {
    /// A single error of what was asked.
    pub(super) fn asked(message: impl Into<String>) -> Self {
        Self { errors: vec![Fault::whole(message).of("")], more: 0 }
    }

    /// Adds those of a file.
    fn add(&mut self, file: &str, faults: Faults) {
        let before = self.errors.len();
        let all = faults.count + u64::from(faults.end.is_some());
        let first = faults.kept.into_iter().chain(faults.end).take(KEPT - before);
        self.errors.extend(first.map(|fault| fault.of(file)));
        self.more += all - (self.errors.len() - before) as u64;
    }

    /// Fails if there are any.
    pub(super) fn check(self) -> Result<(), Self> {
        if self.errors.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// Reads each source, whose number comes with it, and goes on behind what is wrong so that all of it is told.
pub(super) fn each_source<'a>(
    sources: Vec<TableSource<'a>>,
    mut read: impl FnMut(TableSource<'a>, u32) -> Result<Faults, Fault>,
) -> Result<(), LabelErrors> {
    let mut errors = LabelErrors::default();
    for (source, number) in sources.into_iter().zip(0..) {
        let name = source.name.clone();
        let unopened = |fault| Faults { end: Some(fault), ..Faults::default() };
        errors.add(&name, read(source, number).unwrap_or_else(unopened));
    }
    errors.check()
}

impl fmt::Display for LabelErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            write!(out, "{}{error}", if index == 0 { "" } else { "\n" })?;
        }
        if self.more > 0 { write!(out, "\nand {} more", self.more) } else { Ok(()) }
    }
}

impl std::error::Error for LabelErrors {}
