//! Tables of a report as CSV, for spreadsheets and scripts: figures, confusion, trend, rows and raters.
//!
//! In: the view. Out: text with raw numbers. A cell that a spreadsheet would run as a formula gets a leading
//! apostrophe. It computes nothing.

use super::view::{
    AccuracyView, ComparedView, FigureView, FiguresView, RatersView, ReportView, RowKindsView, RowsView, TaskView,
};
use crate::text;
use std::slice;

const FIGURE: [&str; 15] = [
    "point",
    "low",
    "high",
    "level",
    "lower",
    "upper",
    "n_ratings",
    "n_items",
    "n_raters",
    "design_effect",
    "design_effect_items",
    "design_effect_raters",
    "method",
    "undefined",
    "caution",
];

/// `figures.csv`: every figure of the report.
pub fn figures(view: &ReportView) -> String {
    let mut table = CsvTable::new(&["cohort", "week", "task", "span", "version", "criterion", "figure"], &FIGURE);
    for task in &view.tasks {
        for (span, figures) in [("week", &task.in_week), ("so-far", &task.so_far)] {
            table.figures(view, task, span, figures);
        }
        for of in &task.change.series {
            let figures = [("change", Some(&of.week)), ("change-beside-others", of.beside.as_ref())];
            for (name, change) in figures.into_iter().chain([("trend", Some(&of.trend))]) {
                let criterion = of.criterion.as_deref().unwrap_or("");
                let head = [&view.cohort, &view.week, &task.id, "week", "", criterion, name].map(str::to_owned);
                let told = |of: &ComparedView| table.figure(head.to_vec(), &of.figure(), slice::from_ref(&of.verdict));
                change.into_iter().for_each(told);
            }
        }
        for of in &task.ceiling {
            let figures = [("experts-ceiling", Some(&of.experts)), ("beside-experts", of.cohort.as_ref())];
            let figures = figures.into_iter().chain([("less-experts", of.difference.as_ref())]);
            for (name, figure) in figures.filter_map(|(name, figure)| Some((name, figure?))) {
                let criterion = of.criterion.as_deref().unwrap_or("");
                let head = [&view.cohort, &view.week, &task.id, "so-far", "", criterion, name];
                table.figure(head.map(str::to_owned).to_vec(), figure, &[]);
            }
        }
        for of in &task.cost {
            for (span, figure) in [("week", &of.in_week), ("so-far", &of.so_far)] {
                let head = [&*view.cohort, &view.week, &task.id, span, "", "", &of.id].map(str::to_owned);
                figure.iter().for_each(|figure| table.figure(head.to_vec(), figure, &[]));
            }
        }
        for version in &task.versions {
            let name = version.version.as_deref().unwrap_or("");
            table.accuracy([&view.cohort, &view.week, &task.id, "so-far", name, ""], &version.accuracy, &[]);
        }
        table.accuracy([&view.cohort, &view.week, &task.id, "so-far-shown-gold", "", ""], &task.shown, &[]);
    }
    table.text()
}

/// `confusion.csv`: how often each answer met each gold.
pub fn confusion(view: &ReportView) -> String {
    let mut table = CsvTable::new(&["cohort", "week", "task", "span", "criterion", "gold", "answer", "ratings"], &[]);
    for task in &view.tasks {
        for (span, figures) in [("week", &task.in_week), ("so-far", &task.so_far)] {
            for criterion in &figures.criteria {
                for row in criterion.confusion.iter().flat_map(|confusion| &confusion.rows) {
                    let answers = criterion.confusion.iter().flat_map(|confusion| &confusion.answers);
                    for (answer, count) in answers.zip(&row.counts) {
                        let count = count.to_string();
                        let head = [&view.cohort, &view.week, &task.id, span, &criterion.id, &row.gold, answer, &count];
                        table.row(head.map(str::to_owned).to_vec());
                    }
                }
            }
        }
    }
    table.text()
}

/// `trend.csv`: right out of asked by week, over all criteria and of each.
pub fn trend(view: &ReportView) -> String {
    let mut table = CsvTable::new(&["cohort", "task", "week", "criterion"], &FIGURE);
    for task in &view.tasks {
        let head = |week: &str, criterion: &str| [&view.cohort, &task.id, week, criterion].map(str::to_owned).to_vec();
        for point in &task.trend {
            table.figure(head(&point.week, ""), &point.figure, &[]);
        }
        for of in &task.criteria_trends {
            for share in &of.points {
                table.figure(head(&share.week, &of.criterion), &share.figure(), &[]);
            }
        }
    }
    table.text()
}

/// `raters.csv`: each rater of a cohort at each task, by all that was rated so far.
pub fn raters(view: &RatersView) -> String {
    let head = [
        "cohort",
        "week",
        "task",
        "rater",
        "ratings",
        "submissions",
        "median_seconds",
        "gold_items",
        "asked",
        "answered",
        "right",
        "accuracy",
        "low",
        "high",
        "undefined",
        "misreadings",
        "repeated_comment",
    ];
    let mut table = CsvTable::new(&head, &[]);
    for (task, of) in view.tasks.iter().flat_map(|task| task.raters.iter().map(move |of| (task, of))) {
        let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
        let names = [&view.cohort, &view.week, &task.id, &of.rater].map(ToString::to_string);
        let work = [of.ratings.to_string(), of.submissions.to_string(), number(of.median_seconds)];
        let gold = [of.gold_items, of.asked, of.answered, of.right].map(|count| count.to_string());
        let accuracy = [of.point, of.low, of.high].map(number);
        let misreadings: Vec<&str> = of.misreadings.iter().map(|of| of.text.as_str()).collect();
        let told = [of.undefined.as_deref(), Some(&misreadings.join("; ")), of.repeated_comment.as_deref()];
        let told = told.map(|text| text.unwrap_or("").to_owned());
        table.row(names.into_iter().chain(work).chain(gold).chain(accuracy).chain(told).collect());
    }
    table.text()
}

/// `rows.csv`: what became of the rows of each file; the numbers of a file add up to its rows.
pub fn rows(view: &ReportView) -> String {
    let mut table = CsvTable::new(&["cohort", "week", "file", "became", "rows"], &[]);
    for file in &view.ledger.files {
        for (became, count) in fates(file) {
            let path = file.file.as_deref().unwrap_or("");
            table.row([&*view.cohort, &*view.week, path, &became, &count.to_string()].map(str::to_owned).to_vec());
        }
    }
    table.text()
}

fn fates(rows: &RowsView) -> impl Iterator<Item = (String, u64)> {
    let RowKindsView { used, replaced, withdrawn, no_cohort, .. } = rows.kinds;
    let kinds = [("used", used), ("replaced", replaced), ("withdrawn", withdrawn), ("no-cohort", no_cohort)];
    let rejected = rows.reasons.iter().map(|of| (format!("rejected-{}", of.reason), of.rows));
    kinds.into_iter().map(|(kind, rows)| (kind.to_owned(), rows)).chain(rejected)
}

struct CsvTable {
    rows: Vec<Vec<String>>,
}

impl CsvTable {
    fn new(head: &[&str], more: &[&str]) -> Self {
        Self { rows: vec![head.iter().chain(more).map(|name| (*name).to_owned()).collect()] }
    }

    fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn figures(&mut self, view: &ReportView, task: &TaskView, span: &str, figures: &FiguresView) {
        self.accuracy([&view.cohort, &view.week, &task.id, span, "", ""], &figures.overall, &[]);
        for criterion in &figures.criteria {
            let head = [&view.cohort, &view.week, &task.id, span, "", &criterion.id];
            self.accuracy(head, &criterion.accuracy, &criterion.remarks);
            for (name, figure, cautions) in criterion.coefficients() {
                self.figure(head.into_iter().chain([name]).map(str::to_owned).collect(), figure, cautions);
            }
        }
    }

    fn accuracy(&mut self, head: [&str; 6], accuracy: &AccuracyView, cautions: &[String]) {
        let figures = [
            ("accuracy", &accuracy.of_asked),
            ("right-of-answered", &accuracy.of_answered),
            ("answered", &accuracy.share_answered),
        ];
        for (name, figure) in figures {
            let head = head.into_iter().chain([name]).map(str::to_owned).collect();
            self.figure(head, figure, cautions);
        }
    }

    fn figure(&mut self, mut row: Vec<String>, figure: &FigureView, cautions: &[String]) {
        let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
        row.extend([figure.point, figure.low, figure.high, figure.level, figure.lower, figure.upper].map(number));
        let count = |count: Option<u64>| count.map_or(String::new(), |count| count.to_string());
        // A figure that counts no items, such as a cost, has none; 0 would say that it stands on nothing.
        let items = Some(figure.n_items).filter(|items| *items > 0 || figure.point.is_none());
        row.extend([figure.n_ratings, items, figure.n_raters].map(count));
        row.extend([figure.design_effect, figure.design_effect_items, figure.design_effect_raters].map(number));
        row.extend([&figure.method, &figure.undefined].map(|text| text.as_deref().unwrap_or("").to_owned()));
        let cautions: Vec<&str> =
            figure.remark.as_deref().into_iter().chain(cautions.iter().map(String::as_str)).collect();
        row.push(cautions.join(" "));
        self.row(row);
    }

    fn text(self) -> String {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        for row in self.rows {
            // Writing to memory can't fail, and rows of one table are equally long.
            let _ = writer.write_record(row.iter().map(|cell| text::cell(cell).into_owned()));
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
