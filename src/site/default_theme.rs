//! The default theme: its templates and files, in the binary.
//!
//! In: nothing. Out: constants, from `themes/default/` of the repository. It never changes: a site's own theme lies
//! over it.

/// Where the templates of a theme lie, below its folder.
pub const TEMPLATES_FOLDER: &str = "templates";

macro_rules! embedded {
    ($folder:literal: $($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../themes/default/", $folder, $name)))),*]
    };
}

/// The templates that pages and reports are made from, and their parts: each with its text.
pub const TEMPLATES: [(&str, &str); 15] = embedded![
    "templates/":
    "base.html",
    "changes.html",
    "example.html",
    "figures.html",
    "folder.html",
    "gold.html",
    "home.html",
    "page.html",
    "report.html",
    "report.md",
    "reports.html",
    "rubric.html",
    "steps.html",
    "task.html",
    "versions.html",
];

/// The files that are shipped as they are: each with its text.
pub const FILES: [(&str, &str); 2] = embedded!["": "icon.svg", "style.css"];
