//! Names for URLs: slugs of file names, and ids of headings.
//!
//! In: text. Out: text that needs no escaping in a path, a URL or an attribute. It never looks at files.

use std::collections::BTreeMap;

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

/// Names that no folder can have on Windows, where somebody may unpack the site.
fn is_device(slug: &str) -> bool {
    let numbered = |slug: &str| slug.len() == 1 && slug.chars().all(|c| c.is_ascii_digit());
    matches!(slug, "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].into_iter().any(|device| slug.strip_prefix(device).is_some_and(numbered))
}

/// The id of a heading as GitHub makes it: lower case, spaces to `-`, punctuation dropped.
fn heading(text: &str) -> String {
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

/// Gives each heading of a page its id; a second one of the same name gets `-1`, and so on.
#[derive(Default)]
pub struct Ids {
    /// Ids given, and with which number to go on for each.
    taken: BTreeMap<String, usize>,
}

impl Ids {
    /// The id of the next heading: its own `{#id}`, else from its text.
    pub fn next(&mut self, own: Option<&str>, text: &str) -> String {
        let wanted = own.map(explicit).filter(|id| !id.is_empty()).unwrap_or_else(|| heading(text));
        let Some(mut count) = self.taken.get(&wanted).copied() else {
            self.taken.insert(wanted.clone(), 1);
            return wanted;
        };
        loop {
            let id = format!("{wanted}-{count}");
            count += 1;
            if !self.taken.contains_key(&id) {
                self.taken.insert(id.clone(), 1);
                self.taken.insert(wanted, count);
                return id;
            }
        }
    }
}

/// An id an author wrote, without what would not be one.
fn explicit(id: &str) -> String {
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

    #[test]
    fn headings_get_the_ids_github_gives_them() {
        let mut ids = Ids::default();
        assert_eq!(ids.next(None, "What's new?"), "whats-new");
        assert_eq!(ids.next(None, "Whats new"), "whats-new-1");
        assert_eq!(ids.next(Some("goal"), "Anything"), "goal");
        assert_eq!(ids.next(Some("!"), "No id"), "no-id");
    }
}
