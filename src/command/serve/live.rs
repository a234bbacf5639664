//! What is live: the last good site, and what was found when it was last made.
//!
//! In: each new site with its findings. Out: what a browser asks for, and news for those who wait. It never makes a
//! site and knows nothing of connections.

use crate::diagnostic::{Diagnostics, Format, Severity, print};
use crate::digest::{Digest, Inputs};
use crate::site::{File, Site};
use serde::Serialize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Shared between the builder and those who answer browsers.
#[derive(Default)]
pub struct Live {
    state: Mutex<LiveState>,
    news: Condvar,
}

#[derive(Default)]
struct LiveState {
    site: Arc<Site>,
    looks: Option<Digest>,
    round: u64,
    findings: Findings,
    ended: bool,
}

/// What was found, for the overlay.
#[derive(Clone, Default, Serialize)]
pub struct Findings {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// As it is printed on a terminal.
    text: String,
}

/// What a waiting page is told.
#[derive(Serialize)]
pub struct News {
    /// The number of the making it is about.
    round: u64,
    /// Whether the page must be asked for again: it is gone, or what surrounds it is not what it was.
    reload: bool,
    /// The page, if it is not what it was.
    page: Option<NewPage>,
    findings: Findings,
}

/// A page as it is now.
#[derive(Serialize)]
struct NewPage {
    digest: String,
    html: String,
}

/// What a page knows of itself.
pub struct PageState<'a> {
    /// The making it has heard of; 0 at first.
    pub round: u64,
    /// Where it is.
    pub path: &'a str,
    /// Its digest.
    pub page: &'a str,
    /// The digest of what surrounds it.
    pub looks: &'a str,
}

/// The longest wait for news: a browser asks again before it takes the silence for a fault.
const PATIENCE: Duration = Duration::from_secs(25);

impl Live {
    /// Takes over a new site, or the findings that it could not be made for. Returns the paths that changed.
    pub fn show(&self, site: Option<Site>, diagnostics: &Diagnostics) -> Option<Vec<String>> {
        let findings = Findings::of(diagnostics);
        let site = site.map(|site| (looks(&site), Arc::new(site)));
        let mut state = self.state();
        let old = Arc::clone(&state.site);
        if let Some((looks, site)) = &site {
            state.looks = Some(*looks);
            state.site = Arc::clone(site);
        }
        state.findings = findings;
        state.round += 1;
        drop(state);
        self.news.notify_all();
        site.map(|(_, site)| site.difference(&old))
    }

    /// The last good site.
    pub fn site(&self) -> Arc<Site> {
        Arc::clone(&self.state().site)
    }

    /// The digest of everything but the pages themselves: of styles, scripts and images.
    pub fn looks(&self) -> String {
        self.state().looks.map_or_else(String::new, |digest| digest.to_string())
    }

    /// What is new since `shown`, as soon as there is something, else after a while.
    pub fn news(&self, shown: &PageState<'_>) -> News {
        let silent = |state: &mut LiveState| state.round == shown.round && !state.ended;
        let waited = self.news.wait_timeout_while(self.state(), PATIENCE, silent);
        let state = waited.unwrap_or_else(PoisonError::into_inner).0;
        let (round, site, findings) = (state.round, Arc::clone(&state.site), state.findings.clone());
        let looks = state.looks.map_or_else(String::new, |digest| digest.to_string());
        drop(state);
        let file = find(&site, shown.path).map(|(_, file)| file);
        let digest = file.map_or_else(String::new, |file| file.digest.to_string());
        let changed = file.filter(|_| digest != shown.page && looks == shown.looks && !shown.page.is_empty());
        let html = changed.and_then(|file| file.bytes().ok());
        let page =
            html.map(|html| NewPage { digest: digest.clone(), html: String::from_utf8_lossy(&html).into_owned() });
        let reload = page.is_none() && (digest != shown.page || looks != shown.looks);
        News { round, reload, page, findings }
    }

    /// Lets everyone who waits go.
    pub fn end(&self) {
        self.state().ended = true;
        self.news.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, LiveState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Findings {
    fn of(diagnostics: &Diagnostics) -> Self {
        let mut text = Vec::new();
        // Writing to memory can't fail.
        let _ = print(diagnostics, Format::Plain, &mut text);
        let count = |severity| diagnostics.count(severity);
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }
}

/// The file behind the path of an address (without its first `/`): itself, or its folder's page.
pub fn find<'a>(site: &'a Site, path: &str) -> Option<(&'a str, &'a File)> {
    let index = format!("{path}index.html");
    let path = if path.is_empty() || path.ends_with('/') { &index } else { path };
    site.find(path)
}

/// The parts for folders of shared pages hold pages only.
fn looks(site: &Site) -> Digest {
    let files = site.parts.get("").into_iter().flat_map(|part| &part.files);
    let others: Vec<_> = files.filter(|(path, _)| !path.ends_with(".html")).collect();
    Inputs::of("looks").list(others.into_iter(), |inputs, (path, file)| inputs.text(path).digest(&file.digest)).end()
}
