//! Normal forms: text as it is compared where nothing of how it is written may matter.
//!
//! In: text, piece by piece. Out: its words (small letters of NFKD without accents, format characters gone, hyphens and
//! spaces all alike) and its letters (the letters and digits of that alone, a byte each). It never says what is alike.

use super::signs::{bits, each_byte};
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// A text in normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NormalText {
    /// Its words, as UTF-8 in which all that is not ASCII is part of one.
    pub words: Vec<u8>,
}

/// Stands in words where markup parts them inside a line: `a<b>b</b>` may be read as one word or as two.
pub const SEAM: u8 = 1;

/// Stands in words and letters between texts that do not follow each other.
const GAP: u8 = 2;

impl NormalText {
    /// The normal forms of a text.
    pub fn of(text: &str) -> Self {
        let mut normal = Self::default();
        normal.push(text);
        normal
    }

    /// Makes room for a text of so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { words: Vec::with_capacity(bytes) }
    }

    /// Adds text that goes on where the last piece ended.
    pub fn push(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let ascii = self.push_ascii(rest.as_bytes());
            let mut others = rest[ascii..].chars();
            let Some(c) = others.next() else { return };
            self.push_char(c);
            rest = others.as_str();
        }
    }

    /// Adds the first bytes of what is in normal form already, such as `small` makes it: many in one go, and what is too
    /// much is taken off.
    #[inline]
    pub fn push_small_ascii(&mut self, small: &[u8], length: usize) {
        let end = self.words.len() + length;
        let mut rest = small;
        while self.words.len() < end {
            match rest.split_first_chunk::<32>() {
                Some((many, others)) => {
                    self.words.extend_from_slice(many);
                    rest = others;
                }
                None => {
                    self.words.extend_from_slice(rest);
                    break;
                }
            }
        }
        self.words.truncate(end);
    }

    /// Adds what stands before the first byte that is not ASCII; returns how long that is.
    #[inline]
    fn push_ascii(&mut self, text: &[u8]) -> usize {
        let mut at = 0;
        loop {
            let (eight, length) = eight_from(&text[at..]);
            let count = length.min((eight & EACH_HIGH).trailing_zeros() as usize / 8);
            self.push_some(eight, count);
            at += count;
            if count < 8 {
                return at;
            }
        }
    }

    /// Adds the first bytes of eight, all of them ASCII.
    #[inline]
    fn push_some(&mut self, eight: u64, count: usize) {
        if count == 0 {
            return;
        }
        let words = self.words.len();
        self.words.extend_from_slice(&small(eight & u64::MAX >> (64 - 8 * count)).to_le_bytes());
        self.words.truncate(words + count);
    }

    /// Adds one character.
    pub fn push_char(&mut self, c: char) {
        if c.is_ascii() {
            return self.push_some(u64::from(u32::from(c)), 1);
        }
        if is_format(c) {
            return;
        }
        decompose_compatible(c, |part| {
            if canonical_combining_class(part) == 0 {
                part.to_lowercase().for_each(|small| self.push_small(small));
            }
        });
    }

    /// Parts what comes from what was: neither words nor letters run on.
    pub fn part(&mut self) {
        self.words.push(GAP);
    }

    /// Adds another text, apart from what was.
    pub fn append(&mut self, other: &Self) {
        self.part();
        self.words.extend_from_slice(&other.words);
    }

    /// Notes that markup stands here, which may stand inside a word, or ends a sentence.
    pub fn seam(&mut self, joins: bool) {
        if !joins {
            self.words.push(b'\n');
        } else if self.words.last().is_some_and(|last| is_part_of_word(*last)) {
            self.words.push(SEAM);
        }
    }

    /// Its letters and digits, a byte each: itself in ASCII, else a byte from 128 on that tells those of one script apart.
    pub fn letters(&self) -> Vec<u8> {
        let (eights, rest) = self.words.as_chunks::<8>();
        let mut letters = vec![0; self.words.len() + 8];
        let mut found = 0;
        for eight in eights {
            found += if eight.is_ascii() {
                ascii_letters(eight, &mut letters[found..])
            } else {
                any_letters(eight, &mut letters, found)
            };
        }
        found += any_letters(rest, &mut letters, found);
        letters.truncate(found);
        letters
    }

    /// For each letter whether a sentence may begin there; and whether one may end after the last.
    pub fn edges(&self) -> Vec<bool> {
        let mut edges = Vec::with_capacity(self.words.len() + 1);
        let mut is_edge = true;
        for byte in &self.words {
            if *byte == GAP {
                edges.push(true);
                is_edge = true;
            } else if *byte >= 192 || IS_LETTER[usize::from(*byte)] {
                edges.push(is_edge);
                is_edge = false;
            } else if *byte < 128 && !INSIDE.contains(byte) {
                is_edge = true;
            }
        }
        edges.push(true);
        edges
    }

    fn push_small(&mut self, c: char) {
        match c {
            c if canonical_combining_class(c) != 0 || is_format(c) => {}
            '\u{2010}'..='\u{2012}' | '\u{2212}' => self.words.push(b'-'),
            c if c.is_ascii() => self.push_some(u64::from(u32::from(c)), 1),
            c if c.is_alphanumeric() => {
                self.words.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            c => self.words.push(if c.is_whitespace() { b' ' } else { b'"' }),
        }
    }
}

/// Puts the letters of eight bytes of words at the start of some room; returns how many there are.
#[inline]
fn ascii_letters(eight: &[u8; 8], room: &mut [u8]) -> usize {
    let room = room.first_chunk_mut::<8>().expect("there is room for eight more than there are bytes");
    let mut found = 0;
    // Every byte is written, and counts only if it is a letter: so there is nothing to be guessed wrong.
    for byte in eight {
        room[found & 7] = *byte;
        found += usize::from(COUNTS[usize::from(*byte)]);
    }
    found
}

/// Puts the letters of words behind `found` others; returns how many there are.
#[cold]
fn any_letters(words: &[u8], letters: &mut [u8], found: usize) -> usize {
    let mut end = found;
    for byte in words {
        match byte {
            128..192 => letters[end - 1] = 128 | letters[end - 1] << 6 | byte & 63,
            192.. => {
                letters[end] = *byte;
                end += 1;
            }
            byte if COUNTS[usize::from(*byte)] => {
                letters[end] = *byte;
                end += 1;
            }
            _ => {}
        }
    }
    end - found
}

/// What may stand between two words of a sentence.
const INSIDE: [u8; 9] = *b" ,-'_*`~\x01";

/// Whether a byte of `words` is part of a word: of letters, digits, `_` and `-`.
#[inline]
pub fn is_part_of_word(byte: u8) -> bool {
    IS_PART[usize::from(byte)]
}

/// Which of 64 bytes are parts of words, a bit each.
#[inline]
pub fn parts_of_words(bytes: &[u8; 64]) -> u64 {
    // Not by the table, so that many bytes are compared at once.
    bits(&each_byte(bytes, |byte| u8::from(is_part(byte))))
}

const fn is_part(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    is_letter | (byte.wrapping_sub(b'0') < 10) | (byte >= 128) | (byte == b'_') | (byte == b'-')
}

const IS_PART: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_part(byte as u8);
        byte += 1;
    }
    table
};

/// Which bytes are letters or digits of ASCII.
const IS_LETTER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Which bytes of ASCII stand in letters.
const COUNTS: [bool; 256] = {
    let mut table = IS_LETTER;
    table[GAP as usize] = true;
    table
};

/// The same byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte.
const EACH_HIGH: u64 = each(0x80);

/// The first eight bytes of a text, or as many as there are, and how many that is.
#[inline]
fn eight_from(text: &[u8]) -> (u64, usize) {
    if let Some(eight) = text.first_chunk() {
        return (u64::from_le_bytes(*eight), 8);
    }
    (text.iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)), text.len())
}

/// The high bit of the first byte of eight that is `byte`; what it says of those behind it may be wrong.
#[inline]
fn is_byte(eight: u64, byte: u8) -> u64 {
    let others = eight ^ each(byte);
    others.wrapping_sub(each(1)) & !others & EACH_HIGH
}

/// Small letters for capitals, in eight bytes of ASCII; and spaces for what has a meaning of our own in words.
#[inline]
fn small(eight: u64) -> u64 {
    let from_a = eight + each(0x80 - b'A');
    let beyond_z = eight + each(0x7f - b'Z');
    let small = eight | (from_a & !beyond_z & EACH_HIGH) >> 2;
    let is_own = (is_byte(eight, SEAM) | is_byte(eight, GAP)) != 0;
    if is_own { with_spaces(small) } else { small }
}

#[cold]
fn with_spaces(eight: u64) -> u64 {
    u64::from_le_bytes(eight.to_le_bytes().map(|byte| if matches!(byte, SEAM | GAP) { b' ' } else { byte }))
}

/// The same of one byte; one that is not ASCII becomes anything.
#[inline]
pub fn small_ascii(byte: u8) -> u8 {
    let is_own = byte.wrapping_sub(SEAM) <= GAP - SEAM;
    let small = byte | u8::from(byte.wrapping_sub(b'A') < 26) << 5;
    if is_own { b' ' } else { small }
}

/// Whether a character is not seen and only says how others are shown.
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(text: &str) -> Vec<u8> {
        NormalText::of(text).letters()
    }

    #[test]
    fn what_is_read_alike_is_alike() {
        for (one, other) in [
            ("The Resolver's CONFLICT", "the resolver’s conflict"),
            ("ﬁle naïve", "file nai\u{308}ve"),
            ("ｒ－０７", "r-07"),
            ("r\u{2011}07", "R-07"),
            ("se\u{ad}cr\u{200b}et", "secret"),
            ("Ночью", "НОЧЬЮ"),
        ] {
            assert_eq!(letters(one), letters(other), "{one}");
        }
        assert_eq!(NormalText::of("“R\u{2011}07”").words, b"\"r-07\"");
        let mut parted = NormalText::of("a b, c. d");
        parted.part();
        parted.push("é");
        assert_eq!(parted.edges(), [true, false, false, true, true, true, true]);
        assert_ne!(letters("ночью"), letters("нощью"));
    }

    proptest! {
        /// Wherever they stand in the eight bytes that are looked at in one go.
        #[test]
        fn letters_are_those_of_the_words(one in "[a-zé \\-漢щЩ\u{1}\u{2}]{0,20}", other in "\\PC{0,40}") {
            let mut normal = NormalText::of(&one);
            normal.part();
            normal.push(&other);
            let words = str::from_utf8(&normal.words).unwrap();
            let letter = |c: char| match c {
                c if c.is_ascii() => (c.is_ascii_alphanumeric() || c == char::from(GAP)).then_some(c as u8),
                c => Some(128 | (u32::from(c) & 127) as u8),
            };
            prop_assert_eq!(normal.letters(), words.chars().filter_map(letter).collect::<Vec<_>>());
            prop_assert_eq!(normal.edges().len(), normal.letters().len() + 1);
            let own = normal.words.iter().filter(|byte| matches!(**byte, SEAM | GAP)).count();
            prop_assert_eq!(own, 1);
        }

        #[test]
        fn parts_of_words_are_found_for_many_bytes_at_once(bytes in proptest::collection::vec(any::<u8>(), 64)) {
            let bytes: [u8; 64] = bytes.try_into().unwrap();
            let found = parts_of_words(&bytes);
            for (at, byte) in bytes.into_iter().enumerate() {
                prop_assert_eq!(found >> at & 1 == 1, is_part_of_word(byte), "{}", byte);
            }
        }

        #[test]
        fn ascii_is_written_small(text in "[\\x00-\\x7f]{0,40}") {
            let small = text.to_ascii_lowercase().replace(['\u{1}', '\u{2}'], " ");
            prop_assert_eq!(NormalText::of(&text).words, small.as_bytes());
        }

        #[test]
        fn pieces_are_as_the_whole(text in "\\PC{0,40}", at in 0usize..40) {
            let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
            let mut pieces = NormalText::of(&text[..at]);
            pieces.push(&text[at..]);
            prop_assert_eq!(pieces, NormalText::of(&text));
        }
    }
}
