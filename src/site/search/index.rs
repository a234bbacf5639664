//! An index: which sections of some pages hold which word, as small scripts that a page loads when somebody searches.
//!
//! In: pages with their sections. Out: the scripts. `words` has every word in order and says in which of the others what
//! stands: `postings-N`, for each word the numbers of its sections; `sections-N`, headings and addresses. They are scripts,
//! and not JSON, because a page opened from a folder may load nothing else.

use super::sections::PageSections;
use ahash::AHashMap;
use serde::Serialize;
use serde_json::json;

/// A page and its sections.
pub struct IndexedPage<'a> {
    /// Where it is, below the audience's root.
    pub path: &'a str,
    /// Its sections, in order.
    pub sections: &'a PageSections,
}

/// From how many bytes of postings on a next script begins.
const POSTINGS_BYTES: usize = 12_000;
/// From how many sections on a next script begins; a page is never parted.
const SECTIONS: usize = 200;

/// Digits of numbers: the first half ends one, the other says that it goes on. None is special in a script's text.
const DIGITS: &[u8; 90] = b"!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|";
const BASE: usize = DIGITS.len() / 2;

/// The scripts of an index, each by its name.
pub fn scripts(pages: &[IndexedPage<'_>]) -> Vec<(String, Vec<u8>)> {
    let postings = Postings::of(pages);
    let mut words: Vec<(&str, u32)> = postings.numbers.iter().map(|(word, number)| (*word, *number)).collect();
    words.sort_unstable();
    let (mut scripts, first_words) = posting_scripts(&words, &postings);
    let (section_scripts, first_sections) = section_scripts(pages);
    scripts.extend(section_scripts);
    let text = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let said = json!({"words": text, "firstWords": first_words, "firstSections": first_sections, "sections": postings.sections});
    scripts.push(script("words", &said));
    scripts
}

/// Which sections have which word.
struct Postings<'p> {
    numbers: AHashMap<&'p str, u32>,
    /// Word by word: twice the number of a section, and one more where the word names it.
    all: Vec<u32>,
    /// Where those of each word end.
    ends: Vec<u32>,
    sections: u32,
}

impl<'p> Postings<'p> {
    fn of(pages: &'p [IndexedPage<'p>]) -> Self {
        let mut numbers: AHashMap<&str, u32> = AHashMap::new();
        // Each occurrence as the word's number and the posting; then sorted by counting.
        let (mut met, mut counts, mut sections) = (Vec::new(), Vec::<u32>::new(), 0);
        for section in pages.iter().flat_map(|page| page.sections.iter()) {
            for (words, names) in [(section.words, 0), (section.names, 1)] {
                for word in words.split(' ').filter(|word| !word.is_empty()) {
                    let number = *numbers.entry(word).or_insert(counts.len() as u32);
                    if number as usize == counts.len() {
                        counts.push(0);
                    }
                    counts[number as usize] += 1;
                    met.push((number, sections * 2 + names));
                }
            }
            sections += 1;
        }
        let mut ends = counts;
        let mut end = 0;
        for count in &mut ends {
            let start = end;
            end += *count;
            *count = start;
        }
        let mut all = vec![0; met.len()];
        for (number, posting) in met {
            let at = &mut ends[number as usize];
            all[*at as usize] = posting;
            *at += 1;
        }
        Self { numbers, all, ends, sections }
    }

    fn of_word(&self, number: u32) -> &[u32] {
        let end = |number: u32| self.ends[number as usize] as usize;
        let start = number.checked_sub(1).map_or(0, end);
        &self.all[start..end(number)]
    }
}

/// The postings of the words in order, and the number of the first word in each script.
fn posting_scripts(words: &[(&str, u32)], postings: &Postings<'_>) -> (Vec<(String, Vec<u8>)>, Vec<usize>) {
    let (mut scripts, mut firsts) = (Vec::new(), Vec::new());
    let mut text = String::new();
    for (at, (_, number)) in words.iter().enumerate() {
        if text.is_empty() {
            firsts.push(at);
        } else {
            text.push(' ');
        }
        let mut before = 0;
        for posting in postings.of_word(*number) {
            let section = posting / 2;
            write_number(((section - before) * 2 + posting % 2) as usize, &mut text);
            before = section;
        }
        if text.len() >= POSTINGS_BYTES || at + 1 == words.len() {
            scripts.push(script(&format!("postings-{}", scripts.len()), &std::mem::take(&mut text)));
        }
    }
    (scripts, firsts)
}

/// The headings and addresses of sections, and the number of the first section in each script.
fn section_scripts(pages: &[IndexedPage<'_>]) -> (Vec<(String, Vec<u8>)>, Vec<usize>) {
    let (mut scripts, mut firsts) = (Vec::new(), Vec::new());
    let (mut held, mut count, mut before) = (Vec::new(), 0, 0);
    for (at, page) in pages.iter().enumerate() {
        let sections: Vec<_> =
            page.sections.iter().map(|section| json!([section.level, section.id, section.title])).collect();
        count += sections.len();
        held.push(json!([page.path, sections]));
        if count - before >= SECTIONS || at + 1 == pages.len() {
            firsts.push(before);
            before = count;
            scripts.push(script(&format!("sections-{}", scripts.len()), &std::mem::take(&mut held)));
        }
    }
    (scripts, firsts)
}

fn write_number(mut number: usize, text: &mut String) {
    while number >= BASE {
        text.push(char::from(DIGITS[BASE + number % BASE]));
        number /= BASE;
    }
    text.push(char::from(DIGITS[number]));
}

/// A script that hands something over to the search of the page that loads it.
fn script(name: &str, said: &impl Serialize) -> (String, Vec<u8>) {
    let detail = json!({ "name": name, "said": said });
    let text = format!("document.dispatchEvent(new CustomEvent(\"goldbook-search\", {{ detail: {detail} }}));\n");
    (format!("{name}.js"), text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_number(digits: &mut impl Iterator<Item = u8>) -> Option<usize> {
        let (mut number, mut weight) = (0, 1);
        loop {
            let read = digits.next()?;
            let digit = DIGITS.iter().position(|known| *known == read)?;
            number += digit % BASE * weight;
            weight *= BASE;
            if digit < BASE {
                return Some(number);
            }
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_back(numbers in prop::collection::vec(0usize..5_000_000, 1..9)) {
            let mut text = String::new();
            numbers.iter().for_each(|number| write_number(*number, &mut text));
            prop_assert!(!text.contains(['"', '\\', ' ']));
            let mut digits = text.bytes();
            let read: Vec<usize> = numbers.iter().map_while(|_| read_number(&mut digits)).collect();
            prop_assert_eq!(read, numbers);
        }
    }
}
