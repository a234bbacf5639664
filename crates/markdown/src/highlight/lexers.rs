//! Lexers for what the library lacks: console transcripts, diffs, ini files, C and SQL.
//!
//! In: code. Out: classed pieces of it in `Html`. Each is one pass that keeps nothing; none tries to be a parser.

use super::{Html, lex_with_library};
use hl_lite::Lang;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A transcript: what follows a `$ ` prompt is shell, other lines are output,
/// where an apostrophe opens no string. Without a prompt, all of it is shell.
pub fn lex_console(code: &str, html: &mut Html<'_>) {
    if !code.lines().any(|line| line.starts_with("$ ")) {
        return lex_with_library(Lang::Bash, code, html);
    }
    let mut continued = false;
    for line in code.split_inclusive('\n') {
        let command = match line.strip_prefix("$ ") {
            Some(command) => {
                html.push(Some("hl-comment"), "$ ");
                command
            }
            None if continued || line.starts_with("# ") => line,
            None => {
                html.push(None, line);
                continue;
            }
        };
        lex_with_library(Lang::Bash, command, html);
        continued = command.trim_end().ends_with('\\');
    }
}

pub fn lex_diff(code: &str, html: &mut Html<'_>) {
    const HEADERS: [&str; 4] = ["diff ", "index ", "--- ", "+++ "];
    for line in code.split_inclusive('\n') {
        let (line, end) = split_line_end(line);
        let class = if HEADERS.iter().any(|header| line.starts_with(header)) {
            Some("hl-comment")
        } else {
            match line.as_bytes().first() {
                Some(b'@') => Some("hl-keyword"),
                Some(b'+') => Some("hl-inserted"),
                Some(b'-') => Some("hl-deleted"),
                _ => None,
            }
        };
        html.push(class, line);
        html.push(None, end);
    }
}

pub fn lex_ini(code: &str, html: &mut Html<'_>) {
    for line in code.split_inclusive('\n') {
        let (line, end) = split_line_end(line);
        let (indent, text) = line.split_at(line.len() - line.trim_start().len());
        html.push(None, indent);
        if text.starts_with([';', '#']) {
            html.push(Some("hl-comment"), text);
        } else if text.starts_with('[') {
            html.push(Some("hl-tag"), text);
        } else if let Some(equals) = text.find(['=', ':']) {
            let (key, value) = text.split_at(equals);
            html.push(Some("hl-property"), key);
            html.push(None, &value[..1]);
            html.push(Some("hl-string"), &value[1..]);
        } else {
            html.push(None, text);
        }
        html.push(None, end);
    }
}

fn split_line_end(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches(['\n', '\r']).len())
}

/// A language that its words and its comments describe well enough.
pub struct WordLanguage {
    /// The class of each word that has one; lower case where case is free.
    classes: HashMap<&'static str, &'static str>,
    line_comment: &'static str,
    /// Case is free, and a backslash in a string stands for itself.
    is_sql: bool,
}

pub static C: LazyLock<WordLanguage> = LazyLock::new(|| WordLanguage {
    classes: classes_of_words([
        (
            "hl-keyword",
            "auto break case const continue default do else enum extern for goto if inline register restrict return \
             sizeof static struct switch typedef union volatile while #define #elif #else #endif #error #if #ifdef \
             #ifndef #include #pragma #undef",
        ),
        (
            "hl-type",
            "bool char double float int int8_t int16_t int32_t int64_t long ptrdiff_t short signed size_t ssize_t \
             uint8_t uint16_t uint32_t uint64_t uintptr_t unsigned void FILE",
        ),
        ("hl-constant", "NULL false true"),
    ]),
    line_comment: "//",
    is_sql: false,
});

pub static SQL: LazyLock<WordLanguage> = LazyLock::new(|| WordLanguage {
    classes: classes_of_words([
        (
            "hl-keyword",
            "add all alter analyze and as asc begin between by case cast check column commit constraint create cross \
             database default delete desc distinct drop else end exists explain foreign from full group having if in \
             index inner insert into is join key left like limit not offset on or order outer over partition primary \
             recursive references returning right rollback select set table then transaction trigger union unique \
             update using values view when where with",
        ),
        (
            "hl-type",
            "bigint blob boolean char date decimal double int integer json jsonb numeric precision real serial \
             smallint text time timestamp timestamptz uuid varchar",
        ),
        ("hl-constant", "false null true"),
    ]),
    line_comment: "--",
    is_sql: true,
});

fn classes_of_words(lists: [(&'static str, &'static str); 3]) -> HashMap<&'static str, &'static str> {
    let pairs = |(class, words): (_, &'static str)| words.split(' ').map(move |word| (word, class));
    lists.into_iter().flat_map(pairs).collect()
}

pub fn lex_words(words: &WordLanguage, code: &str, html: &mut Html<'_>) {
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let (class, length) = words.token(first, rest);
        let (text, after) = rest.split_at(length);
        html.push(class, text);
        rest = after;
    }
}

impl WordLanguage {
    /// The class and the length in bytes of the token that begins `rest`.
    fn token(&self, first: char, rest: &str) -> (Option<&'static str>, usize) {
        let until = |at: Option<usize>| at.unwrap_or(rest.len());
        if rest.starts_with(self.line_comment) {
            (Some("hl-comment"), until(rest.find('\n')))
        } else if let Some(inside) = rest.strip_prefix("/*") {
            let end = inside.find("*/").map(|at| at + "/**/".len());
            (Some("hl-comment"), until(end))
        } else if matches!(first, '"' | '\'') {
            (Some("hl-string"), self.string_length(first, rest))
        } else if first.is_ascii_digit() {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
            (Some("hl-number"), until(rest.find(|c| !is_part(c))))
        } else if first.is_ascii_alphabetic() || matches!(first, '_' | '#') {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let length = rest[1..].find(|c| !is_part(c)).map(|at| at + 1);
            let (word, after) = rest.split_at(until(length));
            (self.word_class(word, after), word.len())
        } else {
            (None, first.len_utf8())
        }
    }

    fn word_class(&self, word: &str, after: &str) -> Option<&'static str> {
        let class =
            if self.is_sql { self.classes.get(word.to_ascii_lowercase().as_str()) } else { self.classes.get(word) };
        class.copied().or_else(|| after.starts_with('(').then_some("hl-function"))
    }

    /// A string left open ends with its line in C, with the code in SQL.
    fn string_length(&self, quote: char, rest: &str) -> usize {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = !self.is_sql,
                '\n' if !self.is_sql => return at,
                _ if c == quote => return at + 1,
                _ => {}
            }
        }
        rest.len()
    }
}
