//! Found gold: answers that a tool keeps as right among its ratings, as rows of `gold.csv`.
//!
//! In: what a row says. Out: rows of gold, each once, to be looked over: nothing scores by them before somebody puts them
//! into the file of a task. It judges no answer.

use super::columns::{Column, Row};
use crate::table::PARTING;
use crate::text::csv_line;
use std::collections::{BTreeMap, BTreeSet};

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundGold {
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
    /// Attributes of a flag.
    pub attributes: BTreeMap<String, String>,
}

impl FoundGold {
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
        let attributes: BTreeSet<&str> =
            each.iter().flat_map(|gold| gold.attributes.keys()).map(String::as_str).collect();
        let head = ["item", "criterion", "value", "any_of", "step", "outcome", "reason", "by", "made_at"];
        let head: Vec<&str> = head.into_iter().chain(attributes.iter().copied()).collect();
        let mut table = csv_line(&head);
        for gold in &each {
            table.extend(csv_line(&gold.cells(&attributes)));
        }
        (table, each.len())
    }

    fn cells(&self, attributes: &BTreeSet<&str>) -> Vec<String> {
        let Self { item, criterion, step, outcome, reason, by, made_at, .. } = self;
        let values = self.values.join(&PARTING.to_string());
        let (value, any_of) = if self.values.len() > 1 { (String::new(), values) } else { (values, String::new()) };
        let own = [item, criterion, &value, &any_of, step, outcome, reason, by, made_at].into_iter().cloned();
        own.chain(attributes.iter().map(|name| self.attributes.get(*name).cloned().unwrap_or_default())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gold_is_written_once_with_all_values_that_are_right() {
        let several = ["yes", "partly", "no"].map(str::to_owned).into();
        let several = FoundGold { values: several, ..FoundGold::of("i", "goal") };
        let wrong = vec!["wrong".to_owned()];
        let flag = FoundGold { step: "3".to_owned(), values: wrong, ..FoundGold::of("j", "mistakes") };
        let flag = FoundGold { attributes: [("origin".to_owned(), "real".to_owned())].into(), ..flag };
        let (table, count) = FoundGold::table([&several, &flag, &several].into_iter());
        let text = "item,criterion,value,any_of,step,outcome,reason,by,made_at,origin\n\
                    i,goal,,yes|partly|no,,,,,,\nj,mistakes,wrong,,3,,,,,real\n";
        assert_eq!((String::from_utf8(table).unwrap().as_str(), count), (text, 2));
    }
}
