//! Gathering: the ratings of all sources, put together in their order.
//!
//! In: sources. Out: every rating and all gold, with numbers in place of names, and what was met on the way. Labels are
//! as they are written, without an order: what needs them all is decided later.

use super::columns::TableForm;
use super::error::{LabelErrors, each_source};
use super::layout::Layout;
use super::raters::Candidates;
use super::ratings::{self, BlockRatings, CellRequest, LabelNames};
use super::{FileNote, ReadRequest};
use crate::diagnostic::Fault;
use crate::quality::table::Coded;
use crate::table::{Faults, Interner, Purpose, Sizes, Stream, TableSource};
use std::collections::HashMap;

/// Where something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowPlace {
    pub file: u32,
    pub line: u64,
}

/// A label that stands somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedLabel {
    pub label: u32,
    pub place: RowPlace,
}

/// The gold of all items, as it is written.
#[derive(Default)]
pub(super) struct GoldLabels {
    /// By item: what was said first. Where nothing was said, the label is `NOTHING`.
    first: Vec<PlacedLabel>,
    /// What was said later in other words, with its item.
    pub others: Vec<(u32, PlacedLabel)>,
}

/// No label has this number.
const NOTHING: PlacedLabel = PlacedLabel { label: u32::MAX, place: RowPlace { file: 0, line: 0 } };

impl GoldLabels {
    fn add(&mut self, item: u32, said: PlacedLabel) {
        let index = item as usize;
        if self.first.len() <= index {
            self.first.resize(index + 1, NOTHING);
        }
        let first = &mut self.first[index];
        if first.label == NOTHING.label {
            *first = said;
        } else if first.label != said.label {
            self.others.push((item, said));
        }
    }

    /// By item, as far as there is gold: what was said first.
    pub fn first(&self) -> impl Iterator<Item = Option<PlacedLabel>> {
        self.first.iter().map(|said| (said.label != NOTHING.label).then_some(*said))
    }

    /// Every label of gold.
    pub fn labels(&self) -> Vec<u32> {
        let others = self.others.iter().map(|(_, said)| said.label);
        self.first().flatten().map(|said| said.label).chain(others).collect()
    }

    /// What was said first of an item that has other gold too.
    pub fn first_of(&self, item: u32) -> PlacedLabel {
        self.first[item as usize]
    }
}

/// What all sources say, in the numbers of what is known.
#[derive(Default)]
pub(super) struct Gathered {
    pub ratings: Vec<Coded>,
    /// Parallel to `ratings`, if a group was asked.
    pub groups: Vec<u32>,
    pub gold: GoldLabels,
    /// Where each label stands first.
    pub labels: HashMap<u32, RowPlace>,
    /// How many items there are if they have no names; their numbers are then not those of the known ones.
    pub numbered: Option<u32>,
    pub files: Vec<FileNote>,
    pub empty: u64,
    pub blank: u64,
    /// Columns of wide tables that nobody named.
    pub candidates: Candidates,
}

/// Reads all sources, and goes on behind what is wrong so that all of it is told.
pub(super) fn gather(
    sources: Vec<TableSource<'_>>,
    request: &ReadRequest,
    known: &LabelNames,
    sizes: Sizes,
) -> Result<Gathered, LabelErrors> {
    let mut gathered = Gathered::default();
    let several = sources.len() > 1;
    each_source(sources, |source, file| gathered.add(source, file, several, request, known, sizes))?;
    Ok(gathered)
}

/// The numbers of what the columns of a layout name.
fn numbers(names: &Interner, layout: &Layout, head: &[String]) -> Vec<u32> {
    layout.columns().iter().map(|place| names.id(&head[*place])).collect()
}

impl Gathered {
    fn add(
        &mut self,
        source: TableSource<'_>,
        file: u32,
        several: bool,
        request: &ReadRequest,
        known: &LabelNames,
        sizes: Sizes,
    ) -> Result<Faults, Fault> {
        let name = source.name.clone();
        let stream = Stream::open(source, sizes)?;
        let head = stream.head().to_vec();
        let layout = Layout::of(&head, request)?;
        if several && layout.numbers_items() {
            let fault = Fault::whole("its rows name no item, so nothing tells them from the rows of the other files");
            return Err(fault.help("name the column of the item with --item COLUMN"));
        }
        let form = layout.form();
        let named: Vec<u32> = match form {
            TableForm::Long | TableForm::Wide => numbers(&known.raters, &layout, &head),
            TableForm::Sideways => numbers(&known.items, &layout, &head),
            TableForm::Counts => numbers(&known.labels, &layout, &head),
        };
        let asked = CellRequest { missing: &request.missing, gold_rater: request.columns.gold_rater.as_deref() };
        let read = layout.read(head.len());
        let means = |key: &str| layout.meant(key, &request.columns);
        let mut note = FileNote::of(name, form, &head, &layout.roles(), &read);
        let met = stream.each_block(
            &Purpose { read: &read, lists: None, means: &means },
            |rows| ratings::read(rows, &layout, &named, known, &asked),
            |found| {
                note.rows += found.rows;
                self.take(found, file, layout.numbers_items());
            },
        );
        if form == TableForm::Wide && request.columns.raters.is_none() {
            self.candidates.add(&named, note.rows);
            if request.form.is_none() {
                self.candidates.guess(&head, &layout);
            }
        }
        if form == TableForm::Counts {
            // A category that nobody gave is one all the same.
            named.iter().for_each(|label| _ = self.labels.entry(*label).or_insert(RowPlace { file, line: 1 }));
        }
        note.unused.extend(met.unread);
        self.files.push(note);
        Ok(met.faults)
    }

    fn take(&mut self, found: BlockRatings, file: u32, numbers_items: bool) {
        let before = self.numbered.unwrap_or(0);
        if numbers_items {
            let rows = before as u64 + found.rows;
            self.numbered = Some(u32::try_from(rows).expect("fewer than 2^32 rows fit into memory"));
        }
        let moved = found.ratings.into_iter().map(|rating| Coded { item: rating.item + before, ..rating });
        self.ratings.extend(moved);
        self.groups.extend(found.groups);
        for gold in found.gold {
            self.gold
                .add(gold.item + before, PlacedLabel { label: gold.label, place: RowPlace { file, line: gold.line } });
        }
        for (label, line) in found.labels {
            self.labels.entry(label).or_insert(RowPlace { file, line });
        }
        self.empty += found.empty;
        self.blank += found.blank;
    }
}
