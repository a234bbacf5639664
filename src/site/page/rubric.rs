//! A rubric: the criteria in short, then their explanation.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::document::{Criterion, Scale};
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::view::Frame;
use serde::Serialize;
use std::sync::Arc;

/// The rubric of an edition.
pub struct Rubric<'a>(pub Arc<Edition<'a>>);

const TEMPLATE: &str = "rubric.html";

/// A rubric.
#[derive(Serialize)]
struct RubricView {
    /// Around it.
    frame: Frame,
    /// The criteria in short.
    criteria: Vec<CriterionView>,
    /// Their explanation.
    html: String,
}

/// A criterion in short.
#[derive(Serialize)]
struct CriterionView {
    /// Its id.
    id: String,
    /// The heading of its section.
    title: String,
    /// Such as "one of these, in order".
    scale: String,
    /// Its values.
    choices: Vec<ChoiceView>,
    /// Further rules: unsure, tolerance, attributes.
    rules: Vec<String>,
}

/// A value of a scale.
#[derive(Serialize)]
struct ChoiceView {
    /// As written by raters.
    value: String,
    /// What it means.
    meaning: String,
}

impl PageKind for Rubric<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_text("rubric", path, &self.0, &self.0.instructions.rubric_page).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let set = self.0.instructions;
        let mut frame = site.frames.edition(&self.0, path, &set.rubric_page.title);
        let html = site.text(&set.rubric_page.text, Some(&self.0), &mut frame);
        let criteria = set.rubric.criteria.iter();
        let criteria = criteria.map(|criterion| criterion_view(criterion, self.0.criterion_title(&criterion.id)));
        site.render(TEMPLATE, &RubricView { frame, criteria: criteria.collect(), html })
    }
}

fn criterion_view(criterion: &Criterion, title: &str) -> CriterionView {
    let scale = match &criterion.scale {
        Scale::Nominal(_) => "one of these".to_owned(),
        Scale::Ordinal(_) => "one of these, in order".to_owned(),
        Scale::Steps(_) if criterion.each => "one of these for every step".to_owned(),
        Scale::Steps(_) => "a flag of one of these kinds on each step concerned, or none".to_owned(),
        Scale::Number { min, max, unit } => number_words(*min, *max, unit.as_deref()),
        Scale::Text => "free text, never scored".to_owned(),
    };
    let mut rules = Vec::new();
    if criterion.unsure {
        rules.push("“Unsure” is an answer.".to_owned());
    }
    for attribute in &criterion.attributes {
        rules.push(format!("Each flag has one {}: {}.", attribute.name, attribute.values.join(", ")));
    }
    if criterion.tolerance > 0.0 {
        let unit = match &criterion.scale {
            Scale::Number { unit, .. } => unit.as_deref().unwrap_or(""),
            _ if (criterion.tolerance - 1.0).abs() < f64::EPSILON => "step",
            _ => "steps",
        };
        rules.push(format!("An answer up to {} {unit} off counts as the same.", criterion.tolerance));
    }
    let choices = criterion.scale.choices().iter();
    let choices = choices.map(|choice| ChoiceView { value: choice.value.clone(), meaning: choice.meaning.clone() });
    CriterionView { id: criterion.id.clone(), title: title.to_owned(), scale, choices: choices.collect(), rules }
}

fn number_words(min: Option<f64>, max: Option<f64>, unit: Option<&str>) -> String {
    let unit = unit.map_or(String::new(), |unit| format!(", in {unit}"));
    match (min, max) {
        (Some(min), Some(max)) => format!("a number from {min} to {max}{unit}"),
        (Some(min), None) => format!("a number from {min} up{unit}"),
        (None, Some(max)) => format!("a number up to {max}{unit}"),
        (None, None) => format!("a number{unit}"),
    }
}
