//! Gold beside exported rows.
//!
//! In: the site and its ratings, since experts' make gold. Out: for a row the answer that it would be compared with, as
//! text. It scores nothing.

use crate::diagnostic::Diagnostics;
use crate::model::{GoldAnswer, Model};
use crate::ratings::exported::EITHER;
use crate::ratings::gold::GoldStandard;
use crate::ratings::scheme::{compare, meaning};
use crate::ratings::taken::{Statement, Taken};
use crate::ratings::{RatingNames, Ratings, read_from};
use crate::source::Sources;
use crate::table::{PARTING, TableSource};
use semver::Version;

/// The answers taken as the standard.
pub struct GoldLookup<'m> {
    model: &'m Model,
    names: RatingNames,
    gold: GoldStandard,
}

impl<'m> GoldLookup<'m> {
    /// Those of a site with these files of ratings.
    pub fn read<'s>(
        files: &[(&str, impl Fn() -> Result<TableSource<'s>, String> + Sync)],
        model: &'m Model,
        sources: &Sources,
    ) -> Self {
        let files = files.iter().map(|(path, open)| (*path, open)).collect();
        let ratings = read_from(files, model, sources, &mut |_, _| (), &mut Diagnostics::default());
        let Ratings { names, gold, .. } = ratings.without_rows();
        Self { model, names, gold }
    }

    /// What is right where a row answers one criterion, if that is known.
    pub fn of(&self, item: &str, taken: &Taken, version: Option<&Version>) -> Option<String> {
        let question = match taken.statement {
            Statement::One(question, _) | Statement::Invalid(question) => question,
            Statement::Withdrawn | Statement::Whole(..) => return None,
        };
        let asked = &self.names.questions[usize::from(question)];
        let asked = meaning(&self.model.tasks[usize::from(asked.task)], &asked.criterion.id, Some(item), version);
        let mut of_item = self.gold.of(question, self.names.item(item)?);
        let (_, standard) = of_item.find(|(_, gold)| compare(gold.meaning.as_ref(), asked.as_ref()))?;
        Some(text(&standard.answer))
    }
}

/// An answer as a cell: any of several values, or flags with their steps.
fn text(answer: &GoldAnswer) -> String {
    match answer {
        GoldAnswer::Values(values) => values.join(EITHER),
        GoldAnswer::Flags(flags) if flags.is_empty() => "none".to_owned(),
        GoldAnswer::Flags(flags) => {
            let flags: Vec<String> = flags.iter().map(|flag| format!("{}:{}", flag.step, flag.kind)).collect();
            flags.join(&PARTING.to_string())
        }
        GoldAnswer::Outcome(outcome) => outcome.name().to_owned(),
    }
}
