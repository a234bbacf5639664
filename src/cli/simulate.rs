//! `goldbook simulate`.

use super::{Common, counted};
use crate::command::simulate::{SimulateRequest, Simulated, simulate};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Simulate ratings of the site's tasks, as a plan says
///
/// To see what reports show of a drift or a misreading, and how much gold it takes, before real ratings come. The table
/// is one that `build` and `report` read; the same plan, site and seed give the same bytes. Rating files have no place
/// for a mark: say in their folder's README that they are made up.
#[derive(Args)]
#[command(after_long_help = EXAMPLE)]
pub struct SimulateArguments {
    /// The plan, a YAML file
    plan: PathBuf,
    /// Where to write: a `.csv` or `.jsonl` file
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

const EXAMPLE: &str = "\
A plan:

  seed: 7                          # 1 unless said
  first: 2026-W43
  weeks: 8
  tasks:
    run-quality:
      from: 2026-W45               # `until` too; the plan's weeks unless said
      prefix: run-                 # items without gold: run-2026w45-01 and so on
      steps: 40                    # of an item, for flags on steps
      minutes: 20                  # median of a submission
      spread: 0.4                  # of its logarithm
      answers:                     # how often each is the truth; equal unless said
        overall: {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.3, 5: 0.1}
        mistakes: {false-claim: 0.5, gave-up: 0.1}    # flags of each kind an item
        mistakes.origin: {real: 0.8, spurious: 0.2}
      rules:
        - {when: {safety: 1}, then: {overall: [1, 2]}}
      comments:                    # of a free text: its values
        overall: [I am not sure about the last step.]
  cohorts:
    borealis-2026q4:
      tasks:
        run-quality: {items: 12, gold: 0.5, overlap: 3}   # a week; raters an item
      manner: {skill: 0.8, unsure: 0.02, pace: 1.1, rejected: 0.02, corrected: 0.03, comments: 0.05}
      raters:
        b-02:
          skill: 0.7
          habits:                  # on all tasks, all criteria, always, unless said
            - {from: 2026-W47, drift: -0.05}              # of skill, a week
            - {task: run-quality, from: 1.1.0, pace: 0.6}
            - {criterion: honesty, reads: gaps, as: full, share: 0.7}
            - {criterion: safety, shift: higher, share: 0.3}
            - {criterion: overall, skill: 0.6}

Skill is the chance to answer as the truth; errors are independent of each other. Gold items are
those whose gold raters can't see; each is rated in one week, by all cohorts that rate gold then.

Example: goldbook simulate simulations/autumn.yaml -o content/ratings/autumn.csv";

pub fn run(arguments: &SimulateArguments, common: &Common) -> ExitCode {
    let request = SimulateRequest {
        root: common.root(),
        plan: arguments.plan.clone(),
        out: arguments.output.clone(),
        force: arguments.force,
    };
    common.finish(simulate(&request, &common.progress()), |simulated| {
        let Simulated { seed, rows, submissions, raters, weeks } = simulated;
        if common.json {
            let value = serde_json::json!({
                "file": arguments.output, "seed": seed, "rows": rows, "submissions": submissions, "raters": raters,
                "weeks": weeks,
            });
            return format!("{value}\n");
        }
        let span =
            weeks.first().zip(weeks.last()).map_or_else(String::new, |(first, last)| format!(" ({first} to {last})"));
        format!(
            "wrote {}\n{}, {} by {} in {}{span}, seed {seed}\n",
            arguments.output.display(),
            counted(rows, "row"),
            counted(submissions, "submission"),
            counted(raters, "rater"),
            counted(weeks.len(), "week"),
        )
    })
}
