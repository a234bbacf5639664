//! Forms: the rubric as questions that a reader answers in the browser, beside the run.
//!
//! In: an example that is answered, and its edition. Out: the questions, and what a script needs to keep answers, to write
//! them as rows of ratings and, of practice, to set gold beside them. Nothing of it holds gold that is not shown.

use super::cited::RuleView;
use super::rubric::ChoiceView;
use super::versions;
use crate::document::{Criterion, Use};
use crate::model::{Example, Gold, GoldAnswer, GoldFlag, Outcome};
use crate::site::edition::Edition;
use crate::site::host::TextPlace;
use data_encoding::BASE64;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What drafts are called that this form understands.
const FORMAT: u32 = 1;

/// What stands before gold in base 64: the search for what readers may not see reads such data too.
const GOLD: &str = "data:application/json;base64,";

/// The questions of an example.
#[derive(Serialize)]
pub struct FormView {
    /// What the script knows of the form, as JSON.
    spec: String,
    /// The gold of practice, as an address that holds JSON in base 64: a reader who wants it finds it. None where gold is not shown.
    gold: Option<String>,
    /// The questions; none on a page of a later part of the run, where flags alone are set.
    questions: Vec<QuestionView>,
    /// The questions that flags answer.
    flagging: Vec<QuestionView>,
    /// Where the questions are, of a page of a later part of the run.
    elsewhere: Option<String>,
    /// Whether two runs are compared: flags are the first one's.
    is_pair: bool,
}

/// One question.
#[derive(Serialize, Clone)]
struct QuestionView {
    /// The criterion's id.
    id: String,
    /// The heading of its section.
    title: String,
    /// Where it is explained.
    url: String,
    /// `one`, `several`, `number`, `flags` or `text`.
    input: &'static str,
    /// What is answered, in words.
    asks: String,
    /// The values that can be chosen.
    choices: Vec<ChoiceView>,
    /// The range of a number, and its unit; each empty where there is none.
    range: RangeView,
    /// Whether nothing may be the answer.
    allows_none: bool,
    /// Whether "unsure" may be the answer.
    unsure: bool,
    /// What each flag also says.
    attributes: Vec<FormAttribute>,
}

#[derive(Serialize, Clone)]
struct RangeView {
    min: String,
    max: String,
    unit: String,
}

#[derive(Serialize, Clone)]
struct FormAttribute {
    name: String,
    values: Vec<String>,
}

impl FormView {
    /// The form of an example that is answered; none of one whose gold is shown or that nobody gets.
    pub fn of(edition: &Edition<'_>, example: &Example, site: &str, place: TextPlace<'_, '_>) -> Option<Self> {
        if !example.used.is_answered() {
            return None;
        }
        let criteria = &edition.instructions.rubric.criteria;
        let questions: Vec<QuestionView> =
            criteria.iter().map(|criterion| question(criterion, edition, place)).collect();
        let version = edition.release.and_then(versions::receipt).unwrap_or_default();
        let key = format!("goldbook: {site}");
        let spec = json!({
            "format": FORMAT,
            "task": edition.task.id,
            "item": example.item,
            "version": version,
            "raterKey": format!("{key} / rater"),
            "draftKey": format!("{key} / {} / {version} / {}", edition.task.id, example.item),
            "use": example.used.name(),
            "together": together(example, edition),
            "criteria": criteria.iter().map(|criterion| told(criterion, edition)).collect::<Vec<_>>(),
        });
        let is_shown = example.used == Use::Practice && !example.gold.is_empty();
        let gold =
            is_shown.then(|| format!("{GOLD}{}", BASE64.encode(gold(example, edition, place).to_string().as_bytes())));
        let flagging = questions.iter().filter(|question| question.input == "flags").cloned().collect();
        let is_pair = example.against.is_some();
        Some(Self { spec: spec.to_string(), gold, questions, flagging, elsewhere: None, is_pair })
    }

    /// The same for a page of a later part of the run, whose questions are at `address`.
    pub fn of_part(self, address: String) -> Self {
        Self { questions: Vec::new(), elsewhere: Some(address), ..self }
    }
}

/// The items that are answered for the same end as an example, itself among them: what is finished of them is saved as one.
/// Practice is for nobody else.
fn together<'e>(example: &Example, edition: &'e Edition<'_>) -> Vec<&'e str> {
    let all = edition.instructions.examples.iter();
    let is_alike = |other: &&Example| other.used == example.used && example.used != Use::Practice;
    all.filter(is_alike).map(|other| other.item.as_str()).collect()
}

/// What the script must know of a criterion.
fn told(criterion: &Criterion, edition: &Edition<'_>) -> Json {
    json!({
        "id": criterion.id,
        "title": edition.criterion_title(&criterion.id),
        "input": input(criterion),
        "tolerance": criterion.tolerance,
        "scored": criterion.scale.is_scored(),
        "attributes": criterion.attributes.iter().map(|attribute| &attribute.name).collect::<Vec<_>>(),
    })
}

fn question(criterion: &Criterion, edition: &Edition<'_>, place: TextPlace<'_, '_>) -> QuestionView {
    let scale = criterion.scale.in_json();
    let bound = |name: &str| scale[name].as_f64().map_or_else(String::new, |bound| bound.to_string());
    let attributes = criterion.attributes.iter();
    QuestionView {
        id: criterion.id.clone(),
        title: edition.criterion_title(&criterion.id).to_owned(),
        url: place.url(&edition.rubric_path(), Some(&criterion.id)),
        input: input(criterion),
        asks: criterion.scale.in_words(criterion.each),
        choices: ChoiceView::all(criterion),
        range: RangeView {
            min: bound("min"),
            max: bound("max"),
            unit: scale["unit"].as_str().unwrap_or_default().to_owned(),
        },
        allows_none: criterion.scale.allows_none(),
        unsure: criterion.unsure,
        attributes: attributes.map(|of| FormAttribute { name: of.name.clone(), values: of.values.clone() }).collect(),
    }
}

/// How a criterion is answered.
fn input(criterion: &Criterion) -> &'static str {
    let scale = &criterion.scale;
    match () {
        () if scale.has_flags() => "flags",
        () if scale.has_sets() => "several",
        () if scale.has_numbers() => "number",
        () if scale.has_values() => "one",
        () => "text",
    }
}

/// The gold of an example for the script.
fn gold(example: &Example, edition: &Edition<'_>, place: TextPlace<'_, '_>) -> Json {
    let of = |gold: &Gold| {
        let Gold { criterion, answer, why, rules: _ } = gold;
        let rules = RuleView::all(&gold.rules, edition, place);
        let mut said = json!({ "criterion": criterion, "why": why, "rules": rules });
        match answer {
            GoldAnswer::Values(values) => said["values"] = json!(values),
            GoldAnswer::Outcome(outcome) => said["outcome"] = json!(outcome.name()),
            GoldAnswer::Flags(flags) if flags.is_empty() => said["outcome"] = json!(Outcome::None.name()),
            GoldAnswer::Flags(flags) => said["flags"] = flags.iter().map(|of| flag(of, edition, place)).collect(),
        }
        said
    };
    example.gold.iter().map(of).collect()
}

fn flag(of: &GoldFlag, edition: &Edition<'_>, place: TextPlace<'_, '_>) -> Json {
    let GoldFlag { step, kind, attributes, quote, why, rules } = of;
    let rules = RuleView::all(rules, edition, place);
    json!({ "step": step, "kind": kind, "attributes": attributes, "quote": quote, "why": why, "rules": rules })
}
