//! Start: the first bytes of a stream, looked at and put back.
//!
//! In: a reader. Out: its first bytes, and a reader of all of them. It reads no further than it was asked.

use std::io::{self, Cursor, Read};

/// Bytes of a table, from wherever they come.
pub type Bytes<'a> = Box<dyn Read + Send + 'a>;

/// The first `count` bytes, or all there are, and the whole stream.
pub fn looked_at<'a>(mut bytes: Bytes<'a>, count: usize) -> io::Result<(Vec<u8>, Bytes<'a>)> {
    let mut start = Vec::with_capacity(count);
    bytes.by_ref().take(count as u64).read_to_end(&mut start)?;
    let whole = Box::new(Cursor::new(start.clone()).chain(bytes));
    Ok((start, whole))
}
