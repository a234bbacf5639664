//! Rows that name the row before them → the branch that counts, and those that were given up.
//!
//! In: the id of each row and that of the row it follows. Out: for each tree the rows that lead to its newest leaf, and each
//! branch that left them, with what it left. Each row is on one branch. It never follows a ring.

use std::collections::{BTreeMap, BTreeSet};

use super::conversation::{Conversation, GivenUpBranch};

/// A row as the tree sees it.
pub(super) struct TreeNode<'r> {
    pub id: &'r str,
    /// None where it begins a tree, or follows a row that is not there.
    pub parent: Option<&'r str>,
}

/// Rows, and which follows which.
pub(super) struct RowTree<'r> {
    nodes: Vec<TreeNode<'r>>,
    places: BTreeMap<&'r str, usize>,
}

/// Rows on one way through the tree, by their places.
pub(super) struct Branch {
    pub places: BTreeSet<usize>,
    /// The row that it left; none for what counts: the newest branches of all trees.
    left: Option<usize>,
}

impl<'r> RowTree<'r> {
    pub(super) fn of(nodes: Vec<TreeNode<'r>>) -> Self {
        let places = nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
        Self { nodes, places }
    }

    fn parent(&self, place: usize) -> Option<usize> {
        self.places.get(self.nodes[place].parent?).copied()
    }

    /// The branches: first what counts, then those that were given up, the newest first; the last row in the file is the
    /// newest. `draw` adds to a branch those of the rows that are on none before it which belong to its rows all the same.
    pub(super) fn branches(&self, draw: impl Fn(&mut BTreeSet<usize>, &[bool])) -> Vec<Branch> {
        let mut newest = BTreeSet::new();
        let mut given_up = Vec::new();
        let mut walked = vec![false; self.nodes.len()];
        for leaf in (0..self.nodes.len()).rev() {
            let mut places = BTreeSet::new();
            let mut next = Some(leaf);
            // Rows are walked once: what leads to one that was walked, or comes round to itself, ends there.
            while let Some(place) = next.filter(|place| !std::mem::replace(&mut walked[*place], true)) {
                places.insert(place);
                next = self.parent(place);
            }
            // Where it leads to another branch, that one is newer, and of the same tree.
            match next.filter(|place| !places.contains(place)) {
                None => newest.append(&mut places),
                Some(left) => given_up.push(Branch { places, left: Some(left) }),
            }
        }
        let mut taken = vec![false; self.nodes.len()];
        let all = std::iter::once(Branch { places: newest, left: None }).chain(given_up);
        let drawn = all.filter_map(|mut branch| {
            branch.places.retain(|place| !taken[*place]);
            // What was drawn to another branch leaves nothing here.
            (!branch.places.is_empty()).then(|| {
                draw(&mut branch.places, &taken);
                branch.places.iter().for_each(|place| taken[*place] = true);
                branch
            })
        });
        drawn.collect()
    }

    /// Puts the conversations of branches that were given up into the one that counts, in their order in the file; `read`
    /// reads the rows of one. A branch that says nothing is none, and what it holds is counted.
    pub(super) fn put_given_up(
        &self,
        branches: &[Branch],
        counts: &mut Conversation,
        read: impl Fn(&BTreeSet<usize>) -> Conversation,
    ) {
        let mut read: Vec<(&Branch, Conversation)> =
            branches.iter().map(|branch| (branch, read(&branch.places))).collect();
        read.retain(|(_, branch)| {
            let speaks = !branch.messages.is_empty();
            if !speaks {
                counts.account.merge(&branch.account);
            }
            speaks
        });
        read.sort_by_key(|(branch, _)| branch.places.first().copied());
        let of = |number: Option<usize>, run: &Conversation| {
            run.native_ids().map(|id| (id.to_owned(), number)).collect::<Vec<_>>()
        };
        let given_up = read.iter().enumerate().flat_map(|(number, (_, run))| of(Some(number), run));
        let said: BTreeMap<String, Option<usize>> = of(None, counts).into_iter().chain(given_up).collect();
        let mut nearest = vec![None; self.nodes.len()];
        counts.branches = read
            .into_iter()
            .map(|(branch, conversation)| {
                let place = branch.left.and_then(|place| self.nearest(place, &said, &mut nearest));
                let id = place.map(|place| self.nodes[place].id.to_owned());
                GivenUpBranch { of: id.as_ref().and_then(|id| said[id]), after: id, conversation }
            })
            .collect();
    }

    /// The row itself, or the nearest one before it, that a conversation says.
    fn nearest(
        &self,
        from: usize,
        said: &BTreeMap<String, Option<usize>>,
        known: &mut [Option<Option<usize>>],
    ) -> Option<usize> {
        let mut passed = Vec::new();
        let mut next = Some(from);
        let found = loop {
            let Some(place) = next else { break None };
            if let Some(found) = known[place] {
                break found;
            }
            if said.contains_key(self.nodes[place].id) {
                break Some(place);
            }
            // What comes round to itself is never said.
            known[place] = Some(None);
            passed.push(place);
            next = self.parent(place);
        };
        passed.into_iter().for_each(|place| known[place] = Some(found));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branches(rows: &[(&str, Option<&str>)]) -> Vec<(Vec<usize>, Option<usize>)> {
        let nodes = rows.iter().map(|(id, parent)| TreeNode { id, parent: *parent }).collect();
        let branches = RowTree::of(nodes).branches(|_, _| {});
        branches.into_iter().map(|branch| (branch.places.into_iter().collect(), branch.left)).collect()
    }

    #[test]
    fn of_each_tree_the_newest_branch_counts_and_the_others_left_it_somewhere() {
        let forked = [("a", None), ("b", Some("a")), ("c", Some("a")), ("d", Some("c"))];
        assert_eq!(branches(&forked), [(vec![0, 2, 3], None), (vec![1], Some(0))]);
        let again = [("a", None), ("b", Some("a")), ("c", Some("b")), ("d", Some("b")), ("e", Some("a"))];
        assert_eq!(branches(&again), [(vec![0, 4], None), (vec![1, 3], Some(0)), (vec![2], Some(1))]);
        let two_trees = [("a", None), ("b", Some("a")), ("x", Some("gone")), ("y", Some("x"))];
        assert_eq!(branches(&two_trees), [(vec![0, 1, 2, 3], None)]);
    }

    #[test]
    fn a_ring_ends() {
        assert_eq!(branches(&[("a", Some("b")), ("b", Some("a"))]), [(vec![0, 1], None)]);
        let left = branches(&[("a", Some("b")), ("b", Some("a")), ("c", Some("a"))]);
        assert_eq!(left, [(vec![0, 1, 2], None)]);
    }
}
