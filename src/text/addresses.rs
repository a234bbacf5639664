//! Addresses: e-mail addresses in what people wrote, masked before it is shown.
//!
//! In: a text. Out: the same with every e-mail address masked. It changes nothing else.

/// What stands in the place of an address.
const MASK: &str = "[address]";

/// The text with every e-mail address masked.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let start =
            rest[..at].char_indices().rev().take_while(|(_, c)| is_local(*c)).last().map_or(at, |(start, _)| start);
        let after = &rest[at + 1..];
        let host: &str = &after[..after.find(|c: char| !is_host(c)).unwrap_or(after.len())];
        let host = host.trim_end_matches(['.', '-']);
        let end = at + 1 + host.len();
        if start < at && host.contains('.') {
            out.push_str(&rest[..start]);
            out.push_str(MASK);
        } else {
            out.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
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
