//! A file → a log whose format is known.
//!
//! In: a file that can be read at any place. Out: a `Log`, which can say its samples and be turned into one of its
//! trajectories. It never goes by a file's name: the format shows in the content alone.

use std::io::{Read, Seek};

use serde_json::Value;

use super::eval::EvalArchive;
use super::inspect::EvalLog;
use super::openai::Conversation;
use super::sample::{self, SampleKey, SampleLine};
use super::{JsonObject, Trajectory, archive, atif, inspect, json, openai};
use crate::diagnostic::Fault;
use crate::limits::at_most;

/// A log, by its format.
pub(super) enum Log<R> {
    Atif(JsonObject),
    Inspect(EvalLog),
    /// The only log that is not held whole.
    Eval(EvalArchive<R>),
    OpenAi(Vec<Conversation>),
}

/// Bytes of a log that is read whole; reading takes about twice as much memory.
const LARGEST: u64 = 2 << 30;

/// Opens a log.
pub(super) fn open<R: Read + Seek>(mut source: R) -> Result<Log<R>, Fault> {
    let unreadable = |error| Fault::whole(format!("the file can't be read: {error}")).help("Copy it anew.");
    if archive::is(&mut source).map_err(unreadable)? {
        return EvalArchive::open(source).map(Log::Eval);
    }
    let bytes = at_most(source, LARGEST).map_err(unreadable)?;
    let too_large = || Fault::whole("the log has more than 2 GiB").help("Split it into a file a sample.");
    let bytes = bytes.ok_or_else(too_large)?;
    of_values(json::values(&bytes)?)
}

fn of_values<R>(mut values: Vec<Value>) -> Result<Log<R>, Fault> {
    match (values.pop(), values.is_empty()) {
        (Some(Value::Object(fields)), true) => of_fields(fields),
        (Some(Value::Array(items)), true) => openai::conversations(items).map(Log::OpenAi),
        (last, _) => {
            values.extend(last);
            openai::conversations(values).map(Log::OpenAi)
        }
    }
}

fn of_fields<R>(fields: JsonObject) -> Result<Log<R>, Fault> {
    if atif::is(&fields) {
        return Ok(Log::Atif(fields));
    }
    if inspect::is(&fields) {
        return EvalLog::new(fields).map(Log::Inspect);
    }
    openai::conversations(vec![Value::Object(fields)]).map(Log::OpenAi)
}

impl<R: Read + Seek> Log<R> {
    /// What the log's samples are known by, in its order.
    pub(super) fn keys(&self) -> Vec<SampleKey> {
        match self {
            Self::Atif(fields) => vec![atif::key(fields)],
            Self::Inspect(log) => log.keys(),
            Self::Eval(log) => log.keys(),
            Self::OpenAi(conversations) => openai::keys(conversations),
        }
    }

    /// The trajectory of the sample at `index` of [`Log::keys`].
    pub(super) fn into_trajectory(self, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
        match self {
            Self::Atif(fields) => atif::trajectory(fields, keep_gold),
            Self::Inspect(log) => log.into_trajectory(index, keep_gold),
            Self::Eval(log) => log.into_trajectory(index, keep_gold),
            Self::OpenAi(mut all) => all.swap_remove(index).into_trajectory(keep_gold),
        }
    }

    /// A line for each sample, named by its label.
    pub(super) fn into_lines(self) -> Result<Vec<SampleLine>, Fault> {
        let labels = sample::labels(&self.keys());
        let lines = match self {
            Self::Atif(fields) => vec![atif::line(fields)?],
            Self::Inspect(log) => log.into_lines()?,
            Self::Eval(log) => log.into_lines()?,
            Self::OpenAi(all) => all.iter().map(Conversation::line).collect(),
        };
        let labelled = lines.into_iter().zip(labels);
        Ok(labelled.map(|(line, id)| SampleLine { id, ..line }).collect())
    }
}
