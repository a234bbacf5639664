//! Scans of Inspect Scout 0.6.1: what `_scan.json` and `_summary.json` in the folder of a scan say of the judge.
//!
//! In: their texts. Out: whose ratings these are, of which version, and for the how many-th time each run was judged; or
//! why the scan is not read. A judge's id ends in a digest of all that it consists of: a model, a prompt or a setting
//! that changes makes another rater. It reads no row.

use crate::diagnostic::Fault;
use crate::digest::Digest;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// One scan.
#[derive(Clone, Debug)]
pub struct Scan {
    id: String,
    /// Who rates where nobody is named: what the scan's metadata say, else the model.
    rater: String,
    /// The first letters of the digest of what the judge consists of.
    judge: String,
    /// The version that the judge was given, if the scan's metadata say so.
    pub version: Option<String>,
    /// When it was begun.
    started: String,
    /// By scanner: whether its answers are letters that stand for labels.
    labelled: BTreeMap<String, bool>,
    /// By transcript: for the how many-th time this judge sees it, from 1.
    passes: BTreeMap<String, u64>,
}

/// What is read of `_scan.json`.
#[derive(Deserialize)]
struct ScanSpec {
    #[serde(default)]
    scan_id: String,
    #[serde(default)]
    timestamp: String,
    #[serde(default)]
    metadata: Option<Map<String, Json>>,
    #[serde(default)]
    model: Option<Map<String, Json>>,
    #[serde(default)]
    transcripts: Option<ScannedTranscripts>,
    #[serde(default)]
    scanners: BTreeMap<String, ScannerSpec>,
    #[serde(default)]
    revision: Option<Map<String, Json>>,
}

#[derive(Deserialize)]
struct ScannedTranscripts {
    #[serde(default)]
    transcript_ids: BTreeMap<String, Json>,
}

#[derive(Deserialize)]
struct ScannerSpec {
    #[serde(default)]
    name: Json,
    #[serde(default)]
    version: Json,
    #[serde(default)]
    package_version: Json,
    #[serde(default)]
    params: Map<String, Json>,
}

/// Letters of the digest behind a judge's id.
const JUDGE: usize = 8;

impl Scan {
    /// The scan that these texts describe; one that did not end only if that is allowed.
    pub fn of(spec: &[u8], summary: Option<&[u8]>, may_be_partial: bool) -> Result<Self, Fault> {
        let unread = |error: serde_json::Error| Fault::whole(format!("its `_scan.json` can't be read: {error}"));
        let spec: ScanSpec = serde_json::from_slice(spec).map_err(unread)?;
        if !may_be_partial && !is_complete(summary) {
            let help = "finish it with `scout scan resume`; or read what is there: `--partial`, or `partial: true` in ratings.yaml";
            return Err(Fault::whole(
                "the scan did not end, or had errors: its `_summary.json` does not say that it is complete",
            )
            .help(help));
        }
        let said = |key: &str| spec.metadata.as_ref()?.get(key)?.as_str().map(str::to_owned);
        let rater = said("rater").or_else(|| spec.model_name()).ok_or_else(|| {
            Fault::whole("nothing says who judges: the scan names no model")
                .help("name the judge with `--rater`, or `rater` in ratings.yaml")
        })?;
        let passes = spec.transcripts.iter().flat_map(|of| of.transcript_ids.keys().map(|id| (id.clone(), 1)));
        Ok(Self {
            rater,
            id: spec.scan_id.clone(),
            judge: spec.judge(),
            version: said("goldbook.version"),
            passes: passes.collect(),
            labelled: spec.scanners.iter().map(|(key, scanner)| (key.clone(), scanner.is_labelled())).collect(),
            started: spec.timestamp,
        })
    }

    /// The judge's id; `named` is who rates, if that is said.
    pub fn rater(&self, named: Option<&str>) -> String {
        format!("{}@{}", named.unwrap_or(&self.rater), self.judge)
    }

    /// For the how many-th time the judge sees a transcript.
    pub fn pass(&self, transcript: &str) -> u64 {
        self.passes.get(transcript).copied().unwrap_or(1)
    }

    /// Whether the answers of a scanner are letters that stand for labels.
    pub fn is_labelled(&self, scanner: &str) -> bool {
        self.labelled.get(scanner) == Some(&true)
    }

    /// Counts how often each judge saw each transcript before; the same scan twice is once.
    pub fn count_passes(mut scans: Vec<(String, &mut Self)>) {
        scans.sort_by(|(_, one), (_, other)| (&one.started, &one.id).cmp(&(&other.started, &other.id)));
        let mut seen: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for (judge, scan) in scans {
            for (transcript, pass) in &mut scan.passes {
                let before = seen.entry((judge.clone(), transcript.clone())).or_default();
                if !before.contains(&scan.id) {
                    before.push(scan.id.clone());
                }
                *pass = before.len() as u64;
            }
        }
    }
}

fn is_complete(summary: Option<&[u8]>) -> bool {
    let summary: Option<Json> = summary.and_then(|text| serde_json::from_slice(text).ok());
    summary.is_some_and(|summary| summary["complete"] == json!(true))
}

impl ScanSpec {
    fn model_name(&self) -> Option<String> {
        let own = self.model.as_ref().and_then(|model| model.get("model"));
        let of_scanner = || self.scanners.values().find_map(|scanner| scanner.params.get("model"));
        own.or_else(of_scanner)?.as_str().map(str::to_owned)
    }

    /// The digest of the model with its settings, of the scanners with theirs, prompts included, and of the code.
    fn judge(&self) -> String {
        let scanner =
            |scanner: &ScannerSpec| json!([scanner.name, scanner.version, scanner.package_version, scanner.params]);
        let scanners: BTreeMap<&String, Json> = self.scanners.iter().map(|(key, spec)| (key, scanner(spec))).collect();
        let commit = self.revision.as_ref().and_then(|revision| revision.get("commit"));
        let whole = json!({"model": self.model, "scanners": scanners, "commit": commit});
        let mut digest = Digest::of(whole.to_string().as_bytes()).to_string();
        digest.truncate(JUDGE);
        digest
    }
}

impl ScannerSpec {
    fn is_labelled(&self) -> bool {
        let labels = self.params.get("answer").and_then(Json::as_array);
        labels.is_some_and(|labels| !labels.is_empty() && labels.iter().all(Json::is_string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = r#"{"scan_id": "s", "timestamp": "2026-11-02T09:00:00+00:00", "model": {"model": "m", "config": {"temperature": 0.5}},
        "transcripts": {"transcript_ids": {"t-1": "a.eval", "t-2": "a.eval"}},
        "scanners": {"kind": {"name": "llm", "version": 0, "params": {"question": "Which?", "answer": ["a", "b"]}}}}"#;
    const ENDED: Option<&[u8]> = Some(br#"{"complete": true}"#);

    fn scan(spec: &str) -> Scan {
        Scan::of(spec.as_bytes(), ENDED, false).unwrap()
    }

    #[test]
    fn a_judges_id_changes_with_all_that_it_consists_of() {
        let before = scan(SPEC).rater(None);
        assert!(before.starts_with("m@") && before.len() == 10, "{before}");
        assert_eq!(scan(&SPEC.replace("a.eval", "b.eval").replace("11-02", "11-03")).rater(None), before);
        for (what, other) in
            [("0.5", "0.6"), ("Which?", "Which is it?"), ("\"version\": 0", "\"version\": 1"), ("\"m\"", "\"n\"")]
        {
            assert_ne!(scan(&SPEC.replace(what, other)).rater(Some("m")), before, "{what}");
        }
        let named = scan(&SPEC.replacen('{', r#"{"metadata": {"rater": "judge-a"}, "#, 1)).rater(None);
        assert_eq!(named[8..], before[2..]);
        let code = scan(&SPEC.replacen('{', r#"{"revision": {"commit": "ab"}, "#, 1)).rater(None);
        assert_ne!(code, before);
    }

    #[test]
    fn a_scan_that_did_not_end_is_refused_unless_that_is_allowed() {
        for summary in [None, Some("{"), Some(r#"{"complete": false}"#)] {
            let summary = summary.map(str::as_bytes);
            assert!(Scan::of(SPEC.as_bytes(), summary, false).unwrap_err().message.contains("did not end"));
            assert!(Scan::of(SPEC.as_bytes(), summary, true).is_ok());
        }
        assert!(Scan::of(b"[]", ENDED, false).is_err());
        assert!(Scan::of(b"{}", ENDED, false).unwrap_err().message.contains("who judges"));
    }

    #[test]
    fn a_transcript_that_a_judge_sees_again_is_its_second_pass() {
        let again = |text: &str| text.replace("11-02", "11-09").replace("\"s\"", "\"r\"");
        let (mut first, mut second) = (scan(SPEC), scan(&again(&SPEC.replace("t-2", "t-3"))));
        let (mut copy, mut other) = (scan(SPEC), scan(&again(SPEC)));
        let of = |judge: &str| judge.to_owned();
        Scan::count_passes(vec![
            (of("a"), &mut second),
            (of("a"), &mut first),
            (of("b"), &mut other),
            (of("a"), &mut copy),
        ]);
        assert_eq!([first.pass("t-1"), copy.pass("t-1"), second.pass("t-1")], [1, 1, 2]);
        assert_eq!([second.pass("t-3"), other.pass("t-1")], [1, 1]);
    }
}
