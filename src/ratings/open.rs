//! Opening: what a file of ratings is, told by its name, its start or its head, or by what is said of it.
//!
//! In: a source, and how it is to be read. Out: the same as what it is, with nothing of it taken; or why it can't be opened. It
//! reads no row.

use super::expected::Expected;
use super::exported::{FateColumn, is_exported, is_exported_object};
use super::imports::{RatingsReading, ToolForm, for_head, has_criteria, is_scan};
use crate::diagnostic::Fault;
use crate::document::RatingTool;
use crate::table::{Sizes, Stream, TableFile, TableFormat, TableSource};
use serde_json::Value as Json;

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
    /// Any other table; and the file, if it can be read once more. Of objects the columns are those that are asked for, of
    /// which the head here is the first one's, where answers are told by that.
    Table(Stream<'a>, TableHead),
}

/// What a table is told by.
pub enum TableHead {
    /// The names of its columns; and the file, if it can be read once more.
    Own(Option<TableFile>),
    /// The keys of its first object.
    OfFirst(Vec<String>),
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
            _ => RatingsFile::Table(stream, TableHead::Own(again)),
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
            None => {
                let first = self.first_keys(&start);
                let asked = keys(self.expected, &for_head(self.reading, &first, self.expected).reading);
                Ok(RatingsFile::Table(opened(source, &asked)?, TableHead::OfFirst(first)))
            }
        }
    }

    /// The keys of the first object, where it has answers under the names of criteria and nothing else is said of them.
    fn first_keys(self, start: &[u8]) -> Vec<String> {
        let is_open = self.reading.tool.is_none() && self.reading.answers.is_empty();
        let from = start.iter().position(|byte| *byte == b'{').filter(|_| is_open);
        let first = from.and_then(|from| serde_json::Deserializer::from_slice(&start[from..]).into_iter().next());
        let keys = match first {
            Some(Ok(Json::Object(first))) => first.into_iter().map(|(key, _)| key).collect(),
            _ => Vec::new(),
        };
        if has_criteria(&keys, self.expected) { keys } else { Vec::new() }
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
