//! Packing: how a file is compressed, and the plain bytes inside.
//!
//! In: a name, a reader. Out: the name without the packing's ending, and a reader of what was packed. It holds no file
//! whole.

use flate2::read::MultiGzDecoder;
use std::io::{self, BufReader, Read};

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

impl Packing {
    /// What a name tells, and the name without that.
    pub fn of(name: &str) -> (&str, Self) {
        match name.rsplit_once('.') {
            Some((inner, ending)) if ending.eq_ignore_ascii_case("gz") => (inner, Self::Gzip),
            Some((inner, ending)) if ending.eq_ignore_ascii_case("zst") => (inner, Self::Zstandard),
            _ => (name, Self::Plain),
        }
    }

    /// The bytes inside.
    pub fn unpack<'a>(self, packed: impl Read + Send + 'a) -> io::Result<Box<dyn Read + Send + 'a>> {
        Ok(match self {
            Self::Plain => Box::new(packed),
            Self::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(packed))),
            Self::Zstandard => Box::new(zstd::stream::read::Decoder::new(packed)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_packed_is_read_as_it_was() {
        let text = b"item,rater\nrun-1,a-01\n".repeat(1000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstandard = zstd::stream::encode_all(text.as_slice(), 1).unwrap();
        for (bytes, name) in [(gzip, "a.csv.GZ"), (zstandard, "a.csv.zst"), (text.clone(), "a.csv")] {
            let (inner, packing) = Packing::of(name);
            let mut plain = Vec::new();
            packing.unpack(bytes.as_slice()).unwrap().read_to_end(&mut plain).unwrap();
            assert_eq!((inner, plain == text), ("a.csv", true), "{packing:?}");
        }
    }
}
