//! A rubric for labelling tools: `rubric.json`.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::document::{BarPart, Criterion};
use crate::expression::Condition;
use crate::ratings;
use crate::site::File;
use crate::site::edition::Edition;
use serde::Serialize;
use serde_json::Value as Json;
use std::sync::Arc;

/// The name under which it is shipped.
pub const NAME: &str = "rubric.json";

/// The rubric of a version.
pub struct RubricFile<'a>(pub Arc<Edition<'a>>);

/// A rubric. Keys may be added; what one means stays.
#[derive(Serialize)]
struct MachineRubric<'a> {
    /// Version of this form.
    format: u32,
    /// The task.
    task: &'a str,
    /// The version of its instructions.
    version: Option<String>,
    /// The questions, in order.
    criteria: Vec<MachineCriterion<'a>>,
    /// The quality that must be shown.
    bar: Vec<MachineBar>,
    /// When a test is passed, as a condition of MiniJinja's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<&'a str>,
    /// The JSON Schema of a row of ratings.
    row: Json,
}

#[derive(Serialize)]
struct MachineCriterion<'a> {
    id: &'a str,
    title: &'a str,
    scale: Json,
    each: bool,
    unsure: bool,
    tolerance: f64,
    weight: f64,
    attributes: Vec<MachineAttribute<'a>>,
}

#[derive(Serialize)]
struct MachineAttribute<'a> {
    name: &'a str,
    values: &'a [String],
}

#[derive(Serialize)]
struct MachineBar {
    figure: String,
    at_least: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    decide_at: Option<u32>,
}

impl PageKind for RubricFile<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_edition("rubric file", path, &self.0).end())
    }

    fn make(&self, _: &str, _: &SiteContext<'_>) -> Result<File, String> {
        let edition = &*self.0;
        let (task, rubric) = (&*edition.task.id, &edition.instructions.rubric);
        let said = MachineRubric {
            format: 1,
            task,
            version: edition.release.map(|release| release.version.to_string()),
            criteria: rubric.criteria.iter().map(|criterion| of(criterion, edition)).collect(),
            bar: rubric.bar.iter().map(bar).collect(),
            pass: rubric.pass.as_ref().map(Condition::text),
            row: ratings::row_schema_of(task, rubric),
        };
        super::json_file(&said)
    }
}

fn of<'a>(criterion: &'a Criterion, edition: &'a Edition<'_>) -> MachineCriterion<'a> {
    let attributes = criterion.attributes.iter();
    let attributes = attributes.map(|attribute| MachineAttribute { name: &attribute.name, values: &attribute.values });
    MachineCriterion {
        id: &criterion.id,
        title: edition.criterion_title(&criterion.id),
        scale: criterion.scale.in_json(),
        each: criterion.each,
        unsure: criterion.unsure,
        tolerance: criterion.tolerance,
        weight: criterion.weight,
        attributes: attributes.collect(),
    }
}

fn bar(part: &BarPart) -> MachineBar {
    MachineBar { figure: part.figure.name(), at_least: part.at_least, decide_at: part.decide_at }
}
