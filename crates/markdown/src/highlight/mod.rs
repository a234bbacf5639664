//! Syntax highlighting: code comes in, HTML goes out.
//! The HTML holds escaped text, `<span class="hl-…">` and `<mark>`, never a style,
//! and its text is the code, byte for byte. `hl-lite` lexes most languages; the few
//! that it lacks are lexed here. A lexer is one pass over text and keeps nothing,
//! so any thread may call; size limits bound what hostile input can cost.

mod lexers;

use hl_lite::{Kind, Lang};
use lexers::{C, SQL, WordLanguage, lex_console, lex_diff, lex_ini, lex_words};
use std::ops::Range;

/// Every class that the markup can carry; a theme styles these and no others.
/// Punctuation and operators stay unmarked: they would double the markup.
#[cfg(test)]
pub const CLASSES: [&str; 13] = [
    "hl-attribute",
    "hl-comment",
    "hl-constant",
    "hl-deleted",
    "hl-function",
    "hl-inserted",
    "hl-keyword",
    "hl-number",
    "hl-property",
    "hl-string",
    "hl-tag",
    "hl-type",
    "hl-variable",
];

/// `hl-lite` 0.11 takes quadratic time on two hostile shapes. The one in JavaScript
/// is a regular expression left open before an escaped line end; a block of this
/// size takes less than a second.
const MAX_BLOCK_BYTES: usize = 64 * 1024;

/// The other is a long run of `*` or `_` in one line of Markdown; a block of lines
/// of this length takes 40 milliseconds.
const MAX_LINE_BYTES: usize = 4 * 1024;

/// Highlights `code`, or returns `None` when it is to be shown as plain text:
/// the language is unknown, or the block or one of its lines is too long.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    let lexer = Lexer::named(language).filter(|_| is_bounded(code))?;
    Some(lexer.lex(code, &[]))
}

/// `code` as HTML, highlighted where [`highlight`] would. What stands at `marked`, ranges in order and apart, is in
/// `<mark>`.
pub fn code(language: &str, code: &str, marked: &[Range<usize>]) -> String {
    match Lexer::named(language).filter(|_| is_bounded(code)) {
        Some(lexer) => lexer.lex(code, marked),
        None => {
            let mut html = Html::of(code, marked);
            html.push(None, code);
            html.out
        }
    }
}

/// The language of a file, by its name: its ending, or the whole of it.
pub fn language_of(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(_, ending)| ending)
}

fn is_bounded(code: &str) -> bool {
    code.len() <= MAX_BLOCK_BYTES && code.lines().all(|line| line.len() <= MAX_LINE_BYTES)
}

enum Lexer {
    Library(Lang),
    Words(&'static WordLanguage),
    Console,
    Diff,
    Ini,
}

impl Lexer {
    /// The lexer for a fence's language, which may carry more: `rust,ignore`.
    fn named(language: &str) -> Option<Self> {
        let name = language.split([',', ' ', '{']).next()?.to_ascii_lowercase();
        let lexer = match name.as_str() {
            "console" | "terminal" | "shell-session" | "shellsession" | "sh-session" => Self::Console,
            "diff" | "patch" => Self::Diff,
            "ini" | "cfg" | "conf" | "dotenv" | "env" | "properties" | "service" | "timer" | "socket" => Self::Ini,
            "c" | "h" => Self::Words(&C),
            "sql" | "sqlite" | "mysql" | "postgres" | "postgresql" => Self::Words(&SQL),
            "jsonl" | "ndjson" => Self::Library(Lang::Json),
            "ksh" => Self::Library(Lang::Bash),
            "python3" => Self::Library(Lang::Python),
            other => Self::Library(Lang::from_slug(other)?),
        };
        Some(lexer)
    }

    fn lex(self, code: &str, marked: &[Range<usize>]) -> String {
        let mut html = Html::of(code, marked);
        match self {
            Self::Library(lang) => lex_with_library(lang, code, &mut html),
            Self::Words(words) => lex_words(words, code, &mut html),
            Self::Console => lex_console(code, &mut html),
            Self::Diff => lex_diff(code, &mut html),
            Self::Ini => lex_ini(code, &mut html),
        }
        html.out
    }
}

/// The markup so far.
struct Html<'m> {
    out: String,
    /// How much of the code is in it, in bytes.
    at: usize,
    /// What is to be marked, in order and apart.
    marked: &'m [Range<usize>],
}

impl<'m> Html<'m> {
    fn of(code: &str, marked: &'m [Range<usize>]) -> Self {
        Self { out: String::with_capacity(2 * code.len()), at: 0, marked }
    }

    /// Appends `text`, the next of the code, in a span when there is a class.
    fn push(&mut self, class: Option<&str>, text: &str) {
        match class {
            Some(class) if !text.is_empty() => {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
                self.text(text);
                self.out.push_str("</span>");
            }
            _ => self.text(text),
        }
    }

    /// Appends text with its marks: elements of one kind that stand within spans, never across them.
    fn text(&mut self, text: &str) {
        let (from, to) = (self.at, self.at + text.len());
        self.at = to;
        let mut done = from;
        for mark in self.marked.iter().filter(|mark| mark.start < to && mark.end > from) {
            let (start, end) = (mark.start.max(from), mark.end.min(to));
            self.escape(&text[done - from..start - from]);
            self.out.push_str("<mark>");
            self.escape(&text[start - from..end - from]);
            self.out.push_str("</mark>");
            done = end;
        }
        self.escape(&text[done - from..]);
    }

    /// Quotes stay as they are: this is text, not an attribute.
    fn escape(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>']) {
            let (before, from) = rest.split_at(at);
            self.out.push_str(before);
            self.out.push_str(match from.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                _ => "&gt;",
            });
            rest = &from[1..];
        }
        self.out.push_str(rest);
    }
}

fn lex_with_library(lang: Lang, code: &str, html: &mut Html<'_>) {
    for span in hl_lite::highlight(lang, code) {
        html.push(class_of(span.kind), span.text);
    }
}

fn class_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Plain | Kind::Punctuation | Kind::Operator => None,
        Kind::Attribute => Some("hl-attribute"),
        Kind::Comment => Some("hl-comment"),
        Kind::Constant => Some("hl-constant"),
        Kind::Function => Some("hl-function"),
        Kind::Keyword => Some("hl-keyword"),
        Kind::Number => Some("hl-number"),
        Kind::Property => Some("hl-property"),
        Kind::String => Some("hl-string"),
        Kind::Tag => Some("hl-tag"),
        Kind::Type => Some("hl-type"),
        Kind::Variable => Some("hl-variable"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::{Duration, Instant};

    use super::*;

    const LANGUAGES: [&str; 17] = [
        "bash",
        "c",
        "console",
        "css",
        "diff",
        "dockerfile",
        "html",
        "ini",
        "javascript",
        "json",
        "markdown",
        "python",
        "rust",
        "sql",
        "toml",
        "typescript",
        "yaml",
    ];

    /// Shapes that open something, close nothing, or mix widths of characters.
    const INPUTS: [&str; 12] = [
        "",
        "\n\n",
        "plain",
        "<script>alert('1 & 2')</script>\n",
        "\"open \\\" string\n'another /* and\n",
        "# heading\n-- rule\n// note\n/* open\n/**/*/",
        "$ echo 'it''s' \\\n  \"$HOME\"\ncan't open\n",
        "[section]\nkey: value = 1\r\n; note\r\n",
        "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n\\ No newline",
        "日本語 \"🦀é\" = f(0x1f, 1.5e3) ?? `${a}`",
        "cat <<EOF\n&amp; &lt; ```\nEOF\n*_*_ **b** [a](b)",
        "SELECT a, 'b' FROM t WHERE n >= 10; #include <x.h>",
    ];

    /// The text of `html`, and the classes on its way; panics on any other markup.
    fn read(html: &str) -> (String, BTreeSet<&str>) {
        let mut text = String::new();
        let mut classes = BTreeSet::new();
        let mut pieces = html.split('<');
        text.push_str(pieces.next().unwrap());
        for piece in pieces {
            let (tag, after) = piece.split_once('>').unwrap();
            if tag != "/span" {
                let class = tag.strip_prefix("span class=\"").unwrap();
                classes.insert(class.strip_suffix('"').unwrap());
            }
            text.push_str(after);
        }
        assert!(!text.contains('>'), "an unescaped `>` in {html}");
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        (text, classes)
    }

    #[test]
    fn the_text_is_the_code_in_every_language() {
        for language in LANGUAGES {
            for first in INPUTS {
                for second in INPUTS {
                    let code = format!("{first}{second}");
                    let html = highlight(language, &code).unwrap();
                    let (text, classes) = read(&html);
                    assert_eq!(text, code, "{language}");
                    assert!(classes.iter().all(|class| CLASSES.contains(class)), "{classes:?}");
                }
            }
        }
    }

    #[test]
    fn markup_in_code_is_escaped() {
        let code = "# <script>alert(1)</script> & <b style=\"x\">";
        for language in LANGUAGES {
            let html = highlight(language, code).unwrap();
            assert!(!html.contains("<script") && !html.contains("<b "), "{html}");
        }
        assert_eq!(highlight("css", "a>b").unwrap().matches("&gt;").count(), 1);
    }

    #[test]
    fn marks_stand_within_spans_and_take_nothing_away() {
        assert_eq!(code("", "a < b < c", std::slice::from_ref(&(2..5))), "a <mark>&lt; b</mark> &lt; c");
        let marked = code("python", "def f(): return 1", &[1..5, 6..17]);
        assert!(marked.starts_with("<span class=\"hl-keyword\">d<mark>ef</mark></span><mark> </mark>"), "{marked}");
        let unmarked = marked.replace("<mark>", "").replace("</mark>", "");
        assert_eq!(Some(unmarked), highlight("python", "def f(): return 1"));
        assert_eq!([language_of("/etc/a.service"), language_of("b/Dockerfile")], ["service", "Dockerfile"]);
    }

    #[test]
    fn a_language_is_known_by_its_aliases() {
        for pair in [
            ("sh", "bash"),
            ("shell", "bash"),
            ("PY", "python"),
            ("python3", "python"),
            ("js", "javascript"),
            ("ts", "typescript"),
            ("yml", "yaml"),
            ("rs", "rust"),
            ("rust,ignore", "rust"),
            ("md", "markdown"),
            ("jsonl", "json"),
            ("docker", "dockerfile"),
            ("patch", "diff"),
            ("h", "c"),
        ] {
            let code = "if true { \"text\" } # 1\n- 2";
            assert_eq!(highlight(pair.0, code), highlight(pair.1, code), "{pair:?}");
        }
    }

    #[test]
    fn an_unknown_language_is_left_plain() {
        for language in ["", "mermaid", "brainfuck", "<script>"] {
            assert_eq!(highlight(language, "let x = 1;"), None, "{language}");
        }
    }

    #[test]
    fn each_lexer_marks_its_words() {
        for (language, code, expected) in [
            ("python", "def f():", "<span class=\"hl-keyword\">def</span>"),
            ("json", "{\"a\": 1}", "<span class=\"hl-property\">\"a\"</span>: "),
            ("diff", "+new\n", "<span class=\"hl-inserted\">+new</span>\n"),
            ("diff", "-old\r\n", "<span class=\"hl-deleted\">-old</span>\r\n"),
            ("ini", " [a]\n", " <span class=\"hl-tag\">[a]</span>\n"),
            ("ini", "k=v", "<span class=\"hl-property\">k</span>=<span class=\"hl-string\">v</span>"),
            ("sql", "select 'it''s'", "<span class=\"hl-keyword\">select</span>"),
            ("sql", "'a\\' + 1", "<span class=\"hl-string\">'a\\'</span>"),
            ("c", "'\\'' + 1", "<span class=\"hl-string\">'\\''</span>"),
            ("c", "#include <a.h>", "<span class=\"hl-keyword\">#include</span> &lt;a.h&gt;"),
            ("c", "f(/*/x*/)", "(<span class=\"hl-comment\">/*/x*/</span>)"),
        ] {
            let html = highlight(language, code).unwrap();
            assert!(html.contains(expected), "{language}: {html}");
        }
    }

    #[test]
    fn an_apostrophe_in_a_transcript_opens_no_string() {
        let html = highlight("console", "$ cat a \\\n  'b'\ncan't open\n$ echo 'x'\n").unwrap();
        assert!(html.contains("\ncan't open\n"), "{html}");
        assert!(html.contains("<span class=\"hl-string\">'b'</span>"), "{html}");
        assert!(html.contains("<span class=\"hl-string\">'x'</span>"), "{html}");
    }

    #[test]
    fn a_long_line_or_block_is_left_plain() {
        assert_eq!(highlight("json", &"[".repeat(MAX_LINE_BYTES + 1)), None);
        assert!(highlight("json", &"[".repeat(MAX_LINE_BYTES)).is_some());
        assert_eq!(highlight("json", &"[1]\n".repeat(MAX_BLOCK_BYTES / 4 + 1)), None);
        assert!(highlight("json", &"[1]\n".repeat(MAX_BLOCK_BYTES / 4)).is_some());
    }

    /// The worst pair takes a twentieth of the bound, which leaves room for a busy
    /// machine.
    #[test]
    fn hostile_lines_are_quick() {
        let units = ["*", "a_", "`", "[a](", "<a ", "\\\"", "/*", "'", "${", "<<E\n", "f(", "/[\\\n"];
        for language in LANGUAGES {
            for unit in units {
                let line = format!("\"{}\n", unit.repeat(MAX_LINE_BYTES / unit.len() - 1));
                let code = line.repeat(4);
                let start = Instant::now();
                assert!(highlight(language, &code).is_some(), "{language} {unit}");
                assert!(start.elapsed() < Duration::from_secs(1), "{language} {unit}");
            }
        }
    }
}
