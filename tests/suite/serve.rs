//! Serving: pages made from what the files say now, on this machine alone.

use crate::browser::client::{Browser, View};
use crate::support::{Served, Site};
use serde_json::Value;
use std::io::Write;
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

#[test]
fn every_address_of_the_site_is_answered_and_no_other() {
    let served = Served::start(Site::sealed(), "");
    let home = served.get("/");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("Test programme") && home.body.contains("/_goldbook/live.js"), "{}", home.body);
    assert!(home.head.contains("Content-Security-Policy: default-src 'none'"), "{}", home.head);
    assert_eq!(served.get("/index.html").body, home.body);
    assert_eq!(served.get("/tasks/check-run/?x=1").status, 200);
    assert!(served.get("/theme/style.css").head.contains("text/css"));
    let folder = served.get("/tasks/check-run");
    assert!(folder.status == 301 && folder.head.contains("Location: /tasks/check-run/"), "{}", folder.head);
    for nowhere in [
        "/nothing",
        "/../goldbook.yaml",
        "/%2e%2e/goldbook.yaml",
        "/theme/..%2f..%2fgoldbook.yaml",
        "//etc/passwd",
        "/goldbook-manifest.json",
        "/tasks/check-run/next/",
        "/<script>",
    ] {
        let answer = served.get(nowhere);
        assert_eq!(answer.status, 404, "{nowhere}: {}", answer.body);
        assert!(!answer.body.contains("default_audience") && !answer.body.contains("<script>"), "{nowhere}");
    }
}

#[test]
fn a_foreign_name_and_a_foreign_page_are_refused() {
    let served = Served::start(Site::sealed(), "");
    let own = served.port();
    let evil = [format!("evil.example:{own}"), "evil.example".to_owned(), "127.0.0.1".to_owned(), String::new()];
    for host in evil {
        let answer = served.ask(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert_eq!(answer.status, 403, "{host}");
        assert!(!answer.body.contains("Test programme"));
    }
    let good = served.ask(&format!("GET / HTTP/1.1\r\nHost: LOCALHOST:{own}\r\nConnection: close\r\n\r\n"));
    assert_eq!(good.status, 200);
    let head = format!("Host: 127.0.0.1:{own}\r\nConnection: close\r\n");
    let posted = served.ask(&format!("POST / HTTP/1.1\r\n{head}Content-Length: 0\r\n\r\n"));
    assert_eq!(posted.status, 405);
    let news = format!("GET /_goldbook/news.js?round=0 HTTP/1.1\r\n{head}Sec-Fetch-Site: cross-site\r\n\r\n");
    assert_eq!(served.ask(&news).status, 403);
}

#[test]
fn an_edit_is_served_and_an_error_leaves_the_last_good_page() {
    let served = Served::start(Site::sealed(), "");
    let page = "content/pages/welcome.md";
    let text = served.site().read(page);
    served.site().write(page, format!("{text}\nA sentence from an edit.\n"));
    served.wait_for("/pages/welcome/", "A sentence from an edit.");
    served.site().write(page, format!("{text}\nA broken edit: [link](nowhere.md).\n"));
    let news = served.wait_for("/_goldbook/news.js?round=0", "\"errors\":1");
    assert!(news.contains("broken-link") && news.contains("nowhere.md"), "{news}");
    assert!(served.get("/pages/welcome/").body.contains("A sentence from an edit."));
    served.site().write(page, format!("{text}\nA mended edit.\n"));
    served.wait_for("/pages/welcome/", "A mended edit.");
    served.wait_for("/_goldbook/news.js?round=0", "\"errors\":0");
    served.site().write("content/pages/deep/er/new.md", "# A page in new folders\n");
    served.wait_for("/pages/deep/er/new/", "A page in new folders");
    std::fs::rename(served.site().path().join("content/pages/deep"), served.site().path().join("content/pages/flat"))
        .unwrap();
    served.wait_for("/pages/flat/er/new/", "A page in new folders");
    assert_eq!(served.get("/pages/deep/er/new/").status, 404);
    served.wait_for("/pages/", "Flat");
}

#[test]
fn a_site_with_errors_from_the_start_appears_once_they_are_mended() {
    let site = Site::sealed();
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task.replace("title:", "titel:"));
    let served = Served::start(site, "");
    assert!(served.get("/").body.contains("can’t be made yet"));
    let browser = Browser::launch().unwrap();
    let mut page = browser.open(served.url(), &View::default());
    let overlay = "document.querySelector('goldbook-findings')?.shadowRoot.querySelector('summary').textContent ?? ''";
    let shown = page.eval_until(overlay, |shown| *shown != "");
    assert_eq!(shown, "2 errors", "there is no last page without errors");
    assert_eq!(page.eval("document.styleSheets[0].cssRules.length > 0"), true, "it needs no style of the site");
    served.site().write("content/tasks/check-run/task.md", task);
    let is_mended = |text: &Value| text.as_str().is_some_and(|text| text.contains("Test programme"));
    page.eval_until("document.body?.innerText ?? ''", is_mended);
}

#[test]
fn drafts_are_shown_on_request_as_the_audience_would_get_them() {
    let served = Served::start(Site::base(), "--drafts");
    let draft = served.get("/tasks/check-run/next/");
    assert_eq!(draft.status, 200);
    assert!(draft.body.contains("Working text") && draft.body.contains("not sealed"), "{}", draft.body);
    assert!(!draft.body.contains("budget for this quarter"));
    assert_eq!(served.get("/tasks/check-run/next/examples/kept/").status, 404);
}

#[test]
fn ctrl_c_ends_it_clean() {
    let served = Served::start(Site::sealed(), "");
    let (code, printed) = served.interrupt();
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.ends_with("Stopped.\n"), "{printed}");
}

#[test]
fn readers_that_do_not_read_keep_nobody_waiting() {
    let site = Site::sealed();
    site.write("content/pages/long.md", format!("# Long\n\n{}", "A sentence of a long page.\n\n".repeat(4000)));
    let served = Served::start(site, "");
    let connect = |sent: &str| {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", served.port())).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        stream
    };
    let host = format!("Host: 127.0.0.1:{}\r\n", served.port());
    // More than the machine holds for a connection whose other end does not read.
    let unread = format!("GET /pages/long/ HTTP/1.1\r\n{host}\r\n").repeat(60);
    let body_to_come = format!("POST / HTTP/1.1\r\n{host}Content-Length: 1000000\r\n\r\nx");
    let half_a_head = format!("GET / HTTP/1.1\r\n{host}");
    let each = [&*unread, &body_to_come, &half_a_head, ""];
    let silent: Vec<TcpStream> = each.into_iter().cycle().take(24).map(connect).collect();
    std::thread::sleep(Duration::from_millis(300));
    let asked = Instant::now();
    assert_eq!(served.get("/").status, 200);
    assert!(asked.elapsed() < Duration::from_secs(20), "it was answered after {:?}", asked.elapsed());
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(served.interrupt()));
    let (code, printed) = ended.recv_timeout(Duration::from_secs(20)).expect("Ctrl-C ended nothing");
    assert!(code == Some(0) && printed.ends_with("Stopped.\n"), "{printed}");
    drop(silent);
}

#[test]
fn the_browser_stays_where_it_was_and_shows_findings() {
    let site = Site::sealed();
    let picture = |size: u32| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"9\"/>");
    site.write("content/pages/i.svg", picture(1));
    let filler = "A paragraph that makes the page long.\n\n".repeat(120);
    let text = |words: &str| {
        format!("# A long page\n\n<details><summary>More</summary>Inside</details>\n\n{filler}![i](i.svg) {words}\n")
    };
    site.write("content/pages/long.md", text("Before."));
    let served = Served::start(site, "");
    let browser = Browser::launch().unwrap();
    let mut page = browser.open(&format!("{}pages/long/", served.url()), &View::default());
    page.eval("document.querySelector('details:not(.group)').open = true");
    page.eval("scrollTo(0, 1500)");
    page.eval("globalThis.was = 'here'");
    served.site().write("content/pages/long.md", text("After."));
    let has = |words: &'static str| move |text: &Value| text.as_str().is_some_and(|text| text.contains(words));
    page.eval_until("document.body?.innerText ?? ''", has("After."));
    assert_eq!(page.eval("scrollY"), 1500);
    assert_eq!(page.eval("document.querySelector('details:not(.group)').open"), true);
    assert_eq!(page.eval("globalThis.was"), "here", "it was loaded anew for a line of text");
    served.site().write("content/pages/i.svg", picture(2));
    // The page is loaded anew for a picture, and is where it was.
    page.eval_until("globalThis.was !== 'here' && scrollY === 1500", |is_there| *is_there == true);
    served.site().write("content/pages/long.md", text("[Broken](nowhere.md)."));
    let overlay = "document.querySelector('goldbook-findings')?.shadowRoot.textContent ?? ''";
    page.eval_until(overlay, has("nowhere.md"));
    assert!(page.text().contains("After."));
    assert!(page.visit().console.is_empty(), "{:?}", page.visit().console);
    assert!(page.visit().outside().is_empty(), "{:?}", page.visit().outside());
}
