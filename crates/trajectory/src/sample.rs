//! Which sample of a log is meant.
//!
//! In: the id and epoch of each sample, and the id that was asked for. Out: the sample's place in the log, its label,
//! and its line in a listing. It never picks one of several. Ids are text: the integer 1 and "1" are the same id.

use std::collections::BTreeMap;
use std::fmt;

use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text;

/// How many ids an error shows.
const SHOWN: usize = 5;

/// What a sample is known by in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SampleKey {
    pub id: String,
    /// Which of several runs of the same sample this is.
    pub epoch: Option<String>,
}

impl SampleKey {
    fn with_epoch(&self, epoch: &str) -> String {
        format!("{}#{epoch}", self.id)
    }
}

/// One sample of a log, as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleLine {
    /// The sample's id where that is unique, else `ID#EPOCH`: what `--sample` takes.
    pub id: String,
    /// Messages of a chat log, or steps of an ATIF file; nothing where only reading the whole sample would tell.
    pub messages: Option<usize>,
    /// How the run ended, where the log says it: `success`, `error`, `limit: message` …
    pub status: Option<String>,
    /// The model, where the log names it.
    pub model: Option<String>,
    /// The first words of what the agent was asked, on one line.
    pub input: String,
}

impl fmt::Display for SampleLine {
    /// One line, fit for a terminal: the id, then what is known, two spaces between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.id))?;
        match self.messages {
            Some(1) => f.write_str("  1 message")?,
            Some(count) => write!(f, "  {count} messages")?,
            None => {}
        }
        for known in [&self.status, &self.model].into_iter().flatten() {
            write!(f, "  {}", one_line(known))?;
        }
        match self.input.is_empty() {
            true => Ok(()),
            false => write!(f, "  {}", self.input),
        }
    }
}

/// The first words of a text, about 60 characters on one line.
pub(super) fn opening(text: &str) -> String {
    const LENGTH: usize = 60;
    // More than enough characters, so that a long text is not walked to its end.
    let start: String = text.chars().take(LENGTH * 8).collect();
    let line = one_line(&start);
    match line.char_indices().nth(LENGTH) {
        None => line,
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
    }
}

/// The text on one line: runs of white space and of characters that act on a terminal become one space.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || text::acts(c));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Each sample's label: its id where that is unique, else `ID#EPOCH`, or `ID#1`, `ID#2` … in the
/// log's order where epochs do not tell the samples apart either.
pub(super) fn labels(keys: &[SampleKey]) -> Vec<String> {
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, key) in keys.iter().enumerate() {
        by_id.entry(&key.id).or_default().push(index);
    }
    let mut labels = vec![String::new(); keys.len()];
    for group in by_id.into_values() {
        for (index, label) in group.iter().zip(group_labels(keys, &group)) {
            labels[*index] = label;
        }
    }
    labels
}

fn group_labels(keys: &[SampleKey], group: &[usize]) -> Vec<String> {
    if let [only] = group {
        return vec![keys[*only].id.clone()];
    }
    let epochs: Option<Vec<_>> = group.iter().map(|i| keys[*i].epoch.as_deref()).collect();
    let distinct = |epochs: &Vec<&str>| {
        let mut sorted = epochs.clone();
        sorted.sort_unstable();
        sorted.windows(2).all(|pair| pair[0] != pair[1])
    };
    match epochs.filter(distinct) {
        Some(epochs) => {
            let pairs = group.iter().zip(epochs);
            pairs.map(|(i, epoch)| keys[*i].with_epoch(epoch)).collect()
        }
        None => {
            let counted = group.iter().zip(1..);
            counted.map(|(i, n): (_, usize)| keys[*i].with_epoch(&n.to_string())).collect()
        }
    }
}

/// The index of the sample asked for, or of the only one.
pub(super) fn choose(keys: &[SampleKey], wanted: Option<&str>) -> Result<usize, Fault> {
    let labels = labels(keys);
    match wanted {
        None => only(&labels),
        Some(wanted) => find(keys, &labels, wanted),
    }
}

fn only(labels: &[String]) -> Result<usize, Fault> {
    if let [_] = labels {
        return Ok(0);
    }
    Err(Fault::whole(format!("the log holds {} samples: {}", labels.len(), some(labels)))
        .help("Choose one: `--sample ID` when it is imported, `sample: ID` in an example.")
        .help("`goldbook import trajectory FILE --list` shows them all."))
}

fn find(keys: &[SampleKey], labels: &[String], wanted: &str) -> Result<usize, Fault> {
    let is_wanted = |index: &usize| {
        let (key, label) = (&keys[*index], &labels[*index]);
        let full = key.epoch.as_deref().map(|epoch| key.with_epoch(epoch));
        label == wanted || full.as_deref() == Some(wanted)
    };
    let found: Vec<usize> = (0..keys.len()).filter(is_wanted).collect();
    if let [index] = found[..] {
        return Ok(index);
    }
    let same = (0..keys.len()).filter(|index| keys[*index].id == wanted || found.contains(index));
    let same: Vec<String> = same.map(|index| labels[index].clone()).collect();
    match same.is_empty() {
        true => Err(unknown(labels, wanted)),
        false => Err(Fault::whole(format!("the log holds sample `{}` {} times", one_line(wanted), same.len()))
            .help(format!("Choose one of {}.", some(&same)))),
    }
}

fn unknown(labels: &[String], wanted: &str) -> Fault {
    let mut nearest: Vec<&String> = labels.iter().collect();
    nearest.sort_by_cached_key(|label| distance(label, wanted));
    nearest.truncate(3);
    Fault::whole(format!("the log holds no sample `{}`", one_line(wanted))).help(format!(
        "Nearest are {}; `goldbook import trajectory FILE --list` shows all {}.",
        some(&nearest),
        labels.len()
    ))
}

/// The first few ids, for a message.
fn some<T: AsRef<str>>(ids: &[T]) -> String {
    let shown = ids.iter().take(SHOWN).map(|id| opening(id.as_ref()));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match ids.len() > SHOWN {
        true => format!("{shown}, …"),
        false => shown,
    }
}

/// Edits between the first 40 characters of two ids.
fn distance(a: &str, b: &str) -> usize {
    let [a, b] = [a, b].map(|id| id.chars().take(40).collect::<String>());
    strsim::levenshtein(&a, &b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(samples: &[(&str, &str)]) -> Vec<SampleKey> {
        let key = |(id, epoch): &(&str, &str)| SampleKey {
            id: id.to_string(),
            epoch: (!epoch.is_empty()).then(|| epoch.to_string()),
        };
        samples.iter().map(key).collect()
    }

    #[test]
    fn a_label_is_the_id_where_that_is_enough() {
        let of = |samples| labels(&keys(samples));
        assert_eq!(of(&[("a", "1"), ("b", "1")]), ["a", "b"]);
        assert_eq!(of(&[("a", "1"), ("b", "1"), ("a", "2")]), ["a#1", "b", "a#2"]);
        assert_eq!(of(&[("a", ""), ("a", "")]), ["a#1", "a#2"]);
        assert_eq!(of(&[("a", "1"), ("a", "1")]), ["a#1", "a#2"]);
    }

    #[test]
    fn the_only_sample_needs_no_id() {
        assert_eq!(choose(&keys(&[("x", "1")]), None), Ok(0));
    }

    #[test]
    fn several_samples_need_an_id_and_the_error_says_which_there_are() {
        let names = ["1", "2", "3", "4", "5", "6"].map(|id| (id, "1"));
        let error = choose(&keys(&names), None).unwrap_err();
        assert_eq!(error.message, "the log holds 6 samples: 1, 2, 3, 4, 5, …");
        assert!(error.help[0].contains("--sample ID") && error.help[1].contains("--list"));
    }

    #[test]
    fn an_id_with_epochs_needs_one() {
        let keys = keys(&[("a", "1"), ("a", "2"), ("b", "1")]);
        assert_eq!(choose(&keys, Some("a#2")), Ok(1));
        assert_eq!(choose(&keys, Some("b")), Ok(2));
        assert_eq!(choose(&keys, Some("b#1")), Ok(2));
        let error = choose(&keys, Some("a")).unwrap_err();
        assert!(error.help[0].contains("a#1, a#2"), "{error}");
    }

    #[test]
    fn an_unknown_id_is_answered_with_the_nearest() {
        let keys = keys(&[("red", ""), ("green", ""), ("blue", ""), ("ref", "")]);
        let error = choose(&keys, Some("rad")).unwrap_err();
        assert_eq!(error.message, "the log holds no sample `rad`");
        assert!(error.help[0].starts_with("Nearest are red, ref,"), "{error}");
    }

    #[test]
    fn a_line_is_one_line_that_is_safe_on_a_terminal() {
        let line = SampleLine {
            id: "a\u{1b}[31m\nb".into(),
            messages: Some(1),
            status: Some("success".into()),
            model: None,
            input: opening(&"word\n\t ".repeat(40)),
        };
        let text = line.to_string();
        assert!(text.starts_with("a [31m b  1 message  success  word word"), "{text}");
        assert!(text.ends_with('…') && !text.contains('\n'));
        assert!(text.chars().count() < 110);
    }
}
