//! The property that serving stands on, and a build after another: whatever was edited in whatever order, a remembered
//! site is a cold one.

use super::load::Changes;
use super::{Memory, ReportsAsked, Viewer, run};
use crate::diagnostic::Diagnosed;
use crate::progress::Progress;
use crate::site::Site;
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// One edit: which file, and what becomes of it.
#[derive(Clone, Debug)]
enum Edit {
    Write(&'static str, &'static str),
    Append(&'static str, &'static str),
    Remove(&'static str),
    Move(&'static str, &'static str),
}

const PAGE: &str = "content/pages/welcome.md";
const TASK: &str = "content/tasks/check-run/task.md";
const RUBRIC: &str = "content/tasks/check-run/rubric.md";
const RUN: &str = "content/tasks/check-run/trajectories/run-1.json";
const WORKED: &str = "content/tasks/check-run/examples/worked.md";

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop::sample::select(vec![
        Edit::Append(PAGE, "\nMore words.\n"),
        Edit::Append(PAGE, "\n## A heading {#new}\n"),
        Edit::Write(PAGE, "---\ntitle: Another title\norder: 1\n---\nText.\n"),
        Edit::Write(PAGE, "# Welcome\n\n[to a](a/one.md#new) and [two](a/two.md)\n"),
        Edit::Write(PAGE, "---\naudience: internal\n---\n# Narrowed\n"),
        Edit::Write("content/pages/a/one.md", "# One\n\n## New\n\n[up](../welcome.md)\n"),
        Edit::Write("content/pages/a/one.md", "# Another one\n\n```include ../welcome.md\n```\n"),
        Edit::Write(
            "content/pages/a/two.md",
            "---\norder: 1\n---\n# Two\n\n> [!INTERNAL]\n> Only for us here.\n\n![i](i.svg)\n",
        ),
        Edit::Write("content/pages/a/README.md", "# The folder\n"),
        Edit::Write("content/pages/a.md", "# Beside the folder\n\n[in it](a/) and [one](a/one.md)\n"),
        Edit::Write("content/pages/A/three.md", "# In a folder whose address is the same\n\n[i](../a/i.svg)\n"),
        Edit::Write("content/pages/a/b/four.md", "# Further in\n\n[nothing](five.md)\n"),
        Edit::Append("content/pages/a/b/four.md", "\n> [!INTERNAL]\n> Not for contractors at all.\n"),
        Edit::Write("content/pages/a/i.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        Edit::Remove("content/pages/a/one.md"),
        Edit::Remove("content/pages/a"),
        Edit::Move("content/pages/a", "content/pages/b"),
        Edit::Move("content/pages/b", "content/pages/a"),
        Edit::Append(TASK, "\nA new rule.\n"),
        Edit::Append(TASK, "\n```include ../../pages/welcome.md\n```\n"),
        Edit::Append(RUBRIC, "\nA hint.\n"),
        Edit::Append(WORKED, "\nA reason more.\n"),
        Edit::Append(WORKED, "\n```trajectory run-1 steps=1-2\n```\n"),
        Edit::Write(RUN, "{}"),
        Edit::Write("content/tasks/check-run/further.md", "# Further\n\n[rubric](rubric.md)\n"),
        Edit::Append("goldbook.yaml", "language: de\n"),
        Edit::Append("goldbook.yaml", "checks: {broken-link: warning, unknown-anchor: note}\n"),
        Edit::Write("content/cohorts/blue.yaml", "title: Other\nraters: [b-01]\ntasks: [check-run]\n"),
        Edit::Append("content/ratings/week.csv", "check-run,kept,b-01,goal,yes\n"),
    ]);
    prop::collection::vec(edit, 1..9)
}

/// Does an edit where it can be done; returns the places that a watcher would name.
fn carry_out(edit: &Edit, root: &Path) -> BTreeSet<PathBuf> {
    let place = |path: &str| root.join(path);
    let write = |path: &str, text: String| {
        fs::create_dir_all(place(path).parent().unwrap()).unwrap();
        fs::write(place(path), text).unwrap();
    };
    let touched: Vec<&str> = match edit {
        Edit::Write(path, text) => {
            write(path, (*text).to_owned());
            vec![path]
        }
        Edit::Append(path, text) => {
            let old = fs::read_to_string(place(path)).unwrap_or_default();
            write(path, old + text);
            vec![path]
        }
        Edit::Remove(path) => {
            let _ = fs::remove_file(place(path)).or_else(|_| fs::remove_dir_all(place(path)));
            vec![path]
        }
        Edit::Move(from, to) => {
            let _ = fs::rename(place(from), place(to));
            vec![from, to]
        }
    };
    touched.into_iter().map(place).collect()
}

fn sites(root: &Path, memory: &mut Memory, changes: &Changes) -> Diagnosed<Vec<(String, Site)>> {
    let progress = Progress::hidden();
    run(root, memory, changes, &progress, |workspace, diagnostics| {
        let model = workspace.model(&progress, diagnostics);
        workspace.note_unsealed(&model, diagnostics);
        let drafts = |reader: Viewer<'static>| Viewer { drafts: true, ..reader };
        let audiences: Vec<_> = model.config.audiences.iter().collect();
        let readers: Vec<Viewer<'_>> = Viewer::each(&audiences, None).into_iter().map(drafts).collect();
        let reports = workspace.reports_for(&readers, &model, ReportsAsked::default(), &progress, diagnostics);
        workspace.sites(&readers, &model, &model, &reports.0, &progress, diagnostics)
    })
}

/// A memory as the next run of the program has it, if no folder holds its pages any more.
fn kept(memory: &Memory) -> Memory {
    let kept = serde_json::to_vec(&memory.pages()).unwrap();
    Memory::of_pages(serde_json::from_slice(&kept).unwrap(), &HashMap::new())
}

fn said(outcome: &Diagnosed<Vec<(String, Site)>>) -> Vec<String> {
    outcome.diagnostics.sorted().iter().map(|finding| format!("{finding:?}")).collect()
}

fn copy_base(root: &Path) {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
    for entry in walkdir::WalkDir::new(&base).into_iter().filter_map(Result::ok) {
        let target = root.join(entry.path().strip_prefix(&base).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_remembered_site_is_a_cold_one(edits in edits()) {
        let folder = tempfile::tempdir().unwrap();
        copy_base(folder.path());
        let mut memory = Memory::default();
        sites(folder.path(), &mut memory, &Changes::Everything);
        for edit in &edits {
            let mut next_run = kept(&memory);
            let places = carry_out(edit, folder.path());
            let warm = sites(folder.path(), &mut memory, &Changes::At(places));
            let next = sites(folder.path(), &mut next_run, &Changes::Everything);
            let cold = sites(folder.path(), &mut Memory::default(), &Changes::Everything);
            for warm in [warm, next] {
                prop_assert_eq!(said(&warm), said(&cold), "after {:?}", edit);
                prop_assert_eq!(warm.value.is_some(), cold.value.is_some());
                for ((audience, warm), (_, cold)) in warm.value.iter().flatten().zip(cold.value.iter().flatten()) {
                    let different = warm.difference(cold);
                    prop_assert!(different.is_empty(), "{audience} after {:?}: {:?}", edit, different);
                }
            }
        }
    }
}
