//! Pages: from one planned entry to the view its template shows.
//!
//! In: the plan, the projected Model, and an entry. Out: a view of each kind. It decides nothing about who sees
//! what: what is not in the Model can't be shown.

use super::edition::Edition;
use super::frame::{Frames, link};
use super::host::{PageHost, title_range};
use super::plan::{Front, Plan};
use super::steps::{self, StepsView};
use super::theme::Theme;
use super::view::{
    AnswerView, ChoiceView, ContentsView, CriterionView, ExampleView, Fact, FolderView, Frame, HomeView, LinkView,
    NavGroup, PageView, RubricView, SealedText, TaskCard, TaskView, VersionView, VersionsView,
};
use crate::document::{Criterion, ItemKind, Scale, TaskKind, Use};
use crate::markdown::project::Pieces;
use crate::markdown::render::{self, Rendered};
use crate::model::{Answer, Example, Facts, Gold, Model, Page, Text, secrets};
use crate::release;

/// Makes views for one audience's site.
pub struct Pages<'a> {
    /// The projected Model.
    pub model: &'a Model,
    /// The plan.
    pub plan: &'a Plan<'a>,
    /// What surrounds pages.
    pub frames: Frames<'a>,
    /// The templates.
    pub theme: &'a Theme,
}

impl<'a> Pages<'a> {
    /// The first page: the tasks, and the shared pages at the top level.
    pub fn home(&self) -> HomeView {
        let mut frame = self.frames.plain("index.html", &self.model.config.title);
        frame.crumbs.clear();
        let mut tasks = Vec::new();
        for edition in &self.plan.editions {
            let own = format!("tasks/{}/", edition.task.id);
            let only_working = edition.release.is_none() && edition.task.releases.is_empty();
            if edition.root == own || only_working {
                tasks.push(task_card(edition));
            }
        }
        let top = self.plan.folders.get("pages/");
        let listed = top.map_or(&[][..], |folder| folder.listed());
        let links = listed.iter().take(12).map(|(path, page)| link(&page.title, "", path, "index.html")).collect();
        let more = self.plan.has_shared_pages().then(|| link("All pages", "", "pages/index.html", "index.html"));
        HomeView { frame, tasks, pages: NavGroup { title: "Pages".to_owned(), links, more } }
    }

    /// What is shown for an address that is not there.
    pub fn not_found(&self) -> PageView {
        let frame = self.frames.plain("404.html", "Page not found");
        let html = "<p>There is no page at this address. It may have been renamed, or it is not for this audience.</p>\
                    <p><a href=\"index.html\">Go to the first page</a></p>";
        PageView { frame, html: html.to_owned() }
    }

    /// A shared page.
    pub fn shared(&self, path: &str, page: &Page) -> PageView {
        self.shared_in(&folder_of(path, &self.plan.folders), path, page)
    }

    /// The first page of a site without tasks: the text of a shared page, which has an address of its own as well.
    pub fn front(&self, path: &str, front: &Front) -> PageView {
        let view = self.shared_in(&front.folder, path, &front.page);
        PageView { frame: Frame { crumbs: Vec::new(), ..view.frame }, ..view }
    }

    fn shared_in(&self, folder: &str, path: &str, page: &Page) -> PageView {
        let mut frame = self.frames.shared(path, &page.title, folder);
        let html = self.text(&page.text, None, &mut frame);
        PageView { frame, html }
    }

    /// The list of a folder without a page of its own.
    pub fn folder(&self, path: &str, folder: &str) -> FolderView {
        let frame = self.frames.shared(path, &self.frames.folder_title(folder), folder);
        let up = &frame.up;
        let mut groups = Vec::new();
        if let Some(inside) = self.plan.folders.get(folder) {
            let pages = inside.listed().iter().map(|(target, page)| link(&page.title, up, target, path)).collect();
            let folders = inside.folders.iter();
            let folders = folders
                .map(|inner| link(&self.frames.folder_title(inner), up, &format!("{inner}index.html"), path))
                .collect();
            groups.push(NavGroup { title: "Folders".to_owned(), links: folders, more: None });
            groups.push(NavGroup { title: "Pages".to_owned(), links: pages, more: None });
        }
        groups.retain(|group| !group.links.is_empty());
        FolderView { frame, groups }
    }

    /// A task's spec.
    pub fn task(&self, edition: &Edition<'a>, path: &str) -> TaskView {
        let set = edition.instructions;
        let mut frame = self.frames.edition(edition, path, &set.page.title);
        let html = self.text(&set.page.text, Some(edition), &mut frame);
        let up = frame.up.clone();
        let rubric = edition.rubric_path();
        let criteria = set.rubric.criteria.iter();
        let criteria = criteria.map(|criterion| {
            let title = self.criterion_title(edition, &criterion.id);
            link(&title, &up, &format!("{rubric}#{}", criterion.id), path)
        });
        let name = release::text::NAME;
        let sealed_text = edition
            .release
            .and_then(|release| release.projected.values().next())
            .map(|text| SealedText { url: format!("{up}{}{name}", edition.root), sha256: text.digest.to_string() });
        TaskView {
            facts: facts(&set.facts),
            summary: set.facts.summary.clone(),
            html,
            criteria: criteria.collect(),
            examples: self.example_links(edition, path, &up),
            sealed_text,
            frame,
        }
    }

    fn example_links(&self, edition: &Edition<'a>, path: &str, up: &str) -> Vec<LinkView> {
        let links = edition.examples_by_use().into_iter().map(|example| {
            let link = link(&example.page.title, up, &edition.example_path(example), path);
            LinkView { note: Some(example.used.name().to_owned()), ..link }
        });
        links.collect()
    }

    fn criterion_title(&self, edition: &Edition<'a>, id: &str) -> String {
        let outline = &edition.instructions.rubric_page.text.outline;
        outline.heading(id).map_or_else(|| id.to_owned(), |heading| heading.text.clone())
    }

    /// A rubric: the criteria in short, then their explanation.
    pub fn rubric(&self, edition: &Edition<'a>, path: &str) -> RubricView {
        let set = edition.instructions;
        let mut frame = self.frames.edition(edition, path, &set.rubric_page.title);
        let html = self.text(&set.rubric_page.text, Some(edition), &mut frame);
        let criteria = set.rubric.criteria.iter();
        let criteria =
            criteria.map(|criterion| criterion_view(criterion, self.criterion_title(edition, &criterion.id)));
        RubricView { frame, criteria: criteria.collect(), html }
    }

    /// A further page of a task.
    pub fn task_page(&self, edition: &Edition<'a>, path: &str, page: &Page) -> PageView {
        let mut frame = self.frames.edition(edition, path, &page.title);
        let html = self.text(&page.text, Some(edition), &mut frame);
        PageView { frame, html }
    }

    /// The list of an edition's examples.
    pub fn examples(&self, edition: &Edition<'a>, path: &str) -> FolderView {
        let frame = self.frames.edition(edition, path, "Examples");
        let mut groups = Vec::new();
        for (used, title) in [
            (Use::Worked, "Worked: the gold answers are shown and explained"),
            (Use::Practice, "Practice: rate the run, then compare"),
            (Use::Test, "Test: rate the run; the gold answers are not shown"),
            (Use::HeldOut, "Held out: not shown to contractors"),
        ] {
            let examples = edition.instructions.examples.iter().filter(|example| example.used == used);
            let links: Vec<LinkView> = examples
                .map(|example| link(&example.page.title, &frame.up, &edition.example_path(example), path))
                .collect();
            if !links.is_empty() {
                groups.push(NavGroup { title: title.to_owned(), links, more: None });
            }
        }
        FolderView { frame, groups }
    }

    /// An example: its run, and the gold that may be shown.
    pub fn example(&self, edition: &Edition<'a>, path: &str, example: &Example) -> ExampleView {
        let mut frame = self.frames.edition(edition, path, &example.page.title);
        let up = frame.up.clone();
        let index = format!("{}examples/index.html", edition.root);
        frame.crumbs.push(link("Examples", &up, &index, path));
        frame.canary =
            (example.used == Use::HeldOut).then(|| secrets::canary(&self.model.config.title, &example.page.path));
        let set = edition.instructions;
        let practice = example.used == Use::Practice;
        let flags = steps::flags(&example.gold, &set.rubric);
        let marks = if practice { &[][..] } else { &flags };
        let run = example.trajectory.as_ref().map(|run| StepsView::run(run, marks));
        let steps = run.and_then(|run| self.theme.steps(&run)).unwrap_or_default();
        let (intro, discussion) = self.split_text(&example.page.text, edition, &mut frame);
        if practice {
            frame.contents.clear();
        }
        let place = |id: &str, title: &str| ContentsView { level: 2, id: id.to_owned(), title: title.to_owned() };
        if !example.gold.is_empty() && !practice {
            frame.contents.insert(0, place("gold", "Gold answers"));
        }
        if example.trajectory.is_some() {
            frame.contents.push(place("run", "The run"));
        }
        let answers = example.gold.iter().map(|gold| self.answer(gold, edition, &up, &flags)).collect();
        ExampleView { frame, used: example.used.name(), item: example.item.clone(), intro, discussion, answers, steps }
    }

    /// What stands before the first heading, and the rest.
    fn split_text(&self, text: &Text, edition: &Edition<'a>, frame: &mut Frame) -> (String, String) {
        let first = text
            .outline
            .headings
            .iter()
            .find(|heading| title_range(text).is_none_or(|title| heading.range.start >= title.end));
        let at = first.map_or(text.pieces.text.len(), |heading| heading.range.start);
        let length = text.pieces.text.len();
        let part = |range: std::ops::Range<usize>| -> Text {
            let pieces: Pieces = text.pieces.replace(&[(range, None)]);
            text.with(pieces)
        };
        let intro = self.text(&part(at..length), Some(edition), frame);
        let mut discussion = part(0..at);
        discussion.title_in_body = false;
        let discussion = self.text(&discussion, Some(edition), frame);
        (intro, discussion)
    }

    fn answer(&self, gold: &Gold, edition: &Edition<'a>, up: &str, flags: &[steps::FlagView]) -> AnswerView {
        let criterion = edition.instructions.rubric.criterion(&gold.criterion);
        let (value, is_flags) = match &gold.answer {
            Answer::Values(values) => (values.join(" or "), false),
            Answer::Outcome(outcome) => (outcome.name().to_owned(), false),
            Answer::Flags(_) => (String::new(), true),
        };
        let meaning = criterion.and_then(|criterion| {
            criterion.scale.choices().iter().find(|choice| choice.value == value).map(|choice| choice.meaning.clone())
        });
        AnswerView {
            criterion: gold.criterion.clone(),
            title: self.criterion_title(edition, &gold.criterion),
            url: format!("{up}{}#{}", edition.rubric_path(), gold.criterion),
            value,
            meaning: meaning.unwrap_or_default(),
            why: gold.why.clone(),
            flags: flags.iter().filter(|flag| flag.criterion == gold.criterion).cloned().collect(),
            is_flags,
        }
    }

    /// A task's versions, newest first.
    pub fn versions(&self, edition: &Edition<'a>, path: &str) -> VersionsView {
        let frame = self.frames.edition(edition, path, "Versions");
        let latest = edition.task.latest().map(|release| &release.version);
        let versions = edition.task.releases.iter().rev().map(|release| VersionView {
            version: release.version.to_string(),
            date: release.date.to_string(),
            note: release.note.clone(),
            digest: release.digest.clone(),
            url: format!("{}tasks/{}/v/{}/index.html", frame.up, edition.task.id, release.version),
            latest: Some(&release.version) == latest,
        });
        VersionsView { versions: versions.collect(), frame }
    }

    /// What a text may ask while it is rendered.
    pub fn host<'b>(&'b self, text: &'b Text, edition: Option<&'b Edition<'a>>, up: &'b str) -> PageHost<'b> {
        PageHost {
            plan: self.plan,
            edition,
            up,
            excerpts: &text.excerpts,
            theme: self.theme,
            audiences: &self.model.config.audiences,
        }
    }

    /// Renders a text, and puts its headings into the frame.
    fn text(&self, text: &Text, edition: Option<&Edition<'a>>, frame: &mut Frame) -> String {
        let host = self.host(text, edition, &frame.up);
        let Rendered { html, contents } =
            render::render(&text.pieces, title_range(text), text.outline.too_deep.is_some(), &host);
        let contents = contents.into_iter().map(|(level, id, title)| ContentsView { level, id, title });
        frame.contents.extend(contents);
        html
    }
}

/// The folder a page lies in: for a folder's own page, that folder.
pub fn folder_of(path: &str, folders: &std::collections::BTreeMap<String, super::plan::Folder>) -> String {
    let own = path.strip_suffix("index.html").unwrap_or(path);
    if folders.contains_key(own) {
        return own.to_owned();
    }
    let above = own.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
    format!("{above}/")
}

fn task_card(edition: &Edition<'_>) -> TaskCard {
    let set = edition.instructions;
    let version = edition.release.map(|release| format!("{}, sealed on {}", release.version, release.date));
    let mut short = vec![Fact { name: "Version", value: version.unwrap_or_else(|| "working text".to_owned()) }];
    short.extend(facts(&set.facts).into_iter().filter(|fact| matches!(fact.name, "Time" | "Pay" | "Status")));
    TaskCard {
        title: set.page.title.clone(),
        url: edition.home_path(),
        summary: set.facts.summary.clone(),
        facts: short,
    }
}

fn facts(facts: &Facts) -> Vec<Fact> {
    let status = facts.status.name();
    let item = match facts.items {
        ItemKind::Trajectory => Some("one recorded run"),
        ItemKind::Text => Some("one text"),
        ItemKind::Pair => Some("a pair to compare"),
        ItemKind::Debate => Some("one debate"),
        ItemKind::None => None,
    };
    let known = [
        ("Item", item.map(str::to_owned)),
        ("Kind", (facts.kind == TaskKind::OneOff).then(|| "a one-off analysis".to_owned())),
        ("Time", facts.time.as_ref().map(|time| format!("{time} for an item"))),
        ("Pay", facts.pay.as_ref().map(|pay| format!("{pay} for an accepted item"))),
        ("Status", (status != "active").then(|| status.to_owned())),
        ("Owner", facts.owner.clone()),
        ("Interests", facts.interests.clone()),
    ];
    known.into_iter().filter_map(|(name, value)| Some(Fact { name, value: value? })).collect()
}

fn criterion_view(criterion: &Criterion, title: String) -> CriterionView {
    let scale = match &criterion.scale {
        Scale::Nominal(_) => "one of these".to_owned(),
        Scale::Ordinal(_) => "one of these, in order".to_owned(),
        Scale::Steps(_) if criterion.each => "one of these for every step".to_owned(),
        Scale::Steps(_) => "a flag of one of these kinds on each step concerned, or none".to_owned(),
        Scale::Number { min, max, unit } => number_words(*min, *max, unit.as_deref()),
        Scale::Text => "free text, never scored".to_owned(),
    };
    let mut rules = Vec::new();
    if criterion.unsure {
        rules.push("“Unsure” is an answer.".to_owned());
    }
    for attribute in &criterion.attributes {
        rules.push(format!("Each flag has one {}: {}.", attribute.name, attribute.values.join(", ")));
    }
    if criterion.tolerance > 0.0 {
        let unit = match &criterion.scale {
            Scale::Number { unit, .. } => unit.as_deref().unwrap_or(""),
            _ if (criterion.tolerance - 1.0).abs() < f64::EPSILON => "step",
            _ => "steps",
        };
        rules.push(format!("An answer up to {} {unit} off counts as the same.", criterion.tolerance));
    }
    let choices = criterion.scale.choices().iter();
    let choices = choices.map(|choice| ChoiceView { value: choice.value.clone(), meaning: choice.meaning.clone() });
    CriterionView { id: criterion.id.clone(), title, scale, choices: choices.collect(), rules }
}

fn number_words(min: Option<f64>, max: Option<f64>, unit: Option<&str>) -> String {
    let unit = unit.map_or(String::new(), |unit| format!(", in {unit}"));
    match (min, max) {
        (Some(min), Some(max)) => format!("a number from {min} to {max}{unit}"),
        (Some(min), None) => format!("a number from {min} up{unit}"),
        (None, Some(max)) => format!("a number up to {max}{unit}"),
        (None, None) => format!("a number{unit}"),
    }
}
