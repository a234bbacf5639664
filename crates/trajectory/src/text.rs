//! The text that a reader of a step sees, and its digest.
//!
//! In: a step. Out: plain text to search and quote from, and a SHA-256 that anchors gold to the step. It never depends
//! on ids, times, step numbers or where an image is kept, so that both survive a second import of the same log.

use std::borrow::Cow;

use serde_json::{Value, json};

use goldbook_ground::digest::Digest;

use super::{ContentPart, ObservationResult, Step, StepContent, StepSource, ToolCall};

impl Step {
    /// Everything a reader sees of the step, in reading order and line by line: reasoning,
    /// message, calls as `name {arguments}`, answers. Escapes and control characters are kept.
    pub fn text(&self) -> String {
        let reasoning = self.reasoning_content.iter().cloned();
        let calls = self.tool_calls.iter().map(ToolCall::text);
        let answers = self.results().iter().map(|result| result.text().into());
        let lines = reasoning.chain([self.message.text().into()]);
        let lines: Vec<String> = lines.chain(calls).chain(answers).collect();
        let said = lines.into_iter().filter(|line| !line.is_empty());
        said.collect::<Vec<_>>().join("\n")
    }

    /// SHA-256, in hex, of what the step says.
    ///
    /// Digested is the compact JSON (UTF-8, keys sorted, nothing escaped that need not be) of
    /// `[source, message, reasoning or null, [[function, arguments], …], [answer, …]]`, where
    /// `message` and `answer` are text as [`StepContent::text`] gives it.
    pub fn digest(&self) -> String {
        let calls = self.tool_calls.iter();
        let calls: Vec<Value> = calls.map(|call| json!([call.function_name, sorted(&call.arguments)])).collect();
        let answers: Vec<_> = self.results().iter().map(ObservationResult::text).collect();
        let said = json!([self.source.name(), self.message.text(), self.reasoning_content, calls, answers,]);
        Digest::of(said.to_string().as_bytes()).to_string()
    }

    /// The answers to the step's calls, none when nothing came back.
    pub fn results(&self) -> &[ObservationResult] {
        self.observation.as_ref().map_or(&[], |observation| &observation.results)
    }
}

impl StepSource {
    /// Every source's name in ATIF.
    pub const NAMES: [&str; 3] = ["system", "user", "agent"];

    /// The source's name in ATIF.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl ToolCall {
    /// The call on one line: `name {arguments}`, the arguments as JSON with sorted keys.
    pub fn text(&self) -> String {
        format!("{} {}", self.function_name, sorted(&self.arguments))
    }
}

impl ObservationResult {
    /// The answer's text; empty when there is none.
    pub fn text(&self) -> Cow<'_, str> {
        self.content.as_ref().map_or(Cow::Borrowed(""), StepContent::text)
    }
}

impl StepContent {
    /// The text; parts are put on lines of their own.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Parts(parts) => {
                let lines: Vec<_> = parts.iter().map(ContentPart::text).collect();
                Cow::Owned(lines.join("\n"))
            }
        }
    }
}

impl ContentPart {
    /// The part's text, or for anything else its type in brackets: `[image]`, `[audio]`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Image { .. } => Cow::Borrowed("[image]"),
            Self::Other(part) => match (part["text"].as_str(), part["type"].as_str()) {
                (Some(text), _) => Cow::Borrowed(text),
                (None, kind) => Cow::Owned(format!("[{}]", kind.unwrap_or("part"))),
            },
        }
    }
}

/// The value with the keys of every object in the order of their characters.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let sorted_field = |(name, value): (&String, &Value)| (name.clone(), sorted(value));
            fields.into_iter().map(sorted_field).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, read};
    use super::*;

    fn step(json: &Value) -> Step {
        let log = json!([{"role": "user", "content": "go"}, json]);
        let bytes = log.to_string();
        let read = read(bytes.as_bytes(), &ReadOptions::default());
        read.unwrap().steps.remove(1)
    }

    fn call(id: &str) -> Step {
        step(&json!({"role": "assistant", "content": "I look.", "id": id, "reasoning": "Hm.",
            "tool_calls": [{"id": id, "function": {"name": "sh", "arguments": {"b": 1, "a": "é"}}}]}))
    }

    #[test]
    fn text_reads_as_the_step_does() {
        assert_eq!(call("c").text(), "Hm.\nI look.\nsh {\"a\":\"é\",\"b\":1}");
    }

    /// Expected: `printf '%s' '["agent","I look.","Hm.",[["sh",{"a":"é","b":1}]],[]]' | sha256sum`.
    #[test]
    fn the_digest_is_of_the_documented_text() {
        assert_eq!(call("c").digest(), "0058a9aff1a2ec1170c5bedcbe0f096b75c0beb8cc058a46fd2e69d2a050e945");
    }

    #[test]
    fn the_digest_tells_what_is_said_and_not_the_ids() {
        assert_eq!(call("c1").digest(), call("c2").digest());
        let agent = step(&json!({"role": "assistant", "content": "go"}));
        let user = step(&json!({"role": "user", "content": "go"}));
        assert_ne!(agent.digest(), user.digest());
    }

    #[test]
    fn the_digest_does_not_depend_on_where_an_image_is() {
        let shown = |path: &str| StepContent::Parts(vec![ContentPart::Text("see".into()), image(path)]);
        assert_eq!(shown("a.png").text(), "see\n[image]");
        assert_eq!(shown("a.png").text(), shown("b.png").text());
    }

    fn image(path: &str) -> ContentPart {
        ContentPart::Image { media_type: "image/png".into(), path: path.into() }
    }
}
