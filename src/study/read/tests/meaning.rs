//! Scales, gold, and what is counted beside the ratings.

use super::*;

#[test]
fn the_scale_is_declared_or_made_by_the_labels() {
    let long = |rows: &str| format!("item,rater,label,gold\n{rows}");
    let labels = read_text(&long("a,r,1.0,3\nb,r,1,\nc,r,2,\nd,NA,2,"));
    assert_eq!(
        (labels.categories.join(" "), shown(&labels)[..2].to_vec()),
        ("1 2 3".to_owned(), vec!["a r 1".to_owned(), "b r 1".to_owned()])
    );
    assert_eq!(
        labels.notes.respelled,
        [RespelledLabel { written: "1.0".to_owned(), category: "1".to_owned(), ratings: 1 }]
    );
    let text = long("a,r,10,\nb,r,9,\nc,r,NA,\n");
    let labels = read_text(&text);
    assert_eq!(
        (labels.categories.join(" "), labels.notes.like_missing.join(" ")),
        ("10 9 NA".to_owned(), "NA".to_owned())
    );
    assert_eq!(labels.numbers(), None);
    let without =
        read_as("t.csv", &text, &ReadRequest { missing: vec!["NA".to_owned()], ..ReadRequest::default() }).unwrap();
    assert_eq!((without.categories.join(" "), without.notes.empty_labels), ("9 10".to_owned(), 1));
    let declared = |list: &str| ReadRequest {
        categories: Some(list.split(' ').map(str::to_owned).collect()),
        ..ReadRequest::default()
    };
    let labels = read_as("t.csv", &long("a,r,good,\nb,r,poor,\n"), &declared("poor fair good")).unwrap();
    assert_eq!((labels.categories.len(), labels.table.ratings()[0].category), (3, 2));
    let told = refused(&long("a,r,good,\nb,r,pour,\nc,r,pour,\nd,r,x,\ne,r,good,best"), &declared("poor fair good"));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines[0],
        "t.csv:3: `pour` is not among the declared categories (did you mean `poor`? declared are `poor`, `fair` and `good`)"
    );
    assert!(
        lines[1].starts_with("t.csv:5: `x`") && lines[2].starts_with("t.csv:6: `best`") && lines.len() == 3,
        "{told}"
    );
    assert_eq!(refused(&long("a,r,1,"), &declared("1 2 1")), "the category `1` is declared twice");
    let many: String = (0..50).map(|row| format!("a,r,x{row},\n")).collect();
    assert!(refused(&long(&many), &declared("1 2")).ends_with("\nand 30 more"));
}

#[test]
fn gold_agrees_with_itself_and_is_no_rater() {
    let long = |rows: &str| format!("item,rater,label,gold\n{rows}");
    let labels = read_text(&long("a,r,1,2.0\na,s,1,\na,t,1,2\nb,r,1,\nc,r,,1\n"));
    assert_eq!(labels.gold, [Some(1), None]);
    assert_eq!(labels.categories, ["1", "2"]);
    let told = refused(&long("a,r,1,2\nb,r,1,\na,s,1,1\na,t,1,3\n"), &ReadRequest::default());
    assert_eq!(
        told,
        "t.csv:4: the item has other gold here than on line 2 (give an item one gold label, on one row or on all)"
    );
    let asked = columns(|columns| columns.gold_rater = Some("expert".to_owned()));
    let text = "item,rater,label\na,r,1\na,expert,2\nb,expert,\nc,gold,1\n";
    let labels = read_as("t.csv", text, &asked).unwrap();
    assert_eq!(
        (shown(&labels).join(", "), names(&labels.raters)),
        ("a r 1, c gold 1, a = 2".to_owned(), "gold r".to_owned())
    );
    assert_eq!(labels.notes.raters_like_gold, ["gold"]);
    let asked = ReadRequest { form: Some(TableForm::Wide), ..asked };
    assert_eq!(shown(&read_as("t.csv", "item,r,expert\na,1,2\n", &asked).unwrap()), ["a r 1", "a = 2"]);
}

#[test]
fn what_is_repeated_blank_or_silent_is_counted() {
    let text = "item,rater,label,week\na,r,1,1\na,r,1,2\na,r,2,2\na,r,2,2\n,,,\n\nb,s,,1\n";
    let labels = read_text(text);
    assert_eq!(shown(&labels), ["a r 1", "a r 1", "a r 2", "a r 2"]);
    let notes = &labels.notes;
    assert_eq!((notes.repeated, notes.identical, notes.blank_rows, notes.rows()), (3, 2, 1, 5));
    assert_eq!((notes.empty_labels, notes.unrated_items, notes.silent_raters.join(" ")), (1, 1, "s".to_owned()));
    let by = read_as("t.csv", text, &columns(|columns| columns.by = Grouping::Column("week".to_owned()))).unwrap();
    assert_eq!((by.notes.repeated, by.notes.identical), (2, 1));
    assert_eq!((by.of_group(0).ratings().len(), by.of_group(1).ratings().len()), (1, 3));
    let none = read_text("item,rater,label\n");
    assert!(none.items.is_empty() && none.table.ratings().is_empty() && none.categories.is_empty());
}
