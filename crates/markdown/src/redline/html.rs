//! A redline as HTML: both texts as one, with what is new and what is gone.
//!
//! In: a redline, and where the sections of the new text are. Out: HTML in which each change has an id (`change-1`, …),
//! leads to its place in the new text, and is told by words and elements, not by colour alone. Text is escaped; nothing of
//! the author's own HTML is run. Long stretches without a change are folded.

use super::super::blocks::{BlockKind, Style, TextBlock, TextWord, WordKind, plain};
use super::{BlockEdit, Inside, Redline, WordFate, WordRun};
use goldbook_ground::text;
use std::fmt::Write;

/// A redline that can be shown.
pub struct RedlineHtml {
    /// The HTML.
    pub html: String,
    /// How many places it has that can be led to: a block that moved has two.
    pub labels: usize,
}

/// What is known of the page that the redline stands on.
pub struct RedlineFrame<'a> {
    /// Where the new text is; none if it is gone.
    pub address: Option<&'a str>,
    /// How many such places stand above it on its page.
    pub before: usize,
    /// How much lower than in its text each heading stands.
    pub lower: u8,
}

/// Blocks of one list without a change that are more than this are folded, but for the first and the last.
const SHOWN: usize = 2;

/// Shows a redline.
pub fn html(redline: &Redline<'_>, frame: &RedlineFrame<'_>) -> RedlineHtml {
    let mut writer =
        RedlineWriter { frame, out: String::new(), labels: frame.before, section: None, label: None, header: false };
    writer.edits(&redline.edits, BlockKind::Document);
    RedlineHtml { labels: writer.labels - frame.before, html: writer.out }
}

/// What a change is called where it begins.
#[derive(Clone, Copy)]
enum Label {
    Added,
    Removed,
    Changed,
    MovedHere,
    MovedAway,
}

impl Label {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Added => ("added", "Added"),
            Self::Removed => ("removed", "Removed"),
            Self::Changed => ("changed", "Changed"),
            Self::MovedHere => ("moved", "Moved here"),
            Self::MovedAway => ("moved", "Moved from here"),
        }
    }
}

struct RedlineWriter<'a> {
    frame: &'a RedlineFrame<'a>,
    out: String,
    labels: usize,
    /// The section of the new text that is being written.
    section: Option<String>,
    /// What the next leaf is to be called.
    label: Option<Label>,
    /// Whether the row that is being written is a head.
    header: bool,
}

impl RedlineWriter<'_> {
    fn edits(&mut self, edits: &[BlockEdit<'_>], of: BlockKind) {
        let mut at = 0;
        while at < edits.len() {
            let same = edits[at..].iter().take_while(|edit| is_foldable(edit)).count();
            match same {
                0 => self.edit(&edits[at]),
                _ => self.unchanged(&edits[at..at + same], of),
            }
            at += same.max(1);
        }
    }

    fn edit(&mut self, edit: &BlockEdit<'_>) {
        match edit {
            // The page says what it is called.
            BlockEdit::Same(new) if new.kind == BlockKind::Heading(1) => {}
            BlockEdit::Same(new) => self.block(new, WordFate::Same),
            BlockEdit::Added(new, inner) => self.whole(new, inner, Label::Added),
            BlockEdit::Removed(old, inner) => self.whole(old, inner, Label::Removed),
            // It leads to where the block is now, as far as that has an id.
            BlockEdit::MovedAway(old, new) => {
                let here = std::mem::replace(&mut self.section, new.id.clone());
                self.begin(Label::MovedAway, |writer| writer.block(old, WordFate::Removed));
                self.section = here;
            }
            BlockEdit::MovedHere(_, new, Inside::Nothing) => {
                self.begin(Label::MovedHere, |writer| writer.block(new, WordFate::Added));
            }
            BlockEdit::MovedHere(old, new, inside) => {
                self.begin(Label::MovedHere, |writer| writer.inside(old, new, inside));
            }
            BlockEdit::Changed(old, new, inside) => self.inside(old, new, inside),
        }
    }

    /// A block that is new or gone. What moved within it is told apart.
    fn whole(&mut self, block: &TextBlock, inner: &[BlockEdit<'_>], label: Label) {
        let fate = if matches!(label, Label::Added) { WordFate::Added } else { WordFate::Removed };
        let is_whole = inner.iter().all(|edit| matches!(edit, BlockEdit::Added(..) | BlockEdit::Removed(..)));
        self.begin(label, |writer| match is_whole {
            true => writer.block(block, fate),
            false => writer.around(block, fate == WordFate::Added, |writer| writer.edits(inner, block.kind)),
        });
    }

    /// Writes a change: its first leaf says what it is.
    fn begin(&mut self, label: Label, write: impl FnOnce(&mut Self)) {
        let outer = self.label.replace(label);
        write(self);
        self.label = outer.filter(|_| self.label.is_some());
    }

    fn inside(&mut self, old: &TextBlock, new: &TextBlock, inside: &Inside<'_>) {
        match inside {
            Inside::Nothing => self.block(new, WordFate::Same),
            Inside::Blocks(edits) => self.around(new, true, |writer| writer.edits(edits, new.kind)),
            Inside::Words(runs) => {
                self.label.get_or_insert(Label::Changed);
                let (mut gone, mut come) = (Vec::new(), Vec::new());
                for run in runs {
                    match run {
                        WordRun::Same(..) => {}
                        WordRun::Removed(range) => gone.push(plain(&old.words[range.clone()])),
                        WordRun::Added(range) => come.push(plain(&new.words[range.clone()])),
                    }
                }
                self.around(new, true, |writer| {
                    for run in runs {
                        match run {
                            WordRun::Same(_, range) => writer.words(&new.words[range.clone()], WordFate::Same, false),
                            // Where the words are the same, what changed is where they lead.
                            WordRun::Removed(range) => {
                                let words = &old.words[range.clone()];
                                writer.words(words, WordFate::Removed, come.contains(&plain(words)));
                            }
                            WordRun::Added(range) => {
                                let words = &new.words[range.clone()];
                                writer.words(words, WordFate::Added, gone.contains(&plain(words)));
                            }
                        }
                    }
                });
            }
        }
    }

    /// Blocks without a change: a few are shown, many are folded.
    fn unchanged(&mut self, edits: &[BlockEdit<'_>], of: BlockKind) {
        let is_long = |edit: &BlockEdit<'_>| matches!(edit, BlockEdit::Same(new) if new.bag.len() > 120);
        if edits.len() <= SHOWN && !edits.iter().any(is_long) {
            return edits.iter().for_each(|edit| self.edit(edit));
        }
        let blocks = edits.len();
        let (open, close, what) = match of {
            BlockKind::List(_) => ("<li class=\"unchanged\">", "</li>", ["item", "items"]),
            BlockKind::Table => ("<tr class=\"unchanged\"><td colspan=\"99\">", "</td></tr>", ["row", "rows"]),
            BlockKind::Definitions => ("<dd class=\"unchanged\">", "</dd>", ["line", "lines"]),
            BlockKind::Row(_) => ("<td class=\"unchanged\">", "</td>", ["cell", "cells"]),
            _ => ("", "", ["part", "parts"]),
        };
        let (inner_open, inner_close) = match of {
            BlockKind::List(true) => ("<ol>", "</ol>"),
            BlockKind::List(false) => ("<ul>", "</ul>"),
            BlockKind::Table => ("<table>", "</table>"),
            BlockKind::Definitions => ("<dl>", "</dl>"),
            BlockKind::Row(_) => ("<table><tr>", "</tr></table>"),
            _ => ("", ""),
        };
        let sections =
            edits.iter().filter(|edit| matches!(edit, BlockEdit::Same(new) if new.title().is_some())).count();
        let named = match sections {
            0 => format!("{blocks} unchanged {}", if blocks == 1 { what[0] } else { what[1] }),
            1 => "1 unchanged section".to_owned(),
            count => format!("{count} unchanged sections"),
        };
        let _ = write!(self.out, "{open}<details class=\"unchanged\"><summary>{named}</summary>{inner_open}");
        edits.iter().for_each(|edit| self.edit(edit));
        let _ = writeln!(self.out, "{inner_close}</details>{close}");
    }

    /// Writes a whole block with one fate.
    fn block(&mut self, block: &TextBlock, fate: WordFate) {
        self.around(block, fate != WordFate::Removed, |writer| {
            writer.words(&block.words, fate, false);
            block.blocks.iter().for_each(|inner| writer.block(inner, fate));
        });
    }

    /// Writes the element of a block around what is in it.
    fn around(&mut self, block: &TextBlock, is_new: bool, write: impl FnOnce(&mut Self)) {
        let header = std::mem::replace(&mut self.header, matches!(block.kind, BlockKind::Row(true)));
        if block.kind == BlockKind::Cell {
            self.header = header;
        }
        let section = match block.kind == BlockKind::Section && is_new {
            true => Some(std::mem::replace(&mut self.section, block.id.clone())),
            false => None,
        };
        let (open, close) = element(block.kind, self.header && block.kind == BlockKind::Cell, self.frame.lower);
        self.out.push_str(&open);
        if block.kind.is_leaf() && block.kind != BlockKind::Code {
            self.say_label();
        } else if block.kind == BlockKind::Code {
            // Within the code the label would be a part of it.
            self.out.truncate(self.out.len() - open.len());
            if self.label.is_some() {
                self.out.push_str("<p class=\"change-label\">");
                self.say_label();
                self.out.push_str("</p>");
            }
            self.out.push_str(&open);
        }
        write(self);
        self.out.push_str(&close);
        self.header = header;
        if let Some(section) = section {
            self.section = section;
        }
    }

    fn say_label(&mut self) {
        let Some(label) = self.label.take() else { return };
        self.labels += 1;
        let (class, words) = label.words();
        let id = self.labels;
        let _ = match self.frame.address {
            Some(address) => {
                let place = self.section.as_ref().map_or_else(String::new, |id| format!("#{}", text::html(id)));
                let address = text::html(address);
                write!(
                    self.out,
                    "<a class=\"change {class}\" id=\"change-{id}\" href=\"{address}{place}\">{words}</a> "
                )
            }
            None => write!(self.out, "<span class=\"change {class}\" id=\"change-{id}\">{words}</span> "),
        };
    }

    /// Writes words, those of one style together; `targets` says whether where links lead is written too.
    fn words(&mut self, words: &[TextWord], fate: WordFate, targets: bool) {
        if words.is_empty() {
            return;
        }
        // What is read aloud says where a change of words begins; how it looks says it too.
        let (open, close) = match fate {
            WordFate::Same => ("", ""),
            WordFate::Added => {
                ("<ins><span class=\"aloud\"> added: </span>", "<span class=\"aloud\"> end of added </span></ins>")
            }
            WordFate::Removed => {
                ("<del><span class=\"aloud\"> removed: </span>", "<span class=\"aloud\"> end of removed </span></del>")
            }
        };
        self.out.push_str(open);
        let mut at = 0;
        while at < words.len() {
            let (style, link) = (words[at].style, &words[at].link);
            let is_alike = |word: &TextWord| word.style == style && word.link == *link || word.kind == WordKind::Space;
            let mut count = words[at..].iter().take_while(|word| is_alike(word)).count();
            // A space after the last word of a style is not in it.
            while count > 1 && words[at + count - 1].kind == WordKind::Space && at + count < words.len() {
                count -= 1;
            }
            self.styled(&words[at..at + count], style, fate);
            if let Some(link) = link.as_deref().filter(|_| targets) {
                let _ = write!(self.out, " <code>({})</code>", text::html(link));
            }
            at += count;
        }
        self.out.push_str(close);
    }

    fn styled(&mut self, words: &[TextWord], style: Style, fate: WordFate) {
        let tags = [(style.emphasis, "em"), (style.strong, "strong"), (style.struck, "s"), (style.code, "code")];
        let tags: Vec<&str> = tags.into_iter().filter_map(|(is_so, tag)| is_so.then_some(tag)).collect();
        for tag in &tags {
            let _ = write!(self.out, "<{tag}>");
        }
        for word in words {
            let text = text::html(&word.text);
            let _ = match word.kind {
                WordKind::Text | WordKind::Space => write!(self.out, "{text}"),
                WordKind::Break => write!(self.out, "<br>"),
                WordKind::Picture => write!(self.out, "<span class=\"picture\">[picture: {text}]</span>"),
                WordKind::Footnote => write!(self.out, "<sup>{text}</sup>"),
                WordKind::Tag if fate == WordFate::Same => Ok(()),
                WordKind::Tag => write!(self.out, "<code>{text}</code>"),
            };
        }
        for tag in tags.iter().rev() {
            let _ = write!(self.out, "</{tag}>");
        }
    }
}

/// Whether it is no change, and nothing that others need to be understood: a heading, or the head of a table.
fn is_foldable(edit: &BlockEdit<'_>) -> bool {
    let is_head = |block: &TextBlock| matches!(block.kind, BlockKind::Heading(_) | BlockKind::Row(true));
    matches!(edit, BlockEdit::Same(new) if !is_head(new))
}

/// How a block begins and ends.
fn element(kind: BlockKind, is_head: bool, lower: u8) -> (String, String) {
    let pair = |open: &str, close: &str| (open.to_owned(), format!("{close}\n"));
    match kind {
        BlockKind::Document => (String::new(), String::new()),
        BlockKind::Section => pair("<section>", "</section>"),
        BlockKind::Heading(level) => {
            let level = (level + lower).min(6);
            (format!("<h{level}>"), format!("</h{level}>\n"))
        }
        BlockKind::Paragraph => pair("<p>", "</p>"),
        BlockKind::Quote(None) => pair("<blockquote>", "</blockquote>"),
        BlockKind::Quote(Some(name)) => {
            let class = name.to_lowercase();
            (
                format!("<blockquote class=\"alert {class}\">\n<p class=\"alert-title\">{name}</p>"),
                "</blockquote>\n".to_owned(),
            )
        }
        BlockKind::List(true) => pair("<ol>", "</ol>"),
        BlockKind::List(false) => pair("<ul>", "</ul>"),
        BlockKind::Item => pair("<li>", "</li>"),
        BlockKind::Table => {
            pair("<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\"><table>", "</table></div>")
        }
        BlockKind::Row(_) => pair("<tr>", "</tr>"),
        BlockKind::Cell if is_head => pair("<th>", "</th>"),
        BlockKind::Cell => pair("<td>", "</td>"),
        BlockKind::Code => pair("<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>", "</code></pre>"),
        BlockKind::Quiz => pair("<div class=\"quiz\" role=\"group\" aria-label=\"Question\">", "</div>"),
        BlockKind::Html => pair("<div>", "</div>"),
        BlockKind::Rule => (String::new(), "<hr>\n".to_owned()),
        BlockKind::Footnote => pair("<div class=\"footnote-definition\">", "</div>"),
        BlockKind::Definitions => pair("<dl>", "</dl>"),
        BlockKind::Term => pair("<dt>", "</dt>"),
        BlockKind::Definition => pair("<dd>", "</dd>"),
    }
}
