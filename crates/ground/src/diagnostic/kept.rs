//! Findings kept for later: as plain values that need no sources.
//!
//! In: findings whose places have been looked up. Out: values to be stored, and the findings again, given the texts of
//! the files that they point into.

use super::{Diagnostic, Diagnostics, Located, Place, Severity, rules};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A finding without its text.
#[derive(Serialize, Deserialize)]
pub struct KeptFinding {
    rule: String,
    severity: Severity,
    strict: bool,
    message: String,
    place: KeptPlace,
    related: Vec<(KeptPlace, String)>,
    help: Vec<String>,
}

#[derive(Serialize, Deserialize)]
enum KeptPlace {
    Span { path: String, line: u64, column: u64, start: usize, end: usize },
    Line(String, u64),
    Nowhere,
}

impl Diagnostics {
    /// All findings, to be stored; none if a place has not been looked up.
    pub fn keep(&self) -> Option<Vec<KeptFinding>> {
        self.list.iter().map(KeptFinding::of).collect()
    }

    /// The findings again. `text` gives a file's text; none if one is not what it was.
    pub fn of_kept(kept: &[KeptFinding], text: &dyn Fn(&str) -> Option<Arc<str>>) -> Option<Self> {
        let list = kept.iter().map(|finding| finding.finding(text));
        Some(Self { list: list.collect::<Option<_>>()? })
    }
}

impl KeptFinding {
    fn of(finding: &Diagnostic) -> Option<Self> {
        let related = finding.related.iter().map(|(place, why)| Some((KeptPlace::of(place)?, why.clone())));
        Some(Self {
            rule: finding.rule.id.to_owned(),
            severity: finding.severity,
            strict: finding.strict,
            message: finding.message.clone(),
            place: KeptPlace::of(&finding.place)?,
            related: related.collect::<Option<_>>()?,
            help: finding.help.clone(),
        })
    }

    fn finding(&self, text: &dyn Fn(&str) -> Option<Arc<str>>) -> Option<Diagnostic> {
        let related = self.related.iter().map(|(place, why)| Some((place.place(text)?, why.clone())));
        Some(Diagnostic {
            rule: rules::find(&self.rule)?,
            severity: self.severity,
            strict: self.strict,
            message: self.message.clone(),
            place: self.place.place(text)?,
            related: related.collect::<Option<_>>()?,
            help: self.help.clone(),
        })
    }
}

impl KeptPlace {
    fn of(place: &Place) -> Option<Self> {
        Some(match place {
            Place::Located(at) => {
                Self::Span { path: at.path.clone(), line: at.line, column: at.column, start: at.start, end: at.end }
            }
            Place::Line(path, line) => Self::Line(path.clone(), *line),
            Place::Nowhere => Self::Nowhere,
            Place::Span(_) => return None,
        })
    }

    fn place(&self, text: &dyn Fn(&str) -> Option<Arc<str>>) -> Option<Place> {
        Some(match self {
            Self::Span { path, line, column, start, end } => {
                let text = text(path)?;
                text.get(*start..*end)?;
                let (path, line, column) = (path.clone(), *line, *column);
                Place::Located(Located { path, line, column, text, start: *start, end: *end })
            }
            Self::Line(path, line) => Place::Line(path.clone(), *line),
            Self::Nowhere => Place::Nowhere,
        })
    }
}
