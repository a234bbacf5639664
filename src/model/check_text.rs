//! Checking texts: whether what a file says reaches its readers, and what is meant to be hidden doesn't.
//!
//! In: a body, with its outline. Out: findings. It looks at one file alone; whether a page shows all of its text is seen
//! when it is rendered.

use crate::audience::Audiences;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, did_you_mean, rules};
use crate::digest::Inputs;
use crate::document::Body;
use crate::markdown::ids::{IdFault, PAGE_IDS, TakenId};
use crate::markdown::losses::{Loss, LossKind};
use crate::markdown::marks::{self, Doubtful};
use crate::markdown::outline::{AudiencePassage, CALLOUTS};
use crate::markdown::project::{Pieces, project};
use crate::markdown::quiz::{QuizFault, QuizFaultKind};
use crate::memo::{Function, Memo};
use crate::text::{listed, quoted};
use std::sync::Arc;

/// The text of a file to what is wrong with it.
pub struct TextCheck;

impl Function for TextCheck {
    type Value = Arc<Diagnostics>;
}

/// Checks the text of a file, unless it was checked before.
pub fn check(body: &Body, config: &Config, memo: &Memo, diagnostics: &mut Diagnostics) {
    let inputs = Inputs::of("text").digest(&config.digest).number(body.file.number()).digest(&body.digest).end();
    let found = memo.take::<TextCheck>(inputs, || {
        let mut found = Diagnostics::default();
        check_body(body, &config.audiences, &mut found);
        Arc::new(found)
    });
    diagnostics.append_shared(&found);
}

fn check_body(body: &Body, audiences: &Audiences, diagnostics: &mut Diagnostics) {
    check_marks(body, audiences, diagnostics);
    // In a passage for some readers, the same id may be meant for them in place of the other.
    let for_all = |taken: &&TakenId| body.outline.passage_at(taken.range.start).is_none();
    body.outline.taken_ids.iter().filter(for_all).for_each(|taken| check_id(taken, body, diagnostics));
    // What readers get is read without the comments, which may be otherwise.
    let shown = project(&body.pieces(), &body.outline, &|_| None);
    let of_comments = |kind: &LossKind| matches!(kind, LossKind::UnclosedComment | LossKind::Declaration);
    let own = body.outline.losses.iter().filter(|loss| shown.is_none() || of_comments(&loss.kind));
    own.for_each(|loss| check_loss(loss, &body.pieces(), diagnostics));
    body.outline.quiz_faults.iter().for_each(|fault| check_quiz(fault, body, diagnostics));
    if let Some(shown) = shown {
        shown.outline.losses.iter().for_each(|loss| check_loss(loss, &shown.pieces, diagnostics));
    }
}

/// An id leads to one place of a page.
fn check_id(taken: &TakenId, body: &Body, diagnostics: &mut Diagnostics) {
    let TakenId { id, range, instead, fault } = taken;
    let name = quoted(&format!("#{id}"));
    let (why, help) = match fault {
        IdFault::OfText => ("is something else on this page", "give it an id of its own".to_owned()),
        IdFault::OfStep => {
            ("is for a step of the run", format!("links to {name} lead to the step: call this otherwise"))
        }
        IdFault::OfPage => ("is what stands around the text", format!("no id begins with `{PAGE_IDS}` or `footnote-`")),
        IdFault::Form => ("can't be the id of a heading", "an id is letters, digits, `-`, `_`, `.` and `:`".to_owned()),
    };
    let message = match instead {
        Some(instead) => format!("{name} {why}, so this is {}", quoted(&format!("#{instead}"))),
        None => format!("{name} {why}, so this has no id"),
    };
    diagnostics.add(rules::TAKEN_ID, body.span(range), message).help(help);
}

/// A mark such as `[!INTERNAL]` must name an audience and begin a quote, or it would hide nothing.
fn check_marks(body: &Body, audiences: &Audiences, diagnostics: &mut Diagnostics) {
    let names = || audiences.all_names().chain(["internal"]);
    for passage in &body.outline.passages {
        let mark = &passage.audience;
        if names().any(|name| name == mark) {
            check_not_empty(passage, body, diagnostics);
            continue;
        }
        if !CALLOUTS.contains(&mark.as_str()) {
            let message = format!("there is no audience `{mark}`, so this is hidden from everybody");
            diagnostics
                .add(rules::UNKNOWN_AUDIENCE, body.span(&passage.range), message)
                .maybe_help(did_you_mean(mark, names()))
                .help(format!(
                    "goldbook.yaml declares {}; a box that all see begins with `[!NOTE]`",
                    audiences.prose()
                ));
        }
    }
    for stray in &body.outline.strays {
        if names().any(|name| name == stray.audience) {
            let message = "this mark does not begin a quote, so it hides nothing";
            diagnostics.add(rules::HIDES_NOTHING, body.span(&stray.range), message).help(MARKING);
        }
    }
    let names: Vec<&str> = names().collect();
    for doubtful in marks::doubtful(&body.text, &body.outline, &names) {
        check_doubtful(doubtful, body, diagnostics);
    }
}

/// How a passage is marked.
const MARKING: &str = "write `> [!INTERNAL]`, and `> ` before each line of the passage";

/// What an author may have meant to hide.
fn check_doubtful(doubtful: Doubtful, body: &Body, diagnostics: &mut Diagnostics) {
    match doubtful {
        Doubtful::Mark(range) => {
            let message = "this looks like the mark of a passage, and hides nothing";
            diagnostics
                .add(rules::HIDES_NOTHING, body.span(&range), message)
                .help(MARKING)
                .help("if it is only text, put it into backticks, or other words before it");
        }
        Doubtful::Quote(range) => {
            let first_line = body.text[range.clone()].find('\n').map_or(range.end, |end| range.start + end);
            let message = "this quote is no part of the passage above it: an empty line ended that";
            diagnostics
                .add(rules::HIDES_NOTHING, body.span(&(range.start..first_line)), message)
                .help("put `>` on the empty line to hide this too")
                .help("if all may see it, put a line of text between the two, or begin it with `> [!NOTE]`");
        }
    }
}

/// A mark alone in its quote hides nothing: what follows is probably a quote of its own.
fn check_not_empty(passage: &AudiencePassage, body: &Body, diagnostics: &mut Diagnostics) {
    let text = &body.text[passage.range.clone()];
    let after = text.split_once(']').map_or("", |(_, after)| after);
    if after.chars().all(|c| c == '>' || c.is_whitespace()) {
        diagnostics
            .add(rules::HIDES_NOTHING, body.span(&passage.range), "this passage is empty, so it hides nothing")
            .help("put `> ` before every line of the passage, empty ones included");
    }
}

/// A question that can't be asked.
fn check_quiz(QuizFault { range, kind }: &QuizFault, body: &Body, diagnostics: &mut Diagnostics) {
    const ANSWERS: &str = "its answers are a list of `- [x] right` and `- [ ] wrong`";
    let (message, help) = match kind {
        QuizFaultKind::Arguments(words) => {
            (format!("{} is not understood here: a quiz takes no words behind its name", quoted(words)), QUIZ_FORM)
        }
        QuizFaultKind::NoQuestion => ("this quiz does not begin with a question".to_owned(), QUIZ_FORM),
        QuizFaultKind::NoAnswers => ("this quiz has no answers".to_owned(), ANSWERS),
        QuizFaultKind::OneAnswer => {
            ("this quiz has one answer only".to_owned(), "give it a wrong one too: `- [ ] wrong`")
        }
        QuizFaultKind::NoneRight => {
            ("none of these answers is right".to_owned(), "write `[x]` before each one that is")
        }
        QuizFaultKind::NoBox => ("this answer does not say whether it is right".to_owned(), ANSWERS),
        QuizFaultKind::SecondList => {
            ("this quiz has a second list of answers".to_owned(), "make one list of both, or a quiz of each")
        }
        QuizFaultKind::Holds(what) => (format!("a quiz holds no {what}"), "put it before or behind the quiz"),
    };
    diagnostics.add(rules::INVALID_QUIZ, body.span(range), message).help(help);
}

/// How a quiz is written.
const QUIZ_FORM: &str = "a quiz is a question, a list of `- [x] right` and `- [ ] wrong` answers, and an explanation";

/// What does not reach its readers as written.
fn check_loss(Loss { range, kind }: &Loss, pieces: &Pieces, diagnostics: &mut Diagnostics) {
    let words = &pieces.text[range.clone()];
    let (rule, message, help) = match kind {
        LossKind::UnclosedComment => (
            rules::UNCLOSED_COMMENT,
            "this comment does not end, so nothing that follows is on any page".to_owned(),
            "end it with `-->`",
        ),
        LossKind::UnclosedElement(name) => (
            rules::HTML,
            format!("`<{name}>` does not end, so it goes on to the end of the page"),
            "end it, or put the words between backticks if they are no tag: `` `<name>` ``",
        ),
        LossKind::ClosesNothing(name) => (
            rules::HTML,
            format!("`</{name}>` ends nothing, so it is not shown"),
            "leave it out, or put the words between backticks if they are no tag: `` `</name>` ``",
        ),
        LossKind::Element(name) => (
            rules::HTML,
            format!("pages have no `<{name}>`: it is left out, or only what it holds is shown"),
            "say it in Markdown, or put the words between backticks if they are no tag: `` `<name>` ``",
        ),
        LossKind::OutOfPlace(name, place) => (
            rules::HTML,
            format!("`<{name}>` stands in no `<{place}>`, so no reader sees that it is there"),
            "put the words between backticks if they are no tag: `` `<name>` ``",
        ),
        LossKind::Attributes(name, attributes) => (
            rules::HTML,
            format!("left out, since pages have no {} on `<{name}>`", listed(attributes.iter().map(String::as_str))),
            "leave it out here too; how pages look is the theme's business",
        ),
        LossKind::Hidden => (
            rules::HIDDEN_TEXT,
            "what is hidden so is only out of sight: readers get it with the page and in `instructions.md`".to_owned(),
            "narrow it with a `> [!INTERNAL]` passage, or make it a comment: `<!-- … -->`",
        ),
        LossKind::Declaration => (
            rules::HTML,
            "this is no HTML that a page can have: it is left out".to_owned(),
            "put it between backticks if readers are to see it",
        ),
        LossKind::Cells => (
            rules::TEXT_LOST,
            "this row has more cells than its table's head, and what is beyond is on no page".to_owned(),
            "write a `|` that parts no cells as `\\|`, in code too, or widen the head",
        ),
        LossKind::CodeInfo => (
            rules::TEXT_LOST,
            "what stands behind the language of a block of code is on no page".to_owned(),
            "say it above the block; of a comment, make one: `<!-- … -->`",
        ),
        LossKind::HeadingAttributes => (
            rules::TEXT_LOST,
            "a heading has an id in braces, and nothing else there is on any page".to_owned(),
            "write `{#id}`, or put the braces between backticks if they are words",
        ),
        LossKind::Passed => (
            rules::TEXT_LOST,
            "these words are on no page".to_owned(),
            "a reference that is defined twice keeps its first definition; say anything else in a paragraph of its own",
        ),
        LossKind::UndefinedFootnote => (
            rules::UNDEFINED_REFERENCE,
            format!("there is no footnote `{words}` in this file"),
            "a line `[^name]: …` defines it; a backslash before the bracket makes it text",
        ),
        LossKind::UndefinedReference => (
            rules::UNDEFINED_REFERENCE,
            format!("`{}` is no link: this file does not say where it leads", words.escape_debug()),
            "a line `[name]: target` defines it; a backslash before each bracket makes it text",
        ),
        LossKind::NoLink => (
            rules::UNDEFINED_REFERENCE,
            "this is no link, and is shown as it is written".to_owned(),
            "a target with spaces or brackets stands in angle brackets: `[text](<a b.md>)`; a backslash before `(` makes it text",
        ),
        LossKind::ForeignComment(program) => (
            rules::SHOWN_COMMENT,
            format!("this is a comment in {program}, and would be shown to readers here"),
            "write `<!-- … -->`; in code it stays text, and so it does with a backslash before it",
        ),
        LossKind::MisplacedComment => (
            rules::SHOWN_COMMENT,
            "this would be shown to readers: such a comment needs an empty line before it, and no brackets in it"
                .to_owned(),
            "write `<!-- … -->`",
        ),
        LossKind::UnnamedRule => (
            rules::UNNAMED_RULE,
            "a rule is cited by its id, which is one word behind `[!RULE]`".to_owned(),
            "for example `> [!RULE] partly-counts`, and what it says on the next line",
        ),
        LossKind::MisplacedRule => (
            rules::UNNAMED_RULE,
            "this marks no rule, and is shown as it is written: the mark of a rule begins a quote".to_owned(),
            "give each rule a quote of its own, with an empty line before it: `> [!RULE] partly-counts`",
        ),
    };
    diagnostics.add(rule, pieces.span(range), message).help(help);
}
