//! Raw HTML in Markdown: its tags, with their places.
//!
//! In: the HTML of one block, or one inline tag, as the parser gives it. Out: parts in order, each with where it stands
//! in the text. It reads as a browser does, and never judges what it reads: that is `sanitize`.

use goldbook_ground::text::numbered_character;
use pulldown_cmark::Event;
use std::borrow::Cow;
use std::ops::Range;

/// A piece of raw HTML, free of what stands before its lines in the text (such as `> `).
#[derive(Debug, Default)]
pub struct RawHtml {
    /// The HTML.
    pub html: String,
    /// From which byte on the HTML comes from which byte of the text.
    places: Vec<(usize, usize)>,
    /// Where it ends in the text.
    end: usize,
}

/// A part of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum HtmlPart<'a> {
    /// What is no tag.
    Text(&'a str),
    /// A tag.
    Tag(HtmlTag<'a>),
    /// A comment, and whether it is closed.
    Comment(bool),
    /// `<!DOCTYPE …>`, `<?php … ?>`, `<![CDATA[ … ]]>`.
    Declaration,
    /// What stands in an element that holds something else than HTML.
    Code,
}

/// A tag as it is written.
#[derive(Debug, PartialEq, Eq)]
pub struct HtmlTag<'a> {
    /// Its name in lower case.
    pub name: Cow<'a, str>,
    /// Whether it ends an element.
    pub closes: bool,
    /// Its attributes in order.
    pub attributes: Vec<HtmlAttribute<'a>>,
}

impl HtmlTag<'_> {
    /// The ids that it gives: places that links can lead to.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(|attribute| self.is_id(attribute)).map(|attribute| &*attribute.value)
    }

    /// Whether an attribute of it gives an id.
    pub fn is_id(&self, attribute: &HtmlAttribute<'_>) -> bool {
        attribute.name == "id" || self.name == "a" && attribute.name == "name"
    }
}

/// An attribute as it is written.
#[derive(Debug, PartialEq, Eq)]
pub struct HtmlAttribute<'a> {
    /// Its name in lower case.
    pub name: Cow<'a, str>,
    /// Its value, entities read.
    pub value: Cow<'a, str>,
}

/// Elements that hold something else than HTML: a program, a style, a drawing, a formula, a thing for a program.
const CODE: [&str; 5] = ["math", "script", "style", "svg", TEMPLATE];
/// An element whose content no browser shows.
pub const TEMPLATE: &str = "template";

impl RawHtml {
    /// Adds the HTML of an event; others add nothing.
    pub fn add(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if let Event::Html(html) | Event::InlineHtml(html) | Event::Text(html) = event {
            self.places.push((self.html.len(), range.start));
            self.html.push_str(html);
            self.end = range.end;
        }
    }

    /// One piece of HTML from one place.
    pub fn of(event: &Event<'_>, range: &Range<usize>) -> Self {
        let mut raw = Self::default();
        raw.add(event, range);
        raw
    }

    /// Where a range of the HTML stands in the text.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| {
            let line = self.places.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
            self.places.get(line).map_or(0, |(start, place)| place + (offset - start))
        };
        let end = if range.end >= self.html.len() { self.end } else { at(range.end) };
        at(range.start)..end.max(at(range.start))
    }

    /// Its parts in order, with their ranges.
    pub fn parts(&self) -> Vec<(HtmlPart<'_>, Range<usize>)> {
        parts(&self.html)
    }
}

impl<'a> HtmlTag<'a> {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| &*attribute.value)
    }
}

/// The parts of some HTML. What never ends is looked for once.
fn parts(html: &str) -> Vec<(HtmlPart<'_>, Range<usize>)> {
    let mut parts = Vec::new();
    let mut endless = [false; CODE.len()];
    let mut text_from = 0;
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', &html.as_bytes()[from..]).map(|at| from + at) {
        let (part, end) = match part_at(html, at) {
            HtmlStart::HtmlPart(part, end) => (part, end),
            HtmlStart::Text => {
                from = at + 1;
                continue;
            }
            HtmlStart::Unfinished => break,
        };
        if at > text_from {
            parts.push((HtmlPart::Text(&html[text_from..at]), text_from..at));
        }
        let code = match &part {
            HtmlPart::Tag(tag) if !tag.closes => CODE.iter().position(|name| tag.name == *name),
            _ => None,
        };
        parts.push((part, at..end));
        from = end;
        if let Some(element) = code.filter(|element| !endless[*element]) {
            match closing(html, end, CODE[element]) {
                Some(close) if close > end => {
                    parts.push((HtmlPart::Code, end..close));
                    from = close;
                }
                Some(_) => {}
                None => endless[element] = true,
            }
        }
        text_from = from;
    }
    if html.len() > text_from {
        parts.push((HtmlPart::Text(&html[text_from..]), text_from..html.len()));
    }
    parts
}

/// Where the closing tag of an element begins whose text holds no tags; none if it is not closed.
fn closing(html: &str, from: usize, name: &str) -> Option<usize> {
    let named = |at: &usize| {
        html.as_bytes()[at + 2..].get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memmem::find_iter(&html.as_bytes()[from..], "</").map(|at| from + at).find(named)
}

/// What a `<` begins.
enum HtmlStart<'a> {
    /// This part, which ends here.
    HtmlPart(HtmlPart<'a>, usize),
    /// Nothing.
    Text,
    /// A tag without an end, so that nothing after it begins anything either.
    Unfinished,
}

fn part_at(html: &str, at: usize) -> HtmlStart<'_> {
    let rest = &html[at..];
    let end =
        |mark: &str, from: usize| rest[from.min(rest.len())..].find(mark).map(|found| at + from + found + mark.len());
    let declaration =
        |mark: &str, from: usize| HtmlStart::HtmlPart(HtmlPart::Declaration, end(mark, from).unwrap_or(html.len()));
    if rest.starts_with("<!--") {
        // `<!-->` is a whole comment.
        let end = end("-->", 2);
        return HtmlStart::HtmlPart(HtmlPart::Comment(end.is_some()), end.unwrap_or(html.len()));
    }
    let tag_at = |start: usize| rest[start..].starts_with(|c: char| c.is_ascii_alphabetic());
    match rest.as_bytes().get(1) {
        Some(b'!') if rest.starts_with("<![CDATA[") => declaration("]]>", 9),
        Some(b'!') => declaration(">", 2),
        Some(b'?') => declaration("?>", 2),
        Some(b'/') if tag_at(2) => tag(html, at, true),
        Some(_) if tag_at(1) => tag(html, at, false),
        _ => HtmlStart::Text,
    }
}

fn tag(html: &str, at: usize, closes: bool) -> HtmlStart<'_> {
    read_tag(html, at, closes).map_or(HtmlStart::Unfinished, |(tag, end)| HtmlStart::HtmlPart(HtmlPart::Tag(tag), end))
}

fn read_tag(html: &str, at: usize, closes: bool) -> Option<(HtmlTag<'_>, usize)> {
    let start = at + 1 + usize::from(closes);
    let length = html[start..].find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))?;
    let name = lower(&html[start..start + length]);
    let mut attributes = Vec::new();
    let mut from = start + length;
    loop {
        from += html[from..].find(|c: char| !c.is_whitespace() && c != '/')?;
        if html[from..].starts_with('>') {
            return Some((HtmlTag { name, closes, attributes }, from + 1));
        }
        let (attribute, end) = attribute(html, from)?;
        attributes.push(attribute);
        from = end;
    }
}

/// The attribute at a place of a tag, and where it ends.
fn attribute(html: &str, from: usize) -> Option<(HtmlAttribute<'_>, usize)> {
    // An attribute may begin with `=`, which is then a part of its name.
    let first = html[from..].chars().next()?.len_utf8();
    let length = html[from + first..].find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
    let end = from + first + length;
    let name = lower(&html[from..end]);
    let Some(value) = html[end..].trim_start().strip_prefix('=').map(str::trim_start) else {
        return Some((HtmlAttribute { name, value: Cow::Borrowed("") }, end));
    };
    let start = html.len() - value.len();
    let (value, end) = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let length = value[1..].find(quote)?;
            (&value[1..=length], start + length + 2)
        }
        _ => {
            let length = value.find(|c: char| c.is_whitespace() || c == '>')?;
            (&value[..length], start + length)
        }
    };
    Some((HtmlAttribute { name, value: unescaped(value) }, end))
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

/// Text with the entities read that stand in addresses and names.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').and_then(|end| Some((entity(&rest[1..end])?, end + 1)));
        let (character, length) = entity.unwrap_or(('&', 1));
        out.push(character);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("colon", ':'), ("Tab", '\t')];
    let known = known.into_iter().chain([("NewLine", '\n'), ("sol", '/'), ("nbsp", '\u{a0}')]);
    let known = known.into_iter().find(|(known, _)| *known == name).map(|(_, character)| character);
    known.or_else(|| numbered_character(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(html: &str) -> Vec<String> {
        let shown = |(part, _): (HtmlPart<'_>, Range<usize>)| match part {
            HtmlPart::Text(text) => text.to_owned(),
            HtmlPart::Tag(tag) => {
                let attributes: Vec<String> =
                    tag.attributes.iter().map(|found| format!(" {}={}", found.name, found.value)).collect();
                format!("{}{}{}", if tag.closes { "/" } else { "" }, tag.name, attributes.concat())
            }
            HtmlPart::Comment(closed) => format!("comment {closed}"),
            HtmlPart::Declaration => "declaration".to_owned(),
            HtmlPart::Code => "code".to_owned(),
        };
        parts(html).into_iter().map(shown).collect()
    }

    #[test]
    fn tags_are_read_as_browsers_read_them() {
        assert_eq!(
            names("a<B Class='x y' hidden src=\"a&amp;b\">c</b >"),
            ["a", "b class=x y hidden= src=a&b", "c", "/b"]
        );
        assert_eq!(names("<img src=a.png/><br/>"), ["img src=a.png/", "br"]);
        assert_eq!(names("1 < 2 <3 <!--> <!-- a"), ["1 < 2 <3 ", "comment true", " ", "comment false"]);
        assert_eq!(names("<script>if (a<b) x()</script>d"), ["script", "code", "/script", "d"]);
        assert_eq!(names("<a href=x <b> \"c"), ["a href=x <b=", " \"c"]);
        assert_eq!(names("<i>a</i> <a href=\"x <b>"), ["i", "a", "/i", " <a href=\"x <b>"]);
        assert_eq!(names("<a title=\"<b>\">"), ["a title=<b>"]);
        assert_eq!(names("<?php x ?><!DOCTYPE a><![CDATA[ > ]]>"), ["declaration"; 3]);
    }

    proptest! {
        #[test]
        fn parts_are_all_of_the_html(html in "[<>/!a\"'= \n?-]{0,40}") {
            let mut at = 0;
            for (_, range) in parts(&html) {
                prop_assert_eq!(range.start, at);
                at = range.end;
            }
            prop_assert_eq!(at, html.len());
        }
    }
}
