//! Who&When: failures of teams of agents, with who erred when.
//!
//! In: `{question, history: [{role, name?, content}], mistake_agent, mistake_step, …}`, one, a list, or one a line. Out:
//! conversations in which every named speaker is one; a step's native id is its place in the history, from 0, which is what
//! `mistake_step` counts. It never passes on the answer, nor who erred, unless asked to.

use serde_json::Value;

use super::block::MessageBody;
use super::conversation::Conversation;
use super::fields::{id_text, take_list, take_text};
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::Message;
use super::{JsonObject, StepSource, gold};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "who-when",
    reader: FormatReader::Json {
        is: |values| !each(values).is_empty() && each(values).iter().all(is),
        open: |values| {
            let objects = each(&values).iter().filter_map(Value::as_object);
            Ok(Box::new(objects.map(|fields| conversation(fields.clone())).collect::<Vec<_>>()))
        },
    },
};

/// What says who erred, beside what is gold everywhere.
const GOLD: [&str; 4] = ["mistake_agent", "mistake_step", "mistake_reason", "is_corrected"];

fn is(value: &Value) -> bool {
    value["history"].is_array() && GOLD.iter().any(|name| value.get(*name).is_some())
}

fn conversation(mut fields: JsonObject) -> Conversation {
    let history = take_list(&mut fields, "history").unwrap_or_default();
    let question = take_text(&mut fields, "question").unwrap_or_default();
    let mut messages = Vec::new();
    let prompt = |text: Value| Message::said(StepSource::System, MessageBody::read(text));
    match fields.remove("system_prompt").unwrap_or_default() {
        Value::Null => {}
        Value::Object(prompts) => messages.extend(prompts.into_iter().map(|(name, text)| prompt(text).by(name))),
        text => messages.push(prompt(text)),
    }
    let asks = |row: &Value| row["content"].as_str().is_some_and(|text| text.contains(question.trim()));
    if !question.is_empty() && !history.iter().any(asks) {
        messages.push(Message::said(StepSource::User, MessageBody::of_text(question)));
    }
    messages.extend(history.into_iter().enumerate().map(|(place, row)| message(place, row)));
    let mut conversation = Conversation::of(FORMAT.name, messages);
    conversation.id = id_text(&fields, "question_ID");
    conversation.gold = gold::take(&mut fields, |name| GOLD.contains(&name) || gold::is_gold(name));
    conversation
}

/// Roles are those of a chat between two; who speaks is the name, which may stand in their place.
fn message(place: usize, row: Value) -> Message {
    let native_id = Some(place.to_string());
    let Value::Object(mut fields) = row else { return Message { native_id, ..Message::of_row(row) } };
    let role = take_text(&mut fields, "role").unwrap_or_default();
    let name = take_text(&mut fields, "name").filter(|name| !name.is_empty());
    let body = MessageBody::read(fields.remove("content").unwrap_or_default());
    let said = match (role.as_str(), name) {
        (_, Some(name)) if name.to_ascii_lowercase().contains("terminal") => {
            Message::said(StepSource::System, body).by(name)
        }
        (_, Some(name)) => Message::said(StepSource::Agent, body).by(name),
        ("human" | "user", None) => Message::said(StepSource::User, body),
        ("system", None) => Message::said(StepSource::System, body),
        ("assistant" | "", None) => Message::said(StepSource::Agent, body),
        (role, None) => Message::said(StepSource::Agent, body).by(role),
    };
    Message { native_id, ..said }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::super::{ReadOptions, read, to_atif};
    use super::*;
    use serde_json::json;

    #[test]
    fn speakers_are_those_of_the_history_and_who_erred_stays_behind() {
        let log = json!({"question": "How many?", "question_ID": "q", "ground_truth": "GOLD", "is_correct": false,
            "mistake_agent": "GOLD", "mistake_step": "1", "mistake_reason": "GOLD", "level": 1, "history": [
                {"role": "human", "content": "How many?"},
                {"role": "Orchestrator (-> Surfer)", "content": "Look."},
                {"role": "user", "name": "Computer_terminal", "content": "exitcode: 0"},
                {"role": "user", "name": "Expert", "content": "8"}]});
        let run = read(log.to_string().as_bytes(), &ReadOptions::default()).unwrap();
        let step = |step: &super::super::Step| {
            format!("{} {}", step.source.name(), step.extra.get("speaker").unwrap_or(&Value::Null))
        };
        let expected =
            ["user null", "agent \"Orchestrator (-> Surfer)\"", "system \"Computer_terminal\"", "agent \"Expert\""];
        assert_eq!(run.steps.iter().map(step).collect::<Vec<_>>(), expected);
        assert_eq!(run.steps[1].extra["native_id"], "1");
        assert!(!to_atif(&run).contains("GOLD"));
    }

    #[test]
    fn prompts_stand_first_by_speaker_or_as_one_text() {
        let said = |prompt: Value| {
            let history = json!([{"role": "human", "content": "Go."}]);
            shown(&json!({"system_prompt": prompt, "mistake_step": "0", "history": history})).1
        };
        assert_eq!(said(json!({"Expert": "Be brief."})), ["system: Be brief.", "user: Go."]);
        assert_eq!(said(json!("Be brief.")), ["system: Be brief.", "user: Go."]);
    }
}
