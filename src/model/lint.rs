//! Lint: what raters stumble over in instructions that are otherwise without fault.
//!
//! In: a task's working text. Out: notes, each with what would help. It is asked for, never a part of every check: what it
//! finds are questions to the author, and words are told by what they look like.

use super::glossary::in_page;
use super::{Example, Glossary, Gold, GoldAnswer, GoldFlag, Instructions, Model, Page};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::{Criterion, Outcome, Use};
use crate::markdown::blocks::{BlockKind, TextBlock};
use crate::text::{letters, listed};
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// Words that a sentence may have before it is called long.
const LONG_SENTENCE: usize = 30;

/// Long sentences of a page, of a hundred, that are worth a note.
const MANY_LONG: usize = 10;

/// Fewest sentences of a page of which something is said.
const FEWEST_SENTENCES: usize = 10;

/// The automated readability index from which a text is called hard: years of school.
const HARD: f64 = 12.0;

/// Fewest examples of which it is said that they all have one answer.
const FEWEST_EXAMPLES: usize = 3;

/// Words of which one stands in instructions that say what to do with what can't be rated.
const OF_UNRATABLE: [&str; 9] = [
    "bad-item",
    "unratable",
    "cannot be rated",
    "can't be rated",
    "can not be rated",
    "infeasible",
    "not applicable",
    "broken",
    "skip",
];

/// Looks through the working text of every task.
pub fn lint(model: &Model, diagnostics: &mut Diagnostics) {
    unused_terms(model, diagnostics);
    for working in model.tasks.iter().filter_map(|task| task.working.as_ref()) {
        let lint = TaskLint { working, is_english: model.config.language.starts_with("en") };
        lint.criteria(diagnostics);
        lint.examples(diagnostics);
        lint.unratable(diagnostics);
        working.all_pages().for_each(|page| lint.reading(page, diagnostics));
    }
}

/// Words that are defined and that nobody uses.
fn unused_terms(model: &Model, diagnostics: &mut Diagnostics) {
    let Some((glossary, own)) = Glossary::of(model).zip(Glossary::page(model)) else { return };
    let of_tasks = model.tasks.iter().filter_map(|task| task.working.as_ref()).flat_map(Instructions::all_pages);
    let shared = model.sections.iter().flat_map(|section| &section.pages).map(|page| &**page);
    let used: BTreeSet<usize> = of_tasks
        .chain(shared.filter(|page| page.path != own.path))
        .flat_map(|page| glossary.find(&in_page(&page.text.blocks().plain())).map(|(_, term)| term).collect::<Vec<_>>())
        .collect();
    let terms = glossary.terms.iter().enumerate().filter(|(term, _)| !used.contains(term));
    let unused: Vec<&str> = terms.map(|(_, term)| term.names[0].as_str()).collect();
    if !unused.is_empty() {
        let message = format!("no other page uses {}", listed(unused));
        diagnostics
            .add(rules::UNUSED_TERM, Place::file(&*own.path), message)
            .help("other names of a word stand in its heading, after commas: `## Criterion, criteria {#criterion}`");
    }
}

struct TaskLint<'a> {
    working: &'a Instructions,
    is_english: bool,
}

impl<'a> TaskLint<'a> {
    /// The examples whose gold readers are shown.
    fn shown(&self) -> impl Iterator<Item = &'a Example> {
        self.working.examples.iter().filter(|example| example.used.shows_gold())
    }

    fn rubric(&self) -> Place {
        Place::file(&*self.working.rubric_page.path)
    }

    fn criteria(&self, diagnostics: &mut Diagnostics) {
        for criterion in self.working.rubric.criteria.iter().filter(|criterion| criterion.scale.is_scored()) {
            let of = |gold: &&Gold| gold.criterion == criterion.id;
            let worked = self.shown().filter(|example| example.used == Use::Worked);
            if worked.flat_map(|example| &example.gold).all(|gold| !of(&gold)) {
                let message = format!("no worked example shows an answer to `{}`", criterion.id);
                diagnostics
                    .add(rules::UNSHOWN_CRITERION, self.rubric(), message)
                    .help("raters learn a question from an answer with its reason: add it to an example's `gold`");
            }
            self.values(criterion, diagnostics);
            self.one_answer(criterion, diagnostics);
        }
    }

    /// Values that neither the criterion's section nor an example speaks of.
    fn values(&self, criterion: &Criterion, diagnostics: &mut Diagnostics) {
        let section = section(self.working.rubric_page.text.blocks(), &criterion.id);
        let mut said = words(&section.map(TextBlock::plain).unwrap_or_default());
        for example in self.shown() {
            said.extend(words(&example.page.text.blocks().plain()));
            let golds = example.gold.iter().filter(|gold| gold.criterion == criterion.id);
            golds.for_each(|gold| said.extend(values(&gold.answer).iter().map(|value| letters(value))));
        }
        let unsaid: Vec<&str> = criterion.scale.values().filter(|value| !said.contains(&letters(value))).collect();
        if !unsaid.is_empty() {
            let message = format!("nothing but the scale speaks of {} of `{}`", listed(unsaid), criterion.id);
            diagnostics.add(rules::UNEXPLAINED_VALUE, self.rubric(), message).help(format!(
                "say in the section `#{}` when it is the right answer, or show it in an example",
                criterion.id
            ));
        }
    }

    /// Examples that all have one answer teach to give it.
    fn one_answer(&self, criterion: &Criterion, diagnostics: &mut Diagnostics) {
        if !criterion.scale.has_categories() {
            return;
        }
        let golds = self.shown().flat_map(|example| &example.gold).filter(|gold| gold.criterion == criterion.id);
        let answers: Vec<String> = golds.map(|gold| gold.answer.in_words()).collect();
        let different: BTreeSet<&String> = answers.iter().collect();
        if let (true, [only]) = (answers.len() >= FEWEST_EXAMPLES, different.iter().collect::<Vec<_>>().as_slice()) {
            let message = format!("all {} examples answer `{}` with `{only}`", answers.len(), criterion.id);
            diagnostics
                .add(rules::ONE_SIDED_EXAMPLES, self.rubric(), message)
                .help("raters take it for the usual answer: show an item on which another is right");
        }
    }

    fn examples(&self, diagnostics: &mut Diagnostics) {
        for example in self.shown() {
            let unexplained = example.gold.iter().filter(|gold| !has_reason(gold)).map(|gold| gold.criterion.as_str());
            let unexplained: Vec<&str> = unexplained.collect();
            if !unexplained.is_empty() {
                let message = format!("the gold of {} has no reason", listed(unexplained));
                diagnostics
                    .add(rules::GOLD_WITHOUT_REASON, Place::file(&*example.page.path), message)
                    .help("`why:` says what decides it: that is what raters take along to the next item");
            }
        }
        let has_outcome = |gold: &Gold| match &gold.answer {
            GoldAnswer::Outcome(outcome) => !matches!(outcome, Outcome::None),
            GoldAnswer::Values(_) | GoldAnswer::Flags(_) => false,
        };
        if self.shown().count() >= FEWEST_EXAMPLES && !self.shown().any(|example| example.gold.iter().any(has_outcome))
        {
            let message = "no example shows an item, or a question, that has no answer";
            diagnostics.add(rules::NO_IMPOSSIBLE_EXAMPLE, Place::file(&*self.working.page.path), message).help(
                "for example one with `{outcome: bad-item}` or `{outcome: unsure}`, so that raters dare to say so",
            );
        }
    }

    /// What to do with an item that can't be rated.
    fn unratable(&self, diagnostics: &mut Diagnostics) {
        let says = |page: &Page| {
            let text = page.text.blocks().plain().to_lowercase();
            OF_UNRATABLE.iter().any(|words| text.contains(words))
        };
        let own = [&self.working.page, &self.working.rubric_page].into_iter().chain(&self.working.pages);
        if self.is_english && !own.into_iter().any(says) {
            let message = "these instructions do not say what to do with an item that is broken or can't be rated";
            diagnostics
                .add(rules::UNRATABLE_ITEMS, Place::file(&*self.working.page.path), message)
                .help("for example: “If the run is cut off, choose bad-item and say why”");
        }
    }

    /// Long sentences and hard words, for those who read in a second language.
    fn reading(&self, page: &Page, diagnostics: &mut Diagnostics) {
        let mut sentences = Vec::new();
        add_sentences(page.text.blocks(), &mut sentences);
        if sentences.len() < FEWEST_SENTENCES {
            return;
        }
        let lengths: Vec<usize> = sentences.iter().map(|sentence| sentence.unicode_words().count()).collect();
        let long = lengths.iter().filter(|length| **length > LONG_SENTENCE).count();
        let index = readability(&sentences);
        let is_hard = self.is_english && index > HARD;
        if 100 * long < MANY_LONG * sentences.len() && !is_hard {
            return;
        }
        let longest = lengths.iter().max().copied().unwrap_or(0);
        let mut message = format!(
            "{long} of {} sentences have more than {LONG_SENTENCE} words, the longest {longest}",
            sentences.len()
        );
        if is_hard {
            message.push_str(&format!("; the automated readability index is {index:.0} years of school"));
        }
        diagnostics.add(rules::HARD_TO_READ, Place::file(&*page.path), message).help(
            "many raters read in a second language: one thought a sentence, and short words where there are some",
        );
    }
}

fn has_reason(gold: &Gold) -> bool {
    let is_said = |why: &Option<String>| why.as_ref().is_some_and(|why| !why.trim().is_empty());
    let flags = gold.answer.flags();
    is_said(&gold.why) || (!flags.is_empty() && flags.iter().all(|GoldFlag { why, .. }| is_said(why)))
}

/// The values that an answer has, of flags their kinds.
fn values(answer: &GoldAnswer) -> Vec<&str> {
    match answer {
        GoldAnswer::Values(values) => values.iter().flat_map(|value| value.split('|')).collect(),
        GoldAnswer::Flags(flags) => flags.iter().map(|flag| flag.kind.as_str()).collect(),
        GoldAnswer::Outcome(_) => Vec::new(),
    }
}

/// The section of this id.
fn section<'b>(block: &'b TextBlock, id: &str) -> Option<&'b TextBlock> {
    let is_it = block.kind == BlockKind::Section && block.id.as_deref() == Some(id);
    if is_it { Some(block) } else { block.blocks.iter().find_map(|block| section(block, id)) }
}

/// The words of a text as values of a scale are written: parted by white space, without the signs around them.
fn words(text: &str) -> BTreeSet<String> {
    let word = |word: &str| letters(word.trim_matches(|c: char| !c.is_alphanumeric()));
    text.split_whitespace().map(word).collect()
}

fn add_sentences(block: &TextBlock, sentences: &mut Vec<String>) {
    if block.kind == BlockKind::Paragraph {
        sentences.extend(block.plain().unicode_sentences().map(str::to_owned));
    }
    block.blocks.iter().for_each(|block| add_sentences(block, sentences));
}

/// The automated readability index: 4.71 letters a word + 0.5 words a sentence - 21.43, in years of school.
///
/// Made for English. Source: Smith and Senter 1967.
fn readability(sentences: &[String]) -> f64 {
    let words = || sentences.iter().flat_map(|sentence| sentence.unicode_words());
    let letters: usize = words().map(|word| word.chars().filter(|c| c.is_alphanumeric()).count()).sum();
    let count = words().count().max(1) as f64;
    4.71 * letters as f64 / count + 0.5 * count / sentences.len().max(1) as f64 - 21.43
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_that_of_its_authors() {
        // 9 words of 36 letters in a sentence.
        let one = ["The quick brown fox jumps over the lazy dogs.".to_owned()];
        assert!((readability(&one) - (4.71 * 36.0 / 9.0 + 4.5 - 21.43)).abs() < 1e-9);
    }

    #[test]
    fn words_lose_the_signs_around_them() {
        assert!(words("Choose `bad-item`, or **3**.").is_superset(&["bad-item", "3"].map(str::to_owned).into()));
    }
}
