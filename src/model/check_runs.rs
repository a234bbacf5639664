//! Checking runs: what in them looks like a key or an address, before it is sealed and where it is sealed already.
//!
//! In: the Model. Out: a finding for each run and for each sealed one, in which what was found is named so that it can be
//! found again, and not shown. It never changes a run.

use super::{Example, Instructions, Model, Release, Run, Task};
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, Rule, Severity, rules};
use crate::digest::{Digest, Inputs};
use crate::memo::{Function, Memo};
use crate::sensitive::SensitiveKind;
use crate::text::listed;
use crate::trajectory::{SensitiveInRun, by_rule, in_words};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A run to what in it looks like a key or an address.
pub struct RunSearch;

impl Function for RunSearch {
    type Value = Arc<Vec<SensitiveInRun>>;
}

/// A run of some sealed versions.
struct SealedRun<'m> {
    run: &'m Run,
    task: &'m Task,
    releases: Vec<&'m Release>,
}

/// The rules of this file.
const RULES: [&Rule; 3] = [rules::SECRET_TEXT, rules::PERSONAL_TEXT, rules::SEALED_SECRET];

/// Says what the runs of all tasks hold, and those of sealed versions.
pub fn note(model: &Model, memo: &Memo, diagnostics: &mut Diagnostics) {
    let config = &model.config;
    model.tasks.iter().for_each(|task| note_task(task, config, memo, diagnostics));
    if is_off(config, &[rules::SEALED_SECRET]) {
        return;
    }
    let sealed: Vec<SealedRun<'_>> = model.tasks.iter().flat_map(sealed_runs).collect();
    diagnostics.in_parallel(&sealed, |sealed, found| note_sealed(sealed, config, memo, found));
}

/// Says what the runs of a task's working text hold.
pub fn note_task(task: &Task, config: &Config, memo: &Memo, diagnostics: &mut Diagnostics) {
    if is_off(config, &RULES[..2]) {
        return;
    }
    let runs: Vec<&Run> = task.working.iter().flat_map(|set| runs(set).into_values()).collect();
    diagnostics.in_parallel(&runs, |run, found| note_run(run, config, memo, found));
}

fn is_off(config: &Config, rules: &[&Rule]) -> bool {
    rules.iter().all(|rule| config.checks.get(rule.id) == Some(&Severity::Off))
}

/// The runs that a text shows, each once.
fn runs(set: &Instructions) -> BTreeMap<(&str, Digest), &Run> {
    let of_examples = set.examples.iter().flat_map(Example::runs);
    let of_texts = set.all_pages().flat_map(|page| page.text.excerpts.values().map(|excerpt| &excerpt.trajectory));
    of_examples.chain(of_texts).map(|run| ((&*run.path, run.digest), run)).collect()
}

/// The runs of the sealed versions that are to be worked from, each once.
fn sealed_runs(task: &Task) -> Vec<SealedRun<'_>> {
    let mut sealed: BTreeMap<(&str, Digest), SealedRun<'_>> = BTreeMap::new();
    for release in task.sealed().filter(|release| release.withdrawn.is_none()) {
        for (key, run) in runs(&release.instructions) {
            let entry = sealed.entry(key).or_insert_with(|| SealedRun { run, task, releases: Vec::new() });
            entry.releases.push(release);
        }
    }
    sealed.into_values().collect()
}

/// What a run holds that the settings do not allow.
fn search(run: &Run, config: &Config, memo: &Memo) -> Vec<SensitiveInRun> {
    let inputs = Inputs::of("keys and addresses of a run").digest(&run.digest).end();
    let found = memo.take::<RunSearch>(inputs, || Arc::new(run.sensitive()));
    let unallowed = found.iter().filter(|found| !config.allowed_in_runs.allow(found.rule, &found.value));
    unallowed.cloned().collect()
}

fn note_run(run: &Run, config: &Config, memo: &Memo, diagnostics: &mut Diagnostics) {
    let found = search(run, config, memo);
    for (rule, found) in by_rule(&found) {
        let finding = diagnostics.add(rule, Place::file(&*run.path), format!("this run holds {}", in_words(&found)));
        finding.help(masking(&run.path));
        if rule == rules::SECRET_TEXT {
            finding.help("a key that others may have seen is to be revoked as well");
        }
        let first = found.first().map_or("text", |first| first.rule);
        finding.help(format!(
            "what is fine there is named in goldbook.yaml, by itself or by its rule: `allowed_in_runs: {{{first}: why}}`"
        ));
    }
}

/// How a run is masked: where it lies if that is a file of one run.
fn masking(path: &str) -> String {
    match path.strip_suffix(".json") {
        Some(_) => format!("`goldbook import trajectory {path} --redact --force -o {path}` masks all of it"),
        None => {
            let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
            format!(
                "`goldbook import trajectory {path} --redact -o {stem}-masked.json` writes a masked run, for the example to show"
            )
        }
    }
}

fn note_sealed(sealed: &SealedRun<'_>, config: &Config, memo: &Memo, diagnostics: &mut Diagnostics) {
    let SealedRun { run, task, releases } = sealed;
    let found = search(run, config, memo);
    let Some(newest) = releases.last().filter(|_| !found.is_empty()) else { return };
    let versions: Vec<String> = releases.iter().map(|release| release.version.to_string()).collect();
    let versions = listed(versions.iter().map(String::as_str));
    let held = in_words(&found.iter().collect::<Vec<_>>());
    let name = run.path.rsplit('/').next().unwrap_or(&run.path);
    let message = format!("in {} {versions}, `{name}` is sealed with {held}", task.id);
    let finding = diagnostics.add(rules::SEALED_SECRET, Place::file(&*newest.lock), message);
    finding
        .help("sealed, it stays in content/releases/objects, in git's history and with all who have read it: masking an output takes nothing out of there")
        .help(format!(
            "for new readers: mask the run, seal a new version, then `goldbook withdraw {} {} --because \"…\"`",
            task.id, newest.version
        ));
    if found.iter().any(|found| found.kind == SensitiveKind::Key) {
        finding.help("revoke the key");
    }
}
