//! Links and ids as readers get them: every audience's own output is looked at, page by page.

use crate::browser::client::{Browser, View};
use crate::support::{Site, tests};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

/// The values of an attribute in a page, in order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    let found = page.split(&*begin).skip(1).filter_map(|rest| rest.split('"').next());
    found.collect()
}

/// The finished pages of an audience, by path.
fn pages(site: &Site, audience: &str) -> BTreeMap<String, String> {
    let folder = format!("public/{audience}");
    let paths = site.files(&folder).into_iter().filter(|path| path.ends_with(".html"));
    paths.map(|path| (path.clone(), site.read(&format!("{folder}/{path}")))).collect()
}

/// The places of a page that links can lead to, each as often as it is there.
fn places(page: &str) -> Vec<&str> {
    let named = page.split("<a name=\"").skip(1).filter_map(|rest| rest.split('"').next());
    values(page, "id").into_iter().chain(named).collect()
}

/// Every link of an audience's site that leads to no file or no place, as `page: link`.
fn dead(site: &Site, audience: &str) -> BTreeSet<String> {
    let pages = pages(site, audience);
    let files: BTreeSet<String> = site.files(&format!("public/{audience}")).into_iter().collect();
    let mut dead = BTreeSet::new();
    for (path, page) in &pages {
        for link in values(page, "href").into_iter().chain(values(page, "src")) {
            if link.contains(':') {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file if file.starts_with('/') => file[1..].to_owned(),
                file => resolve(path, file),
            };
            let is_there = || place.eq_ignore_ascii_case("top") || places(&pages[&target]).contains(&place);
            if !files.contains(&target) || !place.is_empty() && !is_there() {
                dead.insert(format!("{path}: {link}"));
            }
        }
    }
    dead
}

fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_id_is_there_once_and_every_link_leads_somewhere() {
    let site = Site::sealed().with(&tests().join("cases/links/ids/site"));
    site.ok("release check-run --version 1.1.0 -m Ids --date 2026-10-02");
    site.ok("build");
    for audience in ["contractors", "internal", "leads"] {
        for (path, page) in pages(&site, audience) {
            let mut ids = values(&page, "id");
            ids.sort_unstable();
            let all = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), all, "an id is there twice in {audience}/{path}");
        }
        assert_eq!(dead(&site, audience), BTreeSet::new(), "{audience}");
    }
    let example = site.read("public/contractors/tasks/check-run/examples/worked/index.html");
    for id in ["page/main", "page/run", "page/gold", "run", "gold", "main", "top", "step-2", "step-2-1", "step-3-1"] {
        assert!(places(&example).contains(&id), "no #{id}");
    }
    assert!(example.contains("<li class=\"step agent marked\" id=\"step-2\">"), "#step-2 is no step");
}

/// Addresses of sealed pages that were handed out before: what they led to is there still.
#[test]
fn old_places_of_an_example_are_found() {
    let site = Site::sealed();
    site.ok("build");
    let example = site.read("public/contractors/tasks/check-run/v/1.0.0/examples/worked/index.html");
    for id in ["run", "gold", "step-1", "step-2", "step-3"] {
        assert!(places(&example).contains(&id), "no #{id}");
    }
}

#[test]
fn a_sealed_link_to_a_page_that_moved_is_noted_with_its_place() {
    let site = Site::base();
    let task = site.read("content/tasks/check-run/task.md");
    let glossary = |heading: &str| format!("# Words\n\n## {heading}\n\nOne act of the agent.\n");
    site.write("content/pages/words.md", glossary("Step"));
    site.write("content/pages/more.md", "# More\n");
    let linked = "\nSee [step](../../pages/words.md#step) and [more](../../pages/more.md).\n";
    site.write("content/tasks/check-run/task.md", task.clone() + linked);
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    assert_eq!(site.ok("check").stderr, "");
    site.write("content/pages/words.md", glossary("Steps"));
    site.write("content/tasks/check-run/task.md", task);
    std::fs::rename(site.path().join("content/pages/more.md"), site.path().join("content/pages/further.md")).unwrap();
    let said = site.ok("check --strict").stderr;
    for part in [
        "note[sealed-finding]: in the sealed release check-run 1.0.0: this leads nowhere for `contractors`, `internal` and \
         `leads`: as they get it, `content/pages/words.md` has no heading or step `#step`",
        "in the sealed release check-run 1.0.0: this leads nowhere for `contractors`, `internal` and `leads`, who do not \
         get `content/pages/more.md`",
        "did you mean `steps`?",
        "note: this is what was sealed of: content/tasks/check-run/task.md",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    assert_eq!(said.matches("sealed-finding").count(), 2, "{said}");
}

/// What the working text is found wrong for is said once, and what only an audience misses is said of it.
#[test]
fn every_dead_link_of_an_audience_is_told() {
    let site = Site::sealed().with(&tests().join("cases/links/not-released/site"));
    let told = site.ok("build").stderr;
    assert_eq!(told.matches("dead-link").count(), 4, "{told}");
    let contractors = pages(&site, "contractors");
    let faq = &contractors["pages/faq/index.html"];
    assert_eq!(faq.matches("<a class=\"nowhere\">").count(), 1, "{faq}");
    let found: Vec<String> = dead(&site, "contractors").into_iter().collect();
    assert_eq!(
        found,
        [
            "pages/faq/index.html: #for-us",
            "pages/faq/index.html: ../../tasks/check-run/index.html#new-section",
            "pages/faq/index.html: ../welcome/index.html#later",
        ]
    );
    for audience in ["internal", "leads"] {
        let found: Vec<String> = dead(&site, audience).into_iter().collect();
        assert_eq!(found, ["pages/faq/index.html: ../../tasks/check-run/index.html#new-section"], "{audience}");
    }
}

#[test]
fn two_pages_of_the_same_words_each_have_links_of_their_own() {
    let site = Site::base();
    for folder in ["one", "two"] {
        let page = format!("content/pages/{folder}/page.md");
        site.write(&page, "# Page\n\n> [!INTERNAL]\n> For us.\n\nSee [more](more.md).\n");
        site.write(&format!("content/pages/{folder}/more.md"), format!("# More in {folder}\n"));
    }
    site.ok("build");
    for (folder, audience) in [("one", "contractors"), ("two", "contractors"), ("one", "internal"), ("two", "internal")]
    {
        let page = site.read(&format!("public/{audience}/pages/{folder}/page/index.html"));
        assert!(page.contains(&format!("\"../../../pages/{folder}/more/index.html\"")), "{folder}, {audience}: {page}");
    }
}

#[test]
fn a_link_to_a_version_keeps_its_page_and_its_place() {
    let site = Site::sealed();
    let rubric = site.read("content/tasks/check-run/rubric.md");
    site.write("content/tasks/check-run/rubric.md", rubric.replace("How bad is it?", "How bad was it?"));
    site.ok("release check-run --version 1.1.0 -m Second --class clarification --date 2026-10-02");
    let text = "# Changes\n\n[Then](../tasks/check-run/v/1.0.0/rubric.md#severity), [now](../tasks/check-run/rubric.md), \
                [a step](../tasks/check-run/v/1.0.0/examples/worked.md#step-2), [whole](../tasks/check-run/v/1.0.0/).\n";
    site.write("content/pages/changes.md", text);
    site.ok("build --strict");
    let page = site.read("public/contractors/pages/changes/index.html");
    for part in [
        "href=\"../../tasks/check-run/v/1.0.0/rubric/index.html#severity\"",
        "href=\"../../tasks/check-run/rubric/index.html\"",
        "href=\"../../tasks/check-run/v/1.0.0/examples/worked/index.html#step-2\"",
        "href=\"../../tasks/check-run/v/1.0.0/index.html\"",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let old = site.read("public/contractors/tasks/check-run/v/1.0.0/rubric/index.html");
    let way_on = "<a href=\"../../../../../tasks/check-run/rubric/index.html\">Read the newest version</a>";
    assert!(old.contains(way_on), "{old}");
    let text = text.replace("1.0.0/rubric.md#severity", "1.0.0/rubric.md#severty").replace("v/1.0.0/)", "v/9.0.0/)");
    site.write("content/pages/changes.md", text);
    let run = site.run("build");
    for part in [
        "has no heading or step `#severty`",
        "did you mean `severity`?",
        "there is no `content/tasks/check-run/v/9.0.0`",
    ] {
        assert!(run.stderr.contains(part), "no {part} in {}", run.stderr);
    }
}

/// Serves a folder as a web server does: at an address that is not there, with `404.html`.
fn host(folder: &Path, below: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (folder, below) = (folder.to_owned(), below.to_owned());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut asked = String::new();
            let Ok(_) = BufReader::new(&stream).read_line(&mut asked) else { continue };
            let path = asked.split(' ').nth(1).unwrap_or("/").strip_prefix(&*below).unwrap_or("nothing").to_owned();
            let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
            let kind = if path.ends_with(".css") { "text/css" } else { "text/html" };
            let (status, body) = match std::fs::read(folder.join(&path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", std::fs::read(folder.join("404.html")).unwrap()),
            };
            let kind = if status.starts_with("404") {
                "text/html"
            } else if path.ends_with(".svg") {
                "image/svg+xml"
            } else {
                kind
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    port
}

/// At the top of a host and below a path, whatever the depth of the address that is not there.
#[test]
fn a_page_that_is_not_there_is_whole_at_any_depth() {
    let browser = Browser::launch().unwrap();
    for (settings, below) in
        [("", "/"), ("served_at: {contractors: /programme/contractors/}\n", "/programme/contractors/")]
    {
        let site = Site::sealed();
        site.write("goldbook.yaml", site.read("goldbook.yaml") + settings);
        site.ok("build");
        let port = host(&site.path().join("public/contractors"), below);
        for missing in ["nothing", "pages/nothing/", "tasks/check-run/v/9.9.9/examples/nothing/index.html"] {
            let url = format!("http://127.0.0.1:{port}{below}{missing}");
            let mut page = browser.open(&url, &View { scripts: false, ..View::default() });
            assert!(page.text().contains("Page not found"), "{url}");
            let links = page.eval("[...document.links].map(link => link.href)");
            let links: Vec<&str> = links.as_array().unwrap().iter().filter_map(|link| link.as_str()).collect();
            let first = format!("http://127.0.0.1:{port}{below}index.html");
            assert!(links.contains(&&*first), "{url}: {links:?}");
            let styles = page.eval("document.styleSheets.length && document.styleSheets[0].cssRules.length");
            assert!(styles.as_u64().is_some_and(|rules| rules > 10), "{url} has no style");
            page.close();
        }
    }
}

#[test]
fn where_a_folder_is_served_is_a_folder_of_a_host() {
    for (settings, part) in [
        ("served_at: {contractors: programme}", "a path from the top of the host"),
        ("served_at: {contractors: '//example.org/'}", "a path from the top of the host"),
        ("served_at: {contractors: 'https://example.org/'}", "a path from the top of the host"),
        ("served_at: {nobody: /a/}", "there is no audience `nobody`"),
    ] {
        let site = Site::base();
        site.write("goldbook.yaml", format!("{}{settings}\n", site.read("goldbook.yaml")));
        let run = site.run("check");
        assert!(run.code == 2 && run.stderr.contains(part), "{settings}: {} {}", run.code, run.stderr);
    }
}

/// A page's first heading is its title, with all that stands in it.
#[test]
fn a_title_keeps_its_links_its_ids_and_its_footnotes() {
    let site = Site::base();
    let title =
        "# Terms <a id=\"inh\"></a> of [welcome](welcome.md) <script>x()</script>[^1]\n\n[b](#inh)\n\n[^1]: A note.\n";
    site.write("content/pages/terms.md", title);
    site.write("content/pages/other.md", "# Other\n\n[c](terms.md#inh)\n");
    site.write("content/pages/more.md", "# More\n\n```include terms.md\n```\n");
    site.ok("build");
    let page = site.read("public/contractors/pages/terms/index.html");
    for part in ["<a id=\"inh\"", "<a href=\"../welcome/index.html\"", "<a href=\"#footnote-1/1\""] {
        let h1 = &page[page.find("<h1").unwrap()..page.find("</h1>").unwrap()];
        assert!(h1.contains(part) && !h1.contains("script"), "no {part} in {h1}");
    }
    assert_eq!(dead(&site, "contractors"), BTreeSet::new());
}

/// An excerpt in an example is on its page, wherever it stands there.
#[test]
fn steps_that_an_example_shows_besides_its_run_are_not_lost() {
    let site = Site::sealed();
    let example = "content/tasks/check-run/examples/worked.md";
    let text = site.read(example);
    site.write(example, text + "\n```trajectory run-1 steps=1-2\n```\n\n## Then\n\n```trajectory run-1 steps=2\n```\n");
    site.ok("check --strict");
}

/// What a theme adds has no id that something else on its pages has.
#[test]
fn an_id_that_a_theme_gives_twice_is_a_finding() {
    let site = Site::sealed();
    site.write("goldbook.yaml", site.read("goldbook.yaml") + "theme: mine\n");
    site.write("content/pages/a.md", "# A\n\n## Intro\n");
    let theme = "{% extends \"base.html\" %}\n{% block main %}<section id=\"intro\">x</section>{{ html | safe }}{% endblock main %}\n";
    site.write("themes/mine/templates/page.html", theme);
    for _ in 0..2 {
        let run = site.ok("build");
        assert_eq!(run.stderr.matches("has the id `intro`").count(), 1, "{}", run.stderr);
        assert!(run.stderr.contains("--> pages/a/index.html"), "{}", run.stderr);
    }
    site.write("themes/mine/templates/page.html", theme.replace("id=\"intro\"", "id=\"page/intro\""));
    assert!(!site.ok("build").stderr.contains("taken-id"));
}
