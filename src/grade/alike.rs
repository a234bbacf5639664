//! Alike errors: pairs of candidates who share more wrong answers than chance explains.
//!
//! In: what each candidate answered, compared with gold. Out: the pairs that are worth a talk, and how many pairs were
//! compared. What was left out or unsure is no wrong answer. Why answers are alike is not known here.

use crate::quality::shared_errors::{self, ItemErrors, SharedErrors};
use crate::ratings::GradedAnswer;
use ahash::AHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::hash::Hash;

/// Two candidates whose errors are alike beyond chance.
#[derive(Debug, Serialize)]
pub struct AlikePair {
    /// Their ids.
    pub candidates: [String; 2],
    /// Items that both answered.
    pub items: usize,
    /// Items at which both got the same questions wrong.
    pub both_wrong: usize,
    /// Items at which they did so with the same answers.
    pub same: usize,
    /// How many of these chance would make so.
    pub expected: f64,
    /// The chance of as many or more, adjusted for all pairs that were compared.
    pub p: f64,
}

/// Finds the pairs, least likely first, and counts those that share enough items to be compared.
pub fn find(answers: &[(&str, &[GradedAnswer<'_>])]) -> (Vec<AlikePair>, usize) {
    let (mut questions, mut given) = (AHashMap::new(), AHashMap::new());
    let errors: Vec<Vec<ItemErrors>> =
        answers.iter().map(|(_, graded)| errors(graded, &mut questions, &mut given)).collect();
    let (pairs, compared) = shared_errors::pairs(&errors);
    let named = |SharedErrors { pair, items, both_wrong, same, expected, p }| AlikePair {
        candidates: pair.map(|at: usize| answers[at].0.to_owned()),
        items,
        both_wrong,
        same,
        expected,
        p,
    };
    (pairs.into_iter().map(named).collect(), compared)
}

/// What a candidate got wrong, by item.
fn errors<'g>(
    graded: &'g [GradedAnswer<'_>],
    questions: &mut AHashMap<Vec<u16>, u32>,
    given: &mut AHashMap<Vec<&'g str>, u32>,
) -> Vec<ItemErrors> {
    let mut by_item: BTreeMap<u32, BTreeMap<u16, &str>> = BTreeMap::new();
    for answer in graded {
        let wrong = by_item.entry(answer.item).or_default();
        if !answer.right && answer.answered {
            wrong.insert(answer.question, &answer.given);
        }
    }
    let mut of_item = |(item, wrong): (u32, BTreeMap<u16, &'g str>)| {
        let (asked, answers): (Vec<u16>, Vec<&str>) = wrong.into_iter().unzip();
        let wrong = (!asked.is_empty()).then(|| (number(questions, asked), number(given, answers)));
        ItemErrors { item, wrong }
    };
    by_item.into_iter().map(&mut of_item).collect()
}

/// The number of something that is met again.
fn number<T: Hash + Eq>(known: &mut AHashMap<T, u32>, new: T) -> u32 {
    let next = known.len() as u32;
    *known.entry(new).or_insert(next)
}
