//! Rows for an export: each as it was read, with what is known of it by itself.
//!
//! In: rows in the canonical form. Out: their cells, and whether they can't be used; what became of the others is told
//! afterwards, by their number. It compares no two rows.

use super::gold::GoldLookup;
use crate::diagnostic::Fault;
use crate::ratings::columns::{Column, KEPT, Row};
use crate::ratings::exported::{Became, FateColumn};
use crate::ratings::fates::RowFate;
use crate::ratings::ledger::RowCounts;
use crate::ratings::reading::{Context, Reader};
use crate::ratings::rejected::{Reason, Refusal};
use crate::ratings::rows::{RowSink, RowSinks};
use crate::ratings::taken::{Statement, Taken};
use crate::schema::Words;

/// Makes rows for an export out of the rows of a file.
pub struct ExportSinks<'e> {
    /// What they are read by.
    pub context: &'e Context<'e>,
    /// Names of flags' attributes.
    pub attributes: &'e [&'e str],
    /// The file.
    pub path: &'e str,
    /// What is right, if rows are to say it.
    pub gold: Option<&'e GoldLookup<'e>>,
}

/// One row.
pub struct ExportedRow {
    /// The cells of the canonical form, in its order.
    pub cells: Vec<String>,
    /// What became of it: of a row that was understood, only known once all rows are.
    became: Became,
    /// Of one that can't be used: why, and what was found.
    why: Option<(Reason, String)>,
    /// The gold.
    gold: String,
}

/// What the rows of a block are.
pub struct ExportedBlock {
    rows: Vec<ExportedRow>,
}

impl ExportedBlock {
    /// The rows with what became of each, which is told by its number in the file: `before` rows stand before the block.
    pub fn numbered(self, before: &mut u32, fate: impl Fn(u32) -> RowFate) -> Vec<ExportedRow> {
        let first = before.saturating_add(1);
        *before = before.saturating_add(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        let told = |(number, row): (u32, ExportedRow)| match (row.became, fate(number)) {
            (Became::Used | Became::NoCohort, RowFate::Orphan) => {
                let why = Some((Reason::AttributeWithoutFlag, "no flag at this step".to_owned()));
                ExportedRow { became: Became::Rejected, why, ..row }
            }
            (Became::Used, RowFate::Withdrawn) => ExportedRow { became: Became::Withdrawn, ..row },
            (Became::Used, RowFate::Replaced) => ExportedRow { became: Became::Replaced, ..row },
            _ => row,
        };
        (first..).zip(self.rows).map(told).collect()
    }
}

impl ExportedRow {
    /// Whether it belongs to the rows that are counted. An attribute stays beside its submission, whose flag it lacks.
    pub fn is_of_used(&self) -> bool {
        self.became == Became::Used || matches!(self.why, Some((Reason::AttributeWithoutFlag, _)))
    }

    /// What stands in a column that says what became of it.
    pub fn fate_cell(&self, column: FateColumn) -> &str {
        let why = self.why.as_ref();
        match column {
            FateColumn::Became => self.became.word(),
            FateColumn::Reason => why.map_or("", |(reason, _)| reason.id()),
            FateColumn::Found => why.map_or("", |(_, found)| found),
            FateColumn::Gold => &self.gold,
        }
    }

    /// Counts it.
    pub fn count(&self, path: &str, counts: &mut RowCounts) {
        match self.became {
            Became::Used => counts.used += 1,
            Became::Replaced => counts.replaced += 1,
            Became::Withdrawn => counts.withdrawn += 1,
            Became::NoCohort => counts.no_cohort += 1,
            Became::Rejected | Became::Refused => {
                if let Some((reason, found)) = &self.why {
                    counts.rejected.entry(*reason).or_default().add(path, &Fault::whole(found));
                }
            }
        }
    }
}

/// Takes the rows of one block.
pub struct ExportSink<'s, 'a> {
    sinks: &'s ExportSinks<'s>,
    reader: Reader<'s, 'a>,
    rows: Vec<ExportedRow>,
}

impl RowSinks for ExportSinks<'_> {
    type Made = ExportedBlock;
    type Sink<'s, 'a>
        = ExportSink<'s, 'a>
    where
        Self: 's;

    fn begin<'s, 'a>(&'s self) -> ExportSink<'s, 'a> {
        ExportSink { sinks: self, reader: self.context.begin(), rows: Vec::new() }
    }
}

impl<'a> RowSink<'a> for ExportSink<'_, 'a> {
    type Made = ExportedBlock;

    fn take(&mut self, row: &Row<'_, 'a>) {
        let mut cells = row.texts(self.sinks.attributes);
        let made = self.reader.take_one(row);
        let why = made.rejected.map(|rejected| (rejected.reason, words(&rejected.fault)));
        let became = match (&why, made.taken) {
            (Some(_), _) => Became::Rejected,
            (None, Some(Taken { cohort: None, .. })) => Became::NoCohort,
            (None, Some(Taken { statement: Statement::Withdrawn, .. })) => Became::Withdrawn,
            (None, _) => Became::Used,
        };
        let name = made.taken.and_then(|taken| submission(taken, self.sinks.path));
        name.into_iter().for_each(|name| cells[Column::Submission as usize] = name);
        let task = &mut cells[Column::Task as usize];
        if let Some(taken) = made.taken.filter(|_| task.is_empty()) {
            task.clone_from(&self.sinks.context.scheme.model.tasks[usize::from(taken.task)].id);
        }
        let gold = self.sinks.gold.zip(made.taken);
        let gold = gold.and_then(|(gold, taken)| gold.of(row.get(Column::Item), taken, made.version));
        self.rows.push(ExportedRow { cells, became, why, gold: gold.unwrap_or_default() });
    }

    fn refuse(&mut self, _: u64, refusal: Refusal) {
        self.push_refused(refusal.reason, &refusal.fault);
    }

    fn finish(mut self, unreadable: Vec<Fault>) -> ExportedBlock {
        unreadable.iter().for_each(|fault| self.push_refused(Reason::UnreadableRow, fault));
        ExportedBlock { rows: self.rows }
    }
}

impl ExportSink<'_, '_> {
    fn push_refused(&mut self, reason: Reason, fault: &Fault) {
        let cells = vec![String::new(); Column::ALL.len() + self.sinks.attributes.len() + KEPT.len()];
        let why = Some((reason, words(fault)));
        self.rows.push(ExportedRow { cells, became: Became::Refused, why, gold: String::new() });
    }
}

/// A name for the submission of a row that has none, where rows of several files would be mixed in one: rows without a time
/// belong together by their file; and those of no cohort stand among others that are not counted.
fn submission(taken: &Taken, path: &str) -> Option<String> {
    let is_unnamed = taken.submission.is_none() && !matches!(taken.statement, Statement::Withdrawn);
    let of_pass = || if taken.pass == 1 { path.to_owned() } else { format!("{path}#{}", taken.pass) };
    match (taken.submitted, taken.cohort) {
        _ if !is_unnamed => None,
        (None, _) => Some(of_pass()),
        (Some(submitted), None) => Some(format!("{} {}", of_pass(), submitted.instant)),
        (Some(_), Some(_)) => None,
    }
}

/// What a fault says, without its line.
fn words(fault: &Fault) -> String {
    Fault { line: None, ..fault.clone() }.to_string()
}
