//! Chance: named random streams, and draws from a few distributions.
//!
//! In: a seed and the name of what is drawn. Out: a stream that depends on nothing else, and numbers from it.

use crate::quality::random::Random;

/// The stream of what is named by `parts`. Its number is the FNV-1a hash of the name (Fowler, Noll and Vo).
pub fn stream(seed: u64, parts: &[&str]) -> Random {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xFF]));
    let number = bytes
        .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    Random::stream(seed, number)
}

/// Whether something happens that has this chance.
pub fn happens(chance: f64, random: &mut Random) -> bool {
    random.unit() < chance
}

/// One of several, all equally likely; none of none.
pub fn one_of<'a, T>(several: &'a [T], random: &mut Random) -> Option<&'a T> {
    let count = u64::try_from(several.len()).unwrap_or(u64::MAX);
    (count > 0).then(|| &several[random.below(count) as usize])
}

/// One of several, as likely as its weight; none if no weight is above zero.
pub fn weighted<'a, T>(several: &'a [(T, f64)], random: &mut Random) -> Option<&'a T> {
    let mut left = random.unit() * several.iter().map(|(_, weight)| weight).sum::<f64>();
    let likely = several.iter().filter(|(_, weight)| *weight > 0.0);
    let mut last = None;
    for (one, weight) in likely {
        if left < *weight {
            return Some(one);
        }
        left -= weight;
        last = Some(one);
    }
    last
}

/// A Poisson number of this mean, which must be small: by products of uniform numbers (Knuth).
pub fn poisson(mean: f64, random: &mut Random) -> u32 {
    let end = (-mean).exp();
    let mut product = random.unit();
    let mut count = 0;
    while product > end {
        product *= random.unit();
        count += 1;
    }
    count
}

/// A log-normal number: its median, times e to the power of `spread` times a standard normal number (Box and Muller).
pub fn log_normal(median: f64, spread: f64, random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    let normal = radius * (std::f64::consts::TAU * random.unit()).cos();
    median * (spread * normal).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(draw: impl Fn(&mut Random) -> f64) -> f64 {
        let mut random = stream(1, &["test"]);
        (0..40_000).map(|_| draw(&mut random)).sum::<f64>() / 40_000.0
    }

    #[test]
    fn draws_have_the_mean_that_they_promise() {
        assert!((mean(|random| f64::from(poisson(1.5, random))) - 1.5).abs() < 0.03);
        assert!((mean(|random| log_normal(40.0, 0.5, random).ln()) - 40_f64.ln()).abs() < 0.01);
        let several = [("a", 1.0), ("b", 0.0), ("c", 3.0)];
        assert!((mean(|random| f64::from(weighted(&several, random) == Some(&"c"))) - 0.75).abs() < 0.01);
        assert!((mean(|random| f64::from(weighted(&several, random) == Some(&"b")))).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_drawn_from_nothing() {
        let mut random = stream(1, &["test"]);
        assert_eq!(one_of::<u8>(&[], &mut random), None);
        assert_eq!(weighted(&[("a", 0.0)], &mut random), None);
        assert_eq!(poisson(0.0, &mut random), 0);
    }

    #[test]
    fn a_stream_depends_on_every_part_of_its_name() {
        let first = |parts: &[&str]| stream(7, parts).bits();
        assert_eq!(first(&["a", "b"]), first(&["a", "b"]));
        assert_ne!(first(&["a", "b"]), first(&["ab"]));
        assert_ne!(first(&["a", "b"]), first(&["b", "a"]));
        assert_ne!(first(&["a", ""]), first(&["", "a"]));
    }
}
