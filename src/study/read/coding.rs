//! Coding: what was gathered, with final numbers.
//!
//! In: ratings, gold and names as they came. Out: the table in order, or labels and gold that can't stand together.
//! Final numbers follow the order of names and of the scale, never that of rows or threads.

use super::categories::{LabelScale, alike_but_for_case, in_order, is_like_missing, number, undeclared};
use super::columns::{Grouping, TableForm};
use super::error::LabelErrors;
use super::gather::{Gathered, GatheredPart, GoldLabels, RowPlace};
use super::hints::Guessed;
use super::parts::{LabelPart, TakenApart, taken_apart};
use super::raters::{Candidates, ColumnEvidence};
use super::ratings::{LabelNames, WHOLE};
use super::{FileNote, Groups, Labels, Notes, ReadRequest, RespelledLabel, WideGuess, raters};
use crate::diagnostic::Fault;
use crate::quality::table::{Coded, Table};
use crate::table::{ColumnRole, Frozen, KEPT, Names};
use crate::text::quoted;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Ratings that one thread recodes at a time.
const CHUNK: usize = 1 << 14;

/// The final number of what is not used.
const UNUSED: u32 = u32::MAX;

/// All names, when no more come.
struct KnownNames {
    items: Frozen,
    raters: Frozen,
    labels: Frozen,
    groups: Frozen,
}

/// Puts final numbers in place of those given while reading, in each part on its own.
pub(super) fn code(
    mut gathered: Gathered,
    names: LabelNames,
    request: &ReadRequest,
) -> Result<Vec<LabelPart>, LabelErrors> {
    let LabelNames { items, raters, labels, groups } = names;
    let (items, groups) = rayon::join(|| Frozen::of(items), || Frozen::of(groups));
    let known = KnownNames { items, raters: Frozen::of(raters), labels: Frozen::of(labels), groups };
    let (others, of_columns) = judge_columns(&mut gathered, &known, request)?;
    let TakenApart { named, flagged } = taken_apart(&mut gathered, &known.groups)?;
    let is_apart = named.iter().any(|(name, _)| name.is_some());
    let of_all = is_apart.then(|| unrated(&named, &known));
    let of_files = Notes {
        apart: if is_apart { gathered.apart.clone() } else { Vec::new() },
        flagged,
        files: std::mem::take(&mut gathered.files),
        blank_rows: gathered.blank,
        uncounted_rows: gathered.uncounted,
        several_right: gathered.several_right,
        empty_labels: gathered.empty,
        ..of_columns
    };
    let coder = Coder { known: &known, request, numbered: gathered.numbered, others: &others };
    let coded = |(name, part)| {
        let mut labels = coder.code(part, &of_files)?;
        if let Some((unrated_items, silent_raters)) = of_all.clone() {
            labels.notes = Notes { unrated_items, silent_raters, ..labels.notes };
        }
        Ok(LabelPart { name, labels })
    };
    named.into_iter().map(coded).collect()
}

/// Leaves out the columns of wide tables that are no raters', and notes them.
fn judge_columns(
    gathered: &mut Gathered,
    known: &KnownNames,
    request: &ReadRequest,
) -> Result<(BTreeSet<u32>, Notes), LabelErrors> {
    let candidates = std::mem::take(&mut gathered.candidates);
    if candidates.columns.is_empty() {
        return Ok(Default::default());
    }
    let mut whole = gathered.parts.remove(&WHOLE).unwrap_or_default();
    let gold = whole.gold.labels();
    let evidence = ColumnEvidence {
        candidates: &candidates,
        ratings: &whole.ratings,
        gold: &gold,
        labels: &known.labels,
        raters: &known.raters,
        declared: request.categories.as_deref(),
    };
    let not_raters = evidence.told().map_err(|fault| gathered.fault(fault))?;
    let others = not_raters.all();
    if !others.is_empty() {
        let before = whole.ratings.len();
        raters::leave_out(&others, &mut whole.ratings, &mut whole.groups);
        let cells: u64 = others.iter().map(|rater| candidates.cells[rater]).sum();
        gathered.empty -= cells - (before - whole.ratings.len()) as u64;
        let said: HashSet<u32> = whole.ratings.iter().map(|rating| rating.category).chain(gold).collect();
        whole.labels.retain(|label, _| said.contains(label));
    }
    let guess = || guess(&candidates, &others, &whole.ratings, &gathered.files, known);
    let notes = Notes {
        guess: candidates.is_guess().then(guess),
        not_raters: named(&not_raters.unshared, &known.raters),
        unlike_ratings: named(&not_raters.unlike, &known.raters),
        lonely: named(&not_raters.lonely, &known.raters),
        ..Notes::default()
    };
    gathered.parts.insert(WHOLE, whole);
    Ok((others, notes))
}

/// How many items no part has a rating of, and the names of the raters who rated nothing in any.
fn unrated(parts: &[(Option<String>, GatheredPart)], known: &KnownNames) -> (u64, Vec<String>) {
    let (mut items, mut raters) = (vec![false; known.items.bound()], vec![false; known.raters.bound()]);
    for rating in parts.iter().flat_map(|(_, part)| &part.ratings) {
        items[rating.item as usize] = true;
        raters[rating.rater as usize] = true;
    }
    let unrated = known.items.ids().filter(|item| !items[*item as usize]).count() as u64;
    (unrated, named(&known.raters.ids().filter(|rater| !raters[*rater as usize]).collect(), &known.raters))
}

/// What is needed to code a part.
struct Coder<'c> {
    known: &'c KnownNames,
    request: &'c ReadRequest,
    numbered: Option<u32>,
    /// Columns that are no raters'.
    others: &'c BTreeSet<u32>,
}

impl Coder<'_> {
    fn code(&self, part: GatheredPart, met: &Notes) -> Result<Labels, LabelErrors> {
        let Self { known, request, .. } = self;
        let GatheredPart { mut ratings, groups, gold, labels } = part;
        let files = &met.files;
        let scale = final_scale(&known.labels, request, &labels, files, &ratings)?;
        let (items, raters) = self.names(&ratings);
        let is_together = request.columns.by == Grouping::None && files.iter().any(FileNote::has_criteria);
        let (gold, differing_gold) = gold_of_items(&gold, &items, &scale.codes, (files, is_together))?;
        ratings.par_chunks_mut(CHUNK).flatten().for_each(|rating| {
            rating.item = items.new[rating.item as usize];
            rating.rater = raters.new[rating.rater as usize];
            rating.category = scale.codes[rating.category as usize];
        });
        let (groups, repeats) = match request.columns.by.column() {
            Some(_) => order_with_groups(&mut ratings, &groups, &known.groups),
            None => (None, order(&mut ratings, items.names.len())),
        };
        let is_anonymous = files_count(files);
        if is_anonymous && repeats.all > 0 {
            let file = if let [file] = files.as_slice() { file.name.as_str() } else { "" };
            return Err(LabelErrors { errors: vec![counted_twice(&ratings, &items.names).of(file)], more: 0 });
        }
        let notes =
            Notes { unrated_items: items.left_out, differing_gold, ..self.notes(&scale, &raters, repeats, met) };
        let table = Table::new(items.names.len(), raters.names.len(), scale.categories.len(), ratings);
        let (items, raters, categories) = (items.names, raters.names, scale.categories);
        let is_ordered = request.categories.is_some() || categories.iter().all(|category| number(category).is_some());
        Ok(Labels { items, raters, categories, is_ordered, is_anonymous, table, gold, groups, notes })
    }

    /// The final items and raters of these ratings.
    fn names(&self, ratings: &[Coded]) -> (Final, Final) {
        let items = || match self.numbered {
            Some(count) => numbered_rows(count, ratings),
            None => Final::shorter_first(&self.known.items, ratings.iter().map(|rating| rating.item)),
        };
        let raters = || Final::listed(&self.known.raters, ratings.iter().map(|rating| rating.rater));
        rayon::join(items, raters)
    }

    /// What was met in a part, beside what was met in the files.
    fn notes(&self, scale: &FinalScale, raters: &Final, repeats: Repeats, met: &Notes) -> Notes {
        let kept = self.known.raters.ids().filter(|id| !self.others.contains(id));
        let silent = kept.filter(|id| raters.new.get(*id as usize).is_none_or(|new| *new == UNUSED));
        let is_declared = self.request.categories.is_some();
        let like_gold = raters.names.iter().filter(|name| ColumnRole::Gold.is_usual(name));
        Notes {
            repeated: repeats.all,
            identical: repeats.identical,
            silent_raters: named(&silent.collect(), &self.known.raters),
            like_missing: scale.categories.iter().filter(|label| is_like_missing(label)).cloned().collect(),
            respelled: scale.respelled.clone(),
            alike: if is_declared { Vec::new() } else { alike_but_for_case(&scale.categories) },
            raters_like_gold: like_gold.map(str::to_owned).collect(),
            ..met.clone()
        }
    }
}

/// Whether the files say how many raters gave a category, and not who.
fn files_count(files: &[FileNote]) -> bool {
    files.iter().any(|file| file.form == TableForm::Counts)
}

/// What is said of an item whose raters are counted on two rows: nobody can tell whether they are the same.
fn counted_twice(ratings: &[Coded], items: &Names) -> Fault {
    let is_repeated = |pair: &&[Coded]| (pair[0].item, pair[0].rater) == (pair[1].item, pair[1].rater);
    let item = ratings.windows(2).find(is_repeated).map_or("", |pair| items.get(pair[0].item));
    Fault::whole(format!("two rows count the raters of the item {}; give it one", quoted(item)))
}

/// What was guessed of tables of which nobody said that they are wide.
fn guess(
    candidates: &Candidates,
    others: &BTreeSet<u32>,
    ratings: &[Coded],
    files: &[FileNote],
    known: &KnownNames,
) -> WideGuess {
    let taken: Vec<u32> = candidates.columns.iter().copied().filter(|rater| !others.contains(rater)).collect();
    let rows = files.iter().map(|file| file.rows).sum();
    let raters = taken.iter().copied().collect();
    let guessed = Guessed {
        raters: &raters,
        rows,
        is_first_unnamed: candidates.is_first_unnamed,
        ratings,
        labels: &known.labels,
    };
    WideGuess { raters: taken.iter().map(|rater| known.raters.get(*rater).to_owned()).collect(), hint: guessed.hint() }
}

/// The names of some raters, in the order of their bytes.
fn named(raters: &BTreeSet<u32>, known: &Frozen) -> Vec<String> {
    let mut names: Vec<String> = raters.iter().map(|rater| known.get(*rater).to_owned()).collect();
    names.sort_unstable();
    names
}

/// Names that are used, and for each number given while reading the final one.
pub(super) struct Final {
    pub names: Names,
    pub new: Vec<u32>,
    left_out: u64,
}

impl Final {
    /// Many names, shorter ones first. Most tables have them in this order, which is then only checked.
    pub fn shorter_first(known: &Frozen, used: impl Iterator<Item = u32>) -> Self {
        let (mut ids, new) = each_once(known, used);
        let mut names = known.names(&ids);
        if !names.are_shorter_first() {
            drop(names);
            known.sort(&mut ids);
            names = known.names(&ids);
        }
        Self::of(known, &ids, names, new)
    }

    /// Few names, in the order in which they are listed: that of numbers if all are numbers, else that of bytes.
    pub fn listed(known: &Frozen, used: impl Iterator<Item = u32>) -> Self {
        let (ids, new) = each_once(known, used);
        let texts: Vec<&str> = ids.iter().map(|id| known.get(*id)).collect();
        let ids: Vec<u32> = in_order(&texts).into_iter().map(|index| ids[index]).collect();
        Self::of(known, &ids, known.names(&ids), new)
    }

    fn of(known: &Frozen, ids: &[u32], names: Names, mut new: Vec<u32>) -> Self {
        ids.iter().zip(0..).for_each(|(id, number)| new[*id as usize] = number);
        Self { names, new, left_out: (known.count() - ids.len()) as u64 }
    }
}

/// The numbers that are used, each once, and a table with room for what becomes of each.
fn each_once(known: &Frozen, used: impl Iterator<Item = u32>) -> (Vec<u32>, Vec<u32>) {
    let mut new = vec![UNUSED; known.bound()];
    let (mut ids, mut last) = (Vec::new(), UNUSED);
    for id in used {
        // Most numbers come in runs.
        if id != last && std::mem::replace(&mut new[id as usize], 0) == UNUSED {
            ids.push(id);
        }
        last = id;
    }
    (ids, new)
}

/// Rows that have no names are called by their numbers from 1.
fn numbered_rows(count: u32, ratings: &[Coded]) -> Final {
    let mut new = vec![UNUSED; count as usize];
    ratings.iter().for_each(|rating| new[rating.item as usize] = 0);
    let rows: Vec<usize> = (0..new.len()).filter(|row| new[*row] == 0).collect();
    rows.iter().zip(0..).for_each(|(row, number)| new[*row] = number);
    let left_out = (new.len() - rows.len()) as u64;
    Final { names: rows.iter().map(|row| (row + 1).to_string()).collect(), new, left_out }
}

/// The scale, and by number of a label its category.
struct FinalScale {
    categories: Vec<String>,
    codes: Vec<u32>,
    respelled: Vec<RespelledLabel>,
}

fn final_scale(
    known: &Frozen,
    request: &ReadRequest,
    first: &HashMap<u32, RowPlace>,
    files: &[FileNote],
    ratings: &[Coded],
) -> Result<FinalScale, LabelErrors> {
    let Final { names, new, .. } = Final::listed(known, first.keys().copied());
    let texts: Vec<&str> = names.iter().collect();
    let LabelScale { categories, codes } = match &request.categories {
        Some(categories) => LabelScale::declared(categories.clone(), &texts),
        None => LabelScale::of(&texts),
    };
    let place = |label: &u32| new[*label as usize] as usize;
    let unknown = first.iter().filter(|(label, _)| codes[place(label)].is_none());
    refuse(unknown.map(|(label, said)| (*said, place(label))).collect(), files, |said, label| {
        let (message, help) = undeclared(texts[label], &categories);
        Fault::on(said.line, message).help(help)
    })?;
    let category = |label: usize| codes[label].map_or("", |code| &categories[code as usize]);
    let is_respelled: Vec<bool> = (0..texts.len()).map(|label| category(label) != texts[label]).collect();
    let mut counts = vec![0; texts.len()];
    if is_respelled.contains(&true) {
        ratings.iter().for_each(|rating| counts[place(&rating.category)] += 1);
    }
    let respelled = |label: usize| RespelledLabel {
        written: texts[label].to_owned(),
        category: category(label).to_owned(),
        ratings: counts[label],
    };
    let respelled = (0..texts.len()).filter(|label| is_respelled[*label]).map(respelled).collect();
    let final_code = |label: &u32| codes.get(*label as usize).copied().flatten().unwrap_or(UNUSED);
    Ok(FinalScale { codes: new.iter().map(final_code).collect(), categories, respelled })
}

/// Fails if anything was found; tells the first of it, in the order of places.
pub(super) fn refuse<T>(
    mut found: Vec<(RowPlace, T)>,
    files: &[FileNote],
    tell: impl Fn(RowPlace, T) -> Fault,
) -> Result<(), LabelErrors> {
    found.sort_by_key(|(place, _)| *place);
    let more = found.len().saturating_sub(KEPT) as u64;
    let first = found.into_iter().take(KEPT);
    let errors = first.map(|(place, found)| tell(place, found).of(&*files[place.file as usize].name)).collect();
    LabelErrors { errors, more }.check()
}

/// A line as it is called in what is said of another one.
pub(super) fn line_seen_from(here: RowPlace, there: RowPlace, files: &[FileNote]) -> String {
    let file = if here.file == there.file { String::new() } else { format!("{}, ", files[there.file as usize].name) };
    format!("{file}line {}", there.line)
}

/// The category of each item's gold, and how many have none since it differs. What is written twice must mean the same,
/// unless what would have gold of its own is taken together.
fn gold_of_items(
    gold: &GoldLabels,
    items: &Final,
    codes: &[u32],
    (files, is_together): (&[FileNote], bool),
) -> Result<(Vec<Option<u32>>, u64), LabelErrors> {
    let mut told = HashSet::new();
    let mut differing = Vec::new();
    for (item, other) in &gold.others {
        let first = gold.first_of(*item);
        if codes[first.label as usize] != codes[other.label as usize] && told.insert(*item) {
            differing.push((other.place, first.place));
        }
    }
    let differing = if is_together { Vec::new() } else { differing };
    refuse(differing, files, |here, first| {
        let message = format!("the item has other gold here than on {}", line_seen_from(here, first, files));
        Fault::on(here.line, message).help("give an item one gold label, on one row or on all")
    })?;
    let mut of_items = vec![None; items.names.len()];
    for ((old, item), said) in (0..).zip(&items.new).zip(gold.first()) {
        if let (Some(of_item), Some(said)) = (of_items.get_mut(*item as usize), said) {
            *of_item = Some(codes[said.label as usize]).filter(|_| !told.contains(&old));
        }
    }
    Ok((of_items, told.len() as u64))
}

/// Ratings beyond the first of a rater for an item, and how many of these say what was said before.
#[derive(Clone, Copy, Default)]
struct Repeats {
    all: u64,
    identical: u64,
}

/// Orders ratings as a table does: first by ranges of items, in place; then each range on its own.
fn order(ratings: &mut [Coded], items: usize) -> Repeats {
    const RANGES: usize = 256;
    let shift = (0..).find(|shift| items >> shift < RANGES).unwrap_or_default();
    let range = |rating: &Coded| rating.item as usize >> shift;
    let together = |index: usize| ratings[index - 1].item <= ratings[index].item;
    let ends: [usize; RANGES] = if (1..ratings.len()).into_par_iter().with_min_len(CHUNK).all(together) {
        std::array::from_fn(|here| ratings.partition_point(|rating| range(rating) <= here))
    } else {
        part_by(ratings, range)
    };
    let mut parts = Vec::with_capacity(RANGES);
    let (mut rest, mut start) = (ratings, 0);
    for end in ends {
        let (part, behind) = rest.split_at_mut(end - start);
        parts.push(part);
        (rest, start) = (behind, end);
    }
    let add = |a: Repeats, b: Repeats| Repeats { all: a.all + b.all, identical: a.identical + b.identical };
    parts.into_par_iter().map(order_range).reduce(Repeats::default, add)
}

/// Moves each rating to those of its range, in place, and returns where the ranges end.
fn part_by<const N: usize>(ratings: &mut [Coded], range: impl Fn(&Coded) -> usize) -> [usize; N] {
    let mut ends = [0; N];
    ratings.iter().for_each(|rating| ends[range(rating)] += 1);
    (1..N).for_each(|range| ends[range] += ends[range - 1]);
    let mut next = [0; N];
    next[1..].copy_from_slice(&ends[..N - 1]);
    for here in 0..N {
        while next[here] < ends[here] {
            let there = range(&ratings[next[here]]);
            ratings.swap(next[here], next[there]);
            next[there] += 1;
        }
    }
    ends
}

/// Orders the ratings of some items; most tables have those of an item together.
fn order_range(ratings: &mut [Coded]) -> Repeats {
    if ratings.is_sorted_by_key(|rating| rating.item) {
        ratings.chunk_by_mut(|a, b| a.item == b.item).for_each(<[Coded]>::sort_unstable);
    } else {
        let last = |rating: &Coded| u128::from(rating.rater) << 32 | u128::from(rating.category);
        ratings.sort_unstable_by_key(|rating| u128::from(rating.item) << 64 | last(rating));
    }
    let pairs = || ratings.iter().zip(&ratings[1.min(ratings.len())..]);
    let all = pairs().filter(|(a, b)| (a.item, a.rater) == (b.item, b.rater)).count();
    Repeats { all: all as u64, identical: pairs().filter(|(a, b)| a == b).count() as u64 }
}

/// Orders ratings as a table does, and their groups with them; counts what is repeated within a group.
fn order_with_groups(ratings: &mut [Coded], groups: &[u32], known: &Frozen) -> (Option<Groups>, Repeats) {
    let Final { names, new, .. } = Final::listed(known, groups.iter().copied());
    let group = groups.iter().map(|group| new[*group as usize]);
    let mut grouped: Vec<(Coded, u32)> = ratings.iter().copied().zip(group).collect();
    grouped.par_sort_unstable();
    let mut repeats = Repeats::default();
    for cell in grouped.chunk_by(|(a, _), (b, _)| (a.item, a.rater) == (b.item, b.rater)).filter(|cell| cell.len() > 1)
    {
        let mut said: Vec<(u32, u32)> = cell.iter().map(|(rating, group)| (*group, rating.category)).collect();
        said.sort_unstable();
        repeats.all += said.windows(2).filter(|pair| pair[0].0 == pair[1].0).count() as u64;
        repeats.identical += said.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
    }
    grouped.iter().zip(ratings).for_each(|((rating, _), place)| *place = *rating);
    (Some(Groups { names, of_rating: grouped.into_iter().map(|(_, group)| group).collect() }), repeats)
}
