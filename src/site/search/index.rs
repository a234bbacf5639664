//! An index: which sections of some pages hold which word, as small scripts that a page loads when somebody searches.
//!
//! In: pages with their sections. Out: the scripts. `words` has every word in order and says in which of the others what
//! stands: `postings-N`, for each word the numbers of its sections; `sections-N`, headings and addresses. They are scripts,
//! and not JSON, because a page opened from a folder may load nothing else.

use super::sections::PageSection;
use ahash::AHashMap;
use serde::Serialize;
use serde_json::json;

/// A page and its sections.
pub struct IndexedPage<'a> {
    /// Where it is, below the audience's root.
    pub path: &'a str,
    /// Its sections, in order.
    pub sections: &'a [PageSection],
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
    let mut numbers: AHashMap<&str, usize> = AHashMap::new();
    // For each word its sections, each twice its number, and one more where the word names it.
    let mut postings: Vec<Vec<u32>> = Vec::new();
    let sections = pages.iter().flat_map(|page| page.sections);
    let mut count = 0_u32;
    for section in sections {
        for (words, names) in [(&section.words, 0), (&section.names, 1)] {
            for word in words.split(' ').filter(|word| !word.is_empty()) {
                let number = *numbers.entry(word).or_insert(postings.len());
                if number == postings.len() {
                    postings.push(Vec::new());
                }
                postings[number].push(count * 2 + names);
            }
        }
        count += 1;
    }
    let mut words: Vec<(&str, usize)> = numbers.into_iter().collect();
    words.sort_unstable();
    let (mut scripts, first_words) = posting_scripts(&words, &postings);
    let (section_scripts, first_sections) = section_scripts(pages);
    scripts.extend(section_scripts);
    let text = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let said = json!({"words": text, "firstWords": first_words, "firstSections": first_sections, "sections": count});
    scripts.push(script("words", &said));
    scripts
}

/// The postings of the words in order, and the number of the first word in each script.
fn posting_scripts(words: &[(&str, usize)], postings: &[Vec<u32>]) -> (Vec<(String, Vec<u8>)>, Vec<usize>) {
    let (mut scripts, mut firsts) = (Vec::new(), Vec::new());
    let mut text = String::new();
    for (at, (_, number)) in words.iter().enumerate() {
        if text.is_empty() {
            firsts.push(at);
        } else {
            text.push(' ');
        }
        let mut before = 0;
        for posting in &postings[*number] {
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
    let (mut scripts, mut firsts, mut count) = (Vec::new(), Vec::new(), 0);
    let mut rest = pages;
    while !rest.is_empty() {
        let mut held = 0;
        let until = rest.iter().position(|page| {
            held += page.sections.len();
            held >= SECTIONS
        });
        let (these, others) = rest.split_at(until.map_or(rest.len(), |last| last + 1));
        let of_page = |page: &IndexedPage<'_>| {
            let sections = page.sections.iter().map(|section| json!([section.level, section.id, section.title]));
            json!([page.path, sections.collect::<Vec<_>>()])
        };
        firsts.push(count);
        count += held;
        scripts.push(script(&format!("sections-{}", scripts.len()), &these.iter().map(of_page).collect::<Vec<_>>()));
        rest = others;
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
