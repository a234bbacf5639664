//! Compared: what a series did by some week, beside what it did before and beside others.
//!
//! In: a series, and the same beside others. Out: this week against four before, four weeks against four before them
//! beside others, the trend over six weeks, and the watch, each as a figure with its interval. Whether a figure counts as
//! shown is said where all figures of a report are there.

use super::beside::{BesideSeries, SharedSpan};
use super::series::{Series, SeriesWeek};
use crate::figures::LEVEL;
use crate::quality::Undefined;
use crate::quality::contrast::{AnswerSums, Contrast, ContrastSide, PooledEffect, contrast};
use crate::ratings::Week;

/// Weeks that a week is compared with, and that are compared beside others.
pub const BEFORE: i64 = 4;
/// Weeks of a trend.
pub const TREND: i64 = 6;
/// Fewest weeks with gold for a trend: through two there always is a line.
pub const TREND_WEEKS: usize = 3;

/// A share of a span of weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpanShare {
    /// Its first week with gold, and its last.
    pub weeks: Option<(Week, Week)>,
    /// Right out of asked.
    pub share: Option<f64>,
    /// Gold items.
    pub items: u64,
    /// Raters.
    pub raters: u64,
}

/// A span beside an earlier one.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The later span.
    pub now: SpanShare,
    /// The earlier one.
    pub before: SpanShare,
    /// The later less the earlier; beside others, by how much that is more than theirs.
    pub change: Result<Contrast, Undefined>,
    /// The p-value, adjusted for all differences of the report.
    pub adjusted: Option<f64>,
    /// The smallest fall that the same gold would have shown with a chance of 80 %.
    pub smallest: Option<f64>,
    /// What is shown.
    pub movement: Movement,
}

/// What is shown of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Movement {
    /// It fell.
    Fell,
    /// It rose.
    Rose,
    /// It moved by less than the margin that was set.
    WithinMargin,
    /// It differs from others, but they moved more than it did.
    OthersMoved,
    /// None of these.
    #[default]
    NotShown,
}

/// The same of a cohort beside others, on the items that both rated.
#[derive(Clone, Debug)]
pub struct ComparedBeside {
    /// The cohort's own shares of those items, and its change less the others'.
    pub own: Compared,
    /// The others' shares, then and before.
    pub others: [SpanShare; 2],
    /// The other cohorts by their places in the Model.
    pub cohorts: Vec<u16>,
    /// Whether some of the others' answers in each week are under the newest version that the cohort rated under then.
    pub same_version: bool,
}

/// A trend over weeks.
#[derive(Clone, Debug)]
pub struct WeekTrend {
    /// By how much the share moves in a week.
    pub slope: Result<Contrast, Undefined>,
    /// Weeks with gold.
    pub weeks: usize,
    /// What is shown.
    pub movement: Movement,
}

/// What the watch says by some week.
#[derive(Clone, Debug)]
pub struct WatchState {
    /// The sum after the last week with gold.
    pub sum: f64,
    /// The newest alarm, if it rang in the week or in the three before it.
    pub alarm: Option<ChangeAlarm>,
}

/// An alarm of the watch.
#[derive(Clone, Debug)]
pub struct ChangeAlarm {
    /// The week in which it rang.
    pub rang: Week,
    /// The week in which the change began.
    pub since: Week,
    /// The weeks since then beside those before.
    pub compared: Compared,
    /// The same beside others, who may have rated the same items.
    pub beside: Option<ComparedBeside>,
}

/// What a series did by some week.
#[derive(Clone, Debug)]
pub struct SeriesChange {
    /// The criterion's id; none for all with values together.
    pub criterion: Option<String>,
    /// The criteria by number, each with its weight.
    pub questions: Vec<(u16, f64)>,
    /// This week against the four before it.
    pub week: Compared,
    /// The last four weeks against the four before them, less the same of others; none where nobody else rated the items.
    pub beside: Option<ComparedBeside>,
    /// The trend.
    pub trend: WeekTrend,
    /// The watch.
    pub watch: WatchState,
}

impl SeriesChange {
    /// What a series did by a week; none where it had not begun.
    pub fn of(series: &Series, beside: Option<&BesideSeries>, week: Week) -> Option<Self> {
        let place = series.weeks.partition_point(|of| of.week <= week).checked_sub(1)?;
        let effect = series.watched[place].effect;
        let four = |until: i64| series.span(week.before(until + BEFORE - 1), week.before(until)).1;
        let this = series.weeks.get(place).filter(|of| of.week == week);
        let before = four(1);
        let before = if this.is_none_or(|of| before.last().is_some_and(|last| last.meaning == of.meaning)) {
            before
        } else {
            &[]
        };
        Some(Self {
            criterion: series.criterion.clone(),
            questions: series.questions.clone(),
            week: Compared::of(this.map(std::slice::from_ref).unwrap_or_default(), before, &effect),
            beside: beside.map(|beside| {
                let spans = [(week.before(BEFORE - 1), week), (week.before(2 * BEFORE - 1), week.before(BEFORE))];
                ComparedBeside::of(beside, spans)
            }),
            trend: WeekTrend::of(series.span(week.before(TREND - 1), week).1, &effect),
            watch: WatchState::of(series, beside, (place, week)),
        })
    }

    /// The differences of a report that are tested together.
    pub fn tested(&mut self) -> impl Iterator<Item = &mut Compared> {
        [Some(&mut self.week), self.beside.as_mut().map(|beside| &mut beside.own)].into_iter().flatten()
    }
}

impl SpanShare {
    fn of(weeks: impl Iterator<Item = Week>, sums: &AnswerSums) -> Self {
        let weeks = weeks.fold(None, |span: Option<(Week, Week)>, week| Some((span.map_or(week, |of| of.0), week)));
        Self { weeks, share: sums.total().share(), items: sums.items(), raters: sums.raters() }
    }
}

impl Compared {
    fn of(now: &[SeriesWeek], before: &[SeriesWeek], effect: &PooledEffect) -> Self {
        let sums = [now, before].map(|weeks| AnswerSums::joined(weeks.iter().map(|week| &week.sums)));
        let sides = [(1.0, &sums[0]), (-1.0, &sums[1])];
        let sides = sides.map(|(coefficient, sums)| ContrastSide { coefficient, sums });
        let change = contrast(&[&sides], &[], effect, LEVEL);
        let shares = [now, before].map(|weeks| weeks.iter().map(|week| week.week));
        let [of_now, of_before] = shares;
        Self::with(SpanShare::of(of_now, &sums[0]), SpanShare::of(of_before, &sums[1]), change)
    }

    fn with(now: SpanShare, before: SpanShare, change: Result<Contrast, Undefined>) -> Self {
        Self { now, before, change, adjusted: None, smallest: None, movement: Movement::NotShown }
    }
}

impl ComparedBeside {
    /// Whether the others moved more than the cohort: a difference between the two is then told of them.
    pub fn is_others(&self) -> bool {
        let moved = |now: &SpanShare, before: &SpanShare| now.share.zip(before.share).map(|(now, before)| now - before);
        let [now, before] = &self.others;
        let both = moved(&self.own.now, &self.own.before).zip(moved(now, before));
        both.is_some_and(|(own, others)| own.abs() < others.abs())
    }

    fn of(beside: &BesideSeries, [now, before]: [(Week, Week); 2]) -> Self {
        let weeks = [beside.span(now.0, now.1), beside.span(before.0, before.1)];
        let [now, before] = weeks.map(SharedSpan::of);
        let effect = weeks[0].last().map_or_else(PooledEffect::default, |last| beside.effect(last.week));
        let change = now.less(&before, |groups, items| contrast(groups, items, &effect, LEVEL));
        let shares = |span: usize, sums: &AnswerSums| SpanShare::of(weeks[span].iter().map(|of| of.week), sums);
        Self {
            own: Compared::with(shares(0, &now.own), shares(1, &before.own), change),
            others: [shares(0, &now.others), shares(1, &before.others)],
            cohorts: beside.others.clone(),
            same_version: weeks[0].iter().all(|week| week.same_version),
        }
    }
}

impl WeekTrend {
    /// The slope by least squares, weighted with what was asked.
    fn of(weeks: &[SeriesWeek], effect: &PooledEffect) -> Self {
        let asked = |week: &SeriesWeek| week.sums.total().asked;
        let score = |week: &SeriesWeek| f64::from((week.week.days().0 - weeks[0].week.days().0).get_days());
        let total: f64 = weeks.iter().map(asked).sum();
        let mean = weeks.iter().map(|week| asked(week) * score(week)).sum::<f64>() / total;
        let spread: f64 = weeks.iter().map(|week| asked(week) * (score(week) - mean).powi(2)).sum();
        // Scores are days; the slope is that of a week.
        let side =
            |week| ContrastSide { coefficient: 7.0 * asked(week) * (score(week) - mean) / spread, sums: &week.sums };
        let slope = match weeks.len() {
            0 => Err(Undefined::NoGold),
            1..TREND_WEEKS => Err(Undefined::TooFew),
            _ => contrast(&[&weeks.iter().map(side).collect::<Vec<_>>()], &[], effect, LEVEL),
        };
        Self { slope, weeks: weeks.len(), movement: Movement::NotShown }
    }
}

impl WatchState {
    fn of(series: &Series, beside: Option<&BesideSeries>, (place, week): (usize, Week)) -> Self {
        let (first, _) = series.span(Week::FIRST, series.weeks[place].week);
        let alarms = || (first..=place).rev().filter_map(|at| Some((at, first + series.watched[at].alarm?)));
        let recent = alarms().next().filter(|(at, _)| series.weeks[*at].week >= week.before(BEFORE - 1));
        let alarm = recent.map(|(at, began)| {
            let from = alarms().nth(1).map_or(first, |(_, began)| began).min(began);
            let effect = series.watched[place].effect;
            let (since, begin) = (series.weeks[began].week, series.weeks[from].week);
            ChangeAlarm {
                rang: series.weeks[at].week,
                since,
                compared: Compared::of(&series.weeks[began..=place], &series.weeks[from..began], &effect),
                beside: beside.map(|beside| ComparedBeside::of(beside, [(since, week), (begin, since.before(1))])),
            }
        });
        Self { sum: series.watched[place].sum, alarm }
    }
}
