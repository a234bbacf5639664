//! What a report says of its being published, as templates and files see it.
//!
//! In: nothing; it is filled where published reports are shown. Out: plain values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a report says of its being published.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PublicationView {
    /// 1 for what was published first, then one more for each revision.
    pub revision: u32,
    /// Why it was revised, or null.
    pub because: Option<String>,
    /// When.
    pub time: String,
    /// The version of the program that made the figures.
    pub program: String,
    /// Figures, verdicts and intervals that would now be other ones.
    pub restated: Vec<RestatedFigure>,
    /// What else is not as it was, a sentence each: rows that came since, and another version of the program.
    pub since: Vec<String>,
    /// Whether another revision stands in its place.
    pub is_replaced: bool,
}

/// A figure, verdict or interval that is printed otherwise today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestatedFigure {
    /// Which figure.
    pub figure: String,
    /// What was published.
    pub then: String,
    /// What today's data give.
    pub now: String,
}
