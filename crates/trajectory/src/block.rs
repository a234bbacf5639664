//! A chat message's content, taken apart.
//!
//! In: the `content` of a message as OpenAI, Anthropic and Inspect write it: text, a list of blocks, or nothing. Out: text and images,
//! reasoning, and the calls that the provider ran itself. It never drops a block in silence: what cannot be shown
//! leaves its type in brackets, such as `[audio]`.

use serde_json::{Value, json};

use super::account::{PartFate, ReadingAccount};
use super::call::tool_call;
use super::fields::{take_text, text_of};
use super::picture::KINDS;
use super::{ContentPart, JsonObject, ObservationResult, StepContent, ToolCall};

/// What a message says, by kind.
#[derive(Default)]
pub(super) struct MessageBody {
    parts: Vec<ContentPart>,
    reasoning: Vec<String>,
    /// Calls that the model's provider ran within the message (web search and the like) …
    pub calls: Vec<ToolCall>,
    /// … and what they gave, one for each, not yet linked by id.
    pub results: Vec<ObservationResult>,
    /// Whether the model refused.
    pub is_refusal: bool,
    /// What is named only (a recording, a file), and what is of no known kind.
    pub account: ReadingAccount,
}

impl MessageBody {
    pub(super) fn read(content: Value) -> Self {
        let mut body = Self::default();
        body.add(content);
        body
    }

    /// A body that is this text.
    pub(super) fn of_text(text: impl Into<String>) -> Self {
        Self::read(Value::String(text.into()))
    }

    /// What is said, without reasoning.
    pub(super) fn text(&self) -> String {
        let texts: Vec<_> = self.parts.iter().map(ContentPart::text).filter(|text| !text.is_empty()).collect();
        texts.join("\n")
    }

    /// Whether nothing is said, thought or called.
    pub(super) fn is_empty(&self) -> bool {
        let says = |part: &ContentPart| !matches!(part, ContentPart::Text(text) if text.is_empty());
        !self.parts.iter().any(says) && self.reasoning.is_empty() && self.calls.is_empty() && self.results.is_empty()
    }

    /// Adds what another says behind this.
    pub(super) fn append(&mut self, other: Self) {
        let Self { parts, reasoning, calls, results, is_refusal, account } = other;
        self.parts.extend(parts);
        self.reasoning.extend(reasoning);
        self.calls.extend(calls);
        self.results.extend(results);
        self.is_refusal |= is_refusal;
        self.account.merge(&account);
    }

    /// Puts `text` before the rest.
    pub(super) fn prepend(&mut self, text: String) {
        self.parts.insert(0, ContentPart::Text(text));
    }

    pub(super) fn add_reasoning(&mut self, text: String) {
        self.reasoning.push(text);
    }

    pub(super) fn reasoning(&self) -> Option<String> {
        (!self.reasoning.is_empty()).then(|| self.reasoning.join("\n"))
    }

    /// The body of a message that is not the agent's: reasoning and calls become text.
    pub(super) fn spoken(mut self) -> Self {
        let calls = self.calls.drain(..).map(|call| call.text());
        let results = self.results.drain(..).map(|result| result.text().into_owned());
        let texts = self.reasoning.drain(..).chain(calls).chain(results);
        self.parts.extend(texts.map(ContentPart::Text));
        self
    }

    /// Plain text unless there is an image; blocks of text stand on lines of their own.
    pub(super) fn content(self) -> StepContent {
        if self.parts.iter().any(|part| !matches!(part, ContentPart::Text(_))) {
            return StepContent::Parts(self.parts);
        }
        StepContent::Text(self.text())
    }

    /// Adds a block, or those of a list.
    pub(super) fn add(&mut self, block: Value) {
        match block {
            Value::Null => {}
            Value::Array(blocks) => blocks.into_iter().for_each(|block| self.add(block)),
            Value::String(text) => self.parts.push(ContentPart::Text(text)),
            Value::Object(fields) => self.add_block(fields),
            other => self.parts.push(ContentPart::Text(other.to_string())),
        }
    }

    fn add_block(&mut self, mut fields: JsonObject) {
        let kind = take_text(&mut fields, "type").unwrap_or_default();
        match kind.as_str() {
            "" | "text" | "input_text" | "output_text" | "reasoning_text" | "summary_text" => {
                self.add_text(&kind, fields, "text");
            }
            "refusal" => {
                self.is_refusal = true;
                self.add_text(&kind, fields, "refusal");
            }
            "audio" | "output_audio" | "input_audio" => self.add_sound(&kind, &fields),
            "reasoning" | "thinking" => self.reasoning.push(reasoning(fields, &kind)),
            "redacted_thinking" => self.reasoning.push(WITHHELD.to_owned()),
            "image" if fields.get("image_urls").is_some_and(Value::is_array) => self.add_images(fields),
            "image" | "image_url" | "input_image" => match image(&fields) {
                Some(image) => self.parts.push(image),
                None => self.name("image", &fields),
            },
            "document" | "search_result" => self.add_document(&kind, fields),
            "tool_use" => self.add_call(fields),
            _ => self.add_other(&kind, &fields),
        }
    }

    /// OpenHands' `{image_urls: [URI]}`.
    fn add_images(&mut self, mut fields: JsonObject) {
        if let Some(Value::Array(all)) = fields.remove("image_urls") {
            all.into_iter().for_each(|uri| self.add(json!({"type": "image_url", "image_url": uri})));
        }
    }

    /// Text of a document, after its title; what is no text is named.
    fn add_document(&mut self, kind: &str, mut fields: JsonObject) {
        let source = fields.remove("source").unwrap_or_default();
        let said = match source["type"].as_str() {
            Some("text") => source["data"].clone(),
            Some("content") => source["content"].clone(),
            _ => fields.remove("content").unwrap_or_default(),
        };
        if said.is_null() {
            return self.name(kind, &fields);
        }
        self.parts.push(placeholder(kind, &fields));
        self.add(said);
    }

    /// A block of no known type: its text, if it has one.
    fn add_other(&mut self, kind: &str, fields: &JsonObject) {
        match fields.get("text").and_then(Value::as_str) {
            Some(text) => {
                self.account.add(PartFate::Unplaced, format!("block of the type {kind}"));
                self.parts.push(ContentPart::Text(text.to_owned()));
            }
            None => self.name(kind, fields),
        }
    }

    /// What was said in a recording, which itself is left out.
    pub(super) fn add_sound(&mut self, kind: &str, fields: &JsonObject) {
        self.name(kind, fields);
        if let Some(text) = fields.get("transcript").and_then(Value::as_str).filter(|text| !text.is_empty()) {
            self.parts.push(ContentPart::Text(text.to_owned()));
        }
    }

    /// Leaves something out, and its type in its place.
    fn name(&mut self, kind: &str, fields: &JsonObject) {
        self.account.add(PartFate::LeftOut, kind);
        self.parts.push(placeholder(kind, fields));
    }

    fn add_text(&mut self, kind: &str, mut fields: JsonObject, name: &str) {
        self.parts.push(match take_text(&mut fields, name) {
            Some(text) => ContentPart::Text(text),
            None if kind.is_empty() => ContentPart::Text(Value::Object(fields).to_string()),
            None => {
                self.account.add(PartFate::LeftOut, kind);
                placeholder(kind, &fields)
            }
        });
    }

    /// Inspect's `tool_use`: `{id, name, arguments, result, error}`, arguments and result as text.
    fn add_call(&mut self, mut fields: JsonObject) {
        let mut said = ["error", "result"].map(|name| text_of(fields.remove(name)));
        let said = said.iter_mut().map(std::mem::take).filter(|text| !text.is_empty());
        let said = said.collect::<Vec<_>>().join("\n");
        self.calls.push(tool_call(Value::Object(fields)));
        self.results.push(ObservationResult {
            source_call_id: None,
            content: Some(StepContent::Text(said)),
            extra: JsonObject::new(),
            rest: JsonObject::new(),
        });
    }
}

/// What stands for reasoning that its provider keeps to itself.
const WITHHELD: &str = "[reasoning withheld]";

/// The reasoning itself, or a provider's summary where it is withheld.
fn reasoning(mut fields: JsonObject, name: &str) -> String {
    let withheld = fields.get("redacted") == Some(&Value::Bool(true));
    match take_text(&mut fields, name) {
        Some(text) if !withheld && !text.is_empty() => text,
        _ => match MessageBody::read(fields.remove("summary").unwrap_or_default()).content().text() {
            summary if summary.is_empty() => WITHHELD.to_owned(),
            summary => summary.into_owned(),
        },
    }
}

/// Inspect: `{image: URI}`. OpenAI: `{image_url: {url: URI}}` or `{image_url: URI}`. Anthropic: `{source: {media_type,
/// data}}` or `{source: {url}}`.
fn image(fields: &JsonObject) -> Option<ContentPart> {
    let source = fields.get("source").and_then(Value::as_object);
    if let Some((media_type, data)) =
        source.and_then(|source| Some((source.get("media_type")?.as_str()?, source.get("data")?.as_str()?)))
    {
        let path = format!("data:{media_type};base64,{data}");
        return Some(ContentPart::Image { media_type: self::media_type(&path)?.to_owned(), path });
    }
    let found = source.and_then(|source| source.get("url"));
    let found = found.or_else(|| fields.get("image")).or_else(|| fields.get("image_url"));
    let found = found.map(|value| value.get("url").unwrap_or(value));
    let path = found.and_then(Value::as_str)?;
    Some(ContentPart::Image { media_type: media_type(path)?.to_owned(), path: path.to_owned() })
}

/// The media type of an image that ATIF allows: by the data URI, else by the name's ending.
fn media_type(path: &str) -> Option<&'static str> {
    let ending = match path.strip_prefix("data:image/") {
        Some(data) => data.split([';', ',']).next()?,
        None if path.starts_with("data:") => return None,
        None => path.split(['?', '#']).next()?.rsplit_once('.')?.1,
    };
    let ending = if ending.eq_ignore_ascii_case("jpeg") { "jpg" } else { ending };
    KINDS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(ending)).map(|(_, media_type, _)| *media_type)
}

/// `[audio]`, or with a name that the block gives: `[document report.pdf]`.
fn placeholder(kind: &str, fields: &JsonObject) -> ContentPart {
    let about = fields.get("file").and_then(Value::as_object).unwrap_or(fields);
    let name = ["filename", "title", "file_id"].iter().find_map(|name| about.get(*name)?.as_str());
    ContentPart::Text(match name {
        Some(name) => format!("[{kind} {name}]"),
        None => format!("[{kind}]"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(value: Value) -> StepContent {
        MessageBody::read(value).content()
    }

    #[test]
    fn content_may_be_text_null_empty_or_a_list() {
        assert_eq!(content(json!("a")).text(), "a");
        assert_eq!(content(json!(null)).text(), "");
        assert_eq!(content(json!([])).text(), "");
        assert_eq!(content(json!(["a", {"text": "b"}, {"type": "refusal", "refusal": "no"}])).text(), "a\nb\nno");
        assert_eq!(content(json!({"ok": true})).text(), "{\"ok\":true}");
    }

    #[test]
    fn other_blocks_leave_their_type() {
        let blocks = json!([{"type": "audio", "audio": "…"}, {"type": "text", "text": null},
            {"type": "document", "filename": "a.pdf"}]);
        assert_eq!(content(blocks).text(), "[audio]\n[text]\n[document a.pdf]");
    }

    #[test]
    fn images_keep_their_uri_and_media_type() {
        let uri = "data:image/png;base64,AAAA";
        let expected = ContentPart::Image { media_type: "image/png".into(), path: uri.into() };
        for block in [
            json!({"type": "image", "image": uri, "detail": "auto"}),
            json!({"type": "image_url", "image_url": {"url": uri}}),
            json!({"type": "input_image", "image_url": uri}),
        ] {
            assert_eq!(content(json!([block])), StepContent::Parts(vec![expected.clone()]));
        }
    }

    #[test]
    fn an_image_that_cannot_be_shown_leaves_its_type() {
        for uri in ["data:image/svg+xml,<svg/>", "<base64-data-removed>", "attachment://x", "data:,a.png"] {
            assert_eq!(content(json!([{"type": "image", "image": uri}])).text(), "[image]");
        }
        assert_eq!(media_type("https://a.example/b.JPG?x=1.gif"), Some("image/jpeg"));
    }

    #[test]
    fn reasoning_stands_apart_and_says_when_it_is_withheld() {
        let body = MessageBody::read(json!([
            {"type": "reasoning", "reasoning": "hm"},
            {"type": "reasoning", "reasoning": "x8f", "redacted": true, "summary": "thinks"},
            {"type": "reasoning", "reasoning": "x8f", "redacted": true},
            {"type": "thinking", "thinking": "so"},
            {"type": "text", "text": "a"}]));
        let reasoning = "hm\nthinks\n[reasoning withheld]\nso";
        assert_eq!(body.reasoning().as_deref(), Some(reasoning));
        assert_eq!(body.content().text(), "a");
    }

    #[test]
    fn calls_that_the_provider_ran_are_calls_with_answers() {
        let body = MessageBody::read(json!([{"type": "tool_use", "tool_type": "web_search", "id": "w1",
            "name": "search", "arguments": "{\"q\": 1}", "result": "found", "error": null}]));
        assert_eq!(body.calls[0].text(), "search {\"q\":1}");
        assert_eq!(body.results[0].text(), "found");
    }
}
