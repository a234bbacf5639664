//! Opening: what a file of ratings is, told by its name, its start or its head, or by what is said of it.
//!
//! In: a source, and how it is to be read. Out: the same as what it is, with nothing of it taken; or why it can't be opened. It
//! reads no row.

use super::expected::Expected;
use super::exported::{FateColumn, is_exported, is_exported_object};
use super::imports::{RatingsReading, ToolForm, is_scan};
use crate::diagnostic::Fault;
use crate::document::RatingTool;
use crate::table::{Sizes, Stream, TableFile, TableFormat, TableSource};

/// First bytes by which objects are told.
const LOOKED_AT: usize = 1 << 16;

/// A file of ratings that is open.
pub enum RatingsFile<'a> {
    /// A tool's own file, which is no table.
    Own(ToolForm, TableSource<'a>),
    /// A table that was exported here, which is read as it stands.
    Exported(Stream<'a>),
    /// The results of one scanner, in the folder of a scan.
    Scan(Stream<'a>),
    /// Any other table; and the file, if it can be read once more.
    Table(Stream<'a>, Option<TableFile>),
}

/// How the rows of a file are read.
#[derive(Clone, Copy)]
pub struct FileReader<'r> {
    /// How large it may be.
    pub sizes: Sizes,
    /// What names mean.
    pub expected: &'r Expected<'r>,
    /// What is said of it.
    pub reading: &'r RatingsReading,
}

impl FileReader<'_> {
    /// Opens a source, and tells what it is by its name, its start or its head, or by what is said.
    pub fn open<'a>(self, source: TableSource<'a>) -> Result<RatingsFile<'a>, Fault> {
        if let Some(form) = ToolForm::named(&source.name) {
            return Ok(RatingsFile::Own(form, source));
        }
        // A table is told by its head; one that lies in columns must stay what can be read at any place.
        if TableFormat::named(&source.name) == Some(TableFormat::Objects) {
            return self.open_objects(source);
        }
        let again = source.again();
        let stream = Stream::open(source, self.sizes)?;
        let is_scan = self.reading.tool.map_or_else(|| is_scan(stream.head()), |tool| tool == RatingTool::Scout);
        Ok(match stream.head() {
            head if is_exported(head) => RatingsFile::Exported(stream),
            _ if is_scan => RatingsFile::Scan(stream),
            _ => RatingsFile::Table(stream, again),
        })
    }

    /// The same of what is named for objects.
    fn open_objects<'a>(self, source: TableSource<'a>) -> Result<RatingsFile<'a>, Fault> {
        let (start, source) = source.looked_at(LOOKED_AT, self.sizes)?;
        let opened = |source, keys: &[String]| {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            Stream::open_for(source, self.sizes, Some(&keys))
        };
        if is_exported_object(&start) {
            let fate = FateColumn::ALL.map(|column| column.name().to_owned());
            let keys = [keys(self.expected, &RatingsReading::default()), fate.to_vec()].concat();
            return Ok(RatingsFile::Exported(opened(source, &keys)?));
        }
        match ToolForm::of_objects(&start, self.reading.tool) {
            Some(form) => Ok(RatingsFile::Own(form, source)),
            None => Ok(RatingsFile::Table(opened(source, &keys(self.expected, self.reading))?, None)),
        }
    }
}

/// The keys that objects are read for: those of the canonical form, then those that a reading names.
pub fn keys(expected: &Expected<'_>, reading: &RatingsReading) -> Vec<String> {
    let mut keys: Vec<String> = expected.keys().into_iter().map(str::to_owned).collect();
    let named = reading
        .columns
        .values()
        .chain(reading.kept.values())
        .chain(reading.answers.iter().map(|answer| &answer.column));
    for name in named {
        if !keys.contains(name) {
            keys.push(name.clone());
        }
    }
    keys
}
