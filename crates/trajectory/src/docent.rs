//! Docent's agent runs.
//!
//! In: agent runs (`{transcripts: [{messages}], metadata}`), or transcripts alone; one, a list, or one a line. Out: a
//! conversation a transcript. It never passes on metadata, in which scores stand, unless asked to.

use serde_json::{Value, json};

use super::conversation::Conversation;
use super::fields::{id_text, take_list, take_text};
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::Message;
use super::{JsonObject, gold};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "docent",
    reader: FormatReader::Json {
        is: |values| !each(values).is_empty() && each(values).iter().all(is),
        open: |values| {
            let runs = each(&values).iter().filter_map(Value::as_object);
            Ok(Box::new(runs.flat_map(|run| conversations(run.clone())).collect::<Vec<_>>()))
        },
    },
};

fn is(value: &Value) -> bool {
    let is_transcript = |value: &Value| value["messages"].is_array();
    let of_group = value.get("transcript_group_id").is_some() && is_transcript(value);
    of_group
        || match &value["transcripts"] {
            Value::Array(all) => !all.is_empty() && all.iter().all(is_transcript),
            Value::Object(all) => !all.is_empty() && all.values().all(is_transcript),
            _ => false,
        }
}

fn conversations(mut run: JsonObject) -> Vec<Conversation> {
    let transcripts: Vec<(Option<String>, Value)> = match run.remove("transcripts") {
        Some(Value::Array(all)) => all.into_iter().map(|transcript| (None, transcript)).collect(),
        Some(Value::Object(all)) => all.into_iter().map(|(name, transcript)| (Some(name), transcript)).collect(),
        _ => return vec![conversation(run, &JsonObject::new(), None, true)],
    };
    let is_only = transcripts.len() == 1;
    let objects = transcripts.into_iter().filter_map(|(name, transcript)| match transcript {
        Value::Object(fields) => Some((name, fields)),
        _ => None,
    });
    objects.map(|(name, transcript)| conversation(transcript, &run, name, is_only)).collect()
}

/// A transcript; its run's only one is known by the run's id.
fn conversation(mut transcript: JsonObject, run: &JsonObject, key: Option<String>, is_only: bool) -> Conversation {
    let messages = take_list(&mut transcript, "messages").unwrap_or_default();
    let mut conversation = Conversation::of(FORMAT.name, messages.into_iter().map(Message::read).collect());
    let own = id_text(&transcript, "id").or(key);
    let of_run = id_text(run, "id");
    conversation.id = if is_only { of_run.clone().or(own) } else { own };
    conversation.session_id = of_run;
    if let Some(name) = take_text(&mut transcript, "name").or_else(|| id_text(run, "name")) {
        conversation.extra.insert("name".to_owned(), json!(name));
    }
    let metadata = |from: &JsonObject| gold::take(&mut from.clone(), |name| name == "metadata");
    conversation.gold = metadata(run);
    conversation
        .gold
        .extend(metadata(&transcript).into_iter().map(|(name, value)| (format!("transcript_{name}"), value)));
    conversation.agent.model_name =
        run.get("metadata").and_then(|metadata| metadata["model"].as_str()).map(str::to_owned);
    conversation
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, list, read, to_atif};
    use super::*;

    #[test]
    fn each_transcript_is_a_sample_and_metadata_stay_behind() {
        let transcript = |id: &str, text: &str| {
            json!({"id": id, "name": null, "transcript_group_id": null, "metadata": {"k": "GOLD"},
            "messages": [{"role": "user", "content": text}, {"role": "assistant", "content": [{"type": "reasoning", "reasoning": "hm"}],
                "tool_calls": [{"id": "c", "type": "function", "function": "ls", "arguments": {}}]},
                {"role": "tool", "tool_call_id": "c", "function": "ls", "content": "x", "error": null}]})
        };
        let run = json!({"id": "r", "name": "first", "metadata": {"scores": {"right": "GOLD"}},
            "transcripts": [transcript("t1", "one"), transcript("t2", "two")]});
        let ids: Vec<String> = list(run.to_string().as_bytes()).unwrap().into_iter().map(|line| line.id).collect();
        assert_eq!(ids, ["t1", "t2"]);
        let options = ReadOptions { sample: Some("t2".into()), ..ReadOptions::default() };
        let trajectory = read(run.to_string().as_bytes(), &options).unwrap();
        assert_eq!(trajectory.steps[1].text(), "hm\nls {}\nx");
        assert!(!to_atif(&trajectory).contains("GOLD"));
        let only = json!({"id": "r", "transcripts": {"default": transcript("t1", "one")}, "metadata": {}});
        assert_eq!(list(only.to_string().as_bytes()).unwrap()[0].id, "r");
    }
}
