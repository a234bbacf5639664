//! Membership: which cohort a rating counts for.
//!
//! In: the cohorts, a rater, a task and a day. Out: the one cohort, none, or the several that would count it twice.

use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::COHORTS;
use crate::model::{Cohort, Model};
use crate::text::listed;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Raters' memberships, looked up by rater.
pub struct Membership<'a> {
    model: &'a Model,
    by_rater: HashMap<&'a str, Vec<(u16, Period)>>,
}

#[derive(Clone, Copy)]
struct Period {
    from: Option<Date>,
    until: Option<Date>,
}

impl Period {
    /// Whether the day lies in it; a day that is not known lies in every period.
    fn has(self, day: Option<Date>) -> bool {
        day.is_none_or(|day| self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until))
    }

    fn within(self, cohort: &Cohort) -> Self {
        let until = [self.until, cohort.until].into_iter().flatten().min();
        Self { from: self.from.max(cohort.from), until }
    }
}

impl<'a> Membership<'a> {
    /// Gathers all members of all cohorts.
    pub fn of(model: &'a Model) -> Self {
        let mut by_rater: HashMap<&str, Vec<(u16, Period)>> = HashMap::new();
        for (index, cohort) in (0_u16..).zip(&model.cohorts) {
            for member in &cohort.raters {
                let period = Period { from: member.from, until: member.until }.within(cohort);
                by_rater.entry(&member.rater).or_default().push((index, period));
            }
        }
        Self { model, by_rater }
    }

    /// The cohort of this name.
    pub fn named(&self, id: &str) -> Option<u16> {
        let found = self.model.cohorts.iter().position(|cohort| cohort.id == id)?;
        u16::try_from(found).ok()
    }

    /// The cohort for which a rater's work on a task counts on a day; `Err` holds two or more.
    pub fn cohort(&self, rater: &str, task: u16, day: Option<Date>) -> Result<Option<u16>, Vec<u16>> {
        let task = &self.model.tasks[usize::from(task)].id;
        let mut found: Vec<u16> = Vec::new();
        for (index, period) in self.by_rater.get(rater).into_iter().flatten() {
            let cohort = &self.model.cohorts[usize::from(*index)];
            if period.has(day) && cohort.tasks.contains(task) && !found.contains(index) {
                found.push(*index);
            }
        }
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(found),
        }
    }

    /// Whether a rater is in a cohort on a day.
    pub fn is_in(&self, cohort: u16, rater: &str, day: Option<Date>) -> bool {
        let periods = self.by_rater.get(rater).into_iter().flatten();
        periods.filter(|(of, _)| *of == cohort).any(|(_, period)| period.has(day))
    }

    /// Reports ids that two services gave: the ratings of two people would be those of one rater.
    pub fn report(&self, diagnostics: &mut Diagnostics) {
        let mut shared: BTreeMap<(u16, u16), Vec<&str>> = BTreeMap::new();
        for (rater, periods) in &self.by_rater {
            let cohorts: BTreeSet<u16> = periods.iter().map(|(cohort, _)| *cohort).collect();
            for (first, second) in cohorts.iter().flat_map(|a| cohorts.range(a + 1..).map(move |b| (*a, *b))) {
                let [a, b] = [first, second].map(|of| &self.model.cohorts[usize::from(of)]);
                if a.vendor.is_some() && b.vendor.is_some() && a.vendor != b.vendor {
                    shared.entry((first, second)).or_default().push(rater);
                }
            }
        }
        for ((first, second), mut raters) in shared {
            raters.sort_unstable();
            let [first, second] = [first, second].map(|of| &self.model.cohorts[usize::from(of)]);
            let message = format!("{} of two services: in `{}` and in `{}`", listed(raters), first.id, second.id);
            let place = |cohort: &Cohort| Place::file(format!("{COHORTS}{}.yaml", cohort.id));
            diagnostics
                .add(rules::SHARED_RATER, place(second), message)
                .related(place(first), "the other cohort")
                .help("if these are two people, give one of them another id: their ratings count as one rater's");
        }
    }

    /// The only cohort a rater was ever in, for rows of which nothing else is known.
    pub fn only(&self, rater: &str) -> Option<u16> {
        let memberships = self.by_rater.get(rater)?;
        let (first, _) = memberships.first()?;
        memberships.iter().all(|(index, _)| index == first).then_some(*first)
    }
}
