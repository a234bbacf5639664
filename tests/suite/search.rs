//! Search: what a reader types, what is found, and that nothing is found which no page says.

use crate::browser::client::{Browser, Page, View};
use crate::support::Site;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PAGES: [(&str, &str); 4] = [
    (
        "guide",
        "---\ntitle: Guide to mistakes\n---\n\nLead.\n\n## Spurious warnings {#spurious}\n\nA log may shout.\n\n\
      ### A résumé that is cut off\n\nSuch steps are *un*finished.\n\n> [!INTERNAL]\n> The hippopotamus rule is ours.\n",
    ),
    ("regeln", "---\ntitle: Regeln\n---\n\nLies die Bewertungsrichtlinien.\n"),
    ("japanese", "---\ntitle: 評価基準\n---\n\n誤りを見つけてください。\n"),
    ("zoo", "---\ntitle: Zoo\naudience: internal\n---\n\nThe okapi page.\n"),
];

/// A site with pages, sealed twice.
fn site() -> Site {
    let site = Site::sealed();
    for (name, text) in PAGES {
        site.write(&format!("content/pages/{name}.md"), text);
    }
    let task = "content/tasks/check-run/task.md";
    site.write(task, site.read(task) + "\n## Platypus {#platypus}\n\nA word of the second version.\n");
    site.ok("release check-run --version 1.1.0 -m Second --date 2026-11-02");
    site.ok("build");
    site
}

/// What the scripts of an index say, by name.
fn index(site: &Site, folder: &str) -> Vec<(String, Value)> {
    let files = site.files(folder).into_iter().filter(|path| path.ends_with(".js") && !path.contains('/'));
    let said = |path: String| {
        let text = site.read(&format!("{folder}/{path}"));
        let json = text.split_once("detail: ").unwrap().1.trim_end_matches(" }));\n").to_owned();
        (path, serde_json::from_str::<Value>(&json).unwrap()["said"].clone())
    };
    files.map(said).collect()
}

fn words(site: &Site, folder: &str) -> BTreeSet<String> {
    let (_, said) = index(site, folder).into_iter().find(|(name, _)| name == "words.js").unwrap();
    said["words"].as_str().unwrap().split(' ').map(str::to_owned).collect()
}

#[test]
fn an_index_holds_the_words_of_its_own_pages_and_no_other() {
    let site = site();
    let of = |folder: &str| words(&site, &format!("public/{folder}"));
    let contractors = of("contractors/search");
    for word in ["spurious", "resume", "unfinished", "bewertungsrichtlinien", "評価", "platypus"] {
        assert!(contractors.contains(word), "{word}");
    }
    for hidden in ["hippopotamus", "okapi", "zoo"] {
        assert!(!contractors.contains(hidden) && of("internal/search").contains(hidden), "{hidden}");
    }
    // Each version has its own.
    assert!(!of("contractors/search/check-run/1.0.0").contains("platypus"));
    assert!(of("contractors/search/check-run/1.1.0").contains("platypus"));
    // Every word of every index stands on a page of the same audience.
    for audience in ["contractors", "internal", "leads"] {
        let root = format!("public/{audience}");
        let pages: String = site
            .files(&root)
            .iter()
            .filter(|path| path.ends_with("index.html") && !path.starts_with("search/"))
            .map(|path| letters(&site.read(&format!("{root}/{path}"))))
            .collect();
        for word in words(&site, &format!("{root}/search")) {
            assert!(pages.contains(&word), "{audience}: {word}");
        }
    }
}

/// The letters of a page without tags, case, accents and what stands between letters, so that pairs of letters are found.
fn letters(html: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let text: String = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    let ids: String =
        html.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect::<Vec<_>>().join(" ");
    let all = text + " " + &ids;
    all.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

fn open(site: &Site, browser: &Browser, path: &str) -> Page {
    let url = format!("file://{}", site.path().join("public/contractors").join(path).display());
    let mut page = browser.open(&url, &View { width: 400, height: 800, ..View::default() });
    page.eval_until("document.readyState", |state| state == "complete");
    page
}

/// Types into the search that is open; returns the headings that are found, and what is told of them.
fn found(page: &mut Page, text: &str) -> (Vec<String>, String) {
    page.eval(&format!(
        "document.querySelector('.search [role=status]').textContent = ''; \
         document.querySelector('.search input').value = {}; \
         document.querySelector('.search input').dispatchEvent(new Event('input'))",
        json!(text)
    ));
    let told = page.eval_until("document.querySelector('.search [role=status]').textContent", |told| told != "");
    let titles = page.eval("[...document.querySelectorAll('.found strong')].map(title => title.textContent)");
    (serde_json::from_value(titles).unwrap(), told.as_str().unwrap().to_owned())
}

fn key(page: &mut Page, target: &str, key: &str) {
    page.eval(&format!(
        "{target}.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}}))"
    ));
}

#[test]
fn what_is_typed_is_found_by_keys_alone_and_nothing_is_loaded_before() {
    let site = site();
    let browser = Browser::launch().unwrap();
    let mut page = open(&site, &browser, "pages/regeln/index.html");
    assert!(!page.visit().requests.iter().any(|url| url.contains("/search")), "{:?}", page.visit().requests);
    key(&mut page, "document.body", "/");
    page.eval_until("document.querySelector('dialog[open] input') === document.activeElement", |is| is == true);
    let titles = |page: &mut Page, text: &str| found(page, text).0;
    assert_eq!(titles(&mut page, "spurious")[0], "Spurious warnings");
    assert_eq!(titles(&mut page, "spur")[0], "Spurious warnings", "a beginning");
    assert_eq!(titles(&mut page, "spuruous")[0], "Spurious warnings", "a wrong letter");
    assert_eq!(titles(&mut page, "Richtlinien"), ["Regeln"], "a part of a word");
    assert_eq!(titles(&mut page, "RESUME cut"), ["A résumé that is cut off"], "case and accents");
    assert_eq!(titles(&mut page, "見つけ"), ["評価基準"], "pairs of letters");
    assert_eq!(titles(&mut page, "platypus version")[0], "Platypus");
    let (none, told) = found(&mut page, "okapi");
    assert!(none.is_empty() && told.starts_with("Nothing has these words"), "{told}");
    let (some, told) = found(&mut page, "spurious okapi");
    assert!(some[0] == "Spurious warnings" && told.contains("none has all"), "{told}");
    assert_eq!(page.eval("document.querySelector('.found .fine').textContent"), "Guide to mistakes");

    key(&mut page, "document.activeElement", "Escape");
    let closed = "document.querySelector('dialog[open]') === null && document.activeElement.className === 'find'";
    page.eval_until(closed, |is| is == true);
    key(&mut page, "document.body", "/");
    key(&mut page, "document.activeElement", "ArrowDown");
    assert_eq!(page.eval("document.activeElement.closest('.found') !== null"), true);
    page.eval("document.activeElement.click()");
    page.eval_until(
        "location.href.endsWith('pages/guide/index.html#spurious') && document.readyState === 'complete'",
        |is| is == true,
    );
    assert!(page.visit().console.is_empty(), "{:?}", page.visit().console);
}

#[test]
fn an_old_version_is_searched_by_itself_and_headings_are_listed_without_scripts() {
    let site = site();
    let browser = Browser::launch().unwrap();
    let mut page = open(&site, &browser, "search/check-run/1.0.0/index.html");
    page.eval_until("document.querySelector('.search input') !== null", |is| is == true);
    assert!(found(&mut page, "platypus").0.is_empty());
    assert!(!found(&mut page, "reached").0.is_empty());
    assert!(page.text().contains("version 1.0.0"), "{}", page.text());
    let html = site.read("public/contractors/tasks/check-run/v/1.0.0/index.html");
    assert!(html.contains("search/check-run/1.0.0/index.html\""), "{html}");
    let list = site.read("public/contractors/search/index.html");
    assert!(list.contains("pages/guide/index.html#spurious\">Spurious warnings</a>"), "{list}");
    assert!(!site.read("public/contractors/search/index.html").contains("okapi"));
    let bundle = site.read("public/contractors/tasks/check-run/v/1.1.0/instructions.zip");
    assert!(!bundle.contains("class=\"find\""), "what is taken along has no index");
}
