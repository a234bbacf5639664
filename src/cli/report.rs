//! `goldbook report`.

use super::Common;
use crate::command::report::{CohortRequest, report};
use clap::Args;
use jiff::civil::Date;
use std::process::ExitCode;

/// Print a cohort's quality report
///
/// The same figures as on the report's page: accuracy against gold with intervals that honour that answers of one
/// rater, and on one item, are alike; the verdict for each part of the bar; and what could not be used.
#[derive(Args)]
pub struct ReportArguments {
    /// The cohort: the name of its file in content/cohorts
    cohort: String,
    /// The ISO week, such as 2026-W46 [default: the newest with ratings]
    #[arg(long, value_name = "WEEK")]
    week: Option<String>,
    /// The day on which the report is made [default: the day of the newest rating]
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Leave a file of ratings out on purpose, such as one that can't be read; the report says so (may be repeated)
    #[arg(long, value_name = "FILE")]
    without: Vec<String>,
}

pub fn run(arguments: &ReportArguments, common: &Common) -> ExitCode {
    let request = CohortRequest {
        root: common.root(),
        cohort: arguments.cohort.clone(),
        week: arguments.week.clone(),
        date: arguments.date,
        without: arguments.without.clone(),
        json: common.json,
    };
    common.finish(report(&request, &common.progress()), |text| text)
}
