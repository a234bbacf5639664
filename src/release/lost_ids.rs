//! Lost ids: places that readers and ratings may point at, and that the working text does not have any more.
//!
//! In: a task. Out: a finding for each page of its newest version that lost some, with where they seem to be now. The
//! addresses in a sealed version stay; those of the newest one would lead nowhere.

use super::changes::{PagePair, pairs};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::markdown::ids::RunSide;
use crate::model::{Example, Instructions, Model, Page, Task};
use crate::text::listed;

/// Says which places of the newest versions are gone from the working texts.
pub fn note(model: &Model, diagnostics: &mut Diagnostics) {
    for task in &model.tasks {
        if let (Some(latest), Some(working)) = (task.last_sealed(), &task.working) {
            note_task(task, &latest.instructions, working, diagnostics);
        }
    }
}

fn note_task(task: &Task, old: &Instructions, new: &Instructions, diagnostics: &mut Diagnostics) {
    // Most texts have all that they had; only where one has not, it is worth knowing what became of it.
    let has_lost = new.all_pages().any(|page| {
        let before = old.all_pages().find(|before| before.path == page.path);
        before.is_some_and(|before| before.text.outline.ids().any(|id| !has(page, id)))
    });
    if has_lost {
        pairs(old, new).iter().for_each(|pair| note_page(task, pair, new, diagnostics));
    }
    for example in &new.examples {
        if let Some(before) = old.examples.iter().find(|known| known.id == example.id) {
            RunSide::ALL.into_iter().for_each(|side| note_run(before, example, side, diagnostics));
        }
    }
}

fn note_run(before: &Example, now: &Example, side: RunSide, diagnostics: &mut Diagnostics) {
    let (Some(old), Some(new)) = (before.run(side), now.run(side)) else { return };
    let (before, after) = (old.steps.len(), new.steps.len());
    if after >= before {
        return;
    }
    let run = if now.against.is_some() { side.name() } else { "the run" };
    let message = format!("{run} had {before} steps in the newest version, and has {after}");
    diagnostics
        .add(rules::LOST_ID, Place::file(&*now.page.path), message)
        .help("gold and comments may speak of a step that is gone: show the old run, or make another example");
}

fn has(page: &Page, id: &str) -> bool {
    page.text.outline.ids().any(|known| known == id)
}

fn note_page(task: &Task, pair: &PagePair<'_>, new: &Instructions, diagnostics: &mut Diagnostics) {
    let (Some(before), Some(now)) = (pair.old, pair.new) else { return };
    let lost: Vec<&str> = before.text.outline.ids().filter(|id| !has(now, id)).collect();
    if lost.is_empty() {
        return;
    }
    let renamed = pair.redline().map_or_else(Vec::new, |redline| redline.renamed());
    let name = |page: &Page| page.path.rsplit('/').next().unwrap_or(&page.path).to_owned();
    let elsewhere = |id: &str| new.all_pages().find(|page| has(page, id)).map(|page| format!("{}#{id}", name(page)));
    let found = |id: &&str| {
        let here = renamed.iter().find(|(old, _)| old == id).map(|(_, new)| format!("{}#{new}", name(now)));
        Some(format!("{id}: {}", here.or_else(|| elsewhere(id))?))
    };
    let moved: Vec<String> = lost.iter().filter_map(found).collect();
    let message = format!(
        "`{}` had {} here, which links may lead to, and has not any more",
        task.id,
        listed(lost.iter().copied())
    );
    let example = if moved.is_empty() { format!("{}: page.md#new", lost[0]) } else { moved.join(", ") };
    diagnostics
        .add(rules::LOST_ID, Place::file(&*now.path), message)
        .help("keep a heading's id with `{#id}` behind it, whatever the heading says")
        .help(format!("or say in the front matter where it is now: `moved: {{{example}}}`"));
}
