//! Bars: the quality that must be shown, set by a rubric or by a cohort.
//!
//! In: a list of `{figure: severity.alpha, at_least: 0.6}`. Out: `BarPart`s. Whether the criterion
//! exists, and its scale has the measure, is found later.

use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::schema::{FromYaml, Spanned, ZeroToOne, mapping};
use crate::source::Span;
use crate::yaml::Node;
use serde_json::{Value as Json, json};

/// One part of a bar: a figure that must reach a value.
#[derive(Clone, Debug, PartialEq)]
pub struct BarPart {
    /// Which figure.
    pub figure: BarFigure,
    /// What it must reach, from 0 to 1.
    pub at_least: f64,
    /// On how many items its one verdict is given, if that is planned.
    pub decide_at: Option<u32>,
}

impl BarPart {
    /// In a line, as `accuracy at least 0.85, decided at 100 items`.
    pub fn in_words(&self) -> String {
        let decided = self.decide_at.map_or_else(String::new, |items| format!(", decided at {items} items"));
        format!("{} at least {}{decided}", self.figure.name(), self.at_least)
    }
}

/// A figure that a bar can be set on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarFigure {
    /// The criterion it is of; none for all criteria together.
    pub criterion: Option<String>,
    /// What it measures.
    pub measure: Measure,
}

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Right out of asked.
    Accuracy,
    /// Answered out of asked.
    Answered,
    /// Agreement of ratings with gold beyond chance: Cohen's kappa.
    Kappa,
    /// What sets have in common with those of the gold: Jaccard's index, on average.
    Overlap,
    /// Raw agreement among raters.
    Agreement,
    /// Agreement among raters beyond chance: Krippendorff's alpha at the scale's level.
    Alpha,
    /// Agreement among raters beyond chance: Gwet's AC1, or AC2 on an ordinal scale.
    Ac,
    /// Flags that match gold, out of flags.
    Precision,
    /// Gold flags that are found, out of gold flags.
    Recall,
    /// The harmonic mean of the two.
    F1,
}

impl Measure {
    /// Each with its name.
    pub const WORDS: [(&str, Self); 10] = [
        ("accuracy", Self::Accuracy),
        ("answered", Self::Answered),
        ("kappa", Self::Kappa),
        ("overlap", Self::Overlap),
        ("agreement", Self::Agreement),
        ("alpha", Self::Alpha),
        ("ac", Self::Ac),
        ("precision", Self::Precision),
        ("recall", Self::Recall),
        ("f1", Self::F1),
    ];

    /// The name in a bar.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, measure)| *measure == self).map_or("", |(word, _)| word)
    }

    /// Whether it can be of all criteria together.
    pub fn has_overall(self) -> bool {
        matches!(self, Self::Accuracy | Self::Answered)
    }
}

impl BarFigure {
    /// Right out of asked over all criteria.
    pub const ACCURACY: Self = Self { criterion: None, measure: Measure::Accuracy };

    /// Right out of asked on one criterion.
    pub fn accuracy_of(criterion: &str) -> Self {
        Self { criterion: Some(criterion.to_owned()), ..Self::ACCURACY }
    }

    /// As written in a bar.
    pub fn name(&self) -> String {
        let measure = self.measure.name();
        self.criterion.as_ref().map_or_else(|| measure.to_owned(), |criterion| format!("{criterion}.{measure}"))
    }
}

mapping! {
    /// A figure that must reach a value.
    struct BarKeys = "a part of a bar" {
        /// Which figure: `accuracy` or `answered` of all criteria, or a criterion's, such as `severity.alpha`.
        needed figure: BarFigure = "accuracy";
        /// What the lower bound of its interval must reach, from 0 to 1.
        needed at_least: ZeroToOne = "0.85";
        /// On how many gold items the one verdict is given (for agreement: items with two ratings or more); the bound holds at
        /// every look unless said. It counts if it was fixed before the first rating.
        optional decide_at: Spanned<u32> = "100";
    }
}

impl FromYaml for BarPart {
    fn schema() -> Json {
        BarKeys::schema()
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let BarKeys { figure, at_least, decide_at } = BarKeys::from_yaml(node, diagnostics)?;
        if let Some(Spanned { value: 0, span }) = decide_at {
            diagnostics
                .add(rules::INVALID_VALUE, span, "a verdict can't be given on 0 items")
                .help("`decide_at` is the number of gold items that are planned, such as 100");
        }
        Some(Self { figure: figure?, at_least: at_least?.0, decide_at: decide_at.map(|items| items.value) })
    }
}

impl FromYaml for BarFigure {
    fn schema() -> Json {
        let names = |wanted: fn(&Measure) -> bool| {
            let measures = Measure::WORDS.iter().filter(|(_, measure)| wanted(measure));
            measures.map(|(word, _)| *word).collect::<Vec<_>>().join("|")
        };
        let (overall, all) = (names(|measure| measure.has_overall()), names(|_| true));
        json!({ "type": "string", "pattern": format!(r"^({overall}|[^.]*\.({all}))$") })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        figure(node.text(diagnostics)?, node.span, diagnostics)
    }
}

fn figure(name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<BarFigure> {
    let (criterion, word) = match name.split_once('.') {
        Some((criterion, word)) => (Some(criterion.to_owned()), word),
        None => (None, name),
    };
    let names = Measure::WORDS.map(|(word, _)| word);
    let Some((_, measure)) = Measure::WORDS.iter().find(|(known, _)| *known == word) else {
        diagnostics
            .add(rules::INVALID_VALUE, span, format!("`{name}` is not a figure"))
            .maybe_help(did_you_mean(word, names))
            .help(format!("figures are {}, after a criterion: `severity.accuracy`", one_of(names)))
            .help("`accuracy` and `answered` may stand alone: they are then of all criteria");
        return None;
    };
    if criterion.is_none() && !measure.has_overall() {
        diagnostics
            .add(rules::INVALID_VALUE, span, format!("`{name}` is always a figure of one criterion"))
            .help(format!("name the criterion: `severity.{name}`"));
        return None;
    }
    Some(BarFigure { criterion, measure: *measure })
}
