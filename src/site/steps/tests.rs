//! Steps as they are shown: what a log says is there, and what it does not say is not.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::digest::Digest;
use crate::markdown::ids::RunSide;
use crate::site::theme::Theme;
use crate::source::Sources;
use crate::trajectory::{ReadOptions, list, read};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

fn run(log: &Value) -> Run {
    let trajectory = read(log.to_string().as_bytes(), &ReadOptions::default()).unwrap();
    Run {
        path: "run.json".into(),
        file: "run".into(),
        trajectory: Arc::new(trajectory),
        pictures: Arc::default(),
        digest: Digest::of(b""),
    }
}

/// All of a run at once.
fn whole(run: &Run) -> StepsView {
    StepsView::parts(run, &[], &RunParts::one(run, RunSide::First), (None, ""), &|_| None).remove(0)
}

/// The view as the template gets it.
fn view(log: &Value) -> Value {
    serde_json::to_value(whole(&run(log))).unwrap()
}

fn atif(steps: &Value) -> Value {
    json!({"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps})
}

#[test]
fn what_a_log_does_not_say_is_not_shown() {
    let view = |agent: Value, message: &str| {
        let step = json!({"step_id": 1, "source": "agent", "message": message});
        let view = view(&json!({"schema_version": "ATIF-v1.7", "agent": agent, "steps": [step]}));
        (view["agent"].clone(), view["steps"][0]["message"].clone())
    };
    let (agent, message) = view(json!({"name": "unknown", "version": "1"}), "\n Done.\n");
    assert_eq!((agent, message[0]["passages"][0]["html"].as_str()), (Value::Null, Some("Done.")));
    let (agent, message) = view(json!({"name": "unknown", "version": "1", "model_name": "m-1"}), " ");
    assert_eq!((agent, message), (json!("m-1"), json!([])));
    assert_eq!(view(json!({"name": "a", "version": "1", "model_name": "m-1"}), "").0, json!("a (m-1)"));
}

#[test]
fn each_result_stands_under_its_call_and_others_are_named() {
    let call = |id: &str, name: &str| json!({"tool_call_id": id, "function_name": name, "arguments": {"x": name}});
    let result = |id: Value, text: &str| json!({"source_call_id": id, "content": text});
    let view = view(&atif(&json!([{"step_id": 1, "source": "agent", "message": "",
        "tool_calls": [call("c1", "ls"), call("c2", "pwd"), call("c2", "id")],
        "observation": {"results": [result(json!("c2"), "P"), result(json!("c1"), "L"), result(json!("c2"), "I"),
            result(json!("c9"), "?"), result(json!(null), "!")]}}])));
    let step = &view["steps"][0];
    let said = |call: usize| step["calls"][call]["results"][0]["pieces"][0]["html"].as_str().unwrap_or("");
    assert_eq!([said(0), said(1), said(2)], ["L", "P", "I"]);
    let labels: Vec<_> = step["results"].as_array().unwrap().iter().map(|result| result["label"].clone()).collect();
    assert_eq!(labels, ["Output of the call `c9`, which is not in this step", "Output of no call in particular"]);
    assert_eq!(step["calls"][0]["argument"], "x");
}

#[test]
fn subagents_are_shown_once_and_never_without_end() {
    let step = |id: &str| {
        json!([{"step_id": 1, "source": "agent", "message": id,
            "tool_calls": [{"tool_call_id": "c", "function_name": "f", "arguments": {}}],
            "observation": {"results": [{"source_call_id": "c", "subagent_trajectory_ref":
                [{"trajectory_id": id}, {"trajectory_id": "gone"}, {"trajectory_path": "b.json"}, {"session_id": "s"}]}]}}])
    };
    let mut log = atif(&step("a"));
    let mut inner = atif(&step("a"));
    inner["trajectory_id"] = json!("a");
    let mut other = atif(&json!([{"step_id": 1, "source": "user", "message": "other"}]));
    other["trajectory_id"] = json!("b");
    log["subagent_trajectories"] = json!([inner, other, {"trajectory_id": "c"}]);
    log["continued_trajectory_ref"] = json!("part2.json");
    let view = view(&log);
    let found = &view["steps"][0]["calls"][0]["results"][0]["subagents"];
    assert_eq!(found[0]["title"], "The run of the subagent a, 1 step");
    let again = &found[0]["steps"][0]["calls"][0]["results"][0]["subagents"][0];
    assert_eq!(again["title"], "The run of the subagent a is shown elsewhere in this run.");
    assert_eq!(found[1]["title"], "The run of the subagent gone is not in this log.");
    assert_eq!(found[2]["title"], "The run of the subagent is in another file: b.json");
    assert_eq!(found[3]["title"], "The run of the subagent is not in this log.");
    assert_eq!(view["others"][0]["steps"][0]["message"][0]["passages"][0]["html"], "other");
    assert!(view["others"][1]["title"].as_str().unwrap().contains("can't be read"));
    assert_eq!(view["after"], json!(["The run goes on in another file: part2.json"]));
}

#[test]
fn branches_that_were_given_up_stand_at_the_step_that_they_left_and_can_be_linked_to() {
    let said = |said: &str| json!({"step_id": 1, "source": "user", "message": said});
    let branch = |id: &str, origin: Value| {
        let mut run = atif(&json!([said(id)]));
        run["trajectory_id"] = json!(id);
        run["extra"] = json!({"branch": origin});
        run
    };
    let mut log = atif(&json!([said("first")]));
    log["subagent_trajectories"] = json!([
        branch("y", json!({"of": "x", "after": 1})),
        branch("x", json!({"after": 1})),
        branch("z", json!({"after": 0})),
        branch("round", json!({"of": "round", "after": 1})),
    ]);
    let view = view(&log);
    let at = &view["steps"][0]["branches"][0];
    assert_eq!(
        (&at["title"], &at["id"]),
        (&json!("A branch that left after step 1 and was given up, 1 step"), &json!("step-1/run-1"))
    );
    let within = &at["steps"][0]["branches"][0];
    assert_eq!(within["title"], "A branch that left after step 1 of x and was given up, 1 step");
    assert_eq!(within["id"], "step-1/run-1/step-1/run-1");
    let others: Vec<&Value> = view["others"].as_array().unwrap().iter().map(|run| &run["id"]).collect();
    assert_eq!(others, ["page/run-1", "page/run-2"]);
    let line = &view["list"][0];
    assert_eq!(line["runs"][0]["url"], "#step-1/run-1");
    assert_eq!(line["runs"][0]["runs"][0]["url"], "#step-1/run-1/step-1/run-1");
    assert_eq!(line["runs"].as_array().unwrap().len(), 3);
}

#[test]
fn subagents_within_each_other_end() {
    let mut log = atif(&json!([{"step_id": 1, "source": "user", "message": "deepest"}]));
    for _ in 0..30 {
        log["trajectory_id"] = json!("a");
        let mut outer = atif(&json!([{"step_id": 1, "source": "user", "message": "outer"}]));
        outer["subagent_trajectories"] = json!([log]);
        log = outer;
    }
    let text = view(&log).to_string();
    let shown = |word: &str| text.matches(&format!("\"html\":\"{word}\"")).count();
    assert_eq!((shown("outer"), shown("deepest")), (30, 1));
    assert!(text.matches("nested too deep").count() >= 7, "{text}");
}

/// Each begun by a call, or left from, the one around it: more than a template can show in each other.
#[test]
fn runs_within_each_other_are_on_the_page_however_deep_they_stand() {
    let mut log = atif(&json!([{"step_id": 1, "source": "user", "message": "deepest"}]));
    for depth in 0..14 {
        log["trajectory_id"] = json!("inner");
        let mut outer = atif(&json!([{"step_id": 1, "source": "agent", "message": format!("depth{depth}"),
            "tool_calls": [{"tool_call_id": "c", "function_name": "f", "arguments": {}}],
            "observation": {"results": [{"source_call_id": "c", "subagent_trajectory_ref": [{"trajectory_id": "inner"}]}]}}]));
        outer["subagent_trajectories"] = json!([log]);
        log = outer;
    }
    assert_eq!(lost(&run(&log)), Vec::<String>::new());
    let branch = |depth: usize| {
        let mut run = atif(&json!([{"step_id": 1, "source": "user", "message": format!("branch{depth}")}]));
        run["trajectory_id"] = json!(format!("b{depth}"));
        run["extra"] = json!({"branch": {"of": format!("b{}", depth - 1), "after": 1}});
        if depth == 1 {
            run["extra"] = json!({"branch": {"after": 1}});
        }
        run
    };
    let mut log = atif(&json!([{"step_id": 1, "source": "user", "message": "first"}]));
    log["subagent_trajectories"] = json!((1..=14).rev().map(branch).collect::<Vec<_>>());
    assert_eq!(lost(&run(&log)), Vec::<String>::new());
}

static THEME: LazyLock<Theme> = LazyLock::new(|| {
    let mut diagnostics = Diagnostics::default();
    let theme = Theme::load(None, &Sources::new(Vec::new()), &mut diagnostics);
    assert!(diagnostics.is_empty());
    theme
});

/// The words of the run that are not on its page.
fn lost(run: &Run) -> Vec<String> {
    let html = THEME.steps(&whole(run)).unwrap();
    conservation::missing(run, &html)
}

/// Text of words that stand nowhere else, with what takes words away between them.
fn text() -> impl Strategy<Value = String> {
    let between = "\r|\n|\r\r\n|\t|\u{8}{1,4}| |<!--|<script>|&amp;|\u{1b}\\[[0-9]{0,2}[mKCDGHJ]|\u{1b}\\]0;|\u{7}|\u{1b}P|\u{1b}\\\\|\u{0}|\u{202e}";
    let part = prop_oneof![3 => "[a-z]{3,8}", 2 => between];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn atif_log() -> impl Strategy<Value = Value> {
    let step = (text(), text(), text(), text(), text(), "c[12]").prop_map(|(message, thought, name, argument, output, id)| {
        json!({"step_id": 0, "source": "agent", "message": [{"type": "text", "text": message},
                {"type": "image", "source": {"media_type": "image/png", "path": "gone.png"}}],
            "reasoning_content": thought, "tool_calls": [
                {"tool_call_id": "c1", "function_name": name, "arguments": {"first": argument}},
                {"tool_call_id": "c2", "function_name": "other", "arguments": {"second": [argument], "third": {"fourth": 1}}}],
            "observation": {"results": [{"source_call_id": id, "content": output},
                {"content": [{"type": "text", "text": output, "cache": 1}]}, {"source_call_id": "c1", "content": null,
                "subagent_trajectory_ref": [{"trajectory_id": "sub"}]}]}})
    });
    let steps = prop::collection::vec(step, 1..4).boxed();
    let numbered = |mut steps: Vec<Value>| {
        steps.iter_mut().zip(1..).for_each(|(step, number)| step["step_id"] = json!(number));
        atif(&json!(steps))
    };
    (steps.clone(), steps).prop_map(move |(steps, within)| {
        let (mut log, mut subagent) = (numbered(steps), numbered(within));
        subagent["trajectory_id"] = json!("sub");
        log["subagent_trajectories"] = json!([subagent]);
        log
    })
}

/// Messages with the text in every place that a chat has for one; and the words that must be found.
fn messages() -> impl Strategy<Value = Vec<Value>> {
    let turn = (text(), text(), text(), text(), "k[123]").prop_map(|(asked, said, argument, output, id)| {
        json!([{"role": "user", "name": "mia", "content": asked, "source": "operator"},
            {"role": "user", "content": asked, "metadata": {"summary": true}},
            {"role": "assistant", "content": [{"type": "reasoning", "reasoning": asked}, {"type": "text", "text": said},
                {"type": "audio", "transcript": said}, {"type": "refusal", "refusal": said}],
             "tool_calls": [{"id": "k1", "type": "function", "function": {"name": "look", "arguments": json!({"at": argument}).to_string()}},
                {"id": "k2", "type": "function", "function": {"name": "look", "arguments": argument}}]},
            {"role": "tool", "tool_call_id": id, "content": output}, {"role": "assistant", "content": null, "audio": {"transcript": said}}])
    });
    prop::collection::vec(turn, 1..3)
        .prop_map(|turns| turns.iter().flat_map(|turn| turn.as_array().unwrap().clone()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_word_of_an_atif_run_is_on_its_page(log in atif_log()) {
        let run = run(&log);
        prop_assert_eq!(lost(&run), Vec::<String>::new());
        prop_assert!(!conservation::missing(&run, "").is_empty());
    }

    #[test]
    fn every_word_of_a_chat_and_of_a_sample_is_in_the_run_and_on_its_page(messages in messages()) {
        let chat = run(&json!(messages));
        prop_assert_eq!(lost(&chat), Vec::<String>::new());
        let sample = run(&json!({"id": 1, "epoch": 1, "input": "q", "messages": messages}));
        prop_assert_eq!(lost(&sample), Vec::<String>::new());
        let all: Vec<String> = chat.steps.iter().map(|step| step.text()).collect();
        for message in &messages {
            let said = message["content"].as_str().or(message["audio"]["transcript"].as_str()).unwrap_or("");
            prop_assert!(all.iter().any(|text| text.contains(said)), "{said:?} was not read");
        }
    }
}

#[test]
fn every_word_of_every_run_at_hand_is_on_its_page() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests", "content", "../shared/samples/trajectories", "../shared/cases/runs"];
    let files = folders.iter().flat_map(|folder| walkdir::WalkDir::new(root.join(folder)).into_iter().flatten());
    let mut read_runs = 0;
    for file in files
        .filter(|file| file.path().extension().is_some_and(|kind| kind == "json" || kind == "jsonl" || kind == "eval"))
    {
        let bytes = std::fs::read(file.path()).unwrap();
        for line in list(&bytes).into_iter().flatten().take(20) {
            let options = ReadOptions { sample: Some(line.id), keep_gold: false, ..ReadOptions::default() };
            let Ok(trajectory) = read(&bytes, &options) else { continue };
            let run = Run {
                path: "run.json".into(),
                file: "run".into(),
                trajectory: Arc::new(trajectory),
                pictures: Arc::default(),
                digest: Digest::of(b""),
            };
            assert_eq!(lost(&run), Vec::<String>::new(), "{}", file.path().display());
            read_runs += 1;
        }
    }
    assert!(read_runs >= 20, "only {read_runs} runs found");
}
