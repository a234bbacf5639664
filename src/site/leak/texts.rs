//! Texts: hidden texts, of which every run of 40 letters and every whole sentence is found.
//!
//! In: texts in normal form. Out: for the letters of a file, which part of which text stands there. A run of 40 letters
//! holds a block of 24 that begins at a multiple of 17, and a sentence of 12 one of eight at a multiple of five: so the
//! file is looked at in these places only, and letter by letter where a block is found. It never sees how a text is
//! written.

use super::blocks::{LetterBlock, LetterBlocks};
use crate::text::normal::NormalText;
use ahash::AHashSet;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// Fewest letters in a row that are found: at 16 a quarter of the reasons of the sample programme share as many with what
/// everybody may read, at 40 none.
pub const RUN: usize = 40;
/// Fewest letters of a sentence that is found whole: shorter ones stand in innocent text too.
pub const SENTENCE: usize = 12;

/// Fewest letters of a sentence that is found inside another one too: what is shorter, many a sentence ends with.
const LONG_SENTENCE: usize = 20;

/// Letters of a block of a run, and how many lie between two places that are looked at.
const OF_RUN: usize = 24;
const EVERY_RUN: usize = 17;
/// The same of a sentence.
const OF_SENTENCE: usize = 8;
const EVERY_SENTENCE: usize = 5;
/// Most letters that are compared after a block: what goes on longer is found again at the next one.
const FARTHEST: usize = 256;

const _: () = assert!(RUN >= OF_RUN + EVERY_RUN - 1 && SENTENCE >= OF_SENTENCE + EVERY_SENTENCE - 1);

/// Hidden texts, ready to be found.
pub struct HiddenTexts {
    /// The letters of each.
    texts: Vec<Vec<u8>>,
    /// The texts that are found whole.
    sentences: Vec<Sentence>,
    of_runs: LetterBlocks<OF_RUN>,
    /// Their texts are sentences.
    of_sentences: LetterBlocks<OF_SENTENCE>,
}

/// A text as it is to be hidden.
pub struct TextToHide {
    /// Its letters.
    pub letters: Vec<u8>,
    /// The parts that are found whole, as ranges of the letters.
    pub sentences: Vec<Range<usize>>,
    /// Whether those that are short are found only where they are sentences, and not inside others.
    pub alone: bool,
    /// Whether runs of it are found.
    pub in_runs: bool,
}

/// A part of a text that is found whole.
struct Sentence {
    text: u32,
    range: Range<usize>,
    alone: bool,
}

/// The letters of a text of each number that were found somewhere.
pub type FoundLetters = BTreeMap<u32, Letters>;

impl HiddenTexts {
    /// Takes the texts; each is named by its place.
    pub fn new(hidden: Vec<TextToHide>) -> Self {
        let mut of_runs = Vec::new();
        let mut sentences = Vec::new();
        for (number, text) in (0u32..).zip(&hidden) {
            if text.in_runs {
                of_runs.extend(run_blocks(number, &text.letters));
            }
            let long = text.sentences.iter().filter(|sentence| sentence.len() >= SENTENCE);
            let alone = |sentence: &Range<usize>| text.alone && sentence.len() < LONG_SENTENCE;
            let named = |range: &Range<usize>| Sentence { text: number, range: range.clone(), alone: alone(range) };
            sentences.extend(long.map(named));
        }
        let letters = |block: &LetterBlock| &hidden[block.text as usize].letters[block.at as usize..];
        let of_runs = LetterBlocks::new(of_runs.iter().map(|block| (letters(block), *block)));
        let starts = (0u32..).zip(&sentences).flat_map(|(number, sentence)| {
            let letters = &hidden[sentence.text as usize].letters[sentence.range.clone()];
            (0..EVERY_SENTENCE).map(move |at| (&letters[at..], LetterBlock { text: number, at: at as u32 }))
        });
        let of_sentences = LetterBlocks::new(starts);
        let texts = hidden.into_iter().map(|text| text.letters).collect();
        Self { texts, sentences, of_runs, of_sentences }
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.of_runs.is_empty() && self.of_sentences.is_empty()
    }

    /// Whether a text is long enough to be found.
    pub fn can_be_found(&self, text: usize) -> bool {
        self.texts[text].len() >= SENTENCE
    }

    /// What stands in a text.
    pub fn find(&self, text: &NormalText) -> FoundLetters {
        let letters = &*text.letters();
        let edges = OnceCell::new();
        let edges = || edges.get_or_init(|| text.edges());
        let mut found = FoundLetters::new();
        let mut seen = FoundRuns::default();
        for (at, part) in letters.windows(OF_SENTENCE).enumerate().step_by(EVERY_SENTENCE) {
            for block in self.of_sentences.at(part) {
                self.sentence(block, at, letters, &edges, &mut found);
            }
        }
        for (at, part) in letters.windows(OF_RUN).enumerate().step_by(EVERY_RUN) {
            for block in self.of_runs.at(part) {
                self.run(block, at, letters, &mut seen, &mut found);
            }
        }
        found
    }

    fn sentence<'e>(
        &self,
        block: LetterBlock,
        at: usize,
        letters: &[u8],
        edges: &impl Fn() -> &'e Vec<bool>,
        found: &mut FoundLetters,
    ) {
        let Sentence { text, range, alone } = &self.sentences[block.text as usize];
        let Some(start) = at.checked_sub(block.at as usize) else { return };
        let stands = letters[start..].starts_with(&self.texts[*text as usize][range.clone()]);
        if stands && (!alone || edges()[start] && edges()[start + range.len()]) {
            found.entry(*text).or_default().add(range.clone());
        }
    }

    fn run(&self, block: LetterBlock, at: usize, letters: &[u8], seen: &mut FoundRuns, found: &mut FoundLetters) {
        let (text, from) = (&self.texts[block.text as usize], block.at as usize);
        if seen.has(block, at) {
            return;
        }
        let after = same_letters(&text[from..(from + FARTHEST).min(text.len())], &letters[at..]);
        let before = text[..from].iter().rev().zip(letters[..at].iter().rev()).take(RUN);
        let before = before.take_while(|(a, b)| a == b).count();
        if before + after >= RUN {
            seen.add(block, at, at + after);
            found.entry(block.text).or_default().add(from - before..from + after);
        }
    }
}

/// How many letters two texts begin with that are the same, compared many at once.
fn same_letters(one: &[u8], other: &[u8]) -> usize {
    const MANY: usize = 64;
    let chunks = one.chunks_exact(MANY).zip(other.chunks_exact(MANY));
    let same = MANY * chunks.take_while(|(one, other)| one == other).count();
    same + one[same..].iter().zip(&other[same..]).take_while(|(one, other)| one == other).count()
}

/// The blocks of a text from which every run of it is found. Of two whose neighbourhood is the same, one will do.
fn run_blocks(number: u32, letters: &[u8]) -> Vec<LetterBlock> {
    let around = RUN - OF_RUN;
    let mut known = AHashSet::new();
    let starts = 0..(letters.len() + 1).saturating_sub(OF_RUN);
    let is_new = |at: &usize| {
        let from = at.saturating_sub(around);
        known.insert((at - from, &letters[from..letters.len().min(at + RUN)]))
    };
    let blocks = starts.filter(is_new).map(|at| LetterBlock { text: number, at: at as u32 });
    blocks.collect()
}

/// Runs that were found: a block inside one says nothing new.
#[derive(Default)]
struct FoundRuns {
    /// Where the run ends, by the text and by how far the text and the letters are apart.
    ends: BTreeMap<(u32, isize), usize>,
}

impl FoundRuns {
    fn key(block: LetterBlock, at: usize) -> (u32, isize) {
        (block.text, at as isize - block.at as isize)
    }

    fn has(&self, block: LetterBlock, at: usize) -> bool {
        self.ends.get(&Self::key(block, at)).is_some_and(|end| at + OF_RUN <= *end)
    }

    fn add(&mut self, block: LetterBlock, at: usize, end: usize) {
        self.ends.insert(Self::key(block, at), end);
    }
}

/// Letters of a text, as ranges in order and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    ranges: BTreeMap<usize, usize>,
}

impl Letters {
    /// Adds a range.
    pub fn add(&mut self, range: Range<usize>) {
        let (mut start, mut end) = (range.start, range.end);
        while let Some((from, to)) = self.ranges.range(..=end).next_back().map(|(from, to)| (*from, *to)) {
            if to < start {
                break;
            }
            self.ranges.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        self.ranges.insert(start, end);
    }

    /// Adds all of another.
    pub fn join(&mut self, other: &Self) {
        other.ranges.iter().for_each(|(start, end)| self.add(*start..*end));
    }

    /// How many of these letters `other` does not have.
    pub fn beyond(&self, other: &Self) -> usize {
        let of_other = |start: usize, end: usize| {
            let near = other.ranges.range(..end).rev().take_while(|(_, to)| **to > start);
            near.map(|(from, to)| end.min(*to) - start.max(*from)).sum::<usize>()
        };
        self.ranges.iter().map(|(start, end)| end - start - of_other(*start, *end)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hidden(letters: &str, sentences: &[Range<usize>]) -> HiddenTexts {
        let text = TextToHide { letters: letters.into(), sentences: sentences.to_vec(), alone: true, in_runs: true };
        HiddenTexts::new(vec![text])
    }

    fn letters(ranges: impl IntoIterator<Item = Range<usize>>) -> Letters {
        let mut letters = Letters::default();
        ranges.into_iter().for_each(|range| letters.add(range));
        letters
    }

    #[test]
    fn letters_are_joined_and_counted() {
        let letters = |ranges: &[(usize, usize)]| letters(ranges.iter().map(|(start, end)| *start..*end));
        assert_eq!(letters(&[(0, 10), (5, 20), (30, 40), (20, 22)]), letters(&[(30, 40), (0, 22)]));
        assert_eq!(letters(&[(0, 10), (20, 30)]).beyond(&letters(&[(5, 25)])), 10);
        assert_eq!(letters(&[(0, 10)]).beyond(&Letters::default()), 10);
        assert_eq!(letters(&[(5, 10)]).beyond(&letters(&[(0, 20)])), 0);
    }

    #[test]
    fn a_letter_many_times_over_is_found_in_no_time() {
        let many = "a".repeat(50_000);
        assert!(!hidden(&many, &[]).find(&NormalText::of(&many)).is_empty());
    }

    proptest! {
        /// Every run of 40 letters is found, and none of 39, wherever both begin.
        #[test]
        fn runs_of_forty_letters_are_found(
            text in "[a-z]{80,160}", from in 0usize..20, before in "[0-9]{0,40}", after in "[0-9]{0,40}", more in 0usize..20,
        ) {
            let texts = hidden(&text, &[]);
            let found = |length: usize| texts.find(&NormalText::of(&format!("{before}{}{after}", &text[from..from + length])));
            prop_assert!(found(RUN + more).contains_key(&0));
            prop_assert!(found(RUN - 1).is_empty());
        }

        #[test]
        fn sentences_are_found_whole(
            text in "[a-z]{40,60}", from in 0usize..10, length in SENTENCE..28, before in "[0-9]{0,40}", after in "[0-9]{0,40}",
        ) {
            let range = from..from + length;
            let texts = hidden(&text, std::slice::from_ref(&range));
            let found = |part: &str| texts.find(&NormalText::of(&format!("{before}. {part}\n{after}")));
            prop_assert_eq!(found(&text[range.clone()]), FoundLetters::from([(0, letters([range]))]));
            prop_assert!(found(&text[from..from + length - 1]).is_empty());
            let inside = format!("And {}", &text[from..from + length]);
            prop_assert_eq!(found(&inside).is_empty(), length < LONG_SENTENCE);
        }
    }
}
