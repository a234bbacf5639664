//! The edition of a report for the vendor whose cohort it is about.
//!
//! In: the view of a report. Out: the same without what is not the vendor's: other cohorts and what they rated, experts'
//! disputes, which items are gold, small counts, files and data notes that tell of others, and the data lead's words. The
//! leak check searches what is made of it for all else.

use super::change::ChangeView;
use super::opening::NOTES;
use super::task::TaskView;
use super::{FiguresView, ReportView};
use crate::report::notes;

/// Counts below this are not given away: they could be one person's.
pub const SMALLEST_COUNT: u64 = 5;

impl ReportView {
    /// The view as the vendor of its cohort gets it.
    #[must_use]
    pub fn for_vendor(mut self) -> Self {
        self.opening.retain(|line| line.place != NOTES && line.kind != "next" && line.kind != "change");
        self.commentary = None;
        self.without.clear();
        self.behind.clear();
        self.ledger.files.clear();
        // Rows of no known cohort may be anybody's.
        let kinds = &mut self.ledger.all.kinds;
        kinds.no_cohort = 0;
        kinds.rejected = 0;
        self.ledger.all.rows = kinds.used + kinds.replaced + kinds.withdrawn;
        self.ledger.all.reasons.clear();
        self.notes.retain(|note| notes::OF_COHORT.contains(&note.id.as_str()));
        if let Some(published) = &mut self.published {
            published.since.clear();
            published.because = None;
        }
        self.tasks.iter_mut().for_each(TaskView::narrow);
        self
    }
}

impl TaskView {
    fn narrow(&mut self) {
        self.look.clear();
        self.ceiling.clear();
        self.cost.clear();
        self.change.narrow();
        [&mut self.in_week, &mut self.so_far].into_iter().for_each(FiguresView::narrow);
    }
}

impl ChangeView {
    /// Drops what is told beside other cohorts.
    fn narrow(&mut self) {
        self.is_for_vendor = true;
        // From the number of charts it could be told how many others there are.
        self.policy_text.clear();
        self.charts = 0;
        self.findings.retain(|finding| finding.kind != "beside");
        self.findings.iter_mut().for_each(|finding| finding.coincides.clear());
        for series in &mut self.series {
            series.beside = None;
            series.others = None;
        }
    }
}

impl FiguresView {
    fn narrow(&mut self) {
        for criterion in &mut self.criteria {
            let is_small = |count: &u64| (1..SMALLEST_COUNT).contains(count);
            let has_small = criterion
                .confusion
                .as_ref()
                .is_some_and(|of| of.rows.iter().any(|row| row.counts.iter().any(is_small)));
            if has_small {
                criterion.confusion = None;
            }
            criterion.mixup = criterion.mixup.take().filter(|mixup| mixup.count >= SMALLEST_COUNT);
            if let Some(detection) = &mut criterion.detection {
                detection.by_kind.retain(|of| {
                    ![of.gold, of.named, of.misnamed, of.missed, of.given, of.invented].iter().any(is_small)
                });
            }
            criterion.gold_rates.retain(|rate| rate.count >= SMALLEST_COUNT);
            criterion.answer_rates.retain(|rate| rate.count >= SMALLEST_COUNT);
        }
    }
}
