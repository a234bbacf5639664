//! Withdrawals: work that its rater took back leaves the table before anything is resolved.
//!
//! In: entries and withdrawals. Out: the entries that stay, and counts. A withdrawal that names a submission takes
//! back that one; one that does not takes back the rater's earlier rows of the item and pass (and of the version, if
//! it names one). An earlier submission that had been replaced by a withdrawn one stands again.

use super::entry::{At, Entries, Entry, Occasion, Withdrawal};
use super::fates::Fate;
use super::ledger::Fates;
use super::notes::ReadNotes;
use super::scheme::Scheme;
use std::collections::HashMap;

/// What a withdrawal is about.
#[derive(PartialEq, Eq, Hash)]
enum WithdrawalTarget {
    Submission(u32),
    Work { task: u16, item: u32, rater: u32, pass: u8 },
}

impl WithdrawalTarget {
    fn of(withdrawal: &Withdrawal) -> Self {
        match withdrawal.submission {
            Some(submission) => Self::Submission(submission),
            None => {
                let Withdrawal { task, item, rater, pass, .. } = *withdrawal;
                Self::Work { task, item, rater, pass }
            }
        }
    }

    fn work(question: u16, occasion: &Occasion, scheme: &Scheme<'_>) -> Self {
        let task = scheme.questions[usize::from(question)].task;
        Self::Work { task, item: occasion.item, rater: occasion.rater, pass: occasion.pass }
    }
}

/// Removes what was taken back.
pub fn apply(
    entries: &mut Entries,
    withdrawals: &[Withdrawal],
    scheme: &Scheme<'_>,
    fates: &mut Fates,
    notes: &mut ReadNotes,
) {
    if withdrawals.is_empty() {
        return;
    }
    let mut by_target: HashMap<WithdrawalTarget, Vec<usize>> = HashMap::new();
    for (index, withdrawal) in withdrawals.iter().enumerate() {
        by_target.entry(WithdrawalTarget::of(withdrawal)).or_default().push(index);
    }
    let mut found_something = vec![false; withdrawals.len()];
    entries.retain(|question, entry, occasion| {
        let targets =
            [WithdrawalTarget::Submission(occasion.submission), WithdrawalTarget::work(question, occasion, scheme)];
        let candidates = targets.iter().filter_map(|target| by_target.get(target)).flatten();
        let mut taken = false;
        for index in candidates.filter(|index| takes_back(&withdrawals[**index], entry, occasion)) {
            found_something[*index] = true;
            taken = true;
        }
        if taken {
            fates.add(entry, occasion, Fate::Withdrawn);
        }
        !taken
    });
    withdrawals.iter().for_each(|withdrawal| fates.add_row(withdrawal.at.file, withdrawal.cohort, Fate::Withdrawn));
    for (withdrawal, _) in withdrawals.iter().zip(found_something).filter(|(_, found)| !found) {
        notes.count(withdrawal.cohort).withdrawn_nothing += 1;
    }
}

/// Whether an entry that the withdrawal is about came before it. Times decide; else the order of the rows, except
/// that a named submission is taken back whole.
fn takes_back(withdrawal: &Withdrawal, entry: &Entry, occasion: &Occasion) -> bool {
    if withdrawal.version.is_some_and(|version| withdrawal.submission.is_none() && version != occasion.version) {
        return false;
    }
    let named = withdrawal.submission.is_some();
    match (occasion.time, withdrawal.time) {
        (Some(made), Some(withdrawn)) if made != withdrawn => made < withdrawn,
        (None, Some(_)) => true,
        _ => named || At { file: occasion.file, line: u64::from(entry.line) } < withdrawal.at,
    }
}
