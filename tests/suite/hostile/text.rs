//! Text made to be slow or deep: each ends in a page or in a finding, soon.
//!
//! A time that grows with the square of the size would show as minutes where there are seconds: every run is ended
//! after `PATIENCE`, which is far beyond what any of them needs.

use super::within;
use crate::support::Site;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(100);

/// How often each part is repeated. With work that grows with the square, one of these pages alone takes more than a minute.
const TIMES: usize = 12_000;

#[test]
fn pathological_markdown_becomes_pages() {
    let pages: [(&str, &str, &str); 37] = [
        ("brackets", "[", ""),
        ("pairs", "[a](", ""),
        ("nested-images", "![[", ""),
        ("emphasis", "*a **a ", ""),
        ("mixed-emphasis", "*a_ ", ""),
        ("strikes", "~~a ", ""),
        ("angles", "<", ""),
        ("tags", "<a ", ""),
        ("comments", "<!-- a -->", ""),
        ("instructions", "<?", ""),
        ("declarations", "<!A ", ""),
        ("cdata", "<![CDATA[", ""),
        ("backticks", "`", ""),
        ("code", "`a` [!X] ", ""),
        ("autolinks", "<http:", ""),
        ("definitions", "[a]: <", ""),
        ("parentheses", "[a](((", ""),
        ("entities", "&#99999999999;&", ""),
        ("cells", "a|", ""),
        ("ragged", "|b\n", "|a|a|a|\n|-|-|-|\n"),
        ("headings", "## same\n\n", ""),
        ("setext", "a\n", ""),
        ("breaks", "a  \n", ""),
        ("marks", "[!X] ", ""),
        ("passages", "> [!INTERNAL]\n> x\n\n[!X]\n\n", ""),
        ("removed", "a <!-- a --> ", ""),
        ("footnotes", "[^a] ", "[^a]: x\n\n"),
        ("reference", "[a] ", "[a]: https://example.com \"x\"\n\n"),
        ("tasks", "- [ ] a\n", ""),
        ("anchors", "<a id=\"x\"></a> [y](#x)", ""),
        ("fences", "```rust\nfn\n```\n\n", ""),
        ("scripts", "<script>", ""),
        ("attributes", "<a ", "<div\n"),
        ("colons", ": a `\n", "a\n"),
        ("rows", "| a | b |\n", "| a |\n|---|\n"),
        ("word", "xxxxxxxx", ""),
        ("marked-letters", "\u{301}", "a"),
    ];
    let site = Site::base();
    for (name, part, before) in pages {
        site.write(&format!("content/pages/{name}.md"), format!("# Page\n\n{before}{}\n", part.repeat(TIMES)));
    }
    let mut runs = String::new();
    for length in 1..150 {
        runs.push_str(&format!("e{}", "`".repeat(length)));
    }
    site.write("content/pages/backtick-runs.md", format!("# Page\n\n{runs}\n"));
    let columns = |cell: &str| format!("|{}\n", cell.repeat(10_000));
    site.write("content/pages/columns.md", format!("# Page\n\n{}{}{}", columns("a|"), columns("-|"), columns("b|")));
    let run = within(PATIENCE, &site, "build --audience contractors");
    assert_eq!(run.code, 0, "{}", run.stderr);
    for (name, ..) in pages {
        assert!(site.has(&format!("public/contractors/pages/{name}/index.html")), "{name}");
    }
}

#[test]
fn what_never_ends_is_found_soon() {
    let site = Site::base();
    let pages = [("comments", "<!--"), ("comments-in-html", "<p><!--\n\n"), ("templates", "<template>\n\n")];
    for (name, part) in pages {
        site.write(&format!("content/pages/{name}.md"), format!("# Page\n\n{}\n", part.repeat(TIMES)));
    }
    let run = within(PATIENCE, &site, "check --json");
    assert_eq!(run.code, 1, "{}", run.stderr);
    for (name, _) in pages {
        assert!(run.stderr.contains(&format!("content/pages/{name}.md")), "{name}");
    }
}

#[test]
fn what_is_too_deep_is_a_finding_that_names_the_limit() {
    let site = Site::base();
    let pages = [
        ("quotes", ">".repeat(20_000)),
        ("lists", "- ".repeat(20_000)),
        ("numbers", "1. ".repeat(20_000)),
        ("mixed", "> - ".repeat(20_000)),
        ("elements", format!("{}x{}", "<div>".repeat(20_000), "</div>".repeat(20_000))),
        ("blocks", "<div>\n\n".repeat(20_000)),
        ("tables", "x <table>".repeat(5_000)),
        ("formats", (0..5_000).map(|number| format!("<div><b class=\"{number}\"></div>\n\n")).collect()),
    ];
    for (name, text) in &pages {
        site.write(&format!("content/pages/{name}.md"), format!("# Page\n\n{text} x\n"));
    }
    let run = within(PATIENCE, &site, "check --json");
    assert_eq!(run.code, 1, "{}", run.stderr);
    for (name, _) in pages {
        let path = format!("content/pages/{name}.md");
        let found =
            run.stderr.lines().find(|line| line.contains(&path)).unwrap_or_else(|| panic!("{name}: no finding"));
        assert!(found.contains("beyond-limit") && found.contains("more than 100"), "{found}");
    }
}

#[test]
fn many_findings_take_no_longer_each_than_one() {
    let site = Site::base();
    let numbered = |part: &dyn Fn(usize) -> String| (0..TIMES).map(part).collect::<String>();
    site.write("content/pages/links.md", "[a](b.md) ".repeat(TIMES));
    site.write("content/pages/anchors.md", numbered(&|number| format!("[a](#x-{number}) ")));
    site.write(
        "content/pages/references.md",
        numbered(&|number| format!("[{number}]: u\n")) + &numbered(&|number| format!("[{number}]")),
    );
    site.write("content/pages/emphasis.md", "**x [a*b**c*](d)".repeat(TIMES));
    site.write(
        "content/pages/keys.md",
        format!("---\n{}---\n", numbered(&|number| format!("k{number}: &a{number} x\n"))),
    );
    site.write("content/pages/long.md", format!("[a]({}.md)\n", "x".repeat(200_000)));
    let gold =
        numbered(&|number| format!("i{},reached,{},x{},single\n", number / 2, ["yes", "no"][number % 2], number % 2));
    site.write("content/tasks/check-run/gold.csv", format!("item,criterion,value,by,method\n{gold}"));
    let criteria = (0..50).map(|number| format!("  - {{id: c{number}, scale: text}}\n")).collect::<String>();
    let sections = numbered(&|number| format!("## d{number}\n\n"));
    site.write("content/tasks/check-run/rubric.md", format!("---\ncriteria:\n{criteria}---\n{sections}"));
    let run = within(PATIENCE, &site, "check");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains(&format!("content/pages/links.md: {} more of broken-link", TIMES - 50)),
        "{}",
        &run.stderr[run.stderr.len() - 2000..]
    );
    assert!(run.stderr.len() < 1_000_000, "{} bytes of findings", run.stderr.len());
    let run = within(PATIENCE, &site, "check --json");
    let lines = run.stderr.lines().filter(|line| line.contains("content/pages/links.md")).count();
    assert_eq!(lines, TIMES, "machines get all");
}

#[test]
fn yaml_that_would_blow_up_is_a_finding() {
    let site = Site::base();
    let fronts = [
        ("flow", format!("title: {}", "[".repeat(100_000)), "recursion"),
        ("flow-maps", format!("title: {}", "{a: ".repeat(100_000)), "recursion"),
        ("dashes", format!("title:\n  {}a", "- ".repeat(100_000)), "recursion"),
        ("aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]".to_owned(), "aliases"),
        ("twice", "title: a\ntitle: b".to_owned(), "twice"),
        ("tab", "title:\n\t- a".to_owned(), ""),
        ("proto", "__proto__: {title: x}\nconstructor: x".to_owned(), "__proto__"),
        ("nul", "title: \"a\\0b\"".to_owned(), "NUL"),
        ("tag", "title: !!python/object/apply:os.system [ls]".to_owned(), ""),
        ("number", "order: 99999999999999999999999999".to_owned(), ""),
        ("infinite", "order: .inf".to_owned(), ""),
        ("many", format!("title: [{}]", "a, ".repeat(210_000)), "200000"),
        ("documents", "title: a\n--- \ntitle: b".to_owned(), ""),
    ];
    for (name, front, _) in &fronts {
        site.write(&format!("content/pages/{name}.md"), format!("---\n{front}\n---\nText.\n"));
    }
    site.write(
        "content/cohorts/late.yaml",
        "title: x\nraters: [b-09]\ntasks: [check-run]\nfrom: 9999-99-99\nuntil: -1\n",
    );
    let run = within(PATIENCE, &site, "check --json");
    assert_eq!(run.code, 1, "{}", run.stderr);
    for (name, _, word) in fronts.iter().filter(|(.., word)| !word.is_empty()) {
        let path = format!("content/pages/{name}.md");
        assert!(run.stderr.lines().any(|line| line.contains(&path) && line.contains(word)), "{name}\n{}", run.stderr);
    }
    assert!(run.stderr.lines().any(|line| line.contains("late.yaml") && line.contains("9999-99-99")), "{}", run.stderr);
}

#[test]
fn json_that_would_blow_up_is_a_finding() {
    let site = Site::base();
    let step = |message: &str| {
        format!(
            "{{\"schema_version\": \"ATIF-v1.7\", \"agent\": {{\"name\": \"a\", \"version\": \"1\"}}, \"steps\": [{{\"step_id\": 1, \"source\": \"user\", \"message\": {message}}}]}}"
        )
    };
    let logs = [
        ("deep", step(&"[".repeat(100_000))),
        ("deep-maps", step(&"{\"a\":".repeat(100_000))),
        ("huge-step", step("\"x\"").replace("\"step_id\": 1", "\"step_id\": 1e999")),
        ("negative-step", step("\"x\"").replace("\"step_id\": 1", "\"step_id\": -9223372036854775809")),
        ("cut", "{\"schema_version\": ".to_owned()),
        ("nul", step("\"x\"") + "\0"),
    ];
    for (name, log) in &logs {
        site.write(&format!("{name}.json"), log);
        let run = within(PATIENCE, &site, &format!("import trajectory {name}.json"));
        assert_eq!(run.code, 1, "{name}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.len() < 5_000, "{name}: {} bytes of finding", run.stderr.len());
    }
    site.write(
        "fine.json",
        step("\"x\"").replace("\"version\": \"1\"", "\"version\": \"1\", \"extra\": {\"a\": NaN, \"b\": 1e999}"),
    );
    site.ok("import trajectory fine.json");
    let rows = [
        format!("{{\"task\":\"check-run\",\"item\":{}}}", "[".repeat(100_000)),
        "{\"task\":\"check-run\",\"item\":NaN}".to_owned(),
        "{\"task\":\"check-run\",\"item\":\"run-3\",\"rater\":\"b-01\",\"criterion\":\"reached\",\"value\":1e999}".to_owned(),
        "{\"task\":\"check-run\",\"item\":\"run-3\",\"rater\":\"b-01\",\"criterion\":\"mistakes\",\"value\":\"false-claim\",\"step\":99999999999999999999}".to_owned(),
        "{\"item\":\"\\ud800\"}".to_owned(),
        "{\"__proto__\":{\"item\":\"x\"}}".to_owned(),
    ];
    site.write("content/ratings/hostile.jsonl", rows.join("\n"));
    let run = within(PATIENCE, &site, "build");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("hostile.jsonl:1") && run.stderr.contains("rejected-ratings"), "{}", run.stderr);
}

#[test]
fn includes_and_excerpts_cannot_multiply_without_end() {
    let site = Site::base();
    let line = "Text that is put in again and again.\n".repeat(20_000);
    site.write("content/pages/much.md", format!("# Much\n\n{line}"));
    site.write("content/pages/more.md", format!("# More\n\n{}", "```include much.md\n```\n\n".repeat(20)));
    let task = site.read("content/tasks/check-run/task.md");
    let runs = "```trajectory run-1\n```\n\n".repeat(7_000);
    site.write("content/tasks/check-run/task.md", format!("{task}\n{runs}"));
    let run = within(PATIENCE, &site, "check --json");
    assert_eq!(run.code, 1);
    for (file, limit) in [("more.md", "8 MiB"), ("task.md", "20000 steps")] {
        let found =
            run.stderr.lines().any(|line| line.contains(file) && line.contains("beyond-limit") && line.contains(limit));
        assert!(found, "{file}\n{}", run.stderr);
    }
}
