//! `goldbook import`.

use super::Common;

use crate::command::import;
use crate::diagnostic::Diagnosed;
use crate::disk;
use crate::trajectory::ReadOptions;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Import logs of other tools
#[derive(Args)]
pub struct ImportArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Trajectory(TrajectoryArguments),
}

/// Convert an agent's log to ATIF, the form that examples show
///
/// Reads ATIF, Inspect logs (`.eval` and JSON), and OpenAI chat JSON or JSONL. What a log says of right answers
/// (targets, scores, reference answers) stays behind unless asked for.
///
/// Example: goldbook import trajectory log.eval --list
#[derive(Args)]
struct TrajectoryArguments {
    /// The log; `-` reads standard input (to a temporary file from 64 MiB on)
    file: PathBuf,
    /// List the samples of the log, a line each, id first
    #[arg(long, conflicts_with_all = ["sample", "output"])]
    list: bool,
    /// The sample to convert; a log of one sample needs none
    #[arg(long, value_name = "ID")]
    sample: Option<String>,
    /// Where to write; standard output unless said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep what the log says of right answers: never for a file that contractors get
    #[arg(long)]
    keep_gold: bool,
}

pub fn run(arguments: &ImportArguments, common: &Common) -> ExitCode {
    let What::Trajectory(arguments) = &arguments.what;
    if arguments.list {
        return common.finish(import::list(&arguments.file), |lines| lines);
    }
    let options = ReadOptions { sample: arguments.sample.clone(), keep_gold: arguments.keep_gold };
    let outcome = import::atif(&arguments.file, &options);
    match &arguments.output {
        None => common.finish(outcome, |text| text),
        Some(output) => common.finish(save(outcome, output), |()| format!("wrote {}\n", output.display())),
    }
}

fn save(outcome: Diagnosed<String>, output: &Path) -> Diagnosed<()> {
    let Diagnosed { value, mut diagnostics } = outcome;
    let value = value.and_then(|text| match disk::write(output, text.as_bytes()) {
        Ok(()) => Some(()),
        Err(error) => {
            diagnostics.machine(&error, Path::new(""));
            None
        }
    });
    Diagnosed { value, diagnostics }
}
