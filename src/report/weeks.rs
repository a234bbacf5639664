//! Weeks: how the items of a criterion were rated in each week and until its end, in one pass over the counts.
//!
//! In: what a cohort said by one criterion, and weeks in order. Out: for each week the patterns of the items rated in it,
//! and of all items so far. A week changes the patterns of its own items only: each leaves the pattern it had and joins
//! the one it has now. It computes no figure.

use crate::document::Criterion;
use crate::figures::categories::{Categories, ac_weighting};
use crate::quality::agreement::Level;
use crate::quality::patterns::{Count, Patterns};
use crate::quality::sets::masi_weights;
use crate::ratings::{Given, Ratings, Week};
use ahash::AHashMap;
use std::sync::Arc;

/// How a criterion's items were rated until some week.
pub struct Sweep<'a> {
    scale: Coding<'a>,
    /// Categories with their counts, by item, then by week.
    counts: Vec<Count>,
    /// By week: which items were rated, and which counts they have by then.
    changes: Vec<Change>,
    next: usize,
    /// The pattern of each item, if it has one yet.
    now: Vec<Option<usize>>,
    known: SeenPatterns,
}

/// An item that was rated in a week.
struct Change {
    week: Option<Week>,
    item: usize,
    /// Its counts until the end of the week.
    from: usize,
    until: usize,
}

/// How items were rated in a week, and until its end.
pub struct RatedSpans<'a> {
    /// The items rated in the week, each with all its ratings until then.
    pub in_week: Rated<'a>,
    /// All items.
    pub so_far: Rated<'a>,
}

/// How items were rated on a criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated<'a> {
    /// How many items have which counts.
    pub patterns: Patterns,
    /// What is counted: the categories of the scale or, on a scale of numbers, the numbers that were given.
    pub categories: Categories<'a>,
}

impl<'a> Sweep<'a> {
    /// Begins before the first week; none for scales whose values cannot agree: flags and text.
    pub fn of(criterion: &'a Criterion, given: &[Given], ratings: &'a Ratings) -> Option<Self> {
        let scale = Coding::of(criterion, given, ratings)?;
        let mut sweep = Self {
            scale,
            counts: Vec::with_capacity(given.len()),
            changes: Vec::new(),
            next: 0,
            now: Vec::new(),
            known: SeenPatterns::default(),
        };
        for of_item in given.chunk_by(|a, b| a.unit == b.unit) {
            sweep.add(of_item);
        }
        sweep.changes.sort_by_key(|change| change.week);
        Some(sweep)
    }

    /// Adds an item's values, which are in order of the weeks.
    fn add(&mut self, of_item: &[Given]) {
        let (from, item) = (self.counts.len(), self.now.len());
        for of_week in of_item.chunk_by(|a, b| a.week == b.week) {
            let counted = of_week.iter().filter_map(|given| {
                let category = *self.scale.codes.get(&given.answer)?;
                Some(Count { category, ratings: given.count })
            });
            self.counts.extend(counted);
            self.changes.push(Change { week: of_week[0].week, item, from, until: self.counts.len() });
        }
        self.now.push(None);
    }

    /// Goes on to the end of a week, which must be later than the last one.
    pub fn week(&mut self, week: Week) -> RatedSpans<'a> {
        while let Some(change) = self.changes.get(self.next).filter(|change| change.week.is_none_or(|of| of <= week)) {
            let new = self.known.pattern(&self.counts[change.from..change.until]);
            if let Some(old) = std::mem::replace(&mut self.now[change.item], new) {
                self.known.patterns[old].items -= 1;
            }
            if let Some(new) = new {
                self.known.patterns[new].items += 1;
                self.known.patterns[new].in_week += u64::from(change.week == Some(week));
            }
            self.next += 1;
        }
        self.known.sort();
        let spans = RatedSpans {
            in_week: self.scale.rated(self.known.with(|pattern| pattern.in_week)),
            so_far: self.scale.rated(self.known.with(|pattern| pattern.items)),
        };
        self.known.patterns.iter_mut().for_each(|pattern| pattern.in_week = 0);
        spans
    }
}

/// Every pattern that some item has had.
#[derive(Default)]
struct SeenPatterns {
    by_counts: AHashMap<Arc<[Count]>, usize>,
    patterns: Vec<CountedPattern>,
    /// Numbers of patterns in the order of their counts.
    order: Vec<usize>,
}

/// A pattern, and how many items have it.
struct CountedPattern {
    counts: Arc<[Count]>,
    items: u64,
    in_week: u64,
}

impl SeenPatterns {
    /// The number of the pattern that some counts come to; none if there is nothing to count.
    fn pattern(&mut self, counts: &[Count]) -> Option<usize> {
        let mut sums = counts.to_vec();
        sums.sort_unstable();
        sums.dedup_by(|next, kept| {
            let is_same = next.category == kept.category;
            if is_same {
                kept.ratings += next.ratings;
            }
            is_same
        });
        if let Some(number) = self.by_counts.get(sums.as_slice()) {
            return Some(*number);
        }
        let (counts, number): (Arc<[Count]>, usize) = (sums.into(), self.patterns.len());
        if counts.is_empty() {
            return None;
        }
        self.by_counts.insert(Arc::clone(&counts), number);
        self.patterns.push(CountedPattern { counts, items: 0, in_week: 0 });
        Some(number)
    }

    /// Puts new patterns in their place; those before them are in order already.
    fn sort(&mut self) {
        let known = self.order.len();
        self.order.extend(known..self.patterns.len());
        self.order.sort_by(|a, b| self.patterns[*a].counts.cmp(&self.patterns[*b].counts));
    }

    /// The patterns that items have, in order.
    fn with(&self, items: impl Fn(&CountedPattern) -> u64) -> impl Iterator<Item = (&[Count], u64)> + Clone {
        let patterns = self.order.iter().map(|number| &self.patterns[*number]);
        let counted = patterns.map(move |pattern| (&*pattern.counts, items(pattern)));
        counted.filter(|(_, items)| *items > 0).collect::<Vec<_>>().into_iter()
    }
}

/// How answers become categories: those of the criterion's scale, or all numbers or sets that were given.
struct Coding<'a> {
    /// The category of each answer; none for what the newest rubric no longer has.
    codes: AHashMap<u32, u32>,
    categories: Categories<'a>,
}

impl<'a> Coding<'a> {
    fn of(criterion: &'a Criterion, given: &[Given], ratings: &'a Ratings) -> Option<Self> {
        let level = criterion.scale.level()?;
        let mut answers: Vec<u32> = given.iter().map(|given| given.answer).collect();
        answers.sort_unstable();
        answers.dedup();
        let label = |answer: u32| ratings.names.answers[answer as usize].label();
        if level == Level::Interval {
            return Some(Self::of_numbers(&answers, label));
        }
        let mut names: Vec<&str> = criterion.scale.values().collect();
        let mut in_common = None;
        if criterion.scale.has_sets() {
            names = answers.iter().map(|answer| label(*answer)).collect();
            let sets: Vec<Vec<u32>> = names.iter().filter_map(|name| criterion.scale.set(name)).collect();
            in_common = Some(Arc::new(masi_weights(&sets)));
        }
        let place = |answer: u32| names.iter().position(|name| *name == label(answer));
        let codes = answers.iter().filter_map(|answer| Some((*answer, u32::try_from(place(*answer)?).ok()?)));
        let codes = codes.collect();
        let weighting = ac_weighting(level).filter(|_| in_common.is_none());
        let categories = Categories { level, names, numbers: Vec::new(), in_common, weighting };
        Some(Self { codes, categories })
    }

    /// The categories of numbers in order; what is no number, and what is another, are categories of their own.
    fn of_numbers(answers: &[u32], label: impl Fn(u32) -> &'a str) -> Self {
        let number = |answer: u32| label(answer).parse().unwrap_or(f64::NAN);
        let mut given: Vec<(f64, u32)> = answers.iter().map(|answer| (number(*answer), *answer)).collect();
        given.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut names, mut numbers): (Vec<&str>, Vec<f64>) = (Vec::new(), Vec::new());
        let mut codes = AHashMap::new();
        for (number, answer) in given {
            if numbers.last() != Some(&number) {
                numbers.push(number);
                names.push(label(answer));
            }
            codes.insert(answer, numbers.len() as u32 - 1);
        }
        let level = Level::Interval;
        let categories = Categories { level, names, numbers, in_common: None, weighting: ac_weighting(level) };
        Self { codes, categories }
    }

    /// The patterns of a span. Of numbers, only those that were given in it are categories.
    fn rated<'p>(&self, patterns: impl Iterator<Item = (&'p [Count], u64)> + Clone) -> Rated<'a> {
        let all = &self.categories;
        if all.level != Level::Interval {
            return Rated { patterns: Patterns::of_sorted(all.names.len(), patterns), categories: all.clone() };
        }
        let mut places = vec![None; all.names.len()];
        patterns.clone().flat_map(|(counts, _)| counts).for_each(|count| places[count.category as usize] = Some(0));
        for (place, number) in places.iter_mut().flatten().zip(0_u32..) {
            *place = number;
        }
        let renumbered = |count: &Count| Some(Count { category: places[count.category as usize]?, ..*count });
        let patterns: Vec<(Vec<Count>, u64)> =
            patterns.map(|(counts, items)| (counts.iter().filter_map(renumbered).collect(), items)).collect();
        let sorted = patterns.iter().map(|(counts, items)| (counts.as_slice(), *items));
        let names = given(&all.names, &places);
        let numbers = given(&all.numbers, &places);
        let patterns = Patterns::of_sorted(names.len(), sorted);
        Rated { patterns, categories: Categories { names, numbers, in_common: None, ..*all } }
    }
}

/// What belongs to the categories that have a place.
fn given<T: Copy>(all: &[T], places: &[Option<u32>]) -> Vec<T> {
    all.iter().zip(places).filter(|(_, place)| place.is_some()).map(|(of, _)| *of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratings::testing::Site;
    use crate::ratings::{Unit, Values};
    use proptest::prelude::*;

    const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, partly, no]}}
  - {id: minutes, scale: {number: {min: 0}}}
  - {id: notes, scale: text}";

    /// A table with the answers `1.5`, `10`, `2`, `no` and `yes` in this order.
    fn table() -> Ratings {
        let rows = "i,a,goal,yes\ni,b,goal,no\ni,a,minutes,10\ni,b,minutes,2\nj,b,minutes,1.5\n";
        Site::with(CRITERIA).cohort("atlas", "a, b", "").read_clean(&format!("item,rater,criterion,value\n{rows}"))
    }

    fn week(week: i8) -> Week {
        Week { year: 2026, week }
    }

    fn given() -> impl Strategy<Value = Given> {
        (0_u32..6, 0_i8..5, 0_u32..5, 1_u32..3).prop_map(|(item, of, answer, count)| Given {
            cohort: 0,
            unit: Unit { item, meaning: None },
            week: (of > 0).then(|| week(of)),
            answer,
            count,
        })
    }

    /// What a sweep must say, collected anew.
    fn collected<'a>(criterion: &'a Criterion, given: &[Given], span: (Week, bool), table: &'a Ratings) -> Rated<'a> {
        let (until, only_in) = span;
        let before = given.iter().filter(|given| given.week.is_none_or(|of| of <= until));
        let in_span = |item: u32| !only_in || given.iter().any(|of| of.unit.item == item && of.week == Some(until));
        let counted: Vec<&Given> = before.filter(|given| in_span(given.unit.item)).collect();
        let label = |given: &Given| table.names.answers[given.answer as usize].label();
        let number = |label: &str| label.parse::<f64>().unwrap_or(f64::NAN);
        let mut names: Vec<&str> = criterion.scale.values().collect();
        let is_number = names.is_empty();
        if is_number {
            names = counted.iter().map(|given| label(given)).collect();
            names.sort_by(|a, b| number(a).total_cmp(&number(b)).then_with(|| a.cmp(b)));
            names.dedup();
        }
        let code = |given: &&&Given| names.iter().position(|name| *name == label(given));
        let items = (0..6).map(|item| {
            let of_item = counted.iter().filter(move |given| given.unit.item == item);
            let coded = of_item.filter_map(|given| Some((code(&given)? as u32, given.count as usize)));
            coded.flat_map(|(code, count)| std::iter::repeat_n(code, count)).collect::<Vec<u32>>()
        });
        let patterns = Patterns::of(names.len(), items);
        let numbers = names.iter().filter(|_| is_number).map(|name| number(name)).collect();
        let level = criterion.scale.level().unwrap();
        let categories = Categories { level, names, numbers, in_common: None, weighting: ac_weighting(level) };
        Rated { patterns, categories }
    }

    #[test]
    fn answers_that_cannot_agree_are_not_swept() {
        let table = table();
        assert!(Sweep::of(&table.names.questions[2].criterion, &[], &table).is_none());
    }

    proptest! {
        #[test]
        fn a_sweep_says_of_each_week_what_collecting_its_values_anew_says(
            given in prop::collection::vec(given(), 0..40),
            question in 0_usize..2,
            skipped in 0_i8..5,
        ) {
            let table = table();
            let criterion = &table.names.questions[question].criterion;
            // On a scale of numbers only numbers are given.
            let fits = |given: &Given| question == 0 || given.answer < 3;
            let values = Values::of(0, given.into_iter().filter(fits).collect());
            let given = values.of_question(0, 0);
            let mut sweep = Sweep::of(criterion, given, &table).unwrap();
            for number in (1..5).filter(|number| *number != skipped) {
                let spans = sweep.week(week(number));
                prop_assert_eq!(spans.in_week, collected(criterion, given, (week(number), true), &table));
                prop_assert_eq!(spans.so_far, collected(criterion, given, (week(number), false), &table));
            }
        }
    }
}
