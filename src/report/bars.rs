//! Bars: for each part, whether the quality it asks for has been shown.
//!
//! In: figures of everything so far, and the bar of the cohort or else of the rubric. Out: verdicts from one-sided
//! bounds, each with a sentence why, and how much gold would decide what is not yet shown. Never more than that.

use super::figures::{Figure, Figures, LEVEL};
use super::words;
use crate::document;
use crate::model::{Cohort, Task};
use crate::quality::bar::{Verdict, items_to_decide, verdict};
use crate::quality::clustered::Clustered;
use crate::ratings::current;

/// The bar of a cohort and task.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Whether the cohort has its own, in place of the rubric's.
    pub of_cohort: bool,
    /// In how many weeks the figures have been looked at.
    pub looks: usize,
    /// Its parts.
    pub parts: Vec<BarPart>,
}

/// One part of a bar and its verdict.
#[derive(Clone, Debug)]
pub struct BarPart {
    /// Which figure, as the bar names it.
    pub figure: String,
    /// What it must reach.
    pub at_least: f64,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence or two.
    pub why: String,
    /// The figure, with its bounds.
    pub of: Option<Figure>,
    /// What the figure is a share of, such as `right out of asked`.
    pub of_what: &'static str,
    /// How many gold items in all would decide it with 80 % chance if today's figure were the truth.
    pub items_needed: Option<u64>,
}

/// Judges every part of the bar.
pub fn judge(cohort: &Cohort, task: &Task, figures: &Figures, looks: usize, minimum: u64) -> Bar {
    let own = cohort.bars.get(&task.id);
    let of_rubric = current(task).map(|rubric| &rubric.bar);
    let parts = own.or(of_rubric).into_iter().flatten();
    Bar { of_cohort: own.is_some(), looks, parts: parts.map(|part| judge_part(part, figures, minimum)).collect() }
}

fn judge_part(part: &document::BarPart, figures: &Figures, minimum: u64) -> BarPart {
    let (figure, of_what) = figure(&part.figure, figures);
    let mut judged = BarPart {
        figure: part.figure.name(),
        at_least: part.at_least,
        verdict: Verdict::NotYetShown,
        why: String::new(),
        of: figure,
        of_what,
        items_needed: None,
    };
    match figure {
        None => judged.why = "This figure is not computed yet.".to_owned(),
        Some(Err(undefined)) => judged.why = undefined.reason().to_owned(),
        Some(Ok(of)) => {
            judged.verdict = verdict(of.lower, of.upper, of.n_items, minimum, part.at_least);
            let needed = items_to_decide(of.estimate.point, part.at_least, LEVEL, &of.gold);
            judged.items_needed =
                needed.map(|needed| needed.max(minimum)).filter(|_| judged.verdict == Verdict::NotYetShown);
            judged.why = why(&judged, &of, minimum);
        }
    }
    judged
}

/// The figure that a part is about, if it is computed, and what it is.
fn figure(named: &document::Figure, figures: &Figures) -> (Option<Figure>, &'static str) {
    let of =
        |id: &str| figures.criteria.iter().find(|criterion| criterion.id == *id).map(|criterion| &criterion.accuracy);
    match named {
        document::Figure::Accuracy => (Some(figures.overall.of_asked), "right out of asked"),
        document::Figure::CriterionAccuracy(id) => (of(id).map(|accuracy| accuracy.of_asked), "right out of asked"),
        document::Figure::Other(name) => {
            let accuracy = match name.split_once('.') {
                None if name == "answered" => Some(&figures.overall),
                Some((id, "answered")) => of(id),
                _ => None,
            };
            (accuracy.map(|accuracy| accuracy.share_answered), "answered out of asked")
        }
    }
}

fn why(part: &BarPart, of: &Clustered, minimum: u64) -> String {
    let bar = part.at_least;
    let shown = |share: f64| words::percent_beside(share, bar);
    let (lower, upper, at_least) = (shown(of.lower), shown(of.upper), words::threshold(bar));
    match part.verdict {
        Verdict::Meets => format!("The lower bound, {lower}, reaches {at_least} (one-sided, 95 %)."),
        Verdict::Below => format!("The upper bound, {upper}, falls short of {at_least} (one-sided, 95 %)."),
        Verdict::NotYetShown => {
            let reason = if of.n_items < minimum {
                let items = words::counted(of.n_items, "gold item", "gold items");
                format!("Only {items} so far; below {minimum} there is no verdict.")
            } else {
                format!("{at_least} lies between the bounds, {lower} and {upper} (one-sided, 95 % each).")
            };
            format!("{reason} {}", needed(part.items_needed, of.n_items))
        }
    }
}

/// How much gold would decide.
fn needed(items: Option<u64>, there: u64) -> String {
    let condition = "with 80 % chance if today's figure were the truth";
    match items {
        None => format!("No number of gold items within reason would decide it {condition}."),
        Some(items) if items > there => {
            let more = words::number(items - there);
            format!(
                "About {} gold items in all, {more} more than now, would decide it {condition}.",
                words::number(items)
            )
        }
        Some(items) => {
            let (items, there) = (words::number(items), words::number(there));
            format!("About {items} gold items would decide it {condition}; there are {there}, so that a few more may.")
        }
    }
}

impl Bar {
    /// What to keep in mind about several parts and repeated looks; none where there is nothing.
    pub fn caution(&self) -> Option<String> {
        if self.parts.is_empty() {
            return None;
        }
        let mut sentences = Vec::new();
        if self.parts.len() > 1 {
            let parts = self.parts.len();
            sentences.push(format!(
                "The bar has {parts} parts, each with its own verdict; a claim on all of them together needs an adjustment."
            ));
        }
        if self.looks > 1 {
            sentences.push(format!(
                "The figures have been looked at in {} weeks. Looking every week finds \"meets the bar\" too often: \
                 where the truth lies exactly at the bar, in about 7 % of cases by week 12 and 14 % by week 52 instead of \
                 5 % (simulated with 20 gold items a week). A claim should rest on a number of gold items that was set \
                 beforehand.",
                self.looks
            ));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}
