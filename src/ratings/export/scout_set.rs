//! Gold as a validation set of Inspect Scout 0.6.1: what the answers of a scanner are compared with.
//!
//! In: the site. Out: for each criterion a file of cases, one a line; and how much gold is no case, by reason. JSON lines
//! and never CSV, in which Scout takes `no` for true and `007` for 7. It never says what a scanner is asked.

use crate::diagnostic::{Diagnostics, Fault};
use crate::document::{Criterion, Use};
use crate::model::{GoldAnswer, Model, Outcome, Task};
use crate::ratings::expected::KnownRun;
use crate::ratings::gold::{self, ShownFrom, Written};
use crate::ratings::scheme::{self, Scheme};
use crate::source::Sources;
use crate::table::PARTING;
use crate::text::quoted;
use serde_json::{Number, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// Why gold is no case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoCase {
    /// The answer is that there is none.
    NoValue,
    /// Several values are right.
    SeveralRight,
    /// What it was an answer to means something else today.
    OtherMeaning,
    /// Stronger gold stands beside it.
    Weaker,
    /// Raters may have seen it.
    Shown,
    /// No example shows the item's run.
    NoRun,
}

impl NoCase {
    /// What is said of it.
    pub fn about(self) -> &'static str {
        match self {
            Self::NoValue => "that is no value (such as `unsure`)",
            Self::SeveralRight => "with several values that are right",
            Self::OtherMeaning => "of a criterion that means something else now, or is gone",
            Self::Weaker => "beside stronger gold",
            Self::Shown => "that may have been seen (`--shown` takes it along)",
            Self::NoRun => "of an item whose run no example shows, or whose run has no id",
        }
    }
}

/// A validation set.
#[derive(Debug, Default)]
pub struct ScoutSet {
    /// By criterion: the file's name, its text, and how many cases it has.
    pub files: Vec<(String, Vec<u8>, usize)>,
    /// How much gold is no case.
    pub left_out: BTreeMap<NoCase, usize>,
}

/// The gold of a task as a validation set; with what raters may have seen if that is wanted.
pub fn scout_set(
    task: &str,
    model: &Model,
    sources: &Sources,
    with_shown: bool,
    diagnostics: &mut Diagnostics,
) -> Result<ScoutSet, Fault> {
    let scheme = Scheme::of(model);
    let mut written = gold::written(&scheme, sources, diagnostics).answers;
    let place = scheme.task(task);
    written.retain(|gold| Some(gold.task) == place);
    // The strongest of an answer first.
    written.sort_by(|a, b| (&a.criterion, &a.item, b.rank).cmp(&(&b.criterion, &b.item, a.rank)));
    let mut set = ScoutSet::default();
    let Some(place) = place else { return Ok(set) };
    let cases = Cases::of(&model.tasks[usize::from(place)], &scheme, with_shown);
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut items: BTreeMap<String, &str> = BTreeMap::new();
    for gold in &written {
        let made = cases.case(gold).and_then(|case| {
            let is_first = known.insert((&gold.criterion, &gold.item));
            if is_first { Ok(case) } else { Err(NoCase::Weaker) }
        });
        match made {
            Ok((id, line)) => {
                check_id(&id, &gold.item, &mut items)?;
                lines.entry(&gold.criterion).or_default().push(line);
            }
            Err(why) => *set.left_out.entry(why).or_default() += 1,
        }
    }
    let file = |(criterion, lines): (&str, Vec<String>)| {
        (format!("{}.jsonl", criterion.replace('-', "_")), lines.concat().into_bytes(), lines.len())
    };
    set.files = lines.into_iter().map(file).collect();
    Ok(set)
}

/// Refuses an id that Scout reads as another one, or that two items have: it takes the first and says nothing.
fn check_id<'i>(id: &str, item: &'i str, items: &mut BTreeMap<String, &'i str>) -> Result<(), Fault> {
    if id.contains(',') || id.starts_with('[') {
        let message = format!("the run of {} is called {}, which Scout reads as several", quoted(item), quoted(id));
        return Err(Fault::whole(message).help("give the run another `trajectory_id`"));
    }
    let known = *items.entry(id.to_owned()).or_insert(item);
    if known != item {
        let message = format!("the runs of {} and {} are both called {}", quoted(known), quoted(item), quoted(id));
        return Err(Fault::whole(message).help("Scout tells runs apart by their `trajectory_id`"));
    }
    Ok(())
}

/// Makes cases of one task.
struct Cases<'m> {
    task: &'m Task,
    /// By item: what Scout calls its run.
    ids: BTreeMap<&'m str, String>,
    with_shown: bool,
}

impl<'m> Cases<'m> {
    fn of(task: &'m Task, scheme: &Scheme<'m>, with_shown: bool) -> Self {
        let runs = scheme.runs().into_iter().filter(|run| run.task == task.id);
        let named = |run: KnownRun<'m>| Some((run.item, run.names().next()?));
        Self { task, ids: runs.filter_map(named).collect(), with_shown }
    }

    /// The id of a case, and its line.
    fn case(&self, gold: &Written) -> Result<(String, String), NoCase> {
        let criterion = self.criterion(gold).ok_or(NoCase::OtherMeaning)?;
        if gold.shown != ShownFrom::Never && !self.with_shown {
            return Err(NoCase::Shown);
        }
        let (key, said) = said(&gold.answer, criterion)?;
        let id = self.ids.get(gold.item.as_str()).ok_or(NoCase::NoRun)?;
        let predicate = if key == "target" { "\"predicate\": \"eq\", " } else { "" };
        let [text, split, item] = [id.as_str(), self.split(&gold.item), &gold.item].map(Json::from);
        let line =
            format!("{{\"id\": {text}, \"{key}\": {said}, {predicate}\"split\": {split}, \"task_id\": {item}}}\n");
        Ok((id.clone(), line))
    }

    /// The criterion of gold as it is now, if it still means the same.
    fn criterion(&self, gold: &Written) -> Option<&'m Criterion> {
        let meaning = |version| scheme::meaning(self.task, &gold.criterion, Some(&gold.item), version);
        let latest = self.task.latest().map(|release| &release.version);
        let is_same = scheme::compare(meaning(gold.version.as_ref()).as_ref(), meaning(latest).as_ref());
        scheme::current(self.task)?.criterion(&gold.criterion).filter(|_| is_same)
    }

    /// How the item's example is used; `gold` where it has none.
    fn split(&self, item: &str) -> &'static str {
        let example = self.task.examples().filter(|example| example.item == item).last();
        example.map_or("gold", |example| Use::name(example.used))
    }
}

/// What a case says, and under which key.
fn said(answer: &GoldAnswer, criterion: &Criterion) -> Result<(&'static str, String), NoCase> {
    let scale = &criterion.scale;
    let number = |value: &str| scale.is_ordered().then(|| value.parse::<Number>().ok()).flatten();
    let one = |value: &str| number(value).map_or_else(|| Json::from(value).to_string(), |number| number.to_string());
    match answer {
        GoldAnswer::Flags(flags) => {
            let is_there = |kind: &str| flags.iter().any(|flag| flag.kind == kind);
            let labels = scale.values().map(|kind| format!("{}: {}", Json::from(kind), is_there(kind)));
            Ok(("labels", format!("{{{}}}", labels.collect::<Vec<_>>().join(", "))))
        }
        GoldAnswer::Outcome(Outcome::None) if scale.has_sets() => Ok(("target", "[]".to_owned())),
        GoldAnswer::Outcome(_) => Err(NoCase::NoValue),
        GoldAnswer::Values(values) => match values.as_slice() {
            [value] if scale.has_sets() => {
                let ordered = scale.in_order(value);
                let values: Vec<String> = ordered.split(PARTING).map(|value| Json::from(value).to_string()).collect();
                Ok(("target", format!("[{}]", values.join(", "))))
            }
            [value] => Ok(("target", one(value))),
            _ => Err(NoCase::SeveralRight),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratings::testing::Site;

    const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no, 007]}, unsure: true}
  - {id: how-bad, scale: {ordinal: [1, 2, 3]}}
  - {id: seen, scale: {set: [b, a, c]}}
  - {id: mistakes, scale: {steps: [wrong, late]}}";

    const GOLD: &str = "item,criterion,step,value,any_of,outcome,method,shown_from
i,goal,,007,,,,
i,how-bad,,3,,,consensus,
i,how-bad,,1,,,single,
i,seen,,c|b,,,,
i,mistakes,2,late,,,,
j,goal,,,,unsure,,
j,how-bad,,,1|2,,,
j,mistakes,,,,none,,
j,seen,,,,none,,
k,goal,,no,,,,
k,how-bad,,1,,,single,2026-11-01
";

    fn run(ids: &str) -> String {
        let step = |id| format!(r#"{{"step_id": {id}, "source": "user", "message": "m"}}"#);
        let agent = r#"{"name": "a", "version": "1"}"#;
        format!(r#"{{"schema_version": "ATIF-v1.7", {ids}, "agent": {agent}, "steps": [{}, {}]}}"#, step(1), step(2))
    }

    fn site(of_i: &str, of_j: &str) -> Site {
        let example = |item: &str| format!("---\ntitle: E\nitem: {item}\ntrajectory: {item}-run\nuse: test\n---\n");
        let path = |folder: &str, name: &str| format!("content/tasks/t/{folder}/{name}");
        Site::with(CRITERIA)
            .file(&path("examples", "i.md"), &example("i"))
            .file(&path("examples", "j.md"), &example("j"))
            .file(&path("trajectories", "i-run.json"), &run(of_i))
            .file(&path("trajectories", "j-run.json"), &run(of_j))
            .file("content/tasks/t/gold.csv", GOLD)
    }

    fn set(site: &Site, with_shown: bool) -> Result<ScoutSet, Fault> {
        let (model, sources) = site.open();
        let mut found = Diagnostics::default();
        let set = scout_set("t", &model, &sources, with_shown, &mut found);
        assert!(found.sorted().is_empty(), "{:?}", found.sorted());
        set
    }

    #[test]
    fn each_criterion_has_a_case_for_each_item_whose_answer_is_one() {
        let set = set(&site(r#""trajectory_id": "t-1""#, r#""session_id": "s""#), false).unwrap();
        let texts: Vec<(&str, &str)> =
            set.files.iter().map(|(name, text, _)| (name.as_str(), std::str::from_utf8(text).unwrap())).collect();
        let rest = r#""predicate": "eq", "split": "test", "task_id": "#;
        let of =
            |id: &str, said: &str, item: &str| format!("{{\"id\": \"{id}\", \"target\": {said}, {rest}\"{item}\"}}\n");
        let labels = |id: &str, late: bool, item: &str| {
            format!(
                "{{\"id\": \"{id}\", \"labels\": {{\"wrong\": false, \"late\": {late}}}, \"split\": \"test\", \"task_id\": \"{item}\"}}\n"
            )
        };
        let goal = of("t-1", "\"007\"", "i");
        let how_bad = of("t-1", "3", "i");
        let mistakes = labels("t-1", true, "i") + &labels("s-j-run", false, "j");
        let seen = of("t-1", r#"["b", "c"]"#, "i") + &of("s-j-run", "[]", "j");
        let expected =
            [("goal.jsonl", &*goal), ("how_bad.jsonl", &how_bad), ("mistakes.jsonl", &mistakes), ("seen.jsonl", &seen)];
        assert_eq!(texts, expected);
        let left_out = [
            (NoCase::NoValue, 1),
            (NoCase::SeveralRight, 1),
            (NoCase::Weaker, 1),
            (NoCase::Shown, 1),
            (NoCase::NoRun, 1),
        ];
        assert_eq!(set.left_out, left_out.into());
    }

    #[test]
    fn what_scout_would_take_for_another_run_stops_it() {
        let refused = |of_i: &str, of_j: &str| set(&site(of_i, of_j), false).unwrap_err().message;
        let [one, other] = [r#""trajectory_id": "t-1""#, r#""trajectory_id": "t,2""#];
        assert_eq!(refused(one, one), "the runs of `i` and `j` are both called `t-1`");
        assert_eq!(refused(one, other), "the run of `j` is called `t,2`, which Scout reads as several");
    }
}
