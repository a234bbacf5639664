//! A finished page as its sections: what stands between one heading that has an id and the next.
//!
//! In: HTML as it is written. Out: for each section its heading, and the words in it. Ways (`nav`), scripts, and what a
//! template marks with `data-unsearched` are passed over: recorded runs, forms. It never sees a text that is not on the page.

use super::words;
use crate::markdown::unescaped;
use crate::text::tags;
use ahash::AHashSet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Write;
use std::sync::Arc;

/// A section of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSection<'s> {
    /// How deep its heading is, 1 for the page's own.
    pub level: u8,
    /// The id of its heading; empty for the page's own.
    pub id: &'s str,
    /// Its heading.
    pub title: &'s str,
    /// The words by which it is named, apart by spaces: of its heading, of the heading's id, and of terms it defines.
    pub names: &'s str,
    /// Its other words, likewise.
    pub words: &'s str,
}

/// The sections of a page as one text, which costs little to hold, and nothing to hold twice: a line a section, its parts
/// apart by tabs.
#[derive(Clone)]
pub struct PageSections(Arc<str>);

impl PageSections {
    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = PageSection<'_>> {
        self.0.lines().map(|line| {
            let mut parts = line.split('\t');
            let level = parts.next().and_then(|level| level.parse().ok()).unwrap_or(1);
            let [id, title, names, words] = std::array::from_fn(|_| parts.next().unwrap_or_default());
            PageSection { level, id, title, names, words }
        })
    }
}

impl Serialize for PageSections {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PageSections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// Room for the words of most sections.
const MANY_WORDS: usize = 128;

/// The part of a page that is searched.
pub fn main(html: &str) -> &str {
    let start = html.find("<main").unwrap_or(html.len());
    let end = html.rfind("</main>").unwrap_or(html.len()).max(start);
    &html[start..end]
}

/// The sections of a page, of which this is the part that is searched.
pub fn of(main: &str) -> PageSections {
    let mut reader = SectionReader::default();
    let mut rest = main;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = &rest[at + 1..];
        let end = tags::end(rest).unwrap_or(rest.len());
        reader.tag(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    reader.text(rest);
    reader.end_section();
    PageSections(reader.lines.into())
}

#[derive(Default)]
struct SectionReader {
    lines: String,
    /// The section that is being read.
    level: u8,
    id: String,
    title: String,
    names: String,
    text: String,
    /// Whether a heading is being read that begins the section, or a term that it defines.
    in_heading: bool,
    in_term: bool,
    /// The element that is passed over, and how many of its name are open in it.
    passed: Option<(String, usize)>,
}

impl SectionReader {
    fn text(&mut self, text: &str) {
        if self.passed.is_some() || text.is_empty() {
            return;
        }
        let text = unescaped(text);
        if self.in_heading {
            self.title.push_str(&text);
        } else if self.in_term {
            self.names.push_str(&text);
        } else {
            self.text.push_str(&text);
        }
    }

    /// A tag, by what stands inside it.
    fn tag(&mut self, inside: &str) {
        let is_end = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let name = inside.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        if let Some((passed, open)) = &mut self.passed {
            if name == passed {
                *open = if is_end { *open - 1 } else { *open + 1 };
            }
            if *open == 0 {
                self.passed = None;
            }
            return;
        }
        if tags::is_inline(name) {
            return;
        }
        for text in [&mut self.title, &mut self.names, &mut self.text] {
            if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
        }
        if !is_end && (matches!(name, "nav" | "script" | "style" | "template") || inside.contains(" data-unsearched")) {
            self.passed = Some((name.to_owned(), 1));
        } else if name == "dt" {
            self.in_term = !is_end;
        } else if let Some(level) = heading_level(name) {
            self.heading(level, if is_end { None } else { Some(attribute(inside, "id").unwrap_or_default()) });
        }
    }

    /// A heading begins, with its id, or ends.
    fn heading(&mut self, level: u8, begins: Option<&str>) {
        let Some(id) = begins else {
            self.in_heading = false;
            return;
        };
        if level == 1 || !id.is_empty() {
            self.end_section();
            (self.level, self.in_heading) = (level, true);
            // The page's own heading is the page.
            self.id = if level == 1 { String::new() } else { unescaped(id).into_owned() };
        }
    }

    fn end_section(&mut self) {
        if self.level > 0 {
            let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (id, title) = (line(&self.id), line(&self.title));
            let _ = write!(self.lines, "{}\t{id}\t{title}\t", self.level);
            let mut known = AHashSet::with_capacity(MANY_WORDS);
            let mut letters = [String::new(), String::new()];
            for text in [&title, &self.names, &id] {
                words::add(text, &mut letters[0]);
            }
            words::add(&self.text, &mut letters[1]);
            for (words, end) in letters.iter().zip(["\t", "\n"]) {
                for word in words.split_ascii_whitespace().filter(|word| known.insert(*word)) {
                    self.lines.push_str(word);
                    self.lines.push(' ');
                }
                self.lines.truncate(self.lines.trim_end_matches(' ').len());
                self.lines.push_str(end);
            }
        }
        [&mut self.id, &mut self.title, &mut self.names, &mut self.text].into_iter().for_each(String::clear);
    }
}

fn heading_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// The value of an attribute of a tag, as it is written.
fn attribute<'t>(inside: &'t str, name: &str) -> Option<&'t str> {
    let at = inside.find(&format!(" {name}=\""))? + name.len() + 3;
    inside[at..].split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_sections_without_ways_scripts_and_what_is_marked() {
        let page = of(main(
            "<header>Site</header><main id=\"m\"><nav>Way</nav><h1>A <b>p</b>age &amp; more</h1><p>Lead.</p>\
             <h2 id=\"spurious\">Not &lt;real&gt;</h2><dl><dt>trade-off</dt><dd>one for an<em>oth</em>er</dd></dl>\
             <section data-unsearched><section>log</section>ged</section><script>no()</script><h3>No id</h3> end</main>foot",
        ));
        let section = |level, id, title, names, words| PageSection { level, id, title, names, words };
        assert_eq!(
            page.iter().collect::<Vec<_>>(),
            [
                section(1, "", "A page & more", "a page more", "lead"),
                section(2, "spurious", "Not <real>", "not real trade off spurious", "one for another no id end"),
            ]
        );
    }

    #[test]
    fn what_is_no_page_has_no_sections() {
        for html in ["", "<p>text</p>", "<main>"] {
            assert_eq!(of(main(html)).iter().count(), 0, "{html}");
        }
        assert_eq!(of(main("<main><h1 title=\"a > b\">T")).iter().count(), 1);
    }
}
