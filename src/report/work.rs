//! Work: how much a cohort rated, whether there is gold or not.
//!
//! In: the ratings. Out: counts of ratings, items, raters and submissions by task and week, and so far.

use crate::ratings::{Rating, Ratings, Status, Week};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashSet};

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
}

/// What a cohort did of a task in a week, and until its end.
struct Spans {
    in_week: Volume,
    so_far: Volume,
}

/// Volumes of one cohort and task, the one without a time first.
type Weeks = BTreeMap<Option<Week>, Spans>;

/// Volumes of all cohorts.
#[derive(Default)]
pub struct Work {
    by_task: BTreeMap<(u16, u16), Weeks>,
    /// By cohort and week: ratings whose version was assumed.
    pub version_assumed: BTreeMap<(u16, Option<Week>), u64>,
    /// By cohort: ratings that have no time.
    pub untimed: BTreeMap<u16, u64>,
    /// By cohort and week: submissions that are not paid.
    pub refused: BTreeMap<(u16, Option<Week>), BTreeSet<u32>>,
}

/// Item, rater and submission of a rating.
type Mark = (u32, u32, u32);

#[derive(Default)]
struct Seen {
    ratings: u64,
    items: HashSet<u32>,
    raters: HashSet<u32>,
    submissions: HashSet<u32>,
    seconds: Vec<f32>,
}

impl Seen {
    fn add(&mut self, (item, rater, submission): Mark, ratings: &Ratings) {
        self.ratings += 1;
        self.items.insert(item);
        self.raters.insert(rater);
        if self.submissions.insert(submission) {
            self.seconds.extend(ratings.submissions[submission as usize].seconds);
        }
    }

    fn volume(&mut self) -> Volume {
        let [items, raters, submissions] = [&self.items, &self.raters, &self.submissions].map(|set| set.len() as u64);
        let timed = self.seconds.len() as u64;
        Volume { ratings: self.ratings, items, raters, submissions, timed, median_seconds: median(&mut self.seconds) }
    }
}

/// The middle one, or the mean of the two in the middle.
fn median(values: &mut [f32]) -> Option<f64> {
    values.sort_unstable_by(f32::total_cmp);
    let upper = f64::from(*values.get(values.len() / 2)?);
    let lower = f64::from(values[(values.len() - 1) / 2]);
    Some(f64::midpoint(lower, upper))
}

impl Work {
    /// Counts the ratings made until a day; those without a time count so far only.
    pub fn of(ratings: &Ratings, until: Option<Date>) -> Self {
        let mut marks: BTreeMap<(u16, u16), BTreeMap<Option<Week>, Vec<Mark>>> = BTreeMap::new();
        let mut work = Self::default();
        let is_later = |day: Option<Date>| day.zip(until).is_some_and(|(day, until)| day > until);
        for rating in ratings.ratings.iter().filter(|rating| !is_later(rating.day)) {
            let Some(cohort) = rating.cohort() else { continue };
            let week = rating.day.map(Week::of);
            let task = ratings.names.questions[usize::from(rating.question)].task;
            let of_week = marks.entry((cohort, task)).or_default().entry(week).or_default();
            of_week.push((rating.item, rating.rater, rating.submission));
            work.note(rating, cohort, week, ratings);
        }
        work.by_task = marks.into_iter().map(|(key, weeks)| (key, volumes(weeks, ratings))).collect();
        work
    }

    fn note(&mut self, rating: &Rating, cohort: u16, week: Option<Week>, ratings: &Ratings) {
        if rating.version_assumed {
            *self.version_assumed.entry((cohort, week)).or_default() += 1;
        }
        if week.is_none() {
            *self.untimed.entry(cohort).or_default() += 1;
        }
        if ratings.submissions[rating.submission as usize].status == Some(Status::Rejected) {
            self.refused.entry((cohort, week)).or_default().insert(rating.submission);
        }
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

    /// What a cohort rated of a task in a week.
    pub fn in_week(&self, cohort: u16, task: u16, week: Week) -> Volume {
        let weeks = self.by_task.get(&(cohort, task));
        weeks.and_then(|weeks| weeks.get(&Some(week))).map_or(Volume::default(), |of| of.in_week)
    }

    /// What a cohort rated of a task until the end of a week.
    pub fn so_far(&self, cohort: u16, task: u16, week: Week) -> Volume {
        let weeks = self.by_task.get(&(cohort, task));
        let last = weeks.and_then(|weeks| weeks.range(..=Some(week)).next_back());
        last.map_or(Volume::default(), |(_, of)| of.so_far)
    }

    fn of_cohort(&self, cohort: u16) -> impl Iterator<Item = (u16, &Weeks)> {
        self.by_task.range((cohort, 0)..=(cohort, u16::MAX)).map(|((_, task), weeks)| (*task, weeks))
    }
}

fn volumes(weeks: BTreeMap<Option<Week>, Vec<Mark>>, ratings: &Ratings) -> Weeks {
    let mut so_far = Seen::default();
    let volumes = weeks.into_iter().map(|(week, marks)| {
        let mut in_week = Seen::default();
        for mark in marks {
            in_week.add(mark, ratings);
            so_far.add(mark, ratings);
        }
        (week, Spans { in_week: in_week.volume(), so_far: so_far.volume() })
    });
    volumes.collect()
}
