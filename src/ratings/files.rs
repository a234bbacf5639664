//! Files of ratings: their form, as their names tell it.
//!
//! In: a path in the site. Out: the form, and how it is packed. It opens no file.

use crate::table::packing::Packing;

/// The forms of ratings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table with this byte between its cells.
    Table(u8),
    /// A JSON object a line.
    Lines,
}

/// The form and packing that a name tells; none if ratings of such a file are not read.
pub fn form(path: &str) -> Option<(Form, Packing)> {
    let (name, packing) = Packing::of(path);
    let form = match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "csv" => Form::Table(b','),
        "tsv" => Form::Table(b'\t'),
        "jsonl" | "ndjson" => Form::Lines,
        _ => return None,
    };
    Some((form, packing))
}

/// What is said of a file of another form.
pub const FORMS: &str = "ratings are read from .csv, .tsv and .jsonl, plain or as .gz or .zst";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_form() {
        assert_eq!(form("content/ratings/a.b.CSV"), Some((Form::Table(b','), Packing::Plain)));
        assert_eq!(form("a.tsv.gz"), Some((Form::Table(b'\t'), Packing::Gzip)));
        assert_eq!(form("a.jsonl.zst"), Some((Form::Lines, Packing::Zstandard)));
        assert_eq!(form("a.json"), None);
        assert_eq!(form("README"), None);
        assert_eq!(form("a.gz"), None);
    }
}
