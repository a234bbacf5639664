//! Tests of reading and resolving as a whole: rows as text in, ratings out.

use super::testing::{Site, messages, rejected, said};
use super::{GivenAnswer, Ratings, notes::ReadCounts};
use jiff::civil::date;
use proptest::prelude::*;

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, partly, no]}, unsure: true, weight: 2}
  - {id: severity, scale: {ordinal: [1, 2, 3]}}
  - {id: mistakes, scale: {steps: [wrong, false]}, with: {origin: [real, spurious]}, tolerance: 1}
  - {id: minutes, scale: {number: {min: 0}}}
  - {id: notes, scale: text}";

fn site() -> Site {
    Site::with(CRITERIA).cohort("atlas", "a, b", "tasks: [t]\n").cohort("experts", "x, y, z", "role: expert\n")
}

fn read(text: &str) -> Ratings {
    site().read(&[("content/ratings/a.csv", text)]).0
}

fn counts(table: &Ratings) -> ReadCounts {
    table.notes.cohorts.get(&Some(0)).copied().unwrap_or_default()
}

/// How many files are not read, or not to their end.
fn cut_short(table: &Ratings) -> usize {
    table.notes.ledger.files.iter().filter(|file| file.fault.is_some()).count()
}

/// What became of the rows: used, replaced, withdrawn, of no cohort, rejected.
fn became(table: &Ratings) -> [u64; 5] {
    table.notes.ledger.counts().kinds().map(|kind| kind.rows)
}

#[test]
fn a_newer_submission_replaces_all_rows_of_the_earlier_one_flags_included() {
    let table = read(
        "item,rater,criterion,value,step,submission,submitted_at\n\
         i,a,mistakes,wrong,3,s1,2026-11-02T08:00:00Z\n\
         i,a,mistakes,false,9,s1,2026-11-02T08:00:00Z\n\
         i,a,goal,yes,,s1,2026-11-02T08:00:00Z\n\
         i,a,mistakes,wrong,4,s2,2026-11-02T09:00:00Z\n",
    );
    assert_eq!(said(&table), ["i a goal - 1 yes", "i a mistakes - 1 [4:wrong]"]);
    assert_eq!(became(&table), [2, 2, 0, 0, 0]);
    assert_eq!(table.submissions.len(), 2);
}

#[test]
fn another_version_or_pass_is_no_duplicate() {
    let table = read(
        "item,rater,criterion,value,version,pass\n\
         i,a,goal,yes,1.0.0,1\ni,a,goal,no,1.1.0,1\ni,a,goal,no,1.1.0,2.0\n",
    );
    assert_eq!(said(&table), ["i a goal 1.0.0 1 yes", "i a goal 1.1.0 1 no", "i a goal 1.1.0 2 no"]);
    assert_eq!((counts(&table), became(&table)), (ReadCounts::default(), [3, 0, 0, 0, 0]));
}

#[test]
fn at_equal_times_the_later_row_wins_files_in_path_order() {
    let head = "item,rater,criterion,value,submitted_at\n";
    let late = format!("{head}i,a,goal,no,2026-11-02\n");
    let early = format!("{head}i,a,goal,yes,2026-11-02\ni,a,goal,partly,2026-11-02\n");
    let (table, _) = site().read(&[("content/ratings/b.csv", &late), ("content/ratings/a.csv", &early)]);
    assert_eq!(said(&table), ["i a goal - 1 no"]);
    assert_eq!((became(&table), counts(&table).zone_assumed), ([1, 2, 0, 0, 0], 3));
}

#[test]
fn a_withdrawal_takes_back_its_submission_and_what_it_had_replaced_stands_again() {
    let head = "item,rater,criterion,value,outcome,submission,submitted_at\n";
    let rows = "i,a,goal,yes,,s1,2026-11-02T08:00:00Z\ni,a,goal,no,,s2,2026-11-02T09:00:00Z\n";
    let named = read(&format!("{head}{rows}i,a,,,withdrawn,s2,2026-11-02T10:00:00Z\n"));
    assert_eq!(said(&named), ["i a goal - 1 yes"]);
    assert_eq!(became(&named), [1, 0, 2, 0, 0]);
    let unnamed = read(&format!("{head}{rows}i,a,,,withdrawn,,2026-11-02T08:30:00Z\n"));
    assert_eq!(said(&unnamed), ["i a goal - 1 no"]);
    let none = read(&format!("{head}{rows}i,a,,,withdrawn,s9,2026-11-02T10:00:00Z\n"));
    assert_eq!((said(&none).len(), counts(&none).withdrawn_nothing), (1, 1));
}

#[test]
fn an_outcome_of_the_whole_item_stands_for_every_criterion_that_can_have_it() {
    let table = read("item,rater,criterion,value,outcome\ni,a,,,skipped\nj,a,,,none\nj,a,severity,2,\n");
    let expected = [
        "i a goal - 1 skipped",
        "i a severity - 1 skipped",
        "j a severity - 1 2",
        "i a mistakes - 1 skipped",
        "j a mistakes - 1 []",
        "i a minutes - 1 skipped",
    ];
    assert_eq!(said(&table), expected);
    let beaten = read("item,rater,criterion,value,outcome,submission\ni,a,goal,yes,,s\ni,a,,,gave-up,s\n");
    assert_eq!(said(&beaten)[0], "i a goal - 1 yes");
}

#[test]
fn flags_take_their_attributes_from_columns_and_from_rows_of_their_own() {
    let table = read(
        "item,rater,criterion,value,step,attribute,origin,submission\n\
         i,a,mistakes,wrong,3,,spurious,s\n\
         i,a,mistakes,false,5.0,,,s\n\
         i,a,mistakes,real,5,origin,,s\n\
         i,a,mistakes,real,7,origin,,s\n\
         i,a,mistakes,false,9,,rael,s\n",
    );
    assert_eq!(said(&table), ["i a mistakes - 1 [3:wrong/spurious 5:false/real]"]);
    let expected = [
        "attribute-without-flag 1: 5 no flag at this step",
        "value-off-scale 1: 6 `rael` as the origin of `mistakes`, which is `real` or `spurious`",
    ];
    assert_eq!(rejected(&table), expected);
}

#[test]
fn every_bad_row_is_rejected_with_its_reason_and_place() {
    let (table, diagnostics) = site().read(&[(
        "content/ratings/a.csv",
        "task,item,rater,criterion,value,outcome,version,pass,basis,status,step,submitted_at,cohort\n\
         t,i,a,goal,maybe,,,,,,,,\n\
         u,i,a,goal,yes,,,,,,,,\n\
         t,,a,goal,yes,,,,,,,,\n\
         t,i,,goal,yes,,,,,,,,\n\
         t,i,a,gaol,yes,,,,,,,,\n\
         t,i,a,goal,,,,,,,,,\n\
         t,i,a,goal,yes,unsure,,,,,,,\n\
         t,i,a,severity,,unsure,,,,,,,\n\
         t,i,a,goal,,none,,,,,,,\n\
         t,i,a,goal,,lost,,,,,,,\n\
         t,i,a,goal,yes,,one,,,,,,\n\
         t,i,a,goal,yes,,,0,,,,,\n\
         t,i,a,goal,yes,,,,guessed,,,,\n\
         t,i,a,goal,yes,,,,,paid,,,\n\
         t,i,a,mistakes,wrong,,,,,,x,,\n\
         t,i,a,goal,yes,,,,,,,soon,\n\
         t,i,a,goal,yes,,,,,,,,boreas\n\
         t,i,a,,yes,,,,,,,,\n\
         t,i,a,minutes,-1,,,,,,,,\n\
         t,i,a,severity,3.0,,,,,,,,\n",
    )]);
    let answers = ["i a goal - 1 invalid", "i a severity - 1 3", "i a mistakes - 1 invalid", "i a minutes - 1 invalid"];
    assert_eq!(said(&table), answers);
    assert_eq!(became(&table), [1, 0, 0, 0, 19]);
    let expected = [
        "bad-pass 1: 13 `0`",
        "bad-step 1: 16 `x`",
        "bad-time 1: 17 `soon`",
        "bad-version 1: 12 `one` is not of the form 1.0.0",
        "no-criterion 1: 19 value `yes`",
        "no-item 1: 4 criterion `goal`",
        "no-rater 1: 5 criterion `goal`",
        "no-value 1: 7 of `goal`",
        "none-not-allowed 1: 10 of `goal`",
        "unknown-basis 1: 14 `guessed` is not one of `independent`, `review`, `discussed`, `prefilled` or `final`",
        "unknown-cohort 1: 18 `boreas`",
        "unknown-criterion 1: 6 `gaol`: did you mean `goal`?",
        "unknown-outcome 1: 11 `lost` is not one of `none`, `unsure`, `not-applicable`, `skipped`, `bad-item`, `gave-up` or `withdrawn`",
        "unknown-status 1: 15 `paid` is not one of `accepted`, `rejected` or `pending`",
        "unknown-task 1: 3 `u`: did you mean `t`?",
        "unsure-not-allowed 1: 9 of `severity`",
        "value-and-outcome 1: 8 value `yes` and outcome `unsure`",
        "value-off-scale 2: 2 `maybe` is not on the scale of `goal`; 20 -1 is below the scale of `minutes`",
    ];
    assert_eq!(rejected(&table), expected);
    assert_eq!(messages(&diagnostics).len(), 18);
    assert!(diagnostics.gate().is_ok());
}

#[test]
fn a_value_that_only_case_tells_apart_is_taken_and_counted() {
    let table = read(
        "item,rater,criterion,value,step\ni,a,goal,Yes,\nj,a,goal,YES,\nk,a,goal,yes,\nl,b,goal,YES,\ni,a,mistakes,Wrong,3\ni,x,goal,yess,\n",
    );
    assert_eq!(said(&table)[0], "i a goal - 1 yes");
    let respelled = table.notes.respelled.iter().map(|(of, rows)| format!("{} {} {rows}", of.written, of.value));
    assert_eq!(respelled.collect::<Vec<_>>(), ["YES yes 2", "Yes yes 1", "Wrong wrong 1"]);
    assert_eq!(became(&table), [5, 0, 0, 0, 1]);
}

#[test]
fn an_invalid_answer_is_asked_and_never_replaces_a_valid_one() {
    let head = "item,rater,criterion,value,outcome,step,submission,submitted_at\n";
    let valid = "i,a,goal,yes,,,s1,2026-11-02\n";
    let invalid = "i,a,goal,maybe,,,s2,2026-11-03\n";
    let both = read(&format!("{head}{valid}{invalid}"));
    assert_eq!((said(&both), became(&both)), (vec!["i a goal - 1 yes".to_owned()], [1, 0, 0, 0, 1]));
    let alone = read(&format!("{head}{invalid}"));
    assert_eq!((said(&alone), became(&alone)), (vec!["i a goal - 1 invalid".to_owned()], [0, 0, 0, 0, 1]));
    let taken_back = read(&format!("{head}{invalid}i,a,,,withdrawn,,s2,2026-11-04\n"));
    assert_eq!((said(&taken_back).len(), became(&taken_back)), (0, [0, 0, 1, 0, 1]));
    let nothing = read(&format!("{head}i,a,goal,,,,s1,2026-11-02\ni,a,gaol,maybe,,,s1,2026-11-02\n"));
    assert_eq!((said(&nothing).len(), became(&nothing)), (0, [0, 0, 0, 0, 2]));
}

#[test]
fn files_that_cannot_be_read_are_findings_and_the_others_count() {
    let (table, diagnostics) = site().read(&[
        ("content/ratings/a.csv", "item,worker,rater,criterion,value\ni,a,a,goal,yes\n"),
        ("content/ratings/b.parquet", "PAR1"),
        ("content/ratings/c.csv.gz", "not gzip"),
        ("content/ratings/d.jsonl", "{\"item\": \"i\", \"rater\": \"a\", \"criterion\": \"severity\", \"value\": 2}\n"),
        ("content/ratings/e.csv", "item,rater,criterion,value,colour\ni,b,goal,yes,red\n"),
    ]);
    assert_eq!(said(&table), ["i b goal - 1 yes", "i a severity - 1 2"]);
    assert_eq!(messages(&diagnostics).len(), 3, "{:?}", messages(&diagnostics));
    assert_eq!(cut_short(&table), 3);
    assert_eq!(table.notes.unknown_columns["colour"], "content/ratings/e.csv");
}

#[test]
fn a_packed_file_that_breaks_off_counts_until_there_and_is_said() {
    let text = format!("item,rater,criterion,value\n{}", "i,a,goal,yes\nj,a,goal,no\n".repeat(20_000));
    let mut packed = zstd::stream::encode_all(text.as_bytes(), 1).unwrap();
    packed.truncate(packed.len() / 2);
    let (table, diagnostics) = site().read(&[("content/ratings/a.csv.zst", packed)]);
    assert_eq!(messages(&diagnostics).len(), 1);
    assert!(messages(&diagnostics)[0].contains("not used"), "{:?}", messages(&diagnostics));
    assert_eq!(cut_short(&table), 1);
}

#[test]
fn a_version_that_is_not_said_is_the_one_that_served() {
    let site = site().seal("1.0.0", date(2026, 11, 1)).seal("1.1.0", date(2026, 11, 9));
    let (table, _) = site.read(&[(
        "content/ratings/a.csv",
        "item,rater,criterion,value,version,submitted_at\n\
         i,a,goal,yes,,2026-11-09\nj,a,goal,yes,,2026-11-10\nk,a,goal,yes,,\nl,a,goal,yes,1.0.0,2026-11-20\nm,a,goal,yes,2.0.0,\n",
    )]);
    let expected = ["i a goal 1.0.0 1 yes", "l a goal 1.0.0 1 yes", "j a goal 1.1.0 1 yes", "k a goal 1.1.0 1 yes"];
    assert_eq!(said(&table), expected);
    assert_eq!(table.ratings.iter().filter(|rating| rating.of.version_assumed).count(), 3);
    assert_eq!(rejected(&table), ["bad-version 1: 6 `2.0.0` was never sealed"]);
}

#[test]
fn nothing_is_given_a_version_that_was_sealed_after_it_was_made() {
    let site = site().seal("1.0.0", date(2026, 11, 1)).seal("1.1.0", date(2026, 11, 9));
    let (table, _) = site.read(&[(
        "content/ratings/a.csv",
        "item,rater,criterion,value,submitted_at\n\
         i,a,goal,yes,2026-11-01\nj,a,goal,yes,2026-11-01T23:59:58Z\nk,a,goal,yes,2026-11-01T23:59:59Z\n\
         l,a,goal,yes,2026-11-09T23:59:58Z\nm,a,goal,yes,2026-11-10T01:59:59+02:00\n",
    )]);
    let expected = [
        "k a goal 1.0.0 1 yes",
        "l a goal 1.0.0 1 yes",
        "m a goal 1.1.0 1 yes",
        "i a goal - 1 yes",
        "j a goal - 1 yes",
    ];
    assert_eq!(said(&table), expected);
    assert_eq!(table.ratings.iter().filter(|rating| rating.of.version_assumed).count(), 3);
}

#[test]
fn the_state_of_a_task_says_which_version_served_whom() {
    let state = "serves:\n\
        - {version: 1.0.0, from: 2026-11-01}\n\
        - {version: 1.0.0, from: 2026-11-10, cohorts: [delta]}\n\
        - {version: 1.1.0, from: 2026-11-10, cohorts: [echo], until: 2026-11-12}\n\
        withdrawn: [{version: 1.2.0, from: 2026-11-20T10:00Z, because: A slip.}]\n";
    let site = site()
        .cohort("delta", "d", "")
        .cohort("echo", "e", "")
        .seal("1.0.0", date(2026, 11, 1))
        .seal("1.1.0", date(2026, 11, 9))
        .seal("1.2.0", date(2026, 11, 19))
        .file("content/releases/t/status.yaml", state);
    let row = |item: &str, rater: &str, time: &str| format!("{item},{rater},goal,yes,2026-11-{time}Z\n");
    let rows = [
        row("i", "d", "09T23:59:59"),
        row("i", "e", "09T23:59:59"),
        row("j", "d", "10T00:00:00"),
        row("j", "e", "10T00:00:00"),
        row("k", "e", "13T00:00:00"),
        row("l", "d", "20T09:59:59"),
        row("m", "d", "20T10:00:00"),
        row("n", "z", "13T00:00:00"),
    ];
    let text = format!("item,rater,criterion,value,submitted_at\n{}", rows.concat());
    let (table, _) = site.read(&[("content/ratings/a.csv", text)]);
    let mut found = said(&table);
    found.sort();
    let expected =
        ["i d 1.0.0", "i e 1.0.0", "j d 1.0.0", "j e 1.1.0", "k e 1.0.0", "l d 1.2.0", "m d 1.0.0", "n z 1.0.0"];
    let short: Vec<String> = found.iter().map(|line| line.replace(" goal", "").replace(" 1 yes", "")).collect();
    assert_eq!(short, expected);
}

#[test]
fn a_rater_of_two_cohorts_is_a_finding_and_counts_for_neither() {
    let site = site().cohort("boreas", "b, {rater: c, from: 2026-11-02}", "").cohort(
        "cumulus",
        "{rater: c, until: 2026-11-01}",
        "",
    );
    let (table, diagnostics) = site.read(&[(
        "content/ratings/a.csv",
        "item,rater,criterion,value,submitted_at,cohort\n\
         i,b,goal,yes,,\ni,c,goal,yes,2026-11-01,\nj,c,goal,yes,2026-11-02,\nk,b,goal,no,,boreas\n",
    )]);
    assert_eq!(table.ratings.iter().count(), 3);
    let cohorts: Vec<Option<u16>> = table.ratings.iter().map(|rating| rating.of.cohort()).collect();
    assert_eq!(cohorts, [Some(2), Some(1), Some(1)]);
    assert!(
        messages(&diagnostics)[0]
            .contains("`b` belongs to `atlas` and `boreas`: 1 rating row is of both, and not used"),
        "{:?}",
        messages(&diagnostics)
    );
}

#[test]
fn an_answer_that_is_not_allowed_is_rejected_once_in_the_cohort_of_its_day() {
    let site = site().cohort("boreas", "b, {rater: c, from: 2026-11-02}", "").cohort(
        "cumulus",
        "{rater: c, until: 2026-11-01}",
        "",
    );
    let (table, diagnostics) = site.read(&[(
        "content/ratings/a.csv",
        "item,rater,criterion,value,submitted_at\ni,c,goal,maybe,2026-11-01\nj,b,goal,maybe,\n",
    )]);
    let counted = [1, 2].map(|cohort| table.notes.ledger.counts_of(cohort).rejected_rows());
    // Which of two cohorts `b` was asked in cannot be told, so it stands with both.
    assert_eq!(counted, [1, 2]);
    assert_eq!(table.ratings.iter().map(|rating| rating.of.cohort()).collect::<Vec<_>>(), [Some(2)]);
    assert!(messages(&diagnostics).iter().all(|message| !message.contains("belongs to")), "{diagnostics:?}");
}

/// The table as canonical rows again.
fn rows(table: &Ratings) -> String {
    let mut text = String::from("item,rater,criterion,value,outcome,step,version,pass,submission\n");
    for (rating, said) in table.ratings.iter().zip(said(table)) {
        let words: Vec<&str> = said.splitn(6, ' ').collect();
        let [item, rater, criterion, _, pass, answer] = words[..] else { panic!("{said}") };
        let submission = rating.of.submission;
        let mut row = |value: &str, outcome: &str, step: &str| {
            text.push_str(&format!("{item},{rater},{criterion},{value},{outcome},{step},,{pass},s{submission}\n"));
        };
        match answer.strip_prefix('[').and_then(|flags| flags.strip_suffix(']')) {
            Some("") => row("", "none", ""),
            Some(flags) => {
                flags.split(' ').filter_map(|flag| flag.split_once(':')).for_each(|(step, kind)| row(kind, "", step));
            }
            None if crate::model::Outcome::parse(answer).is_some() => row("", answer, ""),
            None => row(answer, "", ""),
        }
    }
    text
}

/// A row without its time: item, rater, criterion and what is said, and the submission.
fn row() -> impl Strategy<Value = String> {
    let said = prop_oneof![
        prop::sample::select(vec![
            "goal,yes,,",
            "goal,no,,",
            "goal,,unsure,",
            "severity,2,,",
            ",,skipped,",
            ",,withdrawn,"
        ]),
        prop::sample::select(vec![
            "mistakes,wrong,,3",
            "mistakes,false,,4",
            "mistakes,,none,",
            "minutes,5,,",
            "minutes,7.50,,"
        ]),
    ];
    let submission = prop::sample::select(vec!["", "s1", "s2"]);
    (0..2, 0_usize..2, said, submission)
        .prop_map(|(item, rater, said, submission)| format!("i{item},{},{said},{submission}", ["a", "b"][rater]))
}

const LONG_HEAD: &str = "item,rater,criterion,value,outcome,step,submission,submitted_at,attribute,origin,cohort\n";

/// A row of every kind: used, replaced, taken back, of nobody's rater, or broken.
fn any_row() -> impl Strategy<Value = String> {
    let rater = prop::sample::select(vec!["a", "a", "b", "x", "nobody", ""]);
    let said = prop::sample::select(vec![
        "goal,yes,,",
        "goal,maybe,,",
        "severity,2,,",
        "mistakes,wrong,,3",
        "mistakes,wrong,,3",
        "mistakes,wrong,,x",
        "minutes,,,",
        ",,skipped,",
        ",,unsure,",
        ",,withdrawn,",
        "gaol,yes,,",
    ]);
    let act = prop::sample::select(vec!["s1,2026-11-02", "s1,2026-11-03", "s2,", ",2026-11-02", ",", ",soon"]);
    let more = prop::sample::select(vec![",,", ",real,", ",,atlas", ",,boreas"]);
    let whole = (0..2, rater, said, act, more)
        .prop_map(|(item, rater, said, act, more)| format!("i{item},{rater},{said},{act},{more}"));
    let attribute = (0..2, prop::sample::select(vec!["a", "nobody"]), 3..5)
        .prop_map(|(item, rater, step)| format!("i{item},{rater},mistakes,real,,{step},s1,2026-11-02,origin,,"));
    let broken = prop::sample::select(vec!["i0,a,goal", "i0,a,goal,yes,,,,,,,,,more", "\u{0}"]).prop_map(str::to_owned);
    prop_oneof![8 => whole, 2 => attribute, 1 => broken]
}

const HEAD: &str = "item,rater,criterion,value,outcome,step,submission,submitted_at\n";

/// What may stand in a cell, right or wrong.
fn cell() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        "goal",
        "severity",
        "yes",
        "2",
        "2.0",
        "unsure",
        "skipped",
        "a",
        "x",
        "nobody",
        "atlas",
        "1.0.0",
        "\"",
        "é",
        "\u{0}",
        "2026-11-02",
        "now",
        "=1",
        "999999999999",
        "-1",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_row_is_a_rating_or_rejected(rows in prop::collection::vec(prop::collection::vec(cell(), 8), 0..20)) {
        let mut text = String::from("item,rater,criterion,value,outcome,version,pass,submitted_at,cohort\n");
        for (index, cells) in rows.iter().enumerate() {
            let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&format!("i{index},{}\n", cells.join(",")));
        }
        let (table, diagnostics) = site().read(&[("content/ratings/a.csv", &text)]);
        let items: std::collections::BTreeSet<u32> = table.ratings.iter().map(|rating| rating.of.item).collect();
        let [used, replaced, withdrawn, no_cohort, rejected] = became(&table);
        prop_assert_eq!(table.notes.ledger.files[0].read, rows.len() as u64);
        let answered = table.ratings.iter().filter(|of| table.names.answers[of.answer as usize] != GivenAnswer::Invalid);
        let answered: std::collections::BTreeSet<u32> = answered.map(|rating| rating.of.item).collect();
        prop_assert!(items.len() as u64 <= rows.len() as u64);
        prop_assert_eq!((used + no_cohort, replaced, withdrawn), (answered.len() as u64, 0, 0));
        prop_assert_eq!(rejected + answered.len() as u64, rows.len() as u64);
        prop_assert!(diagnostics.gate().is_ok());
    }

    #[test]
    fn every_row_is_accounted_for_whatever_becomes_of_it(rows in prop::collection::vec(any_row(), 0..30), cut in 0_usize..30) {
        let of = |rows: &[String]| format!("{LONG_HEAD}{}", rows.iter().map(|row| format!("{row}\n")).collect::<String>());
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let (table, _) = site().read(&[("content/ratings/a.csv", &of(first)), ("content/ratings/b.csv", &of(second))]);
        let files = &table.notes.ledger.files;
        // That the numbers add up is asserted wherever a test reads ratings.
        prop_assert_eq!(files.iter().map(|file| file.read).collect::<Vec<_>>(), [first.len() as u64, second.len() as u64]);
        let is_valid = |rating: &super::Rating| table.names.answers[rating.answer as usize] != GivenAnswer::Invalid;
        let of_cohorts = table.ratings.iter().filter(is_valid).filter(|rating| rating.of.cohort().is_some()).count() as u64;
        let [used, ..] = became(&table);
        prop_assert!(used > 0 || of_cohorts == 0);
        prop_assert!(of_cohorts > 0 || used == 0);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300), lines in "\\PC{0,80}") {
        let table = [b"item,rater,criterion,value\n".as_slice(), &bytes].concat();
        let objects = [lines.as_bytes(), b"\n{\"item\": \"i\"", &bytes].concat();
        let files = [("a.csv", table.clone()), ("b.jsonl", objects), ("c.csv.gz", bytes.clone()), ("d.csv.zst", bytes), ("e.tsv", table)];
        site().read(&files);
    }

    #[test]
    fn resolving_does_not_depend_on_the_order_of_rows_nor_on_files(
        rows in prop::collection::vec(row(), 1..12).prop_shuffle(),
        order in any::<u64>(),
        split in 0_usize..12,
    ) {
        let mut rows: Vec<String> =
            rows.iter().enumerate().map(|(index, row)| format!("{row},2026-11-02T08:{index:02}:00Z\n")).collect();
        let one = format!("{HEAD}{}", rows.concat());
        let (one, _) = site().read(&[("content/ratings/a.csv", &one)]);
        rows.sort_by_key(|row| (row.len() as u64).wrapping_mul(order) ^ row.bytes().fold(order, |sum, byte| sum.rotate_left(5) ^ u64::from(byte)));
        let (first, second) = rows.split_at(split.min(rows.len()));
        let files = [format!("{HEAD}{}", first.concat()), format!("{HEAD}{}", second.concat())];
        let (two, _) = site().read(&[("content/ratings/a.csv", &files[0]), ("content/ratings/b.csv", &files[1])]);
        prop_assert_eq!(said(&one), said(&two));
        prop_assert_eq!(one.ratings.iter().collect::<Vec<_>>(), two.ratings.iter().collect::<Vec<_>>());
        prop_assert_eq!(&one.notes.cohorts, &two.notes.cohorts);
        prop_assert_eq!(became(&one), became(&two));
    }

    #[test]
    fn resolving_twice_is_resolving_once(rows in prop::collection::vec(row(), 1..12)) {
        let text = format!("{HEAD}{}", rows.iter().map(|row| format!("{row},\n")).collect::<String>());
        let (once, _) = site().read(&[("content/ratings/a.csv", &text)]);
        let (twice, _) = site().read(&[("content/ratings/a.csv", &self::rows(&once))]);
        prop_assert_eq!(said(&once), said(&twice));
        prop_assert_eq!(counts(&twice), ReadCounts::default());
        let rows = twice.notes.ledger.files[0].read;
        prop_assert_eq!(became(&twice), [rows, 0, 0, 0, 0]);
    }
}
