//! Layouts: whether a table is long or wide, and where the cells of its rows go.
//!
//! In: the names at the head of a table and what was asked. Out: a layout in which each needed role has a column of its
//! own, or why there is none. It never looks at rows.

use super::columns::{Columns, TableForm, apart, find, find_named, lacks, meant, option, require};
use crate::diagnostic::Fault;
use crate::table::Meant;
use crate::table::head::{ColumnRole, check_names, usual};
use crate::text::quoted;

/// Where the cells of a row go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Long { item: usize, rater: usize, label: usize, gold: Option<usize>, by: Option<usize> },
    Wide { item: Option<usize>, raters: Vec<usize>, gold: Option<usize>, by: Option<usize> },
}

impl Layout {
    /// Tells the layout of a table from the names of its columns: long if it has a rater and a label, wide if it has
    /// neither.
    pub fn of(head: &[String], asked: &Columns, form: Option<TableForm>) -> Result<Self, Fault> {
        let rater = find(ColumnRole::Rater, head, asked.rater.as_deref());
        let label = find(ColumnRole::Label, head, asked.label.as_deref());
        let form = match form {
            Some(form) => form,
            None if asked.rater.is_some() || asked.label.is_some() => TableForm::Long,
            None if asked.raters.is_some() => TableForm::Wide,
            None => told_form(head, rater.clone()?, label.clone()?)?,
        };
        let layout = match form {
            TableForm::Long => Self::long(head, asked, rater?, label?),
            TableForm::Wide => Self::wide(head, asked),
        }?;
        check_names(head, &layout.read(head.len()))?;
        Ok(layout)
    }

    fn long(head: &[String], asked: &Columns, rater: Option<usize>, label: Option<usize>) -> Result<Self, Fault> {
        let item = find(ColumnRole::Item, head, asked.item.as_deref())?;
        let gold = find(ColumnRole::Gold, head, asked.gold.as_deref())?;
        let by = find(ColumnRole::Group, head, asked.by.as_deref())?;
        let [item, rater, label] =
            require(head, [(ColumnRole::Item, item), (ColumnRole::Rater, rater), (ColumnRole::Label, label)])?;
        apart(head, &[Some(item), Some(rater), Some(label), gold])?;
        Ok(Self::Long { item, rater, label, gold, by })
    }

    fn wide(head: &[String], asked: &Columns) -> Result<Self, Fault> {
        let first_is_item = || {
            let first = usual(&head[0]);
            asked.raters.as_ref().is_none_or(|raters| !raters.contains(&head[0]))
                && ["id", "subject", ""].contains(&first.as_str())
        };
        let item = match find(ColumnRole::Item, head, asked.item.as_deref())? {
            None if first_is_item() => Some(0),
            found => found,
        };
        let gold_rater = || head.iter().position(|name| Some(name) == asked.gold_rater.as_ref());
        let gold = find(ColumnRole::Gold, head, asked.gold.as_deref())?.or_else(gold_rater);
        let by = find(ColumnRole::Group, head, asked.by.as_deref())?;
        let raters: Vec<usize> = match &asked.raters {
            Some(raters) => raters.iter().map(|rater| find_named(head, rater)).collect::<Result<_, _>>()?,
            // A first column without a name numbers the rows where another one names the items.
            None => (usize::from(head[0].is_empty())..head.len())
                .filter(|place| ![item, gold, by].contains(&Some(*place)))
                .collect(),
        };
        if let Some(nameless) = raters.iter().find(|place| head[**place].is_empty()) {
            return Err(Fault::whole(format!("column {} has no name, so its rater has none", nameless + 1)));
        }
        if raters.is_empty() {
            return Err(lacks(head, "the table has no column of a rater"));
        }
        apart(head, &raters.iter().map(|place| Some(*place)).chain([item, gold]).collect::<Vec<_>>())?;
        Ok(Self::Wide { item, raters, gold, by })
    }

    /// Whether rows are items that have no other name than their number.
    pub fn numbers_items(&self) -> bool {
        matches!(self, Self::Wide { item: None, .. })
    }

    /// The columns of raters, if each has one.
    pub fn raters(&self) -> &[usize] {
        if let Self::Wide { raters, .. } = self { raters } else { &[] }
    }

    /// What a key means that the first object lacks: a column under another name, or one that would be gold or another
    /// rater and is not there.
    pub fn meant(&self, key: &str, asked: &Columns) -> Meant {
        let (item, rater, label, gold, others) = match *self {
            Self::Long { item, rater, label, gold, .. } => (Some(item), Some(rater), Some(label), gold, Meant::Nothing),
            Self::Wide { item, gold, .. } => {
                let others = if asked.raters.is_some() { Meant::Nothing } else { Meant::Lacking };
                (item, None, None, gold, others)
            }
        };
        let by_place = [(ColumnRole::Item, item, &asked.item), (ColumnRole::Gold, gold, &asked.gold)];
        let of_long = [(ColumnRole::Rater, rater, &asked.rater), (ColumnRole::Label, label, &asked.label)];
        let of_long = of_long.into_iter().filter(|(_, place, _)| place.is_some());
        let mut all = by_place.into_iter().chain(of_long);
        all.find_map(|(role, place, asked)| meant(role, key, place, asked.as_deref())).unwrap_or(others)
    }

    /// The columns with a role, without the many raters of a wide table.
    pub fn roles(&self) -> Vec<(ColumnRole, usize)> {
        let (item, rater, label, gold, by) = match *self {
            Self::Long { item, rater, label, gold, by } => (Some(item), Some(rater), Some(label), gold, by),
            Self::Wide { item, gold, by, .. } => (item, None, None, gold, by),
        };
        let all = [
            (ColumnRole::Item, item),
            (ColumnRole::Rater, rater),
            (ColumnRole::Label, label),
            (ColumnRole::Gold, gold),
            (ColumnRole::Group, by),
        ];
        all.into_iter().filter_map(|(role, place)| Some((role, place?))).collect()
    }

    /// By column: whether its cells are read.
    pub fn read(&self, columns: usize) -> Vec<bool> {
        let mut read = vec![false; columns];
        self.roles().iter().for_each(|(_, place)| read[*place] = true);
        self.raters().iter().for_each(|place| read[*place] = true);
        read
    }
}

fn told_form(head: &[String], rater: Option<usize>, label: Option<usize>) -> Result<TableForm, Fault> {
    let help = |role: ColumnRole| {
        format!("name it with {} COLUMN, or say --form wide if each other column is a rater", option(role))
    };
    match (rater, label) {
        (Some(_), Some(_)) => Ok(TableForm::Long),
        (None, None) => Ok(TableForm::Wide),
        (Some(rater), None) => {
            let what = format!("the table has raters in {} but no column of labels", quoted(&head[rater]));
            Err(lacks(head, &what).help(help(ColumnRole::Label)))
        }
        (None, Some(label)) => {
            let what = format!("the table has labels in {} but no column of raters", quoted(&head[label]));
            Err(lacks(head, &what).help(help(ColumnRole::Rater)))
        }
    }
}
