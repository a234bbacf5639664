//! Plans: the rows of the canonical form that one row of a table makes.
//!
//! In: a head, and how the table is to be read. Out: for each of its rows one row for each answer; one for all where the
//! criterion has a column of its own. A column that is named and is not there refuses the table.

use super::reading::{MeantCell, RatingsReading};
use super::tools::gold_columns;
use crate::diagnostic::{Fault, did_you_mean};
use crate::ratings::columns::{Column, Row};
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::Cell;
use crate::text::{distinct, listed, quoted};

/// How a row of a table becomes rows.
#[derive(Debug)]
pub struct RowPlan<'r> {
    reading: &'r RatingsReading,
    /// By column of the table: the column that the reading names it for.
    named: Vec<Option<Column>>,
    /// By column of the table: the column that no figure needs which the reading names it for.
    kept: Vec<Option<&'static str>>,
    /// Where answers stand.
    answers: Vec<AnswerPlace>,
    /// Where the table says that a row is gold, and how.
    gold: Vec<(usize, Option<&'static str>)>,
    /// What every row says that does not say otherwise.
    fixed: Vec<(Column, Cell<'static>)>,
}

/// A column with answers.
#[derive(Debug)]
struct AnswerPlace {
    place: usize,
    criterion: Cell<'static>,
    option: Option<Cell<'static>>,
}

/// What a column of options holds that was chosen.
const CHOSEN: [&str; 8] = ["true", "yes", "y", "1", "x", "on", "selected", "checked"];

impl<'r> RowPlan<'r> {
    /// The plan for a table with this head.
    pub fn of(head: &[String], reading: &'r RatingsReading) -> Result<Self, Fault> {
        let mut named = vec![None; head.len()];
        for (column, name) in &reading.columns {
            let place = find(head, name, column.name())?;
            if let Some(other) = named[place].replace(*column) {
                let both = listed([other.name(), column.name()]);
                return Err(Fault::whole(format!("the column {} is named for both {both}", quoted(name))));
            }
        }
        let mut kept = vec![None; head.len()];
        for (column, name) in &reading.kept {
            kept[find(head, name, column)?] = Some(*column);
        }
        let answers = reading.answers.iter().map(|answer| {
            let own = |text: &String| Cell::Own(text.clone());
            let place = find(head, &answer.column, &answer.criterion)?;
            Ok(AnswerPlace { place, criterion: own(&answer.criterion), option: answer.option.as_ref().map(own) })
        });
        let answers: Vec<AnswerPlace> = answers.collect::<Result<_, Fault>>()?;
        let fixed = reading.fixed.iter().map(|(column, said)| (*column, Cell::Own(said.clone()))).collect();
        Ok(Self { reading, named, kept, answers, gold: gold_columns(head), fixed })
    }

    /// The column that a column of the table is named for.
    pub fn named(&self, place: usize) -> Option<Column> {
        self.named[place]
    }

    /// The column that no figure needs which a column of the table is named for.
    pub fn keeps(&self, place: usize) -> Option<&'static str> {
        self.kept[place]
    }

    /// Whether a column of the table is named for this one, so that no other is taken for it.
    pub fn claims(&self, column: Column) -> bool {
        let is_answered = !self.answers.is_empty() && [Column::Criterion, Column::Value].contains(&column);
        is_answered || self.named.contains(&Some(column))
    }

    /// Whether it says what every row has in this column.
    pub fn fixes(&self, column: Column) -> bool {
        self.fixed.iter().any(|(fixed, _)| *fixed == column)
    }

    /// Whether it reads a column of the table for answers, or for whether a row is gold.
    pub fn reads(&self, place: usize) -> bool {
        self.answers.iter().any(|answer| answer.place == place) || self.gold.iter().any(|(gold, _)| *gold == place)
    }

    /// Hands on the rows that one row makes: `row` is what its other columns say, `cells` are all of its cells. A row that
    /// is no rating is refused.
    pub fn rows<'b>(
        &self,
        row: &Row<'_, 'b>,
        cells: &[Cell<'b>],
        mut take: impl FnMut(&Row<'_, 'b>),
    ) -> Result<(), Refusal> {
        if let Some((place, _)) = self.gold.iter().find(|(place, says)| is_gold(&cells[*place], *says)) {
            return Err(Refusal::new(Reason::GoldInExport, quoted(&cells[*place])));
        }
        let changed: Vec<(Column, Cell<'b>)> =
            Column::ALL.iter().filter_map(|column| self.changed(*column, row)).collect();
        let mut row = row.clone();
        changed.iter().chain(&self.fixed).for_each(|(column, cell)| {
            let is_free = row.get(*column).is_empty();
            if is_free || changed.iter().any(|(of, _)| of == column) {
                row.put(*column, cell);
            }
        });
        if self.answers.is_empty() {
            self.answer(row.cell(Column::Criterion), row.cell(Column::Value), &row, &mut take);
            return Ok(());
        }
        let mut is_answered = false;
        for answer in &self.answers {
            let said = &cells[answer.place];
            let chosen = answer.option.as_ref().map(|option| (option, CHOSEN.contains(&said.to_lowercase().as_str())));
            let said = match chosen {
                Some((_, false)) => continue,
                Some((option, true)) => option,
                None if said.is_empty() => continue,
                None => said,
            };
            self.answer(&answer.criterion, said, &row, &mut take);
            is_answered = true;
        }
        let criteria = || listed(distinct(self.answers.iter().map(|answer| &*answer.criterion)));
        if is_answered { Ok(()) } else { Err(Refusal::new(Reason::NoValue, format!("of {}", criteria()))) }
    }

    /// Hands on the row with an answer to a criterion.
    fn answer<'b>(
        &self,
        criterion: &Cell<'b>,
        said: &Cell<'b>,
        row: &Row<'_, 'b>,
        take: &mut impl FnMut(&Row<'_, 'b>),
    ) {
        let mut row = row.clone();
        row.put(Column::Criterion, criterion);
        match self.reading.answer(criterion, said) {
            MeantCell::Same => {
                row.put(Column::Value, said);
                take(&row);
            }
            MeantCell::Text(text) => {
                row.put(Column::Value, &text);
                take(&row);
            }
            MeantCell::Outcome(name) => {
                let (name, nothing) = (Cell::Slice(name), Cell::Slice(""));
                row.put(Column::Value, &nothing);
                row.put(Column::Outcome, &name);
                take(&row);
            }
        }
    }

    /// A cell of a row, where it means something else than what stands there.
    fn changed<'b>(&self, column: Column, row: &Row<'_, 'b>) -> Option<(Column, Cell<'b>)> {
        match self.reading.cell(column, row.cell(column)) {
            MeantCell::Text(text) => Some((column, text)),
            MeantCell::Same | MeantCell::Outcome(_) => None,
        }
    }
}

fn is_gold(cell: &Cell<'_>, says: Option<&str>) -> bool {
    says.map_or(!cell.is_empty(), |says| cell.eq_ignore_ascii_case(says))
}

/// The column of this name, or else the only one that differs from it in case alone.
fn find(head: &[String], name: &str, what: &str) -> Result<usize, Fault> {
    let wanted = name.trim();
    if let Some(place) = head.iter().position(|known| known == wanted) {
        return Ok(place);
    }
    let alike: Vec<usize> = (0..head.len()).filter(|place| head[*place].eq_ignore_ascii_case(wanted)).collect();
    if let [only] = *alike {
        return Ok(only);
    }
    let fault = Fault::whole(format!("there is no column {}, which is named for `{what}`", quoted(wanted)));
    let near = did_you_mean(wanted, head.iter().map(String::as_str));
    Err(fault.maybe(near).help(format!("it has {}", listed(head.iter().map(String::as_str)))))
}
