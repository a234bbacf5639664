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
    let (start, end) = (page.find("<div class=\"run\">").unwrap(), page.rfind("</main>").unwrap_or(page.len()));
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
