//! Conservation: whether every word of a run is on its page.
//!
//! In: a run, or some of its steps, and the HTML that was made of it. Out: words that are not in the text of the HTML. It
//! knows nothing of how steps are shown, so that whatever takes a word away on the way is found.

use crate::trajectory::{ContentPart, Step, StepContent, Trajectory, extra};
use ahash::AHashSet;
use serde_json::Value;
use std::collections::BTreeSet;

/// Shorter words are found anywhere.
const SHORTEST: usize = 3;

/// Most missing words that are named: each is looked for in the whole HTML.
const MOST_MISSING: usize = 16;

/// The words of the run, and of its subagents, that are not in the HTML; the first of them, in order.
pub fn missing(run: &Trajectory, html: &str) -> Vec<String> {
    let mut texts = Vec::new();
    collect(run, &mut texts);
    missing_of(&texts, html)
}

/// The words of these steps that are not in the HTML; the first of them, in order.
pub fn missing_of_steps<'t>(steps: impl Iterator<Item = &'t Step>, html: &str) -> Vec<String> {
    let mut texts = Vec::new();
    steps.for_each(|step| collect_step(step, &mut texts));
    missing_of(&texts, html)
}

fn missing_of(texts: &[String], html: &str) -> Vec<String> {
    let html = &text_of(html);
    let shown: AHashSet<&str> = words(html).collect();
    let said = texts.iter().flat_map(|text| spoken(text)).filter(|word| word.chars().count() >= SHORTEST);
    let unknown: BTreeSet<&str> = said.filter(|word| !shown.contains(word)).collect();
    // A word may stand within another: after an escape in JSON, or a code that is written out.
    unknown.into_iter().filter(|word| !html.contains(word)).take(MOST_MISSING).map(str::to_owned).collect()
}

/// What a reader of the HTML reads: its text without tags. Colours and marks divide no word; anything else does.
fn text_of(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (at, part) in html.split('<').enumerate() {
        let (tag, text) = if at == 0 { ("span", part) } else { part.split_once('>').unwrap_or(("", part)) };
        let name = tag.trim_start_matches('/').split(' ').next();
        if !matches!(name, Some("span" | "mark")) {
            out.push(' ');
        }
        out.push_str(text);
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    entities.iter().fold(out, |text, (entity, plain)| text.replace(entity, plain))
}

fn collect(run: &Trajectory, texts: &mut Vec<String>) {
    run.steps.iter().for_each(|step| collect_step(step, texts));
    run.subagents().iter().flat_map(|subagent| &subagent.run).for_each(|run| collect(run, texts));
}

fn collect_step(step: &Step, texts: &mut Vec<String>) {
    collect_content(&step.message, texts);
    texts.extend(step.reasoning_content.clone());
    texts.extend(step.extra.get(extra::SPEAKER).and_then(Value::as_str).map(str::to_owned));
    for call in &step.tool_calls {
        texts.push(call.function_name.clone());
        collect_value(&call.arguments, texts);
        texts.extend(call.extra.get(extra::PARSE_ERROR).and_then(Value::as_str).map(str::to_owned));
    }
    step.results()
        .iter()
        .filter_map(|result| result.content.as_ref())
        .for_each(|content| collect_content(content, texts));
}

fn collect_content(content: &StepContent, texts: &mut Vec<String>) {
    match content {
        StepContent::Text(text) => texts.push(text.clone()),
        StepContent::Parts(parts) => texts.extend(parts.iter().filter_map(|part| match part {
            ContentPart::Text(text) => Some(text.clone()),
            ContentPart::Other(part) => part["text"].as_str().map(str::to_owned),
            ContentPart::Image { .. } => None,
        })),
    }
}

fn collect_value(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_value(item, texts)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            // Our own name for arguments that have none.
            if name != extra::RAW_ARGUMENTS {
                texts.push(name.clone());
            }
            collect_value(value, texts);
        }),
        _ => {}
    }
}

/// The words of a text. What follows an escape character may be part of a code up to the next space.
fn spoken(text: &str) -> impl Iterator<Item = &str> {
    let plain = text.split('\u{1b}').enumerate().map(|(place, part)| match place {
        0 => part,
        _ => part.find(char::is_whitespace).map_or("", |end| &part[end..]),
    });
    plain.flat_map(words)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
