//! Parquet: the columns of a file, read a few thousand rows at a time.
//!
//! In: the bytes of a file, best at any place. Out: the names of its columns, then blocks of rows of those columns that
//! are read; or why it can't be read, or not to its end. It unpacks no other column, holds one page of each and no row
//! group whole, and reads no more than a limit. What a value is as text is `value`.

mod block;
mod column;
mod labels;
#[cfg(test)]
mod tests;
mod value;
mod written;

pub use written::ParquetTable;

use super::blocks::Sizes;
use super::columns::{ColumnRows, ColumnSource};
use super::packing::SPLIT;
use super::source::unread;
use super::start::Bytes;
use block::{ColumnBlock, ColumnPart, read_part};
use column::FileColumn;
use goldbook_ground::caught::caught;
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::disk::PlacedFile;
use goldbook_ground::limits::{at_most, mebibytes};
use goldbook_ground::text::quoted;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use std::sync::Arc;

/// Most bytes of a file that can't be read at any place, such as one that comes from a pipe, or is packed once more.
const LARGEST_HELD: u64 = 1 << 30;

/// Most bytes of the part that describes the columns and where they lie.
const LARGEST_FOOTER: u32 = 64 << 20;

/// Rows of a block.
const ROWS: usize = 1 << 12;

/// A file whose columns are known.
struct ParquetFile {
    file: Box<dyn FileReader>,
    columns: Vec<FileColumn>,
    names: Arc<[String]>,
    sizes: Sizes,
    /// Which row group comes next, and the columns of the one that is being read.
    next_group: usize,
    group: Option<RowGroup>,
    /// Rows, and bytes of cells, that were read.
    rows: u64,
    bytes: u64,
}

/// A row group that is being read.
struct RowGroup {
    left: usize,
    /// By column: what reads it.
    readers: Vec<Option<ColumnReader>>,
}

/// Opens a file; `placed` is the same as `bytes`, to be read at any place.
pub fn open(bytes: Bytes<'_>, placed: Option<PlacedFile>, sizes: Sizes) -> Result<Box<dyn ColumnSource>, Fault> {
    let file = match placed {
        Some(file) => opened(file),
        None => opened(held(bytes)?),
    }?;
    let about = file.metadata().file_metadata();
    let columns = FileColumn::all(about.schema_descr(), &labels::labels(about.key_value_metadata()));
    let names = columns.iter().map(|column| column.name.clone()).collect();
    Ok(Box::new(ParquetFile { file, columns, names, sizes, next_group: 0, group: None, rows: 0, bytes: 0 }))
}

impl ColumnSource for ParquetFile {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn single(&self) -> Vec<bool> {
        self.columns.iter().map(|column| column.is_single()).collect()
    }

    fn row(&self) -> u64 {
        self.rows + 1
    }

    fn next(&mut self, read: &[bool]) -> Result<Option<Box<dyn ColumnRows>>, Fault> {
        let block = caught(|| self.next_block(read)).unwrap_or_else(|| Err(damaged("its parts do not fit together")));
        Ok(block?.map(|block| Box::new(block) as Box<dyn ColumnRows>))
    }
}

impl ParquetFile {
    fn next_block(&mut self, read: &[bool]) -> Result<Option<ColumnBlock>, Fault> {
        while self.group.as_ref().is_none_or(|group| group.left == 0) {
            if self.next_group == self.file.num_row_groups() {
                return Ok(None);
            }
            self.group = Some(self.open_group(read)?);
            self.next_group += 1;
        }
        let Some(group) = &mut self.group else { return Ok(None) };
        let count = group.left.min(ROWS);
        let mut parts: Vec<Option<ColumnPart>> = Vec::with_capacity(self.columns.len());
        for (reader, column) in group.readers.iter_mut().zip(&self.columns) {
            let part = reader.as_mut().map(|reader| read_part(reader, column, count)).transpose();
            parts.push(part.map_err(unreadable)?);
        }
        if let Some(short) = parts.iter().position(|part| part.as_ref().is_some_and(|part| part.rows < count)) {
            let name = quoted(&self.columns[short].name);
            return Err(damaged(format!("the column {name} has fewer rows than there are")));
        }
        group.left -= count;
        self.bytes += parts.iter().flatten().map(ColumnPart::bytes).sum::<u64>();
        if self.bytes > self.sizes.unpacked {
            return Err(too_large(self.sizes.unpacked));
        }
        let first_row = self.row();
        self.rows += count as u64;
        let longest = self.sizes.row;
        Ok(Some(ColumnBlock { first_row, rows: count, names: Arc::clone(&self.names), parts, longest }))
    }

    fn open_group(&self, read: &[bool]) -> Result<RowGroup, Fault> {
        let group = self.file.get_row_group(self.next_group).map_err(unreadable)?;
        let left = usize::try_from(group.metadata().num_rows()).map_err(|_| damaged("a row group has no rows"))?;
        let wanted = self.columns.iter().zip(read).filter(|(_, read)| **read).flat_map(|(column, _)| column.leaf());
        let unpacked = |leaf| u64::try_from(group.metadata().column(leaf).uncompressed_size()).unwrap_or(u64::MAX);
        if wanted.map(unpacked).fold(0, u64::saturating_add) > self.sizes.unpacked {
            return Err(too_large(self.sizes.unpacked));
        }
        let reader = |(column, read): (&FileColumn, &bool)| {
            let leaf = if *read { Some(column.readable()?) } else { None };
            leaf.map(|leaf| group.get_column_reader(leaf)).transpose().map_err(unreadable)
        };
        let readers = self.columns.iter().zip(read).map(reader).collect::<Result<_, Fault>>()?;
        Ok(RowGroup { left, readers })
    }
}

fn held(bytes: Bytes<'_>) -> Result<bytes::Bytes, Fault> {
    let held = at_most(bytes, LARGEST_HELD).map_err(|error| unread(&error))?;
    let too_large = || {
        let message = format!("it is packed, or comes from a pipe, and has more than {}", mebibytes(LARGEST_HELD));
        Fault::whole(message).help("give the file itself: Parquet is packed already")
    };
    Ok(held.ok_or_else(too_large)?.into())
}

fn opened<R: ChunkReader + 'static>(file: R) -> Result<Box<dyn FileReader>, Fault> {
    let opened = caught(|| {
        check_end(&file)?;
        SerializedFileReader::new(file).map_err(unreadable)
    });
    let opened = opened.unwrap_or_else(|| Err(damaged("its parts do not fit together")))?;
    Ok(Box::new(opened))
}

/// Refuses a file that does not end as one does, and one that is encrypted.
fn check_end(file: &impl ChunkReader) -> Result<(), Fault> {
    const END: u64 = 8;
    let cut = || Fault::whole("this Parquet file does not end as one does: was it cut off, or is it still written?");
    let start = file.len().checked_sub(END).filter(|start| *start >= 4).ok_or_else(cut)?;
    let end = file.get_bytes(start, 8).map_err(unreadable)?;
    let (length, mark) = end.split_at(4);
    match mark {
        b"PAR1" => {}
        b"PARE" => return Err(Fault::whole("this Parquet file is encrypted").help("write it without encryption")),
        _ => return Err(cut()),
    }
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | u32::from(*byte));
    if u64::from(length) > start {
        return Err(cut());
    }
    if length > LARGEST_FOOTER {
        let most = mebibytes(LARGEST_FOOTER.into());
        return Err(Fault::whole(format!("what this Parquet file says of its columns has more than {most}")));
    }
    Ok(())
}

fn too_large(most: u64) -> Fault {
    Fault::whole(format!("it expands to more than {}", mebibytes(most))).help(SPLIT)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
fn unreadable(error: ParquetError) -> Fault {
    let told = error.to_string();
    damaged(told.split_once(": ").map_or(&*told, |(_, why)| why))
}

fn damaged(why: impl std::fmt::Display) -> Fault {
    Fault::whole(format!("this Parquet file is damaged, or of a kind that is not read: {why}"))
}
