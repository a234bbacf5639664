//! How fast a long document is compared with its sealed version, beside `git diff --word-diff` on the same two texts.
//!
//! `cargo bench --bench redline` seals a document of 270 KB in 333 sections, changes a word in each, adds, removes and moves
//! some paragraphs, and runs `goldbook diff` on it, and on one that has nothing in common with it. Both are whole processes:
//! Goldbook's reads and checks a site and its seals as well, and knows blocks. By the clock, in pairs, with the spread.

#[expect(dead_code, reason = "each bench uses a part of what they share")]
mod shared;

use goldbook::quality::random::Random;
use shared::{Spread, run};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const SECTIONS: usize = 333;
const PAIRS: usize = 15;
const TASK: &str = "content/tasks/long/task.md";

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let old = document(1, SECTIONS);
    write(
        root,
        "goldbook.yaml",
        "title: Long\naudiences: {readers: [], team: [readers]}\ndefault_audience: readers\ngold_audience: team\n",
    );
    write(
        root,
        "content/tasks/long/rubric.md",
        "---\ncriteria: [{id: right, scale: {nominal: [yes, no]}}]\n---\n\n## Right? {#right}\n",
    );
    write(root, TASK, &task(&old));
    run(&mut goldbook(root, &["release", "long", "-m", "First"]));
    println!("a document of {:.0} KB", old.len() as f64 / 1000.0);
    pairs(root, &old, "a word changed in each section, 20 paragraphs added, removed or moved", &edited(&old));
    pairs(root, &old, "nothing in common", &document(2, SECTIONS));
}

fn goldbook(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goldbook"));
    command.current_dir(root).args(words);
    command
}

fn write(root: &Path, path: &str, text: &str) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().expect("a folder")).expect("the site can be written");
    fs::write(place, text).expect("the site can be written");
}

fn task(text: &str) -> String {
    format!("---\ntitle: Long\n---\n\n{text}")
}

/// Compares two texts with Goldbook and with git in turn, and prints what each took and their ratio.
fn pairs(root: &Path, old: &str, what: &str, new: &str) {
    write(root, TASK, &task(new));
    let names = ["old.md", "new.md"];
    names.iter().zip([old, new]).for_each(|(name, text)| write(root, name, &task(text)));
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(root).args(["diff", "--no-index", "--word-diff=porcelain"]).args(names).stdout(Stdio::null());
        git
    };
    let counted = goldbook(root, &["diff", "long", "--stat"]).output().expect("the program starts");
    let counted = String::from_utf8_lossy(&counted.stdout).lines().next().unwrap_or_default().to_owned();
    let (mut own, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let ours = run(&mut goldbook(root, &["diff", "long", "--stat"])).wall;
        let started = std::time::Instant::now();
        // Git ends with 1 where texts differ.
        if git().status().is_ok() {
            ratios.push(ours / started.elapsed().as_secs_f64());
        }
        own.push(ours);
    }
    let own = Spread::of(own);
    println!("{what} ({counted}): {:.0} ms ({:.0} to {:.0})", own.median * 1e3, own.least * 1e3, own.most * 1e3);
    if !ratios.is_empty() {
        let ratio = Spread::of(ratios);
        println!("  beside git diff --word-diff: {:.1} times ({:.1} to {:.1})", ratio.median, ratio.least, ratio.most);
    }
}

/// A document of sections with paragraphs, a list and a table.
fn document(seed: u64, sections: usize) -> String {
    let mut random = Random::stream(seed, 0);
    let mut text = "# Instructions\n\n".to_owned();
    for section in 0..sections {
        let _ = writeln!(text, "## Part {section} {{#part-{section}}}\n");
        for _ in 0..3 {
            let _ = writeln!(text, "{}\n", words(&mut random, 32));
        }
        for _ in 0..3 {
            let _ = writeln!(text, "- {}", words(&mut random, 9));
        }
        let [one, two] = [5, 7].map(|count| words(&mut random, count));
        let _ = writeln!(text, "\n| what | then |\n|---|---|\n| {one} | {two} |\n");
    }
    text
}

fn words(random: &mut Random, count: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ra", "te", "mi", "so", "lun", "ker", "po", "vi", "dan", "es", "or", "ta", "ne", "lo", "gri", "ba"];
    let word = |random: &mut Random| -> String {
        let length = 1 + random.below(3);
        (0..length).map(|_| SYLLABLES[random.below(16) as usize]).collect()
    };
    (0..count).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

/// The same document with a word changed in each section, and some paragraphs elsewhere, gone or new.
fn edited(text: &str) -> String {
    let mut random = Random::stream(3, 0);
    let mut blocks: Vec<String> = text.split("\n\n").map(str::to_owned).collect();
    let prose: Vec<usize> = (0..blocks.len()).filter(|at| blocks[*at].starts_with(char::is_alphabetic)).collect();
    for of_section in prose.chunks(3) {
        let block = &mut blocks[of_section[0]];
        let mut all: Vec<&str> = block.split(' ').collect();
        let at = random.below(all.len() as u64) as usize;
        all[at] = "otherwise";
        *block = all.join(" ");
    }
    for _ in 0..20 {
        let at = random.below(blocks.len() as u64 - 1) as usize;
        match random.below(3) {
            0 => blocks.insert(at, words(&mut random, 20)),
            1 => drop(blocks.remove(at)),
            _ => {
                let block = blocks.remove(at);
                blocks.push(block);
            }
        }
    }
    blocks.join("\n\n")
}
