//! Packing: how a file is compressed, told by its first bytes, and the plain bytes inside.
//!
//! In: a reader, packed or not, whatever its name says. Out: a reader of what was packed. It holds no file whole.

use super::start::{Bytes, looked_at};
use flate2::read::MultiGzDecoder;
use std::io::{self, BufReader};

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    /// It is not.
    Plain,
    /// gzip, of any number of members.
    Gzip,
    /// Zstandard, of any number of frames.
    Zstandard,
}

impl Packing {
    /// No text begins with any of these bytes.
    fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Self::Zstandard,
            _ => Self::Plain,
        }
    }
}

/// The bytes inside.
pub fn unpacked(packed: Bytes<'_>) -> io::Result<Bytes<'_>> {
    let (start, packed) = looked_at(packed, 4)?;
    Ok(match Packing::of(&start) {
        Packing::Plain => packed,
        Packing::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(packed))),
        Packing::Zstandard => Box::new(zstd::stream::read::Decoder::new(packed)?),
    })
}

/// A file's name without the ending that tells of a packing.
pub fn bare(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((inner, ending)) if ending.eq_ignore_ascii_case("gz") || ending.eq_ignore_ascii_case("zst") => inner,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    #[test]
    fn what_is_packed_is_read_as_it_was() {
        let text = b"item,rater\nrun-1,a-01\n".repeat(1000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstandard = zstd::stream::encode_all(text.as_slice(), 1).unwrap();
        let skippable = [b"\x50\x2a\x4d\x18\x02\0\0\0hi".as_slice(), &zstandard].concat();
        let twice = [gzip.clone(), gzip.clone()].concat();
        for (bytes, times) in [(gzip, 1), (twice, 2), (zstandard, 1), (skippable, 1), (text.clone(), 1)] {
            let mut plain = Vec::new();
            unpacked(Box::new(bytes.as_slice())).unwrap().read_to_end(&mut plain).unwrap();
            assert!(plain == text.repeat(times));
        }
        assert_eq!(["a.csv.GZ", "a.csv.zst", "a.csv", "gz"].map(bare), ["a.csv", "a.csv", "a.csv", "gz"]);
    }
}
