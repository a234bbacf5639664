//! What everything else stands on: sources, files, texts, YAML, and findings about what was read.
//!
//! ```text
//! caught, digest, limits, progress, sequence, text
//! memo, sensitive, source
//! disk             the only place that touches files
//! diagnostic       what is wrong with what was read
//! yaml, expression
//! ```

pub mod caught;
pub mod diagnostic;
pub mod digest;
pub mod disk;
pub mod expression;
pub mod limits;
pub mod memo;
pub mod progress;
pub mod sensitive;
pub mod sequence;
pub mod source;
pub mod text;
pub mod yaml;
