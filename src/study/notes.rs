//! Notes: what to know about tables before the figures that are made of them.
//!
//! In: what was read of tables. Out: sentences on everything in them that is not simply a rating or a flag. Nothing that
//! was left out stays unsaid.

use super::{FileNote, Notes, TableForm, WideGuess, steps::Steps};
use crate::text::{line, listed};
use std::collections::BTreeSet;

/// What is said of rows that an export wrote beside those that count.
const UNCOUNTED: &str = "row(s) of an exported table are left out: its `became` says that no report counts them.";

/// What to know about flags on steps, a sentence each.
pub fn of_steps(steps: &Steps) -> Vec<String> {
    let repeated = (steps.repeated, "row(s) repeat a flag, or that nothing was flagged: they count once.");
    counted(&[(steps.uncounted, UNCOUNTED), repeated]).chain(unread(&steps.files)).collect()
}

/// What to know about the tables that ratings are from, a sentence each.
pub fn of_tables(notes: &Notes) -> Vec<String> {
    let apart = (!notes.apart.is_empty()).then(|| {
        let columns = listed(notes.apart.iter().map(String::as_str));
        format!("taken apart by {columns}, each with its own categories; --by none takes all together.")
    });
    let flagged = notes.flagged.iter().map(|name| {
        let name = line(name);
        format!("`{name}` is left out: flags on steps are no labels of an item; --steps reads a table of them.")
    });
    let counts = [
        (notes.uncounted_rows, UNCOUNTED),
        (notes.several_right, "row(s) of an exported table have no gold here: several answers are right (` | `)."),
        (notes.blank_rows, "row(s) with nothing in any cell are left out."),
        (notes.empty_labels, "empty label(s), which are no ratings."),
        (notes.unrated_items, "item(s) without a rating are left out."),
        (notes.silent_raters.len() as u64, "rater(s) without a rating are left out."),
    ];
    let left_out = |why: &'static str| {
        move |column: &String| {
            let column = line(column);
            format!("the column `{column}` {why}, and is not taken for a rater; --raters names those that are.")
        }
    };
    let not_raters = notes.not_raters.iter().map(left_out("shares no value with any other"));
    let unlike = notes.unlike_ratings.iter().map(left_out("holds times, names or texts"));
    let guess = notes.guess.iter().flat_map(of_guess);
    let of_rows = counted(&counts).chain(unread(&notes.files));
    apart.into_iter().chain(flagged).chain(guess).chain(of_rows).chain(not_raters).chain(unlike).collect()
}

/// What to know about ratings, a sentence each.
pub fn of_labels(notes: &Notes) -> Vec<String> {
    let alike = match notes.identical {
        0 => String::new(),
        identical => format!(", {identical} of them with the same category again"),
    };
    let repeated = format!(
        "rating(s) by a rater who had rated the item before{alike}: agreement and accuracy take one if all are the same, \
         none if they differ; consensus takes all."
    );
    let differing = "item(s) have other gold for another criterion, and none where all are taken together.";
    let repeats = [(notes.repeated, repeated.as_str()), (notes.differing_gold, differing)];
    let missing = notes.like_missing.iter().map(|label| {
        let label = line(label);
        format!("`{label}` is a category here. If it means that nothing was said: --missing {label}")
    });
    let gold = notes.raters_like_gold.iter().map(|rater| {
        let rater = line(rater);
        format!("`{rater}` is a rater here. If it is the gold: --gold-rater {rater}")
    });
    let respelled = notes.respelled.iter().filter(|of| !of.is_same_number()).map(|of| {
        let (written, category) = (line(&of.written), line(&of.category));
        format!(
            "`{written}` was taken for `{category}`, from which only case tells it apart: {} rating(s).",
            of.ratings
        )
    });
    let alike = notes.alike.iter().map(|(one, other)| {
        let (one, other) = (line(one), line(other));
        format!("`{one}` and `{other}` are two categories here. If they are one, declare it: --categories {one},…")
    });
    let lonely = notes.lonely.iter().map(|column| {
        let column = line(column);
        format!(
            "the rater `{column}` shares no value with any other. If that is no rater: --raters names those that are."
        )
    });
    counted(&repeats).chain(lonely).chain(respelled).chain(alike).chain(missing).chain(gold).collect()
}

/// What was guessed, how to say that it is right, and what the table may be instead.
fn of_guess(guess: &WideGuess) -> Vec<String> {
    let raters = listed(guess.raters.iter().map(String::as_str));
    let taken = format!(
        "taken for a wide table, a row an item and a column a rater, whose raters are {raters}; --form wide or --raters \
         says so."
    );
    let hint = guess.hint.map(|form| match form {
        TableForm::Sideways => "far more columns than rows: if rows are raters and columns items, say --form sideways.",
        _ => "each cell could be a number of raters: if columns are categories, say --form counts.",
    });
    [taken].into_iter().chain(hint.map(str::to_owned)).collect()
}

fn counted(counts: &[(u64, &str)]) -> impl Iterator<Item = String> {
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, text)| format!("{count} {text}"))
}

/// The columns of any file that are not read.
fn unread(files: &[FileNote]) -> Vec<String> {
    let columns = || files.iter().flat_map(|file| &file.unused).map(String::as_str);
    let named: BTreeSet<&str> = columns().filter(|name| !name.is_empty()).collect();
    let unnamed = columns().filter(|name| name.is_empty()).count() as u64;
    let of_named = format!("column(s) that nothing reads: {}.", listed(named.iter().copied()));
    counted(&[(named.len() as u64, &of_named), (unnamed, "column(s) without a name that nothing reads.")]).collect()
}
