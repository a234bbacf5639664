//! Columns: the canonical form of ratings, one row a value.
//!
//! In: the names at the head of a table, or the keys of an object. Out: a `Header` that puts cells into a `Row`.
//! A table that lacks a required column is refused whole, with what it has and what was probably meant.

use super::entry::{Basis, Status};
use super::rejected::printable;
use super::row_schema::{any, filled, pass, time, version, word};
use crate::diagnostic::{did_you_mean, one_of};
use crate::model::Outcome;
use crate::schema::Words;
use crate::study::Role;
use serde_json::Value as Json;
use std::collections::BTreeSet;

macro_rules! columns {
    ($($name:ident $text:literal $allowed:expr, $about:literal;)*) => {
        /// A column of the canonical form that is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $(#[doc = $about] $name,)* }

        impl Column {
            /// Every column's name, in the order of the enum.
            pub const NAMES: &[&str] = &[$($text,)*];

            /// Every column's name, what may stand in it, and what it means.
            pub fn described() -> Vec<(&'static str, Json, &'static str)> {
                vec![$(($text, $allowed, $about),)*]
            }
        }
    };
}

columns! {
    Task "task" any(), "The task, by its folder's name; may be left out where the site has one task only.";
    Item "item" filled(), "The item that was rated.";
    Rater "rater" filled(), "The rater's pseudonymous id.";
    Criterion "criterion" any(), "The criterion; without it, an outcome is of the whole item.";
    Value "value" any(), "The value, as the criterion's scale has it; of a flag, its kind.";
    Version "version" version(), "The version of the instructions; that which served on the day unless said.";
    Cohort "cohort" any(), "The cohort; that of the rater unless said.";
    Submission "submission" any(), "The submission the row belongs to; the newest for an item replaces the others.";
    Pass "pass" pass(), "Which time the rater was asked this, from 1.";
    Basis "basis" word(&Basis::WORDS), "How independent the rating is: the others enter no agreement and no accuracy.";
    Status "status" word(&Status::WORDS), "Whether the submission is paid.";
    Step "step" any(), "Of a flag: the number of the step that it is on.";
    StepTo "step_to" any(), "Of a flag over several steps: the last of them.";
    Attribute "attribute" any(), "The attribute, of the flag at this step, that the value is of.";
    Outcome "outcome" word(Outcome::WORDS), "Why there is no value.";
    SubmittedAt "submitted_at" time(), "When it was submitted: ISO 8601, best with a zone.";
    Seconds "seconds" any(), "How long the submission took.";
}

/// Columns of the canonical form that no figure needs.
pub const KEPT: [&str; 4] = ["lang", "option", "quote", "comment"];

const COUNT: usize = Column::NAMES.len();

/// Longest name of a column that a guess is made from.
const LONGEST_GUESSED: usize = 60;

/// One row's cells, trimmed; a missing one is empty.
pub struct Row<'a> {
    /// Line of the file, from 1.
    pub line: u64,
    cells: [&'a str; COUNT],
    /// Columns named like an attribute of a flag, where they are filled.
    pub attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Row<'a> {
    /// A cell, empty if the table has no such column.
    pub fn get(&self, column: Column) -> &'a str {
        self.cells[column as usize]
    }
}

/// A row that could not be read.
pub struct Unreadable {
    /// Line of the file, from 1.
    pub line: u64,
    /// What was found.
    pub why: String,
}

/// Why a file is left out or ends early.
#[derive(Debug)]
pub struct Refused {
    /// Line of the file; 0 means the whole.
    pub line: u64,
    /// What is wrong.
    pub why: String,
    /// Ways out.
    pub help: Vec<String>,
}

impl Refused {
    /// Refuses a file whole.
    pub fn whole(why: impl Into<String>) -> Self {
        Self { line: 0, why: why.into(), help: Vec::new() }
    }

    /// Reads no further than `line`.
    pub fn from(line: u64, why: impl Into<String>) -> Self {
        Self { line, why: why.into(), help: Vec::new() }
    }
}

/// What the site expects of a table.
pub struct Expected<'a> {
    /// Names of flags' attributes.
    pub attributes: BTreeSet<&'a str>,
    /// Whether a row must name its task.
    pub names_task: bool,
}

/// Where the cells of a table go.
#[derive(Debug)]
pub struct Header {
    places: Vec<Place>,
    /// Columns that nothing reads.
    pub unknown: BTreeSet<String>,
}

#[derive(Debug)]
enum Place {
    Column(usize),
    Attribute(String),
    Nowhere,
}

impl Header {
    /// Reads the names of all columns and refuses a table that can't hold ratings.
    pub fn read<'n>(names: impl Iterator<Item = &'n str>, expected: &Expected<'_>) -> Result<Self, Refused> {
        let mut header = Self { places: Vec::new(), unknown: BTreeSet::new() };
        let mut found = Vec::new();
        for name in names {
            header.push(name, expected);
            found.push(name.trim());
        }
        header.check(&found, expected)?;
        Ok(header)
    }

    /// A header that learns its columns row by row, as objects name them.
    pub fn open() -> Self {
        Self { places: Vec::new(), unknown: BTreeSet::new() }
    }

    fn push(&mut self, name: &str, expected: &Expected<'_>) {
        let place = self.place(name, expected);
        self.places.push(place);
    }

    fn place(&mut self, name: &str, expected: &Expected<'_>) -> Place {
        let name = name.trim().to_ascii_lowercase();
        if let Some(index) = Column::NAMES.iter().position(|known| **known == name) {
            Place::Column(index)
        } else if expected.attributes.contains(name.as_str()) {
            Place::Attribute(name)
        } else {
            if !name.is_empty() && !KEPT.contains(&name.as_str()) {
                self.unknown.insert(name);
            }
            Place::Nowhere
        }
    }

    fn has(&self, column: Column) -> bool {
        self.places.iter().any(|place| matches!(place, Place::Column(index) if *index == column as usize))
    }

    fn check(&self, found: &[&str], expected: &Expected<'_>) -> Result<(), Refused> {
        let mut missing: Vec<&str> = [Column::Item, Column::Rater, Column::Criterion]
            .into_iter()
            .chain(expected.names_task.then_some(Column::Task))
            .filter(|column| !self.has(*column))
            .map(|column| Column::NAMES[column as usize])
            .collect();
        if !self.has(Column::Value) && !self.has(Column::Outcome) {
            missing.push("value");
        }
        if let Some(twice) = self.twice() {
            return Err(Refused::whole(format!("the table has two columns `{twice}`")));
        }
        if missing.is_empty() {
            return Ok(());
        }
        let mut refused = Refused::whole(format!("the table lacks {}", listed(&missing)));
        let found_names = one_of(found.iter().copied()).replace(" or ", " and ");
        refused.help.push(format!("it has {}", printable(&found_names)));
        let unknown = || self.unknown.iter().map(String::as_str).filter(|name| name.len() <= LONGEST_GUESSED);
        let usual = |name: &str| {
            let role = role(name)?;
            unknown().find(|found| role.is_usual(found))
        };
        let near = |name: &str| match usual(name) {
            Some(found) => Some(format!("did you mean `{found}`?")),
            None => did_you_mean(name, unknown()),
        };
        let helps = missing.iter().filter_map(|name| Some(format!("for `{name}`, {}", near(name)?)));
        refused.help.extend(helps);
        if let [one] = found
            && let Some(mark) = [';', '\t'].into_iter().find(|mark| one.contains(*mark))
        {
            let help = format!("its columns are separated by {mark:?}: use commas, or tabs in a file named `.tsv`");
            refused.help.push(help);
        }
        Err(refused)
    }

    fn twice(&self) -> Option<&'static str> {
        let count = |column: usize| {
            self.places.iter().filter(|place| matches!(place, Place::Column(index) if *index == column)).count()
        };
        (0..COUNT).find(|column| count(*column) > 1).map(|column| Column::NAMES[column])
    }

    /// The row of a line's cells; cells beyond the header must be empty.
    pub fn row<'a>(&'a self, line: u64, cells: impl Iterator<Item = &'a str>) -> Result<Row<'a>, Unreadable> {
        let mut row = Row { line, cells: [""; COUNT], attributes: Vec::new() };
        for (index, cell) in cells.enumerate() {
            let cell = cell.trim();
            match self.places.get(index) {
                Some(Place::Column(column)) => row.cells[*column] = cell,
                Some(Place::Attribute(name)) if !cell.is_empty() => row.attributes.push((name, cell)),
                None if !cell.is_empty() => {
                    let why = format!("more cells than the {} columns of the head", self.places.len());
                    return Err(Unreadable { line, why });
                }
                _ => {}
            }
        }
        Ok(row)
    }

    /// The row of an object's entries.
    pub fn object<'a>(
        &mut self,
        line: u64,
        entries: impl Iterator<Item = (&'a str, &'a str)>,
        expected: &Expected<'a>,
    ) -> Row<'a> {
        let mut row = Row { line, cells: [""; COUNT], attributes: Vec::new() };
        for (name, cell) in entries {
            let cell = cell.trim();
            match self.place(name, expected) {
                Place::Column(column) => row.cells[column] = cell,
                Place::Attribute(name) if !cell.is_empty() => {
                    row.attributes.extend(expected.attributes.get(name.as_str()).map(|name| (*name, cell)));
                }
                Place::Attribute(_) | Place::Nowhere => {}
            }
        }
        row
    }
}

/// What a column is called elsewhere.
fn role(column: &str) -> Option<Role> {
    match column {
        "item" => Some(Role::Item),
        "rater" => Some(Role::Rater),
        "value" => Some(Role::Label),
        _ => None,
    }
}

fn listed(names: &[&str]) -> String {
    let noun = if names.len() == 1 { "the column" } else { "the columns" };
    format!("{noun} {}", one_of(names.iter().copied()).replace(" or ", " and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> Result<Header, Refused> {
        let expected = Expected { attributes: ["origin"].into(), names_task: false };
        Header::read(head.split(','), &expected)
    }

    #[test]
    fn a_table_without_a_required_column_says_what_it_has_and_what_was_meant() {
        let refused = read("item,worker,criterion,valeu").unwrap_err();
        assert_eq!(refused.why, "the table lacks the columns `rater` and `value`");
        assert_eq!(refused.help[0], "it has `item`, `worker`, `criterion` and `valeu`");
        assert_eq!(refused.help[1..], ["for `rater`, did you mean `worker`?", "for `value`, did you mean `valeu`?"]);
        let help = read("Item,Annotator,Criterion,Answer,Date").unwrap_err().help;
        assert_eq!(help[1..], ["for `rater`, did you mean `annotator`?", "for `value`, did you mean `answer`?"]);
        assert!(read("item;rater;criterion;value").unwrap_err().help[1].contains("separated by ';'"));
        assert!(read("item,item,rater,criterion,value").unwrap_err().why.contains("two columns `item`"));
    }

    #[test]
    fn cells_go_to_their_columns_and_unknown_ones_are_remembered() {
        let header = read("Rater,item,criterion, outcome,origin,colour").unwrap();
        assert_eq!(header.unknown, ["colour".to_owned()].into());
        let row = header.row(7, "a-01, run-1 ,,skipped,real,red".split(',')).ok().unwrap();
        assert_eq!((row.line, row.get(Column::Item), row.get(Column::Outcome)), (7, "run-1", "skipped"));
        assert_eq!((row.get(Column::Value), row.attributes), ("", vec![("origin", "real")]));
        assert!(header.row(8, "a,b,c,d,e,f,g".split(',')).is_err());
        assert!(header.row(8, "a,b,c,d,e,f,,".split(',')).is_ok());
    }
}
