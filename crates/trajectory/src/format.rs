//! What a reader of one format is.
//!
//! In: nothing. Out: the shape of a line in the table of formats (`log`), and of the log that a reader opens. It knows no
//! format.

use std::io::{Read, Seek};

use serde_json::Value;

use super::Trajectory;
use super::sample::{SampleKey, SampleLine};
use goldbook_ground::diagnostic::Fault;

/// One format.
pub(super) struct FormatEntry {
    /// What `--format` calls it. Two lines of one name are forms of one format.
    pub name: &'static str,
    /// How it is read.
    pub reader: FormatReader,
}

/// How a log of a format is told and opened. Of several that could be meant the first in the table is.
#[derive(Clone, Copy)]
pub(super) enum FormatReader {
    /// JSON, or JSON lines: the values of the file.
    Json { is: fn(&[Value]) -> bool, open: OpenValues },
    /// Text that is no JSON.
    Text { is: fn(&str) -> bool, open: OpenText },
    /// A file that begins with one of these bytes, and is not read whole.
    File { starts: &'static [&'static [u8]], open: OpenLogFile },
}

/// Opens what the values of a file are.
pub(super) type OpenValues = fn(Vec<Value>) -> Result<Box<dyn Log>, Fault>;

/// Opens what a text is.
pub(super) type OpenText = fn(&str) -> Result<Box<dyn Log>, Fault>;

/// Opens a file.
pub(super) type OpenLogFile = for<'s> fn(Box<dyn LogFile + 's>) -> Result<Box<dyn Log + 's>, Fault>;

/// A file that can be read at any place.
pub(super) trait LogFile: Read + Seek {}

impl<T: Read + Seek> LogFile for T {}

/// A log that is open.
pub(super) trait Log {
    /// What its samples are known by, in its order.
    fn keys(&self) -> Vec<SampleKey>;

    /// The lines of a listing; labels are added by the caller.
    fn into_lines(self: Box<Self>) -> Result<Vec<SampleLine>, Fault>;

    /// The trajectory of the sample at `index` of [`Log::keys`].
    fn into_trajectory(self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault>;
}
