//! Names for URLs: slugs of file names, and ids of headings.
//!
//! In: text. Out: text that needs no escaping in a path, a URL or an attribute. It never looks at files.

use std::collections::HashMap;

/// The slug of a file's name: lower case, `-` for what is neither letter nor digit; other scripts keep their letters.
pub fn path(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    match slug {
        "" => "page".to_owned(),
        slug if is_device(slug) => format!("{slug}-page"),
        slug => slug.to_owned(),
    }
}

/// The folder of the page made from a Markdown file: `a/B c.md` → `a/b-c/`, `a/README.md` → `a/`.
pub fn page_folder(name: &str) -> String {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let (folders, last) = stem.rsplit_once('/').map_or(("", stem), |(folders, last)| (folders, last));
    let mut out = String::new();
    for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
        out.push_str(&path(folder));
        out.push('/');
    }
    if !is_folder_page(last) {
        out.push_str(&path(last));
        out.push('/');
    }
    out
}

/// Whether a file of this name (without extension) is its folder's page.
pub fn is_folder_page(stem: &str) -> bool {
    stem.eq_ignore_ascii_case("readme") || stem.eq_ignore_ascii_case("index")
}

/// Names that no folder can have on Windows, where somebody may unpack the site.
fn is_device(slug: &str) -> bool {
    let numbered = |slug: &str| slug.len() == 1 && slug.chars().all(|c| c.is_ascii_digit());
    matches!(slug, "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].into_iter().any(|device| slug.strip_prefix(device).is_some_and(numbered))
}

/// The id of a heading as GitHub makes it: lower case, spaces to `-`, punctuation dropped.
pub fn heading(text: &str) -> String {
    let lower = text.trim().chars().flat_map(char::to_lowercase);
    let kept = lower.filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    let id: String = kept.collect();
    if id.is_empty() { "section".to_owned() } else { id }
}

/// The ids of a page's headings, each given as its own `{#id}` and its text. One that its author named keeps its name;
/// where a name is given already, or something else has it, `-1`, `-2` and so on is added.
pub fn ids<'a>(
    headings: impl Iterator<Item = (Option<&'a str>, &'a str)>,
    is_taken: impl Fn(&str) -> bool,
) -> Vec<String> {
    let wanted: Vec<(bool, String)> = headings
        .map(|(own, text)| match own.map(explicit).filter(|id| !id.is_empty()) {
            Some(id) => (true, id),
            None => (false, heading(text)),
        })
        .collect();
    // Ids given, and with which number to go on for each.
    let mut given: HashMap<String, usize> = HashMap::new();
    let mut keeps = |(named, id): &(bool, String)| {
        let free = *named && !is_taken(id) && !given.contains_key(id);
        free.then(|| given.insert(id.clone(), 1));
        free
    };
    let kept: Vec<bool> = wanted.iter().map(&mut keeps).collect();
    let mut next = |wanted: String| {
        if !is_taken(&wanted) && !given.contains_key(&wanted) {
            given.insert(wanted.clone(), 1);
            return wanted;
        }
        let mut count = given.get(&wanted).copied().unwrap_or(1);
        loop {
            let id = format!("{wanted}-{count}");
            count += 1;
            if !is_taken(&id) && !given.contains_key(&id) {
                given.insert(id.clone(), 1);
                given.insert(wanted, count);
                return id;
            }
        }
    };
    wanted.into_iter().zip(kept).map(|((_, id), kept)| if kept { id } else { next(id) }).collect()
}

/// An id an author wrote, without what would not be one.
pub fn explicit(id: &str) -> String {
    id.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_slugs() {
        assert_eq!(path("How We Work (2026)"), "how-we-work-2026");
        assert_eq!(path("Überblick"), "überblick");
        assert_eq!(path("שלום עולם"), "שלום-עולם");
        assert_eq!(path("..."), "page");
        assert_eq!(
            [path("CON"), path("Com1"), path("console"), path("com12")],
            ["con-page", "com1-page", "console", "com12"]
        );
    }

    fn ids_of(headings: &[(Option<&str>, &str)], taken: &[&str]) -> Vec<String> {
        ids(headings.iter().copied(), |id| taken.contains(&id))
    }

    #[test]
    fn headings_get_the_ids_github_gives_them() {
        let headings = [(None, "What's new?"), (None, "Whats new"), (Some("goal"), "Anything"), (Some("!"), "No id")];
        assert_eq!(ids_of(&headings, &[]), ["whats-new", "whats-new-1", "goal", "no-id"]);
    }

    #[test]
    fn a_named_heading_keeps_its_name_before_one_that_only_sounds_like_it() {
        let headings = [(None, "Goal"), (Some("goal"), "Aim"), (Some("goal"), "End"), (None, "Goal 1")];
        assert_eq!(ids_of(&headings, &[]), ["goal-1", "goal", "goal-2", "goal-1-1"]);
        assert_eq!(ids_of(&headings, &["goal", "goal-2"]), ["goal-1", "goal-3", "goal-4", "goal-1-1"]);
    }
}
