//! The rules that gold cites, as links to where they stand.
//!
//! In: gold, and the edition that shows it. Out: what each rule is called there, and its address. A rule that the edition
//! does not show is none.

use crate::document::CitedRule;
use crate::model::{Example, Gold};
use crate::site::edition::Edition;
use crate::site::host::TextPlace;
use serde::Serialize;
use std::sync::Arc;

/// A rule.
#[derive(Serialize)]
pub struct RuleView {
    /// The words of its heading, or its id.
    title: String,
    /// Where it stands.
    url: String,
}

impl RuleView {
    /// Those of some rules that the edition shows.
    pub fn all(rules: &[CitedRule], edition: &Edition<'_>, place: TextPlace<'_, '_>) -> Vec<Self> {
        let view = |(rule, title, address): (&CitedRule, String, Arc<str>)| Self {
            title,
            url: place.url(&address, Some(&rule.id)),
        };
        shown(rules.iter(), edition).map(view).collect()
    }
}

/// What the rules that an example's gold cites are called.
pub fn titles(example: &Example, edition: &Edition<'_>) -> Vec<String> {
    shown(example.gold.iter().flat_map(Gold::cited), edition).map(|(_, title, _)| title).collect()
}

/// Rules with what each is called, and the address of its page.
fn shown<'a>(
    rules: impl Iterator<Item = &'a CitedRule>,
    edition: &Edition<'_>,
) -> impl Iterator<Item = (&'a CitedRule, String, Arc<str>)> {
    rules.filter_map(|rule| {
        let page = edition.instructions.rule_page(rule)?;
        let heading = page.text.outline.heading(&rule.id);
        let title = heading.map_or_else(|| rule.id.clone(), |heading| heading.text.clone());
        Some((rule, title, edition.find(&page.path)?.address))
    })
}
