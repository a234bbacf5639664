//! Contrasts: shares of right answers, each with a sign, added up: this week's less those before, or a trend.
//!
//! In: answers of spans, added up (`sums`), each with its coefficient. Out: the contrast with its interval and p-value,
//! and the smallest one that the same data would have shown. Raters who are in several spans are the same people in
//! all of them; items are of their span. It never says why a contrast is not zero.

#[cfg(test)]
mod simulation;
mod sums;
#[cfg(test)]
mod tests;

pub use sums::{AnswerSums, AnswerTotal, ItemPairs};

use super::{Estimate, Method, Undefined, assert_level, quantile};

/// A concentration from which on the rest weighs nothing beside the largest cluster.
const ONE_CLUSTER: f64 = 1.0 - 1e-12;

/// A span in a contrast.
#[derive(Clone, Copy)]
pub struct ContrastSide<'a> {
    /// By how much its share counts.
    pub coefficient: f64,
    /// Its answers.
    pub sums: &'a AnswerSums,
}

/// Sides whose raters are the same people; of two groups, nobody is in both.
pub type ContrastGroup<'a> = [ContrastSide<'a>];

/// Two groups that rated the same items in a span: the side's place in both, and the items.
#[derive(Clone, Copy)]
pub struct SharedItems<'a> {
    /// The place of the span among the sides of each group.
    pub side: usize,
    /// What both said of its items.
    pub pairs: &'a ItemPairs,
}

/// A contrast of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// The contrast with its two-sided interval; `n` counts items, each once for every span.
    pub estimate: Estimate,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of that.
    pub degrees: f64,
    /// The two-sided p-value of there being none.
    pub p_value: f64,
}

/// How many times larger the variance of contrasts is than that of independent answers, learnt from many of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PooledEffect {
    items: f64,
    raters: f64,
    cells: f64,
    independent: f64,
    degrees: f64,
}

/// The variance of a contrast by what makes it.
#[derive(Clone, Copy, Debug, Default)]
struct ContrastVariance {
    items: f64,
    raters: f64,
    cells: f64,
    /// Σ V²/df of the parts, as Satterthwaite adds them up.
    doubt: f64,
    /// The fewest and the most degrees of freedom of a part.
    degrees: Option<(f64, f64)>,
}

/// Σ cₛ pₛ over spans, with items and raters as samples.
///
/// pₛ = Σ right / Σ asked of span s. A cell's residual is cₛ (right - pₛ · asked) / Σ asked. Squared and summed over items
/// within each span, over raters across all spans (a rater who is in several is one cluster: what does not change in
/// them cancels), and over cells, residuals give V_i, V_r and V_c, each times 1/(1 - Σ share²). Where two groups rated the
/// same items (`shared`), an item is one cluster in both, and what makes it hard for both cancels. The two-way variance is
/// V_i + V_r - V_c (Cameron, Gelbach and Miller 2011).
///
/// Of few items and raters that is a poor estimate, so it is not used alone: the variance is that of as many independent
/// answers, with p̃ = (right + 1)/(asked + 2) (Agresti and Caffo 2000; of spans that are all right or all wrong items are
/// counted, not answers), times the `effect` that earlier weeks of the same raters had, and no less than the two-way
/// variance of the contrast itself. The interval is t with the degrees of freedom of the effect.
///
/// With one rater in a group, that group's part speaks of this rater alone. How often it misses with nothing changed
/// stands in `simulation`.
///
/// `NoData` when a side has nothing asked, `OneItem` when it has one item, `TooFew` when no effect was learnt.
/// Panics when `level` is not between 0.5 and 1.
pub fn contrast(
    groups: &[&ContrastGroup<'_>],
    shared: &[SharedItems<'_>],
    effect: &PooledEffect,
    level: f64,
) -> Result<Contrast, Undefined> {
    assert_level(level);
    let measured = variance(groups, shared)?;
    if effect.degrees <= 0.0 {
        return Err(Undefined::TooFew);
    }
    let sides = || groups.iter().flat_map(|group| group.iter());
    let independent: f64 = sides().map(independent).sum();
    let point: f64 = sides().filter_map(|side| Some(side.coefficient * side.sums.total.share()?)).sum();
    let standard_error = (independent * effect.effect()).max(measured.two_way()).sqrt();
    let degrees = effect.degrees;
    let reach = quantile::student(degrees, f64::midpoint(1.0, level)) * standard_error;
    let n = sides().map(|side| side.sums.items()).sum();
    Ok(Contrast {
        estimate: Estimate {
            point,
            low: (point - reach).max(sides().map(|side| side.coefficient.min(0.0)).sum()),
            high: (point + reach).min(sides().map(|side| side.coefficient.max(0.0)).sum()),
            level,
            n,
            method: Method::LinearisedTwoWay,
        },
        standard_error,
        degrees,
        p_value: (2.0 * quantile::student_below(degrees, -(point / standard_error).abs())).min(1.0),
    })
}

impl PooledEffect {
    /// Learns from a contrast, whether anything changed in it or not; nothing where it cannot show how items differ.
    pub fn add(&mut self, groups: &[&ContrastGroup<'_>], shared: &[SharedItems<'_>]) {
        let Ok(variance) = variance(groups, shared) else { return };
        self.items += variance.items;
        self.raters += variance.raters;
        self.cells += variance.cells;
        self.independent += groups.iter().map(|group| alike(group)).sum::<f64>();
        self.degrees += variance.degrees();
    }

    /// The same by items alone: for the same raters, week after week.
    pub fn of_items(&self) -> f64 {
        if self.independent > 0.0 { (self.items / self.independent).max(1.0) } else { 1.0 }
    }

    /// The ratio of what was measured, which is the two-way variance and no less than that by items or by raters, to what
    /// independent answers would have had; never below 1.
    pub fn effect(&self) -> f64 {
        let measured = (self.items + self.raters - self.cells).max(self.items).max(self.raters);
        if self.independent > 0.0 { (measured / self.independent).max(1.0) } else { 1.0 }
    }
}

/// The variance of a group's independent answers if its share is the same on all sides.
fn alike(group: &ContrastGroup<'_>) -> f64 {
    let mut all = AnswerTotal::default();
    group.iter().for_each(|side| all.add(side.sums.total));
    let point = all.share().unwrap_or_default();
    group.iter().map(|side| side.coefficient.powi(2) * point * (1.0 - point) / side.sums.total.asked).sum()
}

/// The variance of a side of as many independent answers.
fn independent(side: &ContrastSide<'_>) -> f64 {
    let AnswerSums { total, items, .. } = side.sums;
    let is_degenerate = total.right <= 0.0 || total.right >= total.asked;
    let answers = if is_degenerate { items.clusters as f64 } else { total.asked };
    let smoothed = (total.right / total.asked * answers + 1.0) / (answers + 2.0);
    side.coefficient.powi(2) * smoothed * (1.0 - smoothed) / answers
}

impl Contrast {
    /// The smallest true contrast that data like these show with this power, when a two-sided p-value of `risk` counts as
    /// shown: (t at 1 - risk/2 plus t at the power) standard errors. A rough figure: it takes the standard error for the
    /// one that such data would have.
    pub fn smallest_shown(&self, risk: f64, power: f64) -> f64 {
        let quantile = |share| quantile::student(self.degrees, share);
        (quantile(1.0 - risk / 2.0) + quantile(power)) * self.standard_error
    }
}

impl ContrastVariance {
    /// Items and raters together, as measured.
    fn two_way(&self) -> f64 {
        (self.items + self.raters - self.cells).max(0.0)
    }

    /// Satterthwaite's, between the fewest and the most of a part.
    fn degrees(&self) -> f64 {
        let (fewest, most) = self.degrees.unwrap_or((1.0, 1.0));
        let degrees = if self.doubt > 0.0 { self.two_way().powi(2) / self.doubt } else { fewest };
        degrees.clamp(fewest, most)
    }

    fn add_part(&mut self, part: f64, degrees: f64) {
        // With fewer than one, t has no use; there are at least two clusters.
        let degrees = degrees.max(1.0);
        self.doubt += part * part / degrees;
        let (fewest, most) = self.degrees.unwrap_or((degrees, degrees));
        self.degrees = Some((fewest.min(degrees), most.max(degrees)));
    }
}

/// The variance of a contrast.
fn variance(groups: &[&ContrastGroup<'_>], shared: &[SharedItems<'_>]) -> Result<ContrastVariance, Undefined> {
    let mut variance = ContrastVariance::default();
    for group in groups {
        for side in *group {
            add_side(&mut variance, side)?;
        }
        add_raters(&mut variance, group);
    }
    if let [first, second] = groups {
        for of in shared {
            variance.items += 2.0 * covariance(first.get(of.side), second.get(of.side), of.pairs);
        }
        variance.items = variance.items.max(0.0);
    }
    Ok(variance)
}

fn add_side(variance: &mut ContrastVariance, side: &ContrastSide<'_>) -> Result<(), Undefined> {
    let AnswerSums { total, items, cells, .. } = side.sums;
    let point = total.share().ok_or(Undefined::NoData)?;
    if items.clusters < 2 {
        return Err(Undefined::OneItem);
    }
    let scale = (side.coefficient / total.asked).powi(2);
    let concentration = items.concentration(total.asked);
    let of_items = scale * items.residuals(point) / (1.0 - concentration);
    variance.items += of_items;
    variance.cells += scale * cells.residuals(point) / (1.0 - cells.concentration(total.asked));
    variance.add_part(of_items, 1.0 / concentration - 1.0);
    Ok(())
}

/// Raters across all sides of their group.
fn add_raters(variance: &mut ContrastVariance, group: &ContrastGroup<'_>) {
    let mut parts: Vec<(u32, f64, f64)> = Vec::new();
    for side in group {
        let AnswerSums { total, raters, .. } = side.sums;
        let Some(point) = total.share() else { continue };
        let scale = side.coefficient / total.asked;
        parts.extend(raters.iter().map(|(rater, of)| (*rater, scale * of.residual(point), scale.abs() * of.asked)));
    }
    parts.sort_by_key(|(rater, ..)| *rater);
    let (mut squares, mut loads, mut load) = (0.0, 0.0, 0.0);
    for of_rater in parts.chunk_by(|a, b| a.0 == b.0) {
        let (residual, share) = of_rater.iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.1, sum.1 + part.2));
        squares += residual * residual;
        loads += share * share;
        load += share;
    }
    let concentration = loads / (load * load);
    if load > 0.0 && concentration < ONE_CLUSTER {
        let of_raters = squares / (1.0 - concentration);
        variance.raters += of_raters;
        variance.add_part(of_raters, 1.0 / concentration - 1.0);
    }
}

/// How the shares of two groups on the same items vary together, by their coefficients.
fn covariance(first: Option<&ContrastSide<'_>>, second: Option<&ContrastSide<'_>>, pairs: &ItemPairs) -> f64 {
    let of = |side: Option<&ContrastSide<'_>>| {
        let side = side?;
        let AnswerSums { total, items, .. } = side.sums;
        let correction = (1.0 - items.concentration(total.asked)).sqrt();
        Some((total.share()?, side.coefficient / (total.asked * correction)))
    };
    let Some(((point, scale), (other, other_scale))) = of(first).zip(of(second)) else { return 0.0 };
    scale * other_scale * pairs.residuals(point, other)
}
