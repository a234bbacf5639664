//! Charts: a trend as a small SVG, with intervals, the bar, and marks where releases came; and as a line within a table.
//!
//! In: the view of a task. Out: SVG text that takes its colours from the page's style sheet. No script, no style
//! attributes. Everything it shows stands in the table beside it too.

use super::view::{FigureView, PointView, ReleaseView, TaskView};
use crate::document::BarFigure;
use crate::figures::words;
use crate::ratings::Week;
use crate::text;
use jiff::civil::Date;
use std::fmt::Write;

/// Right out of asked by week, as SVG; none without a defined point.
pub fn trend_chart(cohort: &str, task: &TaskView) -> Option<String> {
    let marks = task.trend.iter().filter_map(Mark::of);
    let title = format!("{cohort}, {}: right out of asked by week", task.title);
    Chart { title: &title, marks: marks.collect(), bar: bar(task), releases: &task.releases }.svg()
}

const LINE_WIDTH: f64 = 132.0;
const LINE_HEIGHT: f64 = 44.0;
/// So that the last point is not cut off.
const LINE_EDGE: f64 = 4.0;

/// Right out of asked by week as lines without labels, with the bar: one for each of some reports of a task, none where fewer
/// than two weeks have gold. All begin at the share that is returned with them, and end at all right.
pub fn trend_lines(tasks: &[&TaskView]) -> (f64, Vec<Option<String>>) {
    let marks: Vec<Vec<Mark>> = tasks.iter().map(|task| task.trend.iter().filter_map(Mark::of).collect()).collect();
    let shares = marks.iter().flatten().map(|mark| mark.point).chain(tasks.iter().filter_map(|task| bar(task)));
    let floor = floor(shares);
    (floor, tasks.iter().zip(&marks).map(|(task, marks)| trend_line(marks, bar(task), floor)).collect())
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
fn bar(task: &TaskView) -> Option<f64> {
    task.bar.parts.iter().find(|part| part.figure == BarFigure::ACCURACY.name()).map(|part| part.at_least)
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
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 34.0;
/// Least room between labels on one line.
const ROOM: f64 = 74.0;

impl Chart<'_> {
    /// The chart as SVG; none without a point.
    fn svg(&self) -> Option<String> {
        let marks = &self.marks;
        let (first, last) = (marks.first()?.week, marks.last()?.week);
        let area = PlotArea {
            first: first.days().0,
            weeks: weeks_between(first, last),
            floor: floor(marks.iter().map(|mark| mark.low).chain(self.bar)),
        };
        let mut svg = String::new();
        let (width, height) = (WIDTH, HEIGHT);
        let title = text::html(self.title);
        let _ = write!(svg, "<svg viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{title}</title>");
        area.draw(&mut svg, marks);
        self.draw_releases(&mut svg, &area);
        if let Some(bar) = self.bar {
            let (y, label) = (area.y(bar), words::threshold(bar));
            let _ = write!(
                svg,
                "<path class=\"goal\" d=\"M{LEFT} {y:.1}H{:.1}\"><title>The bar: {label}</title></path>",
                WIDTH - RIGHT
            );
        }
        draw_marks(&mut svg, &area, marks);
        svg.push_str("</svg>");
        Some(svg)
    }

    fn draw_releases(&self, svg: &mut String, area: &PlotArea) {
        let last = WIDTH - RIGHT;
        let mut free_from = LEFT;
        for release in self.releases {
            let Ok(date) = release.date.parse::<Date>() else { continue };
            let (x, version) = (area.day(date), text::html(&release.version));
            if !(LEFT..=last).contains(&x) {
                continue;
            }
            let bottom = HEIGHT - BOTTOM;
            let _ = write!(
                svg,
                "<path class=\"release\" d=\"M{x:.1} {TOP}V{bottom:.1}\"><title>Release {version}, {date}</title></path>"
            );
            if x >= free_from {
                let (y, anchor) = (TOP - 6.0, if x > last - ROOM { "end" } else { "start" });
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
}

/// Where things lie.
struct PlotArea {
    first: Date,
    weeks: f64,
    floor: f64,
}

impl PlotArea {
    /// The middle of a week.
    fn x(&self, week: Week) -> f64 {
        self.day(week.days().0) + 0.5 * self.step()
    }

    fn day(&self, day: Date) -> f64 {
        LEFT + days_between(self.first, day) / 7.0 * self.step()
    }

    fn step(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.weeks
    }

    fn y(&self, share: f64) -> f64 {
        let height = HEIGHT - TOP - BOTTOM;
        TOP + (1.0 - share) / (1.0 - self.floor) * height
    }

    /// The grid with its labels.
    fn draw(&self, svg: &mut String, marks: &[Mark]) {
        let lines = ((1.0 - self.floor) * 10.0).round() as usize;
        let every = if lines > 5 { 2 } else { 1 };
        for line in (0..=lines).step_by(every) {
            let share = 1.0 - line as f64 / 10.0;
            let y = self.y(share);
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.0,
                share * 100.0,
            );
        }
        let bottom = HEIGHT - BOTTOM;
        let _ = write!(svg, "<path class=\"axis\" d=\"M{LEFT} {bottom:.1}H{:.1}\"/>", WIDTH - RIGHT);
        let mut free_from = 0.0;
        for mark in marks {
            let (x, y, week) = (self.x(mark.week), bottom + 18.0, mark.week);
            if x >= free_from {
                let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{week}</text>");
                free_from = x + ROOM;
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
        let (x, y) = (area.x(mark.week), area.y(mark.point));
        let _ =
            write!(svg, "<circle class=\"point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{text}</title></circle>");
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
