//! Streams: a source opened, its head read, and its blocks handed to all threads.
//!
//! In: a named reader. Out: the names of its columns; then what was made of each block, in the order of the source, so
//! that nothing depends on which thread read it. While blocks are read into rows, the next are read from the source.

use super::blocks::{Block, Blocks, Sizes};
use super::cell::Cell;
use super::fault::{Fault, Faults};
use super::format::Format;
use super::objects::{self, Keys, Wanted};
use super::records::{self, Grammar, Part, too_long};
use memchr::{memchr, memchr_iter};
use rayon::prelude::*;
use std::io::{self, Read};

/// A source of ratings: its name as messages show it, and its bytes, unpacked.
pub struct Source<'a> {
    /// Path, or `-`; its ending tells the format.
    pub name: String,
    /// The bytes.
    pub bytes: Box<dyn Read + Send + 'a>,
}

impl<'a> Source<'a> {
    /// A source of this name.
    pub fn new(name: impl Into<String>, bytes: impl Read + Send + 'a) -> Self {
        Self { name: name.into(), bytes: Box::new(bytes) }
    }
}

/// How the rows of a source are cut.
enum Syntax {
    Table(Grammar),
    Objects(Keys),
}

/// A source whose head is read.
pub struct Stream<'a> {
    blocks: Blocks<Box<dyn Read + Send + 'a>>,
    syntax: Syntax,
    sizes: Sizes,
    head: Vec<String>,
}

/// What the rows of a source are read for.
pub struct Use<'u> {
    /// By column: whether its cells are read.
    pub read: &'u [bool],
    /// Whether a key that the first object lacks would mean something.
    pub means: &'u (dyn Fn(&str) -> bool + Sync),
}

impl<'a> Stream<'a> {
    /// Opens a source and reads its head.
    pub fn open(source: Source<'a>, sizes: Sizes) -> Result<Self, Fault> {
        let mut blocks = Blocks::open(source.bytes, sizes).map_err(|error| unread(&error))?;
        let format = Format::of(&source.name, blocks.start())?;
        if let Format::Table(_) = format {
            blocks.mind_quotes();
        }
        let Some((line, bytes)) = blocks.head().map_err(|error| unread(&error))? else {
            return Err(Fault::whole("there is nothing in it"));
        };
        let length = bytes.len();
        if length > sizes.row {
            return Err(too_long(line, sizes.row));
        }
        let (text, bad) = text_of(bytes, line);
        if let Some(bad) = bad {
            return Err(bad);
        }
        let (syntax, head) = match format {
            Format::Table(delimiter) => read_head(text, line, delimiter, sizes)?,
            Format::Objects => {
                let keys = objects::keys_of(text).map_err(|why| objects::fault(line, text, why))?;
                (Syntax::Objects(Keys::new(&keys)), keys)
            }
        };
        if head.is_empty() {
            return Err(Fault::on(line, "the first object has no keys"));
        }
        if head.len() > sizes.columns {
            let message = format!("{} columns; no more than {} are read", head.len(), sizes.columns);
            return Err(Fault::on(line, message));
        }
        if matches!(syntax, Syntax::Table(_)) {
            blocks.skip(length);
        }
        Ok(Self { blocks, syntax, sizes, head })
    }

    /// The names of the columns, trimmed.
    pub fn head(&self) -> &[String] {
        &self.head
    }

    /// Makes something of each block and takes it, in order, until the end or the first fault that ends the source.
    pub fn each_block<T: Send>(
        mut self,
        used: &Use<'_>,
        make: impl Fn(&mut Rows<'_>) -> T + Sync,
        mut take: impl FnMut(T) + Send,
    ) -> Faults {
        let mut faults = Faults::default();
        let at_once = 4 * rayon::current_num_threads();
        let (mut blocks, mut error) = batch(&mut self.blocks, Vec::new(), at_once);
        let mut made: Vec<(T, Faults)> = Vec::new();
        let (source, syntax, longest) = (&mut self.blocks, &self.syntax, self.sizes.row);
        let mut spare = Vec::new();
        while !(blocks.is_empty() && made.is_empty()) {
            let make_of = |block: &Block| {
                let mut rows = Rows { block, syntax, used, longest, faults: Faults::default() };
                let made = make(&mut rows);
                (made, rows.faults)
            };
            let take_and_read = || {
                for (made, found) in made {
                    take(made);
                    faults.append(found);
                    if faults.end.is_some() {
                        return (Vec::new(), None);
                    }
                }
                if error.is_some() { (Vec::new(), None) } else { batch(source, std::mem::take(&mut spare), at_once) }
            };
            let (next_made, next) = rayon::join(|| blocks.par_iter().map(make_of).collect::<Vec<_>>(), take_and_read);
            if faults.end.is_some() {
                return faults;
            }
            made = next_made;
            spare = std::mem::replace(&mut blocks, next.0).into_iter().map(|block| block.bytes).collect();
            error = error.or(next.1);
        }
        error.iter().for_each(|error| faults.end(unread(error)));
        faults
    }
}

fn unread(error: &io::Error) -> Fault {
    Fault::whole(format!("it can't be read: {error}"))
}

/// The next blocks, and what kept further ones from being read.
fn batch<R: Read>(blocks: &mut Blocks<R>, mut spare: Vec<Vec<u8>>, count: usize) -> (Vec<Block>, Option<io::Error>) {
    let mut read = Vec::with_capacity(count);
    while read.len() < count {
        match blocks.next(spare.pop().unwrap_or_default()) {
            Ok(Some(block)) => read.push(block),
            Ok(None) => break,
            Err(error) => return (read, Some(error)),
        }
    }
    (read, None)
}

/// The names of the columns of a delimited table.
fn read_head(text: &str, line: u64, delimiter: Option<u8>, sizes: Sizes) -> Result<(Syntax, Vec<String>), Fault> {
    let grammar = Grammar { delimiter: delimiter.unwrap_or_else(|| records::delimiter_of(text)), longest: sizes.row };
    let mut head: Vec<String> = Vec::new();
    let mut faults = Faults::default();
    records::read(&Part { text, first_line: line, whole: true }, grammar, &mut faults, |_, cells, _| {
        head = cells.iter().map(|cell| (**cell).to_owned()).collect();
    });
    if let Some(fault) = faults.end {
        return Err(fault);
    }
    if head.iter().any(|name| name.contains('\r')) {
        let help = "save the table with line feeds at the ends of lines";
        return Err(Fault::on(line, "the lines end with carriage returns alone").help(help));
    }
    Ok((Syntax::Table(grammar), head))
}

/// The text of some rows; up to the first byte that is no text, if there is one, and what is wrong there.
fn text_of(bytes: &[u8], first_line: u64) -> (&str, Option<Fault>) {
    let clean = memchr(0, bytes).unwrap_or(bytes.len());
    let (text, what) = match std::str::from_utf8(&bytes[..clean]) {
        Ok(text) => (text, (clean < bytes.len()).then_some("a NUL byte: this is no text in UTF-8")),
        Err(error) => {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]);
            (valid.unwrap_or_default(), Some("bytes that are not UTF-8"))
        }
    };
    let line = || first_line + memchr_iter(b'\n', text.as_bytes()).count() as u64;
    (text, what.map(|what| Fault::on(line(), what).help("save the table as text in UTF-8")))
}

/// The rows of one block.
pub struct Rows<'b> {
    block: &'b Block,
    syntax: &'b Syntax,
    used: &'b Use<'b>,
    longest: usize,
    faults: Faults,
}

impl<'b> Rows<'b> {
    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        self.block.bytes.len()
    }

    /// Hands each row that has a cell for each column to `take`: its line, its cells, and where to put faults.
    pub fn read(&mut self, mut take: impl FnMut(u64, &[Cell<'b>], &mut Faults)) {
        let first_line = self.block.first_line;
        let (text, bad) = text_of(&self.block.bytes, first_line);
        let part = Part { text, first_line, whole: bad.is_none() };
        let columns = self.used.read.len();
        match self.syntax {
            Syntax::Table(grammar) => records::read(&part, *grammar, &mut self.faults, |line, cells, faults| {
                if cells.len() == columns {
                    take(line, cells, faults);
                } else {
                    faults.push(ragged(line, cells.len(), columns));
                }
            }),
            Syntax::Objects(keys) => {
                let wanted = Wanted { keys, read: self.used.read, means: self.used.means, longest: self.longest };
                objects::read(&part, &wanted, &mut self.faults, take);
            }
        }
        if let Some(bad) = bad {
            self.faults.end(bad);
        }
    }
}

fn ragged(line: u64, cells: usize, columns: usize) -> Fault {
    let fault = Fault::on(line, format!("{cells} cells under a head of {columns}"));
    if cells > columns { fault.help("a cell that holds a delimiter must be quoted") } else { fault }
}
