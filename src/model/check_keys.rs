//! Checking what people wrote: what in Markdown, gold and the files of cohorts looks like a key, before readers get it.
//!
//! In: files of pages, tasks, cohorts and the lead's words. Out: a finding for each in which something was found, which is
//! named so that it can be found again, and not shown. Addresses are none: people write those on purpose.

use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, Severity, rules};
use crate::digest::Inputs;
use crate::memo::{Function, Memo};
use crate::sensitive::{self, SensitiveKind};
use crate::source::Source;
use std::sync::Arc;

/// A text to what in it looks like a key.
pub struct KeySearch;

impl Function for KeySearch {
    type Value = Arc<Vec<KeyInText>>;
}

/// What looks like a key in a text.
#[derive(Clone, Debug)]
pub struct KeyInText {
    /// What found it.
    rule: &'static str,
    value: String,
    /// The line in which it begins, from 1.
    line: usize,
}

/// Says which of these files hold what looks like a key.
pub fn note<'s>(
    sources: impl Iterator<Item = &'s Source>,
    config: &Config,
    memo: &Memo,
    diagnostics: &mut Diagnostics,
) {
    if config.checks.get(rules::SECRET_TEXT.id) == Some(&Severity::Off) {
        return;
    }
    let written: Vec<&Source> = sources.filter(|source| is_written(&source.path)).collect();
    diagnostics.in_parallel(&written, |source, found| note_source(source, config, memo, found));
}

/// Whether it is by people, and no run.
fn is_written(path: &str) -> bool {
    [".md", ".csv", ".yaml"].iter().any(|end| path.ends_with(end)) && !path.contains("/trajectories/")
}

fn note_source(source: &Source, config: &Config, memo: &Memo, diagnostics: &mut Diagnostics) {
    let inputs = Inputs::of("keys of a text").digest(&source.digest).end();
    let found = memo.take::<KeySearch>(inputs, || Arc::new(keys(source.text().map_or("", |text| text))));
    let held: Vec<&KeyInText> =
        found.iter().filter(|found| !config.allowed_in_runs.allow(found.rule, &found.value)).collect();
    let Some(first) = held.first() else { return };
    let more = match held.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let shown = SensitiveKind::Key.shown(&first.value);
    let counted = SensitiveKind::Key.counted(held.len());
    let message = format!("this text holds {counted} (`{shown}`, {}, line {}{more})", first.rule, first.line);
    diagnostics
        .add(rules::SECRET_TEXT, Place::file(&*source.path), message)
        .help("take it out before it is sealed or built: what readers once got cannot be taken back")
        .help("a key that others may have seen is to be revoked as well")
        .help(format!(
            "what is fine there is named in goldbook.yaml, by itself or by its rule: `allowed_in_runs: {{{}: why}}`",
            first.rule
        ));
}

fn keys(text: &str) -> Vec<KeyInText> {
    let found = sensitive::find(text).into_iter().filter(|found| found.kind == SensitiveKind::Key);
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    found.map(|found| KeyInText { rule: found.rule, line: line(found.range.start), value: found.value }).collect()
}
