//! The policy: how sure a report must be before it says that something changed, set for the whole programme.
//!
//! In: which cohorts have gold for which criteria. Out: the watch's threshold, and the p-values at which trends and
//! differences count as shown. Nothing here was chosen by looking at ratings: it follows from how many are looked at.

use crate::model::Model;
use crate::quality::drift::run_length::normal_threshold;
use crate::quality::drift::watch::ALLOWANCE;
use crate::ratings::{Ratings, Stratum, Tally};
use crate::report::part::weight;
use std::collections::BTreeSet;

/// In how many weeks a programme may say once that something changed where nothing did, on average.
pub const WEEKS: u32 = 26;
/// What may say so: the watch, the trend, and the differences. Each has an equal share of that one false alarm.
const KINDS: u32 = 3;

/// From where on something counts as shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangePolicy {
    /// Charts in the programme: criteria, and all together, of each cohort and task with gold.
    pub charts: u32,
    /// Cohorts with gold, each with a report a week.
    pub cohorts: u32,
    /// What the watch's sum must reach.
    pub threshold: f64,
    /// The p-value at which a trend counts as shown.
    pub trend: f64,
    /// The p-value, adjusted within a report, at which a difference counts as shown.
    pub report: f64,
    /// How far a figure may move and still be called unchanged, if the settings say it.
    pub margin: Option<f64>,
}

impl ChangePolicy {
    /// The policy of a programme.
    ///
    /// With K kinds, C charts and R reports a week: each chart of the watch rings once in 26 K C weeks on average
    /// (`normal_threshold`, an exact run length), trends are shown at 1 / (26 K C), and differences at 1 / (26 K R) after
    /// Holm's adjustment within a report. Expected numbers add up whatever depends on what, so all charts together come to
    /// at most one in 26 weeks.
    ///
    /// Simulated through the whole program (`cargo bench --bench change`, two cohorts of six raters, four criteria, twelve
    /// gold items a week): in 200 programmes of 26 weeks with nothing planted, 0.23 reports a programme say that something
    /// changed, 39 times the watch, and 161 programmes say nothing. Where the skill of one cohort falls by 8 points a week,
    /// half of 50 programmes say so in the second week and all do by the end of eight; by 4 points, in the third. Of the
    /// other cohort something was told in 1 of 50 each.
    pub fn of(model: &Model, ratings: &Ratings, tally: &Tally) -> Self {
        let (mut charts, mut cohorts) = (0, BTreeSet::new());
        for (cohort, _) in (0_u16..).zip(&model.cohorts) {
            for (task, _) in (0_u16..).zip(&model.tasks) {
                let questions = ratings.names.questions.iter().zip(0_u16..);
                let with_gold = questions.filter(|(of, question)| {
                    of.task == task
                        && !tally.of_stratum(Stratum { cohort, question: *question, shown: false }).is_empty()
                });
                let weights: Vec<Option<f64>> = with_gold.map(|(of, _)| weight(&of.criterion)).collect();
                charts += charts_of(&weights);
                cohorts.extend((!weights.is_empty()).then_some(cohort));
            }
        }
        Self::with(charts, cohorts.len() as u32, model.config.margin)
    }

    /// The policy for so many charts and cohorts.
    pub fn with(charts: u32, cohorts: u32, margin: Option<f64>) -> Self {
        let weeks = f64::from(WEEKS * KINDS);
        let (of_charts, of_reports) = (weeks * f64::from(charts.max(1)), weeks * f64::from(cohorts.max(1)));
        // Out of reach are only distances that no number of charts makes.
        let threshold = normal_threshold(of_charts, ALLOWANCE).unwrap_or(f64::INFINITY);
        Self { charts, cohorts, threshold, trend: 1.0 / of_charts, report: 1.0 / of_reports, margin }
    }
}

/// Charts of a cohort and task: a criterion each, and all together where several have a weight.
fn charts_of(weights: &[Option<f64>]) -> u32 {
    weights.len() as u32 + u32::from(has_overall(weights.iter().flatten().count()))
}

/// Whether all criteria together are more than one of them.
pub fn has_overall(weighted: usize) -> bool {
    weighted > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_is_watched_the_surer_it_must_be() {
        let [few, many] = [4, 40].map(|charts| ChangePolicy::with(charts, 2, None));
        assert!(few.threshold < many.threshold && few.trend > many.trend);
        // Brook and Evans: a chart rings once in 312 weeks on average at 3.93.
        assert!((few.threshold - 3.93).abs() < 0.02, "{few:?}");
        assert!((few.trend - 1.0 / 312.0).abs() < 1e-12 && (few.report - 1.0 / 156.0).abs() < 1e-12);
        assert_eq!((charts_of(&[Some(1.0)]), charts_of(&[Some(1.0), None, Some(2.0)])), (1, 4));
    }
}
