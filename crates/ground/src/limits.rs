//! The limits: how much of anything is read, so that no input can exhaust a machine or its reader.
//!
//! In: nothing, or what is to be read to a limit. Out: constants, and what was read. All are far beyond what anybody writes by hand; what exceeds one is a finding that
//! names it. (Readers of logs and tables have limits of their own, beside the formats they belong to.)

use std::io::{self, Read};

/// Bytes of one Markdown or YAML file.
pub const LARGEST_DOCUMENT: u64 = 2 << 20;
/// Bytes of any other file of a site that is held in memory: a run, an image, a table of gold.
pub const LARGEST_FILE: u64 = 256 << 20;
/// Lists, quotes and HTML elements inside each other in a text.
pub const DEEPEST_TEXT: usize = 100;
/// Lists and mappings inside each other in YAML.
pub const DEEPEST_YAML: usize = 32;
/// Values of one YAML document.
pub const MOST_YAML_VALUES: usize = 200_000;
/// Includes of one text, those of included files counted: files that include each other twice double each time.
pub const MOST_INCLUDES: usize = 500;
/// Bytes of a text with all its includes put in.
pub const LARGEST_TEXT: usize = 8 << 20;
/// Steps that the trajectory blocks of one text show.
pub const MOST_STEPS_SHOWN: usize = 20_000;
/// Criteria of a rubric.
pub const MOST_CRITERIA: usize = 500;
/// Values of one scale.
pub const MOST_CHOICES: usize = 1_000;
/// Findings of one rule in one file that are printed for people; the others are counted.
pub const MOST_FINDINGS_SHOWN: usize = 50;
/// Letters of one message that are printed for people.
pub const LONGEST_MESSAGE: usize = 1_000;
/// Letters of a word for which a better spelling is looked for, and how many known words it is compared with.
pub const LONGEST_GUESSED: usize = 100;
/// See [`LONGEST_GUESSED`].
pub const MOST_COMPARED: usize = 2_000;

/// Bytes to which a packed table may expand, unless a site says otherwise.
pub const LARGEST_UNPACKED: u64 = 8 << 30;

/// All bytes of a source; none if there are more than `most`.
pub fn at_most(source: impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most))
}

/// A size in bytes as people write it: all limits are whole MiB.
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
