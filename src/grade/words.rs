//! Grades in words: a table for a terminal, in Markdown.
//!
//! In: grades. Out: text. It holds gold, and is for the team alone.

use super::chances::DRAWS;
use super::{AlikePair, Candidate, CandidateSpread, Grades, PassChance};
use crate::figures::words::{counted, interval, number, percent};
use crate::quality::shared_errors::FEWEST_ITEMS;
use crate::text;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What came of a test: one line a candidate, then what explains the differences, then what was missed.
pub fn report(grades: &Grades) -> String {
    let Grades { task, items, mark, candidates, spread, chances, alike, others, without_gold, .. } = grades;
    let mut out = format!(
        "# Test of {task}: {} and {}\n\n",
        counted(candidates.len() as u64, "candidate", "candidates"),
        counted(items.len() as u64, "test item", "test items")
    );
    if candidates.is_empty() {
        out.push_str("Nobody answered a test item.\n");
    } else {
        out.push_str("| candidate | items | right of asked | 95 % interval | mark |\n|---|--:|--:|---|---|\n");
        candidates.iter().for_each(|candidate| line(candidate, &mut out));
        out.push_str("\nIntervals speak of that candidate on items like these. Who answered, when, and whether alone is the sender's word.\n");
    }
    if let Some(mark) = mark {
        let _ = write!(out, "\n## The mark\n\n`{mark}`\n\n");
        chances.iter().for_each(|chance| out.push_str(&chance_in_words(chance)));
        if !chances.is_empty() {
            let each = number(DRAWS);
            let _ = write!(
                out,
                "\nOf {each} simulated candidates each, who answer as many items as the longest test above, independently.\n"
            );
        }
    }
    spread.iter().for_each(|spread| out.push_str(&spread_in_words(spread)));
    if candidates.len() > 1 {
        out.push_str(&alike_in_words(alike, grades.compared));
    }
    candidates.iter().for_each(|candidate| details(candidate, &mut out));
    left_out("Answers to what is no test item of the task, not graded", others, &mut out);
    left_out("Answers that meet no gold (none, unsure, or of another meaning), not graded", without_gold, &mut out);
    out
}

/// Answers that are not graded, by item.
fn left_out(what: &str, by_item: &BTreeMap<String, usize>, out: &mut String) {
    if !by_item.is_empty() {
        let named: Vec<String> = by_item.iter().map(|(item, count)| format!("{item} ({count})")).collect();
        let _ = write!(out, "\n{what}: {}.\n", text::line(&named.join(", ")));
    }
}

fn line(candidate: &Candidate, out: &mut String) {
    let (share, interval) = candidate.overall.as_ref().map_or_else(
        || ("none".to_owned(), String::new()),
        |share| (percent(share.point), interval(share.low, share.high)),
    );
    let mark = match candidate.passes {
        Some(true) => "passed",
        Some(false) => "not passed",
        None => "",
    };
    let _ = writeln!(
        out,
        "| {} | {} | {share} | {interval} | {mark} |",
        text::cell(&text::line(&candidate.rater)),
        candidate.items
    );
}

fn details(candidate: &Candidate, out: &mut String) {
    let _ = write!(out, "\n## {}\n\n", text::line(&candidate.rater));
    for score in &candidate.criteria {
        let share = &score.share;
        let _ = writeln!(
            out,
            "- {}: {} of {} right, {}",
            score.criterion,
            share.right,
            share.asked,
            interval(share.low, share.high)
        );
    }
    let not_answered = if candidate.is_issued { "not answered, counted as asked" } else { "not answered" };
    for (what, named) in [
        (not_answered, &candidate.missing),
        ("answered and not issued, not graded", &candidate.not_issued),
        ("answered under another version than was issued", &candidate.other_versions),
    ] {
        if !named.is_empty() {
            let _ = writeln!(out, "- {what}: {}", text::line(&named.join(", ")));
        }
    }
    for miss in &candidate.misses {
        let why = miss.why.as_ref().map_or_else(String::new, |why| format!(" ({})", text::line(why)));
        let (item, given) = (text::line(&miss.item), text::line(&miss.given));
        let _ =
            writeln!(out, "- {item}, {}: answered {given}, gold has {}{why}", miss.criterion, text::line(&miss.gold));
    }
}

fn chance_in_words(chance: &PassChance) -> String {
    format!(
        "- Somebody who is right {} of the time passes with a chance of about {}.\n",
        percent(chance.truth),
        percent(chance.passes)
    )
}

fn spread_in_words(spread: &CandidateSpread) -> String {
    let CandidateSpread { seen, by_chance } = spread;
    let (seen_points, chance_points) = (100.0 * seen, 100.0 * by_chance);
    let explained = if *seen > 0.0 { (by_chance / seen).powi(2).min(1.0) } else { 1.0 };
    format!(
        "\n## How candidates differ\n\nTheir shares differ by a standard deviation of {seen_points:.1} points. If all were equally good, chance alone would make it {chance_points:.1}: chance explains {} of the variance.\n",
        percent(explained)
    )
}

/// Which pairs are worth a talk. Nothing here says why their answers are alike.
fn alike_in_words(alike: &[AlikePair], compared: usize) -> String {
    let mut out = "\n## Wrong answers that are alike\n\n".to_owned();
    let pairs = counted(compared as u64, "pair", "pairs");
    if compared == 0 {
        let _ = writeln!(out, "No two candidates share {FEWEST_ITEMS} items: fewer show nothing.");
        return out;
    }
    if alike.is_empty() {
        let _ = writeln!(out, "None of {pairs} has more wrong answers in common than chance explains.");
        return out;
    }
    out.push_str(
        "| worth a talk | shared items | both wrong | the same | by chance | p |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for AlikePair { candidates: [one, other], items, both_wrong, same, expected, p } in alike {
        let pair = text::line(&format!("{one} and {other}")).into_owned();
        let p = if *p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") };
        let _ = writeln!(out, "| {} | {items} | {both_wrong} | {same} | {expected:.1} | {p} |", text::cell(&pair));
    }
    let _ = write!(
        out,
        "\nOf {pairs} who share {FEWEST_ITEMS} items or more; p is adjusted for all of them (Holm). If all answered on their own, at most one test in twenty would name a pair. Why answers are alike is not shown: two who misread the same sentence, or were trained by the same person, look so too.\n"
    );
    out
}
