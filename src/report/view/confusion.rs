//! Gold by answer as a view has it, and the answer that is most often not the gold's.
//!
//! In: a `ConfusionTable` and a `Mixup`. Out: what templates and files see of them, with the mix-up as a sentence.

use crate::figures::confusion::{ConfusionTable, Mixup};
use crate::figures::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Gold by answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ConfusionView {
    /// The answers.
    pub answers: Vec<String>,
    /// A row for each gold category.
    pub rows: Vec<ConfusionRowView>,
}

/// The answer that most often stood where the gold says another.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MixupView {
    /// The gold.
    pub gold: String,
    /// The answer.
    pub answer: String,
    /// How often it was given to that gold.
    pub count: u64,
    /// Ratings of that gold.
    pub asked: u64,
    /// All of it in words.
    pub text: String,
}

/// The answers that met one gold category.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ConfusionRowView {
    /// The category.
    pub gold: String,
    /// How often each answer met it.
    pub counts: Vec<u64>,
    /// All of them.
    pub total: u64,
}

impl ConfusionView {
    /// The view of a table.
    pub fn of(confusion: &ConfusionTable) -> Self {
        let row = |(gold, counts): &(String, Vec<u64>)| ConfusionRowView {
            gold: gold.clone(),
            counts: counts.clone(),
            total: counts.iter().sum(),
        };
        Self { answers: confusion.answers.clone(), rows: confusion.rows.iter().map(row).collect() }
    }
}

impl MixupView {
    /// The view of a mix-up.
    pub fn of(mixup: &Mixup) -> Self {
        let Mixup { gold, answer, count, asked } = mixup.clone();
        let of = words::counted(asked, "rating", "ratings");
        let text = format!("gold “{gold}” was answered “{answer}” in {} of {of}", words::number(count));
        Self { gold, answer, count, asked, text }
    }
}
