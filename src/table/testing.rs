//! Workbooks for tests: a sheet and what leads to it, and nothing else.
//!
//! In: rows of texts, or the inside of a sheet. Out: the bytes of an `.xlsx`.

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
