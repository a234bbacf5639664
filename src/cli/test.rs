//! `goldbook test`.

use super::Common;
use crate::command::issue::{IssueRequest, Issued, issue};
use clap::{Args, Subcommand};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

/// Hand out tests of what a task's raters should know
#[derive(Args)]
pub struct TestArguments {
    #[command(subcommand)]
    what: TestKind,
}

#[derive(Subcommand)]
enum TestKind {
    Issue(IssueArguments),
}

/// Draw test items for one candidate, and write them as a folder to hand over
///
/// A test that is always the same gets known. This draws some of the test examples of the task's newest sealed version; the
/// same seed draws the same items in the same order, on every machine. DIR gets that version's pages and the drawn items with
/// their forms, opens without a server, and holds no gold of a test. Beside it DIR.issued.json says what was issued: keep it
/// for `goldbook grade --issued`. Who answers, when, and with whose help is the sender's word.
///
/// Example: goldbook test issue agent-setup-mistakes --candidate a-07 --seed 7 --items 3 --out tests/a-07
#[derive(Args)]
struct IssueArguments {
    /// The task
    task: String,
    /// Who gets the test: the rater id that the answers will have
    #[arg(long, value_name = "ID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    candidate: String,
    /// What the items are drawn with: another number for each candidate
    #[arg(long, value_name = "N")]
    seed: u64,
    /// How many items are drawn [default: all, in drawn order]
    #[arg(long, value_name = "K")]
    items: Option<NonZeroUsize>,
    /// The folder to hand over
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// Replace the record that lies beside the folder
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &TestArguments, common: &Common) -> ExitCode {
    let TestKind::Issue(arguments) = &arguments.what;
    let request = IssueRequest {
        root: common.root(),
        task: arguments.task.clone(),
        candidate: arguments.candidate.clone(),
        seed: arguments.seed,
        items: arguments.items,
        out: arguments.out.clone(),
        force: arguments.force,
    };
    common.finish(issue(&request, &common.progress()), |Issued { test, of, folder, record }| {
        if common.json {
            return test.written();
        }
        format!(
            "drew {} of {of} test items of `{}` under {} for `{}`\nhand over {}\nkeep {}\n",
            test.items.len(),
            test.task,
            test.version,
            test.candidate,
            folder.display(),
            record.display()
        )
    })
}
