//! Where readers ask: an address into which each page puts what is asked about.
//!
//! In: the setting `ask`. Out: an address for a place. Whatever is put in is written as a part of an address is.

use crate::diagnostic::{Diagnostics, one_of};
use crate::schema::FromYaml;
use crate::yaml::Node;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

/// What a part of an address need not write otherwise.
const WRITTEN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What can be put in, by its name.
const NAMES: [&str; 5] = ["where", "task", "version", "page", "place"];

/// What is asked about.
#[derive(Clone, Debug, Default)]
pub struct AskedPlace<'a> {
    /// The task; empty on a shared page.
    pub task: &'a str,
    /// Its version; empty where there is none.
    pub version: String,
    /// The page's address in the site.
    pub page: &'a str,
    /// The id of the heading; empty for the page as a whole.
    pub place: &'a str,
}

/// An address with names in braces for what is asked about.
#[derive(Clone, Debug)]
pub struct AskAddress(String);

impl AskAddress {
    /// The address at which a place is asked about.
    pub fn of(&self, asked: &AskedPlace<'_>) -> String {
        let AskedPlace { task, version, page, place } = asked;
        let of_version = [*task, &**version].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let on_page = if place.is_empty() { (*page).to_owned() } else { format!("{page}#{place}") };
        let whole = if of_version.is_empty() { on_page } else { format!("{of_version}: {on_page}") };
        let mut out = String::new();
        let mut rest = &*self.0;
        while let Some((before, name, after)) = next_name(rest) {
            out.push_str(before);
            let value: &str = match name {
                "task" => task,
                "version" => version,
                "page" => page,
                "place" => place,
                _ => &whole,
            };
            out.extend(utf8_percent_encode(value, WRITTEN));
            rest = after;
        }
        out + rest
    }
}

/// What stands before the first name in braces, the name, and what stands behind it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// Whether a text can be what stands in an address as it is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>{}".contains(&byte))
}

fn is_mail(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && is_plain(part) && !part.contains([':', '@', '?', '/']);
    text.split_once('@').is_some_and(|(name, host)| part(name) && part(host))
}

fn is_address(text: &str) -> bool {
    let Some(mut rest) = ["mailto:", "https://", "http://"].iter().find_map(|start| text.strip_prefix(start)) else {
        return false;
    };
    let is_empty = rest.is_empty();
    while let Some((before, name, after)) = next_name(rest) {
        if !is_plain(before) || !NAMES.contains(&name) {
            return false;
        }
        rest = after;
    }
    !is_empty && is_plain(rest)
}

impl FromYaml for AskAddress {
    fn schema() -> Json {
        let mail = "[!#-.0-9;=A-Z\\[-z|~]+@[!#-.0-9;=A-Z\\[-z|~]+";
        let plain = "[!#-;=?-z|~]";
        let names = NAMES.join("|");
        json!({
            "type": "string",
            "pattern": format!("^({mail}|(mailto:|https?://)({plain}|\\{{({names})\\}})+)$"),
            "examples": ["leads@example.org", "https://forms.example.org/ask?about={where}"],
        })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = node.text(diagnostics)?;
        if is_mail(text) {
            return Some(Self(format!("mailto:{text}?subject={{where}}")));
        }
        if !is_address(text) {
            let names = one_of(NAMES);
            node.wrong(
                &format!("a mail address, or one that begins with `mailto:` or `https://`; in braces {names}"),
                diagnostics,
            );
            return None;
        }
        Some(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_about_is_put_in_as_a_part_of_an_address() {
        let asked =
            AskedPlace { task: "t", version: "1.0.0".to_owned(), page: "tasks/t/index.html", place: "how-bad?&#x" };
        let of = |text: &str| AskAddress(text.to_owned()).of(&asked);
        assert_eq!(of("https://f.example/?t={task}&v={version}"), "https://f.example/?t=t&v=1.0.0");
        assert_eq!(
            of("https://f.example/?p={place}&{page}"),
            "https://f.example/?p=how-bad%3F%26%23x&tasks%2Ft%2Findex.html"
        );
        assert_eq!(
            of("mailto:a@b?subject={where}"),
            "mailto:a@b?subject=t%201.0.0%3A%20tasks%2Ft%2Findex.html%23how-bad%3F%26%23x"
        );
        let shared = AskedPlace { page: "pages/pay/index.html", ..AskedPlace::default() };
        assert_eq!(AskAddress("http://f/{where}".to_owned()).of(&shared), "http://f/pages%2Fpay%2Findex.html");
    }

    #[test]
    fn only_addresses_that_do_nothing_but_lead_are_taken() {
        for right in ["a.b+c@example.org", "mailto:a@b.c?subject={task}", "https://x/y?z={where}#q"] {
            assert!(is_mail(right) || is_address(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "javascript:x",
            "https://",
            "https://x/{other}",
            "https://x/{task",
            "https://x/\"",
            "https://x y",
            "a@b c",
            "data:text/html,x",
            "//x/{task}",
            "https://x/é",
            "a/b@c",
        ] {
            assert!(!is_mail(wrong) && !is_address(wrong), "{wrong}");
        }
    }
}
