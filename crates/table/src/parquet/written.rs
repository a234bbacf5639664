//! Parquet written: tables of text, a row group at a time.
//!
//! In: the names of columns, then rows with a cell for each; an empty cell is null. Out: bytes, as they come. It holds one
//! row group, and writes neither a time nor who wrote it.

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of a row group.
const GROUP: usize = 1 << 15;

/// A table that is being written.
pub struct ParquetTable<W: Write + Send> {
    file: SerializedFileWriter<W>,
    /// By column: the cells of the row group.
    cells: Vec<Vec<ByteArray>>,
    levels: Vec<Vec<i16>>,
}

impl<W: Write + Send> ParquetTable<W> {
    /// Begins a table with these columns.
    pub fn begin(out: W, names: &[String]) -> io::Result<Self> {
        let field = |name: &String| {
            let text = Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8);
            text.build().map(Arc::new)
        };
        let fields = names.iter().map(field).collect::<Result<Vec<_>, ParquetError>>().map_err(failed)?;
        let schema = Type::group_type_builder("ratings").with_fields(fields).build().map_err(failed)?;
        let packed = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(packed.build())).map_err(failed)?;
        Ok(Self { file, cells: vec![Vec::new(); names.len()], levels: vec![Vec::new(); names.len()] })
    }

    /// Adds a row.
    pub fn add(&mut self, row: &[&str]) -> io::Result<()> {
        for ((cells, levels), cell) in self.cells.iter_mut().zip(&mut self.levels).zip(row) {
            levels.push(i16::from(!cell.is_empty()));
            if !cell.is_empty() {
                cells.push(ByteArray::from(*cell));
            }
        }
        if self.levels.first().is_some_and(|levels| levels.len() == GROUP) { self.end_group() } else { Ok(()) }
    }

    fn end_group(&mut self) -> io::Result<()> {
        let mut group = self.file.next_row_group().map_err(failed)?;
        for (cells, levels) in self.cells.iter_mut().zip(&mut self.levels) {
            let Some(mut column) = group.next_column().map_err(failed)? else { break };
            column.typed::<ByteArrayType>().write_batch(cells, Some(levels), None).map_err(failed)?;
            column.close().map_err(failed)?;
            cells.clear();
            levels.clear();
        }
        group.close().map_err(failed)?;
        Ok(())
    }

    /// Ends the table: what it was written to.
    pub fn end(mut self) -> io::Result<W> {
        if self.levels.first().is_some_and(|levels| !levels.is_empty()) {
            self.end_group()?;
        }
        self.file.into_inner().map_err(failed)
    }
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
