//! Ranges of a text that something stands in already.
//!
//! In: ranges, one by one. Out: whether each is apart from all before it. It keeps those that are, and no others.

use std::collections::BTreeMap;
use std::ops::Range;

/// Ranges that are apart.
#[derive(Default)]
pub struct TakenRanges(BTreeMap<usize, usize>);

impl TakenRanges {
    /// Takes a range if nothing stands in it yet.
    pub fn take(&mut self, range: &Range<usize>) -> bool {
        let before = self.0.range(..range.end).next_back();
        let is_apart = before.is_none_or(|(_, end)| *end <= range.start);
        if is_apart {
            self.0.insert(range.start, range.end);
        }
        is_apart
    }
}
