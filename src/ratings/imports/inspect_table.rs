//! Inspect's tables of samples, as `samples_df` of 0.3.285 gives them and any program saves them.
//!
//! In: the names at the head; and the table itself where it says of its samples which run each is. Out: what its columns
//! are, and the samples that have several runs: it is read twice for that. Who edited a score nobody can tell from it.

use super::Lacking;
use super::reading::{Epochs, RatingsReading};
use crate::diagnostic::Fault;
use crate::ratings::columns::Column;
use crate::table::{Meant, Purpose, Rows, Sizes, Stream, TableFile, TableSource};
use std::collections::BTreeSet;

/// What these tables lack.
pub const LACKING: Lacking = Lacking {
    what: "Inspect's table of samples lacks who edited a score, and when: an edited one looks like the scorer's own",
    instead: "let the log itself be read, which has the edits; or say with `scorers` (of an import, `--scorer`) whose the values are",
};

/// The column that names the item.
pub const ITEM: &str = "id";

const EPOCH: &str = "epoch";
const SAMPLE: &str = "sample_id";
const SCORE: &str = "score_";

/// The scorer whose values a column holds.
pub fn scorer(column: &str) -> Option<&str> {
    column.strip_prefix(SCORE).filter(|scorer| !scorer.is_empty())
}

/// Whether a table with such a head is one of samples.
pub fn is_head<'a>(head: impl Iterator<Item = &'a str>) -> bool {
    let names: BTreeSet<&str> = head.collect();
    [SAMPLE, ITEM, EPOCH].iter().all(|name| names.contains(name)) && names.iter().any(|name| scorer(name).is_some())
}

/// Finds the columns of scorers that answers are named for, and says of each answer whose it is, unless the table has a
/// column of raters. What was guessed to be an answer and is nobody's is left out, where somebody is named at all.
pub fn name_raters(reading: &mut RatingsReading, head: &[String], is_guess: bool) {
    for answer in reading.answers.iter_mut().filter(|answer| !head.contains(&answer.column)) {
        let own = format!("{SCORE}{}", answer.column);
        if head.contains(&own) {
            answer.column = own;
        }
    }
    if reading.columns.contains_key(&Column::Rater) || reading.scorers.is_empty() {
        return;
    }
    for answer in &mut reading.answers {
        answer.rater = scorer(&answer.column).and_then(|scorer| reading.scorers.get(scorer)).cloned();
    }
    reading.answers.retain(|answer| answer.rater.is_some() || !is_guess);
}

/// The table again, and the samples that have several runs in it, if it is one of samples.
pub fn with_epochs(
    stream: Stream<'_>,
    again: Option<TableFile>,
    sizes: Sizes,
) -> Result<(Stream<'_>, Option<Epochs>), Fault> {
    if !is_head(stream.head().iter().map(String::as_str)) {
        return Ok((stream, None));
    }
    let again = again.ok_or_else(|| {
        Fault::whole("it is a table of samples of `inspect`, which is read twice").help("save it as a file")
    })?;
    let repeated = repeated(again.source()?, sizes)?;
    let epochs = Epochs { column: EPOCH.to_owned(), repeated };
    Ok((Stream::open(again.source()?, sizes)?, Some(epochs)))
}

/// The ids that stand in several rows.
fn repeated(source: TableSource<'_>, sizes: Sizes) -> Result<BTreeSet<String>, Fault> {
    let stream = Stream::open(source, sizes)?;
    let Some(place) = stream.head().iter().position(|name| name == ITEM) else { return Ok(BTreeSet::new()) };
    let read: Vec<bool> = (0..stream.head().len()).map(|column| column == place).collect();
    let used = Purpose { read: &read, lists: &[], means: &|_| Meant::Nothing };
    let make = |rows: &mut Rows<'_>| {
        let mut ids = Vec::new();
        rows.read(|_, cells, _| ids.push(cells[place].to_string()));
        ids
    };
    let (mut known, mut repeated) = (BTreeSet::new(), BTreeSet::new());
    // What is wrong with a row is said when the table is read.
    stream.each_block(&used, make, |ids| {
        for id in ids {
            if known.contains(&id) {
                repeated.insert(id);
            } else {
                known.insert(id);
            }
        }
    });
    Ok(repeated)
}
