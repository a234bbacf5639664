//! `.eval` archives, changed inside: what is in them is unpacked, changed, and packed again.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::io::{Cursor, Read, Write};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

fuzz_target!(|archive: &[u8]| goldbook_fuzz::check_log(archive));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, _seed: u32| {
    let mut text = unpacked(&data[..size]).unwrap_or_default();
    let length = text.len();
    text.resize(length.max(most), 0);
    let changed = fuzzer_mutate(&mut text, length, most);
    let archive = packed(&text[..changed]);
    match data.get_mut(..archive.len()).filter(|room| room.len() <= most) {
        Some(room) => room.copy_from_slice(&archive),
        None => return fuzzer_mutate(data, size, most),
    }
    archive.len()
});

/// Names and contents in turn, with a zero between them.
fn unpacked(archive: &[u8]) -> Option<Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).ok()?;
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for at in 0..zip.len() {
        let entry = zip.by_index(at).ok()?;
        parts.push(entry.name_raw().to_vec());
        let mut content = Vec::new();
        // An archive may unpack to far more than is worth changing, and be damaged in the middle.
        let _ = entry.take(1 << 16).read_to_end(&mut content);
        parts.push(content);
    }
    Some(parts.join(&0))
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: Vec<&[u8]> = text.split(|byte| *byte == 0).collect();
    for pair in parts.chunks(2) {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        // A name that stands twice is refused, and its content goes with it.
        if zip.start_file(String::from_utf8_lossy(pair[0]), options).is_ok() {
            zip.write_all(pair.get(1).copied().unwrap_or_default()).expect("memory takes everything");
        }
    }
    zip.finish().expect("memory takes everything").into_inner()
}
