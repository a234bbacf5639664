//! Rows of gold as text: what a `gold.csv` holds, before anything is made of it.
//!
//! In: answers that a tool keeps as right among its ratings, or that experts gave. Out: a table of their own, or a table with
//! them at its end. It judges no answer.

use super::columns::{Column, Row};
use crate::diagnostic::Fault;
use crate::table::PARTING;
use crate::text::csv_line;
use std::collections::{BTreeMap, BTreeSet};

/// One answer, or one flag of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoldRow {
    /// The item.
    pub item: String,
    /// The criterion.
    pub criterion: String,
    /// The values that are right.
    pub values: Vec<String>,
    /// Of a flag: its step.
    pub step: String,
    /// Why there is no value.
    pub outcome: String,
    /// Why it is right.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// On which day.
    pub made_at: String,
    /// Under which version.
    pub version: String,
    /// Attributes of a flag.
    pub attributes: BTreeMap<String, String>,
}

impl GoldRow {
    /// One of a criterion of an item, as yet without a value.
    pub fn of(item: &str, criterion: &str) -> Self {
        Self { item: item.to_owned(), criterion: criterion.to_owned(), ..Self::default() }
    }

    /// What rows of a rater say, as gold; an attribute in a row of its own goes to the flags at its step.
    pub fn of_rows<'c, 'a: 'c>(rows: impl Iterator<Item = Row<'c, 'a>>) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for row in rows {
            let [criterion, step, attribute] =
                [Column::Criterion, Column::Step, Column::Attribute].map(|column| row.get(column));
            let is_meant = |gold: &&mut Self| gold.criterion == criterion && gold.step == step;
            match found.iter_mut().find(|gold| !attribute.is_empty() && is_meant(gold)) {
                Some(flag) => drop(flag.attributes.insert(attribute.to_owned(), row.get(Column::Value).to_owned())),
                None => found.push(Self::of_row(&row)),
            }
        }
        found
    }

    fn of_row(row: &Row<'_, '_>) -> Self {
        let text = |column| row.get(column).to_owned();
        let attribute = row.get(Column::Attribute);
        let value = row.get(Column::Value);
        let day = row.get(Column::SubmittedAt).split('T').next().unwrap_or_default();
        Self {
            values: (attribute.is_empty() && !value.is_empty()).then(|| value.to_owned()).into_iter().collect(),
            attributes: (!attribute.is_empty()).then(|| (attribute.to_owned(), value.to_owned())).into_iter().collect(),
            step: text(Column::Step),
            outcome: text(Column::Outcome),
            by: text(Column::Rater),
            made_at: day.to_owned(),
            ..Self::of(row.get(Column::Item), row.get(Column::Criterion))
        }
    }

    /// All of these as the text of a `gold.csv`, each once, in their order; and how many they are.
    pub fn table<'g>(all: impl Iterator<Item = &'g Self>) -> (Vec<u8>, usize) {
        let mut known: BTreeSet<&Self> = BTreeSet::new();
        let each: Vec<&Self> = all.filter(|gold| known.insert(gold)).collect();
        let head: Vec<&str> =
            COLUMNS.into_iter().filter(|column| *column != "version").chain(attributes(&each)).collect();
        let mut table = csv_line(&head);
        for gold in &each {
            table.extend(csv_line(&gold.line(&head)));
        }
        (table, each.len())
    }

    /// The text of a `gold.csv` with these at its end. What stands in it stays, letter by letter, unless it lacks a column
    /// that these need: then its rows are written anew, with one more cell. `known` says what the file calls a column.
    ///
    /// # Errors
    ///
    /// A table that is not parted by commas, or that can't be read as CSV.
    pub fn appended<'c>(old: &str, all: &[Self], known: impl Fn(&str) -> Option<&'c str>) -> Result<Vec<u8>, Fault> {
        let each: Vec<&Self> = all.iter().collect();
        let text = old.strip_prefix(BOM).unwrap_or(old);
        let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows = rows.records().collect::<Result<Vec<_>, _>>().map_err(|error| unreadable(&error))?.into_iter();
        let names: Vec<String> = rows.next().iter().flatten().map(str::to_owned).collect();
        let mut head: Vec<&str> = names.iter().map(|name| known(name).unwrap_or_default()).collect();
        if !text.is_empty() && !NEEDED.iter().all(|needed| head.contains(needed)) {
            let fault = Fault::whole("its columns are not parted by commas, or it has no column `item` or `criterion`");
            return Err(fault.help("save it as CSV with commas, and run this again"));
        }
        let needed = COLUMNS.into_iter().chain(attributes(&each));
        let is_needed =
            |column: &&str| NEEDED.contains(column) || each.iter().any(|gold| !gold.cell(column).is_empty());
        let more: Vec<&str> = needed.filter(is_needed).filter(|column| !head.contains(column)).collect();
        let mut table = if more.is_empty() {
            let ended = if text.ends_with('\n') { "" } else { "\n" };
            [old, ended].concat().into_bytes()
        } else {
            head.extend(&more);
            let mut table = csv_line(&names.iter().map(String::as_str).chain(more).collect::<Vec<_>>());
            for row in rows {
                let cells = row.iter().chain(std::iter::repeat("")).take(head.len().max(row.len()));
                table.extend(csv_line(&cells.collect::<Vec<_>>()));
            }
            table
        };
        for gold in each {
            table.extend(csv_line(&gold.line(&head)));
        }
        Ok(table)
    }

    fn line(&self, head: &[&str]) -> Vec<String> {
        head.iter().map(|column| self.cell(column)).collect()
    }

    /// What stands in a column; nothing in one that it says nothing of.
    fn cell(&self, column: &str) -> String {
        let values = || self.values.join(&PARTING.to_string());
        match column {
            "item" => self.item.clone(),
            "criterion" => self.criterion.clone(),
            "value" if self.values.len() < 2 => values(),
            "any_of" if self.values.len() > 1 => values(),
            "step" => self.step.clone(),
            "outcome" => self.outcome.clone(),
            "reason" => self.reason.clone(),
            "by" => self.by.clone(),
            "made_at" => self.made_at.clone(),
            "version" => self.version.clone(),
            attribute => self.attributes.get(attribute).cloned().unwrap_or_default(),
        }
    }
}

/// The columns that rows may fill, but for attributes of flags.
const COLUMNS: [&str; 10] =
    ["item", "criterion", "value", "any_of", "step", "outcome", "reason", "by", "made_at", "version"];

/// The columns that every table of gold has.
pub const NEEDED: [&str; 2] = ["item", "criterion"];

/// What some programs write before a text.
const BOM: char = '\u{feff}';

/// The attributes of flags that some of these say.
fn attributes<'g>(all: &[&'g GoldRow]) -> BTreeSet<&'g str> {
    all.iter().flat_map(|gold| gold.attributes.keys()).map(String::as_str).collect()
}

fn unreadable(error: &csv::Error) -> Fault {
    Fault::whole(format!("it can't be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gold_is_written_once_with_all_values_that_are_right() {
        let several = ["yes", "partly", "no"].map(str::to_owned).into();
        let several = GoldRow { values: several, ..GoldRow::of("i", "goal") };
        let wrong = vec!["wrong".to_owned()];
        let flag = GoldRow { step: "3".to_owned(), values: wrong, ..GoldRow::of("j", "mistakes") };
        let flag = GoldRow { attributes: [("origin".to_owned(), "real".to_owned())].into(), ..flag };
        let (table, count) = GoldRow::table([&several, &flag, &several].into_iter());
        let text = "item,criterion,value,any_of,step,outcome,reason,by,made_at,origin\n\
                    i,goal,,yes|partly|no,,,,,,\nj,mistakes,wrong,,3,,,,,real\n";
        assert_eq!((String::from_utf8(table).unwrap().as_str(), count), (text, 2));
    }

    #[test]
    fn a_table_is_added_to_and_what_stood_in_it_stays() {
        let own = |name: &str| COLUMNS.into_iter().chain(["origin"]).find(|own| own.eq_ignore_ascii_case(name));
        let row = GoldRow { values: vec!["yes".to_owned()], by: "x".to_owned(), ..GoldRow::of("i", "goal") };
        let appended =
            |old: &str| String::from_utf8(GoldRow::appended(old, std::slice::from_ref(&row), own).unwrap()).unwrap();
        assert_eq!(appended(""), "item,criterion,value,by\ni,goal,yes,x\n");
        assert_eq!(
            appended("By,Item,note,criterion,value\nx, i ,\"a\", goal,no"),
            "By,Item,note,criterion,value\nx, i ,\"a\", goal,no\nx,i,,goal,yes\n"
        );
        assert_eq!(
            appended("item,criterion,value\nj,goal,\"a\nb\"\n"),
            "item,criterion,value,by\nj,goal,\"a\nb\",\ni,goal,yes,x\n"
        );
        let fault = GoldRow::appended("item;criterion\ni;goal\n", std::slice::from_ref(&row), own).unwrap_err();
        assert!(fault.message.contains("not parted by commas"), "{}", fault.message);
    }
}
