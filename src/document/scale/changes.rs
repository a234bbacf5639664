//! Changes of a scale: how it differs from what it was.
//!
//! In: two scales. Out: a change for each value, order, meaning, bound and unit that is otherwise. It never judges one.

use super::{Choice, Kind, Scale};

/// How a scale differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScaleChange {
    /// It is of another kind.
    Kind,
    /// A value is gone.
    Gone(Choice),
    /// A value is new.
    Come(Choice),
    /// Its values stand in another order, which says something.
    Order {
        /// As it was, in a line.
        before: String,
        /// As it is.
        after: String,
    },
    /// The same meanings stand beside other values.
    Swapped {
        /// As they were, in a line.
        before: String,
        /// As they are.
        after: String,
    },
    /// The words beside a value are others.
    Meaning {
        /// The value.
        value: String,
        /// The words as they were; may be empty.
        before: String,
        /// The words as they are; may be empty.
        after: String,
    },
    /// Its smallest or largest number is another.
    Bounds {
        /// As it was.
        before: String,
        /// As it is.
        after: String,
    },
    /// Its unit is another.
    Unit {
        /// As it was; may be empty.
        before: String,
        /// As it is; may be empty.
        after: String,
    },
}

impl Scale {
    /// How it differs from what it was, in the order of its values.
    pub fn changes_since(&self, old: &Self) -> Vec<ScaleChange> {
        if let (Kind::Number { min, max, unit }, Kind::Number { min: least, max: most, unit: of }) = (&self.0, &old.0) {
            let range = |min: &Option<f64>, max: &Option<f64>| {
                let bound = |bound: &Option<f64>| bound.map_or("any".to_owned(), |bound| bound.to_string());
                format!("from {} to {}", bound(min), bound(max))
            };
            let named = |unit: &Option<String>| unit.clone().unwrap_or_default();
            let bounds = ScaleChange::Bounds { before: range(least, most), after: range(min, max) };
            let counted = ScaleChange::Unit { before: named(of), after: named(unit) };
            let differs = [((least, most) != (min, max), bounds), (of != unit, counted)];
            return differs.into_iter().filter_map(|(is_so, change)| is_so.then_some(change)).collect();
        }
        if self.name() != old.name() {
            return vec![ScaleChange::Kind];
        }
        choices_since(old.choices(), self.choices(), self.is_ordered())
    }
}

/// How a list of values differs from what it was.
fn choices_since(old: &[Choice], new: &[Choice], ordered: bool) -> Vec<ScaleChange> {
    let find = |choices: &[Choice], value: &str| choices.iter().find(|choice| choice.value == value).cloned();
    let line = |choices: &[Choice]| {
        choices
            .iter()
            .map(|choice| format!("{}: {}", choice.value, choice.meaning_or_value()))
            .collect::<Vec<_>>()
            .join("; ")
    };
    let gone = old.iter().filter(|choice| find(new, &choice.value).is_none());
    let come = new.iter().filter(|choice| find(old, &choice.value).is_none());
    let mut changes: Vec<ScaleChange> =
        gone.cloned().map(ScaleChange::Gone).chain(come.cloned().map(ScaleChange::Come)).collect();
    let kept = |choices: &[Choice], others: &[Choice]| -> Vec<String> {
        let kept = choices.iter().filter(|choice| find(others, &choice.value).is_some());
        kept.map(|choice| choice.value.clone()).collect()
    };
    let (was, is) = (kept(old, new), kept(new, old));
    if ordered && was != is {
        changes.push(ScaleChange::Order { before: was.join(", "), after: is.join(", ") });
    }
    let reworded: Vec<(Choice, Choice)> = new
        .iter()
        .filter_map(|choice| Some((find(old, &choice.value)?, choice.clone())))
        .filter(|(was, is)| was.meaning != is.meaning)
        .collect();
    // The same words beside other values: that no value kept its own is what makes it more than an edit.
    let meanings = |side: fn(&(Choice, Choice)) -> &String| {
        let mut meanings: Vec<&String> = reworded.iter().map(side).collect();
        meanings.sort_unstable();
        meanings
    };
    if reworded.len() > 1 && meanings(|pair| &pair.0.meaning) == meanings(|pair| &pair.1.meaning) {
        changes.push(ScaleChange::Swapped { before: line(old), after: line(new) });
        return changes;
    }
    changes.extend(reworded.into_iter().map(|(was, is)| ScaleChange::Meaning {
        value: is.value,
        before: was.meaning,
        after: is.meaning,
    }));
    changes
}
