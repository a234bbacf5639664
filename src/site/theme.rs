//! The theme: templates and style, embedded, with a site's own files in their place and beside them.
//!
//! In: the default theme (in the binary) and the files of `themes/<name>/`. Out: rendered templates, and the files
//! that every site gets; what lies in a theme and is read by nothing is a finding. It never reads the disk.

use super::File;
use super::default_theme::{FILES, TEMPLATES, TEMPLATES_FOLDER};
use super::own_files::OwnFiles;
use super::steps::StepsView;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::markdown::quote;
use crate::source::Sources;
use serde::Serialize;
use std::collections::BTreeMap;
use tera::{Context, Tera};

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
    /// The default theme with the files of `themes/<name>/` in place of its own, and its own templates beside them.
    pub fn load(name: Option<&str>, sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        let own = OwnFiles::of(name, sources);
        let mut tera = Tera::new();
        quote::add_to(&mut tera);
        let mut templates: BTreeMap<&str, &str> = TEMPLATES.into_iter().collect();
        templates.extend(own.templates());
        own.note_unread(&templates, diagnostics);
        let inputs = Inputs::of("theme").list(templates.iter(), |inputs, (name, text)| inputs.text(name).text(text));
        let place = || name.map_or(Place::Nowhere, |name| Place::file(format!("themes/{name}/{TEMPLATES_FOLDER}")));
        let read = tera.add_raw_templates(templates).map_err(|error| format!("a template can't be read: {error}"));
        let files = FILES.map(|(file, text)| (file, File::new(own.text(file).unwrap_or(text).as_bytes())));
        let theme = Self { tera, files: files.into_iter().collect(), digest: inputs.end() };
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
