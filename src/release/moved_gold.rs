//! Moved gold: flags that point at a step by the number it had when the newest version was sealed.
//!
//! In: a task. Out: a finding for each flag of its working text whose step has another number, or is gone, since the run
//! was imported again. A flag that was written anew since then is its author's word.

use crate::diagnostic::{Diagnostics, Place, rules};
use crate::model::{Example, Gold, GoldFlag, Model, MovedStep, MovedSteps, Task, like};

/// Finds flags that stand at the numbers of an import that is not there any more.
pub fn check(model: &Model, diagnostics: &mut Diagnostics) {
    model.tasks.iter().for_each(|task| check_task(task, diagnostics));
}

fn check_task(task: &Task, diagnostics: &mut Diagnostics) {
    let (Some(latest), Some(working)) = (task.last_sealed(), &task.working) else { return };
    for example in &working.examples {
        let sealed = latest.instructions.examples.iter().find(|sealed| sealed.id == example.id);
        if let Some(sealed) = sealed {
            check_example(sealed, example, diagnostics);
        }
    }
}

fn check_example(sealed: &Example, example: &Example, diagnostics: &mut Diagnostics) {
    let (Some(old), Some(new)) = (&sealed.trajectory, &example.trajectory) else { return };
    if old.digest == new.digest {
        return;
    }
    let moved = MovedSteps::of(old, new);
    if moved.are_the_same() {
        return;
    }
    for Gold { criterion, answer, .. } in &example.gold {
        let before = sealed.gold.iter().find(|gold| gold.criterion == *criterion);
        let Some(before) = before.map(|gold| gold.answer.flags()) else { continue };
        let now = answer.flags();
        for flag in now.iter().filter(|flag| before.contains(flag)) {
            check_flag(flag, criterion, (before, now), &moved, &example.page.path, diagnostics);
        }
    }
}

fn check_flag(
    flag: &GoldFlag,
    criterion: &str,
    (before, now): (&[GoldFlag], &[GoldFlag]),
    moved: &MovedSteps<'_>,
    path: &str,
    diagnostics: &mut Diagnostics,
) {
    let number = |flag: &GoldFlag| moved.now(flag.step, flag.quote.as_deref());
    let at = |step: usize| move |other: &&GoldFlag| other.step == step && other.kind == flag.kind;
    let what = format!("gold of `{criterion}` at step {}", flag.step);
    match number(flag) {
        Ok(MovedStep { number: step, .. }) if step == flag.step => {}
        Ok(MovedStep { number: step, by }) => {
            // Where some were set by hand, one that now stands where another was is not one that was forgotten.
            let is_set = before != now
                && (now.iter().any(|other| at(step)(&other))
                    || before.iter().any(|other| number(other).is_ok_and(|to| to.number == flag.step)));
            if !is_set {
                let message = format!("{what} speaks of what is step {step} now (told by {})", by.words());
                diagnostics
                    .add(rules::MOVED_STEP, Place::file(path), message)
                    .help(format!("write `step: {step}`"))
                    .help("`goldbook import trajectory … --force` over the earlier import moves such numbers itself");
            }
        }
        Err(nearest) => {
            let message = format!("{what} speaks of a step that the run does not have any more");
            diagnostics
                .add(rules::MOVED_STEP, Place::file(path), message)
                .maybe_help(like(&nearest))
                .help("if the number is right, pin it: a `quote` of the step says which is meant");
        }
    }
}
