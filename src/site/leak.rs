//! The second lock: a search of the finished output for what its audience may not see.
//!
//! In: a rendered `Site`, and the secrets of the whole Model. Out: a finding for each hit, naming both places.
//! Text is compared letter by letter without case, markup, entities, punctuation or white space, so that a secret is
//! found in a page, an attribute, JSON, a slug or a file name. It knows nothing of how pages are made.

use super::{File, Site, SitePart};
use crate::audience::{AudienceId, Audiences};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::disk::DiskError;
use crate::memo::{Function, Memo};
use crate::model::secrets::{Secret, SecretKind};
use ahash::AHashMap;
use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most hits that are reported; one is enough to stop the build.
const MOST: usize = 25;

/// Searches `site`, made for `audience`, for the secrets that `audience` may not see.
/// What was found in a file before is not searched for again.
pub fn check(site: &Site, audience: &str, secrets: &[&Secret], memo: &Memo, diagnostics: &mut Diagnostics) {
    let search = SecretSearch::new(secrets);
    if search.is_empty() {
        return;
    }
    let parts: Vec<(&String, &Arc<SitePart>)> = site.parts.iter().collect();
    let parts = parts.into_par_iter().map(|(name, part)| search.part(&format!("{audience}/{name}"), part, memo));
    let mut found = BTreeSet::new();
    for part in parts.collect::<Vec<_>>() {
        found.extend(part.hits.iter().cloned());
        for (path, error) in &part.unreadable {
            diagnostics.add(rules::UNREADABLE, Place::file(&**path), error.clone());
        }
    }
    for (path, secret) in found.iter().take(MOST) {
        let secret = secrets[*secret];
        let message =
            format!("the output for `{audience}` would hold {}: “{}”", secret.kind.what(), beginning(&secret.text));
        diagnostics
            .add(rules::AUDIENCE_LEAK, Place::file(format!("{audience}/{path}")), message)
            .related(Place::file(secret.place.clone()), "it is from")
            .help("reword one of the two places, or narrow the page's audience; nothing was written");
    }
}

/// A part of a site to what was found in it.
struct PartSearch;

impl Function for PartSearch {
    type Value = Arc<SearchedPart>;
}

/// A file to the secrets found in it, by the digest of the search and the file.
pub struct FileSearch;

impl Function for FileSearch {
    type Value = Vec<usize>;
}

/// What a search of one part of a site found.
struct SearchedPart {
    /// Paths, and the secrets found there.
    hits: Vec<(Arc<str>, usize)>,
    /// Files that could not be searched, and why.
    unreadable: Vec<(Arc<str>, String)>,
    /// The secrets found in each file, by the digest of the search and the file.
    by_inputs: AHashMap<Digest, Vec<usize>>,
}

/// The first words of a secret, for whoever must find it.
fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(48).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}

/// The secrets that a reader may not see.
pub fn hidden_from<'a>(secrets: &'a [Secret], reader: AudienceId, audiences: &Audiences) -> Vec<&'a Secret> {
    secrets.iter().filter(|secret| !audiences.may_see(reader, secret.audience)).collect()
}

struct SecretSearch {
    texts: Option<AhoCorasick>,
    text_owners: Vec<usize>,
    names: Option<AhoCorasick>,
    name_owners: Vec<(usize, bool)>,
    /// The digest of what is searched for.
    digest: Digest,
}

impl SecretSearch {
    fn new(secrets: &[&Secret]) -> Self {
        let (mut texts, mut text_owners) = (Vec::new(), Vec::new());
        let (mut names, mut name_owners) = (Vec::new(), Vec::new());
        for (index, secret) in secrets.iter().enumerate() {
            if secret.kind.is_name() {
                let slug = crate::markdown::slug::path(&secret.text);
                for name in BTreeSet::from([secret.text.to_lowercase(), slug]) {
                    name_owners.push((index, is_unmistakable(&name)));
                    names.push(name);
                }
            } else {
                for needle in needles(secret) {
                    texts.push(needle);
                    text_owners.push(index);
                }
            }
        }
        let build = |patterns: &[String]| {
            let builder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns);
            builder.ok().filter(|_| !patterns.is_empty())
        };
        let digest = Inputs::of("secrets").list(secrets.iter(), |inputs, secret| {
            inputs.text(secret.kind.what()).text(&secret.text).text(&secret.place)
        });
        Self { texts: build(&texts), text_owners, names: build(&names), name_owners, digest: digest.end() }
    }

    fn is_empty(&self) -> bool {
        self.texts.is_none() && self.names.is_none()
    }

    /// Searches a part; files that are as they were are not searched again.
    fn part(&self, name: &str, part: &SitePart, memo: &Memo) -> Arc<SearchedPart> {
        let inputs = Inputs::of("search of a part").digest(&self.digest).digest(&part.digest).end();
        memo.latest::<PartSearch>(name, inputs, |before| {
            let search = |(path, file): (&Arc<str>, &File)| {
                let inputs = Inputs::of("search").digest(&self.digest).text(path).digest(&file.digest).end();
                let hits = before.as_ref().and_then(|before| before.by_inputs.get(&inputs).cloned());
                let hits = hits.map_or_else(|| self.unless_known(inputs, path, file, memo), Ok);
                (Arc::clone(path), inputs, hits)
            };
            let mut searched = SearchedPart { hits: Vec::new(), unreadable: Vec::new(), by_inputs: AHashMap::new() };
            for (path, inputs, hits) in part.files.par_iter().map(search).collect::<Vec<_>>() {
                match hits {
                    Ok(hits) => {
                        searched.hits.extend(hits.iter().map(|secret| (Arc::clone(&path), *secret)));
                        searched.by_inputs.insert(inputs, hits);
                    }
                    Err(error) => searched.unreadable.push((path, error.error.to_string())),
                }
            }
            Arc::new(searched)
        })
    }

    fn unless_known(&self, inputs: Digest, path: &str, file: &File, memo: &Memo) -> Result<Vec<usize>, DiskError> {
        if let Some(hits) = memo.find::<FileSearch>(inputs) {
            return Ok(hits);
        }
        let hits: Vec<usize> = self.file(path, &file.bytes()?).into_iter().collect();
        memo.keep::<FileSearch>(inputs, hits.clone());
        Ok(hits)
    }

    /// The secrets found in one file or its name.
    fn file(&self, path: &str, bytes: &[u8]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for text in decoded(path, bytes) {
            if let Some(texts) = &self.texts {
                let folded = fold(&text);
                found.extend(texts.find_overlapping_iter(&folded).map(|hit| self.text_owners[hit.pattern()]));
            }
            if let Some(names) = &self.names {
                let text = text.to_lowercase();
                for hit in names.find_overlapping_iter(&text) {
                    let (owner, unmistakable) = self.name_owners[hit.pattern()];
                    let before = &text[..hit.start()];
                    if is_whole(before, &text[hit.end()..]) && (unmistakable || is_announced(before)) {
                        found.insert(owner);
                    }
                }
            }
        }
        found
    }
}

/// Shortest piece of text that is searched for, in letters and digits: shorter ones stand in innocent text too.
const SHORTEST: usize = 12;
/// Longest piece: of a longer sentence each such part is searched for, so that a quoted part is found as well.
const LONGEST: usize = 48;

/// The folded sentences of a secret, long ones in parts.
fn needles(secret: &Secret) -> Vec<String> {
    if secret.kind == SecretKind::Canary {
        return vec![fold(&secret.text)];
    }
    let shortest = if secret.kind == SecretKind::GoldRow { SHORTEST + 8 } else { SHORTEST };
    let mut needles = Vec::new();
    for sentence in secret.text.split_inclusive(['.', '!', '?', '\n', ';']) {
        let letters: Vec<char> = fold(sentence).chars().collect();
        if letters.len() < shortest {
            continue;
        }
        let parts = letters.len().div_ceil(LONGEST);
        let length = letters.len().div_ceil(parts);
        needles.extend(letters.chunks(length).map(|part| part.iter().collect::<String>()));
    }
    let whole = fold(&secret.text);
    if needles.is_empty() && whole.chars().count() >= shortest {
        needles.push(whole);
    }
    needles.retain(|needle| needle.chars().count() >= SHORTEST);
    needles
}

/// Letters and digits only, in lower case.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether an id can't stand in a text by chance.
fn is_unmistakable(name: &str) -> bool {
    let letters = name.chars().any(char::is_alphabetic);
    let others = name.chars().any(|c| !c.is_alphabetic());
    (letters && others && name.chars().count() >= 4) || name.chars().count() >= 9
}

/// Whether a match is a word of its own.
fn is_whole(before: &str, after: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !before.ends_with(part) && !after.starts_with(part)
}

/// Whether the word "rater" or "cohort" stands just before, as in `"rater":"7"` or `/raters/7/`.
fn is_announced(before: &str) -> bool {
    let tail: String = before.chars().rev().take(14).collect::<Vec<_>>().into_iter().rev().collect();
    let tail = tail.to_lowercase();
    tail.contains("rater") || tail.contains("cohort")
}

/// The readings of a file in which a secret could stand: its name, its text, and its markup with attributes.
fn decoded(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut readings = vec![percent_decoded(path)];
    let raw = String::from_utf8_lossy(bytes);
    if path.ends_with(".html") || path.ends_with(".svg") {
        readings.push(entities_decoded(&without_tags(&raw)));
        readings.push(percent_decoded(&entities_decoded(&raw)));
    } else if path.ends_with(".json") {
        let mut strings = String::new();
        if let Ok(value) = serde_json::from_str(&raw) {
            collect_strings(&value, &mut strings);
        }
        readings.push(strings);
        readings.push(raw.into_owned());
    } else {
        readings.push(entities_decoded(&raw));
        if raw.contains('\\') {
            readings.push(escapes_decoded(&raw));
        }
    }
    readings
}

/// `\n` and `\u00e9` as in JSON lines, YAML or scripts.
fn escapes_decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code =
            after.strip_prefix('u').and_then(|hex| hex.get(..4)).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &after[5..];
            }
            None => {
                let mut chars = after.chars();
                match chars.next() {
                    Some('n' | 'r' | 't') | None => out.push(' '),
                    Some(c) => out.push(c),
                }
                rest = chars.as_str();
            }
        }
    }
    out.push_str(rest);
    out
}

fn collect_strings(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect_strings(value, out)),
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                out.push_str(key);
                out.push_str(": ");
                collect_strings(value, out);
            }
        }
        _ => {}
    }
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

fn entities_decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.char_indices().take(10).find(|(_, c)| *c == ';').map(|(at, _)| at);
        match end.and_then(|end| entity(&after[..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &after[end + 1..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

fn percent_decoded(text: &str) -> String {
    if text.contains('%') { crate::document::links::decode(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(kind: SecretKind, secret: &str, path: &str, text: &str) -> bool {
        let secret = Secret { kind, text: secret.to_owned(), place: "s.md".into(), audience: None };
        let mut site = Site::default();
        let part = SitePart::new([(path.into(), File::new(text.as_bytes()))].into());
        site.parts.insert(String::new(), Arc::new(part));
        let mut diagnostics = Diagnostics::default();
        check(&site, "contractors", &[&secret], &Memo::default(), &mut diagnostics);
        diagnostics.gate().is_err()
    }

    #[test]
    fn a_secret_is_found_in_every_shape() {
        let reason = "The resolver's conflict is printed & ignored.";
        let shapes = [
            ("a.html", "<p>The <b>resolver</b>&#39;s conflict\n is printed &amp; ignored.</p>"),
            ("a.html", "<p title=\"The resolver&#x27;s conflict is printed &amp; ignored.\">x</p>"),
            ("a.html", "<!-- the RESOLVER'S conflict is printed & ignored -->"),
            ("a.html", "<a href=\"#The%20resolver%27s%20conflict%20is%20printed%20ignored\">x</a>"),
            ("a.json", "{\"a\":[\"The resolver\\u0027s conflict is printed \\u0026 ignored.\"]}"),
            ("a.json", "{\"The resolver's conflict is printed ignored\": 1}"),
            ("a.csv", "x,the resolver's conflict is printed & ignored."),
            ("the-resolver-s-conflict-is-printed-ignored/index.html", "x"),
        ];
        for (path, text) in shapes {
            assert!(found(SecretKind::Reason, reason, path, text), "{path}: {text}");
        }
        assert!(!found(SecretKind::Reason, reason, "a.html", "<p>The resolver ran.</p>"));
    }

    #[test]
    fn rater_ids_are_whole_words_and_short_ones_need_an_announcement() {
        assert!(found(SecretKind::Rater, "a-01", "a.html", "<p>by a-01.</p>"));
        assert!(found(SecretKind::Rater, "a-01", "raters/a-01/index.html", ""));
        assert!(!found(SecretKind::Rater, "a-01", "a.html", "<p>extra-01 and a-012</p>"));
        assert!(!found(SecretKind::Rater, "7", "a.html", "<p>7 steps</p>"));
        assert!(found(SecretKind::Rater, "7", "a.json", "{\"rater\":\"7\"}"));
    }

    proptest! {
        #[test]
        fn a_planted_sentence_is_always_found(
            before in "\\PC{0,80}", after in "\\PC{0,80}", secret in "[a-zA-Z][a-zA-Z ]{20,120}[a-z]",
        ) {
            prop_assume!(fold(&secret).len() >= 16);
            let html = format!("<p>{}{}{}</p>", crate::text::html(&before), crate::text::html(&secret), crate::text::html(&after));
            prop_assert!(found(SecretKind::Passage, &secret, "a.html", &html));
        }
    }
}
