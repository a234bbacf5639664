//! `goldbook export`.

use super::check::became;
use super::{Common, one_of_words, refuse};
use crate::command::export_ratings::{ExportedRatings, RatingsExport, export};
use crate::diagnostic::Fault;
use crate::ratings::{ExportFormat, RowCounts};
use crate::schema::Words;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Write what a site holds for other programs
#[derive(Args)]
pub struct ExportArguments {
    #[command(subcommand)]
    what: ExportKind,
}

#[derive(Subcommand)]
enum ExportKind {
    Ratings(ExportedTable),
}

/// Write the ratings that reports count as one table, for a spreadsheet or a program
///
/// Every row that is counted goes to FILE, in the canonical form and as it was read. Every other row goes to a second file
/// beside it, FILE's name with `-ledger.csv` behind it, with what became of it and why. Both together, in place of the
/// files that they were made of, give the same reports. A cell that a spreadsheet would run gets an apostrophe, which is
/// taken off again on reading.
///
/// Example: goldbook export ratings -o ratings.csv
#[derive(Args)]
struct ExportedTable {
    /// What to write: `csv` or `jsonl`; told by FILE's ending unless said
    #[arg(long, value_name = "FORM", value_parser = one_of_words::<ExportFormat>)]
    to: Option<ExportFormat>,
    /// Where the table goes
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Also say in a column `gold` what is right: never for a file that raters get
    #[arg(long)]
    with_gold: bool,
    /// Replace files that are at these places
    #[arg(long)]
    force: bool,
}

/// The form that a file's ending tells, which is not to be another than what is said.
fn told(output: &Path, said: Option<ExportFormat>) -> Result<ExportFormat, Fault> {
    let ending = output.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match ExportFormat::of_word(&ending).filter(|told| said.is_none_or(|said| said == *told)) {
        Some(format) => Ok(format),
        None => {
            let wanted = said.map_or("csv` or `.jsonl", |said| said.word());
            Err(Fault::whole(format!("the name of {} must end in `.{wanted}`", output.display()))
                .help("it is read again by its name"))
        }
    }
}

pub fn run(arguments: &ExportArguments, common: &Common) -> ExitCode {
    let ExportKind::Ratings(ExportedTable { to, output, with_gold, force }) = &arguments.what;
    let format = match told(output, *to) {
        Ok(format) => format,
        Err(fault) => return refuse(&fault),
    };
    let (root, output) = (common.root(), output.clone());
    let request = RatingsExport { root, output, format, with_gold: *with_gold, force: *force };
    common.finish(export(&request, &common.progress()), |exported| summary(&request, exported))
}

fn summary(request: &RatingsExport, exported: ExportedRatings) -> String {
    let ExportedRatings { counts, ledger } = exported;
    let rows = if counts.used == 1 { "row that is" } else { "rows that are" };
    let (used, output) = (counts.used, request.output.display());
    let others = RowCounts { used: 0, ..counts };
    format!("wrote {output}: {used} {rows} counted\nwrote {}: {}\n", ledger.display(), became(&others))
}
