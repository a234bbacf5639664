//! Own files: what a site's theme holds in place of the default one, and beside it.
//!
//! In: the files of `themes/<name>/`. Out: its templates and texts by name, and a finding for each file that nothing
//! reads. A template is read if pages are made from it, or if one that is read names it or uses a component of it.
//! It never renders.

use super::default_theme::{FILES, TEMPLATES, TEMPLATES_FOLDER};
use crate::diagnostic::{Diagnostics, Place, distance, rules};
use crate::source::Sources;
use std::collections::BTreeMap;

/// Files that are for people who pass a theme on.
const FOR_PEOPLE: [&str; 4] = ["LICENSE", "LICENSE.md", "LICENSE.txt", "README.md"];

/// The files of a site's own theme.
pub struct OwnFiles<'a> {
    /// The folder of the theme, with a `/` at the end; empty if the site has none of its own.
    folder: String,
    /// Each file by its path below that folder, with its text.
    files: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> OwnFiles<'a> {
    /// The files of the theme of this name.
    pub fn of(name: Option<&str>, sources: &'a Sources) -> Self {
        let Some(name) = name else { return Self { folder: String::new(), files: BTreeMap::new() } };
        let folder = format!("themes/{name}/");
        let below = sources.folders.iter().filter(|inside| inside.path.starts_with(&*folder));
        let below = below.flat_map(|inside| &inside.files);
        let files = below.filter_map(|file| Some((file.path.strip_prefix(&*folder)?, file.text().map(|text| &**text))));
        Self { files: files.collect(), folder }
    }

    /// The text of the file at a path below the theme's folder.
    pub fn text(&self, path: &str) -> Option<&'a str> {
        self.files.get(path).copied().flatten()
    }

    /// The templates, by the names that templates call each other.
    pub fn templates(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter_map(|(path, text)| Some((template_name(path)?, (*text)?)))
    }

    /// Says which files nothing reads; `templates` are all there are, those of the default theme included.
    pub fn note_unread(&self, templates: &BTreeMap<&str, &str>, diagnostics: &mut Diagnostics) {
        let unread = unread(templates);
        let is_read = |path: &str, text: Option<&str>| match template_name(path).filter(|_| text.is_some()) {
            Some(name) => !unread.contains(&name),
            None => FILES.iter().any(|(name, _)| *name == path) || FOR_PEOPLE.contains(&path),
        };
        let shipped = FILES.map(|(name, _)| format!("`{name}`")).join(", ");
        for (path, _) in self.files.iter().filter(|(path, text)| !is_read(path, **text)) {
            let place = Place::file(format!("{}{path}", self.folder));
            diagnostics
                .add(rules::UNKNOWN_THEME_FILE, place, "nothing reads this file of the theme")
                .maybe_help(nearest(path))
                .help(format!("a theme can replace {shipped} and the default templates"))
                .help("a further template is read where another one includes or extends it, or uses its components");
        }
    }
}

/// What templates call the one at this path below the theme's folder.
fn template_name(path: &str) -> Option<&str> {
    path.strip_prefix(TEMPLATES_FOLDER)?.strip_prefix('/')
}

/// The file that the one at `path` was probably meant to replace, as a question.
fn nearest(path: &str) -> Option<String> {
    let templates = TEMPLATES.iter().map(|(name, _)| format!("{TEMPLATES_FOLDER}/{name}"));
    let known = templates.chain(FILES.map(|(name, _)| name.to_owned()));
    let most = 1 + stem(path).chars().count() / 8;
    let near = known.filter(|known| distance(stem(known), stem(path)) <= most);
    near.min_by_key(|known| distance(known, path)).map(|known| format!("did you mean `{known}`?"))
}

/// The name of a file without its folder and extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The templates that no page is made from, by whatever way.
fn unread<'a>(templates: &BTreeMap<&'a str, &'a str>) -> Vec<&'a str> {
    let is_page = |(name, _): &(&str, &str)| TEMPLATES.iter().any(|(known, _)| known == name);
    let (mut read, mut left): (Vec<_>, Vec<_>) = templates.iter().map(|(name, text)| (*name, *text)).partition(is_page);
    while let Some(at) = left.iter().position(|own| read.iter().any(|(_, reader)| reads(reader, *own))) {
        read.push(left.swap_remove(at));
    }
    left.into_iter().map(|(name, _)| name).collect()
}

/// Whether a template names another one, or uses a component of it.
fn reads(reader: &str, (name, text): (&str, &str)) -> bool {
    let named = ['"', '\''].iter().any(|quote| reader.contains(&format!("{quote}{name}{quote}")));
    named || components(text).any(|component| reader.contains(&format!("<{component} ")))
}

/// The names of the components that a template defines.
fn components(text: &str) -> impl Iterator<Item = &str> {
    let definitions =
        text.split("{%").skip(1).filter_map(|tag| tag.trim_start_matches('-').trim_start().strip_prefix("component "));
    definitions.filter_map(|definition| definition.split_once('(').map(|(name, _)| name.trim()))
}
