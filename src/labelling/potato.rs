//! Potato: the configuration of a project, and how to read what it exports.
//!
//! In: a rubric. Out: `config.yaml`, with which `potato start` serves the instances of `items.jsonl` beside it, and
//! `ratings.yaml`. An instance has the item in `item` and in `run` its steps, `{speaker, text, step_id}` each. Flags are chosen
//! at the steps. Raters say which text they read, since the export has nothing else of the project. Source: 2.12.1, tried.

use super::form::{FormKind, FormQuestion, other_control, questions, shown};
use super::reading::{self, FormReading};
use super::{AskedRubric, ToolFiles};
use crate::document::{Choice, Criterion};
use crate::ratings::form_names::{VERSION, of_attribute};
use serde_json::{Value as Json, json};

/// The configuration of a rubric, and what reads the export.
pub fn files(asked: &AskedRubric<'_>) -> ToolFiles {
    let questions = questions(asked);
    let remarks: Vec<String> = questions.iter().flat_map(remarks).collect();
    let form = FormReading {
        export: "Potato exports (jsonl)",
        tool: "potato",
        remarks: &remarks,
        columns: if asked.receipt.is_some() { &[("version", VERSION)] } else { &[] },
        has_other: &has_other,
    };
    let reading = reading::write(asked, &questions, &form);
    ToolFiles { files: vec![("config.yaml", config(asked, &questions)), (reading::FILE, reading)], remarks }
}

/// Numbers, text and steps take no other answer.
fn has_other(question: &FormQuestion<'_>) -> bool {
    let takes_others = matches!(question.kind, FormKind::One(_) | FormKind::Several(_));
    !question.outcomes.is_empty() && !takes_others
}

fn remarks(question: &FormQuestion<'_>) -> Vec<String> {
    let Criterion { id, attributes, .. } = question.criterion;
    let of = |name: &str| {
        format!(
            "`{id}`: Potato asks once a step, so that `{name}` holds for all flags of the step, which may be several."
        )
    };
    let has_several = matches!(question.kind, FormKind::Flags(_)) && !question.criterion.each;
    attributes.iter().filter(|_| has_several).map(|attribute| of(&attribute.name)).collect()
}

fn config(asked: &AskedRubric<'_>, questions: &[FormQuestion<'_>]) -> String {
    let version = asked.receipt.map(|receipt| {
        let ask = "Which instructions did you read?";
        one(VERSION, ask, &[(receipt.to_owned(), receipt.to_owned())], true)
    });
    let schemes: String =
        questions.iter().flat_map(schemes).chain(version).map(|scheme| format!("  - {}\n", yaml(&scheme))).collect();
    let field = json!({
        "key": "run",
        "type": "dialogue",
        "label": "Run",
        "display_options": { "show_turn_numbers": true },
    });
    format!(
        "# A project of Potato. An instance is a line of items.jsonl: \
         {{\"item\": …, \"run\": [{{\"speaker\": …, \"text\": …, \"step_id\": 1}}, …]}}\n\
         annotation_task_name: {}\n\
         task_dir: .\n\
         output_annotation_dir: annotation_output\n\
         data_files: [items.jsonl]\n\
         item_properties: {{id_key: item, text_key: item}}\n\
         instance_display:\n  fields:\n  - {}\n\
         annotation_schemes:\n{schemes}",
        yaml(&json!(asked.heading())),
        yaml(&field),
    )
}

/// The questions of a criterion: its own, one for each attribute of its flags, and one for answers that it can't take.
fn schemes(of: &FormQuestion<'_>) -> Vec<Json> {
    let (id, sign) = (&of.criterion.id, if of.title.ends_with(char::is_alphanumeric) { "." } else { "" });
    let title = format!("{}{sign} {}", of.title, of.help());
    let outcomes = || of.outcomes.iter().map(|(word, _)| (word.clone(), word.clone()));
    let options = |choices: &[Choice]| -> Vec<(String, String)> {
        choices.iter().map(|choice| (choice.value.clone(), shown(choice))).chain(outcomes()).collect()
    };
    let is_alone = of.is_needed && !has_other(of);
    let mut schemes = match of.kind {
        FormKind::One(values) => vec![one(id, &title, &options(values), is_alone)],
        FormKind::Several(values) => {
            let mut scheme = one(id, &title, &options(values), is_alone);
            scheme["annotation_type"] = json!("multiselect");
            vec![scheme]
        }
        FormKind::Number => vec![number(of.criterion, &title, is_alone)],
        FormKind::Text => vec![text(id, &title, is_alone)],
        FormKind::Flags(kinds) => flags(of, &title, kinds),
    };
    if has_other(of) {
        let ask = format!("{}: if there is no other answer", of.title);
        schemes.push(one(&other_control(of.criterion), &ask, &outcomes().collect::<Vec<_>>(), false));
    }
    schemes
}

/// A question of a kind, about an instance as a whole.
fn scheme(kind: &str, name: &str, ask: &str, is_needed: bool) -> Json {
    json!({
        "annotation_type": kind,
        "name": name,
        "description": ask,
        "label_requirement": { "required": is_needed },
    })
}

/// A question with options: what each is stored as, and what is shown of it.
fn one(name: &str, ask: &str, options: &[(String, String)], is_needed: bool) -> Json {
    let mut scheme = scheme("radio", name, ask, is_needed);
    scheme["labels"] = options.iter().map(|(value, shown)| json!({ "name": value, "text": shown })).collect();
    scheme
}

fn text(name: &str, ask: &str, is_needed: bool) -> Json {
    let mut scheme = scheme("text", name, ask, is_needed);
    scheme["multiline"] = json!(true);
    scheme
}

fn number(criterion: &Criterion, ask: &str, is_needed: bool) -> Json {
    let mut scheme = scheme("number", &criterion.id, ask, is_needed);
    let range = criterion.scale.in_json();
    for (ours, theirs) in [("min", "min_value"), ("max", "max_value")] {
        if !range[ours].is_null() {
            scheme[theirs] = range[ours].clone();
        }
    }
    scheme
}

/// Questions at each step: which flags it has, and about each attribute.
fn flags(of: &FormQuestion<'_>, ask: &str, kinds: &[Choice]) -> Vec<Json> {
    let criterion = of.criterion;
    let meanings: Vec<String> = kinds.iter().map(shown).collect();
    let kind = if criterion.each { "radio" } else { "multiselect" };
    let at_steps = |kind: &str, name: &str, [ask, at_step]: [&str; 2], values: Vec<&str>| {
        json!({
            "annotation_type": kind,
            "name": name,
            "description": ask,
            "turn_label": at_step,
            "labels": values,
            "turn_level": true,
            "turn_binding": { "field": "run" },
        })
    };
    let own = at_steps(
        kind,
        &criterion.id,
        [&format!("{ask} {}.", meanings.join("; ")), &of.title],
        kinds.iter().map(|choice| choice.value.as_str()).collect(),
    );
    let attributes = criterion.attributes.iter().map(|attribute| {
        let name = of_attribute(&criterion.id, &attribute.name);
        let ask = format!("{}: {}, at each step with a flag", of.title, attribute.name);
        at_steps("radio", &name, [&ask, &attribute.name], attribute.values.iter().map(String::as_str).collect())
    });
    std::iter::once(own).chain(attributes).collect()
}

/// JSON that YAML 1.1 reads as the same: what it takes for the end of a line, or does not take at all, is escaped.
fn yaml(value: &Json) -> String {
    let is_odd =
        |c: &char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let escaped = |c: char| if is_odd(&c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    value.to_string().chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_the_same_in_yaml_and_escaped_where_yaml_would_change_it() {
        assert_eq!(yaml(&json!("a: \"b\" # {c}\n😀")), "\"a: \\\"b\\\" # {c}\\n😀\"");
        assert_eq!(yaml(&json!("\u{7f}\u{85}\u{2028}\u{feff}")), "\"\\u007f\\u0085\\u2028\\ufeff\"");
    }
}
