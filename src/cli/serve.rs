//! `goldbook serve`.

use super::{Common, counted};
use crate::command::serve::{Happening, Round, ServeRequest, serve};
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

/// Show the site in a browser while you write
///
/// Serves one audience's pages on this machine alone, makes them again whenever a file of the site changes, and shows
/// the new text in the browser at the place where it was scrolled to. Errors are shown over the last good page and on
/// this terminal. Nothing is written: `goldbook build` does that.
///
/// With `--drafts` the working text of every task is shown too, at /tasks/<task>/next/, as this audience would get it
/// once it is sealed.
///
/// Ctrl-C ends it.
#[derive(Args)]
pub struct ServeArguments {
    /// Whose pages to show [default: the site's `default_audience`]
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Show the working text of every task as well
    #[arg(long)]
    drafts: bool,
    /// The port [default: 4747, or any that is free]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

pub fn run(arguments: &ServeArguments, common: &Common) -> ExitCode {
    let request = ServeRequest {
        root: common.root(),
        audience: arguments.audience.clone(),
        drafts: arguments.drafts,
        port: arguments.port,
    };
    let mut say = |happening: Happening<'_>| match happening {
        Happening::Serving(url) => tell(common, "serving", url, &format!("Serving {url} (Ctrl-C ends it)")),
        Happening::Built(round) => {
            common.print(round.diagnostics);
            tell(common, "built", &round.took.as_millis().to_string(), &sentence(&round));
        }
    };
    let outcome = serve(&request, &common.progress(), &mut say);
    common.finish(outcome, |()| if common.json { String::new() } else { "Stopped.\n".to_owned() })
}

/// Says at once what happened. A closed standard output is no reason to stop serving.
fn tell(common: &Common, event: &str, detail: &str, sentence: &str) {
    let line = if common.json { serde_json::json!({ event: detail }).to_string() } else { sentence.to_owned() };
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Most changed paths that are named.
const MOST_NAMED: usize = 3;

fn sentence(round: &Round<'_>) -> String {
    let took = format!("{} ms", round.took.as_millis());
    match round.changed.as_deref() {
        None => format!("Not made ({took}): the last good site stays up."),
        Some([]) => format!("Made in {took}: nothing changed."),
        Some(changed) if changed.len() <= MOST_NAMED => format!("Made in {took}: {}", changed.join(", ")),
        Some(changed) => format!("Made in {took}: {} changed.", counted(changed.len(), "file")),
    }
}
