//! Tables of ratings: CSV and TSV, streamed.
//!
//! In: a reader of plain bytes. Out: one `Row` after another, or the line that can't be read. A record has a largest
//! size, so that an unclosed quote does not swallow a file into memory. It never interprets a cell.

use super::columns::{Expected, Header, Refused, Row, Unreadable};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use std::collections::BTreeSet;
use std::io::{self, Read};

/// Largest record that is read.
pub const LONGEST: usize = 16 << 20;

/// Reads a table, and returns the columns that nothing reads.
pub fn read(
    input: impl Read,
    delimiter: u8,
    expected: &Expected<'_>,
    take: &mut dyn FnMut(Result<&Row<'_>, Unreadable>),
) -> Result<BTreeSet<String>, Refused> {
    let mut settings = ReaderBuilder::new();
    settings.delimiter(delimiter).flexible(true).has_headers(false).buffer_capacity(1 << 16);
    let mut reader = settings.from_reader(Input { bytes: input, left: LONGEST, last: b'\n', has_return: false });
    let mut record = StringRecord::new();
    if !reader.read_record(&mut record).map_err(|error| refusal(&error))? {
        return Ok(BTreeSet::new());
    }
    let header = Header::read(record.iter(), expected)?;
    loop {
        reader.get_mut().left = LONGEST;
        let next = reader.read_record(&mut record);
        // The reader stands behind the record's newline, because `Input` leaves no other ends of lines.
        let line = reader.position().line().saturating_sub(1);
        match next {
            Ok(false) => return Ok(header.unknown),
            Ok(true) => {
                let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
                match header.row(line.saturating_sub(inside), record.iter()) {
                    Ok(row) => take(Ok(&row)),
                    Err(unreadable) => take(Err(unreadable)),
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::Utf8 { .. }) => {
                take(Err(Unreadable { line, why: "not UTF-8".to_owned() }));
            }
            Err(error) => return Err(Refused { line: line + 1, ..refusal(&error) }),
        }
    }
}

fn refusal(error: &csv::Error) -> Refused {
    match error.kind() {
        ErrorKind::Io(error) => Refused::whole(error.to_string()),
        ErrorKind::Utf8 { .. } => Refused::whole("the head of the table is not UTF-8"),
        _ => Refused::whole(error.to_string()),
    }
}

/// Bytes in which every line ends with a newline alone, the last one too, so that lines can be counted. It gives up
/// when one record takes more than is left.
struct Input<R> {
    bytes: R,
    left: usize,
    last: u8,
    has_return: bool,
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let why = format!("a row of more than {} MiB: a quote that is not closed?", LONGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        loop {
            // A return at the end of what was read waits for the byte after it.
            let waiting = usize::from(self.has_return);
            let count = self.bytes.read(&mut out[waiting..])?;
            if count == 0 {
                let ends = std::mem::replace(&mut self.last, b'\n') == b'\n';
                out[0] = b'\n';
                return Ok(usize::from(!ends));
            }
            if waiting == 1 {
                out[0] = b'\r';
            }
            let kept = self.without_returns(&mut out[..waiting + count]);
            if kept > 0 {
                self.left = self.left.saturating_sub(kept);
                self.last = out[kept - 1];
                return Ok(kept);
            }
        }
    }
}

impl<R> Input<R> {
    /// Drops each return that stands before a newline, and holds back one at the end; returns how much is left.
    fn without_returns(&mut self, bytes: &mut [u8]) -> usize {
        self.has_return = bytes.ends_with(b"\r");
        let whole = bytes.len() - usize::from(self.has_return);
        if !bytes[..whole].contains(&b'\r') {
            return whole;
        }
        let mut kept = 0;
        for index in 0..whole {
            if bytes[index] != b'\r' || bytes[index + 1..].first() != Some(&b'\n') {
                bytes[kept] = bytes[index];
                kept += 1;
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::Column;
    use super::*;

    fn read_all(bytes: &[u8]) -> (Vec<String>, Result<BTreeSet<String>, Refused>) {
        let expected = Expected { attributes: BTreeSet::new(), names_task: false };
        let mut seen = Vec::new();
        let mut take = |row: Result<&Row<'_>, Unreadable>| {
            seen.push(match row {
                Ok(row) => format!("{} {}", row.line, row.get(Column::Value)),
                Err(unreadable) => format!("{} {}", unreadable.line, unreadable.why),
            });
        };
        let end = read(bytes, b',', &expected, &mut take);
        (seen, end)
    }

    const HEAD: &str = "item,rater,criterion,value\n";

    #[test]
    fn rows_have_the_line_they_begin_on() {
        let text = format!("\u{feff}{HEAD}a,b,c,\"two\nlines\"\r\na,b,c,x\n\na,b,c\na,b,c,d,e\n");
        let (seen, end) = read_all(text.as_bytes());
        assert_eq!(seen, ["2 two\nlines", "4 x", "6 ", "7 more cells than the 4 columns of the head"]);
        assert!(end.is_ok());
        assert!(read_all(b"").1.is_ok());
    }

    #[test]
    fn lines_are_counted_alike_whatever_their_ends() {
        let text = format!("{HEAD}a,b,c,x\n\n\na,b,c,\"y\nz\"\na,b,c,w");
        let expected = ["2 x", "5 y\nz", "7 w"];
        assert_eq!(read_all(text.as_bytes()).0, expected);
        assert_eq!(read_all(text.replace('\n', "\r\n").as_bytes()).0, expected);
        struct OneByOne<'a>(&'a [u8]);
        impl Read for OneByOne<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let room = out.len().min(1);
                self.0.read(&mut out[..room])
            }
        }
        let text = text.replace('\n', "\r\n");
        let mut slow = Input { bytes: OneByOne(text.as_bytes()), left: LONGEST, last: b'\n', has_return: false };
        let mut all = String::new();
        io::BufReader::new(&mut slow).read_to_string(&mut all).unwrap();
        assert_eq!(all, text.replace("\r\n", "\n") + "\n");
    }

    #[test]
    fn bytes_that_are_not_utf8_cost_their_row_only() {
        let text = [HEAD.as_bytes(), b"a,b,c,\xff\na,b,c,x\n"].concat();
        assert_eq!(read_all(&text).0, ["2 not UTF-8", "3 x"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_the_file_and_is_said() {
        let text = [HEAD.as_bytes(), b"a,b,c,x\na,b,c,\"", &b"y".repeat(LONGEST + (1 << 17))].concat();
        let (seen, end) = read_all(&text);
        assert_eq!(seen, ["2 x"]);
        assert!(end.unwrap_err().why.contains("16 MiB"));
    }
}
