//! Tests of Parquet: what each type is as text, and what becomes of files that are damaged, or larger than may be.

use crate::testing::parquet as of_texts;
use crate::{Meant, Purpose, Sizes, Stream, TableSource};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

/// The rows of a file, each with its number, or why they can't be read.
fn read(bytes: &[u8], sizes: Sizes, is_read: impl Fn(&str) -> bool) -> Result<Vec<String>, String> {
    let stream = Stream::open(TableSource::new("a.parquet", bytes), sizes).map_err(|fault| fault.to_string())?;
    let read: Vec<bool> = stream.head().iter().map(|name| is_read(name)).collect();
    let lists: Vec<bool> = stream.head().iter().map(|name| name == "values").collect();
    let mut found = Vec::new();
    let purpose = Purpose { read: &read, lists: &lists, means: &|_| Meant::Nothing };
    let rows_of = |rows: &mut crate::Rows<'_>| {
        let mut found = Vec::new();
        rows.read(|row, cells, _| {
            let cells: Vec<&str> = cells.iter().map(|cell| &**cell).collect();
            found.push(format!("{row} {}", cells.join(",")));
        });
        found.extend(rows.take_faults().iter().map(ToString::to_string));
        found
    };
    let met = stream.each_block(&purpose, rows_of, |rows| found.extend(rows));
    met.faults.end.map_or(Ok(found), |fault| Err(fault.to_string()))
}

/// A file of one column of this type; an empty place is null. `lists` are the levels of repetition of a list.
fn column<T: DataType>(field: &str, values: &[T::T], levels: &[i16], lists: Option<&[i16]>) -> Vec<u8> {
    described::<T>(field, values, levels, lists, None)
}

/// The same with what `datasets` says of it.
fn described<T: DataType>(
    field: &str,
    values: &[T::T],
    levels: &[i16],
    lists: Option<&[i16]>,
    about: Option<&str>,
) -> Vec<u8> {
    let about = about.map(|about| vec![KeyValue::new("huggingface".to_owned(), about.to_owned())]);
    let end = if field.ends_with('}') { "" } else { ";" };
    let schema = parse_message_type(&format!("message rows {{ {field}{end} }}")).unwrap();
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(zstd).set_key_value_metadata(about).build();
    let mut file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut written = group.next_column().unwrap().unwrap();
    written.typed::<T>().write_batch(values, Some(levels), lists).unwrap();
    written.close().unwrap();
    group.close().unwrap();
    file.into_inner().unwrap()
}

fn cells<T: DataType>(field: &str, values: &[T::T]) -> Vec<String> {
    let levels = vec![1; values.len()];
    let rows = read(&column::<T>(field, values, &levels, None), Sizes::default(), |_| true).unwrap();
    rows.iter().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn a_label_is_its_name_and_not_its_place() {
    let label = r#"{"names": ["no", " partly ", "yes"], "_type": "ClassLabel"}"#;
    let about = |feature: &str| format!(r#"{{"info": {{"features": {{"a": {feature}}}}}}}"#);
    let rows = |file: Vec<u8>| read(&file, Sizes::default(), |_| true).unwrap();
    let values = [0, 2, 1, -1, 3];
    let file = described::<Int64Type>("OPTIONAL INT64 a", &values, &[1; 5], None, Some(&about(label)));
    assert_eq!(
        rows(file),
        ["1 no", "2 yes", "3 partly", "4 ", "5: `a` holds the place of a label that the file does not name"]
    );
    // What says something else, or nothing that can be read, leaves numbers as they are.
    for other in [
        about(r#"{"dtype": "int64", "_type": "Value"}"#),
        "{".to_owned(),
        about(r#"{"names": [1], "_type": "ClassLabel"}"#),
    ] {
        let file = described::<Int64Type>("OPTIONAL INT64 a", &[2], &[1], None, Some(&other));
        assert_eq!(rows(file), ["1 2"]);
    }
    let list = "OPTIONAL group values (LIST) { repeated group list { optional int64 element; } }";
    let about = about(&format!(r#"{{"feature": {label}, "_type": "List"}}"#)).replace("\"a\"", "\"values\"");
    let file = described::<Int64Type>(list, &[0, 2], &[3, 3], Some(&[0, 1]), Some(&about));
    assert_eq!(rows(file), ["1 no|yes"]);
}

#[test]
fn each_type_is_text_by_its_meaning() {
    assert_eq!(cells::<BoolType>("OPTIONAL BOOLEAN a", &[true, false]), ["true", "false"]);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a", &[-3, 4]), ["-3", "4"]);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a (INTEGER(8, false))", &[200]), ["200"]);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a (INTEGER(32, false))", &[-1]), ["4294967295"]);
    assert_eq!(cells::<Int64Type>("OPTIONAL INT64 a (INTEGER(64, false))", &[-1]), ["18446744073709551615"]);
    assert_eq!(cells::<Int64Type>("OPTIONAL INT64 a", &[9_007_199_254_740_993]), ["9007199254740993"]);
    assert_eq!(cells::<DoubleType>("OPTIONAL DOUBLE a", &[3.0, -0.0, 2.5, f64::NAN]), ["3", "0", "2.5", ""]);
    assert_eq!(cells::<FloatType>("OPTIONAL FLOAT a", &[0.1, 7.0, f32::NAN]), ["0.1", "7", ""]);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a (DECIMAL(3, 1))", &[30, -5, 125]), ["3", "-0.5", "12.5"]);
    let bytes = |bytes: &[u8]| ByteArray::from(bytes.to_vec());
    let decimals = [bytes(&[0xff, 0x38]), bytes(&[0x01, 0x2c]), bytes(&[])];
    assert_eq!(cells::<ByteArrayType>("OPTIONAL BYTE_ARRAY a (DECIMAL(4, 2))", &decimals), ["-2", "3", "0"]);
    let fixed = |bytes: &[u8]| FixedLenByteArray::from(bytes.to_vec());
    let id = fixed(&(0..16).collect::<Vec<u8>>());
    let uuid = "OPTIONAL FIXED_LEN_BYTE_ARRAY (16) a (UUID)";
    assert_eq!(cells::<FixedLenByteArrayType>(uuid, &[id]), ["00010203-0405-0607-0809-0a0b0c0d0e0f"]);
    let wide = "OPTIONAL FIXED_LEN_BYTE_ARRAY (17) a (DECIMAL(38, 0))";
    let huge = [fixed(&[&[0xff; 16][..], &[0xfe]].concat()), fixed(&[&[0x7f][..], &[0; 16]].concat())];
    assert_eq!(
        cells::<FixedLenByteArrayType>(wide, &huge),
        ["-2", "`a` holds a number with more digits than are read"]
    );
    assert_eq!(cells::<ByteArrayType>("OPTIONAL BYTE_ARRAY a (STRING)", &[bytes(b" no ")]), ["no"]);
    assert_eq!(cells::<ByteArrayType>("OPTIONAL BYTE_ARRAY a", &[bytes(b"old")]), ["old"]);
}

#[test]
fn an_instant_has_a_zone_and_whoevers_clock_has_none() {
    let seconds = 1_793_610_000;
    let instant = "OPTIONAL INT64 a (TIMESTAMP(MICROS, true))";
    assert_eq!(cells::<Int64Type>(instant, &[seconds * 1_000_000]), ["2026-11-02T09:00:00Z"]);
    let local = "OPTIONAL INT64 a (TIMESTAMP(MILLIS, false))";
    assert_eq!(cells::<Int64Type>(local, &[seconds * 1_000 + 5]), ["2026-11-02T09:00:00.005"]);
    let fine = "OPTIONAL INT64 a (TIMESTAMP(NANOS, true))";
    assert_eq!(cells::<Int64Type>(fine, &[-1]), ["1969-12-31T23:59:59.999999999Z"]);
    assert_eq!(cells::<Int64Type>("OPTIONAL INT64 a (TIMESTAMP_MILLIS)", &[0]), ["1970-01-01T00:00:00Z"]);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a (DATE)", &[20_759, -1]), ["2026-11-02", "1969-12-31"]);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a (TIME(MILLIS, true))", &[61_500]), ["00:01:01.5"]);
    let mut old = Int96::new();
    old.set_data(0, 0, 2_440_589);
    assert_eq!(cells::<Int96Type>("OPTIONAL INT96 a", &[old]), ["1970-01-02T00:00:00"]);
    let never = ["`a` holds a time that no calendar has"];
    assert_eq!(cells::<Int64Type>(instant, &[i64::MAX]), never);
    assert_eq!(cells::<Int64Type>(local, &[i64::MIN]), never);
    assert_eq!(cells::<Int32Type>("OPTIONAL INT32 a (DATE)", &[i32::MAX]), never);
}

#[test]
fn a_cell_that_cannot_be_text_costs_its_row() {
    let bytes = |bytes: &[u8]| ByteArray::from(bytes.to_vec());
    let texts = cells::<ByteArrayType>("OPTIONAL BYTE_ARRAY a (STRING)", &[bytes(b"\xff"), bytes(b"a\0")]);
    assert_eq!(texts, ["`a` holds bytes that are not UTF-8", "`a` holds a NUL byte"]);
    let number = cells::<DoubleType>("OPTIONAL DOUBLE a", &[1e16]);
    assert!(number[0].starts_with("`a` is a number too large to be read exactly"), "{number:?}");
}

/// `["x", "y"]`, `[]`, nothing, `[nothing, "z"]`.
fn lists(name: &str, last: &str) -> Vec<u8> {
    let texts = ["x", "y", last].map(ByteArray::from);
    let field =
        format!("OPTIONAL group {name} (LIST) {{ REPEATED group list {{ OPTIONAL BYTE_ARRAY element (STRING); }} }}");
    column::<ByteArrayType>(&field, &texts, &[3, 3, 1, 0, 2, 3], Some(&[0, 1, 0, 0, 0, 1]))
}

#[test]
fn a_list_is_the_values_of_a_set_and_elsewhere_a_fault() {
    let all = |bytes: &[u8]| read(bytes, Sizes::default(), |_| true).unwrap();
    assert_eq!(all(&lists("values", "z")), ["1 x|y", "2 ", "3 ", "4 z"]);
    let wrong = "1: `item` holds a list, not one value";
    assert_eq!(all(&lists("item", "z")), ["2 ", "3 ", wrong, "4: `item` holds a list, not one value"]);
    let parting = "4: `values` holds a list of which a value has `|`, which parts values";
    assert_eq!(all(&lists("values", "z|z")), ["1 x|y", "2 ", "3 ", parting]);
    let short = Sizes { row: 2, ..Sizes::default() };
    assert_eq!(read(&lists("values", "z"), short, |_| true).unwrap()[3], "1: `values` holds a list that is too long");
}

#[test]
fn structures_and_bytes_are_columns_that_are_not_read() {
    let group = "OPTIONAL group a { OPTIONAL INT32 b; }";
    let file = column::<Int32Type>(group, &[1], &[2], None);
    let told = read(&file, Sizes::default(), |_| true).unwrap_err();
    assert!(told.starts_with("the column `a` holds structures, not one value"), "{told}");
    assert_eq!(read(&file, Sizes::default(), |_| false).unwrap(), ["1 "]);
    let bytes = [FixedLenByteArray::from(vec![1, 2])];
    let file = column::<FixedLenByteArrayType>("OPTIONAL FIXED_LEN_BYTE_ARRAY (2) a", &bytes, &[1], None);
    let told = read(&file, Sizes::default(), |_| true).unwrap_err();
    assert!(told.starts_with("the column `a` holds bytes, which is not read"), "{told}");
}

/// A table of some row groups.
fn table() -> Vec<u8> {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let rows = (1..20).map(|at| row([&format!("run-{at}"), &at.to_string(), "2026-11-02T09:00:00Z"]));
    of_texts(&std::iter::once(row(["item", "value", "submitted_at"])).chain(rows).collect::<Vec<_>>())
}

#[test]
fn a_file_that_is_cut_off_is_an_error_wherever_that_is() {
    let whole = table();
    assert_eq!(read(&whole, Sizes::default(), |_| true).unwrap()[18], "19 run-19,19,2026-11-02T09:00:00Z");
    for length in 4..whole.len() {
        let told = read(&whole[..length], Sizes::default(), |_| true).unwrap_err();
        assert!(told.contains("does not end as one does"), "{length}: {told}");
    }
    let encrypted = [&whole[..whole.len() - 1], b"E"].concat();
    assert!(read(&encrypted, Sizes::default(), |_| true).unwrap_err().starts_with("this Parquet file is encrypted"));
}

#[test]
fn a_file_with_changed_bytes_is_read_or_refused_and_never_ends_the_program() {
    let whole = table();
    let mut refused = 0;
    for place in 4..whole.len() - 8 {
        for value in [0x00, 0xff, whole[place] ^ 0x01, whole[place] ^ 0x80] {
            let mut changed = whole.clone();
            changed[place] = value;
            refused += usize::from(read(&changed, Sizes::default(), |_| true).is_err());
        }
    }
    assert!(refused > whole.len(), "{refused}");
}

#[test]
fn more_than_may_be_unpacked_ends_the_file() {
    let texts = vec![ByteArray::from("x".repeat(10_000).as_str()); 5_000];
    let file = column::<ByteArrayType>("OPTIONAL BYTE_ARRAY a (STRING)", &texts, &vec![1; texts.len()], None);
    assert!(file.len() < 100_000, "{}", file.len());
    let small = Sizes { unpacked: 10 << 20, ..Sizes::default() };
    let told = read(&file, small, |_| true).unwrap_err();
    assert!(told.contains("it expands to more than 10 MiB"), "{told}");
    assert_eq!(read(&file, small, |_| false).unwrap().len(), 5_000);
}
