//! Dead links: what leads nowhere in what one audience gets.
//!
//! In: the pages of one audience's site, and where everything of it is shown. Out: each link of a text whose target, or
//! whose place in it, is not there. The working text was checked for what its author has; its readers may have another
//! version of a page, a page without a passage, or none. It never looks at what the theme adds: that is made from what is
//! there.

use super::edition::Edition;
use super::places::Places;
use super::shelf::Shelf;
use crate::digest::{Digest, Inputs};
use crate::document::links::{StepCounts, Target, has_anchor};
use crate::markdown::outline::Outline;
use crate::memo::{Function, Memo};
use crate::model::{Page, Text, suggestions};
use crate::source::Span;
use rayon::prelude::*;
use std::sync::Arc;

/// The shared pages of a folder to their dead links.
pub struct DeadLinks;

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
    let shelves: Vec<&Arc<Shelf>> = places.shelves().map(|(_, shelf)| shelf).collect();
    let of_shelves = shelves.into_par_iter().flat_map_iter(|shelf| {
        let inputs = Inputs::of("dead links").text(audience).digest(&shelf.digest).digest(&all).end();
        let texts = || shelf.pages.values().map(|page| &page.text);
        let look = || Arc::new(texts().flat_map(|text| of_text(text, StepCounts::default(), None, places)).collect());
        let dead: Arc<Vec<DeadLink>> = memo.take::<DeadLinks>(inputs, look);
        (*dead).clone()
    });
    of_editions.chain(of_shelves).collect()
}

/// The digest of all that links can lead to.
fn everything(places: &Places<'_>) -> Digest {
    let inputs = Inputs::of("everything").digest(&places.places()).digest(&places.shared_places().0);
    let inputs = places.shelves().fold(inputs, |inputs, (_, shelf)| inputs.digest(&shelf.anchors));
    let pages = |edition| texts_of(edition).map(|(text, steps)| (text.places, steps));
    let of_tasks = places.editions.iter().flat_map(|edition| pages(edition));
    of_tasks.fold(inputs, |inputs, (places, steps)| steps.add_to(inputs.digest(&places))).end()
}

fn of_edition<'p>(edition: &'p Edition<'p>, places: &'p Places<'p>) -> impl Iterator<Item = DeadLink> + 'p {
    texts_of(edition).flat_map(move |(text, steps)| of_text(text, steps, Some(edition), places))
}

/// The texts of an edition, each with how many steps of runs it is shown with.
fn texts_of<'p>(edition: &'p Edition<'p>) -> impl Iterator<Item = (&'p Text, StepCounts)> {
    let steps = |page: &Page| edition.find(&page.path).map_or_else(StepCounts::default, |shown| shown.steps);
    edition.instructions.all_pages().map(move |page| (&page.text, steps(page)))
}

/// The dead links of a text that is shown with `steps` steps of runs.
fn of_text<'p>(
    text: &'p Text,
    steps: StepCounts,
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
