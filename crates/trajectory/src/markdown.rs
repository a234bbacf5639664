//! Transcripts in plain Markdown.
//!
//! In: text in which each turn begins with who speaks: a heading (`## User`), a label in bold (`**Assistant:**`) or in plain
//! text (`User:`), all in the way of the first. Out: one conversation. It never splits a turn at what stands in a block of
//! code, or at a word that is no known role.

use super::account::PartFate;
use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::format::{FormatEntry, FormatReader};
use super::message::{Message, Role};
use super::{StepSource, time};

use serde_json::{Value, json};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "markdown",
    reader: FormatReader::Text {
        is: |text| {
            let marks = TurnMarks::of(text);
            let speaks = |kind: TurnSpeaker| marks.0.iter().any(|mark| mark.speaker == kind);
            speaks(TurnSpeaker::User) && speaks(TurnSpeaker::Agent)
        },
        open: |text| Ok(Box::new(vec![conversation(text)])),
    },
};

/// What begins a turn.
struct TurnMark<'t> {
    /// Where its line begins, and where what is said begins.
    line: usize,
    said: usize,
    speaker: TurnSpeaker,
    /// Which of several speakers, or when.
    about: Option<&'t str>,
    name: Option<&'t str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TurnSpeaker {
    System,
    User,
    Agent,
    Thought,
    Call,
    Tool,
}

/// The ways to write who speaks; a heading's is its level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LabelWay {
    Heading(usize),
    Bold,
    Plain,
}

struct TurnMarks<'t>(Vec<TurnMark<'t>>);

impl<'t> TurnMarks<'t> {
    fn of(text: &'t str) -> Self {
        let mut marks = Vec::new();
        let mut way = None;
        let mut fence: Option<&str> = None;
        let mut line_start = 0;
        for line in text.split_inclusive('\n') {
            let start = line_start;
            line_start += line.len();
            let trimmed = line.trim_start();
            let marker = fence_of(trimmed);
            match (fence, marker) {
                (Some(open), Some(mark)) if mark.starts_with(open) && trimmed.trim_end() == mark => fence = None,
                (None, Some(mark)) => fence = Some(mark),
                _ => {}
            }
            if fence.is_some() || marker.is_some() {
                continue;
            }
            let Some((found, label, rest)) = label(line) else { continue };
            let Some((speaker, name, about)) = speaker(label) else { continue };
            if *way.get_or_insert(found) == found {
                let said = start + rest.map_or(line.len(), |rest| line.len() - rest.len());
                marks.push(TurnMark { line: start, said, speaker, about, name });
            }
        }
        Self(marks)
    }
}

/// The run of backticks or tildes that a line begins with.
fn fence_of(line: &str) -> Option<&str> {
    let kind = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == kind).count();
    (length >= 3).then(|| &line[..length])
}

/// A line's label and the way it is written, with what is said on the same line.
fn label(line: &str) -> Option<(LabelWay, &str, Option<&str>)> {
    let text = line.trim_end();
    if let Some(level) = text.find(|c| c != '#').filter(|level| (1..=6).contains(level)) {
        let title = text[level..].strip_prefix(' ')?;
        return Some((LabelWay::Heading(level), title.trim_end_matches('#').trim(), None));
    }
    for mark in ["**", "__"] {
        if let Some((label, rest)) = text.strip_prefix(mark).and_then(|text| text.split_once(mark)) {
            let inside = label.strip_suffix(':');
            let after = rest.strip_prefix(':');
            let rest = after.unwrap_or(rest);
            let is_label = inside.is_some() || after.is_some() || rest.is_empty();
            let said = if rest.is_empty() { &line[line.len()..] } else { &line[text.len() - rest.len()..] };
            return is_label.then(|| (LabelWay::Bold, inside.unwrap_or(label).trim(), Some(said)));
        }
    }
    let (label, rest) = line.split_once(':')?;
    (label.len() <= 40 && !label.starts_with(' ')).then_some((LabelWay::Plain, label.trim(), Some(rest)))
}

/// Who speaks, with a name that is none of a role, and what stands in brackets.
fn speaker(label: &str) -> Option<(TurnSpeaker, Option<&str>, Option<&str>)> {
    let (label, about) = match label.split_once(['(', '[']) {
        Some((label, about)) if !label.trim().is_empty() => {
            (label, Some(about.trim_end_matches([')', ']', ':']).trim()))
        }
        _ => (label, None),
    };
    let name = without_number(label).trim().trim_end_matches(':').trim_matches(['*', '_', '`', ']', ' ']).trim();
    let lower = name.to_lowercase();
    let (speaker, is_role) = match lower.as_str() {
        "system" | "developer" | "system prompt" | "instructions" => (TurnSpeaker::System, true),
        "user" | "human" | "you" | "prompt" | "question" | "user message" => (TurnSpeaker::User, true),
        "assistant" | "agent" | "ai" | "model" | "bot" | "response" | "answer" | "assistant message" => {
            (TurnSpeaker::Agent, true)
        }
        "thinking" | "reasoning" | "thought" | "thoughts" => (TurnSpeaker::Thought, true),
        "tool call" | "action" | "tool use" | "function call" | "command" => (TurnSpeaker::Call, true),
        "tool" | "tool result" | "tool output" | "tool response" | "observation" | "environment" | "function"
        | "result" | "output" => (TurnSpeaker::Tool, true),
        _ => (TurnSpeaker::Agent, false),
    };
    let known = ["claude", "chatgpt", "gpt", "gemini", "copilot", "llama", "mistral", "deepseek", "qwen", "grok"];
    let is_known =
        is_role || known.iter().any(|model| lower.starts_with(model) && name.split_whitespace().count() <= 4);
    is_known.then(|| (speaker, Some(name).filter(|_| !is_role), about))
}

/// `Step 3: User`, `[2] user` and `1. User` as `User`.
fn without_number(label: &str) -> &str {
    let label = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_counter = |word: &str| matches!(word.to_lowercase().as_str(), "step" | "turn" | "message");
    let (first, rest) = label.split_once(' ').unwrap_or((label, ""));
    let rest = if is_counter(first) { rest } else { label };
    let plain = rest.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '.' | ':' | ')' | ']' | '-' | '–' | '—' | ' ' | '#')
    });
    if plain.is_empty() { label } else { plain.trim_start_matches(|c: char| !c.is_alphanumeric()) }
}

fn conversation(text: &str) -> Conversation {
    let TurnMarks(marks) = TurnMarks::of(text);
    let mut messages: Vec<Message> = Vec::new();
    let before = text[..marks.first().map_or(text.len(), |mark| mark.line)].trim();
    if !before.is_empty() {
        let mut message = Message::said(StepSource::System, MessageBody::of_text(before));
        message.body.account.add(PartFate::Unplaced, "text before who speaks first");
        messages.push(message);
    }
    for (place, mark) in marks.iter().enumerate() {
        let end = marks.get(place + 1).map_or(text.len(), |next| next.line);
        let said = without_rule(text[mark.said..end].trim());
        add(mark, said, &mut messages);
    }
    Conversation::of(FORMAT.name, messages)
}

/// A turn without the line that parts it from the next.
fn without_rule(said: &str) -> &str {
    let rest = ["---", "***", "___"].iter().find_map(|rule| said.strip_suffix(rule));
    rest.filter(|rest| rest.is_empty() || rest.ends_with("\n\n")).map_or(said, str::trim_end)
}

fn add(mark: &TurnMark<'_>, said: &str, messages: &mut Vec<Message>) {
    let body = || MessageBody::of_text(said);
    let is_agents = |message: &&mut Message| matches!(message.role, Role::Speaker(StepSource::Agent));
    let mut message = match mark.speaker {
        TurnSpeaker::System => Message::said(StepSource::System, body()),
        TurnSpeaker::User => Message::said(StepSource::User, body()),
        TurnSpeaker::Tool => Message::answer(None, body()),
        TurnSpeaker::Agent => match messages
            .last_mut()
            .filter(is_agents)
            .filter(|last| last.body.text().is_empty() && last.calls.is_empty())
        {
            // What was thought stands before what was said.
            Some(last) => return last.body.append(body()),
            None => Message::said(StepSource::Agent, body()),
        },
        TurnSpeaker::Thought => {
            let mut thought = MessageBody::default();
            thought.add_reasoning(said.to_owned());
            Message::said(StepSource::Agent, thought)
        }
        TurnSpeaker::Call => {
            let call = call(said);
            match messages.last_mut().filter(is_agents) {
                Some(last) => return last.calls.push(call),
                None => {
                    let mut message = Message::said(StepSource::Agent, MessageBody::default());
                    message.calls.push(call);
                    message
                }
            }
        }
    };
    if let Some(about) = mark.about.filter(|about| !about.is_empty()) {
        message.timestamp = time::timestamp(&Value::String(about.to_owned()));
        match (message.timestamp.is_some(), &message.role) {
            (true, _) => {}
            (false, Role::Tool) => message.function = Some(about.to_owned()),
            (false, Role::Speaker(_)) => message = message.by(about),
        }
    }
    message = match mark.name {
        Some(name) => message.by(name),
        None => message,
    };
    messages.push(message);
}

/// A call as JSON with a name, else its text as it stands.
fn call(said: &str) -> super::ToolCall {
    let plain = said.trim_matches('`').trim_start_matches("json").trim();
    match super::json::value(plain) {
        Some(value) if value["name"].is_string() => tool_call(value),
        _ => tool_call(json!({"name": "call", "arguments": said})),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, read, testing};

    fn shown(text: &str) -> Vec<String> {
        testing::shown(text).1
    }

    #[test]
    fn turns_begin_in_the_way_of_the_first() {
        let headings = "# A talk\n\n## System\nRules.\n\n## User (ann)\nGo.\n\n```\n## User\n```\n\n---\n\n## Thinking\nhm\n\n## Assistant\nI look.\n\nUser: no turn\n\n\
            ## Tool call\n```json\n{\"name\": \"ls\", \"arguments\": {\"p\": 1}}\n```\n\n## Tool result\nx\n\n### Summary\nstays\n";
        assert_eq!(
            shown(headings),
            [
                "system: # A talk",
                "system: Rules.",
                "user: Go. /  / ``` / ## User / ```",
                "agent: hm / I look. /  / User: no turn / ls {\"p\":1} / x /  / ### Summary / stays",
            ]
        );
        assert_eq!(shown("**You:** Go.\n\n**ChatGPT:**\nDone: yes\n"), ["user: Go.", "agent: Done: yes"]);
        assert_eq!(shown("User: Go.\nNote: this\nAssistant: Done.\n"), ["user: Go. / Note: this", "agent: Done."]);
        assert_eq!(shown("__USER__:d\r\n\r\n__Claude:__ d\r\n"), ["user: d", "agent: d"]);
        assert_eq!(shown("### Step 1: User\nGo.\n### Step 2 – Assistant\nDone."), ["user: Go.", "agent: Done."]);
    }

    #[test]
    fn text_without_speakers_is_no_transcript() {
        let error = read(b"# Title\n\nUser: only one\n", &ReadOptions::default()).unwrap_err();
        assert!(error.message.contains("not JSON"), "{error}");
    }
}
