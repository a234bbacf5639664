//! Chances: how likely a mark is passed by somebody who is right with a certain probability.
//!
//! In: the mark, and how many answers the test asks for. Out: the share of simulated candidates who pass, each of whose
//! answers is right with that probability, independently. The seed is fixed: the same test has the same chances.

use super::{Candidate, MarkFigures, RightAnswers, overall, scores};
use crate::document::Criterion;
use crate::expression::Condition;
use crate::quality::random::{DEFAULT_SEED, Random};
use serde::Serialize;
use std::collections::BTreeMap;

/// How good the simulated candidates are.
const TRUTHS: [f64; 4] = [0.7, 0.8, 0.9, 0.95];

/// How many candidates are simulated for each: the share who pass is off by less than 2.2 points in 95 of 100 times.
pub const DRAWS: u64 = 2_000;

/// How likely the mark is passed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PassChance {
    /// The probability that an answer is right.
    pub truth: f64,
    /// The share of candidates who pass.
    pub passes: f64,
}

/// The chances to pass a test as long as the longest that came back.
pub fn of(mark: &Condition, candidates: &[Candidate], criteria: &[Criterion]) -> Vec<PassChance> {
    let Some(longest) = candidates.iter().max_by_key(|candidate| candidate.items) else { return Vec::new() };
    let asked = |criterion: &Criterion| {
        let score = longest.criteria.iter().find(|score| score.criterion == criterion.id);
        score.map_or(0, |score| score.share.asked as u32)
    };
    let counts: Vec<(&Criterion, u32)> = criteria.iter().map(|criterion| (criterion, asked(criterion))).collect();
    let chance = |(stream, truth): (u64, f64)| {
        let mut random = Random::stream(DEFAULT_SEED, stream);
        let mut known = BTreeMap::new();
        let passed = (0..DRAWS).filter(|_| passes(mark, longest.items, &draw(&counts, truth, &mut random), &mut known));
        PassChance { truth, passes: passed.count() as f64 / DRAWS as f64 }
    };
    (0..).zip(TRUTHS).map(chance).collect()
}

/// Whether each answer of one candidate is right.
fn draw<'a>(counts: &[(&'a Criterion, u32)], truth: f64, random: &mut Random) -> RightAnswers<'a> {
    let answers = |count: u32, random: &mut Random| (0..count).map(|item| (item, random.unit() < truth)).collect();
    counts.iter().map(|(criterion, count)| (*criterion, answers(*count, random))).collect()
}

/// Whether a candidate with these answers passes; the same answers are judged once.
fn passes(mark: &Condition, items: usize, answers: &RightAnswers<'_>, known: &mut BTreeMap<Vec<bool>, bool>) -> bool {
    let key: Vec<bool> = answers.iter().flat_map(|(_, of)| of.values().copied()).collect();
    *known.entry(key).or_insert_with(|| {
        let figures = MarkFigures::new(items, overall(answers), &scores(answers));
        mark.holds(figures).unwrap_or(false)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::grade::{CriterionScore, ScoreShare};
    use crate::schema::FromYaml;
    use crate::source::{Content, Source, Sources};
    use crate::yaml;

    fn criterion() -> Criterion {
        let text = "{id: goal-reached, scale: {nominal: [yes, no]}}";
        let sources = Sources::new(vec![Source::new("c", Content::Text(text.into()))]);
        let mut found = Diagnostics::default();
        let node = yaml::parse(text, sources.find("c").unwrap().id, 0, &mut found).unwrap();
        Criterion::from_yaml(&node, &mut found).unwrap()
    }

    /// The chance of at least so many right.
    fn at_least(fewest: u32, count: u32, truth: f64) -> f64 {
        let ways = |right: u32| (0..right).fold(1.0, |ways, at| ways * f64::from(count - at) / f64::from(at + 1));
        let right = |right: u32| ways(right) * truth.powi(right as i32) * (1.0 - truth).powi((count - right) as i32);
        (fewest..=count).map(right).sum()
    }

    #[test]
    fn the_chances_are_those_of_a_binomial_distribution() {
        let share = ScoreShare { right: 9.0, asked: 12.0, point: 0.75, low: 0.0, high: 1.0 };
        let candidate = Candidate {
            rater: "a".to_owned(),
            items: 12,
            missing: Vec::new(),
            not_issued: Vec::new(),
            other_versions: Vec::new(),
            is_issued: false,
            overall: Some(share),
            criteria: vec![CriterionScore { criterion: "goal-reached".to_owned(), share }],
            passes: None,
            misses: Vec::new(),
        };
        for mark in ["accuracy.right >= 10", "goal_reached.right > 9 and items == 12"] {
            let chances = of(&Condition::parse(mark).unwrap(), std::slice::from_ref(&candidate), &[criterion()]);
            assert_eq!(chances.len(), 4);
            for PassChance { truth, passes } in chances {
                let exact = at_least(10, 12, truth);
                let error = (exact * (1.0 - exact) / DRAWS as f64).sqrt();
                assert!((passes - exact).abs() < 4.0 * error, "{mark} at {truth}: {passes}, exactly {exact}");
            }
        }
    }
}
