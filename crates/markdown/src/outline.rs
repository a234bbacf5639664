//! The outline of a text: its headings, links, special blocks and narrowed passages, with their places.
//!
//! In: Markdown. Out: `Outline`, from which links are checked, includes found and contents listed.
//! It never resolves what it finds.

use super::events::{MarkdownText, TextReferences};
pub use super::ids::Heading;
use super::ids::{self, GivenIds, TakenId};
use super::losses::{Coverage, Loss, LossKind};
use super::nesting::Nesting;
use super::quiz::QuizFault;
use super::quote_mark::{mark, mark_place};
use super::raw_html::{HtmlPart, HtmlTag, RawHtml, TEMPLATE};
use super::rules::{RULE, RuleMark};
use super::sanitize::{self, Treatment};
use super::{FENCES, QUIZ, idioms, is_quiz, label, lies_in};
use goldbook_ground::digest::{Digest, Inputs};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// What a text holds, in the order of the text. Ranges are bytes of the text.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// All headings.
    pub headings: Vec<Heading>,
    /// The place of each heading in `headings`, in the order of their ids.
    by_id: Vec<usize>,
    /// All links and images of Markdown and of raw HTML, in the order of the text; no two begin at one place.
    pub links: Vec<Link>,
    /// Fenced blocks that are directives: `include`, `quiz`, `trajectory`.
    pub fences: Vec<Fence>,
    /// Passages for one audience: `> [!INTERNAL]`.
    pub passages: Vec<AudiencePassage>,
    /// Those of them that lie in no other.
    outermost: Vec<usize>,
    /// Comments, which no audience gets: those of HTML, and definitions of references that nothing refers to.
    pub comments: Vec<Range<usize>>,
    /// Ids that raw HTML gives (`<a id="…">`, `<a name="…">`), each with where the tag begins that has it.
    pub html_ids: BTreeMap<String, usize>,
    /// Ids that were asked for and that something else on the page has.
    pub taken_ids: Vec<TakenId>,
    /// Every id that raw HTML asks for, with its tag.
    asked_ids: Vec<(String, Range<usize>)>,
    /// Whether the page shows a run, whose steps have the ids `step-1`, `step-2` and so on.
    beside_run: bool,
    /// Quotes that state a rule, by the id that their mark names.
    pub rules: BTreeMap<String, Range<usize>>,
    /// Marks such as `[!INTERNAL]` (name, place) that do not begin a quote and so would hide nothing.
    pub strays: Vec<AudiencePassage>,
    /// Where the first heading stands, if it is of level 1 and the first thing in the text.
    pub title: Option<Range<usize>>,
    /// What does not reach its readers as written.
    pub losses: Vec<Loss>,
    /// What is wrong with its quizzes.
    pub quiz_faults: Vec<QuizFault>,
    /// Where lists, quotes and HTML elements first stand too deep inside each other.
    pub too_deep: Option<Range<usize>>,
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
    /// `include`, `quiz` or `trajectory`.
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
pub const ALERTS: [&str; 6] = ["note", "tip", "important", "warning", "caution", RULE];

impl Outline {
    /// Reads the outline of `text`.
    pub fn of(text: &str) -> Self {
        let mut outline = Self::default();
        let mut reader = OutlineReader::of(text);
        let reading = MarkdownText::of(text);
        let found = reading.each(|event, range| reader.pass(&mut outline, event, range));
        let TextReferences { definitions, undefined, faults } = found;
        outline.quiz_faults = faults;
        outline.find_strays(text, &reader.code);
        if outline.too_deep.is_none() {
            outline.losses.extend(reader.nesting.unclosed());
        }
        let spans: Vec<Range<usize>> = definitions.iter().map(|(span, _)| span.clone()).collect();
        outline.losses.extend(reader.coverage.end(&spans));
        outline.losses.extend(idioms::find(text, &reader.prose, &reader.code));
        let certain = undefined.into_iter().filter(|reference| reference.certain);
        outline
            .losses
            .extend(certain.map(|reference| Loss { range: reference.range, kind: LossKind::UndefinedReference }));
        outline.losses.sort_by_key(|loss| loss.range.start);
        // A definition that nothing refers to is on no page: it is how Markdown writes comments.
        let unused = definitions.into_iter().filter(|(_, label)| !reader.references.contains(label));
        outline.comments.extend(unused.map(|(span, _)| span));
        outline.give_ids();
        outline
    }

    /// An outline of nothing but these.
    pub fn of_parts(headings: Vec<Heading>, links: Vec<Link>, comments: Vec<Range<usize>>, titled: bool) -> Self {
        let title = headings.first().filter(|_| titled).map(|heading| heading.range.clone());
        let mut outline = Self { headings, links, comments, title, ..Self::default() };
        outline.give_ids();
        outline
    }

    /// Whether it has nothing but headings, links and comments.
    pub fn is_plain(&self) -> bool {
        let Self {
            headings: _,
            by_id: _,
            links: _,
            fences,
            passages,
            outermost: _,
            comments: _,
            html_ids: _,
            taken_ids: _,
            asked_ids,
            beside_run,
            rules: _,
            strays,
            title: _,
            losses,
            quiz_faults,
            too_deep,
        } = self;
        let has_parts = !fences.is_empty() || !passages.is_empty() || !asked_ids.is_empty() || *beside_run;
        let has_faults = !strays.is_empty() || !losses.is_empty() || !quiz_faults.is_empty() || too_deep.is_some();
        !has_parts && !has_faults
    }

    /// The same text on a page that shows a run: the ids of steps are the run's.
    pub fn beside_run(&self) -> Self {
        let mut outline = Self { beside_run: true, ..self.clone() };
        outline.give_ids();
        outline
    }

    /// Whether the page shows a run.
    pub fn is_beside_run(&self) -> bool {
        self.beside_run
    }

    fn give_ids(&mut self) {
        let GivenIds { of_headings, of_html, taken } = ids::give(&self.headings, &self.asked_ids, self.beside_run);
        self.headings.iter_mut().zip(of_headings).for_each(|(heading, id)| heading.id = id);
        self.by_id = (0..self.headings.len()).collect();
        self.by_id.sort_unstable_by_key(|at| &self.headings[*at].id);
        (self.html_ids, self.taken_ids) = (of_html, taken);
    }

    /// The id of the heading that begins at byte `start` of the text.
    pub fn id_at(&self, start: usize) -> Option<&str> {
        let at = self.headings.binary_search_by_key(&start, |heading| heading.range.start).ok()?;
        Some(&self.headings[at].id)
    }

    fn raw(&mut self, text: &str, raw: &RawHtml, nesting: &mut Nesting) {
        for (part, range) in raw.parts() {
            let place = raw.place(&range);
            match part {
                HtmlPart::Text(_) | HtmlPart::Code => {}
                HtmlPart::Comment(true) => self.comments.push(place),
                HtmlPart::Comment(false) => {
                    if self.comments.last().is_some_and(|last| last.end == text.len()) {
                        continue;
                    }
                    let end = text[place.start..].find("-->").map(|at| place.start + at + 3);
                    if end.is_none() {
                        self.lose(place.start..place.start + 4, LossKind::UnclosedComment);
                    }
                    self.comments.push(place.start..end.unwrap_or(text.len()));
                }
                HtmlPart::Declaration => {
                    self.comments.push(place.clone());
                    self.lose(place, LossKind::Declaration);
                }
                HtmlPart::Tag(tag) => self.tag(&tag, place, nesting),
            }
        }
    }

    fn tag(&mut self, tag: &HtmlTag<'_>, place: Range<usize>, nesting: &mut Nesting) {
        let treatment = sanitize::treatment(tag);
        if tag.name == TEMPLATE {
            // What no browser shows is for nobody.
            match nesting.end_of(tag, &place) {
                Some(begun) => self.comments.push(begun.start..place.end),
                None if tag.closes => self.lose(place, LossKind::ClosesNothing(TEMPLATE.to_owned())),
                None => {}
            }
            return;
        }
        match treatment {
            Treatment::Kept if sanitize::hides(tag) => self.lose(place.clone(), LossKind::Hidden),
            Treatment::Dropped if !tag.closes => self.lose(place.clone(), LossKind::Element(tag.name.to_string())),
            _ => {}
        }
        if treatment != Treatment::Kept {
            return;
        }
        if !nesting.tag(tag, &place) {
            self.lose(place.clone(), LossKind::ClosesNothing(tag.name.to_string()));
        }
        if tag.closes {
            return;
        }
        if let Some(outer) = sanitize::belongs_into(&tag.name).filter(|outer| !nesting.is_in(outer)) {
            self.lose(place.clone(), LossKind::OutOfPlace(tag.name.to_string(), outer));
        }
        self.asked_ids.extend(tag.ids().filter(|id| !id.is_empty()).map(|id| (id.to_owned(), place.clone())));
        if let Some((_, target)) = sanitize::link(tag) {
            self.links.push(Link { target: target.to_owned(), image: tag.name == "img", range: place.clone() });
        }
        let dropped: Vec<String> = sanitize::dropped_attributes(tag).map(str::to_owned).collect();
        if !dropped.is_empty() {
            self.lose(place, LossKind::Attributes(tag.name.to_string(), dropped));
        }
    }

    fn lose(&mut self, range: Range<usize>, kind: LossKind) {
        self.losses.push(Loss { range, kind });
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
        if let Some(mark) = RuleMark::of(text, &range) {
            match mark.is_sound() {
                true => self.rule(mark.id, range),
                false => self.lose(mark.range, LossKind::UnnamedRule),
            }
            return;
        }
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

    fn rule(&mut self, id: &str, range: Range<usize>) {
        self.asked_ids.push((id.to_owned(), range.clone()));
        self.rules.entry(id.to_owned()).or_insert(range);
    }

    fn find_strays(&mut self, text: &str, code: &[Range<usize>]) {
        let marks: HashSet<usize> = self.passages.iter().map(|passage| passage.mark).collect();
        let named =
            self.asked_ids.iter().filter_map(|(_, quote)| RuleMark::of(text, quote)).map(|mark| mark.range.start);
        let unnamed = self.losses.iter().filter(|loss| loss.kind == LossKind::UnnamedRule).map(|loss| loss.range.start);
        let rules: HashSet<usize> = named.chain(unnamed).collect();
        for (at, _) in text.match_indices("[!") {
            let Some(audience) = mark(&text[at..]) else { continue };
            let is_text = lies_in(code, at) || text[..at].ends_with('\\');
            if audience == RULE && !is_text && !rules.contains(&at) {
                self.losses.push(Loss { range: at..at + audience.len() + 3, kind: LossKind::MisplacedRule });
            }
            let quoted = marks.contains(&at);
            if !quoted && !lies_in(code, at) && !ALERTS.contains(&audience.as_str()) {
                let range = at..at + audience.len() + 3;
                self.strays.push(AudiencePassage { audience, range, mark: at });
            }
        }
    }

    /// The digest of every place that a link can lead to.
    pub fn places(&self) -> Digest {
        self.ids().fold(Inputs::of("places"), Inputs::text).end()
    }

    /// Every id: those of headings, then those of raw HTML.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(|heading| &*heading.id).chain(self.html_ids.keys().map(String::as_str))
    }

    /// The heading with this id.
    pub fn heading(&self, id: &str) -> Option<&Heading> {
        self.place_of(id).map(|at| &self.headings[at])
    }

    /// Where the heading with this id is among all.
    fn place_of(&self, id: &str) -> Option<usize> {
        let at = self.by_id.binary_search_by(|at| (*self.headings[*at].id).cmp(id)).ok()?;
        Some(self.by_id[at])
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

    /// Whether a reader is asked something.
    pub fn has_quiz(&self) -> bool {
        self.fences.iter().any(|fence| fence.name == QUIZ)
    }

    /// The section under a heading: from the heading to the next one of its level or above.
    pub fn section(&self, id: &str, text: &str) -> Option<Range<usize>> {
        let at = self.place_of(id)?;
        let own = &self.headings[at];
        let next = self.headings[at + 1..].iter().find(|heading| heading.level <= own.level);
        Some(own.range.start..next.map_or(text.len(), |heading| heading.range.start))
    }
}

/// What is known of a text while its events are gone through.
struct OutlineReader<'t> {
    text: &'t str,
    /// The heading that is being read.
    open: Option<Heading>,
    /// The HTML block that is being read.
    raw: Option<RawHtml>,
    first: bool,
    code: Vec<Range<usize>>,
    in_code: bool,
    /// Where the last quiz ends: blocks in it are no directives.
    quiz_end: usize,
    /// What is neither code nor HTML.
    prose: Vec<Range<usize>>,
    /// Labels of the references that are used.
    references: HashSet<String>,
    nesting: Nesting,
    coverage: Coverage<'t>,
}

impl<'t> OutlineReader<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            open: None,
            raw: None,
            first: true,
            code: Vec::new(),
            in_code: false,
            quiz_end: 0,
            prose: Vec::new(),
            references: HashSet::new(),
            nesting: Nesting::default(),
            coverage: Coverage::of(text),
        }
    }

    fn pass(&mut self, outline: &mut Outline, event: Event<'_>, range: Range<usize>) {
        self.coverage.pass(&event, &range);
        self.nesting.pass(&event);
        if let Some(raw) = &mut self.raw {
            raw.add(&event, &range);
        }
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                if self.first && level == HeadingLevel::H1 {
                    outline.title = Some(range.clone());
                }
                let heading = Heading {
                    level: level as u8,
                    text: String::new(),
                    id: String::new(),
                    named: id.map(|id| id.to_string()),
                    range: range.clone(),
                };
                self.open = Some(heading);
            }
            Event::End(TagEnd::Heading(_)) => {
                outline.headings.extend(self.open.take());
            }
            Event::Code(text) => {
                self.code.push(range.clone());
                self.push_text(&text);
            }
            Event::Text(text) => {
                self.push_text(&text);
                if !self.in_code {
                    self.prose.push(range.clone());
                }
            }
            Event::SoftBreak | Event::HardBreak => self.push_text(" "),
            Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
                self.references.insert(label(&id));
                // A word in brackets may be prose that happens to be defined, as the `[//]` of a comment is.
                if link_type == LinkType::Shortcut {
                    self.prose.push(range.start..range.start + 1);
                }
                match link_type {
                    LinkType::Email => outline.link(&format!("mailto:{dest_url}"), false, range.clone()),
                    _ => outline.link(&dest_url, false, range.clone()),
                }
            }
            Event::Start(Tag::Image { dest_url, id, .. }) => {
                self.references.insert(label(&id));
                outline.link(&dest_url, true, range.clone());
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let in_quiz = range.start < self.quiz_end;
                if let CodeBlockKind::Fenced(info) = &kind
                    && !in_quiz
                {
                    outline.fence(info, range.clone());
                }
                if is_quiz(&kind) && !in_quiz {
                    self.quiz_end = range.end;
                } else {
                    self.code.push(range.clone());
                    self.in_code = true;
                }
            }
            Event::End(TagEnd::CodeBlock) => self.in_code = false,
            Event::Start(Tag::BlockQuote(None)) => outline.quote(self.text, range.clone()),
            Event::Start(Tag::HtmlBlock) => self.raw = Some(RawHtml::default()),
            Event::End(TagEnd::HtmlBlock) => {
                let raw = self.raw.take().unwrap_or_default();
                outline.raw(self.text, &raw, &mut self.nesting);
            }
            Event::InlineHtml(_) => outline.raw(self.text, &RawHtml::of(&event, &range), &mut self.nesting),
            _ => {}
        }
        if self.nesting.exceeds() {
            outline.too_deep = Some(range);
        }
        self.first = false;
    }

    fn push_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.open {
            heading.text.push_str(text);
        }
    }
}
