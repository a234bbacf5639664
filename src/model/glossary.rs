//! The glossary: the words that have one meaning on a site, as its page `content/pages/glossary.md` says.
//!
//! In: a Model. Out: each term with its forms, its definition and its place on the page; and where they stand in a text. A
//! section below the title is a term: its heading names it, other names of it after commas, and its first paragraph is the
//! definition; so is an entry of a list of definitions. It never sees what its reader may not: it is made from a projected
//! Model.

use super::{Model, Page};
use crate::digest::{Digest, Inputs};
use crate::markdown::blocks::{BlockKind, TextBlock};
use crate::markdown::slug;
use crate::text::{beginning, is_written_without_spaces};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// The page that defines words.
pub const GLOSSARY_PATH: &str = "content/pages/glossary.md";

/// Longest definition that a note shows, in bytes.
const LONGEST: usize = 600;

/// Longest name, in bytes.
const LONGEST_NAME: usize = 80;

/// What parts names: commas, as they are written in Latin, Chinese and Japanese, and Arabic.
const COMMAS: [char; 4] = [',', '，', '、', '،'];

/// English phrases in which a word that rubrics define means something else: what stands before it, and the word.
const IDIOMS: [(&str, &str); 3] = [("for ", "example"), ("step by ", "step"), ("in ", "case")];

/// The words that a site defines.
pub struct Glossary {
    /// Each of them, in the page's order.
    pub terms: Vec<Term>,
    /// The digest of all that it says.
    pub digest: Digest,
    is_english: bool,
    finder: AhoCorasick,
    /// By pattern of the finder: the term.
    of_pattern: Vec<usize>,
}

/// A word with one meaning.
pub struct Term {
    /// What it is called on a page, for ids.
    pub id: String,
    /// Where it is defined on the glossary's page, if that can be linked to.
    pub place: Option<String>,
    /// Its names, the usual one first.
    pub names: Vec<String>,
    /// What it means.
    pub definition: String,
}

impl Glossary {
    /// The page of a Model that defines words.
    pub fn page(model: &Model) -> Option<&Page> {
        let pages = model.sections.iter().filter(|section| &*section.folder == "content/pages/");
        pages.flat_map(|section| &section.pages).find(|page| &*page.path == GLOSSARY_PATH).map(|page| &**page)
    }

    /// The words that a Model defines; none where it defines none.
    pub fn of(model: &Model) -> Option<Self> {
        let mut terms = Vec::new();
        add_terms(Self::page(model)?.text.blocks(), &mut terms);
        Self::of_terms(terms, &model.config.language)
    }

    /// These words, as texts of a language say them.
    pub fn of_terms(mut terms: Vec<Term>, language: &str) -> Option<Self> {
        let mut known = BTreeSet::new();
        terms.retain(|term: &Term| known.insert(term.id.clone()));
        let mut patterns = Vec::new();
        let mut of_pattern = Vec::new();
        for (number, term) in terms.iter().enumerate() {
            for form in term.names.iter().flat_map(|name| forms(name, language)) {
                of_pattern.push(number);
                patterns.push(form);
            }
        }
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns).ok()?;
        let digest = Inputs::of("glossary").text(language).list(terms.iter(), |inputs, term| {
            let place = term.place.as_deref().unwrap_or("");
            inputs.text(&term.id).text(place).text(&term.definition).text(&term.names.join("\n"))
        });
        let is_english = language.starts_with("en");
        (!terms.is_empty()).then(|| Self { digest: digest.end(), terms, is_english, finder, of_pattern })
    }

    /// Where terms stand in a text of HTML that holds no tag, with their places among the terms.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (Range<usize>, usize)> + 't {
        let is_term = |range: &Range<usize>| {
            is_apart(text, range) && !is_in_entity(text, range) && !(self.is_english && is_in_idiom(text, range))
        };
        let found = self.finder.find_iter(text).filter(move |found| is_term(&found.range()));
        found.map(|found| (found.range(), self.of_pattern[found.pattern().as_usize()]))
    }
}

/// Whether a passage is no part of a longer word.
fn is_apart(text: &str, range: &Range<usize>) -> bool {
    let parts = |outer: Option<char>, inner: Option<char>| match (outer, inner) {
        (Some(outer), Some(inner)) => {
            !outer.is_alphanumeric() || is_written_without_spaces(outer) || is_written_without_spaces(inner)
        }
        _ => true,
    };
    let inside = &text[range.clone()];
    parts(text[..range.start].chars().next_back(), inside.chars().next())
        && parts(text[range.end..].chars().next(), inside.chars().next_back())
}

/// Whether a passage is a part of how HTML writes a sign.
fn is_in_entity(text: &str, range: &Range<usize>) -> bool {
    let is_name = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    let begins = text[..range.start].rfind('&').is_some_and(|at| is_name(&text[at + 1..range.start]));
    begins && text[range.end..].find(';').is_some_and(|at| is_name(&text[range.end..range.end + at]))
}

/// A text as it stands between the tags of a page.
pub fn in_page(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Whether a passage stands in a phrase that means something else.
fn is_in_idiom(text: &str, range: &Range<usize>) -> bool {
    IDIOMS.iter().any(|(before, word)| {
        text[range.clone()].eq_ignore_ascii_case(word)
            && text[..range.start].get(range.start.saturating_sub(before.len())..).is_some_and(|said| {
                let is_whole = |c: char| !c.is_alphanumeric();
                said.eq_ignore_ascii_case(before)
                    && text[..range.start - before.len()].chars().next_back().is_none_or(is_whole)
            })
    })
}

/// How a name may be written in HTML: with its first letter large or small, in English with the ending of the plural, and
/// with a line break for a space.
fn forms(name: &str, language: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([name.to_owned()]);
    if language.starts_with("en") {
        forms.insert(plural(name));
    }
    // A noun is not the word that is written small in German.
    if !language.starts_with("de") {
        let first = |form: &String, of: fn(char) -> String| {
            form.chars().next().map(|letter| of(letter) + &form[letter.len_utf8()..])
        };
        let small: Vec<String> =
            forms.iter().filter_map(|form| first(form, |letter| letter.to_lowercase().collect())).collect();
        let large: Vec<String> =
            forms.iter().filter_map(|form| first(form, |letter| letter.to_uppercase().collect())).collect();
        forms.extend(small.into_iter().chain(large));
    }
    let broken: Vec<String> = forms
        .iter()
        .flat_map(|form| form.match_indices(' ').map(move |(at, _)| format!("{}\n{}", &form[..at], &form[at + 1..])))
        .collect();
    forms.into_iter().chain(broken).map(|form| in_page(&form)).collect()
}

/// The usual plural of an English word; another one is a name of its own.
fn plural(name: &str) -> String {
    let is_vowel = |letter: char| "aeiou".contains(letter);
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| name.ends_with(end)) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

/// Adds the terms that a block defines, and those in it.
fn add_terms(block: &TextBlock, terms: &mut Vec<Term>) {
    if let Some(heading) = block.title().filter(|heading| heading.kind != BlockKind::Heading(1)) {
        let said = block.blocks.iter().find_map(first_paragraph);
        terms.extend(said.and_then(|said| term(&heading.plain(), block.id.as_deref(), &said.plain())));
    }
    if block.kind == BlockKind::Definitions {
        let pairs = block.blocks.iter().zip(block.blocks.iter().skip(1));
        let pairs = pairs.filter(|(term, said)| (term.kind, said.kind) == (BlockKind::Term, BlockKind::Definition));
        terms.extend(pairs.filter_map(|(named, said)| term(&named.plain(), None, &said.plain())));
    }
    block.blocks.iter().for_each(|inner| add_terms(inner, terms));
}

/// The first paragraph of a block, but for sections in it.
fn first_paragraph(block: &TextBlock) -> Option<&TextBlock> {
    match block.kind {
        BlockKind::Paragraph => Some(block),
        BlockKind::Section | BlockKind::Definitions => None,
        _ => block.blocks.iter().find_map(first_paragraph),
    }
}

fn term(heading: &str, place: Option<&str>, said: &str) -> Option<Term> {
    let is_name = |name: &&str| (1..=LONGEST_NAME).contains(&name.len());
    let names: Vec<String> = heading.split(COMMAS).map(str::trim).filter(is_name).map(str::to_owned).collect();
    let id = place.map_or_else(|| slug::heading(names.first().map_or("", String::as_str)), str::to_owned);
    // A passage for one audience begins with its mark.
    let mark = said.strip_prefix("[!").and_then(|rest| rest.split_once(']')).map(|(_, said)| said);
    let definition = beginning(mark.unwrap_or(said).trim().lines().next().unwrap_or(""), LONGEST).into_owned();
    let is_term = !names.is_empty() && !id.is_empty() && !definition.is_empty();
    is_term.then(|| Term { id, place: place.map(str::to_owned), names, definition })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_it_is_written_in_running_text() {
        let of = |name, language| forms(name, language).into_iter().collect::<Vec<_>>().join("|").replace('\n', "/");
        assert_eq!(
            of("Tool call", "en"),
            "Tool/call|Tool/calls|Tool call|Tool calls|tool/call|tool/calls|tool call|tool calls"
        );
        assert_eq!(of("Weg", "de"), "Weg");
        assert_eq!(of("R&D", "fr"), "R&amp;D|r&amp;D");
        assert_eq!(["day", "policy", "class"].map(plural), ["days", "policies", "classes"]);
    }

    #[test]
    fn a_part_of_a_word_is_no_term_but_in_writing_without_spaces() {
        let is_term = |text: &str, term: &str| {
            let at = text.find(term).unwrap();
            is_apart(text, &(at..at + term.len()))
        };
        assert!(is_term("a step, and", "step"));
        assert!(is_term("one step", "step"));
        assert!(!is_term("stepwise", "step") && !is_term("footstep", "step") && !is_term("step2", "step"));
        assert!(is_term("この評価基準は", "評価基準"));
        assert!(is_term("AIは強い", "AI") && is_term("v2評価", "評価"));
        let is_entity = |text: &str, part: &str| {
            let at = text.find(part).unwrap();
            is_in_entity(text, &(at..at + part.len()))
        };
        assert!(is_entity("a &gt; b", "gt") && is_entity("&amp;", "amp") && is_entity("&#x27;", "27"));
        assert!(!is_entity("R&amp;D", "R&amp;D") && !is_entity("&amp; gt; x", "gt") && !is_entity("a gt; b", "gt"));
        let is_idiom = |text: &str, term: &str| {
            let at = text.rfind(term).unwrap();
            is_in_idiom(text, &(at..at + term.len()))
        };
        assert!(is_idiom("For example", "example") && is_idiom("so, step by step", "step"));
        assert!(
            !is_idiom("therefor example", "example")
                && !is_idiom("an example", "example")
                && !is_idiom("例for example", "example")
        );
    }
}
