//! Reading what raters are like: skill, pace, and habits.
//!
//! In: YAML. Out: a `Manner`. What a rater's own entry does not say is as in the cohort; habits come on top of those of
//! the cohort.

use super::{criteria, find, value, within};
use crate::diagnostic::{Diagnostics, rules};
use crate::document::Criterion;
use crate::model::Task;
use crate::ratings::Week;
use crate::simulate::plan::{Direction, Effect, Habit, Manner};
use crate::yaml::{Fields, Node, word};
use jiff::civil::Date;

/// Whose manner is read.
pub enum Base<'a> {
    /// That of a cohort: the skill must be said.
    Cohort,
    /// That of one of its raters, who is otherwise like this.
    Rater(&'a Manner),
}

/// Reads a manner.
pub fn manner(node: &Node, base: &Base<'_>, tasks: &[&Task], diagnostics: &mut Diagnostics) -> Option<Manner> {
    let mut fields = Fields::of(node, "a manner of rating", diagnostics)?;
    let mut manner = match base {
        Base::Rater(usual) => (*usual).clone(),
        Base::Cohort => {
            fields.require("skill", "0.8", diagnostics)?;
            let none = 0.0;
            Manner {
                skill: none,
                unsure: none,
                pace: 1.0,
                rejected: none,
                corrected: none,
                comments: none,
                habits: vec![],
            }
        }
    };
    let shares = [
        ("skill", &mut manner.skill, 1.0),
        ("unsure", &mut manner.unsure, 1.0),
        ("rejected", &mut manner.rejected, 1.0),
        ("corrected", &mut manner.corrected, 1.0),
        ("comments", &mut manner.comments, 1.0),
        ("pace", &mut manner.pace, 100.0),
    ];
    for (key, place, most) in shares {
        if let Some(number) = fields.get(key).and_then(|node| within(node, 0.0, most, diagnostics)) {
            *place = number;
        }
    }
    for node in fields.get("habits").and_then(|node| node.list(diagnostics)).unwrap_or_default() {
        manner.habits.extend(habit(node, tasks, diagnostics));
    }
    fields.finish(diagnostics);
    Some(manner)
}

/// Reads a habit: where and from when it holds, and the one thing that is done.
fn habit(node: &Node, tasks: &[&Task], diagnostics: &mut Diagnostics) -> Option<Habit> {
    let mut fields = Fields::of(node, "a habit", diagnostics)?;
    let [task, criterion, from] = ["task", "criterion", "from"].map(|key| fields.get(key));
    let effects = ["skill", "drift", "pace", "shift", "reads"].map(|key| Some((key, fields.get(key)?)));
    let given = fields.get("as");
    let share = fields.get("share");
    fields.finish(diagnostics);
    let task = match task {
        None => None,
        Some(node) => Some(find(node.text(diagnostics)?, node.span, tasks.iter().copied(), "task", diagnostics)?),
    };
    let criterion = match criterion {
        None => None,
        Some(node) => {
            let among = tasks.iter().filter(|one| task.is_none_or(|task| task.id == one.id));
            let asked = among.flat_map(|task| criteria(task));
            Some(find(node.text(diagnostics)?, node.span, asked, "criterion", diagnostics)?)
        }
    };
    let from = match from {
        None => None,
        Some(node) => Some(day(node, task, diagnostics)?),
    };
    let [(key, value)] = <[_; 1]>::try_from(effects.into_iter().flatten().collect::<Vec<_>>())
        .map_err(|_| {
            diagnostics.add(rules::INVALID_VALUE, node.span, "a habit does just one thing").help(EFFECTS);
        })
        .ok()?;
    let effect = match key {
        "skill" => Effect::Skill(within(value, 0.0, 1.0, diagnostics)?),
        "drift" => Effect::Drift(within(value, -1.0, 1.0, diagnostics)?),
        "pace" => Effect::Pace(within(value, 0.0, 100.0, diagnostics)?),
        _ => {
            let share = share.map_or(Some(1.0), |node| within(node, 0.0, 1.0, diagnostics))?;
            let criterion = needed(criterion, node, "criterion", "goal-reached", diagnostics)?;
            match key {
                "shift" => shift(value, share, criterion, diagnostics)?,
                _ => {
                    let given = needed(given, node, "as", "yes", diagnostics)?;
                    let [read, given] = [value, given].map(|node| self::value(node, criterion, diagnostics));
                    Effect::Reads(read?, given?, share)
                }
            }
        }
    };
    Some(Habit { task: task.map(|task| task.id.clone()), criterion: criterion.map(|one| one.id.clone()), from, effect })
}

const EFFECTS: &str =
    "one of `skill: 0.7`, `drift: -0.05` (a week), `pace: 0.8`, `shift: higher`, and `reads: a` with `as: b`";

const DIRECTIONS: [(&str, Direction); 2] = [("higher", Direction::Higher), ("lower", Direction::Lower)];

fn shift(node: &Node, share: f64, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<Effect> {
    let direction = word(node, &DIRECTIONS, diagnostics)?;
    if criterion.scale.is_ordered() {
        return Some(Effect::Shift(direction, share));
    }
    let message = format!("`{}` has a {} scale, which has no order", criterion.id, criterion.scale.name());
    diagnostics
        .add(rules::INVALID_VALUE, node.span, message)
        .help("`reads: a` with `as: b` takes one value for another");
    None
}

fn needed<T>(found: Option<T>, habit: &Node, key: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<T> {
    if found.is_none() {
        diagnostics
            .add(rules::MISSING_KEY, habit.span, format!("this habit needs the key `{key}`"))
            .help(format!("for example `{key}: {example}`"));
    }
    found
}

/// The day on which a habit begins: the Monday of a week, or the day of a release of the habit's task.
fn day(node: &Node, task: Option<&Task>, diagnostics: &mut Diagnostics) -> Option<Date> {
    let text = node.text(diagnostics)?;
    if let Some(week) = Week::parse(text) {
        return Some(week.days().0);
    }
    let version = text.parse().ok();
    let release = version.zip(task).and_then(|(version, task)| task.release(&version));
    if release.is_none() {
        node.wrong("a week such as 2026-W47, or a release of the habit's `task` such as 1.1.0", diagnostics);
    }
    release.map(|release| release.time.day())
}
