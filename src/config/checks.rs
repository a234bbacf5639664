//! Checks: how much each kind of finding matters to a site.
//!
//! In: `checks:` of the settings. Out: severities by rule, each one that its rule may have. A reason may stand beside one;
//! a rule of `check --lint` is not switched off without. It never looks at a finding.

use crate::diagnostic::{Diagnostics, Severity, did_you_mean, rules};
use crate::schema::{FromYaml, OpenMapping, Unread, Words};
use crate::yaml::{Node, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

impl Words for Severity {
    const WORDS: &'static [(&'static str, Self)] =
        &[("error", Self::Error), ("warning", Self::Warning), ("note", Self::Note), ("off", Self::Off)];
}

/// Whether a site may give a rule this severity.
fn is_allowed(rule: &rules::Rule, severity: Severity) -> bool {
    rule.mildest.is_some_and(|mildest| severity >= mildest)
}

/// A severity, perhaps with the reason why a site chose it: `off`, or `{off: "…"}`.
struct ChosenSeverity {
    severity: Severity,
    reason: Option<String>,
}

impl ChosenSeverity {
    /// Whether nobody says why the rule is switched off.
    fn lacks_reason(&self) -> bool {
        self.severity == Severity::Off && self.reason.as_ref().is_none_or(|reason| reason.trim().is_empty())
    }
}

impl FromYaml for ChosenSeverity {
    fn schema() -> Json {
        Severity::schema()
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return Severity::from_yaml(node, diagnostics).map(|severity| Self { severity, reason: None });
        };
        let one = entries.first().filter(|_| entries.len() == 1);
        let found = one.and_then(|(key, reason)| {
            let severity = Severity::WORDS.iter().find(|(word, _)| *word == key.text).map(|(_, severity)| *severity)?;
            Some((severity, reason))
        });
        let Some((severity, reason)) = found else {
            node.wrong("a severity with a reason: `{off: \"why it is fine here\"}`", diagnostics);
            return None;
        };
        Some(Self { severity, reason: Some(reason.text(diagnostics)?.to_owned()) })
    }
}

/// Severities by rule.
#[derive(Clone, Debug)]
pub struct Checks(pub BTreeMap<String, Severity>);

impl FromYaml for Checks {
    fn schema() -> Json {
        let rule = |rule: &&rules::Rule| {
            let allowed = Severity::WORDS.iter().filter(|(_, severity)| is_allowed(rule, *severity));
            let words: Vec<&str> = allowed.map(|(name, _)| *name).collect();
            let plain = words.iter().filter(|word| !(**word == Severity::Off.name() && rules::OF_LINT.contains(rule)));
            let plain = plain.collect::<Vec<_>>();
            let with_reason = json!({ "type": "object", "propertyNames": { "enum": words }, "additionalProperties": String::schema(), "minProperties": 1, "maxProperties": 1 });
            let about = json!({ "anyOf": [{ "enum": plain }, with_reason], "description": rule.about, "default": rule.severity.name() });
            rule.mildest.map(|_| (rule.id.to_owned(), about))
        };
        let properties: Map<String, Json> = rules::ALL.iter().filter_map(rule).collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let OpenMapping(entries) = OpenMapping::<Unread<ChosenSeverity>>::from_yaml(node, diagnostics)?;
        let mut checks = BTreeMap::new();
        for (key, severity) in entries {
            let chosen = severity.read(diagnostics);
            let severity = chosen.as_ref().map(|chosen| chosen.severity);
            match rules::find(&key.text) {
                Some(rule) if rules::OF_LINT.contains(&rule) && chosen.is_some_and(|chosen| chosen.lacks_reason()) => {
                    let message = format!("`{}` is switched off without a reason", rule.id);
                    let help = format!("`{}: {{off: \"why it is fine here\"}}`", rule.id);
                    diagnostics.add(rules::INVALID_VALUE, key.span, message).help(help);
                }
                Some(rule) if severity.is_none_or(|severity| is_allowed(rule, severity)) && rule.mildest.is_some() => {
                    checks.extend(severity.map(|severity| (key.text, severity)));
                }
                Some(rule) => {
                    let allowed =
                        rule.mildest.map_or("changed".to_owned(), |least| format!("less than `{}`", least.name()));
                    let message = format!("the rule `{}` can't be {allowed}: {}", rule.id, rule.about);
                    diagnostics.add(rules::INVALID_VALUE, key.span, message);
                }
                None => {
                    diagnostics
                        .add(rules::UNKNOWN_KEY, key.span, format!("there is no rule `{}`", key.text))
                        .maybe_help(did_you_mean(&key.text, rules::ALL.iter().map(|rule| rule.id)))
                        .help("`goldbook check --list` shows them all");
                }
            }
        }
        Some(Self(checks))
    }
}
