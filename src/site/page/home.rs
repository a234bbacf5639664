//! The first page: the tasks, and the shared pages at the top level. A site without tasks opens on a shared page.

use super::shared::{self, PageView};
use super::task::facts;
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::site::File;
use crate::site::edition::{Edition, EditionStanding};
use crate::site::frame::link;
use crate::site::view::{Fact, Frame, LinkView, NavGroup};
use serde::Serialize;
use std::cmp::Reverse;
use std::sync::Arc;

/// The first page.
pub struct HomePage;

const TEMPLATE: &str = "home.html";
/// Most versions that are told as new.
const MOST_NEWS: usize = 3;
/// Most shared pages that are listed.
const MOST_PAGES: usize = 12;

/// The first page.
#[derive(Serialize)]
struct HomeView {
    /// Around it.
    frame: Frame,
    /// The tasks.
    tasks: Vec<TaskCard>,
    /// Shared pages at the top level.
    pages: NavGroup,
    /// The newest versions, each with its day and what its author said of it.
    news: Vec<LinkView>,
}

/// A task in a list.
#[derive(Serialize)]
struct TaskCard {
    /// Its title.
    title: String,
    /// Where it is.
    url: String,
    /// One sentence.
    summary: Option<String>,
    /// Short facts: version, time, pay.
    facts: Vec<Fact>,
}

impl PageKind for HomePage {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let Some(front) = &site.places.front else { return site.render(TEMPLATE, &view(path, site)) };
        let view = shared::view(path, &front.folder, &front.page, site);
        let frame = Frame { crumbs: Vec::new(), ..view.frame };
        let view = PageView { frame, ..view };
        Ok(site.render(shared::TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

fn view(path: &str, site: &SiteContext<'_>) -> HomeView {
    let mut frame = site.frames.plain(path, &site.model.config.title);
    frame.crumbs.clear();
    let is_listed = |edition: &&Arc<Edition<'_>>| edition.is_newest() && edition.task.state.retired.is_none();
    let shown = site.places.editions.iter().filter(is_listed);
    let top = site.places.folders.get("pages/");
    let listed = top.map_or(&[][..], |folder| folder.listed());
    let links = listed.iter().take(MOST_PAGES).map(|(target, page)| link(&page.title, "", target, path)).collect();
    let more = site.places.has_shared_pages().then(|| link("All pages", "", "pages/index.html", path));
    let pages = NavGroup { title: "Pages".to_owned(), links, more, ..NavGroup::default() };
    HomeView { frame, tasks: shown.map(|edition| task_card(edition)).collect(), pages, news: news(path, site) }
}

/// The newest versions of tasks that go on, each leading to what changed in it, or to its text.
fn news(path: &str, site: &SiteContext<'_>) -> Vec<LinkView> {
    let versions = site.places.editions.iter().filter(|edition| edition.standing == EditionStanding::Version);
    let going_on = versions.filter(|edition| edition.task.state.retired.is_none());
    let mut sealed: Vec<_> = going_on.filter_map(|edition| Some((edition, edition.release?))).collect();
    sealed.sort_by_key(|(edition, release)| (Reverse(release.time.instant()), &edition.task.id));
    let told = sealed.into_iter().take(MOST_NEWS).map(|(edition, release)| {
        let title = format!("{}: version {}", edition.instructions.page.title, release.version);
        let target = edition.before().map_or_else(|| edition.home_path(), |_| edition.changes_path());
        let note = Some(format!("{}. {}", release.time.day(), release.note).trim_end().to_owned());
        LinkView { note, ..link(&title, "", &target, path) }
    });
    told.collect()
}

fn task_card(edition: &Edition<'_>) -> TaskCard {
    let set = edition.instructions;
    let version = edition.release.map(|release| format!("{}, sealed on {}", release.version, release.time.day()));
    let mut short = vec![Fact { name: "Version", value: version.unwrap_or_else(|| "working text".to_owned()) }];
    short.extend(facts(edition).into_iter().filter(|fact| matches!(fact.name, "Time" | "Pay" | "Status")));
    TaskCard {
        title: set.page.title.clone(),
        url: edition.home_path(),
        summary: set.facts.summary.clone(),
        facts: short,
    }
}
