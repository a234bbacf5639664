//! Terms on a page: words of the glossary, and values of the rubric, each where it first stands in a section.
//!
//! In: the HTML of a text, the words that the site defines, and the values that its rubric lists. Out: the same HTML with a
//! button at each word (the page shows its note) and a link at each value that stands as code. Headings, links, other code,
//! recorded runs and what a reader is asked are left as they are.

use super::relative;
use super::view::TermView;
use crate::document::Rubric;
use crate::model::Glossary;
use crate::text::{self, tags};
use ahash::AHashMap;
use std::collections::BTreeSet;

/// Elements in which nothing is marked.
const LEFT: [&str; 15] =
    ["a", "button", "code", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "pre", "samp", "summary"];

/// The class of what shows steps of a run within a text.
pub const EXCERPT: &str = "excerpt";

/// Classes of elements in which nothing is marked: recorded runs, and what a reader is asked.
const LEFT_CLASSES: [&str; 2] = [EXCERPT, "quiz"];

/// What is marked on a page.
pub struct PageTerms<'g> {
    /// The words that the site defines, where they are marked.
    pub glossary: Option<&'g Glossary>,
    /// The values that the rubric of the page's edition lists.
    pub values: Option<ListedValues>,
}

/// The values of a rubric, as a text of HTML says them.
pub struct ListedValues {
    /// By value: the criteria that have it, each with where it is listed.
    by_value: AHashMap<String, Vec<(String, String)>>,
    /// What ids of the text begin with on its page.
    prefix: String,
}

impl ListedValues {
    /// Those of a rubric; `url` leads to a place of its page.
    pub fn of(rubric: &Rubric, prefix: &str, url: impl Fn(&str) -> String) -> Self {
        let mut by_value: AHashMap<String, Vec<(String, String)>> = AHashMap::new();
        for criterion in &rubric.criteria {
            for value in criterion.scale.values() {
                if let Some(id) = value_id(&criterion.id, value) {
                    by_value.entry(text::html(value)).or_default().push((criterion.id.clone(), url(&id)));
                }
            }
        }
        Self { by_value, prefix: prefix.to_owned() }
    }

    /// Where a value is listed: of several criteria that have it the one in whose section it stands, else of none.
    fn url(&self, value: &str, section: &str) -> Option<&str> {
        let found = self.by_value.get(value)?;
        let of_section = || found.iter().find(|(criterion, _)| section.strip_prefix(&*self.prefix) == Some(criterion));
        let (_, url) = if let [only] = found.as_slice() { Some(only) } else { of_section() }?;
        Some(url)
    }
}

/// The id of the row that lists a value; none of a number, which may say anything, and of what no link could name.
pub fn value_id(criterion: &str, value: &str) -> Option<String> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_word = value.chars().any(char::is_alphabetic) && value.chars().all(is_plain);
    is_word.then(|| format!("value/{criterion}/{value}"))
}

impl PageTerms<'_> {
    /// A text with its terms marked, and which words of the glossary's these are.
    pub fn mark(&self, page: &str) -> (String, BTreeSet<usize>) {
        let mut marked = MarkedText {
            terms: self,
            html: String::with_capacity(page.len() + page.len() / 8),
            left: None,
            section: String::new(),
            in_section: BTreeSet::new(),
            values_in_section: BTreeSet::new(),
            all: BTreeSet::new(),
        };
        let mut rest = page;
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            marked.text(&rest[..at]);
            rest = &rest[at..];
            let length = marked.value(rest).unwrap_or_else(|| {
                let length = tags::end(&rest[1..]).map_or(rest.len(), |end| end + 2);
                marked.tag(&rest[..length]);
                length
            });
            rest = &rest[length..];
        }
        marked.text(rest);
        (marked.html, marked.all)
    }
}

struct MarkedText<'t> {
    terms: &'t PageTerms<'t>,
    html: String,
    /// The element in which nothing is marked, and how often it was opened in itself.
    left: Option<(String, usize)>,
    /// The id of the heading that was passed last.
    section: String,
    /// The words and values of this section so far, and the words of all.
    in_section: BTreeSet<usize>,
    values_in_section: BTreeSet<String>,
    all: BTreeSet<usize>,
}

impl MarkedText<'_> {
    fn text(&mut self, text: &str) {
        let Some(glossary) = self.terms.glossary.filter(|_| self.left.is_none()) else {
            return self.html.push_str(text);
        };
        let mut from = 0;
        for (range, term) in glossary.find(text) {
            if self.in_section.insert(term) {
                self.all.insert(term);
                let id = text::html(&id(&glossary.terms[term].id));
                let word = &text[range.clone()];
                self.html.push_str(&text[from..range.start]);
                self.html.push_str(&format!(
                    "<button type=\"button\" class=\"term\" popovertarget=\"{id}\">{word}</button>"
                ));
                from = range.end;
            }
        }
        self.html.push_str(&text[from..]);
    }

    /// Links a value that stands as code at the beginning of a text; how long it is there.
    fn value(&mut self, text: &str) -> Option<usize> {
        let values = self.terms.values.as_ref().filter(|_| self.left.is_none())?;
        let (value, _) = text.strip_prefix("<code>")?.split_once("</code>")?;
        let url = values.url(value, &self.section)?;
        let code = format!("<code>{value}</code>");
        match self.values_in_section.insert(value.to_owned()) {
            true => self.html.push_str(&format!("<a class=\"value\" href=\"{}\">{code}</a>", text::html(url))),
            false => self.html.push_str(&code),
        }
        Some(code.len())
    }

    fn tag(&mut self, tag: &str) {
        self.html.push_str(tag);
        let (name, opens) = match tag[1..].strip_prefix('/') {
            Some(rest) => (rest, false),
            None => (&tag[1..], true),
        };
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        if opens && matches!(name.as_bytes(), [b'h', b'1'..=b'6']) {
            attribute(tag, "id").clone_into(&mut self.section);
            self.in_section.clear();
            self.values_in_section.clear();
        }
        match &mut self.left {
            Some((left, depth)) if *left == name && opens => *depth += 1,
            Some((left, depth)) if *left == name && *depth > 0 => *depth -= 1,
            Some((left, _)) if *left == name => self.left = None,
            Some(_) => {}
            None if opens && (LEFT.contains(&&*name) || (name == "div" && has_left_class(tag))) => {
                self.left = Some((name, 0));
            }
            None => {}
        }
    }
}

fn has_left_class(tag: &str) -> bool {
    attribute(tag, "class").split(' ').any(|class| LEFT_CLASSES.contains(&class))
}

/// An attribute as tags that are written here have it.
fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next());
    value.unwrap_or_default()
}

/// The id of a term's note, which no heading can have: theirs hold no `/`.
fn id(term: &str) -> String {
    format!("word/{term}")
}

/// The note of a term, on the page at `path` of a site whose glossary is at `address`.
pub fn note(glossary: &Glossary, term: usize, path: &str, address: &str) -> TermView {
    let term = &glossary.terms[term];
    let place = term.place.as_ref().map_or(String::new(), |place| format!("#{place}"));
    TermView {
        id: id(&term.id),
        title: term.names.join(", "),
        definition: term.definition.clone(),
        url: format!("{}{place}", relative(path, address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::glossary::Term;
    use proptest::prelude::*;

    const PARTS: [&str; 18] = [
        "<p>",
        "</p>",
        "a step ",
        "Steps",
        " tool\ncall, ",
        "<h2 id=\"mistakes\">",
        "</h2>",
        "<code>",
        "</code>",
        "<code>ignored-error</code>",
        "<a href=\"x>y\">",
        "</a>",
        "<div class=\"excerpt\">",
        "<div>",
        "</div>",
        "&lt;",
        "<",
        "<div class=\"quiz\">",
    ];

    fn glossary() -> Glossary {
        let term = |id: &str, name: &str| Term {
            id: id.to_owned(),
            place: None,
            names: vec![name.to_owned()],
            definition: "d".to_owned(),
        };
        Glossary::of_terms(vec![term("step", "Step"), term("call", "Tool call")], "en").unwrap()
    }

    proptest! {
        /// Whatever is marked, the text is what it was.
        #[test]
        fn marks_take_nothing_away(parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..24)) {
            let page = parts.concat();
            let glossary = glossary();
            let by_value = [("ignored-error".to_owned(), vec![("mistakes".to_owned(), "u".to_owned())])];
            let values = Some(ListedValues { by_value: by_value.into_iter().collect(), prefix: String::new() });
            let (html, words) = PageTerms { glossary: Some(&glossary), values }.mark(&page);
            let mut plain = html.clone();
            for id in ["step", "call"] {
                plain = plain.replace(&format!("<button type=\"button\" class=\"term\" popovertarget=\"word/{id}\">"), "");
            }
            let value = "<a class=\"value\" href=\"u\"><code>ignored-error</code></a>";
            plain = plain.replace("</button>", "").replace(value, "<code>ignored-error</code>");
            prop_assert_eq!(plain, page);
            prop_assert_eq!(words.is_empty(), !html.contains("<button"));
        }
    }
}
