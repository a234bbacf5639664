//! Charts: a trend as a small SVG, with intervals, the bar, and marks where releases came; and as a line within a table.
//!
//! In: the view of a task. Out: SVG text that takes its colours from the page's style sheet. No script, no style
//! attributes. Everything it shows stands in the table beside it too.

use super::view::{CriterionTrendView, FigureView, PointView, ReleaseView, ShareView, TaskView};
use crate::document::BarFigure;
use crate::figures::words;
use crate::ratings::Week;
use crate::text;
use jiff::civil::Date;
use std::fmt::Write;

/// Right out of asked by week, as SVG; none without a defined point.
pub fn trend_chart(cohort: &str, task: &TaskView) -> Option<String> {
    let marks: Vec<Mark> = task.trend.iter().filter_map(Mark::of).collect();
    let title = format!("{cohort}, {}: right out of asked by week", task.title);
    let bar = overall_bar(task);
    let floor = floor(marks.iter().map(|mark| mark.low).chain(bar));
    let area = PlotArea::of(&LARGE, floor, marks.iter().map(|mark| mark.week))?;
    Some(Chart { title: &title, marks, bar, releases: &task.releases, area }.svg())
}

/// The same of each criterion in little, on the same axes: by its id, and none without a defined point.
pub fn criterion_charts<'t>(cohort: &str, task: &'t TaskView) -> Vec<(&'t CriterionTrendView, Option<String>)> {
    let marks = |of: &CriterionTrendView| of.points.iter().filter_map(Mark::of_share).collect::<Vec<Mark>>();
    let bar = |of: &CriterionTrendView| bar(task, &BarFigure::accuracy_of(&of.criterion).name());
    let trends: Vec<_> = task.criteria_trends.iter().map(|of| (of, marks(of), bar(of))).collect();
    let shares = trends.iter().flat_map(|(_, marks, bar)| marks.iter().map(|mark| mark.low).chain(*bar));
    let floor = floor(shares);
    let weeks = || task.criteria_trends.iter().flat_map(|of| &of.points).filter_map(|share| Week::parse(&share.week));
    let chart = |(of, marks, bar): (&'t CriterionTrendView, Vec<Mark>, Option<f64>)| {
        let title = format!("{cohort}, {}, {}: right out of asked by week", task.title, of.criterion);
        let area = PlotArea::of(&SMALL, floor, weeks()).filter(|_| !marks.is_empty());
        let svg = area.map(|area| Chart { title: &title, marks, bar, releases: &task.releases, area }.svg());
        (of, svg)
    };
    trends.into_iter().map(chart).collect()
}

const LINE_WIDTH: f64 = 132.0;
const LINE_HEIGHT: f64 = 44.0;
/// So that the last point is not cut off.
const LINE_EDGE: f64 = 4.0;

/// Right out of asked by week as lines without labels, with the bar: one for each of some reports of a task, none where fewer
/// than two weeks have gold. All begin at the share that is returned with them, and end at all right.
pub fn trend_lines(tasks: &[&TaskView]) -> (f64, Vec<Option<String>>) {
    let marks: Vec<Vec<Mark>> = tasks.iter().map(|task| task.trend.iter().filter_map(Mark::of).collect()).collect();
    let shares = marks.iter().flatten().map(|mark| mark.point).chain(tasks.iter().filter_map(|task| overall_bar(task)));
    let floor = floor(shares);
    (floor, tasks.iter().zip(&marks).map(|(task, marks)| trend_line(marks, overall_bar(task), floor)).collect())
}

fn trend_line(marks: &[Mark], bar: Option<f64>, floor: f64) -> Option<String> {
    let (first, last) = (marks.first()?, marks.last().filter(|_| marks.len() > 1)?);
    let weeks = weeks_between(first.week, last.week) - 1.0;
    let x = |week: Week| LINE_EDGE + (weeks_between(first.week, week) - 1.0) / weeks * (LINE_WIDTH - 2.0 * LINE_EDGE);
    let y = |share: f64| LINE_EDGE + (1.0 - share) / (1.0 - floor) * (LINE_HEIGHT - 2.0 * LINE_EDGE);
    let title = [first, last].map(|mark| format!("{} in {}", words::percent(mark.point), mark.week)).join(", ");
    let mut svg = format!(
        "<svg class=\"trend-line\" viewBox=\"0 0 {LINE_WIDTH} {LINE_HEIGHT}\" role=\"img\"><title>{title}</title>"
    );
    if let Some(bar) = bar {
        let _ = write!(svg, "<path class=\"goal\" d=\"M0 {:.1}H{LINE_WIDTH}\"/>", y(bar));
    }
    draw_line(&mut svg, marks, &|mark| (x(mark.week), y(mark.point)));
    let _ = write!(svg, "<circle class=\"point\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>", x(last.week), y(last.point));
    svg.push_str("</svg>");
    Some(svg)
}

/// Where an axis begins that shows these shares: at a full tenth, and never at all right.
fn floor(shares: impl Iterator<Item = f64>) -> f64 {
    (shares.fold(0.9, f64::min) * 10.0).floor() / 10.0
}

/// What the bar asks of right out of asked.
fn overall_bar(task: &TaskView) -> Option<f64> {
    bar(task, &BarFigure::ACCURACY.name())
}

/// What the bar asks of a figure.
fn bar(task: &TaskView, figure: &str) -> Option<f64> {
    task.bar.parts.iter().find(|part| part.figure == figure).map(|part| part.at_least)
}

/// What a chart shows.
struct Chart<'a> {
    /// What it is called, for those who do not see it.
    title: &'a str,
    /// The points.
    marks: Vec<Mark>,
    /// The bar, if there is one on this figure.
    bar: Option<f64>,
    /// Releases in its span.
    releases: &'a [ReleaseView],
    /// Where things lie.
    area: PlotArea,
}

/// How large a chart is: its whole, and what is around its area.
struct ChartSize {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// The radius of a point.
    point: f64,
}

const LARGE: ChartSize =
    ChartSize { width: 640.0, height: 260.0, left: 48.0, right: 16.0, top: 22.0, bottom: 34.0, point: 4.0 };
/// As wide as a narrow telephone shows.
const SMALL: ChartSize =
    ChartSize { width: 300.0, height: 150.0, left: 44.0, right: 14.0, top: 20.0, bottom: 30.0, point: 3.0 };
/// Least room between labels on one line.
const ROOM: f64 = 74.0;

impl Chart<'_> {
    /// The chart as SVG.
    fn svg(&self) -> String {
        let area = &self.area;
        let ChartSize { width, height, left, .. } = area.size;
        let mut svg = String::new();
        let title = text::html(self.title);
        let _ = write!(svg, "<svg viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{title}</title>");
        area.draw(&mut svg, &self.marks);
        self.draw_releases(&mut svg);
        if let Some(bar) = self.bar {
            let (y, label, end) = (area.y(bar), words::threshold(bar), area.end());
            let _ = write!(
                svg,
                "<path class=\"goal\" d=\"M{left} {y:.1}H{end:.1}\"><title>The bar: {label}</title></path>"
            );
        }
        draw_marks(&mut svg, area, &self.marks);
        svg.push_str("</svg>");
        svg
    }

    fn draw_releases(&self, svg: &mut String) {
        let area = &self.area;
        let ChartSize { left, top, .. } = *area.size;
        let last = area.end();
        let mut free_from = left;
        for release in self.releases {
            let Ok(date) = release.date.parse::<Date>() else { continue };
            let (x, version) = (area.day(date), text::html(&release.version));
            if !(left..=last).contains(&x) {
                continue;
            }
            let bottom = area.bottom();
            let _ = write!(
                svg,
                "<path class=\"release\" d=\"M{x:.1} {top}V{bottom:.1}\"><title>Release {version}, {date}</title></path>"
            );
            if x >= free_from {
                let (y, anchor) = (top - 6.0, if x > last - ROOM { "end" } else { "start" });
                let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{version}</text>");
                free_from = x + ROOM;
            }
        }
    }
}

/// A point with its interval.
struct Mark {
    week: Week,
    point: f64,
    low: f64,
    high: f64,
}

impl Mark {
    fn of(point: &PointView) -> Option<Self> {
        let FigureView { point: share, low, high, .. } = point.figure;
        Some(Self { week: Week::parse(&point.week)?, point: share?, low: low?, high: high? })
    }

    fn of_share(share: &ShareView) -> Option<Self> {
        let ShareView { week, point, low, high, .. } = share;
        Some(Self { week: Week::parse(week)?, point: (*point)?, low: (*low)?, high: (*high)? })
    }
}

/// Where things lie.
struct PlotArea {
    size: &'static ChartSize,
    first: Date,
    weeks: f64,
    floor: f64,
}

impl PlotArea {
    /// An area from the first of these weeks to the last; none without a week.
    fn of(size: &'static ChartSize, floor: f64, weeks: impl Iterator<Item = Week> + Clone) -> Option<Self> {
        let (first, last) = (weeks.clone().min()?, weeks.max()?);
        Some(Self { size, first: first.days().0, weeks: weeks_between(first, last), floor })
    }

    /// Where it ends, from the left.
    fn end(&self) -> f64 {
        self.size.width - self.size.right
    }

    /// Where it ends, from above.
    fn bottom(&self) -> f64 {
        self.size.height - self.size.bottom
    }

    /// The middle of a week.
    fn x(&self, week: Week) -> f64 {
        self.day(week.days().0) + 0.5 * self.step()
    }

    fn day(&self, day: Date) -> f64 {
        self.size.left + days_between(self.first, day) / 7.0 * self.step()
    }

    fn step(&self) -> f64 {
        (self.end() - self.size.left) / self.weeks
    }

    fn y(&self, share: f64) -> f64 {
        let height = self.bottom() - self.size.top;
        self.size.top + (1.0 - share) / (1.0 - self.floor) * height
    }

    /// The grid with its labels: that of the newest week is always there.
    fn draw(&self, svg: &mut String, marks: &[Mark]) {
        let (left, end) = (self.size.left, self.end());
        let lines = ((1.0 - self.floor) * 10.0).round() as usize;
        let every = if lines > 5 { 2 } else { 1 };
        for line in (0..=lines).step_by(every) {
            let share = 1.0 - line as f64 / 10.0;
            let y = self.y(share);
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{left} {y:.1}H{end:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text>",
                left - 6.0,
                y + 4.0,
                share * 100.0,
            );
        }
        let bottom = self.bottom();
        let _ = write!(svg, "<path class=\"axis\" d=\"M{left} {bottom:.1}H{end:.1}\"/>");
        let mut free_until = f64::INFINITY;
        for mark in marks.iter().rev() {
            let (x, y, week) = (self.x(mark.week), bottom + 18.0, mark.week);
            if x <= free_until {
                let anchor = if x > end - ROOM / 2.0 { "end" } else { "middle" };
                let x = if anchor == "end" { end } else { x };
                let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{week}</text>");
                free_until = x - if anchor == "end" { 1.5 * ROOM } else { ROOM };
            }
        }
    }
}

fn draw_marks(svg: &mut String, area: &PlotArea, marks: &[Mark]) {
    for mark in marks {
        let (x, low, high) = (area.x(mark.week), area.y(mark.low), area.y(mark.high));
        let _ = write!(svg, "<path class=\"band\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>");
    }
    draw_line(svg, marks, &|mark| (area.x(mark.week), area.y(mark.point)));
    for mark in marks {
        let text = format!("{}: {}, {}", mark.week, words::percent(mark.point), words::interval(mark.low, mark.high));
        let (x, y, radius) = (area.x(mark.week), area.y(mark.point), area.size.point);
        let _ = write!(
            svg,
            "<circle class=\"point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"><title>{text}</title></circle>"
        );
    }
}

/// The line through points. Over weeks without gold there is none: it would show what nobody knows.
fn draw_line(svg: &mut String, marks: &[Mark], place: &dyn Fn(&Mark) -> (f64, f64)) {
    for run in marks.chunk_by(|a, b| weeks_between(a.week, b.week) == 2.0).filter(|run| run.len() > 1) {
        let places = run.iter().map(place).map(|(x, y)| format!("{x:.1} {y:.1}"));
        let _ = write!(svg, "<path class=\"line\" d=\"M{}\"/>", places.collect::<Vec<_>>().join("L"));
    }
}

fn days_between(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

/// How many weeks lie from the first to the last, both included.
fn weeks_between(first: Week, last: Week) -> f64 {
    days_between(first.days().0, last.days().0) / 7.0 + 1.0
}
