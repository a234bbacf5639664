//! The ordinal model: on an ordered scale, a rater's confusions are drawn towards a shift and a spread.
//!
//! In: a table of coded ratings whose categories are in order, and how to fit. Out: the posterior of each item, and
//! every rater's confusions.
//! Two numbers a rater hold with few ratings; with many, the ratings outweigh them and it is Dawid and Skene's model.
//! Never takes the steps of the scale for equal in the end: that is only where it draws to.

use super::super::Undefined;
use super::super::table::Table;
use super::fit::{Fit, RaterModel};
use super::{Consensus, Fitting};

/// Ratings' worth of the shape in each row of a rater's confusions.
const PULL: f64 = 5.0;
/// Ratings' worth of the typical rater in each row, while shapes are fitted.
const TYPICAL: f64 = 1.0;
/// Shapes only say where to draw to, so they need not settle further than this.
const SHAPE_TOLERANCE: f64 = 1e-6;
/// A chance that is none, but leaves every rating possible.
const HARDLY: f64 = 1e-100;

/// Labels and raters' confusions on an ordered scale, by EM in two stages.
///
/// 1. Shapes. Rater k sees the true category j as j + b_k with a logistic error of scale 1/a_k and gives the nearest
///    category: P(given ≤ l | j) = F(a_k (l + 1/2 - j) - c_k), F(u) = 1/(1 + e⁻ᵘ), c_k = a_k b_k, for q categories.
///    This is the latent class signal detection model with equally spaced thresholds (DeCarlo 2005). a and c are
///    fitted by EM from vote shares, every row holding one rating's worth of a typical rater (a = 2.5, c = 0).
/// 2. Confusions. Dawid and Skene's EM, again from vote shares, where every row of rater k's confusions gets five
///    ratings' worth of that rater's shape m beside `smoothing` s:
///    π_jl = (count_jl + 5 m_jl + s) / (count_j + 5 + q s), the mode under a Dirichlet prior (as the hierarchical
///    models of Paun et al. 2018, with the shape as mean). The log-likelihood plus Σ (5 m + s) ln π never falls.
///
/// Simulated, 5 categories, share right (Brier score over all categories): raters × ratings each, ratings an item.
///
/// | raters | 60 × 10, 3 | 40 × 25, 3 | 20 × 50, 5 | 10 × 200, 5 | 5 × 1000, 5 |
/// | --- | --- | --- | --- | --- | --- |
/// SIMULATION
///
/// So it is far ahead of plain Dawid-Skene wherever raters have fewer than some hundred ratings, even where the order
/// means nothing to them, and level with it from then on. One coin is better where every error is equally likely.
///
/// Convergence is that of the second stage; it also counts as not converged when the first did not settle to 10⁻⁶.
/// Undefined without ratings. Panics as `dawid_skene` does.
///
/// Sources: DeCarlo 2005, Journal of Educational Measurement 42:53-76; Dawid and Skene 1979; Paun et al. 2018,
/// Transactions of the ACL 6:571-585.
pub fn ordinal(table: &Table, fitting: &Fitting) -> Result<Consensus, Undefined> {
    let mut fit = Fit::start(table, fitting)?;
    let mut shapes = vec![Shape::TYPICAL; table.n_raters()];
    fit.run(&Shaped { typical: Shape::TYPICAL.chances(table.n_categories()) }, &mut shapes, SHAPE_TOLERANCE);
    let settled = fit.consensus.convergence.converged;
    fit.restart();
    fit.run(&Drawn { smoothing: fitting.smoothing }, &mut shapes, fitting.tolerance);
    fit.consensus.convergence.converged &= settled;
    Ok(fit.consensus)
}

/// The second stage: free confusions, drawn towards the rater's shape.
struct Drawn {
    smoothing: f64,
}

impl RaterModel for Drawn {
    type Parameters = Shape;

    fn estimate(&self, shape: &mut Shape, counts: &mut [f64], totals: &[f64]) {
        let categories = totals.len();
        let added = PULL + self.smoothing * categories as f64;
        for (cell, chance) in shape.chances(categories).into_iter().enumerate() {
            counts[cell] = (counts[cell] + PULL * chance + self.smoothing) / (totals[cell % categories] + added);
        }
    }
}

/// The first stage: nothing but shapes.
struct Shaped {
    /// The typical rater's chances, given × true category.
    typical: Vec<f64>,
}

impl RaterModel for Shaped {
    type Parameters = Shape;

    fn estimate(&self, shape: &mut Shape, counts: &mut [f64], totals: &[f64]) {
        counts.iter_mut().zip(&self.typical).for_each(|(count, chance)| *count += TYPICAL * chance);
        *shape = Distances::of(counts, totals.len()).improve(*shape);
        counts.copy_from_slice(&shape.chances(totals.len()));
    }
}

/// A rater on an ordered scale.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shape {
    /// How sharply neighbours are told apart: the reciprocal of the error's scale, in categories. Above zero, but for
    /// a scale of two categories, where it is negative for raters who swap them.
    sharpness: f64,
    /// How far ratings are shifted upwards, times the sharpness.
    shift: f64,
}

impl Shape {
    const TYPICAL: Self = Self { sharpness: 2.5, shift: 0.0 };

    /// How much more likely the rater is to stay below the boundary above a category `apart` from the true one, than
    /// beyond it: the logarithm of the odds.
    fn odds(self, apart: f64) -> f64 {
        self.sharpness * (apart + 0.5) - self.shift
    }

    /// The chance of each given category when the true one is known, given × true category.
    fn chances(self, categories: usize) -> Vec<f64> {
        let odds = |given: usize, truth: usize| self.odds(given as f64 - truth as f64);
        let chance = |given: usize, truth: usize| {
            let below = if given + 1 < categories { logistic(odds(given, truth)) } else { 1.0 };
            let above = if given > 0 { logistic(-odds(given, truth) + self.sharpness) } else { 1.0 };
            let between = if given > 0 && given + 1 < categories { -(-self.sharpness).exp_m1() } else { 1.0 };
            (below * above * between).max(HARDLY)
        };
        (0..categories).flat_map(|given| (0..categories).map(move |truth| chance(given, truth))).collect()
    }
}

/// A rater's counts by how far from the true category they are: all that a shape depends on.
///
/// F(u) - F(v) = F(u) F(-v) (1 - e^(v-u)), and u - v is the sharpness for every category that has two neighbours. So
/// the log-likelihood is that of a logistic regression on boundaries, plus one term; it is concave.
struct Distances {
    /// For each boundary, by its distance from the true category: the counts just below it, and those just above.
    boundaries: Vec<(f64, f64, f64)>,
    /// Counts of categories that have two neighbours.
    between: f64,
}

impl Distances {
    fn of(counts: &[f64], categories: usize) -> Self {
        let furthest = categories as f64 - 1.0;
        let mut boundaries: Vec<_> =
            (1..2 * categories - 1).map(|place| (place as f64 - 1.0 - furthest, 0.0, 0.0)).collect();
        let mut between = 0.0;
        for (cell, &count) in counts.iter().enumerate() {
            let (given, truth) = (cell / categories, cell % categories);
            let place = given + categories - 1 - truth;
            if given + 1 < categories {
                boundaries[place].1 += count;
            }
            if given > 0 {
                boundaries[place - 1].2 += count;
            }
            if given > 0 && given + 1 < categories {
                between += count;
            }
        }
        Self { boundaries, between }
    }

    fn log_likelihood(&self, shape: Shape) -> f64 {
        let term = |&(apart, below, above): &(f64, f64, f64)| {
            let odds = shape.odds(apart);
            below * log_logistic(odds) + above * log_logistic(-odds)
        };
        let boundaries: f64 = self.boundaries.iter().map(term).sum();
        if self.between == 0.0 {
            boundaries
        } else if shape.sharpness > 0.0 {
            boundaries + self.between * (-(-shape.sharpness).exp_m1()).ln()
        } else {
            f64::NEG_INFINITY
        }
    }

    /// One step of Newton's method, halved until the log-likelihood does not fall; none when rounding is all it would
    /// follow.
    fn improve(&self, shape: Shape) -> Shape {
        let (sharper, further) = self.newton(shape);
        let now = self.log_likelihood(shape);
        let at = |length: f64| Shape {
            sharpness: shape.sharpness + length * sharper,
            shift: shape.shift + length * further,
        };
        let halves = (0..30).map(|times| at(0.5_f64.powi(times)));
        halves.into_iter().find(|&next| self.log_likelihood(next) >= now).unwrap_or(shape)
    }

    /// Newton's step: the gradient by the negative Hessian, which the typical rater's counts keep regular.
    fn newton(&self, shape: Shape) -> (f64, f64) {
        let (mut gradient, mut hessian) = ((0.0, 0.0), (0.0, 0.0, 0.0));
        if self.between > 0.0 {
            let less = shape.sharpness.exp_m1();
            gradient.0 = self.between / less;
            hessian.0 = self.between * (less + 1.0) / (less * less);
        }
        for &(apart, below, above) in &self.boundaries {
            let stays = logistic(shape.odds(apart));
            let (slope, residual) = (apart + 0.5, below * (1.0 - stays) - above * stays);
            let weight = (below + above) * stays * (1.0 - stays);
            gradient = (gradient.0 + residual * slope, gradient.1 - residual);
            hessian = (hessian.0 + weight * slope * slope, hessian.1 - weight * slope, hessian.2 + weight);
        }
        let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1;
        if determinant > 0.0 {
            let sharper = (gradient.0 * hessian.2 - gradient.1 * hessian.1) / determinant;
            (sharper, (gradient.1 * hessian.0 - gradient.0 * hessian.1) / determinant)
        } else {
            (0.0, 0.0)
        }
    }
}

/// F(u) = 1/(1 + e⁻ᵘ).
fn logistic(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

/// ln F(u), also where F vanishes.
fn log_logistic(u: f64) -> f64 {
    u.min(0.0) - (-u.abs()).exp().ln_1p()
}
