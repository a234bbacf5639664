//! Bars: for each part, whether the quality it asks for has been shown.
//!
//! In: figures of everything so far, and the bar of the cohort or else of the rubric. Out: verdicts from one-sided
//! bounds (`evidence`), each with a sentence why, and how much gold would decide what is not yet shown. A verdict that was planned is
//! given once. Never more than that.

use super::bar_plan::Planned;
use super::evidence::{BoundsHold, JudgedOn, VerdictBounds, VerdictEvidence, figure, of_what};
use super::figures::Figures;
use super::work::Begun;
use crate::document::BarPart;
use crate::figures::words;
use crate::model::{Cohort, Task};
use crate::quality::bar::{Verdict, verdict};
use crate::quality::planning::anytime::RatersAndItems;
use crate::ratings::{Week, current};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The bar of a cohort and task.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Whether the cohort has its own, in place of the rubric's.
    pub of_cohort: bool,
    /// In how many weeks the figures have been looked at.
    pub looks: usize,
    /// On how few items there is no verdict yet.
    pub minimum: u64,
    /// Its parts.
    pub parts: Vec<JudgedPart>,
}

/// One part of a bar and its verdict.
#[derive(Clone, Debug)]
pub struct JudgedPart {
    /// Which figure, as the bar names it.
    pub figure: String,
    /// What it must reach.
    pub at_least: f64,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence or two.
    pub why: String,
    /// The figure, with its bounds.
    pub of: Option<JudgedOn>,
    /// The same of the week alone, which has no verdict.
    pub in_week: Option<JudgedOn>,
    /// What the figure is, such as `right out of asked`.
    pub of_what: &'static str,
    /// How many items in all would decide it with 80 % chance if today's figure were the truth.
    pub items_needed: Option<u64>,
    /// How many raters and items would, where no number of items by these raters does.
    pub raters_needed: Option<RatersAndItems>,
    /// What the verdict is read from.
    pub bounds: Option<VerdictBounds>,
    /// The plan of its one verdict, if it has one.
    pub plan: Option<VerdictPlan>,
}

/// A verdict that is given once.
#[derive(Clone, Copy, Debug)]
pub struct VerdictPlan {
    /// On how many items.
    pub decide_at: u64,
    /// On how many it was given, or would be today.
    items: u64,
}

/// Whose bar it is, and how it was looked at.
pub struct BarContext<'a> {
    /// The cohort.
    pub cohort: &'a Cohort,
    /// The task.
    pub task: &'a Task,
    /// When it began to rate the task.
    pub begun: Begun,
    /// In how many weeks the figures have been looked at.
    pub looks: usize,
    /// On how few items there is no verdict yet.
    pub minimum: u64,
}

/// What a bar is judged on, and what stands beside it.
pub struct Spans<'a> {
    /// Everything until the end of the week.
    pub so_far: &'a Figures,
    /// The week.
    pub week: &'a Figures,
}

/// What a part of a bar asks for, as people read it beside its figure.
pub fn threshold(part: &JudgedPart) -> String {
    part.of.map_or_else(|| words::threshold(part.at_least), |of| of.threshold(part.at_least))
}

impl JudgedPart {
    /// How many more items than there are now would decide it, if that is known.
    pub fn items_more(&self) -> Option<u64> {
        Some(self.items_needed?.saturating_sub(self.of.map_or(0, |of| of.items())))
    }

    /// What more gold would do if today's figure were the truth.
    pub fn would_show(&self) -> &'static str {
        match self.of.and_then(|of| of.point()) {
            Some(point) if point < self.at_least => "show that it is missed",
            Some(_) => "show that it is met",
            None => "decide it",
        }
    }

    /// The verdict in words; of one that is planned, how much there is of its items, and nothing of what may yet be shown.
    pub fn verdict_text(&self) -> Cow<'static, str> {
        match (self.verdict, self.plan) {
            (Verdict::Planned, Some(plan)) => {
                format!("{} of {} planned", words::number(plan.items), words::number(plan.decide_at)).into()
            }
            (Verdict::NotYetShown, Some(_)) => "not shown".into(),
            (verdict, _) => verdict.words().into(),
        }
    }

    /// Whether its verdict is given once, on more items than there are yet.
    pub fn is_awaited(&self) -> bool {
        self.verdict == Verdict::Planned
    }

    /// Whether its one verdict is given.
    fn is_given(&self) -> bool {
        self.plan.is_some_and(|plan| plan.items >= plan.decide_at)
    }
}

/// The parts of the bar of a cohort and task: its own, or else the rubric's.
pub fn parts<'a>(cohort: &'a Cohort, task: &'a Task) -> impl Iterator<Item = &'a BarPart> {
    cohort.bars.get(&task.id).or(current(task).map(|rubric| &rubric.bar)).into_iter().flatten()
}

/// Judges every part of the bar.
pub fn judge(rated: &BarContext<'_>, spans: &Spans<'_>) -> Bar {
    Bar {
        of_cohort: rated.cohort.bars.contains_key(&rated.task.id),
        looks: rated.looks,
        minimum: rated.minimum,
        parts: parts(rated.cohort, rated.task).map(|part| judge_part(part, rated, spans)).collect(),
    }
}

/// Lets a verdict that is planned be given once: in the first of these weeks that has as many items as were planned, and
/// as it was then in all later ones.
pub fn give_once<'b>(weeks: impl Iterator<Item = (Week, &'b mut Bar)>) {
    let mut given: BTreeMap<usize, (Week, JudgedPart)> = BTreeMap::new();
    for (week, bar) in weeks {
        for (at, part) in bar.parts.iter_mut().enumerate() {
            match given.get(&at) {
                Some((then, first)) => {
                    part.why = format!("Given once, in {then}. {} A later verdict needs a new plan.", first.why);
                    (part.verdict, part.bounds, part.plan) = (first.verdict, first.bounds, first.plan);
                    (part.items_needed, part.raters_needed) = (None, None);
                }
                None if part.is_given() => drop(given.insert(at, (week, part.clone()))),
                None => {}
            }
        }
    }
}

fn judge_part(part: &BarPart, rated: &BarContext<'_>, spans: &Spans<'_>) -> JudgedPart {
    let minimum = rated.minimum;
    let of = figure(&part.figure, spans.so_far);
    let mut judged = JudgedPart {
        figure: part.figure.name(),
        at_least: part.at_least,
        verdict: Verdict::NotYetShown,
        why: String::new(),
        of,
        in_week: figure(&part.figure, spans.week),
        of_what: of_what(part.figure.measure),
        items_needed: None,
        raters_needed: None,
        bounds: None,
        plan: None,
    };
    let Some(of) = of else {
        judged.why = "The rubric in force has no such criterion.".to_owned();
        return judged;
    };
    let planned = Planned::of(part, rated.cohort, rated.task, rated.begun);
    if let Planned::Fixed { items: decide_at, by } = &planned {
        let decide_at = minimum.max(*decide_at);
        judged.plan = Some(VerdictPlan { decide_at, items: of.items() });
        if of.items() < decide_at {
            let (_, many) = of.nouns();
            judged.verdict = Verdict::Planned;
            judged.items_needed = Some(decide_at);
            judged.why = format!("One verdict is given, on {} {many}: {by}.", words::number(decide_at));
            return judged;
        }
    }
    match of.evidence(part.at_least) {
        Err(undefined) => judged.why = undefined.reason().to_owned(),
        Ok(mut evidence) => {
            if judged.plan.is_some() {
                evidence = VerdictEvidence {
                    bounds: evidence.bounds.as_planned(),
                    needed: None,
                    with_raters: None,
                    ..evidence
                };
            }
            let VerdictBounds { lower, upper, .. } = evidence.bounds;
            judged.bounds = Some(evidence.bounds);
            judged.verdict = verdict(lower, upper, evidence.items, minimum, part.at_least);
            let needed = evidence.needed.map(|needed| needed.max(minimum));
            judged.items_needed = needed.filter(|_| judged.verdict == Verdict::NotYetShown);
            // From fewer items it could hardly be told how raters differ.
            let is_told = judged.verdict == Verdict::NotYetShown && evidence.items >= minimum;
            judged.raters_needed = evidence.with_raters.filter(|_| is_told);
            judged.why = why(&judged, &of, &evidence, minimum);
        }
    }
    match planned {
        Planned::Not => {}
        Planned::Fixed { by, .. } => {
            let items = words::counted(of.items(), of.nouns().0, of.nouns().1);
            let _ = write!(judged.why, " It is the one verdict, on {items}: {by}.");
        }
        Planned::TooLate(why) => judged.why = format!("{} {why}", judged.why),
    }
    judged
}

fn why(part: &JudgedPart, of: &JudgedOn, evidence: &VerdictEvidence, minimum: u64) -> String {
    let shown = |value: f64| of.words(value, part.at_least);
    let VerdictBounds { lower, upper, hold } = evidence.bounds;
    let held = if evidence.bounds.hold_at_every_look() { "one-sided, 95 % at every look" } else { "one-sided, 95 %" };
    let of_one_look = match hold {
        BoundsHold::AtEveryLook { of_one_look } => Some(of_one_look),
        BoundsHold::AtOneLook | BoundsHold::AsPlanned => None,
    };
    // What looking every week costs: the bound that one planned look would have had.
    let price = |bound: fn((f64, f64)) -> f64| {
        of_one_look.map_or_else(String::new, |of| format!("; {} for one planned look", shown(bound(of))))
    };
    let (at_least, (one, many)) = (of.threshold(part.at_least), of.nouns());
    match part.verdict {
        Verdict::Meets => {
            format!("The lower bound, {}, reaches {at_least} ({held}{}).", shown(lower), price(|(lower, _)| lower))
        }
        Verdict::Below => {
            format!(
                "The upper bound, {}, falls short of {at_least} ({held}{}).",
                shown(upper),
                price(|(_, upper)| upper)
            )
        }
        Verdict::NotYetShown | Verdict::Planned => {
            let reason = if evidence.items < minimum {
                let items = words::counted(evidence.items, one, many);
                format!("Only {items} so far; below {minimum} there is no verdict.")
            } else {
                let (lower, upper) = (shown(lower), shown(upper));
                let both = |(lower, upper)| format!("; {} and {} for one planned look", shown(lower), shown(upper));
                let price = of_one_look.map_or_else(String::new, both);
                format!("{at_least} lies between the bounds, {lower} and {upper} ({held}{price}).")
            };
            match (of, hold) {
                (JudgedOn::WithGold(_), _) | (_, BoundsHold::AsPlanned) => reason,
                _ => format!("{reason} {}", needed(part, evidence.items, many)),
            }
        }
    }
}

/// What would decide, and how.
fn needed(part: &JudgedPart, there: u64, nouns: &str) -> String {
    let condition = "with 80 % chance if today's figure were the truth";
    let shown = part.would_show();
    match (part.items_needed, part.raters_needed) {
        (None, None) => format!("No number of {nouns} within reason would {shown} {condition}."),
        (None, Some(RatersAndItems { raters, items })) => {
            let (raters, items) = (words::counted(raters, "rater", "raters"), words::number(items));
            format!(
                "No number of {nouns} by these raters would {shown} {condition}: they differ too much for so few. About \
                 {raters} and {items} {nouns} would."
            )
        }
        (Some(items), _) if items > there => {
            let more = words::number(items - there);
            format!("About {} {nouns} in all, {more} more than now, would {shown} {condition}.", words::number(items))
        }
        (Some(items), _) => {
            let (items, there) = (words::number(items), words::number(there));
            format!("About {items} {nouns} would {shown} {condition}; there are {there}, so that a few more may.")
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
        let is_of_one_look =
            |part: &JudgedPart| part.bounds.is_some_and(|bounds| matches!(bounds.hold, BoundsHold::AtOneLook));
        if self.looks > 1 && self.parts.iter().any(is_of_one_look) {
            sentences.push(format!(
                "The figures have been looked at in {} weeks, and the bounds of agreement hold at one look: looking every \
                 week finds too often that a bar on it is met. A claim should rest on a number of items that was set \
                 beforehand.",
                self.looks
            ));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}
