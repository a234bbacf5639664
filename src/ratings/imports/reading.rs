//! Readings: how the ratings of one folder, or of one import, are to be read.
//!
//! In: what `ratings.yaml` or the command line says. Out: for each column what it is called, and for each cell what it
//! means. It never looks at a row's other cells, and judges no value.

use super::controls::of_cell;
use super::docent_folder::DocentFolder;
use super::scan::Scan;
use super::times::TimeReading;
use crate::diagnostic::{Diagnostics, Fault, did_you_mean, one_of, rules};
use crate::document::{AnswerColumns, MeantValue, RatingTool, ReadingKeys};
use crate::ratings::columns::{Column, KEPT};
use crate::schema::OpenMapping;
use crate::table::Cell;
use crate::text::letters;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How ratings are read. Without a word of it they are in the canonical form.
#[derive(Clone, Debug, Default)]
pub struct RatingsReading {
    /// What wrote them, if that is said.
    pub tool: Option<RatingTool>,
    /// What every row says that does not say otherwise.
    pub fixed: Vec<(Column, String)>,
    /// By column: what the file calls it.
    pub columns: BTreeMap<Column, String>,
    /// By column that no figure needs: what the file calls it.
    pub kept: BTreeMap<&'static str, String>,
    /// Where answers stand.
    pub answers: Vec<AnswerColumn>,
    /// By criterion: what stands in the file, and what it means.
    pub values: BTreeMap<String, Vec<(String, MeantValue)>>,
    /// By what stands in the file: the rater's id.
    pub raters: BTreeMap<String, String>,
    /// By scorer of a log: the id of the rater whom its own values are of.
    pub scorers: BTreeMap<String, String>,
    /// What stands before the id of each rater whom `raters` does not name.
    pub rater_prefix: String,
    /// How times are read.
    pub times: TimeReading,
    /// Whether it is a table of Label Studio: structures in cells are JSON, and raters may be addresses.
    pub is_minimal: bool,
    /// What is known of the scan that the files are results of.
    pub scan: Option<Arc<Scan>>,
    /// What is known of the runs that labels of Docent are of.
    pub docent: Option<Arc<DocentFolder>>,
    /// Whether a scan that did not end is read.
    pub is_partial: bool,
    /// Whether a comma parts the whole of a number from the rest.
    pub decimal_comma: bool,
    /// Items of which a table has several runs, told apart by this column.
    pub epochs: Option<Epochs>,
}

/// Runs of the same items in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epochs {
    /// The column that tells them apart.
    pub column: String,
    /// The items that have several.
    pub repeated: BTreeSet<String>,
}

/// A column with answers to a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerColumn {
    /// The criterion.
    pub criterion: String,
    /// What the file calls it.
    pub column: String,
    /// The value that it says to be chosen, if it has no values itself.
    pub option: Option<String>,
    /// Whose answers these are, if the table has no column for that.
    pub rater: Option<String>,
}

/// What a cell means.
pub enum MeantCell<'a> {
    /// What stands there.
    Same,
    /// This text.
    Text(Cell<'a>),
    /// No value, for a reason of this name.
    Outcome(&'static str),
}

impl RatingsReading {
    /// The reading that keys describe; names of columns that are none are findings.
    pub fn of(keys: ReadingKeys, diagnostics: &mut Diagnostics) -> Self {
        let fixed = [
            (Column::Task, keys.task),
            (Column::Version, keys.version),
            (Column::Cohort, keys.cohort),
            (Column::Rater, keys.rater),
        ];
        let (mut columns, mut kept) = (BTreeMap::new(), BTreeMap::new());
        let has_answers = keys.answers.is_some();
        for (key, name) in keys.columns.into_iter().flat_map(|OpenMapping(columns)| columns) {
            match (Column::named(&key.text), KEPT.iter().find(|kept| **kept == key.text)) {
                (Some(Column::Criterion | Column::Value), _) if has_answers => {
                    let message = format!("`{}` is named for a column, and so are answers", key.text);
                    diagnostics.add(rules::UNKNOWN_KEY, key.span, message).help("leave one of them out");
                }
                (Some(column), _) => drop(columns.insert(column, name)),
                (None, Some(column)) => drop(kept.insert(*column, name)),
                (None, None) => {
                    let message = format!("`{}` is no column of the canonical form", key.text);
                    diagnostics
                        .add(rules::UNKNOWN_KEY, key.span, message)
                        .maybe_help(did_you_mean(&key.text, Column::NAMES.iter().copied()))
                        .help(format!(
                            "columns are {}; answers stand under `answers`",
                            one_of(Column::NAMES.iter().copied())
                        ));
                }
            }
        }
        let answers = keys.answers.into_iter().flat_map(|OpenMapping(answers)| answers);
        let values = keys.values.into_iter().flat_map(|OpenMapping(values)| values);
        let named = |names: Option<OpenMapping<String>>| {
            names.into_iter().flat_map(|OpenMapping(names)| names).map(|(key, id)| (key.text, id)).collect()
        };
        let meant =
            |OpenMapping(meant): OpenMapping<MeantValue>| meant.into_iter().map(|(key, value)| (key.text, value));
        Self {
            tool: keys.tool,
            fixed: fixed.into_iter().filter_map(|(column, said)| Some((column, said?))).collect(),
            columns,
            kept,
            answers: answers.flat_map(|(criterion, columns)| AnswerColumn::of(&criterion.text, columns)).collect(),
            values: values.map(|(criterion, values)| (criterion.text, meant(values).collect())).collect(),
            raters: named(keys.raters),
            scorers: named(keys.scorers),
            rater_prefix: keys.rater_prefix.unwrap_or_default(),
            times: TimeReading { zone: keys.time_zone, order: keys.dates },
            is_minimal: false,
            scan: None,
            docent: None,
            is_partial: keys.partial,
            decimal_comma: keys.decimal_comma,
            epochs: None,
        }
    }

    /// The reading of a tool's files in which times are read so.
    pub fn plain(tool: Option<RatingTool>, times: TimeReading) -> Self {
        Self { tool, times, ..Self::default() }
    }

    /// Says what rows are of that do not say it.
    pub fn fix(&mut self, said: [(Column, Option<&str>); 4]) {
        self.fixed.extend(said.into_iter().filter_map(|(column, said)| Some((column, said?.to_owned()))));
    }

    /// What every row says in a column that does not say otherwise.
    pub fn says(&self, column: Column) -> Option<&str> {
        self.fixed.iter().find(|(known, _)| *known == column).map(|(_, said)| said.as_str())
    }

    /// Adds what is typed as `NAME=COLUMN`: a column of the canonical form, a criterion, or a criterion's value behind a
    /// point (`severity.high=Answer.high`), and what the file calls it.
    pub fn map(&mut self, typed: &str) -> Result<(), Fault> {
        let unread = || Fault::whole(format!("`{typed}` is not of the form NAME=COLUMN"));
        let (name, column) =
            typed.split_once('=').map(|(name, column)| (name.trim(), column.trim())).ok_or_else(unread)?;
        if name.is_empty() || column.is_empty() {
            return Err(unread());
        }
        let column = column.to_owned();
        if let Some(own) = Column::named(name) {
            self.columns.insert(own, column);
        } else if let Some(kept) = KEPT.iter().find(|kept| **kept == name) {
            self.kept.insert(kept, column);
        } else {
            let (criterion, option) = name.split_once('.').map_or((name, None), |(name, option)| (name, Some(option)));
            let (criterion, option) = (criterion.to_owned(), option.map(str::to_owned));
            self.answers.push(AnswerColumn { criterion, column, option, rater: None });
        }
        Ok(())
    }

    /// Whether rows and cells are as the canonical form has them.
    pub fn is_plain(&self) -> bool {
        let Self { tool, fixed, columns, kept, answers, values, raters, scorers, rater_prefix, times, .. } = self;
        let Self { is_minimal, decimal_comma, epochs, .. } = self;
        let names_nothing =
            fixed.is_empty() && columns.is_empty() && kept.is_empty() && answers.is_empty() && values.is_empty();
        let names_nobody = raters.is_empty() && scorers.is_empty() && rater_prefix.is_empty();
        let TimeReading { zone, order } = times;
        tool.is_none_or(|tool| tool == RatingTool::Table)
            && names_nothing
            && names_nobody
            && zone.is_none()
            && order.is_none()
            && !decimal_comma
            && !is_minimal
            && epochs.is_none()
    }

    /// The rater whom this text in a file means; none if it is no id, but an address.
    pub fn rater_id(&self, text: &str) -> String {
        match self.person(text) {
            Some(id) => id.to_owned(),
            None if self.is_minimal && text.contains('@') => String::new(),
            None => format!("{}{text}", self.rater_prefix),
        }
    }

    /// The rater whom `raters` names for what a tool calls a person.
    pub fn person(&self, name: &str) -> Option<&str> {
        self.raters.get(name).map(String::as_str)
    }

    /// The criterion whose answers stand in what a file calls so.
    pub fn criterion(&self, column: &str) -> Option<&str> {
        self.answers.iter().find(|answer| answer.column == column).map(|answer| answer.criterion.as_str())
    }

    /// The cells of a row of a tool's own file with what they mean, and what every row says.
    pub fn meant(&self, said: Vec<(Column, Cell<'static>)>) -> Vec<(Column, Cell<'static>)> {
        let criterion = said.iter().find(|(column, _)| *column == Column::Criterion).map(|(_, cell)| cell.to_string());
        let is_said = |column: Column| said.iter().any(|(said, _)| *said == column);
        let fixed = self.fixed.iter().filter(|(column, _)| !is_said(*column));
        let fixed: Vec<(Column, Cell<'static>)> =
            fixed.map(|(column, text)| (*column, Cell::Own(text.clone()))).collect();
        let meant = said.into_iter().map(|(column, cell)| {
            let meant = match (column, &criterion) {
                (Column::Value, Some(criterion)) => self.answer(criterion, &cell),
                _ => self.cell(column, &cell),
            };
            match meant {
                MeantCell::Same => (column, cell),
                MeantCell::Text(text) => (column, text),
                MeantCell::Outcome(name) => (Column::Outcome, Cell::Slice(name)),
            }
        });
        meant.chain(fixed).collect()
    }

    /// What a cell of a column means that holds something.
    pub fn cell<'a>(&self, column: Column, cell: &Cell<'a>) -> MeantCell<'a> {
        let text: &str = cell;
        let own = match column {
            _ if text.is_empty() => None,
            Column::Rater => Some(self.rater_id(text)).filter(|id| id != text),
            Column::SubmittedAt => self.times.iso(text).filter(|iso| iso != text),
            Column::Seconds => self.with_point(text),
            Column::Status => status(text).filter(|status| status != text),
            _ => None,
        };
        own.map_or(MeantCell::Same, |text| MeantCell::Text(Cell::Own(text)))
    }

    /// What an answer to a criterion means.
    pub fn answer<'a>(&self, criterion: &str, cell: &Cell<'a>) -> MeantCell<'a> {
        let structure = if self.is_minimal { of_cell(cell) } else { None };
        let text: &str = structure.as_deref().unwrap_or(cell);
        let values = self.values.get(criterion).map_or(&[][..], Vec::as_slice);
        let find = |is_so: &dyn Fn(&str) -> bool| values.iter().find(|(written, _)| is_so(written.trim()));
        let meant = find(&|written| written == text).or_else(|| find(&|written| letters(written) == letters(text)));
        match meant.map(|(_, meant)| meant) {
            Some(MeantValue::Value(value)) => MeantCell::Text(Cell::Own(value.clone())),
            Some(MeantValue::Outcome(outcome)) => MeantCell::Outcome(outcome.name()),
            None => {
                let own = self.with_point(text).or(structure);
                own.map_or(MeantCell::Same, |text| MeantCell::Text(Cell::Own(text)))
            }
        }
    }

    /// A number with a comma, with a point.
    fn with_point(&self, text: &str) -> Option<String> {
        let (whole, rest) = text.split_once(',').filter(|_| self.decimal_comma)?;
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        (is_number(whole.trim_start_matches('-')) && is_number(rest)).then(|| format!("{whole}.{rest}"))
    }
}

/// Words of tools for whether a submission is paid.
fn status(text: &str) -> Option<String> {
    let word = text.to_lowercase();
    let known =
        [("approved", "accepted"), ("submitted", "pending"), ("accepted", "accepted"), ("rejected", "rejected")];
    known.into_iter().find(|(theirs, _)| *theirs == word).map(|(_, ours)| ours.to_owned())
}

impl AnswerColumn {
    /// The columns of a criterion.
    pub fn of(criterion: &str, columns: AnswerColumns) -> Vec<Self> {
        let column = |column, option| Self { criterion: criterion.to_owned(), column, option, rater: None };
        match columns {
            AnswerColumns::One(name) => vec![column(name, None)],
            AnswerColumns::Options(options) => {
                options.into_iter().map(|(value, name)| column(name, Some(value))).collect()
            }
        }
    }
}
