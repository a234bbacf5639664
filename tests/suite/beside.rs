//! What stands beside each version for other programs, and for whoever takes it along.

use crate::browser::client::{Browser, View};
use crate::support::{Site, sha256};
use serde_json::{Value, json};
use std::io::{Cursor, Read};
use std::path::Path;
use zip::ZipArchive;

const VERSION: &str = "public/contractors/tasks/check-run/v/1.0.0";

/// A site with two versions of a task, built with these settings beside its own.
fn built(settings: &str) -> Site {
    let site = Site::sealed();
    site.write("goldbook.yaml", site.read("goldbook.yaml") + settings);
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", format!("{task}\nSee [how to begin](../../pages/welcome.md).\n"));
    site.ok("release check-run --version 1.1.0 -m \"More & <better>\" --date 2026-10-02T08:00:00Z");
    site.ok("build");
    site
}

fn json_of(site: &Site, path: &str) -> Value {
    serde_json::from_str(&site.read(path)).unwrap()
}

/// Rows with what the rubric's schema and the program say of them.
const ROWS: [(&str, bool); 20] = [
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes"}"#, true),
    (r#"{"task":"check-run","item":"run-1","rater":"b-01","criterion":"severity","value":3}"#, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"severity","value":"2"}"#, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","outcome":"unsure"}"#, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","outcome":"none"}"#, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim","step":2,"origin":"real"}"#, true),
    (r#"{"item":"run-1","rater":"b-01","outcome":"skipped"}"#, true),
    (r#"{"item":"run-1","rater":"b-01","outcome":"none"}"#, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"maybe"}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"raeched","value":"yes"}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"severity","value":4}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"severity","outcome":"unsure"}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"severity","outcome":"none"}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim"}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim","step":0}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"typo","step":2}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim","step":2,"origin":"odd"}"#, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"odd","step":2,"attribute":"origin"}"#, false),
    (r#"{"task":"other","item":"run-1","rater":"b-01","criterion":"reached","value":"yes"}"#, false),
    (r#"{"item":"run-1","criterion":"reached","value":"yes"}"#, false),
];

#[test]
fn the_schema_of_a_rubrics_rows_takes_what_the_program_takes() {
    let site = built("");
    let rubric = json_of(&site, &format!("{VERSION}/rubric.json"));
    assert!(jsonschema::draft7::meta::is_valid(&rubric["row"]));
    let schema = jsonschema::draft7::new(&rubric["row"]).unwrap();
    // What its submission must have beside it, a row does not show.
    let attribute = json!({"item": "run-1", "rater": "b-01", "criterion": "mistakes", "value": "real", "step": 2, "attribute": "origin"});
    assert!(schema.is_valid(&attribute));
    for file in site.files("content/ratings") {
        std::fs::remove_file(site.path().join("content/ratings").join(file)).unwrap();
    }
    for (row, is_valid) in ROWS {
        let mut value: Value = serde_json::from_str(row).unwrap();
        value["submitted_at"] = json!("2026-10-05T08:00:00Z");
        assert_eq!(schema.is_valid(&value), is_valid, "the schema of {row}");
        site.write("content/ratings/rows.jsonl", format!("{value}\n"));
        let run = site.run("check --json");
        assert_eq!(!run.stderr.contains("rejected-ratings"), is_valid, "the program of {row}: {}", run.stderr);
    }
}

#[test]
fn a_rubric_for_tools_has_all_that_its_front_matter_says() {
    let site = built("");
    let rubric = json_of(&site, &format!("{VERSION}/rubric.json"));
    assert_eq!(
        (&rubric["format"], &rubric["task"], &rubric["version"]),
        (&json!(1), &json!("check-run"), &json!("1.0.0"))
    );
    let expected = json!({
        "id": "mistakes", "title": "Mistakes", "each": false, "unsure": false, "tolerance": 1.0, "weight": 1.0,
        "scale": {"kind": "steps", "values": [
            {"value": "ignored-error", "meaning": "An error is passed over"},
            {"value": "false-claim", "meaning": "The report is untrue"},
        ]},
        "attributes": [{"name": "origin", "values": ["real", "spurious"]}],
    });
    assert_eq!(rubric["criteria"][2], expected);
    assert_eq!(rubric["bar"], json!([{"figure": "accuracy", "at_least": 0.8}]));
    assert_eq!(rubric.get("pass"), None);
    site.edit("content/tasks/check-run/rubric.md", "bar:", "pass: accuracy.low >= 0.7\nbar:");
    site.ok("release check-run --version 1.2.0 -m Mark --date 2026-10-20");
    site.ok("build");
    let rubric = json_of(&site, "public/contractors/tasks/check-run/v/1.2.0/rubric.json");
    assert_eq!(rubric["pass"], "accuracy.low >= 0.7");
}

#[test]
fn the_versions_for_tools_lead_to_what_they_name() {
    let site = built("");
    let folder = "public/contractors/tasks/check-run";
    let list = json_of(&site, &format!("{folder}/versions.json"));
    assert_eq!((&list["task"], &list["newest"]), (&json!("check-run"), &json!("1.1.0")));
    let log = site.read("content/releases/log");
    assert_eq!(list["log"], json!([sha256(log.split_inclusive('\n').next_back().unwrap())]));
    let versions = list["versions"].as_array().unwrap();
    let named: Vec<&str> = versions.iter().map(|version| version["version"].as_str().unwrap()).collect();
    assert_eq!(named, ["1.1.0", "1.0.0"]);
    assert_eq!(
        (&versions[0]["time"], &versions[0]["note"]),
        (&json!("2026-10-02T08:00:00Z"), &json!("More & <better>"))
    );
    assert_eq!(versions[0]["comparable_since"]["reached"], "1.0.0");
    for version in versions {
        let lock = format!("content/releases/check-run/{}.yaml", version["version"].as_str().unwrap());
        assert_eq!(version["id"], sha256(&site.read(&lock)));
        let text = site.read(&format!("{folder}/{}", version["text"]["address"].as_str().unwrap()));
        assert_eq!(version["text"]["sha256"], sha256(&text));
        let receipt = version["text"]["receipt"].as_str().unwrap();
        assert!(receipt.starts_with(&format!("{}+", version["version"].as_str().unwrap())), "{receipt}");
        assert!(site.ok(&format!("receipt {receipt}")).stdout.contains("contractors"));
        for (what, address) in version["addresses"].as_object().unwrap() {
            assert!(site.has(&format!("{folder}/{}", address.as_str().unwrap())), "{what}: {address}");
        }
    }
    assert!(versions[0]["addresses"]["changes"].is_string() && versions[1]["addresses"]["changes"].is_null());
}

#[test]
fn who_may_not_see_the_rubric_gets_none_of_it_in_other_forms() {
    let site = Site::base();
    let rubric = site.read("content/tasks/check-run/rubric.md");
    site.write("content/tasks/check-run/rubric.md", rubric.replacen("---\n", "---\naudience: internal\n", 1));
    site.write("content/pages/welcome.md", "# Welcome\n");
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    assert!(!site.has(&format!("{VERSION}/rubric.json")));
    let list = site.read("public/contractors/tasks/check-run/versions.json");
    assert!(list.contains("\"comparable_since\": {}") && !list.contains("rubric"), "{list}");
    assert!(site.has("public/internal/tasks/check-run/v/1.0.0/rubric.json"));
}

#[test]
fn a_feed_tells_of_each_release_as_atom_wants_it() {
    // RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, once each.
    const FAULTS: &str = r#"(text => {
        const [feed, found] = [new DOMParser().parseFromString(text, "application/xml").documentElement, []];
        const own = (of, name) => [...of.children].filter(part => part.localName === name);
        if (feed.namespaceURI !== "http://www.w3.org/2005/Atom" || feed.localName !== "feed") found.push("no feed");
        for (const of of [feed, ...own(feed, "entry")]) {
            for (const name of ["id", "title", "updated"]) if (own(of, name).length !== 1) found.push(`not one ${name}`);
            if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(own(of, "updated")[0].textContent)) found.push("no time");
            try { new URL(own(of, "id")[0].textContent); } catch { found.push("an id is no whole address"); }
        }
        for (const of of own(feed, "entry"))
            if (own(of, "link").filter(link => link.getAttribute("rel") === "alternate").length !== 1) found.push("no link");
        if (!own(own(feed, "author")[0], "name")[0].textContent) found.push("no author");
        const ids = [feed, ...own(feed, "entry")].map(of => own(of, "id")[0].textContent);
        if (new Set(ids).size !== ids.length) found.push("an id twice");
        return [found, own(feed, "entry").map(entry => [...entry.children].map(part => part.textContent || part.getAttribute("href")))];
    })"#;
    let browser = Browser::launch().unwrap();
    let mut page = browser.open("data:text/html,", &View::default());
    for (settings, root) in
        [("", None), ("url: {contractors: 'https://rate.example.org/a/'}\n", Some("https://rate.example.org/a/"))]
    {
        let site = built(settings);
        for (path, up) in [("feed.xml", ""), ("tasks/check-run/feed.xml", "../../")] {
            let place = site.path().join("public/contractors").join(path);
            let text = json!(std::fs::read_to_string(place).unwrap());
            let id = |version: &str| match root {
                Some(root) => format!("{root}tasks/check-run/v/{version}/"),
                None => {
                    format!("urn:sha256:{}", sha256(&site.read(&format!("content/releases/check-run/{version}.yaml"))))
                }
            };
            let link = |version: &str| format!("{}tasks/check-run/v/{version}/index.html", root.unwrap_or(up));
            let newer =
                json!([id("1.1.0"), "Check a run 1.1.0", "2026-10-02T08:00:00Z", link("1.1.0"), "More & <better>"]);
            let older = json!([id("1.0.0"), "Check a run 1.0.0", "2026-10-01T23:59:59Z", link("1.0.0"), "First"]);
            assert_eq!(page.eval(&format!("{FAULTS}({text})")), json!([[], [newer, older]]), "{path}");
        }
    }
}

#[test]
fn programs_that_read_for_people_are_told_of_a_public_site_alone() {
    let noindex = |site: &Site, path: &str| site.read(&format!("public/{path}")).contains("content=\"noindex\"");
    let site = built("");
    assert!(!site.has("public/contractors/llms.txt") && noindex(&site, "contractors/index.html"));
    let site = built("public: true\nurl: {contractors: 'https://rate.example.org/'}\n");
    let list = site.read("public/contractors/llms.txt");
    let task = "- [Check a run](https://rate.example.org/tasks/check-run/instructions.md): Read one run and rate it.\n";
    assert!(list.starts_with("# Test programme\n") && list.contains(task), "{list}");
    assert!(list.contains("](https://rate.example.org/pages/welcome/index.html)\n"), "{list}");
    assert!(!site.has("public/internal/llms.txt"));
    for (path, hidden) in [
        ("contractors/index.html", false),
        ("contractors/tasks/check-run/rubric/index.html", false),
        ("contractors/tasks/check-run/v/1.0.0/index.html", true),
        ("internal/index.html", true),
        ("internal/tasks/check-run/next/index.html", true),
    ] {
        assert_eq!(noindex(&site, path), hidden, "{path}");
    }
}

#[test]
fn pages_of_a_version_name_the_page_that_counts() {
    let canonical = |site: &Site, path: &str| {
        let page = site.read(&format!("public/contractors/tasks/check-run/{path}"));
        let link = page.split("<link rel=\"canonical\" href=\"").nth(1)?;
        Some(link.split('"').next().unwrap().to_owned())
    };
    let site = built("");
    assert_eq!(
        canonical(&site, "v/1.0.0/rubric/index.html").unwrap(),
        "../../../../../tasks/check-run/rubric/index.html"
    );
    assert_eq!(canonical(&site, "rubric/index.html"), None);
    assert_eq!(canonical(&site, "v/1.1.0/changes/index.html"), None);
    let site = built("url: {contractors: 'https://rate.example.org/'}\n");
    assert_eq!(
        canonical(&site, "v/1.0.0/rubric/index.html").unwrap(),
        "https://rate.example.org/tasks/check-run/rubric/"
    );
}

/// The files of an archive.
fn unpacked(site: &Site, path: &str) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(site.path().join(path)).unwrap())).unwrap();
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    files
}

#[test]
fn a_version_that_was_taken_along_opens_anywhere_and_says_the_same_for_good() {
    let packed = format!("{VERSION}/instructions.zip");
    let site = Site::sealed();
    site.ok("build");
    let before = unpacked(&site, &packed);
    let bytes = std::fs::read(site.path().join(&packed)).unwrap();
    site.ok("build --audit");
    let site = built("");
    let status = "serves:\n  - {version: 1.1.0, from: 2026-10-02, grace: 7}\n";
    site.write("content/releases/check-run/status.yaml", status);
    site.ok("build");
    // What was sealed later changes nothing in it.
    assert!(before == unpacked(&site, &packed) && bytes == std::fs::read(site.path().join(&packed)).unwrap());
    let browser = Browser::launch().unwrap();
    for (settings, outside) in [("", 0), ("url: {contractors: 'https://rate.example.org/'}\n", 1)] {
        let site = built(settings);
        let taken = Site::empty();
        for (name, bytes) in unpacked(&site, "public/contractors/tasks/check-run/v/1.1.0/instructions.zip") {
            taken.write(&name, bytes);
        }
        let folder = taken.path().join("check-run-1.1.0");
        let pages: Vec<String> =
            taken.files("check-run-1.1.0").into_iter().filter(|path| path.ends_with(".html")).collect();
        assert!(
            pages.contains(&"index.html".to_owned()) && pages.contains(&"rubric/index.html".to_owned()),
            "{pages:?}"
        );
        let mut led_out = 0;
        for path in &pages {
            let mut page = browser.open(&format!("file://{}", folder.join(path).display()), &View::default());
            let visit = page.visit().clone();
            assert!(
                visit.console.is_empty() && visit.outside().is_empty() && visit.failed.is_empty(),
                "{path}: {visit:?}"
            );
            for link in page.eval("[...document.links].map(link => decodeURI(link.href))").as_array().unwrap() {
                let link = link.as_str().unwrap();
                if link == "https://rate.example.org/pages/welcome/index.html" {
                    led_out += 1;
                    continue;
                }
                let file =
                    link.strip_prefix("file://").unwrap_or_else(|| panic!("{path}: {link}")).split('#').next().unwrap();
                assert!(file.starts_with(folder.to_str().unwrap()) && Path::new(file).is_file(), "{path}: {link}");
            }
        }
        assert_eq!(led_out, outside);
    }
}

#[test]
fn versions_that_cohorts_work_under_can_be_taken_along() {
    let site = built("");
    let packed = |site: &Site| -> Vec<&'static str> {
        let folder = "public/contractors/tasks/check-run/v";
        let versions = ["1.0.0", "1.1.0", "1.2.0"];
        versions.into_iter().filter(|version| site.has(&format!("{folder}/{version}/instructions.zip"))).collect()
    };
    assert_eq!(packed(&site), ["1.1.0"]);
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task + "\nMore.\n");
    site.ok("release check-run --version 1.2.0 -m More --date 2026-10-03");
    for cohort in ["north", "south"] {
        let text =
            format!("title: {cohort}\nvendor: {cohort}\nraters: [{cohort}-01]\ntasks: [check-run]\nfrom: 2026-10-01\n");
        site.write(&format!("content/cohorts/{cohort}.yaml"), text);
    }
    let status = "content/releases/check-run/status.yaml";
    for (serves, expected) in [
        // Where nothing is said, the newest serves all.
        ("", vec!["1.2.0"]),
        // Work begun under the version before may be finished under it.
        ("serves:\n  - {version: 1.2.0, from: 2026-10-03, grace: 7}\n", vec!["1.1.0", "1.2.0"]),
        // A cohort that stays with an older version works under that.
        (
            "serves:\n  - {version: 1.0.0, from: 2026-10-01}\n  - {version: 1.0.0, cohorts: [north], from: 2026-10-04}\n",
            vec!["1.0.0", "1.2.0"],
        ),
        // Where the newest is for one cohort, the others work on under the one before.
        ("serves:\n  - {version: 1.2.0, cohorts: [south], from: 2026-10-03}\n", vec!["1.1.0", "1.2.0"]),
        // The version before is that of the same cohort, and none that was withdrawn.
        (
            "serves:\n  - {version: 1.1.0, cohorts: [south], from: 2026-10-02}\n  - {version: 1.2.0, from: 2026-10-03, grace: 7}\n",
            vec!["1.0.0", "1.1.0", "1.2.0"],
        ),
        (
            "serves:\n  - {version: 1.2.0, from: 2026-10-03, grace: 7}\nwithdrawn:\n  - {version: 1.1.0, from: 2026-10-02T12:00:00Z, because: Wrong.}\n",
            vec!["1.0.0", "1.2.0"],
        ),
        // Once a version is over that served all, the one before serves again.
        (
            "serves:\n  - {version: 1.1.0, from: 2026-10-02, until: 2026-10-20}\n  - {version: 1.2.0, cohorts: [south], from: 2026-10-03}\n",
            vec!["1.0.0", "1.1.0", "1.2.0"],
        ),
        // What is over is no longer worked under.
        ("serves:\n  - {version: 1.0.0, from: 2026-10-01, until: 2026-10-02}\n", vec!["1.2.0"]),
    ] {
        site.write(status, serves);
        site.ok("build");
        assert_eq!(packed(&site), expected, "{serves}");
        let versions = site.read("public/contractors/tasks/check-run/versions.json");
        assert_eq!(versions.matches("\"bundle\"").count(), expected.len(), "{versions}");
    }
    let shown = site.path().join("shown.zip");
    let mut show = crate::support::program();
    show.stdout(std::fs::File::create(&shown).unwrap());
    let status = site.prepare(show, "show check-run@1.0.0 --zip contractors").status().unwrap();
    assert!(status.success());
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let sealed = Site::sealed();
    sealed.ok("build");
    let packed = format!("{VERSION}/instructions.zip");
    assert_eq!(names(&unpacked(&site, "shown.zip")), names(&unpacked(&sealed, &packed)));
}
