//! Columns: which column of a table is the item, the rater, the label, the gold.
//!
//! In: the names at the head of a table and what was asked. Out: the column of a role, or why it can't be told. A name
//! that was asked for wins over the usual ones. It guesses no further.

use super::looks::{advice, option};
use crate::diagnostic::{Fault, did_you_mean};
use crate::table::Meant;
use crate::table::head::{ColumnRole, ambiguous, usual};
use crate::text::{listed, quoted};

/// How ratings stand in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// One rating a row: item, rater, label.
    Long,
    /// One item a row and one column a rater.
    Wide,
    /// One rater a row and one column an item; a column names the rater, the first unless one has a usual name.
    Sideways,
    /// One item a row and one column a category; each cell says how many raters, who have no names, gave it.
    Counts,
}

impl TableForm {
    /// What is said for `--form`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Wide => "wide",
            Self::Sideways => "sideways",
            Self::Counts => "counts",
        }
    }
}

/// Names of columns that were asked for; what is `None` is found by its usual names (see [`ColumnRole`]). Two columns with
/// usual names of one role are an error. The first column of a wide table is the item if it is named `id`, `subject` or
/// nothing at all, and no other is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// What was rated.
    pub item: Option<String>,
    /// Who rated; makes the table a long one.
    pub rater: Option<String>,
    /// What was said; makes the table a long one.
    pub label: Option<String>,
    /// What the experts say of the item.
    pub gold: Option<String>,
    /// The rater whose labels are gold, where experts' labels stand among the others'.
    pub gold_rater: Option<String>,
    /// What ratings are taken apart by.
    pub by: Grouping,
    /// The columns of raters; makes the table a wide one. Without it they are all columns that are nothing else.
    pub raters: Option<Vec<String>>,
}

/// What ratings are taken apart by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Task and criterion, as far as a long table has columns of them: each has its own categories and gold.
    #[default]
    Usual,
    /// Nothing.
    None,
    /// This column, whose groups share categories and gold.
    Column(String),
}

impl Grouping {
    /// The column that was asked for.
    pub fn column(&self) -> Option<&str> {
        if let Self::Column(column) = self { Some(column) } else { None }
    }
}

/// Whether a column's name is that of criteria.
pub(super) fn is_of_criteria(name: &str) -> bool {
    usual(name) == "criterion"
}

/// The column that has a role, if there is one: that which was asked for, else that with a usual name.
pub(super) fn find(role: ColumnRole, head: &[String], asked: Option<&str>) -> Result<Option<usize>, Fault> {
    if let Some(asked) = asked {
        return find_named(head, asked).map(Some);
    }
    let several = |places: Vec<usize>| {
        ambiguous(head, &places, role.name()).help(format!("name the one with {} COLUMN", option(role)))
    };
    role.find(head).map_err(several)
}

/// What a key of an object means that is no column's name, where a role has this column.
pub(super) fn meant(role: ColumnRole, key: &str, place: Option<usize>, asked: Option<&str>) -> Option<Meant> {
    let place_of = |place| if role.yields(key) { Meant::Yielding(place) } else { Meant::Column(place) };
    let means = asked.map_or_else(|| role.is_usual(key), |asked| key.eq_ignore_ascii_case(asked.trim()));
    means.then(|| place.map_or(Meant::Lacking, place_of))
}

/// The column with just this name, or else the only one that differs from it in case alone.
pub(super) fn find_named(head: &[String], asked: &str) -> Result<usize, Fault> {
    if let Some(place) = head.iter().position(|name| name == asked.trim()) {
        return Ok(place);
    }
    let alike = |name: &&String| name.eq_ignore_ascii_case(asked.trim());
    match head.iter().filter(alike).count() {
        1 => Ok(head.iter().position(|name| alike(&name)).unwrap_or_default()),
        _ => Err(lacks(head, &format!("the table has no column {}", quoted(asked)))
            .maybe(did_you_mean(asked, guessable(head)))),
    }
}

/// Names of which it makes sense to ask whether they were meant.
fn guessable(head: &[String]) -> impl Iterator<Item = &str> {
    head.iter().map(String::as_str).filter(|name| name.len() <= 60)
}

pub(super) fn lacks(head: &[String], what: &str) -> Fault {
    Fault::whole(format!("{what}; it has {}", listed(head.iter().map(String::as_str))))
}

/// The columns of these roles, or what is said of a table that lacks one.
pub(super) fn require<const N: usize>(
    head: &[String],
    found: [(ColumnRole, Option<usize>); N],
) -> Result<[usize; N], Fault> {
    if let Some((role, _)) = found.iter().find(|(_, place)| place.is_none()) {
        let name = role.name();
        let near = did_you_mean(name, guessable(head)).map(|near| format!("{near} ")).unwrap_or_default();
        let fault = lacks(head, &format!("the table has no column of the {name}"));
        let looks = if near.is_empty() { advice(head, &[*role]) } else { Vec::new() };
        return Err(fault.maybe(looks).help(format!("{near}name it with {} COLUMN", option(*role))));
    }
    Ok(found.map(|(_, place)| place.unwrap_or_default()))
}

/// Refuses one column in two roles.
pub(super) fn apart(head: &[String], places: &[Option<usize>]) -> Result<(), Fault> {
    let mut taken = vec![false; head.len()];
    for place in places.iter().flatten() {
        if std::mem::replace(&mut taken[*place], true) {
            return Err(Fault::whole(format!("the column {} can't be two things at once", quoted(&head[*place]))));
        }
    }
    Ok(())
}
