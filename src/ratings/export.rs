//! Export: the rows of a site's ratings written out again, those that reports count and all others apart.
//!
//! In: the files of ratings and the site. Out: two tables in the canonical form, and what became of each row. Read back they
//! give the same reports: the rows stand as they were read, in their order. Files are read twice, so that a report needs
//! no memory for what only this writes; a file that is not read to its end, or changes meanwhile, stops it.

mod gold;
mod rows;
mod scout_set;
mod table;

use super::expected::{ColumnPlace, Expected};
use super::exported::FateColumn;
use super::fates::RowFates;
use super::imports::Readings;
use super::intake::Intake;
use super::ledger::RowCounts;
use super::membership::Membership;
use super::open::FileReader;
use super::reading::{Context, TextNames};
use super::rows::FileFacts;
use super::scheme::Scheme;
use super::{RejectedRow, take_in};
use crate::diagnostic::{Diagnostics, Fault, FileFault};
use crate::model::Model;
use crate::source::Sources;
use crate::table::{Sizes, TableSource};
use gold::GoldLookup;
use rows::{ExportSinks, ExportedBlock};
use std::io::{self, Write};

pub use scout_set::{NoCase, ScoutSet, scout_set};
pub use table::ExportFormat;
use table::ExportTable;

/// What is exported.
pub struct ExportRequest<'a, F> {
    /// The files, by their paths in the site, and what opens each.
    pub files: Vec<(&'a str, F)>,
    /// The site.
    pub model: &'a Model,
    /// Its texts.
    pub sources: &'a Sources,
    /// Whether rows are to say what the gold is.
    pub with_gold: bool,
}

/// Why nothing is exported.
#[derive(Debug)]
pub enum ExportFailure {
    /// A file can't be read to its end, or as it was a moment before.
    File(FileFault),
    /// What is written can't be.
    Write(io::Error),
}

impl From<io::Error> for ExportFailure {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// What is known of the rows after they were read once.
struct FirstReading {
    fates: RowFates,
    counts: RowCounts,
    /// Columns that nothing reads.
    unread: Vec<String>,
}

/// Writes the rows that make ratings of a cohort to `used`, and all others to `others`; counts them.
pub fn export<'s, A: Write + Send, B: Write + Send>(
    request: ExportRequest<'_, impl Fn() -> Result<TableSource<'s>, String> + Sync>,
    used: A,
    format: ExportFormat,
    others: B,
) -> Result<(RowCounts, A, B), ExportFailure> {
    let ExportRequest { mut files, model, sources, with_gold } = request;
    files.sort_by_key(|(path, _)| *path);
    let scheme = Scheme::of(model);
    let readings = Readings::of_site(sources, &scheme.criteria(), &mut Diagnostics::default());
    let first = read_once(&files, &scheme, &readings)?;
    if first.counts.used == 0 {
        let nothing = Fault::whole("no row of ratings is counted").help("`goldbook check` says what became of each");
        return Err(ExportFailure::File(nothing.of("")));
    }
    let gold = with_gold.then(|| GoldLookup::read(&files, model, sources));
    let expected = scheme.expected().keeping();
    let attributes: Vec<&str> = expected.attributes().collect();
    let mut used = ExportTable::of_used(used, format, &attributes, with_gold)?;
    let mut others = ExportTable::of_others(others, &attributes, &unread(&first.unread, &expected))?;
    let context = Context { scheme: &scheme, membership: Membership::of(model), names: TextNames::default() };
    let sizes = Sizes { unpacked: model.config.most_unpacked, ..Sizes::default() };
    let mut counts = RowCounts::default();
    for (number, (path, open)) in (0_u32..).zip(&files) {
        let fault = |fault: Fault| ExportFailure::File(fault.of(*path));
        let source = open().map_err(|why| fault(Fault::whole(why)))?;
        let reading = readings.nearest(path).map_err(fault)?;
        let sinks = ExportSinks { context: &context, attributes: &attributes, path, gold: gold.as_ref() };
        let (mut before, mut written) = (0_u32, Ok(()));
        let take = |block: ExportedBlock| {
            let rows = block.numbered(&mut before, |row| first.fates.of(number, row));
            for row in rows {
                row.count(path, &mut counts);
                if written.is_ok() {
                    written = if row.is_of_used() { used.add(&row) } else { others.add(&row) };
                }
            }
        };
        let files = FileReader { sizes, expected: &expected, reading };
        files.read(source, &sinks, &mut FileFacts::default(), take).map_err(fault)?;
        written?;
    }
    if counts.kinds() != first.counts.kinds() {
        let changed = Fault::whole("the files changed while they were read").help("export once more");
        return Err(ExportFailure::File(changed.of("")));
    }
    Ok((counts, used.end()?, others.end()?))
}

/// Reads all files to learn what becomes of each row.
fn read_once<'s>(
    files: &[(&str, impl Fn() -> Result<TableSource<'s>, String> + Sync)],
    scheme: &Scheme<'_>,
    readings: &Readings,
) -> Result<FirstReading, ExportFailure> {
    let mut nowhere = |_: &str, _: &RejectedRow| ();
    let mut intake = Intake::new(&mut nowhere).by_row();
    let context = Context { scheme, membership: Membership::of(scheme.model), names: TextNames::default() };
    take_in(
        files.iter().map(|(path, open)| (*path, open)).collect(),
        &context,
        readings,
        &mut intake,
        &mut Diagnostics::default(),
    );
    if let Some((path, fault)) =
        intake.notes.ledger.files.iter().find_map(|file| Some((&file.path, file.fault.clone()?)))
    {
        return Err(ExportFailure::File(fault.of(path)));
    }
    super::resolve::resolve(&mut intake, scheme);
    let counts = intake.notes.ledger.counts();
    let fates = intake.row_fates.take().unwrap_or_default();
    Ok(FirstReading { fates, counts, unread: intake.notes.unknown_columns.into_keys().collect() })
}

/// The columns that nothing reads, but for those that would mean something in a table of ours.
fn unread<'u>(columns: &'u [String], expected: &Expected<'_>) -> Vec<&'u str> {
    let is_free = |name: &&str| expected.place(name) == ColumnPlace::Unknown && FateColumn::named(name).is_none();
    columns.iter().map(String::as_str).filter(is_free).collect()
}

#[cfg(test)]
mod tests;
