//! Moved gold: what names steps of a run by number, once another import of the run takes its place.
//!
//! In: the site, where the run lies, and both imports. Out: the files that name its steps, with the numbers that these
//! have now; or a finding for each that can't be told. It writes nothing. Of the text of a file only numbers change.

use crate::diagnostic::{Diagnostics, Halt, Place, Severity, rules};
use crate::disk;
use crate::document::links::Target;
use crate::document::{self, Body, Documents, ExampleDocument, FlagKeys, TASKS, WrittenGold};
use crate::markdown::ids::{RunSide, step_at};
use crate::model::{self, EXCERPT_STEPS, ExcerptArguments, MovedStep, MovedSteps, like};
use crate::progress::Progress;
use crate::source::{Source, Span};
use crate::text::{spliced, with_line_ends_of};
use crate::trajectory::Trajectory;
use crate::workspace::{self, Workspace};
use crate::yaml::{Fields, Key, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A run of a site that another import takes the place of.
pub struct ReplacedRun<'a> {
    /// The folder of `goldbook.yaml`.
    pub root: &'a Path,
    /// Where the run lies, in the site.
    pub path: String,
    /// What lies there.
    pub old: &'a Trajectory,
    /// What is to lie there.
    pub new: &'a Trajectory,
    /// Whether what can't be told is left as it is.
    pub leaves_unknown: bool,
}

/// What a new import of a run moves.
#[derive(Default)]
pub struct MovedGold {
    /// The files that change.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// What moved in them, a line each.
    pub moved: Vec<String>,
}

/// The path of a file in the site at `root`, if it is a file of its tasks.
pub fn in_tasks(file: &Path, root: &Path) -> Option<String> {
    let below = disk::without_links(file).strip_prefix(disk::without_links(root)).ok()?.to_str()?.replace('\\', "/");
    below.starts_with(TASKS).then_some(below)
}

/// Finds what names steps of the run, and says what each is to be.
pub fn of(run: &ReplacedRun<'_>, diagnostics: &mut Diagnostics) -> Result<MovedGold, Halt> {
    let steps = MovedSteps::of(run.old, run.new);
    if steps.are_the_same() {
        return Ok(MovedGold::default());
    }
    let found = workspace::once(run.root, &Progress::hidden(), |workspace, diagnostics| {
        // What else is wrong with the site is said by `check`.
        let documents = document::parse(&workspace.files(), &mut Diagnostics::default());
        let mut mover = Mover { run, steps: &steps, workspace, edits: BTreeMap::new(), moved: Vec::new(), diagnostics };
        mover.documents(&documents);
        mover.end()
    });
    diagnostics.append(found.diagnostics);
    found.value.ok_or(Halt)
}

struct Mover<'a> {
    run: &'a ReplacedRun<'a>,
    steps: &'a MovedSteps<'a>,
    workspace: &'a Workspace<'a>,
    /// By file, what stands in a range instead.
    edits: BTreeMap<String, BTreeMap<usize, (Range<usize>, String)>>,
    moved: Vec<String>,
    diagnostics: &'a mut Diagnostics,
}

impl Mover<'_> {
    fn documents(&mut self, documents: &Documents) {
        let examples: Vec<&ExampleDocument> = documents.tasks.values().flat_map(|task| &task.examples).collect();
        let showing: Vec<&ExampleDocument> = examples.iter().copied().filter(|example| self.shows(example)).collect();
        for example in &showing {
            example.gold.iter().for_each(|gold| self.gold(&example.body, gold));
        }
        self.note_tables(&showing);
        let of_tasks = documents.tasks.values().flat_map(|task| {
            let pages = task.pages.iter().map(|page| &page.body);
            let own = task.task.iter().map(|task| &task.body).chain(task.rubric.iter().map(|rubric| &rubric.body));
            own.chain(pages)
        });
        let shared = documents.folders.iter().flat_map(|folder| folder.documents()).map(|page| &page.body);
        for body in examples.iter().map(|example| &example.body).chain(of_tasks).chain(shared) {
            self.excerpts(body);
            self.links(body, &examples);
        }
    }

    /// Whether an example shows the run, as its first one or as the second.
    fn shows(&self, example: &ExampleDocument) -> bool {
        RunSide::ALL.iter().any(|side| self.shows_as(example, *side))
    }

    fn shows_as(&self, example: &ExampleDocument, side: RunSide) -> bool {
        let named = match side {
            RunSide::First => example.trajectory.as_ref(),
            RunSide::Second => example.against.as_ref(),
        };
        named.is_some_and(|named| self.is_of_run(&named.value, &example.body.path))
    }

    fn is_of_run(&self, named: &str, base: &str) -> bool {
        model::run_path(named, base, &self.workspace.files()).is_ok_and(|path| path == self.run.path)
    }

    /// The flags of a criterion's gold.
    fn gold(&mut self, body: &Body, (criterion, WrittenGold { node }): &(Key, WrittenGold)) {
        let Value::List(flags) = &node.value else { return };
        let mut unread = Diagnostics::default();
        for flag in flags {
            let Some(mut fields) = Fields::of(flag, FlagKeys::WHAT, &mut unread) else { continue };
            let FlagKeys { step: Some(step), quote, .. } = FlagKeys::take(&mut fields, &mut unread) else { continue };
            let number = usize::try_from(step.value).unwrap_or(usize::MAX);
            let what = format!("gold of `{}` speaks of", criterion.text);
            let quote = quote.as_ref().map(|quote| quote.value.as_str());
            if let Some(now) = self.now(number, quote, &what, &body.path, step.span).filter(|now| *now != number) {
                self.edit(&body.path, step.span, now.to_string());
            }
        }
    }

    /// The excerpts of the run that a text shows.
    fn excerpts(&mut self, body: &Body) {
        for fence in body.outline.fences.iter().filter(|fence| fence.name == "trajectory") {
            let Ok(ExcerptArguments { run, steps: Some((from, to)), .. }) = ExcerptArguments::read(&fence.arguments)
            else {
                continue;
            };
            if !self.is_of_run(run, &body.path) {
                continue;
            }
            let span = body.span(&fence.range);
            let [first, last] = [from, to].map(|step| self.now(step, None, "an excerpt has", &body.path, span));
            let (Some(first), Some(last)) = (first, last) else { continue };
            let old = body.text[fence.range.clone()].find(EXCERPT_STEPS);
            let start = old.map(|at| fence.range.start + at + EXCERPT_STEPS.len());
            if let Some(start) = start.filter(|_| (first, last) != (from, to)) {
                let length = body.text[start..].find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(0);
                let now = if first == last { first.to_string() } else { format!("{first}-{last}") };
                self.edit(&body.path, body.span(&(start..start + length)), now);
            }
        }
    }

    /// The links of a text to steps of the run.
    fn links(&mut self, body: &Body, examples: &[&ExampleDocument]) {
        for (link, target) in body.outline.links.iter().zip(body.targets.iter()) {
            let (path, place) = match target {
                Target::Here(place) => (&*body.path, place),
                Target::File(path, Some(place)) => (path.as_str(), place),
                _ => continue,
            };
            let Some((side, number)) = step_at(place) else { continue };
            let example = examples.iter().find(|example| *example.body.path == *path);
            if !example.is_some_and(|example| self.shows_as(example, side)) {
                continue;
            }
            let written = format!("#{place}");
            let Some(text) = body.text.get(link.range.clone()) else { continue };
            let Some(at) = text.rfind(&written) else { continue };
            let span_of =
                |at: usize, length: usize| body.span(&(link.range.start + at..link.range.start + at + length));
            let span = span_of(at, written.len());
            if let Some(now) = self.now(number, None, "a link leads to", &body.path, span).filter(|now| *now != number)
            {
                self.edit(&body.path, span, format!("#{}step-{now}", side.prefix()));
                // `[step 12](#step-12)` says the number too.
                let said = number.to_string();
                let words = text[..at].rfind("](").map_or("", |end| &text[..end]);
                let before = words.strip_suffix(&said).filter(|before| before.ends_with([' ', '[', '\u{a0}']));
                before
                    .iter()
                    .for_each(|before| self.edit(&body.path, span_of(before.len(), said.len()), now.to_string()));
            }
        }
    }

    /// Tables of gold are only added to.
    fn note_tables(&mut self, showing: &[&ExampleDocument]) {
        for example in showing {
            let Some((task, _)) = example.body.path.split_once("/examples/") else { continue };
            let path = format!("{task}/gold.csv");
            let files = self.workspace.files();
            let table = files.get(&path).and_then(Source::text);
            if table.is_some_and(|text| text.contains(example.item.as_str())) {
                let message = format!("rows on `{}` here, if they name steps, are not moved", example.item);
                let finding = self.diagnostics.add(rules::MOVED_STEP, Place::file(path), message);
                finding.severity = Severity::Warning;
                finding.help("a table of gold is only added to: add rows with the numbers that the steps have now");
            }
        }
    }

    /// The number that a step has now. What can't be told is found fault with.
    fn now(&mut self, number: usize, quote: Option<&str>, what: &str, path: &str, span: Span) -> Option<usize> {
        match self.steps.now(number, quote) {
            Ok(MovedStep { number: now, by }) => {
                if now != number {
                    let told = by.words();
                    self.moved.push(format!("{path}: {what} step {number}, which is step {now} now (told by {told})"));
                }
                Some(now)
            }
            Err(nearest) => {
                let message = format!("{what} step {number}, which the new import does not have");
                let finding = self.diagnostics.add(rules::MOVED_STEP, span, message).maybe_help(like(&nearest));
                if self.run.leaves_unknown {
                    finding.severity = Severity::Warning;
                } else {
                    finding.help(
                        "`--leave-unknown` writes the run and leaves such numbers as they are, to be set by hand",
                    );
                }
                None
            }
        }
    }

    fn edit(&mut self, path: &str, span: Span, now: String) {
        let range = span.start as usize..span.end as usize;
        self.edits.entry(path.to_owned()).or_default().insert(range.start, (range, now));
    }

    fn end(self) -> Result<MovedGold, Halt> {
        self.diagnostics.gate()?;
        let mut files = Vec::new();
        for (path, edits) in self.edits {
            let place = self.run.root.join(&path);
            let old = disk::read(&place).map_err(|error| self.diagnostics.machine(&error, self.run.root))?;
            let files_of_site = self.workspace.files();
            let text = files_of_site.get(&path).and_then(Source::text).map_or("", |text| text);
            let new = spliced(text, edits.into_values());
            files.push((place, with_line_ends_of(&new, &String::from_utf8_lossy(&old)).into_bytes()));
        }
        Ok(MovedGold { files, moved: self.moved })
    }
}
