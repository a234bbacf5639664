//! Suggestions: what an author probably meant by a link or a name that leads to nothing.
//!
//! In: what was written, where, and what there is. Out: a sentence for a finding's help. It decides nothing: a
//! suggestion is never taken for what was written.

use crate::diagnostic::{did_you_mean, distance, one_of};
use crate::document::RUN_EXTENSIONS;
use crate::limits::MOST_COMPARED;
use crate::markdown::outline::Outline;
use crate::source::folder_of;
use std::iter;

/// Most headings that are named where none is near.
const MOST_LISTED: usize = 8;

/// How the file at `base` names the file at `path`: what `links::join` reads.
fn relative(base: &str, path: &str) -> String {
    let here: Vec<&str> = folder_of(base).split('/').filter(|part| !part.is_empty()).collect();
    let there: Vec<&str> = path.split('/').collect();
    let folders = there.len() - 1;
    let shared = here.iter().zip(&there[..folders]).take_while(|(one, other)| one == other).count();
    let up = iter::repeat_n("..", here.len() - shared);
    up.chain(there[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// The file of `known` whose name is nearest to that of `path`, as a question: named as the file at `base` would.
pub fn file<'a>(path: &str, base: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = stem(path);
    let limit = 1 + wanted.chars().count() / 8;
    let near = known.take(MOST_COMPARED).filter(|known| !wanted.is_empty() && distance(&stem(known), &wanted) <= limit);
    near.min_by_key(|known| distance(known, path)).map(|known| format!("did you mean `{}`?", relative(base, known)))
}

/// The name of a text's or a run's file, without its extension; of any other file, with it.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = |extension: &str| extension == "md" || RUN_EXTENSIONS.contains(&extension);
    let stem = name.rsplit_once('.').filter(|(_, extension)| known(extension)).map(|(stem, _)| stem);
    stem.unwrap_or(name).to_lowercase()
}

/// What to write in place of `mail@example.org`, `+49 30 1234` or `www.example.com/page`, which name files.
pub fn address(target: &str) -> Option<String> {
    mail_address(target).or_else(|| phone_number(target)).or_else(|| site(target))
}

fn mail_address(target: &str) -> Option<String> {
    let (name, host) = target.split('?').next().unwrap_or(target).split_once('@')?;
    let is_part =
        |part: &str| !part.is_empty() && !part.contains(['/', '@', '#']) && !part.contains(char::is_whitespace);
    (is_part(name) && is_part(host) && host.contains('.')).then(|| format!("did you mean `mailto:{target}`?"))
}

fn phone_number(target: &str) -> Option<String> {
    let digits: String = target.chars().filter(|c| !" -.()".contains(*c)).collect();
    let number = digits.strip_prefix('+')?;
    let is_number = number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("did you mean `tel:{digits}`?"))
}

fn site(target: &str) -> Option<String> {
    let path = target.split(['#', '?']).next().unwrap_or(target);
    let (host, page) = path.split_once('/').map_or((path, None), |(host, page)| (host, Some(page)));
    let (name, last) = host.rsplit_once('.')?;
    let is_top = last.len() > 1 && last != "md" && last.chars().all(|c| c.is_ascii_alphabetic());
    let is_host = is_top && !name.is_empty() && (page.is_some() || name.starts_with("www."));
    is_host.then(|| format!("did you mean `https://{target}`?"))
}

/// What to write in place of a heading that is not there: the nearest, else those that are, if they are few.
pub fn heading(fragment: &str, outline: &Outline) -> Option<String> {
    let headings = || outline.headings.iter().map(|heading| heading.id.as_str());
    let few = || (1..=MOST_LISTED).contains(&outline.headings.len()).then(|| format!("it has {}", one_of(headings())));
    did_you_mean(fragment, outline.ids()).or_else(few)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::links;

    #[test]
    fn an_address_without_its_scheme_is_told_from_a_file() {
        for (written, meant) in [
            ("example.com/a.md", "https://example.com/a.md"),
            ("www.example.com", "https://www.example.com"),
            ("mail@example.org", "mailto:mail@example.org"),
            ("a.b+c@example.org?subject=Hi", "mailto:a.b+c@example.org?subject=Hi"),
            ("+49 (30) 1234-5", "tel:+493012345"),
        ] {
            assert_eq!(address(written), Some(format!("did you mean `{meant}`?")));
        }
        for file in [
            "a.md",
            "../a.md",
            "./b/c.md",
            "b/c.md",
            "/pages/a.md",
            "a.md#b/c",
            "a.md?b/c",
            "a.md/",
            "v1.2/a.md",
            ".b/c",
            "notes@home/a.md",
            "@team.md",
            "+1.md",
        ] {
            assert_eq!(address(file), None, "{file}");
        }
    }

    #[test]
    fn a_relative_path_is_read_as_what_it_names() {
        let paths = ["content/tasks/a/rubric.md", "content/tasks/a/examples/b.md", "content/pages/pay.md", "a.md"];
        for (base, path) in paths.iter().flat_map(|base| paths.iter().map(move |path| (base, path))) {
            assert_eq!(links::join(base, &relative(base, path)), *path, "from {base}");
        }
        assert_eq!(relative(paths[1], paths[0]), "../rubric.md");
        assert_eq!(relative(paths[0], paths[1]), "examples/b.md");
    }
}
