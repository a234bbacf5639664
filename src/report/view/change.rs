//! What changed, in a view: findings with their sentences, the figures behind them, and the facts of the week.
//!
//! In: a `WeekChange`. Out: what templates and files see of it, in words and in numbers. It judges nothing.

use crate::figures::words;
use crate::quality::Undefined;
use crate::quality::contrast::Contrast;
use crate::report::change::{
    ChangeFinding, ChangePolicy, Compared, ComparedBeside, DifferenceSplit, Movement, SeriesChange, SpanShare,
    TREND_WEEKS, WEEKS, WeekChange, WeekFacts, WeekTrend,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What changed by the end of a week.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    /// Charts in the programme.
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
#[derive(Clone, Debug, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
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

/// A change as a figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComparedView {
    /// The share now.
    pub now: Option<f64>,
    /// The share before.
    pub before: Option<f64>,
    /// Both in words, `88.3 % to 71.0 %`.
    pub shares: Option<String>,
    /// Gold items now, and before.
    pub items: [u64; 2],
    /// Raters now, and before.
    pub raters: [u64; 2],
    /// The change.
    pub point: Option<f64>,
    /// Its two-sided bounds.
    pub low: Option<f64>,
    /// Its two-sided bounds.
    pub high: Option<f64>,
    /// Their coverage.
    pub level: Option<f64>,
    /// The change in words, `17.3 points lower`.
    pub value: String,
    /// Its bounds in words.
    pub interval: Option<String>,
    /// The p-value, as it is.
    pub p_value: Option<f64>,
    /// The p-value, adjusted for all differences of the report.
    pub adjusted: Option<f64>,
    /// The smallest fall that would have been shown.
    pub smallest: Option<f64>,
    /// `fell`, `rose`, `within-margin`, `others-moved` or `not-shown`.
    pub movement: Cow<'static, str>,
    /// What is shown, or could have been, in words.
    pub verdict: String,
    /// How the interval was found.
    pub method: Option<Cow<'static, str>>,
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
            charts,
            threshold,
            trend_level: trend,
            report_level: report,
            margin,
        }
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

/// Points without a needless zero.
fn points(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    text.trim_end_matches(".0").to_owned()
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

fn between(now: &SpanShare, before: &SpanShare) -> Option<String> {
    Some(format!("{} to {}", words::percent(before.share?), words::percent(now.share?)))
}

impl ComparedView {
    fn of(of: &Compared, policy: &ChangePolicy) -> Self {
        Self {
            now: of.now.share,
            before: of.before.share,
            shares: between(&of.now, &of.before),
            items: [of.now.items, of.before.items],
            raters: [of.now.raters, of.before.raters],
            adjusted: of.adjusted,
            smallest: of.smallest,
            movement: movement(of.movement).into(),
            verdict: verdict(of, policy),
            ..Self::of_contrast(&of.change)
        }
    }

    fn of_trend(trend: &WeekTrend) -> Self {
        let text = match (trend.movement, &trend.slope) {
            (_, Err(_)) if trend.weeks < TREND_WEEKS => "fewer than three weeks with gold".to_owned(),
            (_, Err(undefined)) => undefined.reason().to_owned(),
            (Movement::Fell, _) => "falls".to_owned(),
            (Movement::Rose, _) => "rises".to_owned(),
            _ => "no trend is shown".to_owned(),
        };
        Self { movement: movement(trend.movement).into(), verdict: text, ..Self::of_contrast(&trend.slope) }
    }

    fn of_contrast(of: &Result<Contrast, Undefined>) -> Self {
        let change = of.as_ref().ok();
        let estimate = change.map(|change| change.estimate);
        Self {
            now: None,
            before: None,
            shares: None,
            items: [0, 0],
            raters: [0, 0],
            point: estimate.map(|of| of.point),
            low: estimate.map(|of| of.low),
            high: estimate.map(|of| of.high),
            level: estimate.map(|of| of.level),
            value: estimate.map_or_else(|| words::UNDEFINED.to_owned(), |of| words::points(of.point)),
            interval: estimate.map(|of| words::points_between(of.low, of.high)),
            p_value: change.map(|change| change.p_value),
            adjusted: None,
            smallest: None,
            movement: movement(Movement::NotShown).into(),
            verdict: String::new(),
            method: estimate.map(|of| of.method.name().into()),
        }
    }
}

fn movement(movement: Movement) -> &'static str {
    match movement {
        Movement::Fell => "fell",
        Movement::Rose => "rose",
        Movement::WithinMargin => "within-margin",
        Movement::OthersMoved => "others-moved",
        Movement::NotShown => "not-shown",
    }
}

/// What is shown of a difference, or what could have been.
fn verdict(of: &Compared, policy: &ChangePolicy) -> String {
    match (of.movement, &of.change, of.smallest) {
        (Movement::Fell, ..) => "fell".to_owned(),
        (Movement::Rose, ..) => "rose".to_owned(),
        (Movement::OthersMoved, ..) => "differs, and the others moved more".to_owned(),
        (Movement::WithinMargin, ..) => {
            format!("unchanged within the margin of {} points", points(policy.margin.unwrap_or_default()))
        }
        (_, Err(_), _) if of.now.items == 0 => "no gold was rated".to_owned(),
        (_, Err(_), _) if of.before.items == 0 => "no gold was rated before".to_owned(),
        (_, Err(undefined), _) => undefined.reason().to_owned(),
        (.., Some(smallest)) if smallest < of.before.share.unwrap_or(1.0) => {
            format!("a fall of less than {:.0} points could not have been seen", (smallest * 100.0).ceil())
        }
        _ => "no fall could have been seen with so little gold".to_owned(),
    }
}
