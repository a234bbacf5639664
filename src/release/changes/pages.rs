//! Pages of two texts in pairs: by file, then by what they say.
//!
//! In: two instruction sets. Out: a pair for each page of either, in reading order, with its redline on demand.

use crate::markdown::blocks::TextBlock;
use crate::markdown::redline::{Redline, redline};
use crate::model::{Instructions, Page};

/// A page in both texts, or in one of them.
pub struct PagePair<'a> {
    /// The page as it was.
    pub old: Option<&'a Page>,
    /// The page as it is.
    pub new: Option<&'a Page>,
    /// The blocks of both, where both are there and are not written alike.
    trees: Option<(&'a TextBlock, &'a TextBlock)>,
}

/// Two files that are less alike are not one that was renamed.
const RENAMED: f64 = 0.6;

impl<'a> PagePair<'a> {
    fn of(old: Option<&'a Page>, new: Option<&'a Page>) -> Self {
        let both = old.zip(new).filter(|(old, new)| old.text.pieces.text != new.text.pieces.text);
        Self { old, new, trees: both.map(|(old, new)| (old.text.blocks(), new.text.blocks())) }
    }

    /// What changed in it; none if it is in one text alone, or is written as it was.
    pub fn redline(&self) -> Option<Redline<'_>> {
        self.trees.map(|(old, new)| redline(old, new))
    }

    /// The page as it is, else as it was.
    pub fn page(&self) -> Option<&'a Page> {
        self.new.or(self.old)
    }
}

/// The pages of two sets in pairs, in the order of the new one; what is gone comes last.
pub fn pairs<'a>(old: &'a Instructions, new: &'a Instructions) -> Vec<PagePair<'a>> {
    let mut left: Vec<&Page> = shown(old).collect();
    let of_new = |page: &'a Page| {
        let at = left.iter().position(|old| old.path == page.path);
        PagePair::of(at.map(|at| left.remove(at)), Some(page))
    };
    let mut pairs: Vec<PagePair<'a>> = shown(new).map(of_new).collect();
    for pair in pairs.iter_mut().filter(|pair| pair.old.is_none()) {
        let Some(new) = pair.new.filter(|_| !left.is_empty()) else { continue };
        let now = new.text.blocks();
        let likeness = left.iter().map(|old| old.text.blocks().likeness(now));
        let likest = likeness.enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((at, _)) = likest.filter(|(_, likeness)| *likeness >= RENAMED) {
            *pair = PagePair::of(Some(left.remove(at)), Some(new));
        }
    }
    pairs.extend(left.into_iter().map(|old| PagePair::of(Some(old), None)));
    pairs
}

/// The pages that somebody may read.
pub fn shown(set: &Instructions) -> impl Iterator<Item = &Page> {
    let examples = set.examples.iter().filter(|example| example.used.is_shipped());
    [&set.page, &set.rubric_page].into_iter().chain(&set.pages).chain(examples.map(|example| &example.page))
}
