//! A site with hostile strings in every place that text comes from: settings, documents of every kind, bodies, runs of
//! each reader, ratings, names of files.

use super::corpus::{SWALLOWING, quoted, strings};
use crate::support::Site;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The site, sealed and built.
pub fn hostile_site() -> Site {
    let site = Site::base();
    let strings = strings();
    let all = |part: &dyn Fn(&str) -> String| strings.iter().map(|text| part(text)).collect::<Vec<_>>();
    let one = quoted(&strings.join(" "));
    site.write("goldbook.yaml", format!("title: {one}\naudiences: {{contractors: [], internal: [contractors], leads: [internal]}}\ndefault_audience: contractors\nchecks: {{broken-link: warning}}\n"));
    bodies(&site, &strings);
    site.write(
        &format!("content/pages/{}.md", "<img src=x onerror=document.title='hit'>"),
        format!("---\ntitle: {one}\n---\nText.\n"),
    );
    let task = site.read("content/tasks/check-run/task.md");
    site.write(
        "content/tasks/check-run/task.md",
        task.replace(
            "title: Check a run\nsummary: Read one run and rate it.",
            &format!("title: {one}\nsummary: {one}\nowner: {one}\ntime: {one}\npay: {one}\ninterests: {one}"),
        ),
    );
    let meanings = all(&|text| format!("{}: {}", quoted(&format!("v{}", text.len())), quoted(text)));
    let rubric = site.read("content/tasks/check-run/rubric.md");
    let mut distinct = meanings;
    distinct.sort();
    distinct.dedup_by_key(|meaning| meaning.split(':').next().unwrap().to_owned());
    site.write(
        "content/tasks/check-run/rubric.md",
        rubric
            .replace(
                "{yes: It works, no: It does not}",
                &format!("{{yes: It works, no: It does not, {}}}", distinct.join(", ")),
            )
            .replace("## Was the goal reached?", "## <img src=x onerror=\"document.title='hit'\">"),
    );
    let example = |name: &str, replaced: &[(&str, &str)]| {
        let path = format!("content/tasks/check-run/examples/{name}.md");
        let replace = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from), "{path} says no more: {from}");
            text.replace(from, to)
        };
        site.write(&path, replaced.iter().fold(site.read(&path), replace));
    };
    let all_in_body = all(&|text| format!("{text}\n\n")).concat();
    let shown = format!("Rate it.\n\n{all_in_body}");
    example(
        "worked",
        &[
            ("A worked example", &one),
            ("item: run-1", &format!("item: {one}")),
            ("The last command fails.", &one),
            ("The error is passed over.", &one),
        ],
    );
    example(
        "practice",
        &[("A practice example", &one), ("It was never started in practice.", &one), ("Rate it.", &shown)],
    );
    example("tested", &[("A test example", &one), ("Rate it.", &shown)]);
    let kept = quoted(KEPT);
    example("kept", &[("A kept example", &kept), ("The kept server answers after its second start.", &kept)]);
    runs(&site, &strings);
    site.write("content/cohorts/blue.yaml", format!("title: {0}\nvendor: {0}\nraters: [b-01, b-02, b-03, {1}]\ntasks: [check-run]\nfrom: 2026-10-01\nuntil: 2026-12-31\n", quoted(COHORT), all(&|text| quoted(&rater(text))).join(", ")));
    site.write("content/ratings/hostile.csv", ratings(&strings));
    let run =
        site.run("release check-run --version 1.0.0 -m \"<script>document.title='hit'</script>\" --date 2026-10-01");
    assert_eq!(run.code, 0, "{}", run.stderr);
    site.ok("build");
    site
}

/// What is put around a string.
type Shape<'a> = &'a dyn Fn(&str) -> String;

/// Pages with all strings, in order and backwards, and inside of what Markdown has.
fn bodies(site: &Site, strings: &[String]) {
    let backwards: Vec<String> = strings.iter().rev().cloned().collect();
    let lines = |text: &str, before: &str| text.lines().map(|line| format!("{before}{line}\n")).collect::<String>();
    let inline = |text: &str| text.replace('\n', " ");
    let shapes: [(&str, &[String], Shape<'_>); 8] = [
        ("plain", strings, &|text| format!("{text}\n\n")),
        ("backwards", &backwards, &|text| format!("{text}\n\n")),
        ("inline", strings, &|text| format!("x {} y\n\n", inline(text))),
        ("quotes", strings, &|text| format!("{}\n", lines(text, "> "))),
        ("lists", strings, &|text| format!("- x\n\n{}\n", lines(text, "  "))),
        ("headings", strings, &|text| format!("## {}\n\n", inline(text))),
        ("tables", strings, &|text| format!("| a |\n|---|\n| {} |\n\n", inline(text).replace('|', "\\|"))),
        ("code", strings, &|text| {
            format!(
                "``` {}\n{text}\n```\n\n`` {} ``\n\n",
                inline(text).replace('`', "'"),
                inline(text).replace('`', "'")
            )
        }),
    ];
    for (name, strings, shape) in shapes {
        let text: String = strings.iter().map(|text| shape(text)).collect();
        site.write(&format!("content/pages/{name}.md"), format!("# Page\n\n{text}"));
    }
    for (number, text) in SWALLOWING.iter().enumerate() {
        site.write(
            &format!("content/pages/swallowing-{number}.md"),
            format!("# Page\n\nx {text}\n\n<img src=x onerror=\"document.title='hit'\">\n"),
        );
    }
}

/// A run of each reader, shown by an example.
fn runs(site: &Site, strings: &[String]) {
    let with_nul = |text: &String| format!("{text}\u{0}");
    let steps = strings.iter().zip(2..).map(|(text, number)| {
        let text = &with_nul(text);
        json!({"step_id": number, "source": "agent", "timestamp": text, "model_name": text, "message": text, "reasoning_content": text,
            "tool_calls": [{"tool_call_id": "c", "function_name": text, "arguments": {text.clone(): text, "b": [text]}}],
            "observation": {"results": [{"source_call_id": "c", "content": text}]}})
    });
    let first = json!({"step_id": 1, "source": "user", "message": [
        {"type": "text", "text": "Look."},
        {"type": "image", "source": {"media_type": "image/png", "path": "data:image/png;base64,\" onerror=\"document.title='hit'"}},
        {"type": "image", "source": {"media_type": "image/png", "path": "https://example.com/x.png"}},
        {"type": "image", "source": {"media_type": "image/png", "path": "data:image/svg+xml,<svg onload=\"document.title='hit'\"/>"}}]});
    let steps: Vec<_> = std::iter::once(first).chain(steps).collect();
    let agent = json!({"name": strings.join(" "), "version": "1", "model_name": strings[0]});
    let atif = json!({"schema_version": "ATIF-v1.7", "agent": agent, "steps": steps});
    site.write("content/tasks/check-run/trajectories/run-1.json", atif.to_string());
    let messages: Vec<_> = strings.iter().flat_map(|text| {
        [json!({"role": "assistant", "content": text, "tool_calls": [{"id": "c", "function": {"name": text, "arguments": text}}]}),
         json!({"role": "tool", "tool_call_id": "c", "name": text, "content": text})]
    }).collect();
    site.write(
        "content/tasks/check-run/trajectories/chat.json",
        json!({"id": "\u{1b}[31m\u{202e}", "messages": messages}).to_string(),
    );
    let message = |text: &String| {
        json!({"role": "assistant", "content": [{"type": "reasoning", "reasoning": text}, {"type": "text", "text": text}],
        "tool_calls": [{"id": "c", "function": text, "arguments": {"a": text}, "parse_error": text}]})
    };
    let answer = |text: &String| json!({"role": "tool", "tool_call_id": "c", "content": text, "error": {"type": text, "message": text}});
    let messages: Vec<_> = strings.iter().flat_map(|text| [message(text), answer(text)]).collect();
    let header = json!({"version": 2, "status": "success", "eval": {"task": strings[0], "model": strings[1]}});
    let sample = json!({"id": strings[2], "epoch": 1, "input": strings[3], "target": "x", "messages": messages});
    site.write("content/tasks/check-run/trajectories/archive.eval", archive(&header, &sample));
    let mut inspect = header;
    inspect["samples"] = json!([sample]);
    site.write("content/tasks/check-run/trajectories/inspect.json", inspect.to_string());
    for name in ["chat", "inspect", "archive"] {
        site.write(
            &format!("content/tasks/check-run/examples/{name}.md"),
            format!(
                "---\ntitle: A run\nitem: {name}\ntrajectory: {name}\nuse: worked\ngold:\n  reached: no\n---\n\nText.\n"
            ),
        );
    }
}

/// An Inspect archive with one sample.
fn archive(header: &Value, sample: &Value) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, json) in [("header.json", header), ("samples/s_epoch_1.json", sample)] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(json.to_string().as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A title whose sentences stand nowhere else: they would be found there.
const COHORT: &str = "=Blue</title><script>document.title='hit'; let cohort</script> \u{1b}[31m \u{202e} \n\n# Injected cohort\n\n`x` <b onclick=cohort()>| y";

/// Gold whose sentences stand nowhere else, for the same reason.
const KEPT: &str = "Kept <svg onload=\"document.title='hit'; kept()\"> behind <i onmouseover=kept()>the gold";

/// A rater whose id stands nowhere else: it would be found there.
fn rater(text: &str) -> String {
    format!("=rater {}", text.replace('\n', " "))
}

/// Rows with each string as rater, item, value, submission and comment.
fn ratings(strings: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "task",
            "item",
            "rater",
            "criterion",
            "value",
            "submission",
            "submitted_at",
            "comment",
            "cohort",
        ])
        .unwrap();
    for text in strings {
        for [item, rater, criterion, value, cohort] in [
            ["run-3", &rater(text), "reached", "no", ""],
            [text, "b-01", "reached", "no", "blue"],
            ["run-3", "b-01", text, text, ""],
            [text, text, "reached", text, "blue"],
            ["run-3", "b-02", "severity", text, text],
        ] {
            writer
                .write_record(["check-run", item, rater, criterion, value, text, "2026-11-03T10:00:00Z", text, cohort])
                .unwrap();
        }
    }
    writer.into_inner().unwrap()
}
