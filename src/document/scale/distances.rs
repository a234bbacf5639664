//! Distances: how far values of a scale are from each other.
//!
//! In: a scale. Out: where its values lie, and what that is counted in. Values in order that are numbers lie where these
//! say, others at their places. It compares nothing.

use super::{Choice, Kind, Scale};

/// What distances are counted in where values lie at their places.
const PLACES: &str = "places on the scale";
/// What they are counted in where numbers have no unit.
const NUMBERS: &str = "the scale's own numbers";

/// Where the values of a scale lie.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleDistances<'a> {
    /// Each value that can be listed, with where it lies; none on a scale of numbers.
    declared: Option<Vec<(&'a str, f64)>>,
    /// What distances are counted in: a unit, places, or numbers without a unit.
    pub unit: &'a str,
    /// The greatest distance of two values; none where there is no bound.
    pub span: Option<f64>,
}

impl ScaleDistances<'_> {
    /// Where a value lies; none if it is not on the scale.
    pub fn position(&self, value: &str) -> Option<f64> {
        match &self.declared {
            Some(declared) => declared.iter().find(|(known, _)| *known == value).map(|(_, position)| *position),
            None => number(value),
        }
    }
}

impl Scale {
    /// Where values lie; none where no value is higher than another.
    pub fn distances(&self) -> Option<ScaleDistances<'_>> {
        match &self.0 {
            Kind::Ordinal(choices) => Some(of_choices(choices)),
            Kind::Number { min, max, unit } => Some(ScaleDistances {
                declared: None,
                unit: unit.as_deref().unwrap_or(NUMBERS),
                span: min.zip(*max).map(|(min, max)| max - min),
            }),
            Kind::Nominal(_) | Kind::Set(_) | Kind::Steps(_) | Kind::Text => None,
        }
    }
}

fn of_choices(choices: &[Choice]) -> ScaleDistances<'_> {
    let numbers: Option<Vec<f64>> = choices.iter().map(|choice| number(&choice.value)).collect();
    // Numbers that go up and down are names: the declared order is what counts.
    let numbers = numbers.filter(|of| of.is_sorted_by(|a, b| a < b) || of.is_sorted_by(|a, b| a > b));
    let unit = if numbers.is_some() { NUMBERS } else { PLACES };
    let positions = numbers.unwrap_or_else(|| (1..=choices.len()).map(|place| place as f64).collect());
    let span = positions.first().zip(positions.last()).map(|(first, last)| (last - first).abs());
    let declared = choices.iter().map(|choice| choice.value.as_str()).zip(positions).collect();
    ScaleDistances { declared: Some(declared), unit, span }
}

/// The number that a value is; `nan` and `inf` are words.
fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordinal(values: &[&str]) -> Scale {
        let choice = |value: &&str| Choice { value: (*value).to_owned(), meaning: String::new() };
        Scale(Kind::Ordinal(values.iter().map(choice).collect()))
    }

    #[test]
    fn values_in_order_lie_where_their_numbers_say_and_at_their_places_where_they_are_none() {
        let of = |values: &[&str]| {
            let scale = ordinal(values);
            let distances = scale.distances().unwrap();
            let positions: Vec<f64> = values.iter().filter_map(|value| distances.position(value)).collect();
            (positions, distances.unit.to_owned(), distances.span)
        };
        assert_eq!(of(&["1", "2", "5"]), (vec![1.0, 2.0, 5.0], NUMBERS.to_owned(), Some(4.0)));
        assert_eq!(of(&["10", "0", "-10"]), (vec![10.0, 0.0, -10.0], NUMBERS.to_owned(), Some(20.0)));
        assert_eq!(of(&["low", "mid", "high"]), (vec![1.0, 2.0, 3.0], PLACES.to_owned(), Some(2.0)));
        assert_eq!(of(&["1", "3", "2"]), (vec![1.0, 2.0, 3.0], PLACES.to_owned(), Some(2.0)));
        assert_eq!(of(&["1", "2", "inf"]), (vec![1.0, 2.0, 3.0], PLACES.to_owned(), Some(2.0)));
        assert_eq!(ordinal(&["1", "2"]).distances().unwrap().position("3"), None);
    }

    #[test]
    fn numbers_have_a_span_where_both_ends_are_declared() {
        let number = |max| Scale(Kind::Number { min: Some(-1.0), max, unit: Some("min".to_owned()) });
        let bounded = number(Some(5.0));
        let distances = bounded.distances().unwrap();
        assert_eq!((distances.unit, distances.span), ("min", Some(6.0)));
        assert_eq!(
            [distances.position("2.5"), distances.position("unsure"), distances.position("nan")],
            [Some(2.5), None, None]
        );
        assert_eq!(number(None).distances().unwrap().span, None);
        assert_eq!(Scale(Kind::Nominal(Vec::new())).distances(), None);
    }
}
