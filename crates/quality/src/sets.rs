//! Sets of labels: how much two of them have in common.
//!
//! In: sets, each as the ordered places of its labels on the scale. Out: Jaccard's index, MASI, and the weights that
//! alpha takes. Two empty sets are the same. It never asks what a label means.

use super::weights::Weights;

/// Jaccard's index: |A ∩ B| / |A ∪ B|; 1 for two empty sets. From 0 to 1.
///
/// Both lists are in order, each place once. Source: Jaccard 1912.
pub fn jaccard(one: &[u32], other: &[u32]) -> f64 {
    let common = in_common(one, other);
    let all = one.len() + other.len() - common;
    if all == 0 { 1.0 } else { common as f64 / all as f64 }
}

/// MASI, Measuring Agreement on Set-valued Items: Jaccard's index times 1 for equal sets, 2/3 where one holds the other,
/// 1/3 where they only overlap, and 0 for sets apart. From 0 to 1.
///
/// NLTK's `masi_distance` takes .67 and .33 for the two thirds, and fails on two empty sets. An empty set is held by any,
/// and has nothing in common with it: 0. Source: Passonneau 2006.
pub fn masi(one: &[u32], other: &[u32]) -> f64 {
    let common = in_common(one, other);
    let monotonicity = match () {
        () if one == other => 1.0,
        () if common == one.len().min(other.len()) => 2.0 / 3.0,
        () => 1.0 / 3.0,
    };
    jaccard(one, other) * monotonicity
}

/// The weights of MASI for these sets, one a category.
pub fn masi_weights(sets: &[Vec<u32>]) -> Weights {
    Weights::by(sets.len(), |i, j| masi(&sets[i], &sets[j]))
}

/// How many places two ordered lists share.
fn in_common(one: &[u32], other: &[u32]) -> usize {
    one.iter().filter(|place| other.binary_search(place).is_ok()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::Coefficient;
    use crate::patterns::Patterns;
    use proptest::prelude::*;

    #[test]
    fn sets_are_compared_as_passonneau_does() {
        assert_eq!(masi(&[0, 1], &[0, 1]), 1.0);
        assert!((masi(&[0, 1], &[0, 1, 2, 3]) - 0.5 * 2.0 / 3.0).abs() < 1e-12);
        assert!((masi(&[0, 1], &[1, 2]) - 1.0 / 3.0 / 3.0).abs() < 1e-12);
        assert_eq!((masi(&[0], &[1]), masi(&[], &[1]), masi(&[], &[]), jaccard(&[], &[])), (0.0, 0.0, 1.0, 1.0));
    }

    /// NLTK 3.9.2, `AnnotationTask(…, distance=masi).alpha()`, with 2/3 and 1/3 for its .67 and .33.
    #[test]
    fn alpha_of_sets_is_what_nltk_makes_of_them() {
        let sets: Vec<Vec<u32>> =
            [&[0][..], &[0, 1], &[1], &[1, 2], &[0, 1, 2], &[2], &[], &[0, 2]].iter().map(|set| set.to_vec()).collect();
        let place = |set: &[u32]| sets.iter().position(|known| known == set).unwrap() as u32;
        let items: [&[&[u32]]; 8] = [
            &[&[0], &[0], &[0, 1]],
            &[&[1], &[1, 2], &[1]],
            &[&[0, 1, 2], &[0, 1], &[0, 1]],
            &[&[2], &[2], &[2]],
            &[&[], &[0], &[0, 1]],
            &[&[1, 2], &[1]],
            &[&[0, 2], &[2], &[0, 2]],
            &[&[], &[], &[]],
        ];
        let patterns = Patterns::of(sets.len(), items.iter().map(|item| item.iter().map(|set| place(set))));
        let weights = masi_weights(&sets);
        let alpha = Coefficient::AlphaOf(&weights);
        assert!((alpha.of(&patterns).unwrap() - 0.5030303030303028).abs() < 1e-12);
        assert!(alpha.standard_error(&patterns).unwrap() > 0.0);
    }

    proptest! {
        #[test]
        fn masi_is_symmetric_and_one_for_the_same_alone(a in 0_u32..32, b in 0_u32..32) {
            let set = |bits: u32| (0..5).filter(|bit| bits >> bit & 1 == 1).collect::<Vec<u32>>();
            let (one, other) = (set(a), set(b));
            prop_assert_eq!(masi(&one, &other), masi(&other, &one));
            prop_assert_eq!(masi(&one, &other) == 1.0, a == b);
            prop_assert!(masi(&one, &other) <= jaccard(&one, &other));
        }
    }
}
