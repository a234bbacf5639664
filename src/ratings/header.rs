//! Headers: where the cells of a table of ratings go.
//!
//! In: the names at the head of a table. Out: a `Header` that puts cells into a `Row`. A table that lacks a required
//! column, or has two of one meaning, is refused whole, with what it has and what was probably meant.

use super::columns::{Column, Row};
use super::expected::{ColumnPlace, Expected, role};
use super::exported::{FateColumn, FatePlaces};
use super::imports::{RatingsReading, RowPlan};
use super::rejected::Refusal;
use crate::diagnostic::{Fault, did_you_mean};
use crate::table::Cell;
use crate::table::head::{ambiguous, check_names};
use crate::text::listed;
use std::collections::BTreeSet;

/// Longest name of a column that a guess is made from.
const LONGEST_GUESSED: usize = 60;

/// Where the cells of a table go.
#[derive(Debug)]
pub struct Header<'a, 'r> {
    places: Vec<ColumnPlace<'a>>,
    /// What one row becomes, where that is not itself.
    plan: Option<RowPlan<'r>>,
    /// Whether columns that no figure needs are read too.
    keeps: bool,
    /// Of an exported table: where it says what became of rows.
    fate: Option<FatePlaces>,
}

impl<'a, 'r> Header<'a, 'r> {
    /// Reads the names of all columns and refuses a table in which nobody can tell which is meant.
    pub fn of(head: &[String], expected: &Expected<'a>, reading: &'r RatingsReading) -> Result<Self, Fault> {
        let plan = if reading.is_plain() { None } else { Some(RowPlan::of(head, reading)?) };
        let place = |(place, name): (usize, &String)| match (&plan, expected.place(name)) {
            (Some(plan), _) if plan.named(place).is_some() => {
                plan.named(place).map_or(ColumnPlace::Unknown, ColumnPlace::Column)
            }
            (Some(plan), _) if plan.reads(place) => ColumnPlace::Kept(None),
            (Some(plan), _) if plan.keeps(place).is_some() => ColumnPlace::Kept(plan.keeps(place)),
            (Some(plan), ColumnPlace::Column(column)) if plan.claims(column) => ColumnPlace::Unknown,
            (_, found) => found,
        };
        let places = head.iter().enumerate().map(place).collect();
        Self { places, plan, keeps: expected.keeps, fate: None }.settled(head)
    }

    /// The same of a table that was exported here, which may be written for spreadsheets.
    pub fn of_exported(head: &[String], expected: &Expected<'a>, is_for_spreadsheets: bool) -> Result<Self, Fault> {
        let place = |name: &String| match (expected.place(name), FateColumn::named(name)) {
            (ColumnPlace::Unknown, Some(column)) => ColumnPlace::Fate(column),
            (found, _) => found,
        };
        let places: Vec<ColumnPlace<'a>> = head.iter().map(place).collect();
        let find = |column| places.iter().position(|place| *place == ColumnPlace::Fate(column));
        let fate = Some(FatePlaces::of(find, is_for_spreadsheets));
        Self { places, plan: None, keeps: expected.keeps, fate }.settled(head)
    }

    /// The same with one place for each column.
    fn settled(mut self, head: &[String]) -> Result<Self, Fault> {
        for column in Column::ALL {
            self.settle(*column, head)?;
        }
        check_names(head, &self.read())?;
        Ok(self)
    }

    /// Leaves a column one place.
    fn settle(&mut self, column: Column, head: &[String]) -> Result<(), Fault> {
        let is_column = |place: &usize| self.places[*place] == ColumnPlace::Column(column);
        let found: Vec<usize> = (0..head.len()).filter(is_column).collect();
        let only = match role(column) {
            Some(role) => role.only(head, found.clone()),
            None if found.len() > 1 => Err(found.clone()),
            None => Ok(found.first().copied()),
        };
        let only = only.map_err(|places| {
            ambiguous(head, &places, column.name()).help("keep the one that is meant, or give the others another name")
        })?;
        found
            .into_iter()
            .filter(|place| Some(*place) != only)
            .for_each(|place| self.places[place] = ColumnPlace::Unknown);
        Ok(())
    }

    /// By column: whether its cells are read.
    pub fn read(&self) -> Vec<bool> {
        let is_read = |(place, of): (usize, &ColumnPlace<'_>)| {
            let is_planned = self.plan.as_ref().is_some_and(|plan| plan.reads(place));
            let is_kept = self.keeps && matches!(of, ColumnPlace::Kept(Some(_)));
            is_planned
                || is_kept
                || matches!(of, ColumnPlace::Column(_) | ColumnPlace::Attribute(_) | ColumnPlace::Fate(_))
        };
        self.places.iter().enumerate().map(is_read).collect()
    }

    /// By column: whether its cells are answers, of which one to a set may be a list.
    pub fn lists(&self) -> Vec<bool> {
        let is_answer = |place| self.plan.as_ref().is_some_and(|plan| plan.answers_in(place));
        let is_value = |of: &ColumnPlace<'_>| *of == ColumnPlace::Column(Column::Value);
        self.places.iter().enumerate().map(|(place, of)| is_value(of) || is_answer(place)).collect()
    }

    /// Columns that nothing reads, in lower case.
    pub fn unknown(&self, head: &[String]) -> BTreeSet<String> {
        let names = head.iter().zip(&self.places).filter(|(_, place)| **place == ColumnPlace::Unknown);
        names.map(|(name, _)| name.to_ascii_lowercase()).collect()
    }

    /// Where a column is, if it is there.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places.iter().position(|place| *place == ColumnPlace::Column(column))
    }

    fn has(&self, column: Column) -> bool {
        let is_planned = |plan: &RowPlan<'_>| plan.claims(column) || plan.fixes(column);
        self.place(column).is_some() || self.plan.as_ref().is_some_and(is_planned)
    }

    /// Refuses a table that can't hold ratings.
    pub fn check(&self, head: &[String], expected: &Expected<'_>) -> Result<(), Fault> {
        let mut missing: Vec<&str> = [Column::Item, Column::Rater, Column::Criterion]
            .into_iter()
            .chain(expected.names_task.then_some(Column::Task))
            .filter(|column| !self.has(*column))
            .map(Column::name)
            .collect();
        if !self.has(Column::Value) && !self.has(Column::Outcome) {
            missing.push("value");
        }
        if missing.is_empty() {
            return Ok(());
        }
        let found_names = listed(head.iter().map(String::as_str));
        let unknown = self.unknown(head);
        let unknown = || unknown.iter().map(String::as_str).filter(|name| name.len() <= LONGEST_GUESSED);
        let guesses =
            missing.iter().filter_map(|name| Some(format!("for `{name}`, {}", did_you_mean(name, unknown())?)));
        let fault = Fault::whole(format!("the table lacks {}", columns(&missing)));
        let fault = fault.help(format!("it has {found_names}")).maybe(guesses);
        Err(fault.help("a `ratings.yaml` beside it, or `--map` of an import, says which columns are meant"))
    }

    /// Hands on the rows that a line's cells make; a line that is no rating is refused.
    pub fn rows<'b>(&self, line: u64, cells: &[Cell<'b>], take: impl FnMut(&Row<'_, 'b>)) -> Result<(), Refusal> {
        let Some(fate) = &self.fate else { return self.read_rows(line, cells, take) };
        match fate.refusal(cells) {
            Some(refusal) => Err(refusal),
            None => self.read_rows(line, &fate.plain(cells), take),
        }
    }

    fn read_rows<'b>(&self, line: u64, cells: &[Cell<'b>], mut take: impl FnMut(&Row<'_, 'b>)) -> Result<(), Refusal> {
        let row = self.row(line, cells);
        match &self.plan {
            None => take(&row),
            Some(plan) => plan.rows(&row, cells, take)?,
        }
        Ok(())
    }

    /// The row of a line's cells.
    fn row<'c, 'b>(&'c self, line: u64, cells: &'c [Cell<'b>]) -> Row<'c, 'b> {
        let mut row = Row::empty(line);
        for (place, cell) in self.places.iter().zip(cells) {
            match place {
                ColumnPlace::Column(column) => row.put(*column, cell),
                ColumnPlace::Attribute(name) if !cell.is_empty() => row.attributes.push((name, cell)),
                ColumnPlace::Kept(Some(name)) if self.keeps && !cell.is_empty() => row.kept.push((name, cell)),
                ColumnPlace::Attribute(_) | ColumnPlace::Kept(_) | ColumnPlace::Fate(_) | ColumnPlace::Unknown => {}
            }
        }
        row
    }
}

fn columns(names: &[&str]) -> String {
    let noun = if names.len() == 1 { "the column" } else { "the columns" };
    format!("{noun} {}", listed(names.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected<'static> {
        Expected::of(["origin", "how-sure"].into(), BTreeSet::new(), false)
    }

    fn head(names: &str) -> Vec<String> {
        names.split(',').map(|name| name.trim().to_owned()).collect()
    }

    fn refused(names: &str) -> Fault {
        let head = head(names);
        Header::of(&head, &expected(), &RatingsReading::default())
            .and_then(|header| header.check(&head, &expected()))
            .unwrap_err()
    }

    #[test]
    fn a_table_without_a_required_column_says_what_it_has_and_what_was_meant() {
        let told = refused("item,riter,criterion,valeu");
        assert_eq!(told.message, "the table lacks the columns `rater` and `value`");
        assert_eq!(told.help[0], "it has `item`, `riter`, `criterion` and `valeu`");
        assert_eq!(told.help[1..3], ["for `rater`, did you mean `riter`?", "for `value`, did you mean `valeu`?"]);
    }

    #[test]
    fn two_columns_of_one_meaning_are_both_named() {
        let why = |names| refused(names).message;
        let told = why("item,worker,rater,criterion,value");
        assert_eq!(told, "each of the columns `worker` and `rater` could be the rater");
        let told = why("item,rater,criterion,Label,value");
        assert_eq!(told, "each of the columns `Label` and `value` could be the value");
        assert_eq!(why("item,item,rater,criterion,value"), "two columns are named `item`");
        assert_eq!(why("item,rater,criterion,value,origin,origin"), "two columns are named `origin`");
        let told = why("item,rater,criterion,value,step_to,Step To");
        assert_eq!(told, "each of the columns `step_to` and `Step To` could be the step_to");
    }

    #[test]
    fn usual_names_are_read_and_unknown_ones_are_remembered() {
        let head = head("Worker,Unit ID,task_name,criterion,outcome,How Sure,colour,note,note");
        let (expected, reading) = (expected(), RatingsReading::default());
        let header = Header::of(&head, &expected, &reading).unwrap();
        assert!(header.check(&head, &expected).is_ok());
        assert_eq!(header.unknown(&head), ["colour", "note", "task_name"].map(str::to_owned).into());
        let cells = ["a-01", "run-1", "t", "", "skipped", "very", "red", "", "x"].map(Cell::Slice);
        let row = header.row(7, &cells);
        assert_eq!((row.line, row.get(Column::Item), row.get(Column::Outcome)), (7, "run-1", "skipped"));
        assert_eq!((row.get(Column::Value), row.attributes), ("", vec![("how-sure", "very")]));
    }
}
