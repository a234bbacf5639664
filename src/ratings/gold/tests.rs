//! Tests of the gold standard: which gold a rating meets, and whether it is right.

use crate::ratings::score::ScoredRatings;
use crate::ratings::testing::{self, Site, has, messages, version};
use crate::ratings::{LeftOut, Ratings};
use crate::{diagnostic::rules, model::Model};
use jiff::civil::date;

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, partly, no]}, unsure: true}
  - {id: mistakes, scale: {steps: [wrong, false]}, tolerance: 1}
  - {id: minutes, scale: {number: {min: 0}}, tolerance: 2}
  - {id: notes, scale: text}";

const GOLD: &str = "content/tasks/t/gold.csv";
const HEAD: &str = "item,rater,criterion,value,outcome,step,submission,submitted_at,basis,pass,version\n";

fn site() -> Site {
    Site::with(CRITERIA).cohort("atlas", "a, b", "").cohort("experts", "x, y, z", "role: expert\n")
}

fn scored(site: &Site, rows: &str) -> (ScoredRatings, Ratings, Model) {
    let table = site.read_clean(&format!("{HEAD}{rows}"));
    let (model, _) = site.open();
    (testing::scored(&table, &model), table, model)
}

/// Each scored rating as `rater item criterion gold given right|wrong|unanswered`, shown gold marked.
fn lines(site: &Site, rows: &str) -> Vec<String> {
    let (scores, table, _) = scored(site, rows);
    let names = &table.names;
    let lines = scores.scored.iter().map(|scored| {
        let outcome = match (scored.right, scored.answered) {
            (true, _) => "right",
            (false, true) => "wrong",
            (false, false) => "unanswered",
        };
        let shown = if scored.shown { " shown" } else { "" };
        format!(
            "{} {} {} {} {} {outcome}{shown}",
            names.raters[scored.rater as usize],
            names.items[scored.item as usize],
            names.questions[usize::from(scored.question)].criterion.id,
            table.gold.labels[scored.gold as usize].text,
            names.answers[scored.given as usize].label(),
        )
    });
    lines.collect()
}

fn left_out(site: &Site, rows: &str) -> Vec<(LeftOut, u64)> {
    let (scores, ..) = scored(site, rows);
    scores.left_out.into_iter().map(|((_, reason, _), count)| (reason, count)).collect()
}

#[test]
fn each_scale_has_its_own_way_of_being_right() {
    let site = site().file(
        GOLD,
        "item,criterion,step,value,any_of,outcome,by,method\n\
         i,goal,,,yes|partly,,,\ni,mistakes,4,wrong,,,,\ni,mistakes,9,false,,,,\ni,minutes,,10.0,,,,\n\
         j,mistakes,,,,none,,\nj,minutes,,,,not-applicable,,\n",
    );
    let rows = "i,a,goal,partly,,,s,,,,\ni,a,mistakes,wrong,,5,s,,,,\ni,a,mistakes,false,,9,s,,,,\ni,a,minutes,12,,,s,,,,\n\
                i,b,goal,no,,,r,,,,\ni,b,mistakes,wrong,,4,r,,,,\ni,b,minutes,12.5,,,r,,,,\n\
                j,a,mistakes,,none,,u,,,,\nj,a,minutes,,not-applicable,,u,,,,\nj,b,mistakes,,skipped,,v,,,,\nj,b,minutes,0,,,v,,,,\n";
    let expected = [
        "a i goal yes | partly partly right",
        "b i goal yes | partly no wrong",
        "a i mistakes flags flags right",
        "b i mistakes flags flags wrong",
        "a j mistakes none none right",
        "b j mistakes none skipped unanswered",
        "a i minutes 10 12 right",
        "b i minutes 10 12.5 wrong",
        "a j minutes not-applicable not-applicable right",
        "b j minutes not-applicable 0 wrong",
    ];
    assert_eq!(lines(&site, rows), expected);
}

#[test]
fn adjudicated_gold_beats_consensus_beats_single() {
    let gold = "item,criterion,value,method,by\ni,goal,no,single,\ni,goal,yes,consensus,\ni,goal,partly,adjudicated,\n";
    assert_eq!(lines(&site().file(GOLD, gold), "i,a,goal,partly,,,,,,,\n"), ["a i goal partly partly right"]);
    let gold = "item,criterion,value,method\ni,goal,no,single\ni,goal,yes,consensus\n";
    assert_eq!(lines(&site().file(GOLD, gold), "i,a,goal,no,,,,,,,\n"), ["a i goal yes no wrong"]);
}

#[test]
fn two_gold_answers_of_one_rank_that_differ_are_an_error_with_both_places() {
    let gold =
        "item,criterion,value,method,by\ni,goal,yes,consensus,x\ni,goal,yes,consensus,y\ni,goal,no,consensus,z\n";
    let (_, mut diagnostics) = site().file(GOLD, gold).read(&[] as &[(&str, &str)]);
    diagnostics.locate(&site().file(GOLD, gold).open().1);
    let found = diagnostics.sorted();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].rule.id, found[0].related.len()), ("gold-conflict", 1));
    assert!(format!("{:?}", found[0].place).contains("line: 4"));
}

#[test]
fn gold_that_is_wrong_is_an_error_with_its_line() {
    let gold = "item,criterion,step,value,outcome,method,made_at,version\n\
                i,gaol,,yes,,,,\ni,goal,,maybe,,,,\n,goal,,yes,,,,\ni,mistakes,x,wrong,,,,\ni,goal,,yes,unsure,,,\n\
                i,notes,,fine,,,,\ni,goal,,yes,,voted,,\ni,goal,,yes,,,soon,\ni,goal,,,none,,,\n";
    let (_, diagnostics) = site().file(GOLD, gold).read(&[] as &[(&str, &str)]);
    let found = messages(&diagnostics);
    for expected in [
        "unknown-criterion: the rubric has no criterion `gaol`",
        "invalid-value: `maybe` is not on the scale of `goal`",
        "missing-key: this gold has no item",
        "invalid-value: a flag needs its step; found `x`",
        "invalid-value: gold holds one of `value`, `any_of`, `outcome`",
        "invalid-value: `notes` is free text, which is never scored: it has no gold",
        "invalid-value: `voted` in `method` is not one of `single`, `consensus` or `adjudicated`",
        "invalid-value: `soon` in `made_at` is not a date such as 2026-11-01",
        "invalid-value: `none` is for flags and sets; `goal` has a nominal scale",
    ] {
        assert!(found.iter().any(|message| message.starts_with(expected)), "{expected}: {found:#?}");
    }
    assert_eq!(found.len(), 9);
    let (_, diagnostics) = site().file(GOLD, "item,criterion,valeu\n").read(&[] as &[(&str, &str)]);
    assert!(messages(&diagnostics)[0].contains("gold has no column `valeu`"));
}

#[test]
fn experts_make_gold_by_majority_and_ties_are_listed() {
    let rows = "i,x,goal,yes,,,,,,,\ni,y,goal,yes,,,,,,,\ni,z,goal,no,,,,,,,\ni,a,goal,yes,,,,,,,\n\
                j,x,goal,yes,,,,,,,\nj,y,goal,no,,,,,,,\nj,a,goal,no,,,,,,,\n\
                k,x,goal,,skipped,,,,,,\nk,y,goal,partly,,,,,,,\nk,a,goal,partly,,,,,,,\n";
    let site = site();
    let (table, diagnostics) = site.read(&[("content/ratings/a.csv", &format!("{HEAD}{rows}"))]);
    assert_eq!(messages(&diagnostics), ["gold-tie: experts are split on 1 answers of `t`: j (goal)"]);
    assert_eq!(table.notes.ties[&0].len(), 1);
    let (model, _) = site.open();
    let scores = testing::scored(&table, &model);
    let right: Vec<bool> = scores.scored.iter().map(|scored| scored.right).collect();
    assert_eq!(right, [true, true]);
    assert_eq!(scores.left_out.get(&(Some(1), LeftOut::OwnGold, None)), Some(&5));
}

#[test]
fn experts_flags_are_gold_where_most_of_them_agree_within_the_tolerance() {
    let flags = |rater: &str, item: &str, flags: &[(u32, &str)]| -> String {
        flags.iter().map(|(step, kind)| format!("{item},{rater},mistakes,{kind},,{step},{rater}{item},,,,\n")).collect()
    };
    let rows = [
        flags("x", "i", &[(4, "wrong"), (9, "false")]),
        flags("y", "i", &[(5, "wrong"), (20, "false")]),
        flags("z", "i", &[(4, "wrong"), (9, "wrong")]),
        flags("a", "i", &[(5, "wrong")]),
        flags("b", "i", &[(5, "wrong"), (9, "false")]),
    ];
    assert_eq!(lines(&site(), &rows.concat()), ["a i mistakes flags flags right", "b i mistakes flags flags wrong"]);
    let split = [flags("x", "j", &[(4, "wrong")]), "j,y,mistakes,,none,,y,,,,\n".to_owned()].concat();
    let (table, diagnostics) = site().read(&[("content/ratings/a.csv", &format!("{HEAD}{split}"))]);
    assert!(has(&diagnostics, rules::GOLD_TIE) && table.notes.ties[&0].contains("j (mistakes)"));
}

#[test]
fn written_gold_stands_against_experts_of_its_rank_and_the_item_is_listed() {
    let site = site().file(GOLD, "item,criterion,value,method\ni,goal,no,consensus\n");
    let rows = "i,x,goal,yes,,,,,,,\ni,y,goal,yes,,,,,,,\ni,a,goal,no,,,,,,,\n";
    let (scores, table, _) = scored(&site, rows);
    assert_eq!(table.notes.differing[&0].len(), 1);
    let of_atlas: Vec<bool> =
        scores.scored.iter().filter(|scored| scored.cohort == 0).map(|scored| scored.right).collect();
    assert_eq!(of_atlas, [true]);
}

#[test]
fn nobody_is_scored_on_gold_they_made() {
    let site = site().file(GOLD, "item,criterion,value,method,by\ni,goal,yes,consensus,x | y\n");
    let rows = "i,x,goal,yes,,,,,,,\ni,z,goal,no,,,,,,,\ni,a,goal,yes,,,,,,,\n";
    assert_eq!(lines(&site, rows), ["a i goal yes yes right", "z i goal yes no wrong"]);
    assert_eq!(left_out(&site, rows), [(LeftOut::OwnGold, 1)]);
}

#[test]
fn only_the_first_independent_exposure_counts() {
    let site = site().file(GOLD, "item,criterion,value\ni,goal,yes\n");
    let rows = "i,a,goal,no,,,,2026-11-02,,1,\ni,a,goal,yes,,,,2026-11-03,,2,\ni,b,goal,yes,,,,2026-11-02,review,,\n";
    assert_eq!(
        lines(&site, &rows.replace("-02,", "-02T08:00Z,").replace("-03,", "-03T08:00Z,")),
        ["a i goal yes no wrong"]
    );
    assert_eq!(left_out(&site, rows), [(LeftOut::Basis, 1), (LeftOut::Repeated, 1)]);
}

#[test]
fn unsure_is_right_where_the_gold_is_unsure_and_values_are_left_out() {
    let site = site().file(GOLD, "item,criterion,value,outcome\ni,goal,,unsure\nj,goal,yes,\n");
    let rows = "i,a,goal,,unsure,,,,,,\ni,b,goal,yes,,,,,,,\nj,a,goal,,unsure,,,,,,\n";
    assert_eq!(lines(&site, rows), ["a i goal unsure unsure right", "a j goal yes unsure unanswered"]);
    assert_eq!(left_out(&site, rows), [(LeftOut::UnsureGold, 1)]);
}

const WORKED: &str = "---\ntitle: E\nitem: i\nuse: worked\ngold:\n  goal: yes\n---\n\nText.\n";

#[test]
fn gold_that_raters_could_see_is_scored_apart() {
    let rows = "i,a,goal,yes,,,,2026-11-02T08:00Z,,,\ni,b,goal,yes,,,,2026-11-10T08:00Z,,,\n";
    let gold = "item,criterion,value,shown_from\ni,goal,yes,2026-11-05\n";
    let expected = ["a i goal yes yes right", "b i goal yes yes right shown"];
    assert_eq!(lines(&site().file(GOLD, gold), rows), expected);
    let worked = site().file("content/tasks/t/examples/e.md", WORKED);
    assert!(lines(&worked, rows).iter().all(|line| line.ends_with("shown")));
    let sealed = site()
        .seal("1.0.0", date(2026, 11, 1))
        .file("content/tasks/t/examples/e.md", WORKED)
        .seal("1.1.0", date(2026, 11, 5));
    let versioned = rows.replace(",,,\n", ",,,1.0.0\n");
    assert_eq!(lines(&sealed, &versioned), expected);
    let held_out = site().file("content/tasks/t/examples/e.md", &WORKED.replace("worked", "held-out"));
    assert_eq!(lines(&held_out, rows)[0], "a i goal yes yes right");
    let without_time = "i,a,goal,yes,,,,,,,\n";
    assert_eq!(lines(&site().file(GOLD, gold), without_time), ["a i goal yes yes right shown"]);
}

#[test]
fn gold_and_ratings_meet_only_where_the_criterion_means_the_same() {
    let changed = CRITERIA.replace("[yes, partly, no]", "[yes, partly, no, never]");
    let gold = "item,criterion,value,version,made_at\n\
                i,goal,yes,1.0.0,\ni,minutes,5,1.0.0,\nj,goal,yes,,2026-11-02\nk,goal,never,,\n";
    let site = site()
        .seal("1.0.0", date(2026, 11, 1))
        .seal("1.1.0", date(2026, 11, 3))
        .rubric(&changed)
        .seal("2.0.0", date(2026, 11, 10))
        .file(GOLD, gold);
    let rows = "i,a,goal,yes,,,,,,,1.1.0\ni,a,minutes,5,,,,,,,2.0.0\ni,b,goal,yes,,,,,,,2.0.0\n\
                j,a,goal,no,,,,,,,1.0.0\nj,b,goal,yes,,,,,,,2.0.0\nk,a,goal,never,,,,,,,2.0.0\nk,b,goal,yes,,,,,,,1.1.0\n";
    let expected =
        ["a i goal yes yes right", "a j goal yes no wrong", "a k goal never never right", "a i minutes 5 5 right"];
    let mut found = lines(&site, rows);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(left_out(&site, rows), [(LeftOut::NotComparable, 3)]);
    let (model, _) = site.open();
    for (a, b) in [("1.0.0", "1.1.0"), ("1.0.0", "2.0.0"), ("1.1.0", "2.0.0")] {
        let meaning = |text| super::scheme::meaning(&model.tasks[0], "goal", None, Some(&version(text)));
        let since = &model.tasks[0].release(&version(b)).unwrap().comparable_since["goal"];
        assert_eq!(meaning(a) == meaning(b), *since <= version(a), "{a} and {b}");
    }
}

#[test]
fn an_example_s_gold_stays_for_ratings_of_what_its_criterion_meant_before() {
    const TESTED: &str = "---\ntitle: E\nitem: i\nuse: test\ngold:\n  goal: yes\n  minutes: 5\n---\n\nText.\n";
    let example = "content/tasks/t/examples/e.md";
    let changed = CRITERIA.replace("[yes, partly, no]", "[yes, partly, no, never]");
    let site = site()
        .file(example, TESTED)
        .seal("1.0.0", date(2026, 11, 1))
        .rubric(&changed)
        .file(example, &TESTED.replace("goal: yes", "goal: never").replace("minutes: 5", "minutes: 9"))
        .seal("2.0.0", date(2026, 11, 10));
    let rows = "i,a,goal,yes,,,,,,,1.0.0\ni,a,minutes,9,,,,,,,1.0.0\ni,b,goal,yes,,,,,,,2.0.0\n";
    let mut found = lines(&site, rows);
    found.sort();
    // What did not change its meaning is corrected for all.
    assert_eq!(found, ["a i goal yes yes right", "a i minutes 9 9 right", "b i goal never yes wrong"]);
    let gone = site.file(example, &TESTED.replace("item: i", "item: j"));
    assert_eq!(lines(&gone, rows), ["a i goal yes yes right"], "what today's text does not say is no gold of today");
}

#[test]
fn what_was_made_before_any_release_meets_gold_as_what_was_made_under_the_first() {
    let changed = CRITERIA.replace("[yes, partly, no]", "[yes, partly, no, never]");
    let gold = "item,criterion,value,version,made_at\ni,goal,yes,,2026-10-30\nj,goal,yes,2.0.0,\n";
    let site =
        site().seal("1.0.0", date(2026, 11, 1)).rubric(&changed).seal("2.0.0", date(2026, 11, 10)).file(GOLD, gold);
    let rows = "i,a,goal,yes,,,,2026-10-31T08:00Z,,,\nj,a,goal,yes,,,,2026-10-31T08:00Z,,,\n\
                i,b,goal,yes,,,,2026-11-12T08:00Z,,,\nj,b,goal,yes,,,,2026-11-12T08:00Z,,,\n";
    assert_eq!(lines(&site, rows), ["a i goal yes yes right", "b j goal yes yes right"]);
    // One in either week.
    assert_eq!(left_out(&site, rows), [(LeftOut::NotComparable, 1); 2]);
}

#[test]
fn single_answers_of_several_experts_are_votes_and_stronger_gold_settles_what_differs() {
    let head = "item,criterion,value,by,method,reason,step\n";
    let gold = "i,goal,yes,x,,All holds.,\ni,goal,yes,y,,,\ni,goal,no,z,,It does not.,\n\
                j,goal,yes,x,,,\nj,goal,no,y,,,\n\
                k,minutes,5,x,,,\nk,minutes,6,y,,,\n\
                l,mistakes,wrong,x,,,4\nl,mistakes,wrong,y,,,5\nl,mistakes,false,y,,,9\nl,mistakes,wrong,z,,,4\n";
    let site = site().file(GOLD, &format!("{head}{gold}"));
    let rows = "i,a,goal,yes,,,,,,,\nj,a,goal,yes,,,,,,,\nk,a,minutes,7,,,,,,,\nl,a,mistakes,wrong,,5,,,,,\n";
    let (table, diagnostics) = site.read(&[("content/ratings/a.csv", &format!("{HEAD}{rows}"))]);
    assert_eq!(messages(&diagnostics), ["gold-tie: experts are split on 1 answers of `t`: j (goal)"]);
    assert!(table.notes.ties[&0].contains("j (goal)"));
    let (model, _) = site.open();
    let scores = testing::scored(&table, &model);
    assert!(scores.scored.iter().all(|scored| scored.right) && scores.scored.len() == 3, "{:?}", scores.scored);
    let why = table.gold.of(0, table.names.item("i").unwrap()).next().unwrap().1.why.clone();
    assert_eq!(why.as_deref(), Some("All holds."), "whoever says otherwise gives no reason for it");

    let settled = format!("{head}{gold}j,goal,no,,adjudicated,,\n");
    let (_, diagnostics) = site.clone().file(GOLD, &settled).read(&[] as &[(&str, &str)]);
    assert_eq!(messages(&diagnostics), [""; 0]);
    // Who contradicts themselves is no panel, until something stronger settles it.
    let twice = format!("{head}m,goal,no,x,,,\nm,goal,yes,x,,,\n");
    let (_, diagnostics) = site.clone().file(GOLD, &twice).read(&[] as &[(&str, &str)]);
    assert_eq!(messages(&diagnostics), ["gold-conflict: `m` has two single gold answers to `goal` that differ"]);
    let settled = format!("{twice}m,goal,yes,,consensus,,\n");
    let (_, diagnostics) = site.file(GOLD, &settled).read(&[] as &[(&str, &str)]);
    assert_eq!(messages(&diagnostics), [""; 0]);
}
