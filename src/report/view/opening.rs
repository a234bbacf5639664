//! The opening of a report: what it comes to, in at most ten lines.
//!
//! In: a `CohortReport`. Out: sentences made from its figures, each with the place of the page that it speaks of: where the
//! data are few, each bar's state, what changed and what coincides with it, and what to do next. It says nothing that no figure of the report says.

use super::change::ChangeView;
use super::confusion::MixupView;
use super::figure::FigureView;
use crate::figures::words;
use crate::report::bars::JudgedPart;
use crate::report::change::ChangeFinding;
use crate::report::cited::RuleCounts;
use crate::report::evidence::JudgedOn;
use crate::report::look::{FEWEST, LOOK_BACK};
use crate::report::notes::{GOLD_TIES, Note};
use crate::report::task::TaskReport;
use crate::report::{CohortReport, bars};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A line of the opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningLine {
    /// What it is about: `data`, `bar`, `change` or `next`.
    pub kind: Cow<'static, str>,
    /// The sentence.
    pub text: String,
    /// The id of what it speaks of, on the page.
    pub place: String,
}

/// Most lines: whoever reads no further has read them all.
const MOST: usize = 10;
/// Most lines on bars, so that there is room for what to do.
const MOST_BARS: usize = 4;
/// Most lines on what changed.
const MOST_CHANGES: usize = 3;

/// Where the bars stand on a page.
pub const BARS: &str = "page/bars";
/// Where the data notes stand on a page.
pub const NOTES: &str = "page/notes";

/// The opening of a report.
pub fn opening(report: &CohortReport) -> Vec<OpeningLine> {
    let mut lines: Vec<OpeningLine> = left_out(report).into_iter().chain(few_data(report)).collect();
    let parts = report.tasks.iter().flat_map(|task| task.bar.parts.iter().map(move |part| (task, part)));
    let states: Vec<OpeningLine> = parts.map(|(task, part)| state(task, part)).collect();
    let more = states.len().saturating_sub(MOST_BARS);
    lines.extend(states.into_iter().take(MOST_BARS));
    if more > 0 {
        let parts = words::counted(more as u64, "further part of the bars stands", "further parts of the bars stand");
        lines.push(line("bar", format!("{parts} below."), BARS));
    }
    if report.tasks.iter().all(|task| task.bar.parts.is_empty()) {
        lines.push(line("bar", "No bar is set, so there is no verdict.".to_owned(), BARS));
    }
    lines.extend(changes(report));
    lines.extend(next(report));
    lines.truncate(MOST);
    lines
}

fn line(kind: &'static str, text: String, place: &str) -> OpeningLine {
    OpeningLine { kind: kind.into(), text, place: place.to_owned() }
}

/// What the report was made without.
fn left_out(report: &CohortReport) -> Option<OpeningLine> {
    let files = report.without.join(", ");
    let text = format!("Made without {files}: whoever made it left these ratings out on purpose.");
    (!report.without.is_empty()).then(|| line("data", text, NOTES))
}

/// Where there is hardly any gold, nothing else may be read first.
fn few_data(report: &CohortReport) -> Option<OpeningLine> {
    let items = |task: &TaskReport| task.week.overall.of_asked.map_or(0, |of| of.n_items);
    let minimum = report.tasks.iter().map(|task| task.bar.minimum).max().unwrap_or_default();
    let ratings: u64 = report.tasks.iter().map(|task| task.week.work.ratings).sum();
    let most = report.tasks.iter().map(items).max().unwrap_or_default();
    let text = match (ratings, most) {
        (0, _) => "Nothing was rated in this week; the figures so far are those of the weeks before.".to_owned(),
        (_, 0) => "No rating of this week met gold: nothing is known of its accuracy.".to_owned(),
        (_, most) if most < minimum => {
            let items = words::counted(most, "gold item", "gold items");
            format!("Few data: no task has more than {items} in this week, so that its own figures say little.")
        }
        _ => return None,
    };
    Some(line("data", text, BARS))
}

/// What is known of a part of a bar.
fn state(task: &TaskReport, part: &JudgedPart) -> OpeningLine {
    let at_least = bars::threshold(part);
    let stands_on = |of: &FigureView| {
        let told = [of.interval.as_deref(), of.n.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("; ");
        if told.is_empty() { told } else { format!(" ({told})") }
    };
    let defined = |of: &Option<JudgedOn>| of.as_ref().map(FigureView::of_bar).filter(|of| of.undefined.is_none());
    let so_far = |of: FigureView| format!("So far {} {}{}.", of.value, part.of_what, stands_on(&of));
    let so_far = defined(&part.of).map_or_else(|| part.why.clone(), so_far);
    let in_week = |of: FigureView| format!(" In this week {}{}.", of.value, stands_on(&of));
    let in_week = defined(&part.in_week).map_or_else(String::new, in_week);
    let verdict = part.verdict_text();
    line("bar", format!("{}, {} of at least {at_least}: {verdict}. {so_far}{in_week}", task.title, part.figure), BARS)
}

/// What fell or rose, the most telling of each task first; or, where nothing is shown, how little could have been seen.
fn changes(report: &CohortReport) -> Vec<OpeningLine> {
    let told = |task: &TaskReport, finding: &ChangeFinding| {
        let coincides = finding.coincides.iter().map(|sentence| format!(" {sentence}")).collect::<String>();
        line("change", format!("{}: {}{coincides}", task.title, finding.sentence), &task.id)
    };
    let ranked = report.tasks.iter().flat_map(|task| (0..).zip(&task.change.findings).map(move |of| (task, of)));
    let mut ranked: Vec<(usize, &TaskReport, &ChangeFinding)> =
        ranked.map(|(task, (rank, finding))| (rank, task, finding)).collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    // What else is found of a criterion stands below.
    let mut told_of = BTreeSet::new();
    ranked.retain(|(_, task, finding)| told_of.insert((&task.id, &finding.criterion)));
    if !ranked.is_empty() {
        return ranked.into_iter().take(MOST_CHANGES).map(|(_, task, finding)| told(task, finding)).collect();
    }
    let quiet = report.tasks.iter().filter_map(|task| Some((task, ChangeView::of(&task.change).quiet?)));
    quiet.take(1).map(|(task, quiet)| line("change", format!("{}: {quiet}", task.title), &task.id)).collect()
}

/// What to do next: what would decide a bar, what to clarify, and what to settle.
fn next(report: &CohortReport) -> impl Iterator<Item = OpeningLine> {
    [more_gold(report), clarify(report), missed_rule(report), settle(&report.notes)].into_iter().flatten()
}

/// The part of a bar that the fewest more items would decide, if there are enough for a verdict.
fn more_gold(report: &CohortReport) -> Option<OpeningLine> {
    let parts = report.tasks.iter().flat_map(|task| task.bar.parts.iter().map(move |part| (task, part)));
    let enough = parts.filter(|(task, part)| part.of.is_some_and(|of| of.items() >= task.bar.minimum));
    let undecided = enough.filter_map(|(task, part)| Some((part.items_more()?, task, part)));
    let (more, task, part) = undecided.filter(|(more, ..)| *more > 0).min_by_key(|(more, ..)| *more)?;
    let (one, many) = part.of?.nouns();
    let items = words::counted(more, &format!("more {one}"), &format!("more {many}"));
    let nearest = format!("Nearest to a verdict is {} of {}", part.figure, task.title);
    let text = match part.is_awaited() {
        true => format!("{nearest}, which is given after {items}."),
        false => {
            let shown = part.would_show();
            format!("{nearest}: about {items} would {shown} with 80 % chance if today's figure were the truth.")
        }
    };
    Some(line("next", text, BARS))
}

/// The answer that most often stood where the gold says another.
fn clarify(report: &CohortReport) -> Option<OpeningLine> {
    let criteria = report.tasks.iter().flat_map(|task| task.so_far.criteria.iter().map(move |of| (task, of)));
    let mixed = criteria.filter_map(|(task, of)| Some((task, of, of.mixup.as_ref()?)));
    let (task, of, mixup) = mixed.max_by_key(|(.., mixup)| mixup.count)?;
    let text = format!(
        "Most often apart so far, in {}: {}, {}. Read its section of the rubric beside the items where it happened.",
        task.title,
        of.id,
        MixupView::of(mixup).text
    );
    Some(line("next", text, &task.id))
}

/// The rule that was most often missed, of those that gold cites.
fn missed_rule(report: &CohortReport) -> Option<OpeningLine> {
    let looks = report.tasks.iter().flat_map(|task| task.look.iter().map(move |look| (task, look)));
    let rules = looks.flat_map(|(task, look)| look.rules.iter().map(move |rule| (task, look, rule)));
    let missed = rules.filter(|(.., rule)| rule.wrong >= FEWEST);
    let (task, look, of) = missed.min_by_key(|(.., rule)| (Reverse(rule.wrong), rule.asked))?;
    let RuleCounts { rule, wrong, asked, .. } = of;
    let weeks = words::counted(LOOK_BACK.into(), "week", "weeks");
    let text = format!(
        "Of the rules that gold cites, {rule} was missed most, in {} ({}): {wrong} of {asked} in the last {weeks}.",
        task.title, look.criterion
    );
    Some(line("next", text, &format!("page/look/{}", task.id)))
}

/// Gold that experts have not settled.
fn settle(notes: &[Note]) -> Option<OpeningLine> {
    let split: u64 = notes.iter().filter(|note| note.id == GOLD_TIES).map(|note| note.count).sum();
    let answers = words::counted(split, "answer", "answers");
    let text = format!("To adjudicate: {answers} on which experts are split, and which are no gold until then.");
    (split > 0).then(|| line("next", text, NOTES))
}
