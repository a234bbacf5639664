//! Tables as people and tools write them.

use super::*;

#[test]
fn a_long_table_is_read_whatever_its_dress() {
    let expected = ["a r1 2", "a r2 10", "b r1 2", "a = 2"];
    let plain = "item,rater,label,gold\na,r1,2,2\na,r2,10,\nb,r1,2,\n";
    let dressed = [
        plain.to_owned(),
        format!("\u{feff}{}", plain.replace('\n', "\r\n")),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace(',', " , ").trim_end().to_owned(),
        format!("\n{}\n\n", plain.replace('\n', "\n\n")),
        plain.replace("a,r1", "\"a\",\"r1\""),
        plain.replace("item,rater,label,gold", "Unit ID,worker_id,Score,ground-truth"),
    ];
    for text in dressed {
        let labels = read_text(&text);
        assert_eq!(shown(&labels), expected, "{text}");
        assert_eq!((labels.categories.join(" "), labels.notes.rows()), ("2 10".to_owned(), 3));
        assert_eq!(labels.numbers(), Some(vec![2.0, 10.0]));
    }
    let other = "when,label,rater,comment,item\nt,2,r1,\"x, y\",a\nt,10,r2,,a\nt,2,r1,z,b";
    let labels = read_text(other);
    assert_eq!(shown(&labels), expected[..3]);
    assert_eq!(labels.notes.files[0].unused, ["when", "comment"]);
    assert_eq!(labels.notes.files[0].columns[2], (ColumnRole::Label, "label".to_owned()));
}

#[test]
fn a_wide_table_has_a_column_for_each_rater() {
    let labels = read_text("task,ann,bo,truth\nx,yes,no,yes\ny,,no,\nz,,,no\n");
    assert_eq!(shown(&labels), ["x ann yes", "x bo no", "y bo no", "x = yes"]);
    assert_eq!((labels.notes.empty_labels, labels.notes.unrated_items), (3, 1));
    assert_eq!(labels.notes.files[0].form, TableForm::Wide);
    let wide = |text: &str| shown(&read_as("t.csv", text, &form(TableForm::Wide)).unwrap());
    assert_eq!(wide(",ann,bo\n0,1,2\n"), ["0 ann 1", "0 bo 2"]);
    assert_eq!(wide(",item,ann\n0,x,1\n"), ["x ann 1"]);
    assert_eq!(wide("ann,bo\n1,2\n,\n3,\n"), ["1 ann 1", "1 bo 2", "3 ann 3"]);
    let request = columns(|columns| columns.raters = Some(vec!["bo".to_owned(), "cy".to_owned()]));
    let some = read_as("t.csv", "id,note,bo,cy\nx,hm,1,2\n", &request).unwrap();
    assert_eq!(
        (shown(&some), &some.notes.files[0].unused),
        (vec!["x bo 1".to_owned(), "x cy 2".to_owned()], &vec!["note".to_owned()])
    );
    let mut request = form(TableForm::Wide);
    request.columns.by = Grouping::Column("week".to_owned());
    let by = read_as("t.csv", "item,week,a\nx,10,1\ny,9,1\n", &request).unwrap();
    assert_eq!(shown(&by), ["x a 1 10", "y a 1 9"]);
    assert_eq!(names(&by.groups.unwrap().names), "9 10");
}

fn form(form: TableForm) -> ReadRequest {
    ReadRequest { form: Some(form), ..ReadRequest::default() }
}

#[test]
fn a_table_on_its_side_has_a_row_for_each_rater() {
    let sideways = form(TableForm::Sideways);
    let read = |text: &str| shown(&read_as("t.csv", text, &sideways).unwrap());
    assert_eq!(read(",x,y\nann,1,2\nbo,,1\n\n,,\n"), ["x ann 1", "y ann 2", "y bo 1"]);
    assert_eq!(read("who,x,y\nann,1,2\n"), ["x ann 1", "y ann 2"]);
    assert_eq!(read(",rater,x\n0,ann,1\n"), ["x ann 1"]);
    let mut gold = sideways.clone();
    gold.columns.gold_rater = Some("key".to_owned());
    gold.columns.by = Grouping::Column("team".to_owned());
    let labels = read_as("t.csv", "who,team,x\nann,red,1\nkey,,2\n", &gold).unwrap();
    assert_eq!(shown(&labels), ["x ann 1 red", "x = 2"]);
    assert_eq!(refused("who,x\n,1\n", &sideways), "t.csv:2: the row names no rater");
    assert!(refused("who,x,\nann,1,2\n", &sideways).contains("column 3 has no name, so its item has none"));
    let item = ReadRequest { columns: Columns { item: Some("x".to_owned()), ..Columns::default() }, ..sideways };
    assert!(refused("who,x\nann,1\n", &item).contains("`--item` says nothing of a table with --form sideways"));
}

#[test]
fn a_table_of_counts_has_a_column_for_each_category() {
    let counts = form(TableForm::Counts);
    let labels = read_as("t.csv", "item,no,yes,unsure\nx,1,2.0,0\ny,0,1,0\nz,0,0,0\n", &counts).unwrap();
    assert_eq!(shown(&labels), ["x 1 no", "x 2 yes", "x 3 yes", "y 1 yes"]);
    assert_eq!((labels.is_anonymous, labels.notes.unrated_items), (true, 1));
    assert_eq!(labels.categories, ["no", "unsure", "yes"], "one that nobody gave is a category too");
    let unnamed = read_as("t.csv", "a,b\n1,1\n0,2\n", &counts).unwrap();
    assert_eq!(shown(&unnamed), ["1 1 a", "1 2 b", "2 1 b", "2 2 b"]);
    let some = ReadRequest { categories: Some(vec!["b".to_owned()]), ..counts.clone() };
    assert_eq!(shown(&read_as("t.csv", "item,text,b\nx,hm,1\n", &some).unwrap()), ["x 1 b"]);
    let told = |rows: &str| refused(&format!("item,a,b\n{rows}"), &counts);
    for (cell, written) in [("", "nothing"), ("-1", "`-1`"), ("1.5", "`1.5`"), ("many", "`many`")] {
        let message = format!("t.csv:3: {written} in column 2 is no number of raters");
        assert!(told(&format!("x,0,1\ny,{cell},1\n")).starts_with(&message), "{cell}");
    }
    assert!(told("x,1001,1\n").contains("no more than 1000 raters of a cell"));
    assert_eq!(told("x,1,1\nx,0,1\n"), "t.csv: two rows count the raters of the item `x`; give it one");
    let gold = ReadRequest { columns: Columns { gold: Some("b".to_owned()), ..Columns::default() }, ..counts };
    assert!(refused("item,a,b\nx,1,1\n", &gold).contains("`--gold` says nothing of a table with --form counts"));
}

#[test]
fn a_wide_table_is_a_guess_that_its_columns_must_bear_out() {
    let told = |text: &str| refused(text, &ReadRequest::default());
    let answers = told("HITId,WorkerId,text,Answer.ok\nh1,w1,a,yes\nh2,w1,a,yes\n");
    let expected = "t.csv: nobody can tell which columns are raters: `HITId` and `WorkerId` usually stand beside single \
                    answers (`HITId` looks like the item: --item HITId) (`WorkerId` looks like the rater: --rater WorkerId) \
                    (`Answer.ok` looks like the label: --label Answer.ok)";
    assert!(answers.starts_with(expected), "{answers}");
    assert!(told("item,a,b\nx,1,2\ny,1,2\n").contains("no two of them share ratings"));
    assert!(told("item,a\nx,1\n").contains("no two of them share ratings"));
    assert!(told("item,a,start,end\nx,1,9:00,9:05\ny,1,9:05,9:00\n").contains("no two of them share ratings"));
    assert!(told("item,a,b,c,d,e\nx,1,1,p,q,s\ny,2,1,t,u,v\n").contains("`c`, `d` and `e` share no value"));
    assert_eq!(shown(&read_text("item,a,gold\nx,1,1\n")), ["x a 1", "x = 1"], "one rater against gold");
    let declared = ReadRequest { categories: Some(vec!["1".to_owned()]), ..ReadRequest::default() };
    assert_eq!(shown(&read_as("t.csv", "item,a\nx,1\n", &declared).unwrap()), ["x a 1"], "one rater on a scale");
    assert_eq!(read_text("item,a,b\n").table.ratings().len(), 0);
    let pinned = |text: &str| shown(&read_as("t.csv", text, &form(TableForm::Wide)).unwrap());
    assert_eq!(pinned("HITId,WorkerId\nh1,w1\n"), ["1 HITId h1", "1 WorkerId w1"]);
    assert_eq!(pinned("item,a,b,c,d,e\nx,1,1,p,q,s\ny,2,1,t,u,v\n"), ["x a 1", "x b 1", "y a 2", "y b 1"]);
}

#[test]
fn what_was_guessed_is_said_and_what_was_asked_is_not() {
    let text = "item,start,end,b,a\nx,9:00,9:05,yes,yes\ny,9:05,9:00,yes,no\n";
    let notes = read_text(text).notes;
    let raters = ["b", "a"].map(str::to_owned).to_vec();
    assert_eq!(notes.guess, Some(WideGuess { raters: raters.clone(), hint: None }));
    assert_eq!((notes.unlike_ratings.join(" "), notes.not_raters.len()), ("end start".to_owned(), 0));
    let asked = [form(TableForm::Wide), columns(|columns| columns.raters = Some(raters.clone()))];
    assert!(asked.iter().all(|request| read_as("t.csv", text, request).unwrap().notes.guess.is_none()));
    let hint = |text: &str| read_text(text).notes.guess.and_then(|guess| guess.hint);
    assert_eq!(hint(",a,b,c,d,e,f\nr,1,2,1,2,1,2\ns,2,2,1,2,1,2\n"), Some(TableForm::Sideways));
    assert_eq!(hint("item,a,b\nx,2,0\ny,1,1\nz,0,2\n"), Some(TableForm::Counts));
}

#[test]
fn json_lines_are_read_long_and_wide() {
    let long = "{\"item\": \"x\", \"rater\": 7, \"label\": true, \"gold\": null, \"more\": [1]}\n\
                {\"label\": false, \"item\": \"x\", \"rater\": 8, \"gold\": true}\n{\"rater\": 8, \"item\": \"y\"}\n";
    for name in ["t.jsonl", "t.ndjson.gz", "-"] {
        let labels = read_as(name, long, &ReadRequest::default()).unwrap();
        assert_eq!(shown(&labels), ["x 7 true", "x 8 false", "x = true"]);
        assert_eq!((labels.notes.empty_labels, labels.notes.unrated_items), (1, 1));
    }
    let wide = "{\"item\": 1, \"a\": 4.0, \"b\": null}\n{\"item\": 2, \"b\": 5}";
    assert_eq!(shown(&read_as("-", wide, &form(TableForm::Wide)).unwrap()), ["1 a 4", "2 b 5"]);
    let told =
        read_as("-", &format!("{wide}\n{{\"item\": 3, \"c\": 1}}"), &ReadRequest::default()).unwrap_err().to_string();
    assert!(told.starts_with("-:3: the first object lacks the key `c`"), "{told}");
}

#[test]
fn columns_are_found_by_name_or_named() {
    let request = columns(|columns| {
        columns.item = Some("q".to_owned());
        columns.rater = Some("WHO".to_owned());
        columns.label = Some("what".to_owned());
    });
    assert_eq!(shown(&read_as("t.csv", "who,q,what,item\nr,x,1,5\n", &request).unwrap()), ["x r 1"]);
    assert_eq!(shown(&read_text("item,task,rater,label\nx,t,r,1\n")), ["x r 1"]);
    let told = |head: &str| refused(&format!("{head}\n1,2,3,4\n"), &ReadRequest::default());
    assert_eq!(
        told("task_id,unit,rater,label"),
        "t.csv: each of the columns `task_id` and `unit` could be the item (name the one with --item COLUMN)"
    );
    assert!(told("item,rater,lable,x").contains("raters in `rater` but no column of labels; it has `item`"));
    assert!(told("item,label,x,y").contains("--rater COLUMN, or say --form wide"));
    assert!(
        told("itm,rater,label,x")
            .contains("no column of the item; it has `itm`, `rater`, `label` and `x` (did you mean `itm`?")
    );
    assert!(told("item,rater,rater,label").contains("two columns are named `rater`"));
    assert!(told("item,a,,b").contains("column 3 has no name"));
    assert!(
        refused("item,a\n1,2", &columns(|columns| columns.by = Grouping::Column("b".to_owned())))
            .contains("no column `b`")
    );
    let twice = columns(|columns| columns.label = Some("rater".to_owned()));
    assert!(refused("item,rater\n1,2", &twice).contains("`rater` can't be two things at once"));
    let wide = ReadRequest { form: Some(TableForm::Wide), ..ReadRequest::default() };
    assert_eq!(names(&read_as("t.csv", "item,rater,x\n1,2,3\n", &wide).unwrap().raters), "rater x");
}

#[test]
fn several_files_add_up_and_each_has_its_own_head() {
    let sources = |texts: &[&'static str]| -> Vec<TableSource<'static>> {
        texts.iter().zip(1..).map(|(text, file)| TableSource::new(format!("{file}"), text.as_bytes())).collect()
    };
    let texts = ["item,rater,label\na,r,1\n", "label;worker;item;gold\n2;s;a;2\n", "{\"item\":\"b\",\"s\":1}"];
    let labels = only(read(sources(&texts), &ReadRequest::default()).unwrap());
    assert_eq!(shown(&labels), ["a r 1", "a s 2", "b s 1", "a = 2"]);
    assert_eq!(labels.notes.files.iter().map(|file| file.rows).sum::<u64>(), 3);
    let told = |texts: &[&'static str]| read(sources(texts), &ReadRequest::default()).unwrap_err().to_string();
    assert_eq!(
        told(&["item,rater,label,gold\na,r,1,1\n", "item,rater,label,gold\n\nb,r,1,\na,r,1,2\n"]),
        "2:4: the item has other gold here than on 1, line 2 (give an item one gold label, on one row or on all)"
    );
    assert!(told(&["a,b\n1,2\n", "a,b\n1,2\n"]).starts_with("1: its rows name no item"));
    assert_eq!(
        told(&["item,rater,label\na,,1\n", "item,rater,label\na,b\n"]),
        "1:2: the row names no rater\n2:2: 2 cells under a head of 3"
    );
}
