//! `.eval` archives made here, whole and damaged; what they hold is made up, and no file is needed.

use crate::PartFate;
use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::archive::Archive;
use crate::tests::{Numbers, check};
use crate::{ReadOptions, Trajectory, list, read, to_atif};
use goldbook_ground::diagnostic::Fault;

const METHODS: [CompressionMethod; 3] =
    [CompressionMethod::Stored, CompressionMethod::Deflated, CompressionMethod::Zstd];

fn packed(entries: &[(&str, String)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn zip(entries: &[(&str, String)]) -> Vec<u8> {
    packed(entries, CompressionMethod::Deflated)
}

fn header() -> Value {
    json!({"version": 2, "status": "success",
        "eval": {"run_id": "r", "task": "ctf", "model": "m/x", "solver": "react", "task_args": {"flag": "GOLD"},
                 "packages": {"inspect_ai": "0.3.200"}},
        "plan": {"steps": []}, "results": {"scores": ["GOLD"]}, "stats": {}})
}

fn reductions() -> Value {
    json!([{"scorer": "s", "samples": [{"value": "GOLD"}]}])
}

const LONG: &str = "a long text that stands in a pool and is named where it is used";

/// A sample whose messages name an attachment, and whose events hold more than is wanted.
fn sample(id: &Value, epoch: u32) -> Value {
    json!({"id": id, "epoch": epoch, "input": "Find the flag", "target": "GOLD", "uuid": format!("u{id}"),
        "messages": [
            {"role": "system", "content": "attachment://5", "id": "m1"},
            {"role": "user", "content": "Find the flag", "id": "m2", "metadata": {"hint": "GOLD"}},
            {"role": "assistant", "content": [{"type": "reasoning", "reasoning": "hm"}], "model": "x", "id": "m3",
             "tool_calls": [{"id": "c", "function": "sh", "arguments": {"cmd": "ls"}, "type": "function"}]},
            {"role": "tool", "content": "a.txt", "tool_call_id": "c", "function": "sh", "id": "m4"}],
        "output": {"choices": [{"message": {"role": "assistant", "content": "last"}}]},
        "scores": {"match": {"value": "C", "answer": "GOLD", "explanation": "GOLD"}},
        "metadata": {"solution": "GOLD"}, "store": {"x": "GOLD"},
        "events": [{"event": "model", "input": [{"role": "user", "content": "GOLD"}], "output": {}},
                   {"event": "score", "score": {"explanation": "GOLD"}}],
        "attachments": {"5": LONG, "6": "GOLD"}, "limit": {"type": "message", "limit": 3}})
}

fn entry(sample: &Value) -> (String, String) {
    let id = sample["id"].as_str().map_or_else(|| sample["id"].to_string(), str::to_owned);
    (format!("samples/{id}_epoch_{}.json", sample["epoch"]), sample.to_string())
}

fn summary(sample: &Value) -> Value {
    json!({"id": sample["id"], "epoch": sample["epoch"], "input": sample["input"], "target": "GOLD",
        "scores": {"match": {"value": "GOLD"}}, "limit": "message", "completed": true, "message_count": 4})
}

/// A whole log, as Inspect writes it.
fn log(samples: &[Value]) -> Vec<(String, String)> {
    let summaries: Vec<Value> = samples.iter().map(summary).collect();
    let named = |name: &str, value: &Value| (name.to_owned(), value.to_string());
    let mut entries = vec![named("_journal/start.json", &json!({"version": 2, "eval": header()["eval"], "plan": {}}))];
    entries.extend(samples.iter().map(entry));
    entries.push(named("_journal/summaries/1.json", &json!(summaries)));
    entries.push(named("summaries.json", &json!(summaries)));
    entries.push(named("reductions.json", &reductions()));
    entries.push(named("header.json", &header()));
    entries
}

/// The same log as one JSON file.
fn json_log(samples: &[Value]) -> String {
    let mut log = header();
    log["samples"] = json!(samples);
    log["reductions"] = reductions();
    log.to_string()
}

fn borrowed(entries: &[(String, String)]) -> Vec<(&str, String)> {
    entries.iter().map(|(name, text)| (name.as_str(), text.clone())).collect()
}

fn eval(samples: &[Value]) -> Vec<u8> {
    zip(&borrowed(&log(samples)))
}

fn open(bytes: &[u8], sample: Option<&str>, keep_gold: bool) -> Result<Trajectory, Fault> {
    read(bytes, &ReadOptions { sample: sample.map(str::to_owned), keep_gold, ..ReadOptions::default() })
}

fn lines(bytes: &[u8]) -> Vec<String> {
    list(bytes).unwrap().iter().map(ToString::to_string).collect()
}

/// The entries with one of them put in the place of that with the same name, or added.
fn with(mut entries: Vec<(String, String)>, name: &str, text: impl Into<String>) -> Vec<(String, String)> {
    entries.retain(|(found, _)| found != name);
    entries.push((name.to_owned(), text.into()));
    entries
}

#[track_caller]
fn error(bytes: &[u8], sample: Option<&str>) -> String {
    let error = open(bytes, sample, false).unwrap_err();
    assert!(!error.help.is_empty() && !error.message.ends_with('.'), "{error}");
    error.to_string()
}

/// The place of a field in the directory's record of `name`, and in the record before its data.
fn record(bytes: &[u8], name: &str, field: usize) -> usize {
    let is_name = |at: &usize| bytes[*at..].starts_with(name.as_bytes()) && bytes[at - 46..].starts_with(b"PK\x01\x02");
    (46..bytes.len()).find(is_name).unwrap() - 46 + field
}

#[test]
fn an_archive_says_the_same_as_the_log_in_json_however_it_is_packed() {
    let samples = [sample(&json!(1), 1), sample(&json!("b"), 1), sample(&json!("b"), 2)];
    let text = json_log(&samples);
    for method in METHODS {
        let bytes = packed(&borrowed(&log(&samples)), method);
        for keep_gold in [false, true] {
            for id in ["1", "b#1", "b#2"] {
                let expected = open(text.as_bytes(), Some(id), keep_gold).unwrap();
                assert_eq!(open(&bytes, Some(id), keep_gold).as_ref(), Ok(&expected), "{method:?} {id}");
                assert!(to_atif(&expected).contains(LONG));
            }
        }
        assert_eq!(lines(&bytes), lines(text.as_bytes()));
    }
}

#[test]
fn gold_stays_behind_unless_it_is_kept() {
    let bytes = eval(&[sample(&json!(1), 1)]);
    assert!(!to_atif(&open(&bytes, None, false).unwrap()).contains("GOLD"));
    assert!(!lines(&bytes)[0].contains("GOLD"));
    let gold = &open(&bytes, None, true).unwrap().extra["gold"];
    let names: Vec<_> = gold.as_object().unwrap().keys().collect();
    assert_eq!(names, ["metadata", "reductions", "results", "scores", "store", "target"]);
}

#[test]
fn samples_are_listed_by_epoch_and_then_by_id() {
    let ids = [json!(10), json!(9), json!("x"), json!("10a")];
    let mut samples: Vec<Value> = ids.iter().map(|id| sample(id, 1)).collect();
    samples.insert(0, sample(&json!(9), 2));
    let found: Vec<String> = list(&eval(&samples)).unwrap().into_iter().map(|line| line.id).collect();
    assert_eq!(found, ["9#1", "10", "10a", "x", "9#2"]);
}

#[test]
fn a_listing_is_made_of_summaries_alone() {
    let entries = with(log(&[sample(&json!(1), 1)]), "samples/1_epoch_1.json", "no JSON at all");
    let bytes = zip(&borrowed(&entries));
    assert_eq!(lines(&bytes), ["1  4 messages  limit: message  m/x  Find the flag"]);
    assert!(error(&bytes, None).contains("`samples/1_epoch_1.json` is not JSON as Inspect writes it: expected"));
}

#[test]
fn without_summaries_each_samples_start_is_read_up_to_its_messages() {
    let start = |text: &str| zip(&[("samples/1_epoch_1.json", text.to_owned()), ("header.json", header().to_string())]);
    let text =
        r#"{"id": 1, "epoch": 1, "input": "Q", "metadata": {"x": [NaN]}, "messages": [{}, []], "events": broken"#;
    assert_eq!(lines(&start(text)), ["1  2 messages  success  m/x  Q"]);
    assert_eq!(lines(&start(r#"{"id": 1, "input": broken"#)), ["1  unreadable  m/x"]);
    assert_eq!(lines(&start(r#"{"id": 1, "epoch": 1, "input": "Q"}"#)), ["1  success  m/x  Q"]);
}

#[test]
fn a_log_whose_run_crashed_is_read_by_its_journal() {
    let samples = [sample(&json!(1), 1), sample(&json!(2), 1)];
    let mut entries = log(&samples);
    entries.retain(|(name, _)| !matches!(name.as_str(), "header.json" | "summaries.json" | "reductions.json"));
    let mut again = summary(&samples[0]);
    again["message_count"] = json!(7);
    let entries = with(entries, "_journal/summaries/10.json", json!([again]).to_string());
    let bytes = zip(&borrowed(&entries));
    assert_eq!(lines(&bytes)[0], "1  7 messages  limit: message  m/x  Find the flag");
    let trajectory = open(&bytes, Some("2"), true).unwrap();
    assert_eq!((trajectory.agent.name.as_str(), trajectory.session_id.as_deref()), ("react", Some("r")));

    let bare = zip(&[("samples/1_epoch_1.json", samples[0].to_string())]);
    assert_eq!(lines(&bare), ["1  4 messages  Find the flag"]);
    assert_eq!(open(&bare, None, false).unwrap().agent.name, "unknown");
}

/// The sample in chunks of two, with what is not needed broken.
fn chunks(sample: &Value) -> Vec<(String, String)> {
    let mut shell = sample.clone();
    for name in ["messages", "events", "attachments", "metadata"] {
        shell.as_object_mut().unwrap().remove(name);
    }
    shell["message_refs"] = json!([[3, 5], [6, 8]]);
    let m = |index: usize| sample["messages"][index].clone();
    let entries = [
        ("sample.json", shell),
        ("metadata.json", sample["metadata"].clone()),
        ("skeleton.json", json!("GOLD")),
        ("messages/0.json", json!("not a list")),
        ("messages/2.json", json!([{"content": "GOLD"}, m(0)])),
        ("messages/4.json", json!([m(1), {"content": "GOLD"}])),
        ("messages/6.json", json!([m(2), m(3)])),
        ("messages/8.json", json!("not a list")),
        ("events/0.json", json!("not a list")),
        ("events/stats.json", json!("not a list")),
        ("attachments/0.json", json!("not a list")),
        ("attachments/5.json", json!([LONG])),
        ("attachments/6.json", json!("not a list")),
    ];
    let folder = entry(sample).0.strip_suffix(".json").unwrap().to_owned();
    entries.map(|(name, value)| (format!("{folder}/{name}"), value.to_string())).into()
}

#[test]
fn a_sample_in_chunks_says_the_same_as_a_whole_one() {
    let samples = [sample(&json!(1), 1), sample(&json!(2), 1)];
    let mut entries = log(&samples);
    entries.retain(|(name, _)| !name.starts_with("samples/1_"));
    entries.extend(chunks(&samples[0]));
    let bytes = zip(&borrowed(&entries));
    for keep_gold in [false, true] {
        let expected = open(json_log(&samples).as_bytes(), Some("1"), keep_gold);
        assert_eq!(open(&bytes, Some("1"), keep_gold), expected);
        assert!(open(&bytes, Some("2"), keep_gold).is_ok());
    }
    entries.retain(|(name, _)| name != "summaries.json" && !name.starts_with("_journal"));
    let expected = ["1  4 messages  limit: message  m/x  Find the flag", "2  4 messages  success  m/x  Find the flag"];
    assert_eq!(lines(&zip(&borrowed(&entries))), expected);
}

#[test]
fn chunks_of_events_that_cant_be_read_are_named_where_the_messages_are_at_hand() {
    let mut entries = log(&[]);
    entries.extend(chunks(&sample(&json!(1), 1)));
    let call = json!({"event": "model", "span_id": "sub", "input": [], "output": {}});
    let subagent = json!({"event": "tool", "id": "c", "function": "sh", "agent_span_id": "sub"});
    let parts = [("0", json!([call, subagent]).to_string()), ("2", "[{".to_owned()), ("3", "[]".to_owned())];
    for (number, text) in parts {
        entries = with(entries, &format!("samples/1_epoch_1/events/{number}.json"), text);
    }
    let trajectory = open(&zip(&borrowed(&entries)), None, false).unwrap();
    assert_eq!(trajectory.steps.len(), 3);
    let expected = ["parts of the events from the first unreadable one on (2)", "runs of subagents (1)"];
    assert_eq!(trajectory.counted(PartFate::LeftOut), expected);
}

#[test]
fn chunks_without_messages_are_read_by_their_events() {
    let call = json!({"event": "model", "input": [], "input_refs": [[0, 1], [1, 2]],
        "output": {"choices": [{"message": {"role": "assistant", "content": "attachment://0"}}]}});
    let text = |value: Value| value.to_string();
    let bytes = zip(&[
        ("samples/1_epoch_1/sample.json", text(json!({"id": 1, "epoch": 1, "input": "Q", "message_refs": []}))),
        ("samples/1_epoch_1/events/0.json", text(json!([call]))),
        ("samples/1_epoch_1/messages/0.json", text(json!([{"role": "user", "content": "a"}]))),
        ("samples/1_epoch_1/messages/1.json", text(json!([{"role": "user", "content": "attachment://1"}]))),
        ("samples/1_epoch_1/attachments/0.json", text(json!(["x", "y"]))),
    ]);
    let trajectory = open(&bytes, None, false).unwrap();
    let said: Vec<String> = trajectory.steps.iter().map(|step| step.text()).collect();
    assert_eq!(said, ["a", "y", "x"]);
}

#[test]
fn a_chunk_that_is_needed_and_missing_is_an_error() {
    let mut entries = log(&[]);
    entries.extend(chunks(&sample(&json!(1), 1)));
    entries.retain(|(name, _)| !name.ends_with("messages/6.json"));
    assert!(error(&zip(&borrowed(&entries)), None).contains("message 6 of a pool"));
    for name in ["4294967296", "18446744073709551615", "+4", "04", "x"] {
        let name = format!("samples/1_epoch_1/messages/{name}.json");
        assert!(open(&zip(&borrowed(&with(entries.clone(), &name, "[1]"))), None, false).is_err());
    }
}

#[test]
fn of_two_entries_with_one_name_the_last_counts() {
    let entries = with(log(&[sample(&json!(1), 1)]), "samples/2_epoch_1.json", {
        let mut sample = sample(&json!(1), 1);
        sample["messages"][1]["content"] = json!("Again");
        sample.to_string()
    });
    let mut bytes = zip(&borrowed(&entries));
    let name = b"samples/2_epoch_1.json";
    for at in 0..bytes.len() - name.len() {
        if bytes[at..].starts_with(name) {
            bytes[at + 8] = b'1';
        }
    }
    assert_eq!(lines(&bytes).len(), 1);
    assert_eq!(open(&bytes, None, false).unwrap().steps[1].text(), "Again");
}

#[test]
fn what_python_writes_beyond_json_does_not_stop_the_reading() {
    let text = sample(&json!(1), 1).to_string();
    let text = text.replace("\"a.txt\"", "\"a\\ud83d.txt\"").replace("\"limit\":3", "\"limit\":NaN");
    let text = text.replace("\"cmd\":\"ls\"", "\"n\":[Infinity,1e999,123456789012345678901234567890]");
    let entries = with(log(&[sample(&json!(1), 1)]), "samples/1_epoch_1.json", text);
    let trajectory = open(&zip(&borrowed(&entries)), None, false).unwrap();
    let said = "hm\nsh {\"n\":[null,null,1.2345678901234568e+29]}\na\u{fffd}.txt";
    assert_eq!(trajectory.steps[2].text(), said);
}

#[test]
fn a_name_is_never_a_path_and_is_shown_as_text() {
    let named = |name: &str| zip(&[(name, sample(&json!(1), 1).to_string())]);
    let away = named("samples/../../../etc/passwd_epoch_1.json");
    assert_eq!(lines(&away), ["../../../etc/passwd  4 messages  Find the flag"]);
    assert!(open(&away, Some("../../../etc/passwd"), false).is_ok());
    let found = error(&named("a\u{1b}[31m\n\u{202e}b"), None);
    assert!(found.contains("`a\\u{1b}[31m\\n\\u{202e}b`"), "{found}");
    assert!(error(&named(&"x".repeat(1000)), None).len() < 400);
    let broken = zip(&[("samples/\u{1b}_epoch_1.json", "{".to_owned())]);
    assert!(error(&broken, None).contains("`samples/\\u{1b}_epoch_1.json`"));
}

#[test]
fn an_archive_that_is_no_log_says_what_it_holds() {
    let foreign = zip(&[("a.txt", String::new()), ("b/c.txt", String::new())]);
    assert!(error(&foreign, None).contains("no Inspect log: it holds `a.txt`, `b/c.txt`"));
    assert!(error(&zip(&[]), None).contains("is empty"));
    assert!(error(&eval(&[]), None).contains("holds no samples"));
    assert!(error(b"PK\x03\x04 and no more", None).contains("cut off or damaged"));
}

#[test]
fn an_archive_cut_off_anywhere_says_so() {
    let bytes = eval(&[sample(&json!(1), 1)]);
    for end in 4..bytes.len() {
        let found = error(&bytes[..end], None);
        assert!(found.contains("cut off or damaged") && found.contains("Copy the file again"), "{end}: {found}");
    }
}

#[test]
fn an_entry_that_lies_or_is_damaged_is_named() {
    let name = "samples/1_epoch_1.json";
    let whole = packed(&borrowed(&log(&[sample(&json!(1), 1)])), CompressionMethod::Stored);
    let damaged = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        let found = error(&bytes, None);
        assert!(found.contains(&format!("the entry `{name}`")), "{found}");
        assert_eq!(lines(&bytes).len(), 1, "the listing needs no sample");
        found
    };
    let at = |bytes: &[u8], field: usize| record(bytes, name, field);
    let letter = whole.windows(5).position(|five| five == b"a.txt").unwrap();
    assert!(damaged(&|bytes| bytes[letter] = b'b').contains("checksum does not match"));
    let size = |bytes: &mut Vec<u8>, size: u32| {
        let field = at(bytes, 24);
        bytes[field..field + 4].copy_from_slice(&size.to_le_bytes());
    };
    let smaller = damaged(&|bytes| size(bytes, 100));
    assert!(smaller.contains("more bytes than it says"), "{smaller}");
    assert!(damaged(&|bytes| size(bytes, 1_000_000)).contains("fewer bytes than it says"));
    let huge = damaged(&|bytes| size(bytes, 3_000_000_000));
    assert!(huge.contains("unpacks to 3000000000 bytes") && huge.contains("inspect log convert"), "{huge}");
    let locked = damaged(&|bytes| {
        let field = at(bytes, 8);
        bytes[field] |= 1;
    });
    assert!(locked.contains("is encrypted") && locked.contains("without one"), "{locked}");
    let method = damaged(&|bytes| {
        let field = at(bytes, 10);
        bytes[field] = 12;
    });
    assert!(method.contains("other than deflate and zstd"), "{method}");
}

#[test]
fn json_nested_without_end_is_an_error() {
    let deep = "[".repeat(50_000);
    for field in ["messages", "events", "unknown"] {
        let text = format!("{{\"id\": 1, \"epoch\": 1, \"messages\": [{{}}], \"{field}\": {deep}");
        let found = error(&zip(&[("samples/1_epoch_1.json", text)]), None);
        assert!(found.contains("`samples/1_epoch_1.json`") && found.contains("inspect log convert"), "{found}");
    }
}

#[test]
fn what_is_read_and_kept_has_a_limit() {
    use super::sample::{self, SampleLayout};
    use crate::sample::SampleKey;
    let mut whole = sample(&json!(1), 1);
    whole["store"] = json!("x".repeat(100_000));
    let bytes = eval(&[whole.clone()]);
    let read = |read: u64, kept: u64| {
        let mut archive = Archive::with_limits(Cursor::new(&bytes), read, kept).unwrap();
        let key = SampleKey { id: "1".to_owned(), epoch: Some("1".to_owned()) };
        sample::read(&mut archive, &key, SampleLayout::Whole, false).map(|(fields, _)| fields.len())
    };
    assert_eq!(read(200_000, 20_000), Ok(8));
    let found = read(50_000, 20_000).unwrap_err();
    assert!(found.message.contains("`samples/1_epoch_1.json` is too large: more is packed"), "{found}");
    let found = read(200_000, 1000).unwrap_err();
    assert!(found.message.contains("too much memory"), "{found}");
}

#[test]
fn one_message_named_over_and_over_cannot_fill_the_memory() {
    let refs: Vec<Value> = (0..3000).map(|_| json!([0, 1])).collect();
    let shell = json!({"id": 1, "epoch": 1, "input": "Q", "message_refs": refs});
    let text = "x".repeat(100_000);
    let bytes = zip(&[
        ("samples/1_epoch_1/sample.json", shell.to_string()),
        ("samples/1_epoch_1/messages/0.json", json!([{"role": "user", "content": text}]).to_string()),
    ]);
    assert!(error(&bytes, None).contains("over 256 MiB"));
}

#[test]
fn an_archive_with_changed_bytes_never_panics() {
    let samples = [sample(&json!(1), 1)];
    let mut chunked = log(&[]);
    chunked.extend(chunks(&samples[0]));
    let mut numbers = Numbers(5);
    for method in METHODS {
        for entries in [log(&samples), chunked.clone()] {
            let whole = packed(&borrowed(&entries), method);
            for _ in 0..150 {
                let mut bytes = whole.clone();
                for _ in 0..=numbers.below(3) {
                    let at = numbers.below(bytes.len());
                    match numbers.below(4) {
                        0 => bytes[at] ^= 1 << numbers.below(8),
                        1 => bytes[at] = [0, 0xff, b'P', 1][numbers.below(4)],
                        2 => drop(bytes.remove(at)),
                        _ => bytes.truncate(at.max(1)),
                    }
                }
                check(&bytes);
            }
        }
    }
}

#[test]
fn entries_with_changed_bytes_never_panic() {
    let whole = log(&[sample(&json!(1), 1)]);
    let mut chunked = log(&[]);
    chunked.extend(chunks(&sample(&json!(1), 1)));
    let mut numbers = Numbers(3);
    for entries in [whole, chunked] {
        for _ in 0..300 {
            let mut entries = entries.clone();
            let changed = numbers.below(entries.len());
            let mut text = std::mem::take(&mut entries[changed].1).into_bytes();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(text.len());
                text[at] = br#"{}[]",:0-eNIn\u9"#[numbers.below(16)];
            }
            entries[changed].1 = String::from_utf8_lossy(&text).into_owned();
            check(&packed(&borrowed(&entries), CompressionMethod::Stored));
        }
    }
}
