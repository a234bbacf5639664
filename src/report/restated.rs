//! Restated figures: what a published report printed, and would print otherwise today.
//!
//! In: the view of a report as it was published, and as today's data give it. Out: each figure, verdict and interval that
//! differs in what is printed, with its place, and how many rows came, went or were corrected. It decides nothing.

use super::view::{LedgerView, ReportView, RestatedFigure, RowsView};
use crate::figures::words;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// What tells things of a list apart, in the order in which it is looked for.
const NAMES: [&str; 5] = ["id", "week", "version", "figure", "criterion"];
/// Parts of a report that are no figures: they are compared by themselves, or not at all.
const NO_FIGURES: [&str; 9] =
    ["opening", "commentary", "ledger", "notes", "reading", "look", "confusion", "published", "caution"];
/// What is printed where there is nothing to print.
const NOTHING: &str = "–";

/// The figures that differ, in the order of the report.
pub fn figures(then: &ReportView, now: &ReportView) -> Vec<RestatedFigure> {
    let words_differ = then.commentary != now.commentary;
    let [then, now] = [then, now].map(|view| serde_json::to_value(view).unwrap_or_default());
    let mut found = Vec::new();
    compare(&mut Vec::new(), &then, &now, &mut found);
    if words_differ {
        found.push(RestatedFigure {
            figure: "the data lead's words".to_owned(),
            then: "as they stand here".to_owned(),
            now: "others".to_owned(),
        });
    }
    found
}

fn compare<'j>(place: &mut Vec<String>, then: &'j Json, now: &'j Json, found: &mut Vec<RestatedFigure>) {
    match (then, now) {
        (Json::Object(then), Json::Object(now)) => {
            for told in [figure, verdict] {
                let [then, now] = [told(then), told(now)];
                if then != now {
                    let told = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
                    found.push(RestatedFigure { figure: place.join(", "), then: told(then), now: told(now) });
                }
            }
            let keys = then.keys().filter(|key| !NO_FIGURES.contains(&key.as_str()));
            for key in keys {
                inside(place, key.replace('_', " "), &then[key], now.get(key).unwrap_or(&Json::Null), found);
            }
        }
        (Json::Array(then), Json::Array(now)) => {
            let [then, now] = [then, now].map(|list| told_apart(list));
            let of = |list: &[(ListKey, &'j Json)], key: &ListKey| {
                list.iter().find(|(other, _)| other == key).map_or(&Json::Null, |(_, of)| *of)
            };
            for (key, element) in &then {
                inside(place, key.name.clone(), element, of(&now, key), found);
            }
            for (key, element) in now.iter().filter(|(key, _)| of(&then, key).is_null()) {
                inside(place, key.name.clone(), &Json::Null, element, found);
            }
        }
        // What only one of them has.
        (Json::Object(_) | Json::Array(_), Json::Null) => compare(place, then, &empty_like(then), found),
        (Json::Null, Json::Object(_) | Json::Array(_)) => compare(place, &empty_like(now), now, found),
        _ => {}
    }
}

fn inside(place: &mut Vec<String>, step: String, then: &Json, now: &Json, found: &mut Vec<RestatedFigure>) {
    if matches!((then, now), (Json::Object(_) | Json::Array(_), _) | (_, Json::Object(_) | Json::Array(_))) {
        let is_told =
            !step.is_empty() && !matches!(step.as_str(), "tasks" | "criteria" | "parts" | "trend" | "versions");
        if is_told {
            place.push(step);
        }
        compare(place, then, now, found);
        if is_told {
            place.pop();
        }
    }
}

fn empty_like(of: &Json) -> Json {
    if of.is_array() { Json::Array(Vec::new()) } else { Json::Object(Map::new()) }
}

/// What tells the things of a list apart.
#[derive(PartialEq, Eq)]
struct ListKey {
    /// What it is called; empty where it has no name.
    name: String,
    /// How many of this name stand before it: a bar may ask two things of one figure.
    before: usize,
}

/// The things of a list, in order.
fn told_apart(list: &[Json]) -> Vec<(ListKey, &Json)> {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let keyed = list.iter().map(|of| {
        let name = NAMES.iter().find_map(|name| of.get(name)?.as_str()).unwrap_or_default();
        let count = met.entry(name).or_default();
        *count += 1;
        (ListKey { name: name.to_owned(), before: *count - 1 }, of)
    });
    keyed.collect()
}

/// A figure as it is printed, with its interval.
fn figure(of: &Map<String, Json>) -> Option<String> {
    let value = of.get("value")?.as_str()?;
    Some(match of.get("interval").and_then(Json::as_str) {
        Some(interval) => format!("{value} ({interval})"),
        None => value.to_owned(),
    })
}

fn verdict(of: &Map<String, Json>) -> Option<String> {
    of.get("verdict_text")?.as_str().map(str::to_owned)
}

/// What became of the rows since: new files, rows of known files that came or went, and rows that count otherwise.
pub fn rows(then: &ReportView, now: &ReportView) -> Option<String> {
    let MovedRows { new, gone, changed } = moved(&then.ledger, &now.ledger);
    let [before, after] = [&then.ledger.all, &now.ledger.all].map(|rows: &RowsView| rows.kinds.used);
    let parts = [
        (new > 0).then(|| format!("{} of files that were not there", words::counted(new, "row", "rows"))),
        (gone > 0).then(|| format!("{} of files that are gone", words::counted(gone, "row", "rows"))),
        (changed > 0).then(|| {
            format!(
                "{} more or fewer, or otherwise used, in files that are still there",
                words::counted(changed, "row", "rows")
            )
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let used = format!("{} rows were used then, {} are now", words::number(before), words::number(after));
    (!parts.is_empty()).then(|| format!("Since it was published: {} ({used}).", parts.join(", and ")))
}

/// Rows that are not as they were.
#[derive(Default)]
struct MovedRows {
    /// Of files that were not there.
    new: u64,
    /// Of files that are gone.
    gone: u64,
    /// By how many the counts of the other files differ.
    changed: u64,
}

fn moved(then: &LedgerView, now: &LedgerView) -> MovedRows {
    let mut moved = MovedRows::default();
    for file in &now.files {
        match then.files.iter().find(|known| known.file == file.file) {
            None => moved.new += file.rows,
            Some(known) => moved.changed += difference(known, file),
        }
    }
    let gone = then.files.iter().filter(|known| !now.files.iter().any(|file| file.file == known.file));
    moved.gone = gone.map(|file| file.rows).sum();
    moved
}

/// By how many rows two counts of one file differ: those that came or went, else those that count otherwise.
fn difference(then: &RowsView, now: &RowsView) -> u64 {
    let counts = |rows: &RowsView| {
        let kinds = &rows.kinds;
        [kinds.used, kinds.replaced, kinds.withdrawn, kinds.no_cohort, kinds.rejected]
    };
    let moved: u64 = counts(then).iter().zip(counts(now)).map(|(then, now)| then.abs_diff(now)).sum();
    then.rows.abs_diff(now.rows).max(moved / 2)
}
