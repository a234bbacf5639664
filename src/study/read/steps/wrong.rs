//! What rows of steps contradict: each other, or the length of their item.
//!
//! In: all rows, ordered by item, rater and step. Out: the lengths of items, and every contradiction with its place.

use super::super::FileNote;
use super::super::coding::line_seen_from;
use super::super::gather::RowPlace;
use super::rows::StepRow;
use crate::diagnostic::Fault;

/// What can't be true together.
pub(super) enum Wrong {
    /// The length here, and another one there.
    Lengths(u32, u32, RowPlace),
    /// Nothing here, and a flag there.
    Nothing(u32, RowPlace),
    /// A step beyond the length.
    Beyond(u32, u32),
}

impl Wrong {
    pub fn told(self, here: RowPlace, files: &[FileNote]) -> Fault {
        let line = |there: RowPlace| line_seen_from(here, there, files);
        match self {
            Self::Lengths(length, other, there) => {
                Fault::on(here.line, format!("the item has {length} steps here and {other} on {}", line(there)))
            }
            Self::Nothing(step, there) => {
                let message = format!("the row says that nothing was flagged, but {} flags step {step}", line(there));
                Fault::on(here.line, message).help("leave one of the two out")
            }
            Self::Beyond(step, length) => Fault::on(here.line, format!("step {step} of an item of {length} steps")),
        }
    }
}

/// The length of each item, and where two rows give it two.
pub(super) fn lengths(rows: &[StepRow], items: usize) -> (Vec<Option<u32>>, Vec<(RowPlace, Wrong)>) {
    let mut wrong = Vec::new();
    let mut lengths = vec![None; items];
    for rows in rows.chunk_by(|a, b| a.item == b.item) {
        let said = || rows.iter().filter_map(|row| Some((row.place, row.length?)));
        let Some((first, length)) = said().min() else { continue };
        lengths[rows[0].item as usize] = Some(length);
        if let Some((place, other)) = said().filter(|(_, other)| *other != length).min() {
            wrong.push((place, Wrong::Lengths(other, length, first)));
        }
    }
    (lengths, wrong)
}

/// Rows that contradict another one, or the length of their item.
pub(super) fn contradictions(rows: &[StepRow], lengths: &[Option<u32>]) -> Vec<(RowPlace, Wrong)> {
    let mut wrong = Vec::new();
    for reading in rows.chunk_by(|a, b| (a.item, a.rater) == (b.item, b.rater)) {
        // A row without a step stands first.
        let (first, last) = (reading[0], reading[reading.len() - 1]);
        if let (None, Some(step)) = (first.step, last.step) {
            wrong.push((first.place, Wrong::Nothing(step, last.place)));
        }
    }
    for row in rows {
        if let (Some(step), Some(length)) = (row.step, lengths[row.item as usize])
            && step > length
        {
            wrong.push((row.place, Wrong::Beyond(step, length)));
        }
    }
    wrong
}
