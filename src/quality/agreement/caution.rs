//! Cautions: what may mislead whoever reads a coefficient of agreement.
//!
//! In: the patterns. Out: the cautions that apply, each with a sentence for the report.
//! They speak of the data, never of how good the agreement is.

use super::super::patterns::Patterns;

/// Above this share of one category, coefficients that correct for chance by the category shares fall.
const LARGE_SHARE: f64 = 0.8;
/// Below this many items, coefficients vary too much to be trusted without their interval.
const FEW_ITEMS: u64 = 100;

/// Something to know before reading a coefficient of agreement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caution {
    /// One category has more than 80 % of the ratings: the kappa paradox (Feinstein and Cicchetti 1990).
    RareCategory {
        /// The largest category's share of all ratings.
        share: f64,
    },
    /// Fewer than 100 items have two ratings.
    FewItems {
        /// Items with two ratings or more.
        items: u64,
    },
    /// Fewer than half of the rated items have two ratings.
    FewPairs {
        /// Items with two ratings or more.
        pairable: u64,
        /// Items with a rating.
        items: u64,
    },
}

impl Caution {
    /// The caution as a sentence for a report.
    pub fn sentence(&self) -> String {
        match self {
            // Rounded down, so that a share just below 1 is not said to be all.
            Self::RareCategory { share } => format!(
                "{:.0} % of the ratings have the same value, so kappa and alpha can be low although raters agree: \
                 read the raw agreement and AC1 or AC2 beside them.",
                (share * 100.0).floor()
            ),
            Self::FewItems { items: 0 } => "No item has two ratings, so agreement cannot be seen.".to_owned(),
            Self::FewItems { items: 1 } => "Only one item has two ratings: its agreement says little.".to_owned(),
            Self::FewItems { items } => {
                format!("Only {items} items have two ratings: read the interval rather than the figure.")
            }
            Self::FewPairs { pairable, items } => format!(
                "{pairable} of {items} rated items have two ratings: the agreement may not be that of the others."
            ),
        }
    }
}

/// The cautions that apply to coefficients of agreement for these items; none where nothing is rated.
pub fn cautions(patterns: &Patterns) -> Vec<Caution> {
    let (items, pairable) = (patterns.n_items(), patterns.n_pairable());
    if items == 0 {
        return Vec::new();
    }
    let share = largest_share(patterns);
    let rare = (share > LARGE_SHARE).then_some(Caution::RareCategory { share });
    let few_items = (pairable < FEW_ITEMS).then_some(Caution::FewItems { items: pairable });
    let few_pairs = (pairable > 0 && pairable * 2 < items).then_some(Caution::FewPairs { pairable, items });
    [rare, few_items, few_pairs].into_iter().flatten().collect()
}

/// The share of all ratings that the most used category has.
fn largest_share(patterns: &Patterns) -> f64 {
    let mut ratings = vec![0; patterns.n_categories()];
    for pattern in patterns.iter() {
        for count in pattern.counts {
            ratings[count.category as usize] += u64::from(count.ratings) * pattern.items;
        }
    }
    let largest = ratings.into_iter().max().unwrap_or(0);
    largest as f64 / patterns.n_ratings() as f64
}
