//! Cells of `gold.csv`: a row by the names of its columns.
//!
//! In: the head of a table of gold, and its rows. Out: each cell by its column's own name, whatever the table calls it. It
//! never interprets a cell.

use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::ratings::gold_rows::NEEDED;
use crate::source::Span;
use crate::table::head::{ColumnRole, ambiguous, usual};
use std::collections::BTreeSet;

/// The columns of gold.
pub const COLUMNS: [&str; 14] = [
    "item",
    "criterion",
    "step",
    "value",
    "any_of",
    "outcome",
    "version",
    "by",
    "method",
    "made_at",
    "reason",
    "rule",
    "shown_from",
    "sampling",
];

/// By column of the table: its own name; none if nothing reads it.
pub struct GoldHead<'a>(Vec<Option<&'a str>>);

impl<'a> GoldHead<'a> {
    /// Checks the names of the columns; none if rows can't be read by them.
    pub fn of(head: &[String], attributes: &BTreeSet<&'a str>, top: Span, found: &mut Diagnostics) -> Option<Self> {
        let names: Vec<Option<&str>> = head.iter().map(|name| own_name(name, attributes)).collect();
        for (name, _) in head.iter().zip(&names).filter(|(name, own)| own.is_none() && !name.is_empty()) {
            found
                .add(rules::UNKNOWN_KEY, top, format!("gold has no column `{name}`"))
                .maybe_help(did_you_mean(name, COLUMNS))
                .help(format!("it knows {}", one_of(COLUMNS)));
        }
        let mut is_sound = true;
        for name in NEEDED.into_iter().filter(|name| !names.contains(&Some(name))) {
            found.add(rules::MISSING_KEY, top, format!("gold needs the column `{name}`"));
            is_sound = false;
        }
        for own in names.iter().flatten().collect::<BTreeSet<_>>() {
            let places: Vec<usize> = (0..names.len()).filter(|place| names[*place] == Some(own)).collect();
            if places.len() > 1 {
                found.add(rules::INVALID_VALUE, top, ambiguous(head, &places, own).message);
                is_sound = false;
            }
        }
        is_sound.then_some(Self(names))
    }
}

/// What a column is called here.
pub fn own_name<'a>(name: &str, attributes: &BTreeSet<&'a str>) -> Option<&'a str> {
    let elsewhere = [(ColumnRole::Item, "item"), (ColumnRole::Label, "value"), (ColumnRole::Gold, "value")];
    let written = usual(name);
    let own = COLUMNS.into_iter().find(|column| *column == written);
    let attribute = || attributes.iter().copied().find(|attribute| usual(attribute) == written);
    let usual = |(role, _): &(ColumnRole, &str)| role.is_usual(name) && !role.yields(name);
    own.or_else(attribute).or_else(|| elsewhere.into_iter().find(usual).map(|(_, column)| column))
}

/// One row.
pub struct Cells<'h> {
    head: &'h GoldHead<'h>,
    cells: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

impl<'h> Cells<'h> {
    /// The cells of a row, one for each column of the head.
    pub fn of(head: &'h GoldHead<'h>, cells: Vec<String>, span: Span) -> Self {
        Self { head, cells, span }
    }

    /// A cell, empty if the table has no such column.
    pub fn get(&self, column: &str) -> &str {
        let place = self.head.0.iter().position(|name| *name == Some(column));
        place.and_then(|place| self.cells.get(place)).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Content, Source};

    fn read(names: &str) -> (Vec<Option<&'static str>>, Vec<String>) {
        let top = Span::new(Source::new("gold.csv", Content::Text("".into())).id, 0, 0);
        let head: Vec<String> = names.split(',').map(str::to_owned).collect();
        let mut found = Diagnostics::default();
        let read = GoldHead::of(&head, &["origin"].into(), top, &mut found);
        let told = found.sorted().iter().map(|finding| finding.message.clone()).collect();
        (read.map_or_else(Vec::new, |head| head.0), told)
    }

    #[test]
    fn columns_are_known_by_their_usual_names() {
        let (names, told) = read("Unit,criterion,Gold Label,Origin,Made-At,");
        assert_eq!(names, [Some("item"), Some("criterion"), Some("value"), Some("origin"), Some("made_at"), None]);
        assert!(told.is_empty(), "{told:?}");
        let told = ["gold needs the column `item`", "gold has no column `task`", "gold has no column `valeu`"];
        assert_eq!(read("task,criterion,valeu").1, told);
        assert_eq!(read("item,criterion,gold,value").1, ["each of the columns `gold` and `value` could be the value"]);
    }
}
