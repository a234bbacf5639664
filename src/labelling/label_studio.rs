//! Label Studio: a labelling interface, and how to read what it exports.
//!
//! In: a rubric. Out: `label-studio.xml` and `ratings.yaml`. Each control is called as its criterion; a task's data holds the
//! item in `item` and its steps, one paragraph each, in `run`. Source: Label Studio's tag reference, tried with its SDK 2.1.2.

use super::{AskedRubric, ToolFile, other_control};
use crate::document::Criterion;
use crate::text::html;
use std::fmt::Write;

/// What raters choose where a question has no answer, as Label Studio shows it.
const UNSURE: &str = "Unsure";
/// The same where there is nothing to flag, or none of the values applies.
const NONE: &str = "Nothing of it";

/// The interface of a rubric, and what reads its export.
pub fn label_studio(asked: &AskedRubric<'_>) -> [ToolFile; 2] {
    [("label-studio.xml", interface(asked)), ("ratings.yaml", reading(asked))]
}

fn interface(asked: &AskedRubric<'_>) -> String {
    let AskedRubric { task, title, receipt, rubric, titles } = asked;
    let version = receipt.map_or_else(String::new, |receipt| format!(", {receipt}"));
    let mut out = format!("<View>\n  <Header value=\"{}\"/>\n", html(&format!("{title} ({task}{version})")));
    out.push_str(
        "  <Paragraphs name=\"run\" value=\"$run\" layout=\"dialogue\" nameKey=\"author\" textKey=\"text\"/>\n",
    );
    for criterion in &rubric.criteria {
        let _ = writeln!(out, "  <Header value=\"{}\" size=\"5\"/>", html(&titles(&criterion.id)));
        control(criterion, &mut out);
    }
    out.push_str("</View>\n");
    out
}

fn control(criterion: &Criterion, out: &mut String) {
    let (scale, id) = (&criterion.scale, &criterion.id);
    let unsure = criterion.unsure.then_some((UNSURE, ""));
    let choices = |out: &mut String, name: &str, kind: &str, listed: &[(&str, &str)]| {
        let _ = writeln!(out, "  <Choices name=\"{name}\" toName=\"run\" choice=\"{kind}\">");
        for (value, meaning) in listed {
            let hint = if meaning.is_empty() { String::new() } else { format!(" hint=\"{}\"", html(meaning)) };
            let _ = writeln!(out, "    <Choice value=\"{}\"{hint}/>", html(value));
        }
        out.push_str("  </Choices>\n");
    };
    let values: Vec<(&str, &str)> =
        scale.choices().iter().map(|choice| (choice.value.as_str(), choice.meaning.as_str())).collect();
    if scale.has_flags() {
        let _ = writeln!(out, "  <ParagraphLabels name=\"{id}\" toName=\"run\">");
        for (value, meaning) in &values {
            let _ = writeln!(out, "    <Label value=\"{}\" hint=\"{}\"/>", html(value), html(meaning));
        }
        out.push_str("  </ParagraphLabels>\n");
        for attribute in &criterion.attributes {
            let name = &attribute.name;
            let _ = writeln!(out, "  <Choices name=\"{name}\" toName=\"run\" perRegion=\"true\" whenTagName=\"{id}\">");
            for value in &attribute.values {
                let _ = writeln!(out, "    <Choice value=\"{}\"/>", html(value));
            }
            out.push_str("  </Choices>\n");
        }
    } else if scale.has_sets() {
        choices(out, id, "multiple", &values);
    } else if scale.has_numbers() {
        let range = scale.in_json();
        let bound =
            |name: &str, key: &str| range[key].as_f64().map_or_else(String::new, |of| format!(" {name}=\"{of}\""));
        let _ = writeln!(out, "  <Number name=\"{id}\" toName=\"run\"{}{}/>", bound("min", "min"), bound("max", "max"));
    } else if scale.has_values() {
        choices(out, id, "single-radio", &values.into_iter().chain(unsure).collect::<Vec<_>>());
    } else {
        let _ = writeln!(out, "  <TextArea name=\"{id}\" toName=\"run\" rows=\"3\" maxSubmissions=\"1\"/>");
    }
    if let Some(name) = other_control(criterion) {
        let none = scale.allows_none().then_some((NONE, ""));
        choices(out, &name, "single-radio", &none.into_iter().chain(unsure).collect::<Vec<_>>());
    }
}

/// What reads the export: which task and text it is of, which controls answer a criterion, and what stands for no value.
fn reading(asked: &AskedRubric<'_>) -> String {
    let mut out = String::from(
        "# How to read what Label Studio exports (raw JSON) of the interface beside it.\ntool: label-studio\n",
    );
    let _ = writeln!(out, "task: {}", asked.task);
    asked.receipt.iter().for_each(|receipt| out.push_str(&format!("version: {receipt}\n")));
    let criteria = || asked.rubric.criteria.iter();
    let controls: Vec<String> =
        criteria().filter_map(|of| Some(format!("{}: {}", of.id, other_control(of)?))).collect();
    if !controls.is_empty() {
        let _ = writeln!(out, "answers: {{{}}}", controls.join(", "));
    }
    let others = criteria().filter(|criterion| criterion.scale.allows_none() || criterion.unsure);
    let means = |criterion: &Criterion| {
        let unsure = criterion.unsure.then(|| format!("{UNSURE}: {{outcome: unsure}}"));
        let none = criterion.scale.allows_none().then(|| format!("{NONE}: {{outcome: none}}"));
        let meant: Vec<String> = unsure.into_iter().chain(none).collect();
        format!("  {}: {{{}}}\n", criterion.id, meant.join(", "))
    };
    let meant: String = others.map(means).collect();
    if !meant.is_empty() {
        out.push_str("values:\n");
        out.push_str(&meant);
    }
    out
}
