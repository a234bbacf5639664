//! Gold as written: the forms that an answer may have, whatever the rubric.
//!
//! In: the `gold:` of an example. Out: answers that are still YAML, because only the criterion's scale says what they
//! may be (`model::gold` reads them), and the keys that they may hold.

use super::cited::CitedRule;
use crate::diagnostic::Diagnostics;
use crate::schema::{FromYaml, OneOrMore, Several, Spanned, Unread, Words, mapping, merged};
use crate::yaml::Node;
use serde_json::{Value as Json, json};

/// What stands where there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Read, and nothing to flag.
    None,
    /// The rater can't tell.
    Unsure,
    /// The question does not apply.
    NotApplicable,
    /// Left out.
    Skipped,
    /// The item can't be rated.
    BadItem,
    /// Begun and not ended.
    GaveUp,
    /// The submission is taken back.
    Withdrawn,
}

impl Words for Outcome {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("none", Self::None),
        ("unsure", Self::Unsure),
        ("not-applicable", Self::NotApplicable),
        ("skipped", Self::Skipped),
        ("bad-item", Self::BadItem),
        ("gave-up", Self::GaveUp),
        ("withdrawn", Self::Withdrawn),
    ];
}

impl Outcome {
    /// Reads a word of the format.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, outcome)| *outcome)
    }

    /// The word of the format.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("", |(word, _)| word)
    }
}

/// The answer to one criterion, as written.
#[derive(Clone, Debug)]
pub struct WrittenGold {
    /// Where it stands and what it holds.
    pub node: Node,
}

impl FromYaml for WrittenGold {
    fn schema() -> Json {
        let one = ["value", "any_of", "outcome"].map(|key| json!({ "required": [key] }));
        let with_reason = merged(GoldKeys::schema(), json!({ "oneOf": one }));
        let flag = merged(FlagKeys::schema(), json!({ "additionalProperties": String::schema() }));
        json!({ "anyOf": [String::schema(), with_reason, { "type": "array", "items": flag }] })
    }

    fn from_yaml(node: &Node, _: &mut Diagnostics) -> Option<Self> {
        Some(Self { node: node.clone() })
    }
}

mapping! {
    /// An answer with its reason: just one of `value`, `any_of` and `outcome`.
    pub struct GoldKeys = "gold" {
        /// The right value, one of the criterion's scale; of a set, all its values.
        optional value: Unread<Several<String>>;
        /// Values each of which is right.
        optional any_of: Unread<OneOrMore<Unread<String>>>;
        /// Why there is no value: nothing to flag (`none`), it can't be told (`unsure`), and so on.
        optional outcome: Outcome;
        /// Why, in the expert's words. Shown with the gold, never before it.
        optional why: String;
        /// The rules by which it was decided: a page of the task and an id on it, such as `rubric#partly-counts`.
        optional rule: Several<CitedRule>;
    }
}

mapping! {
    /// A flag on a step; it may also say each attribute of the criterion's flags.
    pub struct FlagKeys = "a flag" {
        /// The step's number, as the trajectory counts.
        needed step: Spanned<u32> = "12";
        /// The kind, one of the criterion's scale.
        needed value: Unread<String> = "ignored-error";
        /// The passage of the step that it speaks of, word for word: it is marked there.
        optional quote: Spanned<String>;
        /// Why, in the expert's words. Shown with the gold, never before it.
        optional why: String;
        /// The rules by which it was decided: a page of the task and an id on it, such as `rubric#partly-counts`.
        optional rule: Several<CitedRule>;
    }
}
