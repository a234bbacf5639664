//! Against gold: accuracy with its intervals, confusion, kappa, and how far off numbers are.
//!
//! In: the study's ratings of items that have gold. Out: figures by rater, and of all of them pooled. PooledRaters accuracy has
//! an interval over items and raters; that of one rater takes answers to be independent, as one rater's are one an item.

use super::pairs::KINDS;
use super::sheet::Sheet;
use super::{MOST_CATEGORIES, Study, StudyRequest, weighing};
use crate::figures::confusion::GoldByAnswer;
use crate::figures::{AnswerCount, LEVEL, Share, accuracy, caution, kappa};
use crate::quality::agreement::Level;
use crate::quality::closeness::answers::{self, Answer, Answers};
use crate::quality::closeness::{self, Scores, rank};
use crate::quality::clustered::{Clustered, kappa::Answered};
use crate::quality::confusion::Confusion;
use crate::quality::proportion::{clopper_pearson, jeffreys_tails, wilson};
use crate::quality::table::Coded;
use crate::quality::weights::Weights;
use crate::quality::{Estimate, Proportion, Undefined};
use serde_json::{Value, json};
use std::cell::LazyCell;

/// Figures from a table of gold by answer.
pub const TABLES: [&str; 2] = ["confusion_vs_gold", "kappa_vs_gold"];
/// All raters pooled.
const ALL: &str = "*all*";

/// How far numbers are from gold.
type Distance = fn(&Scores) -> f64;
/// The same with its interval, items as units.
type DistanceInterval = fn(&Answers, f64) -> Result<Estimate, Undefined>;

/// Ratings of gold items, each with its gold, of one rater or of all.
struct GoldPairs<'a> {
    rater: &'a str,
    pairs: Vec<(u32, Coded)>,
}

/// The answers of all raters together.
struct PooledRaters<'a> {
    n_answers: usize,
    right: u64,
    accuracy: Share,
    counts: GoldByAnswer<'a>,
}

/// What every rater's answers are compared by.
struct Standards<'a> {
    categories: &'a [String],
    numbers: Result<Vec<f64>, Undefined>,
    /// For each kind of weights of kappa what is said of them, and the weights.
    kappas: Vec<(Value, Result<Weights, Undefined>)>,
}

/// Adds the figures, none where no item has gold; gives what to keep in mind of them, unless they were named.
pub fn add(sheet: &mut Sheet, study: &Study<'_>, request: &StudyRequest) -> Vec<String> {
    if !study.has_gold() {
        return Vec::new();
    }
    let mut of_raters: Vec<GoldPairs<'_>> =
        study.raters.iter().map(|rater| GoldPairs { rater, pairs: Vec::new() }).collect();
    let mut of_all = GoldPairs { rater: ALL, pairs: Vec::new() };
    for rating in study.table.ratings() {
        let Some(gold) = study.gold[rating.item as usize] else { continue };
        of_raters[rating.rater as usize].pairs.push((gold, *rating));
        of_all.pairs.push((gold, *rating));
    }
    let answers = of_all.counted();
    let name = |category: u32| study.categories[category as usize].as_str();
    let pooled = PooledRaters::of(&answers, &name);
    pooled.add_to(sheet);
    if study.categories.len() <= MOST_CATEGORIES {
        let standards = Standards::of(sheet, study, request.level);
        [&of_all].into_iter().chain(&of_raters).for_each(|scored| compared(sheet, &standards, scored));
    }
    of_raters.iter().for_each(|scored| of_rater(sheet, scored));
    if request.wanted.is_named() { Vec::new() } else { pooled.cautions() }
}

impl<'a> PooledRaters<'a> {
    fn of(answers: &'a [AnswerCount], name: &'a dyn Fn(u32) -> &'a str) -> Self {
        Self {
            n_answers: answers.len(),
            right: answers.iter().map(|of| u64::from(of.right)).sum(),
            accuracy: accuracy::of_asked(accuracy::of_one(answers), &[1.0], Undefined::NoGold),
            counts: GoldByAnswer::of(answers, name, name),
        }
    }

    /// Accuracy with an interval that honours items and raters, and what a constant answer would score.
    fn add_to(&self, sheet: &mut Sheet) {
        let args = || json!({ "rater": ALL });
        sheet.add_share("accuracy", args(), || self.accuracy);
        sheet.add("accuracy_counts", args(), || self.accuracy.map(|_| json!([self.right, self.n_answers])));
        let effects = |of: Clustered| json!({"items": of.design_effect_items, "raters": of.design_effect_raters, "both": of.design_effect});
        sheet.add("design_effects", args(), || self.accuracy.map(effects));
        let gold = self.counts.gold_rates();
        let constant = self.counts.constant(gold.iter().map(|of| of.category.as_str()), |gold, answer| gold == answer);
        sheet.add("constant_answer_accuracy", json!({}), || constant.map(|of| of.share).ok_or(Undefined::NoGold));
    }

    /// What to keep in mind of these figures.
    fn cautions(&self) -> Vec<String> {
        if self.n_answers == 0 {
            return Vec::new();
        }
        let of_gold = caution::of_gold(self.counts.most().as_ref(), &self.counts.rare(""));
        caution::of_share(&self.accuracy).map(str::to_owned).into_iter().chain(of_gold).collect()
    }
}

impl<'a> Standards<'a> {
    fn of(sheet: &Sheet, study: &Study<'a>, level: Option<Level>) -> Self {
        let numbers = study.numbers();
        let kinds = if sheet.wants("kappa_vs_gold") { KINDS.as_slice() } else { &[] };
        let kappa = |(kind, name): &(_, &str)| {
            (weighing::args(study, level, *kind, name), weighing::weights(study, level, *kind))
        };
        Self {
            categories: study.categories,
            numbers: if numbers.is_empty() { Err(Undefined::NotNumbers) } else { Ok(numbers) },
            kappas: kinds.iter().map(kappa).collect(),
        }
    }

    fn numbers(&self) -> Result<&[f64], Undefined> {
        self.numbers.as_deref().map_err(|undefined| *undefined)
    }
}

impl GoldPairs<'_> {
    fn proportion(&self) -> Result<Proportion, Undefined> {
        let right = self.pairs.iter().filter(|(gold, rating)| rating.category == *gold).count();
        Proportion::new(right as u64, self.pairs.len() as u64).map_err(|_| Undefined::NoGold)
    }

    /// The ratings as answers to gold.
    fn counted(&self) -> Vec<AnswerCount> {
        let answer = |(gold, rating): &(u32, Coded)| AnswerCount {
            item: rating.item,
            rater: rating.rater,
            gold: *gold,
            given: rating.category,
            asked: 1,
            answered: 1,
            right: u32::from(rating.category == *gold),
        };
        self.pairs.iter().map(answer).collect()
    }

    /// The ratings as numbers.
    fn answers<'n>(&'n self, numbers: &'n [f64]) -> impl Iterator<Item = Answer> + 'n {
        self.pairs.iter().map(|(gold, rating)| Answer {
            item: rating.item,
            gold: numbers[*gold as usize],
            given: numbers[rating.category as usize],
        })
    }

    /// The ratings as answers of which kappa is made.
    fn answered(&self) -> Vec<Answered> {
        let answer = |(gold, rating): &(u32, Coded)| Answered {
            item: rating.item,
            rater: rating.rater,
            gold: *gold,
            given: rating.category,
            times: 1,
        };
        self.pairs.iter().map(answer).collect()
    }

    /// Gold by answer.
    fn confusion(&self, categories: usize) -> Confusion {
        let mut confusion = Confusion::new(categories);
        for (gold, rating) in &self.pairs {
            confusion.add(*gold as usize, rating.category as usize, 1);
        }
        confusion
    }
}

fn of_rater(sheet: &mut Sheet, scored: &GoldPairs<'_>) {
    let rater = scored.rater;
    let of = scored.proportion();
    let share = || of.map(Proportion::share);
    sheet.add_with("accuracy", json!({ "rater": rater }), share, || of.map(|of| wilson(of, LEVEL)));
    let counts = || of.map(|of| json!([of.successes(), of.trials()]));
    sheet.add("accuracy_counts", json!({ "rater": rater }), counts);
    let wilson = |of| bounds(wilson(of, LEVEL));
    let exact = |of| bounds(clopper_pearson(of, LEVEL));
    let args = || json!({ "rater": rater, "conf": LEVEL });
    sheet.add("ci_wilson", args(), || of.map(wilson));
    sheet.add("ci_clopper_pearson", args(), || of.map(exact));
    sheet.add("ci_jeffreys", args(), || of.map(|of| json!(<[f64; 2]>::from(jeffreys_tails(of, LEVEL)))));
}

fn bounds(estimate: Estimate) -> Value {
    json!([estimate.low, estimate.high])
}

/// Confusion, kappa, and distances from gold. What several figures are of is made once, if any is wanted.
fn compared(sheet: &mut Sheet, standards: &Standards<'_>, scored: &GoldPairs<'_>) {
    let (rater, categories) = (scored.rater, standards.categories);
    let any = if scored.pairs.is_empty() { Err(Undefined::NoGold) } else { Ok(()) };
    let confusion = LazyCell::new(|| scored.confusion(categories.len()));
    let rows = || -> Vec<Vec<u64>> {
        let row = |gold: usize| (0..categories.len()).map(|given| confusion.count(gold, given)).collect();
        (0..categories.len()).map(row).collect()
    };
    let args = json!({ "rater": rater, "categories": categories });
    sheet.add("confusion_vs_gold", args, || any.map(|()| json!(rows())));
    let answered = LazyCell::new(|| scored.answered());
    for (args, weights) in &standards.kappas {
        let mut args = args.clone();
        args["rater"] = json!(rater);
        let weights = weights.as_ref().map_err(|undefined| *undefined);
        sheet.add_agreed("kappa_vs_gold", args, || kappa::of_gold(&answered, weights?, Undefined::NoGold));
    }
    let scores = LazyCell::new(|| any.and_then(|()| Scores::of_confusion(&confusion, standards.numbers()?)));
    let answers = LazyCell::new(|| Answers::of(scored.answers(standards.numbers()?)));
    let args = || json!({ "rater": rater });
    let distances: [(&'static str, Distance, DistanceInterval); 3] = [
        ("bias_vs_gold", closeness::bias, answers::bias),
        ("mae_vs_gold", closeness::mean_absolute_error, answers::mean_absolute_error),
        ("rmse_vs_gold", closeness::root_mean_square_error, answers::root_mean_square_error),
    ];
    for (name, distance, interval) in distances {
        let value = || scores.as_ref().map(distance).map_err(|undefined| *undefined);
        let estimate = || interval(answers.as_ref().map_err(|undefined| *undefined)?, LEVEL);
        sheet.add_with(name, args(), value, estimate);
    }
    let of = |figure: fn(&Scores) -> Result<f64, Undefined>| {
        scores.as_ref().map_err(|undefined| *undefined).and_then(figure).map(Value::from)
    };
    sheet.add("spearman_vs_gold", args(), || of(rank::spearman));
    sheet.add("kendall_tau_b_vs_gold", args(), || of(rank::kendall_tau_b));
}
