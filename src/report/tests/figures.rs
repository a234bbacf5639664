//! Tests of a report's figures: tables of answers in, figures as they were published or computed elsewhere out.

use super::*;
use crate::figures::detection::KindCounts;
use crate::report::figures::{CriterionFigures, Figures};

/// Krippendorff 2011: 4 observers, 12 units, missing ratings; alpha nominal .743, ordinal .815, interval .849.
#[test]
fn agreement_is_at_the_level_of_the_scale_as_published() {
    let columns = [
        ("A", "1 2 3 3 2 1 4 1 2 . . ."),
        ("B", "1 2 3 3 2 2 4 1 2 5 . 3"),
        ("C", ". 3 3 3 2 3 4 2 2 5 1 ."),
        ("D", "1 2 3 3 2 4 4 1 2 5 1 ."),
    ];
    let mut rows = String::from("item,rater,criterion,value,submitted_at\n");
    for (rater, values) in columns {
        for (item, value) in values.split(' ').enumerate().filter(|(_, value)| *value != ".") {
            for criterion in ["free", "ordered", "minutes"] {
                // The last items come a week later: the week's figures are of those items alone.
                let day = if item < 6 { "02" } else { "09" };
                rows.push_str(&format!("u{item},{rater},{criterion},{value},2026-11-{day}T08:00:00Z\n"));
            }
        }
    }
    let scales = "criteria:
  - {id: free, scale: {nominal: [1, 2, 3, 4, 5]}}
  - {id: ordered, scale: {ordinal: [1, 2, 3, 4, 5]}}
  - {id: minutes, scale: {number: {min: 0}}}
bar:
  - {figure: free.alpha, at_least: 0.4}
  - {figure: ordered.agreement, at_least: 0.5}";
    let site = Site::with(scales).cohort("atlas", "A, B, C, D", "");
    let (reports, _) = reports(&site, &rows, None);
    let task = &reports[1].tasks[0];
    let alphas = |figures: &Figures| -> Vec<String> {
        let alpha = |of: &CriterionFigures| of.agreement.as_ref().unwrap().alpha.unwrap().point;
        figures.criteria.iter().map(|criterion| format!("{:.3}", alpha(criterion))).collect()
    };
    assert_eq!(alphas(&task.so_far), ["0.743", "0.815", "0.849"]);
    let free = task.so_far.criteria[0].agreement.as_ref().unwrap();
    assert_eq!((free.items, free.ratings, free.prevails), (11, 40, false));
    assert!((free.raw.unwrap().point - 9.0 / 11.0).abs() < 1e-12);
    assert_eq!(task.week.criteria[0].agreement.as_ref().unwrap().items, 5);
    let first = &reports[0].tasks[0];
    assert_eq!(alphas(&first.week), alphas(&first.so_far));
    let why = &task.bar.parts[0].why;
    assert!(why.starts_with("Only 11 items with two ratings or more so far; below 20"), "{why}");
    assert_eq!(json(&reports[1])["tasks"][0]["so_far"]["criteria"][1]["agreement"]["alpha"]["value"], "0.82");
    assert!(markdown(&reports[1]).contains("| `free` | 81.8 % |"), "{}", markdown(&reports[1]));
}

/// scikit-learn 1.7.2, `jaccard_score(gold, answers, average="samples", zero_division=1)` over the eleven answers.
#[test]
fn sets_overlap_with_gold_as_scikit_learn_has_it() {
    let gold = "item,criterion,value,outcome\ni1,tags,a|b,\ni2,tags,c,\ni3,tags,,none\ni4,tags,a|b|c|d,\ni5,tags,b|d,\n\
                i6,tags,a,\ni7,tags,,unsure\ni8,tags,,not-applicable\n";
    let sets = [
        ("A", ["b|a,", "c|d,", ",none", "a|b|c,", ",none", ",unsure"]),
        ("B", ["a,", "d,", "a,", "d|b,", "a|b|c|d,", "a|b,"]),
    ];
    let mut rows = String::from("item,rater,criterion,value,outcome,submitted_at\n");
    for (rater, answers) in sets {
        for (item, answer) in (1..).zip(answers) {
            rows.push_str(&format!("i{item},{rater},tags,{answer},2026-11-02\n"));
        }
    }
    let site = Site::with(
        "criteria: [{id: tags, scale: {set: [a, b, c, d]}, unsure: true}]\nbar: [{figure: tags.overlap, at_least: 0.5}]",
    );
    let site = site.cohort("atlas", "A, B", "").file("content/tasks/t/gold.csv", gold);
    let points = |rows: &str| {
        let (reports, _) = reports(&site, rows, None);
        let overlap = reports[0].tasks[0].so_far.criteria[0].overlap.clone().unwrap();
        [overlap.of_answered, overlap.of_asked].map(|figure| figure.unwrap().estimate.point)
    };
    let [of_answered, of_asked] = points(&rows);
    assert!((of_answered - 0.4772727272727273).abs() < 1e-12, "{of_answered}");
    assert!((of_asked - 5.25 / 12.0).abs() < 1e-12, "{of_asked}");
    // What else is right counts whole, and a set where the gold has none does not count at all.
    let more = "i7,A,tags,,unsure,2026-11-02\ni8,A,tags,,not-applicable,2026-11-02\ni8,B,tags,a,,2026-11-02\n";
    let [of_answered, of_asked] = points(&format!("{rows}{more}"));
    assert!((of_answered - 7.25 / 14.0).abs() < 1e-12 && (of_asked - 7.25 / 15.0).abs() < 1e-12);

    let (reports, _) = reports(&site, &rows, None);
    let (json, view) = (json(&reports[0]), ReportView::of(&reports[0], None));
    let figures = &json["tasks"][0]["in_week"]["criteria"][0]["overlap"];
    assert_eq!((&figures["of_answered"]["value"], &figures["of_asked"]["value"]), (&"47.7 %".into(), &"43.8 %".into()));
    let part = &reports[0].tasks[0].bar.parts[0];
    assert!(part.why.starts_with("Only 6 gold items so far"), "{}", part.why);
    assert!(markdown(&reports[0]).contains("| of answered | 47.7 % |"));
    let table = file(&view, "figures.csv").unwrap();
    for (name, point) in
        [("overlap", &figures["of_answered"]["point"]), ("overlap-of-asked", &figures["of_asked"]["point"])]
    {
        assert!(table.contains(&format!("atlas,2026-W45,t,so-far,,tags,{name},{point},")), "{table}");
    }
}

/// Points by hand, bounds by SciPy 1.17.1 from statsmodels 0.15.0's two-way variances (as in `quality::clustered::mean`).
#[test]
fn numbers_and_values_in_order_have_bias_and_absolute_error() {
    let gold = [3, 1, 4, 2, 5, 2, 3, 4];
    let given = ["4423", "3312", "4534", "3322", "5544", "4423", "3322", "5545"];
    let words = ["", "poor", "fair", "good", "fine", "best"];
    let mut standard = String::from("item,criterion,value,any_of\ni8,score,,1|2\ni8,minutes,7,\n");
    let mut rows = String::from("item,rater,criterion,value,outcome,submitted_at\ni8,A,score,5,,2026-11-02\n");
    rows.push_str("i8,A,minutes,,unsure,2026-11-02\ni8,B,minutes,99,,2026-11-02\n");
    for (item, (gold, given)) in gold.into_iter().zip(given).enumerate() {
        standard.push_str(&format!("i{item},score,{gold},\ni{item},minutes,{},\n", f64::from(gold) / 2.0));
        standard.push_str(&format!("i{item},word,{},\n", words[gold as usize]));
        for (rater, given) in ["A", "B", "C", "D"].into_iter().zip(given.chars()) {
            let number = given.to_digit(10).unwrap();
            let tail = format!(",,2026-11-02\ni{item},{rater}");
            let (half, word) = (f64::from(number) / 2.0, words[number as usize]);
            rows.push_str(&format!(
                "i{item},{rater},score,{given}{tail},minutes,{half}{tail},word,{word},,2026-11-02\n"
            ));
        }
    }
    let site = Site::with(
        "criteria:
  - {id: score, scale: {ordinal: [1, 2, 3, 4, 5]}}
  - {id: minutes, scale: {number: {min: 0, max: 60, unit: min}}, unsure: true}
  - {id: word, scale: {ordinal: [poor, fair, good, fine, best]}}
  - {id: kind, scale: {nominal: [yes, no]}}",
    );
    let site = site.cohort("atlas", "A, B, C, D", "").file("content/tasks/t/gold.csv", &standard);
    let (reports, _) = reports(&site, &rows, None);
    let figures = &json(&reports[0])["tasks"][0]["so_far"]["criteria"];
    let near = |value: &Value, expected: f64| assert!((value.as_f64().unwrap() - expected).abs() < 1e-6, "{value}");
    for (criterion, unit, times) in
        [(0, "the scale's own numbers", 1.0), (1, "min", 0.5), (2, "places on the scale", 1.0)]
    {
        let of = &figures[criterion]["closeness"];
        assert_eq!(of["unit"], unit);
        let figure = |name: &str, expected: [f64; 3]| {
            let values = ["point", "low", "high"].map(|bound| &of[name][bound]);
            values.into_iter().zip(expected).for_each(|(value, expected)| near(value, expected * times));
            assert_eq!(of[name]["n"], "32 ratings of 8 items by 4 raters");
        };
        figure("bias", [0.375, -0.68362630466, 1.43362630466]);
        figure("mean_absolute_error", [0.75, 0.37193256863, 1.12806743137]);
    }
    assert_eq!(figures[3]["closeness"], Value::Null);
    let method = "t interval with a linearised standard error, items and raters as clusters";
    let of = &figures[1]["closeness"]["bias"];
    assert_eq!(
        (&of["value"], &of["interval"], &of["method"]),
        (&"+0.19".into(), &"-0.34 to +0.72".into(), &method.into())
    );
    let markdown = markdown(&reports[0]);
    assert!(markdown.contains("| bias | +0.19 | -0.34 to +0.72 | 32 ratings of 8 items by 4 raters |"), "{markdown}");
    assert!(markdown.contains("| absolute error | 0.38 | 0.19 to 0.56 | 32 ratings"), "{markdown}");
    assert!(markdown.contains("Counted in min."), "{markdown}");
    let table = file(&ReportView::of(&reports[0], None), "figures.csv").unwrap();
    for name in ["bias,0.1875,", "mean-absolute-error,0.375,"] {
        assert!(table.contains(&format!("atlas,2026-W45,t,so-far,,minutes,{name}")), "{table}");
    }
}

/// Sixty items on which two raters always agree show, one-sided, no less than .95 (59 flawless ones would do).
#[test]
fn flawless_agreement_meets_a_bar_from_a_number_of_items_on() {
    let rows = |items: usize| {
        let mut rows = String::from("item,rater,criterion,value,submitted_at\n");
        for item in 0..items {
            for rater in ["A", "B"] {
                rows.push_str(&format!("i{item},{rater},free,{},2026-11-02T08:00:00Z\n", 1 + item % 2));
            }
        }
        rows
    };
    let bars = "criteria: [{id: free, scale: {nominal: [1, 2]}}]
bar: [{figure: free.alpha, at_least: 0.95}, {figure: free.agreement, at_least: 0.95}, {figure: free.kappa, at_least: 0.95}]";
    let gold: String = (0..60).map(|item| format!("i{item},free,{}\n", 1 + item % 2)).collect();
    let site = Site::with(bars).cohort("atlas", "A, B", "");
    let site = site.file("content/tasks/t/gold.csv", &format!("item,criterion,value\n{gold}"));
    let verdicts = |items: usize| -> Vec<Verdict> {
        let (reports, _) = reports(&site, &rows(items), None);
        reports[0].tasks[0].bar.parts.iter().map(|part| part.verdict).collect()
    };
    assert_eq!(verdicts(60), [Verdict::Meets; 3]);
    assert_eq!(verdicts(58), [Verdict::NotYetShown; 3]);
}

/// Worked examples show their gold: raters who read it agree with it and not with each other.
#[test]
fn ratings_of_shown_gold_are_no_part_of_agreement() {
    let head = "item,rater,criterion,value,submitted_at\n";
    let rows = "i1,A,free,1,2026-11-02T08:00:00Z\ni1,B,free,1,2026-11-02T08:00:00Z\n\
                i2,A,free,1,2026-11-02T08:00:00Z\ni2,B,free,2,2026-11-02T08:00:00Z\n";
    let site = Site::with("criteria: [{id: free, scale: {nominal: [1, 2]}}]").cohort("atlas", "A, B", "");
    let site = site.file("content/tasks/t/gold.csv", "item,criterion,value,shown_from\ni1,free,1,2026-11-01\n");
    let (reports, _) = reports(&site, &format!("{head}{rows}"), None);
    let agreement = reports[0].tasks[0].so_far.criteria[0].agreement.as_ref().unwrap();
    assert_eq!((agreement.items, agreement.raw.unwrap().point), (1, 0.0));
}

/// Ratings in two weeks of one item, and ratings by a rater who rates it twice.
#[test]
fn a_rater_counts_once_an_item_and_an_item_with_all_its_ratings_in_the_week_it_was_rated() {
    let head = "item,rater,criterion,value,pass,submitted_at\n";
    let row = |item: &str, rater: &str, value: &str, pass: u8, day: &str| {
        format!("{item},{rater},free,{value},{pass},2026-11-{day}T08:00:00Z\n")
    };
    let rows = [
        head.to_owned(),
        row("u1", "A", "1", 1, "02"),
        row("u1", "A", "2", 2, "03"),
        row("u1", "B", "1", 1, "09"),
        row("u2", "A", "1", 1, "02"),
        row("u2", "B", "2", 1, "02"),
    ];
    let site = Site::with("criteria: [{id: free, scale: {nominal: [1, 2]}}]").cohort("atlas", "A, B", "");
    let (reports, _) = reports(&site, &rows.concat(), None);
    let raw = |figures: &Figures| {
        let agreement = figures.criteria[0].agreement.as_ref().unwrap();
        (agreement.items, agreement.ratings, agreement.raw.map(|raw| raw.point))
    };
    assert_eq!(raw(&reports[0].tasks[0].week), (1, 2, Ok(0.0)));
    assert_eq!(raw(&reports[1].tasks[0].week), (1, 2, Ok(1.0)));
    assert_eq!(raw(&reports[1].tasks[0].so_far), (2, 4, Ok(0.5)));
}

/// 118 of 125 items rated positive by both, 5 and 2 by one of them (Gwet 2002): alpha -.025, AC1 .941.
#[test]
fn where_one_category_prevails_ac1_stands_beside_alpha() {
    let mut rows = String::from("item,rater,criterion,value,submitted_at\n");
    for item in 0..125 {
        let (a, b) = if item < 118 {
            ("pos", "pos")
        } else if item < 123 {
            ("pos", "neg")
        } else {
            ("neg", "pos")
        };
        for (rater, value) in [("A", a), ("B", b)] {
            rows.push_str(&format!("i{item},{rater},free,{value},2026-11-02T08:00:00Z\n"));
        }
    }
    let bar = "criteria: [{id: free, scale: {nominal: [neg, pos]}}]
bar: [{figure: free.ac, at_least: 0.8}, {figure: free.alpha, at_least: 0.6}]";
    let site = Site::with(bar).cohort("atlas", "A, B", "");
    let (reports, _) = reports(&site, &rows, None);
    let task = &reports[0].tasks[0];
    let agreement = task.so_far.criteria[0].agreement.as_ref().unwrap();
    assert_eq!(format!("{:.4}", agreement.ac.unwrap().unwrap().point), "0.9408");
    assert_eq!(format!("{:.4}", agreement.alpha.unwrap().point), "-0.0247");
    assert!(agreement.prevails);
    let verdicts: Vec<Verdict> = task.bar.parts.iter().map(|part| part.verdict).collect();
    assert_eq!(verdicts, [Verdict::Meets, Verdict::Below]);
    let markdown = markdown(&reports[0]);
    assert!(markdown.contains("97.2 % of the ratings are `pos`"), "{markdown}");
}

/// The made-up flags of `tests/data/agreement/steps_small.csv`; counts by mir_eval 0.8.2 at a tolerance of 1.
#[test]
fn flags_are_matched_with_gold_and_have_a_baseline() {
    let table = include_str!("../../../tests/data/agreement/steps_small.csv");
    let mut gold = String::from("item,criterion,step,value,outcome\n");
    let mut rows = String::from("item,rater,criterion,step,value,outcome,submission,submitted_at\n");
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (item, rater, step) = (cells[0], cells[1], cells[2]);
        let answer = if step.is_empty() { ",,none".to_owned() } else { format!("{step},wrong,") };
        if rater == "gold" {
            gold.push_str(&format!("{item},mistakes,{answer}\n"));
        } else {
            rows.push_str(&format!("{item},{rater},mistakes,{answer},{item}-{rater},2026-11-02T08:00:00Z\n"));
        }
    }
    let site = Site::with(
        "criteria: [{id: mistakes, scale: {steps: [wrong]}, tolerance: 1}]\nbar: [{figure: mistakes.f1, at_least: 0.9}]",
    );
    let site = site.cohort("atlas", "a, b, c", "").file("content/tasks/t/gold.csv", &gold);
    let (reports, _) = reports(&site, &rows, None);
    let task = &reports[0].tasks[0];
    let detection = task.so_far.criteria[0].detection.as_ref().unwrap();
    let counts = detection.counts;
    // a: 3, 2, 6; b: 6, 4, 1; c: 5, 1, 4.
    assert_eq!((counts.true_positives(), counts.false_positives(), counts.false_negatives()), (14, 7, 11));
    assert_eq!((detection.items, detection.readings), (5, 14));
    assert_eq!(detection.precision.unwrap().estimate.point, 14.0 / 21.0);
    assert_eq!(detection.recall.unwrap().estimate.point, 14.0 / 25.0);
    assert!((detection.f1.unwrap().estimate.point - 28.0 / 46.0).abs() < 1e-12);
    assert!((0.0..0.5).contains(&detection.blind.unwrap().f1), "{:?}", detection.blind);
    let kinds = [KindCounts { kind: "wrong".to_owned(), gold: 25, found: 14, named: 14, given: 21, invented: 7 }];
    assert_eq!(detection.by_kind, kinds);
    assert_eq!(task.bar.parts[0].of_what, "F1 of flags against gold");
    assert!(markdown(&reports[0]).contains("60.9 % is F1 of flags against gold ("), "{}", markdown(&reports[0]));
    assert!(markdown(&reports[0]).contains("; 5 items by 3 raters)."), "{}", markdown(&reports[0]));
    assert!(markdown(&reports[0]).contains("| `wrong` | 25 | 14 | 0 | 11 | 21 | 7 |"), "{}", markdown(&reports[0]));
    assert!(markdown(&reports[0]).contains("14 readings of 5 items: 21 flags, 25 gold flags, 14 matched."));
}

/// The word-sense set of Snow et al. 2008: 1,770 ratings by 34 workers of 177 items with gold.
#[test]
fn the_word_sense_set_of_snow_and_others_is_reported_as_it_was_published() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/ratings/snow2008-wsd/wsd.standardized.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("left out: {} is not there", path.display());
        return;
    };
    let (mut rows, mut gold) = (String::from("item,rater,criterion,value,submitted_at\n"), BTreeMap::new());
    let (mut right, mut all, mut raters) = (0, 0, BTreeSet::new());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (rater, item, said, truth) = (cells[1], cells[2], cells[3], cells[4]);
        right += u64::from(said == truth);
        all += 1;
        raters.insert(rater);
        gold.insert(item, truth);
        rows.push_str(&format!("{item},{rater},sense,{said},2019-03-25T14:41:05Z\n"));
    }
    let gold_rows: String = gold.iter().map(|(item, truth)| format!("{item},sense,{truth}\n")).collect();
    let names = raters.iter().map(|rater| format!("'{rater}'")).collect::<Vec<_>>().join(", ");
    let site = Site::with(
        "criteria:\n  - {id: sense, scale: {nominal: [1, 2, 3]}}\nbar: [{figure: accuracy, at_least: 0.94}, {figure: accuracy, at_least: 0.95}]",
    )
    .cohort("turk", &names, "")
    .file("content/tasks/t/gold.csv", &format!("item,criterion,value\n{gold_rows}"));
    let (reports, _) = reports(&site, &rows, None);
    let task = &reports[0].tasks[0];
    let found = task.so_far.criteria[0].accuracy.of_asked.unwrap();
    assert_eq!((right, all, gold.len(), raters.len()), (1738, 1770, 177, 34));
    assert_eq!((found.n_ratings, found.n_items, found.n_raters), (1770, 177, 34));
    assert_eq!(found.estimate.point, right as f64 / all as f64);
    assert_eq!(format!("{:.4}", found.estimate.point), "0.9819");
    assert!(found.estimate.low < 0.9746 && found.lower > 0.95, "wider than rows would have it: {found:?}");
    // One planned look would show the second; whoever looks every week needs more.
    let verdicts: Vec<Verdict> = task.bar.parts.iter().map(|part| part.verdict).collect();
    assert_eq!(verdicts, [Verdict::Meets, Verdict::NotYetShown]);
    let rare = &task.so_far.criteria[0].rare;
    assert_eq!((rare.len(), rare[0].category.as_str()), (1, "2"));
    assert_eq!((rare[0].items, rare[0].asked, rare[0].right), (2, 20, 20));
    assert!(
        markdown(&reports[0]).contains("`2` is rare: 1.1 % of the gold (20 ratings of 2 items, 20 of them right).")
    );
}

#[test]
fn flags_of_each_kind_are_found_named_otherwise_missed_or_invented() {
    let site = Site::with("criteria: [{id: mistakes, scale: {steps: [slip, wrong]}, tolerance: 1}]");
    let gold = "item,criterion,step,value\nrun-1,mistakes,3,slip\nrun-1,mistakes,7,wrong\nrun-1,mistakes,9,wrong\n";
    let site = site.cohort("atlas", "a, b", "").file("content/tasks/t/gold.csv", gold);
    let mut rows = String::from("item,rater,criterion,step,value,outcome,submission,submitted_at\n");
    // a finds the slip, names one other otherwise, misses the last and flags where there is nothing; b flags nothing.
    for (step, kind) in [(4, "slip"), (7, "slip"), (1, "wrong")] {
        rows.push_str(&format!("run-1,a,mistakes,{step},{kind},,s-1,2026-11-02T08:00:00Z\n"));
    }
    rows.push_str("run-1,b,mistakes,,,none,s-2,2026-11-02T08:00:00Z\n");
    let (reports, _) = reports(&site, &rows, None);
    let detection = reports[0].tasks[0].so_far.criteria[0].detection.as_ref().unwrap();
    let [slip, wrong] = &*detection.by_kind else { panic!("{:?}", detection.by_kind) };
    assert_eq!((slip.gold, slip.found, slip.named, slip.missed(), slip.given, slip.invented), (2, 1, 1, 1, 2, 0));
    assert_eq!((wrong.gold, wrong.found, wrong.named, wrong.missed(), wrong.given, wrong.invented), (4, 1, 0, 3, 1, 1));
    let found = detection.by_kind.iter().map(|of| of.found).sum::<u64>();
    assert_eq!(found, detection.counts.true_positives());
}
