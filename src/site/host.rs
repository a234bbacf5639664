//! The host: what Markdown asks the site while a page is rendered.
//!
//! In: where everything is shown, and the page being rendered. Out: where links lead, relative to this page, and the HTML of
//! trajectory blocks. What this audience does not have is nowhere.

use super::edition::Edition;
use super::places::Places;
use super::steps::StepsView;
use super::theme::Theme;
use crate::audience::Audiences;
use crate::document::links::Target;
use crate::markdown::render::{Destination, Host};
use crate::model::Text;
use std::sync::Arc;

/// What one page's Markdown may ask.
pub struct PageHost<'a> {
    /// Where everything is.
    pub places: &'a Places<'a>,
    /// The edition the page belongs to, if any: links stay inside it where they can.
    pub edition: Option<&'a Edition<'a>>,
    /// What leads up to the root.
    pub up: &'a str,
    /// The page's text: what its links name, and what its trajectory blocks show.
    pub text: &'a Text,
    /// The templates.
    pub theme: &'a Theme,
    /// The site's audiences.
    pub audiences: &'a Audiences,
}

impl PageHost<'_> {
    /// Where a link leads from this page.
    pub fn destination(&self, target: &Target) -> Destination {
        match target {
            Target::Here(fragment) => Destination::Inside(format!("#{fragment}")),
            Target::Outside(url) => Destination::Outside(url.clone()),
            Target::Unsafe => Destination::Nowhere,
            Target::File(path, fragment) => match self.address(path) {
                Some(path) => {
                    let fragment = fragment.as_ref().map_or(String::new(), |fragment| format!("#{fragment}"));
                    Destination::Inside(format!("{}{}{fragment}", self.up, encoded(&path)))
                }
                None => Destination::Nowhere,
            },
        }
    }

    /// Where a file of the site can be had from this page.
    pub fn file(&self, path: &str) -> Option<String> {
        self.address(path).map(|address| format!("{}{}", self.up, encoded(&address)))
    }

    fn address(&self, path: &str) -> Option<Arc<str>> {
        self.places.find(path, self.edition).map(|found| found.address)
    }
}

impl Host for PageHost<'_> {
    fn link(&self, offset: usize) -> Destination {
        self.text.target_at(offset).map_or(Destination::Nowhere, |target| self.destination(target))
    }

    fn trajectory(&self, arguments: &str) -> Option<String> {
        let excerpt = self.text.excerpts.get(arguments)?;
        self.theme.steps(&StepsView::excerpt(excerpt, &|path| self.file(path)))
    }

    fn is_audience(&self, name: &str) -> bool {
        self.audiences.find(name).is_some()
    }
}

/// A path as a URL: what would mean something else there is written as `%23`.
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20")
}

/// The range of a text that is shown as the page's title instead.
pub fn title_range(text: &Text) -> Option<&std::ops::Range<usize>> {
    text.outline.title.as_ref().filter(|_| text.title_in_body)
}
