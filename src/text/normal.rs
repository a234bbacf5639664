//! Normal forms: text as it is compared where nothing of how it is written may matter.
//!
//! In: text, piece by piece. Out: its words (small letters of NFKD without accents, format characters gone, hyphens and
//! spaces all alike) and its letters (the letters and digits of that alone, a byte each). It never says what is alike.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// A text in two normal forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NormalText {
    /// As UTF-8 in which all that is not ASCII is part of a word.
    pub words: Vec<u8>,
    /// A byte a letter or digit: itself in ASCII, else a byte from 128 on that tells the letters of one script apart.
    pub letters: Vec<u8>,
}

/// Stands in words where markup parts them inside a line: `a<b>b</b>` may be read as one word or as two.
pub const SEAM: u8 = 1;

/// Stands in words between texts that do not follow each other.
const GAP: u8 = 2;

/// Stands between their letters.
const BREAK: u8 = 0;

impl NormalText {
    /// The normal forms of a text.
    pub fn of(text: &str) -> Self {
        let mut normal = Self::default();
        normal.push(text);
        normal
    }

    /// Makes room for a text of so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { words: Vec::with_capacity(bytes), letters: Vec::with_capacity(bytes) }
    }

    /// Adds text that goes on where the last piece ended.
    pub fn push(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let ascii = rest.bytes().position(|byte| byte >= 128).unwrap_or(rest.len());
            self.push_run(&rest.as_bytes()[..ascii]);
            let mut others = rest[ascii..].chars();
            let Some(c) = others.next() else { return };
            self.push_char(c);
            rest = others.as_str();
        }
    }

    /// Adds a run of ASCII.
    pub fn push_run(&mut self, ascii: &[u8]) {
        let start = self.words.len();
        self.words.extend(ascii.iter().map(|byte| small(*byte)));
        let mut end = self.letters.len();
        self.letters.resize(end + ascii.len(), BREAK);
        // Every byte is written, and counts only if it is a letter: so there is nothing to be guessed wrong.
        for byte in &self.words[start..] {
            self.letters[end] = *byte;
            end += usize::from(IS_LETTER[usize::from(*byte)]);
        }
        self.letters.truncate(end);
    }

    /// Adds one character.
    pub fn push_char(&mut self, c: char) {
        if c.is_ascii() {
            return self.push_ascii(c as u8);
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
        self.letters.push(BREAK);
    }

    /// Adds another text, apart from what was.
    pub fn append(&mut self, other: &Self) {
        self.part();
        self.words.extend_from_slice(&other.words);
        self.letters.extend_from_slice(&other.letters);
    }

    /// Notes that markup stands here, which may stand inside a word, or ends a sentence.
    pub fn seam(&mut self, joins: bool) {
        if !joins {
            self.words.push(b'\n');
        } else if self.words.last().is_some_and(|last| is_part_of_word(*last)) {
            self.words.push(SEAM);
        }
    }

    /// For each letter whether a sentence may begin there; and whether one may end after the last.
    pub fn edges(&self) -> Vec<bool> {
        let mut edges = Vec::with_capacity(self.letters.len() + 1);
        let mut is_edge = true;
        for byte in &self.words {
            if *byte == GAP {
                edges.extend([true]);
                is_edge = true;
            } else if *byte >= 192 || IS_LETTER[usize::from(*byte)] {
                edges.push(is_edge);
                is_edge = false;
            } else if *byte < 128 && !INSIDE.contains(byte) {
                is_edge = true;
            }
        }
        edges.resize(self.letters.len() + 1, true);
        edges
    }

    /// Adds one character of ASCII.
    pub fn push_ascii(&mut self, byte: u8) {
        self.push_run(&[byte]);
    }

    fn push_small(&mut self, c: char) {
        match c {
            c if canonical_combining_class(c) != 0 || is_format(c) => {}
            '\u{2010}'..='\u{2012}' | '\u{2212}' => self.words.push(b'-'),
            c if c.is_ascii() => self.push_ascii(c as u8),
            c if c.is_alphanumeric() => {
                self.words.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                self.letters.push(128 | (u32::from(c) & 127) as u8);
            }
            c => self.words.push(if c.is_whitespace() { b' ' } else { b'"' }),
        }
    }
}

/// What may stand between two words of a sentence.
const INSIDE: [u8; 9] = *b" ,-'_*`~\x01";

/// Whether a byte of `words` is part of a word: of letters, digits, `_` and `-`.
#[inline]
pub fn is_part_of_word(byte: u8) -> bool {
    IS_PART[usize::from(byte)]
}

const IS_PART: [bool; 256] = {
    let mut table = IS_LETTER;
    let mut byte = 128;
    while byte < 256 {
        table[byte] = true;
        byte += 1;
    }
    table[b'_' as usize] = true;
    table[b'-' as usize] = true;
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

/// A small letter for a capital, and a space for what has a meaning of our own in words.
fn small(byte: u8) -> u8 {
    if byte == SEAM || byte == GAP { b' ' } else { byte.to_ascii_lowercase() }
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
        NormalText::of(text).letters
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
            assert_eq!(NormalText::of(one).letters, NormalText::of(other).letters, "{one}");
        }
        assert_eq!(NormalText::of("“R\u{2011}07”").words, b"\"r-07\"");
        let mut parted = NormalText::of("a b, c. d");
        parted.part();
        parted.push("é");
        assert_eq!(parted.edges(), [true, false, false, true, true, true, true]);
        assert_ne!(letters("ночью"), letters("нощью"));
    }

    proptest! {
        #[test]
        fn pieces_are_as_the_whole(text in "\\PC{0,40}", at in 0usize..40) {
            let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
            let mut pieces = NormalText::of(&text[..at]);
            pieces.push(&text[at..]);
            prop_assert_eq!(pieces, NormalText::of(&text));
        }
    }
}
