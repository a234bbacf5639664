//! Changes of text: a page's redline as a list.
//!
//! In: a page of both texts. Out: a change for each block that is new, gone, moved or otherwise, with the sections that
//! it lies in.

use super::class::Presumed;
use super::pages::PagePair;
use super::{Action, ChangePlace, Subject, TaskChange};
use crate::document::{MOVED, TASKS};
use crate::markdown::blocks::{BlockKind, TextBlock, marked, plain};
use crate::markdown::redline::{BlockEdit, Inside};
use crate::model::Page;

/// What changed on a page. `is_criterion` tells whether a section of the rubric is a criterion's.
pub fn of_page(pair: &PagePair<'_>, is_criterion: impl Fn(&str) -> bool) -> Vec<TaskChange> {
    let Some(page) = pair.page() else { return Vec::new() };
    let mut list = Listing { page, sections: Vec::new(), changes: Vec::new() };
    match (pair.old, pair.new) {
        (None, Some(_)) => list.add(Action::Added, Subject::Page(""), String::new(), page.title.clone()),
        (Some(_), None) => list.add(Action::Removed, Subject::Page(""), page.title.clone(), String::new()),
        (Some(old), Some(new)) => {
            if old.path != new.path {
                list.add(Action::Moved, Subject::Page(""), file(old), file(new));
            }
            // A title in the text is compared with it.
            if old.title != new.title && !(old.text.title_in_body && new.text.title_in_body) {
                list.add(Action::Changed, Subject::Page("title"), old.title.clone(), new.title.clone());
            }
            if let Some(redline) = pair.redline() {
                list.edits(&redline.edits);
            }
            // A block that shows steps may stay as it is while the run that it names does not.
            for (arguments, excerpt) in &new.text.excerpts {
                let was = old.text.excerpts.get(arguments).map(|was| was.trajectory.digest);
                if was.is_some_and(|was| was != excerpt.trajectory.digest) {
                    list.add(Action::Changed, Subject::Page("run"), arguments.clone(), arguments.clone());
                }
            }
        }
        (None, None) => {}
    }
    let mut changes = list.changes;
    for change in &mut changes {
        let of_rubric = change.place.file == "rubric.md";
        let criterion = change.place.sections.iter().rev().find(|id| of_rubric && is_criterion(id));
        // Where something is now is said behind the last section, and is no part of it.
        let is_way_on =
            [&change.before, &change.after].into_iter().all(|text| text.is_empty() || text.starts_with(MOVED));
        let action = if is_way_on { Action::Moved } else { change.action };
        change.presumed = Presumed::of_text(action, criterion.cloned());
    }
    changes
}

/// A page's file below its task's folder; one that is included from elsewhere by its whole path.
pub fn file(page: &Page) -> String {
    below_task(&page.path).to_owned()
}

/// A path below its task's folder; any other as it is.
pub fn below_task(path: &str) -> &str {
    let rest = path.strip_prefix(TASKS).and_then(|rest| rest.split_once('/'));
    rest.map_or(path, |(_, below)| below)
}

struct Listing<'p> {
    page: &'p Page,
    /// The sections that are open: id and title.
    sections: Vec<(String, String)>,
    changes: Vec<TaskChange>,
}

impl Listing<'_> {
    fn add(&mut self, action: Action, subject: Subject, before: String, after: String) {
        let title = self.sections.last().map_or(&self.page.title, |(_, title)| title).clone();
        let sections = self.sections.iter().map(|(id, _)| id.clone()).collect();
        let place = ChangePlace { file: file(self.page), sections, title };
        self.changes.push(TaskChange {
            place,
            action,
            subject,
            before,
            after,
            presumed: Presumed::of_text(action, None),
        });
    }

    fn edits(&mut self, edits: &[BlockEdit<'_>]) {
        for edit in edits {
            match edit {
                BlockEdit::Same(..) | BlockEdit::MovedAway(..) => {}
                BlockEdit::Added(new, inner) => self.whole(new, inner, Action::Added),
                BlockEdit::Removed(old, inner) => self.whole(old, inner, Action::Removed),
                BlockEdit::MovedHere(old, new, inside) => {
                    self.within(new, |list| {
                        list.add(Action::Moved, Subject::Text(name(new)), old.plain(), new.plain());
                    });
                    self.inside(old, new, inside);
                }
                BlockEdit::Changed(old, new, inside) => self.inside(old, new, inside),
            }
        }
    }

    /// A block that is new or gone: one change, but for what moved within it.
    fn whole(&mut self, block: &TextBlock, inner: &[BlockEdit<'_>], action: Action) {
        let is_whole = inner.iter().all(|edit| matches!(edit, BlockEdit::Added(..) | BlockEdit::Removed(..)));
        let says_nothing = block.bag.is_empty() && block.kind != BlockKind::Rule;
        if !is_whole {
            return self.within(block, |list| list.edits(inner));
        }
        if says_nothing {
            return;
        }
        let text = block.plain();
        let (before, after) = if action == Action::Added { (String::new(), text) } else { (text, String::new()) };
        self.within(block, |list| list.add(action, Subject::Text(name(block)), before, after));
    }

    fn inside(&mut self, old: &TextBlock, new: &TextBlock, inside: &Inside<'_>) {
        match inside {
            Inside::Nothing => {}
            Inside::Blocks(edits) if matches!(new.kind, BlockKind::Row(_)) && !edits.is_empty() => {
                self.add(Action::Changed, Subject::Text(name(new)), cells(old), cells(new));
            }
            Inside::Blocks(edits) => self.within(new, |list| list.edits(edits)),
            Inside::Words(_) => {
                // Where the words are the same, what changed is where a link leads, or what is set off.
                let shown = if plain(&old.words) == plain(&new.words) { marked } else { plain };
                let (before, after) = (shown(&old.words), shown(&new.words));
                self.add(Action::Changed, Subject::Text(name(new)), before, after);
            }
        }
    }

    fn within(&mut self, block: &TextBlock, list: impl FnOnce(&mut Self)) {
        let opened = block.id.clone().filter(|_| block.kind == BlockKind::Section);
        let opens = opened.is_some();
        if let Some(id) = opened {
            let title = block.title().map_or_else(|| id.clone(), |title| plain(&title.words));
            self.sections.push((id, title));
        }
        list(self);
        if opens {
            self.sections.pop();
        }
    }
}

/// The cells of a row in a line.
fn cells(row: &TextBlock) -> String {
    row.blocks.iter().map(|cell| plain(&cell.words)).collect::<Vec<_>>().join(" | ")
}

/// What a block is called.
fn name(block: &TextBlock) -> &'static str {
    match block.kind {
        BlockKind::Document => "text",
        BlockKind::Section => "section",
        BlockKind::Heading(_) => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Quote(None) => "quote",
        BlockKind::Quote(Some(_)) => "alert",
        BlockKind::List(_) => "list",
        BlockKind::Item => "list item",
        BlockKind::Table => "table",
        BlockKind::Row(_) => "table row",
        BlockKind::Cell => "table cell",
        BlockKind::Code => "code",
        BlockKind::Quiz => "quiz",
        BlockKind::Html => "HTML",
        BlockKind::Rule => "line",
        BlockKind::Footnote => "footnote",
        BlockKind::Definitions => "definitions",
        BlockKind::Term => "term",
        BlockKind::Definition => "definition",
    }
}
