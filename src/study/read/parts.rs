//! Parts: what is said of each task and criterion, which have scales and gold of their own.
//!
//! In: all that was gathered. Out: parts with their names, in the order of those, or why a table can't be taken apart. A
//! table without such columns is one part without a name. What is left out is named.

use super::Labels;
use super::error::LabelErrors;
use super::gather::{Gathered, GatheredPart, MOST_PARTS};
use super::ratings::{BETWEEN, WHOLE};
use crate::diagnostic::Fault;
use crate::table::Frozen;
use crate::text::listed;
use std::collections::BTreeSet;

/// The ratings of one task and criterion, or of all that tables say.
#[derive(Clone, Debug)]
pub struct LabelPart {
    /// The task and the criterion, as far as tables name them; none if there is one part only.
    pub name: Option<String>,
    /// Its ratings.
    pub labels: Labels,
}

/// Parts before they are coded.
pub(super) struct TakenApart {
    pub named: Vec<(Option<String>, GatheredPart)>,
    /// Those that were left out because they hold flags on steps.
    pub flagged: Vec<String>,
}

/// Takes apart what was gathered.
pub(super) fn taken_apart(gathered: &mut Gathered, known: &Frozen) -> Result<TakenApart, LabelErrors> {
    if gathered.has_more_parts {
        return Err(gathered.fault(too_many(&gathered.apart)));
    }
    let name = |part: u32| {
        let whole = if part == WHOLE { "" } else { known.get(part) };
        whole.split(BETWEEN).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" / ")
    };
    let is_one = gathered.parts.keys().chain(&gathered.flagged).collect::<BTreeSet<_>>().len() < 2;
    let mut flagged: Vec<String> = gathered.flagged.iter().map(|part| name(*part)).collect();
    flagged.sort_unstable();
    let all = std::mem::take(&mut gathered.parts);
    let kept = all.into_iter().filter(|(part, _)| !gathered.flagged.contains(part));
    let mut named: Vec<(Option<String>, GatheredPart)> =
        kept.map(|(part, of)| ((!is_one).then(|| name(part)), of)).collect();
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    if named.is_empty() && !flagged.is_empty() {
        return Err(gathered.fault(only_flags()));
    }
    if named.is_empty() {
        named.push((None, GatheredPart::default()));
    }
    Ok(TakenApart { named, flagged })
}

fn too_many(columns: &[String]) -> Fault {
    let columns = listed(columns.iter().map(String::as_str));
    Fault::whole(format!("{columns} would take the ratings apart into more than {MOST_PARTS} groups"))
        .help("say --by none to take them together, or name the column of groups with --by COLUMN")
}

fn only_flags() -> Fault {
    Fault::whole("every row is of a criterion with flags on steps, which are no labels of an item")
        .help("say --steps to read flags")
}
