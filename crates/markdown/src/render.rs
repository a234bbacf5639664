//! Rendering: a projected text to HTML.
//!
//! In: a text in pieces, and a `Host` that says where links lead and what a trajectory block shows.
//! Out: HTML and the contents list. It never decides who may see what: the text is already projected.

#[cfg(test)]
mod tests;

use super::conservation::SpokenText;
use super::events::MarkdownText;
use super::highlight;
use super::outline::Outline;
use super::project::Pieces;
use super::quiz::{self, Quiz};
use super::quote_mark::{mark, mark_place};
use super::raw_html::{HtmlPart, HtmlTag, RawHtml};
use super::rules::RuleMark;
use super::sanitize::{self, Treatment};
use super::{RangedEvent, is_quiz};
use goldbook_ground::text;
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, Tag, TagEnd, html};
use std::collections::HashMap;
use std::ops::Range;

/// What rendering needs to know about the site.
pub trait Host {
    /// Where the link that stands at byte `offset` of the text leads.
    fn link(&self, offset: usize) -> Destination;
    /// The HTML of a trajectory block with these arguments.
    fn trajectory(&self, arguments: &str) -> Option<String>;
    /// Whether `[!NAME]` is a passage for one audience.
    fn is_audience(&self, name: &str) -> bool;
    /// Where the text stands on its page.
    fn part(&self) -> &PagePart;
}

/// Where a text stands on a page that shows several.
#[derive(Clone, Debug, Default)]
pub struct PagePart {
    /// What its ids begin with there, with a `/` at the end; empty where it stands alone, or is the first.
    pub prefix: String,
    /// By how many levels its headings are lower; 0 where it stands alone.
    pub lower: u8,
}

impl PagePart {
    /// A text that has its page for itself.
    pub fn alone() -> &'static Self {
        static ALONE: PagePart = PagePart { prefix: String::new(), lower: 0 };
        &ALONE
    }

    /// Whether no other text is on the page.
    pub fn is_alone(&self) -> bool {
        self.lower == 0
    }

    /// The id of the part as a whole: no heading of another part has one that ends so.
    pub fn top(&self) -> &str {
        if self.prefix.is_empty() { "page/text" } else { &self.prefix }
    }

    /// What an id of the text is called on the page.
    pub fn id(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    /// The level that a heading has on the page.
    fn level(&self, level: u8) -> u8 {
        (level + self.lower).min(6)
    }
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
    /// What stands in the heading that is shown as the page's title, as HTML; none where it is left out.
    pub title: Option<String>,
    /// Ranges of the text whose words are not in the HTML.
    pub lost: Vec<Range<usize>>,
}

/// Renders a text, whose outline has the ids. `skip` are ranges that are left out, such as a title shown elsewhere.
pub fn render(pieces: &Pieces, outline: &Outline, skip: &[Range<usize>], host: &dyn Host) -> Rendered {
    // A text that was sealed before there was a limit shows its HTML as text rather than take for ever.
    let raw = if outline.too_deep.is_some() { Raw::Refused } else { Raw::None };
    let mut writer = Writer {
        pieces,
        host,
        outline,
        footnotes: HashMap::new(),
        rendered: Rendered::default(),
        section: String::new(),
        raw,
        columns: TableColumns::default(),
        in_quiz: false,
        out: Vec::new(),
    };
    let reading = MarkdownText::of(&pieces.text);
    let mut said = SpokenText::with_room(pieces.text.len());
    let is_skipped = |range: &Range<usize>| skip.iter().any(|skip| skip.start <= range.start && range.end <= skip.end);
    let is_title = |range: &Range<usize>| outline.title.as_ref().is_some_and(|title| title.start == range.start);
    let mut events = reading.events().inspect(|(event, range)| {
        if !is_skipped(range) {
            said.pass(event, range);
        }
    });
    while let Some((event, range)) = events.next() {
        let skipped = is_skipped(&range);
        match event {
            Event::Start(Tag::Heading { .. }) if skipped && is_title(&range) => {
                let inner = take_until(&mut events, |end| matches!(end, TagEnd::Heading(_)));
                writer.title(inner);
            }
            _ if skipped => {}
            event => writer.pass(event, range, &mut events),
        }
    }
    drop(events);
    writer.finish(&said)
}

/// What opens a block of code: a long line of it is moved sideways, by keys, too.
pub const CODE_BEGINS: &str = "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>";
/// What closes it.
pub const CODE_ENDS: &str = "</code></pre>\n";

fn take_until<'a>(
    events: &mut (impl Iterator<Item = RangedEvent<'a>> + ?Sized),
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
    outline: &'a Outline,
    /// How often each footnote was defined so far.
    footnotes: HashMap<CowStr<'a>, usize>,
    rendered: Rendered,
    /// The heading that what follows stands below.
    section: String,
    raw: Raw,
    columns: TableColumns,
    /// Whether what is written stands in a quiz.
    in_quiz: bool,
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
    /// Writes an event, and those that belong to it: they are taken from what follows.
    fn pass(&mut self, event: Event<'a>, range: Range<usize>, following: &mut dyn Iterator<Item = RangedEvent<'a>>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let inner = take_until(following, |end| matches!(end, TagEnd::Heading(_)));
                self.heading(level as u8, range.start, inner);
            }
            Event::Start(Tag::CodeBlock(kind)) if is_quiz(&kind) && !self.in_quiz => {
                self.quiz(&quiz::inside(following));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let inner = take_until(following, |end| matches!(end, TagEnd::CodeBlock));
                self.code_block(&kind, &text_of(inner.iter().map(|(event, _)| event)));
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let inner = take_until(following, |end| matches!(end, TagEnd::Image));
                self.image(&dest_url, &text_of(inner.iter().map(|(event, _)| event)), &title, range.start);
            }
            Event::Start(Tag::HtmlBlock) => {
                let mut raw = RawHtml::default();
                let inner = take_until(following, |end| matches!(end, TagEnd::HtmlBlock));
                inner.iter().for_each(|(event, range)| raw.add(event, range));
                self.raw(&raw);
            }
            event => self.event(event, &range),
        }
    }

    fn write(&mut self, events: &[RangedEvent<'a>]) {
        let mut events = events.iter().cloned();
        while let Some((event, range)) = events.next() {
            self.pass(event, range, &mut events);
        }
    }

    /// A question, its answers by number, and folded below which are right and why. A script makes fields of the answers.
    /// What can't be asked is shown as it is said.
    fn quiz(&mut self, inner: &[RangedEvent<'a>]) {
        self.in_quiz = true;
        self.html("<div class=\"quiz\" role=\"group\" aria-label=\"Question\">\n");
        match Quiz::of(inner) {
            Some(quiz) => self.asked(&quiz, inner),
            None => self.write(inner),
        }
        self.html("</div>\n");
        self.in_quiz = false;
    }

    fn asked(&mut self, quiz: &Quiz, inner: &[RangedEvent<'a>]) {
        self.html("<div class=\"question\">\n");
        self.write(&inner[quiz.question.clone()]);
        self.html("</div>\n<ol class=\"choices\">\n");
        for answer in &quiz.answers {
            self.html("<li>");
            let parts = [answer.before.clone(), answer.after.clone()];
            self.write(&parts.map(|part| &inner[part]).concat());
            self.html("</li>\n");
        }
        let right = quiz.answers.iter().zip(1..).filter(|(answer, _)| answer.is_right);
        let right: Vec<String> = right.map(|(_, number)| format!("<strong>{number}</strong>")).collect();
        let right = right.join(", ");
        self.html(format!(
            "</ol>\n<details class=\"solution\"><summary>Answer</summary>\n<p class=\"right\">Right: {right}</p>\n"
        ));
        self.write(&inner[quiz.explanation.clone()]);
        self.html("</details>\n");
    }

    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::Html(html.into()));
    }

    fn inline(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    fn event(&mut self, event: Event<'a>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Link { title, .. }) => self.open_link(&title, range.start),
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
            Event::FootnoteReference(name) => {
                let id = self.host.part().id(&footnote_id(&name, 1));
                self.out.push(Event::FootnoteReference(id.into()));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => self.open_footnote(&name),
            Event::Html(_) | Event::InlineHtml(_) => self.raw(&RawHtml::of(&event, range)),
            other => self.out.push(other),
        }
    }

    /// A heading is a link to itself, unless it holds one already.
    fn heading(&mut self, level: u8, start: usize, inner: Vec<RangedEvent<'a>>) {
        let text = text_of(inner.iter().map(|(event, _)| event));
        let id = self.host.part().id(self.outline.id_at(start).unwrap_or_default());
        let shown = self.host.part().level(level);
        let is_link = |(event, _): &RangedEvent<'_>| {
            matches!(event, Event::Start(Tag::Link { .. }) | Event::FootnoteReference(_) | Event::InlineHtml(_))
        };
        let (open, close) = match inner.iter().any(is_link) {
            true => (String::new(), ""),
            false => (format!("<a class=\"anchor\" href=\"#{}\">", text::html(&id)), "</a>"),
        };
        self.html(format!("<h{shown} id=\"{}\">{open}", text::html(&id)));
        self.inside_heading(inner);
        self.html(format!("{close}</h{shown}>\n"));
        self.section.clone_from(&text);
        if (2..=3).contains(&level) {
            self.rendered.contents.push((level, id, text));
        }
    }

    /// The heading that the page shows as its title, with its links, its marks of footnotes and its raw HTML.
    fn title(&mut self, inner: Vec<RangedEvent<'a>>) {
        let body = std::mem::take(&mut self.out);
        self.inside_heading(inner);
        let mut title = String::new();
        html::push_html(&mut title, std::mem::replace(&mut self.out, body).into_iter());
        self.rendered.title = Some(if self.raw == Raw::Kept { sanitize::clean(&title) } else { title });
    }

    fn inside_heading(&mut self, inner: Vec<RangedEvent<'a>>) {
        let mut inner = inner.into_iter();
        while let Some((event, range)) = inner.next() {
            match event {
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    let alt = take_until(&mut inner, |end| matches!(end, TagEnd::Image));
                    self.image(&dest_url, &text_of(alt.iter().map(|(event, _)| event)), &title, range.start);
                }
                event => self.event(event, &range),
            }
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

    fn open_link(&mut self, title: &str, offset: usize) {
        let title = titled(title);
        let tag = match self.host.link(offset) {
            Destination::Inside(url) => format!("<a href=\"{}\"{title}>", text::html(&url)),
            Destination::Outside(url) => {
                format!("<a href=\"{}\" rel=\"noopener noreferrer\"{title}>", text::html(&url))
            }
            Destination::Nowhere => format!("<a class=\"nowhere\"{title}>"),
        };
        self.inline(tag);
    }

    fn image(&mut self, target: &str, alt: &str, title: &str, offset: usize) {
        let title = titled(title);
        let tag = match self.host.link(offset) {
            Destination::Inside(url) => {
                format!("<img src=\"{}\" alt=\"{}\"{title} loading=\"lazy\">", text::html(&url), text::html(alt))
            }
            elsewhere => absent_image(&elsewhere, if alt.is_empty() { target } else { alt }, &title),
        };
        self.inline(tag);
    }

    /// Raw HTML: what is no element of HTML is text, links lead where those of Markdown lead, and what no page has goes.
    fn raw(&mut self, raw: &RawHtml) {
        if self.raw == Raw::Refused {
            return self.out.push(Event::Text(raw.html.clone().into()));
        }
        self.raw = Raw::Kept;
        let mut out = String::with_capacity(raw.html.len());
        for (part, range) in raw.parts() {
            match part {
                // What begins no tag is a sign, or it would begin one with what follows.
                HtmlPart::Text(text) => out.push_str(&text.replace('<', "&lt;")),
                HtmlPart::Tag(tag) => match sanitize::treatment(&tag) {
                    Treatment::Kept => self.tag(&tag, raw.place(&range).start, &mut out),
                    Treatment::Dropped => {}
                    Treatment::Shown => out.push_str(&text::html(&raw.html[range])),
                },
                HtmlPart::Comment(_) | HtmlPart::Declaration | HtmlPart::Code => {}
            }
        }
        self.inline(out);
    }

    fn tag(&self, tag: &HtmlTag<'_>, offset: usize, out: &mut String) {
        let part = self.host.part();
        let level = tag.name.strip_prefix('h').and_then(|level| level.parse().ok());
        let name = level.map_or_else(|| tag.name.to_string(), |level: u8| format!("h{}", part.level(level)));
        if tag.closes {
            return out.push_str(&format!("</{name}>"));
        }
        let link = sanitize::link(tag).map(|(attribute, _)| (attribute, self.host.link(offset)));
        if let Some(("src", elsewhere @ (Destination::Outside(_) | Destination::Nowhere))) = &link {
            let mut named = ["alt", "src"].into_iter().filter_map(|name| tag.attribute(name));
            let words = named.find(|words| !words.is_empty()).unwrap_or("");
            let title = titled(tag.attribute("title").unwrap_or(""));
            return out.push_str(&absent_image(elsewhere, words, &title));
        }
        out.push_str(&format!("<{name}"));
        let has_id = |id: &str| self.outline.html_ids.get(id) == Some(&offset);
        for attribute in tag.attributes.iter().filter(|attribute| !tag.is_id(attribute) || has_id(&attribute.value)) {
            let own_id = tag.is_id(attribute).then(|| part.id(&attribute.value));
            let value = match &link {
                Some((own, Destination::Inside(url) | Destination::Outside(url))) if attribute.name == *own => url,
                Some((own, Destination::Nowhere)) if attribute.name == *own || attribute.name == "class" => continue,
                _ => own_id.as_deref().unwrap_or(&attribute.value),
            };
            out.push_str(&format!(" {}=\"{}\"", attribute.name, text::html(value)));
        }
        if let Some((_, Destination::Nowhere)) = link {
            out.push_str(" class=\"nowhere\"");
        }
        if sanitize::hides(tag) {
            out.push_str(" hidden");
        }
        out.push('>');
    }

    /// References lead to the first footnote of their name; another one has an id all the same.
    fn open_footnote(&mut self, name: &CowStr<'a>) {
        let count = self.footnotes.entry(name.clone()).or_default();
        *count += 1;
        let id = self.host.part().id(&footnote_id(name, *count));
        self.out.push(Event::Start(Tag::FootnoteDefinition(id.into())));
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
        let text = &self.pieces.text;
        let name = mark_place(text, range).and_then(|at| mark(&text[at..range.end]));
        if let Some(id) = self.rule_at(range) {
            return self.html(format!("<blockquote class=\"alert rule\"{id}>\n"));
        }
        let narrowed = name.is_some_and(|name| self.host.is_audience(&name));
        self.html(if narrowed { "<blockquote class=\"alert narrowed\">\n" } else { "<blockquote>\n" });
    }

    /// The attribute of a quote that states a rule; empty where something else has the id that it asks for.
    fn rule_at(&self, range: &Range<usize>) -> Option<String> {
        let mark = RuleMark::of(&self.pieces.text, range).filter(RuleMark::is_sound)?;
        let is_its = self.outline.html_ids.get(mark.id) == Some(&range.start);
        let id = is_its.then(|| format!(" id=\"{}\"", text::html(&self.host.part().id(mark.id))));
        Some(id.unwrap_or_default())
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
        self.html(format!("{CODE_BEGINS}{inner}{CODE_ENDS}"));
    }

    fn finish(mut self, said: &SpokenText) -> Rendered {
        let mut out = String::with_capacity(self.pieces.text.len() * 2);
        html::push_html(&mut out, self.out.into_iter());
        self.rendered.html = if self.raw == Raw::Kept { sanitize::clean(&out) } else { out };
        self.rendered.lost = said.missing_in(&self.rendered.html);
        self.rendered
    }
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", text::html(title)) }
}

/// An image from elsewhere becomes a link, because no request may leave; one that this reader may not see is its words,
/// apart from what stands beside it.
fn absent_image(destination: &Destination, words: &str, title: &str) -> String {
    let words = text::html(words);
    match destination {
        Destination::Inside(url) | Destination::Outside(url) => {
            format!("<a href=\"{}\" rel=\"noopener noreferrer\"{title}>{words}</a>", text::html(url))
        }
        Destination::Nowhere => format!("<span{title}>{words}</span>"),
    }
}
