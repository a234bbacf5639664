//! What is written reaches its readers, and what is meant to be hidden doesn't: from Markdown to finished pages.

use crate::support::{Site, sha256};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A site whose page `content/pages/page.md` says this.
fn with_page(text: &str) -> Site {
    let site = Site::base();
    site.write("content/pages/page.md", text);
    site
}

/// That page for contractors, from its title on.
fn shown(site: &Site) -> String {
    site.ok("build");
    let page = site.read("public/contractors/pages/page/index.html");
    let main = page.find("<main").map_or(0, |at| at);
    page[main..].to_owned()
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "no {part} in {page}");
    }
}

#[test]
fn words_in_angle_brackets_are_words() {
    let site =
        with_page("# Tags\n\nInside <answer> and </answer>, a List<Step>, x<y>z.\n\n<think>\n*deep*\n</think>\n");
    has(
        &shown(&site),
        &[
            "&lt;answer&gt; and &lt;/answer&gt;",
            "a List&lt;Step&gt;",
            "x&lt;y&gt;z",
            "&lt;think&gt;\n*deep*\n&lt;/think&gt;",
        ],
    );
}

#[test]
fn pictures_and_links_of_html_are_as_those_of_markdown() {
    let site = with_page(concat!(
        "# Page\n\n<img src=\"img/a.png\" width=300 alt=\"a > b\">\n\n",
        "A <a href='welcome.md#top' title=\"T\">welcome</a>, <img\nsrc=\"https://example.org/x.png\" alt=far>, ",
        "<a href=\"tel:+4930\">call</a> and <a href=\"javascript:x()\">run</a>.\n",
    ));
    site.write("content/pages/img/a.png", "PNG");
    let page = shown(&site);
    has(
        &page,
        &[
            "<img src=\"../img/a.png\" width=\"300\" alt=\"a &gt; b\"",
            "<a href=\"../welcome/index.html#top\" title=\"T\"",
            "<a href=\"https://example.org/x.png\" rel=\"noopener noreferrer\">far</a>",
            "<a href=\"tel:+4930\"",
            "<a class=\"nowhere\"",
        ],
    );
    assert!(!page.contains("javascript"));
    assert!(site.has("public/contractors/pages/img/a.png"));
}

#[test]
fn a_picture_in_html_is_sealed_with_its_task() {
    let site = Site::base();
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", format!("{task}\n<img src=\"a.png\" alt=a>\n"));
    site.write("content/tasks/check-run/a.png", "PNG");
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    assert!(site.read("content/releases/check-run/1.0.0.yaml").contains("check-run/a.png"));
    site.write("content/tasks/check-run/a.png", "other");
    site.ok("build");
    let files = site.files("public/contractors/tasks/check-run");
    assert!(files.iter().any(|path| path.ends_with("a.png")), "{files:?}");
}

#[test]
fn what_is_hidden_stays_out_of_sight() {
    let site = with_page("# H\n\n<div hidden>one</div>\n\n<p style=\"display: none\">two</p>\n\n<b>three</b>\n");
    let page = shown(&site);
    has(&page, &["<div hidden=\"\">one</div>", "<p hidden=\"\">two</p>", "<b>three</b>"]);
}

#[test]
fn links_and_notes_in_headings_work() {
    let site = with_page("# H\n\n## See [welcome](welcome.md) first\n\n## Note[^n]\n\n## Plain\n\n[^n]: It.\n");
    let page = shown(&site);
    has(
        &page,
        &[
            "<h2 id=\"see-welcome-first\">See <a href=\"../welcome/index.html\">welcome</a> first</h2>",
            "<h2 id=\"note\">Note<sup",
            "<h2 id=\"plain\"><a class=\"anchor\" href=\"#plain\">Plain</a></h2>",
        ],
    );
}

#[test]
fn notes_and_references_belong_to_their_file() {
    let site = with_page(
        "# Whole\n\nOwn[^1], see [ref], [only].\n\n```include parts/one.md\n```\n\n```include parts/two.md\n```\n\n[^1]: own note\n\n[ref]: https://example.org/own\n",
    );
    site.write("content/pages/section.md", "# Section\n\n```include parts/two.md#s\n```\n");
    let part = |name: &str| {
        format!(
            "# Part\n\n## S\n\nIn {name}[^1]: [ref], [own][ref], [setup](#setup), [own].\n\n## Setup\n\nSetup of {name}.\n\n[^1]: note of {name}\n\n[ref]: https://example.org/{name}\n"
        )
    };
    site.write("content/pages/parts/one.md", part("one"));
    site.write("content/pages/parts/two.md", part("two").replace("[own].", "[own], [only]."));
    site.write(
        "content/pages/parts/two.md",
        format!("{}\n[only]: https://example.org/only\n", site.read("content/pages/parts/two.md")),
    );
    let page = shown(&site);
    for (file, count) in [("own", 1), ("one", 2), ("two", 2)] {
        assert_eq!(page.matches(&format!("href=\"https://example.org/{file}\"")).count(), count, "{file} in {page}");
    }
    has(&page, &["see <a href=\"https://example.org/own\"", "[only]", "href=\"#setup\"", "href=\"#setup-1\""]);
    for (own, id) in
        [("own note", "footnote-1/1"), ("note of one", "footnote-1/1:1"), ("note of two", "footnote-1/1:2")]
    {
        let note = page.find(own).unwrap();
        let start = page[..note].rfind("class=\"footnote-definition\"").unwrap();
        has(&page[start..note], &[&format!("id=\"{id}\"")]);
        has(&page, &[&format!("href=\"#{id}\"")]);
    }
    let section = site.read("public/contractors/pages/section/index.html");
    has(&section, &["note of two", "href=\"https://example.org/two\"", "\"../parts/two/index.html#setup\""]);
}

#[test]
fn a_reference_in_an_example_may_be_defined_anywhere_in_it() {
    let site = Site::base();
    let example = site.read("content/tasks/check-run/examples/worked.md");
    site.write(
        "content/tasks/check-run/examples/worked.md",
        format!("{example}\nSee [the page][page][^n].\n\n## More\n\nText.\n\n[page]: https://example.org/page\n[^n]: A note.\n"),
    );
    site.ok("build");
    let page = site.read("public/internal/tasks/check-run/next/examples/worked/index.html");
    has(&page, &["<a href=\"https://example.org/page\" rel=\"noopener noreferrer\">the page</a><sup", "A note."]);
}

#[test]
fn comments_reach_nobody() {
    let site = Site::base();
    let task = site.read("content/tasks/check-run/task.md");
    let comments = concat!(
        "\n<!-- private: one -->\n\n[//]: # (private: two)\n[comment]: <> (private: three)\n\n",
        "<template>private: four</template>\n\n[unused]: https://example.org/private \"private: five\"\n\n<?private six?>\n",
    );
    site.write("content/tasks/check-run/task.md", format!("{task}{comments}"));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    for audience in ["contractors", "internal"] {
        for path in site.files(&format!("public/{audience}")) {
            let text = fs::read(site.path().join("public").join(audience).join(&path)).unwrap();
            assert!(!String::from_utf8_lossy(&text).contains("private"), "{audience}/{path}");
        }
    }
}

#[test]
fn a_version_that_was_sealed_with_a_comment_is_named_and_keeps_its_bytes() {
    let site = Site::sealed();
    let lock = site.read("content/releases/check-run/1.0.0.yaml");
    let (_, rest) = lock.split_once("contractors: ").unwrap();
    let old = &rest[..64];
    let text = site.read(&format!("content/releases/objects/{}/{}.md", &old[..2], &old[2..])) + "\n[//]: # (private)\n";
    let new = sha256(&text);
    site.write(&format!("content/releases/objects/{}/{}.md", &new[..2], &new[2..]), &text);
    site.write("content/releases/check-run/1.0.0.yaml", lock.replace(old, &new));
    fs::remove_file(site.path().join("content/releases/log")).unwrap();
    let found = site.ok("check").stderr;
    has(&found, &["note[sealed-finding]", "check-run 1.0.0 was sealed with comments, and contractors are given them"]);
    site.ok("build");
    assert_eq!(site.read("public/contractors/tasks/check-run/v/1.0.0/instructions.md"), text);
}

#[test]
fn a_checkout_with_other_line_ends_is_no_change() {
    let site = Site::sealed();
    let id = site.ok("verify");
    for path in site.files("content").into_iter().filter(|path| !path.starts_with("releases/")) {
        let place = site.path().join("content").join(&path);
        let text = fs::read_to_string(&place).unwrap();
        fs::write(&place, text.replace('\n', "\r\n")).unwrap();
    }
    assert_eq!(site.ok("verify").stdout, id.stdout);
    let run = site.run("release check-run --version 1.0.1 -m Nothing --date 2026-10-02");
    assert!(run.code == 1 && run.stderr.contains("there is nothing to seal"), "{}", run.stderr);
    site.write(
        "content/tasks/check-run/examples/worked.md",
        site.read("content/tasks/check-run/examples/worked.md") + "More.\r\n",
    );
    site.ok("release check-run --minor -m More --date 2026-10-02");
    for path in site.files("content/releases/objects") {
        let bytes = fs::read(site.path().join("content/releases/objects").join(&path)).unwrap();
        assert!(!bytes.contains(&b'\r'), "{path}");
    }
}

#[test]
fn seals_hold_in_a_checkout_that_ends_lines_otherwise() {
    let site = Site::sealed();
    let git = |folder: &Path, arguments: &str| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=true"]);
        let done = command.args(arguments.split(' ')).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(site.path(), "init -q");
    git(site.path(), "-c core.autocrlf=false add -A");
    git(site.path(), "commit -qm x");
    let other = Site::empty();
    git(other.path(), &format!("clone -q {} clone", site.path().display()));
    assert!(other.read("clone/content/tasks/check-run/task.md").contains("\r\n"));
    other.ok("--root clone verify");
    let run = other.run("--root clone release check-run --version 1.0.1 -m Nothing --date 2026-10-02");
    assert!(run.code == 1 && run.stderr.contains("there is nothing to seal"), "{}", run.stderr);
}

#[test]
fn the_manual_and_the_sample_programme_lose_nothing() {
    for root in ["", "docs"] {
        let mut command = crate::support::program();
        command.args(["check", "--json", "--root"]).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(root));
        let done = command.output().unwrap();
        let found = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{found}");
        for rule in ["text-lost", "html", "hidden-text", "undefined-reference", "shown-comment", "unclosed-comment"] {
            assert!(!found.contains(&format!("\"rule\":\"{rule}\"")), "{root}: {found}");
        }
    }
}
