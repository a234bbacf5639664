//! Ratings: what contractors returned, as one compact table with the gold that it is compared with.
//!
//! In: files of ratings (streamed), the Model, and the sources that hold gold. Out: a `Ratings`, and tallies of
//! right answers. A bad row never stops a build and is never dropped in silence. It computes no statistic.

mod allowed;
mod answer;
mod canonical;
mod columns;
mod comments;
mod entry;
mod expected;
mod export;
mod exported;
mod fates;
mod forget;

mod gold;
mod gold_rows;
mod head;
mod header;
mod imports;
mod intake;
mod ledger;
mod meanings;
mod membership;
mod names;
mod notes;
mod oddities;
mod open;
mod peers;
mod reading;
mod rejected;
mod rejects;
mod resolve;
mod row_schema;
mod rows;
mod said;
mod scheme;
mod scope;
mod score;
mod submissions;
mod table;
mod taken;
mod tally;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod time;
mod values;
mod withdraw;

pub use answer::GivenAnswer;
pub use canonical::{ImportedFile, RowWords};
pub use columns::Column;
pub use comments::Comment;
pub use entry::Status;
pub use export::{ExportFailure, ExportFormat, ExportRequest, NoCase, ScoutSet, export, scout_set};
pub use exported::FatePlaces;
pub use forget::{RewrittenRows, rename};
pub use gold::added::{AddedGold, GoldStanding, NoGold};
pub use gold::{GoldLabel, GoldStandard, Rank, ShownFrom, Written};
pub use gold_rows::GoldRow;
pub use imports::{RatingsReading, Readings, TimeReading, argilla_run, form_names, may_hold_ratings};
pub use intake::RejectSink;
pub use ledger::{FileRows, Ledger, RowCounts};
pub use meanings::Meanings;
pub use notes::{ReadNotes, RespelledValue};
pub use peers::{PeerAnswer, PeerAnswers, peer_answers};
pub use rejected::{Reason, RejectedRow, report as report_rejected};
pub use rejects::RejectTable;
pub use row_schema::{row_schema, row_schema_of};
pub use scheme::{Question, current};
pub use scope::Scope;
pub use score::{GradedAnswer, LeftOut, LeftOutCounts, Scored, against_gold, has_gold, score};
pub use submissions::Submission;
pub use table::{QuestionRatings, RatedOccasion, Rating, RatingNames, RatingTable};
pub use tally::{Counted, Stratum, Tallied, Tally};
pub use time::Week;
#[cfg(test)]
pub use values::Unit;
pub use values::{Given, Values, values};

use crate::diagnostic::{Diagnostics, Fault, rules};
use crate::disk;
use crate::model::Model;
use crate::source::Sources;
use crate::table::{Sizes, TableSource};
use intake::Intake;
use membership::Membership;
use open::FileReader;
use reading::{Context, TextNames};
use rows::FileFacts;
use scheme::Scheme;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use table::CompactRatings;

/// Every column of the canonical form of ratings, but for those of flags' attributes.
pub fn columns() -> impl Iterator<Item = &'static str> {
    Column::NAMES.iter().chain(&columns::KEPT).copied()
}

/// All resolved ratings of a site, and the gold standard they meet.
#[derive(Debug)]
pub struct Ratings {
    /// What the numbers of ratings stand for.
    pub names: RatingNames,
    /// The ratings.
    pub ratings: RatingTable,
    /// Submissions by their number.
    pub submissions: Vec<Submission>,
    /// The answers taken as the standard.
    pub gold: GoldStandard,
    /// What raters wrote beside their answers, by criterion, item and rater.
    pub comments: Vec<Comment>,
    /// What was left out, replaced or assumed.
    pub notes: ReadNotes,
}

impl Ratings {
    /// The same without ratings and submissions, once these are counted: names, gold and notes take little memory.
    #[must_use]
    pub fn without_rows(self) -> Self {
        Self { ratings: RatingTable::default(), submissions: Vec::new(), ..self }
    }
}

/// Reads and resolves the files of ratings, given by path in the site and path on this machine; and reads the gold.
/// `rejects` takes every row that can't be used: in the order of files and lines, then attributes without a flag.
pub fn read<'a>(
    files: &[(String, PathBuf)],
    model: &Model,
    sources: &Sources,
    rejects: &'a mut RejectSink<'a>,
    diagnostics: &mut Diagnostics,
) -> Ratings {
    let opened = files.iter().map(|(path, place)| (path.as_str(), || source(path, place)));
    read_from(opened.collect(), model, sources, rejects, diagnostics)
}

/// Where what was guessed of a file can be said.
const IN_A_FILE: &str = "say it in a ratings.yaml beside it, and it stays so whatever the next file looks like";

/// The gold that is written in a site's examples and `gold.csv` files.
pub fn written_gold(model: &Model, sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Written> {
    gold::written(&Scheme::of(model), sources, diagnostics).answers
}

/// Experts' answers to a task, whose place in the Model is `number`, as rows at the end of its `gold.csv`.
///
/// # Errors
///
/// An expert who says two things of one question, an id that gold can't name, or a file that rows can't be added to.
pub fn added_gold(number: u16, ratings: &Ratings, model: &Model, sources: &Sources) -> Result<AddedGold, Fault> {
    gold::added::added(number, ratings, &Scheme::of(model), sources)
}

/// How questions that were answered (item and criterion) stand in the gold of `sources`, and what is wrong with that.
pub fn gold_standing(
    number: u16,
    asked: &BTreeSet<(String, String)>,
    model: &Model,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> GoldStanding {
    gold::added::standing(number, asked, &gold::written(&Scheme::of(model), sources, diagnostics))
}

/// Like `read`, from anything that opens as sources.
pub fn read_from<'a, 's>(
    files: Vec<(&str, impl FnOnce() -> Result<TableSource<'s>, String> + Send)>,
    model: &Model,
    sources: &Sources,
    rejects: &'a mut RejectSink<'a>,
    diagnostics: &mut Diagnostics,
) -> Ratings {
    // On one of the threads that share the work: memory that one thread takes and another gives back comes back late.
    rayon::scope(|_| read_here(files, model, sources, rejects, diagnostics))
}

fn read_here<'a, 's>(
    mut files: Vec<(&str, impl FnOnce() -> Result<TableSource<'s>, String>)>,
    model: &Model,
    sources: &Sources,
    rejects: &'a mut RejectSink<'a>,
    diagnostics: &mut Diagnostics,
) -> Ratings {
    files.sort_by_key(|(path, _)| *path);
    let scheme = Scheme::of(model);
    // First of all, while there is nothing else to hold in memory.
    let written = gold::written(&scheme, sources, diagnostics);
    let context = Context { scheme: &scheme, membership: Membership::of(model), names: TextNames::default() };
    let readings = Readings::of_site(sources, &scheme.criteria(), diagnostics);
    let mut intake = Intake::new(rejects);
    take_in(files, &context, &readings, &mut intake, diagnostics);
    let settled = resolve::resolve(&mut intake, &scheme);
    let Intake { names, entries, comments, mut notes, oddities, .. } = intake;
    let texts = context.names.frozen();
    oddities.report(&scheme, &texts.raters, &notes.ledger, diagnostics);
    context.membership.report(diagnostics);
    rejected::report(&notes.ledger.counts().rejected, diagnostics);
    let compact = table::compacted(settled, &entries, scheme.questions.clone(), names, &comments, &texts);
    let CompactRatings { names, ratings, submissions, comments } = compact;
    drop(entries);
    let gold = gold::standard(&written, &scheme, &names, &ratings, &mut notes, diagnostics);
    Ratings { names, ratings, submissions, gold, comments, notes }
}

/// The file of ratings that is called `path` and lies at `place`.
pub fn source(path: &str, place: &Path) -> Result<TableSource<'static>, String> {
    disk::open(place).map(|file| TableSource::of_file(path, file)).map_err(|error| error.error.to_string())
}

/// Reads the rows of files, which are in the order of their paths.
fn take_in<'s>(
    files: Vec<(&str, impl FnOnce() -> Result<TableSource<'s>, String>)>,
    context: &Context<'_>,
    readings: &Readings,
    intake: &mut Intake<'_>,
    diagnostics: &mut Diagnostics,
) {
    let expected = context.scheme.expected().keeping();
    let sizes = Sizes { unpacked: context.scheme.model.config.most_unpacked, ..Sizes::default() };
    for (path, open) in files {
        intake.begin(path);
        let read = match open() {
            Ok(source) => readings.nearest(path).and_then(|reading| {
                let mut facts = FileFacts::default();
                let files = FileReader { sizes, expected: &expected, reading };
                let read = files.read(source, context, &mut facts, |found| intake.take(found));
                facts.tell(path, IN_A_FILE, diagnostics);
                intake.note_unknown(facts.unknown);
                read
            }),
            Err(why) => Err(Fault::whole(format!("the file can't be opened: {why}"))),
        };
        read.unwrap_or_else(|fault| refuse(path, fault, &mut intake.notes, diagnostics));
    }
}

/// What is said of ratings where a file is left out, or ends early.
pub fn unused(fault: Fault) -> Fault {
    let extent = if fault.line.is_none() { "these ratings are" } else { "the ratings from here on are" };
    fault.prefixed(&format!("{extent} not used: "))
}

/// Says why a file is left out, or ends early.
fn refuse(path: &str, fault: Fault, notes: &mut ReadNotes, diagnostics: &mut Diagnostics) {
    let fault = unused(fault);
    notes.ledger.last().fault = Some(fault.clone());
    let is_unread = notes.ledger.last().is_unread();
    let rule = if is_unread { rules::UNREAD_RATINGS } else { rules::REJECTED_RATINGS };
    let finding = diagnostics.fault(rule, fault.place(path), fault);
    if is_unread {
        finding.help(format!("`--without {path}` makes reports without it, and they say so"));
    }
}
