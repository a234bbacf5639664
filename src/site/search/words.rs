//! Words, as they are looked for: letters and digits without case, accents and marks.
//!
//! In: text. Out: words. What is written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) is cut into overlapping pairs
//! of letters. `search.js` cuts what is typed in the same way: whoever changes one changes both.

use crate::text::is_written_without_spaces;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of a word that count; more are never typed.
const MOST_LETTERS: usize = 48;

/// Adds the words of a text to others, each with a space behind it.
pub fn add(text: &str, words: &mut String) {
    let mut cutter = WordCutter { words, count: 0, is_without_spaces: false };
    if text.is_ascii() {
        text.bytes().for_each(|byte| cutter.add(char::from(byte.to_ascii_lowercase())));
    } else {
        let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
        // The two forms of one letter, which lower case tells apart by place.
        letters.for_each(|letter| cutter.add(if letter == 'ς' { 'σ' } else { letter }));
    }
    cutter.end();
}

/// Words, the last of which is being read.
struct WordCutter<'w> {
    words: &'w mut String,
    /// How many letters the last one has.
    count: usize,
    is_without_spaces: bool,
}

impl WordCutter<'_> {
    fn add(&mut self, letter: char) {
        if !letter.is_alphanumeric() {
            return self.end();
        }
        let is_without_spaces = is_written_without_spaces(letter);
        if is_without_spaces != self.is_without_spaces {
            self.end();
            self.is_without_spaces = is_without_spaces;
        }
        if is_without_spaces && self.count == 2 {
            // The next pair begins with the letter that ends this one.
            let last = self.words.chars().next_back();
            self.end();
            self.words.extend(last);
            self.count = 1;
        }
        if self.count < MOST_LETTERS {
            self.words.push(letter);
            self.count += 1;
        }
    }

    fn end(&mut self) {
        if self.count > 0 {
            self.words.push(' ');
            self.count = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    fn words(text: &str) -> Vec<String> {
        let mut words = String::new();
        super::add(text, &mut words);
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn words_are_letters_and_digits_without_case_and_accents() {
        assert_eq!(
            words("The Résumé of run-0147, goal_reached!"),
            ["the", "resume", "of", "run", "0147", "goal", "reached"]
        );
        assert_eq!(words("Straße ＡＢＣ ΟΔΟΣ"), ["straße", "abc", "οδοσ"]);
        assert_eq!(words(&"a".repeat(99)), ["a".repeat(48)]);
        assert_eq!(words(" … "), Vec::<String>::new());
    }

    #[test]
    fn what_has_no_spaces_is_cut_into_overlapping_pairs() {
        assert_eq!(words("評価基準v2"), ["評価", "価基", "基準", "v2"]);
        assert_eq!(words("字 かな"), ["字", "かな"]);
        assert_eq!(words("ไทย"), ["ไท", "ทย"]);
    }
}
