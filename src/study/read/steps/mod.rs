//! Steps: a table of mistakes found in items of many steps, one row a flagged step.
//!
//! In: readers of long tables. Out: for each item and rater the flagged steps in order, and the gold ones apart; or what
//! is wrong, with its place. A row without a step says that the item was read and nothing was flagged, which is another
//! thing than not having read it. Never matches flags.

mod rows;
mod wrong;

use super::FileNote;
use super::coding::{Final, refuse};
use super::columns::TableForm;
use super::error::{LabelErrors, each_source};
use super::exported::CountedRows;
use crate::diagnostic::Fault;
use crate::table::{Faults, Frozen, Names, Purpose, Sizes, Stream, TableSource};
use rows::{GOLD, StepColumns, StepNames, StepRow, read_block};
use std::ops::Range;
use wrong::{contradictions, lengths};

/// What is asked of tables of steps. Columns that are `None` are found by their usual names: `label`, `step` or
/// `mistake_step` for the step; `kind`, `category` or `type` for the kind; `steps` or `n_steps` for the length; for the
/// others see `Columns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRequest {
    /// Column of what was read.
    pub item: Option<String>,
    /// Column of who read it.
    pub rater: Option<String>,
    /// Column of the flagged step.
    pub step: Option<String>,
    /// Column of the kind of mistake, which a table may lack.
    pub kind: Option<String>,
    /// Column of how many steps the item has, which a table may lack.
    pub length: Option<String>,
    /// The rater whose flags are gold.
    pub gold_rater: String,
    /// Texts that count as no step, such as `none`; the empty one always does.
    pub missing: Vec<String>,
}

impl Default for StepRequest {
    fn default() -> Self {
        let gold_rater = "gold".to_owned();
        Self { item: None, rater: None, step: None, kind: None, length: None, gold_rater, missing: Vec::new() }
    }
}

/// One flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepFlag {
    /// The step, as numbered in the table.
    pub step: u32,
    /// The kind of mistake, if one was named.
    pub kind: Option<u32>,
}

/// One rater's reading of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReading {
    /// The item.
    pub item: u32,
    /// The rater.
    pub rater: u32,
    flags: Range<usize>,
}

/// What was flagged, in numbers, with the names behind the numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Items, shorter names first, then by bytes.
    pub items: Names,
    /// Raters without gold: in the order of numbers if all are numbers, else by bytes.
    pub raters: Names,
    /// Kinds of mistakes, in such an order too.
    pub kinds: Names,
    /// By item: how many steps it has, if that is said.
    pub lengths: Vec<Option<u32>>,
    /// Every reading but those of gold, by item and rater.
    pub readings: Vec<StepReading>,
    /// How each file was understood.
    pub files: Vec<FileNote>,
    /// Rows that repeat a flag, or that nothing was flagged; they count once.
    pub repeated: u64,
    /// Rows of exported tables that reports do not count; they are left out.
    pub uncounted: u64,
    flags: Vec<StepFlag>,
    gold: Vec<Option<Range<usize>>>,
}

impl Steps {
    /// The flags of a reading, by step and kind, each once; none if nothing was flagged.
    pub fn flags(&self, reading: &StepReading) -> &[StepFlag] {
        &self.flags[reading.flags.clone()]
    }

    /// The gold flags of an item; `None` if it has no gold, not even that there is nothing to flag.
    pub fn gold(&self, item: u32) -> Option<&[StepFlag]> {
        self.gold[item as usize].clone().map(|range| &self.flags[range])
    }
}

/// Reads tables of steps; the rows of several add up.
///
/// A step is a whole number, also written as `12.0`. It is an error if a rater both flags steps of an item and says in
/// a row without a step that there are none; if a kind stands without a step; if two lengths are given for one item; or
/// if a step lies beyond the length. A flag that is repeated with the same kind counts once.
pub fn read(sources: Vec<TableSource<'_>>, request: &StepRequest) -> Result<Steps, LabelErrors> {
    read_sized(sources, request, Sizes::default())
}

pub(super) fn read_sized(
    sources: Vec<TableSource<'_>>,
    request: &StepRequest,
    sizes: Sizes,
) -> Result<Steps, LabelErrors> {
    let known = StepNames::default();
    let mut gathered = GatheredSteps::default();
    each_source(sources, |source, file| gathered.add(source, file, request, &known, sizes))?;
    gathered.code(known)
}

#[derive(Default)]
struct GatheredSteps {
    rows: Vec<StepRow>,
    uncounted: u64,
    files: Vec<FileNote>,
}

impl GatheredSteps {
    fn add(
        &mut self,
        source: TableSource<'_>,
        file: u32,
        request: &StepRequest,
        known: &StepNames,
        sizes: Sizes,
    ) -> Result<Faults, Fault> {
        let name = source.name.clone();
        let stream = Stream::open(source, sizes)?;
        let head = stream.head().to_vec();
        let places = StepColumns::of(&head, request)?;
        let counted = CountedRows::of(&stream);
        let mut read = places.read(head.len());
        counted.mark(&mut read);
        let means = |key: &str| places.meant(key, request);
        let mut note = FileNote::of(name, TableForm::Long, &head, &places.roles(), &read);
        let before = self.rows.len();
        let met = stream.each_block(
            &Purpose { read: &read, lists: &[], means: &means },
            |rows| read_block((rows, &counted), &places, request, known, file),
            |(found, uncounted)| {
                self.rows.extend(found);
                self.uncounted += uncounted;
            },
        );
        note.rows = (self.rows.len() - before) as u64;
        note.unused.extend(met.unread);
        self.files.push(note);
        Ok(met.faults)
    }
}

impl GatheredSteps {
    fn code(mut self, known: StepNames) -> Result<Steps, LabelErrors> {
        let rows = &mut self.rows;
        let items = Final::shorter_first(&Frozen::of(known.items), rows.iter().map(|row| row.item));
        let named = rows.iter().map(|row| row.rater).filter(|rater| *rater != GOLD);
        let raters = Final::listed(&Frozen::of(known.raters), named);
        let kinds = Final::listed(&Frozen::of(known.kinds), rows.iter().filter_map(|row| row.kind));
        for row in rows.iter_mut() {
            row.item = items.new[row.item as usize];
            row.rater = if row.rater == GOLD { GOLD } else { raters.new[row.rater as usize] };
            row.kind = row.kind.map(|kind| kinds.new[kind as usize]);
        }
        rows.sort_unstable();
        let (lengths, mut wrong) = lengths(rows, items.names.len());
        wrong.extend(contradictions(rows, &lengths));
        refuse(wrong, &self.files, |here, wrong| wrong.told(here, &self.files))?;
        let mut steps = Steps {
            gold: vec![None; items.names.len()],
            items: items.names,
            raters: raters.names,
            kinds: kinds.names,
            lengths,
            readings: Vec::new(),
            files: self.files,
            repeated: 0,
            uncounted: self.uncounted,
            flags: Vec::new(),
        };
        self.rows.chunk_by(|a, b| (a.item, a.rater) == (b.item, b.rater)).for_each(|rows| steps.add(rows));
        Ok(steps)
    }
}

impl Steps {
    /// Adds the rows of one reading, which are in order.
    fn add(&mut self, rows: &[StepRow]) {
        let start = self.flags.len();
        let flag = |row: &StepRow| row.step.map(|step| StepFlag { step, kind: row.kind });
        let alike = |a: &StepRow, b: &StepRow| flag(a) == flag(b);
        let each_once = rows.chunk_by(alike).map(|rows| &rows[0]);
        self.flags.extend(each_once.filter_map(flag));
        self.repeated += rows.windows(2).filter(|pair| alike(&pair[0], &pair[1])).count() as u64;
        let (item, rater, flags) = (rows[0].item, rows[0].rater, start..self.flags.len());
        if rater == GOLD {
            self.gold[item as usize] = Some(flags);
        } else {
            self.readings.push(StepReading { item, rater, flags });
        }
    }
}
