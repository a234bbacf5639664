//! `goldbook build`.

use super::{Common, counted};
use crate::command::BUILT;
use crate::command::build::{BuildRequest, build, log_ends};
use clap::Args;
use jiff::civil::Date;
use std::path::PathBuf;
use std::process::ExitCode;

/// Build the site of every audience
///
/// Each audience gets a folder of its own below the output folder, holding nothing that it may not see. Contractors
/// get sealed versions only; seal one with `goldbook release`. The new site takes the old one's place in one step;
/// with an error in the sources, nothing is written.
///
/// The digest of the last line of the log of releases is printed: noted elsewhere, it is what `goldbook verify --expect`
/// holds the log against.
///
/// A file of ratings that can't be read at all is an error: the folders of those who see reports stay as they were, and
/// all others are written. `--without FILE` makes the reports without it, and they say so.
///
/// Open public/contractors/index.html in a browser to look at the result: no server is needed.
#[derive(Args)]
pub struct BuildArguments {
    /// Where the audiences' folders go [default: public/ in the root]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Build for this audience only
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// The day of the build, for reports and for what is scheduled [default: the newest that the site speaks of]
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Make everything once more from nothing as well, and compare: a byte that differs is an error
    #[arg(long)]
    audit: bool,
    /// Leave a file of ratings out on purpose, such as one that can't be read; reports say so (may be repeated)
    #[arg(long, value_name = "FILE")]
    without: Vec<String>,
    /// Say on standard error how long each stage took
    #[arg(long)]
    timings: bool,
}

pub fn run(arguments: &BuildArguments, common: &Common) -> ExitCode {
    let root = common.root();
    let request = BuildRequest {
        out: arguments.out.clone().unwrap_or_else(|| root.join(BUILT)),
        root,
        audience: arguments.audience.clone(),
        date: arguments.date,
        audit: arguments.audit,
        without: arguments.without.clone(),
    };
    let progress = common.progress();
    let outcome = build(&request, &progress);
    if arguments.timings {
        for (stage, time) in progress.times() {
            eprintln!("{:>8.3} s  {stage}", time.as_secs_f64());
        }
    }
    let log = log_ends(&request.root);
    common.finish(outcome, |built| {
        let lines = built.iter().map(|site| {
            let index = site.folder.join("index.html");
            if common.json {
                let value = serde_json::json!({
                    "audience": site.audience, "index": index, "files": site.written.files, "changed": site.written.changed,
                    "log": log,
                });
                return format!("{value}\n");
            }
            format!(
                "{}: {}, {} changed: {}\n",
                site.audience,
                counted(site.written.files, "file"),
                site.written.changed,
                index.display()
            )
        });
        let ends = log.iter().filter(|_| !common.json).map(|end| format!("log {end}\n"));
        lines.chain(ends).collect::<String>()
    })
}
