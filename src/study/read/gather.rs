//! Gathering: the ratings of all sources, put together in their order.
//!
//! In: sources. Out: every rating and all gold, with numbers in place of names, and what was met on the way. Labels are
//! as they are written, without an order: what needs them all is decided later.

use super::columns::TableForm;
use super::error::{LabelErrors, each_source};
use super::exported::CountedRows;
use super::layout::{Layout, LongColumns};
use super::raters::Candidates;
use super::ratings::{self, BlockRatings, CellRequest, GoldCell, LabelCell, LabelNames, WHOLE};
use super::{FileNote, ReadRequest};
use crate::diagnostic::Fault;
use crate::quality::table::Coded;
use crate::table::{Faults, Purpose, Sizes, Stream, TableSource};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// More are not taken apart: nobody reads so many pages, and the column may be of items.
pub(super) const MOST_PARTS: usize = 100;

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

/// What is said of one task and criterion, or of all.
#[derive(Default)]
pub(super) struct GatheredPart {
    pub ratings: Vec<Coded>,
    /// Parallel to `ratings`, if a group was asked.
    pub groups: Vec<u32>,
    pub gold: GoldLabels,
    /// Where each label stands first.
    pub labels: HashMap<u32, RowPlace>,
}

/// What all sources say, in the numbers of what is known.
#[derive(Default)]
pub(super) struct Gathered {
    /// By number of a task and criterion, among those of groups: what is said of it.
    pub parts: BTreeMap<u32, GatheredPart>,
    /// Whether there are more parts than are taken apart.
    pub has_more_parts: bool,
    /// The parts in which steps are flagged.
    pub flagged: BTreeSet<u32>,
    /// The columns that take ratings apart.
    pub apart: Vec<String>,
    /// How many items there are if they have no names; their numbers are then not those of the known ones.
    pub numbered: Option<u32>,
    pub files: Vec<FileNote>,
    pub empty: u64,
    pub blank: u64,
    /// Rows of exported tables that reports do not count.
    pub uncounted: u64,
    /// Rows of exported tables of which several answers are right.
    pub several_right: u64,
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

/// The numbers of what the columns of a layout name: raters, items or labels.
fn numbers(known: &LabelNames, layout: &Layout, head: &[String]) -> Vec<u32> {
    let names = match layout.form() {
        TableForm::Long | TableForm::Wide => &known.raters,
        TableForm::Sideways => &known.items,
        TableForm::Counts => &known.labels,
    };
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
        let named = numbers(known, &layout, &head);
        let asked = CellRequest { missing: &request.missing, gold_rater: request.columns.gold_rater.as_deref() };
        let counted = CountedRows::of(&stream);
        let mut read = layout.read(head.len());
        counted.mark(&mut read);
        let means = |key: &str| layout.meant(key, &request.columns);
        let mut note = FileNote::of(name, layout.form(), &head, &layout.roles(), &read);
        let met = stream.each_block(
            &Purpose { read: &read, lists: &[], means: &means },
            |rows| ratings::read((rows, &counted), &layout, &named, known, &asked),
            |found| {
                note.rows += found.rows;
                self.take(found, file, layout.numbers_items());
            },
        );
        self.note_head(&head, &layout, &named, (file, note.rows), request);
        note.unused.extend(met.unread);
        self.files.push(note);
        Ok(met.faults)
    }

    /// Takes what the head of a file says: columns that may be raters', categories, columns that take rows apart.
    fn note_head(
        &mut self,
        head: &[String],
        layout: &Layout,
        named: &[u32],
        (file, rows): (u32, u64),
        request: &ReadRequest,
    ) {
        match layout {
            Layout::Wide { .. } if request.columns.raters.is_none() => {
                self.candidates.add(named, rows);
                if request.form.is_none() {
                    self.candidates.guess(head, layout);
                }
            }
            Layout::Counts { .. } => {
                // A category that nobody gave is one all the same.
                let labels = &mut self.part(WHOLE).labels;
                named.iter().for_each(|label| _ = labels.entry(*label).or_insert(RowPlace { file, line: 1 }));
            }
            Layout::Long(LongColumns { apart, .. }) => {
                let names = apart.iter().map(|place| &head[*place]);
                let new: Vec<String> = names.filter(|name| !self.apart.contains(name)).cloned().collect();
                self.apart.extend(new);
            }
            _ => {}
        }
    }

    fn take(&mut self, found: BlockRatings, file: u32, numbers_items: bool) {
        let before = self.numbered.unwrap_or(0);
        if numbers_items {
            let rows = before as u64 + found.rows;
            self.numbered = Some(u32::try_from(rows).expect("fewer than 2^32 rows fit into memory"));
        }
        let moved = |rating: Coded| Coded { item: rating.item + before, ..rating };
        if found.parts.is_empty() && !found.ratings.is_empty() {
            let whole = self.part(WHOLE);
            whole.ratings.extend(found.ratings.into_iter().map(moved));
            whole.groups.extend(found.groups);
        } else {
            found.ratings.into_iter().zip(found.parts).for_each(|(rating, part)| self.part(part).ratings.push(rating));
        }
        for GoldCell { part, item, label, line } in found.gold {
            self.part(part).gold.add(item + before, PlacedLabel { label, place: RowPlace { file, line } });
        }
        for LabelCell { part, label, line } in found.labels {
            self.part(part).labels.entry(label).or_insert(RowPlace { file, line });
        }
        self.flagged.extend(found.flagged);
        self.empty += found.empty;
        self.blank += found.blank;
        self.uncounted += found.uncounted;
        self.several_right += found.several_right;
    }

    /// What is said of a part; of one too many, what is said of all, which is then refused.
    fn part(&mut self, part: u32) -> &mut GatheredPart {
        let is_too_many = self.parts.len() >= MOST_PARTS && !self.parts.contains_key(&part);
        self.has_more_parts |= is_too_many;
        self.parts.entry(if is_too_many { WHOLE } else { part }).or_default()
    }

    /// What is wrong with the only file, or with all of them.
    pub fn fault(&self, fault: Fault) -> LabelErrors {
        let name = if let [file] = self.files.as_slice() { file.name.as_str() } else { "" };
        LabelErrors { errors: vec![fault.of(name)], more: 0 }
    }
}
