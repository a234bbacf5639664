//! Bars: whether a quality has been shown, and how much gold it would take.
//!
//! In: one-sided bounds, a number of gold items, a bar. Out: a verdict, or a number of gold items.
//! Each part of a bar has its own verdict; whoever holds several parts or many looks adjusts for that.
//! Never says more than the bounds do: in between, and with little gold, it is "not yet shown".

use super::{assert_level, quantile};

/// More gold items than this are not within reason.
pub(super) const WITHIN_REASON: f64 = 100_000.0;
/// The chance with which the planned gold should decide.
const POWER: f64 = 0.8;

/// What the data say about one part of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The lower bound reaches the bar.
    Meets,
    /// The upper bound falls short of the bar.
    Below,
    /// Neither, or too few gold items for a verdict.
    NotYetShown,
    /// A verdict that is given once, on more items than there are yet.
    Planned,
}

impl Verdict {
    /// The verdict in the words of a report.
    pub fn words(self) -> &'static str {
        match self {
            Self::Meets => "meets the bar",
            Self::Below => "below the bar",
            Self::NotYetShown => "not yet shown",
            Self::Planned => "planned",
        }
    }

    /// The verdict as machines and styles name it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Below => "below",
            Self::NotYetShown => "not-yet-shown",
            Self::Planned => "planned",
        }
    }
}

/// The verdict from one-sided bounds (95 % each way, as reports have it), silent below `minimum` gold items.
pub fn verdict(lower: f64, upper: f64, n_gold_items: u64, minimum: u64, bar: f64) -> Verdict {
    if n_gold_items < minimum {
        Verdict::NotYetShown
    } else if lower >= bar {
        Verdict::Meets
    } else if upper < bar {
        Verdict::Below
    } else {
        Verdict::NotYetShown
    }
}

/// What gold items bring: how the effective number of answers grows with them.
///
/// With N gold items, each rated as often as today's, it is 1 / (1/(`per_item` · N) + 1/`ceiling`): the variance
/// has a part that falls with items, and a part that only more raters would lessen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GoldYield {
    /// Effective answers that a gold item brings.
    pub per_item: f64,
    /// Effective answers that gold without end would come to; infinite where raters do not matter.
    pub ceiling: f64,
    /// Effective answers that a gold item brings while every answer is right (or every one wrong).
    pub per_flawless_item: f64,
}

impl GoldYield {
    /// One independent answer an item: a single rater, a single criterion.
    pub const ONE_ANSWER: Self = Self { per_item: 1.0, ceiling: f64::INFINITY, per_flawless_item: 1.0 };

    /// Gold items that bring at least `needed` effective answers; infinite when none do.
    pub(super) fn items_for(&self, needed: f64) -> f64 {
        let room = 1.0 / needed - 1.0 / self.ceiling;
        if room > 0.0 { 1.0 / (self.per_item * room) } else { f64::INFINITY }
    }
}

/// How many gold items in all would decide the bar with 80 % chance if `point` were the truth.
///
/// One-sided test at 1 - `level` (bars: 0.95), with p₀ = `bar`, p₁ = `point`, d = |p₁ - p₀|, z normal quantiles:
/// n₀ = ((z_level √(p₀(1-p₀)) + z_0.8 √(p₁(1-p₁))) / d)², then n = n₀/4 · (1 + √(1 + 2/(n₀ d)))² for the exact
/// test's steps, turned into items by `gold`; and never fewer than flawless answers would need. From .90 against
/// .85 this is 302 independent answers (exact search: 80 % first at 281, for good at 304); at level 0.975 it is
/// 383 (first at 356, for good at 379). For points below the bar it may be a tenth short.
///
/// `None` when no number within reason (100,000) would: the point is on the bar, the bar is not between 0 and 1,
/// or raters differ so much that only more raters would help.
///
/// Source: Fleiss, Levin and Paik 2003, section 2.5 (one-sample test with continuity correction).
/// Panics when `level` is not between 0.5 and 1.
pub fn items_to_decide(point: f64, bar: f64, level: f64, gold: &GoldYield) -> Option<u64> {
    assert_level(level);
    let inside = (0.0..=1.0).contains(&point) && bar > 0.0 && bar < 1.0;
    if !inside || point == bar {
        return None;
    }
    let items = gold.items_for(answers_to_decide(point, bar, level));
    let all_alike = if point > bar { bar } else { 1.0 - bar };
    let flawless = (1.0 - level).ln() / all_alike.ln() / gold.per_flawless_item;
    let needed = items.max(flawless).ceil();
    (needed <= WITHIN_REASON).then_some(needed as u64)
}

/// How many items in all would decide a bar on a figure that is no share, with 80 % chance if `point` were the truth.
///
/// For figures whose standard error falls with the square root of the number of items, such as coefficients of
/// agreement: n' = n ((t_level(n-1) + z_0.8) · se / |point - bar|)², with the standard error from today's n items.
/// With a standard error of 0 agreement is flawless, and n' that of n right of n: ln(1 - level) / ln(bar).
/// `None` when no number within reason (100,000) would.
///
/// Panics when `level` is not between 0.5 and 1.
pub fn items_to_decide_by_error(point: f64, bar: f64, level: f64, standard_error: f64, items: u64) -> Option<u64> {
    assert_level(level);
    if items < 2 || point == bar {
        return None;
    }
    if standard_error <= 0.0 {
        // Flawless agreement shows a bar as n right of n do.
        let needed = ((1.0 - level).ln() / bar.ln()).ceil();
        return (point > bar && bar > 0.0 && needed <= WITHIN_REASON).then_some(needed as u64);
    }
    let reach = quantile::student((items - 1) as f64, level) + quantile::normal(POWER);
    let needed = (items as f64 * (reach * standard_error / (point - bar)).powi(2)).ceil();
    (needed <= WITHIN_REASON).then_some((needed as u64).max(2))
}

/// Independent answers that decide with the planned power.
fn answers_to_decide(point: f64, bar: f64, level: f64) -> f64 {
    let distance = (point - bar).abs();
    let deviation = |p: f64| (p * (1.0 - p)).sqrt();
    let reach = quantile::normal(level) * deviation(bar) + quantile::normal(POWER) * deviation(point);
    let smooth = (reach / distance).powi(2);
    smooth / 4.0 * (1.0 + (1.0 + 2.0 / (smooth * distance)).sqrt()).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_verdict_needs_a_bound_beyond_the_bar_and_enough_gold() {
        assert_eq!(verdict(0.85, 0.93, 100, 20, 0.85), Verdict::Meets);
        assert_eq!(verdict(0.80, 0.849, 100, 20, 0.85), Verdict::Below);
        assert_eq!(verdict(0.80, 0.85, 100, 20, 0.85), Verdict::NotYetShown);
        assert_eq!(verdict(0.95, 1.0, 19, 20, 0.85), Verdict::NotYetShown);
        assert_eq!(verdict(f64::NAN, f64::NAN, 100, 20, 0.85), Verdict::NotYetShown);
    }

    /// Exact binomial search (SciPy 1.17.1): the smallest n from which on the exact one-sided test keeps 80 % power.
    #[test]
    fn the_number_of_answers_agrees_with_an_exact_search() {
        let cases = [
            (0.90, 0.85, 0.95, 304),
            (0.90, 0.85, 0.975, 379),
            (0.80, 0.85, 0.95, 381),
            (0.95, 0.85, 0.95, 68),
            (0.99, 0.85, 0.95, 30),
            (0.95, 0.90, 0.95, 203),
            (0.82, 0.80, 0.95, 2476),
            (0.90, 0.80, 0.95, 94),
            (0.98, 0.95, 0.95, 286),
        ];
        for (point, bar, level, exact) in cases {
            let found = items_to_decide(point, bar, level, &GoldYield::ONE_ANSWER).unwrap();
            let off = found as f64 / f64::from(exact) - 1.0;
            assert!(off.abs() < 0.06, "{point} against {bar}: {found} v {exact}");
        }
    }

    #[test]
    fn nothing_decides_when_the_point_is_the_bar_or_raters_are_the_limit() {
        assert_eq!(items_to_decide(0.85, 0.85, 0.95, &GoldYield::ONE_ANSWER), None);
        assert_eq!(items_to_decide(0.851, 0.85, 0.95, &GoldYield::ONE_ANSWER), None);
        let few_raters = GoldYield { ceiling: 250.0, ..GoldYield::ONE_ANSWER };
        assert_eq!(items_to_decide(0.90, 0.85, 0.95, &few_raters), None);
        assert_eq!(items_to_decide(0.90, 1.0, 0.95, &GoldYield::ONE_ANSWER), None);
        assert_eq!(items_to_decide(f64::NAN, 0.85, 0.95, &GoldYield::ONE_ANSWER), None);
    }

    #[test]
    fn more_answers_an_item_need_fewer_items_but_never_fewer_than_flawless_ones() {
        let three = GoldYield { per_item: 3.0, ..GoldYield::ONE_ANSWER };
        assert_eq!(items_to_decide(0.90, 0.85, 0.95, &three), Some(101));
        assert_eq!(items_to_decide(0.99, 0.85, 0.95, &three), Some(19));
        assert_eq!(items_to_decide(1.0, 0.90, 0.95, &GoldYield { per_item: 9.0, ..three }), Some(29));
    }

    /// By hand: (t_.95(99) + z_.8) = 1.66039 + 0.84162; 100 · (2.50201 · 0.05 / 0.1)² = 156.5.
    #[test]
    fn figures_with_a_standard_error_need_items_by_its_square() {
        assert_eq!(items_to_decide_by_error(0.7, 0.6, 0.95, 0.05, 100), Some(157));
        assert_eq!(items_to_decide_by_error(0.6, 0.6, 0.95, 0.05, 100), None);
        assert_eq!(items_to_decide_by_error(1.0, 0.95, 0.95, 0.0, 30), Some(59));
        assert_eq!(items_to_decide_by_error(0.601, 0.6, 0.95, 0.5, 100), None);
    }

    proptest! {
        #[test]
        fn a_farther_bar_never_needs_more_gold(point in 0.5..1.0_f64, near in 0.01..0.2_f64, far in 0.0..0.2_f64) {
            let need = |distance: f64| items_to_decide(point, point - distance, 0.95, &GoldYield::ONE_ANSWER);
            let (close, away) = (need(near), need(near + far));
            prop_assert!(away.unwrap_or(u64::MAX) <= close.unwrap_or(u64::MAX));
        }
    }
}
