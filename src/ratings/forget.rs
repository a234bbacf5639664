//! Forgetting: the rows of a rater in one file, under another id and without their comments.
//!
//! In: the bytes of a file of ratings, and both ids. Out: its new bytes, and how much changed. Answers, times and versions
//! stay, so that no figure changes. It touches no row of anybody else.

use super::columns::Column;
use super::expected::{ColumnPlace, Expected};
use super::exported::FateColumn;
use super::imports::{RatingsReading, Readings, ToolForm, for_head};
use super::open::{FileReader, RatingsFile, keys};
use super::scheme::Scheme;
use crate::diagnostic::Fault;
use crate::model::Model;
use crate::schema::Words;
use crate::table::head::usual;
use crate::table::{NamedCells, Sizes, TableFormat, TableSource, rewrite};
use std::collections::BTreeSet;

/// What columns are called that hold a rater's own words about a rating.
const COMMENTS: [&str; 8] = ["comment", "comments", "feedback", "note", "notes", "remark", "remarks", "rationale"];

/// A file of ratings without a rater.
pub struct RewrittenRows {
    /// What it is to hold.
    pub bytes: Vec<u8>,
    /// How many rows were the rater's.
    pub rows: usize,
    /// How many comments went.
    pub comments: usize,
    /// Columns that nothing reads and that say something in those rows: they stay.
    pub unread: BTreeSet<String>,
}

/// Gives the rows of `rater` in the file at `path` the id `fresh`; none if it has no such row. `Err` if that can't be told,
/// or can't be done here.
pub fn rename(
    path: &str,
    bytes: &[u8],
    (rater, fresh): (&str, &str),
    model: &Model,
    readings: &Readings,
) -> Result<Option<RewrittenRows>, Fault> {
    let scheme = Scheme::of(model);
    let expected = scheme.expected();
    let reading = readings.nearest(path)?;
    let sizes = Sizes { unpacked: model.config.most_unpacked, ..Sizes::default() };
    let files = FileReader { sizes, expected: &expected, reading };
    let (source, plain) = (TableSource::new(path, bytes), RatingsReading::default());
    let reading = match files.open(source)? {
        RatingsFile::Own(form, source) => {
            return check_export(form, form.first_of(source, sizes, reading, rater)?).map(|()| None);
        }
        RatingsFile::Exported(_) => &plain,
        RatingsFile::Scan(_) | RatingsFile::Table(..) => reading,
    };
    if reading.raters.values().any(|id| id == rater) {
        let fault = Fault::whole("`raters` of the `ratings.yaml` that it is read by gives somebody in it this id");
        return Err(
            fault.help("change what the tool calls them in the file, or take the file away; then change `raters`")
        );
    }
    // Of a rater whose id has no such prefix, nothing is here.
    let Some(written) = rater.strip_prefix(&*reading.rater_prefix) else { return Ok(None) };
    let format = TableFormat::named(path).unwrap_or(TableFormat::Objects);
    let mut names = ColumnNames::new(&expected, reading, format);
    let new = fresh.strip_prefix(&*reading.rater_prefix);
    let (mut rows, mut comments, mut unread) = (0, 0, BTreeSet::new());
    let rewritten = rewrite(path, bytes, sizes, |row| {
        names.look_at(row);
        let mut is_theirs = false;
        for (_, cell) in
            row.iter_mut().filter(|(name, cell)| names.is_rater(name.as_deref()) && cell.as_deref() == Some(written))
        {
            *cell = Some(new.unwrap_or(fresh).to_owned());
            is_theirs = true;
        }
        if is_theirs {
            rows += 1;
            let is_said = |cell: &Option<String>| cell.as_deref() != Some("");
            for (_, cell) in row.iter_mut().filter(|(name, cell)| names.is_comment(name.as_deref()) && is_said(cell)) {
                *cell = Some(String::new());
                comments += 1;
            }
            let filled = row.iter().filter(|(_, cell)| is_said(cell)).filter_map(|(name, _)| name.as_deref());
            unread.extend(filled.filter(|name| names.is_unread(name)).map(str::to_owned));
        }
        is_theirs
    })?;
    if rewritten.is_some() && new.is_none() {
        let prefix = &reading.rater_prefix;
        let fault = Fault::whole(format!("every id in it is read with `{prefix}` before it, and `{fresh}` has none"));
        return Err(fault.help(format!("take `--as {prefix}{fresh}`")));
    }
    Ok(rewritten.map(|bytes| RewrittenRows { bytes, rows, comments, unread }))
}

/// Refuses a tool's own file with anything of the rater, at a line: its users are the tool's.
fn check_export(form: ToolForm, line: Option<u64>) -> Result<(), Fault> {
    let Some(line) = line else { return Ok(()) };
    let tool = form.tool().word();
    let fault = Fault::on(line, format!("it is an export of `{tool}`, in which the rater has rated"));
    Err(fault.help("change the user in the tool, and export again; or take the file away"))
}

/// What the columns of a row are, by their names.
struct ColumnNames<'e> {
    expected: &'e Expected<'e>,
    reading: &'e RatingsReading,
    format: TableFormat,
    /// The names that were looked at last.
    head: Vec<String>,
    /// The column of raters, if it is named; and all that are named.
    rater: Option<String>,
    named: BTreeSet<String>,
}

impl<'e> ColumnNames<'e> {
    fn new(expected: &'e Expected<'e>, reading: &'e RatingsReading, format: TableFormat) -> Self {
        Self { expected, reading, format, head: Vec::new(), rater: None, named: BTreeSet::new() }
    }

    /// Settles what the columns of a row are, which most often are those of the row before.
    fn look_at(&mut self, row: &NamedCells<'_>) {
        let names = || row.iter().filter_map(|(name, _)| name.as_deref());
        if !self.head.is_empty() && names().eq(self.head.iter().map(String::as_str)) {
            return;
        }
        self.head = names().map(str::to_owned).collect();
        let keys = (self.format == TableFormat::Objects).then(|| keys(self.expected, self.reading));
        let reading = for_head(self.reading, keys.as_ref().unwrap_or(&self.head), self.expected).reading;
        let named = reading.columns.values().chain(reading.answers.iter().map(|answer| &answer.column));
        self.named = named.map(|name| plain(name)).collect();
        self.rater = reading.columns.get(&Column::Rater).map(|name| plain(name));
    }

    fn is_rater(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| match &self.rater {
            Some(rater) => plain(name) == *rater,
            None => self.expected.place(name) == ColumnPlace::Column(Column::Rater),
        })
    }

    /// Whether figures are made of a column of this name.
    fn is_read(&self, name: &str) -> bool {
        let place = self.expected.place(name);
        let is_other_rater = self.rater.is_some() && place == ColumnPlace::Column(Column::Rater);
        self.named.contains(&plain(name))
            || matches!(place, ColumnPlace::Column(_) | ColumnPlace::Attribute(_)) && !is_other_rater
    }

    /// Whether it holds comments. What stands beyond the head is the rest of one that was not quoted, most often.
    fn is_comment(&self, name: Option<&str>) -> bool {
        let is_kept = |name: &str| self.reading.kept.values().any(|kept| plain(kept) == plain(name));
        name.is_none_or(|name| (COMMENTS.contains(&usual(name).as_str()) || is_kept(name)) && !self.is_read(name))
    }

    fn is_unread(&self, name: &str) -> bool {
        !self.is_read(name)
            && !self.is_comment(Some(name))
            && !matches!(self.expected.place(name), ColumnPlace::Kept(_))
            && FateColumn::named(name).is_none()
    }
}

/// A name as those that are named are found.
fn plain(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}
