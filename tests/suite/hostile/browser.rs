//! Hostile strings everywhere that text comes from outside, and what a browser, a spreadsheet and a terminal make of
//! them: nothing runs, nothing leaves, nothing is taken for markup.

use super::corpus::quoted;
use super::site::hostile_site;
use crate::browser::client::{Browser, Page, View};
use crate::support::Site;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rayon::prelude::*;
use serde_json::json;

/// One test, because the site takes longer to make than to look at.
#[test]
fn hostile_text_does_nothing_in_a_browser_a_spreadsheet_or_a_terminal() {
    let site = hostile_site();
    nothing_is_taken_for_a_formula(&site);
    nothing_is_taken_for_markdown(&site);
    nothing_happens_in_a_browser(&site);
    nothing_acts_on_a_terminal(&site);
}

fn nothing_happens_in_a_browser(site: &Site) {
    let browser = Browser::launch().unwrap();
    let view = View { width: 400, height: 800, ..View::default() };
    let of_leads = site.files("public/leads").into_iter().map(|path| format!("leads/{path}"));
    let paths = of_leads.chain(["contractors/index.html", "contractors/tasks/check-run/index.html"].map(str::to_owned));
    let paths: Vec<String> = paths.filter(|path| path.ends_with(".html")).collect();
    paths.par_iter().for_each(|path| {
        let url = format!("file://{}", site.path().join("public").join(path).display());
        let mut page = browser.open(&url, &view);
        assert_nothing_happened(path, &url, &mut page);
        // The page for an address that is not there names its style from the top of its host.
        if path.ends_with("404.html") {
            return;
        }
        let wide = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('pre, .scroll')).map(e => e.outerHTML.slice(0, 90))";
        assert!(!page.scroll_width_exceeds(), "{path} is wider than {} px: {}", view.width, page.eval(wide));
    });
}

/// What could act is not in the document, and nothing did.
fn assert_nothing_happened(path: &str, url: &str, page: &mut Page) {
    let visit = page.visit().clone();
    assert!(visit.outside().is_empty(), "{path} asks {:?}", visit.outside());
    // A picture that an author's own HTML names and nobody put there is the author's affair.
    let complaints: Vec<_> = visit.console.iter().filter(|line| !line.contains("ERR_FILE_NOT_FOUND")).collect();
    assert!(complaints.is_empty(), "{path}: {complaints:?}");
    assert_eq!(page.eval("location.href"), url, "{path} went elsewhere");
    assert_ne!(page.eval("document.title"), "hit", "{path} ran a script");
    let acting = "[...document.querySelectorAll('*')].filter(e => \
        [...e.attributes].some(a => /^on|^style$|^srcset$|^ping$|^autofocus$|^srcdoc$/i.test(a.name)) && !e.closest('svg.chart, figure.chart') \
        || /^(script|iframe|object|embed|form|base|frame|frameset|audio|video|marquee|foreignobject|math|textarea|select|style)$/i.test(e.localName) && !e.closest('figure.chart') \
           && !e.matches('head > script[src*=\"theme/\"]:is([src$=\"/answer.js\"], [src$=\"/copy.js\"], [src$=\"/find.js\"], [src$=\"/quiz.js\"], [src$=\"/read.js\"], [src$=\"/run.js\"], [src$=\"/search.js\"], [src$=\"/view.js\"]):empty, .answers textarea:placeholder-shown, .answers textarea[rows=\"3\"], head > script[src$=\"/changes/since.js\"]:empty') \
        || /^(meta|link|title)$/.test(e.localName) && !e.closest('head, figure.chart, svg.trend-line')).map(e => e.outerHTML.slice(0, 200))";
    assert_eq!(page.eval(acting), json!([]), "{path}");
    let links = "[...document.querySelectorAll('[href], [src]')].map(e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), location)) \
        .filter(u => !['http:', 'https:', 'mailto:', 'tel:', 'file:'].includes(u.protocol) && !/^data:image\\//.test(u)).map(String)";
    assert_eq!(page.eval(links), json!([]), "{path}");
}

fn nothing_is_taken_for_a_formula(site: &Site) {
    let mut tables = 0;
    for path in site.files("public/leads").iter().filter(|path| path.ends_with(".csv")) {
        let text = site.read(&format!("public/leads/{path}"));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in &record.unwrap() {
                let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
                assert!(!runs, "{path}: {cell}");
            }
        }
        tables += 1;
    }
    assert!(tables > 2);
}

fn nothing_is_taken_for_markdown(site: &Site) {
    let mut reports = 0;
    for path in site.files("public/leads").iter().filter(|path| path.ends_with("report.md")) {
        let text = site.read(&format!("public/leads/{path}"));
        let mut heading = false;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{path} holds HTML: {html}"),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => panic!("{path}: {dest_url}"),
                Event::Start(Tag::Heading { .. }) => heading = true,
                Event::End(TagEnd::Heading(_)) => heading = false,
                Event::Text(text) => {
                    assert!(!(heading && text.starts_with("Injected")), "{path} has a heading from outside");
                }
                _ => {}
            }
        }
        reports += 1;
    }
    assert!(reports > 0);
}

fn nothing_acts_on_a_terminal(site: &Site) {
    site.write(
        "content/pages/wrong.md",
        format!(
            "---\n{}: x\naudience: {}\n---\n\u{1b}[31m[x](\u{202e}nowhere\u{1b}[31m.md)\n",
            quoted("\u{1b}[31mkey"),
            quoted("\u{9b}31m\u{202e}")
        ),
    );
    site.write("content/pages/\u{1b}[31m\u{202e}\n.md", "[x](nowhere.md)\n");
    for line in [
        "check",
        "report blue",
        "verify",
        "import trajectory content/tasks/check-run/trajectories/chat.json --list",
        "import trajectory \"\u{1b}[31m.json\"",
        "calc \u{1b}[31m",
        "agreement content/ratings/hostile.csv",
    ] {
        let run = site.run(line);
        let acts =
            |c: &char| (c.is_control() && *c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        for text in [&run.stdout, &run.stderr] {
            let found = text.chars().position(|c| acts(&c));
            let around = found.map(|at| text.chars().skip(at.saturating_sub(40)).take(80).collect::<String>());
            assert!(found.is_none(), "goldbook {line}: {:?}", around.unwrap());
        }
    }
}

#[test]
fn a_picture_that_could_run_is_refused() {
    let site = Site::base();
    site.write("content/pages/chart.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>");
    site.write("content/pages/welcome.md", "# Welcome\n\n![A chart](chart.svg)\n");
    site.ok("build");
    site.write("content/pages/chart.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>");
    let run = site.run("build");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("unsafe-picture") && run.stderr.contains("onload"), "{}", run.stderr);
}
