//! Rows that name the row before them → the rows of the branch that counts.
//!
//! In: the id of each row and that of the row it follows. Out: for each tree the rows that lead to its newest leaf. It
//! never follows a ring.

use std::collections::{BTreeMap, BTreeSet};

/// A row as the tree sees it.
pub(super) struct TreeNode<'r> {
    pub id: &'r str,
    /// None where it begins a tree, or follows a row that is not there.
    pub parent: Option<&'r str>,
}

/// The places of the rows that lead to the newest leaf of each tree. The last row in the file is the newest.
pub(super) fn newest_branches(nodes: &[TreeNode<'_>]) -> BTreeSet<usize> {
    let places: BTreeMap<&str, usize> = nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
    let mut kept = BTreeSet::new();
    let mut walked = vec![false; nodes.len()];
    for newest in (0..nodes.len()).rev() {
        let mut branch = Vec::new();
        let mut next = Some(newest);
        // Rows are walked once: what leads to one that was walked, or comes round to itself, ends there.
        while let Some(place) = next.filter(|place| !std::mem::replace(&mut walked[*place], true)) {
            branch.push(place);
            next = nodes[place].parent.and_then(|parent| places.get(parent).copied());
        }
        // Where it leads to another branch, that one is newer, and of the same tree.
        if next.is_none_or(|place| branch.contains(&place)) {
            kept.extend(branch);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(rows: &[(&str, Option<&str>)]) -> Vec<usize> {
        let nodes: Vec<TreeNode<'_>> = rows.iter().map(|(id, parent)| TreeNode { id, parent: *parent }).collect();
        newest_branches(&nodes).into_iter().collect()
    }

    #[test]
    fn of_each_tree_the_newest_branch_is_kept() {
        assert_eq!(kept(&[("a", None), ("b", Some("a")), ("c", Some("a")), ("d", Some("c"))]), [0, 2, 3]);
        assert_eq!(kept(&[("a", None), ("b", Some("a")), ("x", Some("gone")), ("y", Some("x"))]), [0, 1, 2, 3]);
        assert_eq!(kept(&[("a", Some("b")), ("b", Some("a"))]), [0, 1]);
        assert_eq!(kept(&[("a", Some("b")), ("b", Some("a")), ("c", Some("a"))]), [0, 1, 2]);
    }
}
