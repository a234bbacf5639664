//! Marks: the bytes of a delimited table at which cells and rows end.
//!
//! In: bytes and a delimiter. Out: the places of delimiters, line ends and quotes, one after the other. It does not know
//! what a quote means.

use memchr::memchr_iter;

/// Finds delimiters, line ends and quotes, eight bytes at a time: cells are short, so that a search for each costs more
/// than the search itself.
pub struct MarkScanner<'t> {
    bytes: &'t [u8],
    pub delimiter: u8,
    /// Where the eight bytes begin that are being looked at.
    base: usize,
    /// The highest bit of each of them that is a mark and was not returned.
    found: u64,
    /// Line ends inside the quotes of the last row.
    pub lines_inside: u64,
}

impl<'t> MarkScanner<'t> {
    pub fn of(bytes: &'t [u8], delimiter: u8) -> Self {
        let mut marks = Self { bytes, delimiter, base: 0, found: 0, lines_inside: 0 };
        marks.look();
        marks
    }

    #[inline]
    pub fn next(&mut self) -> Option<(usize, u8)> {
        while self.found == 0 {
            self.base += 8;
            if self.base >= self.bytes.len() {
                return None;
            }
            self.look();
        }
        let at = self.base + self.found.trailing_zeros() as usize / 8;
        self.found &= self.found - 1;
        self.lines_inside = 0;
        Some((at, self.bytes[at]))
    }

    /// Goes on behind the end of a row that was cut in another way.
    pub fn skip(&mut self, start: usize, end: usize) {
        self.lines_inside = memchr_iter(b'\n', &self.bytes[start..end]).count() as u64;
        self.base = end + 1;
        self.look();
    }

    #[inline]
    fn look(&mut self) {
        let rest = self.bytes.get(self.base..).unwrap_or_default();
        let word = match rest.first_chunk() {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        self.found = equal(word, self.delimiter) | equal(word, b'\n') | equal(word, b'"');
    }
}

/// The highest bit of each byte of `word` that equals `byte`.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differs = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
    // Adding carries into the highest bit unless the other seven are all 0; it never carries further.
    !(((differs & LOW) + LOW) | differs | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        let text = "a,bb\n\u{8c}\u{ac}ccc,,\"\n,0123456789,\n";
        for start in 0..text.len() {
            let bytes = &text.as_bytes()[start..];
            let mut marks = MarkScanner::of(bytes, b',');
            let found: Vec<usize> = std::iter::from_fn(|| marks.next()).map(|(at, _)| at).collect();
            let expected: Vec<usize> = (0..bytes.len()).filter(|at| b",\n\"".contains(&bytes[*at])).collect();
            assert_eq!(found, expected);
        }
    }
}
