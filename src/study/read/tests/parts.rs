//! Tables whose ratings are of several tasks and criteria.

use super::*;

/// Each part as its name, its ratings and its categories.
fn parts(text: &str, request: &ReadRequest) -> Vec<String> {
    let parts = read_parts("t.csv", text, request).unwrap_or_else(|errors| panic!("{errors}"));
    let shown = |part: &LabelPart| {
        let name = part.name.as_deref().unwrap_or("-");
        format!("{name}: {} | {}", shown(&part.labels).join(", "), part.labels.categories.join(" "))
    };
    parts.iter().map(shown).collect()
}

const LONG: &str = "task,item,rater,criterion,value,gold,outcome\n\
                    t,x,r,score,1,2,\n\
                    t,x,s,score,5,,\n\
                    t,x,r,done,yes,no,\n\
                    u,x,r,done,no,,\n\
                    t,y,r,done,,,broken\n";

#[test]
fn each_task_and_criterion_has_its_own_categories_and_gold() {
    let expected =
        ["t / done: x r yes, x = no | no yes", "t / score: x r 1, x s 5, x = 2 | 1 2 5", "u / done: x r no | no"];
    assert_eq!(parts(LONG, &ReadRequest::default()), expected);
    let mut rows: Vec<&str> = LONG.lines().collect();
    rows[1..].reverse();
    assert_eq!(parts(&rows.join("\n"), &ReadRequest::default()), expected, "in any order of rows");
    let notes = read_parts("t.csv", LONG, &ReadRequest::default()).unwrap().remove(0).labels.notes;
    assert_eq!((notes.apart.join(" "), notes.empty_labels, notes.unrated_items), ("task criterion".to_owned(), 1, 1));
    assert_eq!((notes.silent_raters.len(), notes.files[0].unused.join(" ")), (0, "outcome".to_owned()));
}

#[test]
fn what_is_asked_goes_before_task_and_criterion() {
    let text = LONG.replace("gold", "more");
    let by = |by| columns(|columns| columns.by = by);
    assert_eq!(parts(&text, &by(Grouping::None)), ["-: x r 1, x r no, x r yes, x s 5 | 1 5 no yes"]);
    let by_task = parts(&text, &by(Grouping::Column("task".to_owned())));
    assert_eq!(by_task, ["-: x r 1 t, x r no u, x r yes t, x s 5 t | 1 5 no yes"]);
    assert_eq!(
        parts("criterion,task,rater,label\nc,x,r,1\nd,x,r,a\n", &by(Grouping::Usual)),
        ["c: x r 1 | 1", "d: x r a | a"]
    );
    assert_eq!(
        parts("criterion,task,item,rater,label\nc,t,x,r,1\nc,t,y,r,1\n", &by(Grouping::Usual)),
        ["-: x r 1, y r 1 | 1"]
    );
    let criterion = columns(|columns| columns.item = Some("criterion".to_owned()));
    assert_eq!(parts("criterion,x,rater,label\nc,t,r,1\nd,t,r,2\n", &criterion), ["-: c r 1, d r 2 | 1 2"]);
}

#[test]
fn criteria_with_flags_on_steps_are_left_out_and_named() {
    let text = "item,rater,criterion,value,step\nx,r,done,yes,\nx,r,slips,typo,3\nx,s,slips,,\n";
    assert_eq!(parts(text, &ReadRequest::default()), ["done: x r yes | yes"]);
    let notes = read_parts("t.csv", text, &ReadRequest::default()).unwrap().remove(0).labels.notes;
    assert_eq!((notes.flagged.join(" "), notes.silent_raters.join(" ")), ("slips".to_owned(), "s".to_owned()));
    let flags = "item,rater,criterion,value,step\nx,r,slips,typo,3\n";
    assert!(refused(flags, &ReadRequest::default()).contains("flags on steps, which are no labels"));
}

#[test]
fn too_many_parts_are_refused() {
    let rows = |tasks: usize| -> String { (0..tasks).map(|task| format!("t{task},x,r,1\n")).collect() };
    let text = |tasks| format!("task,item,rater,label\n{}", rows(tasks));
    assert_eq!(parts(&text(100), &ReadRequest::default()).len(), 100);
    let told = refused(&text(101), &ReadRequest::default());
    assert!(told.starts_with("t.csv: `task` would take the ratings apart into more than 100 groups (say --by none"));
}

#[test]
fn files_without_criteria_stand_beside_those_with_them() {
    let sources = ["item,rater,label\nx,r,1\n", "item,rater,label,criterion\nx,r,yes,c\n"]
        .map(|text| TableSource::new("t", text.as_bytes()));
    let parts = read(sources.into(), &ReadRequest::default()).unwrap();
    let names: Vec<_> = parts.iter().map(|part| (part.name.as_deref(), shown(&part.labels).join(", "))).collect();
    assert_eq!(names, [(Some(""), "x r 1".to_owned()), (Some("c"), "x r yes".to_owned())]);
}
