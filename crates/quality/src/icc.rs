//! Intraclass correlations: how much of the spread of numeric ratings lies between items.
//!
//! In: a complete table (each rater rated each item once) and the number behind each category. Out: one of six
//! correlations, with its F interval. Which form to use depends on who rates (any raters, a sample, just these) and
//! on whether one rating or the mean of all will be used. Never drops items to make a table complete.

#[cfg(test)]
mod tests;

use super::table::{Coded, Table};
use super::{Estimate, Method, Undefined, assert_level, quantile};

/// Numbers are scaled to a range of 1; a deviation below this is rounding.
const NO_DEVIATION: f64 = 1e-12;

/// The six forms of Shrout and Fleiss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// One rating, each item rated by other raters: ICC(1,1).
    OneOne,
    /// One rating, raters are a sample and their levels count (absolute agreement): ICC(2,1), also ICC(A,1).
    TwoOne,
    /// One rating, these raters only and their levels do not count (consistency): ICC(3,1), also ICC(C,1).
    ThreeOne,
    /// The mean of all raters, otherwise as `OneOne`: ICC(1,k).
    OneK,
    /// The mean of all raters, otherwise as `TwoOne`: ICC(2,k), also ICC(A,k).
    TwoK,
    /// The mean of all raters, otherwise as `ThreeOne`: ICC(3,k), also ICC(C,k); Cronbach's alpha.
    ThreeK,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::OneOne, Self::TwoOne, Self::ThreeOne, Self::OneK, Self::TwoK, Self::ThreeK];

    /// The name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneOne => "1,1",
            Self::TwoOne => "2,1",
            Self::ThreeOne => "3,1",
            Self::OneK => "1,k",
            Self::TwoK => "2,k",
            Self::ThreeK => "3,k",
        }
    }
}

/// The mean squares of n items by k raters, of numbers scaled to a range of 1; at least two of both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anova {
    /// How many items there are.
    pub items: f64,
    /// How many raters rated each.
    pub raters: f64,
    /// Between items, MSR, with n - 1 degrees of freedom; above zero.
    pub between_items: f64,
    /// Between raters, MSC, with k - 1.
    pub between_raters: f64,
    /// Within items, MSW, with n (k - 1).
    pub within_items: f64,
    /// What neither items nor raters explain, MSE, with (n - 1)(k - 1).
    pub error: f64,
}

/// An intraclass correlation of a complete table; `numbers` holds the number behind each category.
///
/// With n items, k raters and the mean squares of `Anova`:
/// - (1,1) = (MSR - MSW) / (MSR + (k-1) MSW); (1,k) = (MSR - MSW) / MSR
/// - (2,1) = (MSR - MSE) / (MSR + (k-1) MSE + k (MSC - MSE)/n); (2,k) = (MSR - MSE) / (MSR + (MSC - MSE)/n)
/// - (3,1) = (MSR - MSE) / (MSR + (k-1) MSE); (3,k) = (MSR - MSE) / MSR
///
/// At most 1; may be negative, when items differ less than raters' noise alone would make them. Low also where the
/// items are alike in truth: see the raw agreement beside it. Raters and items without any rating do not count.
///
/// Undefined as `Anova::of`, and `NoVariance` for (2,k) when noise within items leaves none between their means.
/// Sources: Shrout and Fleiss 1979; McGraw and Wong 1996. Panics when there is not one number for each category.
pub fn icc(table: &Table, numbers: &[f64], form: Form) -> Result<f64, Undefined> {
    Anova::of(table, numbers)?.correlation(form)
}

/// An intraclass correlation with its F interval; `n` counts items.
///
/// Assumes normal ratings; on few categories the coverage is approximate. (2,1) and (2,k) use Satterthwaite's
/// degrees of freedom, kept between the smallest and the greatest that true variances could give, k - 1 and
/// n (k - 1); beyond them lie only strongly negative correlations.
///
/// Undefined as `icc`, and `NoSpread` when no rating departs from what the form explains (all raters alike), as the
/// formula would then be certain of 1 however few the items. Also `NoVariance` for (2,k) when its lower bound has no
/// end. Source: McGraw and Wong 1996, table 7.
///
/// Panics when `level` is not between 0.5 and 1, or there is not one number for each category.
pub fn estimate(table: &Table, numbers: &[f64], form: Form, level: f64) -> Result<Estimate, Undefined> {
    assert_level(level);
    let anova = Anova::of(table, numbers)?;
    let point = anova.correlation(form)?;
    let (low, high) = anova.bounds(form, f64::midpoint(1.0, level))?;
    let (low, high) = (low.min(point), high.max(point));
    Ok(Estimate { point, low, high, level, n: anova.items as u64, method: Method::FDistribution })
}

impl Anova {
    /// The mean squares of a complete table.
    ///
    /// Undefined: `NoData`; `Repeated` when a rater rated an item twice; `OneItem`; `OneRater`; `Incomplete` when a
    /// cell is empty; `NotNumbers` when a category in use has no finite number; `NoVariance` when all items have
    /// the same mean. Panics when there is not one number for each category.
    pub fn of(table: &Table, numbers: &[f64]) -> Result<Self, Undefined> {
        assert_eq!(numbers.len(), table.n_categories(), "each category has a number");
        let (items, raters) = complete(table)?;
        let scaled = scaled(table, numbers)?;
        // The table is complete, so each row of it is as long as there are raters.
        let cells: Vec<f64> = table.ratings().iter().map(|rating| scaled[rating.category as usize]).collect();
        let (n, k) = (items as f64, raters as f64);
        let all = cells.iter().sum::<f64>() / (n * k);
        let of_items: Vec<f64> = cells.chunks_exact(raters).map(|row| row.iter().sum::<f64>() / k - all).collect();
        if of_items.iter().all(|deviation| deviation.abs() <= NO_DEVIATION) {
            return Err(Undefined::NoVariance);
        }
        let of_raters: Vec<f64> = (0..raters)
            .map(|rater| cells.iter().skip(rater).step_by(raters).map(|cell| cell - all).sum::<f64>() / n)
            .collect();
        let rest = cells.chunks_exact(raters).zip(&of_items).flat_map(|(row, of_item)| {
            row.iter().zip(&of_raters).map(move |(cell, of_rater)| cell - all - of_item - of_rater)
        });
        let (between_raters, error) = (n * sum_of_squares(of_raters.iter().copied()), sum_of_squares(rest));
        Ok(Self {
            items: n,
            raters: k,
            between_items: k * sum_of_squares(of_items.iter().copied()) / (n - 1.0),
            between_raters: between_raters / (k - 1.0),
            within_items: (between_raters + error) / (n * (k - 1.0)),
            error: error / ((n - 1.0) * (k - 1.0)),
        })
    }

    fn correlation(&self, form: Form) -> Result<f64, Undefined> {
        let Self { items: n, raters: k, between_items, between_raters, within_items, error } = *self;
        let (noise, rest) = match form {
            Form::OneOne => (within_items, (k - 1.0) * within_items),
            Form::TwoOne => (error, self.noise_of_absolute()),
            Form::ThreeOne => (error, (k - 1.0) * error),
            Form::OneK => (within_items, 0.0),
            Form::TwoK => (error, (between_raters - error) / n),
            Form::ThreeK => (error, 0.0),
        };
        let all = between_items + rest;
        if all > NO_DEVIATION * between_items { Ok((between_items - noise) / all) } else { Err(Undefined::NoVariance) }
    }

    /// (k-1) MSE + k (MSC - MSE)/n of ICC(2,1), summed so that it cannot fall below zero.
    fn noise_of_absolute(&self) -> f64 {
        let (n, k) = (self.items, self.raters);
        ((k * n - k - n) * self.error + k * self.between_raters) / n
    }

    /// Bounds of which each leaves out 1 - `share`.
    fn bounds(&self, form: Form, share: f64) -> Result<(f64, f64), Undefined> {
        let (n, k) = (self.items, self.raters);
        match form {
            Form::OneOne => self.simple_bounds(self.within_items, n * (k - 1.0), k, share),
            Form::OneK => self.simple_bounds(self.within_items, n * (k - 1.0), 1.0, share),
            Form::ThreeOne => self.simple_bounds(self.error, (n - 1.0) * (k - 1.0), k, share),
            Form::ThreeK => self.simple_bounds(self.error, (n - 1.0) * (k - 1.0), 1.0, share),
            Form::TwoOne => self.absolute_bounds(k, share),
            Form::TwoK => self.absolute_bounds(1.0, share),
        }
    }

    /// Where MSR / noise follows F: (F - 1) / (F + k - 1) at both ends, with 1 in place of k for the mean of all.
    fn simple_bounds(&self, noise: f64, df: f64, k: f64, share: f64) -> Result<(f64, f64), Undefined> {
        if noise <= NO_DEVIATION * NO_DEVIATION {
            return Err(Undefined::NoSpread);
        }
        let bound = |items: f64, noise: f64| (items - noise) / (items + (k - 1.0) * noise);
        let low = bound(self.between_items, noise * fisher(self.items - 1.0, df, share));
        let high = bound(self.between_items * fisher(df, self.items - 1.0, share), noise);
        Ok((low, high))
    }

    /// Absolute agreement of one rating, or of the mean of k with 1 in place of k in the denominators.
    fn absolute_bounds(&self, k: f64, share: f64) -> Result<(f64, f64), Undefined> {
        let Self { items: n, between_items, between_raters, error, .. } = *self;
        if error.max(between_raters) <= NO_DEVIATION * NO_DEVIATION {
            return Err(Undefined::NoSpread);
        }
        let df = self.satterthwaite();
        let rest = k * between_raters + (k * n - k - n) * error;
        let low_factor = fisher(n - 1.0, df, share);
        let high_factor = fisher(df, n - 1.0, share);
        let low_all = low_factor * rest + n * between_items;
        if low_all <= NO_DEVIATION * between_items {
            return Err(Undefined::NoVariance);
        }
        let low = n * (between_items - low_factor * error) / low_all;
        let high = n * (high_factor * between_items - error) / (rest + n * high_factor * between_items);
        Ok((low, high))
    }

    /// Degrees of freedom of the noise in absolute agreement, a MSC + b MSE with a : b taken at the ICC(2,1) found.
    fn satterthwaite(&self) -> f64 {
        let (n, k) = (self.items, self.raters);
        let found = (self.between_items - self.error) / (self.between_items + self.noise_of_absolute());
        let of_raters = k * found / n * self.between_raters;
        let of_error = (1.0 - found + k * found * (n - 1.0) / n) * self.error;
        let spread = of_raters.powi(2) / (k - 1.0) + of_error.powi(2) / ((n - 1.0) * (k - 1.0));
        ((of_raters + of_error).powi(2) / spread).clamp(k - 1.0, n * (k - 1.0))
    }
}

/// Items and raters with ratings, when each of these raters rated each of these items once.
fn complete(table: &Table) -> Result<(usize, usize), Undefined> {
    let ratings = table.ratings();
    let items = table.by_item().filter(|ratings| !ratings.is_empty()).count();
    let mut rated = vec![false; table.n_raters()];
    ratings.iter().for_each(|rating| rated[rating.rater as usize] = true);
    let raters = rated.into_iter().filter(|&rated| rated).count();
    let repeats = |pair: &[Coded]| (pair[0].item, pair[0].rater) == (pair[1].item, pair[1].rater);
    match (items, raters) {
        (0, _) => Err(Undefined::NoData),
        _ if ratings.windows(2).any(repeats) => Err(Undefined::Repeated),
        (1, _) => Err(Undefined::OneItem),
        (_, 1) => Err(Undefined::OneRater),
        _ if ratings.len() != items * raters => Err(Undefined::Incomplete),
        _ => Ok((items, raters)),
    }
}

/// The numbers moved and stretched so that those in use span 0 to 1, which leaves every correlation as it is.
fn scaled(table: &Table, numbers: &[f64]) -> Result<Vec<f64>, Undefined> {
    let used = table.ratings().iter().map(|rating| numbers[rating.category as usize]);
    let (lowest, highest) = used
        .clone()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(number), high.max(number)));
    if !used.clone().all(f64::is_finite) || !(highest - lowest).is_finite() {
        return Err(Undefined::NotNumbers);
    }
    if highest <= lowest {
        return Err(Undefined::NoVariance);
    }
    Ok(numbers.iter().map(|number| (number - lowest) / (highest - lowest)).collect())
}

fn sum_of_squares(deviations: impl Iterator<Item = f64>) -> f64 {
    deviations.map(|deviation| deviation * deviation).sum()
}

/// The F distribution's quantile, from those of beta at both ends, so that neither end loses digits.
fn fisher(df1: f64, df2: f64, share: f64) -> f64 {
    let below = quantile::beta(df1 / 2.0, df2 / 2.0, share);
    let above = quantile::beta(df2 / 2.0, df1 / 2.0, 1.0 - share);
    df2 * below / (df1 * above)
}
