//! Bytes → a log whose format is known.
//! In: a file's bytes.
//! Out: a `Log`, which can say its samples and be turned into one of its trajectories.
//! Never: goes by a file's name: the format shows in the content alone.

use serde_json::Value;

use super::inspect::EvalLog;
use super::openai::Conversation;
use super::sample::{self, Key, SampleLine};
use super::{Fields, ReadError, Trajectory, atif, inspect, json, openai};

/// A log, by its format.
pub(super) enum Log {
    Atif(Fields),
    Inspect(EvalLog),
    OpenAi(Vec<Conversation>),
}

/// Opens a log.
pub(super) fn open(bytes: &[u8]) -> Result<Log, ReadError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Err(ReadError::new(
            "the file is a zip archive; Inspect's `.eval` logs are not read yet",
            "Convert it: `inspect log convert --to json --output-dir DIR FILE.eval`.",
        ));
    }
    let mut values = json::values(bytes)?;
    match (values.pop(), values.is_empty()) {
        (Some(Value::Object(fields)), true) => of_fields(fields),
        (Some(Value::Array(items)), true) => openai::conversations(items).map(Log::OpenAi),
        (last, _) => {
            values.extend(last);
            openai::conversations(values).map(Log::OpenAi)
        }
    }
}

fn of_fields(fields: Fields) -> Result<Log, ReadError> {
    if atif::is(&fields) {
        return Ok(Log::Atif(fields));
    }
    if inspect::is(&fields) {
        return EvalLog::new(fields).map(Log::Inspect);
    }
    openai::conversations(vec![Value::Object(fields)]).map(Log::OpenAi)
}

impl Log {
    /// What the log's samples are known by, in its order.
    pub(super) fn keys(&self) -> Vec<Key> {
        match self {
            Self::Atif(fields) => vec![atif::key(fields)],
            Self::Inspect(log) => log.keys(),
            Self::OpenAi(conversations) => openai::keys(conversations),
        }
    }

    /// The trajectory of the sample at `index` of [`Log::keys`].
    pub(super) fn into_trajectory(self, index: usize, keep_gold: bool) -> Result<Trajectory, ReadError> {
        match self {
            Self::Atif(fields) => atif::trajectory(fields, keep_gold),
            Self::Inspect(log) => log.into_trajectory(index, keep_gold),
            Self::OpenAi(mut all) => all.swap_remove(index).into_trajectory(keep_gold),
        }
    }

    /// A line for each sample, named by its label.
    pub(super) fn into_lines(self) -> Result<Vec<SampleLine>, ReadError> {
        let labels = sample::labels(&self.keys());
        let lines = match self {
            Self::Atif(fields) => vec![atif::line(fields)?],
            Self::Inspect(log) => log.into_lines()?,
            Self::OpenAi(all) => all.iter().map(Conversation::line).collect(),
        };
        let labelled = lines.into_iter().zip(labels);
        Ok(labelled.map(|(line, id)| SampleLine { id, ..line }).collect())
    }
}
