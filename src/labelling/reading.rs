//! What reads a tool's export: the `ratings.yaml` beside what is made for it.
//!
//! In: a rubric, and what is said of the tool's form. Out: YAML. All in it is the tool's word, ids, receipts and words of
//! `form`, which need no quotes.

use super::AskedRubric;
use super::form::{FormQuestion, other_control};
use crate::schema::Words;
use std::fmt::Write;

/// The name of the file.
pub const FILE: &str = "ratings.yaml";

/// How a tool's form is read.
pub struct FormReading<'a> {
    /// What the export is called, in words.
    pub export: &'a str,
    /// The tool's word.
    pub tool: &'a str,
    /// What the tool can't do.
    pub remarks: &'a [String],
    /// By column of the canonical form: what the tool's export calls it.
    pub columns: &'a [(&'a str, &'a str)],
    /// Whether a question has a control for other answers.
    pub has_other: &'a dyn Fn(&FormQuestion<'_>) -> bool,
}

/// Says which task and text an export is of, which controls answer a criterion, and what stands for no value.
pub fn write(asked: &AskedRubric<'_>, questions: &[FormQuestion<'_>], form: &FormReading<'_>) -> String {
    let mut out = format!("# How to read what {} of the interface beside it.\n", form.export);
    form.remarks.iter().for_each(|remark| out.push_str(&format!("# {remark}\n")));
    let _ = writeln!(out, "tool: {}\ntask: {}", form.tool, asked.task);
    asked.receipt.iter().for_each(|receipt| out.push_str(&format!("version: {receipt}\n")));
    let pairs = |pairs: Vec<String>| pairs.join(", ");
    if !form.columns.is_empty() {
        let columns = form.columns.iter().map(|(column, name)| format!("{column}: {name}"));
        let _ = writeln!(out, "columns: {{{}}}", pairs(columns.collect()));
    }
    let others = questions.iter().filter(|question| (form.has_other)(question));
    let others: Vec<String> =
        others.map(|of| format!("{}: {}", of.criterion.id, other_control(of.criterion))).collect();
    if !others.is_empty() {
        let _ = writeln!(out, "answers: {{{}}}", pairs(others));
    }
    let meant = questions.iter().filter(|question| !question.outcomes.is_empty());
    let meant = meant.map(|FormQuestion { criterion, outcomes, .. }| {
        let each = outcomes.iter().rev().map(|(word, meant)| format!("{word}: {{outcome: {}}}", meant.word()));
        format!("  {}: {{{}}}\n", criterion.id, pairs(each.collect()))
    });
    let meant: String = meant.collect();
    if !meant.is_empty() {
        let _ = write!(out, "values:\n{meant}");
    }
    out
}
