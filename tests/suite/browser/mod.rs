//! The built site in a real browser: what a reader's machine sees.

mod axe;
pub mod client;

use crate::support::Site;
use client::{Browser, Page, View};
use rayon::prelude::*;
use std::path::Path;

/// What is wrong with an open page: order, names, focus, contrast.
const FAULTS: &str = include_str!("page.js");

/// Every page, opened from its folder: as narrow as WCAG's reflow asks with scripts off, and wide in the dark.
/// `GOLDBOOK_SCREENSHOTS=DIR` keeps a picture of each.
#[test]
fn every_page_is_whole_and_asks_nobody() {
    let site = sample_programme();
    let browser = Browser::launch().unwrap();
    let views = [
        View { width: 320, height: 800, dark: false, scripts: false, print: false },
        View { width: 1400, height: 900, dark: true, scripts: true, print: false },
    ];
    site.files("public/leads").par_iter().filter(|path| is_own_page(path)).for_each(|path| {
        for view in &views {
            let url = file_url(&site.path().join("public/leads").join(path));
            let mut page = browser.open(&url, view);
            let visit = page.visit().clone();
            assert!(visit.console.is_empty(), "{path}: {:?}", visit.console);
            assert!(
                visit.outside().is_empty() && visit.failed.is_empty(),
                "{path}: {:?} {:?}",
                visit.outside(),
                visit.failed
            );
            assert!(!page.scroll_width_exceeds(), "{path} is wider than {} px", view.width);
            assert!(page.text().len() > 40, "{path} shows nothing");
            assert_flawless(&mut page, path);
            keep(&mut page, &format!("{}-{}", path.replace('/', "_"), view.width));
            page.close();
        }
    });
}

/// A site of pages: the manual, on a telephone and a desk, by day and by night, and on paper.
#[test]
fn the_manual_can_be_read_everywhere() {
    let site = Site::empty();
    site.ok(&format!("build --strict --root {}/docs --out public", env!("CARGO_MANIFEST_DIR")));
    let browser = Browser::launch().unwrap();
    let screen = |width, dark| View { width, height: 900, dark, scripts: false, print: false };
    let paper = View { print: true, ..screen(800, false) };
    let views = [("narrow", screen(400, false)), ("wide-dark", screen(1400, true)), ("paper", paper)];
    site.files("public/readers").par_iter().filter(|path| is_own_page(path)).for_each(|path| {
        for (name, view) in &views {
            let mut page = browser.open(&file_url(&site.path().join("public/readers").join(path)), view);
            let visit = page.visit().clone();
            assert!(visit.console.is_empty() && visit.outside().is_empty() && visit.failed.is_empty(), "{path}");
            assert!(!page.scroll_width_exceeds(), "{path} is wider than {} px", view.width);
            assert_flawless(&mut page, path);
            keep(&mut page, &format!("manual_{}-{name}", path.replace('/', "_")));
            page.close();
        }
    });
}

/// Keeps a picture of the page, if pictures are asked for.
pub fn keep(page: &mut Page, name: &str) {
    if let Some(folder) = std::env::var_os("GOLDBOOK_SCREENSHOTS") {
        page.screenshot(&Path::new(&folder).join(format!("{name}.png")));
    }
}

/// The page has none of the faults that `page.js` knows, and its links lead to files.
pub fn assert_flawless(page: &mut Page, path: &str) {
    let faults = page.eval(FAULTS);
    assert!(faults.as_array().is_some_and(Vec::is_empty), "{path}: {faults:#}");
    let links = page.eval("[...document.links].map(a => decodeURI(a.href)).filter(url => url.startsWith('file:'))");
    for link in links.as_array().unwrap() {
        let file = link.as_str().unwrap().trim_start_matches("file://").split('#').next().unwrap();
        assert!(Path::new(file).is_file(), "{path}: {link} leads nowhere");
    }
}

/// One page of each kind is enough: versions repeat what the newest shows, and weeks what the first or the last does.
fn is_own_page(path: &str) -> bool {
    let is_week_between = path.contains("/2026-W") && !path.contains("/2026-W43/") && !path.contains("/2026-W50/");
    // The page for an address that is not there names its files from the top of its host.
    path.ends_with(".html")
        && path != "404.html"
        && (path.ends_with("/v/2.0.0/print/index.html")
            || !["/v/1", "/v/2", "/changes/from-"].iter().any(|repeated| path.contains(repeated)))
        && !path.contains("/next/")
        && (!path.starts_with("search/") || path == "search/index.html")
        && !is_week_between
}

#[test]
fn steps_can_be_opened_without_scripts() {
    let site = sample_site();
    let browser = Browser::launch().unwrap();
    let view = View { scripts: false, ..View::default() };
    let folder = site.path().join("public/contractors");
    let example = folder.join("tasks/check-run/examples/worked/index.html");
    let mut page = browser.open(&format!("{}#step-2", file_url(&example)), &view);
    assert_eq!(page.eval("document.querySelector(':target').id"), "step-2");
    assert_eq!(page.eval("document.querySelectorAll('.gold-mark').length"), 1);
    assert!(page.text().contains("The error is passed over."));
}

#[test]
fn a_run_is_read_by_keys_and_its_list_opens_as_a_drawer() {
    let site = sample_programme();
    let browser = Browser::launch().unwrap();
    let example = site.path().join("public/contractors/tasks/agent-setup-mistakes/examples/pip-resolver/index.html");
    let mut page = browser.open(&file_url(&example), &View { width: 1400, height: 900, ..View::default() });
    let at = ["j", "j", "k", "n", "n", "p"].map(|key| press(&mut page, key));
    assert_eq!(at, ["step-1", "step-2", "step-1", "step-3", "step-9", "step-3"]);
    // The last steps can't come to the top of the window.
    page.eval("location.replace('#step-22')");
    let at = ["j", "j", "j", "k"].map(|key| press(&mut page, key));
    assert_eq!(at, ["step-23", "step-24", "step-24", "step-23"]);
    page.eval("location.replace('#step-3')");
    page.eval("document.querySelector('.keys input').click()");
    assert_eq!(press(&mut page, "j"), "step-3", "the keys are off");
    let open = "document.querySelectorAll('.step > details[open]').length";
    page.eval("document.querySelectorAll('.run-tools button')[0].click()");
    assert_eq!(page.eval(open), 0);
    page.eval("document.querySelectorAll('.run-tools button')[1].click()");
    assert_eq!(page.eval(open), 24);
    page.eval("document.querySelector('.shows-gold').click()");
    assert_eq!(
        page.eval("[...document.querySelectorAll('.gold-mark, .mark')].some(mark => mark.checkVisibility())"),
        false
    );
    let links = "[...document.querySelectorAll('.step-list a')].filter(link => link.checkVisibility({contentVisibilityAuto: true})).length";
    assert_eq!(page.eval(links), 24);
    let narrow = View { width: 390, height: 844, scripts: false, ..View::default() };
    let mut page = browser.open(&format!("{}#step-9", file_url(&example)), &narrow);
    page.eval_until("document.readyState", |state| state == "complete");
    assert_eq!(page.eval(links), 0);
    page.eval("document.querySelector('.step-list summary').click()");
    // What is seen changes with the next frame.
    page.eval_until(links, |seen| *seen == 24);
    assert!(!page.scroll_width_exceeds());
    assert_flawless(&mut page, "a run with its list open");
}

/// Presses a key; says which step the address leads to then.
fn press(page: &mut Page, key: &str) -> serde_json::Value {
    page.eval(&format!("dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}' }}))"));
    page.eval("document.querySelector(':target').id")
}

#[test]
fn a_reader_who_comes_back_is_led_to_what_changed_since() {
    const LINE: &str = "(line => line.hidden ? '' : line.innerText)(document.getElementById('page/since'))";
    const WAY: &str = "document.querySelector('.since a').href";
    let site = Site::sealed();
    let seal = |version: &str| {
        let task = site.read("content/tasks/check-run/task.md");
        site.write("content/tasks/check-run/task.md", format!("{task}\nThe rule of {version}.\n"));
        site.ok(&format!("release check-run --version {version} -m More --date 2026-10-02"));
        site.ok("build");
    };
    site.ok("build");
    let browser = Browser::launch().unwrap();
    let task = site.path().join("public/contractors/tasks/check-run");
    let url = |path: &str| file_url(&task.join(path));
    let mut page = browser.open(&url("index.html"), &View::default());
    assert_eq!(page.eval(LINE), "", "who reads for the first time has missed nothing");
    seal("1.1.0");
    seal("1.2.0");
    // The same line on each page of the newest version, until the reader went there.
    for path in ["index.html", "rubric/index.html", "v/1.2.0/index.html", "changes/from-1.1.0/index.html"] {
        page.go(&url(path));
        assert_eq!(page.eval(LINE), "You last read 1.0.0; 2 things changed. Hide this", "{path}");
        assert_eq!(page.eval(WAY), url("changes/from-1.0.0/index.html"), "{path}");
    }
    page.go(&url("v/1.0.0/index.html"));
    assert_eq!(page.eval("document.getElementById('page/since')"), serde_json::Value::Null);
    page.go(&url("changes/from-1.0.0/index.html"));
    assert!(page.text().contains("The rule of 1.1.0.") && page.text().contains("2 changes"), "{}", page.text());
    page.go(&url("index.html"));
    assert_eq!(page.eval(LINE), "");
    seal("1.3.0");
    page.go(&url("index.html"));
    assert_eq!(page.eval(LINE), "You last read 1.2.0; 1 thing changed. Hide this");
    assert_flawless(&mut page, "index.html");
    page.eval("document.querySelector('.since button').click()");
    assert_eq!(page.eval(LINE), "");
    page.go(&url("rubric/index.html"));
    assert_eq!(page.eval(LINE), "");
    let visit = page.visit();
    assert!(visit.console.is_empty() && visit.outside().is_empty() && visit.failed.is_empty(), "{visit:?}");
}

#[test]
fn the_side_menu_lists_examples_and_marks_what_was_read() {
    const MARKS: &str = "[...document.querySelectorAll('nav.section a')].map(link => link.innerText.trim().replace(/\\s+/g, ' ')).join('; ')";
    let site = Site::sealed();
    site.ok("build");
    let browser = Browser::launch().unwrap();
    let task = site.path().join("public/contractors/tasks/check-run");
    let url = |path: &str| file_url(&task.join(path));
    let mut page = browser.open(&url("rubric/index.html"), &View { width: 1400, height: 20_000, ..View::default() });
    let marked = page.eval_until(MARKS, |marks| marks.as_str().is_some_and(|marks| marks.contains("✓")));
    assert_eq!(
        marked,
        "Instructions; Rubric ✓ read; Examples; Versions; A worked example · worked; A practice example · practice; A test example · test"
    );
    // The same page of the version is read, too.
    page.go(&url("v/1.0.0/rubric/index.html"));
    page.eval_until(MARKS, |marks| marks.as_str().is_some_and(|marks| marks.contains("Rubric ✓ read")));
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", format!("{task}\nAnother rule.\n"));
    site.ok("release check-run --version 1.1.0 -m More --date 2026-10-02");
    site.ok("build");
    page.go(&url("index.html"));
    let marked = page.eval_until(MARKS, |marks| marks.as_str().is_some_and(|marks| marks.contains('✓')));
    assert!(marked.as_str().unwrap().starts_with("Instructions ✓ read; Rubric read in 1.0.0;"), "{marked}");
    assert_flawless(&mut page, "index.html");
    let mut page = browser.open(&url("index.html"), &View { width: 360, height: 900, ..View::default() });
    assert_eq!(page.eval("document.querySelector('nav.section .extra').checkVisibility()"), false);
    assert!(!page.scroll_width_exceeds());
}

#[test]
fn colours_are_the_readers_choice_and_code_is_copied_at_a_press() {
    const PAGE: &str = "getComputedStyle(document.body).backgroundColor";
    const PRESSED: &str = "document.querySelector('.scheme [aria-pressed=true]').textContent";
    let (light, dark) = ("rgb(252, 251, 248)", "rgb(22, 23, 26)");
    let site = Site::base();
    site.write("content/pages/code.md", "# Code\n\n```sh\necho \"one\"\necho two\n```\n\n## Größe {#größe}\n");
    site.ok("build");
    let browser = Browser::launch().unwrap();
    let folder = site.path().join("public/contractors");
    let url = |path: &str| file_url(&folder.join(path));
    let mut page = browser.open(&url("pages/code/index.html"), &View::default());
    assert_eq!((page.eval(PAGE), page.eval(PRESSED)), (light.into(), "as the system".into()));
    page.eval("document.querySelectorAll('.scheme button')[2].click()");
    page.eval_until(PAGE, |colour| *colour == dark);
    page.go(&url("index.html"));
    assert_eq!((page.eval(PAGE), page.eval(PRESSED)), (dark.into(), "dark".into()), "it is kept from page to page");
    assert_eq!(page.eval("getComputedStyle(document.documentElement).colorScheme"), "dark");
    assert_flawless(&mut page, "index.html in dark colours");
    page.eval("document.querySelectorAll('.scheme button')[0].click()");
    page.eval_until(PAGE, |colour| *colour == light);
    page.go(&url("pages/code/index.html"));
    page.eval("navigator.clipboard.writeText = async text => { window.copied = text; }");
    page.eval("document.querySelector('.copy').click()");
    page.eval_until("window.copied ?? ''", |text| *text == "echo \"one\"\necho two\n");
    page.eval_until("document.querySelector('.copy').textContent", |text| *text == "Copied");
    page.eval("document.querySelector('h2 > .copy').click()");
    let link = format!("{}#gr%C3%B6%C3%9Fe", url("pages/code/index.html"));
    page.eval_until("window.copied ?? ''", |text| *text == link);
    assert_flawless(&mut page, "a page with buttons that copy");
    let night = View { dark: true, ..View::default() };
    let mut page = browser.open(&url("pages/code/index.html"), &night);
    assert_eq!(page.eval(PAGE), dark);
    page.eval("document.querySelectorAll('.scheme button')[1].click()");
    page.eval_until(PAGE, |colour| *colour == light);
    let mut paper = browser.open(&url("pages/code/index.html"), &View { print: true, ..night });
    assert_eq!(paper.eval(PAGE), "rgb(255, 255, 255)", "paper is white whatever is chosen");
    let plain = View { scripts: false, dark: true, ..View::default() };
    let mut page = browser.open(&url("pages/code/index.html"), &plain);
    assert_eq!(page.eval(PAGE), dark, "without scripts the system decides");
    let visit = page.visit();
    assert!(visit.console.is_empty() && visit.outside().is_empty() && visit.failed.is_empty(), "{visit:?}");
}

#[test]
fn awkward_text_stays_within_the_narrowest_page() {
    let site = Site::base();
    let word = "x".repeat(5000);
    let title = "A title that does not find its end ".repeat(8);
    let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(30));
    let table = [row("column"), row("--:"), row("a value")].concat();
    let list: String = (0..9).map(|level| format!("{}1. level {level}\n", "   ".repeat(level))).collect();
    let code = format!("```rust\nfn f({}) {{}}\n```\n", "argument: u32, ".repeat(20));
    let text = format!(
        "{word}\n\n## {}\n\n`{word}` [{word}](https://example.org/{word})\n\n- {word}\n\n> > {word}\n\n\
         {table}\n{list}\n{code}\nTerm\n: {word}\n\nNote[^1]\n\n[^1]: {word}\n\n> [!WARNING]\n> {word}\n",
        &word[..200]
    );
    site.write("content/pages/awkward.md", format!("---\ntitle: {title}\n---\n\n{text}"));
    site.write("content/pages/empty.md", "---\ntitle: Empty\n---\n");
    site.ok("build");
    let browser = Browser::launch().unwrap();
    for path in ["pages/awkward/index.html", "pages/empty/index.html", "pages/index.html", "index.html"] {
        let view = View { width: 320, ..View::default() };
        let mut page = browser.open(&file_url(&site.path().join("public/contractors").join(path)), &view);
        assert!(!page.scroll_width_exceeds(), "{path} is wider than {} px", view.width);
        assert_flawless(&mut page, path);
    }
}

#[test]
fn paper_shows_what_is_folded_but_for_gold_that_is_to_be_guessed() {
    let site = sample_programme();
    let browser = Browser::launch().unwrap();
    let hidden =
        "[...document.querySelectorAll('details:not([open]) > :not(summary)')].map(part => !part.checkVisibility())";
    let view = View { print: true, ..View::default() };
    let task = site.path().join("public/contractors/tasks/agent-setup-mistakes");
    for (path, folded) in [("rubric/index.html", false), ("practice/one-gpu/index.html", true)] {
        let mut page = browser.open(&file_url(&task.join(path)), &view);
        let parts = page.eval(hidden);
        assert!(parts.as_array().is_some_and(|parts| parts.iter().any(|hidden| *hidden == folded)), "{path}: {parts}");
        assert_eq!(page.eval("document.querySelector('nav.section').checkVisibility()"), false, "{path}");
    }
}

#[test]
fn no_table_of_a_report_is_cut_on_paper() {
    let site = sample_programme();
    let browser = Browser::launch().unwrap();
    let reports = site.path().join("public/leads/reports");
    let url = file_url(&reports.join("borealis-2026q4/2026-W50/index.html"));
    // As wide as A4, and as Letter.
    for width in [794, 816] {
        let mut page = browser.open(&url, &View { width, print: true, ..View::default() });
        assert!(!page.scroll_width_exceeds(), "{width}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let site = Site::base();
    let hostile = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
    site.write(
        "content/pages/hostile.md",
        format!(
            "# {hostile}\n\n{hostile}\n\n[a](javascript:document.title='run') <svg onload=\"document.title='run'\">\n"
        ),
    );
    let settings = site.read("goldbook.yaml");
    site.write("goldbook.yaml", format!("{settings}checks: {{broken-link: warning}}\n"));
    let run = site.read("content/tasks/check-run/trajectories/run-1.json");
    let text = serde_json::to_string(hostile).unwrap();
    let run = run.replace("\"Start the server.\"", &text).replace("\"server start\"", &text);
    site.write("content/tasks/check-run/trajectories/run-1.json", run);
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    let browser = Browser::launch().unwrap();
    for path in [
        "pages/hostile/index.html",
        "pages/index.html",
        "tasks/check-run/examples/worked/index.html",
        "tasks/check-run/index.html",
    ] {
        let mut page = browser.open(&file_url(&site.path().join("public/contractors").join(path)), &View::default());
        assert_ne!(page.eval("document.title"), "run", "{path}");
        assert_eq!(
            page.eval("document.querySelectorAll('main script, main svg, main [onerror], main [onload]').length"),
            0,
            "{path}"
        );
        assert!(page.visit().outside().is_empty(), "{path}: {:?}", page.visit().outside());
    }
}

/// The sample programme of this repository, built elsewhere.
fn sample_programme() -> Site {
    let site = Site::empty();
    site.ok(&format!("build --strict --root {} --out public", env!("CARGO_MANIFEST_DIR")));
    site
}

fn sample_site() -> Site {
    let site = Site::sealed();
    site.ok("build");
    site
}

pub fn file_url(path: &Path) -> String {
    format!("file://{}", path.display())
}
