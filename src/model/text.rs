//! Texts: bodies with their includes put in and their trajectory blocks resolved.
//!
//! In: a body and the set of files it may draw on. Out: a `Text` with nothing left to look up, and a note of every
//! file that went into it. It never decides who may read the text; it refuses to widen what a file says of itself.

use super::{Excerpt, Run, Text, check_text, suggestions};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Fault, rules};
use crate::digest::{Digest, Inputs};
use crate::document::links::{self, Target};
use crate::document::{Body, FileSet, PageDocument, RUN_EXTENSIONS, TASKS, TRAJECTORIES, page};
use crate::limits::{LARGEST_TEXT, MOST_INCLUDES, MOST_STEPS_SHOWN, mebibytes};
use crate::markdown::outline::{Fence, Outline};
use crate::markdown::project::{OutlinedText, Pieces};
use crate::markdown::scope::{self, LabelUses};
use crate::memo::Function;
use crate::schema::Spanned;
use crate::source::Span;
use crate::text;
use crate::trajectory::{self, ReadOptions, Trajectory};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// What texts are made from, and what was used so far.
pub struct Workshop<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The files that may be drawn on.
    pub files: &'a FileSet<'a>,
    /// Paths of all files that went into a text.
    pub used: BTreeSet<String>,
    includes: usize,
}

/// A log to its run, or why it can't be read.
struct RunReading;

impl Function for RunReading {
    type Value = Result<Arc<Trajectory>, Fault>;
}

impl<'a> Workshop<'a> {
    /// Starts with nothing used.
    pub fn new(config: &'a Config, files: &'a FileSet<'a>) -> Self {
        Self { config, files, used: BTreeSet::new(), includes: 0 }
    }

    /// The audience a document names, else the site's default.
    pub fn audience(&self, named: Option<&Spanned<String>>, diagnostics: &mut Diagnostics) -> Option<AudienceId> {
        match named {
            Some(name) => self.config.audiences.named(&name.value, name.span, diagnostics),
            None => Some(self.config.default_audience),
        }
    }

    /// The text of a body for `audience`.
    pub fn text(
        &mut self,
        body: &Body,
        title_in_body: bool,
        audience: Option<AudienceId>,
        diagnostics: &mut Diagnostics,
    ) -> Text {
        check_text::check(body, self.config, self.files.memo, diagnostics);
        let mut text = Text::of(body, title_in_body);
        if body.outline.fences.is_empty() {
            return text;
        }
        let mut path = vec![body.path.to_string()];
        self.includes = 0;
        if let Some(expanded) = self.expand(body, audience, &mut path, diagnostics) {
            text = text.with(expanded);
        }
        self.add_excerpts(&mut text, body, diagnostics);
        text
    }

    /// Finds what the trajectory blocks of a text show.
    fn add_excerpts(&mut self, text: &mut Text, body: &Body, diagnostics: &mut Diagnostics) {
        let own: BTreeMap<String, Span> =
            body.outline.runs().rev().map(|fence| (fence.arguments.clone(), body.span(&fence.range))).collect();
        let mut shown = 0;
        let outline = Arc::clone(&text.outline);
        for fence in outline.runs() {
            let span = own.get(&fence.arguments).copied().unwrap_or(body.top());
            let base = text.pieces.base(fence.range.start).to_owned();
            let Some(excerpt) = self.excerpt(&fence.arguments, &base, span, diagnostics) else { continue };
            shown += excerpt.to - excerpt.from + 1;
            if shown > MOST_STEPS_SHOWN {
                let message = format!("the trajectory blocks of this text show more than {MOST_STEPS_SHOWN} steps");
                diagnostics.add(rules::BEYOND_LIMIT, span, message);
                return;
            }
            text.excerpts.insert(fence.arguments.clone(), excerpt);
        }
    }

    /// The body with its includes put in; none if it has none.
    fn expand(
        &mut self,
        body: &Body,
        audience: Option<AudienceId>,
        path: &mut Vec<String>,
        diagnostics: &mut Diagnostics,
    ) -> Option<OutlinedText> {
        let whole = body.pieces();
        let includes: Vec<&Fence> = body.outline.fences.iter().filter(|fence| fence.name == "include").collect();
        let mut edits = Vec::new();
        let labels = if includes.is_empty() { LabelUses::default() } else { LabelUses::of(&body.text, &body.outline) };
        let mut passages = body.outline.passages.len();
        for fence in &includes {
            let pieces = self.include(fence, body, &labels, audience, path, diagnostics);
            passages += pieces.as_ref().map_or(0, |pieces| Outline::of(&pieces.text).passages.len());
            edits.push((fence.range.clone(), pieces));
        }
        let first = includes.first()?;
        let size = edits.iter().flat_map(|(_, pieces)| pieces).map(|pieces| pieces.text.len()).sum::<usize>();
        if size > LARGEST_TEXT {
            let message = format!("more than {} of included text", mebibytes(LARGEST_TEXT as u64));
            diagnostics.add(rules::BEYOND_LIMIT, body.span(&first.range), message);
            return None;
        }
        let joined = OutlinedText::of(whole.replace(&edits));
        if joined.outline.passages.len() != passages {
            let message = "what is included changes how the text after it is read, so that its narrowed passages show";
            diagnostics
                .add(rules::NARROWER_INCLUDE, body.span(&first.range), message)
                .help("close every code block and HTML element in the included file");
            return None;
        }
        Some(joined)
    }

    fn include(
        &mut self,
        fence: &Fence,
        host: &Body,
        labels: &LabelUses,
        audience: Option<AudienceId>,
        path: &mut Vec<String>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Pieces> {
        let span = host.span(&fence.range);
        self.includes += 1;
        let number = self.includes;
        if self.includes > MOST_INCLUDES {
            if self.includes == MOST_INCLUDES + 1 {
                let message = format!("more than {MOST_INCLUDES} includes in one text");
                diagnostics.add(rules::BEYOND_LIMIT, span, message);
            }
            return None;
        }
        let Target::File(target, section) = links::parse(&fence.arguments, &host.path) else {
            let message = format!("`{}` is not a file of the site", fence.arguments);
            diagnostics.add(rules::MISSING_FILE, span, message);
            return None;
        };
        if path.contains(&target) {
            let circle = path.iter().chain([&target]).map(|name| format!("`{name}`")).collect::<Vec<_>>();
            let message = format!("these files include each other: {}", circle.join(" → "));
            diagnostics.add(rules::CYCLIC_INCLUDE, span, message);
            return None;
        }
        let page = self.included_page(&target, &host.path, span, diagnostics)?;
        self.refuse_widening(&page, audience, span, diagnostics)?;
        self.used.insert(target.clone());
        path.push(target);
        let expanded = self.expand(&page.body, audience, path, diagnostics);
        path.pop();
        let whole = expanded.unwrap_or_else(|| page.body.outlined()).included(number);
        let part = match section {
            Some(id) => section_range(&whole, &id, span, diagnostics)?,
            // An included file brings its text, not its title.
            None => whole.outline.title.as_ref().map_or(0, |title| title.end)..whole.pieces.text.len(),
        };
        Some(scope::part(&whole, part, number, labels))
    }

    fn included_page(
        &self,
        target: &str,
        base: &str,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Option<PageDocument> {
        let mut found = Diagnostics::default();
        let page = if target.ends_with(".md") && self.files.contains(target) {
            page::parse_any(target, self.files, &mut found)
        } else {
            None
        };
        if page.is_none() {
            diagnostics
                .add(rules::MISSING_FILE, span, format!("there is no Markdown file `{target}` to include"))
                .maybe_help(suggestions::file(target, base, self.files.markdown()));
        }
        page
    }

    /// A file for a narrower audience can't be included in a page for a wider one.
    fn refuse_widening(
        &self,
        page: &PageDocument,
        audience: Option<AudienceId>,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Option<()> {
        let audiences = &self.config.audiences;
        let own = match &page.audience {
            Some(name) => audiences.find(&name.value),
            None => Some(self.config.default_audience),
        };
        let visible = audience.is_none_or(|reader| audiences.may_see(reader, own));
        if !visible {
            let message = format!("`{}` is for a narrower audience than this page", page.body.path);
            diagnostics
                .add(rules::NARROWER_INCLUDE, span, message)
                .help("narrow this page too, or include something else");
        }
        visible.then_some(())
    }

    /// The part of a run that a ```` ```trajectory run-0147 steps=9-14 ```` shows.
    fn excerpt(&mut self, arguments: &str, base: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Excerpt> {
        let asked = ExcerptArguments::read(arguments);
        let ExcerptArguments { run, steps, gold } =
            asked.map_err(|fault| diagnostics.fault(rules::INVALID_VALUE, span, fault)).ok()?;
        let trajectory = self.trajectory(run, None, base, span, diagnostics)?;
        let last = trajectory.steps.len();
        let (from, to) = steps.unwrap_or((1, last));
        if from == 0 || from > to || to > last {
            let message = format!("steps {from} to {to} are not all there: the trajectory has {last} steps");
            diagnostics.add(rules::MISSING_STEP, span, message);
            return None;
        }
        Some(Excerpt { trajectory, from, to, gold })
    }

    /// The recorded run that the file at `base` names.
    pub fn trajectory(
        &mut self,
        named: &str,
        sample: Option<&str>,
        base: &str,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Option<Run> {
        if named.is_empty() {
            diagnostics.add(rules::MISSING_FILE, span, "this names no run").help("for example `run-0147`");
            return None;
        }
        let path = run_path(named, base, self.files);
        let path = path.map_err(|fault| diagnostics.fault(rules::INVALID_VALUE, span, fault)).ok()?;
        self.used.insert(path.clone());
        let Some(source) = self.files.get(&path) else {
            let folder = trajectories(base);
            let near = folder.and_then(|folder| suggestions::file(&path, base, self.files.under(&folder)));
            diagnostics.add(rules::MISSING_FILE, span, format!("there is no trajectory `{path}`")).maybe_help(near);
            return None;
        };
        let read_from =
            Inputs::of("run").digest(&source.digest).list(sample.iter(), |inputs, name| inputs.text(name)).end();
        let options = ReadOptions { sample: sample.map(str::to_owned), keep_gold: false, ..ReadOptions::default() };
        let read = || trajectory::read(source.bytes(), &options).map(Arc::new);
        match self.files.memo.take::<RunReading>(read_from, read) {
            Ok(trajectory) => Some(self.with_pictures(trajectory, &path, read_from, span, diagnostics)),
            Err(fault) => {
                let fault = fault.prefixed(&format!("`{path}` can't be read: "));
                diagnostics.fault(rules::UNREADABLE_TRAJECTORY, span, fault);
                None
            }
        }
    }

    /// The run with the files of the site that its pictures are; those that are not there are named on its page.
    fn with_pictures(
        &mut self,
        trajectory: Arc<Trajectory>,
        path: &str,
        read_from: Digest,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Run {
        let mut pictures = BTreeMap::new();
        let mut digest = Inputs::of("run and pictures").digest(&read_from);
        for name in trajectory.pictures() {
            let Some(picture) = picture_path(path, &name) else { continue };
            match self.files.get(&picture).filter(|_| is_picture(&picture)) {
                Some(source) => {
                    digest = digest.text(&name).digest(&source.digest);
                    self.used.insert(picture.clone());
                    pictures.insert(name, picture);
                }
                None => {
                    let message =
                        format!("`{path}` shows {}, which is not among the site's files", text::quoted(&name));
                    diagnostics
                        .add(rules::MISSING_PICTURE, span, message)
                        .help("put it there, or import the log with `-o`, which brings its pictures along");
                }
            }
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let file = name.rsplit_once('.').map_or(name, |(stem, _)| stem).into();
        Run { path: path.into(), file, trajectory, pictures: Arc::new(pictures), digest: digest.end() }
    }
}

/// The file that a picture of a run is: none for what is within the log, or elsewhere.
fn picture_path(run: &str, name: &str) -> Option<String> {
    let is_elsewhere = name.starts_with("data:") || name.starts_with('/') || name.contains("://");
    (!is_elsewhere).then(|| links::join(run, name))
}

/// Whether a file's name is that of a picture of a run: of a kind that ATIF knows.
pub fn is_picture(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    matches!(extension.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp")
}

/// The folder of the runs of the task that the file at `base` belongs to.
fn trajectories(base: &str) -> Option<String> {
    let (task, _) = base.strip_prefix(TASKS)?.split_once('/')?;
    Some(format!("{TASKS}{task}/{TRAJECTORIES}"))
}

/// What a ```` ```trajectory ```` block asks for.
pub struct ExcerptArguments<'a> {
    /// The run, as the block names it.
    pub run: &'a str,
    /// First and last step shown; all unless said.
    pub steps: Option<(usize, usize)>,
    /// Whether gold stands at its steps.
    pub gold: bool,
}

/// What stands before the steps of an excerpt.
pub const EXCERPT_STEPS: &str = "steps=";

impl<'a> ExcerptArguments<'a> {
    /// Reads `run-0147 steps=9-14 gold=no`.
    pub fn read(arguments: &'a str) -> Result<Self, Fault> {
        let mut words = arguments.split_whitespace();
        let mut read = Self { run: words.next().unwrap_or(""), steps: None, gold: true };
        for word in words {
            match word.strip_prefix(EXCERPT_STEPS).and_then(range) {
                Some(range) => read.steps = Some(range),
                None if word == "gold=no" => read.gold = false,
                None => {
                    let help = "for example `steps=9-14`, `steps=9`, or `gold=no` to leave gold out";
                    return Err(Fault::whole(format!("`{word}` is not understood here")).help(help));
                }
            }
        }
        Ok(read)
    }
}

/// The path of a run that the file at `base` names. A name without a folder is a file of the task's `trajectories/`,
/// with its extension or without; anything else is a path from that file.
pub fn run_path(named: &str, base: &str, files: &FileSet<'_>) -> Result<String, Fault> {
    let from_file = links::join(base, named);
    let Some(folder) = trajectories(base).filter(|_| !named.contains('/')) else { return Ok(from_file) };
    let path = format!("{folder}{named}");
    if files.contains(&path) {
        return Ok(path);
    }
    let extended = RUN_EXTENSIONS.map(|extension| format!("{path}.{extension}"));
    let mut found = extended.iter().filter(|path| files.contains(path));
    match (found.next(), found.next()) {
        (Some(one), Some(other)) => {
            Err(Fault::whole(format!("`{named}` may be `{one}` or `{other}`: write its extension too")))
        }
        (Some(only), None) => Ok(only.clone()),
        (None, _) => Ok(if files.contains(&from_file) { from_file } else { path }),
    }
}

/// `9-14` or `9`.
fn range(text: &str) -> Option<(usize, usize)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some((from.parse().ok()?, to.parse().ok()?))
}

fn section_range(whole: &OutlinedText, id: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Range<usize>> {
    let range = whole.outline.section(id, &whole.pieces.text);
    if range.is_none() {
        diagnostics
            .add(rules::UNKNOWN_ANCHOR, span, format!("the included file has no heading `#{id}`"))
            .maybe_help(suggestions::heading(id, &whole.outline));
    }
    range
}
