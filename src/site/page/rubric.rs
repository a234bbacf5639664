//! A rubric: the criteria in short, then their explanation.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::document::{Choice, Criterion};
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::host::TextPlace;
use crate::site::terms::value_id;
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
    /// What it says.
    #[serde(flatten)]
    text: RubricText,
}

/// What a rubric says, on a page of its own or as a part of one.
#[derive(Serialize)]
pub struct RubricText {
    /// The criteria in short.
    criteria: Vec<CriterionCard>,
    /// When a test is passed; null where nothing says it.
    mark: Option<String>,
    /// Their explanation.
    html: String,
    /// What the ids of the explanation begin with.
    prefix: String,
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
#[derive(Serialize, Clone)]
pub struct ChoiceView {
    /// As written by raters.
    value: String,
    /// What it means.
    meaning: String,
    /// The id of its row; none of what no text links to.
    id: Option<String>,
}

impl ChoiceView {
    /// The values of a criterion's scale; none of one that lists none.
    pub fn all(criterion: &Criterion) -> Vec<Self> {
        let choices = criterion.scale.choices().iter();
        let view = |choice: &Choice| Self {
            value: choice.value.clone(),
            meaning: choice.meaning.clone(),
            id: value_id(&criterion.id, &choice.value),
        };
        choices.map(view).collect()
    }
}

impl PageKind for RubricPage<'_> {
    fn searched(&self) -> Option<String> {
        self.0.search_folder()
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_text("rubric", path, &self.0, &self.0.instructions.rubric_page).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let mut frame = site.frames.edition(&self.0, path, &self.0.instructions.rubric_page.title);
        let text = text(&self.0, TextPlace::alone(path, Some(&self.0)), site, &mut frame);
        let view = RubricView { frame, text };
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

/// What the rubric of an edition says at a place.
pub fn text<'a>(
    edition: &Edition<'a>,
    place: TextPlace<'_, 'a>,
    site: &SiteContext<'a>,
    frame: &mut Frame,
) -> RubricText {
    let set = edition.instructions;
    let html = site.text(&set.rubric_page.text, place, frame);
    let criteria = set.rubric.criteria.iter();
    let criteria = criteria.map(|criterion| criterion_card(criterion, edition.criterion_title(&criterion.id)));
    let mark = set.rubric.pass.as_ref().map(|pass| pass.text().to_owned());
    RubricText { criteria: criteria.collect(), mark, html, prefix: place.part.prefix.clone() }
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
    let choices = ChoiceView::all(criterion);
    let scale = criterion.scale.in_words(criterion.each);
    CriterionCard { id: criterion.id.clone(), title: title.to_owned(), scale, choices, rules }
}
