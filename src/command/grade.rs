//! Grading: what candidates answered to a task's test items, against gold that they never saw.
//!
//! In: a request with the files that came back. Out: grades, and what is odd about the answers. It writes a table and pages
//! for candidates where asked to; none of it where a site is built.

use super::answers::{self, PlacedTask};
use super::{OutputPlace, check_free, check_not_own, check_not_published};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk;
use crate::grade::issued::{self, IssuedTest, IssuedTests};
use crate::grade::{self, Candidate, Grades};
use crate::model::Task;
use crate::progress::Progress;
use crate::ratings::{self, Meanings, Rating, Ratings};
use crate::text::{file_name, line, listed};
use crate::workspace;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A complete, checked request to grade answers.
pub struct GradeRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// What came back.
    pub files: Vec<PathBuf>,
    /// The last day on which answers are in time, if there is one.
    pub deadline: Option<Date>,
    /// Records of what was issued.
    pub issued: Vec<PathBuf>,
    /// Where a table of candidates goes.
    pub csv: Option<PathBuf>,
    /// The folder for a page for each candidate, without gold.
    pub feedback: Option<PathBuf>,
    /// Whether files may be replaced.
    pub force: bool,
}

/// Grades, and what was written.
pub struct Graded {
    /// The grades.
    pub grades: Grades,
    /// The files that were written.
    pub written: Vec<PathBuf>,
}

/// Grades what came back.
pub fn grade(request: &GradeRequest, progress: &Progress) -> Diagnosed<Graded> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let (number, task) = answers::find_task(&request.task, &model, diagnostics)?;
        let rubric = ratings::current(task).ok_or(Halt)?;
        let issued = read_issued(request, &task.id, diagnostics)?;
        let ratings = answers::read(&request.files, &model, workspace, progress, diagnostics);
        let meanings = Meanings::of(&ratings, &model);
        let mark = rubric.pass.as_ref();
        let grades = grade::grade((number, task), &rubric.criteria, mark, &issued, &ratings, &meanings);
        note_odd(request, (number, task), &ratings, diagnostics);
        note_issued(&issued, &grades, diagnostics);
        let written = write(request, task, &grades, diagnostics)?;
        Ok(Graded { grades, written })
    })
}

/// Says what is odd about the answers: they are graded all the same.
fn note_odd(request: &GradeRequest, task: PlacedTask<'_>, ratings: &Ratings, diagnostics: &mut Diagnostics) {
    let mut odd = |what: String, help: &str| {
        diagnostics.add(rules::ODD_ANSWERS, Place::Nowhere, what).help(help);
    };
    let raters = |is_odd: &dyn Fn(&Rating) -> bool| answers::raters(task, ratings, is_odd);
    let others = ratings.ratings.iter().filter(|rating| !answers::is_of(task, rating, ratings)).count();
    if others > 0 {
        odd(format!("{others} answers are to another task than `{}`", task.1.id), "they are not graded");
    }
    let replaced = ratings.notes.ledger.counts().replaced;
    if replaced > 0 {
        let what = format!("{replaced} rows were replaced by later ones of the same rater and item");
        odd(what, "one id may have answered twice, or two people have one id: the newest answers are graded");
    }
    if let Some(raters) = raters(&|rating| rating.of.version().is_none() || rating.of.version_assumed) {
        odd(format!("answers of {raters} do not say under which version they were made"), "a form's own file does");
    }
    if let Some(raters) = raters(&|rating| answers::is_under_withdrawn(task, rating, ratings)) {
        odd(
            format!("answers of {raters} were made under a version that is withdrawn"),
            "test them again on the newest",
        );
    }
    if let Some(deadline) = request.deadline {
        let is_late = |rating: &Rating| rating.of.day.is_none_or(|day| day > deadline);
        if let Some(raters) = raters(&is_late) {
            odd(format!("answers of {raters} have no time, or one after {deadline}"), "the time is the sender's word");
        }
    }
}

/// Reads the records of what was issued.
fn read_issued(request: &GradeRequest, task: &str, diagnostics: &mut Diagnostics) -> Result<IssuedTests, Halt> {
    let mut records = Vec::new();
    for path in &request.issued {
        let bytes = disk::read(path).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        let place = Place::file(path.display().to_string());
        records
            .push(IssuedTest::read(&bytes).map_err(|fault| diagnostics.stop(rules::INVALID_SETTINGS, place, fault))?);
    }
    let found = issued::by_candidate(records, task);
    found.map_err(|fault| diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault))
}

/// Says where answers and records of what was issued do not fit.
fn note_issued(issued: &IssuedTests, grades: &Grades, diagnostics: &mut Diagnostics) {
    if issued.is_empty() {
        return;
    }
    let of = |is_so: &dyn Fn(&Candidate) -> bool| {
        let found: Vec<&str> = grades.candidates.iter().filter(|of| is_so(of)).map(|of| &*of.rater).collect();
        (!found.is_empty()).then(|| line(&listed(found)).into_owned())
    };
    let came: BTreeSet<&str> = grades.candidates.iter().map(|candidate| &*candidate.rater).collect();
    let silent: Vec<&str> = issued.keys().map(String::as_str).filter(|name| !came.contains(name)).collect();
    let silent = (!silent.is_empty()).then(|| line(&listed(silent)).into_owned());
    for (raters, what, help) in [
        (
            of(&|of| !of.is_issued),
            "answered, and no record says what was issued to them",
            "all test items are taken for asked",
        ),
        (of(&|of| !of.not_issued.is_empty()), "answered items that were not issued to them", "these are not graded"),
        (
            of(&|of| of.is_issued && !of.missing.is_empty()),
            "left out items that were issued to them",
            "these count as asked",
        ),
        (
            of(&|of| !of.other_versions.is_empty()),
            "answered under another version than was issued to them",
            "they may have read another text",
        ),
        (silent, "sent back nothing of the test that was issued to them", "they are not in the table"),
    ] {
        if let Some(raters) = raters {
            diagnostics.add(rules::ODD_ANSWERS, Place::Nowhere, format!("{raters} {what}")).help(help);
        }
    }
}

/// Writes the table and the pages, all or none.
fn write(
    request: &GradeRequest,
    task: &Task,
    grades: &Grades,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<PathBuf>, Halt> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    if let Some(path) = &request.csv {
        check_place(path, "--csv", request, diagnostics)?;
        files.push((path.clone(), grade::csv_table(grades)));
    }
    if let Some(folder) = &request.feedback {
        let set = task.latest().map(|release| &release.instructions).or(task.working.as_ref());
        let title = |id: &str| set.map_or(id, |set| set.criterion_title(id)).to_owned();
        let name = set.map_or(&*task.id, |set| &*set.page.title);
        let mut pages = BTreeSet::new();
        for candidate in &grades.candidates {
            let file = folder.join(format!("{}.md", file_name(&candidate.rater)));
            if !pages.insert(file.clone()) {
                let fault = Fault::whole(format!("two candidates would have the page {}", file.display()));
                return Err(diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault));
            }
            check_place(&file, "--feedback", request, diagnostics)?;
            files.push((file, grade::feedback_page(candidate, name, &title).into_bytes()));
        }
    }
    for (path, _) in &files {
        check_free(path, request.force, diagnostics)?;
    }
    disk::write_together(&files).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn check_place(
    path: &Path,
    option: &'static str,
    request: &GradeRequest,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let place = OutputPlace { path, option, is_content: false };
    check_not_own(&place, &request.root, diagnostics)?;
    check_not_published(&place, &request.root, diagnostics)
}
