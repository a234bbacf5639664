//! Inspect's `.eval` archives: one log, an entry or a folder of entries a sample.
//!
//! In: a reader that can seek. Out: the samples' keys, their lines, and the trajectory of one. It never unpacks a
//! sample that was not asked for. A listing is made of the summaries, and where they are missing of the start of each
//! sample (only a log that says that some were withdrawn is gone through for which); a log without `header.json` (its
//! run crashed) is read by its journal.

mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use serde_json::{Value, json};

use super::archive::Archive;
use super::fields::id_text;
use super::format::{FormatEntry, FormatReader, Log};
use super::inspect::{self, EvalLog};
use super::pick::{ObjectRows, PickedObject, RowUse, Want};
use super::sample::{SampleKey, SampleLine};
use super::{JsonObject, Trajectory};
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::quoted;
use sample::SampleLayout;

/// A zip archive, perhaps an empty one.
pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: inspect::NAME,
    reader: FormatReader::File {
        starts: &[b"PK\x03\x04", b"PK\x05\x06"],
        open: |source| Ok(Box::new(EvalArchive::open(source)?)),
    },
};

const HEADER: &str = "header.json";
const SUMMARIES: &str = "summaries.json";
const REDUCTIONS: &str = "reductions.json";
/// What the run wrote when it began.
const START: &str = "_journal/start.json";
/// Summaries that the run wrote on its way, as `1.json`, `2.json` …
const JOURNAL: &str = "_journal/summaries/";

/// What a line of a listing is made of.
const LINE_FIELDS: [&str; 6] = ["id", "epoch", "input", "error", "limit", "message_count"];

/// A log whose directory is read.
pub(super) struct EvalArchive<R> {
    archive: Archive<R>,
    /// At least one; by epoch, then by id, numbers first: the order in which Inspect reads them.
    samples: Vec<(SampleKey, SampleLayout)>,
}

impl<R: Read + Seek> EvalArchive<R> {
    pub(super) fn open(source: R) -> Result<Self, Fault> {
        let archive = Archive::open(source)?;
        let mut samples = BTreeMap::new();
        for (key, layout) in archive.names_under("samples/").filter_map(sample::of_entry) {
            let place = samples.entry(order(&key)).or_insert((key, layout));
            place.1 = place.1.min(layout);
        }
        match samples.is_empty() {
            true => Err(no_samples(&archive)),
            false => Ok(Self { archive, samples: samples.into_values().collect() }),
        }
    }

    /// The fields of these names of each sample, or why it can't be read.
    pub(super) fn fields(&mut self, names: &[&str]) -> Vec<Result<JsonObject, Fault>> {
        let read = |(key, layout): &(SampleKey, SampleLayout)| {
            let mut fields = JsonObject::new();
            let meter = self.archive.meter();
            let want = |name: &str, _: &JsonObject| if names.contains(&name) { Want::Keep } else { Want::Skip };
            let object = PickedObject { fields: &mut fields, want, meter: &meter };
            self.archive.parse(&sample::entry(key, *layout), object).map(|()| fields)
        };
        self.samples.iter().map(read).collect()
    }
}

impl<R: Read + Seek> Log for EvalArchive<R> {
    fn keys(&self) -> Vec<SampleKey> {
        self.samples.iter().map(|(key, _)| key.clone()).collect()
    }

    fn into_lines(mut self: Box<Self>) -> Result<Vec<SampleLine>, Fault> {
        let header = self.header(false)?;
        let model = header.get("eval").and_then(|spec| id_text(spec.as_object()?, "model"));
        let status = header.get("status").and_then(Value::as_str).map(str::to_owned);
        // Which samples those are stands in them alone.
        let any_invalidated = header.get("invalidated") == Some(&Value::Bool(true));
        let mut summaries = self.summaries()?;
        let line = |(key, layout): &(SampleKey, SampleLayout)| {
            let known = match summaries.remove(&order(key)) {
                Some(summary) => summary,
                None => match sample::head(&mut self.archive, key, *layout) {
                    Ok(start) => Summary::of(&start),
                    // The others are still worth listing; reading the sample says what is wrong with it.
                    Err(_) => Summary { messages: None, ended: Some("unreadable".to_owned()), input: String::new() },
                },
            };
            let invalidated = any_invalidated && sample::is_invalidated(&mut self.archive, key, *layout);
            SampleLine {
                id: String::new(),
                messages: known.messages,
                status: invalidated.then(|| inspect::INVALIDATED.to_owned()).or(known.ended).or(status.clone()),
                model: model.clone(),
                input: known.input,
            }
        };
        Ok(self.samples.iter().map(line).collect())
    }

    fn into_trajectory(mut self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
        let mut log = self.header(keep_gold)?;
        let (key, layout) = self.samples.swap_remove(index);
        let name = sample::entry(&key, layout);
        let (sample, turns) = sample::read(&mut self.archive, &key, layout, keep_gold)?;
        log.insert("samples".to_owned(), json!([sample]));
        let read = EvalLog::new(log).and_then(|log| Box::new(log.with_turns(turns)).into_trajectory(0, keep_gold));
        read.map_err(|fault| fault.prefixed(&format!("in the entry {}, ", quoted(&name))))
    }
}

impl<R: Read + Seek> EvalArchive<R> {
    /// What the log says around its samples; results and reductions are gold.
    fn header(&mut self, keep_gold: bool) -> Result<JsonObject, Fault> {
        let mut fields = JsonObject::new();
        let meter = self.archive.meter();
        let Some(name) = [HEADER, START].into_iter().find(|name| self.archive.has(name)) else {
            return Ok(fields);
        };
        let want = |name: &str, _: &JsonObject| match name {
            "eval" | "plan" | "status" | "invalidated" => Want::Keep,
            "results" if keep_gold => Want::Keep,
            _ => Want::Skip,
        };
        self.archive.parse(name, PickedObject { fields: &mut fields, want, meter: &meter })?;
        if name == START {
            fields.insert("status".to_owned(), json!("started"));
        }
        if keep_gold && self.archive.has(REDUCTIONS) {
            let mut reductions = Vec::new();
            let row = |row| reductions.push(Value::Object(row));
            let rows = ObjectRows { names: &["scorer", "samples"], row, rows: RowUse::Kept, meter: &meter };
            self.archive.parse(REDUCTIONS, rows)?;
            fields.insert("reductions".to_owned(), Value::Array(reductions));
        }
        Ok(fields)
    }

    /// What is known of each sample without unpacking it. Of several summaries of one sample the last counts.
    fn summaries(&mut self) -> Result<BTreeMap<SampleOrder, Summary>, Fault> {
        let mut summaries = BTreeMap::new();
        let meter = self.archive.meter();
        for name in self.summary_entries() {
            let row = |row: JsonObject| {
                let key = id_text(&row, "id").map(|id| SampleKey { id, epoch: id_text(&row, "epoch") });
                summaries.extend(key.map(|key| (order(&key), Summary::of(&row))));
            };
            self.archive.parse(&name, ObjectRows { names: &LINE_FIELDS, row, rows: RowUse::Kept, meter: &meter })?;
        }
        Ok(summaries)
    }

    /// The entry that sums up the log, or those of the journal in the order of their writing.
    fn summary_entries(&self) -> Vec<String> {
        if self.archive.has(SUMMARIES) {
            return vec![SUMMARIES.to_owned()];
        }
        let number = |name: &str| name.strip_prefix(JOURNAL)?.strip_suffix(".json")?.parse::<u64>().ok();
        let entries = self.archive.names_under(JOURNAL);
        let mut entries: Vec<(u64, &str)> = entries.filter_map(|name| Some((number(name)?, name))).collect();
        entries.sort_unstable();
        entries.into_iter().map(|(_, name)| name.to_owned()).collect()
    }
}

/// What a line says of a sample.
struct Summary {
    messages: Option<usize>,
    ended: Option<String>,
    input: String,
}

impl Summary {
    /// Of the fields of a summary, or of a sample's start.
    fn of(fields: &JsonObject) -> Self {
        let count = fields.get("message_count").or(fields.get("messages")).and_then(Value::as_u64);
        Self {
            messages: count.and_then(|count| usize::try_from(count).ok()),
            ended: inspect::ended(fields),
            input: inspect::input(fields),
        }
    }
}

/// What samples are ordered and found by: epoch and id as numbers, then both as text.
type SampleOrder = (u64, u64, String, String);

/// What is no number comes last. An id is text here, whether it was written as a number or not.
fn order(key: &SampleKey) -> SampleOrder {
    let epoch = key.epoch.clone().unwrap_or_default();
    let number = |text: &str| text.parse().unwrap_or(u64::MAX);
    (number(&epoch), number(&key.id), key.id.clone(), epoch)
}

fn no_samples<R: Read + Seek>(archive: &Archive<R>) -> Fault {
    if archive.has(HEADER) || archive.has(START) {
        return Fault::whole("the Inspect log holds no samples").help(
            "If its run is over or crashed, `inspect log recover` may write a log with the samples that it finished.",
        );
    }
    let names: Vec<String> = archive.names().take(3).map(quoted).collect();
    let found = match names.is_empty() {
        true => "the zip archive is empty".to_owned(),
        false => format!("the zip archive is no Inspect log: it holds {}", names.join(", ")),
    };
    Fault::whole(found)
}
