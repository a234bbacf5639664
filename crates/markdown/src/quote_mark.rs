//! The mark of a quote: the word in `[!WORD]` that it begins with.
//!
//! In: a text and the range of a quote. Out: where its first words begin, and the word. It never asks what the word means.

use std::ops::Range;

/// Where a quote's first words begin, if they are near: deep nesting must not be walked again at every level.
pub fn mark_place(text: &str, range: &Range<usize>) -> Option<usize> {
    let opening = |byte: &u8| matches!(byte, b'>' | b' ' | b'\t' | b'\r' | b'\n');
    let skipped = text.as_bytes()[range.clone()].iter().take(LONGEST_MARK).take_while(|byte| opening(byte)).count();
    (skipped < LONGEST_MARK && range.start + skipped < range.end).then_some(range.start + skipped)
}

/// The name in `[!NAME]` at the start of `text`, in lower case.
pub fn mark(text: &str) -> Option<String> {
    let rest = text.strip_prefix("[!")?;
    let end = rest.bytes().take(LONGEST_MARK).position(|byte| byte == b']')?;
    let word = rest.get(..end).filter(|word| !word.is_empty() && !word.contains(['\n', '[']))?;
    Some(word.to_lowercase())
}

/// Longest mark that could be meant as an audience's name.
const LONGEST_MARK: usize = 60;
