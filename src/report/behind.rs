//! Who stands behind a report: who asked, who rated for whom, who made the gold, and what interests are declared.
//!
//! In: a cohort and a week. Out: sentences, what is not declared among them. It counts people and names none.

use super::Data;
use crate::document::CohortRole;
use crate::figures::words;
use crate::model::{Cohort, Facts, SealTime, Task};
use crate::ratings::{Rank, Week};
use crate::release;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What is said of a cohort and of each task that it rated until the end of a week.
pub fn sentences(cohort: u16, week: Week, data: &Data<'_>) -> Vec<String> {
    let of = &data.model.cohorts[usize::from(cohort)];
    let end = SealTime::end_of(week.days().1, &data.model.config.time_zone).instant();
    let rated = data.work.tasks(cohort).filter(|task| data.work.so_far(cohort, *task, week).ratings > 0);
    let of_tasks = rated.flat_map(|task| {
        let asks = asks(of, &data.model.tasks[usize::from(task)], end);
        asks.into_iter().chain([gold(task, data)])
    });
    of_cohort(of).into_iter().chain(of_tasks).collect()
}

fn of_cohort(cohort: &Cohort) -> Vec<String> {
    let who = match (cohort.role, &cohort.vendor) {
        (CohortRole::Expert, _) => "These are the experts: their ratings make gold.".to_owned(),
        (CohortRole::Model, _) => "These are models, and no people.".to_owned(),
        (CohortRole::Rater, Some(vendor)) => format!("The raters are contracted by {vendor}."),
        (CohortRole::Rater, None) => "Who contracts the raters is not said.".to_owned(),
    };
    vec![who, interests("the cohort", cohort.interests.as_deref())]
}

/// Who asked a cohort for the ratings of a task, as the text says that served at an instant.
fn asks(cohort: &Cohort, task: &Task, at: Timestamp) -> Option<String> {
    let sealed = release::serving(task, Some(&cohort.id), Some(at)).and_then(|version| task.release(version));
    let text = sealed.map(|release| &release.instructions).or(task.working.as_ref())?;
    let Facts { owner, pay, interests: declared, .. } = &text.facts;
    let owner = owner.as_deref().unwrap_or("nobody who is named");
    let pay = cohort.pay.as_deref().or(pay.as_deref());
    let paid = pay.map_or(String::new(), |pay| format!(", and an accepted item is paid {pay}"));
    let declared = interests("the task", declared.as_deref());
    Some(format!("{}: {owner} answers for it{paid}. {declared}", text.page.title))
}

fn interests(whose: &str, declared: Option<&str>) -> String {
    match declared.map(str::trim).filter(|declared| !declared.is_empty()) {
        Some(declared) => format!("Interests of {whose}, as declared: {}.", declared.trim_end_matches('.')),
        None => format!("No interests of {whose} are declared."),
    }
}

/// Who made the gold of a task, of the items that were rated.
fn gold(task: u16, data: &Data<'_>) -> String {
    let asked = data.ratings.names.questions.iter().zip(0..).filter(|(question, _)| question.task == task);
    let questions: BTreeSet<u16> = asked.map(|(_, number)| number).collect();
    let mut makers = BTreeSet::<&str>::new();
    // By criterion and item, whose strongest gold comes first: how it came about, and whether it names who made it.
    let mut answers: BTreeMap<(u16, u32), (Rank, bool)> = BTreeMap::new();
    for standard in data.ratings.gold.all().filter(|standard| questions.contains(&standard.question)) {
        let answer = (standard.rank, !standard.makers.is_empty());
        answers.entry((standard.question, standard.item)).or_insert(answer);
        makers.extend(standard.makers.iter().map(String::as_str));
    }
    if answers.is_empty() {
        return "No item that was rated has gold.".to_owned();
    }
    let of_rank = |(name, rank): &(&str, Rank)| {
        let count = answers.values().filter(|(of, _)| of == rank).count() as u64;
        (count > 0).then(|| format!("{} {name}", words::number(count)))
    };
    let ranks: Vec<String> = Rank::WORDS.iter().rev().filter_map(of_rank).collect();
    let all = words::counted(answers.len() as u64, "answer", "answers");
    let people = words::counted(makers.len() as u64, "person", "people");
    let made = match answers.values().filter(|(_, names_makers)| *names_makers).count() {
        0 => "whose makers are not named".to_owned(),
        named if named == answers.len() => format!("made by {people}"),
        named => format!("{} of which name who made them: {people}", words::number(named as u64)),
    };
    format!("Its gold on items that were rated: {all} ({}), {made}.", ranks.join(", "))
}
