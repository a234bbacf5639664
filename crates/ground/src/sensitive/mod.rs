//! What looks like a key, an e-mail address, a home folder or the address of a machine in a text.
//!
//! In: a text. Out: where such things stand in it, of which kind each is, and how it can be told of without being shown.
//! What is plainly made up, or the same on every machine, is none of them. It never decides what becomes of one.

mod allowed;
mod emails;
mod homes;
mod keys;
mod machines;
mod plain;
mod taken;

pub use allowed::AllowedTexts;
pub use plain::codes;

use plain::PlainText;
use std::ops::Range;
use taken::TakenRanges;

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SensitiveKind {
    /// A key, a token or a password.
    Key,
    /// An e-mail address.
    Email,
    /// The folder of somebody's account.
    Home,
    /// The address of a machine that others can reach.
    Machine,
}

/// Something in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensitiveText {
    /// What it looks like.
    pub kind: SensitiveKind,
    /// What found it: a rule of gitleaks, or one of ours.
    pub rule: &'static str,
    /// The text itself, without the codes of a terminal.
    pub value: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// One of them in a text without the codes of a terminal.
struct PlainRange {
    rule: &'static str,
    range: Range<usize>,
}

impl SensitiveKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Key, Self::Email, Self::Home, Self::Machine];

    /// What one is called, and several are.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Key => ("key", "keys"),
            Self::Email => ("e-mail address", "e-mail addresses"),
            Self::Home => ("home folder", "home folders"),
            Self::Machine => ("IP address", "IP addresses"),
        }
    }

    /// So many of them, in words.
    pub fn counted(self, count: usize) -> String {
        let (one, several) = self.words();
        format!("{count} {}", if count == 1 { one } else { several })
    }

    /// What a mask calls it, which is none of them itself.
    pub fn mask(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Email => "email",
            Self::Home => "home",
            Self::Machine => "ip",
        }
    }

    /// What is the same of two that are one.
    pub fn canonical(self, value: &str) -> String {
        match self {
            Self::Email => value.to_lowercase(),
            Self::Key | Self::Home | Self::Machine => value.to_owned(),
        }
    }

    /// Enough of one to be found by, and not more.
    pub fn shown(self, value: &str) -> String {
        let first = |count: usize| value.chars().take(count).collect::<String>();
        match self {
            Self::Key if value.len() < 16 => "…".to_owned(),
            Self::Key => {
                let letters = value.trim_end().chars();
                let last: Vec<char> = letters.rev().take(2).collect();
                format!("{}…{}", first(4), last.into_iter().rev().collect::<String>())
            }
            Self::Email => format!("{}…@{}", first(1), value.rsplit('@').next().unwrap_or_default()),
            Self::Home => {
                let name = value.rfind(['/', '\\']).map_or(0, |at| at + 1);
                format!("{}{}…", &value[..name], value[name..].chars().take(1).collect::<String>())
            }
            Self::Machine => format!("{}…", &value[..value.find(['.', ':']).map_or(0, |at| at + 1)]),
        }
    }

    fn find(self, text: &str) -> Vec<PlainRange> {
        match self {
            Self::Key => keys::find(text),
            Self::Email => emails::find(text),
            Self::Home => homes::find(text),
            Self::Machine => machines::find(text),
        }
    }
}

/// Everything of the kind in a text, in its order; where two overlap, that of the earlier kind.
pub fn find(text: &str) -> Vec<SensitiveText> {
    let plain = PlainText::of(text);
    let mut found: Vec<SensitiveText> = Vec::new();
    let mut taken = TakenRanges::default();
    for kind in SensitiveKind::ALL {
        for PlainRange { rule, range } in kind.find(&plain.text) {
            let value = plain.text[range.clone()].to_owned();
            if taken.take(&range) {
                found.push(SensitiveText { kind, rule, value, range: plain.original(range) });
            }
        }
    }
    found.sort_by_key(|found| found.range.start);
    found
}

/// Everything of the kind in a value of this name, such as a variable's: the name may say what the value is.
pub fn find_named(name: &str, value: &str) -> Vec<SensitiveText> {
    let found = find(value);
    if !found.is_empty() || !is_name(name) || value.len() > LONGEST_NAMED || value.contains(char::is_whitespace) {
        return found;
    }
    let before = format!("{name}=\"");
    let inside = keys::find(&format!("{before}{value}\"")).into_iter().filter_map(|PlainRange { rule, range }| {
        let range = range.start.checked_sub(before.len())?..(range.end - before.len()).min(value.len());
        Some(SensitiveText { kind: SensitiveKind::Key, rule, value: value.get(range.clone())?.to_owned(), range })
    });
    inside.collect()
}

/// Whether a word is one of a list, whose words stand between spaces.
fn has(words: &str, word: &str) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    let bytes = words.as_bytes();
    let mut at = memchr::memmem::find_iter(bytes, word);
    !word.is_empty() && at.any(|at| is_edge(bytes[..at].last()) && is_edge(bytes.get(at + word.len())))
}

/// The end of a text, at most so many bytes of it.
fn end_of(text: &str, most: usize) -> &str {
    let start = (text.len().saturating_sub(most)..=text.len()).find(|at| text.is_char_boundary(*at));
    &text[start.unwrap_or(text.len())..]
}

/// Longest value that its name may tell to be a key.
const LONGEST_NAMED: usize = 300;

fn is_name(name: &str) -> bool {
    name.len() <= 80 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}
