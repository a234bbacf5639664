//! Labelling: what other tools ask by, made from a task's rubric, so that no question is typed twice.
//!
//! In: a task's rubric, its titles, and the receipt of the sealed text. Out: files for a tool, with a `ratings.yaml` that reads
//! what the tool exports; or a prompt and an answer schema for a model judge. It holds no gold. A tool is a file of its own
//! and a line in `WORDS`; what a criterion asks is decided once, in `form`.

mod argilla;
mod form;
mod judge;
mod label_studio;
mod potato;
mod reading;

pub use judge::judge;

use crate::document::Rubric;
use crate::schema::Words;

/// What files are made from.
pub struct AskedRubric<'a> {
    /// The task's id.
    pub task: &'a str,
    /// What the task is called.
    pub title: &'a str,
    /// The receipt of the text that raters read; none of a text that is not sealed.
    pub receipt: Option<&'a str>,
    /// The questions.
    pub rubric: &'a Rubric,
    /// What the section of a criterion is called.
    pub titles: &'a dyn Fn(&str) -> String,
}

impl AskedRubric<'_> {
    /// What stands above all questions: the task, and the text that it is of.
    fn heading(&self) -> String {
        let version = self.receipt.map_or_else(String::new, |receipt| format!(", {receipt}"));
        format!("{} ({}{version})", self.title, self.task)
    }
}

/// A file for a tool: its name, and what it holds.
pub type ToolFile = (&'static str, String);

/// What is made for a tool.
#[derive(Default)]
pub struct ToolFiles {
    /// The files.
    pub files: Vec<ToolFile>,
    /// What the rubric wants and the tool can't do as it is meant, in sentences.
    pub remarks: Vec<String>,
}

/// A tool that a rubric can be written for: what writes it.
#[derive(Clone, Copy, Debug)]
pub struct LabellingTool(fn(&AskedRubric<'_>) -> ToolFiles);

impl Words for LabellingTool {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("argilla", Self(argilla::files)),
        ("label-studio", Self(label_studio::files)),
        ("potato", Self(potato::files)),
    ];
}

impl LabellingTool {
    /// The files for it.
    pub fn files(self, asked: &AskedRubric<'_>) -> ToolFiles {
        self.0(asked)
    }
}
