//! Label Studio: a labelling interface, and how to read what it exports.
//!
//! In: a rubric. Out: `label-studio.xml` and `ratings.yaml`. Each control is called as its criterion; a task's data holds the
//! item in `item` and its steps, one paragraph each, in `run`. Source: Label Studio's tag reference, tried with its SDK 2.1.2.

use super::form::{FormKind, FormQuestion, other_control, questions};
use super::reading::{self, FormReading};
use super::{AskedRubric, ToolFiles};
use crate::document::{Choice, Criterion};
use crate::text::html;
use std::fmt::Write;

/// The interface of a rubric, and what reads its export.
pub fn files(asked: &AskedRubric<'_>) -> ToolFiles {
    let questions = questions(asked);
    let form = FormReading {
        export: "Label Studio exports (raw JSON)",
        tool: "label-studio",
        remarks: &[],
        columns: &[],
        has_other: &has_other,
    };
    let reading = reading::write(asked, &questions, &form);
    let files = vec![("label-studio.xml", interface(asked, &questions)), (reading::FILE, reading)];
    ToolFiles { files, remarks: Vec::new() }
}

/// Whether an answer that is no value needs a control of its own: all do but those among radio buttons.
fn has_other(question: &FormQuestion<'_>) -> bool {
    !question.outcomes.is_empty() && !matches!(question.kind, FormKind::One(_))
}

fn interface(asked: &AskedRubric<'_>, questions: &[FormQuestion<'_>]) -> String {
    let mut out = format!("<View>\n  <Header value=\"{}\"/>\n", html(&asked.heading()));
    out.push_str(
        "  <Paragraphs name=\"run\" value=\"$run\" layout=\"dialogue\" nameKey=\"author\" textKey=\"text\"/>\n",
    );
    for question in questions {
        let _ = writeln!(out, "  <Header value=\"{}\" size=\"5\"/>", html(&question.title));
        control(question, &mut out);
    }
    out.push_str("</View>\n");
    out
}

fn control(question: &FormQuestion<'_>, out: &mut String) {
    let criterion = question.criterion;
    let id = &criterion.id;
    let outcomes = || question.outcomes.iter().map(|(word, _)| (word.as_str(), ""));
    match question.kind {
        FormKind::Flags(kinds) => flags(criterion, kinds, out),
        FormKind::Several(values) => choices(id, "multiple", values.iter().map(pair), out),
        FormKind::One(values) => choices(id, "single-radio", values.iter().map(pair).chain(outcomes()), out),
        FormKind::Number => {
            let range = criterion.scale.in_json();
            let bound = |key: &str| range[key].as_f64().map_or_else(String::new, |of| format!(" {key}=\"{of}\""));
            let _ = writeln!(out, "  <Number name=\"{id}\" toName=\"run\"{}{}/>", bound("min"), bound("max"));
        }
        FormKind::Text => {
            let _ = writeln!(out, "  <TextArea name=\"{id}\" toName=\"run\" rows=\"3\" maxSubmissions=\"1\"/>");
        }
    }
    if has_other(question) {
        choices(&other_control(criterion), "single-radio", outcomes(), out);
    }
}

fn pair(choice: &Choice) -> (&str, &str) {
    (&choice.value, &choice.meaning)
}

fn choices<'a>(name: &str, kind: &str, listed: impl Iterator<Item = (&'a str, &'a str)>, out: &mut String) {
    let _ = writeln!(out, "  <Choices name=\"{name}\" toName=\"run\" choice=\"{kind}\">");
    for (value, meaning) in listed {
        let hint = if meaning.is_empty() { String::new() } else { format!(" hint=\"{}\"", html(meaning)) };
        let _ = writeln!(out, "    <Choice value=\"{}\"{hint}/>", html(value));
    }
    out.push_str("  </Choices>\n");
}

/// Flags are regions of paragraphs, and their attributes are choices about the region.
fn flags(criterion: &Criterion, kinds: &[Choice], out: &mut String) {
    let id = &criterion.id;
    let _ = writeln!(out, "  <ParagraphLabels name=\"{id}\" toName=\"run\">");
    for Choice { value, meaning } in kinds {
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
}
