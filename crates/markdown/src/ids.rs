//! Ids: what each heading of a text, and each tag of its raw HTML, is called on its page.
//!
//! In: headings with what their authors named them, and ids that raw HTML asks for. Out: an id for each, none twice, and
//! each that was asked for in vain. The run's and the page's own come first, then headings that their author named, raw
//! HTML, other headings. It never reads a text.

use super::slug;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// An id that its author asked for and did not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenId {
    /// The id asked for.
    pub id: String,
    /// What it was asked for.
    pub range: Range<usize>,
    /// The id that was given instead; none for raw HTML.
    pub instead: Option<String>,
    /// Why.
    pub fault: IdFault,
}

/// Why an id can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// A heading or raw HTML of the same text has it.
    OfText,
    /// It is for a step of the run that the page shows.
    OfStep,
    /// What stands around every text has it, or a footnote.
    OfPage,
    /// It holds what no id of a heading holds.
    Form,
}

/// What the ids of everything around a text begin with; no heading can have such an id.
pub const PAGE_IDS: &str = "page/";

/// The ids of a text.
pub struct GivenIds {
    /// That of each heading, in order.
    pub of_headings: Vec<String>,
    /// Those of raw HTML, each with where the tag begins that has it.
    pub of_html: BTreeMap<String, usize>,
    /// What was asked for in vain.
    pub taken: Vec<TakenId>,
}

/// Gives ids. `asked` are those of raw HTML, with their tags; beside a run, the ids of steps are the run's.
pub fn give(headings: &[Heading], asked: &[(String, Range<usize>)], beside_run: bool) -> GivenIds {
    let reserved = |id: &str| match step_at(id).filter(|_| beside_run) {
        Some(_) => Some(IdFault::OfStep),
        None => is_of_page(id).then_some(IdFault::OfPage),
    };
    let named: HashSet<String> = headings.iter().filter_map(Heading::asked).collect();
    let (mut of_html, mut taken) = (BTreeMap::new(), Vec::new());
    for (id, range) in asked {
        let other = of_html.get(id).is_some_and(|at| *at != range.start) || named.contains(id);
        match reserved(id).or(other.then_some(IdFault::OfText)) {
            None => drop(of_html.insert(id.clone(), range.start)),
            Some(fault) => taken.push(TakenId { id: id.clone(), range: range.clone(), instead: None, fault }),
        }
    }
    let is_taken = |id: &str| reserved(id).is_some() || of_html.contains_key(id);
    let of_headings = slug::ids(headings.iter().map(Heading::naming), is_taken);
    for (heading, id) in headings.iter().zip(&of_headings) {
        // A heading that is only called like a step asked for nothing, and its author may link to it all the same.
        let like_step = || beside_run.then(|| slug::heading(&heading.text)).filter(|id| step_at(id).is_some());
        let wanted = heading.asked().or_else(like_step).filter(|wanted| wanted != id);
        let in_vain = wanted.map(|wanted| (reserved(&wanted).unwrap_or(IdFault::OfText), wanted));
        let written = heading.named.clone().filter(|named| slug::explicit(named) != *named);
        if let Some((fault, wanted)) = in_vain.or(written.map(|written| (IdFault::Form, written))) {
            let instead = Some(id.clone());
            taken.push(TakenId { id: wanted, range: heading.range.clone(), instead, fault });
        }
    }
    GivenIds { of_headings, of_html, taken }
}

/// A heading.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// Its id on the page.
    pub id: String,
    /// The id that its author gave it.
    pub named: Option<String>,
    /// The heading itself.
    pub range: Range<usize>,
}

impl Heading {
    /// What its id is made from: the id that its author gave it, and its text.
    pub fn naming(&self) -> (Option<&str>, &str) {
        (self.named.as_deref(), &self.text)
    }

    /// The id that its author asked for.
    fn asked(&self) -> Option<String> {
        self.named.as_deref().map(slug::explicit).filter(|id| !id.is_empty())
    }
}

/// Which of the runs on a page: where it shows one only, that is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunSide {
    /// Run A of a pair.
    First,
    /// Run B of a pair.
    Second,
}

impl RunSide {
    /// Both.
    pub const ALL: [Self; 2] = [Self::First, Self::Second];

    /// What readers of a pair call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "Run A",
            Self::Second => "Run B",
        }
    }

    /// What the ids of its steps begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::First => "",
            Self::Second => "b/",
        }
    }

    /// The one beside it.
    pub fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// The step that an id such as `step-3` names, or `b/step-3` of a second run.
pub fn step_at(id: &str) -> Option<(RunSide, usize)> {
    let (side, number) = match id.strip_prefix(RunSide::Second.prefix()) {
        Some(number) => (RunSide::Second, number),
        None => (RunSide::First, id),
    };
    Some((side, step_number(number)?))
}

fn step_number(id: &str) -> Option<usize> {
    let number = id.strip_prefix("step-")?;
    number.parse().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0'))
}

/// Whether an id is one of those that stand around a text, or of a footnote.
fn is_of_page(id: &str) -> bool {
    id.starts_with(PAGE_IDS) || id.starts_with("footnote-") && id.contains('/')
}
