//! Moved steps: where the steps of a run are in another import of it.
//!
//! In: both runs. Out: for a step of the old one its number in the new one and what told it, or the steps most like it. It
//! changes neither a run nor gold.

use super::quote;
use crate::sequence;
use crate::trajectory::{NATIVE_ID, Step, Trajectory};
use serde_json::Value;
use similar::{Algorithm, DiffOp};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most steps that are named where one is gone.
const MOST_NAMED: usize = 3;

/// Most words of a step that are compared with those of others.
const MOST_WORDS: usize = 2_000;

/// A run, and another import of it.
pub struct MovedSteps<'a> {
    old: &'a Trajectory,
    new: &'a Trajectory,
    /// Places of steps that say the same, old to new.
    same_text: BTreeMap<usize, usize>,
    /// Places of steps that say something else at the same place between steps that say the same.
    same_place: BTreeMap<usize, usize>,
    /// Whether no step came or went and most say the same, as when a run is masked.
    keeps_places: bool,
    /// Places of the new steps by the ids their logs gave them; those of several steps are no ids.
    ids: HashMap<&'a str, Option<usize>>,
}

/// What told where a step is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It says the same.
    Text,
    /// Its log gave it the same id.
    Id,
    /// It says what gold quotes, and no other step does.
    Quote,
    /// It stands between the same steps, and shares most words.
    Place,
}

impl Sign {
    /// As findings say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "its text",
            Self::Id => "its id",
            Self::Quote => "its quote",
            Self::Place => "its place",
        }
    }
}

/// What a step is told by, whatever its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Its number.
    pub step: usize,
    /// The id that its log gave it.
    pub id: Option<String>,
    /// SHA-256 of what it says.
    pub sha256: String,
}

impl Anchor {
    /// What the step of this number is told by, if the run has it.
    pub fn of(run: &Trajectory, number: usize) -> Option<Self> {
        let step = run.steps.iter().find(|step| step.step_id == number)?;
        Some(Self { step: number, id: native_id(step).map(str::to_owned), sha256: step.digest() })
    }
}

/// Where a step is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovedStep {
    /// Its number.
    pub number: usize,
    /// What told it.
    pub by: Sign,
}

impl<'a> MovedSteps<'a> {
    /// Compares two imports of a run.
    pub fn of(old: &'a Trajectory, new: &'a Trajectory) -> Self {
        let digests = |run: &Trajectory| run.steps.iter().map(Step::digest).collect::<Vec<_>>();
        let (mut same_text, mut same_place, mut keeps_places) = (BTreeMap::new(), BTreeMap::new(), true);
        for change in sequence::changes(Algorithm::Myers, &digests(old), &digests(new)) {
            match change {
                DiffOp::Equal { old_index, new_index, len } => {
                    same_text.extend((0..len).map(|at| (old_index + at, new_index + at)));
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } if old_len == new_len => {
                    same_place.extend((0..old_len).map(|at| (old_index + at, new_index + at)));
                }
                _ => keeps_places = false,
            }
        }
        let mut ids = HashMap::new();
        for (place, step) in new.steps.iter().enumerate() {
            native_id(step).into_iter().for_each(|id| {
                ids.entry(id).and_modify(|known| *known = None).or_insert(Some(place));
            });
        }
        // Of a run that says other things all over, places tell nothing.
        let keeps_places = keeps_places && 2 * same_text.len() >= old.steps.len();
        Self { old, new, same_text, same_place, keeps_places, ids }
    }

    /// Whether each step has the number that it had, and says the same.
    pub fn are_the_same(&self) -> bool {
        let numbers = |run: &Trajectory| run.steps.iter().map(|step| step.step_id).collect::<Vec<_>>();
        self.same_text.len() == self.old.steps.len() && numbers(self.old) == numbers(self.new)
    }

    /// Where a step is now, of which gold may quote something; else the numbers of the steps that are most like it.
    pub fn now(&self, number: usize, quote: Option<&str>) -> Result<MovedStep, Vec<usize>> {
        let Some(place) = self.old.steps.iter().position(|step| step.step_id == number) else { return Err(Vec::new()) };
        let step = &self.old.steps[place];
        let by_id = native_id(step).and_then(|id| self.ids.get(id).copied().flatten());
        let says_the_same = |now: &usize| self.new.steps[*now].digest() == step.digest();
        let is_like = |now: &usize| {
            let words = words(step);
            2 * shared(&words, &self.new.steps[*now]) >= words.len().max(1)
        };
        let found = by_id
            .filter(says_the_same)
            .or(self.same_text.get(&place).copied())
            .map(|now| (now, Sign::Text))
            .or(by_id.map(|now| (now, Sign::Id)))
            .or_else(|| Some((self.quoted(quote?)?, Sign::Quote)))
            .or(self
                .same_place
                .get(&place)
                .copied()
                .filter(|now| self.keeps_places || is_like(now))
                .map(|now| (now, Sign::Place)));
        found.map(|(now, by)| MovedStep { number: self.new.steps[now].step_id, by }).ok_or_else(|| self.nearest(step))
    }

    /// The place of the only step that says what is quoted.
    fn quoted(&self, quote: &str) -> Option<usize> {
        let mut found = (0..self.new.steps.len()).filter(|place| quote::stands_in(quote, &self.new.steps[*place]));
        found.next().filter(|_| found.next().is_none())
    }

    fn nearest(&self, step: &Step) -> Vec<usize> {
        let words = words(step);
        let like = |other: &Step| (shared(&words, other), other.step_id);
        let mut near: Vec<(usize, usize)> = self.new.steps.iter().map(like).filter(|(count, _)| *count > 0).collect();
        near.sort_by_key(|(count, number)| (usize::MAX - count, *number));
        near.into_iter().take(MOST_NAMED).map(|(_, number)| number).collect()
    }
}

/// The steps that are most like one that is gone, in words.
pub fn like(numbers: &[usize]) -> Option<String> {
    let named: Vec<String> = numbers.iter().map(|number| format!("step {number}")).collect();
    (!named.is_empty()).then(|| format!("most like it: {}", named.join(", ")))
}

/// The id that its log gave a step.
fn native_id(step: &Step) -> Option<&str> {
    step.extra.get(NATIVE_ID).and_then(Value::as_str)
}

/// The words of a step.
fn words(step: &Step) -> BTreeSet<String> {
    step.text().split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
}

/// How many words another step has of these.
fn shared(words_of_step: &BTreeSet<String>, other: &Step) -> usize {
    words(other).intersection(words_of_step).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{ReadOptions, read};
    use proptest::prelude::*;
    use serde_json::json;

    /// A run of which each step says one of these texts, with an id where one is given.
    fn run(steps: &[(&str, Option<&str>)]) -> Trajectory {
        let step = |(at, (text, id)): (usize, &(&str, Option<&str>))| json!({"step_id": at + 1, "source": "agent", "message": text, "extra": {"native_id": id}});
        let steps: Vec<Value> = steps.iter().enumerate().map(step).collect();
        let log = json!({"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps});
        read(log.to_string().as_bytes(), &ReadOptions::default()).unwrap()
    }

    fn plain(texts: &[&str]) -> Trajectory {
        run(&texts.iter().map(|text| (*text, None)).collect::<Vec<_>>())
    }

    fn now(old: &Trajectory, new: &Trajectory, step: usize, quote: Option<&str>) -> Result<(usize, Sign), Vec<usize>> {
        MovedSteps::of(old, new).now(step, quote).map(|moved| (moved.number, moved.by))
    }

    #[test]
    fn a_step_is_told_by_its_text_its_id_its_quote_or_its_place() {
        let old =
            run(&[("look", None), ("the first try fails", Some("m1")), ("look", None), ("it says PORT in use", None)]);
        let new = run(&[
            ("task", None),
            ("look", None),
            ("all other words", Some("m1")),
            ("look", None),
            ("it says HOST in use", None),
        ]);
        assert_eq!(now(&old, &new, 1, None), Ok((2, Sign::Text)));
        assert_eq!(now(&old, &new, 3, None), Ok((4, Sign::Text)), "equal steps keep their order");
        assert_eq!(now(&old, &new, 2, None), Ok((3, Sign::Id)));
        assert_eq!(now(&old, &new, 4, None), Ok((5, Sign::Place)));
        assert_eq!(now(&old, &new, 4, Some("HOST in")), Ok((5, Sign::Quote)));
        assert_eq!(now(&old, &new, 9, None), Err(vec![]));
    }

    #[test]
    fn an_id_that_counts_places_does_not_beat_the_text() {
        let (old, new) = (
            run(&[("one", Some("0")), ("two", Some("1"))]),
            run(&[("nought", Some("0")), ("one", Some("1")), ("two", Some("2"))]),
        );
        assert_eq!(now(&old, &new, 1, None), Ok((2, Sign::Text)));
        assert_eq!(now(&old, &new, 2, None), Ok((3, Sign::Text)));
    }

    #[test]
    fn of_a_step_that_is_gone_the_most_like_it_are_named() {
        let (old, new) =
            (plain(&["a", "the port is in use"]), plain(&["a", "x y", "a port is free", "the port was in use"]));
        assert_eq!(now(&old, &new, 2, None), Err(vec![4, 3]));
        assert_eq!(like(&[4, 3]), Some("most like it: step 4, step 3".to_owned()));
    }

    #[test]
    fn in_a_run_that_is_masked_each_step_keeps_its_number() {
        let old = plain(&["a", "key=1234 token=5678", "b", "c"]);
        assert_eq!(now(&old, &plain(&["a", "[key-1] [key-2]", "b", "c"]), 2, None), Ok((2, Sign::Place)));
        assert_eq!(now(&old, &plain(&["w", "x", "y", "z"]), 2, None), Err(vec![]));
    }

    proptest! {
        #[test]
        fn a_step_that_is_still_there_is_found_whatever_comes_and_goes(old in proptest::sample::subsequence((0..12_usize).collect::<Vec<_>>(), 1..12), new in proptest::sample::subsequence((0..12_usize).collect::<Vec<_>>(), 1..12)) {
            let of = |steps: &[usize]| {
                let texts: Vec<String> = steps.iter().map(|step| format!("text-{step}")).collect();
                plain(&texts.iter().map(String::as_str).collect::<Vec<_>>())
            };
            let (first, second) = (of(&old), of(&new));
            for (place, step) in old.iter().enumerate() {
                let found = now(&first, &second, place + 1, None).ok();
                match new.iter().position(|other| other == step) {
                    Some(there) => prop_assert_eq!(found, Some((there + 1, Sign::Text))),
                    None => prop_assert!(found.is_none_or(|(_, by)| by == Sign::Place)),
                }
            }
        }
    }
}
