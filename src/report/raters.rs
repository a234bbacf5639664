//! Raters: each rater of a cohort in the light of all of them.
//!
//! In: a task's counts by rater, of all that was rated so far. Out: for each rater how much, how accurate with partial
//! pooling, and which answers stand where the gold says others more often than with colleagues. It names people by their
//! ids, and is for those alone who see reports. It ranks nobody, and judges nobody.

use super::Data;
use super::part::answer;
use super::work::RaterWork;
use crate::document::Criterion;
use crate::model::Task;
use crate::quality::compare::exact::fisher_greater;
use crate::quality::pooling::{self, Fitted};
use crate::quality::{Estimate, Proportion, Undefined, adjust};
use crate::ratings::{Comment, Stratum, Tallied};
use crate::text::addresses;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fewest gold items of a rater for a figure on accuracy.
pub const FEWEST_ITEMS: u64 = 10;
/// How often an answer must have been given to be named.
const FEWEST_TIMES: u64 = 2;
/// Most answers that are named of a rater.
const MOST_MISREADINGS: usize = 3;
/// The chance, over all raters and answers of a task together, that anything is said to stand out although raters are alike.
const LEVEL: f64 = 0.05;

/// The raters of a cohort.
#[derive(Clone, Debug)]
pub struct CohortRaters {
    /// The cohort's id.
    pub cohort: String,
    /// What it is called.
    pub title: String,
    /// The newest week with ratings.
    pub week: String,
    /// By task.
    pub tasks: Vec<TaskRaters>,
    /// Files of ratings that were left out on purpose.
    pub without: Arc<[String]>,
}

/// The raters of a cohort at a task.
#[derive(Clone, Debug)]
pub struct TaskRaters {
    /// The task's id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The raters, by id.
    pub raters: Vec<RaterFigures>,
}

/// What is known of a rater.
#[derive(Clone, Debug)]
pub struct RaterFigures {
    /// The rater's id.
    pub rater: Arc<str>,
    /// How much was rated.
    pub work: RaterWork,
    /// Gold items among it.
    pub gold_items: u64,
    /// Answers to gold that were asked, over all criteria with values.
    pub asked: u64,
    /// Those that answered.
    pub answered: u64,
    /// Those that are right.
    pub right: u64,
    /// Right out of asked, drawn towards the cohort's by how little is known of the rater. Each gold item counts once,
    /// however many answers it asks for: these are not independent.
    pub accuracy: Result<Estimate, Undefined>,
    /// A comment that stands beside several items, and beside how many.
    pub repeated_comment: Option<(String, u64)>,
    /// Answers that stood where the gold says others: those first by which the rater differs most from colleagues.
    pub misreadings: Vec<Misreading>,
}

/// An answer that a rater gave where the gold says another.
#[derive(Clone, Debug)]
pub struct Misreading {
    /// The criterion's id.
    pub criterion: String,
    /// The gold.
    pub gold: String,
    /// The answer.
    pub answer: String,
    /// How often the rater gave it to this gold.
    pub count: u64,
    /// How often the rater was asked where this is the gold.
    pub asked: u64,
    /// The same of the cohort's other raters: how often they gave it.
    pub others_count: u64,
    /// How often they were asked.
    pub others_asked: u64,
    /// Whether it is more than all raters and answers of the task together would show if raters were alike.
    pub stands_out: bool,
}

/// The raters of a cohort at a task.
pub fn of_task(cohort: u16, task: u16, data: &Data<'_>) -> TaskRaters {
    let asked = data.ratings.names.questions.iter().zip(0_u16..);
    let own = asked.filter(|(question, _)| question.task == task && question.criterion.scale.has_values());
    let cells = own.map(|(asked, question)| {
        let stratum = Stratum { cohort, question, shown: false };
        (&asked.criterion, data.tally.of_stratum(stratum))
    });
    let criteria: Vec<(&Criterion, &[Tallied])> = cells.collect();
    let met = GoldMet::of(criteria.iter().flat_map(|(_, cells)| *cells));
    let fitted = pooling::fit(&met.by_rater.values().map(RaterGold::items).collect::<Vec<_>>());
    let mut misreadings = misreadings(&criteria, data);
    let mut repeated = repeated_comments(cohort, task, data);
    let figures = data.work.raters(cohort, task).map(|(rater, work)| {
        let gold = met.by_rater.get(&rater).copied().unwrap_or_default();
        RaterFigures {
            rater: Arc::clone(&data.ratings.names.raters[rater as usize]),
            work,
            gold_items: gold.items,
            asked: gold.asked,
            answered: gold.answered,
            right: gold.right,
            accuracy: accuracy(&gold, &fitted),
            repeated_comment: repeated.remove(&rater),
            misreadings: misreadings.remove(&rater).unwrap_or_default(),
        }
    });
    let mut raters: Vec<RaterFigures> = figures.collect();
    raters.sort_by(|a, b| a.rater.cmp(&b.rater));
    let task: &Task = &data.model.tasks[usize::from(task)];
    TaskRaters { id: task.id.clone(), title: super::task::title(task), raters }
}

fn accuracy(gold: &RaterGold, fitted: &Result<Fitted, Undefined>) -> Result<Estimate, Undefined> {
    if gold.items < FEWEST_ITEMS {
        return Err(if gold.items == 0 { Undefined::NoGold } else { Undefined::TooFew });
    }
    let (right, items) = gold.items();
    fitted.as_ref().map_err(|undefined| *undefined)?.estimate(right, items, 0.95)
}

/// What a rater met of gold.
#[derive(Clone, Copy, Debug, Default)]
struct RaterGold {
    items: u64,
    asked: u64,
    answered: u64,
    right: u64,
}

impl RaterGold {
    /// Items, and as many of them as there are right answers among all.
    fn items(&self) -> (u64, u64) {
        if self.asked == 0 {
            return (0, 0);
        }
        let right = self.right as f64 / self.asked as f64 * self.items as f64;
        (right.round() as u64, self.items)
    }
}

/// What all raters met of gold.
struct GoldMet {
    by_rater: BTreeMap<u32, RaterGold>,
}

impl GoldMet {
    fn of<'t>(cells: impl Iterator<Item = &'t Tallied>) -> Self {
        let mut pairs = Vec::new();
        let mut by_rater: BTreeMap<u32, RaterGold> = BTreeMap::new();
        for of in cells.map(|cell| answer(&cell.counted)) {
            let gold = by_rater.entry(of.rater).or_default();
            gold.asked += u64::from(of.asked);
            gold.answered += u64::from(of.answered);
            gold.right += u64::from(of.right);
            pairs.push((of.rater, of.item));
        }
        pairs.sort_unstable();
        pairs.dedup();
        for (rater, _) in pairs {
            by_rater.entry(rater).or_default().items += 1;
        }
        Self { by_rater }
    }
}

/// Shortest comment that is worth telling if it is repeated, in characters: short ones are everybody's.
const SHORTEST_COMMENT: usize = 20;
/// Fewest items beside which the same comment is worth telling.
const FEWEST_REPEATS: u64 = 3;

/// By rater: the comment that stands beside most items, if it stands beside several.
fn repeated_comments(cohort: u16, task: u16, data: &Data<'_>) -> BTreeMap<u32, (String, u64)> {
    let of_task = |comment: &&Comment| {
        comment.cohort == Some(cohort)
            && data.ratings.names.questions[usize::from(comment.question)].task == task
            && comment.text.chars().count() >= SHORTEST_COMMENT
    };
    let mut items: BTreeMap<(u32, &str), BTreeSet<u32>> = BTreeMap::new();
    for comment in data.ratings.comments.iter().filter(of_task) {
        items.entry((comment.rater, &comment.text)).or_default().insert(comment.item);
    }
    let mut repeated: BTreeMap<u32, (String, u64)> = BTreeMap::new();
    for ((rater, text), items) in items {
        let count = items.len() as u64;
        let known = repeated.get(&rater).map_or(FEWEST_REPEATS - 1, |(_, count)| *count);
        if count > known {
            repeated.insert(rater, (addresses::masked(text), count));
        }
    }
    repeated
}

/// Answers to one gold label of one criterion.
#[derive(Default)]
struct AnswersToGold {
    /// By rater.
    asked: BTreeMap<u32, u64>,
    /// By answer and rater: those that are not right.
    wrong: BTreeMap<(String, u32), u64>,
}

/// By rater: the answers by which each differs most from the others.
fn misreadings(criteria: &[(&Criterion, &[Tallied])], data: &Data<'_>) -> BTreeMap<u32, Vec<Misreading>> {
    let mut found: Vec<(f64, u32, Misreading)> = Vec::new();
    for (criterion, cells) in criteria.iter().filter(|(criterion, _)| criterion.scale.has_categories()) {
        for (gold, answers) in by_gold(cells, data) {
            let all_asked: u64 = answers.asked.values().sum();
            let mut all_wrong: BTreeMap<&str, u64> = BTreeMap::new();
            answers.wrong.iter().for_each(|((answer, _), count)| *all_wrong.entry(answer).or_default() += count);
            // Each rater with each answer is looked at, also where a rater never gave it: that counts in the adjustment.
            let pairs = answers.asked.iter().flat_map(|of| all_wrong.iter().map(move |answer| (of, answer)));
            for ((rater, asked), (answer, all)) in pairs {
                let count = answers.wrong.get(&((*answer).to_owned(), *rater)).copied().unwrap_or_default();
                let (asked, others_count, others_asked) = (*asked, all - count, all_asked - asked);
                let chance = chance((count, asked), (others_count, others_asked));
                let (criterion, gold, answer) = (criterion.id.clone(), gold.clone(), (*answer).to_owned());
                let stands_out = false;
                let misreading =
                    Misreading { criterion, gold, answer, count, asked, others_count, others_asked, stands_out };
                found.push((chance, *rater, misreading));
            }
        }
    }
    let chances: Vec<f64> = found.iter().map(|(chance, ..)| *chance).collect();
    let adjusted = adjust::holm(&chances).unwrap_or_default();
    for ((.., misreading), adjusted) in found.iter_mut().zip(adjusted) {
        misreading.stands_out = adjusted <= LEVEL;
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.2.count.cmp(&a.2.count)));
    let mut by_rater: BTreeMap<u32, Vec<Misreading>> = BTreeMap::new();
    for (_, rater, misreading) in found.into_iter().filter(|(.., misreading)| misreading.count >= FEWEST_TIMES) {
        let own = by_rater.entry(rater).or_default();
        if own.len() < MOST_MISREADINGS {
            own.push(misreading);
        }
    }
    by_rater
}

/// The chance that a rater would give an answer so often if all were alike.
fn chance((count, asked): (u64, u64), (others_count, others_asked): (u64, u64)) -> f64 {
    match (Proportion::new(count, asked), Proportion::new(others_count, others_asked)) {
        (Ok(own), Ok(others)) => fisher_greater(own, others),
        _ => 1.0,
    }
}

fn by_gold(cells: &[Tallied], data: &Data<'_>) -> BTreeMap<String, AnswersToGold> {
    let mut by_gold: BTreeMap<String, AnswersToGold> = BTreeMap::new();
    for of in cells.iter().map(|cell| answer(&cell.counted)) {
        let label = &data.ratings.gold.labels[of.gold as usize].text;
        let answers = by_gold.entry(label.clone()).or_default();
        *answers.asked.entry(of.rater).or_default() += u64::from(of.asked);
        let wrong = u64::from(of.asked - of.right);
        if wrong > 0 {
            let given = data.ratings.names.answers[of.given as usize].label().to_owned();
            *answers.wrong.entry((given, of.rater)).or_default() += wrong;
        }
    }
    by_gold
}
