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
    /// Those that an answer cites.
    pub fn all(gold: &Gold, edition: &Edition<'_>, place: TextPlace<'_, '_>) -> Vec<Self> {
        let view = |(rule, title, address): (&CitedRule, String, Arc<str>)| Self {
            title,
            url: place.url(&address, Some(&rule.id)),
        };
        shown(gold, edition).map(view).collect()
    }
}

/// What the rules that an example's gold cites are called.
pub fn titles(example: &Example, edition: &Edition<'_>) -> Vec<String> {
    example.gold.iter().flat_map(|gold| shown(gold, edition)).map(|(_, title, _)| title).collect()
}

/// Rules with what each is called, and the address of its page.
fn shown<'a>(gold: &'a Gold, edition: &'a Edition<'_>) -> impl Iterator<Item = (&'a CitedRule, String, Arc<str>)> {
    gold.rules.iter().filter_map(|rule| {
        let page = edition.instructions.rule_page(rule)?;
        let heading = page.text.outline.heading(&rule.id);
        let title = heading.map_or_else(|| rule.id.clone(), |heading| heading.text.clone());
        Some((rule, title, edition.find(&page.path)?.address))
    })
}
