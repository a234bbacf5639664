//! Raw HTML in Markdown: what may stay of it.
//!
//! In: an element or an attribute, or the HTML of a text that holds raw HTML. Out: whether it may stay, or the same
//! HTML without scripts, handlers, styles, forms, frames and anything that would ask another host. One table says
//! both, so that what is taken away can be named where it stands. `clean` is run over the whole text, so that tags
//! opened in one block and closed in another stay balanced.

use super::raw_html::HtmlTag;
use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "input", "aside", "figure", "figcaption", "details", "summary", "tfoot"])
        .add_generic_attributes([
            "id",
            "class",
            "dir",
            "hidden",
            "lang",
            "title",
            "role",
            "tabindex",
            "aria-label",
            "aria-hidden",
        ])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("img", ["loading"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("a", ["name"])
        .link_rel(Some("noopener noreferrer"))
        .url_relative(UrlRelative::PassThrough)
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .attribute_filter(|element, attribute, value| keeps_value(element, attribute, value).then_some(value.into()));
    builder
});

/// What the cleaner lets through, as it says itself.
struct Allowed {
    elements: HashSet<&'static str>,
    generic: HashSet<&'static str>,
    attributes: HashMap<&'static str, HashSet<&'static str>>,
}

static ALLOWED: LazyLock<Allowed> = LazyLock::new(|| Allowed {
    elements: CLEANER.clone_tags(),
    generic: CLEANER.clone_generic_attributes(),
    attributes: CLEANER.clone_tag_attributes(),
});

/// What becomes of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It stays.
    Kept,
    /// It goes, and what it holds stays.
    Dropped,
    /// It is no element of HTML, so its author means the word: it is shown as text.
    Shown,
}

/// What becomes of a tag.
pub fn treatment(tag: &HtmlTag<'_>) -> Treatment {
    let name = &*tag.name;
    let is_field = name == "input" && tag.attribute("type") != Some("checkbox");
    if ALLOWED.elements.contains(name) && !is_field {
        Treatment::Kept
    } else if is_field || OTHERS.binary_search(&name).is_ok() {
        Treatment::Dropped
    } else {
        Treatment::Shown
    }
}

/// The element that an element means something in alone, if there is one; elsewhere it is mostly a word.
pub fn belongs_into(name: &str) -> Option<&'static str> {
    match name {
        "summary" => Some("details"),
        "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "col" | "colgroup" => Some("table"),
        _ => None,
    }
}

/// Whether an attribute of an element that stays may stay too.
fn keeps(element: &str, attribute: &str, value: &str) -> bool {
    let own = || ALLOWED.attributes.get(element).is_some_and(|known| known.contains(attribute));
    (ALLOWED.generic.contains(attribute) || own()) && keeps_value(element, attribute, value)
}

fn keeps_value(element: &str, attribute: &str, value: &str) -> bool {
    match (element, attribute) {
        ("img", "src") => !is_remote(value),
        ("input", "type") => value == "checkbox",
        _ => true,
    }
}

/// The attributes of a tag that may not stay. Of what hides an element, the hiding stays.
pub fn dropped_attributes<'t>(tag: &'t HtmlTag<'_>) -> impl Iterator<Item = &'t str> {
    let link = link(tag).map(|(attribute, _)| attribute);
    let hidden = hides(tag);
    let stays =
        move |name: &str, value: &str| Some(name) == link || hidden && name == "style" || keeps(&tag.name, name, value);
    let dropped = tag.attributes.iter().filter(move |attribute| !stays(&attribute.name, &attribute.value));
    dropped.map(|attribute| &*attribute.name)
}

/// The attribute of a tag that leads to a page or a picture, and where to.
pub fn link<'t>(tag: &'t HtmlTag<'_>) -> Option<(&'static str, &'t str)> {
    let name = match &*tag.name {
        "a" => "href",
        "img" => "src",
        _ => return None,
    };
    let target = tag.attribute(name).filter(|_| !tag.closes)?;
    Some((name, target))
}

/// Whether a tag says that what it holds is not to be seen.
pub fn hides(tag: &HtmlTag<'_>) -> bool {
    let style: String = tag.attribute("style").unwrap_or("").split_whitespace().collect();
    let style = style.to_ascii_lowercase();
    let hidden = tag.attributes.iter().any(|attribute| attribute.name == "hidden");
    !tag.closes && (hidden || style.contains("display:none") || style.contains("visibility:hidden"))
}

/// Whether an element ends without being closed, or holds nothing.
pub fn needs_no_end(name: &str) -> bool {
    UNCLOSED.contains(&name)
}

/// Elements that hold nothing, or end without being closed.
const UNCLOSED: [&str; 28] = [
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "image", "img", "input", "li", "link", "meta",
    "optgroup", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Elements of HTML that no page has, in order. Other words in angle brackets are shown: nobody means the rare rest
/// of HTML by `<title>` or `<search>`.
const OTHERS: [&str; 52] = [
    "applet",
    "audio",
    "base",
    "basefont",
    "bgsound",
    "big",
    "blink",
    "body",
    "button",
    "canvas",
    "datalist",
    "dialog",
    "embed",
    "fieldset",
    "font",
    "form",
    "frame",
    "frameset",
    "head",
    "html",
    "iframe",
    "keygen",
    "label",
    "legend",
    "link",
    "marquee",
    "math",
    "menu",
    "menuitem",
    "meta",
    "meter",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "optgroup",
    "option",
    "param",
    "picture",
    "plaintext",
    "progress",
    "script",
    "select",
    "source",
    "style",
    "svg",
    "template",
    "textarea",
    "track",
    "video",
    "xmp",
];

/// Cleans rendered HTML that contains raw HTML from its author.
pub fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

/// Whether a URL leads to another host.
fn is_remote(url: &str) -> bool {
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
