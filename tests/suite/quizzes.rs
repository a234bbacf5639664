//! Quizzes: a question in a text, from the source to the page, the seal and what is hidden.

use crate::browser::client::{Browser, View};
use crate::browser::{assert_flawless, file_url, keep};
use crate::support::Site;
use std::fs;

const QUIZ: &str = "```quiz
Where is the rule? See the [rubric](rubric.md#severity).

- [ ] On the first page.
- [x] In the **rubric**.

> [!INTERNAL]
> Half of all raters miss this one.

It is said there, and [nowhere else](examples/worked.md).
```
";

const TASK: &str = "content/tasks/check-run/task.md";

/// The base with a quiz in the task's text, sealed.
fn site() -> Site {
    let site = Site::base();
    site.write(TASK, format!("{}\n{QUIZ}", site.read(TASK)));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site
}

#[test]
fn a_quiz_is_a_list_with_its_answer_folded_and_its_links_lead_on() {
    let site = site();
    site.ok("build --strict");
    let page = site.read("public/contractors/tasks/check-run/index.html");
    for part in [
        "theme/quiz.js",
        "<a href=\"rubric/index.html#severity\">rubric</a>",
        "<ol class=\"choices\">\n<li>On the first page.</li>\n<li>In the <strong>rubric</strong>.</li>\n</ol>",
        "<details class=\"solution\"><summary>Answer</summary>\n<p class=\"right\">Right: <strong>2</strong></p>",
        "<a href=\"examples/worked/index.html\">nowhere else</a>",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let print = site.read("public/contractors/tasks/check-run/v/1.0.0/print/index.html");
    assert!(print.contains("href=\"#rubric/severity\"") && print.contains("class=\"solution\""), "{print}");
    assert!(!print.contains("quiz.js"), "{print}");
    assert!(!site.read("public/contractors/tasks/check-run/rubric/index.html").contains("quiz.js"));
}

#[test]
fn what_a_quiz_says_to_some_reaches_no_others_and_the_rest_is_sealed_as_it_is_written() {
    let site = site();
    site.ok("build --strict");
    let text = |audience: &str| site.read(&format!("public/{audience}/tasks/check-run/v/1.0.0/instructions.md"));
    let open = "```quiz\nWhere is the rule? See the [rubric](rubric.md#severity).\n\n- [ ] On the first page.";
    assert!(text("contractors").contains(open), "{}", text("contractors"));
    assert!(!text("contractors").contains("Half of all") && text("internal").contains("Half of all"));
    let contractors = site.path().join("public/contractors");
    for file in site.files("public/contractors") {
        let bytes = fs::read(contractors.join(&file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("Half of all"), "{file}");
    }
    // The same words elsewhere are a leak.
    site.write("content/pages/b.md", "# B\n\nHalf of all raters miss this one.\n");
    assert!(site.run("check").stderr.contains("error[audience-leak]"));
}

#[test]
fn what_changed_in_a_quiz_is_told() {
    let site = site();
    let turned = site.read(TASK).replace("- [ ] On", "- [x] On").replace("said there", "said in it");
    site.write(TASK, turned);
    site.ok("release check-run --version 1.1.0 -m Second --date 2026-10-02");
    site.ok("build --strict");
    let changes = site.read("public/contractors/tasks/check-run/v/1.1.0/changes/index.html");
    assert!(changes.contains("class=\"quiz\"") && changes.contains("☑") && changes.contains("<ins>"), "{changes}");
}

#[test]
fn a_quiz_that_is_included_and_one_in_a_quote_are_asked_too() {
    let site = Site::base();
    site.write("content/pages/part.md", "# Part\n\n```quiz\nWhich?[]()\n\n- [x] [A]\n- [ ] B\n\n[A]: part.md\n```\n");
    let quoted = "> ```quiz\n> Is it [here](part.md)?\n>\n> - [x] Yes\n> - [x] Also\n> - [ ] No\n> ```\n";
    site.write("content/pages/whole.md", format!("# Whole\n\n```include part.md\n```\n\n{quoted}\n[a]: welcome.md\n"));
    site.run("build");
    let page = site.read("public/contractors/pages/whole/index.html");
    assert_eq!(page.matches("class=\"quiz\"").count(), 2, "{page}");
    assert!(page.contains("Right: <strong>1</strong>, <strong>2</strong>"), "{page}");
    assert!(page.contains("<li><a href=\"../part/index.html\">A</a></li>"), "{page}");
    assert!(page.contains("Is it <a href=\"../part/index.html\">here</a>?"), "{page}");
}

/// On a telephone by day and on a desk by night: choose, check, read why.
#[test]
fn a_quiz_is_answered_by_keyboard_and_says_in_words_what_is_right() {
    let site = Site::base();
    let several = "```quiz\nWhich of these are criteria?\n\nThere may be more than one.\n\n- [x] `severity`\n- [ ] `colour`\n\
                   - [x] `mistakes`\n\nThe rubric has them.\n```\n";
    site.write(
        "content/pages/quizzes.md",
        format!(
            "# Quizzes\n\n{}\n{several}",
            QUIZ.replace("(rubric", "(../tasks/check-run/rubric").replace("(examples", "(../tasks/check-run/examples")
        ),
    );
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build --strict");
    let browser = Browser::launch().unwrap();
    let url = file_url(&site.path().join("public/contractors/pages/quizzes/index.html"));
    for (width, dark) in [(360, false), (1400, true)] {
        let view = View { width, height: 900, dark, scripts: true, print: false };
        let mut page = browser.open(&url, &view);
        assert_flawless(&mut page, "quizzes");
        keep(&mut page, &format!("quiz-{width}-before"));
        assert_eq!(
            page.eval("[...document.querySelectorAll('.quiz input')].map(field => field.type).join()"),
            "radio,radio,checkbox,checkbox,checkbox"
        );
        assert_eq!(page.eval("[...document.querySelectorAll('.quiz input, .quiz button')].every(field => field.closest('label, button').getBoundingClientRect().height >= 24)"), true);
        assert_eq!(
            page.eval("document.querySelector('.quiz legend').textContent"),
            "Where is the rule? See the rubric."
        );
        let result = "document.querySelector('.quiz [role=status]').textContent";
        page.eval("document.querySelector('.quiz button').click()");
        assert_eq!(page.eval(result), "Choose an answer first.");
        page.eval("document.querySelector('.quiz input').click(); document.querySelector('.quiz button').click()");
        assert_eq!(page.eval(result), "Not right: see the answer below.");
        assert_eq!(page.eval("document.querySelector('.quiz .solution').checkVisibility()"), true);
        assert_eq!(
            page.eval("[...document.querySelectorAll('.quiz .fate')].map(fate => fate.textContent).join()"),
            "✕ Wrong,✓ Right, and not chosen,,,"
        );
        page.eval("document.querySelectorAll('.quiz')[1].querySelectorAll('input').forEach((field, at) => at === 1 || field.click()); document.querySelectorAll('.quiz button')[1].click()");
        assert_eq!(page.eval("document.querySelectorAll('.quiz [role=status]')[1].textContent"), "Right.");
        assert_flawless(&mut page, "quizzes");
        assert!(!page.scroll_width_exceeds());
        keep(&mut page, &format!("quiz-{width}-after"));
        let visit = page.visit();
        assert!(visit.console.is_empty() && visit.outside().is_empty() && visit.failed.is_empty(), "{visit:?}");
    }
    let mut page = browser.open(&url, &View { scripts: false, ..View::default() });
    assert_flawless(&mut page, "quizzes");
    assert!(page.text().contains("Answer") && !page.text().contains("Right: 2"), "{}", page.text());
    keep(&mut page, "quiz-without-scripts");
}
