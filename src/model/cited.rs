//! What gold cites: rules looked up in a version of their task.
//!
//! In: a rule's name, and the pages of a version, whole or as an audience has it. Out: the page and the words that stand
//! there; or what is wrong with the name.

use super::{Instructions, Page};
use crate::diagnostic::{Diagnostics, Place, did_you_mean, rules};
use crate::document::CitedRule;
use crate::markdown::plain;
use crate::markdown::project::project;

impl Instructions {
    /// The page that a rule stands on; none if this version does not have it.
    pub fn rule_page(&self, rule: &CitedRule) -> Option<&Page> {
        self.citable().find(|page| page.path_in_task() == rule.page && page.text.outline.ids().any(|id| id == rule.id))
    }

    /// Those of some rules that this text has, as words behind the gold that cites them; empty where there are none.
    pub fn rules_in_words(&self, rules: &[CitedRule]) -> String {
        let shown = rules.iter().filter(|rule| self.rule_page(rule).is_some());
        let names: Vec<String> = shown.map(ToString::to_string).collect();
        if names.is_empty() { String::new() } else { format!(", by {}", names.join(" and ")) }
    }

    /// The pages on which rules may stand.
    fn citable(&self) -> impl Iterator<Item = &Page> {
        [&self.page, &self.rubric_page].into_iter().chain(&self.pages)
    }

    /// Finds out whether a rule that gold cites is here, and is the same place for everyone who sees it.
    pub fn check_cited(&self, rule: &CitedRule, place: impl Into<Place>, diagnostics: &mut Diagnostics) {
        match self.rule_page(rule) {
            None => self.report_uncitable(rule, place, diagnostics),
            Some(page) if !page.has_once(&rule.id) => {
                let message = format!("gold cites `{rule}`, and not everyone finds the same there");
                diagnostics
                    .add(rules::UNKNOWN_ANCHOR, place, message)
                    .help("something else on that page is called so for some readers: give the rule an id of its own");
            }
            Some(_) => {}
        }
    }

    fn report_uncitable(&self, rule: &CitedRule, place: impl Into<Place>, diagnostics: &mut Diagnostics) {
        let ids = |page: &'_ Page| {
            page.text.outline.ids().map(|id| CitedRule::new(page.path_in_task(), id).to_string()).collect::<Vec<_>>()
        };
        let known: Vec<String> = self.citable().flat_map(ids).collect();
        let message = format!("gold cites `{rule}`, and this task's text has no such place");
        let meant = did_you_mean(&rule.to_string(), known.iter().map(String::as_str));
        diagnostics.add(rules::UNKNOWN_ANCHOR, place, message).maybe_help(meant).help(
            "a rule is `> [!RULE] id` in the text, or any heading; its page is `task`, `rubric` or a further one",
        );
    }
}

impl Page {
    /// The path of its file within the task's folder, without the ending.
    pub fn path_in_task(&self) -> &str {
        let file = self.path.splitn(4, '/').nth(3).unwrap_or(&self.path);
        file.strip_suffix(".md").unwrap_or(file)
    }

    /// What stands at an id, in words: a heading, or all of a quote that states a rule; nothing at other elements.
    pub fn words_at(&self, id: &str) -> Option<String> {
        let outline = &self.text.outline;
        if let Some(heading) = outline.heading(id) {
            return Some(heading.text.clone());
        }
        let said = plain(&self.text.pieces.text[outline.rules.get(id)?.clone()]);
        Some(said.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether an id of this page is of one place alone, also for those who do not see all passages.
    fn has_once(&self, id: &str) -> bool {
        let outline = &self.text.outline;
        if outline.taken_ids.iter().any(|taken| taken.id == id) {
            return false;
        }
        let start = outline.heading(id).map(|heading| heading.range.start).or(outline.html_ids.get(id).copied());
        let is_for_some = start.is_some_and(|start| outline.passage_at(start).is_some());
        let without = || project(&self.text.pieces, outline, &|_| Some(false));
        !is_for_some || without().is_none_or(|text| text.outline.ids().all(|other| other != id))
    }
}
