//! Shared errors: whether two of many who answered the same items were wrong in the same way more often than chance has it.
//!
//! In: for each candidate and item, which questions were answered wrongly and how. Out: the pairs whose errors are alike
//! beyond chance. It says nothing of why: two who talked, and two who misread the same sentence, look the same.
//!
//! The null: who is wrong at which question is taken as given, whoever is good and whatever is hard. Given that, what a
//! candidate answers wrongly is drawn independently of what others do, by a distribution of each item's own. Then the wrong
//! answers at an item are exchangeable among those who got the same questions of it wrong: of W such candidates, of whom
//! c₁, c₂, … gave each wrong answer, two give the same one with the probability Σ c (c - 1) / W (W - 1). That is exact, and
//! small where everybody is wrong in a way of their own, near 1 where most are wrong in one way. Over items the number of
//! same wrong answers has a Poisson-binomial distribution. An item counts once, since answers on one item are alike.
//! Holm's adjustment over all pairs holds the chance that any pair is named, if all answer independently, below `ALPHA`.
//! Sources: Wang 1993 for the distribution; Holm 1979. Compare Wollack's ω (1997), which models who is wrong as well.

use super::adjust;
use ahash::AHashMap;

/// How likely it is that any pair of a test is named if all answer independently.
pub const ALPHA: f64 = 0.05;

/// Fewest items that both of a pair must have answered.
pub const FEWEST_ITEMS: usize = 30;

/// What a candidate answered to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemErrors {
    /// The item's number.
    pub item: u32,
    /// Which of its questions are wrong, and how: a number for each set of questions, and one for each way to answer these
    /// wrongly. None if all are right.
    pub wrong: Option<(u32, u32)>,
}

/// A pair whose errors are alike beyond chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedErrors {
    /// The places of the two among the candidates.
    pub pair: [usize; 2],
    /// Items that both answered.
    pub items: usize,
    /// Items at which both got the same questions wrong.
    pub both_wrong: usize,
    /// Items at which they did so with the same answers.
    pub same: usize,
    /// How many of these chance would make so.
    pub expected: f64,
    /// The chance of as many or more, adjusted for all pairs that were compared.
    pub p: f64,
}

/// The pairs whose errors are alike beyond chance, least likely first, and how many pairs were compared. The answers of each
/// candidate are in the order of items.
pub fn pairs(candidates: &[Vec<ItemErrors>]) -> (Vec<SharedErrors>, usize) {
    let chances = chances(candidates);
    let long: Vec<usize> = (0..candidates.len()).filter(|at| candidates[*at].len() >= FEWEST_ITEMS).collect();
    let mut compared = Vec::new();
    for (at, one) in long.iter().enumerate() {
        for other in &long[at + 1..] {
            compared.extend(compare([*one, *other], [&candidates[*one], &candidates[*other]], &chances));
        }
    }
    let count = compared.len();
    let p: Vec<f64> = compared.iter().map(|pair| pair.p).collect();
    let adjusted = adjust::holm(&p).unwrap_or_default();
    let adjusted = compared.into_iter().zip(adjusted).map(|(pair, p)| SharedErrors { p, ..pair });
    let mut named: Vec<SharedErrors> = adjusted.filter(|pair| pair.p <= ALPHA).collect();
    named.sort_by(|one, other| one.p.total_cmp(&other.p).then(one.pair.cmp(&other.pair)));
    (named, count)
}

/// By item and set of questions: how likely two who got these wrong gave the same answers.
type Chances = AHashMap<(u32, u32), f64>;

fn chances(candidates: &[Vec<ItemErrors>]) -> Chances {
    let mut counts: AHashMap<(u32, u32), AHashMap<u32, u64>> = AHashMap::new();
    for ItemErrors { item, wrong } in candidates.iter().flatten() {
        if let Some((questions, answers)) = wrong {
            *counts.entry((*item, *questions)).or_default().entry(*answers).or_default() += 1;
        }
    }
    let chance = |counts: AHashMap<u32, u64>| {
        let all: u64 = counts.values().sum();
        let same: u64 = counts.values().map(|count| count * (count - 1)).sum();
        if all < 2 { 0.0 } else { same as f64 / (all * (all - 1)) as f64 }
    };
    counts.into_iter().map(|(of, counts)| (of, chance(counts))).collect()
}

/// A pair, its p-value not adjusted; none if they share too few items.
fn compare(pair: [usize; 2], [one, other]: [&[ItemErrors]; 2], chances: &Chances) -> Option<SharedErrors> {
    let (mut items, mut same) = (0, 0);
    let mut met = Vec::new();
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.item.cmp(&b.item) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                items += 1;
                if let (Some((of, answers)), Some((of_other, answers_of_other))) = (a.wrong, b.wrong)
                    && of == of_other
                {
                    met.push(chances.get(&(a.item, of)).copied().unwrap_or(1.0));
                    same += usize::from(answers == answers_of_other);
                }
                left.next();
                right.next();
            }
        }
    }
    (items >= FEWEST_ITEMS).then(|| SharedErrors {
        pair,
        items,
        both_wrong: met.len(),
        same,
        expected: met.iter().sum(),
        p: at_least(same, &met),
    })
}

/// The chance that so many or more of independent events happen, each with its own probability.
fn at_least(fewest: usize, chances: &[f64]) -> f64 {
    if fewest == 0 {
        return 1.0;
    }
    // How likely each number below `fewest` is, and all from there on together.
    let mut numbers = vec![0.0; fewest + 1];
    numbers[0] = 1.0;
    for chance in chances {
        numbers[fewest] += numbers[fewest - 1] * chance;
        for at in (1..fewest).rev() {
            numbers[at] = numbers[at] * (1.0 - chance) + numbers[at - 1] * chance;
        }
        numbers[0] *= 1.0 - chance;
    }
    numbers[fewest].clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DEFAULT_SEED, Random};

    /// What a sitting is like: how many sit it and answer how many items, and who of them copies how much of whom.
    struct Sitting {
        candidates: usize,
        items: u32,
        copies: Option<f64>,
    }

    /// Answers to a test: candidates are more or less able, items more or less hard, and at each item some wrong answers are
    /// likelier than others. The second copies of the first, if anybody copies.
    fn sit(sitting: &Sitting, random: &mut Random) -> Vec<Vec<ItemErrors>> {
        let hard: Vec<f64> = (0..sitting.items).map(|_| 0.1 + 0.6 * random.unit()).collect();
        let liked: Vec<f64> = (0..sitting.items).map(|_| random.unit()).collect();
        let mut all: Vec<Vec<ItemErrors>> = Vec::new();
        for candidate in 0..sitting.candidates {
            let able = 0.5 + random.unit();
            let answer = |item: u32, random: &mut Random| {
                let (hard, liked) = (hard[item as usize], liked[item as usize]);
                if random.unit() > hard * able {
                    return None;
                }
                // Which of two questions are wrong; the first wrong answer is liked most.
                let questions = random.below(3) as u32;
                let answers = if random.unit() < liked { 0 } else { 1 + random.below(4) as u32 };
                Some((questions, answers))
            };
            let mut own: Vec<ItemErrors> =
                (0..sitting.items).map(|item| ItemErrors { item, wrong: answer(item, random) }).collect();
            if let (1, Some(share)) = (candidate, sitting.copies) {
                own.iter_mut().zip(&all[0]).filter(|_| random.unit() < share).for_each(|(own, other)| *own = *other);
            }
            all.push(own);
        }
        all
    }

    /// In how many of these sittings somebody is named, and in how many the pair that copied is.
    fn named(sittings: u64, sitting: &Sitting) -> (usize, usize) {
        let found: Vec<Vec<SharedErrors>> =
            (0..sittings).map(|number| pairs(&sit(sitting, &mut Random::stream(DEFAULT_SEED, number))).0).collect();
        let any = found.iter().filter(|pairs| !pairs.is_empty()).count();
        (any, found.iter().flatten().filter(|found| found.pair == [0, 1]).count())
    }

    /// 600 sittings in which all answer on their own.
    #[test]
    fn at_most_one_independent_sitting_in_twenty_names_a_pair() {
        for (candidates, items) in [(12, 40), (40, 40), (25, 120)] {
            let (any, _) = named(200, &Sitting { candidates, items, copies: None });
            assert!(any <= 10, "{any} of 200 sittings of {candidates} candidates and {items} items");
        }
    }

    #[test]
    fn who_copies_most_answers_is_mostly_named_and_nobody_else() {
        let (any, right) = named(100, &Sitting { candidates: 30, items: 80, copies: Some(0.9) });
        assert!(right >= 80, "{right} of 100");
        assert!(any - right <= 5, "{any} and {right} of 100");
    }

    #[test]
    fn an_answer_that_all_who_are_wrong_give_is_no_sign() {
        let one = |wrong: bool| (0..40).map(|item| ItemErrors { item, wrong: wrong.then_some((0, 0)) }).collect();
        let (found, compared) = pairs(&[one(true), one(true), one(true), one(false)]);
        assert_eq!((found, compared), (Vec::new(), 6));
    }

    #[test]
    fn too_few_shared_items_are_not_compared() {
        let from = |first: u32| (first..first + 40).map(|item| ItemErrors { item, wrong: Some((0, item)) }).collect();
        assert_eq!(pairs(&[from(0), from(11)]).1, 0);
        assert_eq!(pairs(&[from(0), from(10)]).1, 1);
    }

    /// By hand: of 0.1, 0.5 and 0.8 none happens with 0.9 · 0.5 · 0.2 = 0.09, and all with 0.04.
    #[test]
    fn the_tail_is_that_of_a_poisson_binomial_distribution() {
        let near = |found: f64, exact: f64| assert!((found - exact).abs() < 1e-12, "{found}, exactly {exact}");
        near(at_least(2, &[0.5; 3]), 0.5);
        near(at_least(1, &[0.1, 0.5, 0.8]), 0.91);
        near(at_least(3, &[0.1, 0.5, 0.8]), 0.04);
        near(at_least(0, &[]), 1.0);
    }
}
