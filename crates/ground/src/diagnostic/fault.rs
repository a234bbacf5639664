//! Faults: what is wrong with something that was read, said by whoever found it.
//!
//! In: what was found, perhaps on which line, and ways out. Out: one plain value. The file's name is
//! added by whoever opened it, if at all. It never decides how much it matters, which is a rule's to say.

use super::Place;
use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of what was read, from 1; none when it is meant as a whole.
    pub line: Option<u64>,
    /// What was found, without a full stop.
    pub message: String,
    /// Ways out, where there are any to name.
    pub help: Vec<String>,
}

impl Fault {
    /// A fault of what was read as a whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into(), help: Vec::new() }
    }

    /// A fault of what begins on a line.
    pub fn on(line: u64, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::whole(message) }
    }

    /// Adds a way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds ways out, as many as there are.
    pub fn maybe(mut self, help: impl IntoIterator<Item = String>) -> Self {
        self.help.extend(help);
        self
    }

    /// Says before the message what it is that is wrong.
    pub fn prefixed(self, words: &str) -> Self {
        Self { message: format!("{words}{}", self.message), ..self }
    }

    /// Says in which file it was found.
    pub fn of(self, file: impl Into<String>) -> FileFault {
        FileFault { file: file.into(), fault: self }
    }

    /// Where it is, in the file that was read.
    pub fn place(&self, file: impl Into<String>) -> Place {
        Place::Line(file.into(), self.line.unwrap_or(0))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.line.iter().try_for_each(|line| write!(out, "{line}: "))?;
        out.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(out, " ({help})"))
    }
}

impl std::error::Error for Fault {}

/// One thing that is wrong, with the file it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// Name of what was read; empty when what was asked contradicts itself, whatever the files hold.
    pub file: String,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for FileFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.fault.line) {
            ("", _) => {}
            (file, Some(_)) => write!(out, "{file}:")?,
            (file, None) => write!(out, "{file}: ")?,
        }
        self.fault.fmt(out)
    }
}
