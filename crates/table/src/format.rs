//! Formats: what a source is written in, told by its name or else by its first bytes.
//!
//! In: a name and the first bytes. Out: the format, or why these bytes are no table of text. It reads no row.

use super::packing::bare;
use goldbook_ground::diagnostic::Fault;

/// What a source is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Rows of cells.
    Table {
        /// Whether tabs are between them if the head has one; else what the head shows.
        tabs: bool,
    },
    /// A JSON object a line.
    Objects,
}

impl TableFormat {
    /// The endings that name a table, each plain or packed.
    pub const ENDINGS: &str =
        ".csv, .tsv, .tab, .xlsx, .parquet, .json, .jsonl and .ndjson, plain or packed with gzip or Zstandard";

    /// What the ending of a name tells.
    pub fn named(name: &str) -> Option<Self> {
        match bare(name).rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Table { tabs: false }),
            "tsv" | "tab" => Some(Self::Table { tabs: true }),
            "jsonl" | "ndjson" | "json" => Some(Self::Objects),
            // What these hold is told by its first bytes.
            "xlsx" | "parquet" => Some(Self::Table { tabs: true }),
            _ => None,
        }
    }

    /// What the name tells, or else the first bytes.
    pub fn of(name: &str, start: &[u8]) -> Result<Self, Fault> {
        check_text(start)?;
        let first = start.trim_ascii_start().first();
        match Self::named(name) {
            Some(format) => Ok(format),
            None if first == Some(&b'{') => Ok(Self::Objects),
            None => Ok(Self::Table { tabs: false }),
        }
    }
}

const AS_CSV: &str = "save the table as CSV";
const AS_UTF8: &str = "save it in UTF-8";
const UNPACK: &str = "unpack it, or pack it with gzip or Zstandard";

/// First bytes of files that are no text in UTF-8, what they are, and a way out.
const KNOWN: [(&[u8], &str, &str); 9] = [
    (b"\xd0\xcf\x11\xe0", "this is a spreadsheet of an older kind", AS_CSV),
    (b"SQLite format 3\0", "this is an SQLite database", AS_CSV),
    (b"%PDF-", "this is a PDF", AS_CSV),
    (b"\x1f\x8b", "this was packed twice", "pack it once"),
    (b"\x28\xb5\x2f\xfd", "this was packed twice", "pack it once"),
    (b"BZh", "this is compressed with bzip2", UNPACK),
    (b"\xfd7zXZ\0", "this is compressed with xz", UNPACK),
    (b"\xff\xfe\0\0", "this is text in UTF-32", AS_UTF8),
    (b"\0\0\xfe\xff", "this is text in UTF-32", AS_UTF8),
];

/// Whether a file that begins so is Parquet, encrypted or not.
pub fn is_parquet(start: &[u8]) -> bool {
    start.starts_with(b"PAR1") || start.starts_with(b"PARE")
}

/// Refuses what begins like a file that is known not to be text in UTF-8.
fn check_text(start: &[u8]) -> Result<(), Fault> {
    let known = KNOWN.iter().find(|(bytes, ..)| start.starts_with(bytes));
    match known {
        Some((_, what, help)) => Err(Fault::whole(*what).help(*help)),
        None if is_unmarked_utf16(start) => {
            Err(Fault::whole("this looks like text in UTF-16 without a byte order mark").help(AS_UTF8))
        }
        None => Ok(()),
    }
}

/// Whether each second byte of the first few is NUL, as in Latin letters of two bytes.
fn is_unmarked_utf16(start: &[u8]) -> bool {
    const LOOKED_AT: usize = 16;
    let start = &start[..start.len().min(LOOKED_AT)];
    let nul = |first: usize| start.iter().skip(first).step_by(2).all(|byte| *byte == 0);
    let text = |first: usize| start.iter().skip(first).step_by(2).all(|byte| *byte != 0);
    start.len() >= 4 && (nul(0) && text(1) || text(0) && nul(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_format_or_else_the_first_bytes() {
        let told = |name: &str, start: &str| TableFormat::of(name, start.as_bytes()).ok();
        let table = |tabs| Some(TableFormat::Table { tabs });
        assert_eq!(told("a.b/x.CSV", "{"), table(false));
        assert_eq!((told("x.tsv.gz", "item"), told("x.tab", "item")), (table(true), table(true)));
        assert_eq!(told("x.ndjson.zst", ""), Some(TableFormat::Objects));
        assert_eq!(told("-", "\n {\"a\": 1}"), Some(TableFormat::Objects));
        assert_eq!(told("x.txt", "item,rater"), table(false));
        assert_eq!((told("x.json", "{"), told("x.xlsx", "")), (Some(TableFormat::Objects), table(true)));
        assert_eq!(["x", "x.gz", "x.csv.bz2"].map(TableFormat::named), [None; 3]);
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let starts: [(&[u8], &str); 5] = [
            (b"BZh91AY", "bzip2"),
            (b"\xff\xfe\0\0i\0\0\0", "UTF-32"),
            (b"i\0t\0e\0m\0", "UTF-16"),
            (b"\0i\0t\0e\0m", "UTF-16"),
            (b"\x1f\x8b\x08", "twice"),
        ];
        for (start, word) in starts {
            let told = TableFormat::of("x.csv", start).unwrap_err().message;
            assert!(told.contains(word), "{told}");
        }
        assert!(TableFormat::of("x.csv", b"a\0b,c").is_ok());
    }
}
