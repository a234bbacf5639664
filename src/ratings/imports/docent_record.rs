//! Docent's records, as the models of 0.1.88 are dumped: labels, general labels, and what judges answered.
//!
//! In: one object. Out: what it is of, what it says, and who made it. People are Docent's own random ids, or whom `raters`
//! names: names and addresses go nowhere. It knows no item.

use super::RatingsReading;
use crate::ratings::rejected::{Reason, Refusal};
use crate::text::quoted;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// A label, a general label, or what a judge answered.
#[derive(Deserialize)]
pub struct DocentRecord {
    /// Its own id.
    pub id: String,
    /// The run, unless `target` says it.
    pub agent_run_id: Option<String>,
    /// What a general label is of.
    pub target: Option<LabelTarget>,
    /// By key: what a label says.
    pub label_value: Option<Map<String, Json>>,
    created_by: Option<String>,
    creator_email: Option<String>,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
    rubric_id: Option<String>,
    rubric_version: Option<u64>,
    /// By key: what a judge answered.
    pub output: Option<Map<String, Json>>,
    /// Whether a judge answered.
    pub result_type: Option<String>,
    #[serde(default)]
    result_metadata: Json,
}

/// What a general label is of.
#[derive(Deserialize)]
pub struct LabelTarget {
    /// All of it.
    pub items: Vec<TargetItem>,
}

/// One thing that a general label is of.
#[derive(Deserialize)]
pub struct TargetItem {
    /// Of which kind.
    pub object_type: String,
    /// The run, of one.
    pub agent_run_id: Option<String>,
    /// The transcript, of one or a part of it.
    pub transcript_id: Option<String>,
    /// The first message of a part, from 0.
    #[serde(default)]
    pub transcript_slice_start_idx: usize,
    /// The last.
    #[serde(default)]
    pub transcript_slice_end_idx: usize,
}

/// Whether a text is a random number as Docent gives one, and tells nobody who is meant.
fn is_random_id(text: &str) -> bool {
    let is_digit = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_digit)
}

impl DocentRecord {
    /// The rubric of a judge's result, and its version.
    pub fn judge(&self) -> Option<(&str, u64)> {
        Some((self.rubric_id.as_deref()?, self.rubric_version?)).filter(|_| self.result_type.is_some())
    }

    /// Who made a label: whom `raters` names for the id or the address, else the id, if it is Docent's own.
    pub fn person(&self, reading: &RatingsReading) -> Result<Option<String>, Refusal> {
        let said = || [&self.created_by, &self.creator_email].into_iter().flatten();
        if let Some(named) = said().find_map(|said| reading.person(said)) {
            return Ok(Some(named.to_owned()));
        }
        match &self.created_by {
            Some(id) if is_random_id(id) => Ok(Some(format!("{}{id}", reading.rater_prefix))),
            None if self.creator_email.is_none() => Ok(None),
            _ => {
                let found = format!("the label {}: no entry of `raters` is for who made it", quoted(&self.id));
                Err(Refusal::new(Reason::NoRater, found))
            }
        }
    }

    /// What went wrong where there is no answer.
    pub fn failure(&self) -> String {
        let first = &self.result_metadata["errors"][0];
        ["error_type_id", "user_message"].into_iter().find_map(|key| first[key].as_str()).unwrap_or_default().to_owned()
    }
}
