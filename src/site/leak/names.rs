//! Names: ids and the like, found as words of their own.
//!
//! In: names in normal form. Out: for the words of a file, which names stand there. Letters, digits, `_` and `-` belong
//! to a word: `a-01` stands neither in `extra-01` nor in `a-012`. It never says what a name is the name of.

use crate::text::normal::{SEAM, is_part_of_word, parts_of_words};
use ahash::AHashMap;
use std::collections::BTreeSet;
use std::ops::Range;

/// Names, ready to be found.
pub struct HiddenNames {
    names: Vec<NameToFind>,
    /// Names by their first word.
    by_word: AHashMap<Vec<u8>, Vec<usize>>,
    /// Whether a word of this length may begin a name, a bit each; the last stands for all that are longer.
    lengths: u64,
    /// The fewest bytes of a word that begins a name, or 8 if it is less: shorter words are passed over together.
    shortest: usize,
    /// Whether a word of these ends and this length may: most words need no look-up.
    filter: Vec<u64>,
}

/// A name.
pub struct NameToFind {
    /// Its words in normal form.
    pub words: Vec<u8>,
    /// Words of which one must stand just before, as in `"rater":"7"`; empty if the name can't stand anywhere by chance.
    pub announced: &'static [&'static str],
}

/// How near an announcement must be, in letters.
const NEAR: usize = 14;
/// How much of a text is read once more as if no markup parted its words, before and after markup that does.
const AROUND: usize = 64;
/// Bits of the filter.
const BITS: u32 = 14;

impl HiddenNames {
    /// Takes the names; each is called by its place.
    pub fn new(mut names: Vec<NameToFind>) -> Self {
        let (mut by_word, mut filter) = (AHashMap::<Vec<u8>, Vec<usize>>::new(), vec![0; 1 << (BITS - 6)]);
        let mut lengths = 0u64;
        for (number, name) in names.iter_mut().enumerate() {
            let Some(first) = words(&name.words, 1).next() else { continue };
            name.words.drain(..first.start);
            let first = name.words[..first.len()].to_vec();
            let (word, bit) = place(&first);
            filter[word] |= bit;
            lengths |= 1 << first.len().min(63);
            by_word.entry(first).or_default().push(number);
        }
        let shortest = (lengths.trailing_zeros() as usize).clamp(1, LONGEST_PASSED);
        Self { names, by_word, lengths, shortest, filter }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_word.is_empty()
    }

    /// The names that stand in `text`.
    pub fn find(&self, text: &[u8]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        self.find_in(text, &mut found);
        for at in memchr::memchr_iter(SEAM, text) {
            if text.get(at + 1).is_some_and(|next| is_part_of_word(*next)) {
                let around = &text[start_of_words(text, at)..end_of_words(text, at)];
                let joined: Vec<u8> = around.iter().copied().filter(|byte| *byte != SEAM).collect();
                self.find_in(&joined, &mut found);
            }
        }
        found
    }

    fn find_in(&self, text: &[u8], found: &mut BTreeSet<usize>) {
        for range in words(text, self.shortest).filter(|range| self.lengths & 1 << range.len().min(63) != 0) {
            let (word, bit) = place(&text[range.clone()]);
            if self.filter[word] & bit != 0 {
                let begun = self.by_word.get(&text[range.clone()]).into_iter().flatten();
                found.extend(begun.filter(|number| self.names[**number].stands_at(range.start, text)));
            }
        }
    }
}

impl NameToFind {
    fn stands_at(&self, start: usize, text: &[u8]) -> bool {
        let (mut name, mut rest) = (&*self.words, &text[start..]);
        while let Some((letter, after)) = name.split_first() {
            let spaces = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let same = if letter.is_ascii_whitespace() { spaces } else { usize::from(rest.first() == Some(letter)) };
            if same == 0 {
                return false;
            }
            name = if letter.is_ascii_whitespace() { after.trim_ascii_start() } else { after };
            rest = &rest[same..];
        }
        let near = &text[start.saturating_sub(NEAR)..start];
        let announces = |word: &&str| near.windows(word.len()).any(|part| part == word.as_bytes());
        let ends = !rest.first().is_some_and(|next| is_part_of_word(*next));
        ends && (self.announced.is_empty() || self.announced.iter().any(announces))
    }
}

/// The words of a text that have so many bytes at least.
fn words(text: &[u8], shortest: usize) -> impl Iterator<Item = Range<usize>> {
    let mut starts =
        WordStarts { text, shortest, block: 0, parts: parts_at(text, 0), starts: 0, ahead: 0, inside: false };
    starts.load();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        Some(start..starts.end_of(start))
    })
}

/// Words of fewer bytes than these are passed over together, if no name begins with such.
const LONGEST_PASSED: usize = 8;

/// Where words begin, found for 64 bytes in one go.
struct WordStarts<'t> {
    text: &'t [u8],
    /// The fewest bytes of a word.
    shortest: usize,
    /// The first of the 64 bytes that are looked at.
    block: usize,
    /// Which of them are parts of words: a bit each, and those of the 64 bytes behind them.
    parts: u64,
    ahead: u64,
    /// Which of them begin a word, and were not given out.
    starts: u64,
    /// Whether the byte before them is in a word.
    inside: bool,
}

impl WordStarts<'_> {
    /// Finds the words that begin in the block.
    fn load(&mut self) {
        self.ahead = parts_at(self.text, self.block + 64);
        let parts = u128::from(self.parts) | u128::from(self.ahead) << 64;
        let long = (1..self.shortest).fold(parts, |long, byte| long & parts >> byte);
        self.starts = long as u64 & !(self.parts << 1 | u64::from(self.inside));
        self.inside = self.parts >> 63 == 1;
    }

    fn next(&mut self) -> Option<usize> {
        while self.starts == 0 {
            self.block += 64;
            if self.block >= self.text.len() {
                return None;
            }
            self.parts = self.ahead;
            self.load();
        }
        let start = self.starts.trailing_zeros() as usize;
        self.starts &= self.starts - 1;
        Some(self.block + start)
    }

    /// Where the word ends that begins at a place of the block.
    fn end_of(&self, start: usize) -> usize {
        let at = start - self.block;
        let parts = u128::from(self.parts) | u128::from(self.ahead) << 64;
        let length = (parts >> at).trailing_ones() as usize;
        if at + length < 128 {
            return start + length;
        }
        let rest = &self.text[self.text.len().min(start + length)..];
        start + length + rest.iter().take_while(|byte| is_part_of_word(**byte)).count()
    }
}

/// Which of 64 bytes from a place on are parts of words, a bit each.
fn parts_at(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(bytes) = rest.first_chunk() {
        return parts_of_words(bytes);
    }
    let mut bytes = [b' '; 64];
    bytes[..rest.len()].copy_from_slice(rest);
    parts_of_words(&bytes)
}

/// Where whole words begin before a place, not far from it.
fn start_of_words(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(AROUND);
    let parts = |byte: &u8| !is_part_of_word(*byte) && *byte != SEAM;
    if from == 0 { 0 } else { text[from..at].iter().position(parts).map_or(at, |first| from + first) }
}

/// Where whole words end behind a place, not far from it.
fn end_of_words(text: &[u8], at: usize) -> usize {
    let to = text.len().min(at + AROUND);
    let parts = |byte: &u8| !is_part_of_word(*byte) && *byte != SEAM;
    if to == text.len() { to } else { text[at..to].iter().rposition(parts).map_or(at, |last| at + last) }
}

fn place(word: &[u8]) -> (usize, u64) {
    let end = |byte: Option<&u8>| byte.map_or(0, |byte| u64::from(*byte));
    let shape = end(word.first()) | end(word.last()) << 8 | (word.len() as u64) << 16;
    let first = (shape.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize;
    (first >> 6, 1 << (first & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normal::NormalText;
    use proptest::prelude::*;

    fn found(name: &str, announced: &'static [&'static str], text: &str) -> bool {
        let name = NameToFind { words: NormalText::of(name).words, announced };
        !HiddenNames::new(vec![name]).find(&NormalText::of(text).words).is_empty()
    }

    #[test]
    fn names_are_whole_words() {
        for text in ["by a-01.", "A-01", "“a\u{2011}01”", "(a-0\u{200b}1)", "x/a-01/"] {
            assert!(found("a-01", &[], text), "{text}");
        }
        for text in ["extra-01", "a-012", "a_01", "a-01-b", "éa-01", "a 01"] {
            assert!(!found("a-01", &[], text), "{text}");
        }
        assert!(found("Anna.Kowalska", &[], "of anna.kowalska, who"));
        assert!(found("Anna Kowalska", &[], "of Anna\n Kowalska"));
        assert!(!found("Anna Kowalska", &[], "AnnaKowalska"));
        let parted = |text: &str| {
            let mut normal = NormalText::default();
            for part in text.split('|') {
                normal.push(part);
                normal.seam(true);
            }
            let name = NameToFind { words: NormalText::of("a-01").words, announced: &[] };
            !HiddenNames::new(vec![name]).find(&normal.words).is_empty()
        };
        let far = "x".repeat(AROUND - 3);
        assert!(parted("by a-|01.") && parted(&format!("{far}{far} a|-0|1 {far}{far}")));
        // It may be read as two words.
        assert!(parted("extr|a-01"));
        assert!(!parted(&format!("{far}a-01|x")) && !parted(&format!("a|-01{far}")));
    }

    proptest! {
        #[test]
        fn words_are_what_stands_between_other_bytes(
            text in "([a-z0-9é_-]{1,90}[ .\x01]{0,3}|([a-z]{1,9} ){0,20}){0,4}", shortest in 1..=LONGEST_PASSED,
        ) {
            let parts = text.as_bytes().split(|byte| !is_part_of_word(*byte)).filter(|part| part.len() >= shortest);
            let found: Vec<&[u8]> = words(text.as_bytes(), shortest).map(|word| &text.as_bytes()[word]).collect();
            prop_assert_eq!(found, parts.collect::<Vec<_>>());
        }
    }

    #[test]
    fn short_names_need_an_announcement() {
        assert!(found("7", &["rater"], "{\"rater\":\"7\"}"));
        assert!(!found("7", &["rater"], "7 steps"));
        assert!(!found("7", &["rater"], "the rater said that step 7"));
    }
}
