//! Changes of front matter: what is compared value by value.
//!
//! In: two instruction sets. Out: a change for each key of the task, each part of a criterion, each example's use, run
//! and gold, and each file, that is not as it was.

use super::class::Presumed;
use super::pages::shown;
use super::text::{below_task, file};
use super::{Action, ChangeList, ChangePlace, Class, CriterionPart, Subject, TaskChange, judged};
use crate::audience::Audiences;
use crate::document::{BarPart, Criterion, ScaleChange};
use crate::markdown::ids::RunSide;
use crate::model::asset::is_asset;
use crate::model::{Example, Gold, GoldAnswer, Instructions, Page, Release, Run};
use crate::schema::Words;
use crate::text::distinct;

/// What the front matter of `task.md` says.
pub fn of_task(old: &Instructions, new: &Instructions) -> Vec<TaskChange> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (was, is) = (&old.facts, &new.facts);
    let keys: [(&'static str, String, String); 8] = [
        ("summary", text(&was.summary), text(&is.summary)),
        ("items", was.items.word().to_owned(), is.items.word().to_owned()),
        ("time", text(&was.time), text(&is.time)),
        ("pay", text(&was.pay), text(&is.pay)),
        ("owner", text(&was.owner), text(&is.owner)),
        ("interests", text(&was.interests), text(&is.interests)),
        ("kind", was.kind.word().to_owned(), is.kind.word().to_owned()),
        ("status", was.status.word().to_owned(), is.status.word().to_owned()),
    ];
    let changed = keys.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(key, before, after)| {
            let presumed = Presumed::of_fact(key, &before, &after);
            change("task.md", &new.page.title, Subject::Fact(key), before, after, presumed)
        })
        .collect()
}

/// A change of a value: what is empty was not there, or is not there any more.
fn change(file: &str, title: &str, subject: Subject, before: String, after: String, presumed: Presumed) -> TaskChange {
    let action = match (before.is_empty(), after.is_empty()) {
        (true, false) => Action::Added,
        (false, true) => Action::Removed,
        _ => Action::Changed,
    };
    let place = ChangePlace { file: file.to_owned(), sections: Vec::new(), title: title.to_owned() };
    TaskChange { place, action, subject, before, after, presumed }
}

/// The criteria and the bar.
pub fn of_rubric(old: &Instructions, new: &Instructions) -> Vec<TaskChange> {
    let mut changes = Vec::new();
    let mut add = |set: &Instructions, subject: Subject, before: String, after: String, presumed: Presumed| {
        let title = match &subject {
            Subject::Criterion(id) | Subject::CriterionPart(id, _) => set.criterion_title(id).to_owned(),
            _ => set.rubric_page.title.clone(),
        };
        changes.push(change("rubric.md", &title, subject, before, after, presumed));
    };
    for criterion in &new.rubric.criteria {
        match old.rubric.criterion(&criterion.id) {
            None => {
                let subject = Subject::Criterion(criterion.id.clone());
                add(new, subject, String::new(), in_words(criterion), Presumed::NEW_CRITERION);
            }
            Some(was) => {
                for (part, before, after, presumed) in parts(was, criterion) {
                    add(new, Subject::CriterionPart(criterion.id.clone(), part), before, after, presumed);
                }
            }
        }
    }
    for gone in old.rubric.criteria.iter().filter(|was| new.rubric.criterion(&was.id).is_none()) {
        add(old, Subject::Criterion(gone.id.clone()), in_words(gone), String::new(), Presumed::OTHER_QUESTION);
    }
    let bar = |set: &Instructions| {
        let parts = set.rubric.bar.iter().map(BarPart::in_words);
        let mark = set.rubric.pass.iter().map(|pass| format!("a test is passed if {}", pass.text()));
        let parts = parts.chain(mark);
        parts.collect::<Vec<_>>().join(", ")
    };
    if bar(old) != bar(new) {
        add(new, Subject::Bar, bar(old), bar(new), Presumed::SCORING);
    }
    changes
}

/// The changes of words beside a value from a release to the next that, as its author says, mean the same, with what each
/// is said to be: ratings are compared across them.
pub fn edited_meanings(before: &Release, release: &Release) -> Vec<(TaskChange, Class)> {
    let mut list = ChangeList { changes: of_rubric(&before.instructions, &release.instructions) };
    list.changes.retain(|change| matches!(change.subject, Subject::CriterionPart(_, CriterionPart::Meaning(_))));
    let classes = judged::as_sealed(&list, &[release]);
    list.changes.into_iter().zip(classes).filter(|(_, class)| *class != Class::Meaning).collect()
}

/// A criterion in a line.
fn in_words(criterion: &Criterion) -> String {
    let values = criterion.scale.choices().iter().map(|choice| match choice.meaning.is_empty() {
        true => choice.value.clone(),
        false => format!("{}: {}", choice.value, choice.meaning),
    });
    let values: Vec<String> = values.collect();
    let scale = criterion.scale.in_words(criterion.each);
    if values.is_empty() { scale } else { format!("{scale} ({})", values.join("; ")) }
}

/// What of a criterion changed: the part, what it was, what it is, and what is presumed of it.
fn parts(was: &Criterion, is: &Criterion) -> Vec<(CriterionPart, String, String, Presumed)> {
    use CriterionPart::{Meaning, Named, Value};
    let mut parts = Vec::new();
    for change in is.scale.changes_since(&was.scale) {
        let presumed = Presumed::of_scale(&change);
        let part = match change {
            ScaleChange::Kind => (Named("scale"), in_words(was), in_words(is)),
            ScaleChange::Gone(value) => (Value(value.value.clone()), value.meaning_or_value(), String::new()),
            ScaleChange::Come(value) => (Value(value.value.clone()), String::new(), value.meaning_or_value()),
            ScaleChange::Order { before, after } => (Named("order of the values"), before, after),
            ScaleChange::Swapped { before, after } => (Named("meanings"), before, after),
            ScaleChange::Meaning { value, before, after } => (Meaning(value), before, after),
            ScaleChange::Bounds { before, after } => (Named("range"), before, after),
            ScaleChange::Unit { before, after } => (Named("unit"), before, after),
        };
        parts.push((part.0, part.1, part.2, presumed));
    }
    let mut add = |part: &'static str, before: String, after: String, presumed: Presumed| {
        if before != after {
            parts.push((Named(part), before, after, presumed));
        }
    };
    let allowed = |is_so: bool| if is_so { "an answer".to_owned() } else { "no answer".to_owned() };
    let unsure = if is.unsure { Presumed::ADDED_TO_SCALE } else { Presumed::OTHER_QUESTION };
    add("unsure", allowed(was.unsure), allowed(is.unsure), unsure);
    let each = |criterion: &Criterion| if criterion.each { "every step" } else { "some steps" }.to_owned();
    add("steps", each(was), each(is), Presumed::OTHER_QUESTION);
    let attributes = |criterion: &Criterion| {
        let attributes = criterion.attributes.iter();
        attributes.map(|one| format!("{}: {}", one.name, one.values.join(", "))).collect::<Vec<_>>().join("; ")
    };
    add("attributes", attributes(was), attributes(is), Presumed::OTHER_QUESTION);
    add("tolerance", was.tolerance.to_string(), is.tolerance.to_string(), Presumed::SCORING);
    add("weight", was.weight.to_string(), is.weight.to_string(), Presumed::SCORING);
    parts
}

/// What the runs of an example are called, the second one of a pair last.
const RUN_PARTS: [&str; 2] = ["run", "run b"];

/// How each example is used, the run it shows and its gold. One that is new or gone is a page that is.
pub fn of_examples(old: &Instructions, new: &Instructions) -> Vec<TaskChange> {
    let mut changes = Vec::new();
    for example in new.examples.iter().filter(|example| example.used.is_shipped()) {
        let was = old.examples.iter().find(|was| was.id == example.id && was.used.is_shipped());
        let Some(was) = was else { continue };
        let name = file(&example.page);
        let mut add = |subject, before: String, after: String, presumed: Presumed| {
            if before != after {
                changes.push(change(&name, &example.page.title, subject, before, after, presumed));
            }
        };
        let used = |example: &Example| example.used.name().to_owned();
        add(Subject::Example("use"), used(was), used(example), Presumed::RULES);
        add(Subject::Example("item"), was.item.clone(), example.item.clone(), Presumed::RULES);
        let run = |run: Option<&Run>| {
            run.map_or_else(String::new, |run| {
                let digest = run.digest.to_string();
                format!("{} steps, {}", run.steps.len(), &digest[..12.min(digest.len())])
            })
        };
        for (part, side) in RUN_PARTS.into_iter().zip(RunSide::ALL) {
            add(Subject::Example(part), run(was.run(side)), run(example.run(side)), Presumed::RULES);
        }
        let criteria: Vec<&str> = distinct(was.gold.iter().chain(&example.gold).map(|gold| gold.criterion.as_str()));
        for criterion in criteria {
            let gold = |set: &Instructions, example: &Example| {
                let own = example.gold.iter().filter(|gold| gold.criterion == criterion);
                own.map(|gold| gold_in_words(gold, set)).collect::<Vec<_>>().join("; ")
            };
            add(Subject::Gold(criterion.to_owned()), gold(old, was), gold(new, example), Presumed::SCORING);
        }
    }
    changes
}

/// For whom each page is. No reader is told: what was never for them they do not know of.
pub fn of_audiences(old: &Instructions, new: &Instructions, audiences: &Audiences) -> Vec<TaskChange> {
    let name = |page: &Page| page.audience.map_or("nobody", |audience| audiences.name(audience)).to_owned();
    let changed = shown(new).filter_map(|page| {
        let was = shown(old).find(|was| was.path == page.path)?;
        let (before, after) = (name(was), name(page));
        let subject = Subject::Page("audience");
        let is_same = before == after;
        (!is_same).then(|| change(&file(page), &page.title, subject, before, after, Presumed::RULES))
    });
    changed.collect()
}

/// Gold in a line: the answer, why, and by which rules that this text has.
fn gold_in_words(gold: &Gold, set: &Instructions) -> String {
    let why = |why: &Option<String>| why.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
    let rules = set.rules_in_words(&gold.rules);
    match &gold.answer {
        GoldAnswer::Values(values) => format!("{}{}{rules}", values.join(" or "), why(&gold.why)),
        GoldAnswer::Outcome(outcome) => format!("{}{}{rules}", outcome.name(), why(&gold.why)),
        GoldAnswer::Flags(flags) if flags.is_empty() => format!("nothing to flag{}{rules}", why(&gold.why)),
        GoldAnswer::Flags(flags) => {
            let flags = flags.iter().map(|flag| {
                let attributes = flag.attributes.values().map(|value| format!(", {value}")).collect::<String>();
                let quote = flag.quote_in_words();
                let rules = set.rules_in_words(&flag.rules);
                format!("step {}: {}{attributes}{quote}{}{rules}", flag.step, flag.kind, why(&flag.why))
            });
            flags.collect::<Vec<_>>().join("; ")
        }
    }
}

/// Pictures and other files that the text shows: they are compared byte by byte. Texts, rubrics and runs are compared by
/// what they say.
pub fn of_files(old: &Instructions, new: &Instructions) -> Vec<TaskChange> {
    let digest = |set: &Instructions, path: &str| {
        let (source, _) = set.files.get(path)?;
        let digest = source.digest.to_string();
        Some(format!("{} bytes, SHA-256 {}…", source.bytes().len(), &digest[..16]))
    };
    let paths = distinct(old.files.keys().chain(new.files.keys()).map(String::as_str));
    let assets = paths.into_iter().filter(|path| is_asset(path));
    let changed = assets.filter_map(|path| {
        let [before, after] = [old, new].map(|set| digest(set, path).unwrap_or_default());
        let name = below_task(path);
        (before != after).then(|| change(name, name, Subject::File, before, after, Presumed::RULES))
    });
    changed.collect()
}
