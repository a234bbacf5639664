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
//! A module uses those above it in this list, never those below or beside:
//!
//! ```text
//! ground       digest, memo, source, text, sequence, sensitive, disk, limits, progress, caught
//!              diagnostic       what is wrong with what was read
//!              yaml, markdown, trajectory, quality (a crate of its own), table, expression
//!              schema           what may stand in a file, said once for the reader and for editors
//!              audience         who may see what
//!              config, document what one file says
//!              model            what the whole site says, checked; and what one audience may have of it
//!              release          sealed versions
//!              ratings          what contractors returned
//!              figures          each figure of a criterion once: counts in, figures with interval and cautions out
//!              report, grade, labelling, study, calc, simulate (study: one table of ratings without a site)
//!              site             pages, and the folders they lie in
//!              workspace        a site that has been read, and what is remembered of it
//!              command          what can be done
//!              cli              what was typed
//! ```

/// Statistics on quality: a crate of its own, which knows nothing of ratings, files or sites.
pub use goldbook_quality as quality;

mod audience;
mod calc;
mod caught;
pub mod cli;
mod command;
mod config;
mod diagnostic;
mod digest;
mod disk;
mod document;
mod expression;
mod figures;
#[cfg(fuzzing)]
pub mod fuzzing;
mod grade;
mod labelling;
mod limits;
mod markdown;
mod memo;
mod model;
mod progress;
mod ratings;
mod release;
mod report;
mod schema;
mod sensitive;
mod sequence;
mod simulate;
mod site;
mod source;
pub mod study;
mod table;
mod text;
pub mod trajectory;
mod workspace;
mod yaml;
