//! Quizzes: a question, its answers as a task list, and what is said of them.
//!
//! In: the events of what stands in a block of code of that name. Out: which of them are the question, the answers and the
//! explanation, or what is wrong, with its place. It is no test: the right answers stand in the page.

use super::{FENCES, RangedEvent, fence_name};
use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use std::ops::Range;

/// The parts of a quiz, as ranges of its events.
pub struct Quiz {
    /// The question: all before the answers, a paragraph first.
    pub question: Range<usize>,
    /// The answers, two or more.
    pub answers: Vec<QuizAnswer>,
    /// What is said once somebody has answered.
    pub explanation: Range<usize>,
}

/// An answer of a quiz.
pub struct QuizAnswer {
    /// Whether it is right.
    pub is_right: bool,
    /// The beginning of its first paragraph, if its answers stand apart; else nothing.
    pub before: Range<usize>,
    /// What it says behind its box.
    pub after: Range<usize>,
}

/// What is wrong with a quiz, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizFault {
    /// Where.
    pub range: Range<usize>,
    /// What.
    pub kind: QuizFaultKind,
}

/// What is wrong with a quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuizFaultKind {
    /// Words behind its name.
    Arguments(String),
    /// It does not begin with a paragraph.
    NoQuestion,
    /// It has no task list.
    NoAnswers,
    /// It has one answer only.
    OneAnswer,
    /// None of its answers is right.
    NoneRight,
    /// An item between the answers has no box.
    NoBox,
    /// A second task list.
    SecondList,
    /// Something that can't stand in a quiz.
    Holds(&'static str),
}

impl Quiz {
    /// The parts of a quiz; none if it can't be asked.
    pub fn of(events: &[RangedEvent<'_>]) -> Option<Self> {
        let lists = task_lists(events);
        let list = lists.first()?;
        let items = blocks(events, list.start + 1..list.end - 1);
        let answers: Vec<QuizAnswer> = items.iter().filter_map(|item| answer(events, item)).collect();
        let is_whole = answers.len() == items.len() && answers.len() > 1 && answers.iter().any(|one| one.is_right);
        let question = 0..list.start;
        (is_whole && begins_with_words(events, &question)).then_some(Self {
            question,
            answers,
            explanation: list.end..events.len(),
        })
    }
}

/// What is wrong with a quiz that stands at a range of its text.
pub fn faults(kind: &CodeBlockKind<'_>, whole: &Range<usize>, events: &[RangedEvent<'_>]) -> Vec<QuizFault> {
    let mut found = Vec::new();
    let mut add = |range: Range<usize>, kind| found.push(QuizFault { range, kind });
    if let CodeBlockKind::Fenced(info) = kind
        && let Some((_, arguments)) = info.trim().split_once(char::is_whitespace)
    {
        add(whole.clone(), QuizFaultKind::Arguments(arguments.trim().to_owned()));
    }
    for (event, range) in events {
        let what = match event {
            Event::Start(Tag::Heading { .. }) => "heading",
            Event::Start(Tag::FootnoteDefinition(_)) | Event::FootnoteReference(_) => "footnote",
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if FENCES.contains(&fence_name(info)) => {
                "other block that means something"
            }
            _ => continue,
        };
        add(range.clone(), QuizFaultKind::Holds(what));
    }
    let lists = task_lists(events);
    let Some(list) = lists.first() else {
        add(whole.clone(), QuizFaultKind::NoAnswers);
        return found;
    };
    if !begins_with_words(events, &(0..list.start)) {
        add(whole.clone(), QuizFaultKind::NoQuestion);
    }
    let items = blocks(events, list.start + 1..list.end - 1);
    let answers: Vec<Option<QuizAnswer>> = items.iter().map(|item| answer(events, item)).collect();
    for (item, _) in items.iter().zip(&answers).filter(|(_, answer)| answer.is_none()) {
        add(events[item.start].1.clone(), QuizFaultKind::NoBox);
    }
    let place = || events[list.start].1.clone();
    if items.len() == 1 {
        add(place(), QuizFaultKind::OneAnswer);
    }
    if !answers.iter().flatten().any(|answer| answer.is_right) {
        add(place(), QuizFaultKind::NoneRight);
    }
    for second in &lists[1..] {
        add(events[second.start].1.clone(), QuizFaultKind::SecondList);
    }
    found
}

/// The lists among the blocks of a quiz that have an item with a box.
fn task_lists(events: &[RangedEvent<'_>]) -> Vec<Range<usize>> {
    let mut lists = blocks(events, 0..events.len());
    lists.retain(|block| {
        let is_list = matches!(events[block.start].0, Event::Start(Tag::List(_)));
        let mut items = if is_list { blocks(events, block.start + 1..block.end - 1) } else { Vec::new() }.into_iter();
        items.any(|item| answer(events, &item).is_some())
    });
    lists
}

/// The answer that an item of a list is, if it has a box.
fn answer(events: &[RangedEvent<'_>], item: &Range<usize>) -> Option<QuizAnswer> {
    let inside = item.start + 1..item.end - 1;
    let begins_paragraph = matches!(events.get(inside.start), Some((Event::Start(Tag::Paragraph), _)));
    let at = inside.start + usize::from(begins_paragraph);
    let Some((Event::TaskListMarker(is_right), _)) = events.get(at) else { return None };
    Some(QuizAnswer { is_right: *is_right, before: inside.start..at, after: at + 1..inside.end })
}

/// Whether the first block of a part is a paragraph.
fn begins_with_words(events: &[RangedEvent<'_>], part: &Range<usize>) -> bool {
    matches!(events[part.clone()].first(), Some((Event::Start(Tag::Paragraph), _)))
}

/// The blocks that stand beside each other in a part, each from its beginning to its end.
fn blocks(events: &[RangedEvent<'_>], part: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, part.start);
    for at in part {
        match events[at].0 {
            Event::Start(_) => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ if depth == 0 => start = at,
            _ => continue,
        }
        if depth == 0 {
            found.push(start..at + 1);
        }
    }
    found
}

/// The events up to the end of the block of code that has begun, which may hold others.
pub fn inside<'a>(events: &mut dyn Iterator<Item = RangedEvent<'a>>) -> Vec<RangedEvent<'a>> {
    let mut open = 1;
    let goes_on = |(event, _): &RangedEvent<'_>| {
        match event {
            Event::Start(Tag::CodeBlock(_)) => open += 1,
            Event::End(TagEnd::CodeBlock) => open -= 1,
            _ => {}
        }
        open > 0
    };
    events.take_while(goes_on).collect()
}
