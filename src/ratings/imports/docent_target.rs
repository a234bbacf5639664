//! What records of Docent are of: runs of this site, found by the messages in them, or by what is said of them.
//!
//! In: a record, and what lies beside it. Out: the item, and of a slice its steps. It never asks what a record says.

use super::RatingsReading;
use super::docent_folder::{DocentFolder, DocentRun};
use super::docent_record::{DocentRecord, TargetItem};
use crate::ratings::columns::Column;
use crate::ratings::expected::{Expected, KnownRun};
use crate::ratings::rejected::{Reason, Refusal};
use crate::text::quoted;
use std::collections::BTreeMap;

/// What names the item in Docent itself.
const RUN_ID: &str = "agent_run_id";

/// What a label is of.
pub struct LabelledRun {
    /// The item.
    pub item: String,
    /// The first and last steps of each slice, if it is of slices.
    pub slices: Vec<(usize, usize)>,
}

/// Finds runs.
pub struct LabelledRuns<'r> {
    folder: &'r DocentFolder,
    reading: &'r RatingsReading,
    by_message: BTreeMap<&'r str, Option<&'r KnownRun<'r>>>,
}

impl<'r> LabelledRuns<'r> {
    /// Those beside labels, and those of the site.
    pub fn of(folder: &'r DocentFolder, reading: &'r RatingsReading, expected: &'r Expected<'r>) -> Self {
        Self { folder, reading, by_message: expected.runs_by_message(reading.says(Column::Task)) }
    }

    /// What a record is of: one run, or slices of it.
    pub fn labelled(&self, record: &DocentRecord) -> Result<LabelledRun, Refusal> {
        let other = |what: &str| Refusal::new(Reason::NotOfRun, format!("{} is of {what}", quoted(&record.id)));
        let Some(target) = &record.target else {
            let id = record.agent_run_id.as_deref().ok_or_else(|| other("nothing"))?;
            return self.item(id, self.folder.run(id), Vec::new());
        };
        let mut found: Option<LabelledRun> = None;
        for of in &target.items {
            let labelled = self.target(of).map_err(|what| other(&what))??;
            match &mut found {
                Some(known) if known.item != labelled.item => return Err(other("several runs")),
                Some(known) => known.slices.extend(labelled.slices),
                None => found = Some(labelled),
            }
        }
        found.ok_or_else(|| other("nothing"))
    }

    /// What one thing is that a label is of; `Err` if it is no run and no part of one.
    fn target(&self, of: &TargetItem) -> Result<Result<LabelledRun, Refusal>, String> {
        if let (Some(id), "agent_run") = (&of.agent_run_id, of.object_type.as_str()) {
            return Ok(self.item(id, self.folder.run(id), Vec::new()));
        }
        let transcript = of.transcript_id.as_deref().ok_or_else(|| format!("a {}", quoted(&of.object_type)))?;
        let unknown = || Refusal::new(Reason::NoItem, format!("no run has the transcript {}", quoted(transcript)));
        let Some(run) = self.folder.run_of(transcript) else { return Ok(Err(unknown())) };
        match of.object_type.as_str() {
            "transcript" if run.transcripts.len() > 1 => Err("one of several transcripts".to_owned()),
            "transcript" => Ok(self.item(&run.id, Some(run), Vec::new())),
            "transcript_slice" => {
                let ends = [of.transcript_slice_start_idx, of.transcript_slice_end_idx];
                let [first, last] = ends.map(|message| self.step(run, transcript, message));
                let nowhere = || Refusal::new(Reason::BadStep, format!("messages {} to {}", ends[0], ends[1]));
                let slice = first.zip(last).ok_or_else(nowhere);
                Ok(slice.and_then(|slice| self.item(&run.id, Some(run), vec![slice])))
            }
            other => Err(format!("a {}", quoted(other))),
        }
    }

    /// The run of the site that has a message of this one.
    fn known(&self, run: &DocentRun) -> Option<&KnownRun<'_>> {
        let mut messages = run.transcripts.iter().flat_map(|transcript| &transcript.messages);
        messages.find_map(|message| *self.by_message.get(message.id.as_deref()?)?)
    }

    /// The step in which a message of a transcript is, by its id, else by counting.
    fn step(&self, run: &DocentRun, transcript: &str, message: usize) -> Option<usize> {
        let transcript = run.transcripts.iter().find(|known| known.id == transcript)?;
        let id = transcript.messages.get(message)?.id.as_deref();
        let by_id = || self.known(run)?.step(id?);
        by_id().or_else(|| run.counted_step(transcript, message))
    }

    /// The item that a run is of: that of the site's run with its messages, else its sample, or what is said to name it.
    fn item(&self, id: &str, run: Option<&DocentRun>, slices: Vec<(usize, usize)>) -> Result<LabelledRun, Refusal> {
        let of = |item: String| Ok(LabelledRun { item, slices });
        let named = self.reading.columns.get(&Column::Item).map(String::as_str);
        if named == Some(RUN_ID) {
            return of(id.to_owned());
        }
        let beside = |run| match named {
            Some(key) => DocentRun::said(run, key),
            None => self.known(run).map(|known| known.item.to_owned()).or_else(|| self.folder.sample(run)),
        };
        match run.and_then(beside) {
            Some(item) => of(item),
            None if run.is_some() => {
                Err(Refusal::new(Reason::NoItem, format!("nothing names the item of {}", quoted(id))))
            }
            None => {
                let found = format!("no run of `docent-runs.json` beside it is {}", quoted(id));
                Err(Refusal::new(Reason::NoItem, found))
            }
        }
    }
}
