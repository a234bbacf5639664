//! Issued tests: which of a task's test items a candidate was given.
//!
//! In: the test items and a seed, or the bytes of a record. Out: the items that are drawn, or the record. The same seed draws
//! the same of the same items on every machine. A record says what was handed over, not who answered it.

use crate::diagnostic::Fault;
use crate::quality::random::Random;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a record is called that this program writes.
const FORMAT: u32 = 1;

/// What one candidate was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuedTest {
    /// The form of the record.
    format: u32,
    /// The task.
    pub task: String,
    /// The candidate, as answers name them.
    pub candidate: String,
    /// The seed that the items were drawn with.
    pub seed: u64,
    /// The items in the order in which they were drawn.
    pub items: Vec<String>,
    /// The sealed version whose text they were given with.
    pub version: String,
    /// The receipt of that text.
    pub receipt: String,
}

impl IssuedTest {
    /// A record of items that were drawn; `receipt` is of the text of `version`.
    pub fn new(task: &str, candidate: &str, seed: u64, items: Vec<String>, [version, receipt]: [String; 2]) -> Self {
        Self { format: FORMAT, task: task.to_owned(), candidate: candidate.to_owned(), seed, items, version, receipt }
    }

    /// Reads a record.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let wrong = |why: String| {
            Fault::whole(format!("this is no record of an issued test: {why}"))
                .help("`goldbook test issue` writes one beside the folder that is handed over")
        };
        let read: Self = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if read.format != FORMAT {
            return Err(wrong(format!("its form is {}, and this program knows {FORMAT}", read.format)));
        }
        Ok(read)
    }

    /// The record as it is written.
    pub fn written(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// So many of these items, each of which is equally likely at every place; all of them if there are no more.
pub fn draw(items: &BTreeSet<&str>, count: usize, seed: u64) -> Vec<String> {
    let mut left: Vec<&str> = items.iter().copied().collect();
    let mut random = Random::stream(seed, 0);
    let mut drawn = Vec::with_capacity(count.min(left.len()));
    while drawn.len() < count && !left.is_empty() {
        drawn.push(left.remove(random.below(left.len() as u64) as usize).to_owned());
    }
    drawn
}

/// Records by candidate.
pub type IssuedTests = BTreeMap<String, IssuedTest>;

/// Puts records of a task's tests in order; a record of another task, and a second one of a candidate, are faults.
pub fn by_candidate(records: Vec<IssuedTest>, task: &str) -> Result<IssuedTests, Fault> {
    let mut tests = IssuedTests::new();
    for record in records {
        if record.task != task {
            return Err(Fault::whole(format!(
                "the test of `{}` is of `{}`, not of `{task}`",
                record.candidate, record.task
            )));
        }
        if let Some(second) = tests.insert(record.candidate.clone(), record) {
            return Err(Fault::whole(format!("there are two records of tests issued to `{}`", second.candidate))
                .help("grade each test with its own answers"));
        }
    }
    Ok(tests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_items_for_good() {
        let items = BTreeSet::from(["a", "b", "c", "d", "e", "f"]);
        assert_eq!(draw(&items, 3, 7), draw(&items, 6, 7)[..3]);
        assert_ne!(draw(&items, 6, 7), draw(&items, 6, 8));
        assert_eq!(draw(&items, 9, 1).iter().map(String::as_str).collect::<BTreeSet<_>>(), items);
        // What was issued once must be drawn again by any later version.
        assert_eq!(draw(&items, 6, 1).concat(), "cbfead");
    }

    #[test]
    fn each_item_is_as_likely_as_any_other() {
        let items = BTreeSet::from(["a", "b", "c", "d", "e"]);
        let mut seen = BTreeMap::<String, u32>::new();
        (0..10_000).flat_map(|seed| draw(&items, 2, seed)).for_each(|item| *seen.entry(item).or_default() += 1);
        // 4,000 each, with a standard deviation of 49.
        assert!(seen.values().all(|count| count.abs_diff(4_000) < 200), "{seen:?}");
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_nothing_else_is_one() {
        let text = ["1.0.0".to_owned(), "1.0.0+abc".to_owned()];
        let record = IssuedTest::new("t", "ann", 7, vec!["run-1".to_owned()], text);
        assert_eq!(IssuedTest::read(record.written().as_bytes()).unwrap(), record);
        for wrong in ["", "{}", "task,item\n", &record.written().replace("\"format\": 1", "\"format\": 2")] {
            assert!(IssuedTest::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(by_candidate(vec![record.clone(), record.clone()], "t").is_err());
        assert!(by_candidate(vec![record], "u").is_err());
    }
}
