//! Words: what parts of the Model are as texts that can be hidden or given.
//!
//! In: parts of the Model. Out: their texts and names. It never says which of them are secret.

use crate::markdown;
use crate::model::{Example, GoldAnswer, Page};

/// What the gold of an example gives as reasons.
pub fn reasons(example: &Example) -> Vec<&str> {
    let reasons = example.gold.iter().flat_map(|gold| {
        let flags = match &gold.answer {
            GoldAnswer::Flags(flags) => &flags[..],
            _ => &[],
        };
        gold.why.iter().chain(flags.iter().filter_map(|flag| flag.why.as_ref()))
    });
    reasons.map(String::as_str).collect()
}

/// The path of an example, as links to it say it.
pub fn path(example: &Example) -> String {
    format!("examples/{}", example.id)
}

/// Whether an id can't stand in a text by chance.
pub fn is_unmistakable(name: &str) -> bool {
    let letters = name.chars().any(char::is_alphabetic);
    let others = name.chars().any(|c| !c.is_alphabetic());
    (letters && others && name.chars().count() >= 4) || name.chars().count() >= 9
}

/// The text of a page without what is included from other files, which say themselves who may read them.
pub fn own_text(page: &Page) -> String {
    let pieces = &page.text.pieces;
    let ends = pieces.origins.iter().skip(1).map(|(start, _)| *start).chain([pieces.text.len()]);
    let own = pieces.origins.iter().zip(ends).filter(|((_, origin), _)| origin.include == 0);
    own.map(|((start, _), end)| &pieces.text[*start..end]).collect()
}

/// The words of a passage, whose mark may be written in letters of either case.
pub fn without_mark(passage: &str) -> String {
    let words = markdown::plain(passage);
    let rest = words.trim_start().strip_prefix("[!").and_then(|mark| mark.split_once(']')).map(|(_, rest)| rest);
    rest.map_or_else(|| words.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_in_either_case_is_no_word_of_its_passage() {
        for mark in ["[!INTERNAL]", "[!internal]", "[!Internal]"] {
            assert_eq!(without_mark(&format!("> {mark}\n> Pay no reviewer.\n")).trim(), "Pay no reviewer.");
        }
    }
}
