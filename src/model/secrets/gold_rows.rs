//! Gold rows: the reasons in a task's `gold.csv`.
//!
//! In: the file. Out: each cell in a column of reasons. What can't be read can't be searched for, so that it is an error
//! here too.

use crate::diagnostic::{Diagnostics, Fault, rules};
use crate::document::FileSet;
use crate::table::head::usual;
use crate::table::{Meant, Purpose, Rows, Sizes, Stream, TableSource};

/// The reasons in the file at `place`.
pub fn reasons(place: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let Some(text) = files.get(place).and_then(|file| file.text()) else { return Vec::new() };
    let mut reasons = Vec::new();
    for fault in each_reason(TableSource::new(place.to_owned(), text.as_bytes()), &mut |reason| reasons.push(reason)) {
        let fault = fault.prefixed("its reasons cannot be searched for: ");
        diagnostics.fault(rules::INVALID_VALUE, fault.place(place), fault);
    }
    reasons
}

/// Takes each cell in a column of reasons; returns what could not be read.
fn each_reason(gold: TableSource<'_>, take: &mut (impl FnMut(String) + Send)) -> Vec<Fault> {
    let stream = match Stream::open(gold, Sizes::default()) {
        Ok(stream) => stream,
        Err(fault) => return vec![fault],
    };
    let read: Vec<bool> = stream.head().iter().map(|name| usual(name) == "reason").collect();
    let of_block = |rows: &mut Rows<'_>| {
        let mut reasons = Vec::new();
        rows.read(|_, cells, _| {
            let wanted = cells.iter().zip(&read).filter(|(_, read)| **read);
            reasons.extend(wanted.map(|(cell, _)| (**cell).to_owned()));
        });
        reasons
    };
    let used = Purpose { read: &read, lists: &[], means: &|_| Meant::Nothing };
    let met = stream.each_block(&used, of_block, |reasons: Vec<String>| reasons.into_iter().for_each(&mut *take));
    met.faults.kept.into_iter().chain(met.faults.end).collect()
}
