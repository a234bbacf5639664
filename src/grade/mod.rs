//! Grades: what candidates answered to a task's test items, against gold that they never saw.
//!
//! In: the answers that came back, read and resolved, and the task. Out: for each candidate scores with intervals, what was
//! missed and whether the mark is passed; for all how far chance explains that they differ. Nothing here knows who really
//! answered, or when: that is the sender's word. What was issued to whom is a record that comes with the request.

mod alike;
mod chances;
mod csv;
mod feedback;
mod figures;
pub mod issued;
mod words;

pub use alike::AlikePair;
pub use chances::PassChance;
pub use csv::table as csv_table;
pub use feedback::page as feedback_page;
pub use figures::MarkFigures;
pub use words::report;

use crate::document::{Criterion, Use};
use crate::expression::Condition;
use crate::model::{GoldAnswer, Outcome, Task};
use crate::quality::clustered::{self, ScoredCell};
use crate::quality::{Estimate, Proportion, proportion};
use crate::ratings::{GradedAnswer, Meanings, Ratings, against_gold, has_gold};
use issued::{IssuedTest, IssuedTests};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Coverage of all intervals.
pub const LEVEL: f64 = 0.95;

/// What came of a test.
#[derive(Debug, Serialize)]
pub struct Grades {
    /// The task.
    pub task: String,
    /// Its test items.
    pub items: BTreeSet<String>,
    /// The mark that passes; none if the rubric sets none.
    pub mark: Option<String>,
    /// The criteria that are graded, in the rubric's order.
    pub criteria: Vec<String>,
    /// Those who answered, by id.
    pub candidates: Vec<Candidate>,
    /// How they differ; none of fewer than three.
    pub spread: Option<CandidateSpread>,
    /// How likely the mark is passed by how good somebody is; empty without a mark.
    pub chances: Vec<PassChance>,
    /// Pairs of candidates whose wrong answers are alike beyond chance.
    pub alike: Vec<AlikePair>,
    /// How many pairs share enough items to be compared so.
    pub compared: usize,
    /// Answers to items that are no test items, by item.
    pub others: BTreeMap<String, usize>,
    /// Answers to test items, by item, that meet no gold: there is none, it is unsure, or the question meant something else.
    pub without_gold: BTreeMap<String, usize>,
}

/// What one candidate answered.
#[derive(Debug, Serialize)]
pub struct Candidate {
    /// The id.
    pub rater: String,
    /// How many test items were answered.
    pub items: usize,
    /// Those that were not, of what was issued if that is known.
    pub missing: Vec<String>,
    /// Test items that were answered and not issued: they are not graded.
    pub not_issued: Vec<String>,
    /// Versions under which answers were made, other than the one that was issued.
    pub other_versions: Vec<String>,
    /// Whether there is a record of what was issued.
    pub is_issued: bool,
    /// All answers to criteria with values, each weighted as the rubric says.
    pub overall: Option<ScoreShare>,
    /// By criterion, in the rubric's order.
    pub criteria: Vec<CriterionScore>,
    /// Whether the mark is passed; none without a mark, or where a figure of it is undefined.
    pub passes: Option<bool>,
    /// What is other than the gold.
    pub misses: Vec<Miss>,
}

/// The answers to one criterion.
#[derive(Debug, Serialize)]
pub struct CriterionScore {
    /// Its id.
    pub criterion: String,
    /// How many were right; of flags, all flags of an item as in the gold.
    pub share: ScoreShare,
}

/// How many answers were right.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoreShare {
    /// How many were right, by weight.
    pub right: f64,
    /// How many were asked, by weight.
    pub asked: f64,
    /// The share, with its interval.
    pub point: f64,
    /// Lower bound of the interval of 95 %.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// An answer that is other than the gold.
#[derive(Debug, Serialize)]
pub struct Miss {
    /// The item.
    pub item: String,
    /// The criterion.
    pub criterion: String,
    /// What was answered.
    pub given: String,
    /// What the gold has.
    pub gold: String,
    /// Why the gold has it.
    pub why: Option<String>,
}

/// How candidates differ.
#[derive(Debug, Serialize)]
pub struct CandidateSpread {
    /// Standard deviation of their shares right.
    pub seen: f64,
    /// What it would be if all were equally good, and answers independent.
    pub by_chance: f64,
}

impl ScoreShare {
    fn of(estimate: Estimate, right: f64, asked: f64) -> Self {
        Self { right, asked, point: estimate.point, low: estimate.low, high: estimate.high }
    }
}

/// A candidate's answers by criterion, then by item: right or not.
pub type RightAnswers<'a> = Vec<(&'a Criterion, BTreeMap<u32, bool>)>;

/// Grades what came back for a task, by the mark of its rubric and the records of what was issued.
pub fn grade(
    task: (u16, &Task),
    criteria: &[Criterion],
    mark: Option<&Condition>,
    issued: &IssuedTests,
    ratings: &Ratings,
    meanings: &Meanings,
) -> Grades {
    let (number, task) = task;
    let items: BTreeSet<String> = test_items(task);
    let (mut others, mut without_gold) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    let mut answers: BTreeMap<u32, TestAnswers<'_>> = BTreeMap::new();
    for rating in ratings.ratings.iter() {
        let asked = &ratings.names.questions[usize::from(rating.question)];
        let item = &*ratings.names.items[rating.of.item as usize];
        if asked.task != number {
            continue;
        }
        if !items.contains(item) {
            *others.entry(item.to_owned()).or_default() += 1;
            continue;
        }
        let of = answers.entry(rating.of.rater).or_insert_with(|| TestAnswers {
            issued: issued.get(&*ratings.names.raters[rating.of.rater as usize]),
            ..TestAnswers::default()
        });
        if of.is_not_issued(item) {
            of.not_issued.insert(item);
            continue;
        }
        of.items.insert(item);
        of.given.insert((rating.question, rating.of.item));
        let version = rating.of.version().map(|number| ratings.names.versions[usize::from(number)].to_string());
        of.versions.extend(version);
        match against_gold(ratings, &rating, meanings) {
            Some(answer) => of.graded.push(answer),
            None if asked.criterion.scale.is_scored() => *without_gold.entry(item.to_owned()).or_default() += 1,
            None => {}
        }
    }
    let test = Test { number, task, items: &items, criteria, ratings };
    let name = |rater: &u32| &*ratings.names.raters[*rater as usize];
    let mut candidates: Vec<Candidate> =
        answers.iter().map(|(rater, answers)| test.candidate(name(rater), answers)).collect();
    let graded: Vec<(&str, &[GradedAnswer<'_>])> =
        answers.iter().map(|(rater, answers)| (name(rater), &*answers.graded)).collect();
    let (alike, compared) = alike::find(&graded);
    for candidate in &mut candidates {
        candidate.passes = mark.and_then(|mark| mark.holds(MarkFigures::of(candidate)).ok());
    }
    Grades {
        task: task.id.clone(),
        mark: mark.map(|mark| mark.text().to_owned()),
        spread: spread(&candidates),
        chances: mark.map_or_else(Vec::new, |mark| chances::of(mark, &candidates, criteria)),
        criteria: criteria.iter().filter(|of| of.scale.is_scored()).map(|of| of.id.clone()).collect(),
        candidates,
        alike,
        compared,
        items,
        others,
        without_gold,
    }
}

/// What a candidate answered to test items.
#[derive(Default)]
struct TestAnswers<'t> {
    /// What was issued, if that is known.
    issued: Option<&'t IssuedTest>,
    /// The items, whether their gold decides anything or not.
    items: BTreeSet<&'t str>,
    /// Items that were not issued.
    not_issued: BTreeSet<&'t str>,
    /// The criterion and the item of each answer, by number.
    given: BTreeSet<(u16, u32)>,
    /// The versions under which the answers were made.
    versions: BTreeSet<String>,
    /// The answers that were compared with gold.
    graded: Vec<GradedAnswer<'t>>,
}

impl TestAnswers<'_> {
    fn is_not_issued(&self, item: &str) -> bool {
        self.issued.is_some_and(|test| !test.items.iter().any(|issued| issued == item))
    }
}

/// The items that some version of a task tests with.
fn test_items(task: &Task) -> BTreeSet<String> {
    task.examples().filter(|example| example.used == Use::Test).map(|example| example.item.clone()).collect()
}

/// What all candidates were asked.
struct Test<'a> {
    /// The task, with its place in the Model.
    number: u16,
    task: &'a Task,
    /// Its test items.
    items: &'a BTreeSet<String>,
    criteria: &'a [Criterion],
    ratings: &'a Ratings,
}

impl Test<'_> {
    fn candidate(&self, rater: &str, answers: &TestAnswers<'_>) -> Candidate {
        let names = &self.ratings.names;
        let id = |answer: &GradedAnswer<'_>| &names.questions[usize::from(answer.question)].criterion.id;
        let right: RightAnswers<'_> =
            self.criteria.iter().map(|criterion| (criterion, self.of_criterion(criterion, answers))).collect();
        let misses = answers.graded.iter().filter(|answer| !answer.right).map(|answer| Miss {
            item: names.items[answer.item as usize].to_string(),
            criterion: id(answer).clone(),
            given: answer.given.clone(),
            gold: answer.gold.clone(),
            why: answer.why.map(|why| why.to_string()),
        });
        let asked: Vec<&String> =
            answers.issued.map_or_else(|| self.items.iter().collect(), |test| test.items.iter().collect());
        let is_other = |version: &&String| answers.issued.is_some_and(|test| test.version != **version);
        Candidate {
            rater: rater.to_owned(),
            items: answers.items.len(),
            missing: asked.into_iter().filter(|item| !answers.items.contains(item.as_str())).cloned().collect(),
            not_issued: answers.not_issued.iter().map(|item| (*item).to_owned()).collect(),
            other_versions: answers.versions.iter().filter(is_other).cloned().collect(),
            is_issued: answers.issued.is_some(),
            overall: overall(&right),
            criteria: scores(&right),
            passes: None,
            misses: misses.collect(),
        }
    }

    /// The answers to a criterion, by item. What was issued and not answered counts as asked.
    fn of_criterion(&self, criterion: &Criterion, answers: &TestAnswers<'_>) -> BTreeMap<u32, bool> {
        let names = &self.ratings.names;
        let is_it = |question: u16| {
            let asked = &names.questions[usize::from(question)];
            asked.task == self.number && asked.criterion.id == criterion.id
        };
        let own = answers.graded.iter().filter(|answer| is_it(answer.question));
        let mut right: BTreeMap<u32, bool> = own.map(|answer| (answer.item, answer.right)).collect();
        let issued = answers.issued.filter(|_| criterion.scale.is_scored());
        let Some(question) = (0..names.questions.len() as u16).find(|question| is_it(*question)) else { return right };
        for (item, beyond) in issued.iter().flat_map(|test| &test.items).zip((0..u32::MAX).rev()) {
            // What nobody answered has no number among the ratings.
            let number = names.item(item);
            let is_given = number.is_some_and(|number| answers.given.contains(&(question, number)));
            let has_gold = number.is_some_and(|number| has_gold(self.ratings, question, number));
            if !is_given && (has_gold || self.has_gold(item, &criterion.id)) {
                right.insert(number.unwrap_or(beyond), false);
            }
        }
        right
    }

    /// Whether an example has gold for an item and a criterion that an answer can miss.
    fn has_gold(&self, item: &str, criterion: &str) -> bool {
        let examples = self.task.examples().filter(|example| example.item == item);
        let mut gold = examples.flat_map(|example| &example.gold).filter(|gold| gold.criterion == criterion);
        gold.any(|gold| gold.answer != GoldAnswer::Outcome(Outcome::Unsure))
    }
}

/// The share right of each criterion that has answers with gold.
pub fn scores(right: &RightAnswers<'_>) -> Vec<CriterionScore> {
    let score = |(criterion, answers): &(&Criterion, BTreeMap<u32, bool>)| {
        let count = answers.values().filter(|right| **right).count() as u64;
        let share = Proportion::new(count, answers.len() as u64).ok()?;
        let share = ScoreShare::of(proportion::clopper_pearson(share, LEVEL), count as f64, answers.len() as f64);
        Some(CriterionScore { criterion: criterion.id.clone(), share })
    };
    right.iter().filter_map(score).collect()
}

/// The share right of all answers with values; answers on one item are alike, so the interval takes items for clusters.
pub fn overall(right: &RightAnswers<'_>) -> Option<ScoreShare> {
    let valued = || right.iter().filter(|(criterion, _)| criterion.scale.has_values());
    let answers: f64 = valued().map(|(_, answers)| answers.len() as f64).sum();
    let weights: f64 = valued().map(|(criterion, answers)| criterion.weight * answers.len() as f64).sum();
    if weights <= 0.0 {
        return None;
    }
    let mut cells: BTreeMap<u32, ScoredCell> = BTreeMap::new();
    for (criterion, answers_of) in valued() {
        let weight = criterion.weight * answers / weights;
        for (item, right) in answers_of {
            let cell = cells.entry(*item).or_insert(ScoredCell { item: *item, rater: 0, right: 0.0, asked: 0.0 });
            cell.right += if *right { weight } else { 0.0 };
            cell.asked += weight;
        }
    }
    let (right, asked) =
        cells.values().fold((0.0, 0.0), |(right, asked), cell| (right + cell.right, asked + cell.asked));
    let figure = clustered::ratio_of(cells.into_values().collect(), LEVEL).ok()?;
    Some(ScoreShare::of(figure.estimate, right, asked))
}

/// How candidates differ, and how they would by chance; of fewer than three there is nothing to say.
fn spread(candidates: &[Candidate]) -> Option<CandidateSpread> {
    let shares: Vec<ScoreShare> = candidates.iter().filter_map(|candidate| candidate.overall).collect();
    let count = shares.len() as f64;
    if shares.len() < 3 {
        return None;
    }
    let mean = shares.iter().map(|share| share.point).sum::<f64>() / count;
    let seen = shares.iter().map(|share| (share.point - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let pooled =
        shares.iter().map(|share| share.right).sum::<f64>() / shares.iter().map(|share| share.asked).sum::<f64>();
    let by_chance = shares.iter().map(|share| pooled * (1.0 - pooled) / share.asked).sum::<f64>() / count;
    Some(CandidateSpread { seen: seen.sqrt(), by_chance: by_chance.sqrt() })
}
