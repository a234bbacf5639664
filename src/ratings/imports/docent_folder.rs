//! Docent's runs and rubrics, as the models of 0.1.88 are dumped: what lies beside labels and says what they are of.
//!
//! In: `docent-runs.json` and `docent-rubrics.json` in a folder of ratings. Out: by Docent's own ids, which sample a run is,
//! which message is which step of it, and what a judge consists of. Of a run nothing else is kept: no words, and no score.

use crate::diagnostic::Fault;
use crate::digest::Digest;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// What lies beside labels.
#[derive(Clone, Debug, Default)]
pub struct DocentFolder {
    runs: BTreeMap<String, DocentRun>,
    rubrics: BTreeMap<(String, u64), DocentRubric>,
    /// By sample: how many runs are of it.
    samples: BTreeMap<String, usize>,
}

/// A run.
#[derive(Clone, Debug, Deserialize)]
pub struct DocentRun {
    /// Docent's own id, another one at each conversion.
    pub id: String,
    /// What is said of it: numbers and short texts.
    #[serde(default)]
    metadata: Map<String, Json>,
    /// What was said in it.
    #[serde(default)]
    pub transcripts: Vec<DocentTranscript>,
}

/// The messages of one conversation.
#[derive(Clone, Debug, Deserialize)]
pub struct DocentTranscript {
    /// Its id.
    pub id: String,
    /// Its messages, in order.
    #[serde(default)]
    pub messages: Vec<DocentMessage>,
}

/// A message, without its words.
#[derive(Clone, Debug, Deserialize)]
pub struct DocentMessage {
    /// The id that the log gave it.
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    role: String,
}

/// What is asked of a judge, at one version.
#[derive(Clone, Debug)]
pub struct DocentRubric {
    /// The model.
    pub model: Option<String>,
    /// What it is asked for.
    pub asked: Vec<String>,
    /// All of it.
    whole: Json,
}

/// Letters of the digest behind a judge's id.
const JUDGE: usize = 8;

/// The longest text of a run's metadata that may name an item.
const LONGEST_NAME: usize = 200;

impl DocentFolder {
    /// What these texts say.
    pub fn of(runs: Option<&[u8]>, rubrics: Option<&[u8]>) -> Result<Self, Fault> {
        let (mut runs, rubrics): (Vec<DocentRun>, Vec<Json>) = (list("runs", runs)?, list("rubrics", rubrics)?);
        let is_name = |value: &Json| match value {
            Json::String(text) => text.len() <= LONGEST_NAME,
            value => value.is_number(),
        };
        runs.iter_mut().for_each(|run| run.metadata.retain(|_, value| is_name(value)));
        let mut samples: BTreeMap<String, usize> = BTreeMap::new();
        for sample in runs.iter().filter_map(|run| run.said(SAMPLE)) {
            *samples.entry(sample).or_default() += 1;
        }
        let rubrics = rubrics.into_iter().filter_map(|whole| {
            let id = whole["id"].as_str()?.to_owned();
            Some(((id, whole["version"].as_u64()?), DocentRubric::of(whole)))
        });
        let rubrics = rubrics.collect();
        Ok(Self { runs: runs.into_iter().map(|run| (run.id.clone(), run)).collect(), rubrics, samples })
    }

    /// The run of this id.
    pub fn run(&self, id: &str) -> Option<&DocentRun> {
        self.runs.get(id)
    }

    /// The run that has this transcript.
    pub fn run_of(&self, transcript: &str) -> Option<&DocentRun> {
        self.runs.values().find(|run| run.transcripts.iter().any(|of| of.id == transcript))
    }

    /// The rubric at this version.
    pub fn rubric(&self, id: &str, version: u64) -> Option<&DocentRubric> {
        self.rubrics.get(&(id.to_owned(), version))
    }

    /// The sample that a run is of, with its epoch where several runs are of that.
    pub fn sample(&self, run: &DocentRun) -> Option<String> {
        let sample = run.said(SAMPLE)?;
        let epoch = || EPOCHS.iter().find_map(|key| run.said(key));
        match self.samples.get(&sample) {
            Some(1) => Some(sample),
            _ => Some(format!("{sample}#{}", epoch()?)),
        }
    }

    /// The id of a judge who goes by a name, which changes with all that the judge consists of.
    pub fn judge(&self, name: &str, rubric: &str, version: u64) -> String {
        let whole = self.rubric(rubric, version).map(|rubric| &rubric.whole);
        let mut digest = Digest::of(json!([rubric, version, whole]).to_string().as_bytes()).to_string();
        digest.truncate(JUDGE);
        format!("{name}@{digest}")
    }
}

/// What Docent's readers of Inspect's logs call the sample, and its epoch.
const SAMPLE: &str = "sample_id";
const EPOCHS: [&str; 2] = ["epoch", "epoch_id"];

impl DocentRun {
    /// What its metadata say.
    pub fn said(&self, key: &str) -> Option<String> {
        let text = match self.metadata.get(key)? {
            Json::String(text) => text.clone(),
            value => value.to_string(),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The number of the step in which a message is, where that is told by counting: what tools say is in the step that
    /// called them.
    pub fn counted_step(&self, transcript: &DocentTranscript, message: usize) -> Option<usize> {
        let before = transcript.messages.get(..=message).filter(|_| self.transcripts.len() == 1)?;
        Some(before.iter().filter(|message| message.role != "tool").count()).filter(|step| *step > 0)
    }
}

impl DocentRubric {
    fn of(whole: Json) -> Self {
        let properties = whole["output_schema"]["properties"].as_object();
        Self {
            model: whole["judge_model"]["model_name"].as_str().map(str::to_owned),
            asked: properties.into_iter().flat_map(|keys| keys.keys().cloned()).collect(),
            whole,
        }
    }
}

fn list<T: DeserializeOwned>(what: &str, text: Option<&[u8]>) -> Result<Vec<T>, Fault> {
    let unread = |error| Fault::whole(format!("its `docent-{what}.json` can't be read: {error}"));
    text.map_or_else(|| Ok(Vec::new()), |text| serde_json::from_slice(text).map_err(unread))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNS: &str = r#"[{"id": "r-1", "metadata": {"sample_id": "a", "epoch": 1, "target": ["SECRET"]},
          "transcripts": [{"id": "t-1", "messages": [{"id": "m", "role": "system"}, {"role": "user"},
              {"role": "assistant"}, {"role": "tool"}, {"role": "assistant"}]}]},
        {"id": "r-2", "metadata": {"sample_id": "b", "epoch_id": 1}}, {"id": "r-3", "metadata": {"sample_id": "b", "epoch_id": 2}}]"#;

    fn rubric(model: &str, version: u64) -> String {
        json!([{"id": "q", "version": version, "judge_model": {"model_name": model}, "rubric_text": "Rate.",
            "output_schema": {"properties": {"goal": {}, "explanation": {}}}}])
        .to_string()
    }

    #[test]
    fn a_sample_of_several_runs_is_told_with_its_epoch() {
        let folder = DocentFolder::of(Some(RUNS.as_bytes()), None).unwrap();
        let sample = |id| folder.sample(folder.run(id).unwrap()).unwrap();
        assert_eq!(["r-1", "r-2", "r-3"].map(sample), ["a", "b#1", "b#2"]);
        let run = folder.run_of("t-1").unwrap();
        let steps: Vec<Option<usize>> = (0..6).map(|at| run.counted_step(&run.transcripts[0], at)).collect();
        assert_eq!(steps, [Some(1), Some(2), Some(3), Some(3), Some(4), None]);
        assert!(run.said("target").is_none() && folder.run("r-9").is_none());
        assert!(DocentFolder::of(Some(b"{"), None).unwrap_err().message.contains("docent-runs.json"));
    }

    #[test]
    fn a_judges_id_changes_with_its_model_its_rubric_and_the_version_of_that() {
        let judge = |model, version| {
            let folder = DocentFolder::of(None, Some(rubric(model, version).as_bytes())).unwrap();
            assert_eq!(folder.rubric("q", version).unwrap().asked, ["explanation", "goal"]);
            folder.judge("j", "q", version)
        };
        let before = judge("m", 1);
        assert_eq!((before.len(), judge("m", 1)), (10, before.clone()));
        assert!(
            [judge("n", 1), judge("m", 2), DocentFolder::default().judge("j", "q", 1)].iter().all(|id| *id != before)
        );
        assert_ne!(DocentFolder::default().judge("j", "q", 1), DocentFolder::default().judge("j", "p", 1));
    }
}
