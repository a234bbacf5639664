//! Where readers ask: from the setting to the links behind headings.

use crate::support::Site;

fn site(ask: &str) -> Site {
    let site = Site::sealed();
    site.write("goldbook.yaml", format!("{}ask: {ask}\n", site.read("goldbook.yaml")));
    site
}

#[test]
fn each_heading_and_page_leads_to_whoever_answers() {
    let site = site("\"https://forms.example.org/?t={task}&v={version}&p={page}&h={place}\"");
    site.write("content/pages/pay.md", "# Pay\n\n## When & \"how\" {#when}\n\nSoon.\n");
    site.ok("build --strict");
    let rubric = site.read("public/contractors/tasks/check-run/rubric/index.html");
    let of = "https://forms.example.org/?t=check-run&amp;v=1.0.0&amp;p=tasks%2Fcheck-run%2Frubric%2Findex.html&amp;h=";
    let link = format!("<a href=\"{of}severity\" aria-label=\"Ask about this: How bad is it?\">Ask about this</a>");
    assert!(rubric.contains(&link), "{rubric}");
    assert!(rubric.contains("h=\">Ask about this page</a>"), "{rubric}");
    let shared = site.read("public/contractors/pages/pay/index.html");
    let link = "?t=&amp;v=&amp;p=pages%2Fpay%2Findex.html&amp;h=when\" aria-label=\"Ask about this: When &amp; &quot;how&quot;\"";
    assert!(shared.contains(link), "{shared}");
    for without in
        ["tasks/check-run/v/1.0.0/print/index.html", "tasks/check-run/v/1.0.0/instructions.md", "search/index.html"]
    {
        assert!(!site.read(&format!("public/contractors/{without}")).contains("Ask about"), "{without}");
    }
    assert!(!site.read("public/contractors/search/words.js").contains(" ask "), "nobody looks for it");
}

#[test]
fn a_mail_says_what_it_is_about() {
    let site = site("leads@example.org");
    site.ok("build --strict");
    let rubric = site.read("public/contractors/tasks/check-run/rubric/index.html");
    let subject =
        "mailto:leads@example.org?subject=check-run%201.0.0%3A%20tasks%2Fcheck-run%2Frubric%2Findex.html%23severity";
    assert!(rubric.contains(subject), "{rubric}");
}

#[test]
fn an_address_that_could_run_something_is_refused() {
    for ask in ["\"javascript:alert(1)\"", "\"https://x.example/{other}\"", "\"https://x.example/ y\"", "nobody"] {
        let run = site(ask).run("check");
        assert!(run.code == 2 && run.stderr.contains("expected a mail address"), "{ask}: {}", run.stderr);
    }
}
