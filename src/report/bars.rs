//! Bars: for each part, whether the quality it asks for has been shown.
//!
//! In: figures of everything so far, and the bar of the cohort or else of the rubric. Out: verdicts from one-sided
//! bounds, each with a sentence why, and how much gold would decide what is not yet shown. Never more than that.

use super::figures::Figures;
use crate::document::{self, BarFigure, Measure};
use crate::figures::{Agreed, LEVEL, Share, words};
use crate::model::{Cohort, Task};
use crate::quality::Undefined;
use crate::quality::bar::{Verdict, items_to_decide_by_error, verdict};
use crate::quality::planning::anytime;
use crate::ratings::current;

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
    /// What the verdict is read from.
    pub bounds: Option<VerdictBounds>,
}

/// What a part of a bar is judged on.
#[derive(Clone, Copy, Debug)]
pub enum JudgedOn {
    /// A share of ratings that met gold.
    Share(Share),
    /// A share of flags on steps that met gold.
    Flags(Share),
    /// Raw agreement among raters, a share of pairs.
    Raw(Agreed),
    /// Agreement among raters beyond chance.
    Agreement(Agreed),
    /// Agreement with gold beyond chance.
    WithGold(Agreed),
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
}

/// What a verdict rests on.
struct VerdictEvidence {
    bounds: VerdictBounds,
    items: u64,
    needed: Option<u64>,
}

/// Bounds from which a verdict is read, each one-sided at 95 %.
#[derive(Clone, Copy, Debug)]
pub struct VerdictBounds {
    /// The lower one.
    pub lower: f64,
    /// The upper one.
    pub upper: f64,
    /// The same for one look that was planned beforehand, if these hold at every look.
    pub of_one_look: Option<(f64, f64)>,
}

impl JudgedOn {
    /// The items behind the figure; 0 where it is undefined.
    pub fn items(&self) -> u64 {
        match self {
            Self::Share(figure) | Self::Flags(figure) => figure.map_or(0, |of| of.n_items),
            Self::Raw(agreed) | Self::Agreement(agreed) | Self::WithGold(agreed) => agreed.map_or(0, |of| of.items),
        }
    }

    fn evidence(&self, bar: f64) -> Result<VerdictEvidence, Undefined> {
        match self {
            Self::Share(figure) | Self::Flags(figure) => {
                let of = (*figure)?;
                let (point, answers) = (of.estimate.point, of.effective_n);
                let (lower, upper) = anytime::bounds(point * answers, answers, LEVEL)?;
                Ok(VerdictEvidence {
                    bounds: VerdictBounds { lower, upper, of_one_look: Some((of.lower, of.upper)) },
                    items: of.n_items,
                    needed: anytime::items_to_decide(point, bar, LEVEL, &of.gold),
                })
            }
            Self::Raw(agreed) | Self::Agreement(agreed) | Self::WithGold(agreed) => {
                let of = (*agreed)?;
                let interval = of.interval?;
                Ok(VerdictEvidence {
                    bounds: VerdictBounds { lower: interval.lower, upper: interval.upper, of_one_look: None },
                    items: of.items,
                    needed: match self {
                        // Raters are part of that error, and more gold would not make it less.
                        Self::WithGold(_) => None,
                        _ => items_to_decide_by_error(of.point, bar, LEVEL, interval.standard_error, of.items),
                    },
                })
            }
        }
    }

    /// What its items are.
    pub fn nouns(&self) -> (&'static str, &'static str) {
        match self {
            Self::Share(_) | Self::Flags(_) | Self::WithGold(_) => ("gold item", "gold items"),
            Self::Raw(_) | Self::Agreement(_) => ("item with two ratings or more", "items with two ratings or more"),
        }
    }

    fn words(&self, value: f64, bar: f64) -> String {
        match self {
            Self::Share(_) | Self::Flags(_) | Self::Raw(_) => words::percent_beside(value, bar),
            Self::Agreement(_) | Self::WithGold(_) => words::coefficient_beside(value, bar),
        }
    }

    /// The bar as people read it beside this figure.
    pub fn threshold(&self, bar: f64) -> String {
        match self {
            Self::Share(_) | Self::Flags(_) | Self::Raw(_) => words::threshold(bar),
            Self::Agreement(_) | Self::WithGold(_) => words::coefficient_threshold(bar),
        }
    }
}

/// Judges every part of the bar.
pub fn judge(cohort: &Cohort, task: &Task, spans: &Spans<'_>, looks: usize, minimum: u64) -> Bar {
    let own = cohort.bars.get(&task.id);
    let of_rubric = current(task).map(|rubric| &rubric.bar);
    let parts = own.or(of_rubric).into_iter().flatten();
    Bar {
        of_cohort: own.is_some(),
        looks,
        minimum,
        parts: parts.map(|part| judge_part(part, spans, minimum)).collect(),
    }
}

fn judge_part(part: &document::BarPart, spans: &Spans<'_>, minimum: u64) -> JudgedPart {
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
        bounds: None,
    };
    let Some(of) = of else {
        judged.why = "The rubric in force has no such criterion.".to_owned();
        return judged;
    };
    match of.evidence(part.at_least) {
        Err(undefined) => judged.why = undefined.reason().to_owned(),
        Ok(evidence) => {
            let VerdictBounds { lower, upper, .. } = evidence.bounds;
            judged.bounds = Some(evidence.bounds);
            judged.verdict = verdict(lower, upper, evidence.items, minimum, part.at_least);
            let needed = evidence.needed.map(|needed| needed.max(minimum));
            judged.items_needed = needed.filter(|_| judged.verdict == Verdict::NotYetShown);
            judged.why = why(&judged, &of, &evidence, minimum);
        }
    }
    judged
}

/// The figure that a part is about, if there is such a criterion.
fn figure(named: &BarFigure, figures: &Figures) -> Option<JudgedOn> {
    let Some(id) = &named.criterion else {
        return match named.measure {
            Measure::Answered => Some(JudgedOn::Share(figures.overall.share_answered)),
            _ => Some(JudgedOn::Share(figures.overall.of_asked)),
        };
    };
    let of = figures.criteria.iter().find(|criterion| criterion.id == *id)?;
    let agreement = of.agreement.as_ref();
    Some(match named.measure {
        Measure::Accuracy => JudgedOn::Share(of.accuracy.of_asked),
        Measure::Answered => JudgedOn::Share(of.accuracy.share_answered),
        Measure::Kappa => JudgedOn::WithGold(of.kappa?),
        Measure::Overlap => JudgedOn::Share(of.overlap.as_ref()?.of_asked),
        Measure::Agreement => JudgedOn::Raw(agreement?.raw),
        Measure::Alpha => JudgedOn::Agreement(agreement?.alpha),
        Measure::Ac => JudgedOn::Agreement(agreement?.ac?),
        Measure::Precision => JudgedOn::Flags(of.detection.as_ref()?.precision),
        Measure::Recall => JudgedOn::Flags(of.detection.as_ref()?.recall),
        Measure::F1 => JudgedOn::Flags(of.detection.as_ref()?.f1),
    })
}

fn of_what(measure: Measure) -> &'static str {
    match measure {
        Measure::Accuracy => "right out of asked",
        Measure::Answered => "answered out of asked",
        Measure::Kappa => "Cohen's kappa against gold",
        Measure::Overlap => "overlap with gold, out of asked",
        Measure::Agreement => "agreement among raters",
        Measure::Alpha => "Krippendorff's alpha among raters",
        Measure::Ac => "Gwet's AC among raters",
        Measure::Precision => "flags that match gold, out of flags",
        Measure::Recall => "gold flags found, out of gold flags",
        Measure::F1 => "F1 of flags against gold",
    }
}

fn why(part: &JudgedPart, of: &JudgedOn, evidence: &VerdictEvidence, minimum: u64) -> String {
    let shown = |value: f64| of.words(value, part.at_least);
    let VerdictBounds { lower, upper, of_one_look } = evidence.bounds;
    let held = if of_one_look.is_some() { "one-sided, 95 % at every look" } else { "one-sided, 95 %" };
    // What looking every week costs: the bound that one planned look would have had.
    let price = |bound: fn((f64, f64)) -> f64| {
        of_one_look.map_or_else(String::new, |one| format!("; {} for one planned look", shown(bound(one))))
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
        Verdict::NotYetShown => {
            let reason = if evidence.items < minimum {
                let items = words::counted(evidence.items, one, many);
                format!("Only {items} so far; below {minimum} there is no verdict.")
            } else {
                let (lower, upper) = (shown(lower), shown(upper));
                format!("{at_least} lies between the bounds, {lower} and {upper} ({held} each).")
            };
            match of {
                JudgedOn::WithGold(_) => reason,
                _ => format!("{reason} {}", needed(part.items_needed, evidence.items, many)),
            }
        }
    }
}

/// How much gold would decide.
fn needed(items: Option<u64>, there: u64, nouns: &str) -> String {
    let condition = "with 80 % chance if today's figure were the truth";
    match items {
        None => format!("No number of {nouns} within reason would decide it {condition}."),
        Some(items) if items > there => {
            let more = words::number(items - there);
            format!("About {} {nouns} in all, {more} more than now, would decide it {condition}.", words::number(items))
        }
        Some(items) => {
            let (items, there) = (words::number(items), words::number(there));
            format!("About {items} {nouns} would decide it {condition}; there are {there}, so that a few more may.")
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
        let is_of_one_look = |part: &JudgedPart| part.bounds.is_some_and(|bounds| bounds.of_one_look.is_none());
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
