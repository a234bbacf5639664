//! Whole files: small logs of every format, damaged at random, and real logs where they are at hand; what is missing is
//! left out and said.

use std::path::Path;

use super::*;

const ATIF: &str = r#"{"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"},
    "steps": [{"step_id": 1, "source": "user", "message": [{"type": "image", "source":
        {"media_type": "image/png", "path": "a.png"}}, {"type": "text", "text": "é"}]},
    {"step_id": 2, "source": "agent", "message": "", "reasoning_content": "hm",
     "tool_calls": [{"tool_call_id": "c", "function_name": "f", "arguments": {"a": [1.5, null]}}],
     "observation": {"results": [{"source_call_id": "c", "content": "ok"}]}, "extra": {"k": {}}}],
    "notes": "n", "extra": {"seed": -1}}"#;

const INSPECT: &str = r#"{"version": 2, "status": "success", "eval": {"task": "t", "model": "m"},
    "plan": {"steps": [{"solver": "s"}]}, "samples": [{"id": 1, "epoch": 1, "input": "Q",
    "target": "A", "messages": [{"role": "user", "content": "attachment://h", "id": "m1"},
    {"role": "assistant", "content": [{"type": "reasoning", "reasoning": "r"}, {"type": "tool_use",
      "id": "w", "name": "n", "arguments": "{}", "result": "x"}], "tool_calls":
      [{"id": "c", "function": "bash", "arguments": {"cmd": "ls"}, "parse_error": "p"}]},
    {"role": "tool", "content": "o", "tool_call_id": "c", "error": {"type": "t", "message": "m"}}],
    "events": [{"event": "model", "input_refs": [[0, 1]]}], "limit": {"type": "time"},
    "attachments": {"h": "long"}, "scores": {"s": {"value": NaN}}}]}"#;

const CHAT: &str = r#"{"task_id": 7, "trial": 0, "reward": 1, "traj": [
    {"role": "developer", "content": "a\ud83d\ude00"}, {"role": "assistant", "content": null,
     "tool_calls": [{"id": "0", "function": {"name": "f", "arguments": "{\"x\": 1}"}}],
     "function_call": {"name": "g", "arguments": "{"}}, {"role": "tool", "tool_call_id": "0",
     "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]},
    {"role": "function", "name": "g", "content": 3}, {"role": "tool", "content": "stray"}]}"#;

const LINES: &str = "{\"role\": \"user\", \"content\": \"hi\"}\n{\"role\": \"assistant\", \"content\": \"\\ud800\"}\n";

const TWO: &str = r#"[{"id": 1, "messages": [{"role": "user", "content": "a"}]},
    {"id": 1, "messages": [{"role": "user", "content": "b", "refusal": "c"}]}]"#;

const ALL: [&str; 5] = [ATIF, INSPECT, CHAT, LINES, TWO];

/// Logs of the formats that the tests of the command line hold.
const CASES: [&str; 16] = [
    include_str!("../../../tests/cases/import/anthropic/site/talk.json"),
    include_str!("../../../tests/cases/import/claude-code/site/session.jsonl"),
    include_str!("../../../tests/cases/import/docent/site/runs.jsonl"),
    include_str!("../../../tests/cases/import/langchain/site/state.json"),
    include_str!("../../../tests/cases/import/markdown/site/talk.md"),
    include_str!("../../../tests/cases/import/mini-swe-agent/site/text.traj.json"),
    include_str!("../../../tests/cases/import/odd-rows/site/log.jsonl"),
    include_str!("../../../tests/cases/import/openhands/site/events.jsonl"),
    include_str!("../../../tests/cases/import/openhands/site/output.jsonl"),
    include_str!("../../../tests/cases/import/opentelemetry/site/trace.json"),
    include_str!("../../../tests/cases/import/responses/site/items.jsonl"),
    include_str!("../../../tests/cases/import/responses/site/response.json"),
    include_str!("../../../tests/cases/import/swe-agent/site/old.traj"),
    include_str!("../../../tests/cases/import/swe-agent/site/run.traj"),
    include_str!("../../../tests/cases/import/vivaria/site/trace.json"),
    include_str!("../../../tests/cases/import/who-when/site/both.json"),
];

/// Reads and lists; what can be read must be the same after writing and reading again.
pub(super) fn check(bytes: &[u8]) {
    let _ = list(bytes).map(|lines| lines.iter().map(ToString::to_string).collect::<Vec<_>>());
    for keep_gold in [false, true] {
        for sample in [None, Some("1#2".to_owned())] {
            if let Ok(trajectory) = read(bytes, &ReadOptions { sample, keep_gold, ..ReadOptions::default() }) {
                check_round_trip(&trajectory);
            }
        }
    }
}

fn check_round_trip(trajectory: &Trajectory) {
    let options = ReadOptions { sample: None, keep_gold: true, ..ReadOptions::default() };
    let written = to_atif(trajectory);
    assert_eq!(read(written.as_bytes(), &options).as_ref(), Ok(trajectory));
    for step in &trajectory.steps {
        assert_eq!(step.digest().len(), 64);
    }
}

/// A small generator of numbers (splitmix64), so that a failure can be repeated.
pub(super) struct Numbers(pub u64);

impl Numbers {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

#[test]
fn whole_logs_are_read() {
    for log in [ATIF, INSPECT, CHAT, LINES] {
        let trajectory = read(log.as_bytes(), &ReadOptions::default()).unwrap();
        check_round_trip(&trajectory);
    }
}

#[test]
fn a_log_cut_anywhere_never_panics() {
    for log in ALL {
        for end in 0..log.len() {
            check(&log.as_bytes()[..end]);
        }
    }
}

#[test]
fn a_log_of_any_format_that_is_damaged_never_panics() {
    let mut numbers = Numbers(13);
    for log in CASES {
        check(log.as_bytes());
        for _ in 0..60 {
            let mut bytes = log.as_bytes().to_vec();
            let at = numbers.below(bytes.len());
            match numbers.below(3) {
                0 => bytes.truncate(at),
                _ => bytes[at] = br#"{}[]",:0-eNIn\u"#[numbers.below(15)],
            }
            check(&bytes);
        }
        let Ok(values) = json::values(log) else { continue };
        for _ in 0..60 {
            let mut value = Value::Array(values.clone());
            let piece = any_piece(&mut value.clone(), &mut numbers).take();
            *any_piece(&mut value, &mut numbers) = piece;
            check(value.to_string().as_bytes());
        }
    }
}

#[test]
fn a_log_with_changed_bytes_never_panics() {
    let mut numbers = Numbers(7);
    for log in ALL {
        for _ in 0..2_000 {
            let mut bytes = log.as_bytes().to_vec();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bytes.len());
                bytes[at] = match numbers.below(2) {
                    0 => bytes[at] ^ (1 << numbers.below(8)),
                    _ => br#"{}[]",:0-eNIn\u"#[numbers.below(15)],
                };
            }
            check(&bytes);
        }
    }
}

#[test]
fn a_log_with_pieces_out_of_place_never_panics() {
    let mut numbers = Numbers(11);
    for log in ALL {
        let value: Vec<Value> = json::values(log).unwrap();
        for _ in 0..500 {
            let mut value = Value::Array(value.clone());
            let piece = any_piece(&mut value.clone(), &mut numbers).take();
            *any_piece(&mut value, &mut numbers) = piece;
            let Value::Array(values) = value else {
                continue;
            };
            let lines: Vec<_> = values.iter().map(Value::to_string).collect();
            check(lines.join("\n").as_bytes());
        }
    }
}

/// Some value within `value`.
fn any_piece<'a>(value: &'a mut Value, numbers: &mut Numbers) -> &'a mut Value {
    let size = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if size == 0 || numbers.below(6) == 0 {
        return value;
    }
    let at = numbers.below(size);
    match value {
        Value::Array(items) => any_piece(&mut items[at], numbers),
        Value::Object(fields) => any_piece(fields.values_mut().nth(at).unwrap(), numbers),
        _ => unreachable!("only lists and objects have a size"),
    }
}

fn real(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/trajectories");
    let file = std::fs::read(folder.join(name)).ok();
    if file.is_none() {
        println!("left out: {name} is not at hand");
    }
    file
}

#[test]
fn a_real_inspect_log_is_read() {
    let Some(bytes) = real("inspect-browser.json") else {
        return;
    };
    let lines = list(&bytes).unwrap();
    assert_eq!((lines.len(), lines[0].messages), (1, Some(10)));
    let trajectory = read(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(trajectory.steps.len(), 6);
    let called = trajectory.steps.iter().flat_map(|step| &step.tool_calls);
    assert_eq!(called.count(), 4);
    assert!(trajectory.steps[1..5].iter().all(|step| step.results().len() == 1));
    assert!(!to_atif(&trajectory).contains("attachment://"));
    check_round_trip(&trajectory);
}

#[test]
fn a_real_eval_archive_is_read() {
    let Some(bytes) = real("inspect-message-dedup.eval") else {
        return;
    };
    let lines = list(&bytes).unwrap();
    assert_eq!((lines.len(), lines[0].messages), (1, Some(12)));
    assert_eq!(lines[0].to_string(), "0  12 messages  success  hardcoded/hardcoded  Guess the number");
    let trajectory = read(&bytes, &ReadOptions::default()).unwrap();
    let said: Vec<usize> = trajectory.steps.iter().map(|step| 1 + step.results().len()).collect();
    assert_eq!(said.iter().sum::<usize>(), 12);
    let written = to_atif(&trajectory);
    assert!(!written.contains("attachment://") && !written.contains("42.7") && !written.contains("closeness"));
    check_round_trip(&trajectory);
}

#[test]
fn a_real_tau_bench_run_is_read() {
    let Some(bytes) = real("taubench-airline-openai-chat.json") else {
        return;
    };
    let trajectory = read(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(trajectory.steps.len(), 42 - 12);
    let answered = trajectory.steps.iter().flat_map(Step::results);
    assert_eq!(answered.count(), 12);
    assert!(!to_atif(&trajectory).contains("gt_data_hash"));
    check_round_trip(&trajectory);
}

#[test]
fn real_logs_of_agents_that_write_code_are_read() {
    for (name, format, steps, left_out) in [
        ("sweagent-marshmallow-1867-function-calling.traj", "swe-agent", 13, ""),
        ("claude-code-representative.jsonl", "claude-code", 9, "row of the type summary (1)"),
    ] {
        let Some(bytes) = real(name) else { continue };
        let trajectory = read(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!((trajectory.extra[extra::SOURCE_FORMAT].as_str(), trajectory.steps.len()), (Some(format), steps));
        assert_eq!(trajectory.counted(PartFate::LeftOut).join(", "), left_out);
        check_round_trip(&trajectory);
    }
}
