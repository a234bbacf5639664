//! Tags of HTML: where one ends, and which part no word.
//!
//! In: a name, or text behind the `<` of a tag. Out: an answer. It reads no page.

/// Whether an element stands inside a word as well as between two.
pub fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "button"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "u"
            | "wbr"
    )
}

/// Where the first `>` is that stands in no quotes; none if one never closes, which hides nothing behind it.
pub fn end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let next = at + memchr::memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        if bytes[next] == b'>' {
            return Some(next);
        }
        at = next + 1 + memchr::memchr(bytes[next], &bytes[next + 1..])? + 1;
    }
}
