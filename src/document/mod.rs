//! Documents: each kind of file, read into a typed value with the places of its parts.
//!
//! In: the files of one set (the working text, or what a release sealed). Out: what was understood, and findings.
//! It never fails and never looks at another document: that is `model::check`.

mod bar;
mod body;
mod cited;
mod cohort;
mod commentary;
mod example;
mod files;
mod gold;
pub mod links;
pub mod page;
mod pay;
mod reading;
mod rubric;
mod scale;
mod status;
mod task;

pub use bar::{BarFigure, BarPart, Measure};
pub use body::{Body, MOVED, MovedIds, Outlining};
pub use cited::CitedRule;
pub use cohort::{CohortDocument, CohortKeys, CohortRole, Member, RenamedMember, rename_member};
pub use commentary::{CommentaryDocument, REPORTS};
pub use example::{ExampleDocument, ExampleKeys, Use};
pub use files::FileSet;
pub use gold::{FlagKeys, GoldKeys, Outcome, WrittenGold};
pub use page::{FolderDocuments, PageDocument, PageKeys};
pub use pay::{Pay, PayUnit};
pub use reading::{
    AnswerColumns, DOCENT_FILES, DateOrder, MeantValue, READING_FILE, RatingTool, ReadingKeys, SCAN_FILES, is_reading,
};
pub use rubric::{Criterion, Rubric, RubricDocument, RubricKeys, UNTITLED_RUBRIC, figure_name};
pub use scale::{Choice, Scale, ScaleChange};
pub use status::{EndKeys, ServingKeys, StatusKeys, WithdrawalKeys};
pub use task::{ItemKind, TaskDocument, TaskKeys, TaskKind, TaskStatus};

use crate::diagnostic::{Diagnostics, Place, did_you_mean, one_of, rules};
use crate::schema::check_id;
use crate::source::Folder;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All documents of a site's working text.
pub struct Documents {
    /// Shared pages, folder by folder.
    pub folders: Vec<Arc<FolderDocuments>>,
    /// The tasks' instruction sets, by task id.
    pub tasks: BTreeMap<String, TaskDocuments>,
    /// The cohorts.
    pub cohorts: Vec<CohortDocument>,
    /// Words on reports.
    pub commentaries: Vec<CommentaryDocument>,
}

/// The documents of one task's instruction set.
pub struct TaskDocuments {
    /// `task.md`.
    pub task: Option<TaskDocument>,
    /// `rubric.md`.
    pub rubric: Option<RubricDocument>,
    /// Its further pages.
    pub pages: Vec<PageDocument>,
    /// Its examples.
    pub examples: Vec<ExampleDocument>,
}

/// Folder of the shared pages.
pub const PAGES: &str = "content/pages/";
/// Folder of the tasks.
pub const TASKS: &str = "content/tasks/";
/// Folder of a task's recorded runs, in the task's own.
pub const TRAJECTORIES: &str = "trajectories/";
/// Extensions of recorded runs, which a name may leave out.
pub const RUN_EXTENSIONS: [&str; 4] = ["json", "jsonl", "eval", "traj"];
/// Folder of the ratings.
pub const RATINGS: &str = "content/ratings/";

/// Folder of the cohorts.
pub const COHORTS: &str = "content/cohorts/";

/// Reads all documents of the working text.
pub fn parse(files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Documents {
    let ids: Vec<String> = task_ids(files);
    note_unread(files, diagnostics);
    let folders: Vec<&Arc<Folder>> = files.folders.below(PAGES).collect();
    let folders: Vec<Arc<FolderDocuments>> =
        folders.into_par_iter().map(|folder| page::folder(folder, files)).collect();
    folders.iter().for_each(|folder| diagnostics.append_shared(&folder.found));
    let tasks = ids.into_iter().map(|id| {
        let documents = parse_task(&id, files, diagnostics);
        if let Some(task) = &documents.task
            && check_id(&id, task.body.top(), diagnostics)
            && id == "objects"
        {
            diagnostics.add(
                rules::INVALID_VALUE,
                task.body.top(),
                "`objects` is where releases keep their files: rename the task",
            );
        }
        (id, documents)
    });
    let tasks = tasks.collect();
    let cohorts = files.under(COHORTS).filter(|path| path.ends_with(".yaml"));
    let cohorts = cohorts.filter_map(|path| cohort::parse(path, files, diagnostics)).collect();
    let commentaries = commentary::parse(files, diagnostics);
    Documents { folders, tasks, cohorts, commentaries }
}

/// What `content/` may hold.
const FOLDERS: [&str; 6] = ["cohorts", "pages", "ratings", "releases", "reports", "tasks"];

/// A misspelt folder would be left out in silence.
fn note_unread(files: &FileSet<'_>, diagnostics: &mut Diagnostics) {
    let mut last = "";
    for path in files.under("content/") {
        let name = path["content/".len()..].split('/').next().unwrap_or("");
        if name != last && !FOLDERS.contains(&name) {
            diagnostics
                .add(rules::UNKNOWN_FOLDER, Place::file(path), format!("nothing reads `content/{name}`"))
                .maybe_help(did_you_mean(name, FOLDERS))
                .help(format!("content/ holds {}", one_of(FOLDERS)));
        }
        last = name;
    }
}

fn task_ids(files: &FileSet<'_>) -> Vec<String> {
    let mut ids: Vec<String> = files
        .under(TASKS)
        .filter_map(|path| path[TASKS.len()..].split_once('/'))
        .map(|(id, _)| id.to_owned())
        .collect();
    ids.dedup();
    ids
}

/// Reads the documents of one task from a set of files.
pub fn parse_task(id: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> TaskDocuments {
    let folder = format!("{TASKS}{id}/");
    let mut examples = Vec::new();
    let mut pages = Vec::new();
    for path in files.under(&folder).filter(|path| path.ends_with(".md")) {
        let name = &path[folder.len()..];
        if let Some(stem) = name.strip_prefix("examples/").and_then(|name| name.strip_suffix(".md"))
            && !stem.contains('/')
        {
            examples.extend(example::parse(path, files, diagnostics));
        } else if name != "task.md" && name != "rubric.md" {
            pages.extend(page::parse(path, files, diagnostics));
        }
    }
    TaskDocuments {
        task: task::parse(&format!("{folder}task.md"), files, diagnostics),
        rubric: rubric::parse(&format!("{folder}rubric.md"), files, diagnostics),
        pages,
        examples,
    }
}
