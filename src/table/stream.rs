//! Streams: a source opened, its head read, and its blocks handed to all threads.
//!
//! In: a named reader. Out: the names of its columns; then what was made of each block, in the order of the source, so
//! that nothing depends on which thread read it. While blocks are read into rows, the next are read from the source.

use super::blocks::{Block, Blocks, Sizes};
use super::cell::Cell;
use super::encoding::decoded;
use super::fault::Faults;
use super::format::TableFormat;
use super::json;
use super::list;
use super::objects::{self, Meant, ObjectKeys, WantedKeys};
use super::packing::unpacked;
use super::records::{self, Grammar, TablePart, too_long};
use super::spreadsheet;
use super::start::{self, Bytes};
use super::text::BlockText;
use crate::diagnostic::Fault;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::{self, Read};

/// A source of rows: its name as messages show it, and its bytes, packed or not.
pub struct TableSource<'a> {
    /// Path, or `-`; its ending tells the format.
    pub name: String,
    /// The bytes.
    pub bytes: Bytes<'a>,
}

impl<'a> TableSource<'a> {
    /// A source of this name.
    pub fn new(name: impl Into<String>, bytes: impl Read + Send + 'a) -> Self {
        Self { name: name.into(), bytes: Box::new(bytes) }
    }

    /// The first bytes of what is packed in it, and the source again.
    pub fn looked_at(self, count: usize, sizes: Sizes) -> Result<(Vec<u8>, Self), Fault> {
        let plain = unpacked(self.bytes, sizes.unpacked).and_then(decoded);
        let (start, bytes) = plain.and_then(|bytes| start::looked_at(bytes, count)).map_err(|error| unread(&error))?;
        Ok((start, Self { bytes, ..self }))
    }

    /// The objects of a list, or those on lines of their own, each with its line; the whole is held.
    pub fn objects(self, sizes: Sizes) -> Result<Vec<(u64, String)>, Fault> {
        let opened = unpacked(self.bytes, sizes.unpacked).and_then(decoded).and_then(list::as_lines);
        let (mut bytes, _) = opened.map_err(|error| unread(&error))?;
        let mut text = String::new();
        bytes.read_to_string(&mut text).map_err(|error| unread(&error))?;
        let lines = text.trim_start_matches('\u{feff}').lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        Ok(lines.map(|(line, number)| (number, line.to_owned())).collect())
    }
}

/// How the rows of a source are cut.
pub enum Syntax {
    /// By delimiters.
    Table(Grammar),
    /// An object a line.
    Objects(ObjectKeys),
}

/// A source whose head is read.
pub struct Stream<'a> {
    blocks: Blocks<Bytes<'a>>,
    syntax: Syntax,
    sizes: Sizes,
    head: Vec<String>,
}

/// What the rows of a source are read for.
pub struct Purpose<'u> {
    /// By column: whether its cells are read.
    pub read: &'u [bool],
    /// The column in which an object may have a list of values, which is read as the values with `|` between them.
    pub lists: Option<usize>,
    /// What a key of an object means that is none of the columns' names.
    pub means: &'u (dyn Fn(&str) -> Meant + Sync),
}

/// What was met while reading a source, or a part of it.
#[derive(Debug, Default)]
pub struct Met {
    /// Rows that can't be read, and what ends the source before its end.
    pub faults: Faults,
    /// Keys of objects that mean nothing.
    pub unread: BTreeSet<String>,
}

impl Met {
    fn append(&mut self, later: Self) {
        self.faults.append(later.faults);
        self.unread.extend(later.unread);
    }
}

impl<'a> Stream<'a> {
    /// Opens a source and reads its head; of objects, the keys of the first.
    pub fn open(source: TableSource<'a>, sizes: Sizes) -> Result<Self, Fault> {
        Self::open_for(source, sizes, None)
    }

    /// Like `open`, but of objects these are the columns, whatever the first one holds.
    pub fn open_for(source: TableSource<'a>, sizes: Sizes, keys: Option<&[&str]>) -> Result<Self, Fault> {
        let is_table = matches!(TableFormat::named(&source.name), Some(TableFormat::Table { .. }));
        let opened = |bytes| {
            let (bytes, is_sheet) = spreadsheet::as_lines(unpacked(bytes, sizes.unpacked)?, sizes.unpacked)?;
            let bytes = decoded(bytes)?;
            // Of what is called a table, the first name may begin with a bracket.
            let (bytes, is_list) = if is_table { (bytes, false) } else { list::as_lines(bytes)? };
            let told = [(is_sheet, TableFormat::Table { tabs: true }), (is_list, TableFormat::Objects)];
            let told = told.into_iter().find_map(|(is_so, format)| is_so.then_some(format));
            Ok((Blocks::open(bytes, sizes)?, told))
        };
        let (mut blocks, told) = opened(source.bytes).map_err(|error| unread(&error))?;
        let format = told.map_or_else(|| TableFormat::of(&source.name, blocks.start()), Ok)?;
        let (line, syntax, head) = match (format, keys) {
            (TableFormat::Table { tabs }, _) => {
                blocks.mind_quotes();
                read_head(&mut blocks, tabs, sizes)?
            }
            (TableFormat::Objects, Some(keys)) => {
                let (line, _) = first_bytes(&mut blocks)?;
                let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
                (line, Syntax::Objects(ObjectKeys::new(&keys)), keys)
            }
            (TableFormat::Objects, None) => {
                let (line, text) = first_row(&mut blocks, sizes)?;
                let keys = json::keys_of(&text).map_err(|why| json::fault(line, &text, why))?;
                (line, Syntax::Objects(ObjectKeys::new(&keys)), keys)
            }
        };
        if head.is_empty() {
            return Err(Fault::on(line, "the first object has no keys"));
        }
        if head.len() > sizes.columns {
            let message = format!("{} columns; no more than {} are read", head.len(), sizes.columns);
            return Err(Fault::on(line, message));
        }
        Ok(Self { blocks, syntax, sizes, head })
    }

    /// The names of the columns, trimmed; of objects, the keys of the first.
    pub fn head(&self) -> &[String] {
        &self.head
    }

    /// Whether its rows are objects, which may lack any key.
    pub fn is_of_objects(&self) -> bool {
        matches!(self.syntax, Syntax::Objects(_))
    }

    /// How its rows are cut.
    pub fn syntax(&self) -> &Syntax {
        &self.syntax
    }

    /// Makes something of each block and takes it, in order, until the end or the first fault that ends the source.
    pub fn each_block<T: Send>(
        mut self,
        used: &Purpose<'_>,
        make: impl Fn(&mut Rows<'_>) -> T + Sync,
        mut take: impl FnMut(T) + Send,
    ) -> Met {
        let mut met = Met::default();
        let at_once = 4 * rayon::current_num_threads();
        let (mut blocks, mut end) = batch(&mut self.blocks, Vec::new(), at_once);
        let mut made: Vec<(T, Met)> = Vec::new();
        let (source, syntax, longest) = (&mut self.blocks, &self.syntax, self.sizes.row);
        let mut spare = Vec::new();
        while !(blocks.is_empty() && made.is_empty()) {
            let make_of = |block: Block| {
                let text = BlockText::of(block);
                let mut rows = Rows { text: &text, syntax, used, longest, met: Met::default() };
                let made = (make(&mut rows), rows.met);
                (made, text.into_bytes())
            };
            let take_and_read = || {
                for (made, found) in made {
                    take(made);
                    met.append(found);
                    if met.faults.end.is_some() {
                        return (Vec::new(), None);
                    }
                }
                if end.is_some() { (Vec::new(), None) } else { batch(source, std::mem::take(&mut spare), at_once) }
            };
            let (next_made, next) =
                rayon::join(|| blocks.into_par_iter().map(make_of).collect::<Vec<_>>(), take_and_read);
            if met.faults.end.is_some() {
                return met;
            }
            (made, spare) = next_made.into_iter().unzip();
            blocks = next.0;
            end = end.or(next.1);
        }
        end.into_iter().for_each(|end| met.faults.end(end));
        met
    }
}

fn unread(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Fault::whole(error.to_string())
            .help("split it; or let a site read more, with `most_unpacked` in goldbook.yaml"),
        _ => Fault::whole(format!("it can't be read: {error}")),
    }
}

/// The next blocks, and what kept further ones from being read.
fn batch<R: Read>(blocks: &mut Blocks<R>, mut spare: Vec<Vec<u8>>, count: usize) -> (Vec<Block>, Option<Fault>) {
    let mut read = Vec::with_capacity(count);
    while read.len() < count {
        match blocks.next(spare.pop().unwrap_or_default()) {
            Ok(Some(block)) => read.push(block),
            Ok(None) => break,
            Err(error) => return (read, Some(Fault { line: Some(blocks.line()), ..unread(&error) })),
        }
    }
    (read, None)
}

/// The bytes of the first row that is not blank, with its line; they stay to be read again.
fn first_bytes<R: Read>(blocks: &mut Blocks<R>) -> Result<(u64, &[u8]), Fault> {
    match blocks.head() {
        Ok(Some(head)) => Ok(head),
        Ok(None) => Err(Fault::whole("there is nothing in it")),
        Err(error) => Err(unread(&error)),
    }
}

/// The text of that row.
fn first_row<R: Read>(blocks: &mut Blocks<R>, sizes: Sizes) -> Result<(u64, String), Fault> {
    let (line, bytes) = first_bytes(blocks)?;
    if bytes.len() > sizes.row {
        return Err(too_long(line, sizes.row));
    }
    let text = BlockText::of(Block { bytes: bytes.to_vec(), first_line: line });
    match text.fault(line, u64::MAX) {
        Some(fault) => Err(fault),
        None => Ok((line, text.text)),
    }
}

/// The names of the columns of a delimited table, which are passed over. A spreadsheet may have written the delimiter
/// on a line of its own before them.
fn read_head<R: Read>(blocks: &mut Blocks<R>, tabs: bool, sizes: Sizes) -> Result<(u64, Syntax, Vec<String>), Fault> {
    let (mut line, mut text) = first_row(blocks, sizes)?;
    let declared = declared_delimiter(&text);
    if declared.is_some() {
        blocks.skip(text.len());
        (line, text) = first_row(blocks, sizes)?;
    }
    let delimiter = declared.unwrap_or_else(|| records::delimiter_of(&text, tabs));
    let grammar = Grammar { delimiter, longest: sizes.row };
    let mut head: Vec<String> = Vec::new();
    let mut faults = Faults::default();
    records::read(&TablePart { text: &text, first_line: line }, grammar, &mut faults, |_, cells, _| {
        head = cells.iter().map(|cell| (**cell).to_owned()).collect();
    });
    if let Some(fault) = faults.end {
        return Err(fault);
    }
    if head.iter().any(|name| name.contains('\r')) {
        let help = "save the table with line feeds at the ends of lines";
        return Err(Fault::on(line, "the lines end with carriage returns alone").help(help));
    }
    blocks.skip(text.len());
    Ok((line, Syntax::Table(grammar), head))
}

/// The delimiter of a line such as `sep=;`.
pub fn declared_delimiter(line: &str) -> Option<u8> {
    match line.trim_end_matches(['\r', '\n']).strip_prefix("sep=")?.as_bytes() {
        [mark] if matches!(mark, b',' | b';' | b'\t' | b'|') => Some(*mark),
        _ => None,
    }
}

/// The rows of one block.
pub struct Rows<'b> {
    text: &'b BlockText,
    syntax: &'b Syntax,
    used: &'b Purpose<'b>,
    longest: usize,
    met: Met,
}

impl<'b> Rows<'b> {
    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        self.text.text.len()
    }

    /// The faults of rows met so far, all of them, which then are the caller's to count.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        self.met.faults.count = 0;
        std::mem::take(&mut self.met.faults.kept)
    }

    /// Hands each row that can be read to `take`: its line, a cell for each column, and where to put faults.
    pub fn read(&mut self, mut take: impl FnMut(u64, &[Cell<'b>], &mut Faults)) {
        let (text, columns) = (self.text, self.used.read.len());
        let part = TablePart { text: &text.text, first_line: text.first_line };
        let faults = &mut self.met.faults;
        match self.syntax {
            Syntax::Table(grammar) => records::read(&part, *grammar, faults, |(first, last), cells, faults| {
                // Nearly every row is as its head says.
                if cells.len() == columns && text.is_clean() {
                    return take(first, cells, faults);
                }
                match text.fault(first, last).map_or_else(|| fitting(first, cells, columns), Err) {
                    Ok(cells) => take(first, cells, faults),
                    Err(fault) => faults.push(fault),
                }
            }),
            Syntax::Objects(keys) => {
                let Purpose { read, lists, means } = *self.used;
                let wanted = WantedKeys { keys, read, lists, means, longest: self.longest };
                let whole = |line| text.fault(line, line).map_or(Ok(()), Err);
                self.met.unread = objects::read(&part, &wanted, &whole, faults, take);
            }
        }
    }
}

/// A cell for each column. Cells beyond the head say nothing if they are empty; where one is missing, nobody knows which.
fn fitting<'c, 'a>(line: u64, cells: &'c [Cell<'a>], columns: usize) -> Result<&'c [Cell<'a>], Fault> {
    match cells.get(..columns) {
        Some(fitting) if cells[columns..].iter().all(|cell| cell.is_empty()) => Ok(fitting),
        fitting => {
            let fault = Fault::on(line, format!("{} cells under a head of {columns}", cells.len()));
            Err(if fitting.is_some() { fault.help("a cell that holds a delimiter must be quoted") } else { fault })
        }
    }
}
