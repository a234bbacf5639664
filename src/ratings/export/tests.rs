//! Tests of the export as a whole: what is read back is what was read.

use super::{ExportFormat, ExportRequest, export};
use crate::ratings::Ratings;
use crate::ratings::testing::{Site, said};
use crate::schema::Words;
use crate::table::TableSource;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no, -3]}, unsure: true}
  - {id: mistakes, scale: {steps: [wrong, late]}, with: {origin: [real, spurious]}}
  - {id: seen, scale: {set: [a, b]}}";

const HEAD: &str = "item,rater,criterion,value,outcome,step,origin,attribute,submission,submitted_at,pass,seconds,cohort,comment,colour\n";

/// A row of a table that has every kind of row, in so few values that rows meet.
fn row() -> impl Strategy<Value = String> {
    let pick = |texts: &'static [&'static str]| prop::sample::select(texts);
    let said = pick(&[
        "goal,yes,,,,",
        "goal,No,,,,",
        "goal,maybe,,,,",
        "goal,-3,,,,",
        "goal,,unsure,,,",
        "mistakes,wrong,,3,real,",
        "mistakes,wrong,,3,,",
        "mistakes,late,,5,,",
        "mistakes,real,,3,,origin",
        "mistakes,spurious,,7,,origin",
        "mistakes,,none,,,",
        "seen,b|a,,,,",
        ",,skipped,,,",
        ",,withdrawn,,,",
        "other,1,,,,",
        ",,,,,",
    ]);
    let act = pick(&[
        ",",
        ",",
        "s1,",
        "s2,2026-11-02T09:00:00Z",
        ",2026-11-02T09:00:00Z",
        ",2026-11-02",
        "=s3,2026-11-03T09:00:00+01:00",
        ",never",
    ]);
    let pass = pick(&["", "", "2", "0"]);
    let (rater, cohort) = (pick(&["a", "a", "b", "stranger", "-r"]), pick(&["", "", "", "other"]));
    let comment = pick(&["", "=1+1", "'=x", "\"a, 'b\n-c\"", "@"]);
    (pick(&["i", "i", "'+j"]), rater, said, act, pass, cohort, comment).prop_map(
        |(item, rater, said, act, pass, cohort, comment)| {
            // The time taken belongs to the submission: rows of one say the same.
            let seconds = if act.is_empty() { "x".len() } else { act.len() * 10 };
            format!("{item},{rater},{said},{act},{pass},{seconds},{cohort},{comment},\n")
        },
    )
}

/// What can be written.
#[cfg(feature = "parquet")]
const FORMATS: &[ExportFormat] = &[ExportFormat::Csv, ExportFormat::JsonLines, ExportFormat::Parquet];
#[cfg(not(feature = "parquet"))]
const FORMATS: &[ExportFormat] = &[ExportFormat::Csv, ExportFormat::JsonLines];

type Files = Vec<(String, Vec<u8>)>;

fn read(site: &Site, files: &Files) -> Ratings {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    site.read(&files).0
}

/// The two files that an export makes.
fn exported(site: &Site, files: &Files, format: ExportFormat) -> Files {
    let (model, sources) = site.open();
    let open = |path: &str, bytes| Ok(TableSource::new(path, bytes));
    let files = files.iter().map(|(path, bytes)| (path.as_str(), move || open(path, bytes.as_slice()))).collect();
    let request = ExportRequest { files, model: &model, sources: &sources, with_gold: true };
    let (_, used, others) = export(request, Vec::new(), format, Vec::new()).unwrap();
    let path = |name: &str| format!("content/ratings/{name}");
    vec![(path(&format!("x.{}", format.word())), used), (path("x-ledger.csv"), others)]
}

/// All that is known of ratings that reports count, but for where rows stand.
fn known(table: &Ratings) -> Vec<String> {
    let counts = table.notes.ledger.counts();
    let rejected = counts.rejected.iter().map(|(reason, rejected)| {
        let first: Vec<&str> = rejected.first.iter().map(|row| row.fault.message.as_str()).collect();
        format!("{} {} {first:?}", reason.id(), rejected.count)
    });
    let counted = || table.ratings.iter().zip(said(table)).filter(|(rating, _)| rating.of.cohort().is_some());
    let ratings = counted().map(|(rating, said)| {
        let of = &table.submissions[rating.of.submission as usize];
        format!(
            "{said} {:?} {:?} {:?} {:?} {:?}",
            rating.of.day,
            rating.of.version(),
            rating.of.cohort(),
            rating.of.version_assumed,
            of
        )
    });
    let notes = &table.notes;
    let mut known: Vec<String> = ratings.chain(rejected).collect();
    known.push(format!("{:?} {:?}", counts.kinds(), notes.cohorts));
    known.push(format!("{:?} {:?}", notes.respelled, notes.unknown_columns.keys()));
    let submissions: BTreeSet<u32> = counted().map(|(rating, _)| rating.of.submission).collect();
    known.push(format!("{} submissions", submissions.len()));
    known
}

fn site() -> Site {
    let site = Site::with(CRITERIA).cohort("atlas", "a, b, -r", "tasks: [t]\n");
    site.file("content/tasks/t/gold.csv", "item,criterion,value\ni,goal,yes\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_exported_gives_the_same_when_it_is_read(
        rows in prop::collection::vec((0_usize..3, row()), 1..24),
        format in prop::sample::select(FORMATS),
    ) {
        let site = site();
        let mut texts: BTreeMap<usize, String> = BTreeMap::new();
        for (file, row) in rows {
            texts.entry(file).or_insert_with(|| HEAD.to_owned()).push_str(&row);
        }
        let files: Files =
            texts.into_iter().map(|(file, text)| (format!("content/ratings/f{file}.csv"), text.into_bytes())).collect();
        let before = read(&site, &files);
        prop_assume!(before.notes.ledger.counts().used > 0);
        let exported = exported(&site, &files, format);
        let after = read(&site, &exported);
        let told = || exported.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect::<Vec<_>>().join("\n--\n");
        prop_assert_eq!(known(&after), known(&before), "{}", told());
        // What was exported is exported as it is.
        let again = self::exported(&site, &exported, format);
        prop_assert_eq!(known(&read(&site, &again)), known(&before));
    }
}

#[test]
fn a_row_says_what_became_of_it_and_what_is_right_if_that_is_wanted() {
    let text = "item,rater,criterion,value,comment\ni,a,goal,no,=1\ni,a,goal,yes,\ni,b,goal,maybe,\nj,b,goal\n";
    let files: Files = vec![("content/ratings/a.csv".to_owned(), text.into())];
    let [(_, used), (_, others)] = exported(&site(), &files, ExportFormat::Csv).try_into().unwrap();
    let lines = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let (used, others) = (lines(used), lines(others));
    assert!(used[0].ends_with(",comment,became,gold"), "{}", used[0]);
    assert_eq!(used[1..], ["t,i,a,goal,yes,,,content/ratings/a.csv,,,,,,,,,,,,,,,used,yes"]);
    assert!(others[0].ends_with(",comment,became,became_reason,became_found"), "{}", others[0]);
    assert!(others[1].ends_with(",'=1,replaced,,"), "{}", others[1]);
    assert!(others[2].contains("rejected,value-off-scale,"), "{}", others[2]);
    assert!(others[3].ends_with("refused,unreadable-row,3 cells under a head of 5"), "{}", others[3]);
}

#[test]
fn a_file_that_is_not_read_to_its_end_stops_it() {
    let (model, sources) = site().open();
    let text = "item,rater,criterion,value\ni,a,goal,no\ni,a,goal,\"yes\n";
    let files = vec![("content/ratings/a.csv", || Ok(TableSource::new("a.csv", text.as_bytes())))];
    let request = ExportRequest { files, model: &model, sources: &sources, with_gold: false };
    let failed = export(request, Vec::new(), ExportFormat::Csv, Vec::new()).unwrap_err();
    assert!(format!("{failed:?}").contains("never closed"), "{failed:?}");
}
