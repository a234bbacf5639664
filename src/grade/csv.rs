//! Grades as a table for a spreadsheet: one line a candidate.
//!
//! In: grades. Out: CSV. Cells that a spreadsheet would run get an apostrophe.

use super::{Grades, ScoreShare};
use crate::text::{cell, csv_line};
use std::collections::BTreeMap;

/// The table.
pub fn table(grades: &Grades) -> Vec<u8> {
    let parts = |name: &str| ["right", "asked", "share", "low", "high"].map(|part| format!("{name}_{part}"));
    let names = ["accuracy"].into_iter().chain(grades.criteria.iter().map(String::as_str)).flat_map(parts);
    let mut head: Vec<String> =
        ["candidate", "items", "missing", "not_issued", "passed", "alike_with"].map(str::to_owned).into();
    head.extend(names);
    let mut out = csv_line(&head);
    let alike = alike(grades);
    for candidate in &grades.candidates {
        let passed = candidate.passes.map_or("", |passes| if passes { "yes" } else { "no" });
        let mut cells = vec![
            cell(&candidate.rater).into_owned(),
            candidate.items.to_string(),
            candidate.missing.len().to_string(),
            candidate.not_issued.len().to_string(),
            passed.to_owned(),
            cell(&alike.get(&*candidate.rater).map_or_else(String::new, |others| others.join("|"))).into_owned(),
        ];
        let of = |id: &String| candidate.criteria.iter().find(|score| score.criterion == *id).map(|score| score.share);
        let shares = [candidate.overall].into_iter().chain(grades.criteria.iter().map(of));
        cells.extend(shares.flat_map(numbers));
        out.extend(csv_line(&cells));
    }
    out
}

/// For each candidate in a pair that is worth a talk the others of these pairs.
fn alike(grades: &Grades) -> BTreeMap<&str, Vec<&str>> {
    let mut alike = BTreeMap::<&str, Vec<&str>>::new();
    for [one, other] in grades.alike.iter().map(|pair| &pair.candidates) {
        alike.entry(one).or_default().push(other);
        alike.entry(other).or_default().push(one);
    }
    alike
}

fn numbers(share: Option<ScoreShare>) -> [String; 5] {
    share.map_or_else(Default::default, |ScoreShare { right, asked, point, low, high }| {
        [right, asked, point, low, high].map(|number| number.to_string())
    })
}
