//! A zip archive, read entry by entry.
//!
//! In: a reader that can seek, and the name of an entry. Out: the names in its directory, and what a parser makes of an
//! entry's JSON; errors that name the entry. It never unpacks what was not asked for, takes a name for a path, or
//! believes what an entry says of its size.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek};
use std::rc::Rc;

use serde::de::DeserializeSeed;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use goldbook_ground::text::quoted;

use super::stream::{Limit, LogStream, Meter};
use goldbook_ground::diagnostic::Fault;

/// More than this, in bytes, is not unpacked of one entry …
const MOST_OF_ENTRY: u64 = 2 << 30;

/// … nor this of an entry's start …
const MOST_OF_HEAD: u64 = 1 << 28;

/// … nor this of all that are read.
const MOST_READ: u64 = 4 << 30;

/// About as many bytes of memory may be filled by what is kept.
const MOST_KEPT: u64 = 1 << 29;

/// The way out of an archive that is not whole.
const COPY: &str = "Copy the file again. If its run crashed, `inspect log recover` may write the log whole.";

/// The way out of an archive that is whole, but not read.
const CONVERT: &str =
    "Write the log anew with Inspect: `inspect log convert --to eval --stream 1 --output-dir DIR FILE.eval`.";

/// The way out of a limit.
const TRUST: &str = "If you trust the log, `inspect log convert --to json --output-dir DIR FILE.eval` writes it as JSON, \
     which is read without such a limit.";

/// An archive whose directory is read.
pub(super) struct Archive<R> {
    zip: ZipArchive<BufReader<R>>,
    /// Places in the directory. Of entries with the same name the last counts, as for Inspect, which appends.
    places: BTreeMap<String, usize>,
    meter: Rc<Meter>,
}

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(source: R) -> Result<Self, Fault> {
        Self::with_limits(source, MOST_READ, MOST_KEPT)
    }

    /// An archive of which no more is read and kept than these bytes.
    pub(super) fn with_limits(source: R, read: u64, kept: u64) -> Result<Self, Fault> {
        let zip = ZipArchive::new(BufReader::with_capacity(1 << 16, source)).map_err(|error| no_directory(&error))?;
        let names = zip.file_names().zip(zip.file_names_raw());
        let names = names.map(|(name, raw)| name.map_or_else(|_| String::from_utf8_lossy(raw).into(), Cow::into_owned));
        let places = names.zip(0..).collect();
        Ok(Self { places, zip, meter: Meter::new(read, kept) })
    }

    /// What may still be read and kept; parsers say with it what they pass over.
    pub(super) fn meter(&self) -> Rc<Meter> {
        Rc::clone(&self.meter)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Every entry's name, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The names that begin with `start`, in order.
    pub(super) fn names_under(&self, start: &str) -> impl Iterator<Item = &str> {
        let from = self.places.range(start.to_owned()..);
        let names = from.map(|(name, _)| name.as_str());
        names.take_while(move |name| name.starts_with(start))
    }

    /// Parses an entry's JSON to its end, so that its checksum and its size are checked too.
    pub(super) fn parse<S>(&mut self, name: &str, seed: S) -> Result<(), Fault>
    where
        S: for<'de> DeserializeSeed<'de, Value = ()>,
    {
        let (size, mut stream) = self.stream(name, MOST_OF_ENTRY)?;
        let mut json = serde_json::Deserializer::from_reader(&mut stream);
        let parsed = seed.deserialize(&mut json).and_then(|()| json.end());
        parsed.map_err(|error| not_parsed(name, error))?;
        match stream.length() == size {
            true => Ok(()),
            false => Err(damaged(name, "it holds fewer bytes than it says")),
        }
    }

    /// Parses an entry's JSON as far as `seed` wants it. Whether it is an error that the rest was left, the caller knows.
    pub(super) fn parse_head<S>(&mut self, name: &str, seed: S) -> Result<(), Fault>
    where
        S: for<'de> DeserializeSeed<'de, Value = ()>,
    {
        let (_, stream) = self.stream(name, MOST_OF_HEAD)?;
        let parsed = seed.deserialize(&mut serde_json::Deserializer::from_reader(stream));
        parsed.map_err(|error| not_parsed(name, error))
    }

    /// The size that an entry says it has, and what is in it up to `most` bytes.
    fn stream(&mut self, name: &str, most: u64) -> Result<(u64, LogStream<'_>), Fault> {
        let place = self
            .places
            .get(name)
            .copied()
            .ok_or_else(|| Fault::whole(format!("the archive has no entry {}", quoted(name))).help(COPY))?;
        let size = self.check(name, place)?;
        let entry = self.zip.by_index(place).map_err(|error| damaged(name, &words(&error)))?;
        Ok((size, LogStream::new(entry.take(most), &self.meter)))
    }

    /// The entry's size, if it can be read at all.
    fn check(&self, name: &str, place: usize) -> Result<u64, Fault> {
        let directory = self.zip.metadata();
        let entry = directory.entry(place).map_err(|error| damaged(name, &words(&error)))?;
        if entry.encrypted() {
            let found = format!("the entry {} is encrypted", quoted(name));
            return Err(Fault::whole(found).help("Unpack the archive with its password, and zip it again without one."));
        }
        if !matches!(
            entry.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated | CompressionMethod::Zstd
        ) {
            let found = format!("the entry {} is packed by a method other than deflate and zstd", quoted(name));
            return Err(Fault::whole(found).help(CONVERT));
        }
        if entry.size() > MOST_OF_ENTRY {
            let found = format!("the entry {} says that it unpacks to {} bytes", quoted(name), entry.size());
            return Err(Fault::whole(found).help(format!("No more than 2 GiB is unpacked of one. {TRUST}")));
        }
        Ok(entry.size())
    }
}

fn no_directory(error: &ZipError) -> Fault {
    let found = format!("the zip archive is cut off or damaged: its directory can't be read ({})", words(error));
    Fault::whole(found).help(COPY)
}

/// The error without the words that the `zip` crate puts before it.
fn words(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => error.to_string(),
        ZipError::InvalidArchive(found) => found.to_string(),
        other => other.to_string(),
    }
}

fn damaged(name: &str, found: &str) -> Fault {
    Fault::whole(format!("the entry {} of the archive is damaged: {found}", quoted(name))).help(COPY)
}

fn not_parsed(name: &str, error: serde_json::Error) -> Fault {
    if !error.is_io() {
        return Fault::whole(format!("the entry {} is not JSON as Inspect writes it: {error}", quoted(name)))
            .help(CONVERT);
    }
    let error = io::Error::from(error);
    match error.get_ref().and_then(|error| error.downcast_ref::<Limit>()) {
        Some(limit) => Fault::whole(format!("the entry {} is too large: {limit}", quoted(name))).help(TRUST),
        None => damaged(name, plain(&error.to_string())),
    }
}

/// What the `zip` crate says of an entry, in plainer words.
fn plain(found: &str) -> &str {
    match found {
        "Invalid checksum" => "its checksum does not match",
        "File is larger than its declared uncompressed size" => "it holds more bytes than it says",
        other => other,
    }
}
