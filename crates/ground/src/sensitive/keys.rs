//! Keys, tokens and passwords, by the rules of gitleaks and a few of ours.
//!
//! In: a text. Out: where it holds what a rule takes for one, and which rule. A rule's words are looked for first, all rules'
//! at once; its pattern is made when one of its words stands in a text, and then kept. It never looks into base64.

use super::PlainRange;
use super::taken::TakenRanges;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Captures, Regex, RegexBuilder};
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// A regular expression over ASCII that is made when it is first asked.
#[derive(Deserialize)]
#[serde(from = "String")]
pub struct AsciiPattern {
    text: String,
    made: OnceLock<Option<Regex>>,
}

/// Rules, and what none of them means.
#[derive(Deserialize)]
struct KeyRuleFile {
    allowed: NoKeys,
    rules: Vec<KeyRule>,
}

#[derive(Deserialize)]
struct KeyRule {
    id: String,
    /// Words in lower case, one of which stands in every text that the pattern fits.
    keywords: Vec<String>,
    regex: AsciiPattern,
    /// Whether up to 50 letters of a name before it belong to what it fits.
    lead: bool,
    /// How many bits a letter of a key carries at least; made-up ones repeat themselves.
    entropy: f64,
    /// The group that is the key; the first that fits if 0.
    group: usize,
    allowed: Vec<NoKeys>,
}

/// What is no key although a pattern fits.
#[derive(Deserialize)]
struct NoKeys {
    #[serde(rename = "in")]
    part: MatchPart,
    regexes: Vec<AsciiPattern>,
    words: WordList,
}

/// Words in lower case that are looked for at once, with a search that is made when it is first asked.
#[derive(Deserialize)]
#[serde(from = "Vec<String>")]
struct WordList {
    words: Vec<String>,
    made: OnceLock<Option<AhoCorasick>>,
}

/// Where a pattern of what is allowed is looked for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum MatchPart {
    Secret,
    Match,
    Line,
}

/// All rules, and their words.
struct KeyRules {
    files: [KeyRuleFile; 2],
    words: AhoCorasick,
    /// For each word, its rule by file and place.
    owners: Vec<(usize, usize)>,
}

/// The rule that goes by names alone, and is asked last.
const GENERIC: &str = "generic-api-key";

static RULES: LazyLock<KeyRules> = LazyLock::new(|| {
    let files = [include_str!("own.json"), include_str!("gitleaks.json")]
        .map(|text| serde_json::from_str::<KeyRuleFile>(text).expect("a test reads both files"));
    KeyRules::of(files)
});

impl From<String> for AsciiPattern {
    fn from(text: String) -> Self {
        Self { text, made: OnceLock::new() }
    }
}

impl From<Vec<String>> for WordList {
    fn from(words: Vec<String>) -> Self {
        Self { words, made: OnceLock::new() }
    }
}

impl WordList {
    fn stand_in(&self, text: &[u8]) -> bool {
        let make = || AhoCorasick::builder().ascii_case_insensitive(true).build(&self.words).ok();
        !self.words.is_empty() && self.made.get_or_init(make).as_ref().is_some_and(|words| words.is_match(text))
    }
}

impl AsciiPattern {
    /// A pattern, not made yet.
    pub fn new(text: &str) -> Self {
        Self::from(text.to_owned())
    }

    /// The expression; none if it is none, which a test rules out.
    fn regex(&self) -> Option<&Regex> {
        let make = || RegexBuilder::new(&self.text).unicode(false).size_limit(LARGEST_PATTERN).build().ok();
        self.made.get_or_init(make).as_ref()
    }

    /// Where it fits in a text.
    pub fn ranges<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.regex().into_iter().flat_map(|regex| regex.find_iter(text.as_bytes())).map(|found| found.range())
    }

    fn fits(&self, text: &[u8]) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }
}

/// Bytes that one pattern may take.
const LARGEST_PATTERN: usize = 64 << 20;

impl KeyRules {
    fn of(files: [KeyRuleFile; 2]) -> Self {
        let rules = files
            .iter()
            .enumerate()
            .flat_map(|(file, of)| of.rules.iter().enumerate().map(move |(at, rule)| ((file, at), rule)));
        let words = rules.flat_map(|(owner, rule)| rule.keywords.iter().map(move |word| (owner, word)));
        let (owners, words): (Vec<(usize, usize)>, Vec<&String>) = words.unzip();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words)
            .expect("a few hundred short words fit");
        Self { files, words, owners }
    }

    /// The rules one of whose words stands in a text, that of names alone last.
    fn candidates(&self, text: &[u8]) -> Vec<&KeyRule> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut seen = vec![false; self.owners.len()];
        for hit in self.words.find_overlapping_iter(text) {
            let word = hit.pattern().as_usize();
            if !std::mem::replace(&mut seen[word], true) {
                found.push(self.owners[word]);
            }
        }
        found.sort_unstable();
        found.dedup();
        let rules = found.into_iter().map(|(file, at)| &self.files[file].rules[at]);
        let (mut rules, generic): (Vec<_>, Vec<_>) = rules.partition(|rule| rule.id != GENERIC);
        rules.extend(generic);
        rules
    }
}

/// Where keys stand in a text.
pub fn find(text: &str) -> Vec<PlainRange> {
    let bytes = without_escapes(text);
    let mut found: Vec<PlainRange> = Vec::new();
    let mut taken = TakenRanges::default();
    for rule in RULES.candidates(&bytes) {
        let Some(regex) = rule.regex.regex() else { continue };
        for captures in regex.captures_iter(&bytes) {
            let range = in_letters(text, rule.key(&captures));
            if rule.means(&bytes, &captures, &range, &RULES.files) && taken.take(&range) {
                found.push(PlainRange { rule: &rule.id, range });
            }
        }
    }
    found
}

/// The text with escapes of JSON and of programs as spaces, so that a word begins and ends where it does when they are
/// read: `\nkey` as `  key`. Every other byte stays in its place.
fn without_escapes(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    let Some(mut at) = memchr::memchr(b'\\', bytes) else { return Cow::Borrowed(bytes) };
    let mut plain = bytes.to_vec();
    loop {
        let slashes = bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
        let end = at + slashes;
        match bytes.get(end) {
            Some(b'n' | b't' | b'r') => plain[at..=end].fill(b' '),
            Some(b'"' | b'\'') => plain[at..end].fill(b' '),
            _ => {}
        }
        match memchr::memchr(b'\\', &bytes[end..]) {
            Some(next) => at = end + next,
            None => return Cow::Owned(plain),
        }
    }
}

/// A range of bytes, widened to whole letters.
fn in_letters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = (0..=range.start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (range.end..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    start..end
}

impl KeyRule {
    /// The part of what fits that is the key.
    fn key(&self, captures: &Captures<'_>) -> Range<usize> {
        let whole = captures.get(0).map_or(0..0, |whole| whole.range());
        let group = match self.group {
            0 => captures.iter().skip(1).flatten().find(|group| !group.is_empty()),
            group => captures.get(group),
        };
        group.map_or(whole, |group| group.range())
    }

    /// Whether what fits is meant.
    fn means(&self, text: &[u8], captures: &Captures<'_>, key: &Range<usize>, files: &[KeyRuleFile]) -> bool {
        let whole = captures.get(0).map_or_else(|| key.clone(), |whole| whole.range());
        let lead = if self.lead {
            text[..whole.start].iter().rev().take(50).take_while(|byte| is_of_name(**byte)).count()
        } else {
            0
        };
        let whole = whole.start - lead..whole.end;
        let secret = &text[key.clone()];
        entropy(secret) > self.entropy
            && (self.id != GENERIC || is_no_id(secret, &text[whole.start..key.start]))
            && !is_in_base64(text, key)
            && !files
                .iter()
                .map(|file| &file.allowed)
                .chain(&self.allowed)
                .any(|allowed| allowed.allows(text, &whole, secret))
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)
}

/// Whether a value by whose name alone it may be a key is rather no digest, number or id: those are only where the name
/// says that it is secret.
fn is_no_id(secret: &[u8], name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let says = |word: &str| memchr::memmem::find(&name, word.as_bytes()).is_some();
    let is_id = secret.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-' || *byte == b'.');
    !is_id || ["secret", "token", "passw", "api_key", "api-key", "apikey"].into_iter().any(says)
}

/// Whether the range lies in a long run of letters such as base64 makes of pictures.
fn is_in_base64(text: &[u8], range: &Range<usize>) -> bool {
    let is_of_it = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let before = text[..range.start].iter().rev().take(LONGEST_KEY).take_while(is_of_it).count();
    let after = text[range.end..].iter().take(LONGEST_KEY).take_while(is_of_it).count();
    before + after >= LONGEST_KEY
}

/// Letters without a break that are more than a key has beside it.
const LONGEST_KEY: usize = 400;

/// Bytes of a line on either side that are looked at.
const LONGEST_LINE: usize = 500;

/// How many bits a letter carries (Shannon), by how often each stands in the text.
fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    text.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let shares = counts.into_iter().filter(|count| *count > 0).map(|count| f64::from(count) / text.len() as f64);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

impl NoKeys {
    fn allows(&self, text: &[u8], whole: &Range<usize>, secret: &[u8]) -> bool {
        let part = match self.part {
            MatchPart::Secret => secret,
            MatchPart::Match => &text[whole.clone()],
            MatchPart::Line => {
                let first = whole.start.saturating_sub(LONGEST_LINE);
                let last = (whole.end + LONGEST_LINE).min(text.len());
                let start = memchr::memrchr(b'\n', &text[first..whole.start]).map_or(first, |at| first + at + 1);
                let end = memchr::memchr(b'\n', &text[whole.end..last]).map_or(last, |at| whole.end + at);
                &text[start..end]
            }
        };
        self.regexes.iter().any(|pattern| pattern.fits(part)) || self.words.stand_in(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters that no service made, of a kind and a length.
    fn made_up(letters: &str, length: usize) -> String {
        let letters = letters.as_bytes();
        (0..length).map(|at| char::from(letters[(at * at + 7 * at + 3) % letters.len()])).collect()
    }

    const ALL: &str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    fn rules(text: &str) -> Vec<&'static str> {
        find(text).into_iter().map(|found| found.rule).collect()
    }

    #[test]
    fn every_pattern_can_be_made_and_every_rule_has_a_word() {
        for file in &RULES.files {
            for rule in &file.rules {
                let allowed =
                    file.allowed.regexes.iter().chain(rule.allowed.iter().flat_map(|allowed| &allowed.regexes));
                for pattern in allowed.chain([&rule.regex]) {
                    assert!(pattern.regex().is_some(), "{}: {}", rule.id, pattern.text);
                }
                assert!(!rule.keywords.is_empty(), "{}", rule.id);
                assert!(rule.keywords.iter().all(|word| *word == word.to_lowercase()), "{}", rule.id);
            }
        }
        assert!(RULES.files[1].rules.len() > 200);
    }

    #[test]
    fn keys_are_found_by_their_form() {
        let key = made_up(ALL, 36);
        for (text, rule) in [
            (format!("export GH=ghp_{key}"), "github-pat"),
            (format!("{{\\\"a\\\":\\\"x\\nghp_{key}\\\"}}"), "github-pat"),
            (format!("AKIA{}", made_up("ABCDEFGHJKLMNPQR234567", 16)), "aws-access-token"),
            (format!("\\nAKIA{}\\n", made_up("ABCDEFGHJKLMNPQR234567", 16)), "aws-access-token"),
            (format!("sk-ant-api03-{}AA", made_up(ALL, 93)), "anthropic-api-key"),
            (format!("sk-ant-oat01-{}", made_up(ALL, 90)), "anthropic-oauth-token"),
            (format!("hf_{}", made_up("abcdefghijkmnopqrstuvwxyz", 34)), "huggingface-access-token"),
            (format!("SHOP_API_KEY={}", made_up(ALL, 32)), "generic-api-key"),
            (format!("Authorization: Bearer {}", made_up(ALL, 40)), "authorization-header"),
            (format!("postgres://mara:{}@db.northmail.zz/x", made_up(ALL, 12)), "url-password"),
            (
                format!("-----BEGIN RSA {} KEY-----\n{}\n-----END RSA {0} KEY-----", "PRIVATE", made_up(ALL, 90)),
                "private-key",
            ),
        ] {
            assert_eq!(rules(&text), [rule], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_key_is_none() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "API_KEY=your_api_key_here token: ${TOKEN} password = 'password'",
            "commit 3f786850e387550fdab836ed7e6dc881de23001b",
            "cache-key: 3f786850e387550fdab836ed7e6dc881de23001b",
            &format!("\"OriginTrialToken\": \"{}\"", made_up(ALL, 60)),
            "\"prompt_cache_key\": \"0f8fad5b-d9cb-469f-a165-70867728950e\"",
            "postgres://postgres:postgres@db.northmail.zz https://user:pass1234@localhost:80",
            "https://a.northmail.zz/x:y@z",
            &format!("data:image/png;base64,{}AKIA{}", made_up(ALL, 500), made_up("ABCDEF234567", 400)),
        ] {
            assert_eq!(rules(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn entropy_is_bits_a_letter() {
        assert_eq!(entropy(b"aaaa"), 0.0);
        assert_eq!(entropy(b"abcd"), 2.0);
        assert_eq!(entropy(b""), 0.0);
    }
}
