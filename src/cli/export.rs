//! `goldbook export`.

use super::check::became;
use super::{Common, counted, one_of_words, refuse};
use crate::command::export_gold::{self, ExportedGold, GoldExport};
use crate::command::export_labelling::{self, ExportedLabelling, LabellingExport, LabellingReader};
use crate::command::export_ratings::{ExportedRatings, RatingsExport, export};
use crate::diagnostic::Fault;
use crate::labelling::LabellingTool;
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
    Gold(GoldCases),
    LabellingConfig(LabellingFiles),
    JudgePrompt(JudgeFiles),
}

/// Write the questions of a task's rubric for a labelling tool
///
/// DIR gets the tool's form and `ratings.yaml`, which reads what the tool exports and says which sealed text raters read:
/// copy it into the folder below content/ratings that the export goes to. What the tool can't do as the rubric means it is
/// printed, and stands in `ratings.yaml`.
///
/// For Label Studio, `label-studio.xml` is the labelling interface; a task's data holds the item in `item`, and in `run` a
/// list of `{author, text}`, one for each step. Export raw JSON.
///
/// For Argilla, `rg.Settings.from_json` loads `settings.json`; a record's id is the item, its field `run_text` the run, each
/// step behind a line such as `[step 1]`, and its metadata `text_version` the receipt. Export flat records.
///
/// For Potato, `config.yaml` is the project; each line of `items.jsonl` beside it holds the item in `item`, and in `run` a list
/// of `{speaker, text, step_id}`. Export with `-f jsonl`.
///
/// Example: goldbook export labelling-config agent-setup-mistakes --to label-studio -o label-studio
#[derive(Args)]
struct LabellingFiles {
    /// The task
    task: String,
    /// The tool: `argilla`, `label-studio` or `potato`
    #[arg(long, value_name = "TOOL", value_parser = one_of_words::<LabellingTool>)]
    to: LabellingTool,
    /// The folder in which the files are made
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// Write a prompt for a model judge, and the form of its answer
///
/// DIR gets `prompt.md`, the text that raters read with its receipt, and `answer.schema.json`, the JSON Schema of an answer
/// to all criteria. The item goes behind the prompt. Neither holds gold that raters are not shown.
///
/// Example: goldbook export judge-prompt agent-setup-mistakes -o judge
#[derive(Args)]
struct JudgeFiles {
    /// The task
    task: String,
    /// The folder in which the files are made
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// Write the ratings that reports count as one table
///
/// Every row that is counted goes to FILE, in the canonical form and as it was read. Every other row goes to a second file
/// beside it, FILE's name with `-ledger.csv` behind it, with what became of it and why. Both together, in place of the
/// files that they were made of, give the same reports. A cell that a spreadsheet would run gets an apostrophe, which is
/// taken off again on reading.
///
/// Example: goldbook export ratings -o ratings.csv
#[derive(Args)]
struct ExportedTable {
    /// What to write: `csv`, `jsonl`, or with the feature of this name `parquet`; told by FILE's ending unless said
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

/// Write a task's gold as a tool reads it that checks model judges
///
/// For Inspect Scout, DIR gets a file of validation cases for each criterion (`how-bad` makes `how_bad.jsonl`), one for each
/// item whose run an example shows: by the `trajectory_id` of that, or its session and the file's name, which is what
/// `scout import atif` makes of it. Gold that raters may have seen stays behind unless asked for; what else is no case is
/// counted. They are right answers: never for a folder that raters or judges read.
///
/// Example: goldbook export gold agent-setup-mistakes --to scout -o validation
#[derive(Args)]
struct GoldCases {
    /// The task; needed where there are several
    task: Option<String>,
    /// What reads it: `scout`
    #[arg(long, value_name = "TOOL", value_parser = one_of_words::<JudgeChecker>)]
    to: JudgeChecker,
    /// The folder in which the files are made
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Take the gold along that raters may have seen: that of worked and practice examples, and what was shown later
    #[arg(long)]
    shown: bool,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// A tool that checks model judges.
#[derive(Clone, Copy, PartialEq, Eq)]
enum JudgeChecker {
    /// Inspect Scout.
    Scout,
}

impl Words for JudgeChecker {
    const WORDS: &'static [(&'static str, Self)] = &[("scout", Self::Scout)];
}

/// What Scout's own summary says is not what it seems to.
const SCOUT_SUMMARY: &str = "Scout's summary counts every case of one value as a positive one (its precision is 1.0 by \
    construction) and calls balanced accuracy accuracy: import the scan for figures with intervals.\n";

/// The form that a file's ending tells, which is not to be another than what is said.
fn told(output: &Path, said: Option<ExportFormat>) -> Result<ExportFormat, Fault> {
    let ending = output.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match ExportFormat::of_word(&ending).filter(|told| said.is_none_or(|said| said == *told)) {
        Some(format) => format.fault().map_or(Ok(format), Err),
        None => {
            let wanted = said.map_or("csv`, `.jsonl` or `.parquet", |said| said.word());
            Err(Fault::whole(format!("the name of {} must end in `.{wanted}`", output.display()))
                .help("it is read again by its name"))
        }
    }
}

pub fn run(arguments: &ExportArguments, common: &Common) -> ExitCode {
    let ExportedTable { to, output, with_gold, force } = match &arguments.what {
        ExportKind::Ratings(table) => table,
        ExportKind::Gold(cases) => return run_gold(cases, common),
        ExportKind::LabellingConfig(LabellingFiles { task, to, output, force }) => {
            return run_labelling(task, LabellingReader::Tool(*to), output, *force, common);
        }
        ExportKind::JudgePrompt(JudgeFiles { task, output, force }) => {
            return run_labelling(task, LabellingReader::ModelJudge, output, *force, common);
        }
    };
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

fn run_labelling(task: &str, reader: LabellingReader, output: &Path, force: bool, common: &Common) -> ExitCode {
    let request =
        LabellingExport { root: common.root(), task: task.to_owned(), reader, output: output.to_owned(), force };
    common.finish(export_labelling::export(&request, &common.progress()), |exported| {
        let ExportedLabelling { files, receipt, remarks } = exported;
        let written: String = files.iter().map(|path| format!("wrote {}\n", path.display())).collect();
        let remarks: String = remarks.iter().map(|remark| format!("{remark}\n")).collect();
        let of = receipt.map_or_else(
            || "the text is not sealed, so nothing says which one raters read\n".to_owned(),
            |receipt| format!("of the text {receipt}\n"),
        );
        format!("{written}{of}{remarks}")
    })
}

fn run_gold(arguments: &GoldCases, common: &Common) -> ExitCode {
    let GoldCases { task, to: JudgeChecker::Scout, output, shown, force } = arguments;
    let (root, task, output) = (common.root(), task.clone(), output.clone());
    let request = GoldExport { root, task, output, with_shown: *shown, force: *force };
    common.finish(export_gold::export(&request, &common.progress()), |ExportedGold { files, left_out }| {
        let file =
            |(path, cases): &(PathBuf, usize)| format!("wrote {}: {}\n", path.display(), counted(*cases, "case"));
        let written: String = files.iter().map(file).collect();
        let others: usize = left_out.values().sum();
        let each = left_out.iter().map(|(why, count)| format!("  {count} {}\n", why.about()));
        let answers = counted(others, "answer");
        let others = if others == 0 { String::new() } else { format!("{answers} left out, of which\n") };
        format!("{written}{others}{}{SCOUT_SUMMARY}", each.collect::<String>())
    })
}
