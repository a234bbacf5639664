//! Categories: the labels of a table in the order of their scale.
//!
//! In: distinct labels, and the scale if it was declared. Out: the categories, and for each label its category. The
//! order is that of the numbers if all labels are numbers, else that of the text. It never drops a label.

use crate::diagnostic::did_you_mean;
use crate::text::{letters, listed, quoted};
use std::collections::{HashMap, HashSet};

/// Labels by which tools and people mean that there is none.
const LIKE_MISSING: [&str; 10] = ["na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "-", "."];

/// A scale, and where each label stands on it.
#[derive(Debug, PartialEq)]
pub(super) struct LabelScale {
    pub categories: Vec<String>,
    /// By label: its category; none if it is not on the declared scale.
    pub codes: Vec<Option<u32>>,
}

impl LabelScale {
    /// The scale that the labels make.
    pub fn of(labels: &[&str]) -> Self {
        let mut categories: Vec<&str> = in_order(labels).into_iter().map(|index| labels[index]).collect();
        if categories.iter().all(|label| number(label).is_some()) {
            categories.dedup_by_key(|label| number(label));
        }
        Self::declared(categories.into_iter().map(str::to_owned).collect(), labels)
    }

    /// A declared scale: a label stands where its text does, else where its number does if all categories are numbers, else
    /// where the only text does from which it differs in case alone.
    pub fn declared(categories: Vec<String>, labels: &[&str]) -> Self {
        let mut by_text = HashMap::new();
        let mut by_number = HashMap::new();
        for (code, category) in (0_u32..).zip(&categories) {
            by_text.entry(category.as_str()).or_insert(code);
            if let Some(number) = number(category) {
                by_number.entry(number.to_bits()).or_insert(code);
            }
        }
        let all_numbers = categories.iter().all(|category| number(category).is_some());
        let like_number = |label: &str| by_number.get(&number(label)?.to_bits()).filter(|_| all_numbers);
        let mut by_letters: HashMap<String, Option<u32>> = HashMap::new();
        for (code, category) in (0_u32..).zip(&categories) {
            // Two that differ in case alone are apart for good.
            by_letters.entry(letters(category)).and_modify(|code| *code = None).or_insert(Some(code));
        }
        let like_letters = |label: &str| by_letters.get(&letters(label)).copied().flatten();
        let code =
            |label: &&str| by_text.get(*label).or_else(|| like_number(label)).copied().or_else(|| like_letters(label));
        let codes = labels.iter().map(code).collect();
        Self { categories, codes }
    }
}

/// The order of distinct labels: by number if all are numbers, of equal numbers the shortest text first; else by text.
pub(super) fn in_order(labels: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    match labels.iter().map(|label| number(label)).collect::<Option<Vec<f64>>>() {
        None => order.sort_unstable_by_key(|index| labels[*index]),
        Some(numbers) => order.sort_unstable_by(|a, b| {
            let text = |index: usize| (labels[index].len(), labels[index]);
            numbers[*a].total_cmp(&numbers[*b]).then_with(|| text(*a).cmp(&text(*b)))
        }),
    }
    order
}

/// A label as a number. Texts of more than 15 digits are none, nor those beyond the range of `f64`, so that two texts
/// are one number only if they mean the same one.
pub(super) fn number(label: &str) -> Option<f64> {
    let mantissa = label.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit);
    let significant = digits.skip_while(|digit| *digit == b'0').count();
    let number: f64 = label.parse().ok()?;
    let kept = significant <= 15 && (number.is_normal() || (number == 0.0 && significant == 0));
    // Zero has no sign on a scale.
    kept.then_some(number + 0.0)
}

/// A whole number from 0; tools that know only one kind of number write `12.0`.
pub(super) fn whole(text: &str) -> Option<u32> {
    let (digits, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0');
    (is_whole && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Labels that differ from each other in case alone, each two that follow each other.
pub(super) fn alike_but_for_case(labels: &[String]) -> Vec<(String, String)> {
    let mut by_letters: Vec<(String, &String)> = labels.iter().map(|label| (letters(label), label)).collect();
    by_letters.sort();
    let pairs = by_letters.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    pairs.map(|pair| (pair[0].1.clone(), pair[1].1.clone())).collect()
}

/// A category that is declared twice, if there is one.
pub(super) fn named_twice(categories: &[String]) -> Option<&str> {
    let mut seen = HashSet::new();
    categories.iter().map(String::as_str).find(|category| !seen.insert(*category))
}

/// Whether a label looks as if nothing was said.
pub(super) fn is_like_missing(label: &str) -> bool {
    LIKE_MISSING.contains(&label.to_ascii_lowercase().as_str())
}

/// What is said of a label that is not on the declared scale.
pub(super) fn undeclared(label: &str, categories: &[String]) -> (String, String) {
    const LONGEST_GUESSED: usize = 60;
    let short = categories.iter().map(String::as_str).filter(|category| category.len() <= LONGEST_GUESSED);
    let near = did_you_mean(label, short.filter(|_| label.len() <= LONGEST_GUESSED)).map(|near| format!("{near} "));
    let declared = listed(categories.iter().map(String::as_str));
    (
        format!("{} is not among the declared categories", quoted(label)),
        format!("{}declared are {declared}", near.unwrap_or_default()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(labels: &[&str]) -> (String, Vec<u32>) {
        let scale = LabelScale::of(labels);
        (scale.categories.join(" "), scale.codes.into_iter().map(|code| code.unwrap()).collect())
    }

    #[test]
    fn numbers_stand_in_their_order_and_one_number_is_one_category() {
        assert_eq!(scale(&["10", "2", "-1.5", "2.0", "0", "-0"]), ("-1.5 0 2 10".to_owned(), vec![3, 2, 0, 2, 1, 1]));
        assert_eq!(scale(&["1e1", "9"]).0, "9 1e1");
        assert_eq!(scale(&["10", "9", "a"]).0, "10 9 a");
        assert_eq!(scale(&["10", "9", "nan"]).0, "10 9 nan");
        assert_eq!(scale(&[]), (String::new(), vec![]));
    }

    #[test]
    fn what_a_float_cannot_tell_apart_is_text() {
        assert_eq!(scale(&["9007199254740993", "9007199254740992"]).1, [1, 0]);
        assert_eq!(["inf", "NaN", "1e999", "1e-999", "", "0x1"].map(number), [None; 6]);
        assert_eq!((number("000000000000000000012.50"), number("0e7")), (Some(12.5), Some(0.0)));
    }

    #[test]
    fn a_declared_scale_keeps_its_order_and_knows_what_is_not_on_it() {
        let declared = ["poor", "fair", "good"].map(str::to_owned).to_vec();
        let scale = LabelScale::declared(declared, &["good", "fiar", "poor"]);
        assert_eq!(scale.codes, [Some(2), None, Some(0)]);
        let (message, help) = undeclared("fiar", &scale.categories);
        assert_eq!(message, "`fiar` is not among the declared categories");
        assert_eq!(help, "did you mean `fair`? declared are `poor`, `fair` and `good`");
        let numbers = ["3", "2", "1"].map(str::to_owned).to_vec();
        assert_eq!(LabelScale::declared(numbers, &["1.0", "4"]).codes, [Some(2), None]);
        let words = ["yes", "No", "NO"].map(str::to_owned).to_vec();
        assert_eq!(LabelScale::declared(words, &["YES", " yes ", "no", "NO"]).codes, [Some(0), Some(0), None, Some(2)]);
    }
}
