//! One-off analyses: tables of ratings from anywhere to figures, without a site.
//!
//! In: files, and how to read them. Out: a page of text, or JSON. What a file has wrong is a finding with its line. It
//! never looks at a site.

use crate::analysis::{
    Analysis, Request, SHOWN, StepStudy, Study, analyse, analyse_steps, harmless, list, steps_text, text,
};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::labels::steps::{self, StepRequest};
use crate::labels::{self, LabelErrors, Labels, Source};
use crate::packing::Packing;
use crate::quality::random::Random;
use crate::{Outcome, disk, load};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A complete request for an analysis.
pub struct OneOffRequest {
    /// The files; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// What is known of the items from elsewhere.
    pub truth: Option<PathBuf>,
    /// How tables are read.
    pub reading: Reading,
    /// What is computed.
    pub figures: Request,
    /// Whether to answer in JSON.
    pub json: bool,
}

/// How tables are read.
pub enum Reading {
    /// Ratings: values of one criterion.
    Ratings(labels::Request),
    /// Flags on steps, and how many steps off a flag still matches.
    Steps(StepRequest, u32),
}

/// What machines get.
#[derive(Serialize)]
struct Answer {
    /// The generator and seed behind everything random.
    generator: &'static str,
    seed: u64,
    bootstrap: u32,
    #[serde(flatten)]
    analysis: Analysis,
}

/// Reads the tables and computes every figure that is wanted.
pub fn agreement(request: &OneOffRequest) -> Outcome<String> {
    let mut diagnostics = Diagnostics::default();
    let value = match &request.reading {
        Reading::Ratings(reading) => of_ratings(request, reading, &mut diagnostics),
        Reading::Steps(reading, tolerance) => of_steps(request, reading, *tolerance, &mut diagnostics),
    };
    Outcome { value, diagnostics }
}

fn of_ratings(request: &OneOffRequest, reading: &labels::Request, diagnostics: &mut Diagnostics) -> Option<String> {
    let sources = sources(&request.files, diagnostics)?;
    let labels = found(labels::read(sources, reading), diagnostics)?;
    let truth = match &request.truth {
        None => None,
        Some(file) => {
            let sources = self::sources(std::slice::from_ref(file), diagnostics)?;
            let columns = labels::Columns { gold: None, by: None, ..reading.columns.clone() };
            let reading = labels::Request { columns, categories: Some(labels.categories.clone()), ..reading.clone() };
            Some(found(labels::read(sources, &reading), diagnostics)?)
        }
    };
    let studies = studies(&labels, truth.as_ref());
    let mut figures = request.figures.clone();
    if !request.json && figures.only.is_empty() {
        figures.only = SHOWN.map(str::to_owned).to_vec();
    }
    let analyses = studies.iter().map(|(group, study)| (*group, study, analyse(study, &figures)));
    if request.json {
        let mut metrics = Vec::new();
        let mut left_out = Vec::new();
        for (group, _, analysis) in analyses {
            metrics.extend(analysis.metrics.into_iter().map(|figure| figure.of_group(group)));
            left_out.extend(analysis.left_out);
        }
        return Some(json(request, Analysis { metrics, left_out }));
    }
    let mut out = notes(&labels);
    if !request.figures.only.is_empty() {
        let metrics = analyses
            .flat_map(|(group, _, analysis)| analysis.metrics.into_iter().map(move |figure| figure.of_group(group)));
        out.push_str(&list(&Analysis { metrics: metrics.collect(), left_out: Vec::new() }));
        return Some(out);
    }
    for (group, study, analysis) in analyses {
        if let Some(group) = group {
            let name = if group.is_empty() { "(no group)".to_owned() } else { harmless(group) };
            out.push_str(&format!("== {name} ==\n\n"));
        }
        out.push_str(&text(&analysis, study, request.figures.level));
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push_str(&seed_line(request));
    Some(out)
}

fn of_steps(
    request: &OneOffRequest,
    reading: &StepRequest,
    tolerance: u32,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let sources = sources(&request.files, diagnostics)?;
    let steps = found(steps::read(sources, reading), diagnostics)?;
    let study = StepStudy { steps: &steps, gold_name: &reading.gold_rater, tolerance };
    let analysis = analyse_steps(&study, &request.figures);
    Some(match request.json {
        true => json(request, analysis),
        false if request.figures.only.is_empty() => steps_text(&analysis, tolerance),
        false => list(&analysis),
    })
}

fn json(request: &OneOffRequest, analysis: Analysis) -> String {
    let figures = &request.figures;
    let answer = Answer { generator: Random::NAME, seed: figures.seed, bootstrap: figures.replicates, analysis };
    let mut text = serde_json::to_string_pretty(&answer).unwrap_or_default();
    text.push('\n');
    text
}

fn seed_line(request: &OneOffRequest) -> String {
    let Request { replicates, seed, .. } = request.figures;
    if replicates == 0 {
        return "\n".to_owned();
    }
    format!("\n\nBootstrap: {replicates} samples of items, {} with seed {seed}.\n", Random::NAME)
}

/// The study of all ratings, or one a group.
fn studies<'l>(labels: &'l Labels, truth: Option<&Labels>) -> Vec<(Option<&'l str>, Study<'l>)> {
    let (items, raters) = (labels.items.iter().collect::<Vec<_>>(), labels.raters.iter().collect::<Vec<_>>());
    let truth_of = |item: &str| {
        let truth = truth?;
        let rating = truth.table.of_item(truth.items.find(item)? as usize).first()?;
        Some(rating.category)
    };
    let truth = truth.map_or_else(Vec::new, |_| items.iter().map(|item| truth_of(item)).collect());
    let whole = |table| Study {
        table,
        items: items.clone(),
        raters: raters.clone(),
        categories: &labels.categories,
        gold: labels.gold.clone(),
        truth: truth.clone(),
    };
    match &labels.groups {
        None => vec![(None, whole(labels.table.clone()))],
        Some(groups) => {
            let study = |group: u32| whole(labels.of_group(group)).of_those_rated();
            (0_u32..).zip(groups.names.iter()).map(|(group, name)| (Some(name), study(group))).collect()
        }
    }
}

/// Opens every file; a file that cannot be opened is a finding.
fn sources(files: &[PathBuf], diagnostics: &mut Diagnostics) -> Option<Vec<Source<'static>>> {
    let sources = files.iter().map(|file| source(file, diagnostics)).collect::<Vec<_>>();
    sources.into_iter().collect()
}

fn source(file: &Path, diagnostics: &mut Diagnostics) -> Option<Source<'static>> {
    if file == Path::new("-") {
        return Some(Source::new("-", disk::stdin()));
    }
    let name = file.display().to_string();
    let (inner, packing) = Packing::of(&name);
    let opened = match disk::open(file) {
        Ok(opened) => opened,
        Err(error) => {
            load::report(&error, Path::new(""), diagnostics);
            return None;
        }
    };
    match packing.unpack(opened) {
        Ok(bytes) => Some(Source::new(inner, bytes)),
        Err(error) => {
            diagnostics.add(rules::UNREADABLE_TABLE, Place::file(name), error.to_string());
            None
        }
    }
}

fn found<T>(read: Result<T, LabelErrors>, diagnostics: &mut Diagnostics) -> Option<T> {
    let LabelErrors { errors, more } = match read {
        Ok(found) => return Some(found),
        Err(errors) => errors,
    };
    for error in errors {
        let place = Place::Line(error.file, error.line.unwrap_or(0));
        diagnostics.add(rules::UNREADABLE_TABLE, place, error.message).maybe_help(error.help);
    }
    if more > 0 {
        diagnostics.add(rules::UNREADABLE_TABLE, Place::Nowhere, format!("{more} more of the same kind"));
    }
    None
}

/// What to know about the tables before the figures.
fn notes(labels: &Labels) -> String {
    let notes = &labels.notes;
    let mut lines = Vec::new();
    let mut add = |count: u64, text: &str| {
        if count > 0 {
            lines.push(format!("Note: {count} {text}\n"));
        }
    };
    add(notes.empty_labels, "empty label(s): no ratings.");
    add(notes.repeated, "rating(s) by a rater who had rated the item before; all are used.");
    add(notes.unrated_items, "item(s) without a rating are left out.");
    add(notes.silent_raters.len() as u64, "rater(s) without a rating are left out.");
    for label in &notes.like_missing {
        lines.push(format!(
            "Note: `{label}` is a category here. If it means that nothing was said: --missing {label}\n"
        ));
    }
    for rater in &notes.raters_like_gold {
        let rater = harmless(rater);
        lines.push(format!("Note: `{rater}` is a rater here. If it is the gold: --gold-rater {rater}\n"));
    }
    if !lines.is_empty() {
        lines.push("\n".to_owned());
    }
    lines.concat()
}
