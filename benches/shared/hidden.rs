//! What a corpus hides: 300 reasons of gold, 200 ids of raters, and 50 passages for the team.
//!
//! In: the folder of a site of pages. Out: a task with gold, and a cohort; and for a page of many its passage, if it has
//! one. No two are the same, and none stands on a page that all may read.

use std::fmt::Write;
use std::fs;
use std::path::Path;

const REASONS: usize = 300;
const RATERS: usize = 200;
const PASSAGES: usize = 50;

/// Writes the task and the cohort.
pub fn write(root: &Path) {
    let write = |path: &str, text: String| {
        let place = root.join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("the corpus can be written");
        fs::write(place, text).expect("the corpus can be written");
    };
    let task = "content/tasks/fitting";
    write(&format!("{task}/task.md"), "---\ntitle: Check a fitting\n---\n\nRead the log.\n".to_owned());
    let rubric = "---\ncriteria:\n  - id: right\n    scale: {nominal: [yes, no]}\n---\n\n## Right? {#right}\n";
    write(&format!("{task}/rubric.md"), rubric.to_owned());
    let mut gold = "item,criterion,value,by,method,made_at,reason\n".to_owned();
    for item in 0..REASONS {
        let _ = writeln!(
            gold,
            "log-{item:03},right,no,ex-1,consensus,2026-10-01,The fitter of log {item} reads the gauge before the \
             pressure has settled. Step {} says so.",
            item % 17 + 2
        );
    }
    write(&format!("{task}/gold.csv"), gold);
    let raters: Vec<String> = (0..RATERS).map(|rater| format!("r-{rater:04}")).collect();
    let cohort = format!("title: Fitters of autumn\ntasks: [fitting]\nraters: [{}]\n", raters.join(", "));
    write("content/cohorts/fitters.yaml", cohort);
}

/// The passage of a page, if it has one.
pub fn passage(page: usize, pages: usize) -> String {
    if !page.is_multiple_of(pages / PASSAGES) {
        return String::new();
    }
    format!(
        "> [!INTERNAL]\n> Part {page} was ordered twice by mistake; the second delivery is kept in store {} until the \
         vendor has answered our letter.\n",
        page % 7
    )
}
