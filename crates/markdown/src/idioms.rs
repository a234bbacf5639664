//! Idioms: marks that mean something elsewhere, and would be shown here.
//!
//! In: a text, and which of its ranges are prose and code. Out: comments of other programs, links that are none,
//! footnotes that are nowhere. A backslash before a mark makes it text. What stands in code is never one.

use super::lies_in;
use super::losses::{Loss, LossKind};
use std::ops::Range;

/// A mark, how what it begins ends, and what that is.
struct Idiom {
    open: &'static str,
    close: &'static str,
    kind: LossKind,
}

const fn comment(open: &'static str, close: &'static str, program: &'static str) -> Idiom {
    Idiom { open, close, kind: LossKind::ForeignComment(program) }
}

/// What is looked for. Comments are those of programs that handbooks are written with: who meant to hide something must
/// hear that it is shown.
static IDIOMS: [Idiom; 18] = [
    Idiom { open: "](", close: ")", kind: LossKind::NoLink },
    Idiom { open: "[^", close: "]", kind: LossKind::UndefinedFootnote },
    Idiom { open: "[//]:", close: "", kind: LossKind::MisplacedComment },
    Idiom { open: "[comment]:", close: "", kind: LossKind::MisplacedComment },
    Idiom { open: "[_comment]:", close: "", kind: LossKind::MisplacedComment },
    comment("%%", "%%", "Obsidian"),
    comment("{/*", "*/}", "MDX"),
    comment("{{/*", "*/}}", "Hugo"),
    comment("{{% comment", "", "Hugo"),
    comment("{{< comment", "", "Hugo"),
    comment("{{!--", "--}}", "Handlebars"),
    comment("{% comment", "", "Jekyll and Liquid"),
    comment("{%- comment", "", "Jekyll and Liquid"),
    comment("{::comment", "", "kramdown"),
    comment("{# ", "#}", "Jinja"),
    comment("{>>", "<<}", "CriticMarkup"),
    comment("#+begin_comment", "", "Org and Logseq"),
    comment("<%--", "--%>", "templates"),
];

/// Whether a mark begins with a byte: every text is gone through, for marks that hardly any has.
static BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let mut at = 0;
    while at < IDIOMS.len() {
        begins[IDIOMS[at].open.as_bytes()[0] as usize] = true;
        at += 1;
    }
    begins
};

/// The first mark of a text from byte `from` on, in letters of either case, and what it is a mark of.
fn next_mark(text: &str, from: usize) -> Option<(Range<usize>, &'static Idiom)> {
    let bytes = text.as_bytes();
    let mut candidates = (from..bytes.len()).filter(|at| BEGINS[usize::from(bytes[*at])]);
    candidates.find_map(|at| {
        let begins = |idiom: &&Idiom| {
            let open = idiom.open.as_bytes();
            bytes.get(at..at + open.len()).is_some_and(|mark| mark[0] == open[0] && mark.eq_ignore_ascii_case(open))
        };
        let idiom = IDIOMS.iter().find(begins)?;
        Some((at..at + idiom.open.len(), idiom))
    })
}

/// How far the end of an idiom is looked for, in bytes.
const FAR: usize = 4096;

/// What the prose of a text holds of these. The ranges are in order; those of prose are apart.
pub fn find(text: &str, prose: &[Range<usize>], code: &[Range<usize>]) -> Vec<Loss> {
    let mut losses = marked(text, prose);
    if is_myst(text, prose, code) {
        let known: Vec<Range<usize>> = losses.iter().map(|loss| loss.range.clone()).collect();
        let comments = comment_lines(text, prose).filter(|range| !lies_in(&known, range.start));
        losses.extend(comments.map(|range| Loss { range, kind: LossKind::ForeignComment("MyST") }));
    }
    losses
}

fn marked(text: &str, prose: &[Range<usize>]) -> Vec<Loss> {
    let mut losses = Vec::new();
    let mut from = 0;
    while let Some((Range { start: at, end: inside }, idiom)) = next_mark(text, from) {
        from = inside;
        if !lies_in(prose, at) || text[..at].ends_with('\\') {
            continue;
        }
        let Some(end) = end(&text[inside..], idiom).map(|length| inside + length) else { continue };
        let is_meant = match idiom.kind {
            LossKind::UndefinedFootnote => {
                let label = &text[inside..end - 1];
                !label.is_empty() && !label.contains(char::is_whitespace)
            }
            // In a sentence, `%%` may be two signs of per cent.
            LossKind::ForeignComment("Obsidian") => !text[..at].ends_with(|c: char| !c.is_whitespace()),
            _ => true,
        };
        if is_meant {
            from = end;
            losses.push(Loss { range: at..end, kind: idiom.kind.clone() });
        }
    }
    losses
}

/// How long an idiom goes on; none if it does not end.
fn end(rest: &str, idiom: &Idiom) -> Option<usize> {
    let mut far = FAR.min(rest.len());
    while !rest.is_char_boundary(far) {
        far -= 1;
    }
    let near = &rest[..far];
    let line = near.find(['\n', '\r']).unwrap_or(near.len());
    match idiom.kind {
        LossKind::ForeignComment(_) => near.find(idiom.close).map(|at| at + idiom.close.len()),
        LossKind::MisplacedComment => Some(line),
        _ => near[..line].find(idiom.close).map(|at| at + idiom.close.len()),
    }
}

/// Whether a text looks like MyST Markdown: it has a directive (```` ```{note} ````, `:::{note}`) or a role
/// (`` {ref}`label` ``).
fn is_myst(text: &str, prose: &[Range<usize>], code: &[Range<usize>]) -> bool {
    let is_directive = |range: &Range<usize>| {
        let fence = text[range.clone()].trim_start();
        let name = fence.trim_start_matches(['`', '~', ':']);
        fence.len() >= name.len() + 3 && after_name(name).is_some()
    };
    let is_role = |range: &Range<usize>| {
        let name = text[range.clone()].rfind('{').map(|at| &text[range.start + at..range.end]);
        text[range.end..].starts_with('`') && name.and_then(after_name) == Some("")
    };
    code.iter().chain(prose).any(is_directive) || prose.iter().any(is_role)
}

/// What stands behind a name in braces, such as `{code-block}`, that a text begins with.
fn after_name(text: &str) -> Option<&str> {
    let (name, rest) = text.strip_prefix('{')?.split_once('}')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | ':' | '.');
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_name)).then_some(rest)
}

/// The lines of prose that begin with `%`, in quotes too: in MyST they are comments.
fn comment_lines(text: &str, prose: &[Range<usize>]) -> impl Iterator<Item = Range<usize>> {
    let begins_line = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t', '>']);
        before.is_empty() || before.ends_with(['\n', '\r'])
    };
    let starts = prose.iter().map(|range| range.start);
    let starts = starts.filter(move |at| text[*at..].starts_with('%') && begins_line(*at));
    starts.map(|at| at..text[at..].find(['\n', '\r']).map_or(text.len(), |line| at + line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn kinds(text: &str) -> Vec<LossKind> {
        Outline::of(text).losses.into_iter().map(|loss| loss.kind).collect()
    }

    #[test]
    fn comments_of_other_programs_are_found_in_prose_alone() {
        for (text, program) in [
            ("a %% b %% c\n", "Obsidian"),
            ("%%\nlong\n\ncomment\n%%\n", "Obsidian"),
            ("a {/* b */}\n", "MDX"),
            ("{{/* a */}}\n", "Hugo"),
            ("{% comment %}\n\na\n\n{% endcomment %}\n", "Jekyll and Liquid"),
            ("{::comment}\na\n{:/comment}\n", "kramdown"),
            ("a {# b #}\n", "Jinja"),
            ("a {>>b<<}\n", "CriticMarkup"),
        ] {
            assert_eq!(kinds(text), [LossKind::ForeignComment(program)], "{text}");
            assert_eq!(kinds(&format!("```\n{text}```\n")), [], "{text}");
        }
        assert_eq!(kinds("100%% and 50%%, `%% a %%`, \\%% a %%\n\n# Title {#id}\n"), []);
    }

    #[test]
    fn lines_that_begin_with_a_sign_of_per_cent_are_comments_where_a_text_looks_like_myst() {
        let myst = ["```{note}\na\n```\n", "> ~~~{warning}\n> a\n", ":::{tip}\na\n:::\n", "See {ref}`a`.\n"];
        let other = ["```sh\na\n```\n", "```{.sh}\na\n```\n", "{a b}`c`\n", "`{ref}`\n", "::: {tip}\na\n:::\n"];
        let comment = LossKind::ForeignComment("MyST");
        for (line, found) in [
            ("a\n% b\nc\n", Some(&comment)),
            ("> %b\n", Some(&comment)),
            ("%% a %%\n", Some(&LossKind::ForeignComment("Obsidian"))),
            ("\\% a\n", None),
            ("5 % a\n", None),
            ("```\n% a\n```\n", None),
        ] {
            for text in myst {
                let twice = kinds(&format!("{line}\n{text}\n{line}"));
                assert_eq!(
                    twice.iter().collect::<Vec<_>>(),
                    Vec::from_iter(found.into_iter().chain(found)),
                    "{line}{text}"
                );
            }
            for text in other.into_iter().filter(|_| found == Some(&comment)) {
                assert_eq!(kinds(&format!("{line}\n{text}")), [], "{line}{text}");
            }
        }
    }

    #[test]
    fn a_comment_that_would_be_shown_is_none() {
        assert_eq!(kinds("a\n[//]: # (b)\n"), [LossKind::MisplacedComment]);
        assert_eq!(kinds("[comment]: # (see (a))\n"), [LossKind::MisplacedComment]);
        assert_eq!(kinds("a\n\n[//]: # (b)\n"), []);
    }

    #[test]
    fn what_was_meant_as_a_link_or_a_note_is_found() {
        assert_eq!(kinds("a[^nope]\n"), [LossKind::UndefinedFootnote]);
        assert_eq!(kinds("a [b](c d.md) e\n"), [LossKind::NoLink]);
        assert_eq!(kinds("a [b](c.md) `x](y z)` [^1] [^ a]\n\n[^1]: b\n"), []);
    }
}
