//! Instruction sets: one task's documents, checked against each other.
//!
//! In: the documents of a task (working, or sealed) and their files. Out: `Instructions`, and findings.
//! Sealed sets pass through here like any other. It never looks at other tasks or at links.

use super::text::Workshop;
use super::{Example, Facts, Gold, Instructions, Page, Run, asset};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::document::{
    BarPart, Body, ExampleDocument, FileSet, ItemKind, PageDocument, Rubric, RubricDocument, TaskDocuments, TaskKeys,
    Use,
};
use crate::markdown::slug;
use crate::schema::Spanned;
use crate::source::{Source, Span};
use std::collections::BTreeMap;

/// Checks one task's documents. None if the spec or the rubric is missing.
pub fn check(
    documents: &TaskDocuments,
    files: &FileSet<'_>,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Option<Instructions> {
    let (task, rubric) = (documents.task.as_ref()?, documents.rubric.as_ref()?);
    check_rubric(rubric, diagnostics);
    let mut set = Set { workshop: Workshop::new(config, files), files: BTreeMap::new() };
    let page = set.page(task.title(), false, task.keys.audience.as_ref(), &task.body, diagnostics);
    let rubric_page =
        set.page(&rubric.title, rubric.title_in_body, rubric.audience.as_ref(), &rubric.body, diagnostics);
    let mut pages: Vec<Page> = documents.pages.iter().map(|page| set.further_page(page, diagnostics)).collect();
    pages.sort_by_key(|page| page.order);
    let examples: Vec<Example> = documents
        .examples
        .iter()
        .map(|example| set.example(example, task.keys.items, &rubric.rubric, diagnostics))
        .collect();
    check_items(&examples, &documents.examples, diagnostics);
    let set = Instructions {
        page,
        facts: facts(&task.keys),
        rubric_page,
        rubric: rubric.rubric.clone(),
        pages,
        examples,
        files: set.files,
    };
    check_gold(&set, &documents.examples, diagnostics);
    Some(set)
}

/// What the gold of examples cites stands in the text.
fn check_gold(set: &Instructions, documents: &[ExampleDocument], diagnostics: &mut Diagnostics) {
    for (example, document) in set.examples.iter().zip(documents) {
        for gold in &example.gold {
            let written = document.gold.iter().find(|(key, _)| key.text == gold.criterion);
            let place = written.map_or_else(|| document.body.top(), |(key, _)| key.span);
            gold.cited().for_each(|rule| set.check_cited(rule, place, diagnostics));
        }
    }
}

fn facts(task: &TaskKeys) -> Facts {
    Facts {
        summary: task.summary.clone(),
        owner: task.owner.clone(),
        items: task.items,
        time: task.time.clone(),
        pay: task.pay.clone(),
        status: task.status,
        kind: task.kind,
        interests: task.interests.clone(),
    }
}

struct Set<'a> {
    workshop: Workshop<'a>,
    files: BTreeMap<String, (Source, Option<AudienceId>)>,
}

impl Set<'_> {
    fn page(
        &mut self,
        title: &str,
        title_in_body: bool,
        audience: Option<&Spanned<String>>,
        body: &Body,
        diagnostics: &mut Diagnostics,
    ) -> Page {
        let audience = self.workshop.audience(audience, diagnostics);
        let page = self.page_for(title, title_in_body, audience, body, diagnostics);
        self.keep_used(audience);
        page
    }

    fn further_page(&mut self, page: &PageDocument, diagnostics: &mut Diagnostics) -> Page {
        let path = &page.body.path;
        let name = path.split('/').nth(3).unwrap_or("");
        let slug = slug::path(name.strip_suffix(".md").unwrap_or(name));
        if RESERVED.contains(&slug.as_str()) {
            let message = format!("`{slug}` is a name that every task's site has already");
            diagnostics
                .add(rules::DUPLICATE_PATH, page.body.top(), message)
                .help(format!("in a task, {} are taken", one_of(RESERVED)));
        }
        let made = self.page(&page.title, page.title_in_body, page.audience.as_ref(), &page.body, diagnostics);
        Page { order: page.order.unwrap_or(u32::MAX), ..made }
    }

    /// Makes a page, and notes which files it is made from.
    fn page_for(
        &mut self,
        title: &str,
        title_in_body: bool,
        audience: Option<AudienceId>,
        body: &Body,
        diagnostics: &mut Diagnostics,
    ) -> Page {
        self.workshop.used.insert(body.path.to_string());
        let text = self.workshop.text(body, title_in_body, audience, diagnostics);
        let assets = text.linked_files().filter(|path| asset::is_asset(path));
        self.workshop.used.extend(assets.map(str::to_owned));
        Page::new(body.path.clone(), title.to_owned(), audience, text, body.digest)
    }

    /// A file that several pages use is for the widest audience among them.
    fn keep_used(&mut self, audience: Option<AudienceId>) {
        let audiences = &self.workshop.config.audiences;
        for path in std::mem::take(&mut self.workshop.used) {
            let Some(source) = self.workshop.files.get(&path) else { continue };
            // What the settings say of a file that can't be searched is for good.
            let declared = self.workshop.config.assets.get(&path).copied();
            let audience = declared.or(audience);
            let entry = self.files.entry(path).or_insert_with(|| (source.clone(), audience));
            if let Some(new) = audience
                && entry.1.is_none_or(|old| audiences.sees(old, new))
            {
                entry.1 = audience;
            }
        }
    }

    /// The run that an example shows, and the second one of a pair.
    fn runs(
        &mut self,
        example: &ExampleDocument,
        items: ItemKind,
        diagnostics: &mut Diagnostics,
    ) -> (Option<Run>, Option<Run>) {
        check_pair(example, items, diagnostics);
        let base = &example.body.path;
        let mut read = |named: &Option<Spanned<String>>, sample: &Option<String>| {
            let named = named.as_ref()?;
            self.workshop.trajectory(&named.value, sample.as_deref(), base, named.span, diagnostics)
        };
        let first = read(&example.trajectory, &example.sample);
        let second = read(&example.against, &example.against_sample);
        let is_pair = items == ItemKind::Pair && first.is_some();
        (first, second.filter(|_| is_pair))
    }

    fn example(
        &mut self,
        example: &ExampleDocument,
        items: ItemKind,
        rubric: &Rubric,
        diagnostics: &mut Diagnostics,
    ) -> Example {
        let is_kept_back = !example.used.is_shipped();
        let config = self.workshop.config;
        let named = example.audience.as_ref().map(|_| self.workshop.audience(example.audience.as_ref(), diagnostics));
        let audience = match (named, &example.audience) {
            (None, _) if is_kept_back => config.gold_audience,
            (Some(Some(audience)), Some(name))
                if is_kept_back && !config.audiences.may_see(audience, config.gold_audience) =>
            {
                let used = example.used.name();
                let message = format!("a {used} example is never shipped to `{}`, who may not see gold", name.value);
                diagnostics.add(rules::INVALID_VALUE, name.span, message).help("leave `audience` out");
                None
            }
            (named, _) => named.unwrap_or(Some(config.default_audience)),
        };
        let (trajectory, against) = self.runs(example, items, diagnostics);
        if let (Use::Gold, Some((key, _))) = (example.used, example.gold.first()) {
            diagnostics
                .add(rules::INVALID_VALUE, key.span, "an example that experts answer to make gold has none yet")
                .help("write `use: held-out` where its gold is known");
        }
        let mut gold = Vec::new();
        for node in &example.gold {
            let (key, _) = node;
            match rubric.criterion(&key.text) {
                Some(criterion) if criterion.scale.has_flags() && against.is_some() => {
                    let message =
                        format!("gold of `{}` would be flags, and a flag can't say of which run it is", key.text);
                    diagnostics
                        .add(rules::INVALID_VALUE, key.span, message)
                        .help("leave it out: flags have gold where an example shows one run");
                }
                Some(criterion) => gold.extend(Gold::read(node, criterion, trajectory.as_deref(), diagnostics)),
                None => unknown_criterion(&key.text, key.span, rubric, diagnostics),
            }
        }
        let page = self.page_for(&example.title, example.title_in_body, audience, &example.body, diagnostics);
        let page = Page { order: example.order.unwrap_or(u32::MAX), ..page };
        if is_kept_back {
            self.workshop.used.clear();
        } else {
            self.keep_used(audience);
        }
        let (id, item) = (example.id.clone(), example.item.clone());
        Example { id, page, item, used: example.used, trajectory, against, gold }
    }
}

/// A pair has two runs, and everything else one at most.
fn check_pair(example: &ExampleDocument, items: ItemKind, diagnostics: &mut Diagnostics) {
    match (&example.trajectory, &example.against) {
        (Some(first), None) if items == ItemKind::Pair => {
            diagnostics
                .add(rules::MISSING_KEY, first.span, "an item of this task is a pair, and this example shows one run")
                .help("name the second one too: `against: run-0148`")
                .help("if an item is one run, write `items: trajectory` in task.md");
        }
        (_, Some(second)) if items != ItemKind::Pair => {
            diagnostics
                .add(
                    rules::INVALID_VALUE,
                    second.span,
                    "`against` names a second run, and an item of this task is no pair",
                )
                .help("write `items: pair` in task.md, or leave `against` out");
        }
        (None, Some(second)) => {
            diagnostics
                .add(rules::MISSING_KEY, second.span, "`against` names a second run, and nothing names the first")
                .help("name it too: `trajectory: run-0147`");
        }
        _ => {}
    }
}

/// Names in a task's folder of URLs that are not for its further pages.
const RESERVED: [&str; 9] = ["rubric", "examples", "practice", "test", "rate", "changes", "print", "v", "next"];

fn unknown_criterion(name: &str, span: Span, rubric: &Rubric, diagnostics: &mut Diagnostics) {
    let known = || rubric.criteria.iter().map(|criterion| criterion.id.as_str());
    diagnostics
        .add(rules::UNKNOWN_CRITERION, span, format!("the rubric has no criterion `{name}`"))
        .maybe_help(did_you_mean(name, known()))
        .help(format!("it has {}", one_of(known())));
}

fn check_rubric(rubric: &RubricDocument, diagnostics: &mut Diagnostics) {
    for (criterion, span) in rubric.rubric.criteria.iter().zip(&rubric.spans) {
        if rubric.body.outline.heading(&criterion.id).is_none() {
            diagnostics
                .add(rules::MISSING_SECTION, *span, format!("`{}` has no section that explains it", criterion.id))
                .help(format!("add a heading to the rubric: `## … {{#{}}}`", criterion.id));
        }
    }
    if rubric.rubric.criteria.is_empty() {
        diagnostics.add(rules::MISSING_KEY, rubric.body.top(), "a rubric needs at least one criterion");
    }
    check_bar(&rubric.rubric.bar, &rubric.rubric, rubric.body.top(), diagnostics);
    check_mark(rubric, diagnostics);
}

/// Every name of the mark that passes a test must be a figure's.
fn check_mark(rubric: &RubricDocument, diagnostics: &mut Diagnostics) {
    let (Some(mark), Some(span)) = (&rubric.rubric.pass, rubric.pass_span) else { return };
    let known = rubric.rubric.names_of_figures();
    for name in mark.names().unwrap_or_default().into_iter().filter(|name| !known.contains(name)) {
        diagnostics
            .add(rules::INVALID_VALUE, span, format!("the mark has `{name}`, which is no figure"))
            .maybe_help(did_you_mean(&name, known.iter().map(String::as_str)))
            .help("figures are `items`, and `point`, `low`, `high`, `right` and `asked` of `accuracy` and of each criterion that is scored, its id with `_` for `-`");
    }
}

/// Every figure of a bar must be of a criterion that is there and scored.
pub fn check_bar(bar: &[BarPart], rubric: &Rubric, span: Span, diagnostics: &mut Diagnostics) {
    for BarPart { figure, .. } in bar {
        let Some(criterion) = figure.criterion.as_deref() else { continue };
        let Some(found) = rubric.criterion(criterion) else {
            unknown_criterion(criterion, span, rubric, diagnostics);
            continue;
        };
        let name = figure.name();
        if !found.scale.is_scored() {
            let message = format!("the bar has `{name}`, but `{criterion}` is free text, which is never scored");
            diagnostics.add(rules::INVALID_VALUE, span, message);
        } else if !found.scale.measures().contains(&figure.measure) {
            let scale = found.scale.name();
            diagnostics
                .add(rules::INVALID_VALUE, span, format!("the bar has `{name}`, which no {scale} criterion has"))
                .help(format!(
                    "figures of `{criterion}` are {}",
                    one_of(found.scale.measures().iter().map(|measure| measure.name()))
                ));
        }
    }
}

/// Two examples of one item would give it gold twice; one that waits for its gold gives none.
fn check_items(examples: &[Example], documents: &[ExampleDocument], diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, bool), &ExampleDocument> = BTreeMap::new();
    for (example, document) in examples.iter().zip(documents) {
        if let Some(first) = seen.insert((&example.item, example.used == Use::Gold), document) {
            diagnostics
                .add(rules::DUPLICATE_ID, document.body.top(), format!("two examples show the item `{}`", example.item))
                .related(first.body.top(), "the other one");
        }
    }
}
