//! Added gold: what experts answered, as rows of a task's `gold.csv`.
//!
//! In: answers that were read and resolved, and the gold that the file has. Out: the file's new text, and what became of each
//! answer. Each expert's answer has rows of its own, so that nobody's word is lost: what they make together is `panel`'s to
//! say. Nothing is added for an expert who said something else of the same before.

use super::cells::{COLUMNS, own_name};
use super::{Rank, ShownFrom, Written, WrittenAnswers, shown_items, standard, written};
use crate::diagnostic::{Diagnostics, Fault, Place};
use crate::document::TASKS;
use crate::model::{GoldAnswer, GoldFlag, Outcome, Task};
use crate::ratings::answer::GivenAnswer;
use crate::ratings::entry::RatingBasis;
use crate::ratings::scheme::{self, Scheme};
use crate::ratings::{Comment, GoldRow, Rating, Ratings};
use crate::source::Sources;
use crate::text::listed;
use std::collections::{BTreeMap, BTreeSet};

/// Why an answer is no gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoGold {
    /// It has no value, for this reason.
    Outcome(Outcome),
    /// Its question has no gold: it is free text.
    FreeText,
    /// It was not made alone.
    NotAlone,
}

/// What adding answers to gold comes to.
#[derive(Default)]
pub struct AddedGold {
    /// The file's new text; none if nothing is new.
    pub text: Option<Vec<u8>>,
    /// How many answers are added.
    pub answers: usize,
    /// How many of the file's rows they are.
    pub rows: usize,
    /// How many answers the file has already.
    pub known: usize,
    /// How many are no gold, and why.
    pub left_out: BTreeMap<NoGold, usize>,
    /// What was answered: item and criterion.
    pub asked: BTreeSet<(String, String)>,
    /// Items whose gold raters can see.
    pub shown: BTreeSet<String>,
}

/// How questions stand that experts answered: how many of them each.
#[derive(Default)]
pub struct GoldStanding {
    /// Settled after looking at the differences, or by an example.
    pub adjudicated: usize,
    /// Several experts agree.
    pub agreed: usize,
    /// One expert answered.
    pub single: usize,
    /// Experts are split, as `item (criterion)`.
    pub ties: BTreeSet<String>,
}

/// Adds the answers to a task, of the place `number`, to its gold.
///
/// # Errors
///
/// An expert who says two things of one question, an id that gold can't name, or a file that rows can't be added to.
pub fn added(number: u16, ratings: &Ratings, scheme: &Scheme<'_>, sources: &Sources) -> Result<AddedGold, Fault> {
    let task = &scheme.model.tasks[usize::from(number)];
    // What is wrong with it was said when the site was read.
    let mut all = written::read(number, scheme, sources, &mut Diagnostics::default());
    let shown = shown_items(task);
    let (mut made, mut rows) = (AddedGold::default(), Vec::new());
    let of_task = |rating: &Rating| ratings.names.questions[usize::from(rating.question)].task == number;
    for rating in ratings.ratings.iter().filter(of_task) {
        let gold = match as_gold(number, &rating, ratings) {
            Ok(gold) => gold,
            Err(why) => {
                *made.left_out.entry(why).or_default() += 1;
                continue;
            }
        };
        if shown.contains_key(gold.item.as_str()) {
            made.shown.insert(gold.item.clone());
        }
        made.asked.insert((gold.item.clone(), gold.criterion.clone()));
        let meaning = |gold: &Written| scheme::meaning(task, &gold.criterion, Some(&gold.item), gold.version.as_ref());
        let is_own = |other: &&Written| {
            gold.by.iter().all(|expert| other.by.contains(expert))
                && (&other.item, &other.criterion) == (&gold.item, &gold.criterion)
                && scheme::compare(meaning(other).as_ref(), meaning(&gold).as_ref())
        };
        match all.iter().find(is_own) {
            Some(own) if is_same_word(&own.answer, &gold.answer) => made.known += 1,
            Some(own) => return Err(contradiction(own, &gold)),
            None => {
                check_maker(&gold)?;
                rows.extend(as_rows(&gold, rating.of.day.map_or_else(String::new, |day| day.to_string())));
                made.answers += 1;
                all.push(gold);
            }
        }
    }
    made.rows = rows.len();
    if !rows.is_empty() {
        made.text = Some(text(task, &rows, sources)?);
    }
    Ok(made)
}

/// The text of a task's file with more rows.
fn text(task: &Task, rows: &[GoldRow], sources: &Sources) -> Result<Vec<u8>, Fault> {
    let attributes = written::attributes(task);
    let taken: Vec<&str> = attributes.iter().copied().filter(|attribute| COLUMNS.contains(attribute)).collect();
    if !taken.is_empty() && rows.iter().any(|row| !row.attributes.is_empty()) {
        let fault = Fault::whole(format!("gold has columns of its own called {}: no gold is added", listed(taken)));
        return Err(fault.help("call the attributes of the rubric's flags otherwise"));
    }
    let path = format!("{TASKS}{}/gold.csv", task.id);
    let old = sources.find(&path).and_then(|file| file.text().cloned());
    let text = GoldRow::appended(old.as_deref().unwrap_or_default(), rows, |name| own_name(name, &attributes));
    text.map_err(|fault| fault.prefixed(&format!("{path}: ")))
}

/// How questions stand in all the gold that is written.
pub fn standing(number: u16, asked: &BTreeSet<(String, String)>, written: &WrittenAnswers) -> GoldStanding {
    let mut standing = GoldStanding::default();
    for (item, criterion) in asked {
        let of = |gold: &&Written| gold.task == number && gold.item == *item && gold.criterion == *criterion;
        match written.answers.iter().filter(of).map(|gold| gold.rank).max() {
            Some(Rank::Adjudicated) => standing.adjudicated += 1,
            Some(Rank::Consensus) => standing.agreed += 1,
            Some(Rank::Single) => standing.single += 1,
            None => drop(standing.ties.insert(format!("{item} ({criterion})"))),
        }
    }
    standing
}

/// Whether somebody said the same, attributes of flags included.
fn is_same_word(a: &GoldAnswer, b: &GoldAnswer) -> bool {
    let attributes = |answer: &GoldAnswer| -> BTreeSet<(usize, String, BTreeMap<String, String>)> {
        answer.flags().iter().map(|flag| (flag.step, flag.kind.clone(), flag.attributes.clone())).collect()
    };
    standard::same(a, b) && attributes(a) == attributes(b)
}

/// A column with several names parts them by `|`.
fn check_maker(gold: &Written) -> Result<(), Fault> {
    match gold.by.iter().find(|expert| expert.contains('|')) {
        None => Ok(()),
        Some(expert) => Err(Fault::whole(format!("`{expert}` can't be named in gold, where `|` parts names"))
            .help("give the expert another id, in the file and in the cohort")),
    }
}

/// An answer as gold, with its reasons; else why it is none.
fn as_gold(task: u16, rating: &Rating, ratings: &Ratings) -> Result<Written, NoGold> {
    let names = &ratings.names;
    let asked = &names.questions[usize::from(rating.question)].criterion;
    if !asked.scale.is_scored() {
        return Err(NoGold::FreeText);
    }
    if rating.of.basis != RatingBasis::Independent {
        return Err(NoGold::NotAlone);
    }
    let of_rating = |comment: &&Comment| {
        let of = &rating.of;
        (comment.question, comment.item, comment.rater, comment.pass, comment.version)
            == (rating.question, of.item, of.rater, of.pass, of.version())
    };
    let reason = |flag: Option<(u32, &str)>| {
        let is_of = |comment: &&Comment| comment.flag.as_ref().map(|(step, kind)| (*step, &**kind)) == flag;
        let all = ratings.comments.iter().filter(of_rating).filter(is_of);
        let mut texts: Vec<&str> = all.map(|comment| &*comment.text).collect();
        texts.dedup();
        (!texts.is_empty()).then(|| texts.join(" "))
    };
    let answer = match &names.answers[rating.answer as usize] {
        GivenAnswer::Value(value) => GoldAnswer::Values(vec![value.clone()]),
        GivenAnswer::Flags(flags) => GoldAnswer::Flags(
            flags
                .iter()
                .map(|flag| GoldFlag {
                    step: flag.step as usize,
                    kind: flag.kind.clone(),
                    attributes: flag.attributes.iter().cloned().collect(),
                    why: reason(Some((flag.step, &flag.kind))),
                    ..GoldFlag::default()
                })
                .collect(),
        ),
        GivenAnswer::Outcome(outcome @ (Outcome::None | Outcome::Unsure | Outcome::NotApplicable)) => {
            GoldAnswer::Outcome(*outcome)
        }
        GivenAnswer::Outcome(outcome) => return Err(NoGold::Outcome(*outcome)),
        GivenAnswer::Invalid => return Err(NoGold::FreeText),
    };
    Ok(Written {
        task,
        item: names.items[rating.of.item as usize].to_string(),
        criterion: asked.id.clone(),
        answer,
        version: rating.of.version().map(|version| names.versions[usize::from(version)].clone()),
        by: vec![names.raters[rating.of.rater as usize].to_string()],
        rank: Rank::Single,
        shown: ShownFrom::Never,
        why: reason(None).map(Into::into),
        rules: Vec::new(),
        is_held_out: false,
        place: Place::Nowhere,
    })
}

/// The rows of an answer that was made on a day.
fn as_rows(gold: &Written, day: String) -> Vec<GoldRow> {
    let row = GoldRow {
        by: gold.by.concat(),
        made_at: day,
        version: gold.version.as_ref().map_or_else(String::new, ToString::to_string),
        reason: gold.why.as_deref().unwrap_or_default().to_owned(),
        ..GoldRow::of(&gold.item, &gold.criterion)
    };
    match &gold.answer {
        GoldAnswer::Values(values) => vec![GoldRow { values: values.clone(), ..row }],
        GoldAnswer::Outcome(outcome) => vec![GoldRow { outcome: outcome.name().to_owned(), ..row }],
        GoldAnswer::Flags(flags) if flags.is_empty() => {
            vec![GoldRow { outcome: Outcome::None.name().to_owned(), ..row }]
        }
        GoldAnswer::Flags(flags) => {
            // A reason for all of them stands where a flag has none; else beside that of the first.
            let all_have_own = flags.iter().all(|flag| flag.why.is_some());
            let reason = |at: usize, flag: &GoldFlag| match &flag.why {
                Some(why) if at == 0 && all_have_own => format!("{why} {}", row.reason).trim_end().to_owned(),
                Some(why) => why.clone(),
                None => row.reason.clone(),
            };
            let of = |(at, flag): (usize, &GoldFlag)| GoldRow {
                values: vec![flag.kind.clone()],
                step: flag.step.to_string(),
                attributes: flag.attributes.clone(),
                reason: reason(at, flag),
                ..row.clone()
            };
            flags.iter().enumerate().map(of).collect()
        }
    }
}

fn contradiction(own: &Written, gold: &Written) -> Fault {
    let (before, now) = (own.answer.in_words(), gold.answer.in_words());
    let (by, item, criterion) = (gold.by.concat(), &gold.item, &gold.criterion);
    let found = format!("`{by}` said {before} of `{item}` ({criterion}), and now says {now}: nothing is added");
    Fault::whole(found).help("if the later word stands, append it with `method` adjudicated")
}
