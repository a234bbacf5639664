//! The cheapest one-to-one assignment between two sorted lists of flags.
//!
//! In: flags as rows and as columns, and how far apart a pair may be. Out: the pairs.
//! Jonker and Volgenant's way: rows bid for columns, then shortest augmenting paths for those left without.
//! Never looks beyond a row's reach, so flags that are far apart cost nothing.

use super::Flag;
use std::ops::Range;

/// A flag and its index in the list that was given.
pub(super) type Indexed = (Flag, usize);

/// The pairs (row, column) of the cheapest assignment: most pairs, then most equal kinds, then the least distance.
/// Both lists are sorted.
pub(super) fn cheapest(rows: &[Indexed], columns: &[Indexed], tolerance: u32) -> Vec<(Indexed, Indexed)> {
    let mut assignment = Assignment::new(rows, columns, tolerance);
    assignment.bid().into_iter().for_each(|row| assignment.insert(row));
    let row_of = assignment.row_of.iter().zip(columns);
    row_of.filter_map(|(row, column)| Some((rows[(*row)?], *column))).collect()
}

/// A least-cost assignment in the making, between flags as rows and flags as columns.
///
/// One number orders matchings as wanted: a pair costs its distance, plus `other_kind` where kinds differ, and a row
/// without a pair costs `alone`, each more than all lesser costs together. `row_price` + `column_price` never exceeds
/// the cost of a pair, nor `row_price` that of being alone, and the pairs made are those where they are equal: that
/// is what makes the assignment cheapest. A column without a pair has price 0.
struct Assignment<'a> {
    rows: &'a [Indexed],
    columns: &'a [Indexed],
    /// The columns within the tolerance of each row.
    reach: Vec<Range<usize>>,
    /// The first row that is the same flag.
    twin: Vec<usize>,
    farthest: i64,
    other_kind: i64,
    alone: i64,
    row_price: Vec<i64>,
    column_price: Vec<i64>,
    row_of: Vec<Option<usize>>,
    search: Search,
}

/// What the search for one row's shortest path knows; reset after each row.
#[derive(Default)]
struct Search {
    /// Length of the shortest known path to each column.
    length: Vec<i64>,
    /// The column before it on that path; `None` when the path comes from the new row.
    before: Vec<Option<usize>>,
    /// Whether the length is final.
    done: Vec<bool>,
    /// Every column that has been reached lies within.
    touched: Range<usize>,
    /// Columns at the current length that are to be looked from.
    ready: Vec<usize>,
    /// Rows that have been looked from; their twins would find nothing new.
    looked: Vec<bool>,
    looked_rows: Vec<usize>,
}

/// Where a shortest path ends.
#[derive(Clone, Copy)]
struct End {
    length: i64,
    /// The free column, or the one whose row is left alone; `None` when the new row is.
    column: Option<usize>,
}

impl<'a> Assignment<'a> {
    fn new(rows: &'a [Indexed], columns: &'a [Indexed], tolerance: u32) -> Self {
        let place = |step: u32| columns.partition_point(|(flag, _)| flag.step < step);
        let reach = |(flag, _): &Indexed| {
            let end = columns.partition_point(|(other, _)| other.step <= flag.step.saturating_add(tolerance));
            place(flag.step.saturating_sub(tolerance))..end
        };
        let most_pairs = rows.len().min(columns.len()).max(1) as i64;
        // Only millions of flags that are billions of steps apart would need the cap.
        let farthest = i64::from(tolerance).min(i64::MAX / 16 / most_pairs / most_pairs);
        let other_kind = most_pairs * farthest + 1;
        Self {
            rows,
            columns,
            reach: rows.iter().map(reach).collect(),
            twin: rows.iter().map(|(flag, _)| rows.partition_point(|(other, _)| other < flag)).collect(),
            farthest,
            other_kind,
            alone: most_pairs * (other_kind + farthest) + 1,
            row_price: vec![0; rows.len()],
            column_price: vec![0; columns.len()],
            row_of: vec![None; columns.len()],
            search: Search::new(rows.len(), columns.len()),
        }
    }

    /// What a pair costs beyond the column's price.
    fn net_cost(&self, row: usize, column: usize) -> i64 {
        let (one, other) = (self.rows[row].0, self.columns[column].0);
        let kinds = if one.kind == other.kind { 0 } else { self.other_kind };
        kinds + i64::from(one.step.abs_diff(other.step)).min(self.farthest) - self.column_price[column]
    }

    /// Lets rows outbid each other for columns, a few times over: most then have a pair. Returns the rows that don't.
    ///
    /// This is Jonker and Volgenant's augmenting row reduction.
    fn bid(&mut self) -> Vec<usize> {
        let mut waiting: Vec<usize> = (0..self.rows.len()).rev().collect();
        let mut left = Vec::new();
        for _ in 0..4 * self.rows.len() {
            let Some(row) = waiting.pop() else {
                break;
            };
            let (cheapest, second, column) = self.two_cheapest(row);
            self.row_price[row] = cheapest;
            match column {
                None => {}
                Some(column) if self.row_of[column].is_none() || cheapest < second => {
                    self.row_price[row] = second;
                    self.column_price[column] -= second - cheapest;
                    waiting.extend(self.row_of[column].replace(row));
                }
                Some(_) => left.push(row),
            }
        }
        left.extend(waiting.into_iter().rev());
        left
    }

    /// The two smallest net costs of a row, staying alone among them, and the cheapest column, a free one if possible.
    fn two_cheapest(&self, row: usize) -> (i64, i64, Option<usize>) {
        let (mut cheapest, mut second, mut column) = (self.alone, i64::MAX, None);
        for next in self.reach[row].clone() {
            let cost = self.net_cost(row, next);
            let is_better =
                cost < cheapest || cost == cheapest && column.is_none_or(|column: usize| self.row_of[column].is_some());
            if is_better {
                (cheapest, second, column) = (cost, cheapest, Some(next));
            } else {
                second = second.min(cost);
            }
        }
        (cheapest, second, column)
    }

    /// Brings a row in along the cheapest path of reassignments.
    fn insert(&mut self, row: usize) {
        self.row_price[row] = self.two_cheapest(row).0;
        let end = self.cheapest_path(row);
        self.settle_prices(row, end.length);
        self.reassign(row, end);
        self.search.reset();
    }

    /// Dijkstra's algorithm over columns, on costs less prices.
    fn cheapest_path(&mut self, new_row: usize) -> End {
        let mut end = End { length: self.alone - self.row_price[new_row], column: None };
        if let Some(free) = self.look_from(new_row, None, 0) {
            return free;
        }
        let mut length = 0;
        loop {
            let Some(column) = self.search.ready.pop() else {
                let nearest = self.search.nearest().filter(|nearest| *nearest < end.length);
                let Some(nearest) = nearest else {
                    return end;
                };
                length = nearest;
                if let Some(free) = self.make_ready(length) {
                    return free;
                }
                continue;
            };
            let row = self.row_of[column].expect("free columns end the search");
            let left_alone = length + self.alone - self.row_price[row];
            if left_alone < end.length {
                end = End { length: left_alone, column: Some(column) };
            }
            if let Some(free) = self.look_from(row, Some(column), length) {
                return free;
            }
        }
    }

    /// Gets the columns at the shortest open length ready, or ends at the first of them that is free.
    fn make_ready(&mut self, length: i64) -> Option<End> {
        for column in self.search.touched.clone().rev() {
            if !self.search.done[column] && self.search.length[column] == length {
                if self.row_of[column].is_none() {
                    return Some(End { length, column: Some(column) });
                }
                self.search.done[column] = true;
                self.search.ready.push(column);
            }
        }
        None
    }

    /// Notes shorter paths to the columns that a row reaches; ends at a free one when no other could be nearer.
    fn look_from(&mut self, row: usize, through: Option<usize>, length: i64) -> Option<End> {
        let twin = self.twin[row];
        if std::mem::replace(&mut self.search.looked[twin], true) {
            return None;
        }
        self.search.looked_rows.push(twin);
        self.search.touch(&self.reach[row]);
        for column in self.reach[row].clone() {
            let found = length + self.net_cost(row, column) - self.row_price[row];
            if self.search.done[column] || found >= self.search.length[column] {
                continue;
            }
            self.search.length[column] = found;
            self.search.before[column] = through;
            if found == length && self.row_of[column].is_none() {
                return Some(End { length, column: Some(column) });
            }
            if found == length {
                self.search.done[column] = true;
                self.search.ready.push(column);
            }
        }
        None
    }

    /// Keeps prices below costs, and equal to them along the path.
    fn settle_prices(&mut self, new_row: usize, length: i64) {
        self.row_price[new_row] += length;
        for column in self.search.touched.clone().filter(|&column| self.search.done[column]) {
            let rise = length - self.search.length[column];
            self.column_price[column] -= rise;
            let row = self.row_of[column].expect("free columns are never done");
            self.row_price[row] += rise;
        }
    }

    /// Hands each column on the path to the row before it.
    fn reassign(&mut self, new_row: usize, end: End) {
        let mut at = end.column;
        while let Some(column) = at {
            at = self.search.before[column];
            self.row_of[column] = at.map_or(Some(new_row), |before| self.row_of[before]);
        }
    }
}

impl Search {
    fn new(rows: usize, columns: usize) -> Self {
        let (length, before, done) = (vec![i64::MAX; columns], vec![None; columns], vec![false; columns]);
        Self { length, before, done, looked: vec![false; rows], ..Self::default() }
    }

    fn touch(&mut self, reach: &Range<usize>) {
        self.touched = if self.touched.is_empty() {
            reach.clone()
        } else {
            self.touched.start.min(reach.start)..self.touched.end.max(reach.end)
        };
    }

    /// The shortest length that is not final.
    fn nearest(&self) -> Option<i64> {
        let open = self.touched.clone().filter(|&column| !self.done[column]);
        open.map(|column| self.length[column]).min().filter(|length| *length < i64::MAX)
    }

    fn reset(&mut self) {
        let touched = std::mem::replace(&mut self.touched, 0..0);
        self.length[touched.clone()].fill(i64::MAX);
        self.before[touched.clone()].fill(None);
        self.done[touched].fill(false);
        self.ready.clear();
        self.looked_rows.drain(..).for_each(|row| self.looked[row] = false);
    }
}
