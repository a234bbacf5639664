//! Quotes: whether a step says what gold quotes of it.
//!
//! In: a quote, its step, and the run. Out: findings, each with what the author may have meant. White space and the colours
//! of a terminal are no part of what is said. It never decides how a quote is shown.

use crate::diagnostic::{Diagnostics, rules};
use crate::schema::Spanned;
use crate::text;
use crate::trajectory::{Step, Trajectory};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// Most passages of a step that are named where a quote is not in it.
const MOST_NAMED: usize = 3;

/// Most passages of a step that a quote is compared with.
const MOST_COMPARED: usize = 20_000;

/// Finds fault with a quote that its step does not hold.
pub fn check(quote: &Spanned<String>, step: &Step, run: &Trajectory, diagnostics: &mut Diagnostics) {
    if stands_in(&quote.value, step) {
        return;
    }
    let message = format!("step {} does not say {}", step.step_id, text::quoted(&quote.value));
    let finding = diagnostics.add(rules::MISSING_QUOTE, quote.span, message);
    let elsewhere = run.steps.iter().find(|other| stands_in(&quote.value, other));
    finding.maybe_help(elsewhere.map(|other| format!("step {} says it", other.step_id)));
    let near = nearest(&quote.value, step).into_iter().map(|near| text::quoted(&near)).collect::<Vec<_>>();
    finding.maybe_help((!near.is_empty()).then(|| format!("nearest to it, the step says {}", near.join(", "))));
    if elsewhere.is_none() && near.is_empty() {
        finding.help("a quote is a part of the step, word for word: of a message, a thought, a command or its output");
    }
}

/// Whether a step says what is quoted.
pub fn stands_in(quote: &str, step: &Step) -> bool {
    said(step).iter().any(|text| text::find_passage(text, quote).is_some())
}

/// What a step says, each text apart: thoughts, messages, what tools were told, and what came back.
fn said(step: &Step) -> Vec<Cow<'_, str>> {
    let mut told = Vec::new();
    step.tool_calls.iter().for_each(|call| texts(&call.arguments, &mut told));
    let calls = step.tool_calls.iter().map(|call| Cow::Owned(call.text()));
    let results = step.results().iter().map(|result| without_colours(result.text()));
    let thought = step.reasoning_content.as_deref().map(Cow::Borrowed);
    thought.into_iter().chain([step.message.text()]).chain(told).chain(calls).chain(results).collect()
}

fn texts<'a>(value: &'a Value, found: &mut Vec<Cow<'a, str>>) {
    match value {
        Value::String(text) => found.push(Cow::Borrowed(text)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Text without the codes that colour it.
fn without_colours(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("\u{1b}[") {
        return text;
    }
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ';' | '?')));
    Cow::Owned(rest.fold(first, |text, part| text + part.get(1..).unwrap_or_default()))
}

/// The passages of a step that share most words with a quote, and at least half of them: as many words of a line as it has.
fn nearest(quote: &str, step: &Step) -> Vec<String> {
    let wanted: HashSet<String> = quote.split_whitespace().map(text::letters).collect();
    let length = quote.split_whitespace().count().max(1);
    let texts = said(step);
    let lines = texts.iter().flat_map(|text| text.lines());
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for (at, line) in lines.take(MOST_COMPARED).enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let shared: Vec<bool> = words.iter().map(|word| wanted.contains(&text::letters(word))).collect();
        let windows = shared.windows(length.min(shared.len()).max(1)).enumerate();
        let best = windows.map(|(from, window)| (window.iter().filter(|is| **is).count(), from));
        // Of the best ones of a line the first.
        let Some((count, from)) = best.max_by_key(|(count, from)| (*count, usize::MAX - from)) else { continue };
        if 2 * count >= wanted.len().max(1) {
            let to = (from + length).min(words.len());
            found.push((usize::MAX - count, at, words[from..to].join(" ")));
        }
    }
    found.sort();
    let mut named: Vec<String> = Vec::new();
    for (.., passage) in found {
        if named.len() < MOST_NAMED && !named.contains(&passage) {
            named.push(passage);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{ReadOptions, read};
    use serde_json::json;

    fn step() -> Step {
        let log = json!([{"role": "user", "content": "go"}, {"role": "assistant", "content": "I **look**\nnow.",
            "tool_calls": [{"id": "c", "function": {"name": "sh", "arguments": {"cmd": "a \"b\"\nc"}}}]},
            {"role": "tool", "tool_call_id": "c", "content": "\u{1b}[31mERROR:\u{1b}[0m the resolver found a conflict"}]);
        read(log.to_string().as_bytes(), &ReadOptions::default()).unwrap().steps.remove(1)
    }

    #[test]
    fn a_quote_may_be_of_anything_that_a_step_says() {
        for quote in ["**look** now.", "a \"b\" c", "ERROR: the resolver", "sh {"] {
            assert!(stands_in(quote, &step()), "{quote}");
        }
        assert!(!stands_in("look now", &step()));
    }

    #[test]
    fn the_nearest_passage_of_a_line_is_as_long_as_the_quote() {
        assert_eq!(nearest("resolver finds a conflict", &step()), ["resolver found a conflict"]);
        assert_eq!(nearest("nothing of it", &step()), Vec::<String>::new());
    }
}
