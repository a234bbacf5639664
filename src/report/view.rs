//! The view: a report as templates and files see it, numbers beside the words that people read.
//!
//! In: a `CohortReport`. Out: a `ReportView`, from which the page, Markdown, JSON and CSV are all made, so that they
//! cannot differ. Raters are counts here; their ids are not in it.

mod ceiling;
mod change;
mod closeness;
mod confusion;
mod cost;
mod criteria;
mod figure;
mod figures;
mod ledger;
mod look;
mod moved;
mod opening;
mod published;
mod raters;
mod task;
mod trend;
mod vendor;

pub use figure::{AccuracyView, FigureView};
pub use figures::FiguresView;
pub use ledger::{LedgerView, RowKindsView, RowsView};
pub use look::LookView;
pub use moved::ComparedView;
pub use opening::OpeningLine;
pub use published::{PublicationView, RestatedFigure};
pub use raters::RatersView;
pub use task::{ReleaseView, TaskView};
pub use trend::{CriterionTrendView, PointView, ShareView};

use super::CohortReport;
use super::notes::Note;
use crate::document::CohortRole;
use crate::figures::caution;
use crate::model::{Commentary, Model};
use crate::quality::bar::Verdict;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The form that is written.
const FORMAT: u32 = 1;

/// A report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReportView {
    /// Version of this form; keys may be added to it.
    #[schemars(extend("const" = FORMAT))]
    pub format: u32,
    /// What the page is called.
    pub title: String,
    /// The cohort's id.
    pub cohort: String,
    /// What the cohort is called.
    pub cohort_title: String,
    /// The contracting service.
    pub vendor: Option<String>,
    /// Whether these are the experts.
    pub expert: bool,
    /// Whether these are models.
    pub models: bool,
    /// The ISO week.
    pub week: String,
    /// The week in words.
    pub week_title: String,
    /// Its Monday.
    pub from: String,
    /// Its Sunday.
    pub until: String,
    /// When and how it was published; null where it is provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<PublicationView>,
    /// Files of ratings that were left out on purpose.
    #[serde(default)]
    pub without: Vec<String>,
    /// What it comes to, in at most ten lines.
    pub opening: Vec<OpeningLine>,
    /// The data lead's words on the week, as Markdown.
    pub commentary: Option<String>,
    /// The tasks.
    pub tasks: Vec<TaskView>,
    /// What became of each row.
    pub ledger: LedgerView,
    /// What was left out, replaced or assumed.
    pub notes: Vec<NoteView>,
    /// Who stands behind it, a sentence each.
    #[serde(default)]
    pub behind: Vec<String>,
    /// How the figures are to be read, a sentence each.
    pub reading: Vec<Cow<'static, str>>,
}

const READING: [&str; 8] = [
    "Accuracy is right out of asked: a rating of gold without a value (unsure, skipped and the like) counts as not \
     right, unless the gold says the same. Right out of answered leaves those ratings out, and rises with every hard \
     item that is not answered: it is shown beside it, and no bar is set on it.",
    "Overall is the criteria that have values, each rating weighted by its criterion's weight. Flags on steps are right \
     when all of them match the gold's one-to-one in kind and within the tolerance; they are no part of overall.",
    "Intervals are two-sided at 95 %. Ratings share items and raters, so the intervals speak of raters and items like \
     these in future; a design effect says how many times larger the variance is than that of independent ratings.",
    "Only independent ratings are scored, each rater's first answer to each gold, and only on gold that the rater could \
     not have seen and that means the same in the version the rating was made under.",
    "A constant answer is one that somebody could give without looking.",
    "A flag matches a gold flag within the tolerance, one to one; of all such matchings the one with most equal kinds is \
     taken. A reading without an answer has no flags and is left out: read F1 beside the share answered.",
    "Agreement compares raters with each other and not with gold: raters can agree and be wrong. It is of items with at \
     least two independent ratings, each rater's first; a week's is of the items rated in it, with all their ratings \
     until then. Its intervals speak of these raters and of items like these. Alpha is at the scale's level.",
    caution::GUIDE,
];

/// A data note.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NoteView {
    /// What it is about.
    pub id: String,
    /// How many.
    pub count: u64,
    /// A sentence.
    pub text: String,
    /// The first few places or names, as text that may hold anything.
    pub details: Vec<String>,
}

impl ReportView {
    /// The view of a report with the data lead's words on it. It holds no address and no drawing: what is shown of it for good is
    /// made from it alone.
    pub fn of(report: &CohortReport, commentary: Option<&Commentary>) -> Self {
        let (from, until) = report.days;
        let week_title = format!("{}, {}", report.week, days(from, until));
        Self {
            format: FORMAT,
            title: format!("{}: {}", report.title, report.week),
            cohort: report.cohort.clone(),
            cohort_title: report.title.clone(),
            vendor: report.vendor.clone(),
            expert: report.role == CohortRole::Expert,
            models: report.role == CohortRole::Model,
            week: report.week.clone(),
            week_title,
            from: from.to_string(),
            until: until.to_string(),
            published: None,
            without: report.without.to_vec(),
            opening: opening::opening(report),
            commentary: commentary.map(|of| of.page.text.below_title().trim().to_owned()),
            tasks: report.tasks.iter().map(TaskView::of).collect(),
            ledger: LedgerView::of(&report.rows),
            notes: report.notes.iter().map(NoteView::of).collect(),
            behind: report.behind.clone(),
            reading: READING.map(Cow::Borrowed).to_vec(),
        }
    }

    /// The same with tasks by the ids that they have today.
    pub fn rename_tasks(&mut self, model: &Model) {
        for task in &mut self.tasks {
            let renamed = model.tasks.iter().find(|today| today.was_called(&task.id));
            if let Some(today) = renamed {
                task.id.clone_from(&today.id);
            }
        }
    }

    /// The same without what raters wrote: how much there is of it stays.
    #[must_use]
    pub fn without_comments(mut self) -> Self {
        self.tasks.iter_mut().flat_map(|task| &mut task.look).for_each(LookView::drop_comments);
        self
    }

    /// How many parts of its bars have which verdict, the worst first, as `1 below, 2 met`; none without a bar.
    pub fn verdicts(&self) -> Option<String> {
        let parts = || self.tasks.iter().flat_map(|task| &task.bar.parts);
        let words = [
            (Verdict::Below, "below"),
            (Verdict::NotYetShown, "not yet shown"),
            (Verdict::Planned, "planned"),
            (Verdict::Meets, "met"),
        ];
        let counted = words.into_iter().filter_map(|(verdict, words)| {
            let count = parts().filter(|part| part.verdict == verdict.key()).count();
            (count > 0).then(|| format!("{count} {words}"))
        });
        let counted: Vec<String> = counted.collect();
        (!counted.is_empty()).then(|| counted.join(", "))
    }
}

/// `2 to 8 November 2026`.
fn days(from: Date, until: Date) -> String {
    let from = if from.year() != until.year() {
        from.strftime("%-d %B %Y")
    } else if from.month() != until.month() {
        from.strftime("%-d %B")
    } else {
        from.strftime("%-d")
    };
    format!("{from} to {}", until.strftime("%-d %B %Y"))
}

impl NoteView {
    fn of(note: &Note) -> Self {
        Self { id: note.id.clone(), count: note.count, text: note.text.clone(), details: note.details.clone() }
    }
}
