//! Rendering: a projected text to HTML.
//!
//! In: a text in pieces, and a `Host` that says where links lead and what a trajectory block shows.
//! Out: HTML and the contents list. It never decides who may see what: the text is already projected.

use super::outline::mark_place;
use super::project::Pieces;
use super::{highlight, options, sanitize, slug};
use crate::text;
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd, html};
use std::collections::HashMap;
use std::ops::Range;

/// What rendering needs to know about the site.
pub trait Host {
    /// Where a link written as `target` in the file at `base` leads.
    fn link(&self, target: &str, base: &str) -> Destination;
    /// The HTML of a trajectory block with these arguments.
    fn trajectory(&self, arguments: &str) -> Option<String>;
    /// Whether `[!NAME]` is a passage for one audience.
    fn is_audience(&self, name: &str) -> bool;
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A page or file of the site, or a place on this page.
    Inside(String),
    /// Another site.
    Outside(String),
    /// Nowhere that this reader may go: only the link's text is shown.
    Nowhere,
}

/// A rendered text.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The HTML.
    pub html: String,
    /// Headings of level 2 and 3: level, id, text.
    pub contents: Vec<(u8, String, String)>,
}

/// Renders a text. `skip` is a range that is left out, such as a title shown elsewhere. `too_deep` is whether the text
/// goes deeper than is rendered.
pub fn render(pieces: &Pieces, skip: Option<&Range<usize>>, too_deep: bool, host: &dyn Host) -> Rendered {
    // A text that was sealed before there was a limit shows its HTML as text rather than take for ever.
    let raw = if too_deep { Raw::Refused } else { Raw::None };
    let mut writer = Writer {
        pieces,
        host,
        ids: slug::Ids::default(),
        footnotes: HashMap::new(),
        rendered: Rendered::default(),
        section: String::new(),
        raw,
        columns: TableColumns::default(),
        out: Vec::new(),
    };
    let mut events = Parser::new_ext(&pieces.text, options()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let skipped = skip.is_some_and(|skip| skip.start <= range.start && range.end <= skip.end);
        match event {
            Event::Start(Tag::Heading { id, .. }) if skipped => {
                let inner = take_until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
                writer.ids.next(id.as_deref(), &text_of(inner.iter().map(|(event, _)| event)));
            }
            _ if skipped => {}
            Event::Start(Tag::Heading { level, id, .. }) => {
                let inner = take_until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
                writer.heading(level as u8, id.as_deref(), inner);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let inner = take_until(&mut events, |end| matches!(end, TagEnd::CodeBlock));
                writer.code_block(&kind, &text_of(inner.iter().map(|(event, _)| event)));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let inner = take_until(&mut events, |end| matches!(end, TagEnd::Image));
                writer.image(&dest_url, &text_of(inner.iter().map(|(event, _)| event)), range.start);
            }
            event => writer.event(event, &range),
        }
    }
    writer.finish()
}

type RangedEvent<'a> = (Event<'a>, Range<usize>);

fn take_until<'a>(
    events: &mut impl Iterator<Item = RangedEvent<'a>>,
    is_end: fn(&TagEnd) -> bool,
) -> Vec<RangedEvent<'a>> {
    events.take_while(|(event, _)| !matches!(event, Event::End(end) if is_end(end))).collect()
}

fn text_of<'a, 'b: 'a>(events: impl Iterator<Item = &'a Event<'b>>) -> String {
    let mut out = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The id of a footnote, which no heading can have: theirs hold no `/`.
fn footnote_id(name: &str, count: usize) -> String {
    format!("footnote-{count}/{name}")
}

/// What became of the raw HTML of a text.
#[derive(Clone, Copy, PartialEq)]
enum Raw {
    /// There was none so far.
    None,
    /// Some was kept: the whole text must be cleaned.
    Kept,
    /// It is shown as text.
    Refused,
}

struct Writer<'a> {
    pieces: &'a Pieces,
    host: &'a dyn Host,
    ids: slug::Ids,
    /// How often each footnote was defined so far.
    footnotes: HashMap<CowStr<'a>, usize>,
    rendered: Rendered,
    /// The heading that what follows stands below.
    section: String,
    raw: Raw,
    columns: TableColumns,
    out: Vec<Event<'a>>,
}

/// The columns of the table that is being written.
#[derive(Default)]
struct TableColumns {
    alignments: Vec<Alignment>,
    /// Which column comes next.
    next: usize,
    /// Whether this is the table's head.
    head: bool,
}

impl<'a> Writer<'a> {
    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::Html(html.into()));
    }

    fn inline(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    fn event(&mut self, event: Event<'a>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Link { dest_url, title, .. }) => self.open_link(&dest_url, &title, range.start),
            Event::End(TagEnd::Link) => self.inline("</a>"),
            Event::Start(Tag::BlockQuote(kind)) => self.open_quote(kind, range),
            Event::End(TagEnd::BlockQuote(_)) => self.html("</blockquote>\n"),
            Event::Start(Tag::Table(alignments)) => self.open_table(alignments),
            Event::End(TagEnd::Table) => self.html("</tbody></table>\n</div>\n"),
            Event::Start(Tag::TableHead) => self.open_row("<thead><tr>", true),
            Event::End(TagEnd::TableHead) => self.html("</tr></thead><tbody>\n"),
            Event::Start(Tag::TableRow) => self.open_row("<tr>", false),
            Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
            Event::Start(Tag::TableCell) => self.open_cell(),
            Event::End(TagEnd::TableCell) => self.html(if self.columns.head { "</th>" } else { "</td>" }),
            Event::FootnoteReference(name) => self.out.push(Event::FootnoteReference(footnote_id(&name, 1).into())),
            Event::Start(Tag::FootnoteDefinition(name)) => self.open_footnote(&name),
            Event::Html(html) | Event::InlineHtml(html) if self.raw == Raw::Refused => self.out.push(Event::Text(html)),
            Event::Html(html) => {
                self.raw = Raw::Kept;
                self.html(html);
            }
            Event::InlineHtml(html) => {
                self.raw = Raw::Kept;
                self.inline(html);
            }
            other => self.out.push(other),
        }
    }

    fn heading(&mut self, level: u8, own: Option<&str>, inner: Vec<RangedEvent<'a>>) {
        let text = text_of(inner.iter().map(|(event, _)| event));
        let id = self.ids.next(own, &text);
        self.html(format!("<h{level} id=\"{0}\"><a class=\"anchor\" href=\"#{0}\">", text::html(&id)));
        let mut inner = inner.into_iter();
        while let Some((event, range)) = inner.next() {
            match event {
                Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link) => {}
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let alt = take_until(&mut inner, |end| matches!(end, TagEnd::Image));
                    self.image(&dest_url, &text_of(alt.iter().map(|(event, _)| event)), range.start);
                }
                event => self.event(event, &range),
            }
        }
        self.html(format!("</a></h{level}>\n"));
        self.section.clone_from(&text);
        if (2..=3).contains(&level) {
            self.rendered.contents.push((level, id, text));
        }
    }

    fn open_table(&mut self, alignments: Vec<Alignment>) {
        self.columns.alignments = alignments;
        let label = if self.section.is_empty() { "Table" } else { &self.section };
        let label = text::html(label);
        self.html(format!("<div class=\"scroll\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\"><table>"));
    }

    fn open_row(&mut self, tag: &'static str, head: bool) {
        (self.columns.next, self.columns.head) = (0, head);
        self.html(tag);
    }

    /// Alignment is a class: a style of its own is what the policy of every page forbids.
    fn open_cell(&mut self) {
        let alignment = self.columns.alignments.get(self.columns.next);
        self.columns.next += 1;
        let tag = match (self.columns.head, alignment) {
            (true, Some(Alignment::Center)) => "<th class=\"center\">",
            (true, Some(Alignment::Right)) => "<th class=\"end\">",
            (true, _) => "<th>",
            (false, Some(Alignment::Center)) => "<td class=\"center\">",
            (false, Some(Alignment::Right)) => "<td class=\"end\">",
            (false, _) => "<td>",
        };
        self.html(tag);
    }

    fn open_link(&mut self, target: &str, title: &str, offset: usize) {
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", text::html(title)) };
        let tag = match self.host.link(target, self.pieces.base(offset)) {
            Destination::Inside(url) => format!("<a href=\"{}\"{title}>", text::html(&url)),
            Destination::Outside(url) => {
                format!("<a href=\"{}\" rel=\"noopener noreferrer\"{title}>", text::html(&url))
            }
            Destination::Nowhere => "<a class=\"nowhere\">".to_owned(),
        };
        self.inline(tag);
    }

    /// An image of the site; one from elsewhere becomes a link, because no request may leave.
    fn image(&mut self, target: &str, alt: &str, offset: usize) {
        let shown = if alt.is_empty() { target } else { alt };
        let tag = match self.host.link(target, self.pieces.base(offset)) {
            Destination::Inside(url) => {
                format!("<img src=\"{}\" alt=\"{}\" loading=\"lazy\">", text::html(&url), text::html(alt))
            }
            Destination::Outside(url) => {
                format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", text::html(&url), text::html(shown))
            }
            Destination::Nowhere => text::html(shown),
        };
        self.inline(tag);
    }

    /// References lead to the first footnote of their name; another one has an id all the same.
    fn open_footnote(&mut self, name: &CowStr<'a>) {
        let count = self.footnotes.entry(name.clone()).or_default();
        *count += 1;
        self.out.push(Event::Start(Tag::FootnoteDefinition(footnote_id(name, *count).into())));
    }

    fn open_quote(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) {
        let (class, title) = match kind {
            None => return self.open_plain_quote(range),
            Some(BlockQuoteKind::Note) => ("note", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "Caution"),
        };
        self.html(format!("<blockquote class=\"alert {class}\">\n<p class=\"alert-title\">{title}</p>\n"));
    }

    /// A passage for one audience says so; its mark stays in the text, where everyone who sees it knows it.
    fn open_plain_quote(&mut self, range: &Range<usize>) {
        let inner = mark_place(&self.pieces.text, range).map_or("", |at| &self.pieces.text[at..range.end]);
        let name = inner.strip_prefix("[!").and_then(|rest| rest.split_once(']')).map(|(name, _)| name.to_lowercase());
        let narrowed = name.is_some_and(|name| self.host.is_audience(&name));
        self.html(if narrowed { "<blockquote class=\"alert narrowed\">\n" } else { "<blockquote>\n" });
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>, code: &str) {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        let (name, arguments) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
        if name == "trajectory"
            && let Some(html) = self.host.trajectory(arguments.trim())
        {
            return self.html(html);
        }
        let language = name.split(['{', ',']).next().unwrap_or("");
        let inner = highlight::highlight(language, code).unwrap_or_else(|| text::html(code));
        self.html(format!("<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>{inner}</code></pre>\n"));
    }

    fn finish(mut self) -> Rendered {
        let mut out = String::with_capacity(self.pieces.text.len() * 2);
        html::push_html(&mut out, self.out.into_iter());
        self.rendered.html = if self.raw == Raw::Kept { sanitize::clean(&out) } else { out };
        self.rendered
    }
}

#[cfg(test)]
mod tests {
    use super::super::outline::Outline;
    use super::*;

    /// Nothing is linked and nobody is an audience.
    struct Nowhere;

    impl Host for Nowhere {
        fn link(&self, _: &str, _: &str) -> Destination {
            Destination::Nowhere
        }

        fn trajectory(&self, _: &str) -> Option<String> {
            None
        }

        fn is_audience(&self, _: &str) -> bool {
            false
        }
    }

    fn rendered(text: &str) -> Rendered {
        render(&Pieces::whole(text.into(), "a.md".into()), None, false, &Nowhere)
    }

    #[test]
    fn a_heading_of_two_lines_has_the_id_that_links_are_checked_against() {
        let text = "One\ntwo\n---\n";
        let heading = &Outline::of(text).headings[0];
        assert_eq!(rendered(text).contents, [(2, heading.id.clone(), heading.text.clone())]);
        assert_eq!(heading.id, "one-two");
    }

    #[test]
    fn columns_are_aligned_without_a_style() {
        let html = rendered("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n").html;
        assert!(html.contains("<tr><th>a</th><th class=\"center\">b</th><th class=\"end\">c</th></tr>"), "{html}");
        assert!(html.contains("<tr><td>1</td><td class=\"center\">2</td><td class=\"end\">3</td></tr>"), "{html}");
        assert!(!html.contains("style"), "{html}");
    }

    #[test]
    fn no_id_stands_twice_with_footnotes_either() {
        let html = rendered("# a\n\nx[^a]\n\n[^a]: y\n\n[^a]: z\n").html;
        for id in ["id=\"a\"", "id=\"footnote-1/a\"", "id=\"footnote-2/a\"", "href=\"#footnote-1/a\""] {
            assert_eq!(html.matches(id).count(), 1, "{id} in {html}");
        }
    }
}
