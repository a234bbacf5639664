//! ATIF, the Agent Trajectory Interchange Format, v1.0 to v1.8.
//!
//! In: the JSON value of a file. Out: the trajectory, with every field that is not interpreted kept as it is. It never
//! mends a file that breaks the format's rules: the error names the step. Only a source that the format does not know is
//! read as the system's, under its own name. Only integers beyond 64 bits are not written
//! back as they were: they become floats. Source: the models of the `harbor` package 0.26.0, which define the format.

use goldbook_ground::diagnostic::Fault;
use serde_json::Value;

use super::account::PartFate;
use super::fields::{take_fields, take_list, take_text, take_true};
use super::format::{FormatEntry, FormatReader, Log};
use super::json::{each, into_each};
use super::sample::{SampleKey, SampleLine, opening};
use super::{
    Agent, ContentPart, JsonObject, Observation, ObservationResult, Step, StepContent, StepSource, ToolCall,
    Trajectory, extra, gold,
};

/// Fields that only a step of the agent may have.
const AGENT_ONLY: [&str; 5] = ["model_name", "reasoning_effort", "reasoning_content", "tool_calls", "metrics"];

const SHAPE: &str = "An ATIF file is `{\"schema_version\": \"ATIF-v1.x\", \"agent\": {\"name\": …, \
     \"version\": …}, \"steps\": [{\"step_id\": 1, \"source\": \"user\", \"message\": …}, …]}`.";

/// Whether the fields are those of an ATIF file, if not of a sound one.
fn is(fields: &JsonObject) -> bool {
    let version = fields.get("schema_version").and_then(Value::as_str);
    version.is_some_and(|version| version.starts_with("ATIF"))
        || (fields.contains_key("steps") && fields.contains_key("agent"))
}

/// Files, one or several.
struct AtifLog(Vec<JsonObject>);

/// One file, or several in a list or a line each.
pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "atif",
    reader: FormatReader::Json {
        is: |values| !each(values).is_empty() && each(values).iter().all(|value| value.as_object().is_some_and(is)),
        open: |values| {
            let files = into_each(values).into_iter().map(|value| object(value, "the file"));
            Ok(Box::new(AtifLog(files.collect::<Result<_, _>>()?)))
        },
    },
};

impl Log for AtifLog {
    fn keys(&self) -> Vec<SampleKey> {
        self.0.iter().zip(1..).map(|(fields, number)| key(fields, number)).collect()
    }

    fn into_lines(self: Box<Self>) -> Result<Vec<SampleLine>, Fault> {
        self.0.into_iter().map(line).collect()
    }

    fn into_trajectory(mut self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
        trajectory(self.0.swap_remove(index), keep_gold)
    }
}

/// The id by which a trajectory may be named.
fn key(fields: &JsonObject, number: usize) -> SampleKey {
    let id = ["trajectory_id", "session_id"].map(|name| fields.get(name)?.as_str());
    SampleKey { id: id.into_iter().flatten().next().map_or_else(|| number.to_string(), str::to_owned), epoch: None }
}

/// The file's line in a listing.
fn line(fields: JsonObject) -> Result<SampleLine, Fault> {
    let trajectory = trajectory(fields, false)?;
    let mut users = trajectory.steps.iter();
    let first = users.find(|step| step.source == StepSource::User);
    Ok(SampleLine {
        id: String::new(),
        messages: Some(trajectory.steps.len()),
        status: None,
        model: trajectory.agent.model_name,
        input: opening(&first.map(|step| step.message.text()).unwrap_or_default()),
    })
}

/// Reads the trajectory of a subagent, whose gold is kept or gone already.
pub(super) fn embedded(value: Value) -> Result<Trajectory, Fault> {
    trajectory(object(value, "the run of the subagent")?, true)
}

/// Reads the file's trajectory. Without `keep_gold`, gold goes from its `extra` maps.
fn trajectory(fields: JsonObject, keep_gold: bool) -> Result<Trajectory, Fault> {
    let mut value = Value::Object(fields);
    if !keep_gold {
        gold::drop_from_extras(&mut value);
    }
    let mut fields = object(value, "the file")?;
    let odd = odd_sources(&fields);
    let mut run = Trajectory {
        schema_version: version(&mut fields)?,
        session_id: take_text(&mut fields, "session_id"),
        trajectory_id: take_text(&mut fields, "trajectory_id"),
        agent: agent(fields.remove("agent").unwrap_or_default())?,
        steps: steps(&mut fields)?,
        extra: take_fields(&mut fields, "extra"),
        rest: fields,
    };
    odd.iter().for_each(|source| run.count(PartFate::Unplaced, &format!("message of the role {source}"), 1));
    Ok(run)
}

/// Sources that the format does not know.
fn odd_sources(fields: &JsonObject) -> Vec<String> {
    let steps = fields.get("steps").and_then(Value::as_array).into_iter().flatten();
    let sources = steps.filter_map(|step| step["source"].as_str());
    sources.filter(|source| !StepSource::NAMES.contains(source)).map(str::to_owned).collect()
}

fn version(fields: &mut JsonObject) -> Result<String, Fault> {
    match take_text(fields, "schema_version") {
        Some(version) if version.starts_with("ATIF-v1.") => Ok(version),
        found => Err(Fault::whole(format!(
            "the ATIF file's `schema_version` is {}",
            found.map_or("missing".into(), |version| format!("`{version}`"))
        ))
        .help("Read are ATIF-v1.0 to ATIF-v1.8.")),
    }
}

fn agent(value: Value) -> Result<Agent, Fault> {
    let mut fields = object(value, "`agent`")?;
    Ok(Agent {
        name: need_text(&mut fields, "name", "`agent`")?,
        version: need_text(&mut fields, "version", "`agent`")?,
        model_name: take_text(&mut fields, "model_name"),
        rest: fields,
    })
}

fn steps(fields: &mut JsonObject) -> Result<Vec<Step>, Fault> {
    let steps = take_list(fields, "steps").unwrap_or_default();
    if steps.is_empty() {
        return Err(wrong("the file", "has no list of steps, or an empty one"));
    }
    let numbered = steps.into_iter().zip(1..);
    numbered.map(|(value, number)| step(value, number)).collect()
}

fn step(value: Value, number: usize) -> Result<Step, Fault> {
    let place = format!("step {number}");
    let mut fields = object(value, &place)?;
    check_number(&mut fields, number)?;
    let (source, odd) = source(&mut fields, &place)?;
    if source != StepSource::Agent {
        check_agent_only(&fields, source, &place)?;
    }
    let mut extra = take_fields(&mut fields, "extra");
    if let Some(odd) = odd {
        extra.entry(extra::SPEAKER).or_insert(odd);
    }
    Ok(Step {
        step_id: number,
        timestamp: take_text(&mut fields, "timestamp"),
        source,
        model_name: take_text(&mut fields, "model_name"),
        message: message(&mut fields, &place)?,
        reasoning_content: take_text(&mut fields, "reasoning_content"),
        tool_calls: take_each(&mut fields, "tool_calls", &place, tool_call)?,
        observation: observation(&mut fields, &place)?,
        is_copied_context: take_true(&mut fields, "is_copied_context"),
        extra,
        rest: fields,
    })
}

fn check_number(fields: &mut JsonObject, number: usize) -> Result<(), Fault> {
    let found = fields.remove("step_id").unwrap_or_default();
    if found.as_u64() == Some(number as u64) {
        return Ok(());
    }
    Err(Fault::whole(format!("step {number} of the ATIF file has `step_id` {found}"))
        .help(format!("Steps are numbered 1, 2, 3 … without gaps: {number} is expected here.")))
}

/// Where a step comes from, with the name of a source that is none of the format's.
fn source(fields: &mut JsonObject, place: &str) -> Result<(StepSource, Option<Value>), Fault> {
    let found = fields.remove("source").unwrap_or_default();
    match found.as_str() {
        Some("system") => Ok((StepSource::System, None)),
        Some("user") => Ok((StepSource::User, None)),
        Some("agent") => Ok((StepSource::Agent, None)),
        // Only the agent calls tools.
        Some(_) if fields.get("tool_calls").and_then(Value::as_array).is_some_and(|calls| !calls.is_empty()) => {
            Ok((StepSource::Agent, Some(found)))
        }
        Some(_) => Ok((StepSource::System, Some(found))),
        None => Err(Fault::whole(format!("{place} of the ATIF file has `source` {found}"))
            .help(format!("Allowed are {}.", StepSource::NAMES.join(", ")))),
    }
}

/// Empty lists and nulls pass: they say nothing.
fn check_agent_only(fields: &JsonObject, source: StepSource, place: &str) -> Result<(), Fault> {
    let says = |name: &&&str| match fields.get(**name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    };
    let Some(name) = AGENT_ONLY.iter().find(says) else {
        return Ok(());
    };
    let source = source.name();
    Err(Fault::whole(format!("{place} of the ATIF file has `{name}`, but its source is `{source}`"))
        .help("Only steps whose source is `agent` may have it."))
}

/// A message that is null or missing is read as empty text.
fn message(fields: &mut JsonObject, place: &str) -> Result<StepContent, Fault> {
    match fields.remove("message").unwrap_or_default() {
        Value::Null => Ok(StepContent::Text(String::new())),
        value => content(value, &format!("`message` of {place}")),
    }
}

fn tool_call(value: Value, place: &str) -> Result<ToolCall, Fault> {
    let place = format!("a tool call of {place}");
    let mut fields = object(value, &place)?;
    let no_arguments = || Value::Object(JsonObject::new());
    Ok(ToolCall {
        tool_call_id: need_text(&mut fields, "tool_call_id", &place)?,
        function_name: need_text(&mut fields, "function_name", &place)?,
        arguments: fields.remove("arguments").unwrap_or_else(no_arguments),
        extra: take_fields(&mut fields, "extra"),
        rest: fields,
    })
}

fn observation(fields: &mut JsonObject, place: &str) -> Result<Option<Observation>, Fault> {
    if fields.get("observation").is_none_or(Value::is_null) {
        return Ok(None);
    }
    let value = fields.remove("observation").unwrap_or_default();
    let place = format!("the observation of {place}");
    let mut fields = object(value, &place)?;
    let results = take_each(&mut fields, "results", &place, result)?;
    fields.remove("results");
    Ok(Some(Observation { results, rest: fields }))
}

fn result(value: Value, place: &str) -> Result<ObservationResult, Fault> {
    let mut fields = object(value, place)?;
    let content = match fields.get("content").is_none_or(Value::is_null) {
        true => None,
        false => Some(content(fields.remove("content").unwrap_or_default(), place)?),
    };
    Ok(ObservationResult {
        source_call_id: take_text(&mut fields, "source_call_id"),
        content,
        extra: take_fields(&mut fields, "extra"),
        rest: fields,
    })
}

fn content(value: Value, place: &str) -> Result<StepContent, Fault> {
    match value {
        Value::String(text) => Ok(StepContent::Text(text)),
        Value::Array(parts) => Ok(StepContent::Parts(parts.into_iter().map(part).collect())),
        _ => Err(wrong(place, "is neither text nor a list of parts")),
    }
}

/// Parts of any other shape than plain text and plain images are kept whole.
fn part(value: Value) -> ContentPart {
    let fields = value.as_object().map_or(0, JsonObject::len);
    let kind = value["type"].as_str();
    let source = &value["source"];
    let source_fields = source.as_object().map_or(0, JsonObject::len);
    match (kind, value["text"].as_str()) {
        (Some("text"), Some(text)) if fields == 2 => return ContentPart::Text(text.to_owned()),
        (Some("image"), None) if fields == 2 && source_fields == 2 => {}
        _ => return ContentPart::Other(value),
    }
    match (source["media_type"].as_str(), source["path"].as_str()) {
        (Some(media_type), Some(path)) => {
            ContentPart::Image { media_type: media_type.to_owned(), path: path.to_owned() }
        }
        _ => ContentPart::Other(value),
    }
}

fn wrong(place: &str, what: &str) -> Fault {
    Fault::whole(format!("{place} {what}")).help(SHAPE)
}

fn object(value: Value, place: &str) -> Result<JsonObject, Fault> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(wrong(place, "is missing or not an object")),
    }
}

fn need_text(fields: &mut JsonObject, name: &str, place: &str) -> Result<String, Fault> {
    take_text(fields, name).ok_or_else(|| wrong(place, &format!("has no text under `{name}`")))
}

fn take_each<T>(
    fields: &mut JsonObject,
    name: &str,
    place: &str,
    read: impl Fn(Value, &str) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let not_a_list = |_| wrong(place, &format!("has `{name}`, which is not a list"));
    let items = take_list(fields, name).map_err(not_a_list)?;
    items.into_iter().map(|item| read(item, place)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, list, read, to_atif};
    use super::*;
    use serde_json::json;

    fn file() -> Value {
        json!({
            "schema_version": "ATIF-v1.8", "session_id": "s", "trajectory_id": "t",
            "agent": {"name": "a", "version": "1", "model_name": "m", "tool_definitions": [{}],
                      "extra": {"mode": "fast"}, "unknown": 1},
            "steps": [
                {"step_id": 1, "source": "user", "timestamp": null, "model_name": null,
                 "message": [{"type": "text", "text": "look"}, {"type": "text", "text": "x", "cache": 1},
                    {"type": "image", "source": {"media_type": "image/png", "path": "a.png"}},
                    {"type": "audio", "source": {"media_type": "audio/wav", "path": "a.wav"}}]},
                {"step_id": 2, "source": "agent", "timestamp": "2026-01-01T00:00:00Z", "message": "",
                 "model_name": "m2", "reasoning_effort": 0.5, "reasoning_content": "hm",
                 "tool_calls": [{"tool_call_id": "c", "function_name": "f", "arguments": {"n": 1.5},
                    "extra": {"tries": 2}, "new": []}],
                 "observation": {"results": [{"source_call_id": "c", "content": "ok", "extra": {"p": 1}},
                    {"source_call_id": null, "content": null, "subagent_trajectory_ref": [{"trajectory_id": "u"}]}],
                    "odd": true},
                 "metrics": {"prompt_tokens": 3, "cost_usd": 0.001}, "is_copied_context": true,
                 "llm_call_count": 1, "extra": {"native_id": "n"}, "later": null},
                {"step_id": 3, "source": "system", "message": "done", "tool_calls": [],
                 "is_copied_context": false, "extra": {}, "observation": {"results": []}},
            ],
            "notes": "n", "final_metrics": {"total_steps": 3}, "continued_trajectory_ref": null,
            "subagent_trajectories": [{"trajectory_id": "u", "steps": []}], "extra": {"seed": 7},
            "unknown": {"a": [null]},
        })
    }

    fn open(value: &Value, keep_gold: bool) -> Result<Trajectory, Fault> {
        let options = ReadOptions { keep_gold, ..ReadOptions::default() };
        read(value.to_string().as_bytes(), &options)
    }

    fn error(pointer: &str, value: Value) -> String {
        let mut file = file();
        *file.pointer_mut(pointer).unwrap() = value;
        open(&file, false).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_written_back_without_loss() {
        let written = to_atif(&open(&file(), false).unwrap());
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), file());
    }

    /// Needs `serde_json`'s feature `float_roundtrip`: without it the last digit may change.
    #[test]
    fn numbers_are_written_back_digit_for_digit() {
        for cost in ["0.00123", "90.65758219926131", "1e-7", "12345678901234567890"] {
            let mut file = file();
            file["notes"] = json!("COST");
            let text = file.to_string().replace("\"COST\"", cost);
            let trajectory = read(text.as_bytes(), &ReadOptions::default()).unwrap();
            let written = to_atif(&trajectory);
            assert!(written.contains(&format!("\"notes\": {cost},")), "{cost}");
        }
    }

    #[test]
    fn steps_are_read() {
        let steps = open(&file(), false).unwrap().steps;
        assert_eq!(steps[0].message.text(), "look\nx\n[image]\n[audio]");
        assert_eq!(steps[1].text(), "hm\nf {\"n\":1.5}\nok");
        assert_eq!(steps[1].extra["native_id"], "n");
        assert!(steps[1].is_copied_context && !steps[2].is_copied_context);
    }

    #[test]
    fn a_missing_message_is_empty_text() {
        let mut file = file();
        file["steps"][2].as_object_mut().unwrap().remove("message");
        assert_eq!(open(&file, false).unwrap().steps[2].message.text(), "");
    }

    #[test]
    fn gold_in_extras_goes_unless_it_is_kept() {
        let mut file = file();
        file["extra"]["gold"] = json!({"target": "42"});
        file["final_metrics"]["extra"] = json!({"reward": 1});
        assert!(!to_atif(&open(&file, false).unwrap()).contains("42"));
        assert!(!to_atif(&open(&file, false).unwrap()).contains("reward"));
        let kept = to_atif(&open(&file, true).unwrap());
        assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), file);
    }

    #[test]
    fn errors_name_the_step_and_what_is_allowed() {
        let gap = error("/steps/1/step_id", json!(5));
        assert!(gap.contains("step 2") && gap.contains("`step_id` 5"), "{gap}");
        let source = error("/steps/1/source", json!(null));
        assert!(source.contains("step 2") && source.contains("agent"), "{source}");
        let model = error("/steps/0/model_name", json!("m"));
        assert!(model.contains("step 1") && model.contains("`model_name`"), "{model}");
        let call = error("/steps/1/tool_calls/0/function_name", json!(1));
        assert!(call.contains("step 2") && call.contains("`function_name`"), "{call}");
        let message = error("/steps/2/message", json!(1));
        assert!(message.contains("step 3"), "{message}");
    }

    #[test]
    fn a_source_that_nobody_knows_is_named() {
        let mut file = file();
        file["steps"][2]["source"] = json!("critic");
        let run = open(&file, false).unwrap();
        assert_eq!((run.steps[2].source, &run.steps[2].extra["speaker"]), (StepSource::System, &json!("critic")));
        assert_eq!(run.extra["unplaced"], json!({"message of the role critic": 1}));
    }

    #[test]
    fn a_file_must_have_a_known_version_and_steps() {
        assert!(error("/schema_version", json!("ATIF-v2.0")).contains("`ATIF-v2.0`"));
        assert!(error("/schema_version", json!(1)).contains("missing"));
        assert!(error("/steps", json!([])).contains("steps"));
        assert!(error("/agent", json!("a")).contains("`agent`"));
    }

    #[test]
    fn a_file_is_one_line_of_a_listing() {
        let lines = list(file().to_string().as_bytes()).unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].id.as_str(), lines[0].messages), ("t", Some(3)));
        assert_eq!(lines[0].input, "look x [image] [audio]");
    }
}
