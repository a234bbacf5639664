//! Sequences compared: what two lists of lines, words, blocks or steps have in common.
//!
//! In: two lists. Out: how the second comes from the first. What is equal has one number first, so that one copy of the
//! algorithms, each of them large, serves every kind of list.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;
use std::hash::Hash;

/// The changes that make `new` of `old`, in order.
pub fn changes<T: Eq + Hash>(algorithm: Algorithm, old: &[T], new: &[T]) -> Vec<DiffOp> {
    let mut numbers: HashMap<&T, usize> = HashMap::new();
    let mut number = |value| {
        let next = numbers.len();
        *numbers.entry(value).or_insert(next)
    };
    let old: Vec<usize> = old.iter().map(&mut number).collect();
    let new: Vec<usize> = new.iter().map(&mut number).collect();
    capture_diff_slices(algorithm, &old, &new)
}
