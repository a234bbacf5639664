//! One sample of an `.eval` archive.
//!
//! In: the archive, and which sample. Out: the fields of an `EvalSample`, as a JSON log holds them, without those that
//! nothing is made of, and what its events tell beside them. It never keeps events, attachments that nothing names, or
//! gold unless asked to. A sample is one entry, or a folder whose lists are cut into chunks; of those, only chunks that are
//! needed are unpacked.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use std::rc::Rc;

use serde_json::{Value, json};

use crate::JsonObject;
use crate::archive::Archive;
use crate::attachments::{MOST_ATTACHED, references};
use crate::inspect::SAMPLE_GOLD;
use crate::inspect_events::{FIELDS, Turns};
use crate::inspect_messages::{indices, pooled};
use crate::pick::{Items, ObjectRows, PickedObject, RowUse, Want};
use crate::sample::SampleKey;
use goldbook_ground::diagnostic::Fault;

/// What a trajectory is made of, beside the conversation.
const ABOUT: [&str; 7] = ["id", "epoch", "uuid", "error", "limit", "invalidation", "input"];

/// How a sample lies in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SampleLayout {
    /// `samples/ID_epoch_N.json`.
    Whole,
    /// `samples/ID_epoch_N/sample.json`, with `messages/START.json`, `events/START.json` … beside it.
    Chunks,
}

/// The sample that an entry holds, if it holds one. The id is all that stands before the last `_epoch_`.
pub(super) fn of_entry(name: &str) -> Option<(SampleKey, SampleLayout)> {
    let path = name.strip_prefix("samples/")?;
    let (stem, layout) = match path.strip_suffix("/sample.json") {
        Some(stem) => (stem, SampleLayout::Chunks),
        None => (path.strip_suffix(".json")?, SampleLayout::Whole),
    };
    let (id, epoch) = match stem.rsplit_once("_epoch_") {
        Some((id, epoch)) if !epoch.is_empty() && epoch.bytes().all(|digit| digit.is_ascii_digit()) => {
            (id, Some(epoch))
        }
        _ if stem.contains('/') || layout == SampleLayout::Chunks => return None,
        _ => (stem, None),
    };
    Some((SampleKey { id: id.to_owned(), epoch: epoch.map(str::to_owned) }, layout))
}

/// The name of the sample's entry, or of the first of its entries.
pub(super) fn entry(key: &SampleKey, layout: SampleLayout) -> String {
    match layout {
        SampleLayout::Whole => format!("{}.json", stem(key)),
        SampleLayout::Chunks => format!("{}/sample.json", stem(key)),
    }
}

fn stem(key: &SampleKey) -> String {
    match &key.epoch {
        Some(epoch) => format!("samples/{}_epoch_{epoch}", key.id),
        None => format!("samples/{}", key.id),
    }
}

/// The sample's input and the number of its messages; nothing that comes after them is unpacked.
pub(super) fn head<R: Read + Seek>(
    archive: &mut Archive<R>,
    key: &SampleKey,
    layout: SampleLayout,
) -> Result<JsonObject, Fault> {
    let mut fields = JsonObject::new();
    let meter = archive.meter();
    let mut stopped = false;
    let want = |name: &str, fields: &JsonObject| match name {
        _ if fields.contains_key("messages") => {
            stopped = true;
            Want::Stop
        }
        "input" | "message_refs" => Want::Keep,
        "error" | "limit" if layout == SampleLayout::Chunks => Want::Keep,
        "messages" => Want::Count,
        _ => Want::Skip,
    };
    let read = archive.parse_head(&entry(key, layout), PickedObject { fields: &mut fields, want, meter: &meter });
    match read {
        Err(error) if !stopped => return Err(error),
        _ => {}
    }
    if let Some(refs) = fields.remove("message_refs") {
        fields.insert("messages".to_owned(), json!(indices(&refs)?.len()));
    }
    Ok(fields)
}

/// Whether the log's owner withdrew the sample. It is read to its end for that.
pub(super) fn is_invalidated<R: Read + Seek>(archive: &mut Archive<R>, key: &SampleKey, layout: SampleLayout) -> bool {
    let mut fields = JsonObject::new();
    let meter = archive.meter();
    let want = |name: &str, _: &JsonObject| if name == "invalidation" { Want::Keep } else { Want::Skip };
    let read = archive.parse(&entry(key, layout), PickedObject { fields: &mut fields, want, meter: &meter });
    read.is_ok() && fields.get("invalidation").is_some_and(|found| !found.is_null())
}

/// The sample's fields, and what was found in its events.
pub(super) fn read<R: Read + Seek>(
    archive: &mut Archive<R>,
    key: &SampleKey,
    layout: SampleLayout,
    keep_gold: bool,
) -> Result<(JsonObject, Turns), Fault> {
    let mut fields = JsonObject::new();
    let meter = archive.meter();
    let turns = Rc::new(RefCell::new(Turns::default()));
    let want = |name: &str, found: &JsonObject| match name {
        _ if ABOUT.contains(&name) => Want::Keep,
        _ if SAMPLE_GOLD.contains(&name) => {
            if keep_gold {
                Want::Keep
            } else {
                Want::Skip
            }
        }
        _ => of_conversation(name, found, &turns),
    };
    archive.parse(&entry(key, layout), PickedObject { fields: &mut fields, want, meter: &meter })?;
    let mut turns = turns.take();
    if layout == SampleLayout::Chunks {
        ChunkedSample { archive, folder: stem(key) }.add_to(&mut fields, &mut turns, keep_gold)?;
    }
    Ok((fields, turns))
}

/// Events follow the messages in the entry, and attachments both: what is not named by then is not needed. Only what
/// events give is named by a pool of messages that comes last, and may need any.
fn of_conversation(name: &str, found: &JsonObject, turns: &Rc<RefCell<Turns>>) -> Want {
    let messages = found.get("messages").filter(|messages| messages.as_array().is_some_and(|all| !all.is_empty()));
    match (name, messages) {
        ("messages" | "message_refs" | "output", _) => Want::Keep,
        ("error_retries", _) => Want::Count,
        ("events", _) => {
            let turns = Rc::clone(turns);
            Want::Rows { names: FIELDS, row: Box::new(move |event| turns.borrow_mut().add(event)) }
        }
        ("transcript", None) => Want::Keep,
        ("transcript", Some(_)) => Want::Named(["content".to_owned()].into()),
        ("events_data" | "message_pool", _) if !turns.borrow().is_empty() => Want::Keep,
        ("attachments", Some(messages)) if turns.borrow().is_empty() => Want::Named(references(messages)),
        ("attachments", _) => Want::Keep,
        _ => Want::Skip,
    }
}

/// A sample whose lists are cut into chunks, each named by the number of its first item.
struct ChunkedSample<'a, R> {
    archive: &'a mut Archive<R>,
    folder: String,
}

impl<R: Read + Seek> ChunkedSample<'_, R> {
    /// Puts the conversation in, and the metadata if gold is kept.
    fn add_to(&mut self, fields: &mut JsonObject, turns: &mut Turns, keep_gold: bool) -> Result<(), Fault> {
        let refs = fields.remove("message_refs").unwrap_or_default();
        let wanted: BTreeSet<usize> = indices(&refs)?.into_iter().collect();
        let unread;
        (*turns, unread) = self.events();
        if wanted.is_empty() {
            unread.map_or(Ok(()), Err)?;
            let pool: Vec<Value> = self.items("messages", None)?.into_values().collect();
            fields.insert("events_data".to_owned(), json!({"messages": pool}));
        } else {
            let pool = self.items("messages", turns.is_empty().then_some(&wanted))?;
            let mut bytes_left = MOST_ATTACHED;
            let messages = pooled(&refs, &mut bytes_left, |index| pool.get(&index))?;
            fields.insert("messages".to_owned(), Value::Array(messages));
            let pool: Vec<Value> = if turns.is_empty() { Vec::new() } else { pool.into_values().collect() };
            fields.insert("events_data".to_owned(), json!({"messages": pool}));
        }
        let sources = ["messages", "events_data", "input", "output"];
        let named = sources.iter().filter_map(|name| fields.get(*name)).flat_map(references);
        let named = named.chain(turns.references()).collect();
        let attachments = self.attachments(&named)?;
        fields.insert("attachments".to_owned(), Value::Object(attachments));
        let metadata = format!("{}/metadata.json", self.folder);
        if keep_gold && self.archive.has(&metadata) {
            let mut found = JsonObject::new();
            let meter = self.archive.meter();
            let all = PickedObject { fields: &mut found, want: |_: &str, _: &JsonObject| Want::Keep, meter: &meter };
            self.archive.parse(&metadata, all)?;
            fields.insert("metadata".to_owned(), Value::Object(found));
        }
        Ok(())
    }

    /// What is found in the events, and why they can't be read to their end if so.
    fn events(&mut self) -> (Turns, Option<Fault>) {
        let mut turns = Turns::default();
        let folder = format!("{}/events/", self.folder);
        let meter = self.archive.meter();
        let starts = self.starts(&folder);
        for (part, first) in starts.iter().enumerate() {
            let row = |event| turns.add(event);
            let events = ObjectRows { names: FIELDS, row, rows: RowUse::Lent, meter: &meter };
            if let Err(fault) = self.archive.parse(&format!("{folder}{first}.json"), events) {
                turns.break_off(starts.len() - part);
                return (turns, Some(fault));
            }
        }
        (turns, None)
    }

    /// The texts that are named, by their numbers as text.
    fn attachments(&mut self, named: &BTreeSet<String>) -> Result<JsonObject, Fault> {
        let wanted: BTreeSet<usize> = named.iter().filter_map(|name| name.parse().ok()).collect();
        let found = self.items("attachments", Some(&wanted))?;
        Ok(found.into_iter().map(|(index, text)| (index.to_string(), text)).collect())
    }

    /// Items of a list by their number: those that are wanted, or all.
    fn items(&mut self, list: &str, wanted: Option<&BTreeSet<usize>>) -> Result<BTreeMap<usize, Value>, Fault> {
        let starts = self.starts(&format!("{}/{list}/", self.folder));
        let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
        let mut items = BTreeMap::new();
        let meter = self.archive.meter();
        for (first, end) in starts.iter().copied().zip(ends) {
            if wanted.is_none_or(|wanted| wanted.range(first..end).next().is_some()) {
                let name = format!("{}/{list}/{first}.json", self.folder);
                let wanted = |index: usize| wanted.is_none_or(|wanted| wanted.contains(&index));
                self.archive.parse(&name, Items { first, wanted, items: &mut items, meter: &meter })?;
            }
        }
        Ok(items)
    }

    /// The numbers by which a list's chunks are named, in order. Other entries (`stats.json`) are no chunks.
    fn starts(&self, folder: &str) -> Vec<usize> {
        let number = |name: &str| name.strip_prefix(folder)?.strip_suffix(".json")?.parse::<u32>().ok();
        let names = self.archive.names_under(folder);
        let numbers = names.filter_map(|name| usize::try_from(number(name)?).ok());
        // A number written otherwise (`+1`, `01`) is not the name of an entry that is looked up by it.
        let mut starts: Vec<usize> =
            numbers.filter(|number| self.archive.has(&format!("{folder}{number}.json"))).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entrys_name_tells_the_sample() {
        let read = |name: &str| of_entry(name).map(|(key, layout)| (key.id, key.epoch.unwrap_or_default(), layout));
        let sample = |id: &str, epoch: &str, layout| Some((id.to_owned(), epoch.to_owned(), layout));
        assert_eq!(read("samples/a_epoch_1.json"), sample("a", "1", SampleLayout::Whole));
        assert_eq!(read("samples/a/b c_epoch_2_epoch_10.json"), sample("a/b c_epoch_2", "10", SampleLayout::Whole));
        assert_eq!(read("samples/a_epoch_1/sample.json"), sample("a", "1", SampleLayout::Chunks));
        assert_eq!(read("samples/../a_epoch_1.json"), sample("../a", "1", SampleLayout::Whole));
        assert_eq!(read("samples/a.json"), sample("a", "", SampleLayout::Whole));
        for name in ["samples/a_epoch_1/messages/0.json", "samples/a/sample.json", "samples/", "header.json"] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_is_found_again() {
        for name in ["samples/a_epoch_1.json", "samples/a_epoch_01/sample.json", "samples/b.json"] {
            let (key, layout) = of_entry(name).unwrap();
            assert_eq!(entry(&key, layout), name);
        }
    }
}
