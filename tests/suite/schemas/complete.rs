//! Complete files, with every key of their kind, and their mutants.
//!
//! In: nothing. Out: YAML that both must take, and JSON with one change each, of which both must think alike.

use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A file of each kind that has every key.
pub const COMPLETE: [(&str, &str); 7] = [
    (
        "site",
        "title: T\naudiences: {readers: [], internal: [readers]}\ndefault_audience: readers\n\
         gold_audience: internal\nreport_audience: internal\nlanguage: de\ntime_zone: Europe/Berlin\n\
         checks: {broken-link: warning, nothing-sealed: off}\nminimum_gold: 3\nmargin: 0.05\nmost_unpacked: 500 MiB\ntheme: mine\n\
         allowed_in_runs: {ip-address: machines of the test}\nhidden_comments: {week.csv:3: names somebody}\n\
         renamed_audiences: {raters: readers}\nassets: {content/pages/guide.pdf: readers}\n\
         served_at: {readers: /programme/}\neditions: {readers: atlas}\nsigning: required\n\
         url: {readers: \"https://rate.example.org/programme/\"}\npublic: true\nask: a@example.org\n",
    ),
    (
        "task",
        "title: T\nsummary: S\nowner: o\nitems: pair\ntime: 45 min\npay: 30 USD\nstatus: draft\nkind: one-off\n\
         interests: None.\naudience: internal\nmoved: {old: rubric.md#new}\n",
    ),
    (
        "rubric",
        "title: R\naudience: internal\ncriteria:\n\
         - {id: reached, scale: {nominal: {yes: It works, no: It does not}}, unsure: true, weight: 2}\n\
         - {id: severity, scale: {ordinal: [1, 2, 3]}, weight: 0.5}\n\
         - {id: minutes, scale: {number: {min: 0, max: 9.5, unit: min}}, tolerance: 0.5}\n\
         - {id: any, scale: number}\n\
         - {id: mistakes, scale: {steps: {wrong: W, late: L}}, with: {origin: [real, spurious]}, tolerance: 1, each: false}\n\
         - {id: notes, scale: text}\n\
         bar: [{figure: accuracy, at_least: 0.8}, {figure: severity.alpha, at_least: 0.6}]\npass: accuracy.low >= 0.7\nmoved: {old: task.md#new}\n",
    ),
    (
        "example",
        "title: E\nitem: run-1\ntrajectory: ../trajectories/run-1.json\nsample: 17\nagainst: run-2\nagainst_sample: 18\nuse: worked\norder: 2\ngold:\n  reached: yes\n  \
         severity: {any_of: [1, 2], why: W, rule: rubric#severity}\n  minutes: {outcome: unsure}\n  any: {value: 7}\n  \
         mistakes: [{step: 2, value: wrong, origin: real, why: W}]\naudience: internal\nmoved: {old: ../task.md}\n",
    ),
    (
        "reading",
        "tool: table\ntask: t\nversion: 1.0.0\ncohort: c\nrater: judge-a\nraters: {Jo Doe: a-01, 7: a-02}\nscorers: {match: judge-a}\n\
         rater_prefix: at-\ntime_zone: Europe/Berlin\ndates: day-first\n\
         decimal_comma: true\npartial: true\ncolumns: {item: HITId, rater: WorkerId}\n\
         answers: {reached: Answer.reached, severity: {1: low, 3: high}}\n\
         values: {reached: {Ja: yes, Weiß nicht: {outcome: unsure}}}\n",
    ),
    ("page", "title: P\naudience: internal\norder: 2\nmoved: {old: task.md#new}\n"),
    (
        "cohort",
        "title: C\nvendor: V\ninterests: None.\nrole: expert\nraters: [a-01, 7, {rater: a-03, from: 2026-11-01, until: 2026-11-30}]\n\
         tasks: [t]\nfrom: 2026-10-01\nuntil: 2026-12-31\nbar: {t: [{figure: accuracy, at_least: 0.85}]}\n\
         pay: 30 USD\nbonus: 5 USD\n",
    ),
];

/// Files that are well formed, and wrong in what only the reader knows.
pub const BEYOND: [(&str, &str); 8] = [
    (
        "site",
        "title: T\naudiences: {readers: [], internal: [readers]}\ndefault_audience: readers\n\
         renamed_audiences: {internal: readers}\n",
    ),
    (
        "site",
        "title: T\naudiences: {readers: [], internal: [readers]}\ndefault_audience: internal\ngold_audience: readers\n",
    ),
    ("rubric", "criteria: [{id: a, scale: {nominal: [x, y]}, tolerance: 1}]\n"),
    ("rubric", "criteria: [{id: a, scale: {number: {min: 2, max: 1}}, weight: 0x1F}]\n"),
    ("rubric", "criteria: [{id: a, scale: {steps: [x]}}]\nbar: [{figure: a.kappa, at_least: 0.5}]\n"),
    ("example", "use: worked\ngold: {notes: good, minutes: -1, severity: 9, mistakes: word, any: []}\n"),
    ("example", "use: worked\ngold: {mistakes: {value: wrong}}\n"),
    ("example", "use: held-out\naudience: contractors\n"),
];

/// Everything that differs from `whole` in one place: a key dropped or misspelt, a value of another type.
pub fn mutants(whole: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    walk(whole, String::new(), &mut places);
    let mut mutants = BTreeSet::new();
    for place in places {
        let mut change = |change: &dyn Fn(&mut Value)| {
            let mut mutant = whole.clone();
            change(mutant.pointer_mut(&place).unwrap());
            mutants.insert(mutant.to_string());
        };
        for value in others(whole.pointer(&place).unwrap()) {
            change(&|at| *at = value.clone());
        }
        for key in whole.pointer(&place).unwrap().as_object().into_iter().flat_map(|map| map.keys()) {
            change(&|at| drop(at.as_object_mut().unwrap().remove(key)));
            change(&|at| {
                let value = at[key].take();
                at[format!("{key}x")] = value;
                at.as_object_mut().unwrap().remove(key);
            });
        }
    }
    mutants.iter().map(|mutant| serde_json::from_str(mutant).unwrap()).collect()
}

fn walk(value: &Value, place: String, places: &mut Vec<String>) {
    if let Value::Object(map) = value {
        let pointer = |key: &str| key.replace('~', "~0").replace('/', "~1");
        map.iter().for_each(|(key, value)| walk(value, format!("{place}/{}", pointer(key)), places));
    }
    if let Value::Array(list) = value {
        list.iter().enumerate().for_each(|(index, value)| walk(value, format!("{place}/{index}"), places));
    }
    places.push(place);
}

fn others(value: &Value) -> Vec<Value> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    vec![
        json!([]),
        json!([value]),
        json!({}),
        json!({ "a": value }),
        Value::Null,
        json!(true),
        json!(0),
        json!(7),
        json!(-7),
        json!(1.5),
        json!(""),
        json!("word"),
        json!("Not An Id"),
        json!("2026-02-30"),
        json!("reached.kappa"),
        json!("kappa"),
        json!(text),
    ]
}
