//! Held-out gold: how often a consensus is right, measured on gold that it did not see.
//!
//! In: a table of coded ratings, gold of some items, and a method. Out: how many were right, and whether the chances
//! it gave can be believed.
//! Never lets the gold of an item take part in that item's own label, and never draws at random.

use super::super::proportion::wilson;
use super::super::table::Table;
use super::super::{Estimate, Proportion, Undefined};
use super::{Aggregation, Fitting, tied_for_most};

/// Lower ends of the bands of confidence.
const BANDS: [f64; 5] = [0.0, 0.5, 0.7, 0.9, 0.99];

/// How a consensus did on gold that it had not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// Gold items that someone rated; each is asked once.
    pub asked: u64,
    /// Those whose label is gold's. A tie is not right.
    pub right: u64,
    /// Those without a label, for two categories were equally likely.
    pub ties: u64,
    /// What ties would bring if one of the tied categories were drawn: the sum of 1/k over ties of k with gold's.
    pub right_by_drawing: f64,
    /// Gold items that nobody rated; they are not asked.
    pub unrated: u64,
    /// Mean chance of the most likely category. Well above the accuracy, the chances are overconfident.
    pub confidence: f64,
    /// Brier score: mean over items of Σ_j (chance of j - [j is gold])², from 0 for certain and right to 2 for certain
    /// and wrong (Brier 1950).
    pub brier: f64,
    /// The same by how sure the consensus was, from least to most; bands without an item are left out.
    pub bands: Vec<Band>,
}

/// Items about which the consensus was about as sure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lower end of the band of chances of the most likely category: 0, .5, .7, .9 or .99.
    pub from: f64,
    /// Items in it.
    pub asked: u64,
    /// Those whose label is gold's.
    pub right: u64,
    /// Mean chance of the most likely category; calibrated when it is the share right.
    pub confidence: f64,
}

impl HeldOut {
    /// The accuracy with Wilson's interval; ties are not right. Items are independent, which they are only nearly:
    /// they share raters, and folds share most of their gold.
    ///
    /// Panics when `level` is not between 0.5 and 1.
    pub fn accuracy(&self, level: f64) -> Estimate {
        wilson(Proportion::new(self.right, self.asked).expect("no more are right than asked, and some are"), level)
    }

    /// The accuracy if ties were settled by drawing one of the tied categories.
    pub fn accuracy_by_drawing(&self) -> f64 {
        (self.right as f64 + self.right_by_drawing) / self.asked as f64
    }
}

/// The accuracy of a method on gold, with the gold of a fold hidden while the labels of that fold are made.
///
/// The rated gold items are dealt to `folds` folds in turn, in the order of items; as many folds as items leaves one
/// out at a time, and one fold hides all gold. `fitting.known` is replaced; the rest of it holds for methods that fit.
/// For votes, which use no gold, the chances are the shares of the votes.
///
/// Gold that raters could recognise, or that was picked for being hard, says little of other items.
///
/// Undefined without ratings, or when no rated item has gold. Panics when `folds` is 0, when `gold` does not fit the
/// table, and as `dawid_skene` does.
///
/// Sources: Stone 1974 (cross-validation); Brier 1950.
pub fn accuracy_on_held_out_gold(
    table: &Table,
    gold: &[Option<u32>],
    method: Aggregation,
    fitting: &Fitting,
    folds: usize,
) -> Result<HeldOut, Undefined> {
    assert!(folds > 0, "there is at least one fold");
    Fitting { known: Some(gold), ..*fitting }.assert_sound(table);
    if table.ratings().is_empty() {
        return Err(Undefined::NoData);
    }
    let (asked, unrated): (Vec<usize>, Vec<usize>) =
        (0..table.n_items()).filter(|&item| gold[item].is_some()).partition(|&item| !table.of_item(item).is_empty());
    let mut answers = Vec::with_capacity(asked.len());
    // Votes see no gold, so that hiding all of it at once is the same as hiding it in turn.
    let folds = if method.sees_gold() { folds.min(asked.len()) } else { 1 };
    for fold in 0..folds {
        let hidden = || asked.iter().copied().skip(fold).step_by(folds);
        let mut known = gold.to_vec();
        hidden().for_each(|item| known[item] = None);
        let chances = method.chances(table, &Fitting { known: Some(&known), ..*fitting })?;
        let row = |item: usize| &chances[item * table.n_categories()..][..table.n_categories()];
        answers.extend(hidden().filter_map(|item| gold[item].map(|gold| HeldOutItem::of(row(item), gold))));
    }
    if answers.is_empty() { Err(Undefined::NoGold) } else { Ok(summary(&answers, unrated.len())) }
}

/// What the consensus said of one gold item.
struct HeldOutItem {
    right: bool,
    tied: usize,
    /// What drawing one of the tied categories would bring.
    drawn: f64,
    confidence: f64,
    brier: f64,
}

impl HeldOutItem {
    fn of(chances: &[f64], gold: u32) -> Self {
        let most = tied_for_most(chances);
        let hit = most.contains(&gold);
        let error =
            |(category, chance): (usize, &f64)| (chance - f64::from(u8::from(category == gold as usize))).powi(2);
        Self {
            right: hit && most.len() == 1,
            tied: most.len(),
            drawn: if hit && most.len() > 1 { 1.0 / most.len() as f64 } else { 0.0 },
            confidence: chances.iter().copied().fold(0.0, f64::max),
            brier: chances.iter().enumerate().map(error).sum(),
        }
    }
}

fn summary(answers: &[HeldOutItem], unrated: usize) -> HeldOut {
    let mean = |value: fn(&HeldOutItem) -> f64| answers.iter().map(value).sum::<f64>() / answers.len() as f64;
    let count = |holds: fn(&HeldOutItem) -> bool| answers.iter().filter(|answer| holds(answer)).count() as u64;
    HeldOut {
        asked: answers.len() as u64,
        right: count(|answer| answer.right),
        ties: count(|answer| answer.tied > 1),
        right_by_drawing: answers.iter().map(|answer| answer.drawn).sum(),
        unrated: unrated as u64,
        confidence: mean(|answer| answer.confidence),
        brier: mean(|answer| answer.brier),
        bands: (0..BANDS.len()).filter_map(|number| band(answers, number)).collect(),
    }
}

fn band(answers: &[HeldOutItem], number: usize) -> Option<Band> {
    let end = BANDS.get(number + 1).copied().unwrap_or(f64::INFINITY);
    let within = |answer: &&HeldOutItem| (BANDS[number]..end).contains(&answer.confidence);
    let asked = answers.iter().filter(within).count();
    let confidence: f64 = answers.iter().filter(within).map(|answer| answer.confidence).sum();
    (asked > 0).then(|| Band {
        from: BANDS[number],
        asked: asked as u64,
        right: answers.iter().filter(within).filter(|answer| answer.right).count() as u64,
        confidence: confidence / asked as f64,
    })
}
