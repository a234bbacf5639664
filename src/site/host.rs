//! The host: what Markdown asks the site while a page is rendered.
//!
//! In: where everything is shown, and the page being rendered. Out: where links lead, relative to this page, and the HTML of
//! trajectory blocks. What this audience does not have is nowhere.

use super::edition::{Edition, EditionStanding};
use super::places::Places;
use super::relative;
use super::steps::{self, FlagView, StepsView};
use super::terms::EXCERPT;
use super::theme::Theme;
use crate::audience::Audiences;
use crate::document::Use;
use crate::document::links::Target;
use crate::markdown::render::{Destination, Host, PagePart};
use crate::model::{Example, Excerpt, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a text is shown.
#[derive(Clone, Copy)]
pub struct TextPlace<'b, 'a> {
    /// The address of the page.
    pub page: &'b str,
    /// The edition it belongs to, if any: links stay inside it where they can.
    pub edition: Option<&'b Edition<'a>>,
    /// Where it stands on its page.
    pub part: &'b PagePart,
    /// Where other texts stand on that page.
    pub parts: &'b PageParts,
}

impl<'b, 'a> TextPlace<'b, 'a> {
    /// On a page of its own.
    pub fn alone(page: &'b str, edition: Option<&'b Edition<'a>>) -> Self {
        Self { page, edition, part: PagePart::alone(), parts: PageParts::none() }
    }
}

impl TextPlace<'_, '_> {
    /// Whether what is live may stand beside the text: a version that is alone has nothing of it, and nor has a page that shows
    /// everything to be printed.
    pub fn is_live(&self) -> bool {
        self.parts.0.is_empty() && self.edition.is_none_or(|edition| edition.standing != EditionStanding::Alone)
    }
}

/// The texts of a page that shows several: where each stands, by the address of its own page.
pub struct PageParts(pub BTreeMap<String, PagePart>);

impl PageParts {
    /// Those of a page that shows one text.
    fn none() -> &'static Self {
        static NONE: PageParts = PageParts(BTreeMap::new());
        &NONE
    }
}

impl TextPlace<'_, '_> {
    /// What leads from here to a place of the page at an address: to the part that it is here, if it is one.
    pub fn url(&self, address: &str, place: Option<&str>) -> String {
        match self.parts.0.get(address) {
            Some(part) => format!("#{}", anchor(part, place.unwrap_or_default())),
            None => with_place(&encoded(&relative(self.page, address)), place),
        }
    }
}

fn with_place(url: &str, place: Option<&str>) -> String {
    place.map_or_else(|| url.to_owned(), |place| format!("{url}#{place}"))
}

/// The site that a version which is alone was taken from.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Where everything is there.
    pub places: &'a Places<'a>,
    /// Its address.
    pub url: &'a str,
}

impl Outside<'_> {
    /// Where a file is shown there.
    fn url(&self, path: &str, place: Option<&str>) -> Option<String> {
        let found = self.places.find(path, None)?;
        Some(with_place(&format!("{}{}", self.url, encoded(&found.address)), place))
    }
}

/// What a place of a text is called on the page.
fn anchor(part: &PagePart, place: &str) -> String {
    let is_top = place.is_empty() || place.eq_ignore_ascii_case("top");
    if is_top { part.top().to_owned() } else { part.id(place) }
}

/// What one page's Markdown may ask.
pub struct PageHost<'a> {
    /// Where everything is.
    pub places: &'a Places<'a>,
    /// Where the text is shown.
    pub place: TextPlace<'a, 'a>,
    /// What lies around a version that is alone, and at which address; none elsewhere.
    pub outside: Option<Outside<'a>>,
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
            Target::Here(place) if self.place.part.is_alone() => Destination::Inside(format!("#{place}")),
            Target::Here(place) => Destination::Inside(format!("#{}", anchor(self.place.part, place))),
            Target::Outside(url) => Destination::Outside(url.clone()),
            Target::Unsafe => Destination::Nowhere,
            Target::File(path, fragment) => match self.address(path) {
                Some(path) => Destination::Inside(self.place.url(&path, fragment.as_deref())),
                None => {
                    let url = self.outside.and_then(|outside| outside.url(path, fragment.as_deref()));
                    url.map_or(Destination::Nowhere, Destination::Outside)
                }
            },
        }
    }

    /// Where a file of the site can be had from this page.
    pub fn file(&self, path: &str) -> Option<String> {
        self.address(path).map(|address| encoded(&relative(self.place.page, &address)))
    }

    /// The gold at the steps of an excerpt: that of the worked examples which show its run, if the text is of their edition.
    /// What is to be guessed or scored stays out, whoever reads.
    pub fn marks(&self, excerpt: &Excerpt) -> Vec<FlagView> {
        let Some(edition) = self.place.edition.filter(|_| excerpt.gold) else { return Vec::new() };
        let (set, run) = (edition.instructions, &excerpt.trajectory.digest);
        let shows_it = |example: &&Example| {
            example.used == Use::Worked && example.trajectory.as_ref().is_some_and(|own| own.digest == *run)
        };
        set.examples.iter().filter(shows_it).flat_map(|example| steps::flags(&example.gold, &set.rubric)).collect()
    }

    fn address(&self, path: &str) -> Option<Arc<str>> {
        self.places.find(path, self.place.edition).map(|found| found.address)
    }
}

impl Host for PageHost<'_> {
    fn link(&self, offset: usize) -> Destination {
        self.text.target_at(offset).map_or(Destination::Nowhere, |target| self.destination(target))
    }

    fn trajectory(&self, arguments: &str) -> Option<String> {
        let excerpt = self.text.excerpts.get(arguments)?;
        let marks = self.marks(excerpt);
        let steps = self.theme.steps(&StepsView::excerpt(excerpt, &marks, &|path| self.file(path)))?;
        // Whatever a theme makes of it, it is no text of the page's own.
        Some(format!("<div class=\"{EXCERPT}\">{steps}</div>"))
    }

    fn is_audience(&self, name: &str) -> bool {
        self.audiences.find(name).is_some()
    }

    fn part(&self) -> &PagePart {
        self.place.part
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
