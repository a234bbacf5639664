//! JSON as Python writes it → JSON as the standard has it.
//!
//! In: bytes of JSON text, in pieces of any size. Out: the same bytes; outside of strings `NaN`, `Infinity`,
//! `-Infinity` and numbers beyond a float's range become `null`, inside of strings the escape of half a surrogate pair
//! becomes `\ufffd`. It never holds more than one number or escape back, and never changes anything else.

/// A number or word longer than this, in bytes, becomes `null`.
const LONGEST_WORD: usize = 4096;

/// The escape that half a surrogate pair becomes.
const REPLACEMENT: &[u8] = b"\\ufffd";

/// Mends text piece by piece.
#[derive(Default)]
pub(super) struct Mend {
    state: MendState,
    /// What is held back: a word or an escape that is not whole yet.
    held: Vec<u8>,
    changed: bool,
}

#[derive(Default, Clone, Copy)]
enum MendState {
    #[default]
    Outside,
    /// In a number, or in `NaN` or `Infinity`.
    Word,
    /// In a word that is longer than any number.
    LongWord,
    Text,
    /// In an escape; with six bytes held, after the first half of a surrogate pair.
    Escape,
}

impl Mend {
    /// Whether anything was replaced so far.
    pub(super) fn changed(&self) -> bool {
        self.changed
    }

    /// Appends what `piece` becomes to `out`, but for what must wait for the next piece.
    pub(super) fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let mut rest = piece;
        while let [byte, after @ ..] = rest {
            let plain = match self.state {
                MendState::Outside => rest.iter().position(|byte| begins(*byte)),
                MendState::Text => rest.iter().position(|byte| matches!(byte, b'"' | b'\\')),
                _ => Some(0),
            };
            match plain {
                Some(0) => {
                    self.step(*byte, out);
                    rest = after;
                }
                other => {
                    let (kept, left) = rest.split_at(other.unwrap_or(rest.len()));
                    out.extend_from_slice(kept);
                    rest = left;
                }
            }
        }
    }

    /// Appends what was held back when the text ended.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        match self.state {
            MendState::Word | MendState::LongWord => self.end_word(out),
            MendState::Escape => {
                self.end_escape(out);
                out.append(&mut self.held);
            }
            MendState::Outside | MendState::Text => {}
        }
    }

    fn step(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.state {
            MendState::Outside if byte == b'"' => self.pass(byte, MendState::Text, out),
            MendState::Outside => self.hold(byte, MendState::Word),
            MendState::Text if byte == b'"' => self.pass(byte, MendState::Outside, out),
            MendState::Text => self.hold(byte, MendState::Escape),
            MendState::Word if !continues(byte) => self.end_word_before(byte, out),
            MendState::Word if self.held.len() == LONGEST_WORD => self.state = MendState::LongWord,
            MendState::Word => self.held.push(byte),
            MendState::LongWord if continues(byte) => {}
            MendState::LongWord => self.end_word_before(byte, out),
            MendState::Escape => self.escape(byte, out),
        }
    }

    fn pass(&mut self, byte: u8, next: MendState, out: &mut Vec<u8>) {
        out.push(byte);
        self.state = next;
    }

    fn hold(&mut self, byte: u8, next: MendState) {
        self.held.push(byte);
        self.state = next;
    }

    fn replace(&mut self, by: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(by);
        self.held.clear();
        self.changed = true;
    }

    fn end_word_before(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.end_word(out);
        match begins(byte) {
            true => self.step(byte, out),
            false => out.push(byte),
        }
    }

    fn end_word(&mut self, out: &mut Vec<u8>) {
        match matches!(self.state, MendState::LongWord) || !is_finite(&self.held) {
            true => self.replace(b"null", out),
            false => out.append(&mut self.held),
        }
        self.state = MendState::Outside;
    }

    /// One more byte of an escape, or of what may be its other half.
    fn escape(&mut self, byte: u8, out: &mut Vec<u8>) {
        let expected = match self.held.len() {
            1 => byte == b'u',
            6 => byte == b'\\',
            7 => byte == b'u',
            _ => byte.is_ascii_hexdigit(),
        };
        match (expected, self.held.len()) {
            (true, 5 | 11) => {
                self.held.push(byte);
                self.end_unit(out);
            }
            (true, _) => self.held.push(byte),
            (false, 1) => {
                out.extend([b'\\', byte]);
                self.held.clear();
                self.state = MendState::Text;
            }
            (false, _) => {
                self.end_escape(out);
                self.step_in_text(byte, out);
            }
        }
    }

    fn step_in_text(&mut self, byte: u8, out: &mut Vec<u8>) {
        match (self.state, byte) {
            (MendState::Text, b'"' | b'\\') | (MendState::Escape, _) => self.step(byte, out),
            _ => out.push(byte),
        }
    }

    /// Four digits are whole: the escape is let go, unless it is the first half of a pair.
    fn end_unit(&mut self, out: &mut Vec<u8>) {
        match (unit(&self.held[..6]), self.held.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), None) => return,
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => out.append(&mut self.held),
            (Some(0xD800..=0xDBFF), Some(_)) => {
                let second = self.held.split_off(6);
                self.replace(REPLACEMENT, out);
                self.held = second;
                return self.end_unit(out);
            }
            (Some(0xDC00..=0xDFFF), _) => self.replace(REPLACEMENT, out),
            _ => out.append(&mut self.held),
        }
        self.state = MendState::Text;
    }

    /// An escape that is not followed by what it needs. What comes after a first half may begin an escape anew.
    fn end_escape(&mut self, out: &mut Vec<u8>) {
        let second = self.held.split_off(self.held.len().min(6));
        match unit(&self.held) {
            Some(_) => self.replace(REPLACEMENT, out),
            None => out.append(&mut self.held),
        }
        self.state = if second == b"\\" { MendState::Escape } else { MendState::Text };
        match self.state {
            MendState::Escape => self.held = second,
            _ => out.extend(second),
        }
    }
}

/// Whether something that may be replaced, or a string, begins outside of strings.
fn begins(byte: u8) -> bool {
    matches!(byte, b'"' | b'N' | b'I' | b'-' | b'0'..=b'9')
}

fn continues(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// Whether a word is no number that JSON or a float can't hold.
fn is_finite(word: &[u8]) -> bool {
    if matches!(word, b"NaN" | b"Infinity" | b"-Infinity") {
        return false;
    }
    let may_be_huge = word.len() > 300 || word.iter().any(|byte| matches!(byte, b'e' | b'E'));
    let number = std::str::from_utf8(word).ok().filter(|_| may_be_huge && word[0] != b'I' && word[0] != b'N');
    !number.and_then(|word| word.parse::<f64>().ok()).is_some_and(f64::is_infinite)
}

/// The UTF-16 unit that a whole `\uXXXX` escape stands for.
fn unit(escape: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    let sound = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &[u8], piece: usize) -> Vec<u8> {
        let mut mend = Mend::default();
        let mut out = Vec::new();
        text.chunks(piece).for_each(|piece| mend.feed(piece, &mut out));
        mend.finish(&mut out);
        assert_eq!(mend.changed(), out != text, "{}", String::from_utf8_lossy(text));
        out
    }

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        for piece in [1, 2, 3, 5, 7, 1000] {
            assert_eq!(String::from_utf8_lossy(&mended(text.as_bytes(), piece)), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn words_that_python_alone_writes_become_null() {
        becomes(r#"[NaN,-Infinity, Infinity,1.5]"#, "[null,null, null,1.5]");
        becomes(r#"{"NaN":NaN}"#, r#"{"NaN":null}"#);
        becomes("NaN", "null");
    }

    #[test]
    fn numbers_beyond_a_float_become_null_and_others_stay() {
        becomes("[1e999,-1E999,1e-999,12e3,0.10]", "[null,null,1e-999,12e3,0.10]");
        becomes(&format!("[{},1]", "9".repeat(400)), "[null,1]");
        becomes(&format!("[{}]", "9".repeat(300)), &format!("[{}]", "9".repeat(300)));
        becomes(&format!("[0.{}]", "0".repeat(9000)), "[null]");
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        becomes(r#""\ud83d\ude00""#, r#""\ud83d\ude00""#);
        becomes(r#""a\ud83db\ude00""#, r#""a\ufffdb\ufffd""#);
        becomes(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#);
        becomes(r#""\ud83d\n\ud83d\"\ud83d""#, r#""\ufffd\n\ufffd\"\ufffd""#);
        becomes(r#""\ud83d\u0041\\ud83d""#, r#""\ufffd\u0041\\ud83d""#);
    }

    #[test]
    fn what_is_broken_stays_broken() {
        for text in [r#""\u12"#, r#""\ux""#, r#""\u12"N"#, "tru", "1a2", r#""\"#, "[1,", r#""\u00é""#] {
            becomes(text, text);
        }
        becomes(r#""\ud83d\"#, r#""\ufffd\"#);
        becomes(r#""\ud83d\u12"#, r#""\ufffd\u12"#);
    }
}
