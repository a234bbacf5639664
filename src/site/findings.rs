//! Findings: what is said of finished sites, once for all audiences that it concerns.
//!
//! In: the site of each audience, with what was found while it was made. Out: findings. It never looks into a page.

use super::dead_links::DeadLink;
use super::{LostText, Site};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::{TASKS, links};
use crate::markdown::ids::PAGE_IDS;
use crate::model::{Instructions, Model, Task};
use crate::source::Span;
use crate::text::{listed, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// Says what is not on the pages of sites as it should be; each site with its audience.
pub fn note(sites: &[(String, Site)], model: &Model, diagnostics: &mut Diagnostics) {
    note_lost(sites, diagnostics);
    note_ids_twice(sites, diagnostics);
    note_dead_links(sites, model, diagnostics);
}

/// Says what no page shows of its text; once, whoever misses it.
fn note_lost(sites: &[(String, Site)], diagnostics: &mut Diagnostics) {
    let lost: BTreeSet<&LostText> = sites.iter().flat_map(|(_, site)| site.lost()).collect();
    for LostText { place, of_run, release } in lost {
        let mut found = Diagnostics::default();
        if of_run.is_empty() {
            found
                .add(rules::TEXT_LOST, *place, "these words are not on the page that is made of them")
                .help("this is a fault of Goldbook: please report it; until then, say it otherwise");
        } else {
            let words = listed(of_run.iter().map(String::as_str));
            found
                .add(rules::TEXT_LOST, *place, format!("words of the run are not where it is shown: {words}"))
                .help("if `steps.html` of the site's theme leaves them out, show them; else please report it");
        }
        diagnostics.append(match release {
            Some(release) => found.into_sealed(release),
            None => found,
        });
    }
}

/// Says which ids more than one thing on a page has: those of a text are each given once, so the theme has them.
fn note_ids_twice(sites: &[(String, Site)], diagnostics: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for (audience, site) in sites {
        for (id, pages) in site.ids_twice().into_iter().filter(|(id, _)| said.insert(id.to_string())) {
            let message = format!("more than one thing on this page of `{audience}` has the id {}", quoted(id));
            let more = (pages.len() > 1).then(|| format!("{} pages are so; this is the first", pages.len()));
            diagnostics
                .add(rules::TAKEN_ID, Place::file(pages[0]), message)
                .maybe_help(more)
                .help(format!("ids that a theme gives begin with `{PAGE_IDS}`, which no text has"));
        }
    }
}

/// Says which links lead nowhere, and for whom; not of those that the working text was found wrong for.
fn note_dead_links(sites: &[(String, Site)], model: &Model, diagnostics: &mut Diagnostics) {
    let told: BTreeSet<Span> = diagnostics.spans().collect();
    // The newest version is shown at two addresses.
    let mut readers: BTreeMap<&DeadLink, BTreeSet<&str>> = BTreeMap::new();
    for (audience, link) in
        sites.iter().flat_map(|(audience, site)| site.dead_links.iter().map(move |link| (audience, link)))
    {
        readers.entry(link).or_default().insert(audience);
    }
    for (link, readers) in readers {
        // That a task has no release is said once, and not of every link to it.
        let is_told = told.contains(&link.place) || is_unreleased(&link.path, model);
        if link.release.is_none() && is_told {
            continue;
        }
        let mut found = Diagnostics::default();
        let finding = found.add(rules::DEAD_LINK, link.place, message(link, &listed(readers)));
        finding.maybe_help(link.meant.clone()).maybe_help(way_out(link, model));
        if link.release.is_some() {
            finding.related(Place::file(&*link.file), "this is what was sealed of");
        }
        diagnostics.append(match &link.release {
            Some(release) => found.into_sealed(release),
            None => found,
        });
    }
}

/// Whether a file belongs to a task that has no release.
fn is_unreleased(path: &str, model: &Model) -> bool {
    let task = path.strip_prefix(TASKS).and_then(|path| path.split('/').next());
    task.is_some_and(|id| model.tasks.iter().any(|task| task.id == id && task.releases.is_empty()))
}

fn message(link: &DeadLink, readers: &str) -> String {
    let path = quoted(&link.path);
    let Some(fragment) = &link.fragment else {
        return format!("this leads nowhere for {readers}, who do not get {path}");
    };
    let place = quoted(&format!("#{fragment}"));
    match &link.shown {
        Some(release) => {
            format!("this leads nowhere for {readers}: in {release}, {path} has no heading or step {place}")
        }
        None => format!("this leads nowhere for {readers}: as they get it, {path} has no heading or step {place}"),
    }
}

/// What can be done about a link whose target only the working text of a task has, or that is sealed.
fn way_out(link: &DeadLink, model: &Model) -> Option<String> {
    let in_working = |task: &&Task| {
        let page = |set: &Instructions| {
            links::candidates(&link.path).any(|name| set.all_pages().any(|page| *page.path == *name))
        };
        task.working.as_ref().is_some_and(page)
    };
    if let Some(task) = model.tasks.iter().find(in_working) {
        return Some(format!("if the working text has it, `goldbook release {}` gives it to them", task.id));
    }
    link.release.as_ref().map(|_| "a page of that name, or a new version without the link, mends it".to_owned())
}
