//! Terms: words of the glossary and values of the rubric, from the source to the page.

use crate::browser::client::{Browser, View};
use crate::browser::{assert_flawless, file_url, keep};
use crate::support::Site;

const GLOSSARY: &str = "# Glossary

What words mean here.

## Step {#step}

One turn of *the agent* & what came back.

It has a number.

## Tool call, command {#call}

What a tool is told. It is no step.

> [!INTERNAL]
> Hidden away.

## Claim {#claim}

> [!INTERNAL]
> A secret meaning.
";

const TASK: &str = "content/tasks/check-run/task.md";

/// The base with a glossary, and a task that uses its words, sealed.
fn site() -> Site {
    let site = Site::base();
    site.write("content/pages/glossary.md", GLOSSARY);
    let words = "Look at each step, and at steps and a tool\ncall. A claim is `ignored-error` or `yes`, `3` or `other`; \
                 again a step, `ignored-error`. Footsteps, `step`, [a step](rubric.md), <b>command</b>.\n\n\
                 ## A step {#a}\n\n- Steps of a COMMAND.\n- <code>false-claim</code> and [`yes`](rubric.md).\n";
    site.write(TASK, format!("{}\n{words}", site.read(TASK)));
    let rubric = "content/tasks/check-run/rubric.md";
    site.write(rubric, site.read(rubric).replace("{#severity}\n", "{#severity}\n\nOf `no` step.\n\n## More\n\n`no`\n"));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site
}

fn term(word: &str, id: &str) -> String {
    format!("<button type=\"button\" class=\"term\" popovertarget=\"word/{id}\">{word}</button>")
}

#[test]
fn a_word_is_marked_where_it_first_stands_in_a_section_and_its_note_says_what_it_means() {
    let site = site();
    site.ok("build --strict");
    let page = site.read("public/contractors/tasks/check-run/index.html");
    let value = |value: &str| {
        format!(
            "<a class=\"value\" href=\"rubric/index.html#value/{value}\"><code>{}</code></a>",
            value.split_once('/').unwrap().1
        )
    };
    for part in [
        format!("Look at each {}, and at steps and a {}. A claim", term("step", "step"), term("tool\ncall", "call")),
        format!("is {} or {}, <code>3</code>", value("mistakes/ignored-error"), value("reached/yes")),
        "again a step, <code>ignored-error</code>. Footsteps, <code>step</code>, <a href=\"rubric/index.html\" rel=\"noopener noreferrer\">a step</a>".to_owned(),
        "<b>command</b>".to_owned(),
        format!("<li>{} of a COMMAND.</li>", term("Steps", "step")),
        format!("<li>{} and <a href=\"rubric/index.html\" rel=\"noopener noreferrer\"><code>yes</code></a>.</li>", value("mistakes/false-claim")),
        "<p><strong>Tool call, command</strong></p>\n<p>What a tool is told. It is no step.</p>".to_owned(),
        "<p>One turn of the agent &amp; what came back.</p>".to_owned(),
        "<a href=\"../../pages/glossary/index.html#step\">Glossary</a>, as it is now: no part of the sealed text".to_owned(),
    ] {
        assert!(page.contains(&part), "{part} is not in {page}");
    }
    assert_eq!(
        (page.matches("class=\"term\"").count(), page.matches("class=\"definition\"").count()),
        (3, 2),
        "{page}"
    );
    // A value of several criteria is that of the section, and what stands in none is left alone.
    let rubric = site.read("public/contractors/tasks/check-run/rubric/index.html");
    assert!(rubric.contains("Of <a class=\"value\" href=\"#value/reached/no\"><code>no</code></a>"), "{rubric}");
    assert!(
        rubric.contains("id=\"value/mistakes/ignored-error\"") && !rubric.contains("id=\"value/severity"),
        "{rubric}"
    );
    // The glossary itself, and what is taken along, mark no words of it.
    for unmarked in ["pages/glossary/index.html", "tasks/check-run/v/1.0.0/print/index.html"] {
        assert!(!site.read(&format!("public/contractors/{unmarked}")).contains("class=\"term\""), "{unmarked}");
    }
}

#[test]
fn who_may_not_read_a_meaning_gets_no_note_of_it() {
    let site = site();
    site.ok("build --strict");
    let page = |audience: &str| site.read(&format!("public/{audience}/tasks/check-run/index.html"));
    assert!(page("internal").contains(&format!("A {} is", term("claim", "claim"))), "{}", page("internal"));
    assert!(page("internal").contains("A secret meaning."));
    assert!(page("contractors").contains("A claim is") && !page("contractors").contains("secret"));
    // What words mean is live: a note is new with the next build, and the text stays sealed.
    site.write("content/pages/glossary.md", GLOSSARY.replace("One turn", "A turn"));
    site.ok("build --strict --audit");
    assert!(page("contractors").contains("<p>A turn of the agent"));
    site.ok("verify");
    std::fs::remove_file(site.path().join("content/pages/glossary.md")).unwrap();
    site.ok("build");
    assert!(!page("contractors").contains("class=\"term\""));
}

#[test]
fn a_word_that_nobody_uses_is_told_where_that_is_asked_for() {
    let site = Site::base();
    site.write("content/pages/glossary.md", GLOSSARY);
    site.write("content/pages/welcome.md", "# Welcome\n\nRead every step.\n");
    let lint = site.run("check --lint").stderr;
    assert!(lint.contains("note[unused-term]: no other page uses `Tool call`"), "{lint}");
    assert!(!site.run("check").stderr.contains("unused-term"));
}

#[test]
fn a_note_needs_no_script() {
    let site = site();
    site.ok("build --strict");
    let browser = Browser::launch().unwrap();
    let url = file_url(&site.path().join("public/contractors/tasks/check-run/index.html"));
    for (width, dark) in [(320, true), (1400, false)] {
        let view = View { width, height: 900, dark, scripts: false, print: false };
        let mut page = browser.open(&url, &view);
        let seen = "[...document.querySelectorAll('.definition')].filter(note => note.checkVisibility()).length";
        assert_eq!(page.eval(seen), 0);
        page.eval("document.querySelector('.term').focus(); document.querySelector('.term').click()");
        assert_eq!(page.eval(seen), 1);
        let inside = "(() => { const at = document.querySelector('.definition:popover-open').getBoundingClientRect(); \
                      return at.left >= 0 && at.right <= innerWidth && at.bottom <= innerHeight && at.top >= 0 })()";
        assert_eq!(page.eval(inside), true);
        assert_flawless(&mut page, "terms");
        assert!(!page.scroll_width_exceeds());
        keep(&mut page, &format!("term-{width}"));
        page.eval("document.querySelector('.term').click()");
        assert_eq!(page.eval(seen), 0);
    }
}
