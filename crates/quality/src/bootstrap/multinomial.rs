//! Exact multinomial sampling: how often each pattern comes up when as many items are drawn as there are.
//!
//! In: the frequencies of the patterns, and random numbers. Out: counts that add up to the number of items.
//! A draw costs about one table look-up a pattern, not one an item, because most of it is made of Poisson counts.
//! Nothing is approximated beyond the rounding of probabilities to double precision.

use super::super::random::Random;
use std::collections::BTreeMap;

/// Probabilities below this share of the greatest one are left out of a table of Poisson probabilities: together
/// less than the grid of 2⁻⁶⁴ on which the random numbers lie.
const NEGLIGIBLE: f64 = 1e-20;
/// How many standard deviations the Poisson total is aimed below the number of items.
const SLACK: f64 = 3.0;
/// Bits of a frequency that share one table.
const DIGIT: u32 = 6;

/// The multinomial distribution of n draws, with probabilities frequency / n where the frequencies add up to n.
///
/// If independent counts X_p ~ Poisson(s f_p) have the total M, then given M they are multinomial with M draws and
/// probabilities f_p / n, whatever s is. So a draw takes such counts with s a little below 1, starts again in the
/// rare case that M > n (which says nothing about how M is shared out), and draws the missing n - M items one by one.
/// A Poisson count is the sum of one for each digit of f_p to the base 64, so that few tables serve all patterns,
/// and these are read with Walker's alias method. Where that would cost more than n single draws, it is n of them.
///
/// Sources: Kingman 1993, Poisson Processes, section 2.4 (counts given their total); Walker 1977; Vose 1991.
pub struct Multinomial {
    draws: u64,
    parts: Vec<DigitPart>,
    single: Alias,
}

/// The patterns whose frequency has one digit in common, and the Poisson distribution of what it brings.
struct DigitPart {
    table: Alias,
    patterns: Vec<u32>,
}

impl Multinomial {
    /// The distribution for these frequencies.
    ///
    /// Panics when they add up to nothing, or to 2³² and more.
    pub fn new(frequencies: &[u64]) -> Self {
        let draws: u64 = frequencies.iter().sum();
        assert!(draws > 0 && u32::try_from(draws).is_ok(), "there are from 1 to 2³² - 1 items");
        let single = Alias::new(0, &frequencies.iter().map(|&frequency| frequency as f64).collect::<Vec<_>>());
        let slack = SLACK * (draws as f64).sqrt();
        let scale = 1.0 - slack / draws as f64;
        let parts = digits(frequencies);
        let look_ups: usize = parts.values().map(Vec::len).sum();
        if look_ups as f64 + slack >= draws as f64 {
            return Self { draws, parts: Vec::new(), single };
        }
        let part = |(digit, patterns)| DigitPart { table: poisson(digit as f64 * scale), patterns };
        Self { draws, parts: parts.into_iter().map(part).collect(), single }
    }

    /// One draw, into one count a pattern; what was there is overwritten. Counts are whole and add up to n.
    pub fn draw(&self, random: &mut Random, counts: &mut [f64]) {
        let drawn = loop {
            counts.fill(0.0);
            let drawn = self.draw_parts(random, counts);
            if drawn <= self.draws {
                break drawn;
            }
        };
        for _ in drawn..self.draws {
            counts[self.single.draw(random) as usize] += 1.0;
        }
    }

    fn draw_parts(&self, random: &mut Random, counts: &mut [f64]) -> u64 {
        let mut drawn = 0;
        for DigitPart { table, patterns } in &self.parts {
            for &pattern in patterns {
                let count = table.draw(random);
                counts[pattern as usize] += f64::from(count);
                drawn += u64::from(count);
            }
        }
        drawn
    }
}

/// The digits of the frequencies to the base 2^`DIGIT`, each at its place value, and the patterns that have it.
fn digits(frequencies: &[u64]) -> BTreeMap<u64, Vec<u32>> {
    let mut having: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (pattern, &frequency) in frequencies.iter().enumerate() {
        for place in (0..u64::BITS).step_by(DIGIT as usize) {
            let digit = frequency & (((1 << DIGIT) - 1) << place);
            if digit > 0 {
                having.entry(digit).or_default().push(pattern as u32);
            }
        }
    }
    having
}

/// The Poisson distribution with this mean, as a table.
///
/// Probabilities follow from the mode's by p(k + 1) = p(k) · mean / (k + 1), in both directions.
fn poisson(mean: f64) -> Alias {
    let mode = mean.floor();
    let mut falling = Vec::new();
    let (mut value, mut probability) = (mode, 1.0);
    while value > 0.0 && probability > NEGLIGIBLE {
        probability *= value / mean;
        value -= 1.0;
        falling.push(probability);
    }
    let least = value as u32;
    let mut probabilities: Vec<f64> = falling.into_iter().rev().collect();
    (value, probability) = (mode, 1.0);
    while probability > NEGLIGIBLE {
        probabilities.push(probability);
        value += 1.0;
        probability *= mean / value;
    }
    Alias::new(least, &probabilities)
}

/// A distribution over consecutive whole numbers, drawn from in constant time (Walker 1977, built as in Vose 1991).
struct Alias {
    cells: Vec<AliasCell>,
    /// How many of 64 random bits choose the cell; the others choose between its two values.
    bits: u32,
}

/// Two values that share a cell.
#[derive(Clone, Copy)]
struct AliasCell {
    /// Below this, of 2⁶⁴, the first value is drawn.
    limit: u64,
    first: u32,
    second: u32,
}

impl Alias {
    /// Values from `least` on with the given weights, which need not add up to 1.
    fn new(least: u32, weights: &[f64]) -> Self {
        let size = weights.len().next_power_of_two().max(2);
        let total: f64 = weights.iter().sum();
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / total * size as f64).collect();
        shares.resize(size, 0.0);
        let value = |index: usize| least + index as u32;
        let mut cells: Vec<AliasCell> =
            (0..size).map(|index| AliasCell { limit: u64::MAX, first: value(index), second: value(index) }).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) = (0..size).partition(|&index| shares[index] < 1.0);
        while let (Some(needy), Some(&giver)) = (poor.pop(), rich.last()) {
            cells[needy].limit = (shares[needy] * 2.0_f64.powi(64)) as u64;
            cells[needy].second = value(giver);
            shares[giver] -= 1.0 - shares[needy];
            if shares[giver] < 1.0 {
                rich.pop();
                poor.push(giver);
            }
        }
        // A cell that rounding left without a giver has all but 10⁻¹⁰ of its share, and keeps its own value.
        Self { cells, bits: size.trailing_zeros() }
    }

    fn draw(&self, random: &mut Random) -> u32 {
        let bits = random.bits();
        let cell = self.cells[(bits >> (u64::BITS - self.bits)) as usize];
        if bits << self.bits < cell.limit { cell.first } else { cell.second }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_the_probabilities_of_poisson() {
        for mean in [0.05_f64, 0.99, 3.5, 62.7, 4032.0] {
            let table = poisson(mean);
            let mut found: BTreeMap<u32, f64> = BTreeMap::new();
            for cell in &table.cells {
                let share = cell.limit as f64 / 2.0_f64.powi(64);
                *found.entry(cell.first).or_default() += share / table.cells.len() as f64;
                *found.entry(cell.second).or_default() += (1.0 - share) / table.cells.len() as f64;
            }
            for (value, probability) in found {
                let terms = (1..=value).map(|factor| mean.ln() - f64::from(factor).ln()).sum::<f64>();
                let exact = (terms - mean).exp();
                assert!((probability - exact).abs() < 1e-11 * exact + 1e-15, "{mean}: {value} has {probability}");
            }
        }
    }

    #[test]
    fn a_frequency_is_the_sum_of_its_digits() {
        let frequencies = [1, 63, 64, 4095, 4097, 123_456_789_012];
        let mut sums = [0; 6];
        for (digit, patterns) in digits(&frequencies) {
            patterns.iter().for_each(|&pattern| sums[pattern as usize] += digit);
        }
        assert_eq!(sums, frequencies);
    }
}
