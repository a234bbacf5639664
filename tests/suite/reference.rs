//! The statistics against published tables and independent packages, through the program as a user types it.
//!
//! Every entry of `tests/data/agreement/expected.json` is looked up in what `agreement --json` and `calc --json` print.
//! Three more data sets may not be copied: they are read where they lie, and left out, which is said, where they do not.

use crate::support::{Site, shared};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Entries that are wrong, with the figure that is right.
///
/// The interval of ICC(2,k) from R irr 0.84.1 multiplies by k once too often (`a <- (nr*coeff)/(ns*(1-coeff))`, where
/// `coeff` is the average-measures figure already). The right one is what Spearman and Brown's formula makes of the
/// bounds of ICC(2,1), on which irr agrees: k L / (1 + (k-1) L). pingouin 0.6.1 prints [.07, .93] for the first.
const WRONG: [(&str, [f64; 2]); 2] = [
    ("shrout_fleiss1979", [0.018_786_513_374_712, 0.761_084_369_648_953]),
    ("irr_video", [-0.002_488_877_275_483_58, 0.401_993_056_733_206]),
];

#[derive(Clone)]
struct Entry {
    case: String,
    metric: String,
    args: Value,
    value: Value,
    tolerance: f64,
}

fn entries(folder: &Path) -> Vec<Entry> {
    let text = fs::read_to_string(folder.join("expected.json")).unwrap();
    let list: Vec<Value> = serde_json::from_str(&text).unwrap();
    let entry = |of: &Value| Entry {
        case: of["case"].as_str().unwrap().to_owned(),
        metric: of["metric"].as_str().unwrap().to_owned(),
        args: of["args"].clone(),
        value: of["value"].clone(),
        tolerance: of["tolerance"].as_f64().unwrap(),
    };
    list.iter().map(entry).map(corrected).collect()
}

fn corrected(mut entry: Entry) -> Entry {
    let wrong = WRONG.iter().find(|(case, _)| *case == entry.case && entry.metric == "icc_ci");
    if let (Some((_, single)), true) = (wrong, entry.args["form"] == "2,k") {
        let k = 4.0;
        entry.value = json!(single.map(|bound| k * bound / (1.0 + (k - 1.0) * bound)));
    }
    entry
}

/// A figure's name with its arguments, numbers written one way.
fn key(metric: &str, args: &Value) -> String {
    fn plain(value: &Value) -> Value {
        match value {
            Value::Number(number) => json!(number.as_f64()),
            Value::Array(list) => list.iter().map(plain).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), plain(value))).collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }
    format!("{metric} {}", plain(args))
}

/// Whether a figure is what was expected; of maps, the keys that are expected.
fn is_near(found: &Value, expected: &Value, tolerance: f64) -> bool {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| is_near(f, e, tolerance))
        }
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| is_near(found, value, tolerance)))
        }
        (Value::Number(found), Value::Number(expected)) => {
            (found.as_f64().unwrap() - expected.as_f64().unwrap()).abs() <= tolerance
        }
        _ => found == expected,
    }
}

/// Runs a command and gathers its figures.
fn gather(site: &Site, line: &str, found: &mut BTreeMap<String, Value>) {
    let run = site.ok(line);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{line}: {error}"));
    let one = [answer.clone()];
    for figure in answer["metrics"].as_array().map_or(one.as_slice(), Vec::as_slice) {
        let value = figure["value"].clone();
        assert_eq!(value.is_null(), figure["reason"].is_string(), "a reason where there is no figure: {figure}");
        found.insert(key(figure["metric"].as_str().unwrap(), &figure["args"]), value);
    }
}

/// What the program says of a case, asked with every list of categories that its entries have.
fn figures(folder: &Path, case: &str, of: &[Entry]) -> BTreeMap<String, Value> {
    let (site, mut found) = (Site::empty(), BTreeMap::new());
    let file = folder.join(format!("{case}.csv"));
    let words = |key: &str| -> BTreeSet<String> {
        of.iter().filter(|entry| !entry.args[key].is_null()).map(|entry| entry.args[key].to_string()).collect()
    };
    if case == "formulas" {
        for entry in of {
            let pairs = entry.args.as_object().unwrap().iter().map(|(key, value)| {
                format!("\"{key}={}\"", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            });
            let line = format!("calc {} {} --json", entry.metric, pairs.collect::<Vec<_>>().join(" "));
            gather(&site, &line, &mut found);
        }
    } else if of.iter().any(|entry| entry.metric.starts_with("step_")) {
        for tolerance in words("tolerance") {
            let line = format!("agreement {} --steps --tolerance {tolerance} --json", file.display());
            gather(&site, &line, &mut found);
        }
    } else {
        let truth = folder.join(format!("{case}_truth.csv"));
        let mut options = String::new();
        if truth.is_file() {
            options.push_str(&format!(" --truth {}", truth.display()));
        }
        for disagreements in words("disagreement_weights") {
            options.push_str(&format!(" --disagreements {disagreements}"));
        }
        for categories in words("categories").into_iter().chain(words("categories").is_empty().then(String::new)) {
            let list: Vec<String> = serde_json::from_str(&categories).unwrap_or_default();
            let declared = if list.is_empty() { String::new() } else { format!(" --categories {}", list.join(",")) };
            gather(&site, &format!("agreement {}{declared}{options} --json", file.display()), &mut found);
        }
    }
    found
}

/// Compares every entry of the cases, and says which differ.
fn compare(folder: &Path, wanted: impl Fn(&str) -> bool) -> usize {
    let mut by_case: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries(folder).into_iter().filter(|entry| wanted(&entry.case)) {
        by_case.entry(entry.case.clone()).or_default().push(entry);
    }
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (case, entries) in &by_case {
        let found = figures(folder, case, entries);
        for entry in entries {
            compared += 1;
            let name = key(&entry.metric, &entry.args);
            match found.get(&name) {
                Some(value) if is_near(value, &entry.value, entry.tolerance) => {}
                Some(value) => wrong.push(format!("{case}: {name}: {value}, not {}", entry.value)),
                None => wrong.push(format!("{case}: {name} is not there")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    compared
}

#[test]
fn every_published_figure_is_met() {
    let compared = compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/agreement"), |_| true);
    assert_eq!(compared, 603);
}

#[test]
fn the_data_sets_that_may_not_be_copied_are_met_where_they_lie() {
    let Some(folder) = shared("reference/agreement") else { return };
    let compared = compare(&folder, |case| ["irr_video", "caries", "dawid_skene1979"].contains(&case));
    assert_eq!(compared, 85);
}
