//! Frames: what surrounds a page: badge, way back, section links.
//!
//! In: where everything is shown and a page's place in it. Out: `Frame`. The links of a section are cut to a window
//! around the page, so that a page does not grow with the site.

use super::edition::{Edition, EditionStanding, FEED, SEARCH};
use super::places::{PageFolder, Places};
use super::state;
use super::view::{Badge, Frame, LinkView, NavGroup, Notice, VersionRead};
use crate::model::Model;
use crate::text::capitalized;

/// Where a site says how it can be used.
pub const ACCESSIBILITY_PATH: &str = "accessibility/index.html";

/// Most links of a group.
const WINDOW: usize = 24;

/// Makes frames for one audience's site.
pub struct Frames<'a> {
    /// The projected Model.
    pub model: &'a Model,
    /// Where everything is shown.
    pub places: &'a Places<'a>,
    /// The audience's name.
    pub audience: &'a str,
    /// Whether the site has reports.
    pub reports: bool,
    /// The string that tells whose copy a page is; none where no folder is written.
    pub canary: Option<String>,
}

impl<'a> Frames<'a> {
    /// The frame of any page at `path`.
    pub fn plain(&self, path: &str, title: &str) -> Frame {
        self.below(super::up(path), path, title)
    }

    /// The frame of a page that is shown at addresses of any depth: its links begin at the top of the host.
    pub fn anywhere(&self, path: &str, title: &str) -> Frame {
        self.below(self.model.config.top(self.audience).to_owned(), path, title)
    }

    /// The frame of a page from which `up` leads to the root.
    fn below(&self, up: String, path: &str, title: &str) -> Frame {
        let menu_link = |title: &str, target: &str| link(title, &up, target, path);
        let menu = [
            self.places.of_tasks.then(|| menu_link("Tasks", "index.html")),
            (self.places.of_tasks && self.places.has_shared_pages()).then(|| menu_link("Pages", "pages/index.html")),
            self.reports.then(|| menu_link("Reports", "reports/index.html")),
        ];
        Frame {
            site: self.model.config.title.clone(),
            title: title.to_owned(),
            language: self.model.config.language.clone(),
            audience: self.audience.to_owned(),
            menu: menu.into_iter().flatten().collect(),
            canary: self.canary.clone(),
            feed: self.places.has_releases().then(|| format!("{up}{FEED}")),
            indexed: self.model.config.is_public(self.audience),
            search: self.is_searched().then(|| format!("{up}{SEARCH}")),
            accessibility: self.places.of_tasks.then(|| format!("{up}{ACCESSIBILITY_PATH}")),
            up,
            ..Frame::default()
        }
    }

    /// Whether there is something to search.
    pub fn is_searched(&self) -> bool {
        self.places.has_shared_pages() || self.places.has_releases() || self.reports
    }

    /// The frame of a shared page or the list of a folder; `folder` is the folder it lies in.
    pub fn shared(&self, path: &str, title: &str, folder: &str) -> Frame {
        let mut frame = self.plain(path, title);
        frame.badge = self.places.of_tasks.then(|| Badge {
            kind: "live",
            label: "Live page".to_owned(),
            detail: "not part of a sealed version: it may change at any time".to_owned(),
            url: None,
        });
        frame.crumbs = self.folder_crumbs(folder, path);
        if let Some(inside) = self.places.folders.get(folder) {
            self.section(&mut frame, inside, folder, path);
        }
        frame
    }

    /// The pages of a folder around the current one, and the ones before and after it.
    fn section(&self, frame: &mut Frame, inside: &PageFolder, folder: &str, path: &str) {
        let up = frame.up.clone();
        let list = inside.listed();
        let at = list.iter().position(|(known, _)| **known == *path);
        let shown = window(list.len(), at.unwrap_or(0));
        let links = list[shown].iter().map(|(target, page)| link(&page.title, &up, target, path)).collect();
        let index = format!("{folder}index.html");
        let more = (list.len() > WINDOW).then(|| link(&format!("All {} pages", list.len()), &up, &index, path));
        let group = NavGroup { title: self.folder_title(folder), links, more, ..NavGroup::default() };
        frame.nav.extend((!group.links.is_empty()).then_some(group));
        if let Some(at) = at {
            place_between(frame, at, |at| list.get(at).map(|(target, page)| link(&page.title, &up, target, path)));
        } else {
            frame.nav.extend(self.inner_folders(inside, &up, path));
        }
    }

    fn inner_folders(&self, inside: &PageFolder, up: &str, path: &str) -> Option<NavGroup> {
        let folders: Vec<&String> = inside.folders.iter().collect();
        let links = folders.iter().take(WINDOW);
        let links =
            links.map(|folder| link(&self.folder_title(folder), up, &format!("{folder}index.html"), path)).collect();
        let left = folders.len().saturating_sub(WINDOW);
        let more = (left > 0).then(|| LinkView { title: format!("and {left} more"), ..LinkView::default() });
        (!folders.is_empty()).then(|| NavGroup { title: "Folders".to_owned(), links, more, ..NavGroup::default() })
    }

    /// What a folder is called: its page's title, else its name.
    pub fn folder_title(&self, folder: &str) -> String {
        if let Some(page) = self.places.folders.get(folder).and_then(|inside| inside.page.as_ref()) {
            return page.title.clone();
        }
        if folder == "pages/" {
            return "Pages".to_owned();
        }
        let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or(folder).replace('-', " ");
        capitalized(&name)
    }

    /// The folders above a page; the uppermost only where the site's name does not lead to the same page.
    fn folder_crumbs(&self, folder: &str, path: &str) -> Vec<LinkView> {
        let up = super::up(path);
        let home = self.places.front.as_ref().filter(|front| front.is_top).map(|_| "pages/");
        let mut crumbs = Vec::new();
        let mut here = String::new();
        for part in folder.trim_end_matches('/').split('/') {
            here.push_str(part);
            here.push('/');
            let index = format!("{here}index.html");
            if index != path && home != Some(&here) {
                crumbs.push(link(&self.folder_title(&here), &up, &index, path));
            }
        }
        crumbs
    }

    /// The frame of a page of an edition.
    pub fn edition(&self, edition: &Edition<'a>, path: &str, title: &str) -> Frame {
        let mut frame = self.plain(path, title);
        let up = frame.up.clone();
        let set = edition.instructions;
        let home = edition.home_path();
        if home != path {
            frame.crumbs.push(link(&set.page.title, &up, &home, path));
        }
        frame.badge = Some(badge(edition, &up));
        if edition.standing != EditionStanding::Alone {
            self.around(&mut frame, edition, &up, path);
        }
        frame.indexed &= edition.standing == EditionStanding::Latest;
        match edition.standing {
            EditionStanding::Version => frame.search = edition.search_folder().map(|folder| format!("{up}{folder}")),
            EditionStanding::Alone => frame.search = None,
            EditionStanding::Latest | EditionStanding::Working => {}
        }
        let mut links = vec![link("Instructions", &up, &home, path)];
        links.push(link(&set.rubric_page.title, &up, &edition.rubric_path(), path));
        // Before them in the order stand the spec and the rubric.
        let at = edition.place(path).and_then(|at| at.checked_sub(2)).filter(|at| *at < set.pages.len()).unwrap_or(0);
        for page in &set.pages[window(set.pages.len(), at)] {
            links.push(link(&page.title, &up, &edition.further_page_path(page), path));
        }
        if !set.examples.is_empty() {
            links.push(link(edition.examples_title(), &up, &format!("{}examples/index.html", edition.root), path));
        }
        let is_alone = edition.standing == EditionStanding::Alone;
        links.extend((!is_alone).then(|| link("Versions", &up, &edition.versions_path(), path)));
        frame.nav.push(NavGroup { title: set.page.title.clone(), links, ..NavGroup::default() });
        frame.nav.extend(examples(edition, &up, path));
        if let Some(at) = edition.place(path) {
            let neighbour = |at: usize| edition.order.get(at).map(|(title, target)| link(title, &up, target, path));
            place_between(&mut frame, at, neighbour);
        }
        frame
    }

    /// What a page of an edition says of the versions around it.
    fn around(&self, frame: &mut Frame, edition: &Edition<'a>, up: &str, path: &str) {
        frame.notice = self.notice(edition, up, path);
        frame.versions = self.versions(edition, up, path);
        if self.places.latest(&edition.task.id).is_some() {
            frame.feed = Some(format!("{up}tasks/{}/{FEED}", edition.task.id));
        }
        frame.reading = self.reading(edition, up);
        frame.canonical = self.canonical(edition, up, path);
    }

    /// What is said above the text of an edition that is not the newest version, with the way to the same page there and
    /// to what changed.
    fn notice(&self, edition: &Edition<'a>, up: &str, path: &str) -> Option<Notice> {
        if edition.standing == EditionStanding::Working {
            let text =
                "This is the text being worked on. What contractors read is the newest sealed version.".to_owned();
            let changes = edition.before().map(|_| link("What changed", up, &edition.changes_path(), path));
            return Some(Notice { text, links: changes.into_iter().collect() });
        }
        let over = edition.release.and_then(|release| state::over(edition.task, release));
        let Some(newer) = edition.superseded_by() else { return Some(Notice { text: over?, links: Vec::new() }) };
        let (version, day) = (&newer.version, newer.time.day());
        let text = match over {
            Some(over) => format!("{over} The version to work from is {version}, sealed on {day}."),
            None => format!("This is an older version. The newest is {version}, sealed on {day}."),
        };
        let latest = self.places.latest(&edition.task.id)?;
        let target = Places::same_page(edition, path, latest);
        let newest = link("Read the newest version", up, &target, path);
        let own = edition.release.filter(|own| latest.older().any(|older| older.version == own.version));
        let changes = own.map(|own| link("What changed since", up, &latest.changes_since_path(own), path));
        Some(Notice { text, links: [Some(newest), changes].into_iter().flatten().collect() })
    }

    /// What a browser may remember of an edition of the newest version.
    fn reading(&self, edition: &Edition<'a>, up: &str) -> Option<VersionRead> {
        let newest = edition.newest_release()?;
        Some(VersionRead {
            key: format!("goldbook: {} / {}", self.model.config.title, edition.task.id),
            version: newest.version.to_string(),
            script: format!("{up}{}", edition.since_path()),
            changes: format!("{up}tasks/{}/changes/", edition.task.id),
            versions: format!("{up}{}", edition.versions_path()),
            tells: None,
        })
    }

    /// The address of the page at `path` of a version in the newest one, if that has it.
    fn canonical(&self, edition: &Edition<'a>, up: &str, path: &str) -> Option<String> {
        let latest = self.places.latest(&edition.task.id).filter(|_| edition.standing == EditionStanding::Version)?;
        let address = Places::counterpart(edition, path, latest)?;
        Some(match self.model.config.url(self.audience) {
            Some(url) => format!("{url}{}", address.strip_suffix("index.html").unwrap_or(&address)),
            None => format!("{up}{address}"),
        })
    }

    /// The same page in each version of the task, newest first; none where there is one version only.
    fn versions(&self, edition: &Edition<'a>, up: &str, path: &str) -> Vec<LinkView> {
        if edition.task.releases.len() < 2 {
            return Vec::new();
        }
        let is_shown = |other: &&std::sync::Arc<Edition<'a>>| {
            other.task.id == edition.task.id && other.standing != EditionStanding::Latest && other.release.is_some()
        };
        let versions = self.places.editions.iter().rev().filter(is_shown).take(WINDOW);
        let own = edition.release.map(|own| &own.version);
        let links = versions.filter_map(|other| {
            let version = &other.release?.version;
            let address = Places::same_page(edition, path, other);
            Some(LinkView { current: Some(version) == own, ..link(&version.to_string(), up, &address, path) })
        });
        links.collect()
    }
}

/// The examples around the page at `path`, or the first ones.
fn examples(edition: &Edition<'_>, up: &str, path: &str) -> Option<NavGroup> {
    let all = edition.examples_by_use();
    let at = all.iter().position(|example| edition.example_path(example) == path).unwrap_or(0);
    let shown = all[window(all.len(), at)].iter().map(|example| LinkView {
        note: Some(example.used.name().to_owned()),
        ..link(&example.page.title, up, &edition.example_path(example), path)
    });
    let links: Vec<LinkView> = shown.collect();
    let list = format!("{}examples/index.html", edition.root);
    let more = (all.len() > WINDOW).then(|| link(&format!("All {} examples", all.len()), up, &list, path));
    let title = edition.examples_title().to_owned();
    (!links.is_empty()).then_some(NavGroup { title, links, more, is_extra: true })
}

/// A link from the page at `here` to the page at `target`.
pub fn link(title: &str, up: &str, target: &str, here: &str) -> LinkView {
    LinkView { title: title.to_owned(), url: format!("{up}{target}"), current: target == here, note: None }
}

/// Links a page to the ones before and after it.
fn place_between(frame: &mut Frame, at: usize, neighbour: impl Fn(usize) -> Option<LinkView>) {
    frame.previous = at.checked_sub(1).and_then(&neighbour);
    frame.next = neighbour(at + 1);
}

/// At most `WINDOW` of `count`, around `at`.
fn window(count: usize, at: usize) -> std::ops::Range<usize> {
    let start = at.saturating_sub(WINDOW / 2).min(count.saturating_sub(WINDOW));
    start..count.min(start + WINDOW)
}

fn badge(edition: &Edition<'_>, up: &str) -> Badge {
    let is_alone = edition.standing == EditionStanding::Alone;
    let url = (!is_alone).then(|| format!("{up}{}", edition.versions_path()));
    match edition.release {
        Some(release) => Badge {
            // What was taken along says the same for good.
            kind: if !is_alone && (edition.superseded_by().is_some() || release.withdrawn.is_some()) {
                "older"
            } else {
                "sealed"
            },
            label: format!("Version {}", release.version),
            detail: format!("sealed on {}", release.time.day()),
            url,
        },
        None => Badge {
            kind: "working",
            label: "Working text".to_owned(),
            detail: "not sealed: contractors do not see it".to_owned(),
            url,
        },
    }
}
