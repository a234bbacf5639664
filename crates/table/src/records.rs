//! Records: the rows of a delimited table (RFC 4180), cut into cells.
//!
//! In: text that begins with a row. Out: each row's cells, trimmed, with the line it begins on. Quotes are strict: a
//! cell is quoted as a whole or holds no quote, because only then can a table be cut anywhere. Never interprets a cell.

use super::cell::Cell;
use super::fault::Faults;
use super::marks::MarkScanner;
use goldbook_ground::diagnostic::Fault;
use memchr::{memchr, memchr_iter, memchr3};

/// A part of a table.
pub struct TablePart<'a> {
    pub text: &'a str,
    /// Line of the file on which it begins.
    pub first_line: u64,
}

/// How cells are told apart.
#[derive(Clone, Copy)]
pub struct Grammar {
    /// The byte between cells.
    pub delimiter: u8,
    /// Bytes of the longest row that is read.
    pub longest: usize,
}

/// Hands each row that is not blank to `take`, with the lines on which it begins and ends, up to the first that can't be
/// cut into cells.
pub fn read<'a>(
    part: &TablePart<'a>,
    grammar: Grammar,
    faults: &mut Faults,
    mut take: impl FnMut((u64, u64), &[Cell<'a>], &mut Faults),
) {
    let bytes = part.text.as_bytes();
    let mut marks = MarkScanner::of(bytes, grammar.delimiter);
    let (mut at, mut line) = (0, part.first_line);
    let mut cells = Vec::new();
    while at < bytes.len() {
        cells.clear();
        let end = match cut_row(part.text, at, &mut marks, &mut cells) {
            Ok(end) if end - at > grammar.longest => return faults.end(too_long(line, grammar.longest)),
            Ok(end) => end,
            Err(broken) if broken.reach(bytes.len() - at) > grammar.longest => {
                return faults.end(too_long(line, grammar.longest).help("a quote that is not closed?"));
            }
            Err(broken) => return faults.end(broken.fault(&part.text[at..], line)),
        };
        if cells.len() > 1 || !cells[0].is_empty() {
            take((line, line + marks.lines_inside), &cells, faults);
        }
        line += 1 + marks.lines_inside;
        at = end + 1;
    }
}

/// What is said of a row that is longer than any that is read.
pub fn too_long(line: u64, longest: usize) -> Fault {
    Fault::on(line, format!("a row of more than {} MiB begins here", longest.div_ceil(1 << 20)))
}

/// Cuts the row that begins at `start` and returns where it ends: at its line end, or that of the text.
fn cut_row<'a>(
    text: &'a str,
    start: usize,
    marks: &mut MarkScanner<'_>,
    cells: &mut Vec<Cell<'a>>,
) -> Result<usize, Broken> {
    let mut cell = start;
    while let Some((at, byte)) = marks.next() {
        if byte == b'"' {
            cells.clear();
            let end = quoted_row(text, start, marks.delimiter, cells)?;
            marks.skip(start, end);
            return Ok(end);
        }
        cells.push(Cell::Slice(trimmed(&text[cell..at])));
        if byte == b'\n' {
            return Ok(at);
        }
        cell = at + 1;
    }
    cells.push(Cell::Slice(trimmed(&text[cell..])));
    Ok(text.len())
}

/// A cell without the white space around it; the common case is decided by its first and last byte.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        [only] if only.is_ascii_graphic() => cell,
        [] => cell,
        _ => cell.trim(),
    }
}

/// Why a row can't be cut into cells; `at` is the byte of the row with the offending quote.
enum Broken {
    Unclosed { at: usize },
    Stray { at: usize, cell: usize },
    Behind { at: usize, cell: usize },
}

impl Broken {
    /// How many bytes of the row had to be read to find it, of `all` there are.
    fn reach(&self, all: usize) -> usize {
        match self {
            Self::Unclosed { .. } => all,
            Self::Stray { at, .. } | Self::Behind { at, .. } => *at,
        }
    }

    fn fault(&self, row: &str, line: u64) -> Fault {
        let line_of = |at: usize| line + memchr_iter(b'\n', &row.as_bytes()[..at]).count() as u64;
        let help = "quote the whole cell, and double each quote inside it";
        match self {
            Self::Unclosed { at } => Fault::on(line_of(*at), "the quote that opens here is never closed"),
            Self::Stray { at, cell } => {
                Fault::on(line_of(*at), format!("cell {cell} holds a quote but is not quoted")).help(help)
            }
            Self::Behind { at, cell } => {
                let begins =
                    if line_of(*at) > line { format!(" of the row that begins on line {line}") } else { String::new() };
                Fault::on(line_of(*at), format!("cell {cell}{begins} goes on behind its closing quote")).help(help)
            }
        }
    }
}

/// Cuts the row that begins at `start` and returns where it ends: at its line end, or that of the text.
fn quoted_row<'a>(text: &'a str, start: usize, delimiter: u8, cells: &mut Vec<Cell<'a>>) -> Result<usize, Broken> {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let opening = at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        if bytes.get(opening) == Some(&b'"') {
            let (cell, behind) = quoted_cell(text, opening).ok_or(Broken::Unclosed { at: opening - start })?;
            cells.push(cell);
            at = behind + bytes[behind..].iter().take_while(|byte| matches!(byte, b' ' | b'\r')).count();
            if bytes.get(at).is_some_and(|byte| *byte != delimiter && *byte != b'\n') {
                return Err(Broken::Behind { at: at - start, cell: cells.len() });
            }
        } else {
            let stop = memchr3(delimiter, b'\n', b'"', &bytes[at..]).map_or(bytes.len(), |found| at + found);
            if bytes.get(stop) == Some(&b'"') {
                return Err(Broken::Stray { at: stop - start, cell: cells.len() + 1 });
            }
            cells.push(Cell::Slice(trimmed(&text[at..stop])));
            at = stop;
        }
        if bytes.get(at) != Some(&delimiter) {
            return Ok(at);
        }
        at += 1;
    }
}

/// The cell whose quote opens at `opening`, and where the text goes on behind its closing quote.
fn quoted_cell(text: &str, opening: usize) -> Option<(Cell<'_>, usize)> {
    let bytes = text.as_bytes();
    let mut at = opening + 1;
    let mut doubled = false;
    loop {
        let quote = at + memchr(b'"', &bytes[at..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            let inside = trimmed(&text[opening + 1..quote]);
            let cell = if doubled { Cell::Own(inside.replace("\"\"", "\"")) } else { Cell::Slice(inside) };
            return Some((cell, quote + 1));
        }
        doubled = true;
        at = quote + 2;
    }
}

/// The delimiter that a head is most likely written with: a tab, where tabs are expected and there is one; else the most
/// frequent outside of quotes, a comma if none is.
pub fn delimiter_of(head: &str, tabs: bool) -> u8 {
    let outside: String = head.split('"').step_by(2).collect();
    let count = |delimiter: u8| memchr_iter(delimiter, outside.as_bytes()).count();
    if tabs && count(b'\t') > 0 {
        return b'\t';
    }
    // The last of equal ones is taken.
    [b';', b'\t', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<(u64, Vec<String>)>, String) {
        let mut faults = Faults::default();
        let mut seen = Vec::new();
        let part = TablePart { text, first_line: 1 };
        read(&part, Grammar { delimiter: b',', longest: 40 }, &mut faults, |(line, _), cells, _| {
            seen.push((line, cells.iter().map(|cell| (**cell).to_owned()).collect()));
        });
        (seen, faults.told())
    }

    fn row(line: u64, cells: &str) -> (u64, Vec<String>) {
        (line, cells.split('|').map(str::to_owned).collect())
    }

    #[test]
    fn cells_are_cut_and_trimmed_whatever_the_line_ends() {
        let expected = vec![row(1, "a|b"), row(3, "|ü"), row(4, "x\ny|q\"q"), row(6, "|"), row(7, "\"|z")];
        let text = "a, b \n\n,ü\n \"x\ny\" ,\"q\"\"q\"\n,\n\"\"\"\",z";
        assert_eq!(rows(text).0, expected);
        let carriage = rows(&text.replace('\n', "\r\n")).0;
        assert_eq!(carriage[2].1[0], "x\r\ny");
        assert_eq!((carriage.len(), &carriage[4]), (5, &expected[4]));
    }

    #[test]
    fn quotes_out_of_place_end_the_table() {
        let told = |text: &str| (rows(text).0.len(), rows(text).1);
        assert_eq!(told("a,b\nc,5\" d\ne,f").0, 1);
        assert!(told("a,b\nc,5\" d\ne,f").1.starts_with("2: cell 2 holds a quote but is not quoted"));
        assert!(told("a,\"b\"c\n").1.starts_with("1: cell 2 goes on behind its closing quote"));
        assert_eq!(told("a,b\na,\"b\n"), (1, "2: the quote that opens here is never closed".to_owned()));
        assert!(told(&format!("a,\"{}", "b".repeat(50))).1.contains("a row of more than 1 MiB"));
        assert!(told(&format!("a,{}", "b".repeat(50))).1.contains("a row of more than 1 MiB"));
    }

    #[test]
    fn the_delimiter_is_the_most_frequent_outside_of_quotes() {
        assert_eq!(delimiter_of("item;rater;\"a,b,c,d\"", false), b';');
        assert_eq!(delimiter_of("item\trater\ta,b", false), b'\t');
        assert_eq!(delimiter_of("item,rater;x", true), b',');
        assert_eq!(delimiter_of("item", true), b',');
        assert_eq!((delimiter_of("a\tb,c,d", true), delimiter_of("a\tb,c,d", false)), (b'\t', b','));
    }
}
