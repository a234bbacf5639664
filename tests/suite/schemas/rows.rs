//! Rows of ratings, held against their schema and given to the program.
//!
//! The program counts what it can't use by reason and names the first five lines of each, so that one run judges all.

use super::verdicts::Schemas;
use crate::support::Site;
use serde_json::Value;

/// Rows with what the schema and the program say of them: whether each takes it.
const ROWS: [(&str, bool, bool); 40] = [
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes"}"#, true, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"severity","value":3}"#, true, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"severity","value":"3.0"}"#, true, true),
    (
        r#"{"task":"check-run","item":"run-1","rater":"b-01","criterion":"reached","value":"no","version":"1.0.0"}"#,
        true,
        true,
    ),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":null,"outcome":"unsure"}"#, true, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","outcome":"none","value":""}"#, true, true),
    (r#"{"item":"run-1","rater":"b-01","outcome":"skipped"}"#, true, true),
    (r#"{"item":"run-1","rater":"b-01","outcome":"withdrawn","value":"yes"}"#, true, true),
    (
        r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim","step":2,"origin":"real"}"#,
        true,
        true,
    ),
    (
        r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim","step":"2","step_to":3}"#,
        true,
        true,
    ),
    (
        r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","pass":2,"basis":"review","status":"accepted"}"#,
        true,
        true,
    ),
    (
        r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","pass":"2.0","basis":"","status":null}"#,
        true,
        true,
    ),
    (
        r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","submitted_at":"2026-10-05T08:00:00Z"}"#,
        true,
        true,
    ),
    (
        r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","seconds":"n/a","comment":"c","colour":"red"}"#,
        true,
        true,
    ),
    // Both refuse it.
    (r#"{"rater":"b-01","criterion":"reached","value":"yes"}"#, false, false),
    (r#"{"item":"","rater":"b-01","criterion":"reached","value":"yes"}"#, false, false),
    (r#"{"item":"run-1","criterion":"reached","value":"yes"}"#, false, false),
    (r#"{"item":"run-1","rater":null,"criterion":"reached","value":"yes"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","value":"yes"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":["yes"]}"#, true, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":["yes|no"]}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":[]}"#, false, false),
    (r#"{"item":["run-1"],"rater":"b-01","criterion":"reached","value":"yes"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","outcome":"skipped"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","outcome":"skiped"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","pass":0}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","pass":"first"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","pass":256}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","basis":"alone"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","status":"paid"}"#, false, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","version":"1.0"}"#, false, false),
    (r#"["run-1","b-01","reached","yes"]"#, false, false),
    // Only the site knows: its criteria, scales, tasks, cohorts; and a time that no calendar has.
    (r#"{"item":"run-1","rater":"b-01","criterion":"raeched","value":"yes"}"#, true, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"maybe"}"#, true, false),
    (r#"{"task":"other","item":"run-1","rater":"b-01","criterion":"reached","value":"yes"}"#, true, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","value":"false-claim"}"#, true, false),
    (r#"{"item":"run-1","rater":"b-01","criterion":"reached","value":"yes","submitted_at":"yesterday"}"#, true, false),
    // The program also reads what is not in the canonical spelling.
    (r#"{"Item":"run-1","rater":"b-01","criterion":"reached","value":"yes"}"#, false, true),
    (r#"{"item":"run-1","rater":"b-01","criterion":"mistakes","outcome":" none "}"#, false, true),
];

#[test]
fn a_row_is_taken_by_the_schema_and_by_the_program_as_is_said_here() {
    let schemas = Schemas::printed();
    let site = Site::sealed();
    std::fs::remove_file(site.path().join("content/ratings/week.csv")).unwrap();
    let lines: String = ROWS.iter().map(|(row, ..)| format!("{row}\n")).collect();
    site.write("content/ratings/rows.jsonl", lines);
    let refused = refused(&site);
    for (index, (row, by_schema, by_program)) in ROWS.iter().enumerate() {
        let value: Value = serde_json::from_str(row).unwrap();
        assert_eq!(schemas.refuses("rating", &value).is_none(), *by_schema, "the schema of {row}");
        assert_eq!(!refused.contains(&(index as u64 + 1)), *by_program, "the program of {row}");
    }
    assert_eq!(
        refused.len(),
        ROWS.iter().filter(|(.., taken)| !taken).count(),
        "a reason was given more than five times"
    );
}

/// The lines that could not be used.
fn refused(site: &Site) -> Vec<u64> {
    let run = site.run("check --json");
    let findings = run.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let rejected = findings.filter(|finding| finding["rule"] == "rejected-ratings");
    let lines = rejected.flat_map(|finding| finding["help"].as_array().unwrap().clone());
    lines.map(|line| line.as_str().unwrap().split(':').nth(1).unwrap().parse().unwrap()).collect()
}
