//! The criteria of a view: accuracy, overlap, closeness, agreement, detection, what a constant answer would score, and gold
//! by answer.
//!
//! In: `CriterionFigures`. Out: what templates and files see of them, with remarks as sentences.

use super::closeness::ClosenessView;
use super::confusion::{ConfusionView, MixupView};
use super::figure::{AccuracyView, FigureView};
use crate::document::Measure;
use crate::figures::agreement::Agreement;
use crate::figures::caution::{self, Caution};
use crate::figures::confusion::CategoryCount;
use crate::figures::detection::{Detection, KindCounts};
use crate::figures::overlap::Overlap;
use crate::figures::words;
use crate::report::figures::CriterionFigures;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One criterion.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CriterionView {
    /// Its id.
    pub id: String,
    /// Its scale's name.
    pub scale: Cow<'static, str>,
    /// Its weight; none if it is no part of overall.
    pub weight: Option<f64>,
    /// How far off still counts as right.
    pub tolerance: f64,
    /// Accuracy against gold.
    pub accuracy: AccuracyView,
    /// The best constant answer.
    pub constant: Option<ConstantView>,
    /// How often each category is gold.
    pub gold_rates: Vec<RateView>,
    /// How often each was answered.
    pub answer_rates: Vec<RateView>,
    /// Gold by answer.
    pub confusion: Option<ConfusionView>,
    /// The answer that most often stood where the gold says another.
    pub mixup: Option<MixupView>,
    /// What to know where one category makes up most of the gold, or hardly any of it.
    pub remarks: Vec<String>,
    /// Agreement with gold beyond chance.
    pub kappa: Option<FigureView>,
    /// What it is called: `Cohen's kappa`, with its weights if it has any.
    pub kappa_name: Cow<'static, str>,
    /// What sets have in common with gold.
    pub overlap: Option<OverlapView>,
    /// How far answers are from gold.
    pub closeness: Option<ClosenessView>,
    /// Agreement among raters.
    pub agreement: Option<AgreementView>,
    /// How well flags match gold.
    pub detection: Option<DetectionView>,
}

/// What sets have in common with gold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OverlapView {
    /// The mean over ratings that answered.
    pub of_answered: FigureView,
    /// The mean over all ratings, with 0 for those without a value.
    pub of_asked: FigureView,
}

/// Agreement among raters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AgreementView {
    /// Items with at least two ratings.
    pub items: u64,
    /// Ratings of them.
    pub ratings: u64,
    /// Both in words.
    pub n: String,
    /// The share of pairs that agree.
    pub raw: FigureView,
    /// Krippendorff's alpha.
    pub alpha: FigureView,
    /// The level of measurement it is computed at, or what its distances are called.
    pub level: Cow<'static, str>,
    /// Gwet's coefficient.
    pub ac: Option<FigureView>,
    /// `AC1` or `AC2`.
    pub ac_name: Cow<'static, str>,
    /// Whether one category prevails, so that alpha must not be read alone.
    pub prevails: bool,
    /// What to keep in mind, a sentence each.
    pub cautions: Vec<String>,
}

/// How well flags match gold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DetectionView {
    /// Items read that have gold.
    pub items: u64,
    /// Readings of them.
    pub readings: u64,
    /// Gold flags, counted once for each reading.
    pub gold_flags: u64,
    /// Flags given.
    pub flags: u64,
    /// Flags that match gold.
    pub matched: u64,
    /// All of it in words.
    pub n: String,
    /// Matched out of given.
    pub precision: FigureView,
    /// Matched out of gold.
    pub recall: FigureView,
    /// Their harmonic mean.
    pub f1: FigureView,
    /// Matched flags of the same kind as the gold's, out of matched.
    pub kinds: FigureView,
    /// What became of each kind's flags, of the kinds that anybody flagged.
    #[serde(default)]
    pub by_kind: Vec<KindCountsView>,
    /// About the best F1 of somebody who does not read.
    pub blind: Option<f64>,
    /// The same in words.
    pub blind_text: String,
}

/// What became of the flags of a kind.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KindCountsView {
    /// The kind.
    pub kind: String,
    /// Gold flags of this kind, counted once for each reading.
    pub gold: u64,
    /// Of those, the ones that a flag of this kind matches.
    pub named: u64,
    /// Of those, the ones that a flag of another kind matches.
    pub misnamed: u64,
    /// Of those, the ones that nothing matches.
    pub missed: u64,
    /// Flags given of this kind.
    pub given: u64,
    /// Of those, the ones that match no gold.
    pub invented: u64,
}

/// The best constant answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ConstantView {
    /// The answer.
    pub answer: String,
    /// How often it would be right.
    pub share: f64,
    /// The same in words.
    pub share_text: String,
}

/// How often a category occurs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RateView {
    /// The category.
    pub category: String,
    /// By ratings.
    pub count: u64,
    /// Its share.
    pub share: f64,
    /// The same in words.
    pub share_text: String,
}

impl CriterionView {
    /// The view of a criterion.
    pub fn of(figures: &CriterionFigures) -> Self {
        Self {
            id: figures.id.clone(),
            scale: figures.scale.into(),
            weight: figures.weight,
            tolerance: figures.tolerance,
            accuracy: AccuracyView::of(&figures.accuracy),
            constant: figures.constant.as_ref().map(|constant| ConstantView {
                answer: constant.answer.clone(),
                share: constant.share,
                share_text: words::percent(constant.share),
            }),
            gold_rates: rates(&figures.gold_rates),
            answer_rates: rates(&figures.answer_rates),
            confusion: figures.confusion.as_ref().map(ConfusionView::of),
            mixup: figures.mixup.as_ref().map(MixupView::of),
            remarks: caution::of_gold(figures.most.as_ref(), &figures.rare),
            kappa: figures.kappa.as_ref().map(FigureView::of_coefficient),
            kappa_name: figures.kappa_name.into(),
            overlap: figures.overlap.as_ref().map(OverlapView::of),
            closeness: figures.closeness.as_ref().map(ClosenessView::of),
            agreement: figures.agreement.as_ref().map(AgreementView::of),
            detection: figures.detection.as_ref().map(DetectionView::of),
        }
    }
}

impl CriterionView {
    /// The figures beside accuracy, each with its name in a bar and what to keep in mind.
    pub fn coefficients(&self) -> impl Iterator<Item = (&'static str, &FigureView, &[String])> {
        let agreement = self.agreement.iter().flat_map(|of| {
            let ac = of.ac.as_ref().map(|ac| (Measure::Ac, ac));
            let figures = [(Measure::Agreement, &of.raw), (Measure::Alpha, &of.alpha)].into_iter().chain(ac);
            figures.map(|(measure, figure)| (measure.name(), figure, of.cautions.as_slice()))
        });
        let detection = self
            .detection
            .iter()
            .flat_map(|of| [(Measure::Precision, &of.precision), (Measure::Recall, &of.recall), (Measure::F1, &of.f1)])
            .map(|(measure, figure)| (measure.name(), figure));
        let kappa = self.kappa.iter().map(|kappa| (Measure::Kappa.name(), kappa));
        let overlap = self
            .overlap
            .iter()
            .flat_map(|of| [(Measure::Overlap.name(), &of.of_answered), ("overlap-of-asked", &of.of_asked)]);
        let closeness = self.closeness.iter().flat_map(ClosenessView::named);
        let plain = |(name, figure)| (name, figure, [].as_slice());
        kappa.chain(overlap).chain(closeness).map(plain).chain(agreement).chain(detection.map(plain))
    }
}

impl OverlapView {
    fn of(overlap: &Overlap) -> Self {
        Self { of_answered: FigureView::of(&overlap.of_answered), of_asked: FigureView::of(&overlap.of_asked) }
    }
}

impl AgreementView {
    fn of(agreement: &Agreement) -> Self {
        let items = words::counted(agreement.items, "item", "items");
        Self {
            items: agreement.items,
            ratings: agreement.ratings,
            n: format!("{} of {items}", words::counted(agreement.ratings, "rating", "ratings")),
            raw: FigureView::of_raw(&agreement.raw),
            alpha: FigureView::of_coefficient(&agreement.alpha),
            level: agreement.level.into(),
            ac: agreement.ac.as_ref().map(FigureView::of_coefficient),
            ac_name: agreement.ac_name.into(),
            prevails: agreement.prevails,
            cautions: agreement.cautions.iter().map(Caution::sentence).collect(),
        }
    }
}

impl DetectionView {
    fn of(detection: &Detection) -> Self {
        let counts = &detection.counts;
        let (flags, gold_flags) = (counts.given(), counts.gold());
        let read = words::counted(detection.readings, "reading", "readings");
        let items = words::counted(detection.items, "item", "items");
        let flagged = words::counted(flags, "flag", "flags");
        let expected = words::counted(gold_flags, "gold flag", "gold flags");
        let blind = detection.blind;
        Self {
            items: detection.items,
            readings: detection.readings,
            gold_flags,
            flags,
            matched: counts.true_positives(),
            n: format!("{read} of {items}: {flagged}, {expected}, {} matched", words::number(counts.true_positives())),
            precision: FigureView::of_flags(&detection.precision),
            recall: FigureView::of_flags(&detection.recall),
            f1: FigureView::of_flags(&detection.f1),
            kinds: FigureView::of_flags(&detection.kinds),
            by_kind: detection.by_kind.iter().filter(|of| of.gold + of.given > 0).map(KindCountsView::of).collect(),
            blind: blind.ok().map(|blind| blind.f1),
            blind_text: match blind {
                Ok(blind) => words::percent(blind.f1),
                Err(undefined) => undefined.reason().to_owned(),
            },
        }
    }
}

impl KindCountsView {
    fn of(of: &KindCounts) -> Self {
        Self {
            kind: of.kind.clone(),
            gold: of.gold,
            named: of.named,
            misnamed: of.found - of.named,
            missed: of.missed(),
            given: of.given,
            invented: of.invented,
        }
    }
}

fn rates(counts: &[CategoryCount]) -> Vec<RateView> {
    let total: u64 = counts.iter().map(|rate| rate.count).sum();
    let rate = |rate: &CategoryCount| {
        let share = rate.count as f64 / total as f64;
        RateView { category: rate.category.clone(), count: rate.count, share, share_text: words::percent(share) }
    };
    counts.iter().map(rate).collect()
}
