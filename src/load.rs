//! Loading: the site's files as `Sources`.
//!
//! In: the root folder. Out: settings, every file that pages are made from, and the paths of the ratings
//! (which are streamed later, not held). It never interprets a file beyond telling text from bytes.

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::disk::{self, DiskError, Found};
use crate::source::{Content, Source, Sources};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// What a root folder holds.
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The files, sorted by path.
    pub sources: Sources,
    /// Files of ratings: path below the root, and path on this machine.
    pub ratings: Vec<(String, PathBuf)>,
}

/// Where ratings lie.
const RATINGS: &str = "content/ratings/";

/// Reads the site below `root`. Unreadable files are recorded and left out.
pub fn site(root: &Path, diagnostics: &mut Diagnostics) -> Result<Loaded, Halt> {
    let settings = read_settings(root, diagnostics)?;
    let settings = Sources::new(vec![settings]);
    let config = parse_settings(&settings, diagnostics)?;
    let (mut files, mut ratings) = (Vec::new(), Vec::new());
    let theme = config.theme.as_ref().map(|theme| format!("themes/{theme}"));
    if let Some(theme) = theme.as_ref().filter(|theme| !disk::exists(&root.join(theme))) {
        let message = format!("the theme's folder {theme} is not there");
        diagnostics.add(rules::INVALID_SETTINGS, Place::file(config::FILE), message);
    }
    for folder in [Some("content"), theme.as_deref()].into_iter().flatten() {
        for (path, place) in list(root, folder, diagnostics) {
            let is_ratings = path.starts_with(RATINGS) && !path.ends_with(".md");
            if is_ratings { ratings.push((path, place)) } else { files.push((path, place)) }
        }
    }
    let mut sources: Vec<Source> = settings.iter().map(|(_, source)| source.clone()).collect();
    for read in files.par_iter().map(|(path, place)| read(path, place)).collect::<Vec<_>>() {
        match read {
            Ok(source) => sources.push(source),
            Err(found) => diagnostics.append(found),
        }
    }
    Ok(Loaded { config, sources: Sources::new(sources), ratings })
}

fn read_settings(root: &Path, diagnostics: &mut Diagnostics) -> Result<Source, Halt> {
    let path = root.join(config::FILE);
    if !disk::exists(&path) {
        let message = format!("there is no {} in {}", config::FILE, root.display());
        diagnostics
            .add(rules::INVALID_SETTINGS, Place::Nowhere, message)
            .help("`goldbook init DIR` writes a small site to start from")
            .help("`--root DIR` names a site that lies elsewhere");
        return Err(Halt);
    }
    read(config::FILE, &path).map_err(|mut found| {
        found.as_settings();
        diagnostics.append(found);
        Halt
    })
}

fn parse_settings(settings: &Sources, diagnostics: &mut Diagnostics) -> Result<Config, Halt> {
    let file = settings.find(config::FILE).ok_or(Halt)?;
    let text = settings.get(file).text().cloned().unwrap_or_default();
    let mut found = Diagnostics::default();
    let config = config::parse(&text, file, &mut found);
    found.locate(settings);
    diagnostics.append(found);
    config.ok_or(Halt)
}

fn list(root: &Path, folder: &str, diagnostics: &mut Diagnostics) -> Vec<(String, PathBuf)> {
    let (found, errors) = disk::walk(root, folder);
    for error in &errors {
        report(error, root, diagnostics);
    }
    let mut files = Vec::new();
    for found in found {
        match found {
            Found::File(path, place) => files.push((path, place)),
            Found::Outside(path) => {
                diagnostics
                    .add(
                        rules::SYMBOLIC_LINK,
                        Place::file(path),
                        "a symbolic link that leads out of its part of the site, or nowhere",
                    )
                    .help("copy the file into the site, so that what is published is what is in the repository");
            }
            Found::NotText(path) => {
                diagnostics.add(rules::INVALID_UTF8, Place::file(path), "a file name that is not UTF-8");
            }
        }
    }
    files
}

/// Extensions of files that are read as text.
const TEXT: [&str; 4] = ["md", "yaml", "yml", "csv"];
/// The same in a theme.
const THEME_TEXT: [&str; 5] = ["html", "md", "css", "js", "svg"];

fn read(path: &str, place: &Path) -> Result<Source, Diagnostics> {
    let bytes = disk::read(place).map_err(|error| {
        let mut diagnostics = Diagnostics::default();
        diagnostics.add(rules::UNREADABLE, Place::file(path), error.error.to_string());
        diagnostics
    })?;
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_text = if path.starts_with("themes/") { THEME_TEXT.contains(&extension) } else { TEXT.contains(&extension) };
    let content = if is_text { Content::Text(text(path, bytes)?.into()) } else { Content::Bytes(bytes.into()) };
    Ok(Source { path: path.to_owned(), content })
}

fn text(path: &str, bytes: Vec<u8>) -> Result<String, Diagnostics> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
        let mut diagnostics = Diagnostics::default();
        diagnostics
            .add(rules::INVALID_UTF8, Place::Line(path.to_owned(), line), format!("byte {valid} is not UTF-8"))
            .help("save the file as UTF-8");
        diagnostics
    })
}

/// Records an error of the machine, with its path below the root.
pub fn report(error: &DiskError, root: &Path, diagnostics: &mut Diagnostics) {
    let path = error.path.strip_prefix(root).unwrap_or(&error.path);
    diagnostics.add(rules::UNREADABLE, Place::file(path.display().to_string()), error.error.to_string());
}
