//! Exporting labelling: files for a labelling tool or a model judge, made from a task's rubric.
//!
//! In: a request. Out: the files, all or none. Of a sealed task they are of its newest version, with the receipt of the text
//! that its readers have.

use super::{OutputPlace, check_free, check_not_own, check_not_published};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk;
use crate::labelling::{self, AskedRubric, LabellingTool, ToolFiles};
use crate::model::project;
use crate::progress::Progress;
use crate::release::receipt::Receipt;
use crate::workspace;
use std::path::{Path, PathBuf};

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub enum LabellingReader {
    /// People, in a tool.
    Tool(LabellingTool),
    /// A model that judges.
    ModelJudge,
}

/// A complete, checked request to export files.
pub struct LabellingExport {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Who is asked by them.
    pub reader: LabellingReader,
    /// The folder they are made in.
    pub output: PathBuf,
    /// Whether files may be replaced.
    pub force: bool,
}

/// What was written.
pub struct ExportedLabelling {
    /// The files.
    pub files: Vec<PathBuf>,
    /// The receipt of the text that they are of, if that is sealed.
    pub receipt: Option<String>,
    /// What the tool can't do as the rubric means it.
    pub remarks: Vec<String>,
}

/// Writes the files.
pub fn export(request: &LabellingExport, progress: &Progress) -> Diagnosed<ExportedLabelling> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let task = model.find_task(&request.task, diagnostics)?;
        let reader = model.config.default_audience;
        let name = model.config.audiences.name(reader);
        let sealed = task.newest_for(name);
        let whole = sealed.map(|(release, _)| &release.instructions).or(task.working.as_ref()).ok_or(Halt)?;
        let set = project::instructions(&model, whole, reader).ok_or_else(|| {
            let fault = Fault::whole(format!("`{}` has no rubric that `{name}` may read", task.id));
            diagnostics.stop(rules::INVALID_SETTINGS, Place::Nowhere, fault)
        })?;
        let receipt = sealed.map(|(release, text)| Receipt::of(&release.version, &text.digest).to_string());
        let titles = |id: &str| set.criterion_title(id).to_owned();
        let asked = AskedRubric {
            task: &task.id,
            title: &set.page.title,
            receipt: receipt.as_deref(),
            rubric: &set.rubric,
            titles: &titles,
        };
        let text = || {
            let sealed = sealed.and_then(|(_, text)| text.text().map(|text| text.to_string()));
            sealed.unwrap_or_else(|| crate::release::text::instructions(&task.id, &semver::Version::new(0, 0, 0), &set))
        };
        let ToolFiles { files, remarks } = match request.reader {
            LabellingReader::Tool(tool) => tool.files(&asked),
            LabellingReader::ModelJudge => labelling::judge(&asked, &text()),
        };
        let files: Vec<(PathBuf, Vec<u8>)> =
            files.into_iter().map(|(name, text)| (request.output.join(name), text.into_bytes())).collect();
        for (path, _) in &files {
            check_place(path, request, diagnostics)?;
            check_free(path, request.force, diagnostics)?;
        }
        disk::write_together(&files).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
        Ok(ExportedLabelling { files: files.into_iter().map(|(path, _)| path).collect(), receipt, remarks })
    })
}

fn check_place(path: &Path, request: &LabellingExport, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let place = OutputPlace { path, option: "--output", is_content: false };
    check_not_own(&place, &request.root, diagnostics)?;
    check_not_published(&place, &request.root, diagnostics)
}
