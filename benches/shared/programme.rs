//! A rating programme to measure: one task with ten criteria in two sealed versions, a year of ratings, and gold.
//!
//! In: sizes and a seed. Out: the files of a site, the same for the same seed. Raters differ in how much they do and how
//! often they are right; items are rated by several raters in several weeks; some submissions are sent again, some rows
//! have an outcome in place of a value, and one rating in ten does not name its version.

use goldbook::quality::random::Random;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// How large a programme is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Rows of ratings, at least.
    pub rows: usize,
    /// Raters, of whom seven in twenty are of a second cohort.
    pub raters: u32,
    /// Weeks of ratings, from the first of 2026.
    pub weeks: u32,
    /// Items with gold.
    pub gold: u32,
    /// Items without.
    pub items: u32,
}

/// The task's folder.
const TASK: &str = "content/tasks/run-review";

/// Experts, who rate gold items only.
const EXPERTS: u32 = 4;

/// What may be answered to a criterion, and how often each answer is the truth.
enum Asked {
    Values(&'static [(&'static str, u64)]),
    Minutes,
    Steps(&'static [&'static str]),
}

struct Criterion {
    id: &'static str,
    rubric: &'static str,
    asked: Asked,
}

const CRITERIA: [Criterion; 10] = [
    Criterion {
        id: "goal",
        rubric: "scale: {nominal: [yes, partly, no]}\n    unsure: true\n    weight: 2",
        asked: Asked::Values(&[("yes", 12), ("partly", 5), ("no", 3)]),
    },
    Criterion {
        id: "severity",
        rubric: "scale: {ordinal: [1, 2, 3, 4]}",
        asked: Asked::Values(&[("1", 10), ("2", 6), ("3", 3), ("4", 1)]),
    },
    Criterion {
        id: "mistakes",
        rubric: "scale: {steps: [ignored-error, wrong-command, false-claim]}\n    tolerance: 1",
        asked: Asked::Steps(&["ignored-error", "wrong-command", "false-claim"]),
    },
    Criterion {
        id: "minutes-lost",
        rubric: "scale: {number: {min: 0, unit: min}}\n    tolerance: 2",
        asked: Asked::Minutes,
    },
    Criterion {
        id: "honest",
        rubric: "scale: {nominal: [honest, vague, misleading]}",
        asked: Asked::Values(&[("honest", 17), ("vague", 2), ("misleading", 1)]),
    },
    Criterion {
        id: "safe",
        rubric: "scale: {nominal: [safe, unsafe]}\n    unsure: true",
        asked: Asked::Values(&[("safe", 19), ("unsafe", 1)]),
    },
    Criterion {
        id: "cause",
        rubric: "scale: {nominal: [tool, prompt, knowledge, planning, none-found]}",
        asked: Asked::Values(&[("tool", 5), ("prompt", 3), ("knowledge", 4), ("planning", 4), ("none-found", 4)]),
    },
    Criterion {
        id: "clarity",
        rubric: "scale: {ordinal: [1, 2, 3, 4, 5]}\n    weight: 0.5",
        asked: Asked::Values(&[("1", 1), ("2", 3), ("3", 6), ("4", 7), ("5", 3)]),
    },
    Criterion {
        id: "effort",
        rubric: "scale: {ordinal: [low, middling, high]}",
        asked: Asked::Values(&[("low", 6), ("middling", 9), ("high", 5)]),
    },
    Criterion {
        id: "overall",
        rubric: "scale: {ordinal: [1, 2, 3, 4, 5]}",
        asked: Asked::Values(&[("1", 2), ("2", 4), ("3", 6), ("4", 5), ("5", 3)]),
    },
];

/// Writes the site and seals its two versions with `goldbook`.
pub fn write(root: &Path, size: Size, goldbook: &Path) {
    for (path, text) in files(size) {
        let place = root.join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("the site can be written");
        fs::write(place, text).expect("the site can be written");
    }
    for (version, date, note) in [("1.0.0", "2025-12-29", "First"), ("1.1.0", "2026-06-29", "Second")] {
        let spec = format!("---\ntitle: Review a run\n---\n\nRead the run to its end. {note}.\n");
        fs::write(root.join(TASK).join("task.md"), spec).expect("the site can be written");
        let mut seal = Command::new(goldbook);
        seal.args(["release", "run-review", "--version", version, "--date", date, "-m", note, "--root"]).arg(root);
        let sealed = seal.output().expect("goldbook starts");
        assert!(sealed.status.success(), "{}", String::from_utf8_lossy(&sealed.stderr));
    }
}

/// The files of the site but for what sealing adds.
fn files(size: Size) -> Vec<(String, String)> {
    let mut files = vec![
        ("goldbook.yaml".to_owned(), SETTINGS.to_owned()),
        (format!("{TASK}/task.md"), String::new()),
        (format!("{TASK}/rubric.md"), rubric()),
        (format!("{TASK}/gold.csv"), gold(size)),
    ];
    let cohorts = [("atlas", 0..first_of_second(size)), ("borealis", first_of_second(size)..size.raters)];
    for (id, raters) in cohorts {
        files.push((format!("content/cohorts/{id}.yaml"), cohort(id, raters.map(rater), "")));
    }
    files.push((
        "content/cohorts/experts.yaml".to_owned(),
        cohort("experts", (0..EXPERTS).map(expert), "role: expert\n"),
    ));
    files.extend(ratings(size));
    files
}

const SETTINGS: &str = "title: Benchmark\naudiences: {contractors: [], internal: [contractors], leads: [internal]}\n\
                        default_audience: contractors\n";

/// The first rater of the second cohort.
fn first_of_second(size: Size) -> u32 {
    size.raters * 13 / 20
}

fn rater(number: u32) -> String {
    format!("r-{number:04}")
}

fn expert(number: u32) -> String {
    format!("ex-{number}")
}

fn cohort(id: &str, raters: impl Iterator<Item = String>, more: &str) -> String {
    let raters: Vec<String> = raters.collect();
    format!("title: {id}\ntasks: [run-review]\n{more}raters: [{}]\n", raters.join(", "))
}

fn rubric() -> String {
    let mut text = String::from("---\ncriteria:\n");
    for criterion in &CRITERIA {
        let _ = writeln!(text, "  - id: {}\n    {}", criterion.id, criterion.rubric);
    }
    text.push_str("bar:\n  - {figure: accuracy, at_least: 0.75}\n  - {figure: severity.alpha, at_least: 0.5}\n---\n\n");
    for criterion in &CRITERIA {
        let _ = write!(text, "## {id} {{#{id}}}\n\n", id = criterion.id);
    }
    text
}

/// An answer: its rows' `value`, `outcome` and `step`.
type Cells = Vec<(String, &'static str, String)>;

/// The true answer to a criterion of an item, which depends on the two alone.
fn truth(item: u32, place: usize) -> Cells {
    let mut random = Random::stream(1, u64::from(item) * CRITERIA.len() as u64 + place as u64);
    answer(&CRITERIA[place].asked, &mut random)
}

fn answer(asked: &Asked, random: &mut Random) -> Cells {
    match asked {
        Asked::Values(values) => {
            let total = values.iter().map(|(_, share)| share).sum();
            let mut left = random.below(total);
            let found = values.iter().find(|(_, share)| {
                let is_it = left < *share;
                left = left.saturating_sub(*share);
                is_it
            });
            vec![(found.map_or("", |(value, _)| value).to_owned(), "", String::new())]
        }
        Asked::Minutes => vec![((random.below(8) * random.below(8)).to_string(), "", String::new())],
        Asked::Steps(kinds) => {
            let flags = [0, 0, 1, 1, 1, 2][random.below(6) as usize];
            let mut steps: Vec<u64> = (0..flags).map(|_| 1 + random.below(40)).collect();
            steps.sort_unstable();
            steps.dedup();
            let kind = |random: &mut Random| kinds[random.below(kinds.len() as u64) as usize].to_owned();
            let flags: Cells = steps.into_iter().map(|step| (kind(random), "", step.to_string())).collect();
            if flags.is_empty() { vec![(String::new(), "none", String::new())] } else { flags }
        }
    }
}

/// What a rater says who is right so often, in thousandths.
fn said(item: u32, place: usize, right: u64, random: &mut Random) -> Cells {
    let asked = &CRITERIA[place].asked;
    match random.below(200) {
        0 => return vec![(String::new(), "skipped", String::new())],
        1 if CRITERIA[place].rubric.contains("unsure") => return vec![(String::new(), "unsure", String::new())],
        _ => {}
    }
    if random.below(1000) < right { truth(item, place) } else { answer(asked, random) }
}

fn item(number: u32) -> String {
    format!("run-{number:05}")
}

/// Gold of the first items, adjudicated.
fn gold(size: Size) -> String {
    let mut text = String::from("item,criterion,step,value,outcome,version,by,method,made_at,reason\n");
    for number in 0..size.gold {
        for (place, criterion) in CRITERIA.iter().enumerate() {
            for (value, outcome, step) in truth(number, place) {
                let id = criterion.id;
                let _ = writeln!(
                    text,
                    "{},{id},{step},{value},{outcome},1.0.0,,adjudicated,2025-12-30,Seen in the run of item {number}.",
                    item(number)
                );
            }
        }
    }
    text
}

const HEAD: &str = "task,item,rater,criterion,value,outcome,step,version,submission,status,submitted_at,seconds\n";

/// The ratings, a file for each quarter of the weeks.
fn ratings(size: Size) -> Vec<(String, String)> {
    let mut random = Random::stream(2, 0);
    let mut files = Vec::new();
    let (mut rows, mut submission) = (0, 0);
    for week in 0..size.weeks {
        if week * 4 % size.weeks < 4 {
            files.push((format!("content/ratings/part-{}.csv", files.len() + 1), HEAD.to_owned()));
        }
        let (_, text) = files.last_mut().expect("the first week begins a file");
        while rows < size.rows * (week as usize + 1) / size.weeks as usize {
            rows += submit(text, submission, week, size, &mut random);
            submission += 1;
        }
    }
    files
}

/// Writes one submission, now and then twice; returns its rows.
fn submit(text: &mut String, number: u32, week: u32, size: Size, random: &mut Random) -> usize {
    let by_expert = random.below(100) == 0;
    // The product of two draws is small most often: some raters do much more than others.
    let who = (random.unit() * random.unit() * f64::from(size.raters)) as u32;
    let right = if by_expert { 930 } else { 550 + u64::from(who.wrapping_mul(2_654_435_761) >> 16) % 400 };
    let item = if by_expert || random.below(10) < 3 {
        random.below(size.gold.into()) as u32
    } else {
        fresh(week, size, random)
    };
    let who = if by_expert { expert(random.below(EXPERTS.into()) as u32) } else { rater(who) };
    let mut rows = 0;
    for again in 0..=u32::from(random.below(50) == 0) {
        let (day, time) = (random.below(7) as u32, random.below(86_400));
        let moment = Moment { day: week * 7 + day, second: time };
        let version = match random.below(10) {
            0 => "",
            _ if moment.day < 182 => "1.0.0",
            _ => "1.1.0",
        };
        let status = if random.below(40) == 0 { "rejected" } else { "accepted" };
        let seconds = 60 + random.below(1800);
        for (place, criterion) in CRITERIA.iter().enumerate() {
            for (value, outcome, step) in said(item, place, right, random) {
                let id = criterion.id;
                let _ = writeln!(
                    text,
                    "run-review,{},{who},{id},{value},{outcome},{step},{version},s-{number:06}-{again},{status},{moment},{seconds}",
                    self::item(item)
                );
                rows += 1;
            }
        }
    }
    rows
}

/// An item without gold that is in work for about six weeks around its own.
fn fresh(week: u32, size: Size, random: &mut Random) -> u32 {
    let each_week = size.items / size.weeks;
    let begun = u64::from(week + 1).min(6);
    let week = week - random.below(begun) as u32;
    size.gold + week * each_week + random.below(each_week.into()) as u32
}

/// A time in 2026, from the Monday of its first ISO week.
struct Moment {
    day: u32,
    second: u64,
}

impl std::fmt::Display for Moment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MONTHS: [(u32, u32, u32); 13] = [
            (2025, 12, 31),
            (2026, 1, 31),
            (2026, 2, 28),
            (2026, 3, 31),
            (2026, 4, 30),
            (2026, 5, 31),
            (2026, 6, 30),
            (2026, 7, 31),
            (2026, 8, 31),
            (2026, 9, 30),
            (2026, 10, 31),
            (2026, 11, 30),
            (2026, 12, 31),
        ];
        // The Monday is 29 December.
        let mut day = self.day + 29;
        let month = MONTHS.iter().find(|(_, _, days)| {
            let is_in = day <= *days;
            day -= if is_in { 0 } else { *days };
            is_in
        });
        let (year, month, _) = month.expect("the last week of 2026 is the longest there is");
        let (hour, minute, second) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        write!(out, "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}
