//! What changed, in a view: findings with their sentences, the figures behind them, and the facts of the week.
//!
//! In: a `WeekChange`. Out: what templates and files see of it, in words and in numbers. It judges nothing.

use super::moved::{ComparedView, between, movement, points, verdict};
use crate::figures::words;
use crate::report::change::{
    ChangeFinding, ChangePolicy, ComparedBeside, DifferenceSplit, Movement, SeriesChange, WEEKS, WeekChange, WeekFacts,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What changed by the end of a week.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangeView {
    /// Whether any gold was rated by then.
    pub any: bool,
    /// What fell or rose.
    pub findings: Vec<ChangeFindingView>,
    /// What is said where nothing fell or rose.
    pub quiet: Option<String>,
    /// Figures of all criteria together, then of each.
    pub series: Vec<SeriesChangeView>,
    /// Facts of the week, a sentence each.
    pub facts: Vec<String>,
    /// From where on something counts as shown.
    pub policy_text: String,
    /// Whether it is for the vendor of the cohort, who is told nothing of others.
    #[serde(default)]
    pub is_for_vendor: bool,
    /// Charts in the programme; 0 where that is not told.
    pub charts: u32,
    /// What the watch's sum must reach.
    pub threshold: f64,
    /// The p-value at which trends count as shown.
    pub trend_level: f64,
    /// The adjusted p-value at which differences count as shown.
    pub report_level: f64,
    /// The margin within which a figure is called unchanged, if one is set.
    pub margin: Option<f64>,
}

/// Something that changed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangeFindingView {
    /// `watch`, `beside`, `week` or `trend`.
    pub kind: Cow<'static, str>,
    /// The criterion; none for all with values together.
    pub criterion: Option<String>,
    /// `fell` or `rose`.
    pub movement: Cow<'static, str>,
    /// The first week after the change.
    pub since: String,
    /// Whether it is told for the first time.
    pub is_new: bool,
    /// What is found.
    pub sentence: String,
    /// What else there was in those weeks.
    pub coincides: Vec<String>,
    /// What would tell causes apart.
    pub apart: Vec<String>,
    /// The difference in parts.
    pub split: Option<SplitView>,
}

/// A difference in parts, which add up to it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SplitView {
    /// What raters make who are new.
    pub joined: f64,
    /// What raters make who are gone.
    pub left: f64,
    /// What other gold makes.
    pub items: f64,
    /// What is left.
    pub rest: f64,
    /// The same in words.
    pub text: String,
}

/// What a series did.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SeriesChangeView {
    /// The criterion; none for all with values together.
    pub criterion: Option<String>,
    /// This week against the four before.
    pub week: ComparedView,
    /// The last four weeks against the four before, less the same of others.
    pub beside: Option<ComparedView>,
    /// What others did on the same items, `89.6 % to 95.1 %`.
    pub others: Option<String>,
    /// The trend.
    pub trend: ComparedView,
    /// The watch's sum.
    pub watch: f64,
    /// The same beside its threshold, and the week in which it rang.
    pub watch_text: String,
}

impl ChangeView {
    /// The view of what changed.
    pub fn of(change: &WeekChange) -> Self {
        let ChangePolicy { charts, threshold, trend, report, margin, .. } = change.policy;
        Self {
            any: !change.series.is_empty(),
            findings: change.findings.iter().map(ChangeFindingView::of).collect(),
            quiet: quiet(change),
            series: change.series.iter().map(|series| SeriesChangeView::of(series, &change.policy)).collect(),
            facts: facts(&change.facts),
            policy_text: policy(&change.policy),
            is_for_vendor: false,
            charts,
            threshold,
            trend_level: trend,
            report_level: report,
            margin,
        }
    }

    /// What is found, in a few words for each criterion: `fell since about 2026-W47`.
    pub fn told(&self) -> Vec<String> {
        let mut met = BTreeSet::new();
        let first = self.findings.iter().filter(|of| met.insert(&of.criterion));
        let told = |of: &ChangeFindingView| {
            let by = of.criterion.as_ref().map_or(String::new(), |criterion| format!("{criterion} "));
            format!("{by}{} since about {}", of.movement, of.since)
        };
        first.map(told).collect()
    }
}

/// What is said where nothing is found.
fn quiet(change: &WeekChange) -> Option<String> {
    let first = change.series.first().filter(|_| change.findings.is_empty())?;
    let of = first.criterion.as_ref().map_or_else(|| "over all criteria".to_owned(), |id| format!("by {id}"));
    let verdict = verdict(&first.week, &change.policy);
    let verdict = verdict.trim_end_matches('.');
    Some(match first.week.movement {
        Movement::WithinMargin => format!("Right out of asked {of} is {verdict}."),
        _ => format!("Nothing is shown to have fallen or risen. In this week, {of}: {verdict}."),
    })
}

fn policy(policy: &ChangePolicy) -> String {
    let margin = match policy.margin {
        None => "No margin is set, so nothing is called unchanged.".to_owned(),
        Some(margin) => format!("Unchanged means: the interval lies within {} points.", points(margin)),
    };
    format!(
        "Where nothing changes, at most one report in {WEEKS} weeks says that something did, over all {} of the \
         programme together: the watch rings at {:.1}, a trend counts at p ≤ {}, and a difference at p ≤ {} after Holm's \
         adjustment within the report. {margin} Late and corrected rows are not told apart: ratings do not say when a \
         row came in.",
        words::counted(u64::from(policy.charts), "chart", "charts"),
        policy.threshold,
        p_value(policy.trend),
        p_value(policy.report),
    )
}

/// Two digits of a small p-value.
fn p_value(p: f64) -> String {
    let decimals = (-p.log10()).ceil().max(1.0) as usize + 1;
    format!("{p:.decimals$}")
}

fn facts(facts: &WeekFacts) -> Vec<String> {
    let turnover = facts.turnover;
    let mut sentences: Vec<String> =
        facts.releases.iter().map(|of| format!("Version {} was sealed on {}.", of.version, of.date)).collect();
    let raters = |count| words::counted(count, "rater", "raters");
    sentences.push(match turnover.raters {
        0 => "Nobody rated the task in this week.".to_owned(),
        count => format!(
            "{} rated, {} of them for the first time; {} of the four weeks before did not.",
            raters(count),
            words::number(turnover.joined),
            raters(turnover.left)
        ),
    });
    let before =
        |text: Option<String>| text.map_or_else(String::new, |text| format!(", {text} in the four weeks before"));
    if let Some(answered) = facts.answered[0] {
        let earlier = before(facts.answered[1].map(words::percent));
        sentences.push(format!("{} of what was asked about gold was answered{earlier}.", words::percent(answered)));
    }
    if let Some(seconds) = turnover.median_seconds {
        let earlier = before(turnover.median_before.map(words::duration));
        sentences.push(format!("The median time of an item was {}{earlier}.", words::duration(seconds)));
    }
    sentences
}

impl ChangeFindingView {
    fn of(finding: &ChangeFinding) -> Self {
        Self {
            kind: finding.kind.name().into(),
            criterion: finding.criterion.clone(),
            movement: movement(finding.movement).into(),
            since: finding.since.to_string(),
            is_new: finding.is_new,
            sentence: finding.sentence.clone(),
            coincides: finding.coincides.clone(),
            apart: finding.apart.clone(),
            split: finding.split.as_ref().map(SplitView::of),
        }
    }
}

impl SplitView {
    fn of(split: &DifferenceSplit) -> Self {
        let DifferenceSplit { joined, left, items, rest } = *split;
        let part = |of: f64| format!("{}{:.1}", if of < 0.0 { "-" } else { "+" }, of.abs() * 100.0);
        let text = format!(
            "In points: other gold {}, raters who joined {}, raters who left {}, the rest {} (the same raters on gold of \
             the same values).",
            part(items),
            part(joined),
            part(left),
            part(rest)
        );
        Self { joined, left, items, rest, text }
    }
}

impl SeriesChangeView {
    fn of(series: &SeriesChange, policy: &ChangePolicy) -> Self {
        let watch = &series.watch;
        let beside = series.beside.as_ref().filter(|beside| beside.own.now.items > 0);
        let rang = watch.alarm.as_ref().map(|alarm| format!("; rang in {}, since {}", alarm.rang, alarm.since));
        Self {
            criterion: series.criterion.clone(),
            week: ComparedView::of(&series.week, policy),
            beside: beside.map(|beside| ComparedView::of(&beside.own, policy)),
            others: beside.and_then(others),
            trend: ComparedView::of_trend(&series.trend),
            watch: watch.sum,
            watch_text: format!("{:.1} of {:.1}{}", watch.sum, policy.threshold, rang.unwrap_or_default()),
        }
    }
}

fn others(beside: &ComparedBeside) -> Option<String> {
    let [now, before] = beside.others;
    between(&now, &before)
}
