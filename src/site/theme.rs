//! The theme: templates and style, embedded, with a site's own files in their place.
//!
//! In: the default theme (in the binary) and the files of `themes/<name>/`. Out: rendered templates, and the files
//! that every site gets. It never reads the disk.

use super::File;
use super::steps::StepsView;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::markdown::quote;
use crate::source::Sources;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{Context, Tera};

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../themes/default/templates/", $name)))),*]
    };
}

const TEMPLATES: [(&str, &str); 14] = embedded![
    "base.html",
    "example.html",
    "figures.html",
    "folder.html",
    "gold.html",
    "home.html",
    "page.html",
    "report.html",
    "report.md",
    "reports.html",
    "rubric.html",
    "steps.html",
    "task.html",
    "versions.html",
];

/// Files of a theme that are shipped as they are.
pub const FILES: [&str; 2] = ["icon.svg", "style.css"];

const SHIPPED: [(&str, &str); 2] = [
    ("icon.svg", include_str!("../../themes/default/icon.svg")),
    ("style.css", include_str!("../../themes/default/style.css")),
];

/// The template of a run.
const STEPS: &str = "steps.html";

/// The templates and files of a site.
pub struct Theme {
    tera: Tera,
    files: BTreeMap<&'static str, File>,
    /// The digest of every template and file.
    pub digest: Digest,
}

impl Theme {
    /// The default theme with the files of `themes/<name>/` in place of its own.
    pub fn load(name: Option<&str>, sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        let own = |path: &str| sources.find(&format!("themes/{}/{path}", name?))?.text().cloned();
        let mut tera = Tera::new();
        quote::add_to(&mut tera);
        let templates: Vec<(&str, String)> = TEMPLATES
            .iter()
            .map(|(file, text)| {
                (*file, own(&format!("templates/{file}")).map_or_else(|| (*text).to_owned(), |own| own.to_string()))
            })
            .collect();
        let inputs = Inputs::of("theme").list(templates.iter(), |inputs, (name, text)| inputs.text(name).text(text));
        let place = || name.map_or(Place::Nowhere, |name| Place::file(format!("themes/{name}/templates")));
        let read = tera.add_raw_templates(templates).map_err(|error| format!("a template can't be read: {error}"));
        let files = SHIPPED.iter().map(|(file, text)| {
            let file_of = |own: Arc<str>| File::new(own.as_bytes());
            (*file, own(file).map_or_else(|| File::new(text.as_bytes()), file_of))
        });
        let theme = Self { tera, files: files.collect(), digest: inputs.end() };
        // Where steps are shown, in the middle of a text, no failure can be told: so they are tried here.
        let tried = || StepsView::specimens().iter().try_for_each(|steps| theme.render(STEPS, steps).map(drop));
        if let Err(message) = read.and_then(|()| tried()) {
            diagnostics.add(rules::INVALID_VALUE, place(), message);
        }
        theme
    }

    /// A page or file made from a template; a template that fails is a finding with its reason.
    pub fn render(&self, template: &str, view: &impl Serialize) -> Result<String, String> {
        let context = Context::from_serialize(view).map_err(|error| error.to_string())?;
        self.tera.render(template, &context).map_err(|error| {
            let mut text = format!("the template {template} failed: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                text.push_str(&format!(": {inner}"));
                cause = inner.source();
            }
            text
        })
    }

    /// The steps of a run as HTML.
    pub fn steps(&self, steps: &StepsView) -> Option<String> {
        self.render(STEPS, steps).ok()
    }

    /// A file of the theme.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }
}
