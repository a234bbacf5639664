//! Long texts and images of an Inspect sample, held once and named where they are used.
//!
//! In: a sample's fields. Out: values in which each name is replaced by what it stands for, or the names. It never puts
//! in more than a limit: a small file could ask for one large attachment over and over.

use goldbook_ground::diagnostic::Fault;
use std::collections::BTreeSet;

use serde_json::Value;

use super::JsonObject;

/// More than this, in bytes, is not put in place of references.
pub(super) const MOST_ATTACHED: usize = 1 << 28;

/// Long texts and images that a sample holds once and names by their hash.
pub(super) struct Attachments {
    by_hash: JsonObject,
    bytes_left: usize,
}

impl Attachments {
    pub(super) fn of(sample: &mut JsonObject) -> Self {
        let by_hash = match sample.remove("attachments") {
            Some(Value::Object(by_hash)) => by_hash,
            _ => JsonObject::new(),
        };
        Self { by_hash, bytes_left: MOST_ATTACHED }
    }

    /// Replaces every text in `value` that is `attachment://HASH`, or `tc://HASH` in older logs.
    /// A reference to what the sample does not hold stays as it is.
    pub(super) fn put_into(&mut self, value: &mut Value) -> Result<(), Fault> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.put_into(item)),
            Value::Object(fields) => fields.values_mut().try_for_each(|item| self.put_into(item)),
            Value::String(text) => {
                if let Some(found) = self.find(text)? {
                    *text = found;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn find(&mut self, text: &str) -> Result<Option<String>, Fault> {
        let found = reference(text).and_then(|name| self.by_hash.get(name)?.as_str());
        let Some(found) = found else {
            return Ok(None);
        };
        let left = self.bytes_left.checked_sub(found.len());
        self.bytes_left = left.ok_or_else(|| broken("the attachments would fill over 256 MiB"))?;
        Ok(Some(found.to_owned()))
    }
}

/// The name of the attachment that a text stands for, if it does.
fn reference(text: &str) -> Option<&str> {
    ["attachment://", "tc://"].iter().find_map(|scheme| text.strip_prefix(scheme))
}

/// The names of all attachments that texts in `value` stand for.
pub(super) fn references(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect_references(value, &mut names);
    names
}

fn collect_references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, names)),
        Value::Object(fields) => fields.values().for_each(|item| collect_references(item, names)),
        Value::String(text) => names.extend(reference(text).map(str::to_owned)),
        _ => {}
    }
}

/// An error in a sample of an Inspect log.
pub(super) fn broken(found: &str) -> Fault {
    Fault::whole(format!("in a sample of the Inspect log, {found}")).help("Write the log anew with `inspect log dump`.")
}
