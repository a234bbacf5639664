//! Views: what templates see, one a page kind.
//!
//! In: nothing; these are plain values made by `frame` and `pages`. Out: the same, serialised. A renamed field of
//! the Model can't break a theme in silence, because templates never see the Model.

use super::steps::FlagView;
use serde::Serialize;

/// What surrounds every page.
#[derive(Serialize, Default)]
pub struct Frame {
    /// The site's name.
    pub site: String,
    /// The page's title.
    pub title: String,
    /// Language of the page.
    pub language: String,
    /// What leads up to the root: one `../` for each folder.
    pub up: String,
    /// The audience this site is for.
    pub audience: String,
    /// Which version this is.
    pub badge: Option<Badge>,
    /// What a reader should know before reading on.
    pub notice: Option<Notice>,
    /// The way here from the first page.
    pub crumbs: Vec<LinkView>,
    /// Links of the section.
    pub nav: Vec<NavGroup>,
    /// The page's own headings.
    pub contents: Vec<ContentsView>,
    /// The page before in the section.
    pub previous: Option<LinkView>,
    /// The page after in the section.
    pub next: Option<LinkView>,
    /// The links at the top of every page.
    pub menu: Vec<LinkView>,
    /// A string that tells where a copy of this page came from.
    pub canary: Option<String>,
}

/// Which version a page shows.
#[derive(Serialize, Clone)]
pub struct Badge {
    /// `sealed`, `older`, `working` or `live`; a class of the style sheet.
    pub kind: &'static str,
    /// Such as "Version 1.0.0".
    pub label: String,
    /// Such as "sealed on 2026-11-01".
    pub detail: String,
    /// Where the versions are listed.
    pub url: Option<String>,
}

/// A sentence above the text, with a way on.
#[derive(Serialize, Clone)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Where it leads.
    pub link: Option<LinkView>,
}

/// A link.
#[derive(Serialize, Clone, Default)]
pub struct LinkView {
    /// What it is called.
    pub title: String,
    /// Where it leads, relative to the page.
    pub url: String,
    /// Whether it leads to the page it stands on.
    pub current: bool,
    /// A word beside it.
    pub note: Option<String>,
}

/// A group of links.
#[derive(Serialize, Clone, Default)]
pub struct NavGroup {
    /// Its title.
    pub title: String,
    /// Its links, never more than a few dozen.
    pub links: Vec<LinkView>,
    /// Where the rest is, if there is more.
    pub more: Option<LinkView>,
}

/// A heading of the page.
#[derive(Serialize)]
pub struct ContentsView {
    /// 2 or 3.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its text.
    pub title: String,
}

/// The first page.
#[derive(Serialize)]
pub struct HomeView {
    /// Around it.
    pub frame: Frame,
    /// The tasks.
    pub tasks: Vec<TaskCard>,
    /// Shared pages at the top level.
    pub pages: NavGroup,
}

/// A task in a list.
#[derive(Serialize)]
pub struct TaskCard {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// One sentence.
    pub summary: Option<String>,
    /// Short facts: version, time, pay.
    pub facts: Vec<Fact>,
}

/// A short fact.
#[derive(Serialize, Clone)]
pub struct Fact {
    /// Such as "Time".
    pub name: &'static str,
    /// Such as "45 min".
    pub value: String,
}

/// A page that is its text.
#[derive(Serialize)]
pub struct PageView {
    /// Around it.
    pub frame: Frame,
    /// The text.
    pub html: String,
}

/// A list of pages.
#[derive(Serialize)]
pub struct FolderView {
    /// Around it.
    pub frame: Frame,
    /// Lists of links.
    pub groups: Vec<NavGroup>,
}

/// A task's spec.
#[derive(Serialize)]
pub struct TaskView {
    /// Around it.
    pub frame: Frame,
    /// Short facts.
    pub facts: Vec<Fact>,
    /// One sentence.
    pub summary: Option<String>,
    /// The spec.
    pub html: String,
    /// The criteria, each with a link to its section.
    pub criteria: Vec<LinkView>,
    /// The examples.
    pub examples: Vec<LinkView>,
    /// The SHA-256 of the text as sealed, and where that text is.
    pub sealed_text: Option<SealedText>,
}

/// The text of a version, for whoever wants to check it.
#[derive(Serialize)]
pub struct SealedText {
    /// Where it is.
    pub url: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// A rubric.
#[derive(Serialize)]
pub struct RubricView {
    /// Around it.
    pub frame: Frame,
    /// The criteria in short.
    pub criteria: Vec<CriterionView>,
    /// Their explanation.
    pub html: String,
}

/// A criterion in short.
#[derive(Serialize)]
pub struct CriterionView {
    /// Its id.
    pub id: String,
    /// The heading of its section.
    pub title: String,
    /// Such as "one of these, in order".
    pub scale: String,
    /// Its values.
    pub choices: Vec<ChoiceView>,
    /// Further rules: unsure, tolerance, attributes.
    pub rules: Vec<String>,
}

/// A value of a scale.
#[derive(Serialize)]
pub struct ChoiceView {
    /// As written by raters.
    pub value: String,
    /// What it means.
    pub meaning: String,
}

/// An example.
#[derive(Serialize)]
pub struct ExampleView {
    /// Around it.
    pub frame: Frame,
    /// `worked`, `practice`, `test` or `held-out`.
    pub used: &'static str,
    /// The item.
    pub item: String,
    /// What stands above the run.
    pub intro: String,
    /// The discussion; folded in a practice example.
    pub discussion: String,
    /// The gold answers; empty where they are not shown.
    pub answers: Vec<AnswerView>,
    /// The run.
    pub steps: String,
}

/// A gold answer.
#[derive(Serialize)]
pub struct AnswerView {
    /// The criterion's id.
    pub criterion: String,
    /// The heading of its section.
    pub title: String,
    /// Where it is explained.
    pub url: String,
    /// The answer in words; empty if it is flags.
    pub value: String,
    /// What the value means.
    pub meaning: String,
    /// Why.
    pub why: Option<String>,
    /// The flags.
    pub flags: Vec<FlagView>,
    /// Whether it is flags, perhaps none.
    pub is_flags: bool,
}

/// A task's versions.
#[derive(Serialize)]
pub struct VersionsView {
    /// Around it.
    pub frame: Frame,
    /// Newest first.
    pub versions: Vec<VersionView>,
}

/// A version in a list.
#[derive(Serialize)]
pub struct VersionView {
    /// Its number.
    pub version: String,
    /// The day it was sealed.
    pub date: String,
    /// What its author said.
    pub note: String,
    /// Its id.
    pub digest: String,
    /// Where it is.
    pub url: String,
    /// Whether it is the newest.
    pub latest: bool,
}

/// A report.
#[derive(Serialize)]
pub struct ReportPage {
    /// Around it.
    pub frame: Frame,
    /// The report.
    pub report: crate::report::ReportView,
}
