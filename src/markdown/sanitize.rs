//! Raw HTML in Markdown: what may stay of it.
//!
//! In: the HTML of a text that holds raw HTML. Out: the same without scripts, handlers, styles, forms, frames and
//! anything that would ask another host. It is run over the whole text, so that tags opened in one block and
//! closed in another stay balanced.

use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::sync::LazyLock;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "input", "aside", "figure", "figcaption", "details", "summary"])
        .add_generic_attributes([
            "id",
            "class",
            "dir",
            "lang",
            "title",
            "role",
            "tabindex",
            "aria-label",
            "aria-hidden",
        ])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("a", ["name"])
        .link_rel(Some("noopener noreferrer"))
        .url_relative(UrlRelative::PassThrough)
        .url_schemes(["http", "https", "mailto"].into())
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if is_remote(value) => None,
            ("input", "type") if value != "checkbox" => None,
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

/// Cleans rendered HTML that contains raw HTML from its author.
pub fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

/// Whether a URL leads to another host.
pub fn is_remote(url: &str) -> bool {
    // Browsers drop tabs and line ends wherever they stand in a URL.
    let url: String = url.chars().filter(|c| !c.is_control()).collect();
    let url = url.trim_start();
    let scheme = url.split(['/', '?', '#']).next().unwrap_or("");
    url.starts_with("//") || url.starts_with("/\\") || url.starts_with('\\') || scheme.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_or_ask_is_gone() {
        let hostile = concat!(
            "<script>alert(1)</script><p onclick=\"x()\" style=\"background:url(//e)\">t</p>",
            "<a href=\"javascript:alert(1)\">a</a><img src=\"https://example.com/x.png\">",
            "<iframe src=\"/\"></iframe><svg onload=x()></svg><form action=\"//e\"></form>",
        );
        let clean = clean(hostile);
        for bad in ["script", "onclick", "style", "javascript", "example.com", "iframe", "svg", "form", "onload"] {
            assert!(!clean.contains(bad), "{bad} in {clean}");
        }
        assert!(clean.contains("<p>t</p>"));
    }

    #[test]
    fn a_host_is_found_behind_what_browsers_drop() {
        for url in ["//e", "/\t/e", " \n//e", "http\t://e", "\\\\e", "data:x"] {
            assert!(is_remote(url), "{url:?}");
        }
        assert!(!is_remote("a/b.png") && !is_remote("../a.png") && !is_remote("a.png?x=1:2"));
    }

    #[test]
    fn details_stay_balanced() {
        let html = "<details><summary>More</summary>\n<p>text</p>\n</details>";
        assert_eq!(clean(html), html);
    }
}
