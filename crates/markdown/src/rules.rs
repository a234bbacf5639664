//! Rules: quotes that state a rule, so that gold can cite it: `> [!RULE] partly-counts`, and below it what the rule says.
//!
//! In: a text and the range of a quote in it, or the text's events. Out: the id that the quote's mark names; and the events
//! with the mark as words. It never asks whether something else has the id.

use super::RangedEvent;
use super::quote_mark::{mark, mark_place};
use super::slug;
use pulldown_cmark::{Event, Tag, TagEnd};
use std::ops::Range;
use std::vec::IntoIter;

/// The word of the mark.
pub const RULE: &str = "rule";

/// The mark of a quote that states a rule.
pub struct RuleMark<'t> {
    /// What stands behind its word: an id, if it can be one.
    pub id: &'t str,
    /// The mark with what stands behind it.
    pub range: Range<usize>,
}

impl<'t> RuleMark<'t> {
    /// The mark that a quote begins with.
    pub fn of(text: &'t str, quote: &Range<usize>) -> Option<Self> {
        let start = mark_place(text, quote)?;
        // That of a quote in this one is not its own.
        (text[quote.start..start].matches('>').count() == 1).then_some(())?;
        let line = text[start..quote.end].lines().next()?;
        mark(line).filter(|word| word == RULE)?;
        let id = line[line.find(']')? + 1..].trim();
        Some(Self { id, range: start..start + line.trim_end().len() })
    }

    /// Whether it names an id.
    pub fn is_sound(&self) -> bool {
        !self.id.is_empty() && slug::explicit(self.id) == self.id
    }
}

/// The events of a text in which the marks of rules are words: `**Rule partly-counts**`.
pub struct SpokenRules<'a, 't, I> {
    text: &'t str,
    events: I,
    /// The mark of the quote that has begun, and what is said in its place.
    mark: Option<(Range<usize>, Vec<RangedEvent<'a>>)>,
    /// What is being said.
    saying: IntoIter<RangedEvent<'a>>,
}

impl<'a, 't, I: Iterator<Item = RangedEvent<'a>>> SpokenRules<'a, 't, I> {
    /// The events of a text.
    pub fn of(text: &'t str, events: I) -> Self {
        Self { text, events, mark: None, saying: Vec::new().into_iter() }
    }
}

impl<'a, I: Iterator<Item = RangedEvent<'a>>> Iterator for SpokenRules<'a, '_, I> {
    type Item = RangedEvent<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(said) = self.saying.next() {
                return Some(said);
            }
            let (event, range) = self.events.next()?;
            match (&event, &mut self.mark) {
                (event, Some((mark, said))) if is_word(event) && mark.contains(&range.start) => {
                    self.saying = std::mem::take(said).into_iter();
                }
                (Event::Start(Tag::BlockQuote(None)), _) => {
                    let mark = RuleMark::of(self.text, &range).filter(RuleMark::is_sound);
                    self.mark = mark.map(|mark| (mark.range.clone(), words(&mark)));
                    return Some((event, range));
                }
                _ => return Some((event, range)),
            }
        }
    }
}

/// Whether an event is words, or marks them.
fn is_word(event: &Event<'_>) -> bool {
    let marks = |tag: &TagEnd| matches!(tag, TagEnd::Strong | TagEnd::Emphasis);
    match event {
        Event::Text(_) => true,
        Event::Start(tag) => marks(&tag.to_end()),
        Event::End(tag) => marks(tag),
        _ => false,
    }
}

/// A mark as words.
fn words<'a>(RuleMark { id, range }: &RuleMark<'_>) -> Vec<RangedEvent<'a>> {
    let events = [Event::Start(Tag::Strong), Event::Text(format!("Rule {id}").into()), Event::End(TagEnd::Strong)];
    events.into_iter().map(|event| (event, range.clone())).collect()
}

#[cfg(test)]
mod tests {
    use crate::outline::Outline;
    use crate::plain;

    #[test]
    fn a_rule_has_an_id_and_its_mark_is_words() {
        let text = "> [!RULE] partly-counts\n> A run that does half is `partly`.\n";
        assert_eq!(plain(text), "Rule partly-counts A run that does half is partly.\n\n");
        let outline = Outline::of(text);
        assert_eq!(outline.ids().collect::<Vec<_>>(), ["partly-counts"]);
        assert_eq!(outline.rules["partly-counts"], 0..text.len());
        assert!(outline.passages.is_empty() && outline.strays.is_empty() && outline.losses.is_empty(), "{outline:?}");
    }

    #[test]
    fn of_two_rules_with_one_id_the_second_has_none_and_its_mark_is_in_its_place() {
        let outline = Outline::of("> [!RULE] a\n> b\n\n> [!RULE] a\n> c\n");
        assert_eq!((outline.rules["a"].start, outline.taken_ids.len()), (0, 1));
        assert!(outline.losses.is_empty(), "{:?}", outline.losses);
    }

    #[test]
    fn what_cannot_be_an_id_stays_text() {
        for text in ["> [!RULE]\n> a\n", "> [!RULE] two words\n> a\n"] {
            let outline = Outline::of(text);
            assert!(outline.ids().next().is_none() && plain(text).contains("[!RULE]"), "{text}");
        }
        assert_eq!(plain("- > [!rule] a.b_c\n  > d\n"), "Rule a.b_c d\n\n\n\n");
        assert_eq!(plain("[!RULE] a\n"), "[!RULE] a\n");
        assert_eq!(plain("> [!RULE] __a__\n> b\n"), "Rule __a__ b\n\n");
    }
}
