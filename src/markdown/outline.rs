//! The outline of a text: its headings, links, special blocks and narrowed passages, with their places.
//!
//! In: Markdown. Out: `Outline`, from which links are checked, includes found and contents listed.
//! It never resolves what it finds.

use super::nesting::Nesting;
use super::{options, slug};
use crate::digest::{Digest, Inputs};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// What a text holds, in the order of the text. Ranges are bytes of the text.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// All headings.
    pub headings: Vec<Heading>,
    /// The place of each heading in `headings`, by id.
    by_id: HashMap<String, usize>,
    /// All links and images.
    pub links: Vec<Link>,
    /// Fenced blocks that are directives: `include`, `trajectory`.
    pub fences: Vec<Fence>,
    /// Passages for one audience: `> [!INTERNAL]`.
    pub passages: Vec<AudiencePassage>,
    /// Those of them that lie in no other.
    outermost: Vec<usize>,
    /// HTML comments, which no audience gets.
    pub comments: Vec<Range<usize>>,
    /// Ids that raw HTML gives (`<a id="…">`, `<a name="…">`).
    pub html_ids: HashSet<String>,
    /// Marks such as `[!INTERNAL]` (name, place) that do not begin a quote and so would hide nothing.
    pub strays: Vec<AudiencePassage>,
    /// Where the first heading stands, if it is of level 1 and the first thing in the text.
    pub title: Option<Range<usize>>,
    /// Where lists, quotes and HTML elements first stand too deep inside each other.
    pub too_deep: Option<Range<usize>>,
}

/// A heading.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// Its id on the page.
    pub id: String,
    /// The heading itself.
    pub range: Range<usize>,
}

/// A link or an image.
#[derive(Clone, Debug)]
pub struct Link {
    /// As written.
    pub target: String,
    /// Whether it is an image.
    pub image: bool,
    /// The whole link.
    pub range: Range<usize>,
}

/// A fenced block that is a directive.
#[derive(Clone, Debug)]
pub struct Fence {
    /// `include` or `trajectory`.
    pub name: String,
    /// The rest of its first line.
    pub arguments: String,
    /// The whole block.
    pub range: Range<usize>,
}

/// A passage for one audience.
#[derive(Clone, Debug)]
pub struct AudiencePassage {
    /// The audience's name in lower case.
    pub audience: String,
    /// The whole quote.
    pub range: Range<usize>,
    /// Where its mark stands.
    pub mark: usize,
}

/// Fenced blocks that mean something.
pub const FENCES: [&str; 2] = ["include", "trajectory"];

/// Words of other tools' callouts: with them `[!WORD]` is ordinary text. Any other word could be an audience that was
/// renamed or misspelt, and hides its quote from everybody.
pub const CALLOUTS: [&str; 22] = [
    "abstract",
    "attention",
    "bug",
    "check",
    "cite",
    "danger",
    "done",
    "error",
    "example",
    "fail",
    "failure",
    "faq",
    "help",
    "hint",
    "info",
    "missing",
    "question",
    "quote",
    "statement",
    "success",
    "summary",
    "todo",
];

/// The alerts every reader sees; any other `[!WORD]` may name an audience.
pub const ALERTS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

impl Outline {
    /// Reads the outline of `text`.
    pub fn of(text: &str) -> Self {
        let mut outline = Self::default();
        let mut ids = slug::Ids::default();
        let mut open: Option<(Heading, Option<String>)> = None;
        let mut first = true;
        let mut code = Vec::new();
        let mut nesting = Nesting::default();
        for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
            if nesting.exceeds(&event) {
                outline.too_deep = Some(range.clone());
            }
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    if first && level == HeadingLevel::H1 {
                        outline.title = Some(range.clone());
                    }
                    let heading = Heading { level: level as u8, text: String::new(), id: String::new(), range };
                    open = Some((heading, id.map(|id| id.to_string())));
                }
                Event::End(TagEnd::Heading(_)) => {
                    if let Some((mut heading, own)) = open.take() {
                        heading.id = ids.next(own.as_deref(), &heading.text);
                        outline.by_id.entry(heading.id.clone()).or_insert(outline.headings.len());
                        outline.headings.push(heading);
                    }
                }
                Event::Code(text) => {
                    code.push(range);
                    push_text(&mut open, &text);
                }
                Event::Text(text) => push_text(&mut open, &text),
                Event::SoftBreak | Event::HardBreak => push_text(&mut open, " "),
                Event::Start(Tag::Link { dest_url, .. }) => outline.link(&dest_url, false, range),
                Event::Start(Tag::Image { dest_url, .. }) => outline.link(&dest_url, true, range),
                Event::Start(Tag::CodeBlock(kind)) => {
                    if let CodeBlockKind::Fenced(info) = kind {
                        outline.fence(&info, range.clone());
                    }
                    code.push(range);
                }
                Event::Start(Tag::BlockQuote(None)) => outline.quote(text, range),
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                    outline.comments_in(text, &range);
                    outline.ids_in(&text[range]);
                }
                _ => {}
            }
            first = false;
        }
        outline.find_strays(text, &code);
        outline
    }

    fn link(&mut self, target: &str, image: bool, range: Range<usize>) {
        self.links.push(Link { target: target.to_owned(), image, range });
    }

    fn fence(&mut self, info: &str, range: Range<usize>) {
        let (name, arguments) = info.trim().split_once(char::is_whitespace).unwrap_or((info.trim(), ""));
        if FENCES.contains(&name) {
            self.fences.push(Fence { name: name.to_owned(), arguments: arguments.trim().to_owned(), range });
        }
    }

    fn quote(&mut self, text: &str, range: Range<usize>) {
        let Some(mark_at) = mark_place(text, &range) else { return };
        let Some(audience) = mark(&text[mark_at..range.end]) else { return };
        if !ALERTS.contains(&audience.as_str()) {
            let outer = self.outermost.last().map_or(0, |outer| self.passages[*outer].range.end);
            if range.start >= outer {
                self.outermost.push(self.passages.len());
            }
            self.passages.push(AudiencePassage { audience, range, mark: mark_at });
        }
    }

    fn comments_in(&mut self, text: &str, range: &Range<usize>) {
        let mut from = range.start;
        while let Some(start) = text[from..range.end].find("<!--").map(|at| from + at) {
            let end = text[start..].find("-->").map_or(text.len(), |at| start + at + 3);
            self.comments.push(start..end);
            from = end;
            if from >= range.end {
                break;
            }
        }
    }

    fn ids_in(&mut self, html: &str) {
        for mark in [" id=\"", " name=\"", " id='", " name='"] {
            for (at, _) in html.match_indices(mark) {
                let quote = &mark[mark.len() - 1..];
                let value = html[at + mark.len()..].split(quote).next().unwrap_or("");
                self.html_ids.insert(value.to_owned());
            }
        }
    }

    fn find_strays(&mut self, text: &str, code: &[Range<usize>]) {
        let marks: HashSet<usize> = self.passages.iter().map(|passage| passage.mark).collect();
        for (at, _) in text.match_indices("[!") {
            let Some(audience) = mark(&text[at..]) else { continue };
            let quoted = marks.contains(&at);
            // Code does not overlap, and comes in the order of the text.
            let before = code.partition_point(|range| range.start <= at);
            let in_code = before > 0 && code[before - 1].contains(&at);
            if !quoted && !in_code && !ALERTS.contains(&audience.as_str()) {
                let range = at..at + audience.len() + 3;
                self.strays.push(AudiencePassage { audience, range, mark: at });
            }
        }
    }

    /// The digest of every place that a link can lead to.
    pub fn places(&self) -> Digest {
        let inputs = Inputs::of("places").list(self.headings.iter(), |inputs, heading| inputs.text(&heading.id));
        inputs.list(self.html_ids.iter(), |inputs, id| inputs.text(id)).end()
    }

    /// The heading with this id.
    pub fn heading(&self, id: &str) -> Option<&Heading> {
        self.by_id.get(id).map(|at| &self.headings[*at])
    }

    /// The outermost passage that byte `offset` lies in.
    pub fn passage_at(&self, offset: usize) -> Option<&AudiencePassage> {
        let before = self.outermost.partition_point(|at| self.passages[*at].range.start <= offset);
        let passage = &self.passages[self.outermost[..before].last().copied()?];
        passage.range.contains(&offset).then_some(passage)
    }

    /// The blocks that show steps of runs.
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = &Fence> {
        self.fences.iter().filter(|fence| fence.name == "trajectory")
    }

    /// The section under a heading: from the heading to the next one of its level or above.
    pub fn section(&self, id: &str, text: &str) -> Option<Range<usize>> {
        let at = *self.by_id.get(id)?;
        let own = &self.headings[at];
        let next = self.headings[at + 1..].iter().find(|heading| heading.level <= own.level);
        Some(own.range.start..next.map_or(text.len(), |heading| heading.range.start))
    }
}

/// Where a quote's first words begin, if they are near: deep nesting must not be walked again at every level.
pub fn mark_place(text: &str, range: &Range<usize>) -> Option<usize> {
    let opening = |byte: &u8| matches!(byte, b'>' | b' ' | b'\t' | b'\r' | b'\n');
    let skipped = text.as_bytes()[range.clone()].iter().take(LONGEST_MARK).take_while(|byte| opening(byte)).count();
    (skipped < LONGEST_MARK && range.start + skipped < range.end).then_some(range.start + skipped)
}

/// The name in `[!NAME]` at the start of `text`, in lower case.
fn mark(text: &str) -> Option<String> {
    let rest = text.strip_prefix("[!")?;
    let end = rest.bytes().take(LONGEST_MARK).position(|byte| byte == b']')?;
    let word = rest.get(..end).filter(|word| !word.is_empty() && !word.contains(['\n', '[']))?;
    Some(word.to_lowercase())
}

/// Longest mark that could be meant as an audience's name.
const LONGEST_MARK: usize = 60;

fn push_text(open: &mut Option<(Heading, Option<String>)>, text: &str) {
    if let Some((heading, _)) = open {
        heading.text.push_str(text);
    }
}
