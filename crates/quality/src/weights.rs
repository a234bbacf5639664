//! Agreement weights: how much two categories agree, from 1 for the same one down to 0.
//!
//! In: the number of declared categories and a kind of weight, or a matrix of one's own. Out: a symmetric matrix.
//! Weights depend on a category's place in the declared list, also where nobody used it. Never sees ratings.

/// The kinds of weights that have a name, for categories i and j of q.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weighting {
    /// 1 if i = j, else 0.
    Identity,
    /// 1 - |i - j| / (q - 1).
    Linear,
    /// 1 - (i - j)² / (q - 1)².
    Quadratic,
    /// 1 - C(|i - j| + 1, 2) / C(q, 2): by the number of pairs of categories between the two (Gwet 2014).
    Ordinal,
}

impl Weighting {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Linear, Self::Quadratic, Self::Ordinal];

    /// The name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Linear => "linear",
            Self::Quadratic => "quadratic",
            Self::Ordinal => "ordinal",
        }
    }
}

/// A symmetric matrix of agreement weights with ones on its diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    categories: usize,
    weights: Vec<f64>,
}

impl Weights {
    /// The weights of a kind for `categories` categories; 1 and nothing else for a single one.
    pub fn of(kind: Weighting, categories: usize) -> Self {
        let last = categories.saturating_sub(1) as f64;
        let weight = |i: usize, j: usize| {
            let apart = i.abs_diff(j) as f64;
            match kind {
                _ if i == j => 1.0,
                Weighting::Identity => 0.0,
                Weighting::Linear => 1.0 - apart / last,
                Weighting::Quadratic => 1.0 - (apart * apart) / (last * last),
                Weighting::Ordinal => 1.0 - apart * (apart + 1.0) / (last * (last + 1.0)),
            }
        };
        let weights = (0..categories).flat_map(|i| (0..categories).map(move |j| weight(i, j))).collect();
        Self { categories, weights }
    }

    /// Weights from disagreements, row by row: each is 1 - disagreement / the greatest one (Cohen 1968).
    ///
    /// None unless the matrix is square and symmetric, with zeros on its diagonal, no negative or infinite entry,
    /// and one above zero.
    pub fn from_disagreements(rows: &[Vec<f64>]) -> Option<Self> {
        let categories = rows.len();
        let at = |i: usize, j: usize| rows[i].get(j).copied().unwrap_or(f64::NAN);
        let greatest = rows.iter().flatten().copied().fold(0.0, f64::max);
        let is_sound = |i: usize, j: usize| {
            let disagreement = at(i, j);
            disagreement.is_finite()
                && disagreement >= 0.0
                && disagreement == at(j, i)
                && (i != j || disagreement == 0.0)
        };
        let is_square = rows.iter().all(|row| row.len() == categories);
        let pairs = (0..categories).flat_map(|i| (0..categories).map(move |j| (i, j)));
        if !is_square || greatest <= 0.0 || !pairs.clone().all(|(i, j)| is_sound(i, j)) {
            return None;
        }
        Some(Self { categories, weights: pairs.map(|(i, j)| 1.0 - at(i, j) / greatest).collect() })
    }

    /// The weights that `weight` gives two categories; ones on the diagonal, whatever it says there.
    pub fn by(categories: usize, weight: impl Fn(usize, usize) -> f64) -> Self {
        let weight = |i: usize, j: usize| if i == j { 1.0 } else { weight(i.min(j), i.max(j)) };
        let weights = (0..categories).flat_map(|i| (0..categories).map(move |j| (i, j)));
        Self { categories, weights: weights.map(|(i, j)| weight(i, j)).collect() }
    }

    /// How many categories there are.
    pub fn n_categories(&self) -> usize {
        self.categories
    }

    /// The weight of two categories.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.weights[i * self.categories + j]
    }

    /// The weights of a category with each.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.weights[i * self.categories..][..self.categories]
    }

    /// The sum of all weights, Gwet's T_w.
    pub fn total(&self) -> f64 {
        self.weights.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_weights_fall_with_the_distance_on_the_declared_scale() {
        let row = |kind| Weights::of(kind, 4).row(0).to_vec();
        assert_eq!(row(Weighting::Identity), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(row(Weighting::Linear), [1.0, 1.0 - 1.0 / 3.0, 1.0 - 2.0 / 3.0, 0.0]);
        assert_eq!(row(Weighting::Quadratic), [1.0, 1.0 - 1.0 / 9.0, 1.0 - 4.0 / 9.0, 0.0]);
        assert_eq!(row(Weighting::Ordinal), [1.0, 1.0 - 1.0 / 6.0, 0.5, 0.0]);
        assert_eq!(Weights::of(Weighting::Linear, 1).total(), 1.0);
    }

    #[test]
    fn disagreements_must_be_a_symmetric_square_with_a_zero_diagonal() {
        let sound = [vec![0.0, 1.0, 3.0], vec![1.0, 0.0, 6.0], vec![3.0, 6.0, 0.0]];
        assert_eq!(Weights::from_disagreements(&sound).unwrap().get(0, 2), 0.5);
        for wrong in [
            vec![vec![0.0, 1.0], vec![2.0, 0.0]],
            vec![vec![1.0, 1.0], vec![1.0, 0.0]],
            vec![vec![0.0, 1.0], vec![1.0]],
            vec![vec![0.0, -1.0], vec![-1.0, 0.0]],
            vec![vec![0.0, 0.0], vec![0.0, 0.0]],
        ] {
            assert_eq!(Weights::from_disagreements(&wrong), None);
        }
    }
}
