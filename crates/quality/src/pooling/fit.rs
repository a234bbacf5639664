//! The beta-binomial likelihood of raters' counts, and where it is largest.
//!
//! In: right and asked of each rater. Out: log-likelihoods at any prior, and the best prior.
//! Written in the prior's mean and 1/(a + b), so that raters who are all alike are an ordinary point, 0.
//! Costs as much as the largest counts, up to `EXPLICIT` each, and not as much as there are answers.

use statrs::function::gamma::ln_gamma;

/// Terms of a rising product that are added one by one; the rest is an integral with Euler and Maclaurin's correction.
const EXPLICIT: u64 = 256;
/// ln(1/(a + b)) is searched from here …
const NARROWEST: f64 = -30.0;
/// … to here, in `STEP`s.
const WIDEST: f64 = 9.0;
const STEP: f64 = 0.3;
/// A prior that varies must beat one that does not by this much.
const GAIN: f64 = 1e-9;

/// The counts of all raters, arranged for the likelihood.
///
/// With m the prior's mean and φ = 1/(a + b), a rater's likelihood is C(n, x) times the rising product of m over x,
/// times that of 1 - m over n - x, by that of 1 over n; the rising product of m over x is m (m + φ) … (m + (x-1)φ)
/// (Griffiths 1973).
pub(super) struct Likelihood {
    right: Rising,
    wrong: Rising,
    asked: Rising,
    binomials: f64,
}

/// A prior of mean m whose 1/(a + b) is φ, and the log-likelihood there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Peak {
    pub mean: f64,
    pub phi: f64,
    pub log_likelihood: f64,
}

impl Likelihood {
    /// Counts are checked before: none has more right than asked.
    pub fn of(counts: &[(u64, u64)]) -> Self {
        let binomial = |&(right, asked): &(u64, u64)| ln_binomial(asked as f64, right as f64);
        Self {
            right: Rising::of(counts.iter().map(|(right, _)| *right)),
            wrong: Rising::of(counts.iter().map(|(right, asked)| asked - right)),
            asked: Rising::of(counts.iter().map(|(_, asked)| *asked)),
            binomials: counts.iter().map(binomial).sum(),
        }
    }

    /// The log-likelihood, binomial coefficients included; minus infinity where the prior rules the counts out.
    pub fn log(&self, mean: f64, phi: f64) -> f64 {
        self.binomials + self.right.log(mean, phi) + self.wrong.log(1.0 - mean, phi) - self.asked.log(1.0, phi)
    }

    /// The best mean at a given φ. The log-likelihood is concave in it; Newton's steps, kept within a bracket.
    pub fn best_at(&self, phi: f64) -> Peak {
        let at = |mean: f64| Peak { mean, phi, log_likelihood: self.log(mean, phi) };
        if self.right.is_empty() || self.wrong.is_empty() {
            return at(if self.right.is_empty() { 0.0 } else { 1.0 });
        }
        let (mut low, mut high) = (0.0, 1.0);
        let mut mean = self.right.sum / (self.right.sum + self.wrong.sum);
        for _ in 0..200 {
            let (up, bend_up) = self.right.slopes(mean, phi);
            let (down, bend_down) = self.wrong.slopes(1.0 - mean, phi);
            let slope = up - down;
            (low, high) = if slope > 0.0 { (mean, high) } else { (low, mean) };
            let newton = mean + slope / (bend_up + bend_down);
            let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
            let moved = (next - mean).abs();
            mean = next;
            if moved <= 1e-14 * mean.min(1.0 - mean) {
                break;
            }
        }
        at(mean)
    }

    /// The maximum; φ is 0 where no prior that varies does better.
    pub fn best(&self) -> Peak {
        let alike = self.best_at(0.0);
        let steps = ((WIDEST - NARROWEST) / STEP).round() as u32;
        let tried = (0..=steps).map(|step| NARROWEST + STEP * f64::from(step));
        let rough = tried
            .map(|ln_phi| (ln_phi, self.best_at(ln_phi.exp()).log_likelihood))
            .fold((NARROWEST, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best });
        let varied = self.climb(rough.0 - STEP, (rough.0 + STEP).min(WIDEST));
        if varied.log_likelihood > alike.log_likelihood + GAIN { varied } else { alike }
    }

    /// Golden-section search for the best ln φ between two.
    fn climb(&self, mut low: f64, mut high: f64) -> Peak {
        let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
        let at = |ln_phi: f64| self.best_at(ln_phi.exp());
        let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
        let (mut at_left, mut at_right) = (at(left), at(right));
        for _ in 0..45 {
            if at_left.log_likelihood >= at_right.log_likelihood {
                (high, right, at_right) = (right, left, at_left);
                left = high - golden * (high - low);
                at_left = at(left);
            } else {
                (low, left, at_left) = (left, right, at_right);
                right = low + golden * (high - low);
                at_right = at(right);
            }
        }
        if at_left.log_likelihood >= at_right.log_likelihood { at_left } else { at_right }
    }
}

/// Rising products of many lengths from one start.
struct Rising {
    /// How many are longer than 0, 1, 2, …
    longer: Vec<f64>,
    /// Lengths beyond `EXPLICIT`, each with how often it occurs.
    long: Vec<(f64, f64)>,
    /// All lengths together.
    sum: f64,
}

impl Rising {
    fn of(lengths: impl Iterator<Item = u64>) -> Self {
        let mut sorted: Vec<u64> = lengths.filter(|length| *length > 0).collect();
        sorted.sort_unstable();
        let longest = sorted.last().copied().unwrap_or(0);
        let longer_than = |place: u64| (sorted.len() - sorted.partition_point(|length| *length <= place)) as f64;
        let long = &sorted[sorted.partition_point(|length| *length <= EXPLICIT)..];
        Self {
            longer: (0..longest.min(EXPLICIT)).map(longer_than).collect(),
            long: long.chunk_by(|a, b| a == b).map(|alike| (alike[0] as f64, alike.len() as f64)).collect(),
            sum: sorted.iter().map(|length| *length as f64).sum(),
        }
    }

    fn is_empty(&self) -> bool {
        self.longer.is_empty()
    }

    /// Σ ln(start + iφ) over all factors.
    fn log(&self, start: f64, phi: f64) -> f64 {
        if self.is_empty() {
            return 0.0;
        }
        if start <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let factors = self.longer.iter().zip(0_u32..);
        let explicit: f64 = factors.map(|(many, i)| many * (start + f64::from(i) * phi).ln()).sum();
        explicit + self.long.iter().map(|(length, many)| many * Tail::of(start, phi, *length).log()).sum::<f64>()
    }

    /// Σ 1/(start + iφ) and Σ 1/(start + iφ)² over all factors.
    fn slopes(&self, start: f64, phi: f64) -> (f64, f64) {
        let add = |(a, b): (f64, f64), (c, d): (f64, f64)| (a + c, b + d);
        let factor = |(many, i): (&f64, u32)| {
            let inverse = 1.0 / (start + f64::from(i) * phi);
            (many * inverse, many * inverse * inverse)
        };
        let tail = |(length, many): &(f64, f64)| {
            let (first, second) = Tail::of(start, phi, *length).slopes();
            (many * first, many * second)
        };
        let explicit = self.longer.iter().zip(0_u32..).map(factor).fold((0.0, 0.0), add);
        self.long.iter().map(tail).fold(explicit, add)
    }
}

/// The factors of one long product beyond the first `EXPLICIT`, by Euler and Maclaurin: exact to some 1e-12.
struct Tail {
    /// How many factors.
    length: f64,
    phi: f64,
    /// The first factor, and the one after the last.
    from: f64,
    to: f64,
    /// to/from - 1.
    growth: f64,
}

impl Tail {
    fn of(start: f64, phi: f64, length: f64) -> Self {
        let explicit = EXPLICIT as f64;
        let (from, length) = (start + explicit * phi, length - explicit);
        Self { length, phi, from, to: from + length * phi, growth: length * phi / from }
    }

    fn log(&self) -> f64 {
        let Self { length, phi, from, to, growth } = *self;
        let beyond = if growth < 1e-5 {
            growth / 2.0 - growth * growth / 6.0
        } else {
            ((1.0 + growth) * growth.ln_1p() - growth) / growth
        };
        let integral = length * (from.ln() + beyond);
        let (by_from, by_to) = (phi / from, phi / to);
        integral - growth.ln_1p() / 2.0 + (by_to - by_from) / 12.0 - (by_to.powi(3) - by_from.powi(3)) / 360.0
    }

    fn slopes(&self) -> (f64, f64) {
        let Self { length, phi, from, to, growth } = *self;
        let mean_inverse = if growth < 1e-12 { 1.0 } else { growth.ln_1p() / growth } / from;
        let (inverse_from, inverse_to) = (1.0 / from, 1.0 / to);
        let first = length * mean_inverse
            + (inverse_from - inverse_to) / 2.0
            + phi * (inverse_from.powi(2) - inverse_to.powi(2)) / 12.0;
        let second = length * inverse_from * inverse_to
            + (inverse_from.powi(2) - inverse_to.powi(2)) / 2.0
            + phi * (inverse_from.powi(3) - inverse_to.powi(3)) / 6.0;
        (first, second)
    }
}

/// The logarithm of the binomial coefficient.
fn ln_binomial(n: f64, k: f64) -> f64 {
    if k == 0.0 || k == n { 0.0 } else { ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0) }
}
