//! `report.json`: the view for machines.
//!
//! In: the view. Out: JSON with raw numbers and the sentences beside them, and the JSON Schema of all such files.

use super::view::ReportView;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

/// The report as JSON.
pub fn text(view: &ReportView) -> String {
    let mut text = serde_json::to_string_pretty(view).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of `report.json`: what its parts are stands where the view declares them.
pub fn schema() -> Json {
    SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<ReportView>().into()
}
