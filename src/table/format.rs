//! Formats: what a source is written in, told by its name or else by its first bytes.
//!
//! In: a name and the first bytes. Out: the format, or why these bytes are no table of text. It reads no row.

use super::fault::Fault;

/// What a source is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells with this byte between them; `None`: as the head shows.
    Table(Option<u8>),
    /// A JSON object a line.
    Objects,
}

impl Format {
    pub fn of(name: &str, start: &[u8]) -> Result<Self, Fault> {
        check_text(start)?;
        let name = name.to_ascii_lowercase();
        let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        let first = start.trim_ascii_start().first();
        match plain.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv") => Ok(Self::Table(None)),
            Some("tsv" | "tab") => Ok(Self::Table(Some(b'\t'))),
            Some("jsonl" | "ndjson") => Ok(Self::Objects),
            _ if first == Some(&b'{') => Ok(Self::Objects),
            _ if first == Some(&b'[') => {
                Err(Fault::whole("this is one JSON list").help("write one object a line, without brackets around them"))
            }
            _ => Ok(Self::Table(None)),
        }
    }
}

/// Refuses what begins like a file that is known not to be text in UTF-8.
fn check_text(start: &[u8]) -> Result<(), Fault> {
    let known: [(&[u8], &str, &str); 5] = [
        (b"\x1f\x8b", "this is compressed with gzip", "give the file a name that ends in .gz"),
        (b"\x28\xb5\x2f\xfd", "this is compressed with Zstandard", "give the file a name that ends in .zst"),
        (b"PK\x03\x04", "this is a ZIP archive or a spreadsheet", "save the table as CSV"),
        (b"\xff\xfe", "this is text in UTF-16", "save it in UTF-8"),
        (b"\xfe\xff", "this is text in UTF-16", "save it in UTF-8"),
    ];
    match known.iter().find(|(bytes, ..)| start.starts_with(bytes)) {
        Some((_, what, help)) => Err(Fault::whole(*what).help(*help)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_format_or_else_the_first_bytes() {
        let told = |name: &str, start: &str| Format::of(name, start.as_bytes()).ok();
        assert_eq!(told("a.b/x.CSV", "{"), Some(Format::Table(None)));
        assert_eq!(told("x.tsv.gz", "item"), Some(Format::Table(Some(b'\t'))));
        assert_eq!(told("x.ndjson.zst", ""), Some(Format::Objects));
        assert_eq!(told("-", "\n {\"a\": 1}"), Some(Format::Objects));
        assert_eq!(told("x.txt", "item,rater"), Some(Format::Table(None)));
        assert_eq!(told("x.json", "[{"), None);
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        for (start, word) in [(b"\x1f\x8b\x08\x00", "gzip"), (b"PK\x03\x04", "ZIP"), (b"\xff\xfei\x00", "UTF-16")] {
            let told = Format::of("x.csv", start).unwrap_err().message;
            assert!(told.contains(word), "{told}");
        }
    }
}
