//! Digests: names for what something is made of.
//!
//! In: bytes, or the inputs of a function one after the other. Out: SHA-256, as `sha256sum` prints it.
//! Two lists of inputs never run together: each part goes in with its length.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;
use sha2::Sha256;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};

/// SHA-256 of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of all that a reader gives.
    pub fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut digest = Sha256::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            match from.read(&mut piece)? {
                0 => break,
                read => digest.update(&piece[..read]),
            }
        }
        Ok(Self(digest.finalize().into()))
    }

    /// Its 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its first eight bytes.
    pub fn number(&self) -> u64 {
        self.0.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        let fault = || D::Error::custom(format!("`{text}` is not a digest"));
        let (pairs, rest) = text.as_bytes().as_chunks();
        let pairs: &[[u8; 2]; 32] = pairs.try_into().ok().filter(|_| rest.is_empty()).ok_or_else(fault)?;
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low).ok_or_else(fault)?;
        }
        Ok(Self(bytes))
    }
}

/// In hexadecimal.
impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 64];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
        }
        out.write_str(std::str::from_utf8(&digits).expect("digits are ASCII"))
    }
}

/// The inputs of one function, to be digested.
pub struct Inputs(Sha256);

impl Inputs {
    /// Begins with the function's name, so that two functions never share a digest.
    pub fn of(function: &str) -> Self {
        Self(Sha256::new()).text(function)
    }

    /// Adds a text.
    pub fn text(self, text: &str) -> Self {
        let mut inputs = self.number(text.len() as u64);
        inputs.0.update(text.as_bytes());
        inputs
    }

    /// Adds a number.
    pub fn number(mut self, number: u64) -> Self {
        self.0.update(number.to_le_bytes());
        self
    }

    /// Adds what has a digest of its own.
    pub fn digest(mut self, digest: &Digest) -> Self {
        self.0.update(digest.0);
        self
    }

    /// Adds a list, with its length.
    pub fn list<T>(self, items: impl ExactSizeIterator<Item = T>, add: impl Fn(Self, T) -> Self) -> Self {
        let inputs = self.number(items.len() as u64);
        items.fold(inputs, add)
    }

    /// The digest of all that was added.
    pub fn end(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_sha256sum_prints() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), expected);
        let json = serde_json::to_string(&Digest::of(b"abc")).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), Digest::of(b"abc"));
        for wrong in ["", "abc", "zz", &expected[1..], &format!("{expected}0"), &expected.replace('f', "g")] {
            assert!(serde_json::from_str::<Digest>(&format!("\"{wrong}\"")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn inputs_never_run_together() {
        let two = |a: &str, b: &str| Inputs::of("f").text(a).text(b).end();
        assert_ne!(two("ab", "c"), two("a", "bc"));
        assert_ne!(Inputs::of("f").text("a").end(), Inputs::of("g").text("a").end());
        let list =
            |items: &[&str]| Inputs::of("f").list(items.iter(), |inputs, item| inputs.text(item)).text("x").end();
        assert_ne!(list(&["a"]), list(&["a", "x"]));
    }
}
