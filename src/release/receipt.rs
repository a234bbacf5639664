//! Receipts: which text a labelling tool showed, in a few letters behind the version that a rating carries.
//!
//! In: a version and the digest of an audience's text of it, or what was typed. Out: the one, or the other. A receipt
//! shows which text the tool had, not that anybody read it, and it is no secret.

use crate::diagnostic::Fault;
use crate::digest::Digest;
use semver::Version;
use std::fmt;

/// `1.1.0+` and 17 letters: 16 of the text's digest in base 32, and one that checks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The version, as it was typed.
    pub version: String,
    letters: String,
}

/// The letters of base 32 (RFC 4648), which stand for 0 to 31.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// How many letters are of the digest: ten bytes of it.
const LENGTH: usize = 16;

impl Receipt {
    /// The receipt of a text.
    pub fn of(version: &Version, text: &Digest) -> Self {
        let (bits, _) = text.bytes().split_at(LENGTH * 5 / 8);
        let number = bits.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        let values = (0..LENGTH).rev().map(|place| (number >> (5 * place)) as u8 & 31);
        let mut values: Vec<u8> = values.collect();
        values.push(check(&values));
        let letters = values.iter().map(|value| char::from(LETTERS[usize::from(*value)]));
        Self { version: version.to_string(), letters: letters.collect() }
    }

    /// Reads a receipt; letters may be capital.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |why: &str| Fault::whole(format!("`{text}` is no receipt: {why}"));
        let form = "it is a version, `+` and 17 letters, such as `1.1.0+…`";
        let (version, letters) = text.split_once('+').ok_or_else(|| wrong(form))?;
        let letters = letters.to_ascii_lowercase();
        let value = |letter: u8| LETTERS.iter().position(|known| *known == letter).map(|value| value as u8);
        let values: Option<Vec<u8>> = letters.bytes().map(value).collect();
        let values = values.filter(|values| values.len() == LENGTH + 1).ok_or_else(|| wrong(form))?;
        let (of_digest, last) = values.split_at(LENGTH);
        if last != [check(of_digest)] {
            return Err(wrong("its last letter does not fit the others, so it was mistyped"));
        }
        Ok(Self { version: version.to_owned(), letters })
    }

    /// Whether it is of this text.
    pub fn is_of(&self, text: &Digest) -> bool {
        Self::of(&Version::new(0, 0, 0), text).letters == self.letters
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}+{}", self.version, self.letters)
    }
}

/// The letter that checks others, in the field of 32 elements: another letter, and two that changed places, give
/// another one.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| {
        let doubled = (sum ^ value) << 1;
        if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_receipt_is_read_back_and_every_slip_is_found(text in ".{0,20}", at in 0..17_usize, other in 0..32_usize) {
            let digest = Digest::of(text.as_bytes());
            let receipt = Receipt::of(&Version::new(1, 1, 0), &digest);
            let typed = receipt.to_string();
            prop_assert_eq!(&Receipt::parse(&typed.to_uppercase()).unwrap(), &receipt);
            prop_assert!(receipt.is_of(&digest) && !receipt.is_of(&Digest::of(b"another text")));
            let place = "1.1.0+".len() + at;
            let mut slip = typed.clone().into_bytes();
            slip[place] = LETTERS[other];
            let slip = String::from_utf8(slip).unwrap();
            prop_assert_eq!(Receipt::parse(&slip).is_ok(), slip == typed);
            if at + 1 < 17 {
                let mut swapped = typed.clone().into_bytes();
                swapped.swap(place, place + 1);
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert_eq!(Receipt::parse(&swapped).is_ok(), swapped == typed);
            }
        }
    }

    #[test]
    fn its_letters_are_the_beginning_of_the_digest_in_base_32() {
        // `printf abc | sha256sum | xxd -r -p | base32` begins with XJ4BNP4PAHH6UQKB.
        let receipt = Receipt::of(&Version::new(2, 0, 0), &Digest::of(b"abc")).to_string();
        assert_eq!(&receipt[..22], "2.0.0+xj4bnp4pahh6uqkb");
    }
}
