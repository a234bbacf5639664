//! Packing: how a file is compressed, told by its first bytes, and the plain bytes inside.
//!
//! In: a reader, packed or not, whatever its name says. Out: a reader of what was packed, up to a limit in bytes. It
//! holds no file whole, and never asks how many times larger the plain bytes are: ratings pack very well.

use super::encoding::in_utf8;
use super::start::{Bytes, looked_at};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use goldbook_ground::limits::mebibytes;
use std::io::{self, BufReader, Read, Write};

/// How a stream is compressed.
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
    /// That of bytes that begin so: no text begins with any of these.
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstandard,
            _ => Self::Plain,
        }
    }

    /// The bytes inside; more than `most` are an error (`FileTooLarge`).
    pub fn unpack(self, packed: &[u8], most: u64) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        unpacked(Box::new(packed), most)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    /// Packs bytes so.
    pub fn pack(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(plain.to_vec()),
            Self::Gzip => {
                let mut packer = GzEncoder::new(Vec::new(), Compression::default());
                packer.write_all(plain)?;
                packer.finish()
            }
            Self::Zstandard => zstd::stream::encode_all(plain, zstd::DEFAULT_COMPRESSION_LEVEL),
        }
    }
}

/// Bytes that are held as text in UTF-8, whatever they are packed in; as they are where that can't be.
pub fn plain(bytes: Vec<u8>) -> Vec<u8> {
    let packing = Packing::of(&bytes);
    let plain = if packing == Packing::Plain { None } else { packing.unpack(&bytes, LARGEST_PLAIN).ok() };
    in_utf8(plain.unwrap_or(bytes))
}

/// What to do about a file that expands to more than is read.
pub const SPLIT: &str = "split it; or let a site read more, with `most_unpacked` in goldbook.yaml";

/// Most bytes that one packed file is expanded to where it is held whole.
const LARGEST_PLAIN: u64 = 1 << 30;

/// The bytes inside; where there are more than `most`, reading ends with an error (`FileTooLarge`).
pub fn unpacked(packed: Bytes<'_>, most: u64) -> io::Result<Bytes<'_>> {
    let (start, packed) = looked_at(packed, 4)?;
    Ok(match Packing::of(&start) {
        Packing::Plain => packed,
        Packing::Gzip => Box::new(Limited { plain: BufReader::new(MultiGzDecoder::new(packed)), left: most, most }),
        Packing::Zstandard => Box::new(Limited { plain: zstd::stream::read::Decoder::new(packed)?, left: most, most }),
    })
}

/// Plain bytes, not endless.
struct Limited<R> {
    plain: R,
    left: u64,
    most: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        // One byte more than there may be tells whether there are more.
        let wanted = room.len().min(usize::try_from(self.left).unwrap_or(usize::MAX).saturating_add(1));
        let count = self.plain.read(&mut room[..wanted])?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            let message = format!("it expands to more than {}", mebibytes(self.most));
            io::Error::new(io::ErrorKind::FileTooLarge, message)
        })?;
        Ok(count)
    }
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

    #[test]
    fn what_expands_to_more_than_is_read_ends_with_an_error_and_plain_bytes_do_not() {
        let text = vec![b'x'; 3 << 20];
        let packed = zstd::stream::encode_all(text.as_slice(), 1).unwrap();
        let read = |bytes: &[u8], most| {
            let mut plain = Vec::new();
            unpacked(Box::new(bytes), most).unwrap().read_to_end(&mut plain).map(|_| plain.len())
        };
        assert_eq!(read(&packed, 3 << 20).unwrap(), 3 << 20);
        let error = read(&packed, (3 << 20) - 1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(&packed, 2 << 20).unwrap_err().to_string(), "it expands to more than 2 MiB");
        assert_eq!(read(&text, 1 << 20).unwrap(), 3 << 20);
    }

    #[test]
    fn what_is_packed_is_read_as_it_was() {
        let text = b"item,rater\nrun-1,a-01\n".repeat(1000);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstandard = zstd::stream::encode_all(text.as_slice(), 1).unwrap();
        let skippable = [b"\x50\x2a\x4d\x18\x02\0\0\0hi".as_slice(), &zstandard].concat();
        let twice = [gzip.clone(), gzip.clone()].concat();
        let plain_bytes = text.len() as u64;
        for (bytes, times) in [(gzip, 1), (twice, 2), (zstandard, 1), (skippable, 1), (text.clone(), 1)] {
            let mut plain = Vec::new();
            unpacked(Box::new(bytes.as_slice()), plain_bytes * times as u64).unwrap().read_to_end(&mut plain).unwrap();
            assert!(plain == text.repeat(times));
        }
        assert_eq!(["a.csv.GZ", "a.csv.zst", "a.csv", "gz"].map(bare), ["a.csv", "a.csv", "a.csv", "gz"]);
    }
}
