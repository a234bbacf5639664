//! Settings: `goldbook.yaml` as a complete, checked `Config`.
//!
//! In: the text of the file. Out: settings in which every default is settled and every audience exists.
//! Nothing after this looks at an optional setting again.

use crate::audience::{AudienceId, Audiences};
use crate::diagnostic::{Diagnostics, Severity, did_you_mean, rules};
use crate::digest::Digest;
use crate::markdown::outline::ALERTS;
use crate::source::{FileId, Span};
use crate::yaml::{self, Fields, Node};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Name of the settings file; the folder it lies in is the site's root.
pub const FILE: &str = "goldbook.yaml";

/// The settings of a site.
#[derive(Clone, Debug)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// Who may read what.
    pub audiences: Audiences,
    /// Who may read a page that does not say.
    pub default_audience: AudienceId,
    /// Who may read gold; nobody on a site without a narrower audience.
    pub gold_audience: Option<AudienceId>,
    /// Who may read reports; nobody on a site without a narrower audience.
    pub report_audience: Option<AudienceId>,
    /// BCP 47 tag of the pages' language.
    pub language: String,
    /// In which ISO weeks are counted.
    pub time_zone: TimeZone,
    /// Severity of rules where it differs from the usual.
    pub checks: BTreeMap<String, Severity>,
    /// Fewest gold items for a verdict.
    pub minimum_gold: u64,
    /// Folder below `themes/` whose files replace those of the default theme.
    pub theme: Option<String>,
    /// SHA-256 of the settings file.
    pub digest: Digest,
}

/// Reads the settings; every problem is recorded.
pub fn parse(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Config> {
    let mut found = Diagnostics::default();
    let digest = Digest::of(text.as_bytes());
    let config = yaml::parse(text, file, 0, &mut found).and_then(|node| read(&node, digest, &mut found));
    found.as_settings();
    let whole = found.gate().is_ok();
    diagnostics.append(found);
    config.filter(|_| whole)
}

fn read(node: &Node, digest: Digest, diagnostics: &mut Diagnostics) -> Option<Config> {
    let mut fields = Fields::of(node, "goldbook.yaml", diagnostics)?;
    let title = fields.required_text("title", "Agent trajectory ratings", diagnostics);
    let audiences = fields
        .require("audiences", "{contractors: [], internal: [contractors]}", diagnostics)
        .and_then(|node| audiences(node, diagnostics));
    let default = fields.require("default_audience", "contractors", diagnostics);
    let gold = fields.get("gold_audience");
    let reports = fields.get("report_audience");
    let language = fields.text("language", diagnostics);
    let zone = fields.get("time_zone").and_then(|node| time_zone(node, diagnostics));
    let checks = fields.get("checks").map(|node| checks(node, diagnostics));
    let minimum_gold = fields.get("minimum_gold").and_then(|node| node.count(diagnostics));
    let theme = fields.get("theme");
    fields.finish(diagnostics);

    let audiences = audiences?;
    let [default, named_gold, named_reports] =
        [default, gold, reports].map(|node| node.and_then(|node| audience(node, &audiences, diagnostics)));
    let default_audience = default?;
    let narrower = |id: &AudienceId| *id != default_audience && !audiences.sees(default_audience, *id);
    for (node, named) in [(gold, named_gold), (reports, named_reports)] {
        if let (Some(node), Some(named)) = (node, named)
            && !narrower(&named)
        {
            let message = format!("`{}` is not narrower than the default audience", audiences.name(named));
            diagnostics.add(rules::INVALID_VALUE, node.span, message).help("gold and reports are never for everybody");
        }
    }
    let narrowest = audiences.narrowest().filter(narrower);
    let internal = audiences.find("internal").filter(narrower);
    Some(Config {
        title: title?,
        default_audience,
        gold_audience: named_gold.or(internal).or(narrowest),
        report_audience: named_reports.or(narrowest),
        audiences,
        language: language.unwrap_or_else(|| "en".to_owned()),
        time_zone: zone.unwrap_or(TimeZone::UTC),
        checks: checks.unwrap_or_default(),
        minimum_gold: u64::from(minimum_gold.unwrap_or(20)),
        theme: theme.and_then(|node| theme_name(node, diagnostics)),
        digest,
    })
}

/// A theme is a folder of `themes/`, never a path.
fn theme_name(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    let name = node.text(diagnostics)?.to_owned();
    crate::document::check_id(&name, node.span, diagnostics).then_some(name)
}

fn audiences(node: &Node, diagnostics: &mut Diagnostics) -> Option<Audiences> {
    let mut declared: Vec<(String, Vec<(String, Span)>)> = Vec::new();
    for (key, value) in node.map(diagnostics)? {
        let names = value.list(diagnostics)?;
        let mut sees = Vec::new();
        for name in names {
            sees.push((name.text(diagnostics)?.to_owned(), name.span));
        }
        crate::document::check_id(&key.text, key.span, diagnostics);
        if ALERTS.contains(&key.text.as_str()) {
            let message = format!("`{0}` can't be an audience: `[!{0}]` is an alert that everybody sees", key.text);
            diagnostics.add(rules::INVALID_VALUE, key.span, message);
        }
        declared.push((key.text.clone(), sees));
    }
    Audiences::new(&declared, node.span, diagnostics)
}

fn audience(node: &Node, audiences: &Audiences, diagnostics: &mut Diagnostics) -> Option<AudienceId> {
    let name = node.text(diagnostics)?;
    audiences.named(name, node.span, diagnostics)
}

fn time_zone(node: &Node, diagnostics: &mut Diagnostics) -> Option<TimeZone> {
    let name = node.text(diagnostics)?;
    let zone = TimeZone::get(name).ok();
    if zone.is_none() {
        diagnostics
            .add(rules::INVALID_VALUE, node.span, format!("`{name}` is not a time zone"))
            .help("names are those of the IANA database, for example `Europe/Berlin`");
    }
    zone
}

fn checks(node: &Node, diagnostics: &mut Diagnostics) -> BTreeMap<String, Severity> {
    let mut checks = BTreeMap::new();
    for (key, value) in node.map(diagnostics).unwrap_or_default() {
        let severity = value.text(diagnostics).and_then(|word| {
            let severity = Severity::parse(word);
            if severity.is_none() {
                value.wrong("`error`, `warning`, `note` or `off`", diagnostics);
            }
            severity
        });
        match rules::find(&key.text) {
            Some(rule) if rule.adjustable => {
                severity.and_then(|severity| checks.insert(key.text.clone(), severity));
            }
            Some(rule) => {
                let message = format!("the rule `{}` can't be changed: {}", rule.id, rule.about);
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
    checks
}
