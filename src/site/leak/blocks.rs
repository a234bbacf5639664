//! Blocks: where letters of one text stand in another.
//!
//! In: blocks of a fixed number of letters, each with a name. Out: for a place of another text, the blocks that may
//! stand there. Whoever asks looks once in every few letters, so that nothing is read twice, and compares what he gets:
//! that a block may stand somewhere is a guess by its hash, that one is missing is certain.

/// Blocks of `WIDTH` letters, of which there are eight, or a multiple of it.
pub struct LetterBlocks<const WIDTH: usize> {
    /// Whether a hash that begins so may be there: small enough to stay near the processor.
    filter: Vec<u64>,
    /// The filter's bits are as many as a number of so many bits counts.
    bits: u32,
    /// The blocks by hash.
    by_hash: Vec<(u64, LetterBlock)>,
}

/// Where a block is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterBlock {
    /// The text, by its number.
    pub text: u32,
    /// The letter of that text at which the block begins.
    pub at: u32,
}

impl<const WIDTH: usize> LetterBlocks<WIDTH> {
    /// Takes blocks with their letters.
    pub fn new<'a>(blocks: impl Iterator<Item = (&'a [u8], LetterBlock)>) -> Self {
        let mut by_hash: Vec<(u64, LetterBlock)> =
            blocks.map(|(letters, block)| (hash::<WIDTH>(letters), block)).collect();
        by_hash.sort_unstable();
        let bits = (by_hash.len() * 16).next_power_of_two().trailing_zeros().clamp(12, 26);
        let mut filter = vec![0; 1 << (bits - 6)];
        for (hash, _) in &by_hash {
            let (word, pair) = place(*hash, bits);
            filter[word] |= pair;
        }
        Self { filter, bits, by_hash }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_hash.is_empty()
    }

    /// The blocks that may stand at the start of `letters`, which are `WIDTH` at least.
    #[inline]
    pub fn at(&self, letters: &[u8]) -> impl Iterator<Item = LetterBlock> {
        let hash = hash::<WIDTH>(letters);
        let (word, pair) = place(hash, self.bits);
        let found = if self.filter[word] & pair == pair { self.with_hash(hash) } else { &[][..] };
        found.iter().map(|(_, block)| *block)
    }

    #[cold]
    fn with_hash(&self, hash: u64) -> &[(u64, LetterBlock)] {
        let from = self.by_hash.partition_point(|(other, _)| *other < hash);
        let found = &self.by_hash[from..];
        &found[..found.partition_point(|(other, _)| *other == hash)]
    }
}

/// The word of the filter where a hash is noted, and the two bits of it.
#[inline]
fn place(hash: u64, bits: u32) -> (usize, u64) {
    ((hash >> (70 - bits)) as usize, 1 << (hash >> 32 & 63) | 1 << (hash >> 26 & 63))
}

#[inline]
fn hash<const WIDTH: usize>(letters: &[u8]) -> u64 {
    let eights = letters[..WIDTH].as_chunks::<8>().0;
    let mix = |hash: u64, eight: &[u8; 8]| {
        (hash.rotate_right(29) ^ u64::from_le_bytes(*eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    eights.iter().fold(0, mix)
}
