//! Runs: where the run of a held-out example is shown.
//!
//! In: the Model of one audience, and the runs of held-out examples. Out: a finding for each text that shows one of them,
//! by its name or another: a run is recognised by its digest, or by what its agent says and does.

use super::acts::{Act, Likeness, acts};
use super::given::Declared;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::model::{Example, Instructions, Model, Page, Run};

/// The run of a held-out example.
pub struct HeldOutRun {
    place: String,
    likeness: Likeness,
}

impl HeldOutRun {
    /// The run of an example, with its acts.
    pub fn of(example: &Example, run: &Run, acts: &[Act]) -> Self {
        Self { place: example.page.path.to_string(), likeness: Likeness::of(run, acts) }
    }

    /// Whether `shown` is this run, and no run that examples show to the same readers.
    fn is_shown_by(&self, shown: &Likeness, given: &[Likeness]) -> bool {
        let own = &self.likeness;
        if own.digest == shown.digest {
            return given.iter().all(|given| given.digest != own.digest);
        }
        own.is_like(shown) && !given.iter().any(|given| own.is_like(given))
    }
}

/// Looks for held-out runs in the texts of `shown`, the Model of the audience called `audience`. What `sealed` has as a
/// release was given, and can only be named.
pub fn shown(
    shown: &Model,
    audience: &str,
    runs: &[HeldOutRun],
    given: &Declared,
    sealed: &Model,
    diagnostics: &mut Diagnostics,
) {
    if runs.is_empty() {
        return;
    }
    let mut look = |page: &Page, release: Option<&str>| {
        for excerpt in page.text.excerpts.values() {
            let likeness = Likeness::of(&excerpt.trajectory, &acts(excerpt.steps()));
            for found in runs.iter().filter(|run| run.is_shown_by(&likeness, &given.runs)) {
                note(page, audience, release, found, diagnostics);
            }
        }
    };
    shown.sections.iter().flat_map(|section| &section.pages).for_each(|page| look(page, None));
    shown.commentaries.iter().for_each(|of| look(&of.page, None));
    for task in &shown.tasks {
        task.working.iter().flat_map(Instructions::all_pages).for_each(|page| look(page, None));
        let of_task = sealed.tasks.iter().find(|sealed| sealed.id == task.id);
        for release in &task.releases {
            let is_sealed = of_task.is_some_and(|task| task.release(&release.version).is_some());
            let name = is_sealed.then(|| task.release_name(release));
            release.instructions.all_pages().for_each(|page| look(page, name.as_deref()));
        }
    }
}

fn note(page: &Page, audience: &str, release: Option<&str>, run: &HeldOutRun, diagnostics: &mut Diagnostics) {
    let place = Place::file(&*page.path);
    let finding = match release {
        None => diagnostics
            .add(
                rules::AUDIENCE_LEAK,
                place,
                format!("the output for `{audience}` would show the run of a held-out example"),
            )
            .help("show another run here, or use the example otherwise than as `held-out`; nothing was written"),
        Some(release) => diagnostics
            .add(
                rules::ALREADY_GIVEN,
                place,
                format!("the sealed release {release} shows `{audience}` the run of a held-out example"),
            )
            .help("it cannot be taken back: hold out another item"),
    };
    finding.related(Place::file(run.place.clone()), "it is from");
}
