//! Addresses: e-mail addresses in what people wrote, masked before it is shown.
//!
//! In: a text. Out: where addresses stand in it, or the same text with every one masked. It changes nothing else.

use super::spliced;
use std::ops::Range;

/// What stands in the place of an address.
const MASK: &str = "[address]";

/// The text with every e-mail address masked.
pub fn masked(text: &str) -> String {
    spliced(text, all(text).map(|range| (range, MASK)))
}

/// Where e-mail addresses stand in a text, in its order.
pub fn all(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[from..];
            let at = rest.find('@')?;
            let before = rest[..at].char_indices().rev().take_while(|(_, c)| is_local(*c));
            let start = before.last().map_or(at, |(start, _)| start);
            let after = &rest[at + 1..];
            let host: &str = &after[..after.find(|c: char| !is_host(c)).unwrap_or(after.len())];
            let host = host.trim_end_matches(['.', '-']);
            let end = at + 1 + host.len();
            let range = from + start..from + end;
            from += end;
            if start < at && host.contains('.') {
                return Some(range);
            }
        }
    })
}

/// Whether an address may hold it before the sign.
fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "._%+-'".contains(c)
}

/// Whether an address may hold it behind the sign.
fn is_host(c: char) -> bool {
    c.is_alphanumeric() || ".-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked_and_nothing_else_is() {
        for (text, expected) in [
            ("ask ana.b+c@example.org.", "ask [address]."),
            ("<ana@mail.example.org>, bo@example.org", "<[address]>, [address]"),
            ("5 @ 3 euros, @ana, x@y", "5 @ 3 euros, @ana, x@y"),
            ("anä@exämple.org", "[address]"),
            ("", ""),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }
}
