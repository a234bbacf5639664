//! Streams: a source opened, its head read, and its blocks handed to all threads.
//!
//! In: a named reader. Out: the names of its columns; then what was made of each block, in the order of the source, so
//! that nothing depends on which thread read it. While blocks are read into rows, the next are read from the source. A
//! source is text, or has its rows in columns.

use super::blocks::{Block, Blocks, Sizes};
use super::columns::ColumnSource;
use super::encoding::decoded;
use super::fault::Faults;
use super::format::{TableFormat, is_parquet};
use super::json;
use super::list;
use super::objects::{Meant, ObjectKeys};
use super::packing::unpacked;
#[cfg(feature = "parquet")]
use super::parquet::open as open_columns;
use super::records::{self, Grammar, TablePart, too_long};
use super::rows::{BlockRows, Met, Purpose, ReadBlock, Rows, Syntax};
use super::source::{TableSource, unread};
use super::spreadsheet;
use super::start::{self, Bytes};
use super::text::BlockText;
use goldbook_ground::diagnostic::Fault;
use rayon::prelude::*;
use std::io::Read;
use std::sync::Arc;

/// First bytes by which a file is told that is no text.
const LOOKED_AT: usize = 4;

/// A source whose head is read.
pub struct Stream<'a> {
    input: Input<'a>,
    sizes: Sizes,
    head: Vec<String>,
}

/// What rows are read from.
enum Input<'a> {
    Text(Blocks<Bytes<'a>>, Arc<Syntax>),
    Columns(Box<dyn ColumnSource>),
}

impl<'a> Stream<'a> {
    /// Opens a source and reads its head; of objects, the keys of the first.
    pub fn open(source: TableSource<'a>, sizes: Sizes) -> Result<Self, Fault> {
        Self::open_for(source, sizes, None)
    }

    /// Like `open`, but of objects these are the columns, whatever the first one holds.
    pub fn open_for(source: TableSource<'a>, sizes: Sizes, keys: Option<&[&str]>) -> Result<Self, Fault> {
        let TableSource { name, bytes, placed } = source;
        let (start, bytes) = start::looked_at(bytes, LOOKED_AT).map_err(|error| unread(&error))?;
        let placed = placed.filter(|_| is_parquet(&start));
        let unpacked = unpacked(bytes, sizes.unpacked).and_then(|bytes| start::looked_at(bytes, LOOKED_AT));
        let (start, bytes) = unpacked.map_err(|error| unread(&error))?;
        let (line, stream) = if is_parquet(&start) {
            let file = open_columns(bytes, placed, sizes)?;
            (None, Self { head: file.names().to_vec(), input: Input::Columns(file), sizes })
        } else {
            let (line, stream) = Self::of_text(&name, bytes, sizes, keys)?;
            (Some(line), stream)
        };
        let fault = |message: String| Fault { line, ..Fault::whole(message) };
        if stream.head.is_empty() {
            let message = if stream.is_of_columns() { "it has no columns" } else { "the first object has no keys" };
            return Err(fault(message.to_owned()));
        }
        if stream.head.len() > sizes.columns {
            return Err(fault(format!("{} columns; no more than {} are read", stream.head.len(), sizes.columns)));
        }
        Ok(stream)
    }

    /// Reads the head of text, which stands on a line.
    fn of_text(name: &str, bytes: Bytes<'a>, sizes: Sizes, keys: Option<&[&str]>) -> Result<(u64, Self), Fault> {
        let is_table = matches!(TableFormat::named(name), Some(TableFormat::Table { .. }));
        let opened = |bytes| {
            let (bytes, is_sheet) = spreadsheet::as_lines(bytes, sizes.unpacked)?;
            let bytes = decoded(bytes)?;
            // Of what is called a table, the first name may begin with a bracket.
            let (bytes, is_list) = if is_table { (bytes, false) } else { list::as_lines(bytes)? };
            let told = [(is_sheet, TableFormat::Table { tabs: true }), (is_list, TableFormat::Objects)];
            let told = told.into_iter().find_map(|(is_so, format)| is_so.then_some(format));
            Ok((Blocks::open(bytes, sizes)?, told))
        };
        let (mut blocks, told) = opened(bytes).map_err(|error| unread(&error))?;
        let format = told.map_or_else(|| TableFormat::of(name, blocks.start()), Ok)?;
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
        Ok((line, Self { input: Input::Text(blocks, Arc::new(syntax)), sizes, head }))
    }

    /// The names of the columns, trimmed; of objects, the keys of the first.
    pub fn head(&self) -> &[String] {
        &self.head
    }

    /// Whether its rows are objects, which may lack any key.
    pub fn is_of_objects(&self) -> bool {
        matches!(self.syntax(), Some(Syntax::Objects(_)))
    }

    /// Whether its rows lie in columns, and no spreadsheet has them.
    pub fn is_of_columns(&self) -> bool {
        matches!(self.input, Input::Columns(_))
    }

    /// Whether a spreadsheet opens it.
    pub fn is_for_spreadsheets(&self) -> bool {
        !self.is_of_objects() && !self.is_of_columns()
    }

    /// By column: whether each of its cells is one value. Where rows are cut from text, each row is asked.
    pub fn single(&self) -> Vec<bool> {
        match &self.input {
            Input::Text(..) => vec![true; self.head.len()],
            Input::Columns(file) => file.single(),
        }
    }

    /// How its rows are cut from text, if they are.
    pub fn syntax(&self) -> Option<&Syntax> {
        match &self.input {
            Input::Text(_, syntax) => Some(syntax),
            Input::Columns(_) => None,
        }
    }

    /// All rows that say something, with their lines, and what can't be read: of a small table.
    pub fn all_rows(self) -> (Vec<(u64, Vec<String>)>, Faults) {
        let read = vec![true; self.head.len()];
        let of_block = |rows: &mut Rows<'_>| {
            let mut found = Vec::new();
            rows.read(|line, cells, _| {
                if cells.iter().any(|cell| !cell.is_empty()) {
                    found.push((line, cells.iter().map(|cell| (**cell).to_owned()).collect()));
                }
            });
            found
        };
        let mut all: Vec<(u64, Vec<String>)> = Vec::new();
        let used = Purpose { read: &read, lists: &[], means: &|_| Meant::Nothing };
        let faults = self.each_block(&used, of_block, |found: Vec<_>| all.extend(found)).faults;
        (all, faults)
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
        let (mut blocks, mut end) = self.input.batch(used.read, Vec::new(), at_once);
        let mut made: Vec<(T, Met)> = Vec::new();
        let (source, longest) = (&mut self.input, self.sizes.row);
        let mut spare = Vec::new();
        while !(blocks.is_empty() && made.is_empty()) {
            let make_of = |block: ReadBlock| {
                let block = BlockRows::of(block);
                let mut rows = Rows::of(&block, used, longest);
                let made = make(&mut rows);
                ((made, rows.into_met()), block.into_bytes())
            };
            let take_and_read = || {
                for (made, found) in made {
                    take(made);
                    met.append(found);
                    if met.faults.end.is_some() {
                        return (Vec::new(), None);
                    }
                }
                let spare = std::mem::take(&mut spare);
                if end.is_some() { (Vec::new(), None) } else { source.batch(used.read, spare, at_once) }
            };
            // What comes first stays on this thread, as what is taken does.
            let (next, next_made) =
                rayon::join(take_and_read, || blocks.into_par_iter().map(make_of).collect::<Vec<_>>());
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

/// What is said of a Parquet file by a program that was built without the feature, and what to do `instead`.
pub fn without_parquet(what: &str, instead: &str) -> Option<Fault> {
    let fault = Fault::whole(format!("{what} needs a Goldbook with the feature `parquet`"))
        .help(format!("install that with `cargo install --path . --features parquet` in a checkout; or {instead}"));
    (!cfg!(feature = "parquet")).then_some(fault)
}

/// Refuses a Parquet file in a program that was built without its reader.
#[cfg(not(feature = "parquet"))]
fn open_columns(
    _: Bytes<'_>,
    _: Option<goldbook_ground::disk::PlacedFile>,
    _: Sizes,
) -> Result<Box<dyn ColumnSource>, Fault> {
    let fault = without_parquet("this is a Parquet file, which", "save the table as CSV");
    Err(fault.expect("it is built without the feature"))
}

impl Input<'_> {
    /// The next blocks, and what kept further ones from being read.
    fn batch(&mut self, read: &[bool], mut spare: Vec<Vec<u8>>, count: usize) -> (Vec<ReadBlock>, Option<Fault>) {
        let mut blocks = Vec::with_capacity(count);
        while blocks.len() < count {
            match self.next(read, spare.pop().unwrap_or_default()) {
                Ok(Some(block)) => blocks.push(block),
                Ok(None) => break,
                Err(fault) => return (blocks, Some(fault)),
            }
        }
        (blocks, None)
    }

    fn next(&mut self, read: &[bool], spare: Vec<u8>) -> Result<Option<ReadBlock>, Fault> {
        match self {
            Self::Text(blocks, syntax) => {
                let next =
                    blocks.next(spare).map(|block| block.map(|block| ReadBlock::Text(block, Arc::clone(syntax))));
                next.map_err(|error| Fault { line: Some(blocks.line()), ..unread(&error) })
            }
            Self::Columns(file) => {
                let row = file.row();
                // Where nothing was read, nothing of it is used.
                let line = (row > 1).then_some(row);
                file.next(read).map(|block| block.map(ReadBlock::Columns)).map_err(|fault| Fault { line, ..fault })
            }
        }
    }
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
