//! How ratings are read: `ratings.yaml` in a folder of ratings.
//!
//! In: the file. Out: `ReadingKeys`. It says what a tool's own export leaves unsaid, and never what a rating is.

use super::Outcome;
use crate::diagnostic::Diagnostics;
use crate::schema::{FromYaml, OpenMapping, Words, mapping};
use crate::yaml::{Node, Value};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

/// The name of such a file, wherever it lies below `content/ratings/`: what is nearest to a file of ratings counts.
pub const READING_FILE: &str = "ratings.yaml";

/// Files in the folder of a scan of Inspect Scout that are no ratings: what the scan is, how it ended, and the errors of its
/// results once more.
pub const SCAN_FILES: [&str; 3] = ["_scan.json", "_summary.json", "_errors.jsonl"];

/// Files beside labels of Docent that are no ratings: the runs that they are of, and what judges were asked.
pub const DOCENT_FILES: [&str; 2] = ["docent-runs.json", "docent-rubrics.json"];

/// Whether a file of a folder of ratings says how they are read, or what a scan or a label is of, and holds none itself.
pub fn is_reading(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == READING_FILE || SCAN_FILES.contains(&name) || DOCENT_FILES.contains(&name)
}

mapping! {
    /// How the ratings of a folder are read, where they are not in the canonical form.
    pub struct ReadingKeys = "how ratings are read" {
        /// What wrote them; told by what they look like unless said.
        optional tool: RatingTool = "label-studio";
        /// The task of every row that names none.
        optional task: String = "agent-setup-mistakes";
        /// The version of every row that names none.
        optional version: String = "1.1.0";
        /// The cohort of every row that names none.
        optional cohort: String = "atlas-2026q4";
        /// The rater of every row that names none; of a judge's scan what its id begins with.
        optional rater: String = "judge-a";
        /// By what stands in the file for a rater (a name, a number): the rater's id.
        optional raters: OpenMapping<String> = "{jo.doe: x-01, Kim: x-02}";
        /// By scorer of a log: the id of the rater whom its own values are of; without it they are no ratings.
        optional scorers: OpenMapping<String> = "{severity: judge-a}";
        /// What stands before the id of each other rater, so that it is nobody else's.
        optional rater_prefix: String = "at-";
        /// The zone of times without one; the site's unless said.
        optional time_zone: TimeZone = "America/Los_Angeles";
        /// Whether `02/11/2026` is a day in November (`day-first`) or in February (`month-first`).
        optional dates: DateOrder = "day-first";
        /// Whether `3,5` is three and a half.
        usually decimal_comma: bool = "false";
        /// Whether a scan that did not end is read all the same.
        usually partial: bool = "false";
        /// By column of the canonical form: what the file calls it.
        optional columns: OpenMapping<String> = "{item: HITId, rater: WorkerId, submitted_at: SubmitTime}";
        /// By criterion: the column with its answers; or, for each value, the column that says whether it was chosen.
        optional answers: OpenMapping<AnswerColumns> = "{verdict: Answer.verdict, severity: {low: Answer.low, high: Answer.high}}";
        /// By criterion: what stands in the file, and the value that it means; `{outcome: unsure}` is none.
        optional values: OpenMapping<OpenMapping<MeantValue>> = "{verdict: {Ja: yes, Nein: no, Weiß nicht: {outcome: unsure}}}";
    }
}

/// What wrote a table of ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingTool {
    /// Any program: a table whose columns are named here, or are called as usual.
    Table,
    /// Amazon Mechanical Turk's batch results.
    MechanicalTurk,
    /// Toloka's assignments.
    Toloka,
    /// CrowdFlower's, Figure Eight's or Appen's full report.
    Appen,
    /// Label Studio's raw JSON.
    LabelStudio,
    /// Inspect's logs, and its tables of samples.
    Inspect,
    /// The folder of a scan of Inspect Scout.
    Scout,
    /// Docent's labels, and results of its judges.
    Docent,
    /// Argilla's records.
    Argilla,
    /// Potato's JSON lines.
    Potato,
}

impl Words for RatingTool {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("table", Self::Table),
        ("mturk", Self::MechanicalTurk),
        ("toloka", Self::Toloka),
        ("appen", Self::Appen),
        ("label-studio", Self::LabelStudio),
        ("inspect", Self::Inspect),
        ("scout", Self::Scout),
        ("docent", Self::Docent),
        ("argilla", Self::Argilla),
        ("potato", Self::Potato),
    ];
}

/// Which number of a date such as `02/11/2026` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// The first.
    DayFirst,
    /// The second.
    MonthFirst,
}

impl Words for DateOrder {
    const WORDS: &'static [(&'static str, Self)] = &[("day-first", Self::DayFirst), ("month-first", Self::MonthFirst)];
}

/// Where the answers to a criterion stand.
#[derive(Clone, Debug)]
pub enum AnswerColumns {
    /// In this column.
    One(String),
    /// In a column for each value, which says whether it was chosen: the value and its column.
    Options(Vec<(String, String)>),
}

impl FromYaml for AnswerColumns {
    fn schema() -> Json {
        json!({ "anyOf": [String::schema(), OpenMapping::<String>::schema()] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        match node.value {
            Value::Map(_) => {
                let OpenMapping(options) = OpenMapping::<String>::from_yaml(node, diagnostics)?;
                Some(Self::Options(options.into_iter().map(|(value, column)| (value.text, column)).collect()))
            }
            _ => String::from_yaml(node, diagnostics).map(Self::One),
        }
    }
}

mapping! {
    /// An answer that is no value.
    struct OutcomeKeys = "an outcome" {
        /// Which one.
        needed outcome: Outcome = "unsure";
    }
}

/// What something that stands in a file means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeantValue {
    /// This value.
    Value(String),
    /// None, for this reason.
    Outcome(Outcome),
}

impl FromYaml for MeantValue {
    fn schema() -> Json {
        json!({ "anyOf": [String::schema(), OutcomeKeys::schema()] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        match node.value {
            Value::Map(_) => OutcomeKeys::from_yaml(node, diagnostics)?.outcome.map(Self::Outcome),
            _ => String::from_yaml(node, diagnostics).map(Self::Value),
        }
    }
}
