//! Cautions: what may mislead whoever reads a figure.
//!
//! In: patterns, figures on gold, numbers of items and raters. Out: the cautions that apply beyond the `limits`, each as a
//! sentence. They speak of the data, never of how good it is.

use super::categories::{Categories, ac_name};
use super::confusion::{Most, Rare};
use super::limits::{FEW_ITEMS, PREVAILS, RELIABLE, TENTATIVE};
use super::{Share, words};
use crate::quality::patterns::Patterns;

/// Krippendorff's guide as a sentence.
pub const GUIDE: &str =
    "Krippendorff's own guide for alpha is at least 0.80 for firm and 0.667 for tentative conclusions.";

/// Something to know before reading figures of agreement.
#[derive(Clone, Debug, PartialEq)]
pub enum Caution {
    /// One category has more than `PREVAILS` of the ratings: the kappa paradox.
    Prevails {
        /// The category.
        category: String,
        /// Its share of all ratings.
        share: f64,
        /// The coefficient to read instead, if there is one.
        beside: Option<&'static str>,
    },
    /// Fewer than `FEW_ITEMS` items have two ratings.
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
    /// The caution as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Prevails { category, share, beside } => {
                let share = words::percent_beside(*share, 1.0);
                let beside = beside.map_or(String::new(), |ac| {
                    format!(" and {ac}, which does not fall with the share of one category")
                });
                format!(
                    "{share} of the ratings are `{category}`, so that chance alone would agree often and alpha and kappa \
                     are low even where raters agree: read them beside raw agreement{beside}."
                )
            }
            Self::FewItems { items: 0 } => "No item has two ratings, so agreement cannot be seen.".to_owned(),
            Self::FewItems { items: 1 } => "Only one item has two ratings: its agreement says little.".to_owned(),
            Self::FewItems { items } => format!(
                "Only {items} items have two ratings: read the intervals rather than the figures, and take them for rough."
            ),
            Self::FewPairs { pairable, items } => format!(
                "{} of {} rated items have two ratings: the agreement may not be that of the others.",
                words::number(*pairable),
                words::number(*items)
            ),
        }
    }
}

/// The cautions that apply to agreement on these items; none where nothing is rated.
pub fn of_agreement(patterns: &Patterns, categories: &Categories<'_>) -> Vec<Caution> {
    let (items, pairable) = (patterns.n_items(), patterns.n_pairable());
    if items == 0 {
        return Vec::new();
    }
    let (category, share) = most_used(patterns);
    let prevails = (share > PREVAILS).then(|| Caution::Prevails {
        category: categories.names[category].to_owned(),
        share,
        beside: categories.weighting.map(|kind| ac_name(Some(kind))),
    });
    let few_items = (pairable < FEW_ITEMS).then_some(Caution::FewItems { items: pairable });
    let few_pairs = (pairable > 0 && pairable * 2 < items).then_some(Caution::FewPairs { pairable, items });
    [prevails, few_items, few_pairs].into_iter().flatten().collect()
}

/// The category with most ratings, and its share of all of them.
fn most_used(patterns: &Patterns) -> (usize, f64) {
    let mut ratings = vec![0; patterns.n_categories()];
    for pattern in patterns.iter() {
        for count in pattern.counts {
            ratings[count.category as usize] += u64::from(count.ratings) * pattern.items;
        }
    }
    let most = ratings.into_iter().enumerate().max_by_key(|(category, count)| (*count, usize::MAX - category));
    most.map_or((0, 0.0), |(category, count)| (category, count as f64 / patterns.n_ratings() as f64))
}

/// What limits a share that was found over items and raters; none where there are enough of both.
pub fn of_share(share: &Share) -> Option<&'static str> {
    share.as_ref().map_or(None, |of| of_clusters(of.n_items, of.n_raters))
}

/// What limits any figure that was found over so many items and raters.
pub fn of_clusters(items: u64, raters: u64) -> Option<&'static str> {
    match (items, raters) {
        (0, _) => None,
        (_, 1) => Some("One rater: the interval speaks of that rater only."),
        (_, 2) => Some("Two raters: hardly anything shows how raters differ."),
        (1, _) => Some("One item: nothing shows how items differ."),
        _ => None,
    }
}

/// What to know of accuracy where one category makes up most of the gold, or hardly any of it.
pub fn of_gold(most: Option<&Most>, rare: &[Rare]) -> Vec<String> {
    most.map(most_of_gold).into_iter().chain(rare.iter().map(rare_in_gold)).collect()
}

fn most_of_gold(most: &Most) -> String {
    let (share, category) = (words::percent(most.share), &most.category);
    let of_others = match &most.others {
        Ok(others) => format!(
            "on the other categories {} ({}; {}) is right out of asked",
            words::percent(others.estimate.point),
            words::interval(others.estimate.low, others.estimate.high),
            words::counts(others)
        ),
        Err(_) => "there is no gold of other categories".to_owned(),
    };
    format!("{share} of the gold is `{category}`, so that accuracy says little of the rest: {of_others}.")
}

fn rare_in_gold(rare: &Rare) -> String {
    let (share, category) = (words::percent(rare.share), &rare.category);
    let ratings = words::counted(rare.asked, "rating", "ratings");
    let items = words::counted(rare.items, "item", "items");
    let right = words::number(rare.right);
    format!("`{category}` is rare: {share} of the gold ({ratings} of {items}, {right} of them right).")
}

/// What Krippendorff's own guide says of an interval of alpha.
pub fn guide(low: f64, high: f64) -> String {
    if low >= RELIABLE {
        format!("Alpha is at least {RELIABLE:.2} throughout its interval: reliable by Krippendorff's own guide.")
    } else if high < TENTATIVE {
        format!(
            "Alpha is below {TENTATIVE} throughout its interval: too low for conclusions, by Krippendorff's own guide."
        )
    } else if low >= TENTATIVE && high < RELIABLE {
        format!(
            "Alpha lies between {TENTATIVE} and {RELIABLE:.2}: for tentative conclusions only, by Krippendorff's own guide."
        )
    } else {
        format!(
            "The interval of alpha spans a bound of Krippendorff's guide ({TENTATIVE} or {RELIABLE:.2}): the data do not \
             decide between its verdicts."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::categories::weighting;
    use crate::quality::agreement::Level;

    fn found(items: &[&[u32]], level: Level) -> Vec<Caution> {
        let patterns = Patterns::of(2, items.iter().map(|item| item.iter().copied()));
        let names = vec!["pos", "neg"];
        let categories =
            Categories { level, names, numbers: Vec::new(), in_common: None, weighting: Some(weighting(level)) };
        of_agreement(&patterns, &categories)
    }

    /// Gwet 2002: two raters, 118 / 5 / 2 / 0. Agreement and AC1 are high, kappa and alpha below zero.
    #[test]
    fn the_paradox_of_kappa_is_cautioned() {
        let both: [&[u32]; 1] = [&[0, 0]];
        let items: Vec<&[u32]> = [both.repeat(118), vec![[0, 1].as_slice(); 7]].concat();
        let found = found(&items, Level::Nominal);
        let prevails = Caution::Prevails { category: "pos".to_owned(), share: 243.0 / 250.0, beside: Some("AC1") };
        assert_eq!(found, [prevails]);
        assert!(found[0].sentence().starts_with("97.2 % of the ratings are `pos`"), "{}", found[0].sentence());
    }

    #[test]
    fn few_items_and_few_pairs_are_cautioned() {
        let found = found(&[&[0], &[1], &[0, 1]], Level::Ordinal);
        assert_eq!(found, [Caution::FewItems { items: 1 }, Caution::FewPairs { pairable: 1, items: 3 }]);
        assert!(found.iter().all(|caution| caution.sentence().ends_with('.')));
        assert_eq!(self::found(&[], Level::Nominal), []);
        assert_eq!(self::found(&[[0, 1].as_slice(); FEW_ITEMS as usize], Level::Nominal), []);
    }

    #[test]
    fn the_guide_has_its_bounds_and_says_when_they_are_spanned() {
        let verdicts = [guide(0.8, 0.9), guide(0.667, 0.79), guide(0.2, 0.66), guide(0.6, 0.7)];
        let words = ["reliable", "tentative", "too low", "do not decide"];
        assert!(verdicts.iter().zip(words).all(|(verdict, word)| verdict.contains(word)), "{verdicts:?}");
        assert!(GUIDE.contains(&format!("{RELIABLE:.2}")) && GUIDE.contains(&TENTATIVE.to_string()));
    }
}
