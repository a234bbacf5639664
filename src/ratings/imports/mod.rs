//! Imports: what other tools keep ratings in, as rows of the canonical form.
//!
//! In: a table, or a tool's own file, and how it is to be read (`reading`). Out: rows with a cell for each column, in the
//! order of the file, or why one is no rating. A tool's file is told by what it looks like, or by what is said. It never
//! asks whether an answer is on its scale.

mod argilla;
pub mod argilla_run;
mod controls;
mod docent;
mod docent_folder;
mod docent_record;
mod docent_target;
mod folders;
pub mod form_names;
mod inspect;
mod inspect_table;
mod label_studio;
mod label_studio_min;
mod plan;
mod potato;
mod reading;
mod scan;
mod scout;
#[cfg(test)]
mod tests;
mod times;
mod tools;

pub use folders::Readings;
pub use inspect_table::with_epochs;
pub use plan::RowPlan;
pub use reading::RatingsReading;
pub use scout::{ScanRows, is_scan};
pub use times::TimeReading;
pub use tools::{ReadHead, for_head, has_criteria};

use super::columns::{Column, Row};
use super::expected::Expected;
use super::rejected::Refusal;
use crate::diagnostic::Fault;
use crate::document::RatingTool;
use crate::table::{Cell, Sizes, TableFormat, TableSource};
use inspect::InspectForm;
use rayon::prelude::*;

/// A tool's own file, which is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolForm {
    /// Label Studio's list of tasks, with all there is.
    LabelStudio,
    /// Label Studio's list of annotations, which lack some of it.
    LabelStudioMinimal,
    /// A log of Inspect: an archive, or JSON.
    Inspect(InspectForm),
    /// Docent's labels, and results of its judges.
    Docent,
    /// Argilla's flat records.
    Argilla,
    /// Argilla's nested records, which lack some of it.
    ArgillaNested,
    /// Potato's JSON lines.
    Potato,
}

/// Counts what in an object is of users for whom something holds.
type AnnotationCount = fn(&str, &dyn Fn(&str) -> bool) -> Result<usize, String>;

/// What an export lacks that its tool knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// What, in a sentence.
    pub what: &'static str,
    /// Where it is to be had.
    pub instead: &'static str,
}

/// Whether a file of this name may hold ratings, in a table or in a tool's own form.
pub fn may_hold_ratings(name: &str) -> bool {
    TableFormat::named(name).is_some() || InspectForm::is_archive(name)
}

/// The endings that name what is read.
pub fn endings() -> String {
    format!("{}, and from `{}`", TableFormat::ENDINGS, inspect::ARCHIVE)
}

impl ToolForm {
    /// The form of a file of this name, if that tells it.
    pub fn named(name: &str) -> Option<Self> {
        InspectForm::is_archive(name).then_some(Self::Inspect(InspectForm::Archive))
    }

    /// The form of objects that begin so, if it is one; `said` is what is said to have written them.
    pub fn of_objects(start: &[u8], said: Option<RatingTool>) -> Option<Self> {
        let log = Self::Inspect(InspectForm::Json);
        let minimal = || label_studio_min::is_minimal(start).then_some(Self::LabelStudioMinimal);
        let label_studio = || label_studio::is_label_studio(start).then_some(Self::LabelStudio).or_else(minimal);
        let docent = || docent::is_docent(start).then_some(Self::Docent);
        let nested = || argilla::is_nested(start).then_some(Self::ArgillaNested);
        let argilla = || argilla::is_argilla(start).then_some(Self::Argilla).or_else(nested);
        let potato = || potato::is_potato(start).then_some(Self::Potato);
        match said {
            None => {
                let told = docent().or_else(label_studio).or_else(|| inspect::is_log(start).then_some(log));
                told.or_else(argilla).or_else(potato)
            }
            Some(RatingTool::LabelStudio) => label_studio().or(Some(Self::LabelStudio)),
            Some(RatingTool::Inspect) => inspect::is_log(start).then_some(log),
            Some(RatingTool::Docent) => Some(Self::Docent),
            Some(RatingTool::Argilla) => argilla().or(Some(Self::Argilla)),
            Some(RatingTool::Potato) => Some(Self::Potato),
            Some(_) => None,
        }
    }

    /// The tool that writes it.
    pub fn tool(self) -> RatingTool {
        match self {
            Self::LabelStudio | Self::LabelStudioMinimal => RatingTool::LabelStudio,
            Self::Inspect(_) => RatingTool::Inspect,
            Self::Docent => RatingTool::Docent,
            Self::Argilla | Self::ArgillaNested => RatingTool::Argilla,
            Self::Potato => RatingTool::Potato,
        }
    }

    /// What it lacks.
    pub fn lacks(self) -> Option<Lacking> {
        match self {
            Self::LabelStudioMinimal => Some(label_studio_min::LACKING),
            Self::ArgillaNested => Some(argilla::LACKING),
            Self::LabelStudio | Self::Inspect(_) | Self::Docent | Self::Argilla | Self::Potato => None,
        }
    }

    /// The rows of a source.
    pub fn rows(
        self,
        source: TableSource<'_>,
        sizes: Sizes,
        reading: &RatingsReading,
        expected: &Expected<'_>,
    ) -> Result<Vec<ToolRow>, Fault> {
        let rows_of: fn(u64, &str, &RatingsReading, &Expected<'_>) -> Vec<ToolRow> = match self {
            Self::LabelStudio => label_studio::rows,
            Self::LabelStudioMinimal => label_studio_min::rows,
            Self::Argilla | Self::ArgillaNested => argilla::rows,
            Self::Potato => potato::rows,
            Self::Inspect(form) => return inspect::rows(form, source, reading, expected),
            Self::Docent => return docent::rows(source, sizes, reading, expected),
        };
        let objects = source.objects(sizes)?;
        let of_object = |(line, object): &(u64, String)| rows_of(*line, object, reading, expected);
        Ok(objects.par_iter().flat_map_iter(of_object).collect())
    }

    /// Where a source first has something of this rater, if it does.
    pub fn first_of(
        self,
        source: TableSource<'_>,
        sizes: Sizes,
        reading: &RatingsReading,
        rater: &str,
    ) -> Result<Option<u64>, Fault> {
        let count_of: AnnotationCount = match self {
            Self::LabelStudio => label_studio::annotations_of,
            Self::LabelStudioMinimal => label_studio_min::annotations_of,
            Self::Argilla | Self::ArgillaNested => argilla::responses_of,
            Self::Potato => potato::instances_of,
            Self::Inspect(form) => return inspect::first_of(form, source, reading, rater),
            Self::Docent => return docent::first_of(source, sizes, reading, rater),
        };
        let is_rater = |user: &str| reading.rater_id(user) == rater;
        for (line, object) in source.objects(sizes)? {
            let count =
                count_of(&object, &is_rater).map_err(|why| Fault::on(line, format!("it can't be read: {why}")))?;
            if count > 0 {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

/// A row that a tool's own file gives.
#[derive(Debug)]
pub struct ToolRow {
    /// Line of the file on which what it was made from begins, from 1.
    pub line: u64,
    /// Its cells, or why it is no rating.
    pub cells: Result<Vec<(Column, Cell<'static>)>, Refusal>,
    /// What it says of its flag.
    pub attributes: Vec<(String, String)>,
    /// What it says in columns that no figure needs.
    pub kept: Vec<(&'static str, String)>,
}

impl ToolRow {
    /// A row of these cells.
    pub fn of(line: u64, cells: Vec<(Column, Cell<'static>)>) -> Self {
        Self { line, cells: Ok(cells), attributes: Vec::new(), kept: Vec::new() }
    }

    /// What is no rating.
    pub fn refused(line: u64, refusal: Refusal) -> Self {
        Self { line, cells: Err(refusal), attributes: Vec::new(), kept: Vec::new() }
    }

    /// The same with what was said about it.
    pub fn commented(mut self, comment: &str) -> Self {
        if !comment.is_empty() {
            self.kept.push(("comment", comment.to_owned()));
        }
        self
    }

    /// The row of its cells.
    pub fn row(&self) -> Result<Row<'_, 'static>, &Refusal> {
        let cells = self.cells.as_ref()?;
        let mut row = Row::empty(self.line);
        cells.iter().for_each(|(column, cell)| row.put(*column, cell));
        row.attributes.extend(self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        row.kept.extend(self.kept.iter().map(|(name, text)| (*name, text.as_str())));
        Ok(row)
    }
}
