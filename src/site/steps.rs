//! Steps: a recorded run as a page shows it.
//!
//! In: a trajectory (or some of its steps), and the gold that may be shown. Out: plain values for the template
//! `steps.html`. All text is from outside: it stays text, with terminal codes taken out.

use crate::model::{Excerpt, Gold, GoldAnswer};
use crate::text;
use crate::trajectory::{ContentPart, Step, StepContent, StepSource, ToolCall, Trajectory, UNKNOWN};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A run, or a part of it.
#[derive(Serialize)]
pub struct StepsView {
    /// The steps shown.
    pub steps: Vec<StepView>,
    /// How many steps the run has.
    pub total: usize,
    /// Whether these are all of them.
    pub whole: bool,
    /// Who acted, where the log says.
    pub agent: Option<String>,
    /// Whether steps can be linked to on this page.
    pub anchored: bool,
}

/// One step.
#[derive(Serialize)]
pub struct StepView {
    number: usize,
    source: &'static str,
    time: Option<String>,
    first_words: String,
    message: String,
    reasoning: Option<String>,
    calls: Vec<CallView>,
    results: Vec<OutputView>,
    images: Vec<String>,
    copied: bool,
    gold: Vec<FlagView>,
}

/// A tool call.
#[derive(Serialize)]
struct CallView {
    name: String,
    arguments: String,
}

/// What came back.
#[derive(Serialize)]
struct OutputView {
    text: String,
    lines: usize,
    long: bool,
}

/// A gold flag at its step.
#[derive(Serialize, Clone)]
pub struct FlagView {
    /// The criterion.
    pub criterion: String,
    /// The step.
    pub step: usize,
    /// The kind.
    pub kind: String,
    /// What the kind means.
    pub meaning: String,
    /// Attributes, such as the origin.
    pub attributes: Vec<String>,
    /// Why.
    pub why: Option<String>,
}

/// Longest output that is shown without folding, in lines.
const LONG: usize = 24;

impl StepsView {
    /// A run that has everything a run can have, and an excerpt that has nothing: a template is tried on both.
    pub fn specimens() -> [Self; 2] {
        let text = || "text".to_owned();
        let flag = FlagView {
            criterion: text(),
            step: 1,
            kind: text(),
            meaning: text(),
            attributes: vec![text()],
            why: Some(text()),
        };
        let output = |long| OutputView { text: text(), lines: 1, long };
        let full = StepView {
            number: 1,
            source: "Agent",
            time: Some(text()),
            first_words: text(),
            message: text(),
            reasoning: Some(text()),
            calls: vec![CallView { name: text(), arguments: text() }],
            results: vec![output(false), output(true)],
            images: vec![text()],
            copied: true,
            gold: vec![FlagView { attributes: Vec::new(), why: None, ..flag.clone() }, flag],
        };
        let bare = StepView {
            number: 1,
            source: "User",
            time: None,
            first_words: String::new(),
            message: String::new(),
            reasoning: None,
            calls: Vec::new(),
            results: Vec::new(),
            images: Vec::new(),
            copied: false,
            gold: Vec::new(),
        };
        [
            Self { steps: vec![full], total: 1, whole: true, agent: Some(text()), anchored: true },
            Self { steps: vec![bare], total: 2, whole: false, agent: None, anchored: false },
        ]
    }

    /// A whole run with its gold marks.
    pub fn run(trajectory: &Trajectory, flags: &[FlagView]) -> Self {
        let mut by_step: BTreeMap<usize, Vec<FlagView>> = BTreeMap::new();
        for flag in flags {
            by_step.entry(flag.step).or_default().push(flag.clone());
        }
        let steps = trajectory.steps.iter();
        let steps = steps.map(|step| step_view(step, by_step.remove(&step.step_id).unwrap_or_default())).collect();
        Self { steps, total: trajectory.steps.len(), whole: true, agent: agent(trajectory), anchored: true }
    }

    /// Some steps of a run, without gold.
    pub fn excerpt(excerpt: &Excerpt) -> Self {
        let run = &excerpt.trajectory;
        let shown = run.steps.iter().filter(|step| (excerpt.from..=excerpt.to).contains(&step.step_id));
        let steps: Vec<StepView> = shown.map(|step| step_view(step, Vec::new())).collect();
        let whole = steps.len() == run.steps.len();
        Self { steps, total: run.steps.len(), whole, agent: agent(run), anchored: false }
    }
}

/// The flags of all criteria, with what their kinds mean.
pub fn flags(gold: &[Gold], rubric: &crate::document::Rubric) -> Vec<FlagView> {
    let mut views = Vec::new();
    for gold in gold {
        let GoldAnswer::Flags(flags) = &gold.answer else { continue };
        let choices = rubric.criterion(&gold.criterion).map_or(&[][..], |criterion| criterion.scale.choices());
        for flag in flags {
            let meaning = choices.iter().find(|choice| choice.value == flag.kind);
            views.push(FlagView {
                criterion: gold.criterion.clone(),
                step: flag.step,
                kind: flag.kind.clone(),
                meaning: meaning.map_or(String::new(), |choice| choice.meaning.clone()),
                attributes: flag.attributes.values().cloned().collect(),
                why: flag.why.clone(),
            });
        }
    }
    views.sort_by_key(|flag| flag.step);
    views
}

fn agent(trajectory: &Trajectory) -> Option<String> {
    let agent = &trajectory.agent;
    let name = (agent.name != UNKNOWN).then(|| agent.name.clone());
    match (name, &agent.model_name) {
        (Some(name), Some(model)) => Some(format!("{name} ({model})")),
        (name, model) => name.or_else(|| model.clone()),
    }
}

fn step_view(step: &Step, gold: Vec<FlagView>) -> StepView {
    let message = said(&step.message.text());
    let reasoning = step.reasoning_content.as_deref().map(said).filter(|text| !text.is_empty());
    let calls: Vec<CallView> = step.tool_calls.iter().map(call_view).collect();
    let results = step.results().iter().filter_map(|result| result.content.as_ref());
    let mut images = images(&step.message);
    let mut outputs = Vec::new();
    for content in results {
        images.extend(self::images(content));
        let text = visible(&content.text());
        let lines = text.lines().count();
        outputs.push(OutputView { text, lines, long: lines > LONG });
    }
    StepView {
        number: step.step_id,
        source: match step.source {
            StepSource::System => "System",
            StepSource::User => "User",
            StepSource::Agent => "Agent",
        },
        time: step.timestamp.as_deref().map(time),
        first_words: first_words(&message, &calls),
        message,
        reasoning,
        calls,
        results: outputs,
        images,
        copied: step.is_copied_context,
        gold,
    }
}

/// `2026-09-08T09:02:50Z` as `2026-09-08 09:02:50`; anything else as it is.
fn time(timestamp: &str) -> String {
    let text = visible(timestamp);
    let iso = text.len() >= 19 && text.as_bytes()[10] == b'T' && text.is_char_boundary(19);
    if iso { text[..19].replace('T', " ") } else { text }
}

fn first_words(message: &str, calls: &[CallView]) -> String {
    let first = calls.first().map(|call| format!("{}: {}", call.name, call.arguments));
    let source = first.unwrap_or_else(|| message.to_owned());
    let line = source.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let mut words: String = line.chars().take(90).collect();
    if line.chars().count() > 90 {
        words.push('…');
    }
    words
}

/// A call with a single text argument shows that text; any other shows its arguments as JSON.
fn call_view(call: &ToolCall) -> CallView {
    let only = match &call.arguments {
        Value::Object(fields) if fields.len() == 1 => fields.values().next().and_then(Value::as_str),
        _ => None,
    };
    let arguments = match only {
        Some(text) => text.to_owned(),
        None => serde_json::to_string_pretty(&call.arguments).unwrap_or_default(),
    };
    CallView { name: visible(&call.function_name), arguments: visible(&arguments) }
}

/// Pictures that are part of the log itself; none is fetched from elsewhere.
fn images(content: &StepContent) -> Vec<String> {
    let StepContent::Parts(parts) = content else { return Vec::new() };
    let inline = parts.iter().filter_map(|part| match part {
        ContentPart::Image { path, .. } if path.starts_with("data:image/") => Some(path.clone()),
        _ => None,
    });
    inline.collect()
}

/// What was said, without the blank lines and spaces that models begin with.
fn said(text: &str) -> String {
    visible(text).trim().to_owned()
}

/// Text as a terminal would leave it on the screen: colour codes and overwritten progress lines gone,
/// other control characters made visible.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut line_start = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\r' if chars.peek() == Some(&'\n') || chars.peek().is_none() => {}
            '\r' => out.truncate(line_start),
            '\n' => {
                out.push('\n');
                line_start = out.len();
            }
            '\t' => out.push('\t'),
            c if c.is_control() || text::turns_direction(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Skips a terminal code: `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => drop(chars.find(|c| matches!(c, '\u{40}'..='\u{7e}'))),
        Some(']') => drop(chars.find(|c| matches!(c, '\u{7}' | '\u{9c}'))),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{ReadOptions, read};

    #[test]
    fn what_a_log_does_not_say_is_not_shown() {
        let view = |agent: &str, message: &str| {
            let agent = format!("{{\"name\": {agent}, \"version\": \"1\"}}");
            let step = format!("{{\"step_id\": 1, \"source\": \"agent\", \"message\": \"{message}\"}}");
            let log = format!("{{\"schema_version\": \"ATIF-v1.7\", \"agent\": {agent}, \"steps\": [{step}]}}");
            let view = StepsView::run(&read(log.as_bytes(), &ReadOptions::default()).unwrap(), &[]);
            (view.agent, view.steps[0].message.clone())
        };
        assert_eq!(view("\"unknown\"", "\\n Done.\\n"), (None, "Done.".to_owned()));
        assert_eq!(view("\"unknown\", \"model_name\": \"m-1\"", " "), (Some("m-1".to_owned()), String::new()));
        assert_eq!(view("\"a\", \"model_name\": \"m-1\"", "").0, Some("a (m-1)".to_owned()));
    }

    #[test]
    fn terminal_codes_leave_what_was_on_the_screen() {
        assert_eq!(visible("\u{1b}[31mred\u{1b}[0m\r\nok"), "red\nok");
        assert_eq!(visible("10 %\r50 %\r100 %\ndone"), "100 %\ndone");
        assert_eq!(visible("a\u{0}b"), "a\u{fffd}b");
        assert_eq!(visible("\u{1b}]0;title\u{7}x"), "x");
    }
}
