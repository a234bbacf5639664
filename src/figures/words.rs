//! Words: figures as people read them.
//!
//! In: shares, coefficients and counts. Out: text such as `82.1 %`, `74.0 to 88.5 %`, `1,770 ratings`. It rounds and
//! judges nothing.

use crate::quality::clustered::Clustered;

/// What stands in place of a figure that there is not; the reason stands beside it.
pub const UNDEFINED: &str = "undefined";

/// A share as a percentage with one decimal; none where it is 0 or 1, and more where it would read as if it were.
pub fn percent(share: f64) -> String {
    match share {
        0.0 => "0 %".to_owned(),
        1.0 => "100 %".to_owned(),
        share => {
            let at = |decimals: usize| format!("{:.decimals$}", share * 100.0);
            let is_told = |text: &String| !matches!(text.parse(), Ok(0.0 | 100.0));
            // What is left is an error of rounding.
            let told = (1..7).map(at).find(is_told);
            told.map_or_else(|| percent(share.round()), |text| format!("{text} %"))
        }
    }
}

/// A share that somebody set, without needless zeros.
pub fn threshold(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A share with as many decimals as it takes to tell it from another one.
pub fn percent_beside(share: f64, other: f64) -> String {
    let at = |decimals: usize, share: f64| format!("{:.decimals$}", share * 100.0);
    let decimals = (1..6).find(|decimals| share == other || at(*decimals, share) != at(*decimals, other));
    format!("{} %", at(decimals.unwrap_or(6), share))
}

/// A coefficient with two decimals, such as `.78` written `0.78`.
pub fn coefficient(value: f64) -> String {
    // Rounding may leave a minus sign before a zero.
    format!("{:.2}", if value.abs() < 0.005 { 0.0 } else { value })
}

/// A coefficient that somebody set, without needless zeros.
pub fn coefficient_threshold(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A coefficient with as many decimals as it takes to tell it from another one.
pub fn coefficient_beside(value: f64, other: f64) -> String {
    let at = |decimals: usize, value: f64| format!("{value:.decimals$}");
    let decimals = (2..6).find(|decimals| value == other || at(*decimals, value) != at(*decimals, other));
    at(decimals.unwrap_or(6), value)
}

/// `0.74 to 0.88`.
pub fn coefficient_interval(low: f64, high: f64) -> String {
    format!("{} to {}", coefficient(low), coefficient(high))
}

/// `74.0 to 88.5 %`.
pub fn interval(low: f64, high: f64) -> String {
    format!("{:.1} to {:.1} %", low * 100.0, high * 100.0)
}

/// An amount in units of a scale: two decimals, more where it is small, fewer where it is large.
pub fn amount(value: f64) -> String {
    let size = value.abs();
    match size {
        // What rounding leaves of nothing.
        ..1e-9 => "0.00".to_owned(),
        ..0.01 => {
            let decimals = 1 - size.log10().floor() as i32;
            format!("{value:.*}", decimals.max(2) as usize)
        }
        ..100.0 => format!("{value:.2}"),
        ..1e9 => format!("{value:.1}"),
        _ => format!("{value:.3e}"),
    }
}

/// `0.31 to 1.20`.
pub fn amount_interval(low: f64, high: f64) -> String {
    format!("{} to {}", amount(low), amount(high))
}

/// An amount that may be above or below, with its sign: `+0.42`.
pub fn signed(value: f64) -> String {
    let text = amount(value);
    if value >= 1e-9 { format!("+{text}") } else { text }
}

/// `-0.12 to +0.95`.
pub fn signed_interval(low: f64, high: f64) -> String {
    format!("{} to {}", signed(low), signed(high))
}

/// By how much a share is lower or higher, in points: `17.3 points lower`.
pub fn points(change: f64) -> String {
    let way = if change < 0.0 { "lower" } else { "higher" };
    format!("{:.1} points {way}", change.abs() * 100.0)
}

/// Between which two changes: `29.4 to 5.2 points lower`, `3.0 points lower to 4.1 points higher`.
pub fn points_between(low: f64, high: f64) -> String {
    if low < 0.0 && high >= 0.0 {
        return format!("{} to {}", points(low), points(high));
    }
    format!("{:.1} to {}", low.abs() * 100.0, points(high))
}

/// A whole number with commas.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of money: `2,304`, `7.50`.
pub fn money(amount: f64) -> String {
    let cents = (amount * 100.0).round() as u64;
    let whole = number(cents / 100);
    if cents.is_multiple_of(100) { whole } else { format!("{whole}.{:02}", cents % 100) }
}

/// `1 item`, `1,770 items`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// `1,770 ratings of 177 items by 34 raters`.
pub fn counts(of: &Clustered) -> String {
    ratings_of(of.n_ratings, of.n_items, of.n_raters)
}

/// The same from numbers.
pub fn ratings_of(ratings: u64, items: u64, raters: u64) -> String {
    let [items, raters] = [counted(items, "item", "items"), counted(raters, "rater", "raters")];
    format!("{} of {items} by {raters}", counted(ratings, "rating", "ratings"))
}

/// `177 items by 34 raters`.
pub fn items_by_raters(of: &Clustered) -> String {
    format!("{} by {}", counted(of.n_items, "item", "items"), counted(of.n_raters, "rater", "raters"))
}

/// `45 s`, `54 min`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match minutes {
        0..2 => format!("{seconds:.0} s"),
        2..120 => format!("{minutes} min"),
        _ => format!("{} h {} min", number(minutes / 60), minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages_with_one_decimal() {
        assert_eq!(percent(0.821), "82.1 %");
        assert_eq!(
            (threshold(0.85), threshold(0.9), threshold(0.875)),
            ("85 %".into(), "90 %".into(), "87.5 %".into())
        );
        assert_eq!((percent(0.0), percent(1.0)), ("0 %".to_owned(), "100 %".to_owned()));
        assert_eq!(
            [2999.0 / 3000.0, 1.0 / 3000.0, 1.0 - 1e-6, 1.0 - 1e-12].map(percent),
            ["99.97 %", "0.03 %", "99.9999 %", "100 %"]
        );
        assert_eq!(interval(0.74, 0.8849), "74.0 to 88.5 %");
    }

    #[test]
    fn changes_are_points_lower_or_higher() {
        assert_eq!(points(-0.1734), "17.3 points lower");
        assert_eq!(points_between(-0.294, -0.052), "29.4 to 5.2 points lower");
        assert_eq!(points_between(-0.03, 0.041), "3.0 points lower to 4.1 points higher");
        assert_eq!(points_between(0.01, 0.02), "1.0 to 2.0 points higher");
    }

    #[test]
    fn amounts_have_as_many_decimals_as_say_something() {
        let amounts = [0.0, 1e-17, 0.00123, -0.05, 0.4, -1.25, 99.994, 123.44, 1e12];
        let expected = ["0.00", "0.00", "0.0012", "-0.05", "0.40", "-1.25", "99.99", "123.4", "1.000e12"];
        assert_eq!(amounts.map(amount), expected);
        assert_eq!((signed_interval(-0.123, 0.95), signed(-1e-17)), ("-0.12 to +0.95".into(), "0.00".into()));
        assert_eq!(amount_interval(0.0, 1.2), "0.00 to 1.20");
    }

    #[test]
    fn a_bound_never_looks_like_the_bar_it_misses() {
        assert_eq!(percent_beside(0.84996, 0.85), "84.996 %");
        assert_eq!(percent_beside(0.8, 0.85), "80.0 %");
        assert_eq!(percent_beside(0.85, 0.85), "85.0 %");
    }

    #[test]
    fn times_have_the_unit_that_fits() {
        assert_eq!([45.0, 3240.0, 7500.0].map(duration), ["45 s", "54 min", "2 h 5 min"]);
    }

    #[test]
    fn money_has_cents_where_it_has_any() {
        assert_eq!([2304.0, 7.5, 2304.456, 0.999].map(money), ["2,304", "7.50", "2,304.46", "1"]);
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(counted(1_234_567, "rating", "ratings"), "1,234,567 ratings");
        assert_eq!(counted(1, "item", "items"), "1 item");
    }
}
