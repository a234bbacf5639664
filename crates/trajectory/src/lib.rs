//! Recorded agent runs, in one form whatever tool wrote them.
//!
//! In: a log of any format in the table of `log`, and the sample wanted. Out: a `Trajectory`, a line for each sample of the
//! log, or ATIF text. It never touches the disk, never reads meaning into escapes or markup
//! (whoever shows them decides), and never passes on a log's gold (targets, scores, reference answers) unless asked to.

mod account;
mod anthropic;
mod archive;
mod atif;
mod attachments;
mod block;
mod call;
mod chat;
mod claude_code;
mod conversation;
mod docent;
mod eval;
pub mod extra;
mod fields;
mod format;
mod gold;
mod inspect;
mod inspect_events;
mod inspect_messages;
mod json;
mod langchain;
mod log;
mod markdown;
mod mend;
mod message;
mod mini_swe_agent;
mod named_files;
mod openai;
mod openhands;
mod otel;
mod pick;
mod picture;
mod repeated;
mod responses;
mod rows;
mod sample;
mod scores;
mod scout;
mod sensitive;
mod stream;
mod subagent;
mod swe_agent;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod tree;
mod vivaria;
mod who_when;
mod write;

use goldbook_ground::diagnostic::Fault;
use serde_json::{Map, Value};
use std::io::{Cursor, Read, Seek};

pub use account::PartFate;
pub use extra::NATIVE_ID;
pub use log::LogFormat;
pub use named_files::{NamedFiles, files_named_in};
pub use picture::{Picture, Placed, picture_kind};
pub use sample::SampleLine;
pub use scores::{SampleScores, scores_of_archive, scores_of_json};
pub use sensitive::{MaskedCounts, RunPlace, SensitiveInRun, by_rule, in_words};
pub use subagent::{BranchOrigin, Subagent, SubagentReference};
pub use write::to_atif;

/// A JSON object's fields.
pub type JsonObject = Map<String, Value>;

/// The schema version that imported logs are written with.
pub const ATIF_VERSION: &str = "ATIF-v1.7";

/// What stands where ATIF needs a text that a log does not have.
pub const UNKNOWN: &str = "unknown";

/// One recorded run, modelled on ATIF v1.0 to v1.8 (Agent Trajectory Interchange Format).
///
/// In this type and those below, `extra` is ATIF's own map for additions, and `rest` holds every
/// field that is not interpreted when it is read (metrics, notes, sub-agents …) exactly as it was found, so
/// that an ATIF file is written back without loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// `ATIF-v1.x`: the file's own, or [`ATIF_VERSION`] for an imported log.
    pub schema_version: String,
    /// The run, which several trajectories may share.
    pub session_id: Option<String>,
    /// This trajectory alone.
    pub trajectory_id: Option<String>,
    /// Who acted.
    pub agent: Agent,
    /// At least one; `steps[i].step_id` is `i + 1`.
    pub steps: Vec<Step>,
    /// ATIF's map for additions.
    pub extra: JsonObject,
    /// What is not interpreted.
    pub rest: JsonObject,
}

/// Who acted: the scaffold, its version, and the model unless a step names another.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// The agent system; [`UNKNOWN`] where a log does not say.
    pub name: String,
    /// The version of the agent system; [`UNKNOWN`] where a log does not say.
    pub version: String,
    /// The model of every step that names none.
    pub model_name: Option<String>,
    /// What is not interpreted (tools, `extra` …).
    pub rest: JsonObject,
}

/// One turn: a message, and for an agent its reasoning, its calls and what came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Counted from 1 without gaps.
    pub step_id: usize,
    /// ISO 8601, as the log has it.
    pub timestamp: Option<String>,
    /// Where the step comes from.
    pub source: StepSource,
    /// The model of this step where the log names it; agent steps only.
    pub model_name: Option<String>,
    /// What was said; may be empty.
    pub message: StepContent,
    /// Agent steps only.
    pub reasoning_content: Option<String>,
    /// Agent steps only.
    pub tool_calls: Vec<ToolCall>,
    /// What came back, if anything did.
    pub observation: Option<Observation>,
    /// Whether the step repeats an earlier trajectory as context: not to be rated again.
    pub is_copied_context: bool,
    /// ATIF's map for additions; holds [`NATIVE_ID`].
    pub extra: JsonObject,
    /// What is not interpreted (metrics …).
    pub rest: JsonObject,
}

/// Where a step comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepSource {
    /// Instructions to the agent, or an event of the system around it.
    System,
    /// Whoever talks to the agent.
    User,
    /// The agent itself.
    Agent,
}

/// What a message or a tool's answer says.
#[derive(Debug, Clone, PartialEq)]
pub enum StepContent {
    /// Plain text.
    Text(String),
    /// Text and images, in order.
    Parts(Vec<ContentPart>),
}

/// One part of a mixed message.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentPart {
    /// Plain text.
    Text(String),
    /// An image.
    Image {
        /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`; in ATIF files perhaps another.
        media_type: String,
        /// A data URI, a URL or a file path.
        path: String,
    },
    /// An ATIF part of another shape (audio, or fields that are not known), as it was found.
    Other(Value),
}

/// One call of a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// What answers refer to; unique within a step as a rule, not beyond it.
    pub tool_call_id: String,
    /// The tool.
    pub function_name: String,
    /// An object. Arguments that a log holds as text which is no JSON object become
    /// `{"_raw": "<that text>"}`.
    pub arguments: Value,
    /// ATIF's map for additions; holds `parse_error` where the log says that the call was malformed.
    pub extra: JsonObject,
    /// What is not interpreted.
    pub rest: JsonObject,
}

/// What came back after a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// In the log's order, which need not be the order of the calls.
    pub results: Vec<ObservationResult>,
    /// What is not interpreted.
    pub rest: JsonObject,
}

/// One answer, to the call that `source_call_id` names.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationResult {
    /// The call that is answered, if it was one.
    pub source_call_id: Option<String>,
    /// The answer, if there is one.
    pub content: Option<StepContent>,
    /// ATIF's map for additions; holds [`NATIVE_ID`].
    pub extra: JsonObject,
    /// What is not interpreted (references to sub-agents …).
    pub rest: JsonObject,
}

/// What to read out of a log.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The log's format; that which it shows unless said.
    pub format: Option<LogFormat>,
    /// The sample's id as [`list`] shows it; a log of one sample needs none.
    pub sample: Option<String>,
    /// Keep what the log says of right answers and scores, under `extra.gold` of the trajectory
    /// (in ATIF files: where it was).
    pub keep_gold: bool,
}

/// Reads one trajectory out of a log, whose format shows in its content.
///
/// # Errors
/// Bytes that are not UTF-8 JSON or a zip archive, a format that is not read, a file that breaks its format's
/// rules, several samples and none chosen, or a chosen sample that is not there.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Trajectory, Fault> {
    read_from(Cursor::new(bytes), options)
}

/// Like [`read`], out of a file. Of an archive or a database only the sample asked for is unpacked; every other log is
/// read whole.
///
/// # Errors
/// As for [`read`], and those of the machine.
pub fn read_from(source: impl Read + Seek, options: &ReadOptions) -> Result<Trajectory, Fault> {
    let log = log::open(Box::new(source), options.format)?;
    let index = sample::choose(&log.keys(), options.sample.as_deref())?;
    log.into_trajectory(index, options.keep_gold)
}

/// Lists the samples of a log, in the log's order.
///
/// # Errors
/// As for [`read`], except that no sample needs to be chosen.
pub fn list(bytes: &[u8]) -> Result<Vec<SampleLine>, Fault> {
    list_from(Cursor::new(bytes), None)
}

/// Like [`list`], of a file, whose format may be said. Of an archive no sample is unpacked whole.
///
/// # Errors
/// As for [`list`], and those of the machine.
pub fn list_from(source: impl Read + Seek, format: Option<LogFormat>) -> Result<Vec<SampleLine>, Fault> {
    let log = log::open(Box::new(source), format)?;
    let labels = sample::labels(&log.keys());
    let labelled = log.into_lines()?.into_iter().zip(labels);
    Ok(labelled.map(|(line, id)| SampleLine { id, ..line }).collect())
}
