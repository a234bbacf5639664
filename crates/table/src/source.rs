//! Sources: what a table is read from.
//!
//! In: a name, and bytes or a file. Out: its first bytes, or the objects of a list; or why it can't be read. It knows no
//! column.

use super::blocks::Sizes;
use super::encoding::decoded;
use super::list;
use super::packing::{SPLIT, unpacked};
use super::start::{self, Bytes};
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::disk::{OpenFile, PlacedFile};
use std::io::{self, Read};

/// A source of rows: its name as messages show it, and its bytes, packed or not.
pub struct TableSource<'a> {
    /// Path, or `-`; its ending tells the format.
    pub name: String,
    /// The bytes.
    pub bytes: Bytes<'a>,
    /// The same, to be read at any place, where they can be.
    pub placed: Option<PlacedFile>,
}

impl<'a> TableSource<'a> {
    /// A source of this name.
    pub fn new(name: impl Into<String>, bytes: impl Read + Send + 'a) -> Self {
        Self { name: name.into(), bytes: Box::new(bytes), placed: None }
    }

    /// A source of this name that is a file.
    pub fn of_file(name: impl Into<String>, file: OpenFile) -> Self {
        let placed = file.placed();
        Self { placed, ..Self::new(name, file) }
    }

    /// The file, to be read once more; none of what can only be read once.
    pub fn again(&self) -> Option<TableFile> {
        let placed = self.placed.as_ref()?.try_clone().ok()?;
        Some(TableFile { name: self.name.clone(), placed })
    }

    /// The first bytes of what is packed in it, and the source again.
    pub fn looked_at(self, count: usize, sizes: Sizes) -> Result<(Vec<u8>, Self), Fault> {
        let plain = unpacked(self.bytes, sizes.unpacked).and_then(decoded);
        let (start, bytes) = plain.and_then(|bytes| start::looked_at(bytes, count)).map_err(|error| unread(&error))?;
        // What is unpacked stands at no place of the file.
        Ok((start, Self { bytes, placed: None, ..self }))
    }

    /// The objects of a list, or those on lines of their own, each with its line; the whole is held.
    pub fn objects(self, sizes: Sizes) -> Result<Vec<(u64, String)>, Fault> {
        let opened = unpacked(self.bytes, sizes.unpacked).and_then(decoded).and_then(list::as_lines);
        let (mut bytes, _) = opened.map_err(|error| unread(&error))?;
        let mut text = String::new();
        bytes.read_to_string(&mut text).map_err(|error| unread(&error))?;
        let lines = text.trim_start_matches('\u{feff}').lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        Ok(lines.map(|(line, number)| (number, line.to_owned())).collect())
    }
}

/// A file that can be read more than once.
pub struct TableFile {
    name: String,
    placed: PlacedFile,
}

impl TableFile {
    /// It from its start; a source that was made of it before is not to be read on.
    pub fn source(&self) -> Result<TableSource<'static>, Fault> {
        let file = OpenFile::from_start(&self.placed).map_err(|error| unread(&error))?;
        Ok(TableSource::of_file(self.name.clone(), file))
    }
}

/// What is said of a source that can't be read.
pub fn unread(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Fault::whole(error.to_string()).help(SPLIT),
        _ => Fault::whole(format!("it can't be read: {error}")),
    }
}
