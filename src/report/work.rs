//! Work: how much a cohort rated, whether there is gold or not.
//!
//! In: the ratings. Out: counts of ratings, items, raters and submissions by task and week, and so far.

use super::turnover::{Turnover, TurnoverCounter, median};
use crate::ratings::{GivenAnswer, RatedOccasion, Rating, Ratings, Scope, Status, Week};
use ahash::AHashSet;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// An amount of work.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Volume {
    /// Ratings: one rater's answer to one criterion of one item.
    pub ratings: u64,
    /// Items.
    pub items: u64,
    /// Raters.
    pub raters: u64,
    /// Acts of rating an item.
    pub submissions: u64,
    /// Of those, the ones whose time is known.
    pub timed: u64,
    /// The time that half of them took at most, in seconds.
    pub median_seconds: Option<f64>,
    /// Seconds that the timed ones took together.
    pub seconds: f64,
    /// Ratings of the timed ones.
    pub timed_ratings: u64,
}

/// What a rater did of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RaterWork {
    /// Ratings.
    pub ratings: u64,
    /// Acts of rating an item.
    pub submissions: u64,
    /// Of those, the ones whose time is known.
    pub timed: u64,
    /// The time that half of them took at most, in seconds.
    pub median_seconds: Option<f64>,
}

/// When a cohort began to rate a task.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begun {
    /// The day of the first rating whose time is known.
    pub first_day: Option<Date>,
    /// Whether there are ratings whose time is not known.
    pub has_untimed: bool,
}

/// What a cohort did of a task in a week, and until its end.
struct Volumes {
    in_week: Volume,
    so_far: Volume,
    turnover: Turnover,
}

/// Volumes of one cohort and task, the one without a time first.
type Weeks = BTreeMap<Option<Week>, Volumes>;

/// Volumes of all cohorts.
#[derive(Default)]
pub struct Work {
    by_task: BTreeMap<(u16, u16), Weeks>,
    /// By cohort and task: the day of the first rating.
    first_days: BTreeMap<(u16, u16), Date>,
    by_rater: BTreeMap<(u16, u16, u32), RaterWork>,
    /// By cohort and week: ratings whose version was assumed.
    pub version_assumed: BTreeMap<(u16, Option<Week>), u64>,
    /// By cohort, task and week: ratings without a version.
    pub no_version: BTreeMap<(u16, u16, Option<Week>), u64>,
    /// By cohort and week: answers that their criterion does not allow.
    pub invalid: BTreeMap<(u16, Option<Week>), u64>,
    /// By cohort: ratings that have no time.
    pub untimed: BTreeMap<u16, u64>,
    /// By cohort, task, week and version: submissions that are not rejected for pay.
    accepted: BTreeMap<(u16, u16, Option<Week>, Option<u16>), u64>,
    /// By cohort and week: submissions that are not paid.
    pub refused: BTreeMap<(u16, Option<Week>), BTreeSet<u32>>,
}

/// The ratings of one submission that count for one cohort and week.
struct SubmissionRatings {
    cohort: u16,
    task: u16,
    week: Option<Week>,
    item: u32,
    rater: u32,
    submission: u32,
    version: Option<u16>,
    ratings: u64,
}

impl SubmissionRatings {
    fn of_rater(&self) -> (u16, u16, u32) {
        (self.cohort, self.task, self.rater)
    }

    fn key(&self) -> (u16, u16, Option<Week>, u32) {
        (self.cohort, self.task, self.week, self.submission)
    }
}

#[derive(Default)]
struct VolumeCounter {
    ratings: u64,
    items: AHashSet<u32>,
    raters: AHashSet<u32>,
    submissions: AHashSet<u32>,
    seconds: Vec<f32>,
    timed_ratings: u64,
}

impl VolumeCounter {
    fn add(&mut self, act: &SubmissionRatings, ratings: &Ratings) {
        self.ratings += act.ratings;
        self.items.insert(act.item);
        self.raters.insert(act.rater);
        let seconds = ratings.submissions[act.submission as usize].seconds;
        self.timed_ratings += seconds.map_or(0, |_| act.ratings);
        if self.submissions.insert(act.submission) {
            self.seconds.extend(seconds);
        }
    }

    fn volume(&mut self) -> Volume {
        let [items, raters, submissions] = [&self.items, &self.raters, &self.submissions].map(|set| set.len() as u64);
        let median_seconds = median(&mut self.seconds);
        Volume {
            ratings: self.ratings,
            items,
            raters,
            submissions,
            timed: self.seconds.len() as u64,
            median_seconds,
            seconds: self.seconds.iter().map(|seconds| f64::from(*seconds)).sum(),
            timed_ratings: self.timed_ratings,
        }
    }
}

impl Work {
    /// Counts ratings; those without a time count so far only.
    pub fn of(ratings: &Ratings, scope: Scope) -> Self {
        let mut work = Self::default();
        let mut acts: Vec<SubmissionRatings> = Vec::new();
        let mut last_act: Vec<Option<usize>> = vec![None; ratings.submissions.len()];
        for rating in ratings.ratings.iter().filter(|rating| !scope.is_too_late(&rating.of)) {
            let Some(cohort) = scope.cohort_of(&rating.of) else { continue };
            let week = rating.of.day.map(Week::of);
            work.note(&rating, cohort, week, ratings);
            let RatedOccasion { item, rater, submission, .. } = rating.of;
            let task = ratings.names.questions[usize::from(rating.question)].task;
            let version = rating.of.version();
            let act = SubmissionRatings { cohort, task, week, item, rater, submission, version, ratings: 1 };
            let last = &mut last_act[submission as usize];
            match last.map(|last| &mut acts[last]).filter(|last| last.key() == act.key()) {
                Some(same) => same.ratings += 1,
                None => {
                    if let Some(day) = rating.of.day {
                        let first = work.first_days.entry((cohort, task)).or_insert(day);
                        *first = day.min(*first);
                    }
                    *last = Some(acts.len());
                    acts.push(act);
                }
            }
        }
        acts.sort_unstable_by_key(|act| (act.key(), act.version));
        let mut met = vec![false; ratings.submissions.len()];
        for SubmissionRatings { cohort, task, week, submission, version, .. } in &acts {
            // One whose rows fall into two weeks is of the first.
            let is_new = !std::mem::replace(&mut met[*submission as usize], true);
            if is_new && ratings.submissions[*submission as usize].status != Some(Status::Rejected) {
                *work.accepted.entry((*cohort, *task, *week, *version)).or_default() += 1;
            }
        }
        let by_task = acts.chunk_by(|a, b| (a.cohort, a.task) == (b.cohort, b.task));
        work.by_task = by_task.map(|acts| ((acts[0].cohort, acts[0].task), volumes(acts, ratings))).collect();
        acts.sort_unstable_by_key(SubmissionRatings::of_rater);
        let by_rater = acts.chunk_by(|a, b| a.of_rater() == b.of_rater());
        work.by_rater = by_rater.map(|acts| (acts[0].of_rater(), rater_work(acts, ratings))).collect();
        work
    }

    fn note(&mut self, rating: &Rating, cohort: u16, week: Option<Week>, ratings: &Ratings) {
        if rating.of.version_assumed {
            *self.version_assumed.entry((cohort, week)).or_default() += 1;
        }
        if rating.of.version().is_none() {
            let task = ratings.names.questions[usize::from(rating.question)].task;
            *self.no_version.entry((cohort, task, week)).or_default() += 1;
        }
        if ratings.names.answers[rating.answer as usize] == GivenAnswer::Invalid {
            *self.invalid.entry((cohort, week)).or_default() += 1;
        }
        if week.is_none() {
            *self.untimed.entry(cohort).or_default() += 1;
        }
        if ratings.submissions[rating.of.submission as usize].status == Some(Status::Rejected) {
            self.refused.entry((cohort, week)).or_default().insert(rating.of.submission);
        }
    }

    /// The raters of a cohort who rated a task, each with what they did of it.
    pub fn raters(&self, cohort: u16, task: u16) -> impl Iterator<Item = (u32, RaterWork)> {
        let of_task = self.by_rater.range((cohort, task, 0)..=(cohort, task, u32::MAX));
        of_task.map(|((.., rater), work)| (*rater, *work))
    }

    /// The weeks in which a cohort rated.
    pub fn weeks(&self, cohort: u16) -> Vec<Week> {
        let weeks: BTreeSet<Week> =
            self.of_cohort(cohort).flat_map(|(_, weeks)| weeks.keys().copied().flatten()).collect();
        weeks.into_iter().collect()
    }

    /// Whether a cohort rated at all.
    pub fn has_rated(&self, cohort: u16) -> bool {
        self.of_cohort(cohort).next().is_some()
    }

    /// The tasks that a cohort rated.
    pub fn tasks(&self, cohort: u16) -> impl Iterator<Item = u16> {
        self.of_cohort(cohort).map(|(task, _)| task)
    }

    /// The weeks in which a cohort rated a task, those without a time left out.
    pub fn task_weeks(&self, cohort: u16, task: u16) -> Vec<Week> {
        self.by_task.get(&(cohort, task)).into_iter().flat_map(|weeks| weeks.keys().copied().flatten()).collect()
    }

    /// When a cohort began to rate a task.
    pub fn begun(&self, cohort: u16, task: u16) -> Begun {
        let weeks = self.by_task.get(&(cohort, task));
        Begun {
            first_day: self.first_days.get(&(cohort, task)).copied(),
            has_untimed: weeks.is_some_and(|weeks| weeks.contains_key(&None)),
        }
    }

    /// What a cohort rated of a task in a week.
    pub fn in_week(&self, cohort: u16, task: u16, week: Week) -> Volume {
        let weeks = self.by_task.get(&(cohort, task));
        weeks.and_then(|weeks| weeks.get(&Some(week))).map_or(Volume::default(), |of| of.in_week)
    }

    /// Submissions of a cohort to a task that are not rejected, by week and version.
    pub fn accepted(&self, cohort: u16, task: u16) -> impl Iterator<Item = (Option<Week>, Option<u16>, u64)> {
        let all = self
            .accepted
            .range((cohort, task, None, None)..)
            .take_while(move |(key, _)| (key.0, key.1) == (cohort, task));
        all.map(|((.., week, version), count)| (*week, *version, *count))
    }

    /// What a cohort rated of a task until the end of a week.
    pub fn so_far(&self, cohort: u16, task: u16, week: Week) -> Volume {
        let weeks = self.by_task.get(&(cohort, task));
        let last = weeks.and_then(|weeks| weeks.range(..=Some(week)).next_back());
        last.map_or(Volume::default(), |(_, of)| of.so_far)
    }

    /// Who rated a task in a week, beside the weeks before.
    pub fn turnover(&self, cohort: u16, task: u16, week: Week) -> Turnover {
        let weeks = self.by_task.get(&(cohort, task));
        weeks.and_then(|weeks| weeks.get(&Some(week))).map_or(Turnover::default(), |of| of.turnover)
    }

    fn of_cohort(&self, cohort: u16) -> impl Iterator<Item = (u16, &Weeks)> {
        self.by_task.range((cohort, 0)..=(cohort, u16::MAX)).map(|((_, task), weeks)| (*task, weeks))
    }
}

/// What a rater did, whose acts these are.
fn rater_work(acts: &[SubmissionRatings], ratings: &Ratings) -> RaterWork {
    let submissions: AHashSet<u32> = acts.iter().map(|act| act.submission).collect();
    let timed = submissions.iter().filter_map(|of| ratings.submissions[*of as usize].seconds);
    let mut seconds: Vec<f32> = timed.collect();
    RaterWork {
        ratings: acts.iter().map(|act| act.ratings).sum(),
        submissions: submissions.len() as u64,
        timed: seconds.len() as u64,
        median_seconds: median(&mut seconds),
    }
}

/// Volumes by week of acts that are in order of the weeks.
fn volumes(acts: &[SubmissionRatings], ratings: &Ratings) -> Weeks {
    let (mut so_far, mut turnovers) = (VolumeCounter::default(), TurnoverCounter::default());
    let volumes = acts.chunk_by(|a, b| a.week == b.week).map(|of_week| {
        let mut in_week = VolumeCounter::default();
        for act in of_week {
            in_week.add(act, ratings);
            so_far.add(act, ratings);
        }
        let week = of_week[0].week;
        let turnover = week.map(|week| turnovers.week(week, &in_week.raters, &in_week.seconds)).unwrap_or_default();
        (week, Volumes { in_week: in_week.volume(), so_far: so_far.volume(), turnover })
    });
    volumes.collect()
}
