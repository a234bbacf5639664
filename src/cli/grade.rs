//! `goldbook grade`.

use super::Common;
use crate::command::grade::{GradeRequest, Graded, grade};
use crate::grade;
use clap::Args;
use jiff::civil::Date;
use std::path::PathBuf;
use std::process::ExitCode;

/// Grade what candidates answered to a task's test examples
///
/// Reads the files that the forms of test examples write (or any table of ratings) and compares them with the test items'
/// gold, as reports do. For each candidate it prints the share right with its interval, what was missed and what the gold
/// has, and whether the mark is passed that the rubric sets (`pass: accuracy.low >= 0.7`); for all how likely the mark is
/// passed by how good somebody is, how far chance explains that candidates differ, and which pairs of them share more wrong
/// answers than chance explains. What is printed holds gold. Who answered, when, and whether alone is the sender's word.
///
/// Example: goldbook grade agent-setup-mistakes answers/*.csv --feedback feedback
#[derive(Args)]
pub struct GradeArguments {
    /// The task
    task: String,
    /// What came back
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The last day on which answers are in time; later ones, and those without a time, are named
    #[arg(long, value_name = "DATE")]
    deadline: Option<Date>,
    /// Records of what `goldbook test issue` handed out: what was issued and not answered counts as asked, and what was
    /// answered and not issued is not graded
    #[arg(long, value_name = "FILE", num_args = 1..)]
    issued: Vec<PathBuf>,
    /// Write a table of the candidates
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a page for each candidate that can be handed over: scores and what to read again, and no gold
    #[arg(long, value_name = "DIR")]
    feedback: Option<PathBuf>,
    /// Replace files that are at these places
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &GradeArguments, common: &Common) -> ExitCode {
    let request = GradeRequest {
        root: common.root(),
        task: arguments.task.clone(),
        files: arguments.files.clone(),
        deadline: arguments.deadline,
        issued: arguments.issued.clone(),
        csv: arguments.csv.clone(),
        feedback: arguments.feedback.clone(),
        force: arguments.force,
    };
    common.finish(grade(&request, &common.progress()), |Graded { grades, written }| {
        if common.json {
            return serde_json::to_string_pretty(&grades).unwrap_or_default() + "\n";
        }
        let written: String = written.iter().map(|path| format!("wrote {}\n", path.display())).collect();
        let parted = if written.is_empty() { "" } else { "\n" };
        format!("{}{parted}{written}", grade::report(&grades))
    })
}
