//! What Goldbook writes into ATIF's maps for additions (`extra`).
//!
//! In: nothing. Out: the names, one for each thing that a log may say and that ATIF has no field for. It never names
//! what holds gold.

/// Of a step or a result: the source log's own id, a message id or uuid.
pub const NATIVE_ID: &str = "native_id";

/// Of a step: the name of who speaks, where the log tells speakers of one role apart.
pub const SPEAKER: &str = "speaker";

/// Of a step that is a tool's answer to no call of the log: the ids that it came with.
pub const STRAY_RESULT: &str = "stray_result";

/// Of a step: `true` for a summary that stands for what came before, which nobody said.
pub const SUMMARY: &str = "summary";

/// Of a step: `true` for what an operator typed while the agent ran.
pub const OPERATOR: &str = "operator";

/// Of a step: `true` where the model refused.
pub const REFUSAL: &str = "refusal";

/// Of a step: `true` for an answer that stands in the events of the log alone: the run ended before it was taken up.
pub const CUT_OFF: &str = "cut_off";

/// Of a call: why its arguments could not be read.
pub const PARSE_ERROR: &str = "parse_error";

/// The only argument of a call whose arguments are no JSON object: their text.
pub const RAW_ARGUMENTS: &str = "_raw";

/// Of a run: how it ended where it did not just finish, `error`, `limit: KIND` or `stopped: WHY`.
pub const ENDED: &str = "ended";

/// Of a run: why its owner withdrew it.
pub const INVALIDATED: &str = "invalidated";

/// Of a run: what was not taken over from its log, by kind, with how many there were.
pub const LEFT_OUT: &str = "left_out";

/// Of a run: what was taken over otherwise than it was written, by kind, with how many there were.
pub const MENDED: &str = "mended";

/// Of a run: what could not be placed, by kind, with how many there were.
pub const UNPLACED: &str = "unplaced";

/// Of a run: the format of the log that it was read from.
pub const SOURCE_FORMAT: &str = "source_format";

/// Of a run that another holds: that it is a branch which was given up. An object: `after`, the step of that run after which
/// it left it (0: before the first), and where it left another such branch, `of`, that one's `trajectory_id`.
pub const BRANCH: &str = "branch";
