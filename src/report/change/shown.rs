//! Shown: which of a report's figures moved by more than chance explains, all of them taken together.
//!
//! In: what all series of a cohort did by a week, and the policy. Out: for each figure its adjusted p-value, what is shown,
//! and the smallest fall that would have been. Without a margin that was set beforehand nothing is ever called unchanged.

use super::compared::{Compared, Movement, SeriesChange};
use super::policy::ChangePolicy;
use crate::quality::adjust::holm;
use crate::quality::contrast::Contrast;

/// With which chance the smallest fall would have been shown.
const POWER: f64 = 0.8;

/// Judges all differences of a report, which are tested together (Holm 1979), and its trends.
pub fn judge(series: &mut [&mut SeriesChange], policy: &ChangePolicy) {
    let mut tested: Vec<(&mut Compared, Contrast)> = series
        .iter_mut()
        .flat_map(|series| series.tested())
        .filter_map(|compared| {
            let change = compared.change.as_ref().ok().copied()?;
            Some((compared, change))
        })
        .collect();
    let p_values: Vec<f64> = tested.iter().map(|(_, change)| change.p_value).collect();
    let risk = policy.report / p_values.len().max(1) as f64;
    // All p-values are from 0 to 1, so that there are as many adjusted ones.
    for ((compared, change), adjusted) in tested.iter_mut().zip(holm(&p_values).unwrap_or_default()) {
        compared.adjusted = Some(adjusted);
        compared.smallest = Some(change.smallest_shown(risk, POWER));
        compared.movement = movement(change, adjusted <= policy.report, policy.margin);
    }
    for beside in series.iter_mut().filter_map(|series| series.beside.as_mut()) {
        if matches!(beside.own.movement, Movement::Fell | Movement::Rose) && beside.is_others() {
            beside.own.movement = Movement::OthersMoved;
        }
    }
    for trend in series.iter_mut().map(|series| &mut series.trend) {
        if let Ok(slope) = &trend.slope {
            trend.movement = movement(slope, slope.p_value <= policy.trend, None);
        }
    }
}

fn movement(change: &Contrast, is_shown: bool, margin: Option<f64>) -> Movement {
    let is_within = |margin: f64| -margin <= change.estimate.low && change.estimate.high <= margin;
    match change.estimate.point {
        _ if margin.is_some_and(is_within) => Movement::WithinMargin,
        point if is_shown && point < 0.0 => Movement::Fell,
        point if is_shown && point > 0.0 => Movement::Rose,
        _ => Movement::NotShown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::{Estimate, Method};

    fn change(point: f64, reach: f64) -> Contrast {
        let (low, high) = (point - reach, point + reach);
        let estimate = Estimate { point, low, high, level: 0.95, n: 9, method: Method::LinearisedTwoWay };
        Contrast { estimate, standard_error: reach / 2.0, degrees: 30.0, p_value: 0.5 }
    }

    #[test]
    fn unchanged_is_said_only_within_a_margin_that_was_set() {
        assert_eq!(movement(&change(-0.01, 0.03), false, None), Movement::NotShown);
        assert_eq!(movement(&change(-0.01, 0.03), false, Some(0.05)), Movement::WithinMargin);
        assert_eq!(movement(&change(-0.01, 0.06), false, Some(0.05)), Movement::NotShown);
        assert_eq!(movement(&change(-0.2, 0.1), true, Some(0.05)), Movement::Fell);
        assert_eq!(movement(&change(0.2, 0.1), true, Some(0.05)), Movement::Rose);
        assert_eq!(movement(&change(-0.02, 0.01), true, Some(0.05)), Movement::WithinMargin);
    }
}
