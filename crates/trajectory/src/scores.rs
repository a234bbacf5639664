//! Scores of an Inspect log: what scorers and people said of each of its samples.
//!
//! In: an `.eval` archive, or a log in JSON, which is read as it comes. Out: for each sample what it is known by, and its
//! scores as the log has them, or why it can't be read. It never keeps what happened in a sample, and judges no score.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Seek};
use std::rc::Rc;

use serde::de::DeserializeSeed;
use serde_json::Deserializer;

use super::JsonObject;
use super::eval::EvalArchive;
use super::fields::{id_text, take_fields};
use super::format::Log;
use super::pick::{PickedObject, Want};
use super::sample::{SampleKey, labels};
use super::stream::{Limit, LogStream, Meter};
use goldbook_ground::diagnostic::Fault;

/// What of a sample is read; `score` is the older name of `scores`.
const FIELDS: &[&str] = &["id", "epoch", "uuid", "invalidation", "scores", "score"];

/// More than this, in bytes, is not read of a log in JSON …
const MOST_READ: u64 = 16 << 30;

/// … nor kept of one of its samples …
const MOST_KEPT: u64 = 1 << 28;

/// … nor of all their scores.
const MOST_SCORED: usize = 1 << 28;

/// The way out of a limit.
const AS_ARCHIVE: &str = "Write it as an archive: `inspect log convert --to eval --output-dir DIR FILE.json`.";

/// What was said of one sample.
#[derive(Debug)]
pub struct SampleScores {
    /// Its number in the log, from 1.
    pub number: u64,
    /// Its id where that is unique in the log, else `ID#EPOCH`: as a listing shows it.
    pub label: String,
    /// Its own id, the same in every copy of the log.
    pub uuid: Option<String>,
    /// Whether the log's owner withdrew it.
    pub is_withdrawn: bool,
    /// By scorer; or why the sample can't be read.
    pub scores: Result<JsonObject, Fault>,
}

/// What was said of the samples of an archive, in its order; of a sample that can't be read, why.
///
/// # Errors
/// An archive whose directory can't be read, or without samples.
pub fn scores_of_archive(source: impl Read + Seek) -> Result<Vec<SampleScores>, Fault> {
    let mut archive = EvalArchive::open(source)?;
    let keys = archive.keys();
    Ok(numbered(&keys, archive.fields(FIELDS)))
}

/// What was said of the samples of a log in JSON, in its order.
///
/// # Errors
/// What is no JSON object, and a log without samples.
pub fn scores_of_json(source: impl Read) -> Result<Vec<SampleScores>, Fault> {
    let meter = Meter::new(MOST_READ, MOST_KEPT);
    let samples = Rc::new(RefCell::new(Vec::new()));
    let scored = Rc::new(Cell::new(0));
    let mut fields = JsonObject::new();
    let want = |name: &str, _: &JsonObject| match name {
        "samples" => {
            let (samples, scored) = (Rc::clone(&samples), Rc::clone(&scored));
            let row = move |sample: JsonObject| {
                scored.set(scored.get() + size(&sample));
                if scored.get() <= MOST_SCORED {
                    samples.borrow_mut().push(sample);
                }
            };
            Want::Rows { names: FIELDS, row: Box::new(row) }
        }
        _ => Want::Skip,
    };
    let mut json = Deserializer::from_reader(LogStream::new(source, &meter));
    let object = PickedObject { fields: &mut fields, want, meter: &meter };
    object.deserialize(&mut json).and_then(|()| json.end()).map_err(unread)?;
    if scored.get() > MOST_SCORED {
        return Err(Fault::whole("the log is too large: its scores would fill too much memory").help(AS_ARCHIVE));
    }
    let samples = samples.take();
    if samples.is_empty() {
        return Err(Fault::whole("the Inspect log holds no samples")
            .help("Write the log with its samples (`inspect log dump` without `--header-only`)."));
    }
    let number = |(sample, number): (&JsonObject, u64)| SampleKey {
        id: id_text(sample, "id").unwrap_or_else(|| number.to_string()),
        epoch: id_text(sample, "epoch"),
    };
    let keys: Vec<SampleKey> = samples.iter().zip(1..).map(number).collect();
    Ok(numbered(&keys, samples.into_iter().map(Ok).collect()))
}

fn numbered(keys: &[SampleKey], samples: Vec<Result<JsonObject, Fault>>) -> Vec<SampleScores> {
    let numbered = labels(keys).into_iter().zip(samples).zip(1..);
    let scored = numbered.map(|((label, sample), number)| match sample {
        Ok(sample) => SampleScores::of(number, label, sample),
        Err(fault) => SampleScores { number, label, uuid: None, is_withdrawn: false, scores: Err(fault) },
    });
    scored.collect()
}

impl SampleScores {
    fn of(number: u64, label: String, mut sample: JsonObject) -> Self {
        let is_withdrawn = sample.get("invalidation").is_some_and(|found| !found.is_null());
        let mut scores = take_fields(&mut sample, "scores");
        // Older logs have one, which names no scorer.
        if let Some(score) = sample.remove("score").filter(|score| scores.is_empty() && score.is_object()) {
            scores.insert("score".to_owned(), score);
        }
        Self { number, label, uuid: id_text(&sample, "uuid"), is_withdrawn, scores: Ok(scores) }
    }
}

/// About how many bytes of text a sample's fields are.
fn size(sample: &JsonObject) -> usize {
    sample.values().map(|value| value.to_string().len()).sum()
}

fn unread(error: serde_json::Error) -> Fault {
    if !error.is_io() {
        return Fault::whole(format!("the log is not JSON as Inspect writes it: {error}")).help("Copy it anew.");
    }
    let error = io::Error::from(error);
    match error.get_ref().and_then(|error| error.downcast_ref::<Limit>()) {
        Some(limit) => Fault::whole(format!("the log is too large: {limit}")).help(AS_ARCHIVE),
        None => Fault::whole(format!("it can't be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let scored = scores_of_json(text.as_bytes()).unwrap();
        let line = |sample: &SampleScores| {
            let names: Vec<&String> = sample.scores.as_ref().unwrap().keys().collect();
            format!("{} {} {:?} {} {names:?}", sample.number, sample.label, sample.uuid, sample.is_withdrawn)
        };
        scored.iter().map(line).collect()
    }

    #[test]
    fn a_log_in_json_is_read_for_its_scores() {
        let log = r#"{"version": 2, "eval": {"x": [1]}, "samples": [
            {"id": 7, "epoch": 1, "events": [{"a": NaN}], "scores": {"b": {"value": NaN}, "a": {"value": "C"}}},
            {"id": "7", "epoch": 2, "uuid": "u", "invalidation": {"author": "x"}, "scores": null, "score": {"value": 1}},
            {"id": "x"}]}"#;
        let expected = [r#"1 7#1 None false ["a", "b"]"#, r#"2 7#2 Some("u") true ["score"]"#, r#"3 x None false []"#];
        assert_eq!(told(log), expected);
    }

    #[test]
    fn what_is_no_log_with_samples_says_so() {
        let why = |text: &str| scores_of_json(text.as_bytes()).unwrap_err().message;
        assert!(why("[1]").contains("expected an object"), "{}", why("[1]"));
        assert!(why("{\"samples\": []}").contains("no samples"));
        assert!(why("{\"samples\": [{\"id\": 1}").contains("not JSON"));
    }
}
