//! Submissions: who rates which item when, and what they say.
//!
//! In: a plan. Out: every submission. Raters of an item are those of the cohort with the largest random numbers for it
//! (rendezvous hashing: Thaler and Ravishankar 1998), so that another rater takes over items and moves nothing else.
//! Work is done on weekdays from 8 to 18 o'clock; nobody's submissions are kept from overlapping.

use super::answer;
use super::chance::{happens, log_normal, one_of, stream};
use super::flags;
use super::items::{self, Item};
use super::plan::{CohortPlan, Manner, SimulationPlan, TaskPlan, WorkPlan};
use super::truth::{self, AnswersByCriterion};
use crate::document::{Criterion, Rubric};
use crate::model::{Cohort, GoldAnswer, Outcome};
use crate::quality::random::Random;
use crate::ratings::Week;
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

/// One act of rating an item.
pub struct SimulatedSubmission<'m> {
    /// Its id.
    pub id: String,
    /// The task.
    pub task: &'m str,
    /// The item.
    pub item: String,
    /// The rater.
    pub rater: &'m str,
    /// The cohort.
    pub cohort: &'m str,
    /// The version that served; empty where nothing is sealed.
    pub version: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The week of that day.
    pub week: Week,
    /// Whether it is paid.
    pub accepted: bool,
    /// Time taken.
    pub seconds: u64,
    /// What is said, in the order of the rubric.
    pub answers: Vec<(String, GoldAnswer)>,
    /// A sentence on some of the answers, by criterion.
    pub comments: BTreeMap<String, String>,
}

/// Every submission of a plan.
pub fn all<'m>(plan: &SimulationPlan<'m>) -> Vec<SimulatedSubmission<'m>> {
    let mut submissions = Vec::new();
    for cohort in &plan.cohorts {
        for work in &cohort.work {
            let task = &plan.tasks[work.task];
            for (index, week) in task.weeks.iter().enumerate() {
                for item in items::of_week(task, index, work) {
                    for rater in raters(&item, *week, task, cohort, work, plan.seed) {
                        RatedItem { plan, task, cohort, rater, item: &item }.put(*week, &mut submissions);
                    }
                }
            }
        }
    }
    submissions
}

/// The members of a cohort who are there from Monday to Friday of a week.
pub fn present(cohort: &Cohort, week: Week) -> impl Iterator<Item = &str> {
    let monday = week.days().0;
    let friday = monday.saturating_add(4.days());
    let covers = move |from: Option<Date>, until: Option<Date>| {
        from.is_none_or(|from| from <= monday) && until.is_none_or(|until| friday <= until)
    };
    let all = cohort.raters.iter().filter(move |_| covers(cohort.from, cohort.until));
    all.filter(move |member| covers(member.from, member.until)).map(|member| member.rater.as_str())
}

fn raters<'m>(
    item: &Item<'_, '_>,
    week: Week,
    task: &TaskPlan<'_>,
    cohort: &CohortPlan<'m>,
    work: &WorkPlan,
    seed: u64,
) -> Vec<&'m str> {
    let number = |rater: &str| stream(seed, &["assigned", &task.task.id, &item.name, rater]).bits();
    let mut raters: Vec<(u64, &str)> = present(cohort.cohort, week).map(|rater| (number(rater), rater)).collect();
    raters.sort_unstable();
    raters.dedup();
    raters.into_iter().rev().take(work.overlap).map(|(_, rater)| rater).collect()
}

/// One rater's work on one item.
struct RatedItem<'p, 'm> {
    plan: &'p SimulationPlan<'m>,
    task: &'p TaskPlan<'m>,
    cohort: &'p CohortPlan<'m>,
    rater: &'m str,
    item: &'p Item<'p, 'm>,
}

impl<'m> RatedItem<'_, 'm> {
    /// The random stream of some part of the work.
    fn stream(&self, part: &str) -> Random {
        stream(self.plan.seed, &["rating", &self.task.task.id, &self.item.name, self.rater, part])
    }

    fn manner(&self) -> &Manner {
        &self.cohort.raters[self.rater]
    }

    /// Puts the submission, and before it the one that it corrects, if it does.
    fn put(&self, week: Week, submissions: &mut Vec<SimulatedSubmission<'m>>) {
        let random = &mut self.stream("time");
        let day = week.days().0.saturating_add((random.below(5) as i64).days());
        let sent = day.at(8, 0, 0, 0).saturating_add((random.below(36_000) as i64).seconds());
        if happens(self.manner().corrected, random) {
            let earlier = sent.saturating_sub((600 + random.below(7_200) as i64).seconds());
            submissions.push(self.submission(week, earlier, "corrected"));
        }
        submissions.push(self.submission(week, sent, ""));
    }

    fn submission(&self, week: Week, sent: DateTime, part: &str) -> SimulatedSubmission<'m> {
        let random = &mut self.stream(&format!("submission {part}"));
        let day = sent.date();
        let (version, rubric) = self.task.rubric(day);
        let criteria = rubric.map_or(&[][..], |rubric| &rubric.criteria);
        let (texts, scored): (Vec<_>, Vec<_>) = criteria.iter().partition(|criterion| !criterion.scale.is_scored());
        let sentence = |criterion: &&Criterion| Some((criterion.id.clone(), self.sentence(criterion)?));
        let mut answers = rubric.map_or_else(AnswersByCriterion::new, |rubric| self.answers(rubric, day, part));
        let texts = texts.iter().filter_map(sentence);
        answers.extend(texts.map(|(criterion, text)| (criterion, GoldAnswer::Values(vec![text]))));
        let minutes = self.task.minutes * self.manner().pace(&self.task.task.id, day);
        SimulatedSubmission {
            id: format!("s-{:012x}", random.bits() >> 16),
            task: &self.task.task.id,
            item: self.item.name.clone(),
            rater: self.rater,
            cohort: &self.cohort.cohort.id,
            version: version.map(ToString::to_string).unwrap_or_default(),
            at: self.plan.zone.to_ambiguous_timestamp(sent).compatible().expect("a plan's years are far from the last"),
            week,
            accepted: !happens(self.manner().rejected, random),
            seconds: log_normal(60.0 * minutes, self.task.spread, random).round().clamp(1.0, 1e9) as u64,
            answers: criteria.iter().filter_map(|criterion| answers.remove_entry(&criterion.id)).collect(),
            comments: scored.iter().filter_map(sentence).collect(),
        }
    }

    /// What the rater says of each criterion that has a truth.
    fn answers(&self, rubric: &Rubric, day: Date, part: &str) -> AnswersByCriterion {
        let mut answers = AnswersByCriterion::new();
        for (id, truth) in truth::of(self.item, rubric, self.task, self.plan) {
            let Some(criterion) = rubric.criterion(&id) else { continue };
            let random = &mut self.stream(&format!("answer {part} {id}"));
            let bearing = self.manner().bearing(&self.task.task.id, &id, day);
            let answer = match criterion.scale.has_flags() {
                _ if criterion.unsure && happens(bearing.unsure, random) => GoldAnswer::Outcome(Outcome::Unsure),
                true => flags::flags(&truth, self.item.steps, criterion, self.task, &bearing, random),
                false => answer::value(&truth, criterion, self.task, &bearing, random),
            };
            answers.insert(id, answer);
        }
        truth::settle(&mut answers, rubric, self.task, &|_| false);
        answers
    }

    /// A sentence on a criterion, if the rater writes one; a correction keeps it.
    fn sentence(&self, criterion: &Criterion) -> Option<String> {
        let random = &mut self.stream(&format!("comment {}", criterion.id));
        let sentences = self.task.comments.get(&criterion.id)?;
        happens(self.manner().comments, random).then(|| one_of(sentences, random).cloned())?
    }
}
