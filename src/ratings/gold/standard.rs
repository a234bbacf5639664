//! Standards: gold answers with what decides whether they may score a rating.
//!
//! In: nothing. Out: the types of the gold standard. They are made in `gold` and never changed after it.

use crate::diagnostic::Place;
use crate::document::CitedRule;
use crate::model::{GoldAnswer, GoldFlag};
use crate::ratings::scheme::{self, Scheme};
use crate::ratings::table::RatingNames;
use jiff::civil::Date;
use semver::Version;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How gold came about, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// One expert's answer.
    Single,
    /// What several experts agree on.
    Consensus,
    /// What was settled after looking at the differences.
    Adjudicated,
}

impl Rank {
    /// The word of the format.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, rank)| *rank == self).map_or("", |(word, _)| word)
    }

    /// The words of the format.
    pub const WORDS: [(&str, Rank); 3] =
        [("single", Self::Single), ("consensus", Self::Consensus), ("adjudicated", Self::Adjudicated)];
}

/// From when raters could see an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownFrom {
    /// It has not been shown.
    Never,
    /// From this day on.
    From(Date),
    /// As long as it has been there.
    Always,
}

impl ShownFrom {
    /// Whether a rating of that day could have been made with the answer in sight; unknown days could.
    pub fn by(self, day: Option<Date>) -> bool {
        match self {
            Self::Never => false,
            Self::From(from) => day.is_none_or(|day| day >= from),
            Self::Always => true,
        }
    }

    /// The earlier of two.
    pub fn earlier(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => Self::Always,
            (Self::From(a), Self::From(b)) => Self::From(a.min(b)),
            (Self::Never, shown) | (shown, Self::Never) => shown,
        }
    }
}

/// The gold of one item and criterion for the versions that ask the same.
#[derive(Clone, Debug)]
pub struct Standard {
    /// The criterion's number.
    pub question: u16,
    /// The item's number.
    pub item: u32,
    /// The first version that asked the same; none where nothing is sealed.
    pub meaning: Option<Version>,
    /// The answer.
    pub answer: GoldAnswer,
    /// Number of what a table calls the answer.
    pub label: u32,
    /// Numbers of the raters who made it, in order.
    pub by: Vec<u32>,
    /// All who made it, also those who rated nothing.
    pub makers: Vec<String>,
    /// Whether it comes from the ratings of expert cohorts.
    pub from_experts: bool,
    /// From when raters could see it.
    pub shown: ShownFrom,
    /// How it came about.
    pub rank: Rank,
    /// Why, in its makers' words.
    pub why: Option<Arc<str>>,
    /// The rules by which it was decided, each once.
    pub rules: Vec<CitedRule>,
    /// Whether it is of an example that no audience is shown.
    pub is_held_out: bool,
}

/// A gold answer as written, here or in an example.
#[derive(Clone, Debug)]
pub struct Written {
    /// The task's place in the Model.
    pub task: u16,
    /// The item.
    pub item: String,
    /// The criterion.
    pub criterion: String,
    /// The answer.
    pub answer: GoldAnswer,
    /// The version it was made under; none where nothing was sealed by then.
    pub version: Option<Version>,
    /// Who made it.
    pub by: Vec<String>,
    /// How it came about.
    pub rank: Rank,
    /// From when raters could see it.
    pub shown: ShownFrom,
    /// Why, in its makers' words.
    pub why: Option<Arc<str>>,
    /// The rules by which it was decided, each once.
    pub rules: Vec<CitedRule>,
    /// Whether it is of an example that no audience is shown.
    pub is_held_out: bool,
    /// Where it stands.
    pub place: Place,
}

impl Written {
    /// With numbers for names; none if the item was never rated or no version that is in use has the criterion.
    pub fn numbered(&self, scheme: &Scheme<'_>, names: &RatingNames) -> Option<Standard> {
        let task = &scheme.model.tasks[usize::from(self.task)];
        let mut by: Vec<u32> = self.by.iter().filter_map(|rater| names.rater(rater)).collect();
        by.sort_unstable();
        Some(Standard {
            question: scheme.question(self.task, &self.criterion)?,
            item: names.item(&self.item)?,
            meaning: scheme::meaning(task, &self.criterion, Some(&self.item), self.version.as_ref()),
            answer: self.answer.clone(),
            label: 0,
            by,
            makers: self.by.clone(),
            from_experts: false,
            shown: self.shown,
            rank: self.rank,
            why: self.why.clone(),
            rules: self.rules.clone(),
            is_held_out: self.is_held_out,
        })
    }
}

/// What a table calls a gold answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoldLabel {
    /// As shown: the value, several joined by ` | `, an outcome, or `flags`.
    pub text: String,
    /// The values that are right, if it has any.
    pub values: Vec<String>,
}

impl GoldLabel {
    /// What a table calls an answer.
    pub fn of(answer: &GoldAnswer) -> Self {
        match answer {
            GoldAnswer::Values(values) => Self { text: values.join(" | "), values: values.clone() },
            GoldAnswer::Flags(flags) => {
                let text = if flags.is_empty() { "none" } else { "flags" };
                Self { text: text.to_owned(), values: Vec::new() }
            }
            GoldAnswer::Outcome(outcome) => Self { text: outcome.name().to_owned(), values: Vec::new() },
        }
    }
}

/// Whether two gold answers are the same, reasons and attributes of flags aside.
pub fn same(a: &GoldAnswer, b: &GoldAnswer) -> bool {
    match (a, b) {
        (GoldAnswer::Values(a), GoldAnswer::Values(b)) => a.iter().collect::<BTreeSet<_>>() == b.iter().collect(),
        (GoldAnswer::Flags(a), GoldAnswer::Flags(b)) => {
            let flags = |flags: &[GoldFlag]| -> BTreeSet<(usize, String)> {
                flags.iter().map(|flag| (flag.step, flag.kind.clone())).collect()
            };
            flags(a) == flags(b)
        }
        (a, b) => a == b,
    }
}
