//! Files of a report beside its page, by name.
//!
//! In: the view. Out: its text as JSON and CSV. The Markdown is a theme's, like the page.

use super::view::ReportView;
use super::{csv, json};

/// A file made from the view; none that has no such name.
pub fn file(view: &ReportView, name: &str) -> Option<String> {
    Some(match name {
        "report.json" => json::text(view),
        "figures.csv" => csv::figures(view),
        "confusion.csv" => csv::confusion(view),
        "trend.csv" => csv::trend(view),
        "rows.csv" => csv::rows(view),
        _ => return None,
    })
}
