//! Serving: one audience's site in the author's browser, made again whenever a file changes.
//!
//! In: a site's root. Out: pages on this machine alone, from the same `Site` that `build` would write. The last good
//! site stays up while sources have errors, with the findings laid over it. It writes nothing.

mod http;
mod live;
mod watch;

use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::disk;
use crate::progress::Progress;
use crate::site::Site;
use crate::workspace::load::Changes;
use crate::workspace::{self, Memory, ReportsAsked, Viewer};
use live::Live;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use watch::SiteWatch;

/// A complete request to serve.
pub struct ServeRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The audience, by name; the site's default if none.
    pub audience: Option<String>,
    /// Whether working text is shown too.
    pub drafts: bool,
    /// The port; a usual one, or any that is free, if none.
    pub port: Option<u16>,
}

/// What happens while serving.
pub enum Happening<'a> {
    /// Pages can be read at this address.
    Serving(&'a str),
    /// The site was made, or could not be.
    Built(Round<'a>),
}

/// One making of the site.
pub struct Round<'a> {
    /// What was found.
    pub diagnostics: &'a Diagnostics,
    /// How long it took.
    pub took: Duration,
    /// The paths that are new, gone or different; none if the site could not be made.
    pub changed: Option<Vec<String>>,
}

/// Serves until the user ends it; `say` hears of everything that happens.
pub fn serve(request: &ServeRequest, progress: &Progress, say: &mut dyn FnMut(Happening<'_>)) -> Diagnosed<()> {
    let mut diagnostics = Diagnostics::default();
    let value = run(request, progress, say, &mut diagnostics).ok();
    Diagnosed { value, diagnostics }
}

fn run(
    request: &ServeRequest,
    progress: &Progress,
    say: &mut dyn FnMut(Happening<'_>),
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let machine = |message: String, diagnostics: &mut Diagnostics| {
        diagnostics.add(rules::UNREADABLE, Place::Nowhere, message);
        Halt
    };
    let root = disk::without_links(&request.root);
    let mut memory = Memory::default();
    let began = Instant::now();
    let first = build(&root, request, &mut memory, &Changes::Everything, progress);
    if first.value.is_none() && first.diagnostics.exit_code(false) > 1 {
        // Nothing to serve, and nothing to wait for: there is no site here, or no such audience.
        diagnostics.append(first.diagnostics);
        return Err(Halt);
    }
    let mut watch = SiteWatch::new(&root).map_err(|message| machine(message, diagnostics))?;
    let live = Arc::new(Live::default());
    let server = http::Server::start(&live, request.port).map_err(|message| machine(message, diagnostics))?;
    show(&live, first, began, say);
    say(Happening::Serving(server.url()));
    while let Some(changes) = watch.next() {
        let began = Instant::now();
        show(&live, build(&root, request, &mut memory, &changes, progress), began, say);
    }
    live.end();
    server.end();
    Ok(())
}

/// All stages but writing, for one audience.
fn build(
    root: &Path,
    request: &ServeRequest,
    memory: &mut Memory,
    changes: &Changes,
    progress: &Progress,
) -> Diagnosed<Site> {
    workspace::run(root, memory, changes, progress, |workspace, diagnostics| {
        let audience = match &request.audience {
            Some(name) => workspace.config.audiences.typed(name, diagnostics)?,
            None => workspace.config.default_audience,
        };
        let model = workspace.model(progress, diagnostics);
        workspace.note_unsealed(&model, diagnostics);
        let readers = [Viewer { audience, folder: None, drafts: request.drafts }];
        let reports = workspace.reports_for(&readers, &model, ReportsAsked::default(), progress, diagnostics);
        let unread = diagnostics.take(rules::UNREAD_RATINGS);
        let mut sites = workspace.sites(&readers, &model, &model, &reports.0, progress, diagnostics)?;
        // What is shown lacks these ratings: whoever looks is told so.
        diagnostics.append(unread);
        sites.pop().map(|(_, site)| site).ok_or(Halt)
    })
}

fn show(live: &Live, outcome: Diagnosed<Site>, began: Instant, say: &mut dyn FnMut(Happening<'_>)) {
    let Diagnosed { value, diagnostics } = outcome;
    let changed = live.show(value, &diagnostics);
    say(Happening::Built(Round { diagnostics: &diagnostics, took: began.elapsed(), changed }));
}
