//! Signs: where bytes of some kind stand in a text.
//!
//! In: which bytes of a text are meant, many at once. Out: the next of them from any place on, found without looking at
//! what lies between. It never knows what they are signs of.

/// A bit for each byte of a text.
pub struct Signs {
    /// With one block more than the text has, so that there are always two to look at.
    blocks: Vec<u64>,
}

impl Signs {
    /// None yet, in a text of so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { blocks: Vec::with_capacity(bytes / 64 + 2) }
    }

    /// Adds the next 64 bytes, each 1 or 0; the last ones may be fewer, with as many 0 as they lack.
    #[inline]
    pub fn add(&mut self, are_signs: &[u8; 64]) {
        self.blocks.push(bits(are_signs));
    }

    /// Ends the text.
    pub fn end(&mut self) {
        self.blocks.push(0);
    }

    /// Where the first sign is that stands at a place or behind it.
    #[inline]
    pub fn next(&self, at: usize) -> Option<usize> {
        let mut at = at;
        while let Some([block, next]) = self.blocks.get(at / 64..)?.first_chunk() {
            let ahead = block >> (at % 64) | next << 1 << (63 - at % 64);
            if ahead != 0 {
                return Some(at + ahead.trailing_zeros() as usize);
            }
            at += 64;
        }
        None
    }
}

/// What is made of each of 64 bytes, many at once. `<[u8; 64]>::map` is a call a byte where the compiler puts its parts
/// into units of their own.
#[inline]
pub fn each_byte(bytes: &[u8; 64], of: impl Fn(u8) -> u8) -> [u8; 64] {
    let mut made = [0; 64];
    for (made, byte) in made.iter_mut().zip(bytes) {
        *made = of(*byte);
    }
    made
}

/// The lowest bits of 64 bytes.
#[inline]
pub fn bits(bytes: &[u8; 64]) -> u64 {
    let eights = bytes.as_chunks::<8>().0.iter().enumerate();
    // Each factor moves the lowest bit of one byte into the highest byte.
    let bits = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.fold(0, |all, (at, eight)| all | bits(eight) << (8 * at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_sign_is_found_from_every_place(signs in proptest::collection::vec(prop::bool::weighted(0.02), 0..300)) {
            let mut found = Signs::with_room(signs.len());
            for block in signs.chunks(64) {
                let mut bytes = [0; 64];
                bytes.iter_mut().zip(block).for_each(|(byte, sign)| *byte = u8::from(*sign));
                found.add(&bytes);
            }
            found.end();
            for at in 0..signs.len() {
                let next = signs[at..].iter().position(|sign| *sign).map(|next| at + next);
                prop_assert_eq!(found.next(at), next, "from {}", at);
            }
        }
    }
}
