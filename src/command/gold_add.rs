//! Adding gold: what experts answered, taken into the `gold.csv` of a task.
//!
//! In: a request with the files that came back. Out: the file with a row for each answer, or nothing where one can't be
//! used: gold is our own, so that nothing of it is guessed. It never judges who is right.

use super::answers::{self, PlacedTask};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, Severity, rules};
use crate::disk::{self, Claim};
use crate::document::{CohortRole, TASKS};
use crate::model::Model;
use crate::progress::Progress;
use crate::ratings::{self, AddedGold, GoldStanding, Ratings};
use crate::source::{Source, Sources};
use crate::text::{listed, with_line_ends_of};
use crate::workspace::{self, Workspace, load};
use std::path::{Path, PathBuf};

/// A complete, checked request to add gold.
pub struct GoldAddRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// What came back.
    pub files: Vec<PathBuf>,
}

/// What was added, and where.
pub struct GoldAdded {
    /// What became of the answers.
    pub gold: AddedGold,
    /// How the questions stand that they answer.
    pub standing: GoldStanding,
    /// The file.
    pub path: String,
}

/// Adds gold.
pub fn add(request: &GoldAddRequest, progress: &Progress) -> Diagnosed<GoldAdded> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let task = answers::find_task(&request.task, &model, diagnostics)?;
        let (number, _) = task;
        let ratings = answers::read(&request.files, &model, workspace, progress, diagnostics);
        // What they settle is said once they are rows of gold.
        drop(diagnostics.take(rules::GOLD_TIE));
        workspace.gate(diagnostics)?;
        check_all_used(task, &ratings, diagnostics)?;
        note_makers(task, &ratings, &model, diagnostics);
        let added = ratings::added_gold(number, &ratings, &model, &workspace.sources);
        let path = format!("{TASKS}{}/gold.csv", task.1.id);
        let gold = added.map_err(|fault| diagnostics.stop(rules::INVALID_VALUE, Place::Nowhere, fault))?;
        let standing = standing(number, &gold, &path, &model, workspace, diagnostics)?;
        note_gold(&gold, &standing, &path, diagnostics);
        note_withdrawn(task, &ratings, diagnostics);
        if let Some(text) = &gold.text {
            write(&path, text, request, workspace, diagnostics)?;
        }
        Ok(GoldAdded { gold, standing, path })
    })
}

/// How the questions stand once the file says what it is to say; nothing is written that the site could not be read with.
fn standing(
    number: u16,
    gold: &AddedGold,
    path: &str,
    model: &Model,
    workspace: &Workspace<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<GoldStanding, Halt> {
    let mut found = Diagnostics::default();
    let new: Result<Vec<Source>, _> = gold.text.iter().map(|text| load::source(path, text.clone())).collect();
    let standing = match new.map(|new| Sources::of(workspace.sources.folders.clone().with(new))) {
        Ok(sources) => ratings::gold_standing(number, &gold.asked, model, &sources, &mut found),
        Err(faults) => {
            found = faults;
            GoldStanding::default()
        }
    };
    let Some(wrong) = found.sorted().into_iter().find(|finding| finding.severity == Severity::Error) else {
        return Ok(standing);
    };
    let fault = Fault::whole(format!("{path} could not be read with these answers: {}", wrong.message));
    let fault = wrong.help.iter().fold(fault, |fault, help| fault.help(help.clone()));
    Err(diagnostics.stop(rules::INVALID_VALUE, Place::Nowhere, fault.help("nothing is added")))
}

/// Says whose answers were made under a version that is not to be used any more.
fn note_withdrawn(task: PlacedTask<'_>, ratings: &Ratings, diagnostics: &mut Diagnostics) {
    if let Some(who) = answers::raters(task, ratings, &|rating| answers::is_under_withdrawn(task, rating, ratings)) {
        let message = format!("answers of {who} were made under a version that is withdrawn");
        diagnostics
            .add(rules::ODD_ANSWERS, Place::Nowhere, message)
            .help("they count as gold of that version: ask again where the text was wrong");
    }
}

/// Gold is made of all that came back, or of nothing.
fn check_all_used(task: PlacedTask<'_>, ratings: &Ratings, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let others = ratings.ratings.iter().filter(|rating| !answers::is_of(task, rating, ratings)).count();
    let counts = ratings.notes.ledger.counts();
    let rejected: u64 = counts.rejected.values().map(|rejected| rejected.count).sum();
    let fault = match () {
        () if counts.withdrawn > 0 => {
            Fault::whole(format!("{} rows take answers back or are taken back: no gold is added", counts.withdrawn))
                .help("gold keeps what was said: settle it with a row of `method` adjudicated, and take these rows out")
        }
        () if rejected > 0 => Fault::whole(format!("{rejected} rows can't be used: no gold is added"))
            .help("mend them, or take them out of the file"),
        () if others > 0 => {
            Fault::whole(format!("{others} answers are to another task than `{}`: no gold is added", task.1.id))
                .help("give each task the files that are of it")
        }
        () if ratings.ratings.iter().next().is_none() => Fault::whole("no answer came back: there is no gold to add"),
        () => return Ok(()),
    };
    Err(diagnostics.stop(rules::INVALID_VALUE, Place::Nowhere, fault))
}

/// Says who answered and is in no cohort of experts, where there is one.
fn note_makers(task: PlacedTask<'_>, ratings: &Ratings, model: &Model, diagnostics: &mut Diagnostics) {
    let is_expert = |cohort: u16| model.cohorts[usize::from(cohort)].role == CohortRole::Expert;
    if model.cohorts.iter().all(|cohort| cohort.role != CohortRole::Expert) {
        return;
    }
    if let Some(who) = answers::raters(task, ratings, &|rating| !rating.of.cohort().is_some_and(is_expert)) {
        diagnostics
            .add(rules::ODD_ANSWERS, Place::Nowhere, format!("{who} made gold and is in no cohort of experts"))
            .help("add them to one if they are experts; take their rows out of gold.csv if they are not");
    }
}

/// Says what experts are split on, and whose gold they could see.
fn note_gold(gold: &AddedGold, standing: &GoldStanding, path: &str, diagnostics: &mut Diagnostics) {
    if !standing.ties.is_empty() {
        let split = listed(standing.ties.iter().map(String::as_str));
        diagnostics
            .add(rules::GOLD_TIE, Place::file(path), format!("experts are split: {split}"))
            .help("ask another expert; or settle it, and append the answer to the file with `method` adjudicated");
    }
    if !gold.shown.is_empty() {
        let items = listed(gold.shown.iter().map(String::as_str));
        diagnostics
            .add(rules::ODD_ANSWERS, Place::file(path), format!("gold of {items} is shown to raters already"))
            .help("experts who could see it did not answer blind");
    }
}

/// Writes the file, unless somebody wrote it meanwhile.
fn write(
    path: &str,
    text: &[u8],
    request: &GoldAddRequest,
    workspace: &Workspace<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let place = request.root.join(path);
    let claim = Claim::on(&place).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let there = if disk::exists(&place) { Some(disk::read(&place)) } else { None };
    let there = there.transpose().map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let old = workspace.sources.find(path).map(Source::bytes);
    if there.clone().map(|bytes| load::as_read(path, bytes)).as_deref() != old {
        let fault = Fault::whole("it was changed while this ran: nothing is added").help("run this again");
        return Err(diagnostics.stop(rules::INVALID_VALUE, Place::file(path), fault));
    }
    let there = there.unwrap_or_default();
    let text = with_line_ends_of(&String::from_utf8_lossy(text), &String::from_utf8_lossy(&there));
    claim.write(&place, text.as_bytes()).map_err(|error| diagnostics.machine(&error, Path::new("")))
}
