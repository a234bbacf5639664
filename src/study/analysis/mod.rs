//! One-off analyses: every figure of one table of ratings, without a site.
//!
//! In: a table of coded ratings with its names, or readings of trajectories; what is wanted. Out: a list of figures for
//! machines, and a page of text for people made from the same list. It reads no file and draws no conclusion beyond what
//! the figures and their intervals show.

mod agreement;
mod consensus;
mod figure;
mod gold;
mod grid;
mod groups;
mod newcomers;
mod pairs;
mod sheet;
mod steps;
mod text;
mod weighing;

pub use figure::Figure;
pub use groups::compare;
pub use sheet::{FIGURES, OmittedFigure, Wanted};
pub use steps::{StepStudy, analyse_steps};
pub use text::{PAGE, differences, list, steps_text, text};

use crate::quality::agreement::{IntervalRule, Level};
use crate::quality::table::{Coded, Table};
use serde::Serialize;
use sheet::Sheet;

/// With more categories, nothing that weighs pairs of categories is computed: its tables would not fit.
const MOST_CATEGORIES: usize = 1000;

/// Figures that ask who rated, beside those of a model that is fitted to raters.
const OF_RATERS: [&str; 9] = [
    "n_raters",
    "conger_kappa",
    "light_kappa",
    "cohen_kappa",
    "cohen_kappa_se",
    "cohen_kappa_custom",
    "confusion",
    "icc",
    "icc_ci",
];

/// A table of ratings and what its numbers stand for.
#[derive(Clone)]
pub struct Study<'a> {
    /// The ratings.
    pub table: Table,
    /// Names of items.
    pub items: Vec<&'a str>,
    /// Names of raters.
    pub raters: Vec<&'a str>,
    /// The declared categories, or those found.
    pub categories: &'a [String],
    /// Whether they stand in their order: declared, or that of numbers.
    pub is_ordered: bool,
    /// Whether raters have no names, so that nothing says who rated what.
    pub is_anonymous: bool,
    /// The gold of each item, where it has any.
    pub gold: Vec<Option<u32>>,
    /// What is known of items from elsewhere, and used only to judge consensus labels; as long as `items`, or empty.
    pub truth: Vec<Option<u32>>,
}

/// What to compute.
#[derive(Clone, Debug)]
pub struct StudyRequest {
    /// The level of measurement, if it was named: bootstrap intervals are then of this level only.
    pub level: Option<Level>,
    /// How intervals of agreement are found.
    pub interval: IntervalRule,
    /// Bootstrap samples behind figures that are bootstrap intervals; none if 0.
    pub replicates: u32,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// Disagreement between each two categories, for a kappa with weights of one's own.
    pub disagreements: Option<Vec<Vec<f64>>>,
    /// Which figures are computed.
    pub wanted: Wanted,
}

impl StudyRequest {
    /// Whether samples are drawn for any figure.
    pub fn draws(&self) -> bool {
        let is_rule = matches!(self.interval, IntervalRule::Bootstrap { .. });
        self.replicates > 0 && (is_rule || agreement::BOOTSTRAPS.iter().any(|metric| self.wanted.names(metric)))
    }
}

/// The figures of one table.
#[derive(Debug, Default, Serialize)]
pub struct Analysis {
    /// The figures.
    pub metrics: Vec<Figure>,
    /// What to keep in mind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<StudyCaution>,
    /// What was left out because of its size.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<OmittedFigure>,
}

/// Something to keep in mind when reading a study's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StudyCaution {
    /// The group of ratings, where they were taken apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A sentence.
    pub text: String,
}

impl Study<'_> {
    /// The numbers that the categories are; empty if one of them is no number, or cannot be squared.
    pub fn numbers(&self) -> Vec<f64> {
        let numbers =
            self.categories.iter().map(|category| category.trim().parse().ok().filter(|n: &f64| n.abs() < 1e100));
        numbers.collect::<Option<Vec<f64>>>().unwrap_or_default()
    }

    /// The same without the items and raters that have no rating in it.
    pub fn of_those_rated(self) -> Self {
        let ratings = self.table.ratings();
        let items = renumbered(self.table.n_items(), ratings.iter().map(|rating| rating.item));
        let raters = renumbered(self.table.n_raters(), ratings.iter().map(|rating| rating.rater));
        let coded = |rating: &Coded| Coded {
            item: items.number[rating.item as usize],
            rater: raters.number[rating.rater as usize],
            category: rating.category,
        };
        let ratings = ratings.iter().map(coded).collect();
        let table = Table::new(items.kept.len(), raters.kept.len(), self.table.n_categories(), ratings);
        Self {
            table,
            items: items.of(&self.items),
            raters: raters.of(&self.raters),
            categories: self.categories,
            is_ordered: self.is_ordered,
            is_anonymous: self.is_anonymous,
            gold: items.of(&self.gold),
            truth: if self.truth.is_empty() { Vec::new() } else { items.of(&self.truth) },
        }
    }

    /// Whether any item has gold.
    pub fn has_gold(&self) -> bool {
        self.gold.iter().any(Option::is_some)
    }
}

/// Old numbers that are kept, and the new number of each.
struct Renumbered {
    kept: Vec<usize>,
    number: Vec<u32>,
}

impl Renumbered {
    fn of<T: Clone>(&self, all: &[T]) -> Vec<T> {
        self.kept.iter().map(|old| all[*old].clone()).collect()
    }
}

/// Numbers what is used from 0, in the old order.
fn renumbered(count: usize, used: impl Iterator<Item = u32>) -> Renumbered {
    let mut is_used = vec![false; count];
    used.for_each(|old| is_used[old as usize] = true);
    let kept: Vec<usize> = (0..count).filter(|old| is_used[*old]).collect();
    let mut number = vec![u32::MAX; count];
    kept.iter().zip(0..).for_each(|(old, new)| number[*old] = new);
    Renumbered { kept, number }
}

impl Analysis {
    fn of(sheet: Sheet) -> Self {
        let (metrics, left_out) = sheet.finish();
        Self { metrics, cautions: Vec::new(), left_out }
    }

    /// The same, said of one group of ratings.
    pub fn of_group(self, group: Option<&str>) -> Self {
        let of_group = |caution: StudyCaution| StudyCaution { group: group.map(str::to_owned), ..caution };
        Self {
            metrics: self.metrics.into_iter().map(|figure| figure.of_group(group)).collect(),
            cautions: self.cautions.into_iter().map(of_group).collect(),
            left_out: self.left_out,
        }
    }

    /// These figures and then those of another analysis.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.metrics.extend(other.metrics);
        self.cautions.extend(other.cautions);
        self.left_out.extend(other.left_out);
        self
    }

    /// The first figure of this name whose arguments have these values.
    pub fn find(&self, metric: &str, arguments: &[(&str, &str)]) -> Option<&Figure> {
        let fits = |figure: &&Figure| arguments.iter().all(|(argument, value)| figure.is(argument, value));
        self.metrics.iter().filter(|figure| figure.metric == metric).find(fits)
    }
}

/// Computes every figure that is wanted.
///
/// Nobody agrees with themselves: where a rater rated an item more than once, agreement and accuracy take one rating if
/// all are the same, and none if they differ. Consensus counts them all, as Dawid and Skene did.
pub fn analyse(study: &Study<'_>, request: &StudyRequest) -> Analysis {
    let mut sheet = Sheet::wanting(request.wanted.part(|name| name != groups::DIFFERENCE));
    let categories = study.categories.len();
    if categories > MOST_CATEGORIES {
        let why = format!("{categories} categories make too many pairs of them");
        let of_pairs: [&[&str]; 5] =
            [&agreement::WEIGHTED, &pairs::WEIGHTED, &gold::TABLES, &consensus::MODEL, &["aggregate_accuracy"]];
        of_pairs.iter().for_each(|metrics| sheet.forgo(metrics, &why));
    }
    if study.is_anonymous {
        for figures in [&OF_RATERS[..], &consensus::MODEL, &consensus::HELD_OUT] {
            sheet.forgo(figures, "it asks who rated, and the raters are counted without names");
        }
    }
    let settled = study.table.has_repeats().then(|| Study { table: study.table.once_a_rater(), ..study.clone() });
    let once = settled.as_ref().unwrap_or(study);
    agreement::count(&mut sheet, study, once);
    agreement::add(&mut sheet, once, request);
    pairs::add(&mut sheet, once, request);
    let of_gold = gold::add(&mut sheet, once, request);
    consensus::add(&mut sheet, study);
    let of_consensus = if sheet.wants_any(&consensus::BY_ITEM) { newcomers::caution(study) } else { None };
    let of_figures = || agreement::cautions(once, request.level.unwrap_or(Level::Nominal)).into_iter().chain(of_gold);
    let of_figures: Vec<String> = if request.wanted.is_named() { Vec::new() } else { of_figures().collect() };
    let texts = of_figures.into_iter().chain(of_consensus);
    Analysis { cautions: texts.map(|text| StudyCaution { group: None, text }).collect(), ..Analysis::of(sheet) }
}
