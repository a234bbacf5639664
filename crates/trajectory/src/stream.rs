//! A stream of JSON text that is mended and measured on its way to the parser.
//!
//! In: a reader, and what may still be read and kept. Out: a reader of mended JSON (`Mend`) that fails once a limit is
//! passed. It never holds more than a piece of the text; what the parser makes of it is bounded by the limits.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::mend::Mend;

/// Bytes read from the source at once.
const PIECE: usize = 1 << 16;

/// Lists and objects nested deeper than this are an error, even where they are passed over.
const DEEPEST: u32 = 1000;

/// What the parsed form of a value takes beyond its text, at most, in bytes.
const VALUE: u64 = 32;

/// What the parsed form of an object takes beyond its text, at most, in bytes.
const OBJECT: u64 = 640;

/// What may still be read and kept, shared by the streams of one archive and by those who parse them.
pub(super) struct Meter {
    read: Cell<u64>,
    kept: Cell<u64>,
    skipping: Cell<bool>,
}

impl Meter {
    /// `read` bytes of text may be read, and values of about `kept` bytes may come of them.
    pub(super) fn new(read: u64, kept: u64) -> Rc<Self> {
        Rc::new(Self { read: Cell::new(read), kept: Cell::new(kept), skipping: Cell::new(false) })
    }

    /// Runs `parse`, whose values are thrown away.
    pub(super) fn skip<T>(&self, parse: impl FnOnce() -> T) -> T {
        let before = self.skipping.replace(true);
        let value = parse();
        self.skipping.set(before);
        value
    }

    /// Runs `parse`, whose values are looked at and let go, or counted by who keeps some of them.
    pub(super) fn lend<T>(&self, parse: impl FnOnce() -> T) -> T {
        let before = self.kept.get();
        let value = parse();
        self.kept.set(before);
        value
    }

    /// Takes so many bytes of memory, unless what is read is passed over.
    fn keep(&self, bytes: u64) -> io::Result<()> {
        if !self.skipping.get() {
            let left = self.kept.get().checked_sub(bytes).ok_or(Limit::Kept)?;
            self.kept.set(left);
        }
        Ok(())
    }

    fn read(&self, bytes: usize) -> io::Result<()> {
        let left = self.read.get().checked_sub(bytes as u64).ok_or(Limit::Read)?;
        self.read.set(left);
        Ok(())
    }
}

/// A limit that was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// More was to be decompressed than is read in all.
    Read,
    /// More was to be kept than is held.
    Kept,
    /// The JSON is nested too deep.
    Deep,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Read => "more is packed into the archive than is read from one",
            Self::Kept => "what is wanted of it would fill too much memory",
            Self::Deep => "its JSON is nested over 1,000 levels deep",
        })
    }
}

impl std::error::Error for Limit {}

impl From<Limit> for io::Error {
    fn from(limit: Limit) -> Self {
        Self::other(limit)
    }
}

/// Mended and measured text.
pub(super) struct LogStream<'a> {
    source: Box<dyn Read + 'a>,
    meter: Rc<Meter>,
    mend: Mend,
    piece: Box<[u8]>,
    ready: Vec<u8>,
    at: usize,
    /// Where in `ready` the plain text of a string ends that `at` is in.
    plain_until: usize,
    ended: bool,
    length: u64,
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl<'a> LogStream<'a> {
    pub(super) fn new(source: impl Read + 'a, meter: &Rc<Meter>) -> Self {
        Self {
            source: Box::new(source),
            meter: Rc::clone(meter),
            mend: Mend::default(),
            piece: vec![0; PIECE].into(),
            ready: Vec::with_capacity(PIECE),
            at: 0,
            plain_until: 0,
            ended: false,
            length: 0,
            depth: 0,
            in_text: false,
            escaped: false,
        }
    }

    /// How many bytes came from the source so far.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        (self.at, self.plain_until) = (0, 0);
        while self.ready.is_empty() && !self.ended {
            let length = match self.source.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            self.meter.read(length)?;
            self.length += length as u64;
            self.ended = length == 0;
            match self.ended {
                true => self.mend.finish(&mut self.ready),
                false => self.mend.feed(&self.piece[..length], &mut self.ready),
            }
        }
        Ok(())
    }

    /// The next byte, measured.
    fn next(&mut self) -> io::Result<Option<u8>> {
        loop {
            if self.at == self.ready.len() {
                self.fill()?;
            }
            match self.in_text && self.at >= self.plain_until {
                true if self.meter.skipping.get() => self.skip_text(),
                true if !self.escaped => self.keep_text()?,
                _ => {}
            }
            let Some(byte) = self.ready.get(self.at).copied() else {
                match self.ended {
                    true => return Ok(None),
                    false => continue,
                }
            };
            if self.at >= self.plain_until {
                self.measure(byte)?;
            }
            self.at += 1;
            return Ok(Some(byte));
        }
    }

    /// Measures the plain text of a string at once.
    fn keep_text(&mut self) -> io::Result<()> {
        let length = plain(&self.ready[self.at..]);
        self.plain_until = self.at + length;
        self.meter.keep(length as u64)
    }

    /// Goes to the end of a string: what is passed over need not be handed on.
    fn skip_text(&mut self) {
        while let Some(byte) = self.ready.get(self.at) {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => break,
                _ => {
                    self.at += plain(&self.ready[self.at..]);
                    continue;
                }
            }
            self.at += 1;
        }
        self.plain_until = self.at;
    }

    /// Measures a byte that may change where the text stands.
    fn measure(&mut self, byte: u8) -> io::Result<()> {
        self.meter.keep(match byte {
            b'{' if !self.in_text => OBJECT,
            b'[' | b',' if !self.in_text => VALUE,
            _ => 1,
        })?;
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_text => self.escaped = true,
            b'"' => self.in_text = !self.in_text,
            b'[' | b'{' if !self.in_text => self.depth += 1,
            b']' | b'}' if !self.in_text => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > DEEPEST { Err(Limit::Deep.into()) } else { Ok(()) }
    }
}

/// How many bytes at the start of a string's text are neither its end nor an escape.
fn plain(text: &[u8]) -> usize {
    text.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(text.len())
}

impl Read for LogStream<'_> {
    /// One byte at a time, as the parser asks for them, so that it can change between keeping and passing over.
    #[inline]
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(first) = out.first_mut() else { return Ok(0) };
        if self.at < self.plain_until {
            *first = self.ready[self.at];
            self.at += 1;
            return Ok(1);
        }
        Ok(match self.next()? {
            Some(byte) => {
                *first = byte;
                1
            }
            None => 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, meter: &Rc<Meter>) -> io::Result<String> {
        let mut out = String::new();
        LogStream::new(text.as_bytes(), meter).read_to_string(&mut out)?;
        Ok(out)
    }

    /// A source that gives no more than so many bytes at once.
    struct Pieces(&'static [u8], usize);

    impl Read for Pieces {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(out.len());
            self.0.read(&mut out[..length])
        }
    }

    fn limit(text: &str, meter: &Rc<Meter>) -> Option<Limit> {
        let error = read(text, meter).err()?;
        error.get_ref()?.downcast_ref::<Limit>().copied()
    }

    #[test]
    fn text_comes_out_mended() {
        assert_eq!(read("[NaN, \"\\ud800\"]", &Meter::new(99, 999)).unwrap(), "[null, \"\\ufffd\"]");
    }

    #[test]
    fn a_limit_is_an_error() {
        assert_eq!(limit("[1,2,3]", &Meter::new(6, 999)), Some(Limit::Read));
        assert_eq!(limit("[1,2,3]", &Meter::new(7, 99)), Some(Limit::Kept));
        assert_eq!(limit("[1,2,3]", &Meter::new(7, 100)), None);
        assert_eq!(limit("\"[,{[,{\\\"{{{\"", &Meter::new(99, 99)), None);
        assert_eq!(limit(&"[".repeat(1001), &Meter::new(9999, 99_999)), Some(Limit::Deep));
    }

    #[test]
    fn what_is_skipped_is_not_kept() {
        let meter = Meter::new(99, 2);
        assert_eq!(meter.skip(|| limit("[1,2,3]", &meter)), None);
        let text = r#"["a\"b\\", "", "\u0041\n", {"\ud83d": 1}]"#;
        for piece in [1, 2, 3, 99] {
            let meter = Meter::new(99, 0);
            let mut out = String::new();
            meter.skip(|| LogStream::new(Pieces(text.as_bytes(), piece), &meter).read_to_string(&mut out)).unwrap();
            assert_eq!(out, r#"["", "", "", {"": 1}]"#, "in pieces of {piece}");
        }
        assert_eq!(limit("[1,2,3]", &meter), Some(Limit::Kept));
    }
}
