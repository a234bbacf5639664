//! Sameness: whether two short texts are the same, without a call.
//!
//! In: texts, as cells have them. Out: whether they are the same. Comparing a few bytes costs less than asking a function
//! that compares any number of them, and rows are made of such comparisons.

/// Whether two texts are the same; those of up to 32 bytes, as most are, without a call.
#[inline]
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        0..=16 => words(a) == words(b),
        17..=32 => ends(a) == ends(b),
        _ => a == b,
    }
}

/// The first and the last 16 bytes: all of a text of 16 to 32.
#[inline]
fn ends(text: &[u8]) -> Option<(u128, u128)> {
    let first = u128::from_le_bytes(*text.first_chunk()?);
    Some((first, u128::from_le_bytes(*text.last_chunk()?)))
}

/// The first and the last bytes of a name as numbers: all of it up to 16 bytes.
#[inline]
pub fn words(name: &[u8]) -> (u64, u64) {
    let count = name.len();
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
    } else if count > 0 {
        (u64::from(name[0]) | u64::from(name[count / 2]) << 8 | u64::from(name[count - 1]) << 16, 0)
    } else {
        (0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_told_apart() {
        let long = "0123456789abcdefghijklmnopqrstuvwxyz0123";
        for length in 0..long.len() {
            assert!(same(&long[..length], &long.to_owned()[..length]));
            assert!(!same(&long[..length], &long[..length + 1]));
            for place in 0..length {
                let mut other = long[..length].to_owned();
                other.replace_range(place..place + 1, "!");
                assert!(!same(&long[..length], &other), "{other}");
            }
        }
    }
}
