//! Inspect eval logs (UKGovernmentBEIS/inspect_ai), version 2 and older shapes.
//!
//! In: the fields of an `EvalLog`, of one `EvalSample`, or of a log that was put together from an `.eval` archive. Out:
//! the samples' keys, their lines, and the trajectory of one. It never passes on targets, scores, metadata, stores or
//! results unless asked to, nor a model call that may have been a grader's.

use goldbook_ground::diagnostic::Fault;
use serde_json::{Value, json};

use super::account::PartFate;
use super::chat::ChatSteps;
use super::fields::{id_text, take_list, take_text};
use super::format::{FormatEntry, FormatReader, Log};
use super::inspect_events::{ANSWERS, SUBAGENTS, Turns};
use super::inspect_messages::{SubagentMessages, messages, turns};
use super::message::Message;
use super::sample::{SampleKey, SampleLine, opening};
use super::{ATIF_VERSION, Agent, JsonObject, Trajectory, UNKNOWN, chat, extra, gold};

/// What holds gold in a sample; `score` is the older name of `scores`.
pub(super) const SAMPLE_GOLD: [&str; 5] = ["target", "scores", "score", "metadata", "store"];

/// How a listing calls a sample that was withdrawn.
pub(super) const INVALIDATED: &str = "invalidated";

/// What holds gold in the log around it.
const LOG_GOLD: [&str; 2] = ["results", "reductions"];

/// A log whose samples are known, before their messages are read.
pub(super) struct EvalLog {
    /// `eval`: what was run, with which model.
    spec: JsonObject,
    status: Option<String>,
    plan: Value,
    gold: JsonObject,
    /// At least one.
    samples: Vec<JsonObject>,
    /// What was found in the events of the only sample, where they were read on the way.
    turns: Option<Turns>,
}

/// What the format of the logs is called.
pub(super) const NAME: &str = "inspect";

/// A log in JSON, or one sample of it.
pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: NAME,
    reader: FormatReader::Json {
        is: |values| matches!(values, [Value::Object(fields)] if is(fields)),
        open: |values| match <[Value; 1]>::try_from(values) {
            Ok([Value::Object(fields)]) => Ok(Box::new(EvalLog::new(fields)?)),
            _ => Err(Fault::whole("an Inspect log in JSON is one object")),
        },
    },
};

/// Whether the fields are an Inspect log's, or one sample's.
fn is(fields: &JsonObject) -> bool {
    let eval = fields.get("eval").is_some_and(Value::is_object);
    let around = ["samples", "status", "plan", "version"];
    (eval && around.iter().any(|name| fields.contains_key(*name))) || is_sample(fields)
}

fn is_sample(fields: &JsonObject) -> bool {
    let has = |name: &str| fields.contains_key(name);
    has("epoch") && has("id") && has("input") && (has("messages") || has("events"))
}

impl EvalLog {
    pub(super) fn new(mut fields: JsonObject) -> Result<Self, Fault> {
        if is_sample(&fields) {
            fields = JsonObject::from_iter([("samples".to_owned(), json!([fields]))]);
        }
        let samples = take_list(&mut fields, "samples").unwrap_or_default();
        let spec = match fields.remove("eval") {
            Some(Value::Object(spec)) => spec,
            _ => JsonObject::new(),
        };
        Ok(Self {
            spec,
            status: take_text(&mut fields, "status"),
            plan: fields.remove("plan").unwrap_or_default(),
            gold: gold::take(&mut fields, |name| LOG_GOLD.contains(&name)),
            samples: objects(samples)?,
            turns: None,
        })
    }

    /// The log with these turns of its only sample.
    pub(super) fn with_turns(self, turns: Turns) -> Self {
        Self { turns: Some(turns), ..self }
    }

    fn run(&self, messages: Vec<Value>, id: Option<String>, agent: Agent) -> Result<Trajectory, Fault> {
        let ChatSteps { steps, account } = chat::steps(messages.into_iter().map(Message::read).collect())?;
        let mut run = Trajectory {
            schema_version: ATIF_VERSION.to_owned(),
            session_id: None,
            trajectory_id: id,
            agent,
            steps,
            extra: JsonObject::new(),
            rest: JsonObject::new(),
        };
        account.put_into(&mut run);
        Ok(run)
    }

    /// Puts the runs of subagents in, and names each at the call that it came of.
    fn add_subagents(&self, subagents: Vec<SubagentMessages>, run: &mut Trajectory) {
        let mut starts = Vec::new();
        let mut runs = Vec::new();
        for SubagentMessages { start, messages, left_out } in subagents {
            let agent = Agent { name: start.name.clone(), ..self.agent() };
            match self.run(messages, Some(start.span.clone()), agent) {
                Ok(mut subagent) => {
                    subagent.count(PartFate::LeftOut, ANSWERS, left_out);
                    runs.push(subagent);
                }
                Err(_) => {
                    run.count(PartFate::LeftOut, SUBAGENTS, 1);
                    continue;
                }
            }
            starts.push(start);
        }
        for start in &starts {
            let caller = starts.iter().position(|other| other.span == start.parent);
            let caller = caller.map_or(&mut *run, |caller| &mut runs[caller]);
            if let Some(result) = chat::result_of(caller, &start.call_id) {
                result.refer_to(&start.span);
            }
        }
        runs.iter().for_each(|subagent| run.embed(subagent));
    }

    /// The solver stands for the agent: `eval.solver`, or the plan's last step in older logs.
    fn agent(&self) -> Agent {
        let last = self.plan["steps"].as_array().and_then(|steps| steps.last());
        let solver = || Some(last?.get("solver")?.as_str()?.to_owned());
        let version = self.spec.get("packages").and_then(|all| all["inspect_ai"].as_str());
        Agent {
            name: id_text(&self.spec, "solver").or_else(solver).unwrap_or(UNKNOWN.into()),
            version: version.map_or(UNKNOWN.into(), |version| format!("inspect_ai {version}")),
            model_name: id_text(&self.spec, "model"),
            rest: JsonObject::new(),
        }
    }

    /// Where the run comes from and how it ended; its gold if that is kept.
    fn extra(&mut self, sample: &mut JsonObject, keep_gold: bool) -> JsonObject {
        let known = [
            (extra::SOURCE_FORMAT, Some(NAME.to_owned())),
            ("task", id_text(&self.spec, "task")),
            ("sample_id", id_text(sample, "id")),
            ("epoch", id_text(sample, "epoch")),
            (extra::ENDED, ended(sample).or_else(|| stopped(sample))),
            (extra::INVALIDATED, invalidated(sample)),
        ];
        let known = known.into_iter();
        let entry = |(name, value): (&str, Option<String>)| Some((name.to_owned(), json!(value?)));
        let mut extra: JsonObject = known.filter_map(entry).collect();
        if keep_gold {
            let mut gold = gold::take(sample, |name| SAMPLE_GOLD.contains(&name));
            gold.append(&mut self.gold);
            extra.insert("gold".to_owned(), Value::Object(gold));
        }
        extra
    }
}

impl Log for EvalLog {
    fn keys(&self) -> Vec<SampleKey> {
        let numbered = self.samples.iter().zip(1..);
        let key = |(sample, number): (&JsonObject, usize)| SampleKey {
            id: id_text(sample, "id").unwrap_or_else(|| number.to_string()),
            epoch: id_text(sample, "epoch"),
        };
        numbered.map(key).collect()
    }

    fn into_lines(self: Box<Self>) -> Result<Vec<SampleLine>, Fault> {
        let model = id_text(&self.spec, "model");
        let status = self.status;
        let line = |mut sample: JsonObject| {
            Ok(SampleLine {
                id: String::new(),
                status: invalidated(&sample).map(|_| INVALIDATED.to_owned()).or(ended(&sample)).or(status.clone()),
                model: model.clone(),
                input: input(&sample),
                messages: Some(count(&mut sample)?),
            })
        };
        self.samples.into_iter().map(line).collect()
    }

    fn into_trajectory(mut self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
        let mut sample = self.samples.swap_remove(index);
        let extra = self.extra(&mut sample, keep_gold);
        let turns = self.turns.take().filter(Turns::were_read).unwrap_or_else(|| turns(&mut sample));
        let found = messages(&mut sample, turns)?;
        let mut run = self.run(found.messages, take_text(&mut sample, "uuid"), self.agent())?;
        run.session_id = id_text(&self.spec, "run_id");
        run.extra.extend(extra);
        if let Some(last) = run.steps.last_mut().filter(|_| found.is_cut_off) {
            last.extra.insert(extra::CUT_OFF.to_owned(), json!(true));
        }
        found.left_out.into_iter().for_each(|(kind, count)| run.count(PartFate::LeftOut, kind, count));
        run.count(PartFate::LeftOut, "earlier attempts", attempts(&sample));
        self.add_subagents(found.subagents, &mut run);
        Ok(run)
    }
}

fn objects(samples: Vec<Value>) -> Result<Vec<JsonObject>, Fault> {
    if samples.is_empty() {
        return Err(Fault::whole("the Inspect log holds no samples")
            .help("Write the log with its samples (`inspect log dump` without `--header-only`)."));
    }
    let object = |(value, number): (Value, usize)| match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Fault::whole(format!("sample {number} of the Inspect log is not an object"))
            .help("Write the log anew with `inspect log dump`.")),
    };
    samples.into_iter().zip(1..).map(object).collect()
}

/// How a sample ended, where it did not just finish: `error`, or `limit: message` and the like.
/// What the error says is left out: a scorer's error may quote the answer.
pub(super) fn ended(sample: &JsonObject) -> Option<String> {
    let limit = sample.get("limit").filter(|limit| !limit.is_null());
    let kind = limit.map(|limit| limit["type"].as_str().or(limit.as_str()).unwrap_or("unknown"));
    match sample.get("error").is_some_and(|error| !error.is_null()) {
        true => Some("error".to_owned()),
        false => kind.map(|kind| format!("limit: {kind}")),
    }
}

/// Why the model's last answer is not whole: its length, or what it is about.
fn stopped(sample: &JsonObject) -> Option<String> {
    let reason = sample.get("output")?["choices"][0]["stop_reason"].as_str()?;
    matches!(reason, "content_filter" | "max_tokens" | "model_length").then(|| format!("stopped: {reason}"))
}

/// Why the log's owner withdrew the sample, if that was done.
fn invalidated(sample: &JsonObject) -> Option<String> {
    let found = sample.get("invalidation").filter(|found| !found.is_null())?;
    Some(found["reason"].as_str().unwrap_or("no reason given").to_owned())
}

/// How many attempts were made before; a number stands for their list where it was not read.
fn attempts(sample: &JsonObject) -> u64 {
    match sample.get("error_retries") {
        Some(Value::Array(attempts)) => attempts.len() as u64,
        Some(count) => count.as_u64().unwrap_or(0),
        None => 0,
    }
}

/// How many messages a sample has.
fn count(sample: &mut JsonObject) -> Result<usize, Fault> {
    let turns = turns(sample);
    messages(sample, turns).map(|found| found.messages.len())
}

/// The first words of what the agent was asked.
pub(super) fn input(sample: &JsonObject) -> String {
    match sample.get("input") {
        Some(Value::String(text)) => opening(text),
        Some(Value::Array(messages)) => {
            let asked = messages.iter().find(|message| message["role"] == "user").or(messages.first());
            opening(&asked.map(|message| Message::read(message.clone()).body.text()).unwrap_or_default())
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, list, read, to_atif};
    use super::*;

    fn log(samples: &Value) -> String {
        let log = json!({"version": 2, "status": "success", "samples": samples,
            "eval": {"run_id": "r", "task": "ctf", "model": "openai/gpt-4o", "metadata": {"k": "GOLD"},
                     "packages": {"inspect_ai": "0.3.95"}},
            "plan": {"steps": [{"solver": "use_tools"}, {"solver": "basic_agent"}]},
            "results": {"scores": ["GOLD"]}, "reductions": ["GOLD"], "other": "GOLD"});
        log.to_string()
    }

    fn sample(id: &Value, epoch: u32) -> Value {
        json!({"id": id, "epoch": epoch, "input": "Find the flag", "target": "GOLD", "uuid": "u",
            "messages": [
                {"role": "user", "content": "Find the flag", "id": "m1", "metadata": {"a": "GOLD"}},
                {"role": "assistant", "content": [{"type": "reasoning", "reasoning": "hm"},
                    {"type": "text", "text": "ok"}], "model": "gpt-4o",
                 "tool_calls": [{"id": "c1", "function": "bash", "arguments": {"cmd": "ls"}, "type": "function"}]},
                {"role": "tool", "content": "", "tool_call_id": "c1", "function": "bash",
                 "error": {"type": "timeout", "message": "slow"}}],
            "scores": {"match": {"value": "GOLD"}}, "metadata": {"answer": "GOLD"}, "store": {"x": "GOLD"},
            "limit": {"type": "message", "limit": 3}})
    }

    fn open(bytes: &str, sample: Option<&str>, keep_gold: bool) -> Result<Trajectory, Fault> {
        let sample = sample.map(str::to_owned);
        read(bytes.as_bytes(), &ReadOptions { sample, keep_gold, ..ReadOptions::default() })
    }

    #[test]
    fn a_sample_is_read() {
        let trajectory = open(&log(&json!([sample(&json!(1), 1)])), None, false).unwrap();
        assert_eq!(trajectory.agent.name, "basic_agent");
        assert_eq!(trajectory.agent.version, "inspect_ai 0.3.95");
        assert_eq!(trajectory.agent.model_name.as_deref(), Some("openai/gpt-4o"));
        assert_eq!(trajectory.trajectory_id.as_deref(), Some("u"));
        assert_eq!(trajectory.extra["ended"], "limit: message");
        assert_eq!(trajectory.steps.len(), 2);
        assert_eq!(trajectory.steps[0].extra["native_id"], "m1");
        let said = "hm\nok\nbash {\"cmd\":\"ls\"}\n[timeout error: slow]";
        assert_eq!(trajectory.steps[1].text(), said);
    }

    #[test]
    fn gold_stays_behind_unless_it_is_kept() {
        let log = log(&json!([sample(&json!(1), 1)]));
        assert!(!to_atif(&open(&log, None, false).unwrap()).contains("GOLD"));
        let gold = &open(&log, None, true).unwrap().extra["gold"];
        let mut names: Vec<_> = gold.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["metadata", "reductions", "results", "scores", "store", "target"]);
    }

    #[test]
    fn ids_match_as_text_and_epochs_tell_runs_apart() {
        let log = log(&json!([sample(&json!(1), 1), sample(&json!("b"), 1), sample(&json!("b"), 2)]));
        assert_eq!(open(&log, Some("1"), false).unwrap().extra["sample_id"], "1");
        assert_eq!(open(&log, Some("b#2"), false).unwrap().extra["epoch"], "2");
        let error = open(&log, Some("b"), false).unwrap_err();
        assert!(error.help[0].contains("b#1, b#2"), "{error}");
        assert!(open(&log, None, false).unwrap_err().message.contains("3 samples: 1, b#1, b#2"));
        let lines = list(log.as_bytes()).unwrap();
        let first = "1  3 messages  limit: message  openai/gpt-4o  Find the flag";
        assert_eq!(lines[0].to_string(), first);
    }

    #[test]
    fn one_sample_out_of_an_archive_is_read() {
        let trajectory = open(&sample(&json!("a"), 1).to_string(), None, false).unwrap();
        assert_eq!((trajectory.steps.len(), trajectory.agent.name.as_str()), (2, "unknown"));
        assert!(!to_atif(&trajectory).contains("GOLD"));
    }

    #[test]
    fn the_oldest_shape_is_read() {
        let log = json!({"version": 1, "eval": {"task": "t", "model": "m"}, "samples": [{
            "id": 1, "epoch": 1, "input": "Q", "target": ["GOLD"], "score": {"value": "GOLD"},
            "messages": [{"role": "user", "content": "Q"},
                {"role": "assistant", "content": "tc://h", "tool_calls": [
                    {"id": "c", "function": "f", "arguments": "{\"a\": 1}", "type": "function"}]}],
            "transcript": {"events": [], "content": {"h": "A"}}}]});
        let trajectory = open(&log.to_string(), None, false).unwrap();
        assert_eq!(trajectory.steps[1].text(), "A\nf {\"a\":1}");
        assert!(!to_atif(&trajectory).contains("GOLD"));
    }

    #[test]
    fn numbers_that_are_none_do_not_stop_the_reading() {
        let log = log(&json!([sample(&json!(1), 1)])).replace("\"limit\":3", "\"limit\":NaN");
        assert!(log.contains("NaN") && open(&log, None, false).is_ok());
    }

    #[test]
    fn a_log_without_samples_says_what_to_do() {
        assert!(open(&log(&json!([])), None, false).unwrap_err().message.contains("no samples"));
        assert!(open(&log(&json!([1])), None, false).unwrap_err().message.contains("sample 1"));
    }
}
