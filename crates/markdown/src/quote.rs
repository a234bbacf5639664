//! Quoting: text from outside, put into Markdown that we write, so that it stays text.
//!
//! In: any text. Out: one line that a reader of the Markdown sees as that text: in a sentence or a table, in code, or
//! in an indented block. Characters that act on a terminal, where reports are printed too, become visible.

use goldbook_ground::text;
use tera::{Kwargs, State, Tera};

/// Gives templates that write Markdown the filters `as_text`, `as_code`, `as_line` and `as_quote`.
pub fn add_to(templates: &mut Tera) {
    templates.register_filter("as_text", |given: &str, _: Kwargs, _: &State| text(given));
    templates.register_filter("as_code", |given: &str, _: Kwargs, _: &State| code(given));
    templates.register_filter("as_quote", |given: &str, _: Kwargs, _: &State| quote(given));
    templates.register_filter("as_line", |given: &str, _: Kwargs, _: &State| line(given));
}

/// Text of a sentence, a heading or a cell.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in line(text).chars().enumerate() {
        let begins = at == 0 && matches!(c, '-' | '+' | '=' | ':');
        if begins || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text as code, in a table too.
pub fn code(text: &str) -> String {
    let text = line(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space keeps the text's own backticks apart from ours, and is no part of what is shown.
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Markdown of others as a quote: what it opens (a code block, a list) ends with it.
pub fn quote(markdown: &str) -> String {
    let line = |line: &str| if line.is_empty() { ">".to_owned() } else { format!("> {}", text::line(line)) };
    markdown.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Text of one line that is markup nowhere in it, such as an indented block.
pub fn line(text: &str) -> String {
    text::line(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    #[test]
    fn ordinary_text_stays_as_it_is() {
        assert_eq!(text("Atlas, fourth quarter 2026 (North)"), "Atlas, fourth quarter 2026 (North)");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(quote("```\na\n\nb"), "> ```\n> a\n>\n> b");
        assert_eq!(line("a\n\u{1b}[31m b"), "a \\u{1b}[31m b");
    }

    proptest! {
        #[test]
        fn text_is_read_as_it_was_given(given in "[ -~]{1,40}") {
            let shown = line(&given);
            prop_assume!(!shown.is_empty());
            let sentence = plain(&format!("x {}\n", text(&given)));
            prop_assert_eq!(sentence.trim(), format!("x {shown}"));
            let table = format!("| a |\n|---|\n| {} |\n| {} |\n", code(&given), text(&given));
            let cells: Vec<String> = Parser::new_ext(&table, Options::ENABLE_TABLES)
                .filter_map(|event| if let Event::Code(code) = event { Some(code.to_string()) } else { None })
                .collect();
            prop_assert_eq!(cells, [shown]);
        }
    }
}
