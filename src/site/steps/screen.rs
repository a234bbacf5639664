//! Terminal output as it stands on the screen in the end.
//!
//! In: what a tool printed. Out: the lines that are on the screen, and apart from them the lines of which something is
//! not: overwritten, erased, or said within a code that shows nothing (an agent could hide text by any of these). It
//! never takes a letter away without giving it back there; a code that does not end is no code, and its text stays.

use crate::text;

/// What a screen shows, and what it does not.
#[derive(Debug, PartialEq)]
pub struct Screen {
    /// What is on the screen.
    pub text: String,
    /// Every printed line of which something is not, codes written out; empty where all is.
    pub unseen: String,
}

/// Columns that the cursor may be moved beyond the end of its row: a few codes must not fill the memory.
const WIDEST_GAP: usize = 200;

/// The screen after this was printed. Rows are taken one by one: what moves between rows ends one, so that nothing
/// above is overwritten.
pub fn screen(printed: &str) -> Screen {
    let mut out = Screen { text: String::with_capacity(printed.len()), unseen: String::new() };
    for line in printed.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let mut row = ScreenRow::default();
        row.print(line, &mut out.text);
        out.text.extend(row.cells);
        out.text.push_str(end);
        if row.hides {
            let lines = line.replace('\r', "\n");
            out.unseen.push_str(&text::visible(lines.trim_end_matches('\n')));
            out.unseen.push('\n');
        }
    }
    out
}

/// The row that the cursor is in.
#[derive(Default)]
struct ScreenRow {
    cells: Vec<char>,
    cursor: usize,
    /// Whether something that was printed is not to be seen.
    hides: bool,
}

impl ScreenRow {
    fn print(&mut self, line: &str, above: &mut String) {
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\u{1b}' => rest = self.obey(rest, above),
                '\r' => self.cursor = 0,
                '\u{8}' => self.cursor = self.cursor.saturating_sub(1),
                '\t' if self.cursor < self.cells.len() => self.cursor += 1,
                // Shifts between sets of characters, which colours are reset with.
                '\u{e}' | '\u{f}' => {}
                '\t' => self.put('\t'),
                c if c.is_control() || text::turns_direction(c) => self.put('\u{fffd}'),
                c => self.put(c),
            }
        }
    }

    /// Puts a character where the cursor is. Underlining and bold print (`_`, backspace, `a`) hide nothing.
    fn put(&mut self, c: char) {
        while self.cells.len() < self.cursor {
            self.cells.push(' ');
        }
        match self.cells.get_mut(self.cursor) {
            Some(cell) => {
                self.hides |= *cell != c && *cell != '_' && !cell.is_whitespace();
                *cell = c;
            }
            None => self.cells.push(c),
        }
        self.cursor += 1;
    }

    /// Does what a code says, which follows an escape character; gives what comes after it.
    fn obey<'a>(&mut self, code: &'a str, above: &mut String) -> &'a str {
        let bytes = code.as_bytes();
        match bytes.first() {
            Some(b'[') => self.control(code, above),
            Some(b']' | b'P' | b'_' | b'^' | b'X') => match end_of_string(code) {
                Some((said, end)) => {
                    self.hides |= code[1..said].contains(char::is_alphanumeric);
                    &code[end..]
                }
                None => &code[1..],
            },
            // Sets of characters, and how lines are drawn: `ESC ( B`.
            Some(b'(' | b')' | b'*' | b'+' | b'#' | b'%') => match bytes.get(1) {
                Some(b'0'..=b'9' | b'@'..=b'Z' | b'<' | b'=' | b'>') => &code[2..],
                _ => code,
            },
            Some(b'7' | b'8' | b'=' | b'>' | b'\\') => &code[1..],
            Some(b'D' | b'E' | b'H' | b'M' | b'N' | b'O' | b'Z' | b'c') => {
                self.hides = true;
                &code[1..]
            }
            _ => code,
        }
    }

    /// A control sequence: `[`, parameters, and a letter that says what to do.
    fn control<'a>(&mut self, code: &'a str, above: &mut String) -> &'a str {
        let parameters = code[1..].bytes().take_while(|byte| matches!(byte, b' '..=b'?')).count();
        let end = parameters + 1;
        let Some(letter @ b'@'..=b'~') = code.as_bytes().get(end) else { return &code[1..] };
        let number = code[1..end].parse::<usize>().ok();
        let furthest = self.cells.len() + WIDEST_GAP;
        match letter {
            b'K' => self.erase(number.unwrap_or(0)),
            b'C' => self.cursor = self.cursor.saturating_add(number.unwrap_or(1).max(1)).min(furthest),
            b'D' => self.cursor = self.cursor.saturating_sub(number.unwrap_or(1).max(1)),
            b'G' => self.cursor = number.unwrap_or(1).max(1).saturating_sub(1).min(furthest),
            b'A' | b'B' | b'E' | b'F' | b'H' | b'd' | b'f' if !self.cells.is_empty() => {
                above.extend(self.cells.drain(..));
                above.push('\n');
                self.cursor = 0;
            }
            _ => {}
        }
        &code[end + 1..]
    }

    /// Erases from the cursor to the end (0), from the beginning to the cursor (1), or the whole row (2).
    fn erase(&mut self, part: usize) {
        let (length, cursor) = (self.cells.len(), self.cursor);
        let range = match part {
            0 => cursor.min(length)..length,
            1 => 0..length.min(cursor + 1),
            2 => 0..length,
            _ => return,
        };
        self.hides |= self.cells[range.clone()].iter().any(|cell| !cell.is_whitespace());
        match part {
            1 => self.cells[range].fill(' '),
            _ => self.cells.truncate(range.start),
        }
    }
}

/// Where a code that holds text (a title, a link, a picture) stops to say something, and where it ends: at a bell, or
/// at `ESC \`. None if it does not end in its line.
fn end_of_string(code: &str) -> Option<(usize, usize)> {
    let (said, end) = code.char_indices().find(|(_, c)| matches!(c, '\u{7}' | '\u{9c}' | '\u{1b}'))?;
    match end {
        '\u{1b}' if !code[said + 1..].starts_with('\\') => None,
        '\u{1b}' => Some((said, said + 2)),
        end => Some((said, said + end.len_utf8())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(printed: &str) -> String {
        let screen = screen(printed);
        assert_eq!(screen.unseen, "", "{printed:?}");
        screen.text
    }

    fn both(printed: &str) -> (String, String) {
        let screen = screen(printed);
        (screen.text, screen.unseen)
    }

    #[test]
    fn codes_go_and_their_text_stays() {
        assert_eq!(seen("\u{1b}[31mred\u{1b}[0m\r\nok"), "red\nok");
        assert_eq!(seen("\u{1b}(Bplain\u{1b}(B\u{1b}[m\u{f} \u{1b}[?25lx\u{1b}7"), "plain x");
        assert_eq!(seen("a\u{0}b"), "a\u{fffd}b");
        assert_eq!(seen("a\u{1b}[5Cb\u{1b}[2Dc"), "a    cb");
        assert_eq!(seen("one\u{1b}[2;1Htwo\u{1b}[Ax"), "one\ntwo\nx");
    }

    #[test]
    fn ends_of_lines_of_any_kind_hide_nothing() {
        assert_eq!(seen("a\r\r\nb\r\nc\r"), "a\nb\nc");
        assert_eq!(seen("PASS test_one\r\u{1b}[0m\nend\n"), "PASS test_one\nend\n");
        assert_eq!(seen("_\u{8}b_\u{8}o\u{8}old"), "bold");
    }

    #[test]
    fn what_is_overwritten_stands_apart() {
        assert_eq!(both("10 %\r50 %\r100 %\ndone"), ("100 %\ndone".into(), "10 %\n50 %\n100 %\n".into()));
        assert_eq!(both("total 120 rows\rab"), ("abtal 120 rows".into(), "total 120 rows\nab\n".into()));
        assert_eq!(both("rm -rf /\r\u{1b}[Kls"), ("ls".into(), "rm -rf /\n\\u{1b}[Kls\n".into()));
        assert_eq!(both("secret\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}public").0, "public");
    }

    #[test]
    fn what_a_code_says_stands_apart_and_a_code_without_end_is_none() {
        let link = "\u{1b}]8;;file://h/a.py\u{1b}\\a.py\u{1b}]8;;\u{1b}\\ x";
        assert_eq!(both(link).0, "a.py x");
        assert!(both(link).1.contains("file://h/a.py"));
        assert_eq!(both("\u{1b}]0;title\u{7}x").0, "x");
        assert_eq!(both("\u{1b}P1$r0m\u{1b}\\dcs \u{1b}_Gf=100;AAAA\u{1b}\\apc").0, "dcs apc");
        assert_eq!(seen("before \u{1b}]0;never ends\nnext\n"), "before 0;never ends\nnext\n");
        assert_eq!(seen("before \u{1b}]0;never \u{1b}[1mends"), "before 0;never ends");
        assert_eq!(seen("\u{1b}[12é \u{1b}"), "12é ");
    }

    #[test]
    fn a_few_codes_do_not_fill_the_memory() {
        let text = screen(&"\u{1b}[999999999Cx".repeat(100)).text;
        assert!(text.len() <= 100 * (WIDEST_GAP + 1), "{}", text.len());
    }

    /// Words, and what may stand between them.
    fn parts() -> impl Strategy<Value = Vec<String>> {
        let code = "\r|\n|\t|\u{8}| |_|\u{1b}|\u{1b}\\(B|\u{1b}\\[[0-9]{0,2}[mKCDGHJ]|\u{1b}[\\]P_]0;|\u{7}|\u{1b}\\\\";
        prop::collection::vec(prop_oneof!["[a-e]{1,3}", code], 0..14)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn no_word_is_lost(parts in parts()) {
            let printed = parts.concat();
            let screen = screen(&printed);
            for word in parts.iter().filter(|part| part.starts_with(|c: char| c.is_ascii_lowercase())) {
                let found = screen.text.contains(word.as_str()) || screen.unseen.contains(word.as_str());
                prop_assert!(found, "{word} of {printed:?} is not in {screen:?}");
            }
        }
    }
}
