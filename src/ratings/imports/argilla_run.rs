//! The run of a record of Argilla: one text, since spans can be of nothing else, in which each step has a heading.
//!
//! In: the text, and where a span of it begins and ends. Out: the steps that it is in, or why that can't be told; and of the
//! span's label the flag and its attributes. What is made for Argilla (`labelling`) and what reads its records agree here.

use crate::text::quoted;

/// The field with the run. No criterion's id has an underscore, so that no question is called so.
pub const RUN: &str = "run_text";

/// What the line that begins a step begins with.
pub fn heading(step: usize) -> String {
    format!("[step {step}]")
}

/// The label of spans that are flags of this kind with these attributes: a span takes no other answer than its label.
pub fn label(kind: &str, attributes: &[(&str, &str)]) -> String {
    let attributes = attributes.iter().map(|(name, value)| format!("; {name}: {value}"));
    std::iter::once(kind.to_owned()).chain(attributes).collect()
}

/// The kind of the flag that a label names, and its attributes.
pub fn parts(label: &str, is_attribute: impl Fn(&str) -> bool) -> (&str, Vec<(String, String)>) {
    let (mut kind, mut attributes) = (label, Vec::new());
    while let Some((rest, name, value)) = last_part(kind).filter(|(_, name, _)| is_attribute(name)) {
        attributes.insert(0, (name.to_owned(), value.to_owned()));
        kind = rest;
    }
    (kind, attributes)
}

fn last_part(label: &str) -> Option<(&str, &str, &str)> {
    let (rest, last) = label.rsplit_once("; ")?;
    let (name, value) = last.split_once(": ")?;
    Some((rest, name, value))
}

/// The first and the last step that a span is in, whose end is behind it. Servers count characters, and browsers the halves
/// of some: a span that is in other steps by one count than by the other can't be told.
pub fn steps(run: &str, start: u64, end: u64) -> Result<(usize, usize), String> {
    let begins = beginnings(run)?;
    let by = |count: fn(&str) -> usize| {
        let places: Vec<usize> = begins.iter().map(|begin| count(&run[..*begin])).collect();
        let step = |place: u64| places.iter().take_while(|begin| **begin as u64 <= place).count();
        (end > start && end <= count(run) as u64).then(|| (step(start), step(end - 1)))
    };
    let by_characters = by(|text| text.chars().count());
    match by_characters {
        None => Err(format!("{start} to {end} is not in the run")),
        Some((0, _)) => Err("it is before the first step".to_owned()),
        Some(steps) if by(|text| text.encode_utf16().count()) == Some(steps) => Ok(steps),
        Some(_) => Err("that depends on how characters are counted".to_owned()),
    }
}

/// Where each step begins, in bytes.
fn beginnings(run: &str) -> Result<Vec<usize>, String> {
    let (mut begins, mut place) = (Vec::new(), 0);
    for line in run.split_inclusive('\n') {
        if line.starts_with(&heading(begins.len() + 1)) {
            begins.push(place);
        } else if is_heading(line) {
            return Err(format!("{} is not the heading of the next step", quoted(line.trim_end())));
        }
        place += line.len();
    }
    if begins.is_empty() { Err(format!("no line of `{RUN}` begins with `{}`", heading(1))) } else { Ok(begins) }
}

/// Whether a line begins as the heading of some step does.
fn is_heading(line: &str) -> bool {
    let number = line.strip_prefix("[step ").and_then(|rest| rest.split_once(']')).map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN_OF_THREE: &str = "[step 1] user\nStart.\n[step 2] agent\nOn [step 9] it.\n[step 3] agent\nDone.\n";

    /// Where a passage is, in characters.
    fn place(run: &str, passage: &str) -> (u64, u64) {
        let begin = run[..run.find(passage).unwrap()].chars().count() as u64;
        (begin, begin + passage.chars().count() as u64)
    }

    #[test]
    fn a_span_is_in_the_steps_whose_text_it_has() {
        for (passage, expected) in
            [("[step 1]", (1, 1)), ("Start.\n", (1, 1)), ("[step 2]", (2, 2)), ("it.\n[", (2, 3)), ("Done.\n", (3, 3))]
        {
            let (start, end) = place(RUN_OF_THREE, passage);
            assert_eq!(steps(RUN_OF_THREE, start, end), Ok(expected), "{passage}");
        }
    }

    #[test]
    fn a_label_says_the_kind_of_a_flag_and_its_attributes() {
        let is_attribute = |name: &str| ["origin", "how-sure"].contains(&name);
        let attributes = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        for (kind, pairs) in [
            ("slow", &[][..]),
            ("slow", &[("origin", "real: no"), ("how-sure", "very")]),
            ("odd; kind: x", &[("origin", "real")]),
        ] {
            assert_eq!(parts(&label(kind, pairs), is_attribute), (kind, attributes(pairs)));
        }
        assert_eq!(label("slow", &[("origin", "real")]), "slow; origin: real");
    }

    #[test]
    fn a_span_whose_step_is_not_sure_is_none() {
        let told = |run: &str, (start, end)| steps(run, start, end).unwrap_err();
        assert_eq!(told("Start.", (0, 2)), "no line of `run_text` begins with `[step 1]`");
        assert_eq!(told("[step 1]\n[step 3]\n", (0, 2)), "`[step 3]` is not the heading of the next step");
        assert_eq!(
            told("[step 1]\n[step 1] I say.\n", (0, 2)),
            "`[step 1] I say.` is not the heading of the next step"
        );
        assert_eq!(told("Before.\n[step 1]\n", (0, 2)), "it is before the first step");
        assert_eq!(told("[step 1]\n", (3, 3)), "3 to 3 is not in the run");
        assert_eq!(told("[step 1]\n", (3, u64::MAX)), "3 to 18446744073709551615 is not in the run");
        let smiling = "[step 1]\n😀\n[step 2]\nDone.\n";
        assert!(told(smiling, (11, 13)).ends_with("depends on how characters are counted"));
        assert_eq!(steps(smiling, 20, 24), Ok((2, 2)));
    }
}
