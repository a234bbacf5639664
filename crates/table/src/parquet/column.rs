//! Columns of a Parquet file: what each holds, as the file's schema says.
//!
//! In: the schema. Out: for each column whether its cells are values, lists of them or structures, and how a value is
//! written as text. It reads no value.

use super::labels::ColumnLabels;
use super::value::ValueForm;
use crate::head::is_index;
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::quoted;
use parquet::basic::{ConvertedType, LogicalType};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor, Type, TypePtr};
use std::sync::Arc;

/// A column.
pub struct FileColumn {
    pub name: String,
    pub form: ColumnForm,
}

/// What the cells of a column are.
pub enum ColumnForm {
    /// Values.
    Single(Leaf),
    /// Lists of values.
    List(Leaf),
    /// Structures, or lists of lists.
    Nested,
}

/// Values as they are stored.
pub struct Leaf {
    /// Its place among all that are stored.
    pub place: usize,
    /// The level of definition at which there is a value; below it a row, or a place in a list, is empty.
    pub defined: i16,
    /// From this level on a list has an element, which may be empty.
    pub element: i16,
    /// How it is text; or the name of a type that is not read.
    pub value: Result<ValueForm, String>,
}

impl FileColumn {
    /// The columns of a file, some of which may hold places of labels.
    pub fn all(schema: &SchemaDescriptor, labels: &ColumnLabels) -> Vec<Self> {
        let mut leaves: Vec<Vec<usize>> = vec![Vec::new(); schema.root_schema().get_fields().len()];
        (0..schema.num_columns()).for_each(|leaf| leaves[schema.get_column_root_idx(leaf)].push(leaf));
        let fields = schema.root_schema().get_fields().iter().zip(leaves);
        let column = |(field, leaves): (&TypePtr, Vec<usize>)| {
            let name = field.name().trim().to_owned();
            let form = match leaves.as_slice() {
                [leaf] => ColumnForm::of(field, *leaf, &schema.column(*leaf)).labelled(labels.get(&name)),
                _ => ColumnForm::Nested,
            };
            Self { name, form }
        };
        let mut columns: Vec<Self> = fields.map(column).collect();
        // pandas writes its index last, and reads it back as the first.
        columns.sort_by_key(|column| !is_index(&column.name));
        columns
    }

    /// Whether each of its cells is one value that can be read as text.
    pub fn is_single(&self) -> bool {
        matches!(&self.form, ColumnForm::Single(leaf) if leaf.value.is_ok())
    }

    /// What is stored of it, if that is one thing.
    pub fn leaf(&self) -> Option<usize> {
        match &self.form {
            ColumnForm::Single(leaf) | ColumnForm::List(leaf) => Some(leaf.place),
            ColumnForm::Nested => None,
        }
    }

    /// The same where its cells can be read as text.
    pub fn readable(&self) -> Result<usize, Fault> {
        let name = quoted(&self.name);
        let help = "write it as text, or as a column for each value";
        match &self.form {
            ColumnForm::Nested => Err(format!("the column {name} holds structures, not one value")),
            ColumnForm::Single(leaf) | ColumnForm::List(leaf) => match &leaf.value {
                Ok(_) => Ok(leaf.place),
                Err(kind) => Err(format!("the column {name} holds {kind}, which is not read")),
            },
        }
        .map_err(|message| Fault::whole(message).help(help))
    }
}

impl ColumnForm {
    /// That of a field in which one thing is stored.
    fn of(field: &Type, place: usize, stored: &ColumnDescriptor) -> Self {
        let (defined, repeated) = (stored.max_def_level(), stored.max_rep_level());
        let is_optional = stored.self_type().is_optional();
        let leaf = Leaf { place, defined, element: defined - i16::from(is_optional), value: ValueForm::of(stored) };
        let info = field.get_basic_info();
        let is_list =
            info.logical_type_ref() == Some(&LogicalType::List) || info.converted_type() == ConvertedType::LIST;
        match (field.is_primitive(), repeated) {
            (true, 0) => Self::Single(leaf),
            (true, 1) => Self::List(leaf),
            (false, 1) if is_list && is_flat(field) => Self::List(leaf),
            _ => Self::Nested,
        }
    }

    /// The same with labels in place of their numbers, if there are any.
    fn labelled(mut self, labels: Option<&Arc<[String]>>) -> Self {
        if let (Self::Single(leaf) | Self::List(leaf), Some(labels)) = (&mut self, labels)
            && matches!(leaf.value, Ok(ValueForm::Plain))
        {
            leaf.value = Ok(ValueForm::Label(Arc::clone(labels)));
        }
        self
    }
}

/// Whether the elements of a list are values: it holds them, or groups of one that is called as those of lists are.
fn is_flat(list: &Type) -> bool {
    let [repeated] = list.get_fields() else { return false };
    if repeated.is_primitive() {
        return true;
    }
    let is_usual = repeated.name() != "array" && repeated.name() != format!("{}_tuple", list.name());
    matches!(repeated.get_fields(), [element] if is_usual && element.is_primitive())
}
