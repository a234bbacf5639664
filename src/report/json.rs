//! `report.json`: the view for machines.
//!
//! In: the view. Out: JSON with raw numbers and the sentences beside them, keys in their own order. What only a page
//! needs (charts, links) stays behind.

use super::view::ReportView;
use serde_json::Value;

/// What only pages have.
const OF_PAGES: [&str; 2] = ["chart", "url"];

/// The report as JSON.
pub fn text(view: &ReportView) -> String {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    strip(&mut value);
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !OF_PAGES.contains(&key.as_str()));
            map.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}
