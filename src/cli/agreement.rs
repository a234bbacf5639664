//! `goldbook agreement`.

use super::{Common, refuse};
use crate::command::agreement::{AgreementRequest, TableReading, agreement};
use crate::diagnostic::{Fault, did_you_mean};
use crate::quality::agreement::{IntervalRule, Level};
use crate::quality::random::DEFAULT_SEED;
use crate::study::analysis::{FIGURES, PAGE, StudyRequest, Wanted};
use crate::study::{self, Columns, Grouping, TableForm, steps::StepRequest};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compute agreement, accuracy and consensus of one table of ratings
///
/// Without a site. Reads long tables (`item,rater,label`, and `gold` where there is any) and wide ones (a row an item, a
/// column a rater), as CSV or JSON lines, plain, .gz or .zst; `-` is standard input. Every figure has its interval, or the
/// reason why it is undefined.
///
/// Declare the categories in their order: weights, AC1 and AC2 depend on those that nobody used, too.
///
/// Example: goldbook agreement ratings.csv --level ordinal --categories 1,2,3,4,5 --gold gold
#[derive(Args)]
pub struct AgreementArguments {
    /// Tables of ratings; the rows of several add up
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The level of measurement of the text's figures [default: nominal]
    #[arg(long, value_enum)]
    level: Option<LevelName>,
    /// The categories of the scale, in order [default: those found]
    #[arg(long, value_name = "A,B,…", value_delimiter = ',', allow_hyphen_values = true)]
    categories: Vec<String>,
    /// The column of gold answers [default: `gold`, if there is one]
    #[arg(long, value_name = "COLUMN")]
    gold: Option<String>,
    /// The rater whose ratings are the gold
    #[arg(long, value_name = "RATER")]
    gold_rater: Option<String>,
    /// Analyse the ratings of each value of this column apart, or `none` [default: `task` and `criterion`, where a long
    /// table has them]
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// The column of items
    #[arg(long, value_name = "COLUMN")]
    item: Option<String>,
    /// The column of raters
    #[arg(long, value_name = "COLUMN")]
    rater: Option<String>,
    /// The columns of raters, of a table that has a row for each item [default: those that share values]
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', conflicts_with_all = ["rater", "label", "steps"])]
    raters: Vec<String>,
    /// The column of labels
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// How ratings stand in the tables [default: long or wide, told from the columns]
    #[arg(long, value_enum)]
    form: Option<FormName>,
    /// Labels that stand for no rating, such as NA
    #[arg(long, value_name = "LABEL,…", value_delimiter = ',')]
    missing: Vec<String>,
    /// A table with the truth of items that have no gold: judges consensus labels, and nothing else
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Disagreement between each two categories, for a kappa with weights of your own: [[0,1],[1,0]]
    #[arg(long, value_name = "JSON")]
    disagreements: Option<String>,
    /// A find-the-mistake table: one line a flagged step, an empty label where nothing is flagged
    #[arg(long, conflicts_with_all = ["level", "categories", "gold", "by", "disagreements", "form", "truth"])]
    steps: bool,
    /// How many steps off a flag still matches gold
    #[arg(long, value_name = "STEPS", default_value_t = 0, requires = "steps")]
    tolerance: u32,
    /// The column of the kind of mistake [default: `kind`, if there is one]
    #[arg(long, value_name = "COLUMN", requires = "steps")]
    kind: Option<String>,
    /// The column of how many steps an item has [default: `steps`, if there is one]
    #[arg(long, value_name = "COLUMN", requires = "steps")]
    length: Option<String>,
    /// How intervals of agreement are found [default: abc]
    #[arg(long, value_enum, conflicts_with = "steps")]
    interval: Option<IntervalName>,
    /// Samples where a bootstrap is asked for; 0 for none
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    bootstrap: u32,
    /// The seed of the bootstrap
    #[arg(long, value_name = "SEED", default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Compute these figures only, by their names in --json
    #[arg(long, value_name = "FIGURE,…", value_delimiter = ',')]
    only: Vec<String>,
}

/// Fewer samples do not reach into the tails.
const FEWEST_SAMPLES: u32 = 100;

#[derive(Clone, Copy, ValueEnum)]
enum LevelName {
    Nominal,
    Ordinal,
    Interval,
    Ratio,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum IntervalName {
    /// What the bootstrap's BCa interval comes to, without drawing samples; covers best in simulation
    Abc,
    /// The figure plus or minus a quantile of t times its standard error; holds the truth too rarely with few items
    Linearised,
    /// BCa, from the samples of --bootstrap and --seed
    Bootstrap,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormName {
    /// A row for each rating: item, rater, label
    Long,
    /// A row for each item, a column for each rater
    Wide,
    /// A row for each rater, whom the first column names, and a column for each item
    Sideways,
    /// A row for each item, a column for each category, and in each cell how many raters gave it
    Counts,
}

impl LevelName {
    fn level(self) -> Level {
        match self {
            Self::Nominal => Level::Nominal,
            Self::Ordinal => Level::Ordinal,
            Self::Interval => Level::Interval,
            Self::Ratio => Level::Ratio,
        }
    }
}

pub fn run(arguments: &AgreementArguments, common: &Common) -> ExitCode {
    let disagreements = arguments.disagreements.as_deref().map(serde_json::from_str).transpose();
    let Ok(disagreements) = disagreements else {
        let fault = Fault::whole("--disagreements is a list of lists of numbers");
        return refuse(&fault.help("for example: --disagreements '[[0,1,3],[1,0,6],[3,6,0]]'"));
    };
    if (1..FEWEST_SAMPLES).contains(&arguments.bootstrap) {
        return refuse(&Fault::whole(format!("--bootstrap is {FEWEST_SAMPLES} samples or more, or 0 for none")));
    }
    if arguments.interval == Some(IntervalName::Bootstrap) && arguments.bootstrap == 0 {
        let fault = Fault::whole("--interval bootstrap needs samples");
        return refuse(&fault.help(format!("say --bootstrap {FEWEST_SAMPLES} or more")));
    }
    if let Some(unknown) = arguments.only.iter().find(|name| !FIGURES.contains(&name.as_str())) {
        let hint = did_you_mean(unknown, FIGURES).map_or_else(String::new, |hint| format!(" ({hint})"));
        let fault = Fault::whole(format!("`{unknown}` is no figure{hint}"));
        return refuse(&fault.help(format!("figures are {}", FIGURES.join(", "))));
    }
    let figures = StudyRequest {
        level: arguments.level.map(LevelName::level),
        interval: arguments.interval(),
        replicates: if arguments.steps { 0 } else { arguments.bootstrap },
        seed: arguments.seed,
        disagreements,
        wanted: match (arguments.only.as_slice(), common.json) {
            ([], true) => Wanted::All,
            ([], false) if arguments.steps => Wanted::All,
            ([], false) => Wanted::Page(&PAGE),
            (names, _) => Wanted::Named(names.to_vec()),
        },
    };
    let request = AgreementRequest {
        files: arguments.files.clone(),
        truth: arguments.truth.clone(),
        reading: arguments.reading(),
        figures,
        json: common.json,
    };
    common.finish(agreement(&request), |text| text)
}

impl AgreementArguments {
    fn interval(&self) -> IntervalRule {
        match self.interval {
            None | Some(IntervalName::Abc) => IntervalRule::Abc,
            Some(IntervalName::Linearised) => IntervalRule::Linearised,
            Some(IntervalName::Bootstrap) => IntervalRule::Bootstrap { replicates: self.bootstrap, seed: self.seed },
        }
    }

    fn reading(&self) -> TableReading {
        if self.steps {
            let usual = StepRequest::default();
            let request = StepRequest {
                item: self.item.clone(),
                rater: self.rater.clone(),
                step: self.label.clone(),
                gold_rater: self.gold_rater.clone().unwrap_or(usual.gold_rater),
                missing: self.missing.clone(),
                kind: self.kind.clone(),
                length: self.length.clone(),
            };
            return TableReading::Steps(request, self.tolerance);
        }
        let columns = Columns {
            item: self.item.clone(),
            rater: self.rater.clone(),
            label: self.label.clone(),
            gold: self.gold.clone(),
            gold_rater: self.gold_rater.clone(),
            by: match self.by.as_deref() {
                None => Grouping::Usual,
                Some("none") => Grouping::None,
                Some(column) => Grouping::Column(column.to_owned()),
            },
            raters: (!self.raters.is_empty()).then(|| self.raters.clone()),
        };
        TableReading::Ratings(study::ReadRequest {
            columns,
            form: self.form.map(|form| match form {
                FormName::Long => TableForm::Long,
                FormName::Wide => TableForm::Wide,
                FormName::Sideways => TableForm::Sideways,
                FormName::Counts => TableForm::Counts,
            }),
            categories: (!self.categories.is_empty())
                .then(|| self.categories.iter().map(|category| category.trim().to_owned()).collect()),
            missing: self.missing.clone(),
        })
    }
}
