//! Recounted runs: items whose run counts its steps otherwise in a later release than in an earlier one.
//!
//! In: the sealed texts of a task. Out: for such an item and a version, the first version whose run counts as that one's does.
//! A flag names its step by number, so that flags of two counts are not of one question.

use super::{Example, Instructions, MovedSteps, Run};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};

/// Items whose runs were counted anew.
#[derive(Clone, Debug, Default)]
pub struct RecountedRuns {
    /// By item: the first version that shows it, then each whose run counts otherwise than the one before.
    since: BTreeMap<String, Vec<Version>>,
    /// Those whose run in the working text counts otherwise than in the newest version.
    unsealed: BTreeSet<String>,
}

impl RecountedRuns {
    /// Compares the runs of each item from version to version, oldest first, and with those of the working text.
    pub fn of<'a>(
        sealed: impl Iterator<Item = (&'a Version, &'a Instructions)>,
        working: Option<&'a Instructions>,
    ) -> Self {
        let mut last: BTreeMap<&str, Vec<&Run>> = BTreeMap::new();
        let mut since: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for (version, set) in sealed {
            for example in &set.examples {
                let now: Vec<&Run> = example.runs().collect();
                let before = last.insert(&example.item, now.clone());
                if before.is_none_or(|before| !count_alike(&before, &now)) {
                    since.entry(example.item.clone()).or_default().push(version.clone());
                }
            }
        }
        since.retain(|_, since| since.len() > 1);
        let examples = working.into_iter().flat_map(|set| &set.examples);
        let is_unsealed = |example: &&Example| {
            let now: Vec<&Run> = example.runs().collect();
            last.get(&*example.item).is_some_and(|sealed| !count_alike(sealed, &now))
        };
        let unsealed = examples.filter(is_unsealed).map(|example| example.item.clone()).collect();
        Self { since, unsealed }
    }

    /// Whether flags in the working text's gold of an item name other steps than those of raters, who have the newest version.
    pub fn is_unsealed(&self, item: &str) -> bool {
        self.unsealed.contains(item)
    }

    /// The items.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.since.keys().map(String::as_str)
    }

    /// The first version whose run counts the steps of an item as that of `version` does; none where all count alike.
    pub fn since(&self, item: &str, version: &Version) -> Option<&Version> {
        let since = self.since.get(item)?;
        since.iter().rfind(|since| *since <= version).or(since.first())
    }
}

/// Whether each step of these runs has the same number in those; more may follow.
fn count_alike(before: &[&Run], now: &[&Run]) -> bool {
    let alike = |(old, new): (&&Run, &&Run)| {
        let moved = || MovedSteps::of(&old.trajectory, &new.trajectory);
        let keeps = |moved: MovedSteps<'_>, run: &Run| {
            run.steps.iter().all(|step| moved.now(step.step_id, None).is_ok_and(|now| now.number == step.step_id))
        };
        old.digest == new.digest || keeps(moved(), old)
    };
    before.len() == now.len() && before.iter().zip(now).all(alike)
}
