//! Plans: the rows of the canonical form that one row of a table makes.
//!
//! In: a head, and how the table is to be read. Out: for each of its rows one row for each answer; one for all where the
//! criterion has a column of its own. A column that is named and is not there refuses the table.

use super::reading::{MeantCell, RatingsReading};
use super::tools::{GoldAnswerPlace, gold_answers, gold_columns};
use crate::diagnostic::{Fault, did_you_mean};
use crate::ratings::columns::{Column, Row};
use crate::ratings::gold_rows::GoldRow;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::{Cell, PARTING};
use crate::text::{listed, quoted};

/// How a row of a table becomes rows.
#[derive(Debug)]
pub struct RowPlan<'r> {
    reading: &'r RatingsReading,
    /// By column of the table: the column that the reading names it for.
    named: Vec<Option<Column>>,
    /// By column of the table: the column that no figure needs which the reading names it for.
    kept: Vec<Option<&'static str>>,
    /// Where answers stand, those to one criterion together.
    answers: Vec<Vec<AnswerPlace>>,
    /// Where it stands which run of an item a row is of.
    epoch: Option<usize>,
    /// Where the table says that a row is gold, and how.
    gold: Vec<(usize, Option<&'static str>)>,
    /// Where the table says what is right.
    gold_answers: Vec<GoldAnswerPlace>,
    /// What every row says that does not say otherwise.
    fixed: Vec<(Column, Cell<'static>)>,
}

/// A column with answers.
#[derive(Debug)]
struct AnswerPlace {
    place: usize,
    criterion: Cell<'static>,
    option: Option<Cell<'static>>,
    rater: Option<Cell<'static>>,
}

/// What a column holds that says whether a value was chosen, if it was and if it was not.
const CHOSEN: [&str; 8] = ["true", "yes", "y", "1", "x", "on", "selected", "checked"];
const NOT_CHOSEN: [&str; 7] = ["", "false", "no", "n", "0", "off", "unchecked"];

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
            let [option, rater] = [&answer.option, &answer.rater].map(|said| said.as_ref().map(own));
            Ok(AnswerPlace { place, criterion: own(&answer.criterion), option, rater })
        });
        let mut by_criterion: Vec<Vec<AnswerPlace>> = Vec::new();
        for answer in answers.collect::<Result<Vec<AnswerPlace>, Fault>>()? {
            let is_option = answer.option.is_some();
            let belongs = |of: &&mut Vec<AnswerPlace>| is_option && *of[0].criterion == *answer.criterion;
            match by_criterion.iter_mut().find(belongs) {
                Some(together) => together.push(answer),
                None => by_criterion.push(vec![answer]),
            }
        }
        let fixed = reading.fixed.iter().map(|(column, said)| (*column, Cell::Own(said.clone()))).collect();
        let epoch = reading.epochs.as_ref().map(|epochs| find(head, &epochs.column, "the run")).transpose()?;
        let (gold, gold_answers) = (gold_columns(head), gold_answers(head, &reading.answers));
        Ok(Self { reading, named, kept, answers: by_criterion, epoch, gold, gold_answers, fixed })
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
        let has_rater = |places: &Vec<AnswerPlace>| places[0].rater.is_some();
        let is_of_answers = column == Column::Rater && !self.answers.is_empty() && self.answers.iter().all(has_rater);
        is_of_answers || self.fixed.iter().any(|(fixed, _)| *fixed == column)
    }

    /// Whether a column of the table has answers.
    pub fn answers_in(&self, place: usize) -> bool {
        self.answers.iter().flatten().any(|answer| answer.place == place)
    }

    /// Whether it reads a column of the table for answers, or for whether a row is gold.
    pub fn reads(&self, place: usize) -> bool {
        self.answers_in(place)
            || self.gold.iter().any(|(gold, _)| *gold == place)
            || self.epoch == Some(place)
            || self.gold_answers.iter().any(|answer| answer.place == place || answer.reason == Some(place))
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
            return Err(Refusal::of_gold(quoted(&cells[*place]), self.found_gold(row, cells)));
        }
        let changed: Vec<(Column, Cell<'b>)> =
            Column::ALL.iter().filter_map(|column| self.changed(*column, row)).collect();
        let run = self.run(row, cells);
        let mut row = row.clone();
        changed.iter().for_each(|(column, cell)| row.put(*column, cell));
        run.iter().for_each(|item| row.put(Column::Item, item));
        for (column, cell) in &self.fixed {
            if row.get(*column).is_empty() {
                row.put(*column, cell);
            }
        }
        if self.answers.is_empty() {
            let (criterion, said) = (row.cell(Column::Criterion), row.cell(Column::Value));
            self.answer((criterion, None), said, &row, &mut take);
            return Ok(());
        }
        let mut is_answered = false;
        for places in &self.answers {
            if let Some(said) = said(places, cells) {
                self.answer((&places[0].criterion, places[0].rater.as_ref()), &said, &row, &mut take);
                is_answered = true;
            }
        }
        let criteria = || listed(self.answers.iter().map(|places| &*places[0].criterion));
        if is_answered { Ok(()) } else { Err(Refusal::new(Reason::NoValue, format!("of {}", criteria()))) }
    }

    /// What a row that is gold says of each criterion: the values between line ends are all right.
    fn found_gold(&self, row: &Row<'_, '_>, cells: &[Cell<'_>]) -> Vec<GoldRow> {
        let gold = |answer: &GoldAnswerPlace| {
            let values: Vec<&str> =
                cells[answer.place].lines().map(str::trim).filter(|value| !value.is_empty()).collect();
            if values.is_empty() {
                return None;
            }
            let mut found = GoldRow::of(row.get(Column::Item), &answer.criterion);
            for value in values {
                match self.reading.answer(&answer.criterion, &Cell::Slice(value)) {
                    MeantCell::Same => found.values.push(value.to_owned()),
                    MeantCell::Text(meant) => found.values.push(meant.to_string()),
                    MeantCell::Outcome(name) => found.outcome = name.to_owned(),
                }
            }
            found.reason = answer.reason.map_or_else(String::new, |place| cells[place].to_string());
            Some(found)
        };
        self.gold_answers.iter().filter_map(gold).collect()
    }

    /// The item with its run, where the table has several runs of it.
    fn run<'b>(&self, row: &Row<'_, 'b>, cells: &[Cell<'b>]) -> Option<Cell<'b>> {
        let (item, epochs) = (row.get(Column::Item), self.reading.epochs.as_ref()?);
        let epoch = &cells[self.epoch?];
        epochs.repeated.contains(item).then(|| Cell::Own(format!("{item}#{}", &**epoch)))
    }

    /// Hands on the row with an answer to a criterion, and with whose it is if that is said of the criterion.
    fn answer<'b>(
        &self,
        (criterion, rater): (&Cell<'b>, Option<&Cell<'b>>),
        said: &Cell<'b>,
        row: &Row<'_, 'b>,
        take: &mut impl FnMut(&Row<'_, 'b>),
    ) {
        let mut row = row.clone();
        row.put(Column::Criterion, criterion);
        rater.into_iter().for_each(|rater| row.put(Column::Rater, rater));
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

/// What the cells of one criterion say: its answer, or the values that were chosen. What says neither that one was nor that
/// it was not is handed on, to be refused by name.
fn said<'b>(places: &[AnswerPlace], cells: &[Cell<'b>]) -> Option<Cell<'b>> {
    let mut chosen: Vec<&str> = Vec::new();
    for AnswerPlace { place, option, .. } in places {
        let cell = &cells[*place];
        let Some(option) = option else { return (!cell.is_empty()).then(|| cell.clone()) };
        let word = cell.to_lowercase();
        if CHOSEN.contains(&&*word) {
            chosen.push(option);
        } else if !NOT_CHOSEN.contains(&&*word) {
            chosen.push(cell);
        }
    }
    (!chosen.is_empty()).then(|| Cell::Own(chosen.join(&PARTING.to_string())))
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
