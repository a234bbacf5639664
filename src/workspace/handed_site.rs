//! The site of a test: the newest sealed text of a task in a folder of its own, with some of its test items.
//!
//! In: a site that has been read, and the items. Out: their pages with their forms, in their order, and all that the task's
//! readers have of that text. It is searched for leaks like every site. Nothing is written.

use super::Workspace;
use crate::audience::AudienceId;
use crate::diagnostic::{Diagnostics, Halt};
use crate::document::Use;
use crate::model::{Model, Task, project, secrets};
use crate::progress::Progress;
use crate::site::frame::Frames;
use crate::site::page::SiteContext;
use crate::site::{Site, findings, plan, render};

impl Workspace<'_> {
    /// project → plan → render, and the search for leaks. The task has a sealed version that `reader` sees.
    pub fn test_site(
        &self,
        reader: AudienceId,
        model: &Model,
        (task, items): (&Task, &[String]),
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Site, Halt> {
        let loaded = self.theme();
        let (theme, found) = &*loaded;
        diagnostics.append_shared(found);
        let secrets = secrets::of(model, &self.files(), diagnostics);
        self.gate(diagnostics)?;
        let mut projected = project::project(model, reader, false, self.results);
        projected.tasks.retain(|other| other.id == task.id);
        projected.tasks.iter_mut().for_each(|task| keep(task, items));
        let name = model.config.audiences.name(reader);
        let (plan, places) = projected.tasks.first().and_then(plan::newest_alone).ok_or(Halt)?;
        let stage = progress.stage("Rendering the test", plan.pages.len());
        let frames = Frames { model: &projected, places: &places, audience: name, reports: false, canary: None };
        let context = SiteContext::new(frames, theme, self.results);
        let site = render::render(&plan, &context, &|files| stage.steps(files), diagnostics);
        self.search(&site, &projected, reader, &secrets, model, diagnostics);
        let sites = [(name.to_owned(), site)];
        findings::note(&sites, model, diagnostics);
        self.gate(diagnostics)?;
        let [(_, site)] = sites;
        Ok(site)
    }
}

/// Leaves these test items to a task, in their order, and no others.
fn keep(task: &mut Task, items: &[String]) {
    for release in &mut task.releases {
        release.instructions.examples.retain_mut(|example| {
            let place = items.iter().position(|item| *item == example.item);
            if let (Use::Test, Some(place)) = (example.used, place) {
                example.page.order = u32::try_from(place).unwrap_or(u32::MAX);
            }
            example.used != Use::Test || place.is_some()
        });
    }
}
