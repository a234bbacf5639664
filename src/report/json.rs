//! `report.json`: the view for machines.
//!
//! In: the view. Out: JSON with raw numbers and the sentences beside them.

use super::view::ReportView;

/// The report as JSON.
pub fn text(view: &ReportView) -> String {
    let mut text = serde_json::to_string_pretty(view).unwrap_or_default();
    text.push('\n');
    text
}
