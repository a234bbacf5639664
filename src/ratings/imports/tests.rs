//! Tests of imports as a whole: what is said in one form is the same ratings in every other.

use crate::ratings::testing::{Site, said};
use crate::table::testing::workbook;
use proptest::prelude::*;

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, partly, no]}}
  - {id: severity, scale: {ordinal: [1, 2, 3]}}
  - {id: minutes, scale: {number: {min: 0}}}";

const READING: &str = "columns: {item: Lauf, rater: Wer, submission: Nr, submitted_at: Zeit}
answers: {goal: Ziel, severity: Schwere, minutes: Dauer}
values: {goal: {Ja: yes, Teils: partly, Nein: no}}
rater_prefix: r-
time_zone: Europe/Berlin
decimal_comma: true
";

/// One submission: item, rater, and what was answered.
type Act = (String, bool, Option<usize>, Option<u8>, Option<u8>);

fn act() -> impl Strategy<Value = Act> {
    let severity = prop::option::of(1_u8..4);
    ("[a-z0-9\"',;|<&ü\\[]{1,5}", any::<bool>(), prop::option::of(0_usize..3), severity, prop::option::of(0_u8..20))
}

fn half(minutes: Option<u8>, mark: char) -> String {
    minutes.map_or_else(String::new, |minutes| format!("{minutes}{mark}5"))
}

fn text(number: Option<u8>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// The tables that say the same: a row an answer, a column a criterion, and that under names of its own.
fn tables(acts: &[Act]) -> [Vec<Vec<String>>; 3] {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
    let mut long = vec![row(&["item", "rater", "submission", "submitted_at", "criterion", "value"])];
    let mut wide = vec![row(&["item", "rater", "submission", "submitted_at", "goal", "severity", "minutes"])];
    let mut named = vec![row(&["Lauf", "Wer", "Nr", "Zeit", "Ziel", "Schwere", "Dauer"])];
    for (number, (item, is_a, goal, severity, minutes)) in acts.iter().enumerate() {
        let rater = if *is_a { "a" } else { "b" };
        let (full, id) = (format!("r-{rater}"), format!("s-{number}"));
        let time = format!("2026-11-02T09:{number:02}:00Z");
        let word = |words: [&str; 3]| goal.map_or("", |goal| words[goal]).to_owned();
        let answers = [word(["yes", "partly", "no"]), text(*severity), half(*minutes, '.')];
        for (criterion, answer) in
            ["goal", "severity", "minutes"].iter().zip(&answers).filter(|(_, said)| !said.is_empty())
        {
            long.push(row(&[item, &full, &id, &time, criterion, answer]));
        }
        wide.push(row(&[item, &full, &id, &time, &answers[0], &answers[1], &answers[2]]));
        let local = format!("02.11.2026 10:{number:02}");
        let answers = [word(["Ja", "Teils", "Nein"]), text(*severity), half(*minutes, ',')];
        named.push(row(&[item, rater, &id, &local, &answers[0], &answers[1], &answers[2]]));
    }
    [long, wide, named]
}

fn csv(table: &[Vec<String>]) -> Vec<u8> {
    let cell = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(";") + "\r\n";
    table.iter().map(line).collect::<String>().into_bytes()
}

fn list(table: &[Vec<String>]) -> Vec<u8> {
    let object = |row: &Vec<String>| {
        let pairs = table[0].iter().cloned().zip(row.iter().map(|cell| cell.clone().into()));
        serde_json::Value::Object(pairs.collect())
    };
    serde_json::to_vec_pretty(&table[1..].iter().map(object).collect::<Vec<_>>()).unwrap()
}

fn sheet(table: &[Vec<String>]) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    workbook(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), "")
}

/// The table as Parquet, where that is read.
#[cfg(feature = "parquet")]
fn columns(table: &[Vec<String>]) -> Option<Vec<u8>> {
    Some(crate::table::testing::parquet(table))
}

#[cfg(not(feature = "parquet"))]
fn columns(_: &[Vec<String>]) -> Option<Vec<u8>> {
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_said_in_one_form_is_the_same_in_every_other(acts in prop::collection::vec(act(), 1..12)) {
        let plain = Site::with(CRITERIA).cohort("atlas", "r-a, r-b", "tasks: [t]\n");
        let site = plain.file("content/ratings/named/ratings.yaml", READING);
        let read = |path: &str, bytes: Vec<u8>| {
            let (table, _) = site.read(&[(&*format!("content/ratings/{path}"), bytes)]);
            let faults: Vec<_> = table.notes.ledger.files.iter().filter_map(|file| file.fault.clone()).collect();
            let days: Vec<_> = table.ratings.iter().map(|rating| rating.of.day).collect();
            (said(&table), days, faults.len())
        };
        let [long, wide, named] = tables(&acts);
        prop_assume!(long.len() > 1);
        let expected = read("a.csv", csv(&long));
        prop_assert_eq!(expected.2, 0);
        let forms = [
            ("a.json", list(&long)),
            ("a.xlsx", sheet(&long)),
            ("a.csv", csv(&wide)),
            ("a.xlsx", sheet(&wide)),
            ("named/a.csv", csv(&named)),
            ("named/a.json", list(&named)),
            ("named/a.xlsx", sheet(&named)),
        ];
        let in_columns = [("a.parquet", &long), ("a.parquet", &wide), ("named/a.parquet", &named)];
        let in_columns = in_columns.into_iter().filter_map(|(path, table)| Some((path, columns(table)?)));
        for (path, bytes) in forms.into_iter().chain(in_columns) {
            prop_assert_eq!(&read(path, bytes), &expected, "{}", path);
        }
    }
}
