//! Files of ratings: their form by name, and the plain bytes inside.
//!
//! In: a path in the site and a reader. Out: the form, and a reader of what was compressed. It holds no file whole.

use flate2::read::MultiGzDecoder;
use std::io::{self, BufReader, Read};

/// The forms of ratings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table with this byte between its cells.
    Table(u8),
    /// A JSON object a line.
    Lines,
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// It is not.
    Plain,
    /// gzip, of any number of members.
    Gzip,
    /// Zstandard, of any number of frames.
    Zstandard,
}

/// The form and packing that a name tells; none if ratings of such a file are not read.
pub fn form(path: &str) -> Option<(Form, Packing)> {
    let lower = path.to_ascii_lowercase();
    let (name, packing) = match lower.rsplit_once('.') {
        Some((name, "gz")) => (name, Packing::Gzip),
        Some((name, "zst")) => (name, Packing::Zstandard),
        _ => (lower.as_str(), Packing::Plain),
    };
    let form = match name.rsplit_once('.')?.1 {
        "csv" => Form::Table(b','),
        "tsv" => Form::Table(b'\t'),
        "jsonl" | "ndjson" => Form::Lines,
        _ => return None,
    };
    Some((form, packing))
}

/// What is said of a file of another form.
pub const FORMS: &str = "ratings are read from .csv, .tsv and .jsonl, plain or as .gz or .zst";

/// The bytes inside.
pub fn unpack<'a>(packed: impl Read + Send + 'a, packing: Packing) -> io::Result<Box<dyn Read + Send + 'a>> {
    Ok(match packing {
        Packing::Plain => Box::new(packed),
        Packing::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(packed))),
        Packing::Zstandard => Box::new(zstd::stream::read::Decoder::new(packed)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn names_tell_the_form() {
        assert_eq!(form("content/ratings/a.b.CSV"), Some((Form::Table(b','), Packing::Plain)));
        assert_eq!(form("a.tsv.gz"), Some((Form::Table(b'\t'), Packing::Gzip)));
        assert_eq!(form("a.jsonl.zst"), Some((Form::Lines, Packing::Zstandard)));
        assert_eq!(form("a.json"), None);
        assert_eq!(form("README"), None);
        assert_eq!(form("a.gz"), None);
    }

    #[test]
    fn what_is_packed_is_read_as_it_was() {
        let text = b"item,rater\nrun-1,a-01\n".repeat(1000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstandard = zstd::stream::encode_all(text.as_slice(), 1).unwrap();
        for (bytes, packing) in [(gzip, Packing::Gzip), (zstandard, Packing::Zstandard), (text.clone(), Packing::Plain)]
        {
            let mut plain = Vec::new();
            unpack(bytes.as_slice(), packing).unwrap().read_to_end(&mut plain).unwrap();
            assert_eq!(plain, text, "{packing:?}");
        }
    }
}
