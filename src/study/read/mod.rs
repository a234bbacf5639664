//! Reading: a table of ratings to coded ratings, without a site.
//!
//! In: readers of tables of any form, as CSV or JSON lines, and what was asked of them. Out: coded ratings with gold
//! and groups, and notes on all that was left out; or what is wrong, with its place. Never opens a file, never prints.
//! The same bytes give the same result whatever the number of threads, and rows in another order give it too.

mod categories;
mod coding;
mod columns;
mod error;
mod exported;
mod gather;
mod hints;
mod layout;
mod looks;
mod parts;
mod raters;
mod ratings;
pub mod steps;
#[cfg(test)]
mod tests;
mod unlike;

pub use columns::{Columns, Grouping, TableForm};
pub use error::LabelErrors;
pub use parts::LabelPart;

use crate::quality::table::{Coded, Table};
use crate::table::{ColumnRole, Names, Sizes, TableSource};
use crate::text::quoted;

/// What is asked of tables of ratings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadRequest {
    /// Which columns are what.
    pub columns: Columns,
    /// How ratings stand in the tables; long or wide, told from the names of the columns, if not said.
    pub form: Option<TableForm>,
    /// The scale in its order; a label outside it is an error. Without it the labels make the scale.
    pub categories: Option<Vec<String>>,
    /// Labels that count as empty, such as `NA`; the empty label always does.
    pub missing: Vec<String>,
}

/// Ratings that were read, in numbers, with the names behind the numbers.
#[derive(Clone, Debug)]
pub struct Labels {
    /// Items with at least one rating: shorter names first, then by bytes, so that `i2` stands before `i10`. Rows of
    /// a wide table without names are called by their number, from 1.
    pub items: Names,
    /// Raters with at least one rating: in the order of numbers if all names are numbers, else by bytes.
    pub raters: Names,
    /// The scale as declared; else the labels of raters and gold: numbers in their order if all are numbers (two ways
    /// to write one number are one category, named by the shortest), else in the order of their bytes.
    pub categories: Vec<String>,
    /// Whether the categories stand in their order: as declared, or as numbers do. Words stand in none.
    pub is_ordered: bool,
    /// Whether raters have no names, because the tables only count them: then those of an item are told apart, and
    /// nothing says who rated another item too.
    pub is_anonymous: bool,
    /// The ratings.
    pub table: Table,
    /// By item: the category of its gold.
    pub gold: Vec<Option<u32>>,
    /// The groups of the ratings, if they were asked.
    pub groups: Option<Groups>,
    /// What was met on the way.
    pub notes: Notes,
}

impl Labels {
    /// The categories as numbers, if all are.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        self.categories.iter().map(|category| categories::number(category)).collect()
    }

    /// The ratings of one group, in the numbers of the whole; panics if no groups were asked.
    pub fn of_group(&self, group: u32) -> Table {
        let groups = self.groups.as_ref().expect("groups were asked");
        let pairs = self.table.ratings().iter().zip(&groups.of_rating);
        let ratings: Vec<Coded> = pairs.filter(|(_, of)| **of == group).map(|(rating, _)| *rating).collect();
        Table::new(self.items.len(), self.raters.len(), self.categories.len(), ratings)
    }
}

/// The groups of ratings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Groups with at least one rating: numbers in their order if all are numbers, else in the order of their bytes.
    /// Ratings without a group form one with an empty name.
    pub names: Names,
    /// The group of each rating, parallel to the table's ratings.
    pub of_rating: Vec<u32>,
}

/// What was met while reading: how files were understood, and everything that is not simply a rating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// How each file was understood.
    pub files: Vec<FileNote>,
    /// Rows whose cells are all empty, though not the line.
    pub blank_rows: u64,
    /// Rows of exported tables that reports do not count; they are left out.
    pub uncounted_rows: u64,
    /// Rows of exported tables of which several answers are right; they have no gold here.
    pub several_right: u64,
    /// Items with gold for several criteria where all are taken together; they have none then.
    pub differing_gold: u64,
    /// Ratings that are not there because the label is empty or counts as missing.
    pub empty_labels: u64,
    /// Ratings beyond the first of a rater for an item, within a group if groups were asked; they are kept.
    pub repeated: u64,
    /// Of these, how many also have a category that the same rater gave the item before.
    pub identical: u64,
    /// Items that are named, perhaps with gold, but not rated; they are left out.
    pub unrated_items: u64,
    /// Raters that are named but rated nothing; they are left out.
    pub silent_raters: Vec<String>,
    /// Labels that look as if nothing was said (`NA`, `null`); they are kept as categories.
    pub like_missing: Vec<String>,
    /// Labels that were taken for a category because the number is the same, or for a declared one because only case
    /// differs.
    pub respelled: Vec<RespelledLabel>,
    /// Categories that differ in case alone, where none were declared: they are kept apart.
    pub alike: Vec<(String, String)>,
    /// The columns of tasks and criteria by which ratings were taken apart, if there is more than one part.
    pub apart: Vec<String>,
    /// Parts that were left out because they hold flags on steps.
    pub flagged: Vec<String>,
    /// What was guessed of tables of which nobody said that they are wide.
    pub guess: Option<WideGuess>,
    /// Columns of wide tables that were not taken for raters, because they share no value with any other.
    pub not_raters: Vec<String>,
    /// Columns of wide tables that were not taken for raters, because they hold times, names or texts.
    pub unlike_ratings: Vec<String>,
    /// Raters, told from the columns of a wide table, who share no value with any other.
    pub lonely: Vec<String>,
    /// Raters named like gold, counted as raters all the same.
    pub raters_like_gold: Vec<String>,
}

/// A table that was taken for a wide one without being called so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WideGuess {
    /// The columns that were taken for raters.
    pub raters: Vec<String>,
    /// Another form that the table may have.
    pub hint: Option<TableForm>,
}

/// A label that was taken for a category that is written in another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RespelledLabel {
    /// As it is written.
    pub written: String,
    /// What it was taken for.
    pub category: String,
    /// How many ratings have it.
    pub ratings: u64,
}

impl RespelledLabel {
    /// Whether both are one number, in two ways of writing.
    pub fn is_same_number(&self) -> bool {
        categories::number(&self.written).is_some()
    }
}

impl Notes {
    /// Rows that are not blank.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }
}

/// How one file was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNote {
    /// Its name.
    pub name: String,
    /// How ratings stand in it.
    pub form: TableForm,
    /// Rows that are not blank.
    pub rows: u64,
    /// Columns with a role; the raters of a wide table are not listed.
    pub columns: Vec<(ColumnRole, String)>,
    /// Columns that are not read.
    pub unused: Vec<String>,
}

impl FileNote {
    /// How a file was understood by its head, before its rows are counted.
    fn of(name: String, form: TableForm, head: &[String], roles: &[(ColumnRole, usize)], read: &[bool]) -> Self {
        let columns = roles.iter().map(|(role, place)| (*role, head[*place].clone())).collect();
        let unused = head.iter().zip(read).filter(|(_, read)| !**read).map(|(name, _)| name.clone()).collect();
        Self { name, form, rows: 0, columns, unused }
    }

    /// Whether it has a column of criteria by which ratings are not taken apart.
    fn has_criteria(&self) -> bool {
        self.unused.iter().any(|name| columns::is_of_criteria(name))
    }
}

/// Reads tables of ratings; the rows of several add up.
///
/// Every table has its own head and names each column that is asked for. A long one needs item, rater and label; a
/// wide one has a row for each item and a column for each rater, and is what a table without rater and label is taken
/// for. Gold may stand on any row of an item, must not contradict itself, and is never a rater. A rating that a rater
/// repeats is kept and counted. Items and raters without a rating are left out and counted.
///
/// A long table with columns of tasks (beside one of items) or criteria is read as one part for each, with its own
/// categories and gold, unless another grouping was asked for; every other table is one part without a name.
pub fn read(sources: Vec<TableSource<'_>>, request: &ReadRequest) -> Result<Vec<LabelPart>, LabelErrors> {
    read_sized(sources, request, Sizes::default())
}

fn read_sized(
    sources: Vec<TableSource<'_>>,
    request: &ReadRequest,
    sizes: Sizes,
) -> Result<Vec<LabelPart>, LabelErrors> {
    if let Some(twice) = request.categories.as_deref().and_then(categories::named_twice) {
        return Err(LabelErrors::asked(format!("the category {} is declared twice", quoted(twice))));
    }
    let known = ratings::LabelNames::default();
    let gathered = gather::gather(sources, request, &known, sizes)?;
    coding::code(gathered, known, request)
}
