//! Reading: the rows of one block, each understood by itself.
//!
//! In: rows, and what all threads know of the site. Out: what the block says, with a number in place of each name, and a
//! reason for every row that can't be used. It never compares two rows: what replaces what is `resolve`.

use super::columns::{COMMENT, Column, Row};
use super::entry::Said;
use super::head::Head;
use super::membership::Membership;
use super::notes::RespelledValue;
use super::rejected::{Reason, Refusal, RejectedRow};
use super::rows::{RowSink, RowSinks};
use super::said::{self, Saying, Word};
use super::scheme::Scheme;
use super::taken::{BlockFindings, Seconds, Statement, Taken};
use super::time::Submitted;
use crate::diagnostic::Fault;
use crate::document::Criterion;
use crate::table::{Batch, Cache, Cell, Frozen, Interner, same};
use crate::text::{listed, quoted};
use jiff::civil::Date;
use semver::Version;
use std::borrow::Cow;

/// Texts of rows as numbers, given by all threads at once.
#[derive(Default)]
pub struct TextNames {
    /// Items.
    pub items: Interner,
    /// Raters.
    pub raters: Interner,
    /// Values, as the rubric writes them.
    pub values: Interner,
    /// Submissions, as rows name them.
    pub submissions: Interner,
}

impl TextNames {
    /// The texts by their numbers, once all are known.
    pub fn frozen(self) -> FrozenNames {
        let [items, raters, values] = [self.items, self.raters, self.values].map(Frozen::of);
        FrozenNames { items, raters, values }
    }
}

/// The texts by their numbers.
pub struct FrozenNames {
    /// Items.
    pub items: Frozen,
    /// Raters.
    pub raters: Frozen,
    /// Values, as the rubric writes them.
    pub values: Frozen,
}

/// What all threads know.
pub struct Context<'a> {
    /// What rows are read by.
    pub scheme: &'a Scheme<'a>,
    /// Whose work they are.
    pub membership: Membership<'a>,
    /// Texts as numbers.
    pub names: TextNames,
}

/// Columns that the rows of a submission have in common.
const OF_HEAD: [Column; 6] =
    [Column::Task, Column::Version, Column::SubmittedAt, Column::Pass, Column::Basis, Column::Status];

/// Further columns by which it can be told whose work a row is.
const OF_COHORT: [Column; 2] = [Column::Rater, Column::Cohort];

/// The head of the last row: most rows have that of the one before.
struct LastHead<'s, 'a> {
    cells: [Cell<'a>; OF_HEAD.len()],
    /// Whose work it is, where that decides on the version.
    of: Option<[Cell<'a>; OF_COHORT.len()]>,
    head: Head<'s>,
    /// Its version, among those of the block.
    version: Option<u16>,
}

/// The cohort of the last row.
struct LastCohort<'a> {
    rater: Cell<'a>,
    named: Cell<'a>,
    task: u16,
    day: Option<Date>,
    cohort: Option<u16>,
}

/// One thread's view of what is known, while it reads a block.
pub struct Reader<'s, 'a> {
    context: &'s Context<'s>,
    items: Batch<'s, 'a>,
    submissions: Batch<'s, 'a>,
    raters: Cache<'s, 'a>,
    values: Cache<'s, 'a>,
    head: Option<LastHead<'s, 'a>>,
    cohort: Option<LastCohort<'a>>,
    found: BlockFindings,
}

/// Why it can't be told which cohort a row counts for.
enum NoCohort {
    /// Its rater belongs to all of these.
    Twofold(Vec<u16>),
    /// It names another one.
    Refused(Refusal),
}

impl<'a> RowSink<'a> for Reader<'_, 'a> {
    type Made = BlockFindings;

    /// What was found, with numbers in place of places in a batch.
    fn finish(self, unreadable: Vec<Fault>) -> Self::Made {
        let mut found = self.found;
        found.rows += unreadable.len() as u64;
        found.rejected.extend(unreadable.into_iter().map(RejectedRow::unreadable));
        found.rejected.sort_by_key(|row| row.fault.line);
        let (items, submissions) = (self.items.resolve(), self.submissions.resolve());
        for taken in &mut found.taken {
            taken.item = items[taken.item as usize];
            taken.submission = taken.submission.map(|place| submissions[place as usize]);
        }
        found
    }

    /// Takes one row.
    fn take(&mut self, row: &Row<'_, 'a>) {
        self.found.rows += 1;
        if let Err(refusal) = self.accept(row) {
            let asked = if refusal.reason.is_invalid_answer() { self.take_invalid(row) } else { None };
            // The cohort it would have counted for, if it can be told.
            let membership = &self.context.membership;
            let named = || membership.named(row.get(Column::Cohort));
            let presumed = asked.or_else(named).or_else(|| membership.only(row.get(Column::Rater)));
            self.found.rejected.push(RejectedRow::of(row, refusal, presumed));
        }
    }

    fn refuse(&mut self, line: u64, refusal: Refusal) {
        self.found.rows += 1;
        self.found.rejected.push(RejectedRow::on(line, refusal, None));
    }
}

impl RowSinks for Context<'_> {
    type Made = BlockFindings;
    type Sink<'s, 'a>
        = Reader<'s, 'a>
    where
        Self: 's;

    fn begin<'s, 'a>(&'s self) -> Reader<'s, 'a> {
        Reader::of(self)
    }
}

/// What was made of one row.
pub struct MadeRow<'f> {
    /// What it says, if it was understood; or that it answers with what is not allowed.
    pub taken: Option<&'f Taken>,
    /// Its version.
    pub version: Option<&'f Version>,
    /// Why it can't be used.
    pub rejected: Option<&'f RejectedRow>,
}

impl<'s, 'a> Reader<'s, 'a> {
    /// Takes one row, and says what was made of it.
    pub fn take_one(&mut self, row: &Row<'_, 'a>) -> MadeRow<'_> {
        let (taken, rejected) = (self.found.taken.len(), self.found.rejected.len());
        self.take(row);
        let taken = self.found.taken.get(taken);
        let version = taken.and_then(|taken| self.found.versions.get(usize::from(taken.version?)));
        MadeRow { taken, version, rejected: self.found.rejected.get(rejected) }
    }

    /// A reader of a block.
    pub fn of(context: &'s Context<'s>) -> Self {
        let names = &context.names;
        Self {
            context,
            items: Batch::of(&names.items, 0),
            submissions: Batch::of(&names.submissions, 0),
            raters: Cache::of(&names.raters),
            values: Cache::of(&names.values),
            head: None,
            cohort: None,
            found: BlockFindings::default(),
        }
    }

    fn accept(&mut self, row: &Row<'_, 'a>) -> Result<(), Refusal> {
        said::check_complete(row)?;
        let LastHead { head, version, .. } = self.head(row)?;
        let (head, version) = (*head, *version);
        let scheme = self.context.scheme;
        let last = || scheme.last_step(head.task, row.get(Column::Item));
        let mut respelled = None;
        let saying = said::read(row, head.rubric, &last, &mut respelled)?;
        let cohort = self.cohort(row, &head).map_err(|refused| self.count_twofold(row, refused))?;
        let statement = self.statement(row, saying, head.task)?;
        // Nothing is refused from here on.
        if let (Some((written, value)), Statement::One(question, _)) = (respelled, &statement) {
            *self.found.respelled.entry(RespelledValue { cohort, question: *question, written, value }).or_default() +=
                1;
        }
        self.push(row, &head, version, cohort, statement);
        Ok(())
    }

    /// Takes the answer of a row that is refused for it: its rater was asked. Gives the cohort it counts for.
    fn take_invalid(&mut self, row: &Row<'_, 'a>) -> Option<u16> {
        let LastHead { head, version, .. } = self.head(row).ok()?;
        let (head, version) = (*head, *version);
        let question = self.context.scheme.question(head.task, row.get(Column::Criterion))?;
        let cohort = self.cohort(row, &head).ok()?;
        self.push(row, &head, version, cohort, Statement::Invalid(question));
        cohort
    }

    fn push(
        &mut self,
        row: &Row<'_, 'a>,
        head: &Head<'_>,
        version: Option<u16>,
        cohort: Option<u16>,
        statement: Statement,
    ) {
        let submission = row.cell(Column::Submission);
        let taken = Taken {
            line: row.line,
            row: u32::try_from(self.found.rows).unwrap_or(u32::MAX),
            task: head.task,
            item: self.items.add(row.cell(Column::Item)),
            rater: self.raters.id(row.cell(Column::Rater)).0,
            submission: (!submission.is_empty()).then(|| self.submissions.add(submission)),
            cohort,
            version,
            version_assumed: head.version_assumed,
            task_renamed: head.task_renamed,
            submitted: head.submitted,
            pass: head.pass,
            basis: head.basis,
            status: head.status,
            seconds: seconds(row.get(Column::Seconds)),
            statement,
        };
        if let Some((_, comment)) = row.kept.iter().find(|(name, _)| *name == COMMENT) {
            self.found.comments.push((self.found.taken.len(), (*comment).to_owned()));
        }
        self.found.taken.push(taken);
    }

    fn head(&mut self, row: &Row<'_, 'a>) -> Result<&LastHead<'s, 'a>, Refusal> {
        let cells = OF_HEAD.map(|column| row.cell(column));
        let of = OF_COHORT.map(|column| row.cell(column));
        let are_same =
            |cells: &[&Cell<'a>], last: &[Cell<'a>]| cells.iter().zip(last).all(|(cell, last)| same(cell, last));
        let is_last = |last: &LastHead<'_, 'a>| {
            are_same(&cells, &last.cells) && last.of.as_ref().is_none_or(|last| are_same(&of, last))
        };
        let last = match self.head.take().filter(is_last) {
            Some(last) => last,
            None => {
                let cohort = |task, submitted: Option<&Submitted>| {
                    let day = submitted.map(|submitted| submitted.day);
                    cohort_of(row, task, day, &self.context.membership).ok().flatten()
                };
                let (head, version) = Head::read(row, self.context.scheme, cohort)?;
                let versions = &mut self.found.versions;
                let version = version.map(|version| {
                    let known = versions.iter().position(|known| *known == version);
                    known.unwrap_or_else(|| {
                        versions.push(version);
                        versions.len() - 1
                    })
                });
                let version = version.and_then(|version| u16::try_from(version).ok());
                let of = head.by_cohort.then(|| of.map(Clone::clone));
                LastHead { cells: cells.map(Clone::clone), of, head, version }
            }
        };
        Ok(self.head.insert(last))
    }

    fn cohort(&mut self, row: &Row<'_, 'a>, head: &Head<'_>) -> Result<Option<u16>, NoCohort> {
        let (rater, named) = (row.cell(Column::Rater), row.cell(Column::Cohort));
        let day = head.submitted.map(|submitted| submitted.day);
        if let Some(last) = &self.cohort
            && (last.task, last.day) == (head.task, day)
            && same(&last.rater, rater)
            && same(&last.named, named)
        {
            return Ok(last.cohort);
        }
        let cohort = cohort_of(row, head.task, day, &self.context.membership)?;
        self.cohort = Some(LastCohort { rater: rater.clone(), named: named.clone(), task: head.task, day, cohort });
        Ok(cohort)
    }

    /// Why a row is refused for its cohort; a rater who would count for several is counted too.
    fn count_twofold(&mut self, row: &Row<'_, 'a>, refused: NoCohort) -> Refusal {
        let cohorts = match refused {
            NoCohort::Refused(refusal) => return refusal,
            NoCohort::Twofold(cohorts) => cohorts,
        };
        let names = listed(self.context.scheme.cohort_ids(&cohorts));
        let rater = row.get(Column::Rater).to_owned();
        self.found.twofold.entry((rater, cohorts)).or_insert((0, row.line)).0 += 1;
        Refusal::new(Reason::TwoCohorts, names)
    }

    fn statement(&mut self, row: &Row<'_, 'a>, saying: Saying<'_, '_>, task: u16) -> Result<Statement, Refusal> {
        let scheme = self.context.scheme;
        let question = |criterion: &Criterion| {
            let unknown = || Refusal::new(Reason::UnknownCriterion, format!("`{}`", criterion.id));
            scheme.question(task, &criterion.id).ok_or_else(unknown)
        };
        Ok(match saying {
            Saying::Withdrawn => Statement::Withdrawn,
            Saying::One(criterion, word) => Statement::One(question(criterion)?, self.said(row, word)),
            Saying::Whole(criteria, outcome) => {
                Statement::Whole(criteria.into_iter().map(question).collect::<Result<_, _>>()?, outcome)
            }
        })
    }

    fn said(&mut self, row: &Row<'_, 'a>, word: Word<'_>) -> Said {
        match word {
            // A value that stands on the scale as it stands in the row.
            Word::Value(Cow::Borrowed(_)) => Said::Value(self.values.id(row.cell(Column::Value)).0),
            Word::Value(Cow::Owned(value)) => Said::Value(self.values.id(&Cell::Own(value)).0),
            Word::Flag(flag) => Said::Flag(pushed(&mut self.found.flags, flag)),
            Word::Attribute(attribute) => Said::Attribute(pushed(&mut self.found.attributes, attribute)),
            Word::Outcome(outcome) => Said::Outcome(outcome),
        }
    }
}

/// The cohort that a row of a task and day counts for.
fn cohort_of(
    row: &Row<'_, '_>,
    task: u16,
    day: Option<Date>,
    membership: &Membership<'_>,
) -> Result<Option<u16>, NoCohort> {
    let (rater, named) = (row.get(Column::Rater), row.get(Column::Cohort));
    if named.is_empty() {
        return membership.cohort(rater, task, day).map_err(NoCohort::Twofold);
    }
    let unknown = || NoCohort::Refused(Refusal::new(Reason::UnknownCohort, quoted(named)));
    let cohort = membership.named(named).ok_or_else(unknown)?;
    if !membership.is_in(cohort, rater, day) {
        let found = format!("{} is not in {}", quoted(rater), quoted(named));
        return Err(NoCohort::Refused(Refusal::new(Reason::NotInCohort, found)));
    }
    Ok(Some(cohort))
}

/// Where a thing stands among those of a block.
fn pushed<T>(all: &mut Vec<T>, one: T) -> u32 {
    all.push(one);
    u32::try_from(all.len() - 1).expect("a block has fewer than 2^32 rows")
}

fn seconds(text: &str) -> Seconds {
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Seconds::Took(number),
        _ if text.is_empty() => Seconds::Unsaid,
        _ => Seconds::Unread,
    }
}
