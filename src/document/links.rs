//! Links: from what an author wrote to what it names.
//!
//! In: a link's target and the path of the file it stands in. Out: a place of the site, another site, or nothing.
//! One function for the check and for rendering, so that both agree. It never asks what exists.

use super::TASKS;
use crate::digest::Inputs;
use crate::markdown::ids::{RunSide, step_at};
use crate::markdown::outline::Outline;
use crate::source::folder_of;
use semver::Version;
use std::borrow::Cow;
use std::iter::once;

/// What a link names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A place on the same page.
    Here(String),
    /// A file or folder of the site, and a place in it.
    File(String, Option<String>),
    /// Another site, or an address.
    Outside(String),
    /// Something that could run, or that no browser should be sent to.
    Unsafe,
}

/// Schemes that may be linked to.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Reads a link's target, relative to the file at `base`.
pub fn parse(target: &str, base: &str) -> Target {
    let target = target.trim();
    if target.chars().any(|c| c.is_control()) {
        return Target::Unsafe;
    }
    if let Some(scheme) = scheme(target) {
        let known = SCHEMES.contains(&scheme.to_ascii_lowercase().as_str());
        return if known { Target::Outside(target.to_owned()) } else { Target::Unsafe };
    }
    if target.starts_with("//") || target.contains('\\') {
        return Target::Unsafe;
    }
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, Some(decode(fragment))),
        None => (target, None),
    };
    let path = path.split('?').next().unwrap_or("");
    if path.is_empty() {
        return Target::Here(fragment.unwrap_or_default());
    }
    Target::File(join(base, &decode(path)), fragment.filter(|fragment| !fragment.is_empty()))
}

/// `https` of `https://…`; none for a path, a colon in a later segment included.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let whole = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (whole && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(scheme)
}

/// Text with `%20` and the like read as what they stand for.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%').then(|| after.get(..2)).flatten();
        let decoded =
            hex.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The path of `target` seen from the file at `base`; a leading `/` means the site's `content/`.
/// What climbs above the site keeps its `..` and so names nothing.
pub fn join(base: &str, target: &str) -> String {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => vec!["content"],
        None => base.split('/').collect::<Vec<_>>().split_last().map_or(Vec::new(), |(_, folder)| folder.to_vec()),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder that a path may stand for, with a `/` at the end; none for a Markdown file.
pub fn folder(path: &str) -> Option<String> {
    (!path.ends_with(".md")).then(|| format!("{}/", path.trim_end_matches('/')))
}

/// The files that a path may stand for: itself, or its folder's page.
pub fn candidates(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let pages = |folder: String| {
        ["index.md", "README.md", "readme.md", "task.md"].map(|name| Cow::Owned(format!("{folder}{name}")))
    };
    once(Cow::Borrowed(path.trim_end_matches('/'))).chain(folder(path).map(pages).into_iter().flatten())
}

/// How links name a file of a task as a version has it: `content/tasks/a/rubric.md` in 1.0.0 is
/// `content/tasks/a/v/1.0.0/rubric.md`. None for a file that is not of a task.
pub fn in_version(path: &str, version: &Version) -> Option<String> {
    let (task, name) = path.strip_prefix(TASKS)?.split_once('/')?;
    Some(format!("{TASKS}{task}/v/{version}/{name}"))
}

/// The folders in which all files lie that these targets may stand for.
pub fn folders<'a>(targets: impl Iterator<Item = &'a Target>) -> impl Iterator<Item = Cow<'a, str>> {
    let paths = targets.filter_map(|target| match target {
        Target::File(path, _) => Some(path),
        _ => None,
    });
    paths.flat_map(|path| [Some(Cow::Borrowed(folder_of(path))), folder(path).map(Cow::Owned)]).flatten()
}

/// How many steps the runs beside a text have; 0 for one that is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepCounts {
    /// The run, or the first of a pair.
    pub first: usize,
    /// The second of a pair.
    pub second: usize,
}

impl StepCounts {
    fn of(self, side: RunSide) -> usize {
        match side {
            RunSide::First => self.first,
            RunSide::Second => self.second,
        }
    }

    /// Adds them to what something depends on.
    pub fn add_to(self, inputs: Inputs) -> Inputs {
        inputs.number(self.first as u64).number(self.second as u64)
    }
}

/// Whether `fragment` is a place in a text with this outline beside such runs. `#top` is the top of any page.
pub fn has_anchor(outline: &Outline, steps: StepCounts, fragment: &str) -> bool {
    step_at(fragment).is_some_and(|(side, step)| (1..=steps.of(side)).contains(&step))
        || fragment.eq_ignore_ascii_case("top")
        || outline.heading(fragment).is_some()
        || outline.html_ids.contains_key(fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, fragment: Option<&str>) -> Target {
        Target::File(path.into(), fragment.map(str::to_owned))
    }

    #[test]
    fn targets_are_read_from_where_they_stand() {
        let base = "content/tasks/a/examples/b.md";
        assert_eq!(parse("../rubric.md#severity", base), file("content/tasks/a/rubric.md", Some("severity")));
        assert_eq!(parse("/pages/pay.md", base), file("content/pages/pay.md", None));
        assert_eq!(parse("my%20file.md?x=1", base), file("content/tasks/a/examples/my file.md", None));
        assert_eq!(parse("#step-3", base), Target::Here("step-3".into()));
        assert_eq!(parse("../../../../../etc/passwd", base), file("../etc/passwd", None));
    }

    #[test]
    fn what_could_run_is_unsafe() {
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "//example.com",
            "java\tscript:x",
            "\\\\e",
            "vbscript:x",
        ] {
            assert_eq!(parse(target, "content/pages/a.md"), Target::Unsafe, "{target}");
        }
        assert_eq!(parse("https://example.com", "a"), Target::Outside("https://example.com".into()));
    }
}
