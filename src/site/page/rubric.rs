//! A rubric: the criteria in short, then their explanation.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::document::Criterion;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::view::Frame;
use serde::Serialize;
use std::sync::Arc;

/// The rubric of an edition.
pub struct RubricPage<'a>(pub Arc<Edition<'a>>);

const TEMPLATE: &str = "rubric.html";

/// A rubric.
#[derive(Serialize)]
struct RubricView {
    /// Around it.
    frame: Frame,
    /// The criteria in short.
    criteria: Vec<CriterionCard>,
    /// Their explanation.
    html: String,
}

/// A criterion in short.
#[derive(Serialize)]
struct CriterionCard {
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

impl PageKind for RubricPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_text("rubric", path, &self.0, &self.0.instructions.rubric_page).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let set = self.0.instructions;
        let mut frame = site.frames.edition(&self.0, path, &set.rubric_page.title);
        let html = site.text(&set.rubric_page.text, Some(&self.0), &mut frame);
        let criteria = set.rubric.criteria.iter();
        let criteria = criteria.map(|criterion| criterion_card(criterion, self.0.criterion_title(&criterion.id)));
        let view = RubricView { frame, criteria: criteria.collect(), html };
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

fn criterion_card(criterion: &Criterion, title: &str) -> CriterionCard {
    let mut rules = Vec::new();
    if criterion.unsure {
        rules.push("“Unsure” is an answer.".to_owned());
    }
    for attribute in &criterion.attributes {
        rules.push(format!("Each flag has one {}: {}.", attribute.name, attribute.values.join(", ")));
    }
    if let Some([one, several]) = criterion.scale.tolerance_unit().filter(|_| criterion.tolerance > 0.0) {
        let unit = if (criterion.tolerance - 1.0).abs() < f64::EPSILON { one } else { several };
        rules.push(format!("An answer up to {} {unit} off counts as the same.", criterion.tolerance));
    }
    let choices = criterion.scale.choices().iter();
    let choices = choices.map(|choice| ChoiceView { value: choice.value.clone(), meaning: choice.meaning.clone() });
    let scale = criterion.scale.in_words(criterion.each);
    CriterionCard { id: criterion.id.clone(), title: title.to_owned(), scale, choices: choices.collect(), rules }
}
