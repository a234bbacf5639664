//! Runs, from another tool's log to the page: what each of `tests/cases/runs/` must show, and must not.

use crate::support::{Site, tests};
use std::fs;

/// What a page must show in this order, and what it must not.
type Shown = (&'static str, &'static [&'static str], &'static [&'static str]);

const SHOWN: [Shown; 20] = [
    (
        "carriage-return",
        &["first line\nsecond line\nthird line", "x = 1\ny = 2\nprint(x)", "a\nb\nc\nPASS test_one\nend"],
        &[],
    ),
    (
        "carriage-return-in-messages",
        &[
            "First line.\nSecond line.\nThird line.",
            "Plan: 1) read 2) sum\nDone",
            "abtal 120 rows\nnext\n100% done",
            "Printed, and not on the screen",
            "total 120 rows\nab",
        ],
        &[],
    ),
    (
        "compaction-summary",
        &["System", "A summary of what came before", "CONTEXT COMPACTION SUMMARY"],
        &["earlier attempts"],
    ),
    ("ended-by-error", &["I try, attempt 1", "it failed with an error"], &["the boiler burst", "SECRETGOLD"]),
    ("ended-by-limit", &["only input", "it failed with an error"], &["SAMPLE-ERROR"]),
    ("invalidated", &["The owner of the log withdrew this run: the tool server was down", "Seven cups."], &["lead"]),
    (
        "last-turn-in-events",
        &[
            "Step 3.",
            "I see place 3",
            "before this answer was taken up",
            "Step 5.",
            "place 5",
            "it reached a limit (token)",
        ],
        &["SECRETGOLD"],
    ),
    ("lines-ending-twice", &["checking disk\nfree: 10 GB"], &["Printed, and not"]),
    ("long-line", &["Output, 1 line of 9000 characters", "yyyy"], &[]),
    ("parallel-results", &["cmd\nls", "LS-OUT", "cmd\npwd", "PWD-OUT", "cmd\nid", "ID-OUT"], &[]),
    ("parse-error", &["could not be read as the model wrote it: could not parse {x", "no"], &[]),
    (
        "picture-in-a-file",
        &[
            "Not taken over from the log: audio (1).",
            "What is on the picture?",
            "[audio: images/words.wav]",
            "scout",
            "The run of the subagent scout, 2 steps",
            "SCOUTSAYS a cup, and I deleted your notes.",
            "It is a red cup.",
            "goes on in another file: part2.json",
        ],
        &["not shown]"],
    ),
    ("picture-inline", &["Count.", "Three."], &[]),
    (
        "picture-outside",
        &["[image: ../secret.png]", "[image: /etc/passwd]", "[image: gone.png]", "[image: text.png]"],
        &["root:"],
    ),
    (
        "pictures",
        &[
            "Not taken over from the log: audio (1), file (1), image (1), input_audio (1).",
            "Which colour?",
            "And this one, the same?",
            "[image: https://example.org/cup.png, not shown]",
            "[file report.pdf]",
            "[input_audio]",
            "[audio]",
            "Both are red, said aloud.",
            "The model refused.",
            "I can't help with that.",
            "An answer to the call `gone` of the tool `look` that the log holds no call for.",
            "an answer to nothing",
            "Typed by whoever ran the agent",
            "Stop now.",
        ],
        &[],
    ),
    ("single-argument", &["move destination", "move source"], &[]),
    ("speaker-names", &["User · ann", "User · ben", "Agent · judge"], &[]),
    (
        "subagent-as-tool",
        &[
            "Scout, go.",
            "The run of the subagent scout (mockllm/model), 4 steps",
            "find cup",
            "Scout looks.",
            "I see attic",
            "in the attic",
        ],
        &["SECRETGOLD"],
    ),
    (
        "subagent-embedded",
        &["prompt\nfind", "The run of the subagent searcher, 2 steps", "SUBFOUND it in /x", "RESULT-OF-LS", "done"],
        &[],
    ),
    (
        "terminal-codes",
        &["a.py  b.py\nTotal 2 files\nERROR: tests failed", "before 0;never ends\nnext line\nlast", "plain dcs apc"],
        &[],
    ),
];

#[test]
fn every_run_is_on_its_page_from_its_first_word_to_its_end() {
    let mut folders: Vec<String> = fs::read_dir(tests().join("cases/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, SHOWN.map(|(folder, ..)| folder));
    let mut failures = Vec::new();
    for (folder, shown, hidden) in SHOWN {
        let page = page(folder);
        let mut rest = page.as_str();
        for words in shown {
            match rest.find(words) {
                Some(place) => rest = &rest[place + words.len()..],
                None => failures.push(format!("{folder}: {words:?} is not on the page, or not there:\n{page}")),
            }
        }
        let found = hidden.iter().filter(|words| page.contains(**words));
        failures.extend(found.map(|words| format!("{folder}: {words:?} is on the page")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The text of the page that shows the run which a case imports.
fn page(folder: &str) -> String {
    let site = built(folder);
    let page = site.read("public/internal/tasks/check-run/next/practice/x/index.html");
    let (start, end) = (page.find("<div class=\"run\"").unwrap(), page.rfind("</main>").unwrap_or(page.len()));
    text(&page[start..end])
}

fn built(folder: &str) -> Site {
    let case = tests().join("cases/runs").join(folder);
    let site = Site::base().with(&case.join("site"));
    let script = fs::read_to_string(case.join("run")).unwrap();
    site.ok(script.lines().find_map(|line| line.strip_prefix("$ goldbook ")).unwrap());
    let example =
        "---\ntitle: X\ntrajectory: ../trajectories/x.json\nuse: practice\ngold:\n  reached: yes\n---\n\nLook.\n";
    site.write("content/tasks/check-run/examples/x.md", example);
    site.ok("build");
    site
}

/// The text of some HTML, each tag a space or nothing.
fn text(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        if tag.starts_with("pre") || tag.starts_with("/p") || tag.starts_with("/summary") {
            out.push('\n');
        }
        out.push_str(words);
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    let out = entities.iter().fold(out, |text, (entity, plain)| text.replace(entity, plain));
    let lines: Vec<&str> = out.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[test]
fn the_list_of_steps_says_what_each_did_and_shows_gold_only_where_the_steps_do() {
    let site = Site::base();
    let run = site.read("content/tasks/check-run/trajectories/run-1.json");
    let timed = [("\"step_id\": 2", "09:00:10"), ("\"step_id\": 3", "10:01:15")];
    let timed = timed
        .iter()
        .fold(run, |run, (step, time)| run.replace(step, &format!("{step}, \"timestamp\": \"2026-10-01T{time}Z\"")));
    site.write("content/tasks/check-run/trajectories/run-1.json", timed);
    site.ok("build");
    let list = |example: &str| {
        let page = site.read(&format!("public/internal/tasks/check-run/next/{example}/index.html"));
        let list = page.split("<div class=\"step-list\"").nth(1).unwrap().split("</ol>").next().unwrap();
        list.split("<li>").skip(1).map(|line| text(line).trim().to_owned()).collect::<Vec<_>>()
    };
    let lines = ["1 User Start the server.", "2 Agent server start 1:01:05", "3 Agent The server runs."];
    assert_eq!(list("practice/practice"), lines);
    assert_eq!(list("examples/worked"), [lines[0], "2 Agent server start 1:01:05 ignored-error", lines[2]]);
}

#[test]
fn what_a_step_did_is_shown_as_what_it_is() {
    let site = Site::base();
    let run = site.read("content/tasks/check-run/trajectories/run-1.json");
    let message = "# Plan\n```py\nx = 1\n```\n<b>Gold: wrong</b>";
    let call = |name: &str, arguments: &serde_json::Value| serde_json::json!({"tool_call_id": name, "function_name": name, "arguments": arguments});
    let calls = serde_json::json!([
        call("write", &serde_json::json!({"path": "a.ini", "content": "[a]\nb = \"1\"\n"})),
        call("edit", &serde_json::json!({"path": "a.txt", "old_str": "one\ntwo", "new_str": "one\nthree"})),
        call("ask", &serde_json::json!({"to": ["a".repeat(100), "ben"], "limits": [1, 2], "urgent": true})),
    ]);
    let step = serde_json::json!({"step_id": 3, "source": "agent", "message": message, "tool_calls": calls});
    let last = run.rfind("{\"step_id\": 3").unwrap();
    let end = last + run[last..].find('}').unwrap() + 1;
    site.write(
        "content/tasks/check-run/trajectories/run-1.json",
        run[..last].to_owned() + &step.to_string() + &run[end..],
    );
    site.ok("build");
    let page = site.read("public/internal/tasks/check-run/next/examples/worked/index.html");
    let step = page.split("id=\"step-3\"").nth(1).unwrap();
    for shown in [
        "<pre class=\"said heading\" dir=\"auto\"># Plan</pre>",
        "```py\nx = <span class=\"hl-number\">1</span>\n```</pre>",
        "&lt;b&gt;Gold: wrong&lt;/b&gt;</pre>",
        "<dt>path</dt> <dd>a.ini</dd>",
        "<span class=\"hl-tag\">[a]</span>\n",
        " one\n<span class=\"hl-deleted\">-two</span>\n<span class=\"hl-inserted\">+three</span></pre>",
        "<dt>urgent</dt> <dd><span class=\"hl-constant\">true</span></dd>",
        "<pre class=\"data\" tabindex=\"0\" role=\"group\" aria-label=\"to\">[\n",
        "<dt>limits</dt> <dd>[<span class=\"hl-number\">1</span>",
    ] {
        assert!(step.contains(shown), "{shown} is not in {step}");
    }
}

/// A run of so many steps, each with a word of its own.
fn long_run(steps: usize) -> String {
    let steps: Vec<_> = (1..=steps)
        .map(|step| serde_json::json!({"step_id": step, "source": "agent", "message": format!("word{step}x")}))
        .collect();
    serde_json::json!({"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps})
        .to_string()
}

#[test]
fn a_long_run_is_split_into_pages_that_old_addresses_still_lead_to() {
    let site = Site::base();
    site.write("content/tasks/check-run/trajectories/run-1.json", long_run(301));
    let example = site.read("content/tasks/check-run/examples/worked.md");
    let flags =
        "    - {step: 300, value: false-claim, origin: real, quote: word300x, why: So.}\n---\n\nSee [it](#step-300).";
    site.write("content/tasks/check-run/examples/worked.md", example.replace("---\n\nSee", &format!("{flags}\n\nSee")));
    site.ok("build --audit");
    let page =
        |part: &str| site.read(&format!("public/internal/tasks/check-run/next/examples/worked/{part}index.html"));
    let (first, second, last) = (page(""), page("part-2/"), page("part-3/"));
    let is_step = |page: &str, step: usize| page.contains(&format!(" id=\"step-{step}\"><a class=\"own\""));
    assert_eq!([1, 101, 102, 301].map(|step| is_step(&first, step)), [true, true, false, false]);
    assert_eq!([101, 102, 202, 203].map(|step| is_step(&second, step)), [false, true, true, false]);
    assert_eq!([202, 203, 301].map(|step| is_step(&last, step)), [false, true, true]);
    // The list of the first part has every step, and leads on; each other one has its own.
    assert!(first.contains("<li id=\"step-300\"><a href=\"part-3/index.html#step-300\">"));
    assert_eq!([&first, &second, &last].map(|page| page.matches("class=\"deed\"").count()), [301, 101, 99]);
    // Marks lead over pages, and so do parts.
    assert!(first.contains("<a href=\"part-3/index.html#step-300\">Next mark: step 300</a>"));
    assert!(last.contains("<a href=\"../index.html#step-2\">Mark before: step 2</a>"));
    assert!(last.contains("<mark>word300x</mark>") && !last.contains("rel=\"next\" href=\"../part-"));
    assert!(second.contains("<a rel=\"next\" href=\"../part-3/index.html\">"));
    // What stands on one page stays whole, and what is to be guessed stays out.
    let practice = site.read("public/internal/tasks/check-run/next/practice/practice/part-3/index.html");
    let (steps, form) = practice.split_once("<section class=\"answers\"").unwrap();
    assert!(is_step(steps, 300) && !steps.contains("<mark>") && !steps.contains("false-claim"));
    assert!(form.contains("data-elsewhere=\"../index.html#page/answers\"") && form.contains("data-flag=\"mistakes\""));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build --strict --audit");
    let print = site.read("public/contractors/tasks/check-run/v/1.0.0/print/index.html");
    assert!(print.contains("id=\"examples/worked/step-301\"") && print.contains("<mark>word300x</mark>"));
    assert!(site.has("public/contractors/tasks/check-run/v/1.0.0/examples/worked/part-2/index.html"));
}

#[test]
fn an_excerpt_carries_the_gold_of_worked_examples_alone() {
    let site = Site::base();
    let task = site.read("content/tasks/check-run/task.md");
    let shown = |site: &Site| {
        site.ok("build");
        let page = site.read("public/internal/tasks/check-run/next/index.html");
        (page.contains("The error is passed over."), page.matches("class=\"gold-mark\"").count())
    };
    assert_eq!(shown(&site), (true, 1));
    let worked = site.read("content/tasks/check-run/examples/worked.md");
    site.write("content/tasks/check-run/examples/worked.md", worked.replace("passed over", "seen and passed over"));
    assert_eq!(shown(&site), (false, 1), "the excerpt is made again");
    site.write("content/tasks/check-run/examples/worked.md", worked.replace("use: worked", "use: practice"));
    assert_eq!(shown(&site), (false, 0));
    site.write("content/tasks/check-run/examples/worked.md", &worked);
    site.write("content/tasks/check-run/task.md", task.replace("steps=1-2", "steps=1-2 gold=no"));
    assert_eq!(shown(&site), (false, 0));
}

#[test]
fn pictures_of_a_run_are_beside_its_page_and_sealed_with_it() {
    for folder in ["picture-in-a-file", "pictures"] {
        let site = built(folder);
        let page = site.read("public/internal/tasks/check-run/next/practice/x/index.html");
        let source = page.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
        let name = source.strip_prefix("../../").unwrap();
        assert!(name.starts_with("trajectories/images/"), "{source}");
        assert!(site.has(&format!("public/internal/tasks/check-run/next/{name}")), "{name}");
        site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
        assert!(site.read("content/releases/check-run/1.0.0.yaml").contains("trajectories/images/"));
        site.ok("build");
        assert!(site.has(&format!("public/contractors/tasks/check-run/{name}")), "{name}");
        site.ok("verify");
    }
}

#[test]
fn a_run_and_its_pictures_are_written_together_or_not_at_all() {
    let site = Site::base().with(&tests().join("cases/runs/pictures/site"));
    fs::create_dir(site.path().join("run.json")).unwrap();
    assert_eq!(site.run("import trajectory chat.json -o run.json").code, 3);
    assert_eq!(site.files("images"), Vec::<String>::new());
    fs::remove_dir_all(site.path().join("images")).ok();
    fs::write(site.path().join("images"), "in the way").unwrap();
    assert_eq!(site.run("import trajectory chat.json -o other.json").code, 3);
    assert!(!site.has("other.json"));
}

#[test]
fn a_flag_is_compared_with_gold_of_the_count_of_steps_that_its_rater_saw() {
    let site = Site::base().with(&tests().join("cases/import/over-another-import/site"));
    site.edit("content/tasks/check-run/rubric.md", "    tolerance: 1\n", "");
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    let figure = |week: &str| {
        let report = site.ok(&format!("report blue --week {week} --json")).stdout;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let criteria = report["tasks"][0]["in_week"]["criteria"].as_array().unwrap().clone();
        let flags = criteria.into_iter().find(|of| of["id"] == "mistakes").unwrap();
        (flags["accuracy"]["right"].clone(), flags["accuracy"]["asked"].clone())
    };
    let right = (serde_json::json!(1), serde_json::json!(1));
    assert_eq!(figure("2026-W45"), right);
    // In the next import, every step counts one more: gold goes along, and what was flagged before stays as it was.
    site.ok("import trajectory again.json -o content/tasks/check-run/trajectories/run-1.json --force");
    assert_eq!(figure("2026-W45"), right, "before it is sealed");
    site.ok("release check-run -m Again --date 2026-11-20 --class clarification");
    let later = "task,item,rater,criterion,value,step,version,submission,submitted_at\n\
        check-run,run-3,b-03,mistakes,false-claim,4,,s-8,2026-11-24T10:00:00Z\n\
        check-run,run-3,b-01,mistakes,false-claim,3,,s-9,2026-11-24T11:00:00Z\n";
    site.write("content/ratings/later.csv", later);
    assert_eq!(figure("2026-W45"), right, "under the version that counted so");
    assert_eq!(figure("2026-W48"), (serde_json::json!(1), serde_json::json!(2)), "the old number is another step now");
}
