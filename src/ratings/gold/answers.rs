//! Answers of written gold: a row's value, or the flags of rows that belong together.
//!
//! In: rows of `gold.csv` and their criterion. Out: the answer, or findings with their line.

use super::cells::Cells;
use crate::diagnostic::{Diagnostics, one_of, rules};
use crate::document::Criterion;
use crate::model::{GoldAnswer, GoldFlag, Outcome};
use crate::ratings::said::{self, step_number};
use crate::schema::Words;
use std::collections::BTreeMap;

fn wrong(cells: &Cells<'_>, message: impl Into<String>, diagnostics: &mut Diagnostics) {
    diagnostics.add(rules::INVALID_VALUE, cells.span, message);
}

fn outcome(cells: &Cells<'_>, diagnostics: &mut Diagnostics) -> Option<Option<Outcome>> {
    let text = cells.get("outcome");
    let found = Outcome::parse(text).filter(|outcome| *outcome != Outcome::Withdrawn);
    if found.is_none() && !text.is_empty() {
        let known = Outcome::WORDS.iter().map(|(word, _)| *word);
        wrong(cells, format!("`{text}` is not an outcome of gold: {}", one_of(known)), diagnostics);
        return None;
    }
    Some(found)
}

/// The answer of one row.
pub fn value(cells: &Cells<'_>, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<GoldAnswer> {
    let any_of = cells.get("any_of").split('|').map(str::trim).filter(|value| !value.is_empty());
    let values: Vec<&str> =
        Some(cells.get("value")).into_iter().filter(|value| !value.is_empty()).chain(any_of).collect();
    let both = !cells.get("value").is_empty() && values.len() > 1;
    if !cells.get("any_of").is_empty() && !criterion.scale.allows_any_of() {
        let scale = criterion.scale.name();
        wrong(cells, format!("`{}` has a {scale} scale, whose gold has no `any_of`", criterion.id), diagnostics);
        return None;
    }
    match (outcome(cells, diagnostics)?, values.as_slice()) {
        (Some(Outcome::None), []) if !criterion.scale.allows_none() => {
            wrong(
                cells,
                format!("`none` is for flags and sets; `{}` has a {} scale", criterion.id, criterion.scale.name()),
                diagnostics,
            );
            None
        }
        (Some(outcome), []) => Some(GoldAnswer::Outcome(outcome)),
        (None, [_, ..]) if !both => {
            let read: Vec<_> = values.iter().map(|value| said::on_scale(value, criterion)).collect();
            for refusal in read.iter().filter_map(|value| value.as_ref().err()) {
                wrong(cells, refusal.fault.message.clone(), diagnostics);
            }
            let values: Option<Vec<String>> = read.into_iter().map(|value| Some(value.ok()?.into_owned())).collect();
            values.map(GoldAnswer::Values)
        }
        _ => {
            wrong(cells, "gold holds one of `value`, `any_of`, `outcome`", diagnostics);
            None
        }
    }
}

/// The flags of rows that belong together; `last` is the last step of the item's run, where that is known.
pub fn flags(
    rows: &[Cells<'_>],
    criterion: &Criterion,
    last: Option<u32>,
    diagnostics: &mut Diagnostics,
) -> Option<GoldAnswer> {
    let mut flags = Vec::new();
    for cells in rows {
        match outcome(cells, diagnostics)? {
            Some(Outcome::None) if rows.len() == 1 => return Some(GoldAnswer::Flags(Vec::new())),
            Some(outcome) if rows.len() == 1 => return Some(GoldAnswer::Outcome(outcome)),
            Some(_) => {
                wrong(cells, "an outcome beside flags: an answer is one or the other", diagnostics);
                return None;
            }
            None => flags.push(flag(cells, criterion, last, diagnostics)?),
        }
    }
    flags.sort_by(|a, b| (a.step, &a.kind).cmp(&(b.step, &b.kind)));
    Some(GoldAnswer::Flags(flags))
}

fn flag(
    cells: &Cells<'_>,
    criterion: &Criterion,
    last: Option<u32>,
    diagnostics: &mut Diagnostics,
) -> Option<GoldFlag> {
    let kind = said::on_scale(cells.get("value"), criterion)
        .map_err(|refusal| wrong(cells, refusal.fault.message, diagnostics))
        .ok()?;
    let step = step_number(cells.get("step"), last)
        .map_err(|found| wrong(cells, format!("a flag needs its step; found {found}"), diagnostics))
        .ok()?;
    let mut attributes = BTreeMap::new();
    for attribute in &criterion.attributes {
        let text = cells.get(&attribute.name);
        if attribute.values.iter().any(|value| value == text) {
            attributes.insert(attribute.name.clone(), text.to_owned());
        } else if !text.is_empty() {
            let known = one_of(attribute.values.iter().map(String::as_str));
            wrong(cells, format!("`{text}` is not a value of `{}`, which is {known}", attribute.name), diagnostics);
            return None;
        }
    }
    Some(GoldFlag { step: step as usize, kind: kind.into_owned(), attributes, ..GoldFlag::default() })
}
