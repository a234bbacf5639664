//! `goldbook import`.

use super::Common;

use crate::command::import::{self, ImportRequest};
use crate::trajectory::ReadOptions;
use clap::{Args, Subcommand};
use std::path::PathBuf;
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
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    sample: Option<String>,
    /// Where to write, with the run's pictures in `images` beside it; standard output, pictures named, unless said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is at this place
    #[arg(long, requires = "output")]
    force: bool,
    /// Keep what the log says of right answers: never for a file that contractors get
    #[arg(long)]
    keep_gold: bool,
}

pub fn run(arguments: &ImportArguments, common: &Common) -> ExitCode {
    let What::Trajectory(arguments) = &arguments.what;
    if arguments.list {
        return common.finish(import::list(&arguments.file), |lines| lines);
    }
    let TrajectoryArguments { file, sample, keep_gold, force, .. } = arguments;
    let options = ReadOptions { sample: sample.clone(), keep_gold: *keep_gold };
    let Some(output) = arguments.output.clone() else {
        return common.finish(import::atif(file, &options), |text| text);
    };
    let request = ImportRequest { root: common.root(), file: file.clone(), options, output, force: *force };
    common.finish(import::write(&request), |()| format!("wrote {}\n", request.output.display()))
}
