//! Exported tables: what tables of ratings that Goldbook wrote have beside the canonical columns.
//!
//! In: a head, the start of objects, or a row's cells. Out: whether it is such a table; the text of a cell as it was; and
//! of a row that could not be read when it was written, why. Any other row is read like one of any table.

use super::columns::{Column, KEPT};
use super::rejected::{Reason, Refusal};
use crate::schema::Words;
use crate::table::Cell;
use crate::text;
use serde_json::Value as Json;

/// A column that says what became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FateColumn {
    /// What became of it.
    Became,
    /// Of what can't be used: why, by its code.
    Reason,
    /// Of what can't be used: what was found.
    Found,
    /// The answer taken as the standard.
    Gold,
}

impl FateColumn {
    /// Every column.
    pub const ALL: [Self; 4] = [Self::Became, Self::Reason, Self::Found, Self::Gold];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Became => "became",
            Self::Reason => "became_reason",
            Self::Found => "became_found",
            Self::Gold => "gold",
        }
    }

    /// The column of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// What became of a row, as such a table says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It makes a rating, or a part of one.
    Used,
    /// Another stands in its place.
    Replaced,
    /// It was taken back, or takes others back.
    Withdrawn,
    /// Its rater belongs to no cohort at its date.
    NoCohort,
    /// It can't be used.
    Rejected,
    /// It has no cells of the canonical form, for which it stands.
    Refused,
}

impl Words for Became {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("used", Self::Used),
        ("replaced", Self::Replaced),
        ("withdrawn", Self::Withdrawn),
        ("no-cohort", Self::NoCohort),
        ("rejected", Self::Rejected),
        ("refused", Self::Refused),
    ];
}

/// Whether a table with this head was exported: it has every column of the canonical form, and one for what became of rows.
pub fn is_exported(head: &[String]) -> bool {
    let own = Column::NAMES.iter().chain(&KEPT).copied().chain([FateColumn::Became.name()]);
    own.into_iter().all(|name| head.iter().any(|known| known == name))
}

/// Whether objects that begin so were exported: the first says in our words what became of it, of an item and a rater.
pub fn is_exported_object(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let first = start.trim_start_matches('\u{feff}').trim_start().lines().next().unwrap_or_default();
    let Ok(Json::Object(keys)) = serde_json::from_str(first) else { return false };
    let became = keys.get(FateColumn::Became.name()).and_then(Json::as_str);
    let names_both = [Column::Item, Column::Rater].iter().all(|column| keys.contains_key(column.name()));
    names_both && became.is_some_and(|became| Became::WORDS.iter().any(|(word, _)| *word == became))
}

/// What stands between several answers that are all right; the values of one answer that is a set have no blanks there.
pub const EITHER: &str = " | ";

/// Where the columns of an exported table are.
#[derive(Clone, Copy, Debug)]
pub struct FatePlaces {
    became: Option<usize>,
    reason: Option<usize>,
    found: Option<usize>,
    gold: Option<usize>,
    /// Whether its cells are written for spreadsheets.
    is_for_spreadsheets: bool,
}

impl FatePlaces {
    /// Those that are found; whether cells are written for spreadsheets is known.
    pub fn of(find: impl Fn(FateColumn) -> Option<usize>, is_for_spreadsheets: bool) -> Self {
        let [became, reason, found, gold] = FateColumn::ALL.map(find);
        Self { became, reason, found, gold, is_for_spreadsheets }
    }

    /// Those of a table with this head, if it was exported; whether its cells are written for spreadsheets is known. (Of objects
    /// none is left out of the head.)
    pub fn of_head(head: &[String], is_for_spreadsheets: bool) -> Option<Self> {
        let find = |column: FateColumn| head.iter().position(|name| name == column.name());
        is_exported(head).then(|| Self::of(find, is_for_spreadsheets))
    }

    /// Where it stands what became of a row.
    pub fn became(&self) -> Option<usize> {
        self.became
    }

    /// Where it stands which answer is right, if the cells of a row say that several are.
    pub fn several_right(&self, cells: &[Cell<'_>]) -> Option<usize> {
        self.gold.filter(|place| cells[*place].contains(EITHER))
    }

    /// Whether reports count a row.
    pub fn is_counted(&self, cells: &[Cell<'_>]) -> bool {
        self.became.is_some_and(|place| *cells[place] == *Became::Used.word())
    }

    /// Why a row could not be read when it was written, if that is so.
    pub fn refusal(&self, cells: &[Cell<'_>]) -> Option<Refusal> {
        let cell = |place: Option<usize>| place.map_or("", |place| self.text(&cells[place]));
        let reason = || Reason::coded(cell(self.reason)).unwrap_or(Reason::UnreadableRow);
        (cell(self.became) == Became::Refused.word()).then(|| Refusal::new(reason(), cell(self.found)))
    }

    /// The cells as they were.
    pub fn plain<'b>(&self, cells: &[Cell<'b>]) -> Vec<Cell<'b>> {
        let plain = |cell: &Cell<'b>| match cell {
            Cell::Slice(written) => Cell::Slice(self.text(written)),
            Cell::Own(written) => Cell::Own(self.text(written).to_owned()),
        };
        cells.iter().map(plain).collect()
    }

    fn text<'t>(&self, cell: &'t str) -> &'t str {
        if self.is_for_spreadsheets { text::plain_cell(cell) } else { cell }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Site, messages, rejected, said};
    use super::*;

    #[test]
    fn a_table_of_somebody_else_with_such_a_column_is_read_as_is_said_of_it() {
        let site = Site::with("criteria: [{id: goal, scale: {nominal: [yes, no, \"'-1\"]}}]")
            .cohort("atlas", "at-a, a", "tasks: [t]\n")
            .file("content/ratings/ratings.yaml", "rater_prefix: at-\n");
        let path = |name: &str| format!("content/ratings/{name}");
        let theirs = "item,rater,criterion,value,became\ni,a,goal,'-1,refused\n";
        let object = "{\"became\": \"refused\", \"item\": \"j\", \"criterion\": \"goal\", \"value\": \"no\"}\n";
        let (table, _) = site.read(&[(&*path("a.csv"), theirs), (&*path("b.jsonl"), object)]);
        assert_eq!(said(&table), ["i at-a goal - 1 '-1"]);
        assert_eq!(rejected(&table), ["no-rater 1: 1 criterion `goal`"]);

        let head: Vec<&str> = Column::NAMES.iter().chain(&KEPT).chain(&["became"]).copied().collect();
        let cells: Vec<&str> = head
            .iter()
            .map(|name| match *name {
                "item" => "i",
                "rater" => "a",
                "criterion" => "goal",
                "value" => "yes",
                "became" => "used",
                _ => "",
            })
            .collect();
        let ours = format!("{}\n{}\n", head.join(","), cells.join(","));
        let (table, diagnostics) = site.read(&[(&*path("a.csv"), ours)]);
        assert_eq!(said(&table), ["i a goal - 1 yes"]);
        assert!(messages(&diagnostics).iter().any(|told| told.contains("read as it stands")), "{diagnostics:?}");
    }
}
