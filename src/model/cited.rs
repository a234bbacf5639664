//! What gold cites: rules looked up in a version of their task.
//!
//! In: a rule's name, and the pages of a version. Out: the page and the words that stand there; or where it seems to be.

use super::{Gold, Instructions, Page};
use crate::diagnostic::{Diagnostics, Place, did_you_mean, rules};
use crate::document::CitedRule;
use crate::markdown::plain;

impl Instructions {
    /// The page that a rule stands on; none if this version does not have it.
    pub fn rule_page(&self, rule: &CitedRule) -> Option<&Page> {
        self.citable().find(|page| page.name() == rule.page && page.text.outline.ids().any(|id| id == rule.id))
    }

    /// The rules that gold cites and this text has, as words behind the gold; empty where there are none.
    pub fn rules_in_words(&self, gold: &Gold) -> String {
        let shown = gold.rules.iter().filter(|rule| self.rule_page(rule).is_some());
        let names: Vec<String> = shown.map(ToString::to_string).collect();
        if names.is_empty() { String::new() } else { format!(", by {}", names.join(" and ")) }
    }

    /// The pages on which rules may stand.
    fn citable(&self) -> impl Iterator<Item = &Page> {
        [&self.page, &self.rubric_page].into_iter().chain(&self.pages)
    }

    /// Says that gold cites a rule which is nowhere, and where it may be.
    pub fn report_uncitable(&self, rule: &CitedRule, place: impl Into<Place>, diagnostics: &mut Diagnostics) {
        let known: Vec<String> = self
            .citable()
            .flat_map(|page| page.text.outline.ids().map(move |id| format!("{}#{id}", page.name())))
            .collect();
        let message = format!("gold cites `{rule}`, and this task's text has no such place");
        let meant = did_you_mean(&rule.to_string(), known.iter().map(String::as_str));
        diagnostics.add(rules::UNKNOWN_ANCHOR, place, message).maybe_help(meant).help(
            "a rule is `> [!RULE] id` in the text, or any heading; its page is `task`, `rubric` or a further one",
        );
    }
}

impl Page {
    /// The name of its file without the ending.
    pub fn name(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or(&self.path);
        file.strip_suffix(".md").unwrap_or(file)
    }

    /// What stands at an id, in words: a heading, or all of a quote that states a rule. Nothing at other elements, and
    /// where the passage is not for everyone.
    pub fn words_at(&self, id: &str) -> Option<String> {
        let outline = &self.text.outline;
        let is_for_all = |start: usize| outline.passage_at(start).is_none();
        if let Some(heading) = outline.heading(id) {
            return Some(heading.text.clone()).filter(|_| is_for_all(heading.range.start));
        }
        let rule = outline.rules.get(id).filter(|range| is_for_all(range.start))?;
        let said = plain(&self.text.pieces.text[rule.clone()]);
        Some(said.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
