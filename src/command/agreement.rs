//! Agreement: tables of ratings from anywhere to figures, without a site.
//!
//! In: files, and how to read them. Out: a page of text, or JSON. What a file has wrong is a finding with its line. It
//! never looks at a site.

use crate::diagnostic::{Diagnosed, Diagnostics, Place, rules};
use crate::disk;
use crate::quality::agreement::Level;
use crate::quality::random::Random;
use crate::quality::table::{Coded, Table};
use crate::quality::weights::Weights;
use crate::study::analysis::{
    Analysis, StepStudy, Study, StudyRequest, Wanted, analyse, analyse_steps, compare, differences, list, steps_text,
    text,
};
use crate::study::steps::{self, StepRequest};
use crate::study::{self, Grouping, LabelErrors, LabelPart, Labels, TableSource, notes};
use crate::text::{line, listed};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A complete, checked request for an analysis.
pub struct AgreementRequest {
    /// The files; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// What is known of the items from elsewhere.
    pub truth: Option<PathBuf>,
    /// How tables are read.
    pub reading: TableReading,
    /// What is computed.
    pub figures: StudyRequest,
    /// Whether to answer in JSON.
    pub json: bool,
}

/// How tables are read.
pub enum TableReading {
    /// Ratings: values of one criterion.
    Ratings(study::ReadRequest),
    /// Flags on steps, and how many steps off a flag still matches.
    Steps(StepRequest, u32),
}

/// What machines get.
#[derive(Serialize)]
struct JsonAnswer {
    /// The generator and seed behind everything random.
    generator: &'static str,
    seed: u64,
    bootstrap: u32,
    /// What to know about the tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(flatten)]
    analysis: Analysis,
}

/// Reads the tables and computes every figure that is wanted.
pub fn agreement(request: &AgreementRequest) -> Diagnosed<String> {
    let mut diagnostics = Diagnostics::default();
    let value = match &request.reading {
        TableReading::Ratings(reading) => of_ratings(request, reading, &mut diagnostics),
        TableReading::Steps(reading, tolerance) => of_steps(request, reading, *tolerance, &mut diagnostics),
    };
    Diagnosed { value, diagnostics }
}

fn of_ratings(
    request: &AgreementRequest,
    reading: &study::ReadRequest,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let sources = sources(&request.files, diagnostics)?;
    let parts = found(study::read(sources, reading), diagnostics)?;
    let truth = match &request.truth {
        None => None,
        Some(file) => Some(truth(file, reading, &parts, diagnostics)?),
    };
    check_order(request, &parts, diagnostics)?;
    parts.iter().try_for_each(|part| check_disagreements(request, part, diagnostics))?;
    let studies: Vec<_> = parts.iter().flat_map(|part| studies(part, truth.as_ref())).collect();
    let analyses = studies.iter().map(|(group, study)| (*group, study, analyse(study, &request.figures)));
    // Criteria are not compared with each other.
    let compared = parts.first().map(|part| compared(&part.labels, &request.figures.wanted)).unwrap_or_default();
    let is_list = request.figures.wanted.is_named();
    let notes = notes(&parts);
    let mut out = note_lines(&notes);
    if request.json || is_list {
        let of_groups = analyses.map(|(group, _, analysis)| analysis.of_group(group));
        let whole = of_groups.fold(Analysis::default(), Analysis::and).and(compared);
        if request.json {
            return Some(json(request, notes, whole));
        }
        out.push_str(&list(&whole));
        out.truncate(out.trim_end().len());
        out.push_str(&seed_line(request));
        return Some(out);
    }
    analyses.for_each(|(group, study, analysis)| page(group, study, &analysis, request, &mut out));
    out.push_str(&differences(&compared));
    out.truncate(out.trim_end().len());
    out.push_str(&seed_line(request));
    Some(out)
}

/// The page of a group.
fn page(group: Option<&str>, study: &Study<'_>, analysis: &Analysis, request: &AgreementRequest, out: &mut String) {
    if let Some(group) = group {
        let name = if group.is_empty() { "(no group)".to_owned() } else { line(group).into_owned() };
        out.push_str(&format!("== {name} ==\n\n"));
    }
    out.push_str(&text(analysis, study, request.figures.level));
    out.push('\n');
}

/// What is known of the items from elsewhere, read like the ratings.
fn truth(
    file: &Path,
    reading: &study::ReadRequest,
    parts: &[LabelPart],
    diagnostics: &mut Diagnostics,
) -> Option<Labels> {
    let [LabelPart { labels, .. }] = parts else {
        let place = Place::file(file.display().to_string());
        let message = format!("`--truth` is of one criterion, and the ratings are of {}", parts.len());
        diagnostics
            .add(rules::UNREADABLE_TABLE, place, message)
            .help("give it with the ratings of that criterion alone");
        return None;
    };
    let sources = sources(std::slice::from_ref(&file.to_owned()), diagnostics)?;
    let columns = study::Columns { gold: None, by: Grouping::None, ..reading.columns.clone() };
    let reading = study::ReadRequest { columns, categories: Some(labels.categories.clone()), ..reading.clone() };
    let truth = found(study::read(sources, &reading), diagnostics)?.pop()?.labels;
    check_truth(&truth, file, diagnostics)?;
    Some(truth)
}

/// What to know about the tables, and then about each part.
fn notes(parts: &[LabelPart]) -> Vec<String> {
    let of_tables = parts.first().map(|part| notes::of_tables(&part.labels.notes)).unwrap_or_default();
    let of_part = |part: &LabelPart| -> Vec<String> {
        let name = part.name.as_ref().map(|name| format!("`{}`: ", line(name))).unwrap_or_default();
        notes::of_labels(&part.labels.notes).iter().map(|note| format!("{name}{note}")).collect()
    };
    of_tables.into_iter().chain(parts.iter().flat_map(of_part)).collect()
}

/// The groups against each other; nothing without groups.
fn compared(labels: &Labels, wanted: &Wanted) -> Analysis {
    let names = labels.groups.iter().flat_map(|groups| (0_u32..).zip(groups.names.iter()));
    let groups: Vec<(&str, Table)> = names.map(|(group, name)| (name, labels.of_group(group))).collect();
    compare(&groups, &labels.gold, wanted)
}

fn of_steps(
    request: &AgreementRequest,
    reading: &StepRequest,
    tolerance: u32,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let sources = sources(&request.files, diagnostics)?;
    let steps = found(steps::read(sources, reading), diagnostics)?;
    let study = StepStudy { steps: &steps, gold_name: &reading.gold_rater, tolerance };
    let analysis = analyse_steps(&study, &request.figures);
    let notes = notes::of_steps(&steps);
    Some(match request.json {
        true => json(request, notes, analysis),
        false if request.figures.wanted.is_named() => note_lines(&notes) + &list(&analysis),
        false => note_lines(&notes) + &steps_text(&analysis, tolerance),
    })
}

/// Notes as they stand above the figures.
fn note_lines(notes: &[String]) -> String {
    let lines: String = notes.iter().map(|note| format!("Note: {note}\n")).collect();
    if lines.is_empty() { lines } else { lines + "\n" }
}

fn json(request: &AgreementRequest, notes: Vec<String>, analysis: Analysis) -> String {
    let figures = &request.figures;
    let answer =
        JsonAnswer { generator: Random::NAME, seed: figures.seed, bootstrap: figures.replicates, notes, analysis };
    let mut text = serde_json::to_string_pretty(&answer).expect("figures are maps with text keys");
    text.push('\n');
    text
}

fn seed_line(request: &AgreementRequest) -> String {
    let StudyRequest { replicates, seed, .. } = request.figures;
    if !request.figures.draws() {
        return "\n".to_owned();
    }
    format!("\n\nBootstrap: {replicates} samples of items, {} with seed {seed}.\n", Random::NAME)
}

/// The truth of an item is one category.
fn check_truth(truth: &Labels, file: &Path, diagnostics: &mut Diagnostics) -> Option<()> {
    let differs = |of: &[Coded]| of.iter().any(|rating| rating.category != of[0].category);
    let item = truth.table.by_item().position(differs);
    let Some(item) = item.and_then(|item| u32::try_from(item).ok()) else { return Some(()) };
    let name = line(truth.items.get(item));
    let message = format!("`--truth` has more than one category for the item `{name}`");
    let place = Place::file(file.display().to_string());
    diagnostics.add(rules::UNREADABLE_TABLE, place, message).help("give each item one row");
    None
}

/// Nobody can tell the order of words. Where criteria are taken apart, those of words have no figures that take an order.
fn check_order(request: &AgreementRequest, parts: &[LabelPart], diagnostics: &mut Diagnostics) -> Option<()> {
    let [LabelPart { labels, .. }] = parts else { return Some(()) };
    if request.figures.level != Some(Level::Ordinal) || labels.is_ordered {
        return Some(());
    }
    let found = listed(labels.categories.iter().map(String::as_str));
    let message = format!("`--level ordinal` needs the order of the categories, which are words: {found}");
    diagnostics
        .add(rules::UNREADABLE_TABLE, Place::Nowhere, message)
        .help("declare them in their order, such as --categories low,medium,high");
    None
}

/// Disagreements are of as many categories as the table has, and the same in both directions.
fn check_disagreements(request: &AgreementRequest, part: &LabelPart, diagnostics: &mut Diagnostics) -> Option<()> {
    let labels = &part.labels;
    let Some(rows) = &request.figures.disagreements else { return Some(()) };
    let of = labels.categories.len();
    let message = if rows.len() != of || rows.iter().any(|row| row.len() != of) {
        format!("`--disagreements` is {} rows of numbers, and there are {of} categories", rows.len())
    } else if Weights::from_disagreements(rows).is_none() {
        "`--disagreements` must be symmetric, with zeros on its diagonal and something above zero".to_owned()
    } else {
        return Some(());
    };
    let categories = labels.categories.iter().map(|category| line(category)).collect::<Vec<_>>().join(", ");
    let of_part = part.name.as_ref().map(|name| format!("`{}`: ", line(name))).unwrap_or_default();
    diagnostics
        .add(rules::UNREADABLE_TABLE, Place::Nowhere, of_part + &message)
        .help(format!("one row of {of} numbers for each category, in this order: {categories}"));
    None
}

/// The study of all ratings of a part, or one a group.
fn studies<'l>(part: &'l LabelPart, truth: Option<&Labels>) -> Vec<(Option<&'l str>, Study<'l>)> {
    let labels = &part.labels;
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
        is_ordered: labels.is_ordered,
        is_anonymous: labels.is_anonymous,
        gold: labels.gold.clone(),
        truth: truth.clone(),
    };
    match &labels.groups {
        None => vec![(part.name.as_deref(), whole(labels.table.clone()))],
        Some(groups) => {
            let study = |group: u32| whole(labels.of_group(group)).of_those_rated();
            (0_u32..).zip(groups.names.iter()).map(|(group, name)| (Some(name), study(group))).collect()
        }
    }
}

/// Opens every file; a file that cannot be opened is a finding.
fn sources(files: &[PathBuf], diagnostics: &mut Diagnostics) -> Option<Vec<TableSource<'static>>> {
    let sources = files.iter().map(|file| source(file, diagnostics)).collect::<Vec<_>>();
    sources.into_iter().collect()
}

fn source(file: &Path, diagnostics: &mut Diagnostics) -> Option<TableSource<'static>> {
    if file == Path::new("-") {
        return Some(TableSource::new("-", disk::stdin()));
    }
    match disk::open(file) {
        Ok(opened) => Some(TableSource::of_file(file.display().to_string(), opened)),
        Err(error) => {
            diagnostics.machine(&error, Path::new(""));
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
        diagnostics.fault(rules::UNREADABLE_TABLE, error.fault.place(error.file), error.fault);
    }
    if more > 0 {
        diagnostics.add(rules::UNREADABLE_TABLE, Place::Nowhere, format!("{more} more of the same kind"));
    }
    None
}
