//! The text of a release: what one audience gets of it, as one Markdown file.
//!
//! In: Instructions that are already projected. Out: the bytes that are sealed and shipped as `instructions.md`.
//! It shows what the pages show, gold included where they do, and never more.

use super::Version;
use crate::document::Criterion;
use crate::model::{Example, Gold, GoldAnswer, Instructions, Page};
use std::fmt::Write;

/// The name under which the text is shipped.
pub const NAME: &str = "instructions.md";

/// The whole text.
pub fn instructions(task: &str, version: &Version, set: &Instructions) -> String {
    let mut out = format!("# {}\n\nTask: {task}\nVersion: {version}\n\n", set.page.title);
    if let Some(summary) = &set.facts.summary {
        let _ = writeln!(out, "{summary}\n");
    }
    out.push_str(set.page.text.below_title().trim());
    out.push_str("\n\n");
    section(&mut out, &set.rubric_page);
    for criterion in &set.rubric.criteria {
        describe(&mut out, criterion);
    }
    for page in &set.pages {
        section(&mut out, page);
    }
    for example in &set.examples {
        section(&mut out, &example.page);
        describe_example(&mut out, example, set);
    }
    out
}

fn section(out: &mut String, page: &Page) {
    let _ = write!(out, "# {}\n\n{}\n\n", page.title, page.text.below_title().trim());
}

fn describe(out: &mut String, criterion: &Criterion) {
    let unsure = if criterion.unsure { ", `unsure` allowed" } else { "" };
    let _ = writeln!(out, "Criterion `{}` ({}{unsure}):\n", criterion.id, criterion.scale.name());
    for choice in criterion.scale.choices() {
        let _ = writeln!(out, "- `{}`: {}", choice.value, choice.meaning);
    }
    if let Some(bounds) = criterion.scale.bounds() {
        let _ = writeln!(out, "- {bounds}");
    }
    for attribute in &criterion.attributes {
        let _ = writeln!(out, "- with `{}`: {}", attribute.name, attribute.values.join(", "));
    }
    out.push('\n');
}

fn describe_example(out: &mut String, example: &Example, set: &Instructions) {
    let _ = writeln!(out, "Item `{}`, {} example.\n", example.item, example.used.name());
    for gold in &example.gold {
        describe_gold(out, gold, set);
    }
    out.push('\n');
}

fn describe_gold(out: &mut String, gold: &Gold, set: &Instructions) {
    let why = |why: &Option<String>| why.as_ref().map_or(String::new(), |why| format!(": {why}"));
    let rules = set.rules_in_words(&gold.rules);
    match &gold.answer {
        GoldAnswer::Values(values) => {
            let _ = writeln!(out, "- `{}`: `{}`{rules}{}", gold.criterion, values.join("` or `"), why(&gold.why));
        }
        GoldAnswer::Outcome(outcome) => {
            let _ = writeln!(out, "- `{}`: {}{rules}{}", gold.criterion, outcome.name(), why(&gold.why));
        }
        GoldAnswer::Flags(flags) if flags.is_empty() => {
            let _ = writeln!(out, "- `{}`: nothing to flag{rules}{}", gold.criterion, why(&gold.why));
        }
        GoldAnswer::Flags(flags) => {
            for flag in flags {
                let attributes: Vec<&str> = flag.attributes.values().map(String::as_str).collect();
                let with = if attributes.is_empty() { String::new() } else { format!(" ({})", attributes.join(", ")) };
                let quote = flag.quote_in_words();
                let (criterion, step, kind) = (&gold.criterion, flag.step, &flag.kind);
                let rules = set.rules_in_words(&flag.rules);
                let _ = writeln!(out, "- `{criterion}` step {step}: `{kind}`{with}{quote}{rules}{}", why(&flag.why));
            }
        }
    }
}
