//! Labels that a Parquet file keeps beside its columns.
//!
//! In: what a file says of itself. Out: for each column whose numbers are places of labels, the labels. Hugging Face
//! `datasets` (5.2.0) stores a `ClassLabel` as its place from 0 on, and the names in the file's metadata alone: read as
//! numbers, a scale of 1 to 5 is 0 to 4.

use parquet::file::metadata::KeyValue;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Labels by column.
pub type ColumnLabels = BTreeMap<String, Arc<[String]>>;

/// What `datasets` says of the columns, if it wrote the file.
pub fn labels(about: Option<&Vec<KeyValue>>) -> ColumnLabels {
    let said = about.into_iter().flatten().find(|said| said.key == "huggingface");
    let said = said.and_then(|said| serde_json::from_str::<Value>(said.value.as_deref()?).ok()).unwrap_or_default();
    let features = said["info"]["features"].as_object().into_iter().flatten();
    features.filter_map(|(column, feature)| Some((column.trim().to_owned(), names(feature)?))).collect()
}

/// The names of a `ClassLabel`, or of those in a list.
fn names(feature: &Value) -> Option<Arc<[String]>> {
    let of_list = || feature.get("feature").or_else(|| feature.as_array()?.first());
    let label = if feature["_type"] == "ClassLabel" { feature } else { of_list()? };
    let names = (label["_type"] == "ClassLabel").then(|| label["names"].as_array()).flatten()?;
    names.iter().map(|name| name.as_str().map(|name| name.trim().to_owned())).collect()
}
