//! Planning: how much gold a claim needs, and what a planned amount can show.
//!
//! In: bars, true qualities one wants to be ready for, risks. Out: numbers of gold answers, pass marks, chances.
//! All are exact for independent answers. Answers that share items or raters are worth less: multiply a number by
//! the design effect, or plan items with `bar::items_to_decide`.
//! Nothing here looks at data except `anytime`, which is for those who look every week.

pub mod anytime;
pub mod power;
pub mod sample_size;
#[cfg(test)]
mod tests;
pub mod weekly;
