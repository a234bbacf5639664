//! Redlines: what changed between two texts, block by block and then word by word.
//!
//! In: the trees of two texts. Out: a `Redline`: the blocks of both in one order, each with what became of it. Its old
//! side read alone says what the old text says, its new side what the new one says. It never judges a change.
//!
//! Blocks are paired by what identifies them (the id of a section), then by what they say, then by how alike they are.

pub mod html;

use super::blocks::{BlockKind, Style, TextBlock, TextWord, WordKind};
use goldbook_ground::sequence;
use similar::{Algorithm, DiffOp};
use std::collections::HashMap;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Two texts as one.
pub struct Redline<'t> {
    /// What became of each block, in the order of the new text; what is gone stands where it stood.
    pub edits: Vec<BlockEdit<'t>>,
}

/// What became of a block.
pub enum BlockEdit<'t> {
    /// It says the same, at the same place.
    Same(&'t TextBlock),
    /// It is new; what became of the blocks in it, of which some may have stood elsewhere.
    Added(&'t TextBlock, Vec<BlockEdit<'t>>),
    /// It is gone; what became of the blocks in it.
    Removed(&'t TextBlock, Vec<BlockEdit<'t>>),
    /// It stood here, and is elsewhere now: the old and the new one.
    MovedAway(&'t TextBlock, &'t TextBlock),
    /// It is here now, and stood elsewhere.
    MovedHere(&'t TextBlock, &'t TextBlock, Inside<'t>),
    /// It says something else, at the same place.
    Changed(&'t TextBlock, &'t TextBlock, Inside<'t>),
}

/// What changed in a block.
pub enum Inside<'t> {
    /// Nothing.
    Nothing,
    /// Its words.
    Words(Vec<WordRun>),
    /// Blocks in it.
    Blocks(Vec<BlockEdit<'t>>),
}

/// Words of a leaf that share a fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordRun {
    /// Words of both: their ranges in the old and in the new leaf.
    Same(Range<usize>, Range<usize>),
    /// Words of the old leaf that are gone.
    Removed(Range<usize>),
    /// Words that are new.
    Added(Range<usize>),
}

/// Blocks that are less alike than this are not taken for one that changed.
const ALIKE: f64 = 0.4;
/// Blocks elsewhere that are less alike than this are not taken for one that moved.
const ALIKE_ELSEWHERE: f64 = 0.75;
/// Blocks of fewer words are not looked for elsewhere: that they occur twice says nothing.
const LONG_ENOUGH: usize = 5;
/// The most pairs of blocks that are compared to find the likest.
const MOST_PAIRS: usize = 250_000;

/// The redline of two texts.
pub fn redline<'t>(old: &'t TextBlock, new: &'t TextBlock) -> Redline<'t> {
    let mut pairs = BlockPairs::default();
    pairs.add(old, new);
    pairs.find_elsewhere(old, new);
    let edits = match pairs.inside(old, new) {
        Inside::Blocks(edits) => edits,
        Inside::Nothing | Inside::Words(_) => vec![BlockEdit::Same(new)],
    };
    Redline { edits }
}

impl Redline<'_> {
    /// The sections that have another id now: the old one and the new one.
    pub fn renamed(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        renamed(&self.edits, &mut found);
        found
    }
}

fn renamed(edits: &[BlockEdit<'_>], found: &mut Vec<(String, String)>) {
    for edit in edits {
        match edit {
            BlockEdit::Same(_) | BlockEdit::MovedAway(..) => {}
            BlockEdit::Added(_, inner) | BlockEdit::Removed(_, inner) => renamed(inner, found),
            BlockEdit::MovedHere(old, new, inside) | BlockEdit::Changed(old, new, inside) => {
                if let (Some(was), Some(is)) = (&old.id, &new.id)
                    && was != is
                {
                    found.push((was.clone(), is.clone()));
                }
                if let Inside::Blocks(inner) = inside {
                    renamed(inner, found);
                }
            }
        }
    }
}

/// Which block of the new text each block of the old one became. Blocks are known by their numbers.
#[derive(Default)]
struct BlockPairs<'t> {
    new_of_old: HashMap<usize, &'t TextBlock>,
    old_of_new: HashMap<usize, &'t TextBlock>,
}

impl<'t> BlockPairs<'t> {
    /// Notes that a block became another, and pairs the blocks in them.
    fn add(&mut self, old: &'t TextBlock, new: &'t TextBlock) {
        self.new_of_old.insert(old.number, new);
        self.old_of_new.insert(new.number, old);
        if old.said != new.said {
            self.add_inner(&old.blocks, &new.blocks);
        }
    }

    fn add_inner(&mut self, old: &'t [TextBlock], new: &'t [TextBlock]) {
        // The cells of a row and the heading of a section belong to each other whatever they say.
        let is_row = |blocks: &[TextBlock]| blocks.iter().all(|block| block.kind == BlockKind::Cell);
        if old.len() == new.len() && is_row(old) && is_row(new) {
            return old.iter().zip(new).for_each(|(old, new)| self.add(old, new));
        }
        if let (Some(one), Some(other)) = (old.first(), new.first())
            && matches!((one.kind, other.kind), (BlockKind::Heading(_), BlockKind::Heading(_)))
        {
            self.add(one, other);
        }
        let mut sections: HashMap<&str, &'t TextBlock> = HashMap::new();
        sections.extend(old.iter().filter_map(|block| Some((block.id.as_deref()?, block))));
        for block in new {
            if let Some(before) = block.id.as_deref().and_then(|id| sections.remove(id)) {
                self.add(before, block);
            }
        }
        let old: Vec<&'t TextBlock> = old.iter().filter(|block| !self.new_of_old.contains_key(&block.number)).collect();
        let new: Vec<&'t TextBlock> = new.iter().filter(|block| !self.old_of_new.contains_key(&block.number)).collect();
        let said = |blocks: &[&TextBlock]| blocks.iter().map(|block| block.said).collect::<Vec<_>>();
        for op in sequence::changes(Algorithm::Patience, &said(&old), &said(&new)) {
            let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
            match op {
                DiffOp::Equal { .. } => old.iter().zip(new).for_each(|(old, new)| self.add(old, new)),
                _ => self.add_alike(old, new),
            }
        }
    }

    /// BlockPairs blocks of one gap, in order, so that they are as alike as can be.
    fn add_alike(&mut self, old: &[&'t TextBlock], new: &[&'t TextBlock]) {
        if old.is_empty() || new.is_empty() || old.len() * new.len() > MOST_PAIRS {
            return;
        }
        let width = new.len() + 1;
        let mut best = vec![0.0_f64; (old.len() + 1) * width];
        let likeness: Vec<f64> = old.iter().flat_map(|old| new.iter().map(|new| alike(old, new))).collect();
        for (at_old, at_new) in (0..old.len()).rev().flat_map(|o| (0..new.len()).rev().map(move |n| (o, n))) {
            let paired = likeness[at_old * new.len() + at_new];
            let with = if paired >= ALIKE { paired + best[(at_old + 1) * width + at_new + 1] } else { 0.0 };
            let without = best[(at_old + 1) * width + at_new].max(best[at_old * width + at_new + 1]);
            best[at_old * width + at_new] = with.max(without);
        }
        let (mut at_old, mut at_new) = (0, 0);
        while at_old < old.len() && at_new < new.len() {
            let paired = likeness[at_old * new.len() + at_new];
            let here = best[at_old * width + at_new];
            if paired >= ALIKE && here <= paired + best[(at_old + 1) * width + at_new + 1] {
                self.add(old[at_old], new[at_new]);
                (at_old, at_new) = (at_old + 1, at_new + 1);
            } else if here <= best[(at_old + 1) * width + at_new] {
                at_old += 1;
            } else {
                at_new += 1;
            }
        }
    }

    /// BlockPairs what stands in another place of the other text: sections by their id, then what says the same, then what is
    /// much alike.
    fn find_elsewhere(&mut self, old: &'t TextBlock, new: &'t TextBlock) {
        let rounds: [fn(&TextBlock, &TextBlock) -> bool; 3] = [
            |old, new| old.id.is_some() && old.id == new.id,
            |old, new| old.said == new.said && old.bag.len() >= LONG_ENOUGH,
            |old, new| old.bag.len() >= 2 * LONG_ENOUGH && alike(old, new) >= ALIKE_ELSEWHERE,
        ];
        for is_same in rounds {
            let mut left = Vec::new();
            self.left(old, true, &mut left);
            let mut added = Vec::new();
            self.left(new, false, &mut added);
            if left.len() * added.len() > MOST_PAIRS {
                return;
            }
            for new in added {
                let found = left.iter().position(|old| is_same(old, new) && !self.new_of_old.contains_key(&old.number));
                if let Some(at) = found.filter(|_| !self.old_of_new.contains_key(&new.number)) {
                    self.add(left.swap_remove(at), new);
                }
            }
        }
    }

    /// The blocks without a partner, outer ones before what is in them.
    fn left(&self, block: &'t TextBlock, of_old: bool, out: &mut Vec<&'t TextBlock>) {
        let partners = if of_old { &self.new_of_old } else { &self.old_of_new };
        match partners.get(&block.number) {
            Some(partner) if partner.said == block.said => return,
            Some(_) => {}
            None => out.push(block),
        }
        block.blocks.iter().for_each(|inner| self.left(inner, of_old, out));
    }

    /// What changed in a block that became another.
    fn inside(&self, old: &'t TextBlock, new: &'t TextBlock) -> Inside<'t> {
        if old.said == new.said {
            return Inside::Nothing;
        }
        if old.kind.is_leaf() {
            return Inside::Words(runs(&old.words, &new.words));
        }
        Inside::Blocks(self.merged(&old.blocks, &new.blocks))
    }

    /// The blocks of two neighbouring lists in one order.
    fn merged(&self, old: &'t [TextBlock], new: &'t [TextBlock]) -> Vec<BlockEdit<'t>> {
        let place_of_old: HashMap<usize, usize> =
            old.iter().enumerate().map(|(at, block)| (block.number, at)).collect();
        let places: Vec<(usize, usize)> = new
            .iter()
            .enumerate()
            .filter_map(|(at, block)| {
                let old = self.old_of_new.get(&block.number)?;
                Some((*place_of_old.get(&old.number)?, at))
            })
            .collect();
        let mut edits = Vec::with_capacity(old.len().max(new.len()));
        let (mut at_old, mut at_new) = (0, 0);
        for (kept_old, kept_new) in longest_rising(&places).into_iter().chain([(old.len(), new.len())]) {
            edits.extend(old[at_old..kept_old].iter().map(|block| self.gone(block)));
            edits.extend(new[at_new..kept_new].iter().map(|block| self.come(block)));
            if let (Some(old), Some(new)) = (old.get(kept_old), new.get(kept_new)) {
                edits.push(match self.inside(old, new) {
                    Inside::Nothing => BlockEdit::Same(new),
                    inside => BlockEdit::Changed(old, new, inside),
                });
            }
            (at_old, at_new) = (kept_old + 1, kept_new + 1);
        }
        edits
    }

    fn gone(&self, old: &'t TextBlock) -> BlockEdit<'t> {
        match self.new_of_old.get(&old.number) {
            Some(new) => BlockEdit::MovedAway(old, new),
            None => BlockEdit::Removed(old, self.merged(&old.blocks, &[])),
        }
    }

    fn come(&self, new: &'t TextBlock) -> BlockEdit<'t> {
        match self.old_of_new.get(&new.number) {
            Some(old) => BlockEdit::MovedHere(old, new, self.inside(old, new)),
            None => BlockEdit::Added(new, self.merged(&[], &new.blocks)),
        }
    }
}

/// What became of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordFate {
    /// They are in both texts.
    Same,
    /// They are new.
    Added,
    /// They are gone.
    Removed,
}

/// Two lines as one, in pieces: what each side says, word by word.
pub fn of_lines(old: &str, new: &str) -> Vec<(WordFate, String)> {
    let words = |text: &str| -> Vec<TextWord> {
        let words = text.split_word_bounds().map(|word| {
            let is_space = word.chars().all(char::is_whitespace);
            let kind = if is_space { WordKind::Space } else { WordKind::Text };
            TextWord { kind, text: word.into(), style: Style::default(), link: None }
        });
        words.collect()
    };
    let (old, new) = (words(old), words(new));
    let text = |words: &[TextWord]| words.iter().map(|word| &*word.text).collect::<String>();
    let pieces = runs(&old, &new).into_iter().map(|run| match run {
        WordRun::Same(_, range) => (WordFate::Same, text(&new[range])),
        WordRun::Removed(range) => (WordFate::Removed, text(&old[range])),
        WordRun::Added(range) => (WordFate::Added, text(&new[range])),
    });
    pieces.collect()
}

/// How alike two blocks of one kind are; those of different kinds are not. A section is known by its heading too.
fn alike(old: &TextBlock, new: &TextBlock) -> f64 {
    let is_kind = match (old.kind, new.kind) {
        (BlockKind::Quote(_), BlockKind::Quote(_)) | (BlockKind::List(_), BlockKind::List(_)) => true,
        (BlockKind::Row(_), BlockKind::Row(_)) | (BlockKind::Heading(_), BlockKind::Heading(_)) => true,
        (one, other) => one == other,
    };
    let size = |block: &TextBlock| block.bag.len();
    let least = size(old).min(size(new)) as f64 / size(old).max(size(new)).max(1) as f64;
    // 2 · least / (1 + least) is the most that the likeness can be.
    if !is_kind || 2.0 * least / (1.0 + least) < ALIKE {
        return 0.0;
    }
    let said = |block: &TextBlock| block.title().map(|title| title.said);
    let titled = said(old).is_some() && said(old) == said(new);
    old.likeness(new).max(if titled { ALIKE } else { 0.0 })
}

/// The longest list of these pairs, given by rising second number, in which the first number rises too.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair that ends the list of that length with the smallest first number.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (first, _)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].0 < *first);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut list: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |at| before[*at]).map(|at| pairs[at]).collect();
    list.reverse();
    list
}

/// What changed between the words of two leaves.
fn runs(old: &[TextWord], new: &[TextWord]) -> Vec<WordRun> {
    let mut runs: Vec<WordRun> = Vec::new();
    for op in sequence::changes(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                runs.push(WordRun::Same(old_index..old_index + len, new_index..new_index + len));
            }
            _ => change(&mut runs, op.old_range(), op.new_range()),
        }
    }
    joined(runs, new)
}

/// Adds a change, what is gone before what is new.
fn change(runs: &mut Vec<WordRun>, old: Range<usize>, new: Range<usize>) {
    if !old.is_empty() {
        runs.push(WordRun::Removed(old));
    }
    if !new.is_empty() {
        runs.push(WordRun::Added(new));
    }
}

/// Joins changes between which nothing but a space or a sign stayed, so that a phrase is read as one.
fn joined(runs: Vec<WordRun>, new: &[TextWord]) -> Vec<WordRun> {
    let says = |range: &Range<usize>| {
        let words = &new[range.clone()];
        let is_word = |word: &TextWord| word.kind != WordKind::Space && word.text.chars().any(char::is_alphanumeric);
        words.len() > 3 || words.iter().any(is_word) || words.iter().any(|word| &*word.text == "\n")
    };
    let mut out: Vec<WordRun> = Vec::new();
    // The change that is being put together.
    let (mut gone, mut come) = (0..0, 0..0);
    let last = runs.len().saturating_sub(1);
    let mut begun = false;
    for (at, run) in runs.into_iter().enumerate() {
        match run {
            WordRun::Same(old, new) => {
                if begun && at != last && !says(&new) {
                    (gone.end, come.end) = (old.end, new.end);
                    continue;
                }
                if begun {
                    change(&mut out, gone.clone(), come.clone());
                }
                (gone, come) = (old.end..old.end, new.end..new.end);
                begun = false;
                out.push(WordRun::Same(old, new));
            }
            WordRun::Removed(old) => (gone.end, begun) = (old.end, true),
            WordRun::Added(new) => (come.end, begun) = (new.end, true),
        }
    }
    if begun {
        change(&mut out, gone, come);
    }
    out
}

#[cfg(test)]
mod tests;
