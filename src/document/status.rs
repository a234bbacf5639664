//! The state of a task: `releases/<task>/status.yaml`.
//!
//! In: the file. Out: `StatusKeys`. It is written by commands and by hand; nothing in it is sealed.

use crate::schema::{Id, Moment, Several, Spanned, mapping};

mapping! {
    /// The state of a task: which version serves whom, what was withdrawn, whether it is over, and what it was called.
    pub struct StatusKeys = "the state of a task" {
        /// Ids that the task had before: ratings and cohorts that name one mean it.
        optional was: Several<Spanned<Id>> = "setup-mistakes";
        /// Which version serves which cohort from when. A version that is not named here serves everybody from when it
        /// was sealed.
        optional serves: Vec<ServingKeys> = "[{version: 1.1.0, from: 2026-11-16}]";
        /// Versions that must not be worked from any more.
        optional withdrawn: Vec<WithdrawalKeys> = "[{version: 1.0.1, from: 2026-11-20, because: It names a wrong limit.}]";
        /// Since when the task is over, and why.
        optional retired: EndKeys = "{from: 2026-12-31, because: The runs are all rated.}";
    }
}

mapping! {
    /// A version and whom it serves from when.
    pub struct ServingKeys = "a serving period" {
        /// The version.
        needed version: Spanned<String> = "1.1.0";
        /// The cohorts that it serves; all unless said.
        optional cohorts: Vec<Spanned<String>> = "[atlas-2026q4]";
        /// From when on: a time, or a day, which is its beginning; never before it was sealed.
        needed from: Moment = "2026-11-16";
        /// Until when: a time, or a day, which is its end; until another version begins unless said.
        optional until: Moment;
        /// For how many days from then on work that was begun under the version before may be finished under it.
        optional grace: u32 = "7";
    }
}

mapping! {
    /// A version that must not be worked from any more.
    pub struct WithdrawalKeys = "a withdrawal" {
        /// The version.
        needed version: Spanned<String> = "1.0.1";
        /// From when on: a time, or a day, which is its beginning.
        needed from: Moment = "2026-11-20T09:30:00Z";
        /// Why, in a sentence for readers.
        needed because: String = "It names a wrong limit.";
    }
}

mapping! {
    /// Since when something is over, and why.
    pub struct EndKeys = "the end of a task" {
        /// From when on: a time, or a day, which is its beginning.
        needed from: Moment = "2026-12-31";
        /// Why, in a sentence for readers.
        needed because: String = "The runs are all rated.";
    }
}
