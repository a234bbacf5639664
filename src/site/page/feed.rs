//! A feed of releases, for programs that tell people what is new: Atom (RFC 4287).
//!
//! Nothing in it is of the day on which it was made. What it tells of is named by the address of the site, if the settings
//! say it, else by the digest of the lock, which is as lasting.

use super::{PageKind, SiteContext};
use crate::digest::{Digest, Inputs};
use crate::model::{Release, Task};
use crate::site::{File, up};
use crate::text;
use std::fmt::Write;

/// Most releases that a feed tells of, the newest.
const MOST: usize = 50;

/// The releases of these tasks, and what a feed of them is called; none for that of the site.
pub struct Feed<'a> {
    /// The tasks.
    pub tasks: Vec<&'a Task>,
    /// What it is called, if it is not a feed of all tasks.
    pub title: Option<&'a str>,
}

impl PageKind for Feed<'_> {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let config = &site.model.config;
        let url = config.url(site.frames.audience);
        let mut told: Vec<(&Task, &Release)> =
            self.tasks.iter().flat_map(|task| task.releases.iter().map(move |release| (*task, release))).collect();
        told.sort_by(|(task, release), (other, than)| {
            let key =
                |task: &Task, release: &Release| (release.time.instant(), task.id.clone(), release.version.clone());
            key(other, than).cmp(&key(task, release))
        });
        let Some((_, newest)) = told.first() else { return Err("a feed of no release".to_owned()) };
        // The first release of all is the same for ever.
        let first = told.last().map_or("", |(_, first)| &first.digest);
        let id = match url {
            Some(url) => format!("{url}{path}"),
            None => urn(&Inputs::of("feed").text(path).text(first).end().to_string()),
        };
        let title = self.title.map_or_else(|| config.title.clone(), |title| format!("{title} · {}", config.title));
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        let _ = write!(
            out,
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<id>{}</id>\n<title>{}</title>\n\
             <updated>{}</updated>\n<author><name>{}</name></author>\n",
            xml(&config.language),
            xml(&id),
            xml(&title),
            newest.time.instant(),
            xml(&config.title),
        );
        if let Some(url) = url {
            let _ = writeln!(out, "<link rel=\"self\" href=\"{}\"/>", xml(&format!("{url}{path}")));
        }
        let root = url.map_or_else(|| up(path), str::to_owned);
        for (task, release) in told.iter().take(MOST) {
            entry(&mut out, task, release, url, &root);
        }
        out.push_str("</feed>\n");
        Ok(File::new(out.into_bytes()))
    }
}

/// One release; `root` leads to the site's first folder.
fn entry(out: &mut String, task: &Task, release: &Release, url: Option<&str>, root: &str) {
    let place = format!("tasks/{}/v/{}/", task.id, release.version);
    let id = url.map_or_else(|| urn(&release.digest), |url| format!("{url}{place}"));
    let _ = write!(
        out,
        "<entry>\n<id>{}</id>\n<title>{} {}</title>\n<updated>{}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
        xml(&id),
        xml(&release.instructions.page.title),
        release.version,
        release.time.instant(),
        xml(&format!("{root}{place}index.html")),
        xml(&release.note),
    );
}

fn urn(sha256: &str) -> String {
    format!("urn:sha256:{sha256}")
}

/// A text for XML, which has no words for most control characters.
fn xml(text: &str) -> String {
    let is_of_xml =
        |c: &char| matches!(c, '\t' | '\n' | '\r') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text::html(&text.chars().filter(is_of_xml).collect::<String>())
}
