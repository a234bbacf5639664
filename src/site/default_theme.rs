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
pub const TEMPLATES: [(&str, &str); 26] = embedded![
    "templates/":
    "base.html",
    "change.html",
    "change.md",
    "changes.html",
    "example-part.html",
    "example.html",
    "figures.html",
    "folder.html",
    "form.html",
    "gold.html",
    "home.html",
    "page.html",
    "pair.html",
    "print.html",
    "raters.html",
    "report.html",
    "report.md",
    "reports.html",
    "rubric-part.html",
    "rubric.html",
    "run-part.html",
    "search.html",
    "steps.html",
    "task.html",
    "text-part.html",
    "versions.html",
];

/// The files that are shipped as they are: each with its text.
pub const FILES: [(&str, &str); 11] = embedded![
    "":
    "dark.css",
    "icon.svg",
    "script/answer.js",
    "script/copy.js",
    "script/find.js",
    "script/quiz.js",
    "script/read.js",
    "script/run.js",
    "script/search.js",
    "script/view.js",
    "style.css",
];

/// Where a file of a theme is shipped: all of them side by side.
pub fn shipped_at(name: &str) -> String {
    format!("theme/{}", name.rsplit('/').next().unwrap_or(name))
}
