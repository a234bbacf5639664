//! Goldbook compiles rating instructions into sealed sites, and ratings into quality reports.
//!
//! ```text
//! disk ─load→ Source ─parse→ Document ─check→ Model ─┐
//!                                                    ├─plan→ Plan ─render→ Site ─write→ public/
//! ratings ─read→ Rows ─resolve→ Ratings ─tally→ Tallies ─estimate→ Report ─┘
//! a release's lock + objects ─open→ Source           (a sealed version is just another set of sources)
//! ```
//!
//! What was typed (`cli`) becomes a request; a `command` is a list of stage calls. A stage takes values and returns
//! values; it records what is wrong in `Diagnostics` and never stops halfway. Only `disk` touches files.
//!
//! A module uses those above it in this list, never those below or beside; the first two lines are crates of their own,
//! compiled beside each other and before the rest:
//!
//! ```text
//! ground           sources, files, texts, YAML, and findings about what was read
//! markdown, trajectory, quality, table
//! schema           what may stand in a file, said once for the reader and for editors
//! audience         who may see what
//! config, document what one file says
//! model            what the whole site says, checked; and what one audience may have of it
//! release          sealed versions
//! ratings          what contractors returned
//! figures          each figure of a criterion once: counts in, figures with interval and cautions out
//! report, grade, labelling, study, calc, simulate (study: one table of ratings without a site)
//! site             pages, and the folders they lie in
//! workspace        a site that has been read, and what is remembered of it
//! command          what can be done
//! cli              what was typed
//! ```

/// What everything stands on, as modules beside the others.
use goldbook_ground::{
    diagnostic, digest, disk, expression, limits, memo, progress, sensitive, sequence, source, text, yaml,
};
use goldbook_markdown as markdown;
pub use goldbook_quality as quality;
use goldbook_table as table;
pub use goldbook_trajectory as trajectory;

mod audience;
mod calc;
pub mod cli;
mod command;
mod config;
mod document;
mod figures;
#[cfg(fuzzing)]
pub mod fuzzing;
mod grade;
mod labelling;
mod model;
mod ratings;
mod release;
mod report;
mod schema;
mod simulate;
mod site;
pub mod study;
mod workspace;
