//! Cells: the text of one cell of a row.
//!
//! In: a slice of the source, or text where the source writes it in another way. Out: the text. It never owns what
//! it can borrow.

use std::ops::Deref;

/// What parts the values of a list in one cell.
pub const PARTING: char = '|';

/// The text of one cell.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// As it stands in the source.
    Slice(&'a str),
    /// Where it is written in another way, such as with doubled quotes.
    Own(String),
}

impl Deref for Cell<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        match self {
            Self::Slice(text) => text,
            Self::Own(text) => text,
        }
    }
}
