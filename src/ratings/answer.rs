//! Answers: what a rater said of one criterion of one item.
//!
//! In: values and flags as read. Out: a `GivenAnswer` that can be compared, ordered and interned. It never knows what is
//! right: that is `score`.

use crate::model::Outcome;

/// What a rater said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GivenAnswer {
    /// A value of the scale, as the rubric writes it; a number in its shortest form.
    Value(String),
    /// Flags on steps in order; none means that there is nothing to flag.
    Flags(Vec<GivenFlag>),
    /// No value, for this reason.
    Outcome(Outcome),
    /// Something that the criterion does not allow: asked, and not right.
    Invalid,
}

impl GivenAnswer {
    /// What a confusion table calls it.
    pub fn label(&self) -> &str {
        match self {
            Self::Value(value) => value,
            Self::Flags(flags) if flags.is_empty() => Outcome::None.name(),
            Self::Flags(_) => "flags",
            Self::Outcome(outcome) => outcome.name(),
            Self::Invalid => "invalid",
        }
    }

    /// The answer in words, flags with their steps.
    pub fn in_words(&self) -> String {
        match self {
            Self::Flags(flags) if !flags.is_empty() => {
                let flags = flags.iter().map(|flag| format!("{} at step {}", flag.kind, flag.step));
                flags.collect::<Vec<_>>().join(", ")
            }
            other => other.label().to_owned(),
        }
    }

    /// Whether it is a value, or says that none applies.
    pub fn has_value(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Outcome(Outcome::None))
    }

    /// The last step that it flags.
    pub fn last_step(&self) -> Option<u32> {
        let Self::Flags(flags) = self else { return None };
        flags.iter().map(|flag| flag.step).max()
    }
}

/// A flag on a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GivenFlag {
    /// The step's number.
    pub step: u32,
    /// The kind, one of the scale's.
    pub kind: String,
    /// Attributes by name, in order.
    pub attributes: Vec<(String, String)>,
}
