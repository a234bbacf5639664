//! Taken rows: what one block of rows says, before it is put behind what earlier blocks said.
//!
//! In: nothing. Out: the types between the threads that read rows and the intake that puts them in order. Names are
//! numbers that all threads share; versions and flags are numbers of the block.

use super::answer::GivenFlag;
use super::entry::{FlagAttribute, RatingBasis, Said, Status};
use super::notes::RespelledValue;
use super::rejected::RejectedRow;
use super::time::Submitted;
use crate::model::Outcome;
use semver::Version;
use std::collections::BTreeMap;

/// What one block says.
#[derive(Default)]
pub struct BlockFindings {
    /// Rows that say something, or try to.
    pub rows: u64,
    /// Rows that are used, in order.
    pub taken: Vec<Taken>,
    /// Versions that they name.
    pub versions: Vec<Version>,
    /// Flags, as `Said::Flag` numbers them.
    pub flags: Vec<GivenFlag>,
    /// Attributes of flags, as `Said::Attribute` numbers them.
    pub attributes: Vec<FlagAttribute>,
    /// Comments, each with the place of its row among those that are used, in order.
    pub comments: Vec<(usize, String)>,
    /// Rows that can't be used, in order.
    pub rejected: Vec<RejectedRow>,
    /// Values that are not written as the scale has them, with how many rows have each.
    pub respelled: BTreeMap<RespelledValue, u64>,
    /// Raters of several cohorts, with the cohorts: how many rows, and the first line.
    pub twofold: BTreeMap<(String, Vec<u16>), (u64, u64)>,
}

/// One row that is used.
pub struct Taken {
    /// Line, from 1.
    pub line: u64,
    /// Its number among the rows of the block, from 1.
    pub row: u32,
    /// The task's place in the Model.
    pub task: u16,
    /// The item.
    pub item: u32,
    /// The rater.
    pub rater: u32,
    /// The submission that it names.
    pub submission: Option<u32>,
    /// The cohort it counts for.
    pub cohort: Option<u16>,
    /// The version, among those of the block.
    pub version: Option<u16>,
    /// Whether the version was inferred from the day.
    pub version_assumed: bool,
    /// Whether it names its task by an id that that had before.
    pub task_renamed: bool,
    /// When it was submitted.
    pub submitted: Option<Submitted>,
    /// Which time the rater was asked, from 1.
    pub pass: u8,
    /// How independent it is.
    pub basis: RatingBasis,
    /// Whether it is paid.
    pub status: Option<Status>,
    /// How long the submission took.
    pub seconds: Seconds,
    /// What it says.
    pub statement: Statement,
}

/// The time that a row says its submission took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seconds {
    /// It says nothing.
    Unsaid,
    /// So many.
    Took(f32),
    /// What it says is no number.
    Unread,
}

/// What a row says of which criteria, by their numbers.
#[derive(Debug)]
pub enum Statement {
    /// The submission is taken back.
    Withdrawn,
    /// A word on one criterion.
    One(u16, Said),
    /// One outcome for these criteria.
    Whole(Vec<u16>, Outcome),
    /// What the criterion does not allow: the row is also among the rejected ones.
    Invalid(u16),
}
