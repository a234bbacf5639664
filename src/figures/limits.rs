//! Limits: from where on figures are cautioned, once for everybody, each with its source.
//!
//! In: nothing. Out: numbers. What is said beyond them stands in `caution`.

/// Above this share of one category, figures beyond chance fall although raters agree, and accuracy says little of the
/// others (Feinstein and Cicchetti 1990 describe it; the limit is a convention).
pub const PREVAILS: f64 = 0.8;
/// Below this share a category has too little gold to be seen in an accuracy (a convention).
pub const RARE: f64 = 0.05;
/// Below this many items even the interval of agreement may be too short: simulated at 95 %, it held the truth in as few
/// as 84 % of samples of 30 items, against 92 % of 50 (`quality::agreement::simulation`).
pub const FEW_ITEMS: u64 = 50;
/// From here on alpha is reliable by Krippendorff's own guide (Krippendorff 2004, p. 241).
pub const RELIABLE: f64 = 0.8;
/// From here on it allows tentative conclusions, by the same guide.
pub const TENTATIVE: f64 = 0.667;
