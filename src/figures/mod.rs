//! Figures: everything that is computed of one criterion, each thing once, whoever asks.
//!
//! In: counts: how items were rated, how raters answered gold, how flags met it. Out: typed figures, each with its
//! interval, n, method and cautions, and the words in which they are said.
//! It knows no week, no file, no rater's name, and neither reports nor tables: those count, ask, and show.

pub mod accuracy;
pub mod agreement;
pub mod categories;
pub mod caution;
pub mod ceiling;
pub mod closeness;
pub mod confusion;
pub mod detection;
pub mod kappa;
mod limits;
pub mod overlap;
pub mod words;

use crate::quality::clustered::Clustered;
use crate::quality::{Measured, Undefined};

/// Coverage of intervals; bars use one-sided bounds at the same level.
pub const LEVEL: f64 = 0.95;

/// A share of answers or flags with its interval, or why it is undefined.
pub type Share = Result<Clustered, Undefined>;

/// A figure of agreement with its interval where it has one, or why it is undefined.
pub type Agreed = Result<Measured, Undefined>;

/// How often one rater gave one answer to the gold of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerCount {
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// The gold, by a number that whoever counts can name.
    pub gold: u32,
    /// The answer, by such a number.
    pub given: u32,
    /// Ratings, those without a value included.
    pub asked: u32,
    /// Ratings that answered.
    pub answered: u32,
    /// Ratings that are right.
    pub right: u32,
}
