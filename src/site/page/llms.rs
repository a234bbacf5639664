//! `llms.txt`: where programs that read for people find the texts of a public site, as Markdown.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::release;
use crate::site::File;
use crate::text::line;
use std::fmt::Write;

/// Where it lies.
pub const NAME: &str = "llms.txt";

/// The list of all texts.
pub struct LlmsFile;

impl PageKind for LlmsFile {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, _: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let url = site.model.config.url(site.frames.audience).unwrap_or_default();
        let mut out = format!("# {}\n", line(&site.model.config.title));
        let newest: Vec<_> = site.places.editions.iter().filter(|edition| edition.is_newest()).collect();
        if !newest.is_empty() {
            out.push_str("\n## Tasks\n\n");
        }
        for edition in newest {
            let set = edition.instructions;
            let text = edition.release.filter(|release| !release.projected.is_empty());
            let address =
                text.map_or_else(|| edition.home_path(), |_| format!("{}{}", edition.root, release::text::NAME));
            let summary = set.facts.summary.as_ref().map_or(String::new(), |summary| format!(": {}", line(summary)));
            let _ = writeln!(out, "- [{}]({url}{address}){summary}", label(&set.page.title));
        }
        let mut pages = site.places.shelves().flat_map(|(_, shelf)| &shelf.pages).peekable();
        if pages.peek().is_some() {
            out.push_str("\n## Pages\n\n");
        }
        for (address, page) in pages {
            let _ = writeln!(out, "- [{}]({url}{address})", label(&page.title));
        }
        Ok(File::new(out.into_bytes()))
    }
}

/// A title as the words of a link.
fn label(title: &str) -> String {
    line(title).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
