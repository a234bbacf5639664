//! Tables of steps.

use super::super::steps::{self, StepRequest};
use super::*;

fn read_steps(text: &str) -> Result<steps::Steps, LabelErrors> {
    steps::read_sized(vec![TableSource::new("s.csv", text.as_bytes())], &StepRequest::default(), sizes(32))
}

#[test]
fn flags_are_listed_by_item_and_rater_and_gold_stands_apart() {
    let text = "item,rater,label\nt1,gold,3\nt1,gold,17\nt1,a,3\nt1,a,18\nt1,b,4\nt1,b,4.0\nt1,c,\nt2,gold,\nt2,b,7\nt3,a,5\nt3,a,2\n";
    let steps = read_steps(text).unwrap();
    let listed = |flags: &[steps::StepFlag]| flags.iter().map(|flag| flag.step).collect::<Vec<_>>();
    let readings = steps
        .readings
        .iter()
        .map(|reading| (steps.items.get(reading.item), steps.raters.get(reading.rater), listed(steps.flags(reading))));
    let expected = [
        ("t1", "a", vec![3, 18]),
        ("t1", "b", vec![4]),
        ("t1", "c", vec![]),
        ("t2", "b", vec![7]),
        ("t3", "a", vec![2, 5]),
    ];
    assert_eq!(readings.collect::<Vec<_>>(), expected);
    let gold = (0..3).map(|item| steps.gold(item).map(listed));
    assert_eq!(gold.collect::<Vec<_>>(), [Some(vec![3, 17]), Some(vec![]), None]);
    assert_eq!((names(&steps.raters), steps.repeated, steps.files[0].rows), ("a b c".to_owned(), 1, 11));
}

#[test]
fn flags_have_kinds_and_items_lengths() {
    let text = "item,rater,step,kind,steps\nt1,a,3,slip,20\nt1,a,3,lapse,\nt1,b,20,,\nt2,a,,,5\nt2,b,1,slip,\n";
    let steps = read_steps(text).unwrap();
    assert_eq!((names(&steps.kinds), steps.lengths.clone()), ("lapse slip".to_owned(), vec![Some(20), Some(5)]));
    let kinds: Vec<Option<u32>> = steps.flags(&steps.readings[0]).iter().map(|flag| flag.kind).collect();
    assert_eq!(kinds, [Some(0), Some(1)]);
    let again = read_steps(&format!("{text}\n,,,,\nt2,c,,,5\n")).unwrap();
    assert_eq!(again.readings.len(), steps.readings.len() + 1);
}

#[test]
fn what_steps_cannot_say_is_told_with_its_line() {
    let told = |rows: &str| read_steps(&format!("item,rater,label,kind,steps\n{rows}")).unwrap_err().to_string();
    assert!(told("a,r,1.5,,\n").starts_with("s.csv:2: the step `1.5` is not a whole number"));
    assert!(told("a,r,1,,\na,r,\"3;4\",,\na,r,-1,,\na,r,99999999999,,\n").lines().count() == 3);
    assert_eq!(told("a,r,,slip,\n"), "s.csv:2: the row names a kind of mistake but no step");
    assert_eq!(
        told("a,r,4,,\na,s,,,\na,r,,,\n"),
        "s.csv:4: the row says that nothing was flagged, but line 2 flags step 4 (leave one of the two out)"
    );
    assert_eq!(
        told("a,r,4,,9\na,s,5,,8\nb,r,3,,2\n"),
        "s.csv:3: the item has 8 steps here and 9 on line 2\ns.csv:4: step 3 of an item of 2 steps"
    );
    assert!(read_steps("item,rater,x\n").unwrap_err().to_string().contains("no column of the label"));
}
