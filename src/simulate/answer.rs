//! Answers: what a rater says of one criterion, given the truth.
//!
//! In: the truth and how the rater bears. Out: an answer. The model is Dawid and Skene's (1979) with one number a rater:
//! the truth with the chance that is the skill, else another value. All others are equally likely on a nominal scale;
//! on an ordered one, each is half as likely as the value one nearer to the truth. On top of that come the rater's
//! habits: reading one value as another, and leaning to one side.

use super::chance::{happens, one_of, weighted};
use super::plan::{Bearing, Direction, TaskPlan};
use crate::document::Criterion;
use crate::model::{GoldAnswer, Outcome};
use crate::quality::random::Random;

/// The answer to a criterion with values.
pub fn value(
    truth: &GoldAnswer,
    criterion: &Criterion,
    task: &TaskPlan<'_>,
    bearing: &Bearing<'_>,
    random: &mut Random,
) -> GoldAnswer {
    let right = match truth {
        GoldAnswer::Values(values) => values.as_slice(),
        GoldAnswer::Outcome(outcome) if may_say(*outcome, criterion) && happens(bearing.skill, random) => {
            return truth.clone();
        }
        GoldAnswer::Outcome(_) | GoldAnswer::Flags(_) => &[],
    };
    let ladder = task.ladder(criterion, right);
    let given = one_of(right, random).and_then(|seen| misread(seen, bearing, &ladder, random));
    let given = given.unwrap_or_else(|| match one_of(right, random) {
        Some(seen) if happens(bearing.skill, random) => seen.clone(),
        seen => wrong(seen, right, &ladder, criterion, random),
    });
    GoldAnswer::Values(vec![shifted(given, &ladder, bearing, random)])
}

fn may_say(outcome: Outcome, criterion: &Criterion) -> bool {
    match outcome {
        Outcome::Unsure => criterion.unsure,
        Outcome::None | Outcome::Withdrawn => false,
        _ => true,
    }
}

/// What a value is read as by a rater who has the habit.
pub fn misread(seen: &str, bearing: &Bearing<'_>, ladder: &[String], random: &mut Random) -> Option<String> {
    let mut readings = bearing.readings(seen);
    let given = readings.find_map(|(given, share)| happens(share, random).then_some(given))?;
    ladder.iter().find(|rung| *rung == given).cloned()
}

/// A value that is not right; the right one where there is no other.
fn wrong(
    seen: Option<&String>,
    right: &[String],
    ladder: &[String],
    criterion: &Criterion,
    random: &mut Random,
) -> String {
    let place = |value: &String| ladder.iter().position(|rung| rung == value);
    let truth = seen.and_then(place).filter(|_| criterion.scale.is_ordered());
    let others = ladder.iter().enumerate().filter(|(_, rung)| !right.contains(rung));
    let others: Vec<(&String, f64)> = others
        .map(|(place, rung)| (rung, truth.map_or(1.0, |truth| 0.5_f64.powi(truth.abs_diff(place).min(900) as i32))))
        .collect();
    weighted(&others, random).copied().or(seen).or(ladder.first()).cloned().unwrap_or_default()
}

/// The value as a rater who leans to one side gives it.
fn shifted(given: String, ladder: &[String], bearing: &Bearing<'_>, random: &mut Random) -> String {
    let Some(mut place) = ladder.iter().position(|rung| *rung == given) else { return given };
    for (direction, share) in bearing.shifts() {
        if happens(share, random) {
            place = match direction {
                Direction::Higher => (place + 1).min(ladder.len() - 1),
                Direction::Lower => place.saturating_sub(1),
            };
        }
    }
    ladder[place].clone()
}
