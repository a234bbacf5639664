//! Packets: items to rate, for each rater as a folder with the instructions and the forms.
//!
//! In: a request. Out: a folder a rater, all or none, with the newest sealed text and the items. What is answered in them is
//! rows of ratings as they count, or gold once `gold add` has taken it in. A folder holds no gold of a test.

use super::packet_items::PacketItems;
use super::{OutputPlace, answered_version, check_not_own, check_not_published};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::document::Use;
use crate::model::{Model, Task};
use crate::progress::Progress;
use crate::site::{Site, write};
use crate::source::Sources;
use crate::text::{file_name, listed};
use crate::workspace::{self, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A complete, checked request to make packets.
pub struct PacketRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// A table of items; those whose gold is to be made if there is none.
    pub items: Option<PathBuf>,
    /// Who answers.
    pub raters: Vec<String>,
    /// The folder in which each gets one.
    pub out: PathBuf,
}

/// Packets that were made.
pub struct Packets {
    /// Each rater's folder, and how many items are in it.
    pub folders: Vec<(PathBuf, usize)>,
    /// The version that they show.
    pub version: String,
}

/// Makes packets.
pub fn make(request: &PacketRequest, progress: &Progress) -> Diagnosed<Packets> {
    let mut refused = Diagnostics::default();
    let items = request.items.as_deref().map(|path| PacketItems::read(path, &request.task)).transpose();
    let items = match items {
        Ok(items) => items,
        Err(fault) => {
            refused.fault(rules::INVALID_SETTINGS, Place::Nowhere, fault);
            return Diagnosed { value: None, diagnostics: refused };
        }
    };
    let more = |site: &Sources| items.as_ref().map_or_else(Vec::new, |items| items.sources(&request.task, site));
    workspace::once_with(&request.root, more, progress, |workspace, diagnostics| {
        let mut found = Diagnostics::default();
        let model = workspace.model(progress, &mut found);
        let task = model.find_task(&request.task, diagnostics)?;
        if let (Some(items), Some(table)) = (&items, &request.items) {
            check_items(items, task, table, diagnostics)?;
            // Examples that were made of a table's rows are nowhere but there.
            let is_added = |path: &str| workspace.is_added(path);
            found.move_to(&is_added, &Place::file(table.display().to_string()), &workspace.sources);
        }
        diagnostics.append(found);
        workspace.gate(diagnostics)?;
        let by_rater = match &items {
            Some(items) => items.by_rater(&request.raters),
            None => request.raters.iter().map(|rater| (rater.clone(), gold_items(task))).collect(),
        };
        check_shared(&by_rater, task, diagnostics)?;
        let folders = folders(&by_rater, request, diagnostics)?;
        let version = answered_version(task, "an item", &model, diagnostics)?.0.version.to_string();
        workspace.note_secrets(task, &model.config, diagnostics);
        note_shown(&by_rater, task, diagnostics);
        let sites = sites(&by_rater, task, &model, workspace, progress, diagnostics)?;
        let placed: Vec<(&Site, &Path)> =
            folders.iter().map(|(rater, folder)| (&sites[&by_rater[rater]], folder.as_path())).collect();
        write::write(&placed, &|| (), diagnostics)?;
        let made = folders.into_iter().map(|(rater, folder)| (folder, by_rater[&rater].len())).collect();
        Ok(Packets { folders: made, version })
    })
}

/// The items of a task whose gold is to be made, in the order of their examples.
fn gold_items(task: &Task) -> Vec<String> {
    let examples = task.working.iter().flat_map(|set| &set.examples);
    let mut examples: Vec<_> = examples.filter(|example| example.used == Use::Gold).collect();
    examples.sort_by_key(|example| example.page.order);
    examples.into_iter().map(|example| example.item.clone()).collect()
}

/// Items are either brought with their runs, or the site has examples of them that wait for their gold.
fn check_items(items: &PacketItems, task: &Task, table: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let waiting = gold_items(task);
    let count = |item: &str| waiting.iter().filter(|waiting| *waiting == item).count();
    let twice = items.brought().find(|item| count(item) > 1).map(|item| {
        Fault::whole(format!("`{item}` is an example of `{}` already, which waits for its gold", task.id))
            .help("leave its `run` out: the example shows it")
    });
    let missing = items.of_site().find(|item| count(item) == 0).map(|item| {
        Fault::whole(format!("`{item}` has no `run`, and no example of `{}` with `use: gold` shows it", task.id))
            .help("name its run: a path from the table's own place")
    });
    match twice.or(missing) {
        None => Ok(()),
        Some(fault) => Err(diagnostics.stop(rules::INVALID_SETTINGS, Place::file(table.display().to_string()), fault)),
    }
}

/// Says whose gold stands in the same folder.
fn note_shown(by_rater: &BTreeMap<String, Vec<String>>, task: &Task, diagnostics: &mut Diagnostics) {
    let asked: BTreeSet<&String> = by_rater.values().flatten().collect();
    let examples = task.latest().into_iter().flat_map(|release| &release.instructions.examples);
    let shown = examples.filter(|example| example.used.shows_gold() && asked.contains(&example.item));
    let shown: BTreeSet<&str> = shown.map(|example| example.item.as_str()).collect();
    if !shown.is_empty() {
        let message = format!("the folders show the gold of {}, which is to be answered", listed(shown));
        diagnostics
            .add(rules::ODD_ANSWERS, Place::Nowhere, message)
            .help("it is an example of the instructions: who answers can read it there");
    }
}

/// Somebody answers, and everybody has something to answer.
fn check_shared(
    by_rater: &BTreeMap<String, Vec<String>>,
    task: &Task,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let fault = match by_rater.iter().find(|(_, items)| items.is_empty()) {
        None if by_rater.is_empty() => Fault::whole("nobody is named who answers")
            .help("name each with `--rater`, or in a column `rater` of the table of items"),
        None => return Ok(()),
        Some(_) if gold_items(task).is_empty() => {
            Fault::whole(format!("no example of `{}` waits for its gold", task.id))
                .help("`--items` names a table of other items; an example with `use: gold` is one of the site's own")
        }
        Some((rater, _)) => Fault::whole(format!("no item is for `{rater}`"))
            .help("leave the rater out, or name them in the table's column `rater`"),
    };
    Err(diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault))
}

/// The folder of each rater, which may be written.
fn folders(
    by_rater: &BTreeMap<String, Vec<String>>,
    request: &PacketRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<(String, PathBuf)>, Halt> {
    let (mut folders, mut taken) = (Vec::new(), BTreeSet::new());
    for rater in by_rater.keys() {
        let folder = request.out.join(file_name(rater));
        if file_name(rater).is_empty() || !taken.insert(folder.clone()) {
            let fault =
                Fault::whole(format!("`{rater}` can't have a folder of their own in {}", request.out.display()));
            let fault = fault.help("ids of raters differ in letters, digits, `-`, `_` or `.`");
            return Err(diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault));
        }
        let place = OutputPlace { path: &folder, option: "--out", is_content: false };
        check_not_own(&place, &request.root, diagnostics)?;
        check_not_published(&place, &request.root, diagnostics)?;
        write::check_folder(&folder, diagnostics)?;
        folders.push((rater.clone(), folder));
    }
    Ok(folders)
}

/// The site of each list of items; raters with the same items have the same.
fn sites(
    by_rater: &BTreeMap<String, Vec<String>>,
    task: &Task,
    model: &Model,
    workspace: &Workspace<'_>,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<BTreeMap<Vec<String>, Site>, Halt> {
    let mut sites = BTreeMap::new();
    for items in by_rater.values() {
        if !sites.contains_key(items) {
            let reader = model.config.default_audience;
            let site = workspace.packet_site(reader, model, (task, items), progress, diagnostics)?;
            sites.insert(items.clone(), site);
        }
    }
    Ok(sites)
}
