//! Dead links: what leads nowhere in what one audience gets.
//!
//! In: the pages of one audience's site, and where everything of it is shown. Out: each link of a text whose target, or
//! whose place in it, is not there, and what is said of it. The working text was checked for what its author has; its
//! readers may have another version of a page, a page without a passage, or none. It never looks at what the theme
//! adds: that is made from what is there.

use super::edition::Edition;
use super::places::Places;
use super::shelf::Shelf;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::document::TASKS;
use crate::document::links::{self, Target, has_anchor};
use crate::markdown::outline::Outline;
use crate::memo::{Function, Memo};
use crate::model::{Instructions, Model, Task, Text, suggestions};
use crate::source::Span;
use crate::text::{listed, quoted};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The shared pages of a folder to their dead links.
struct DeadLinks;

impl Function for DeadLinks {
    type Value = Arc<Vec<DeadLink>>;
}

/// A link of a text that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeadLink {
    /// Where it stands.
    pub place: Span,
    /// The path of the file it stands in, for a sealed one as it was called then.
    pub file: String,
    /// The file that it names, seen from the site.
    pub path: String,
    /// The place in that file, if the file is there.
    pub fragment: Option<String>,
    /// What its author may have meant by that place.
    pub meant: Option<String>,
    /// The release that is shown of the file, if it is sealed.
    pub shown: Option<String>,
    /// The release that holds the link, if it is sealed.
    pub release: Option<String>,
}

/// The dead links of an audience's site.
pub fn find(places: &Places<'_>, audience: &str, memo: &Memo) -> Vec<DeadLink> {
    let all = everything(places);
    let of_editions = places.editions.par_iter().flat_map_iter(|edition| of_edition(edition, places));
    let shelves: Vec<(&str, &Arc<Shelf>)> = places.shelves().collect();
    let of_shelves = shelves.into_par_iter().flat_map_iter(|(path, shelf)| {
        let inputs = Inputs::of("dead links").digest(&shelf.digest).digest(&all).end();
        let texts = || shelf.pages.values().map(|page| &page.text);
        let look = |_| Arc::new(texts().flat_map(|text| of_text(text, 0, None, places)).collect());
        let dead: Arc<Vec<DeadLink>> = memo.latest::<DeadLinks>(&format!("{audience}/{path}"), inputs, look);
        (*dead).clone()
    });
    of_editions.chain(of_shelves).collect()
}

/// The digest of all that links can lead to.
fn everything(places: &Places<'_>) -> Digest {
    let inputs = Inputs::of("everything").digest(&places.places()).digest(&places.shared_places().0);
    let inputs = places.shelves().fold(inputs, |inputs, (_, shelf)| inputs.digest(&shelf.anchors));
    let of_tasks = places.editions.iter().flat_map(|edition| edition.instructions.all_pages());
    of_tasks.fold(inputs, |inputs, page| inputs.digest(&page.text.places)).end()
}

fn of_edition<'p>(edition: &'p Edition<'p>, places: &'p Places<'p>) -> impl Iterator<Item = DeadLink> + 'p {
    edition.instructions.all_pages().flat_map(move |page| {
        let steps = edition.find(&page.path).map_or(0, |shown| shown.steps);
        of_text(&page.text, steps, Some(edition), places)
    })
}

/// The dead links of a text that is shown with `steps` steps of a run.
fn of_text<'p>(
    text: &'p Text,
    steps: usize,
    edition: Option<&'p Edition<'p>>,
    places: &'p Places<'p>,
) -> impl Iterator<Item = DeadLink> + 'p {
    let links = text.outline.links.iter().zip(&*text.targets);
    links.filter_map(move |(link, target)| {
        let own = || edition.and_then(Edition::release_name);
        let dead = |path: &str| DeadLink {
            place: text.pieces.span(&link.range),
            file: text.pieces.base(link.range.start).to_owned(),
            path: path.to_owned(),
            fragment: None,
            meant: None,
            shown: None,
            release: own(),
        };
        let dead_place = |path: &str, fragment: &str, outline: &Outline, shown: Option<String>| DeadLink {
            fragment: Some(fragment.to_owned()),
            meant: suggestions::heading(fragment, outline),
            shown,
            ..dead(path)
        };
        match target {
            Target::Outside(_) | Target::Unsafe => None,
            Target::Here(fragment) => {
                let is_there = fragment.is_empty() || has_anchor(&text.outline, steps, fragment);
                let path = || text.pieces.base(link.range.start);
                (!is_there).then(|| dead_place(path(), fragment, &text.outline, own()))
            }
            Target::File(path, fragment) => {
                let Some(shown) = places.find(path, edition) else { return Some(dead(path)) };
                let (fragment, outline) = (fragment.as_ref()?, &shown.text?.outline);
                let is_there = has_anchor(outline, shown.steps, fragment);
                (!is_there).then(|| dead_place(path, fragment, outline, places.release_at(&shown.address)))
            }
        }
    })
}

/// Says which links lead nowhere, and for whom; not of those that the working text was found wrong for.
pub fn note<'s>(sites: impl Iterator<Item = (&'s str, &'s [DeadLink])>, model: &Model, diagnostics: &mut Diagnostics) {
    let told: BTreeSet<Span> = diagnostics.spans().collect();
    // The newest version is shown at two addresses.
    let mut readers: BTreeMap<&DeadLink, BTreeSet<&str>> = BTreeMap::new();
    for (audience, link) in sites.flat_map(|(audience, dead)| dead.iter().map(move |link| (audience, link))) {
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
