//! Pages of two texts in pairs: by file, then by what they say.
//!
//! In: two instruction sets. Out: a pair for each page of either, in reading order, with the tree of each.

use crate::document::Use;
use crate::markdown::blocks::TextBlock;
use crate::markdown::redline::{Redline, redline};
use crate::model::{Instructions, Page};

/// A page in both texts, or in one of them.
pub struct PagePair<'a> {
    /// The page as it was.
    pub old: Option<PageTree<'a>>,
    /// The page as it is.
    pub new: Option<PageTree<'a>>,
}

/// A page with what it says.
pub struct PageTree<'a> {
    /// The page.
    pub page: &'a Page,
    /// Its blocks.
    pub tree: TextBlock,
}

/// Two files that are less alike are not one that was renamed.
const RENAMED: f64 = 0.6;

impl<'a> PageTree<'a> {
    fn of(page: &'a Page) -> Self {
        Self { page, tree: TextBlock::tree(&page.text.pieces.text, &page.text.outline) }
    }
}

impl PagePair<'_> {
    /// What changed in it, if it is in both.
    pub fn redline(&self) -> Option<Redline<'_>> {
        Some(redline(&self.old.as_ref()?.tree, &self.new.as_ref()?.tree))
    }

    /// The page as it is, else as it was.
    pub fn page(&self) -> Option<&Page> {
        self.new.as_ref().or(self.old.as_ref()).map(|tree| tree.page)
    }
}

/// The pages of two sets in pairs, in the order of the new one; what is gone comes last.
pub fn pairs<'a>(old: &'a Instructions, new: &'a Instructions) -> Vec<PagePair<'a>> {
    let mut left: Vec<PageTree<'a>> = shown(old).map(PageTree::of).collect();
    let mut pairs: Vec<PagePair<'a>> = shown(new)
        .map(|page| {
            let at = left.iter().position(|old| old.page.path == page.path);
            PagePair { old: at.map(|at| left.remove(at)), new: Some(PageTree::of(page)) }
        })
        .collect();
    for pair in pairs.iter_mut().filter(|pair| pair.old.is_none()) {
        let Some(new) = &pair.new else { continue };
        let likeness = left.iter().map(|old| old.tree.likeness(&new.tree));
        let likest = likeness.enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((at, _)) = likest.filter(|(_, likeness)| *likeness >= RENAMED) {
            pair.old = Some(left.remove(at));
        }
    }
    pairs.extend(left.into_iter().map(|old| PagePair { old: Some(old), new: None }));
    pairs
}

/// The pages that somebody may read.
fn shown(set: &Instructions) -> impl Iterator<Item = &Page> {
    let examples = set.examples.iter().filter(|example| example.used != Use::HeldOut);
    [&set.page, &set.rubric_page].into_iter().chain(&set.pages).chain(examples.map(|example| &example.page))
}
