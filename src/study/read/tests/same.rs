//! What must not make a difference.

use super::*;
use proptest::prelude::*;
use std::fmt::Write;

/// All that must not depend on blocks or threads.
fn outcome(bytes: &[u8], request: &ReadRequest, block: usize) -> String {
    match read_sized(vec![TableSource::new("t", bytes)], request, sizes(block)) {
        Ok(parts) => {
            let shown = |LabelPart { name, labels }: &LabelPart| {
                let Labels { table, gold, groups, notes, .. } = labels;
                format!("{name:?} {:?} {:?} {gold:?} {groups:?} {notes:?}", shown(labels), table.ratings())
            };
            parts.iter().map(shown).collect()
        }
        Err(errors) => errors.to_string(),
    }
}

/// Cells by item and rater, item names of several lengths and labels that need quotes.
fn cells() -> impl Strategy<Value = Vec<Vec<Option<&'static str>>>> {
    let label = prop::option::weighted(0.8, prop::sample::select(vec!["1", "2", "10", "ä\n\"b\"", "c,d;e"]));
    (1..5_usize).prop_flat_map(move |raters| prop::collection::vec(prop::collection::vec(label.clone(), raters), 0..12))
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn long_rows(cells: &[Vec<Option<&str>>]) -> Vec<String> {
    let row = |item: usize, rater: usize, label: &str| format!("item-{item},r{rater},{}\n", quoted(label));
    let of_item = |(item, labels): (usize, &Vec<Option<&str>>)| -> Vec<String> {
        labels.iter().enumerate().filter_map(|(rater, label)| Some(row(item, rater, (*label)?))).collect()
    };
    cells.iter().enumerate().flat_map(of_item).collect()
}

fn same(a: &Labels, b: &Labels) -> bool {
    (shown(a), &a.items, &a.raters, &a.categories, &a.gold) == (shown(b), &b.items, &b.raters, &b.categories, &b.gold)
        && a.table.ratings() == b.table.ratings()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn long_wide_and_json_forms_of_one_table_read_the_same_in_any_order(cells in cells(), shift in 0..9_usize) {
        let mut rows = long_rows(&cells);
        let head = "item,rater,label\n".to_owned();
        let long = read_text(&(head.clone() + &rows.concat()));
        let raters = cells.first().map_or(0, Vec::len);
        let mut wide = format!("item{}\n", (0..raters).map(|rater| format!(",r{rater}")).collect::<String>());
        let mut json = String::new();
        for (item, labels) in cells.iter().enumerate() {
            let cells: String = labels.iter().map(|label| format!(",{}", quoted(label.unwrap_or("")))).collect();
            writeln!(wide, "item-{item}{cells}").unwrap();
            for (rater, label) in labels.iter().enumerate() {
                writeln!(json, "{}", serde_json::json!({"item": format!("item-{item}"), "rater": format!("r{rater}"), "label": label})).unwrap();
            }
        }
        let columns = columns(|columns| columns.raters = Some((0..raters).map(|rater| format!("r{rater}")).collect()));
        prop_assert!(raters == 0 || same(&long, &read_as("t.csv", &wide, &columns).unwrap()));
        prop_assert!(json.is_empty() || same(&long, &read_as("t.jsonl", &json, &ReadRequest::default()).unwrap()));
        let shift = shift.min(rows.len());
        rows.rotate_left(shift);
        rows.reverse();
        prop_assert!(same(&long, &read_text(&(head + &rows.concat()))));
    }

    #[test]
    fn blocks_and_threads_make_no_difference(cells in cells(), block in 1..200_usize) {
        let text = "item,rater,label\n".to_owned() + &long_rows(&cells).concat();
        let request = columns(|columns| columns.by = Grouping::Column("rater".to_owned()));
        let whole = outcome(text.as_bytes(), &request, 1 << 20);
        prop_assert_eq!(&outcome(text.as_bytes(), &request, block), &whole);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        prop_assert_eq!(&one.install(|| outcome(text.as_bytes(), &request, block)), &whole);
    }

    #[test]
    fn any_bytes_give_one_answer_and_no_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![b"a,r,1\n".as_slice(), b"b,s,2\n", b"\"", b"\n", b",", b"\r\n", b"\"x\ny\"", b" ", b"\xc3", b"\0", b"{}\n", "é".as_bytes()]),
            0..30,
        ),
        json in any::<bool>(),
        block in 1..60_usize,
    ) {
        let head = if json { "{\"item\":1,\"rater\":2,\"label\":3}\n" } else { "item,rater,label\n" };
        let bytes = [head.as_bytes(), &parts.concat()].concat();
        prop_assert_eq!(outcome(&bytes, &ReadRequest::default(), block), outcome(&bytes, &ReadRequest::default(), 1 << 20));
        outcome(&parts.concat(), &ReadRequest::default(), block);
    }
}
