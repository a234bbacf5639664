//! Pictures: the text that lies in one beside what it shows.
//!
//! In: the bytes of a picture. Out: its descriptions and other metadata, decoded; and whatever else reads like text, for
//! sentences alone, since a name of a few letters stands in any picture by chance. It never looks at what a picture
//! shows.

use crate::text::normal::NormalText;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Most bytes that one piece of metadata is unpacked to.
const LARGEST: u64 = 1 << 20;

/// Shortest run of bytes that is taken for text.
const READABLE: usize = 12;

/// Adds the text of a picture, and what reads like text in its bytes.
pub fn read(bytes: &[u8], text: &mut NormalText, noise: &mut NormalText) {
    for piece in metadata(bytes) {
        text.part();
        text.push(&piece);
    }
    // What is not written takes no memory, and what grows is held twice at times.
    noise.words.reserve(bytes.len());
    readable(bytes, READABLE, &mut |piece| {
        noise.part();
        noise.push(piece);
    });
}

/// The metadata of a PNG, a JPEG, a GIF or a WebP.
fn metadata(bytes: &[u8]) -> Vec<String> {
    if let Some(chunks) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        return Chunks { rest: chunks, order: ChunkOrder::Png }
            .filter_map(|(kind, chunk)| png_text(kind, chunk))
            .collect();
    }
    if let Some(segments) = bytes.strip_prefix(b"\xff\xd8") {
        return Segments { rest: segments }.flat_map(|(kind, segment)| jpeg_texts(kind, segment)).collect();
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        let chunks = Chunks { rest: &bytes[12..], order: ChunkOrder::Riff };
        return chunks
            .filter(|(kind, _)| matches!(*kind, b"XMP " | b"EXIF"))
            .flat_map(|(_, chunk)| texts(chunk))
            .collect();
    }
    Vec::new()
}

/// The chunks of a PNG (length, kind, bytes, checksum) or of a RIFF file (kind, length, bytes).
struct Chunks<'a> {
    rest: &'a [u8],
    order: ChunkOrder,
}

#[derive(Clone, Copy)]
enum ChunkOrder {
    Png,
    Riff,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.rest.split_first_chunk::<4>()?;
        let (second, rest) = rest.split_first_chunk::<4>()?;
        let (kind, length, after) = match self.order {
            ChunkOrder::Png => (second, u32::from_be_bytes(*first), 4),
            ChunkOrder::Riff => (first, u32::from_le_bytes(*second), (u32::from_le_bytes(*second) & 1) as usize),
        };
        let (chunk, rest) = rest.split_at_checked(length as usize)?;
        self.rest = rest.get(after..).unwrap_or(&[]);
        Some((kind, chunk))
    }
}

/// The text of a `tEXt`, `zTXt`, `iTXt` or `eXIf` chunk, keyword included.
fn png_text(kind: &[u8; 4], chunk: &[u8]) -> Option<String> {
    let until_nul = |bytes: &'_ [u8]| memchr::memchr(0, bytes);
    match kind {
        b"tEXt" => Some(latin1(chunk)),
        b"zTXt" => {
            let (keyword, packed) = chunk.split_at_checked(until_nul(chunk)? + 2)?;
            Some(format!("{} {}", latin1(keyword), latin1(&unpacked(packed))))
        }
        b"iTXt" => {
            let (keyword, rest) = chunk.split_at_checked(until_nul(chunk)? + 3)?;
            let is_packed = keyword[keyword.len() - 2] == 1;
            let (language, rest) = rest.split_at_checked(until_nul(rest)? + 1)?;
            let (translated, text) = rest.split_at_checked(until_nul(rest)? + 1)?;
            let text = if is_packed { unpacked(text) } else { text.to_vec() };
            let parts = [keyword, language, translated, &text];
            Some(parts.map(|part| String::from_utf8_lossy(part).into_owned()).join(" "))
        }
        b"eXIf" => Some(texts(chunk).join("\n")),
        _ => None,
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if *byte == 0 { ' ' } else { char::from(*byte) }).collect()
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // What can't be unpacked ends there, as for whoever shows it.
    let _ = ZlibDecoder::new(packed).take(LARGEST).read_to_end(&mut out);
    out
}

/// The segments of a JPEG before its picture.
struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let ([mark, kind, high, low], _) = self.rest.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // The picture itself begins at `SOS`.
        if *mark != 0xff || *kind == 0xda || length < 2 {
            return None;
        }
        let segment = self.rest.get(4..2 + length)?;
        self.rest = &self.rest[2 + length..];
        Some((*kind, segment))
    }
}

/// The texts of a comment, of Exif and XMP (`APP1`) or of IPTC (`APP13`).
fn jpeg_texts(kind: u8, segment: &[u8]) -> Vec<String> {
    match kind {
        0xfe => vec![String::from_utf8_lossy(segment).into_owned()],
        0xe1 | 0xed => texts(segment),
        _ => Vec::new(),
    }
}

/// Whatever reads like text in a piece of metadata, up to the small picture that may be in it.
fn texts(bytes: &[u8]) -> Vec<String> {
    let picture = memchr::memmem::find(bytes, b"\xff\xd8\xff").unwrap_or(bytes.len());
    let mut found = Vec::new();
    readable(&bytes[..picture], 2, &mut |text| found.push(text.to_owned()));
    found
}

/// The runs of bytes that are readable ASCII or UTF-8, of `shortest` bytes and more.
fn readable(bytes: &[u8], shortest: usize, found: &mut dyn FnMut(&str)) {
    let is_readable = |byte: &u8| *byte >= 0x20 && *byte != 0x7f || matches!(byte, b'\n' | b'\r' | b'\t');
    for run in bytes.split(|byte| !is_readable(byte)).filter(|run| run.len() >= shortest) {
        for text in run.utf8_chunks().map(|chunk| chunk.valid()).filter(|text| text.len() >= shortest) {
            found(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn png(kind: &[u8; 4], chunk: &[u8]) -> Vec<u8> {
        let length = u32::try_from(chunk.len()).unwrap().to_be_bytes();
        [b"\x89PNG\r\n\x1a\n\0\0\0\x01IHDR\0\0\0\0\0", &length[..], kind, chunk, b"\0\0\0\0"].concat()
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn metadata_is_decoded() {
        let words = |bytes: &[u8]| {
            let mut out = NormalText::default();
            read(bytes, &mut out, &mut NormalText::default());
            String::from_utf8(out.words).unwrap()
        };
        let exif = b"Exif\0\0MM\0\x2a\0\0a-16 made it\0\xff\xd8\xff\xdb a-17 b";
        let jpeg = |kind: u8, segment: &[u8]| {
            let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
            [b"\xff\xd8\xff", &[kind][..], &length, segment, b"\xff\xda\0\x02 a-17 "].concat()
        };
        let webp = |chunk: &[u8]| {
            let length = u32::try_from(chunk.len()).unwrap().to_le_bytes();
            [b"RIFF\0\0\0\0WEBPEXIF", &length[..], chunk].concat()
        };
        for picture in [
            png(b"tEXt", b"Author\0a-16"),
            png(b"zTXt", &[b"Author\0\0", &packed("a-16")[..]].concat()),
            png(b"iTXt", b"Author\0\0\0en\0Autor\0a-16"),
            png(b"iTXt", &[b"Author\0\x01\0en\0\0", &packed("a-16")[..]].concat()),
            png(b"eXIf", exif),
            jpeg(0xfe, b"by a-16"),
            jpeg(0xe1, exif),
            webp(exif),
        ] {
            let words = words(&picture);
            assert!(words.contains("a-16") && !words.contains("a-17"), "{words}");
        }
        assert_eq!(words(&png(b"IDAT", b" a-16 and a whole sentence ")), "");
        assert_eq!(words(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffzTXta\0"), "");
    }

    #[test]
    fn letters_are_read_wherever_they_stand() {
        let mut out = NormalText::default();
        read(b"GIF89a\x21\xfe\x1dthe fox was never there at all\0\x3b", &mut NormalText::default(), &mut out);
        assert!(out.letters().windows(5).any(|part| part == b"never"));
    }
}
