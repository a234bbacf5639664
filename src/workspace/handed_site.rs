//! Sites that are handed out: the newest sealed text of a task in a folder of its own, with items to answer.
//!
//! In: a site that has been read, and the items. Out: their pages with their forms, in their order, and all that the task's
//! readers have of that text. It is searched for leaks like every site; of the items themselves, gold alone is hidden.
//! Nothing is written.

use super::{Viewer, Workspace};
use crate::audience::AudienceId;
use crate::diagnostic::{Diagnostics, Halt};
use crate::document::Use;
use crate::model::{Example, Model, Task, project, secrets};
use crate::progress::Progress;
use crate::site::frame::Frames;
use crate::site::page::SiteContext;
use crate::site::{Site, findings, plan, render};

impl Workspace<'_> {
    /// The site of a test: with these test items, and no others. The task has a sealed version that `reader` sees.
    pub fn test_site(
        &self,
        reader: AudienceId,
        model: &Model,
        (task, items): (&Task, &[String]),
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Site, Halt> {
        let reader = Viewer { audience: reader, folder: None, drafts: false };
        self.handed_site(reader, model, (task, &|own| keep(own, items)), progress, diagnostics)
    }

    /// The site of a packet: with these items of the working text, which experts or raters answer, and no test items. The
    /// task has a sealed version that `reader` sees.
    pub fn packet_site(
        &self,
        reader: AudienceId,
        model: &Model,
        (task, items): (&Task, &[String]),
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Site, Halt> {
        let handed = handed(model, reader, (task, items));
        let reader = Viewer { audience: reader, folder: None, drafts: true };
        self.handed_site(reader, &handed, (task, &|own| self.bring(own, (task, items))), progress, diagnostics)
    }

    /// project → plan → render of one task, once `change` made of it what is handed out, and the search for leaks.
    fn handed_site(
        &self,
        reader: Viewer<'_>,
        model: &Model,
        (task, change): (&Task, &dyn Fn(&mut Task)),
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Site, Halt> {
        let loaded = self.theme();
        let (theme, found) = &*loaded;
        diagnostics.append_shared(found);
        let secrets = secrets::of(model, &self.files(), diagnostics);
        self.gate(diagnostics)?;
        let Viewer { audience: reader, drafts, .. } = reader;
        let mut projected = project::project(model, reader, drafts, self.results);
        projected.tasks.retain(|other| other.id == task.id);
        projected.tasks.iter_mut().for_each(change);
        let name = model.config.audiences.name(reader);
        let (plan, places) = projected.tasks.first().and_then(plan::newest_alone).ok_or(Halt)?;
        let stage = progress.stage("Rendering the folder", plan.pages.len());
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

    /// Puts items of the working text into what is sealed of a task, in their order, with their pictures, and takes the test
    /// items out of it.
    fn bring(&self, own: &mut Task, (task, items): (&Task, &[String])) {
        let is_asked = |example: &Example| is_of_packet(task, example, items);
        let working = own.working.take();
        let mut brought: Vec<Example> = working.into_iter().flat_map(|set| set.examples).filter(is_asked).collect();
        for example in &mut brought {
            example.used = Use::Gold;
            example.page.order = place(example, items).unwrap_or(u32::MAX);
        }
        for release in &mut own.releases {
            let set = &mut release.instructions;
            set.examples.retain(|example| example.used != Use::Test);
            for example in &brought {
                let pictures = example.runs().flat_map(|run| run.pictures.values().map(String::as_str));
                let linked = example.page.text.linked_files();
                for file in pictures.chain(linked).filter_map(|path| self.sources.find(path)) {
                    set.files.entry(file.path.to_string()).or_insert_with(|| (file.clone(), example.page.audience));
                }
                set.examples.push(example.clone());
            }
        }
    }
}

/// Whether an example of the working text is one of the items that are handed out.
fn is_of_packet(task: &Task, example: &Example, items: &[String]) -> bool {
    let mut of_working = task.working.iter().flat_map(|set| &set.examples);
    place(example, items).is_some() && of_working.any(|own| own.id == example.id && own.used == Use::Gold)
}

/// The place of an example among items.
fn place(example: &Example, items: &[String]) -> Option<u32> {
    items.iter().position(|item| *item == example.item).and_then(|at| u32::try_from(at).ok())
}

/// A Model in which these items of a task are for `reader`, whatever their examples say: of what is known of them, only
/// gold is hidden from who answers.
fn handed(model: &Model, reader: AudienceId, (task, items): (&Task, &[String])) -> Model {
    let mut model = model.clone();
    for own in model.tasks.iter_mut().filter(|own| own.id == task.id) {
        let working = own.working.iter_mut().flat_map(|set| &mut set.examples);
        for example in working.filter(|example| place(example, items).is_some() && !example.used.is_shipped()) {
            if example.used == Use::Gold {
                example.page.audience = Some(reader);
            }
            example.used = Use::Test;
        }
    }
    model
}

/// Leaves these test items to a task, in their order, and no others.
fn keep(task: &mut Task, items: &[String]) {
    for release in &mut task.releases {
        release.instructions.examples.retain_mut(|example| {
            let place = place(example, items);
            if let (Use::Test, Some(place)) = (example.used, place) {
                example.page.order = place;
            }
            example.used != Use::Test || place.is_some()
        });
    }
}
