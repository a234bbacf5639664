//! Blocks of a Parquet file: the same rows of several columns, and their cells.
//!
//! In: what reads each column. Out: rows, with a cell for each column, empty where it is not read. A cell that is not one
//! value, or can't be text, costs its row. It holds texts as they lie in the file's pages, and copies none.

use super::column::{ColumnForm, FileColumn, Leaf};
use super::value::{self, ValueForm};
use crate::cell::{Cell, PARTING};
use crate::columns::ColumnRows;
use crate::fault::Faults;
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::quoted;
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::errors::Result as ParquetResult;
use std::sync::Arc;

/// Rows.
pub struct ColumnBlock {
    /// Number of the first one, from 1.
    pub first_row: u64,
    pub rows: usize,
    /// By column: its name, and what was read of it.
    pub names: Arc<[String]>,
    pub parts: Vec<Option<ColumnPart>>,
    /// Bytes of the longest list that is read as one cell.
    pub longest: usize,
}

/// What the rows of a block have in one column.
pub struct ColumnPart {
    pub rows: usize,
    values: StoredValues,
    /// The levels that tell which rows, or places in lists, have a value; and where lists begin.
    definition: Vec<i16>,
    repetition: Vec<i16>,
    shape: PartShape,
}

#[derive(Clone)]
struct PartShape {
    form: ValueForm,
    defined: i16,
    element: i16,
    is_list: bool,
}

/// Values as they are stored.
enum StoredValues {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// Reads so many rows of a column, or as many as there are.
pub fn read_part(reader: &mut ColumnReader, column: &FileColumn, count: usize) -> ParquetResult<ColumnPart> {
    let (mut definition, mut repetition) = (Vec::new(), Vec::new());
    macro_rules! read {
        ($reader:expr, $stored:ident) => {{
            let mut values = Vec::with_capacity(count);
            let read = $reader.read_records(count, Some(&mut definition), Some(&mut repetition), &mut values)?;
            (read.0, StoredValues::$stored(values))
        }};
    }
    let (rows, values) = match reader {
        ColumnReader::BoolColumnReader(reader) => read!(reader, Bool),
        ColumnReader::Int32ColumnReader(reader) => read!(reader, Int32),
        ColumnReader::Int64ColumnReader(reader) => read!(reader, Int64),
        ColumnReader::Int96ColumnReader(reader) => read!(reader, Int96),
        ColumnReader::FloatColumnReader(reader) => read!(reader, Float),
        ColumnReader::DoubleColumnReader(reader) => read!(reader, Double),
        ColumnReader::ByteArrayColumnReader(reader) => read!(reader, Bytes),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => read!(reader, Fixed),
    };
    Ok(ColumnPart { rows, values, definition, repetition, shape: PartShape::of(column) })
}

impl PartShape {
    fn of(column: &FileColumn) -> Self {
        let of = |leaf: &Leaf, is_list| {
            let form = leaf.value.clone().unwrap_or(ValueForm::Plain);
            Self { form, defined: leaf.defined, element: leaf.element, is_list }
        };
        match &column.form {
            ColumnForm::Single(leaf) => of(leaf, false),
            ColumnForm::List(leaf) => of(leaf, true),
            ColumnForm::Nested => Self { form: ValueForm::Plain, defined: 0, element: 0, is_list: false },
        }
    }
}

impl StoredValues {
    /// A value as text; what is not there is nothing.
    fn text(&self, at: usize, form: &ValueForm) -> Result<Cell<'_>, &'static str> {
        let bytes = |bytes| form.bytes(bytes);
        let found = match self {
            Self::Bool(values) => values.get(at).map(|is_so| Ok(Cell::Slice(if *is_so { "true" } else { "false" }))),
            Self::Int32(values) => values.get(at).map(|number| form.whole(i64::from(*number), 32)),
            Self::Int64(values) => values.get(at).map(|number| form.whole(*number, 64)),
            Self::Int96(values) => values.get(at).map(|moment| value::old_moment(*moment)),
            Self::Float(values) => values.get(at).map(|number| value::short_real(*number)),
            Self::Double(values) => values.get(at).map(|number| value::real(*number)),
            Self::Bytes(values) => values.get(at).map(bytes),
            Self::Fixed(values) => values.get(at).map(|value| form.bytes(value)),
        };
        found.unwrap_or(Ok(Cell::Slice("")))
    }

    /// How much text they are, at least: a few letters for what is none.
    fn bytes(&self) -> usize {
        match self {
            Self::Bool(values) => 4 * values.len(),
            Self::Int32(values) => 4 * values.len(),
            Self::Int64(values) => 8 * values.len(),
            Self::Int96(values) => 12 * values.len(),
            Self::Float(values) => 4 * values.len(),
            Self::Double(values) => 8 * values.len(),
            Self::Bytes(values) => values.iter().map(ByteArray::len).sum(),
            Self::Fixed(values) => values.iter().map(|value| value.len()).sum(),
        }
    }
}

impl ColumnPart {
    /// How many bytes its cells take: one more for each row.
    pub fn bytes(&self) -> u64 {
        (self.values.bytes() + self.rows.max(self.definition.len())) as u64
    }
}

/// Goes through the cells of a column.
struct PartCells<'b> {
    part: &'b ColumnPart,
    name: &'b str,
    /// The next value, and the next level.
    value: usize,
    level: usize,
}

impl<'b> PartCells<'b> {
    /// The cell of the next row; `longest` bounds what a list is joined to, where one may stand.
    fn next(&mut self, longest: Option<usize>) -> Result<Cell<'b>, String> {
        let told = |why: &str| format!("{} {why}", quoted(self.name));
        let part = self.part;
        if !part.shape.is_list {
            let is_defined = part.shape.defined == 0 || part.definition.get(self.level) == Some(&part.shape.defined);
            self.level += 1;
            if !is_defined {
                return Ok(Cell::Slice(""));
            }
            self.value += 1;
            return part.values.text(self.value - 1, &part.shape.form).map_err(told);
        }
        self.list(longest)
    }

    fn list(&mut self, longest: Option<usize>) -> Result<Cell<'b>, String> {
        let told = |why: &str| format!("{} {why}", quoted(self.name));
        let PartShape { ref form, defined, element, .. } = self.part.shape;
        let (mut joined, mut wrong) = (String::new(), None);
        let mut is_first = true;
        while let Some(level) = self.part.definition.get(self.level)
            && (is_first || self.part.repetition.get(self.level).is_some_and(|level| *level > 0))
        {
            self.level += 1;
            is_first = false;
            if *level < element {
                continue;
            }
            let value = if *level == defined {
                self.value += 1;
                self.part.values.text(self.value - 1, form)
            } else {
                Ok(Cell::Slice(""))
            };
            match (value, longest) {
                (_, None) => wrong = Some("holds a list, not one value"),
                (Ok(value), _) if value.contains(PARTING) => {
                    wrong = Some("holds a list of which a value has `|`, which parts values");
                }
                (Ok(value), Some(longest)) if joined.len() + value.len() < longest => {
                    if !joined.is_empty() {
                        joined.push(PARTING);
                    }
                    joined.push_str(&value);
                }
                (Ok(_), _) => wrong = Some("holds a list that is too long"),
                (Err(why), _) => wrong = Some(why),
            }
        }
        wrong.map_or(Ok(Cell::Own(joined)), |why| Err(told(why)))
    }
}

impl ColumnRows for ColumnBlock {
    fn bytes(&self) -> usize {
        self.parts.iter().flatten().map(ColumnPart::bytes).sum::<u64>() as usize
    }

    fn read<'b>(&'b self, lists: &[bool], faults: &mut Faults, take: &mut dyn FnMut(u64, &[Cell<'b>], &mut Faults)) {
        let cells_of = |(part, name): (&'b Option<ColumnPart>, &'b String)| {
            part.as_ref().map(|part| PartCells { part, name, value: 0, level: 0 })
        };
        let mut columns: Vec<Option<PartCells<'b>>> = self.parts.iter().zip(&*self.names).map(cells_of).collect();
        let mut cells: Vec<Cell<'b>> = Vec::with_capacity(columns.len());
        for row in self.first_row..self.first_row + self.rows as u64 {
            cells.clear();
            let mut wrong = None;
            for (place, column) in columns.iter_mut().enumerate() {
                let longest = (lists.get(place) == Some(&true)).then_some(self.longest);
                let cell = column.as_mut().map_or(Ok(Cell::Slice("")), |column| column.next(longest));
                cells.push(cell.unwrap_or_else(|why| {
                    wrong.get_or_insert(why);
                    Cell::Slice("")
                }));
            }
            match wrong {
                None => take(row, &cells, faults),
                Some(why) => faults.push(Fault::on(row, why)),
            }
        }
    }
}
