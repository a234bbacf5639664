//! The scope of a report: which ratings it speaks of.

use super::table::RatedOccasion;
use jiff::civil::Date;

/// Which ratings are counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// Only those made until this day; all, if none is given.
    pub until: Option<Date>,
    /// Only those of this cohort, by its place in the Model; those of all cohorts, if none is given.
    pub cohort: Option<u16>,
}

impl Scope {
    /// Whether a rating was made too late. One without a time never was.
    pub fn is_too_late(&self, of: &RatedOccasion) -> bool {
        of.day.zip(self.until).is_some_and(|(day, until)| day > until)
    }

    /// The cohort that a rating counts for, if that is one of those asked for.
    pub fn cohort_of(&self, of: &RatedOccasion) -> Option<u16> {
        of.cohort().filter(|cohort| self.cohort.is_none_or(|wanted| wanted == *cohort))
    }
}
