//! Acts: what an agent says and does in a run, by which the run is recognised.
//!
//! In: steps of a run. Out: its acts, and whether another run is like it: another log of the same run, or a part of it,
//! shares most of them. It never looks at what tools answered, which many runs share.

use crate::digest::Digest;
use crate::model::Run;
use crate::text::normal::NormalText;
use crate::trajectory::{Step, StepSource};
use serde_json::Value;
use std::collections::BTreeSet;

/// What tells a run from others.
pub struct Likeness {
    /// The digest of what it was read from.
    pub digest: Digest,
    acts: BTreeSet<Vec<u8>>,
}

/// Something that an agent said or did.
pub struct Act {
    /// Its words, or the argument of its call.
    pub text: String,
    /// Whether they are words.
    pub is_speech: bool,
}

/// Fewest letters of an act that tells runs apart.
const TELLING: usize = 12;

/// What the agent says and does in some steps.
pub fn acts<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<Act> {
    let mut acts = Vec::new();
    for step in steps.filter(|step| step.source == StepSource::Agent) {
        let message = step.message.text().into_owned();
        let speech = step.reasoning_content.iter().cloned().chain([message]);
        acts.extend(speech.map(|text| Act { text, is_speech: true }));
        step.tool_calls.iter().for_each(|call| arguments(&call.arguments, &mut acts));
    }
    acts
}

fn arguments(value: &Value, acts: &mut Vec<Act>) {
    match value {
        Value::String(text) => acts.push(Act { text: text.clone(), is_speech: false }),
        Value::Array(values) => values.iter().for_each(|value| arguments(value, acts)),
        Value::Object(fields) => fields.values().for_each(|value| arguments(value, acts)),
        _ => {}
    }
}

impl Likeness {
    /// That of a run with these acts, which may be those of some of its steps.
    pub fn of(run: &Run, acts: &[Act]) -> Self {
        let letters = acts.iter().map(|act| NormalText::of(&act.text).letters());
        Self { digest: run.digest, acts: letters.filter(|letters| letters.len() >= TELLING).collect() }
    }

    /// Whether one is a good part of the other.
    pub fn is_like(&self, other: &Self) -> bool {
        let shared = self.acts.intersection(&other.acts).count();
        shared > 0 && 2 * shared >= self.acts.len().min(other.acts.len())
    }
}
