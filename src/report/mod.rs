//! stub
use crate::{diagnostic::Diagnostics, model::Model, ratings::Ratings};
pub struct CohortReport { pub cohort: String, pub week: String }
pub struct ReportRequest { pub date: Option<jiff::civil::Date> }
#[derive(serde::Serialize)]
pub struct ReportView { pub title: String, pub week_title: String, pub cohort_title: String }
impl ReportView { pub fn of(_: &CohortReport, _: &str) -> Self { Self { title: String::new(), week_title: String::new(), cohort_title: String::new() } }
 pub fn file(&self, _: &str) -> Option<String> { None } }
pub fn compile(_: &Model, _: &Ratings, _: &ReportRequest, _: &mut Diagnostics) -> Vec<CohortReport> { Vec::new() }
