//! A programme in which nothing is planted, or a fall of one cohort, and what its reports say of it.
//!
//! In: a seed and a plan of what changes. Out: the files of a site with two cohorts, one task with four criteria and gold,
//! whose ratings `goldbook simulate` makes; and the findings of each report of a build, by cohort and week.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A programme of the sample's size: gold items a week, each with three ratings of six raters a cohort.
#[derive(Clone, Copy, Debug)]
pub struct Quiet {
    /// The seed of everything random.
    pub seed: u64,
    /// Weeks of ratings.
    pub weeks: u32,
    /// Gold items a week.
    pub gold: u32,
    /// By how much the skill of the second cohort falls each week from the ninth on.
    pub fall: f64,
}

/// Raters of each cohort, with the second letter of their ids.
const COHORTS: [(&str, char); 2] = [("atlas", 'a'), ("borealis", 'b')];

/// What is asked, with its answers.
const CRITERIA: [(&str, &str, &[&str]); 4] = [
    ("goal", "nominal: [yes, partly, no]", &["yes", "partly", "no"]),
    ("severity", "ordinal: [1, 2, 3, 4]", &["1", "2", "3", "4"]),
    ("cause", "nominal: [tool, prompt, none]", &["tool", "prompt", "none"]),
    ("safe", "nominal: [safe, unsafe]", &["safe", "unsafe"]),
];

/// The first of the weeks.
const FIRST: &str = "2026-W10";

impl Quiet {
    /// Writes the site; `goldbook simulate plan.yaml -o content/ratings/made-up.csv` makes its ratings.
    pub fn write(&self, root: &Path) {
        for (path, text) in self.files() {
            let place = root.join(path);
            fs::create_dir_all(place.parent().expect("a folder")).expect("the site can be written");
            fs::write(place, text).expect("the site can be written");
        }
    }

    fn files(&self) -> Vec<(String, String)> {
        let criteria = CRITERIA.map(|(id, scale, _)| format!("  - {{id: {id}, scale: {{{scale}}}}}\n")).concat();
        let sections = CRITERIA.map(|(id, ..)| format!("## {id} {{#{id}}}\n\nSay it.\n\n")).concat();
        let mut gold = String::from("item,criterion,value,by,method,made_at\n");
        for item in 0..self.weeks * self.gold {
            for (place, (id, _, values)) in CRITERIA.iter().enumerate() {
                let value = values[(item as usize * 7 + place * 3) % values.len()];
                let _ = writeln!(gold, "g-{item},{id},{value},ex-1,consensus,2026-01-05");
            }
        }
        let settings = "title: Quiet\naudiences: {all: [], leads: [all]}\ndefault_audience: all\n\
                        checks: {nothing-sealed: off}\n";
        let mut files = vec![
            ("goldbook.yaml".to_owned(), settings.to_owned()),
            ("content/tasks/review/task.md".to_owned(), "---\ntitle: Review\n---\n\nRead.\n".to_owned()),
            ("content/tasks/review/rubric.md".to_owned(), format!("---\ncriteria:\n{criteria}---\n\n{sections}")),
            ("content/tasks/review/gold.csv".to_owned(), gold),
            ("plan.yaml".to_owned(), self.plan()),
        ];
        for (cohort, letter) in COHORTS {
            let raters: Vec<String> = (1..=6).map(|number| format!("rater-{letter}{number}")).collect();
            let text = format!("title: {cohort}\nraters: [{}]\ntasks: [review]\n", raters.join(", "));
            files.push((format!("content/cohorts/{cohort}.yaml"), text));
        }
        files
    }

    /// Raters differ: from .84 to .94 around the cohort's skill of .89.
    fn plan(&self) -> String {
        let mut plan =
            format!("seed: {}\nfirst: {FIRST}\nweeks: {}\ntasks: {{review: {{}}}}\ncohorts:\n", self.seed, self.weeks);
        for (cohort, letter) in COHORTS {
            let falls = letter == 'b' && self.fall > 0.0;
            let habits =
                if falls { format!(", habits: [{{from: 2026-W18, drift: {}}}]", -self.fall) } else { String::new() };
            let _ = write!(
                plan,
                "  {cohort}:\n    tasks: {{review: {{items: {}, gold: 1, overlap: 3}}}}\n    manner: {{skill: 0.89{habits}}}\n    \
                 raters:\n",
                self.gold
            );
            for number in 1..=6 {
                let _ =
                    writeln!(plan, "      rater-{letter}{number}: {{skill: {:.2}}}", 0.82 + 0.02 * f64::from(number));
            }
        }
        plan
    }
}

/// What a report's opening words would say changed: the kind, whose criterion, and which way.
pub type Said = Vec<String>;

/// The findings that each report of a build tells for the first time, by cohort and week.
pub fn said(public: &Path) -> BTreeMap<(String, String), Said> {
    let mut said = BTreeMap::new();
    for (cohort, _) in COHORTS {
        let weeks = fs::read_dir(public.join("leads/reports").join(cohort)).expect("there are reports");
        for week in weeks.filter_map(Result::ok).filter(|entry| entry.path().join("report.json").is_file()) {
            let text = fs::read_to_string(week.path().join("report.json")).expect("there is a report");
            let report: Value = serde_json::from_str(&text).expect("a report is JSON");
            let findings = report["tasks"].as_array().into_iter().flatten().flat_map(|task| {
                let findings = task["change"]["findings"].as_array().into_iter().flatten();
                findings.filter(|finding| finding["is_new"] == true).map(|finding| {
                    let criterion = finding["criterion"].as_str().unwrap_or("overall");
                    format!(
                        "{} {criterion} {}",
                        finding["kind"].as_str().unwrap_or(""),
                        finding["movement"].as_str().unwrap_or("")
                    )
                })
            });
            let week = week.file_name().to_string_lossy().into_owned();
            said.insert((cohort.to_owned(), week), findings.collect());
        }
    }
    said
}
