//! Why a log could not be read.
//!
//! In: what was found, and what the reader can do about it. Out: one plain error value. It never prints, and never
//! names a file or a command that it was not told of: whoever knows the file's name adds it.

use std::fmt;

/// Why a log could not be read, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// What was found, without a full stop.
    pub message: String,
    /// What is allowed or what to do, a full sentence.
    pub help: String,
}

impl ReadError {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.message, self.help)
    }
}

impl std::error::Error for ReadError {}
