//! Files for tests that are no text: workbooks of a sheet and what leads to it, and Parquet.
//!
//! In: rows of texts, or the inside of a sheet. Out: the bytes of an `.xlsx`, or of a Parquet file.

#[cfg(feature = "parquet")]
pub use columns::parquet;

use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

/// A workbook of one sheet with these rows, each cell a text of its own, and what stands behind them.
pub fn workbook(rows: &[&[&str]], behind: &str) -> Vec<u8> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text));
    let row = |row: &&[&str]| format!("<row>{}</row>", row.iter().map(cell).collect::<String>());
    let rows: String = rows.iter().map(row).collect();
    of_sheet(&format!("<sheetData>{rows}</sheetData>{behind}"))
}

/// A workbook of one sheet, which this is the inside of.
pub fn of_sheet(sheet: &str) -> Vec<u8> {
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const OF_DOCUMENTS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const OF_PACKAGES: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let leads_to = |kind: &str, part: &str| {
        let link = format!("<Relationship Id=\"r1\" Type=\"{OF_DOCUMENTS}/{kind}\" Target=\"{part}\"/>");
        format!("<Relationships xmlns=\"{OF_PACKAGES}\">{link}</Relationships>")
    };
    let sheets = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
    let parts = [
        ("_rels/.rels", leads_to("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", format!("<workbook {MAIN} xmlns:r=\"{OF_DOCUMENTS}\">{sheets}</workbook>")),
        ("xl/_rels/workbook.xml.rels", leads_to("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet {MAIN}>{sheet}</worksheet>")),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).expect("made for the test");
        archive.write_all(text.as_bytes()).expect("made for the test");
    }
    archive.finish().expect("made for the test").into_inner()
}

#[cfg(feature = "parquet")]
mod columns {
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    /// Rows of a row group.
    const GROUP: usize = 3;

    /// A Parquet file of a table whose first row is its head, in row groups of three: columns of numbers as such, of
    /// times in UTC as instants, and others as text; an empty cell is null.
    pub fn parquet(table: &[Vec<String>]) -> Vec<u8> {
        let (head, rows) = table.split_first().expect("made for the test");
        let all = |place: usize, is_so: &dyn Fn(&str) -> bool| {
            rows.iter().map(|row| &*row[place]).filter(|cell| !cell.is_empty()).all(is_so)
        };
        let kind = |place| match place {
            _ if all(place, &|cell| cell.parse::<jiff::Timestamp>().is_ok()) => Kind::Moment,
            _ if all(place, &is_number) => Kind::Number,
            _ => Kind::Text,
        };
        let kinds: Vec<Kind> = (0..head.len()).map(kind).collect();
        let fields = head.iter().zip(&kinds).map(|(name, kind)| format!("OPTIONAL {};\n", kind.field(name)));
        let schema = format!("message ratings {{ {} }}", fields.collect::<String>());
        let schema = Arc::new(parse_message_type(&schema).expect("made for the test"));
        let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::default()))
            .expect("made for the test");
        for rows in rows.chunks(GROUP) {
            let mut group = file.next_row_group().expect("made for the test");
            for (place, kind) in kinds.iter().enumerate() {
                let cells: Vec<&str> = rows.iter().map(|row| &*row[place]).collect();
                let levels: Vec<i16> = cells.iter().map(|cell| i16::from(!cell.is_empty())).collect();
                let filled = cells.iter().filter(|cell| !cell.is_empty());
                let mut column = group.next_column().expect("made for the test").expect("as many as the schema has");
                let written = match kind {
                    Kind::Text => {
                        let values: Vec<ByteArray> = filled.map(|cell| ByteArray::from(*cell)).collect();
                        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)
                    }
                    Kind::Number => {
                        let values: Vec<f64> = filled.map(|cell| cell.parse().expect("a number")).collect();
                        column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)
                    }
                    Kind::Moment => {
                        let instant = |cell: &&str| cell.parse::<jiff::Timestamp>().expect("a time").as_microsecond();
                        let values: Vec<i64> = filled.map(instant).collect();
                        column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)
                    }
                };
                written.expect("made for the test");
                column.close().expect("made for the test");
            }
            group.close().expect("made for the test");
        }
        file.into_inner().expect("made for the test")
    }

    /// Whether a number is written as it would be written back.
    fn is_number(cell: &str) -> bool {
        cell.parse::<f64>().is_ok_and(|number| number.to_string() == cell) && cell.bytes().all(|byte| byte < b':')
    }

    #[derive(Clone, Copy)]
    enum Kind {
        Text,
        Number,
        Moment,
    }

    impl Kind {
        fn field(self, name: &str) -> String {
            match self {
                Self::Text => format!("BYTE_ARRAY {name} (STRING)"),
                Self::Number => format!("DOUBLE {name}"),
                Self::Moment => format!("INT64 {name} (TIMESTAMP(MICROS, true))"),
            }
        }
    }
}
