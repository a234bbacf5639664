//! What a verdict on a part of a bar rests on: the figure that the part names, and the bounds it is read from.
//!
//! In: the figures of a span, and what a bar names. Out: the figure with its one-sided bounds, at which looks they hold, and how
//! much gold would decide. It gives no verdict.

use super::figures::Figures;
use crate::document::{BarFigure, Measure};
use crate::figures::{Agreed, LEVEL, Share, words};
use crate::quality::Undefined;
use crate::quality::bar::items_to_decide_by_error;
use crate::quality::planning::anytime::{self, RatersAndItems};

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

/// What a verdict rests on.
pub struct VerdictEvidence {
    /// The bounds.
    pub bounds: VerdictBounds,
    /// The items behind the figure.
    pub items: u64,
    /// How many in all would decide it with 80 % chance if today's figure were the truth.
    pub needed: Option<u64>,
    /// How many raters and items would, where no number of items by these raters does.
    pub with_raters: Option<RatersAndItems>,
}

/// Bounds from which a verdict is read, each one-sided at 95 %.
#[derive(Clone, Copy, Debug)]
pub struct VerdictBounds {
    /// The lower one.
    pub lower: f64,
    /// The upper one.
    pub upper: f64,
    /// What they hold at.
    pub hold: BoundsHold,
}

/// At which looks bounds hold.
#[derive(Clone, Copy, Debug)]
pub enum BoundsHold {
    /// At all together.
    AtEveryLook {
        /// The bounds of one look that was planned beforehand.
        of_one_look: (f64, f64),
    },
    /// At any one.
    AtOneLook,
    /// At the one that was planned.
    AsPlanned,
}

impl VerdictBounds {
    /// Whether they hold at all looks together.
    pub fn hold_at_every_look(&self) -> bool {
        matches!(self.hold, BoundsHold::AtEveryLook { .. })
    }

    /// The same as bounds of the one look that was planned.
    pub fn as_planned(self) -> Self {
        let (lower, upper) = match self.hold {
            BoundsHold::AtEveryLook { of_one_look } => of_one_look,
            BoundsHold::AtOneLook | BoundsHold::AsPlanned => (self.lower, self.upper),
        };
        Self { lower, upper, hold: BoundsHold::AsPlanned }
    }
}

impl JudgedOn {
    /// The items behind the figure; 0 where it is undefined.
    pub fn items(&self) -> u64 {
        match self {
            Self::Share(figure) | Self::Flags(figure) => figure.map_or(0, |of| of.n_items),
            Self::Raw(agreed) | Self::Agreement(agreed) | Self::WithGold(agreed) => agreed.map_or(0, |of| of.items),
        }
    }

    /// The figure; none where it is undefined.
    pub fn point(&self) -> Option<f64> {
        match self {
            Self::Share(figure) | Self::Flags(figure) => figure.ok().map(|of| of.estimate.point),
            Self::Raw(agreed) | Self::Agreement(agreed) | Self::WithGold(agreed) => agreed.ok().map(|of| of.point),
        }
    }

    /// What a verdict on it rests on, beside a bar; or why it is undefined.
    pub fn evidence(&self, bar: f64) -> Result<VerdictEvidence, Undefined> {
        match self {
            Self::Share(figure) | Self::Flags(figure) => {
                let of = (*figure)?;
                let (lower, upper) = anytime::clustered_bounds(&of, LEVEL)?;
                let point = of.estimate.point;
                let needed = anytime::items_to_decide(point, bar, LEVEL, &of.gold);
                let of_raters = || anytime::raters_to_decide(point, bar, LEVEL, &of.gold, of.n_raters);
                Ok(VerdictEvidence {
                    bounds: VerdictBounds {
                        lower,
                        upper,
                        hold: BoundsHold::AtEveryLook { of_one_look: (of.lower, of.upper) },
                    },
                    items: of.n_items,
                    with_raters: if needed.is_none() { of_raters() } else { None },
                    needed,
                })
            }
            Self::Raw(agreed) | Self::Agreement(agreed) | Self::WithGold(agreed) => {
                let of = (*agreed)?;
                let interval = of.interval?;
                Ok(VerdictEvidence {
                    bounds: VerdictBounds { lower: interval.lower, upper: interval.upper, hold: BoundsHold::AtOneLook },
                    items: of.items,
                    with_raters: None,
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

    /// A value of it as people read it beside a bar.
    pub fn words(&self, value: f64, bar: f64) -> String {
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

/// The figure that a part is about, if there is such a criterion.
pub fn figure(named: &BarFigure, figures: &Figures) -> Option<JudgedOn> {
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

/// What a figure is, such as `right out of asked`.
pub fn of_what(measure: Measure) -> &'static str {
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
