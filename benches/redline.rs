//! How fast a redline of a long document is made, beside `git diff --word-diff` on the same two texts.
//!
//! `cargo bench --bench redline` writes a document of 270 KB in 300 sections, changes a word in 300 paragraphs, adds,
//! removes and moves some, and makes trees, redline and HTML of both; and of two documents that have nothing in common. The
//! figures are the median of some runs with the spread, and the ratio to git, which knows lines and words but no blocks.

#[expect(dead_code, reason = "each bench uses a part of what they share")]
mod shared;

use goldbook::markdown::blocks::TextBlock;
use goldbook::markdown::outline::Outline;
use goldbook::markdown::redline::html::{RedlineFrame, html};
use goldbook::markdown::redline::redline;
use goldbook::quality::random::Random;
use shared::Spread;
use std::fmt::Write;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

const SECTIONS: usize = 300;
const RUNS: usize = 15;

fn main() {
    let old = document(1, SECTIONS);
    let new = edited(&old);
    println!("a document of {:.0} KB, a run in a process that is warm", old.len() as f64 / 1000.0);
    let own = compare("300 words changed, 20 paragraphs added, removed or moved", &old, &new);
    compare("nothing in common", &old, &document(2, SECTIONS));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [before, after] = ["old.md", "new.md"].map(|name| folder.path().join(name));
    fs::write(&before, &old).expect("the text can be written");
    fs::write(&after, &new).expect("the text can be written");
    let mut git = Command::new("git");
    git.args(["diff", "--no-index", "--word-diff=porcelain"]).args([&before, &after]).stdout(Stdio::null());
    if git.status().is_err() {
        return println!("git is not installed: no ratio");
    }
    let peer = Spread::of((0..RUNS).map(|_| {
        let started = Instant::now();
        git.status().expect("git ran before");
        started.elapsed().as_secs_f64()
    }));
    println!("git diff --word-diff, a process: {:.0} ms; ratio {:.1}", peer.median * 1e3, own / peer.median);
}

/// Prints how long a redline takes; returns the median in seconds.
fn compare(what: &str, old: &str, new: &str) -> f64 {
    let mut changes = 0;
    let times = (0..RUNS).map(|_| {
        let started = Instant::now();
        let [old, new] = [old, new].map(|text| TextBlock::tree(text, &Outline::of(text)));
        let redline = redline(&old, &new);
        changes = html(&redline, &RedlineFrame { address: None, before: 0, lower: 1 }).changes;
        started.elapsed().as_secs_f64()
    });
    let times = Spread::of(times.collect::<Vec<_>>());
    println!(
        "{what} ({changes} changes): {:.0} ms ({:.0} to {:.0})",
        times.median * 1e3,
        times.least * 1e3,
        times.most * 1e3
    );
    times.median
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
