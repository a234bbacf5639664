//! Canonical rows: files of ratings written in the canonical form, without asking what an answer means.
//!
//! In: files of any form that is read, how each is read, and what the site calls its criteria. Out: one table, and what
//! became of each row. It keeps no table in memory, and judges no answer.

use super::columns::{Column, KEPT, Row};
use super::expected::Expected;
use super::gold_rows::GoldRow;
use super::imports::RatingsReading;
use super::ledger::RowCounts;
use super::open::FileReader;
use super::rejected::{Refusal, RejectedRow};
use super::rows::{FileFacts, RowSink, RowSinks};
use super::said;
use super::scheme::Scheme;
use crate::diagnostic::Fault;
use crate::model::Model;
use crate::table::{Sizes, TableSource};
use crate::text::csv_line;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::marker::PhantomData;

/// What became of one file.
pub struct ImportedFile {
    /// Its name.
    pub path: String,
    /// What became of its rows: those that are used are written.
    pub counts: RowCounts,
    /// What else there is to know of it.
    pub facts: FileFacts,
    /// Why it is not read, or not to its end.
    pub fault: Option<Fault>,
    /// The gold that stands in it.
    pub gold: Vec<GoldRow>,
}

impl ImportedFile {
    /// One of which nobody can tell how it is read.
    pub fn unread(path: &str, fault: Fault) -> Self {
        let (counts, facts) = (RowCounts::default(), FileFacts::default());
        Self { path: path.to_owned(), counts, facts, fault: Some(fault), gold: Vec::new() }
    }
}

/// Writes rows of the canonical form.
pub struct CanonicalTable<'m, W> {
    expected: Expected<'m>,
    sizes: Sizes,
    out: W,
}

/// What rows need of a site.
pub struct RowWords<'m> {
    scheme: Option<Scheme<'m>>,
    sizes: Sizes,
}

impl<'m> RowWords<'m> {
    /// Those of a site, if there is one.
    pub fn of(model: Option<&'m Model>) -> Self {
        let unpacked = model.map_or(Sizes::default().unpacked, |model| model.config.most_unpacked);
        Self { scheme: model.map(Scheme::of), sizes: Sizes { unpacked, ..Sizes::default() } }
    }

    /// The ids of criteria, if there is a site.
    pub fn criteria(&self) -> Option<BTreeSet<&str>> {
        self.scheme.as_ref().map(Scheme::criteria)
    }

    /// Begins a table.
    pub fn table<W: Write + Send>(&self, mut out: W) -> io::Result<CanonicalTable<'_, W>> {
        let of_scheme = self.scheme.as_ref().map(|scheme| (scheme.attributes(), scheme.criteria()));
        let (attributes, criteria) = of_scheme.unwrap_or_default();
        let runs = self.scheme.as_ref().map(Scheme::runs).unwrap_or_default();
        let expected = Expected::of(attributes, criteria, false).keeping().with_runs(runs);
        let names: Vec<&str> = Column::NAMES.iter().copied().chain(expected.attributes()).chain(KEPT).collect();
        out.write_all(&csv_line(&names))?;
        Ok(CanonicalTable { expected, sizes: self.sizes, out })
    }
}

impl<W: Write + Send> CanonicalTable<'_, W> {
    /// Adds the rows of a file.
    pub fn add(&mut self, source: TableSource<'_>, reading: &RatingsReading) -> io::Result<ImportedFile> {
        let path = source.name.clone();
        let (mut counts, mut facts, mut written) = (RowCounts::default(), FileFacts::default(), Ok(()));
        let mut gold = Vec::new();
        let sinks = CanonicalSinks { attributes: self.expected.attributes().collect() };
        let out = &mut self.out;
        let take = |block: CanonicalBlock| {
            counts.used += block.rows;
            gold.extend(block.gold);
            for row in &block.rejected {
                counts.rejected.entry(row.reason).or_default().add(&path, &row.fault);
            }
            if written.is_ok() {
                written = out.write_all(&block.bytes);
            }
        };
        let files = FileReader { sizes: self.sizes, expected: &self.expected, reading };
        let read = files.read(source, &sinks, &mut facts, take);
        written?;
        Ok(ImportedFile { path, counts, facts, fault: read.err(), gold })
    }

    /// Ends the table.
    pub fn end(self) -> W {
        self.out
    }
}

struct CanonicalSinks<'a> {
    attributes: Vec<&'a str>,
}

/// The lines of one block.
struct CanonicalBlock {
    bytes: Vec<u8>,
    rows: u64,
    rejected: Vec<RejectedRow>,
    gold: Vec<GoldRow>,
}

struct CanonicalSink<'s, 'a> {
    attributes: &'s [&'s str],
    block: CanonicalBlock,
    of: PhantomData<Row<'a, 'a>>,
}

impl RowSinks for CanonicalSinks<'_> {
    type Made = CanonicalBlock;
    type Sink<'s, 'a>
        = CanonicalSink<'s, 'a>
    where
        Self: 's;

    fn begin<'s, 'a>(&'s self) -> CanonicalSink<'s, 'a> {
        let block = CanonicalBlock { bytes: Vec::new(), rows: 0, rejected: Vec::new(), gold: Vec::new() };
        CanonicalSink { attributes: &self.attributes, block, of: PhantomData }
    }
}

impl<'a> RowSink<'a> for CanonicalSink<'_, 'a> {
    type Made = CanonicalBlock;

    fn take(&mut self, row: &Row<'_, 'a>) {
        match said::check_complete(row) {
            Ok(()) => {
                self.block.bytes.extend(csv_line(&row.texts(self.attributes)));
                self.block.rows += 1;
            }
            Err(refusal) => self.refuse(row.line, refusal),
        }
    }

    fn refuse(&mut self, line: u64, mut refusal: Refusal) {
        self.block.gold.append(&mut refusal.gold);
        self.block.rejected.push(RejectedRow::on(line, refusal, None));
    }

    fn finish(mut self, unreadable: Vec<Fault>) -> CanonicalBlock {
        self.block.rejected.extend(unreadable.into_iter().map(RejectedRow::unreadable));
        self.block.rejected.sort_by_key(|row| row.fault.line);
        self.block
    }
}
