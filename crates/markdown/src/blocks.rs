//! Blocks: a text as a tree of what a reader sees as one thing: sections, paragraphs, items, rows, code.
//!
//! In: Markdown with its outline. Out: the tree, each leaf with its words. What is only a way of writing (where lines
//! break, which mark makes emphasis or an item, how a list is numbered) is not in it. It never compares.

use super::events::MarkdownText;
use super::outline::Outline;
use super::raw_html::{HtmlPart, RawHtml};
use super::sanitize::{self, Treatment};
use super::{is_quiz, is_replaced};
use ahash::AHasher;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use unicode_segmentation::UnicodeSegmentation;

/// A block and what is in it.
#[derive(Clone, Debug)]
pub struct TextBlock {
    /// What it is.
    pub kind: BlockKind,
    /// A section's id: where links to it lead.
    pub id: Option<String>,
    /// What a leaf says; empty where there are blocks inside.
    pub words: Vec<TextWord>,
    /// The blocks in it.
    pub blocks: Vec<TextBlock>,
    /// Its place among all blocks of the text, in the order in which they begin.
    pub number: usize,
    /// A hash of its kind and of all that it says: equal blocks say the same.
    pub said: u64,
    /// Hashes of the words in it, sorted; with every inner block's.
    pub bag: Vec<u64>,
}

/// The tree of a text, made when it is first asked for; what is cloned from it shares it.
#[derive(Clone, Debug, Default)]
pub struct LazyBlocks(Arc<OnceLock<TextBlock>>);

impl LazyBlocks {
    /// The tree of the text that this belongs to.
    pub fn of(&self, text: &str, outline: &Outline) -> &TextBlock {
        self.0.get_or_init(|| TextBlock::tree(text, outline))
    }
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// The whole text.
    Document,
    /// A heading and what stands below it, up to the next one of its level.
    Section,
    /// The heading of a section, or one inside another block; its level.
    Heading(u8),
    /// A paragraph, or the text of an item.
    Paragraph,
    /// A quote; the name of the mark that makes it an alert.
    Quote(Option<&'static str>),
    /// A list, and whether it is numbered.
    List(bool),
    /// An item of a list.
    Item,
    /// A table.
    Table,
    /// A row, and whether it is the head.
    Row(bool),
    /// A cell.
    Cell,
    /// A code block, or one that shows a run.
    Code,
    /// A question with its answers.
    Quiz,
    /// A block of raw HTML.
    Html,
    /// A line across.
    Rule,
    /// A footnote.
    Footnote,
    /// A list of definitions.
    Definitions,
    /// A term.
    Term,
    /// What a term means.
    Definition,
}

impl BlockKind {
    /// Whether it has words and no blocks.
    pub fn is_leaf(self) -> bool {
        match self {
            Self::Heading(_) | Self::Paragraph | Self::Cell | Self::Code | Self::Html | Self::Term => true,
            Self::Document
            | Self::Section
            | Self::Quote(_)
            | Self::List(_)
            | Self::Item
            | Self::Table
            | Self::Row(_)
            | Self::Quiz
            | Self::Rule
            | Self::Footnote
            | Self::Definitions
            | Self::Definition => false,
        }
    }
}

/// The name of an alert, as its mark has it.
fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}

/// The smallest part of a text that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextWord {
    /// What stands there.
    pub kind: WordKind,
    /// As it is shown: a word, a sign, or the space between.
    pub text: Box<str>,
    /// How it is set off.
    pub style: Style,
    /// Where it leads, if it is a part of a link, as written.
    pub link: Option<Arc<str>>,
}

/// What kind of part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WordKind {
    /// A word or a sign.
    Text,
    /// White space; in prose it is one space.
    Space,
    /// A line break that was asked for.
    Break,
    /// A picture: its description.
    Picture,
    /// The mark of a footnote.
    Footnote,
    /// A tag of raw HTML, which no reader sees.
    Tag,
}

/// How words are set off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Style {
    /// Emphasis.
    pub emphasis: bool,
    /// Strong emphasis.
    pub strong: bool,
    /// Struck through.
    pub struck: bool,
    /// Code.
    pub code: bool,
}

impl TextBlock {
    /// The tree of a text.
    pub fn tree(text: &str, outline: &Outline) -> Self {
        let reading = MarkdownText::of(text);
        let mut builder = Builder::new(outline);
        for (event, range) in reading.events() {
            builder.pass(event, &range);
        }
        builder.finish()
    }

    /// The words of the block and of all in it, white space as one space, a block a line.
    pub fn plain(&self) -> String {
        let mut lines = Vec::new();
        self.add_lines(&mut lines);
        lines.join("\n")
    }

    fn add_lines(&self, lines: &mut Vec<String>) {
        if !self.words.is_empty() {
            lines.push(plain(&self.words));
        }
        self.blocks.iter().for_each(|block| block.add_lines(lines));
    }

    /// The heading of a section.
    pub fn title(&self) -> Option<&Self> {
        self.blocks
            .first()
            .filter(|first| self.kind == BlockKind::Section && matches!(first.kind, BlockKind::Heading(_)))
    }

    /// How much of what two blocks say is the same: 0 nothing, 1 all.
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut one, mut two, mut common) = (self.bag.iter().peekable(), other.bag.iter().peekable(), 0_usize);
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(two.next()),
                std::cmp::Ordering::Equal => {
                    common += 1;
                    one.next();
                    two.next();
                }
            }
        }
        let all = self.bag.len() + other.bag.len();
        if all == 0 { f64::from(u8::from(self.said == other.said)) } else { 2.0 * common as f64 / all as f64 }
    }

    /// Counts what is known only once all of it is there.
    fn close(mut self) -> Self {
        let mut hash = AHasher::default();
        (self.kind, &self.words).hash(&mut hash);
        for block in &self.blocks {
            block.said.hash(&mut hash);
            self.bag.extend(&block.bag);
        }
        self.said = hash.finish();
        let own = self.words.iter().filter(|word| word.kind != WordKind::Space);
        self.bag.extend(own.map(|word| hash_of(&word.text)));
        self.bag.sort_unstable();
        self
    }
}

/// Words as a line: white space is one space.
pub fn plain(words: &[TextWord]) -> String {
    let mut out = String::new();
    for word in words {
        match word.kind {
            WordKind::Space | WordKind::Break if out.ends_with(' ') || out.is_empty() => {}
            WordKind::Space | WordKind::Break => out.push(' '),
            WordKind::Tag => {}
            WordKind::Text | WordKind::Picture | WordKind::Footnote => out.push_str(&word.text),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Words as a line in which it is seen where links lead and what is set off, as Markdown writes it.
pub fn marked(words: &[TextWord]) -> String {
    let mut out = String::new();
    for group in words.chunk_by(|one, other| one.style == other.style && one.link == other.link) {
        let Some(first) = group.first() else { continue };
        let style = first.style;
        let marks = [(style.strong, "**"), (style.emphasis, "*"), (style.struck, "~~"), (style.code, "`")];
        let mark: String = marks.iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| *mark).collect();
        let said: String =
            group.iter().map(|word| if word.kind == WordKind::Break { "\\ " } else { &*word.text }).collect();
        let shut: String = mark.chars().rev().collect();
        let said = format!("{mark}{said}{shut}");
        match &first.link {
            Some(target) => out.push_str(&format!("[{said}]({target})")),
            None => out.push_str(&said),
        }
    }
    out
}

fn hash_of(text: &str) -> u64 {
    let mut hash = AHasher::default();
    text.hash(&mut hash);
    hash.finish()
}

/// Where something leads, with the title that readers see when they point at it.
fn titled(target: &str, title: &str) -> String {
    if title.is_empty() { target.to_owned() } else { format!("{target} \"{title}\"") }
}

/// What is known while the events of a text are gone through.
struct Builder<'o> {
    outline: &'o Outline,
    /// The blocks that are open, the document first.
    open: Vec<TextBlock>,
    /// The levels of the sections that are open.
    levels: Vec<u8>,
    style: Style,
    links: Vec<Arc<str>>,
    raw: Option<RawHtml>,
    /// Whether the innermost block is a paragraph that no event ends: the text of a tight item.
    loose: bool,
    /// The picture that is open: its target and what is said of it.
    picture: Option<(String, String)>,
    count: usize,
}

impl<'o> Builder<'o> {
    fn new(outline: &'o Outline) -> Self {
        let mut builder = Self {
            outline,
            open: Vec::new(),
            levels: Vec::new(),
            style: Style::default(),
            links: Vec::new(),
            raw: None,
            loose: false,
            picture: None,
            count: 0,
        };
        builder.start(BlockKind::Document);
        builder
    }

    fn start(&mut self, kind: BlockKind) {
        let number = self.count;
        self.count += 1;
        self.open.push(TextBlock {
            kind,
            id: None,
            words: Vec::new(),
            blocks: Vec::new(),
            number,
            said: 0,
            bag: Vec::new(),
        });
    }

    fn end(&mut self) {
        if let Some(block) = self.open.pop() {
            let block = block.close();
            if let Some(outer) = self.open.last_mut() {
                outer.blocks.push(block);
            }
        }
    }

    /// Ends the paragraph that no event ends.
    fn end_loose_text(&mut self) {
        if std::mem::take(&mut self.loose) {
            self.end();
        }
    }

    fn block(&mut self, kind: BlockKind) {
        self.end_loose_text();
        self.start(kind);
    }

    /// A heading of the text itself begins a section, and ends those that are not above it.
    fn heading(&mut self, level: u8, range: &Range<usize>) {
        self.end_loose_text();
        if self.open.len() == self.levels.len() + 1 {
            while self.levels.last().is_some_and(|open| *open >= level) {
                self.levels.pop();
                self.end();
            }
            self.start(BlockKind::Section);
            self.levels.push(level);
            if let Some(section) = self.open.last_mut() {
                section.id = self.outline.id_at(range.start).map(str::to_owned);
            }
        }
        self.start(BlockKind::Heading(level));
    }

    fn pass(&mut self, event: Event<'_>, range: &Range<usize>) {
        if let Some(raw) = &mut self.raw {
            raw.add(&event, range);
        }
        match event {
            Event::End(TagEnd::HtmlBlock) => {
                let raw = self.raw.take().unwrap_or_default();
                self.html(&raw);
                self.end();
            }
            _ if self.raw.is_some() => {}
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.shut(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                self.style.code = true;
                self.text(&code);
                self.style.code = false;
            }
            Event::SoftBreak => self.word(WordKind::Space, " "),
            Event::HardBreak => self.word(WordKind::Break, "\n"),
            Event::FootnoteReference(name) => self.word(WordKind::Footnote, &format!("[{name}]")),
            Event::TaskListMarker(done) => {
                self.word(WordKind::Text, if done { "☑" } else { "☐" });
                self.word(WordKind::Space, " ");
            }
            Event::Rule => {
                self.block(BlockKind::Rule);
                self.end();
            }
            Event::InlineHtml(_) => self.html(&RawHtml::of(&event, range)),
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => self.block(BlockKind::Paragraph),
            Tag::Heading { level, .. } => self.heading(level as u8, range),
            Tag::BlockQuote(kind) => self.block(BlockKind::Quote(kind.map(alert))),
            Tag::CodeBlock(kind) => self.code(&kind),
            Tag::HtmlBlock => {
                self.block(BlockKind::Html);
                self.raw = Some(RawHtml::default());
            }
            Tag::List(start) => self.block(BlockKind::List(start.is_some())),
            Tag::Item => self.block(BlockKind::Item),
            Tag::FootnoteDefinition(name) => {
                self.block(BlockKind::Footnote);
                self.block(BlockKind::Term);
                self.text(&name);
                self.end();
            }
            Tag::DefinitionList => self.block(BlockKind::Definitions),
            Tag::DefinitionListTitle => self.block(BlockKind::Term),
            Tag::DefinitionListDefinition => self.block(BlockKind::Definition),
            Tag::Table(_) => self.block(BlockKind::Table),
            Tag::TableHead => self.block(BlockKind::Row(true)),
            Tag::TableRow => self.block(BlockKind::Row(false)),
            Tag::TableCell => self.block(BlockKind::Cell),
            Tag::Emphasis => self.style.emphasis = true,
            Tag::Strong => self.style.strong = true,
            Tag::Strikethrough => self.style.struck = true,
            Tag::Link { dest_url, title, .. } => self.links.push(titled(&dest_url, &title).into()),
            Tag::Image { dest_url, title, .. } => self.picture = Some((titled(&dest_url, &title), String::new())),
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => {}
        }
    }

    /// The name of a block that stands for something else is a part of what it says.
    fn code(&mut self, kind: &CodeBlockKind<'_>) {
        if is_quiz(kind) {
            return self.block(BlockKind::Quiz);
        }
        self.block(BlockKind::Code);
        if let CodeBlockKind::Fenced(info) = kind
            && is_replaced(info)
        {
            self.text(info.trim());
            self.word(WordKind::Space, "\n");
        }
    }

    fn shut(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.style.emphasis = false,
            TagEnd::Strong => self.style.strong = false,
            TagEnd::Strikethrough => self.style.struck = false,
            TagEnd::Link => drop(self.links.pop()),
            TagEnd::Image => {
                if let Some((target, words)) = self.picture.take() {
                    self.links.push(target.as_str().into());
                    self.word(WordKind::Picture, if words.is_empty() { &target } else { &words });
                    self.links.pop();
                }
            }
            TagEnd::Superscript | TagEnd::Subscript | TagEnd::MetadataBlock(_) => {}
            _ => {
                self.end_loose_text();
                self.end();
            }
        }
    }

    /// Adds the words of a text. In code white space says something; elsewhere it parts words.
    fn text(&mut self, text: &str) {
        if let Some((_, words)) = &mut self.picture {
            return words.push_str(text);
        }
        let in_block = self.open.last().is_some_and(|block| block.kind == BlockKind::Code);
        for part in text.split_word_bounds() {
            let is_space = part.chars().all(char::is_whitespace);
            match is_space {
                true => self.word(WordKind::Space, if in_block { part } else { " " }),
                false => self.word(WordKind::Text, part),
            }
        }
    }

    fn word(&mut self, kind: WordKind, text: &str) {
        if let Some((_, words)) = &mut self.picture {
            return words.push_str(text);
        }
        let holds_words = self.open.last().is_some_and(|block| block.kind.is_leaf());
        if !holds_words {
            self.start(BlockKind::Paragraph);
            self.loose = true;
        }
        let (style, link) = (self.style, self.links.last().cloned());
        let Some(block) = self.open.last_mut() else { return };
        let twice = kind == WordKind::Space
            && block.kind != BlockKind::Code
            && block.words.last().is_none_or(|last| last.kind == WordKind::Space);
        if !twice {
            // A space looks the same whatever it is set in.
            let (style, link) = if kind == WordKind::Space { (Style::default(), None) } else { (style, link) };
            block.words.push(TextWord { kind, text: text.into(), style, link });
        }
    }

    fn html(&mut self, raw: &RawHtml) {
        for (part, range) in raw.parts() {
            match part {
                HtmlPart::Text(text) => self.text(text),
                HtmlPart::Tag(tag) => match sanitize::treatment(&tag) {
                    Treatment::Kept => self.word(WordKind::Tag, &raw.html[range]),
                    Treatment::Dropped => {}
                    Treatment::Shown => self.text(&raw.html[range]),
                },
                HtmlPart::Comment(_) | HtmlPart::Declaration | HtmlPart::Code => {}
            }
        }
    }

    fn finish(mut self) -> TextBlock {
        self.end_loose_text();
        while self.open.len() > 1 {
            self.end();
        }
        self.open.pop().expect("the document is opened first and closed here alone").close()
    }
}
