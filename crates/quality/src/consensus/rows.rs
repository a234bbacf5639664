//! Rows: numbers by category, and loops over them that the compiler unrolls.
//!
//! In: a number of categories, or two rows. Out: the same work, twice as fast where categories are few.
//! It knows no rater, no item and no model.

/// Runs an expression with the number of categories as a constant where it is small, so that loops over categories
/// are unrolled: twice as fast.
macro_rules! at_width {
    ($categories:expr, |$width:ident| $body:expr) => {
        match $categories {
            2 => at_width!(2, $width, $body),
            3 => at_width!(3, $width, $body),
            4 => at_width!(4, $width, $body),
            5 => at_width!(5, $width, $body),
            6 => at_width!(6, $width, $body),
            7 => at_width!(7, $width, $body),
            $width => $body,
        }
    };
    ($constant:literal, $width:ident, $body:expr) => {{
        let $width = $constant;
        $body
    }};
}
pub(super) use at_width;

/// Adds a row to sums.
#[inline(always)]
pub(super) fn add(sums: &mut [f64], row: &[f64]) {
    sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
}
