//! Commentaries: the data lead's own words on a cohort's week, which stand on its report.
//!
//! In: `content/reports/<cohort>/<week>.md`. Out: whose week it is about, and the page. It knows no cohort and no report.

use super::{FileSet, PageDocument, page};
use crate::diagnostic::{Diagnostics, Place, rules};

/// Folder of what is written on reports.
pub const REPORTS: &str = "content/reports/";

/// Words on a cohort's week, as written.
pub struct CommentaryDocument {
    /// The cohort's id.
    pub cohort: String,
    /// The week, as the file is named.
    pub week: String,
    /// What is said.
    pub page: PageDocument,
}

/// Reads all commentaries of the working text.
pub fn parse(files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Vec<CommentaryDocument> {
    let mut found = Vec::new();
    for path in files.under(REPORTS).filter(|path| path.ends_with(".md")) {
        let name = path[REPORTS.len()..].trim_end_matches(".md");
        match name.split_once('/') {
            Some((cohort, week)) if !week.contains('/') => {
                let (cohort, week) = (cohort.to_owned(), week.to_owned());
                found.extend(page::parse(path, files, diagnostics).map(|page| CommentaryDocument {
                    cohort,
                    week,
                    page,
                }));
            }
            _ => {
                diagnostics
                    .add(rules::UNKNOWN_FOLDER, Place::file(path), "no report shows this")
                    .help("words on a report lie in content/reports/COHORT/WEEK.md, such as atlas-2026q4/2026-W46.md");
            }
        }
    }
    found
}
