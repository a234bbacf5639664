//! Added gold: what experts answered, as rows of a task's `gold.csv`.
//!
//! In: answers that were read and resolved, and the gold that the file has. Out: the file's new text, and what became of each
//! answer. Each expert's answer has rows of its own, so that nobody's word is lost: what they make together is `panel`'s to
//! say. Nothing is added for an expert who said something else of the same before.

use super::cells::own_name;
use super::{Rank, ShownFrom, Written, panel, shown_items, standard, written};
use crate::diagnostic::{Diagnostics, Fault, Place};
use crate::document::TASKS;
use crate::model::{GoldAnswer, GoldFlag, Outcome, Task};
use crate::ratings::answer::GivenAnswer;
use crate::ratings::scheme::{self, Scheme};
use crate::ratings::{GoldRow, Rating, Ratings};
use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// What adding answers to gold comes to.
pub struct AddedGold {
    /// The file's new text; none if nothing is new.
    pub text: Option<Vec<u8>>,
    /// How many answers are added.
    pub answers: usize,
    /// How many of the file's rows they are.
    pub rows: usize,
    /// How many answers the file has already.
    pub known: usize,
    /// How many can't be gold, by the reason why they have no value; none of answers to questions that have no gold.
    pub left_out: BTreeMap<Option<Outcome>, usize>,
    /// How many questions several experts agree on, of those that were answered.
    pub agreed: usize,
    /// How many have one answer, of those that were answered.
    pub single: usize,
    /// What experts are split on, as `item (criterion)`.
    pub ties: BTreeSet<String>,
    /// Items whose gold raters can see.
    pub shown: BTreeSet<String>,
}

/// Adds the answers to a task, of the place `number`, to its gold.
///
/// # Errors
///
/// An expert who says two things of one question, or a file that rows can't be added to.
pub fn added(number: u16, ratings: &Ratings, scheme: &Scheme<'_>, sources: &Sources) -> Result<AddedGold, Fault> {
    let task = &scheme.model.tasks[usize::from(number)];
    // What is wrong with it was said when the site was read.
    let before = written::read(number, scheme, sources, &mut Diagnostics::default());
    let shown = shown_items(task);
    let mut made = AddedGold {
        text: None,
        answers: 0,
        rows: 0,
        known: 0,
        left_out: BTreeMap::new(),
        agreed: 0,
        single: 0,
        ties: BTreeSet::new(),
        shown: BTreeSet::new(),
    };
    let (mut all, mut rows, mut asked) = (before, Vec::new(), BTreeSet::new());
    let of_task = |rating: &Rating| ratings.names.questions[usize::from(rating.question)].task == number;
    for rating in ratings.ratings.iter().filter(of_task) {
        let given = &ratings.names.answers[rating.answer as usize];
        let Some(gold) = as_gold(number, &rating, ratings) else {
            let outcome = if let GivenAnswer::Outcome(outcome) = given { Some(*outcome) } else { None };
            *made.left_out.entry(outcome).or_default() += 1;
            continue;
        };
        if shown.contains_key(gold.item.as_str()) {
            made.shown.insert(gold.item.clone());
        }
        asked.insert((gold.item.clone(), gold.criterion.clone()));
        let meaning = |gold: &Written| scheme::meaning(task, &gold.criterion, Some(&gold.item), gold.version.as_ref());
        let is_own = |other: &&Written| {
            other.rank == Rank::Single
                && other.by == gold.by
                && (&other.item, &other.criterion) == (&gold.item, &gold.criterion)
                && scheme::compare(meaning(other).as_ref(), meaning(&gold).as_ref())
        };
        match all.iter().find(is_own) {
            Some(own) if standard::same(&own.answer, &gold.answer) => made.known += 1,
            Some(own) => return Err(contradiction(own, &gold)),
            None => {
                rows.extend(as_rows(&gold, rating.of.day.map_or_else(String::new, |day| day.to_string())));
                made.answers += 1;
                all.push(gold);
            }
        }
    }
    (made.agreed, made.single, made.ties) = standing(all, task, &asked);
    made.rows = rows.len();
    if !rows.is_empty() {
        let attributes = written::attributes(task);
        let path = format!("{TASKS}{}/gold.csv", task.id);
        let old = sources.find(&path).and_then(|file| file.text().cloned());
        let text = GoldRow::appended(old.as_deref().unwrap_or_default(), &rows, |name| own_name(name, &attributes));
        made.text = Some(text.map_err(|fault| fault.prefixed(&format!("{path}: ")))?);
    }
    Ok(made)
}

/// Of the questions that were answered: on how many several experts agree, how many have one answer, and which are split.
fn standing(all: Vec<Written>, task: &Task, asked: &BTreeSet<(String, String)>) -> (usize, usize, BTreeSet<String>) {
    let is_asked = |gold: &Written| asked.contains(&(gold.item.clone(), gold.criterion.clone()));
    let (settled, ties) = panel::settle(all.into_iter().filter(is_asked).collect(), task);
    let count = |rank| settled.iter().filter(|gold| gold.rank == rank).count();
    (count(Rank::Consensus), count(Rank::Single), ties)
}

/// An answer as gold, with its reasons; none of one that takes no stand, or of free text.
fn as_gold(task: u16, rating: &Rating, ratings: &Ratings) -> Option<Written> {
    let names = &ratings.names;
    let asked = &names.questions[usize::from(rating.question)].criterion;
    if !asked.scale.is_scored() {
        return None;
    }
    let of_rating = |comment: &&crate::ratings::Comment| {
        (comment.question, comment.item, comment.rater) == (rating.question, rating.of.item, rating.of.rater)
    };
    let comments = || ratings.comments.iter().filter(of_rating);
    let reason = |step: Option<u32>| {
        let mut texts: Vec<&str> = comments().filter(|comment| comment.step == step).map(|of| &*of.text).collect();
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
                    quote: None,
                    why: reason(Some(flag.step)),
                })
                .collect(),
        ),
        GivenAnswer::Outcome(outcome @ (Outcome::None | Outcome::Unsure | Outcome::NotApplicable)) => {
            GoldAnswer::Outcome(*outcome)
        }
        GivenAnswer::Outcome(_) | GivenAnswer::Invalid => return None,
    };
    Some(Written {
        task,
        item: names.items[rating.of.item as usize].to_string(),
        criterion: asked.id.clone(),
        answer,
        version: rating.of.version().map(|version| names.versions[usize::from(version)].clone()),
        by: vec![names.raters[rating.of.rater as usize].to_string()],
        rank: Rank::Single,
        shown: ShownFrom::Never,
        why: reason(None).map(Into::into),
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
            let of = |flag: &GoldFlag| GoldRow {
                values: vec![flag.kind.clone()],
                step: flag.step.to_string(),
                attributes: flag.attributes.clone(),
                reason: flag.why.clone().unwrap_or_else(|| row.reason.clone()),
                ..row.clone()
            };
            flags.iter().map(of).collect()
        }
    }
}

fn contradiction(own: &Written, gold: &Written) -> Fault {
    let (before, now) = (own.answer.in_words(), gold.answer.in_words());
    let (by, item, criterion) = (gold.by.concat(), &gold.item, &gold.criterion);
    let found = format!("`{by}` said {before} of `{item}` ({criterion}), and now says {now}: nothing is added");
    Fault::whole(found).help("if the later word stands, append it with `method` adjudicated")
}
