//! Rows of steps: what each row of a block says, with a number in place of each name.
//!
//! In: the rows of a long table. Out: one row each, checked on its own. It never compares two rows.

use super::super::categories::whole;
use super::super::columns::{apart, find, meant, require};
use super::super::exported::CountedRows;
use super::super::gather::RowPlace;
use super::StepRequest;
use crate::diagnostic::Fault;
use crate::table::head::{ColumnRole, check_names};
use crate::table::{Batch, Cache, Cell, Interner, Meant, Rows};
use crate::text::quoted;

#[derive(Default)]
pub(super) struct StepNames {
    pub items: Interner,
    pub raters: Interner,
    pub kinds: Interner,
}

/// The rater that stands for gold; no name has this number.
pub(super) const GOLD: u32 = u32::MAX;

/// What one row says; ordered so that the rows of one reading stand together, one without a step first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StepRow {
    pub item: u32,
    pub rater: u32,
    pub step: Option<u32>,
    pub kind: Option<u32>,
    pub place: RowPlace,
    pub length: Option<u32>,
}

/// Where the cells of a row go.
pub(super) struct StepColumns {
    pub item: usize,
    pub rater: usize,
    pub step: usize,
    pub kind: Option<usize>,
    pub length: Option<usize>,
}

impl StepColumns {
    pub fn of(head: &[String], request: &StepRequest) -> Result<Self, Fault> {
        let item = find(ColumnRole::Item, head, request.item.as_deref())?;
        let rater = find(ColumnRole::Rater, head, request.rater.as_deref())?;
        let step = find(ColumnRole::Step, head, request.step.as_deref())?;
        let kind = find(ColumnRole::Kind, head, request.kind.as_deref())?;
        let length = find(ColumnRole::Steps, head, request.length.as_deref())?;
        let [item, rater, step] =
            require(head, [(ColumnRole::Item, item), (ColumnRole::Rater, rater), (ColumnRole::Step, step)])?;
        apart(head, &[Some(item), Some(rater), Some(step), kind, length])?;
        let places = Self { item, rater, step, kind, length };
        check_names(head, &places.read(head.len()))?;
        Ok(places)
    }

    /// By column: whether its cells are read.
    pub fn read(&self, columns: usize) -> Vec<bool> {
        let mut read = vec![false; columns];
        self.roles().iter().for_each(|(_, place)| read[*place] = true);
        read
    }

    /// What a key means that the first object lacks.
    pub fn meant(&self, key: &str, asked: &StepRequest) -> Meant {
        let all = [
            (ColumnRole::Item, Some(self.item), &asked.item),
            (ColumnRole::Rater, Some(self.rater), &asked.rater),
            (ColumnRole::Step, Some(self.step), &asked.step),
            (ColumnRole::Kind, self.kind, &asked.kind),
            (ColumnRole::Steps, self.length, &asked.length),
        ];
        let meant = |(role, place, asked): (ColumnRole, Option<usize>, &Option<String>)| {
            meant(role, key, place, asked.as_deref())
        };
        all.into_iter().find_map(meant).unwrap_or(Meant::Nothing)
    }

    pub fn roles(&self) -> Vec<(ColumnRole, usize)> {
        let needed = [(ColumnRole::Item, self.item), (ColumnRole::Rater, self.rater), (ColumnRole::Step, self.step)];
        let others = [(ColumnRole::Kind, self.kind), (ColumnRole::Steps, self.length)];
        needed.into_iter().chain(others.into_iter().filter_map(|(role, place)| Some((role, place?)))).collect()
    }
}

pub(super) fn read_block(
    (rows, counted): (&mut Rows<'_>, &CountedRows),
    places: &StepColumns,
    request: &StepRequest,
    known: &StepNames,
    file: u32,
) -> (Vec<StepRow>, u64) {
    let mut items = Batch::of(&known.items, 0);
    let (mut raters, mut kinds) = (Cache::of(&known.raters), Cache::of(&known.kinds));
    let mut found = Vec::new();
    let uncounted = counted.read(rows, |line, cells, faults| {
        let cell = |place: usize| &cells[place];
        match check(line, cells, places, &request.missing) {
            Ok(None) => {}
            Err(fault) => faults.push(fault),
            Ok(Some((step, length))) => found.push(StepRow {
                item: items.add(cell(places.item)),
                rater: if **cell(places.rater) == *request.gold_rater { GOLD } else { raters.id(cell(places.rater)).0 },
                step,
                kind: places.kind.map(cell).filter(|kind| !kind.is_empty()).map(|kind| kinds.id(kind).0),
                place: RowPlace { file, line },
                length,
            }),
        }
    });
    let items = items.resolve();
    found.iter_mut().for_each(|row| row.item = items[row.item as usize]);
    (found, uncounted.rows)
}

/// The step and the length of the item that a row names.
type StepAndLength = (Option<u32>, Option<u32>);

/// The numbers of a row, if it is not blank.
fn check(
    line: u64,
    cells: &[Cell<'_>],
    places: &StepColumns,
    missing: &[String],
) -> Result<Option<StepAndLength>, Fault> {
    if cells.iter().all(|cell| cell.is_empty()) {
        return Ok(None);
    }
    let named = [(places.item, "item"), (places.rater, "rater")];
    if let Some((_, what)) = named.into_iter().find(|(place, _)| cells[*place].is_empty()) {
        return Err(Fault::on(line, format!("the row names no {what}")));
    }
    let number = |place: usize, what: &str| match &cells[place] {
        text if text.is_empty() || missing.iter().any(|missing| **missing == **text) => Ok(None),
        text => match whole(text) {
            Some(number) => Ok(Some(number)),
            None => Err(Fault::on(line, format!("the {what} {} is not a whole number", quoted(text)))
                .help("a row names one step; a row without one says that nothing was flagged")),
        },
    };
    let step = number(places.step, "step")?;
    let length = places.length.map_or(Ok(None), |place| number(place, "number of steps"))?;
    if step.is_none() && places.kind.is_some_and(|kind| !cells[kind].is_empty()) {
        return Err(Fault::on(line, "the row names a kind of mistake but no step"));
    }
    Ok(Some((step, length)))
}
