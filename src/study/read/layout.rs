//! Layouts: whether a table is long or wide, and where the cells of its rows go.
//!
//! In: the names at the head of a table and what was asked. Out: a layout in which each needed role has a column of its
//! own, or why there is none. It never looks at rows.

use super::ReadRequest;
use super::columns::{Columns, Grouping, TableForm, apart, find, find_named, is_of_criteria, lacks, meant, require};
use super::looks::{advice, option};
use crate::diagnostic::Fault;
use crate::table::Meant;
use crate::table::head::{ColumnRole, check_names, is_index, usual};
use crate::text::quoted;

/// Where the cells of a row of a long table go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LongColumns {
    pub item: usize,
    pub rater: usize,
    pub label: usize,
    pub gold: Option<usize>,
    pub by: Option<usize>,
    /// The columns of tasks and criteria that take rows apart.
    pub apart: Vec<usize>,
    /// The column of flagged steps, where criteria are taken apart.
    pub step: Option<usize>,
}

impl LongColumns {
    /// The columns of tasks, beside one of items, and of criteria, as far as nothing else was asked of them.
    fn take_apart(self, head: &[String], by: &Grouping) -> Self {
        let taken = [Some(self.item), Some(self.rater), Some(self.label), self.gold];
        let find = |is_meant: &dyn Fn(&str) -> bool| {
            let is_free = |place: &usize| !taken.contains(&Some(*place)) && is_meant(&head[*place]);
            (0..head.len()).find(is_free).filter(|_| *by == Grouping::Usual)
        };
        let task = find(&|name| ColumnRole::Item.yields(name));
        let criterion = find(&is_of_criteria);
        let step = criterion.and_then(|_| find(&|name| usual(name) == "step"));
        Self { apart: task.into_iter().chain(criterion).collect(), step, ..self }
    }
}

/// Where the cells of a row go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Long(LongColumns),
    Wide { item: Option<usize>, raters: Vec<usize>, gold: Option<usize>, by: Option<usize> },
    Sideways { rater: usize, items: Vec<usize>, by: Option<usize> },
    Counts { item: Option<usize>, categories: Vec<usize> },
}

impl Layout {
    /// Tells the layout of a table from the names of its columns: long if it has a rater and a label, wide if it has
    /// neither.
    pub fn of(head: &[String], request: &ReadRequest) -> Result<Self, Fault> {
        let asked = &request.columns;
        let rater = find(ColumnRole::Rater, head, asked.rater.as_deref());
        let label = find(ColumnRole::Label, head, asked.label.as_deref());
        let form = match request.form {
            Some(form) => form,
            None if asked.rater.is_some() || asked.label.is_some() => TableForm::Long,
            None if asked.raters.is_some() => TableForm::Wide,
            None => told_form(head, rater.clone()?, label.clone()?)?,
        };
        let layout = match form {
            TableForm::Long => Self::long(head, asked, rater?, label?),
            TableForm::Wide => Self::wide(head, asked),
            TableForm::Sideways => Self::sideways(head, asked, rater?),
            TableForm::Counts => Self::counts(head, request),
        }?;
        check_names(head, &layout.read(head.len()))?;
        Ok(layout)
    }

    fn long(head: &[String], asked: &Columns, rater: Option<usize>, label: Option<usize>) -> Result<Self, Fault> {
        let item = find(ColumnRole::Item, head, asked.item.as_deref())?;
        let gold = find(ColumnRole::Gold, head, asked.gold.as_deref())?;
        let by = find(ColumnRole::Group, head, asked.by.column())?;
        let [item, rater, label] =
            require(head, [(ColumnRole::Item, item), (ColumnRole::Rater, rater), (ColumnRole::Label, label)])?;
        apart(head, &[Some(item), Some(rater), Some(label), gold])?;
        let columns = LongColumns { item, rater, label, gold, by, apart: Vec::new(), step: None };
        Ok(Self::Long(columns.take_apart(head, &asked.by)))
    }

    fn wide(head: &[String], asked: &Columns) -> Result<Self, Fault> {
        let item = item_of_rows(head, asked)?;
        let gold_rater = || head.iter().position(|name| Some(name) == asked.gold_rater.as_ref());
        let gold = find(ColumnRole::Gold, head, asked.gold.as_deref())?.or_else(gold_rater);
        let by = find(ColumnRole::Group, head, asked.by.column())?;
        let raters: Vec<usize> = match &asked.raters {
            Some(raters) => raters.iter().map(|rater| find_named(head, rater)).collect::<Result<_, _>>()?,
            None => others(head, &[item, gold, by]),
        };
        named(head, &raters, "rater")?;
        apart(head, &raters.iter().map(|place| Some(*place)).chain([item, gold]).collect::<Vec<_>>())?;
        Ok(Self::Wide { item, raters, gold, by })
    }

    fn sideways(head: &[String], asked: &Columns, rater: Option<usize>) -> Result<Self, Fault> {
        let Columns { item, label, gold, raters, .. } = asked;
        let meaningless = [
            ("--item", item.is_some()),
            ("--label", label.is_some()),
            ("--gold", gold.is_some()),
            ("--raters", raters.is_some()),
        ];
        refuse_asked(TableForm::Sideways, &meaningless)?;
        let by = find(ColumnRole::Group, head, asked.by.column())?;
        let rater = rater.unwrap_or(0);
        let items = others(head, &[Some(rater), by]);
        named(head, &items, "item")?;
        Ok(Self::Sideways { rater, items, by })
    }

    fn counts(head: &[String], request: &ReadRequest) -> Result<Self, Fault> {
        let Columns { rater, label, gold, gold_rater, raters, by, .. } = &request.columns;
        let meaningless = [
            ("--rater", rater.is_some()),
            ("--label", label.is_some()),
            ("--gold", gold.is_some()),
            ("--gold-rater", gold_rater.is_some()),
            ("--by", by.column().is_some()),
            ("--raters", raters.is_some()),
        ];
        refuse_asked(TableForm::Counts, &meaningless)?;
        let item = item_of_rows(head, &request.columns)?;
        let categories: Vec<usize> = match &request.categories {
            Some(categories) => categories.iter().map(|of| find_named(head, of)).collect::<Result<_, _>>()?,
            None => others(head, &[item]),
        };
        named(head, &categories, "category")?;
        apart(head, &categories.iter().map(|place| Some(*place)).chain([item]).collect::<Vec<_>>())?;
        Ok(Self::Counts { item, categories })
    }

    /// The form of the table.
    pub fn form(&self) -> TableForm {
        match self {
            Self::Long(_) => TableForm::Long,
            Self::Wide { .. } => TableForm::Wide,
            Self::Sideways { .. } => TableForm::Sideways,
            Self::Counts { .. } => TableForm::Counts,
        }
    }

    /// Whether rows are items that have no other name than their number.
    pub fn numbers_items(&self) -> bool {
        matches!(self, Self::Wide { item: None, .. } | Self::Counts { item: None, .. })
    }

    /// Whether a row names its item.
    pub fn names_items(&self) -> bool {
        !self.numbers_items() && self.form() != TableForm::Sideways
    }

    /// The columns that each name something by their heads: a rater, an item, or a category.
    pub fn columns(&self) -> &[usize] {
        match self {
            Self::Long(_) => &[],
            Self::Wide { raters, .. } => raters,
            Self::Sideways { items, .. } => items,
            Self::Counts { categories, .. } => categories,
        }
    }

    /// What a key means that the first object lacks: a column under another name, or one that would be gold or another
    /// rater and is not there.
    pub fn meant(&self, key: &str, asked: &Columns) -> Meant {
        let is_told = self.form() == TableForm::Long || asked.raters.is_some();
        let is_criterion = asked.by == Grouping::Usual && is_of_criteria(key);
        let others = if is_told && !is_criterion { Meant::Nothing } else { Meant::Lacking };
        let of_role = |(role, place): (ColumnRole, Option<usize>)| {
            let name = match role {
                ColumnRole::Item => &asked.item,
                ColumnRole::Gold => &asked.gold,
                ColumnRole::Rater => &asked.rater,
                ColumnRole::Label => &asked.label,
                _ => return None,
            };
            meant(role, key, place, name.as_deref())
        };
        let gold = self.roles().iter().all(|(role, _)| *role != ColumnRole::Gold).then_some((ColumnRole::Gold, None));
        let item = self.numbers_items().then_some((ColumnRole::Item, None));
        let roles = self.roles().into_iter().map(|(role, place)| (role, Some(place)));
        roles.chain(gold).chain(item).find_map(of_role).unwrap_or(others)
    }

    /// The columns with a role, without the many that each name something.
    pub fn roles(&self) -> Vec<(ColumnRole, usize)> {
        let (item, rater, label, gold, by) = match *self {
            Self::Long(LongColumns { item, rater, label, gold, by, .. }) => {
                (Some(item), Some(rater), Some(label), gold, by)
            }
            Self::Wide { item, gold, by, .. } => (item, None, None, gold, by),
            Self::Sideways { rater, by, .. } => (None, Some(rater), None, None, by),
            Self::Counts { item, .. } => (item, None, None, None, None),
        };
        let all = [
            (ColumnRole::Item, item),
            (ColumnRole::Rater, rater),
            (ColumnRole::Label, label),
            (ColumnRole::Gold, gold),
            (ColumnRole::Group, by),
        ];
        let others: Vec<(ColumnRole, usize)> = match self {
            Self::Long(LongColumns { apart, step, .. }) => {
                let step = step.iter().map(|place| (ColumnRole::Step, *place));
                apart.iter().map(|place| (ColumnRole::Group, *place)).chain(step).collect()
            }
            _ => Vec::new(),
        };
        all.into_iter().filter_map(|(role, place)| Some((role, place?))).chain(others).collect()
    }

    /// By column: whether its cells are read.
    pub fn read(&self, columns: usize) -> Vec<bool> {
        let mut read = vec![false; columns];
        self.roles().iter().for_each(|(_, place)| read[*place] = true);
        self.columns().iter().for_each(|place| read[*place] = true);
        read
    }
}

/// The column that names the items of a table with a row for each.
fn item_of_rows(head: &[String], asked: &Columns) -> Result<Option<usize>, Fault> {
    let first_is_item = || {
        let first = usual(&head[0]);
        asked.raters.as_ref().is_none_or(|raters| !raters.contains(&head[0]))
            && (["id", "subject"].contains(&first.as_str()) || is_index(&first))
    };
    Ok(match find(ColumnRole::Item, head, asked.item.as_deref())? {
        None if first_is_item() => Some(0),
        found => found,
    })
}

/// The columns that are none of these. A first column without a name numbers the rows where another one names them.
fn others(head: &[String], taken: &[Option<usize>]) -> Vec<usize> {
    (usize::from(is_index(&head[0]))..head.len()).filter(|place| !taken.contains(&Some(*place))).collect()
}

/// Fails if there are no such columns, or one that names nothing.
fn named(head: &[String], places: &[usize], what: &str) -> Result<(), Fault> {
    if let Some(nameless) = places.iter().find(|place| head[**place].is_empty()) {
        return Err(Fault::whole(format!("column {} has no name, so its {what} has none", nameless + 1)));
    }
    if places.is_empty() {
        Err(lacks(head, &format!("the table has no column of {} {what}", article(what))))
    } else {
        Ok(())
    }
}

fn article(what: &str) -> &'static str {
    if what.starts_with('i') { "an" } else { "a" }
}

/// Refuses options that say nothing of a table of this form.
fn refuse_asked(form: TableForm, asked: &[(&str, bool)]) -> Result<(), Fault> {
    match asked.iter().find(|(_, is_asked)| *is_asked) {
        None => Ok(()),
        Some((option, _)) => {
            Err(Fault::whole(format!("`{option}` says nothing of a table with --form {}", form.name())))
        }
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
            let sideways = "say --form sideways if each other column is an item";
            Err(lacks(head, &what)
                .maybe(advice(head, &[ColumnRole::Label]))
                .help(help(ColumnRole::Label))
                .help(sideways))
        }
        (None, Some(label)) => {
            let what = format!("the table has labels in {} but no column of raters", quoted(&head[label]));
            Err(lacks(head, &what).maybe(advice(head, &[ColumnRole::Rater])).help(help(ColumnRole::Rater)))
        }
    }
}
