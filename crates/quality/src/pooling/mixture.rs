//! The posterior of one rater's accuracy: a mixture of beta distributions, one for each prior that may be.
//!
//! In: the likelihood of all raters' counts. Out: weighted priors; for a rater, mean, quantiles and chances.
//! The grid lies where the likelihood is, however narrow that may be, and is the same for the same counts.
//! Never draws at random.

use super::fit::{Likelihood, Peak};
use crate::quantile::{self, beta_below};
use statrs::function::beta::ln_beta;

/// Priors whose log-likelihood is this much below the best do not count: e⁻¹⁶ is one in ten million.
const DEPTH: f64 = 16.0;
/// Components that weigh less are left out.
const NEGLIGIBLE: f64 = 1e-9;

/// One prior that may be, with its weight; weights add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Component {
    pub weight: f64,
    pub alpha: f64,
    pub beta: f64,
}

/// The priors that may be, given all raters' counts: one group for each τ.
///
/// The hyperprior is uniform on m and on τ = √(1/(1 + a + b)). Gauss and Legendre's nodes between the ends of the
/// likelihood, in both; m within each τ.
pub(super) fn priors(likelihood: &Likelihood, best: Peak) -> Vec<Vec<Component>> {
    let profile = |tau: f64| likelihood.best_at(phi_of(tau));
    let top = (best.phi / (1.0 + best.phi)).sqrt();
    let is_near = |tau: f64| profile(tau).log_likelihood >= best.log_likelihood - DEPTH;
    // The profile is not defined at τ = 1, where a + b is 0.
    let (low, high) = (edge(top, 0.0, is_near), edge(top, 1.0 - 1e-6, is_near));
    let group = |(tau, width)| {
        let peak = profile(tau);
        let is_near = |mean: f64| likelihood.log(mean, peak.phi) >= peak.log_likelihood - DEPTH;
        let (low, high) = (edge(peak.mean, 0.0, is_near), edge(peak.mean, 1.0, is_near));
        let component = |(mean, height): (f64, f64)| {
            let weight = width * height * (likelihood.log(mean, peak.phi) - best.log_likelihood).exp();
            Component { weight, alpha: mean / peak.phi, beta: (1.0 - mean) / peak.phi }
        };
        nodes(low, high).map(component).collect()
    };
    standardised(nodes(low, high).map(group).collect())
}

/// Leaves out what weighs next to nothing, and has weights add up to 1.
fn standardised(mut groups: Vec<Vec<Component>>) -> Vec<Vec<Component>> {
    let sum = |groups: &[Vec<Component>]| groups.iter().flatten().map(|component| component.weight).sum::<f64>();
    let before = sum(&groups);
    groups.iter_mut().for_each(|group| group.retain(|component| component.weight > NEGLIGIBLE * before));
    groups.retain(|group| !group.is_empty());
    let total = sum(&groups);
    groups.iter_mut().flatten().for_each(|component| component.weight /= total);
    groups
}

/// 1/(a + b) from τ.
fn phi_of(tau: f64) -> f64 {
    tau * tau / (1.0 - tau * tau)
}

/// The farthest point from `top` towards `end` that is still near, by bisection.
fn edge(top: f64, end: f64, is_near: impl Fn(f64) -> bool) -> f64 {
    if is_near(end) {
        return end;
    }
    let (mut near, mut far) = (top, end);
    for _ in 0..40 {
        let middle = f64::midpoint(near, far);
        if is_near(middle) { near = middle } else { far = middle }
    }
    far
}

/// Gauss and Legendre's 16 nodes between two numbers, with their weights.
fn nodes(low: f64, high: f64) -> impl Iterator<Item = (f64, f64)> {
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let both = GAUSS_LEGENDRE.iter().flat_map(|&(node, weight)| [(-node, weight), (node, weight)]);
    both.map(move |(node, weight)| (middle + half * node, half * weight))
}

/// Positive nodes and weights on (-1, 1); Abramowitz and Stegun 1964, table 25.4.
const GAUSS_LEGENDRE: [(f64, f64); 8] = [
    (0.09501250983763744, 0.18945061045506864),
    (0.2816035507792589, 0.18260341504492364),
    (0.45801677765722737, 0.16915651939500265),
    (0.6178762444026438, 0.1495959888165767),
    (0.755404408355003, 0.12462897125553407),
    (0.8656312023878318, 0.0951585116824926),
    (0.9445750230732326, 0.06225352393864746),
    (0.9894009349916499, 0.02715245941175418),
];

/// The posterior of a rater with these counts, under the priors that may be.
///
/// The rater's own counts have already told which priors may be, so each prior's weight stands.
pub(super) struct Posterior {
    components: Vec<Component>,
    normal_constants: Vec<f64>,
}

impl Posterior {
    pub fn of(priors: &[Vec<Component>], right: u64, asked: u64) -> Self {
        let (right, wrong) = (right as f64, (asked - right) as f64);
        let update = |prior: &Component| Component { alpha: prior.alpha + right, beta: prior.beta + wrong, ..*prior };
        let updated = |group: &Vec<Component>| group.iter().map(update).collect();
        let components: Vec<Component> = priors.iter().map(updated).flat_map(joined).collect();
        let normal_constants = components.iter().map(|c| ln_beta(c.alpha, c.beta)).collect();
        Self { components, normal_constants }
    }

    pub fn mean(&self) -> f64 {
        Moments::of(&self.components).mean.clamp(0.0, 1.0)
    }

    /// The chance that the accuracy is below `x`.
    pub fn below(&self, x: f64) -> f64 {
        self.components.iter().map(|c| c.weight * beta_below(c.alpha, c.beta, x)).sum::<f64>().clamp(0.0, 1.0)
    }

    /// The value below which a share of the posterior lies: Newton's steps, kept within a bracket.
    pub fn quantile(&self, share: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        let (mut x, mut last_excess) = (self.start(share), f64::INFINITY);
        for _ in 0..200 {
            let excess = self.below(x) - share;
            if excess.abs() < 1e-10 || high - low < 1e-13 {
                break;
            }
            (low, high) = if excess < 0.0 { (x, high) } else { (low, x) };
            let newton = x - excess / self.density(x);
            let is_good = newton > low && newton < high && excess.abs() < last_excess / 2.0;
            x = if is_good { newton } else { f64::midpoint(low, high) };
            last_excess = excess.abs();
        }
        x
    }

    /// Where a normal distribution with the same mean and variance would have the quantile, if that is inside.
    fn start(&self, share: f64) -> f64 {
        let Moments { mean, within, between, .. } = Moments::of(&self.components);
        let guess = mean + quantile::normal(share) * (within + between).sqrt();
        if guess > 0.0 && guess < 1.0 { guess } else { mean.clamp(1e-6, 1.0 - 1e-6) }
    }

    fn density(&self, x: f64) -> f64 {
        let (up, down) = (x.ln(), (-x).ln_1p());
        let each = self.components.iter().zip(&self.normal_constants);
        each.map(|(c, constant)| c.weight * ((c.alpha - 1.0) * up + (c.beta - 1.0) * down - constant).exp()).sum()
    }
}

/// A group of one τ, as one beta distribution of the same mean and variance where its components are too narrow.
///
/// With a large a + b, accuracy and m are nearly one, and narrow components would make steps. But then the group is
/// nearly a beta distribution of all raters' counts, and exactly that where a + b is without end.
fn joined(group: Vec<Component>) -> Vec<Component> {
    let Moments { weight, mean, within, between } = Moments::of(&group);
    let worth = mean * (1.0 - mean) / (within + between) - 1.0;
    if between > within && worth > 0.0 && worth.is_finite() {
        vec![Component { weight, alpha: mean * worth, beta: (1.0 - mean) * worth }]
    } else {
        group
    }
}

/// What a mixture weighs, its mean, and its variance within and between components.
struct Moments {
    weight: f64,
    mean: f64,
    within: f64,
    between: f64,
}

impl Moments {
    fn of(components: &[Component]) -> Self {
        let weight: f64 = components.iter().map(|c| c.weight).sum();
        let average =
            |value: &dyn Fn(&Component) -> f64| components.iter().map(|c| c.weight * value(c)).sum::<f64>() / weight;
        let mean_of = |c: &Component| c.alpha / (c.alpha + c.beta);
        let variance_of = |c: &Component| mean_of(c) * (c.beta / (c.alpha + c.beta)) / (c.alpha + c.beta + 1.0);
        let mean = average(&mean_of);
        Self { weight, mean, within: average(&variance_of), between: average(&|c| (mean_of(c) - mean).powi(2)) }
    }
}
