//! `goldbook import`.

use super::check::became;
use super::{Common, counted, one_of_words, refuse};
use crate::command::import::{self, ConvertedRun, ImportRequest};
use crate::command::import_ratings::{self, ImportedRatings, RatingsImport};
use crate::diagnostic::{Fault, one_of};
use crate::document::{DateOrder, RatingTool};
use crate::ratings::{Column, ImportedFile, RatingsReading, RowCounts, TimeReading};
use crate::text;
use crate::trajectory::{LogFormat, ReadOptions};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Import logs and ratings of other tools
#[derive(Args)]
pub struct ImportArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Trajectory(TrajectoryArguments),
    Ratings(Box<RatingsArguments>),
}

/// Convert an agent's log to ATIF, the form that examples show
///
/// Reads what the tools of the field write, told by what the file holds: the manual's page Runs lists the formats. What a
/// log says of right answers (targets, scores, reference answers) stays behind unless asked for.
///
/// Example: goldbook import trajectory log.eval --list
#[derive(Args)]
struct TrajectoryArguments {
    /// The log; `-` reads standard input (to a temporary file from 64 MiB on)
    file: PathBuf,
    /// What wrote the log; told by what it holds unless said
    #[arg(long, value_name = "FORMAT", value_parser = log_format)]
    format: Option<LogFormat>,
    /// List the samples of the log, a line each, id first
    #[arg(long, conflicts_with_all = ["sample", "output"])]
    list: bool,
    /// The sample to convert; a log of one sample needs none
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    sample: Option<String>,
    /// Where to write, with the run's pictures in `images` beside it; standard output, pictures named, unless said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is at this place. If it is an earlier import of the run, gold, excerpts and links that name its
    /// steps by number move along: told by the steps' texts, their ids in the log, and what gold quotes
    #[arg(long, requires = "output")]
    force: bool,
    /// Leave numbers of steps as they are where it can't be told what they are in this import; without it nothing is written
    #[arg(long, requires = "force")]
    leave_unknown: bool,
    /// Mask what looks like a key, a token, an e-mail address, a home folder or an IP address, each the same everywhere:
    /// `[key-1]`; what `allowed_in_runs` of goldbook.yaml names stays
    #[arg(long)]
    redact: bool,
    /// Keep what the log says of right answers: never for a file that contractors get
    #[arg(long)]
    keep_gold: bool,
}

/// Write what tools, forms and vendors give as ratings in the canonical form
///
/// Reads CSV, TSV, JSON lines and lists, `.xlsx`, Parquet, Label Studio's raw JSON, Argilla's records, Potato's lines, and what people said in Inspect's logs by
/// editing scores; results of Mechanical Turk, Toloka and Appen are told by their columns, and the folder of a scan of Inspect
/// Scout by its `_scan.json`. Labels of Docent and results of its judges need `docent-runs.json` in their folder. A folder is read as the `ratings.yaml` in it says. Where the answers to a criterion have a column
/// of their own, a line makes a row for each answer. What is not taken over is said, row by row counted.
///
/// Example: goldbook import ratings week-45.xlsx --map item=Lauf --map rater=Bewerter --map severity=Schwere -o week-45.csv
#[derive(Args)]
struct RatingsArguments {
    /// Files, and folders of them
    #[arg(required = true, value_name = "FILE|FOLDER")]
    inputs: Vec<PathBuf>,
    /// What wrote them; told by what they look like unless said
    #[arg(long, value_name = "TOOL", value_parser = one_of_words::<RatingTool>)]
    format: Option<RatingTool>,
    /// What a file calls a column, or the column with the answers to a criterion (`severity=Schwere`), or that which says
    /// whether a value was chosen (`severity.high=Answer.high`); may be given several times
    #[arg(long, value_name = "NAME=COLUMN")]
    map: Vec<String>,
    /// The task of rows that name none
    #[arg(long)]
    task: Option<String>,
    /// The version of rows that name none
    #[arg(long)]
    version: Option<String>,
    /// The cohort of rows that name none
    #[arg(long)]
    cohort: Option<String>,
    /// The rater of rows that name none; of a scan what the judge's id begins with. As NAME=ID, which may be given several
    /// times, the id of the rater whom the file calls NAME
    #[arg(long, value_name = "[NAME=]ID")]
    rater: Vec<String>,
    /// The id of the rater whom a scorer's own values are of, such as a model judge; may be given several times
    #[arg(long, value_name = "SCORER=ID")]
    scorer: Vec<String>,
    /// Write what can be read where a scan did not end, or a file can't be read to its end
    #[arg(long)]
    partial: bool,
    /// What is to stand before the id of each rater without one
    #[arg(long, value_name = "TEXT")]
    rater_prefix: Option<String>,
    /// The zone of times without one, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    time_zone: Option<TimeZone>,
    /// Whether `02/11/2026` is a day in November (`day-first`) or in February (`month-first`)
    #[arg(long, value_name = "ORDER", value_parser = one_of_words::<DateOrder>)]
    dates: Option<DateOrder>,
    /// Read `3,5` as three and a half
    #[arg(long)]
    decimal_comma: bool,
    /// Where the table goes
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Write the gold that the files hold among their ratings as rows of a `gold.csv`, to be looked over
    #[arg(long, value_name = "FILE")]
    gold: Option<PathBuf>,
    /// Replace files that are at these places
    #[arg(long)]
    force: bool,
}

fn log_format(typed: &str) -> Result<LogFormat, String> {
    LogFormat::of_name(typed).ok_or_else(|| format!("it is one of {}", one_of(LogFormat::names())))
}

fn zone(typed: &str) -> Result<TimeZone, String> {
    TimeZone::get(typed).map_err(|_| "names are those of the IANA database, such as Europe/Berlin".to_owned())
}

/// What is typed as `NAME=ID`; a name may hold `=`.
fn ids<'t>(typed: impl IntoIterator<Item = &'t String>) -> Result<BTreeMap<String, String>, Fault> {
    let pair = |typed: &String| match typed.rsplit_once('=').map(|(name, id)| (name.trim(), id.trim())) {
        Some((name, id)) if !name.is_empty() && !id.is_empty() => Ok((name.to_owned(), id.to_owned())),
        _ => Err(Fault::whole(format!("`{typed}` is not of the form NAME=ID"))),
    };
    typed.into_iter().map(pair).collect()
}

impl RatingsArguments {
    /// The raters whom the file calls by names, as typed, and the one of rows that name none.
    fn raters(&self) -> Result<(Vec<&String>, Option<&str>), Fault> {
        let (named, ids): (Vec<&String>, Vec<&String>) = self.rater.iter().partition(|typed| typed.contains('='));
        match *ids {
            [] => Ok((named, None)),
            [id] => Ok((named, Some(id))),
            [one, other, ..] => {
                let fault = Fault::whole(format!("rows that name no rater are either `{one}`'s or `{other}`'s"));
                Err(fault.help("as `--rater NAME=ID` each is the rater whom the file calls NAME"))
            }
        }
    }

    fn reading(&self) -> Result<RatingsReading, Fault> {
        let mut reading =
            RatingsReading::plain(self.format, TimeReading { zone: self.time_zone.clone(), order: self.dates });
        let (named, rater) = self.raters()?;
        reading.fix([
            (Column::Task, self.task.as_deref()),
            (Column::Version, self.version.as_deref()),
            (Column::Cohort, self.cohort.as_deref()),
            (Column::Rater, rater),
        ]);
        reading.raters = ids(named)?;
        reading.is_partial = self.partial;
        reading.rater_prefix = self.rater_prefix.clone().unwrap_or_default();
        reading.decimal_comma = self.decimal_comma;
        reading.scorers = ids(&self.scorer)?;
        self.map.iter().try_for_each(|typed| reading.map(typed))?;
        Ok(reading)
    }
}

fn run_ratings(arguments: &RatingsArguments, common: &Common) -> ExitCode {
    let reading = match arguments.reading() {
        Ok(reading) => reading,
        Err(fault) => return refuse(&fault),
    };
    let (inputs, output, gold) = (arguments.inputs.clone(), arguments.output.clone(), arguments.gold.clone());
    let request = RatingsImport { root: common.root(), inputs, reading, output, gold, force: arguments.force };
    common.finish(import_ratings::import(&request, &common.progress()), |ImportedRatings { files, gold }| {
        let mut all = RowCounts::default();
        files.iter().for_each(|file| all.add(&file.counts));
        let of_file = |file: &ImportedFile| format!("  {}: {}\n", text::line(&file.path), became(&file.counts));
        let each: String = if files.len() > 1 { files.iter().map(of_file).collect() } else { String::new() };
        let gold = request.gold.as_ref().map_or_else(String::new, |path| match gold {
            0 => format!("found no gold: {} is not written\n", path.display()),
            _ => format!("wrote {}: {} of gold, to be looked over\n", path.display(), counted(gold, "row")),
        });
        format!("wrote {}: {}\n{each}{gold}", request.output.display(), became(&all))
    })
}

pub fn run(arguments: &ImportArguments, common: &Common) -> ExitCode {
    let arguments = match &arguments.what {
        What::Trajectory(arguments) => arguments,
        What::Ratings(arguments) => return run_ratings(arguments, common),
    };
    if arguments.list {
        return common.finish(import::list(&arguments.file, arguments.format), |lines| lines);
    }
    let TrajectoryArguments { file, sample, keep_gold, output, redact, force, leave_unknown, .. } = arguments;
    let options = ReadOptions { format: arguments.format, sample: sample.clone(), keep_gold: *keep_gold };
    let (file, output) = (file.clone(), output.clone());
    let (root, redact, force, leaves_unknown) = (common.root(), *redact, *force, *leave_unknown);
    let request = ImportRequest { root, file, options, redact, output: output.clone(), force, leaves_unknown };
    common.finish(import::convert(&request), |converted| match converted {
        ConvertedRun::Text(text) => text,
        ConvertedRun::Written(moved) => {
            let moved: String = moved.iter().map(|line| format!("{}\n", text::line(line))).collect();
            format!("wrote {}\n{moved}", output.unwrap_or_default().display())
        }
    })
}
