//! Keys and addresses in a run: where they stand, and the run without them.
//!
//! In: a trajectory. Out: each text in it that looks like a key or an address, with its steps; or the same trajectory with a
//! mask in the place of each, one for all that are the same. It looks through every text of the file, names of fields and
//! runs of subagents included, and never into pictures.

use super::{JsonObject, Trajectory, atif};
use aho_corasick::{AhoCorasick, MatchKind};
use goldbook_ground::diagnostic::{Fault, Rule, rules};
use goldbook_ground::sensitive::{self, AllowedTexts, SensitiveKind, SensitiveText};
use goldbook_ground::text::spliced;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;

/// Something in a run that looks like a key or an address.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitiveInRun {
    /// What it looks like.
    pub kind: SensitiveKind,
    /// What found it.
    pub rule: &'static str,
    /// The text itself: never to be shown.
    pub value: String,
    /// Where it stands, each place once, in the order of reading.
    pub places: Vec<RunPlace>,
}

/// A place in a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunPlace {
    /// The subagent in whose run it is.
    pub subagent: Option<String>,
    /// The step; what stands outside them has none.
    pub step: Option<usize>,
}

/// How many texts of each kind were masked.
pub type MaskedCounts = BTreeMap<SensitiveKind, usize>;

impl fmt::Display for RunPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(out, "step {step}")?,
            None => out.write_str("outside the steps")?,
        }
        match &self.subagent {
            Some(name) => write!(out, " of the subagent {name}"),
            None => Ok(()),
        }
    }
}

impl Trajectory {
    /// What in the run looks like a key or an address, in the order of reading.
    pub fn sensitive(&self) -> Vec<SensitiveInRun> {
        let mut all: Vec<SensitiveInRun> = Vec::new();
        let mut known: HashMap<(SensitiveKind, String), usize> = HashMap::new();
        walk_run(&self.as_value(), &RunPlace::default(), &mut |place, name, text| {
            for SensitiveText { kind, rule, value, .. } in found(name, text) {
                let at = *known.entry((kind, kind.canonical(&value))).or_insert_with(|| {
                    all.push(SensitiveInRun { kind, rule, value, places: Vec::new() });
                    all.len() - 1
                });
                if all[at].places.last() != Some(place) {
                    all[at].places.push(place.clone());
                }
            }
        });
        all
    }

    /// Masks what looks like a key or an address and is not allowed, and says how many different ones there were.
    ///
    /// # Errors
    /// A run that can't be read back, which none is that was read.
    pub fn redact(&mut self, allowed: &AllowedTexts) -> Result<MaskedCounts, Fault> {
        let mut counts = MaskedCounts::new();
        let mut run = self.as_value();
        let mut masks = Masks::beside(&run);
        // Where something is masked, what is left beside it may look like a key only then.
        for _ in 0..MOST_ROUNDS {
            let Some(fresh) = masks.find(&run, allowed) else { break };
            fresh.into_iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
            masks.put_into(&mut run, allowed);
        }
        if !counts.is_empty() {
            *self = atif::embedded(run)?;
        }
        Ok(counts)
    }

    fn as_value(&self) -> Value {
        serde_json::to_value(self).expect("every key is text and nothing else can fail")
    }
}

/// How often a run is looked through for masking.
const MOST_ROUNDS: usize = 4;

/// What a text holds; those that are pictures hold nothing.
fn found(name: Option<&str>, text: &str) -> Vec<SensitiveText> {
    match name {
        _ if is_picture(text) => Vec::new(),
        Some(name) => sensitive::find_named(name, text),
        None => sensitive::find(text),
    }
}

/// Whether a text is bytes of a picture or of a recording: base64, after what a data URI begins with or alone.
fn is_picture(text: &str) -> bool {
    let is_of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte);
    let data = match text.strip_prefix("data:").and_then(|uri| uri.split_once(',')) {
        Some((kind, data)) if kind.len() <= 100 && kind.ends_with(";base64") => data,
        _ if text.len() >= SHORTEST_PICTURE => text,
        _ => return false,
    };
    data.bytes().all(is_of_base64)
}

/// Fewest bytes of base64 that are a picture's and no key's.
const SHORTEST_PICTURE: usize = 4096;

/// What is called for each text: where it stands, the name of its field if it has one, and the text.
type Visit<'a> = dyn FnMut(&RunPlace, Option<&str>, &str) + 'a;

/// Every text of a run in the order of reading.
fn walk_run(run: &Value, of: &RunPlace, visit: &mut Visit<'_>) {
    let Value::Object(fields) = run else { return walk(run, of, None, visit) };
    for (name, value) in in_reading_order(fields) {
        match (name.as_str(), value) {
            ("steps", Value::Array(steps)) => {
                for (step, number) in steps.iter().zip(1..) {
                    walk(step, &RunPlace { step: Some(number), ..of.clone() }, None, visit);
                }
            }
            ("subagent_trajectories", Value::Array(runs)) => {
                for (run, number) in runs.iter().zip(1..) {
                    let id = run["trajectory_id"].as_str().map_or_else(|| format!("{number}"), str::to_owned);
                    walk_run(run, &RunPlace { subagent: Some(id), step: None }, visit);
                }
            }
            _ => walk(value, of, Some(name), visit),
        }
    }
}

fn walk(value: &Value, place: &RunPlace, name: Option<&str>, visit: &mut Visit<'_>) {
    match value {
        Value::String(text) => visit(place, name, text),
        Value::Array(items) => items.iter().for_each(|item| walk(item, place, None, visit)),
        Value::Object(fields) => {
            for (name, value) in in_reading_order(fields) {
                visit(place, None, name);
                walk(value, place, Some(name), visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Fields as a page shows them; those that only a file shows come last.
fn in_reading_order(fields: &JsonObject) -> Vec<(&String, &Value)> {
    const ORDER: [&str; 6] = ["agent", "steps", "reasoning_content", "message", "tool_calls", "observation"];
    let rank = |name: &str| ORDER.iter().position(|known| *known == name);
    let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| (name.as_str() == "extra", rank(name).is_none(), rank(name)));
    fields
}

/// What stands for what: the same text has the same mask in the whole file.
struct Masks {
    numbers: HashMap<(SensitiveKind, String), usize>,
    last: BTreeMap<SensitiveKind, usize>,
    /// Keys, which may be told by what stands beside them, each with its mask: they are masked wherever they stand.
    keys: Vec<(String, String)>,
}

/// Masks and all keys at once, to be looked for.
struct Masking<'a> {
    masks: &'a Masks,
    allowed: &'a AllowedTexts,
    keys: Option<AhoCorasick>,
}

impl Masks {
    /// Masks whose numbers no mask of the run has already.
    fn beside(run: &Value) -> Self {
        let mut last: BTreeMap<SensitiveKind, usize> = BTreeMap::new();
        walk_run(run, &RunPlace::default(), &mut |_, _, text| {
            for kind in SensitiveKind::ALL {
                let start = format!("[{}-", kind.mask());
                let numbers = text.split(&start).skip(1).filter_map(|rest| {
                    let number = rest.split_once(']')?.0;
                    number.parse::<usize>().ok().filter(|number| *number <= MOST_MASKS)
                });
                let highest = numbers.max().unwrap_or(0);
                let before = last.entry(kind).or_default();
                *before = highest.max(*before);
            }
        });
        Self { numbers: HashMap::new(), last, keys: Vec::new() }
    }

    /// Numbers what has no mask yet, and gives the kind of each; none if nothing is left to be masked.
    fn find(&mut self, run: &Value, allowed: &AllowedTexts) -> Option<Vec<SensitiveKind>> {
        let (mut fresh, mut is_masked) = (Vec::new(), true);
        walk_run(run, &RunPlace::default(), &mut |_, name, text| {
            for SensitiveText { kind, value, .. } in unallowed(name, text, allowed) {
                is_masked = false;
                let key = (kind, kind.canonical(&value));
                if self.numbers.contains_key(&key) {
                    continue;
                }
                let last = self.last.entry(kind).or_default();
                *last += 1;
                if kind == SensitiveKind::Key && value.len() >= SHORTEST_TOLD_ALONE {
                    self.keys.push((value, mask(kind, *last)));
                }
                self.numbers.insert(key, *last);
                fresh.push(kind);
            }
        });
        (!is_masked).then_some(fresh)
    }

    /// Masks every text of a run.
    fn put_into(&self, run: &mut Value, allowed: &AllowedTexts) {
        // Of a key and one that it begins with, the longer one is meant.
        let mut search = AhoCorasick::builder();
        let keys = search
            .match_kind(MatchKind::LeftmostLongest)
            .build(self.keys.iter().map(|(key, _)| key))
            .ok()
            .filter(|_| !self.keys.is_empty());
        Masking { masks: self, allowed, keys }.put_into(run, None);
    }
}

impl Masking<'_> {
    fn put_into(&self, value: &mut Value, name: Option<&str>) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(masked) = self.masked(name, text) {
                    *text = masked;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.put_into(item, None)),
            Value::Object(fields) => {
                for (name, mut value) in std::mem::take(fields) {
                    self.put_into(&mut value, Some(&name));
                    let name = self.masked(None, &name).into_owned();
                    fields.insert(free_name(name, fields), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn masked<'t>(&self, name: Option<&str>, text: &'t str) -> Cow<'t, str> {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for SensitiveText { kind, value, range, .. } in unallowed(name, text, self.allowed) {
            let Some(number) = self.masks.numbers.get(&(kind, kind.canonical(&value))) else { continue };
            // Codes within stay: the colours of what follows hang on them.
            let codes: String = sensitive::codes(&text[range.clone()]).map(|code| &text[range.clone()][code]).collect();
            edits.push((range, mask(kind, *number) + &codes));
        }
        let alone = self.keys.iter().filter(|_| !is_picture(text)).flat_map(|keys| keys.find_iter(text));
        let alone = alone.map(|key| (key.range(), self.masks.keys[key.pattern().as_usize()].1.clone()));
        edits.extend(alone);
        // What was found stands before what is only the same as something found elsewhere, and is the longer one.
        edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        edits.dedup_by(|next, before| next.0.start < before.0.end);
        if edits.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(spliced(text, edits))
    }
}

/// Shortest key that is masked where nothing beside it tells that it is one.
const SHORTEST_TOLD_ALONE: usize = 12;

/// Highest number of a mask that is counted on from.
const MOST_MASKS: usize = 1_000_000_000;

fn mask(kind: SensitiveKind, number: usize) -> String {
    format!("[{}-{number}]", kind.mask())
}

fn unallowed(name: Option<&str>, text: &str, allowed: &AllowedTexts) -> impl Iterator<Item = SensitiveText> {
    found(name, text).into_iter().filter(|found| !allowed.allow(found.rule, &found.value))
}

/// A name that no field has: of two names that became one, the second is told apart.
fn free_name(mut name: String, fields: &JsonObject) -> String {
    while fields.contains_key(&name) {
        name.push('\'');
    }
    name
}

/// What was found, by the rule that it is a finding of.
pub fn by_rule(found: &[SensitiveInRun]) -> Vec<(&'static Rule, Vec<&SensitiveInRun>)> {
    let (keys, others): (Vec<_>, Vec<_>) = found.iter().partition(|found| found.kind == SensitiveKind::Key);
    let all = [(rules::SECRET_TEXT, keys), (rules::PERSONAL_TEXT, others)];
    all.into_iter().filter(|(_, found)| !found.is_empty()).collect()
}

/// What was found in a run, by kind, with the first places of each: `1 key (\`ghp_…3f\`, github-pat, step 12)`.
pub fn in_words(found: &[&SensitiveInRun]) -> String {
    let of_kind = |kind: SensitiveKind| {
        let of: Vec<&&SensitiveInRun> = found.iter().filter(|found| found.kind == kind).collect();
        let mut named: Vec<String> = of.iter().take(MOST_NAMED).map(|found| named(found)).collect();
        if of.len() > MOST_NAMED {
            named.push(format!("and {} more", of.len() - MOST_NAMED));
        }
        (!of.is_empty()).then(|| format!("{} ({})", kind.counted(of.len()), named.join("; ")))
    };
    SensitiveKind::ALL.into_iter().filter_map(of_kind).collect::<Vec<_>>().join(", ")
}

/// Most texts of a kind that are named.
const MOST_NAMED: usize = 3;

fn named(found: &SensitiveInRun) -> String {
    let rule = if found.kind == SensitiveKind::Key { format!(", {}", found.rule) } else { String::new() };
    let first = found.places.first().map_or_else(String::new, |place| format!(", {place}"));
    let more = match found.places.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    format!("`{}`{rule}{first}{more}", found.kind.shown(&found.value))
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, read};
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// Pieces of texts, those of one kind beside what only looks like it.
    const PIECES: [&str; 16] = [
        "mara.lind@northmail.zz",
        "Jo@northmail.zz",
        "user@example.com",
        "/home/mlind",
        "/home/ubuntu/x",
        "192.88.99.7",
        "10.0.0.1",
        "API_KEY=",
        "qZ8vK2mX9pL4wR7tB3nY6cD1",
        "postgres://mara:",
        "[email-3]",
        "[key-1]",
        "\\n",
        "\u{1b}[1m",
        " ",
        "\"",
    ];

    fn run(texts: &[String]) -> Trajectory {
        let messages: Vec<Value> = texts.iter().map(|text| json!({"role": "user", "content": text})).collect();
        read(json!(messages).to_string().as_bytes(), &ReadOptions::default()).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
        #[test]
        fn a_masked_run_holds_nothing_more_and_stays_as_it_is(
            texts in prop::collection::vec(prop::collection::vec(prop::sample::select(&PIECES[..]), 1..9), 1..4),
        ) {
            let mut masked = run(&texts.iter().map(|pieces| pieces.concat()).collect::<Vec<_>>());
            masked.redact(&AllowedTexts::default()).unwrap();
            prop_assert_eq!(masked.sensitive(), vec![]);
            let mut again = masked.clone();
            prop_assert!(again.redact(&AllowedTexts::default()).unwrap().is_empty());
            prop_assert_eq!(again, masked);
        }
    }

    #[test]
    fn masks_go_on_from_those_that_a_run_has_and_no_field_is_lost() {
        let mut run = run(&["[email-4] and mara@northmail.zz".to_owned()]);
        run.extra = json!({"mara@northmail.zz": 1, "MARA@northmail.zz": 2}).as_object().unwrap().clone();
        let counts = run.redact(&AllowedTexts::default()).unwrap();
        assert_eq!(counts[&SensitiveKind::Email], 1);
        assert_eq!(run.steps[0].message.text(), "[email-4] and [email-5]");
        assert_eq!(run.extra.len(), 2);
        assert!(run.extra.keys().all(|name| name.starts_with("[email-5]")));
    }

    #[test]
    fn what_was_found_is_told_by_kind_with_its_first_places() {
        let texts = [
            "a@northmail.zz b@northmail.zz c@northmail.zz d1@northmail.zz",
            "mara@northmail.zz /home/mlind",
            "mara@northmail.zz",
        ];
        let found = run(&texts.map(str::to_owned)).sensitive();
        let words = in_words(&found.iter().collect::<Vec<_>>());
        assert_eq!(
            words,
            "3 e-mail addresses (`c…@northmail.zz`, step 1; `d…@northmail.zz`, step 1; `m…@northmail.zz`, step 2 and 1 more), \
             1 home folder (`/home/m…`, step 2)"
        );
    }
}
