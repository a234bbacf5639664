//! What is wrong with a table of ratings, each finding with its place and a way out.
//!
//! In: faults of files. Out: the first of them with the names of their files, and how many there are.
//! It never prints and never decides what is wrong.

use crate::diagnostic::Fault;
use crate::table::{Faults, KEPT};
use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// Name of the source; empty when what was asked contradicts itself, whatever the files hold.
    pub file: String,
    /// Line of the file, from 1, where a row begins; none when the file as a whole is meant.
    pub line: Option<u64>,
    /// What was found.
    pub message: String,
    /// A way out, where there is one to name.
    pub help: Option<String>,
}

impl LabelError {
    pub(super) fn of(file: &str, fault: Fault) -> Self {
        Self { file: file.to_owned(), line: fault.line, message: fault.message, help: fault.help.into_iter().next() }
    }
}

impl fmt::Display for LabelError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => {}
            (file, Some(line)) => write!(out, "{file}:{line}: ")?,
            (file, None) => write!(out, "{file}: ")?,
        }
        out.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(out, " ({help})"))
    }
}

/// Why no table could be read: at least one error, the first 20 in the order of files and lines, and a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelErrors {
    /// The first errors.
    pub errors: Vec<LabelError>,
    /// How many more there are.
    pub more: u64,
}

impl LabelErrors {
    /// A single error of what was asked.
    pub(super) fn asked(message: impl Into<String>) -> Self {
        Self::of("", Fault::whole(message))
    }

    pub(super) fn of(file: &str, fault: Fault) -> Self {
        Self { errors: vec![LabelError::of(file, fault)], more: 0 }
    }

    /// Those of one file; none if it has no faults.
    pub(super) fn of_faults(file: &str, faults: Faults) -> Option<Self> {
        let Faults { mut kept, count, end } = faults;
        let all = count + u64::from(end.is_some());
        kept.extend(end);
        kept.truncate(KEPT);
        let more = all - kept.len() as u64;
        let errors: Vec<LabelError> = kept.into_iter().map(|fault| LabelError::of(file, fault)).collect();
        (!errors.is_empty()).then_some(Self { errors, more })
    }

    /// Those of several files; none if nothing is wrong.
    pub(super) fn gather(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut gathered = Self { errors: Vec::new(), more: 0 };
        for errors in all {
            gathered.errors.extend(errors.errors);
            gathered.more += errors.more;
        }
        let beyond = gathered.errors.len().saturating_sub(KEPT);
        gathered.errors.truncate(KEPT);
        gathered.more += beyond as u64;
        (!gathered.errors.is_empty()).then_some(gathered)
    }
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
