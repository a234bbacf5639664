//! Fuzzing: a door to each private reader that a target of `fuzz/` drives.
//!
//! In: what a fuzzer made up, laid over the site of the tests. Out: what the target looks through, or a panic.
//! It is compiled by `cargo fuzz` alone and does nothing that a command does not do.

use crate::audience::{AudienceId, Audiences};
use crate::diagnostic::{Diagnostics, Format, print};
use crate::digest::Digest;
use crate::document::links::Target;
use crate::markdown::ids::RunSide;
use crate::markdown::render::{self, Destination, Host, PagePart};
use crate::model::{Model, Text, project};
use crate::progress::Progress;
use crate::site::steps::parts::RunParts;
use crate::site::steps::{StepsView, conservation};
use crate::site::theme::Theme;
use crate::source::{Content, Source, Sources};
use crate::table::TableSource;
use crate::trajectory::Trajectory;
use crate::workspace::{Memory, Workspace};
use crate::{config, model, ratings};
use std::sync::{Arc, LazyLock};

macro_rules! base {
    ($($path:literal),* $(,)?) => { [$(($path, include_str!(concat!("../tests/base/", $path)))),*] };
}

/// The site of the tests, which is in order.
const BASE: [(&str, &str); 11] = base![
    "goldbook.yaml",
    "content/cohorts/blue.yaml",
    "content/pages/welcome.md",
    "content/tasks/check-run/task.md",
    "content/tasks/check-run/rubric.md",
    "content/tasks/check-run/gold.csv",
    "content/tasks/check-run/examples/kept.md",
    "content/tasks/check-run/examples/practice.md",
    "content/tasks/check-run/examples/tested.md",
    "content/tasks/check-run/examples/worked.md",
    "content/tasks/check-run/trajectories/run-1.json",
];

/// Where a text is read as a document of each kind.
const KINDS: [&str; 7] = [
    "content/cohorts/fuzz.yaml",
    "content/pages/fuzz.md",
    "content/releases/check-run/1.0.0.yaml",
    "content/tasks/check-run/examples/fuzz.md",
    "content/tasks/check-run/fuzz.md",
    "content/tasks/fuzz/rubric.md",
    "content/tasks/fuzz/task.md",
];

/// Where a text is read as a shared page.
const PAGE: &str = "content/pages/fuzz.md";

/// The site of the tests with `text` at these places.
fn site<'m>(places: &[&str], text: &str, memory: &'m Memory) -> Workspace<'m> {
    let source = |path: &str, text: &str| Source::new(path, Content::Text(text.into()));
    let kept = BASE.iter().filter(|(path, _)| !places.contains(path)).map(|(path, text)| source(path, text));
    let sources = Sources::new(kept.chain(places.iter().map(|path| source(path, text))).collect());
    let file = sources.find(config::FILE).expect("it is in the base");
    let settings = config::parse(BASE[0].1, file.id, &mut Diagnostics::default()).expect("the base is in order");
    Workspace::of(settings, sources, memory)
}

/// Prints findings as a command does, so that their places are looked up.
fn show(mut diagnostics: Diagnostics, sources: &Sources) {
    diagnostics.locate(sources);
    for format in [Format::Plain, Format::Json] {
        print(&diagnostics, format, &mut Vec::new()).expect("memory takes everything");
    }
}

/// Reads a text as settings.
pub fn settings(text: &str) {
    let memory = Memory::default();
    let workspace = site(&[config::FILE], text, &memory);
    let file = workspace.sources.find(config::FILE).expect("it is in the base");
    let mut diagnostics = Diagnostics::default();
    config::parse(text, file.id, &mut diagnostics);
    show(diagnostics, &workspace.sources);
}

/// Reads a text as a document of each kind at once, and checks the site that has them.
pub fn documents(text: &str) {
    let memory = Memory::default();
    let workspace = site(&KINDS, text, &memory);
    let mut diagnostics = Diagnostics::default();
    let model = workspace.model(&Progress::hidden(), &mut diagnostics);
    model::secrets::of(&model, &workspace.files(), &mut diagnostics);
    show(diagnostics, &workspace.sources);
}

/// The HTML that each audience gets of a page with this text, if any.
pub fn markdown(text: &str) -> Vec<String> {
    let memory = Memory::default();
    let workspace = site(&[PAGE], text, &memory);
    let model = workspace.model(&Progress::hidden(), &mut Diagnostics::default());
    model.config.audiences.iter().filter_map(|reader| html_for(reader, &model)).collect()
}

fn html_for(reader: AudienceId, model: &Model) -> Option<String> {
    let projected = project::project(model, reader, false, &crate::memo::Memo::default());
    let text = &projected.shared_page(PAGE)?.text;
    let host = OpenHost { reader, text, audiences: &model.config.audiences };
    let rendered = render::render(&text.pieces, &text.outline, &[], &host);
    let lost: Vec<&str> = rendered.lost.iter().map(|range| &text.pieces.text[range.clone()]).collect();
    assert!(lost.is_empty(), "{lost:?} are not on the page: {}", rendered.html);
    let listed = text.outline.headings.iter().filter(|heading| (2..=3).contains(&heading.level));
    let listed = listed.map(|heading| (heading.level, heading.id.clone(), heading.text.clone()));
    assert_eq!(rendered.contents, listed.collect::<Vec<_>>(), "links are checked against other ids than are rendered");
    Some(rendered.html)
}

/// What a page may ask in a site of which every file has a page.
struct OpenHost<'a> {
    reader: AudienceId,
    text: &'a Text,
    audiences: &'a Audiences,
}

impl Host for OpenHost<'_> {
    fn link(&self, offset: usize) -> Destination {
        match self.text.target_at(offset) {
            Some(Target::Here(fragment)) => Destination::Inside(format!("#{fragment}")),
            Some(Target::File(path, _)) => Destination::Inside(format!("./{path}")),
            Some(Target::Outside(url)) => Destination::Outside(url.clone()),
            Some(Target::Unsafe) => Destination::Nowhere,
            None => panic!("a link at {offset} that was never checked"),
        }
    }

    fn trajectory(&self, _: &str) -> Option<String> {
        None
    }

    fn is_audience(&self, name: &str) -> bool {
        let audience = self.audiences.find(name);
        let seen = audience.is_none_or(|audience| self.audiences.sees(self.reader, audience));
        assert!(seen, "a passage for {name} is shown to {}", self.audiences.name(self.reader));
        audience.is_some()
    }

    fn part(&self) -> &PagePart {
        PagePart::alone()
    }
}

/// Shows a run, every word of which must be on its page.
pub fn steps(run: &Trajectory) {
    static THEME: LazyLock<Theme> =
        LazyLock::new(|| Theme::load(None, &Sources::new(Vec::new()), &mut Diagnostics::default()));
    let shown = model::Run {
        path: "run.json".into(),
        file: "run".into(),
        trajectory: Arc::new(run.clone()),
        pictures: Arc::default(),
        digest: Digest::of(b""),
    };
    let whole = RunParts::one(run, RunSide::First);
    let views = StepsView::parts(&shown, &[], &whole, (None, ""), &|_| None);
    let html: String = views.iter().map(|view| THEME.steps(view).expect("the template takes every run")).collect();
    let lost = conservation::missing(run, &html);
    assert!(lost.is_empty(), "not on the page: {lost:?}");
}

/// Reads a text as ratings in every form, and as gold.
pub fn ratings(text: &[u8]) {
    static MODEL: LazyLock<Model> =
        LazyLock::new(|| site(&[], "", &Memory::default()).model(&Progress::hidden(), &mut Diagnostics::default()));
    let gold = String::from_utf8_lossy(text);
    let memory = Memory::default();
    let workspace = site(&["content/tasks/check-run/gold.csv"], &gold, &memory);
    let files = ["content/ratings/a.csv", "content/ratings/b.tsv", "content/ratings/c.jsonl"];
    let mut diagnostics = Diagnostics::default();
    let mut rejects = 0;
    let files = files.map(|path| (path, move || Ok(TableSource::new(path, text)))).into();
    let table = ratings::read_from(files, &MODEL, &workspace.sources, &mut |_, _| rejects += 1, &mut diagnostics);
    let ledger = &table.notes.ledger;
    for file in &ledger.files {
        assert_eq!(file.counts().rows(), file.read, "the ledger of {} does not add up", file.path);
    }
    assert_eq!(ledger.counts().rejected_rows(), rejects, "not every rejected row is handed out");
    show(diagnostics, &workspace.sources);
}
