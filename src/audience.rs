//! Audiences: who may see what.
//!
//! In: the `audiences:` of the settings. Out: `Audiences`, which two locks are built on: the projection of the Model
//! (`model::project`) and the check of the finished output (`site::leak`). A reader of no audience sees nothing.

use crate::diagnostic::{Diagnostics, Halt, Place, did_you_mean, one_of, rules};
use crate::source::Span;

/// Names one audience of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AudienceId(u16);

/// The audiences of a site, in the order declared.
#[derive(Clone, Debug)]
pub struct Audiences {
    names: Vec<String>,
    /// `sees[a][b]`: whether readers of `a` also see what is for `b`.
    sees: Vec<Vec<bool>>,
    /// Names that some of them had before.
    former: Vec<(String, AudienceId)>,
}

impl Audiences {
    /// Takes (name, names whose pages it also sees) and settles who sees what through whom.
    pub fn new(declared: &[(String, Vec<(String, Span)>)], span: Span, diagnostics: &mut Diagnostics) -> Option<Self> {
        if declared.is_empty() {
            diagnostics.add(rules::MISSING_KEY, span, "a site needs at least one audience");
            return None;
        }
        let count = declared.len();
        let mut audiences = Self {
            names: declared.iter().map(|(name, _)| name.clone()).collect(),
            sees: (0..count).map(|a| (0..count).map(|b| a == b).collect()).collect(),
            former: Vec::new(),
        };
        for (a, (_, others)) in declared.iter().enumerate() {
            for (other, span) in others {
                let b = audiences.named(other, *span, diagnostics)?;
                audiences.sees[a][usize::from(b.0)] = true;
            }
        }
        audiences.close();
        Some(audiences)
    }

    /// Whoever sees an audience sees what that audience sees.
    fn close(&mut self) {
        let count = self.names.len();
        for via in 0..count {
            for a in 0..count {
                for b in 0..count {
                    self.sees[a][b] |= self.sees[a][via] && self.sees[via][b];
                }
            }
        }
    }

    /// Whether readers of `reader` may see what is for `audience`.
    pub fn sees(&self, reader: AudienceId, audience: AudienceId) -> bool {
        self.sees[usize::from(reader.0)][usize::from(audience.0)]
    }

    /// Like `sees`, for what may be for nobody.
    pub fn may_see(&self, reader: AudienceId, audience: Option<AudienceId>) -> bool {
        audience.is_some_and(|audience| self.sees(reader, audience))
    }

    /// Notes that an audience was called `name`, in texts that were written and sealed before.
    pub fn renamed(&mut self, name: String, audience: AudienceId) {
        self.former.push((name, audience));
    }

    /// The audience that has this name, or had it.
    pub fn find(&self, name: &str) -> Option<AudienceId> {
        let former = || self.former.iter().find(|(former, _)| former == name).map(|(_, id)| *id);
        self.iter().find(|id| self.name(*id) == name).or_else(former)
    }

    /// All names, those of before included.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().chain(self.former.iter().map(|(name, _)| name)).map(String::as_str)
    }

    /// The audience of this name as it was typed, else a finding.
    pub fn typed(&self, name: &str, diagnostics: &mut Diagnostics) -> Result<AudienceId, Halt> {
        self.find(name).ok_or_else(|| {
            let known = || self.names.iter().map(String::as_str);
            diagnostics
                .add(rules::INVALID_SETTINGS, Place::Nowhere, format!("there is no audience `{name}`"))
                .maybe_help(did_you_mean(name, known()))
                .help(format!("goldbook.yaml declares {}", one_of(known())));
            Halt
        })
    }

    /// The audience of this name in a file, else a finding.
    pub fn named(&self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<AudienceId> {
        let found = self.find(name);
        if found.is_none() {
            diagnostics
                .add(rules::UNKNOWN_AUDIENCE, span, format!("there is no audience `{name}`"))
                .maybe_help(did_you_mean(name, self.names.iter().map(String::as_str)))
                .help(format!("goldbook.yaml declares {}", self.prose()));
        }
        found
    }

    /// All names, as prose.
    pub fn prose(&self) -> String {
        one_of(self.names.iter().map(String::as_str))
    }

    /// The name of an audience.
    pub fn name(&self, id: AudienceId) -> &str {
        &self.names[usize::from(id.0)]
    }

    /// All audiences in the order declared.
    pub fn iter(&self) -> impl Iterator<Item = AudienceId> + use<> {
        (0..u16::try_from(self.names.len()).unwrap_or(u16::MAX)).map(AudienceId)
    }

    /// The audience that sees the most; none if two see equally much.
    pub fn narrowest(&self) -> Option<AudienceId> {
        let width = |id: AudienceId| self.iter().filter(|other| self.sees(id, *other)).count();
        let most = self.iter().map(width).max()?;
        let mut widest = self.iter().filter(|id| width(*id) == most);
        let first = widest.next();
        first.filter(|_| widest.next().is_none())
    }
}
