//! Text from outside, made safe for where it is shown: on a terminal, in a sentence, in a table's cell, in HTML.
//!
//! In: any text. Out: the same text, in which nothing acts: what would move a cursor, end a line, turn the direction of
//! one, run as a formula or be markup is written out, so that it is seen and nothing is lost. One treatment each,
//! whoever shows it.

pub mod addresses;
pub mod normal;
pub mod signs;
pub mod tags;

use std::borrow::Cow;
use std::io;
use std::ops::Range;

/// Longest text that a sentence quotes, in characters.
const LONGEST_QUOTED: usize = 80;

/// Whether a character acts on a terminal, or on the lines around it.
pub fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character forces a direction on letters of any script. (The marks and isolates of right-to-left text only
/// place it.)
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202d}' | '\u{202e}')
}

/// Text of one or more lines: what acts is written out as `\u{1b}`; ends of lines stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, |character| acts(character) && character != '\n')
}

/// Text on one line: what acts is written out, ends of lines as `\n`.
pub fn line(text: &str) -> Cow<'_, str> {
    written_out(text, acts)
}

/// The beginning of a text on one line, of at most `most` characters.
pub fn beginning(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => line(text),
        Some((end, _)) => Cow::Owned(format!("{}…", line(&text[..end]))),
    }
}

/// The letters of a text whatever their case, without the white space around it.
pub fn letters(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Text as a sentence quotes it: in backticks, on one line, and not endless.
pub fn quoted(text: &str) -> String {
    format!("`{}`", beginning(text, LONGEST_QUOTED))
}

/// Writing without spaces: first and last letters of the blocks of Thai and Lao, Burmese, Khmer, Kana, Han.
const WITHOUT_SPACES: [(u32, u32); 12] = [
    (0xe00, 0xeff),
    (0x1000, 0x109f),
    (0x1780, 0x17ff),
    (0x2e80, 0x2fdf),
    (0x3005, 0x3007),
    (0x3040, 0x30ff),
    (0x31f0, 0x31ff),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0xa9e0, 0xa9ff),
    (0xaa60, 0xaa7f),
    (0x20000, 0x323af),
];

/// Whether a letter is of a writing that puts no spaces between words.
pub fn is_written_without_spaces(letter: char) -> bool {
    let is_in = |(first, last): &(u32, u32)| (*first..=*last).contains(&u32::from(letter));
    !letter.is_ascii() && WITHOUT_SPACES.iter().any(is_in)
}

/// The text with its first letter as at the beginning of a sentence.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Names, once each, in the order in which they first stand.
pub fn distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known: Vec<&str> = Vec::new();
    for name in names {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
}

/// Names as prose: the first few of them, and how many more there are.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const FEW: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let mut few: Vec<String> = names.iter().take(FEW).map(|name| quoted(name)).collect();
    match (names.len().saturating_sub(FEW), few.pop()) {
        (0, None) => "nothing".to_owned(),
        (0, Some(last)) if few.is_empty() => last,
        (0, Some(last)) => format!("{} and {last}", few.join(", ")),
        (more, last) => {
            few.extend(last);
            format!("{} and {more} more", few.join(", "))
        }
    }
}

/// Text as the cell of a table that a spreadsheet may open: with an apostrophe before what that would run. Text that begins
/// with apostrophes before such has one more, so that `plain_cell` gives each text back.
pub fn cell(text: &str) -> Cow<'_, str> {
    let behind = text.trim_start_matches('\'');
    let is_number = behind.len() == text.len() && text.ends_with(|end: char| end.is_ascii_digit() || end == '.');
    let is_number = is_number && text.parse::<f64>().is_ok();
    if runs(behind) && !is_number { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Text from outside, such as a rater's id, as the name of a file: letters, digits, `-`, `_` and `.`, and no dot first.
pub fn file_name(text: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = text.chars().map(safe).take(80).collect();
    name.trim_start_matches('.').to_owned()
}

/// Cells as one line of CSV.
pub fn csv_line(cells: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // What is written to memory is written.
    let written = writer
        .write_record(cells)
        .map_err(io::Error::other)
        .and_then(|()| writer.into_inner().map_err(|error| io::Error::other(error.to_string())));
    written.unwrap_or_default()
}

/// The text of a cell that `cell` wrote.
pub fn plain_cell(cell: &str) -> &str {
    let inside = cell.strip_prefix('\'').filter(|inside| runs(inside.trim_start_matches('\'')));
    inside.unwrap_or(cell)
}

/// Whether a spreadsheet would run what begins so, unless it is a number.
fn runs(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text in which other text stands at some ranges, which are in order and apart.
pub fn spliced<T: AsRef<str>>(text: &str, edits: impl IntoIterator<Item = (Range<usize>, T)>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut from = 0;
    for (range, instead) in edits {
        new.push_str(&text[from..range.start]);
        new.push_str(instead.as_ref());
        from = range.end;
    }
    new.push_str(&text[from..]);
    new
}

/// Text with each line ended as the same line of `old` is, further ones as its last.
pub fn with_line_ends_of(text: &str, old: &str) -> String {
    let ends = old.split_inclusive('\n').map(|line| line.ends_with("\r\n"));
    let lines = text.split_inclusive('\n').zip(ends.chain(std::iter::repeat(old.ends_with("\r\n"))));
    lines
        .map(|(line, returns)| match line.strip_suffix('\n') {
            Some(said) if returns => format!("{}\r\n", said.strip_suffix('\r').unwrap_or(said)),
            _ => line.to_owned(),
        })
        .collect()
}

/// Where a passage first stands in a text; white space of any kind and length is the same.
pub fn find_passage(text: &str, passage: &str) -> Option<Range<usize>> {
    let wanted = passage.split_whitespace().collect::<Vec<_>>().join(" ");
    if wanted.is_empty() {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    // Where each byte of it stands in the text.
    let mut places = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c.is_whitespace() {
            true if plain.ends_with(' ') => {}
            true => {
                plain.push(' ');
                places.push(at);
            }
            false => {
                plain.push(c);
                places.resize(plain.len(), at);
            }
        }
    }
    let start = memchr::memmem::find(plain.as_bytes(), wanted.as_bytes())?;
    let last = places[start + wanted.len() - 1];
    Some(places[start]..last + text[last..].chars().next().map_or(0, char::len_utf8))
}

/// Text as HTML, attributes included.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// The character that an entity of HTML stands for by its number: `#39` or `#x27`, as `&#39;` names it.
pub fn numbered_character(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

/// Lines that end with a line feed alone, however they ended.
pub fn with_line_feeds(mut bytes: Vec<u8>) -> Vec<u8> {
    let Some(first) = memchr::memchr(b'\r', &bytes) else { return bytes };
    let mut to = first;
    for from in first..bytes.len() {
        let byte = bytes[from];
        if byte == b'\r' && bytes.get(from + 1) == Some(&b'\n') {
            continue;
        }
        bytes[to] = if byte == b'\r' { b'\n' } else { byte };
        to += 1;
    }
    bytes.truncate(to);
    bytes
}

/// Whether two files say the same, however their lines end.
pub fn same_lines(one: &[u8], other: &[u8]) -> bool {
    one == other || with_line_feeds(one.to_vec()) == with_line_feeds(other.to_vec())
}

fn written_out(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !is_unsafe(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_acts_is_written_out_and_what_does_not_stays() {
        assert_eq!(visible("a\n\u{1b}[31m\tb\u{202e} é"), "a\n\\u{1b}[31m\\tb\\u{202e} é");
        assert_eq!(line("a\r\nb"), "a\\r\\nb");
        assert_eq!(quoted(&"x".repeat(90)), format!("`{}…`", "x".repeat(80)));
        assert_eq!(html("<a href='&\">"), "&lt;a href=&#39;&amp;&quot;&gt;");
    }

    #[test]
    fn a_passage_is_found_however_its_white_space_is() {
        let text = "é one\n\ttwo  three";
        assert_eq!(find_passage(text, " one two\nthr").map(|range| &text[range]), Some("one\n\ttwo  thr"));
        assert_eq!(find_passage(text, "é").map(|range| &text[range]), Some("é"));
        assert_eq!([find_passage(text, "onetwo"), find_passage(text, " ")], [None, None]);
    }

    #[test]
    fn a_number_names_a_character_in_either_base() {
        let numbers = ["#39", "#x27", "#X1f600", "#0041", "amp", "#", "#x", "#xd800", "#99999999"];
        let expected = [Some('\''), Some('\''), Some('😀'), Some(')'), None, None, None, None, None];
        assert_eq!(numbers.map(numbered_character), expected);
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let cells = ["=1+1", "+cmd", "-1", "-x", "@sum", "yes", "-0.5", "", "-inf", "'=x", "'x"];
        let expected = ["'=1+1", "'+cmd", "-1", "'-x", "'@sum", "yes", "-0.5", "", "'-inf", "''=x", "'x"];
        assert_eq!(cells.map(cell), expected);
    }

    proptest! {
        #[test]
        fn a_cell_is_given_back_as_it_was_and_runs_nothing(given in "['=+@.\t\rx1-]{0,6}") {
            let written = cell(&given);
            prop_assert_eq!(plain_cell(&written), &*given);
            prop_assert!(!runs(&written) || written.parse::<f64>().is_ok(), "{}", written);
        }

        #[test]
        fn nothing_acts_and_every_harmless_character_is_kept(given in any::<String>()) {
            prop_assert!(!line(&given).contains(acts));
            prop_assert!(!quoted(&given).contains(acts));
            let kept: String = given.chars().filter(|c| !acts(*c)).collect();
            let mut shown = line(&given).into_owned();
            for c in given.chars().filter(|c| acts(*c)) {
                shown = shown.replacen(&*line(&c.to_string()), "", 1);
            }
            prop_assert!(shown == kept || given.contains('\\'));
        }
    }
}
