//! Argilla: the settings of a dataset, and how to read the records that it exports.
//!
//! In: a rubric. Out: `settings.json`, which `rg.Settings.from_json` loads, and `ratings.yaml`. A record's id names the item;
//! it has the run as one text whose steps have headings (`[step 1]`), and the receipt of the text that raters read, which the
//! server takes no other for. Flags are spans of the run. Source: SDK and server 2.8.0, tried with both.

use super::form::{FormKind, FormQuestion, other_control, questions, shown};
use super::reading::{self, FormReading};
use super::{AskedRubric, ToolFiles};
use crate::document::{Choice, Criterion, Outcome};
use crate::ratings::argilla_run::{self, RUN, heading};
use crate::ratings::form_names::VERSION;
use crate::text::{listed as quoted_names, quoted};
use serde_json::{Value as Json, json};

/// The most letters that the server takes for a question's title, and for a value as it is shown.
const MOST_LETTERS: usize = 500;

/// The most labels that the server takes for spans.
const MOST_LABELS: usize = 500;

/// The settings of a rubric, and what reads its export.
pub fn files(asked: &AskedRubric<'_>) -> ToolFiles {
    let questions = questions(asked);
    let mut made = ArgillaForm { runs: Vec::new(), remarks: Vec::new() };
    let settings = made.settings(asked, &questions);
    let remarks = made.remarks;
    let form = FormReading {
        export: "Argilla exports (flat records)",
        tool: "argilla",
        remarks: &remarks,
        columns: if asked.receipt.is_some() { &[("version", VERSION)] } else { &[] },
        has_other: &has_other,
    };
    let reading = reading::write(asked, &questions, &form);
    let settings = serde_json::to_string_pretty(&settings).unwrap_or_default() + "\n";
    ToolFiles { files: vec![("settings.json", settings), (reading::FILE, reading)], remarks }
}

/// Spans take no other answer; that there is nothing to mark is said by marking nothing.
fn has_other(question: &FormQuestion<'_>) -> bool {
    matches!(question.kind, FormKind::Flags(_)) && question.criterion.unsure
}

/// Settings that are being made.
struct ArgillaForm {
    /// The texts that have a run: one for each question of spans, and one at least.
    runs: Vec<String>,
    remarks: Vec<String>,
}

impl ArgillaForm {
    fn settings(&mut self, asked: &AskedRubric<'_>, questions: &[FormQuestion<'_>]) -> Json {
        let asks: Vec<Json> = questions.iter().flat_map(|question| self.question(question)).collect();
        let version = asked.receipt.map(|receipt| {
            json!({
                "name": VERSION,
                "title": "Instructions",
                "settings": { "type": "terms", "values": [receipt] },
                "visible_for_annotators": true,
            })
        });
        if self.runs.is_empty() {
            self.runs.push(RUN.to_owned());
        }
        let run = |name: &String| {
            let settings = json!({ "type": "text", "use_markdown": false });
            json!({ "name": name, "title": "Run", "required": true, "settings": settings })
        };
        let runs: Vec<Json> = self.runs.iter().map(run).collect();
        json!({
            "guidelines": asked.heading(),
            "fields": runs,
            "questions": asks,
            "metadata": version.into_iter().collect::<Vec<_>>(),
            "vectors": [],
            "allow_extra_metadata": true,
        })
    }

    /// The questions of a criterion: its own, and one for answers that spans can't be.
    fn question(&mut self, of: &FormQuestion<'_>) -> Vec<Json> {
        let (id, help) = (&of.criterion.id, of.help());
        let unsure = of.outcomes.iter().find(|(_, outcome)| *outcome == Outcome::Unsure);
        let or_unsure = unsure.map_or_else(|| help.clone(), |(word, _)| format!("{help} Or write: {word}."));
        let text = json!({ "type": "text", "use_markdown": false });
        let outcomes = || of.outcomes.iter().map(|(word, _)| (word.clone(), word.clone()));
        let own = |form: &mut Self, help: &str, settings: Json| form.ask(id, &of.title, help, of.is_needed, &settings);
        match of.kind {
            FormKind::One(values) => {
                let options = self.options(id, values).into_iter().chain(outcomes());
                vec![own(self, &help, choice("label_selection", options))]
            }
            FormKind::Several(values) => {
                let options = self.options(id, values).into_iter().chain(outcomes());
                vec![own(self, &help, choice("multi_label_selection", options))]
            }
            FormKind::Number => {
                self.remarks.push(format!("`{id}`: Argilla has no numbers, so that it is typed as text."));
                vec![own(self, &or_unsure, text)]
            }
            FormKind::Text => vec![own(self, &or_unsure, text)],
            FormKind::Flags(kinds) => self.flags(of, kinds, outcomes()),
        }
    }

    /// A question of spans, which has a text for itself, since the server takes one such question for a text.
    fn flags(
        &mut self,
        of: &FormQuestion<'_>,
        kinds: &[Choice],
        outcomes: impl Iterator<Item = (String, String)>,
    ) -> Vec<Json> {
        let id = &of.criterion.id;
        let field = if self.runs.is_empty() { RUN.to_owned() } else { format!("{RUN}_{}", self.runs.len() + 1) };
        let same = if self.runs.is_empty() {
            ""
        } else {
            ", which is the same text once more, as a text has spans of one question"
        };
        self.remarks.push(format!(
            "`{id}`: flags are spans of `{field}`{same}; each step in it begins with a line such as `{}`, and nothing marked \
             means that there is nothing to flag.",
            heading(1)
        ));
        let options = self.labels(of.criterion, kinds);
        let help = format!("{} Mark some of the step's text.", of.help());
        let spans = spans(&field, options.into_iter());
        self.runs.push(field);
        let mut asks = vec![self.ask(id, &of.title, &help, of.is_needed, &spans)];
        if has_other(of) {
            let settings = choice("label_selection", outcomes);
            let help = "Where no step can be marked.";
            asks.push(self.ask(&other_control(of.criterion), &of.title, help, false, &settings));
        }
        asks
    }

    /// The labels of spans: each kind of flag, with each value of its attributes.
    fn labels(&mut self, criterion: &Criterion, kinds: &[Choice]) -> Vec<(String, String)> {
        let Criterion { id, attributes, .. } = criterion;
        let sets = attribute_sets(criterion);
        if sets.len() * kinds.len() > MOST_LABELS {
            let names: Vec<&str> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
            self.remarks
                .push(format!("`{id}`: not asked is {}, as Argilla takes {MOST_LABELS} labels.", quoted_names(names)));
            return self.options(id, kinds);
        }
        let of_kind = |kind: &Choice| -> Vec<(String, String)> {
            let label =
                |set: &Vec<(&str, &str)>| (argilla_run::label(&kind.value, set), argilla_run::label(&shown(kind), set));
            sets.iter().map(label).collect()
        };
        let labels: Vec<(String, String)> = kinds.iter().flat_map(of_kind).collect();
        labels.into_iter().map(|(value, text)| (value, self.short(id, &text))).collect()
    }

    fn ask(&mut self, name: &str, title: &str, help: &str, is_needed: bool, settings: &Json) -> Json {
        let title = self.short(name, title);
        json!({ "name": name, "title": title, "description": help, "required": is_needed, "settings": settings })
    }

    /// The values, each with what is shown of it.
    fn options(&mut self, id: &str, choices: &[Choice]) -> Vec<(String, String)> {
        choices.iter().map(|choice| (choice.value.clone(), self.short(id, &shown(choice)))).collect()
    }

    /// A text that the server takes.
    fn short(&mut self, name: &str, text: &str) -> String {
        if text.chars().count() <= MOST_LETTERS {
            return text.to_owned();
        }
        let kept: String = text.chars().take(MOST_LETTERS - 1).collect();
        let begin: String = text.chars().take(30).collect();
        self.remarks.push(format!("`{name}`: {} … is cut, as Argilla shows {MOST_LETTERS} letters.", quoted(&begin)));
        format!("{kept}…")
    }
}

/// Every way to give each attribute of a criterion's flags one of its values; no more than show that there are too many.
fn attribute_sets(criterion: &Criterion) -> Vec<Vec<(&str, &str)>> {
    let mut sets: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for attribute in &criterion.attributes {
        let pairs: Vec<_> = attribute.values.iter().map(|value| (attribute.name.as_str(), value.as_str())).collect();
        let longer = sets.iter().flat_map(|set| pairs.iter().map(|pair| [&set[..], &[*pair]].concat()));
        sets = longer.take(MOST_LABELS + 1).collect();
    }
    sets
}

fn choice(kind: &str, options: impl Iterator<Item = (String, String)>) -> Json {
    json!({ "type": kind, "options": listed(options) })
}

/// Spans may lie over each other: a step can have several flags.
fn spans(field: &str, options: impl Iterator<Item = (String, String)>) -> Json {
    json!({ "type": "span", "field": field, "allow_overlapping": true, "options": listed(options) })
}

fn listed(options: impl Iterator<Item = (String, String)>) -> Vec<Json> {
    options.map(|(value, text)| json!({ "value": value, "text": text })).collect()
}
