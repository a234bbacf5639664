//! How much processor time and memory it takes to grade 1,000 candidates.
//!
//! `cargo bench --bench grade` writes a site of one task with 40 test items, answers of 1,000 candidates to 20 of them and to
//! all, and runs `goldbook grade` with a table and pages for candidates, as whole processes. Answers to 20 items grow with
//! the candidates; of 40 each pair of candidates is compared, which grows with their square.

#[expect(dead_code, reason = "each bench uses a part of what they share")]
mod shared;

use goldbook::quality::random::Random;
use shared::{Run, Spread, run};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

const RUNS: usize = 5;
const CANDIDATES: u32 = 1_000;
const ITEMS: u32 = 40;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    site(root).expect("the site can be written");
    for items in [ITEMS / 2, ITEMS] {
        let file = root.join(format!("answers-{items}.csv"));
        fs::write(&file, answers(items)).expect("the answers can be written");
        let runs: Vec<Run> = (0..RUNS).map(|_| run(&mut grade(root, &file))).collect();
        let processor = Spread::of(runs.iter().map(|run| run.processor));
        let peak = Spread::of(runs.iter().map(|run| run.peak));
        let Spread { median, least, most } = processor;
        println!(
            "{CANDIDATES} candidates × {items} items: processor {median:.2} s, {least:.2} to {most:.2} ({RUNS} runs)"
        );
        println!("    peak memory {:.0} MiB", peak.median);
    }
}

fn grade(root: &Path, answers: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goldbook"));
    command.args(["grade", "kinds"]).arg(answers).arg("--root").arg(root).arg("--force");
    command.arg("--csv").arg(root.join("grades.csv")).arg("--feedback").arg(root.join("feedback"));
    command
}

/// A task whose test items have one of five values.
fn site(root: &Path) -> std::io::Result<()> {
    let write = |path: &str, text: &str| {
        let place = root.join(path);
        fs::create_dir_all(place.parent().unwrap_or(root))?;
        fs::write(place, text)
    };
    write("goldbook.yaml", "title: Grading\n")?;
    write("content/tasks/kinds/task.md", "---\ntitle: Kinds\n---\n\nSay of which kind it is.\n")?;
    let rubric = "criteria:\n  - id: kind\n    scale: {nominal: [v0, v1, v2, v3, v4]}";
    write("content/tasks/kinds/rubric.md", &format!("---\n{rubric}\n---\n\n## Kind {{#kind}}\n"))?;
    for item in 0..ITEMS {
        let front = format!("title: Item {item}\nitem: i-{item}\nuse: test\ngold:\n  kind: {{value: v0}}");
        write(&format!("content/tasks/kinds/examples/t{item}.md"), &format!("---\n{front}\n---\n\nRate it.\n"))?;
    }
    Ok(())
}

/// Answers that are right in 4 of 9 cases.
fn answers(items: u32) -> String {
    let mut random = Random::stream(7, 0);
    let mut table = "task,item,rater,criterion,value\n".to_owned();
    for (candidate, item) in (0..CANDIDATES).flat_map(|candidate| (0..items).map(move |item| (candidate, item))) {
        let value = random.below(9).saturating_sub(4);
        let _ = writeln!(table, "kinds,i-{item},c-{candidate},kind,v{value}");
    }
    table
}
