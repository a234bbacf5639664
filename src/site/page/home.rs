//! The first page: the tasks, and the shared pages at the top level. A site without tasks opens on a shared page.

use super::shared::{self, PageView};
use super::task::facts;
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::view::{Fact, Frame, NavGroup};
use serde::Serialize;
use std::sync::Arc;

/// The first page.
pub struct HomePage;

const TEMPLATE: &str = "home.html";
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
    let pages = NavGroup { title: "Pages".to_owned(), links, more };
    HomeView { frame, tasks: shown.map(|edition| task_card(edition)).collect(), pages }
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
