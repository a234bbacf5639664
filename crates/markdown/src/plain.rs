//! Plain outlines: what is kept of the outline of a text, so that the text need not be read again.
//!
//! In: the outline of a text of headings, links and comments alone, of which nothing has to be said. Out: what it is made
//! of, and the same outline again. Of any other text nothing is kept: what is wrong with it is said whenever it is read.

use super::outline::{Heading, Link, Outline};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// An outline that can be kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "OutlineParts", from = "OutlineParts")]
pub struct PlainOutline(Arc<Outline>);

impl PlainOutline {
    /// An outline, if there is nothing else to it.
    pub fn of(outline: Arc<Outline>) -> Option<Self> {
        outline.is_plain().then_some(Self(outline))
    }

    /// The outline.
    pub fn outline(self) -> Arc<Outline> {
        self.0
    }
}

/// What an outline is made of, in few bytes: a site has thousands of them.
#[derive(Serialize, Deserialize)]
struct OutlineParts {
    /// The level, the text, the id that its author gave it, and the first and last byte of each heading.
    headings: Vec<(u8, String, Option<String>, usize, usize)>,
    /// The target as written, whether it is an image, and the first and last byte of each link.
    links: Vec<(String, bool, usize, usize)>,
    /// Comments.
    comments: Vec<Range<usize>>,
    /// Whether the first heading is the title.
    titled: bool,
}

impl From<PlainOutline> for OutlineParts {
    fn from(PlainOutline(outline): PlainOutline) -> Self {
        let headings = outline.headings.iter().map(|heading| {
            let Heading { level, text, id: _, named, range } = heading;
            (*level, text.clone(), named.clone(), range.start, range.end)
        });
        let links =
            outline.links.iter().map(|link| (link.target.clone(), link.image, link.range.start, link.range.end));
        Self {
            headings: headings.collect(),
            links: links.collect(),
            comments: outline.comments.clone(),
            titled: outline.title.is_some(),
        }
    }
}

impl From<OutlineParts> for PlainOutline {
    fn from(OutlineParts { headings, links, comments, titled }: OutlineParts) -> Self {
        let headings = headings.into_iter().map(|(level, text, named, start, end)| Heading {
            level,
            text,
            id: String::new(),
            named,
            range: start..end,
        });
        let links = links.into_iter().map(|(target, image, start, end)| Link { target, image, range: start..end });
        Self(Arc::new(Outline::of_parts(headings.collect(), links.collect(), comments, titled)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The outline of a text, and the one that is made of what is kept of it.
    fn both(text: &str) -> Option<(String, String)> {
        let outline = Arc::new(Outline::of(text));
        let kept = serde_json::to_string(&PlainOutline::of(Arc::clone(&outline))?).unwrap();
        let again = serde_json::from_str::<PlainOutline>(&kept).unwrap().outline();
        Some((format!("{outline:?}"), format!("{again:?}")))
    }

    #[test]
    fn texts_of_which_something_has_to_be_said_are_not_kept() {
        for text in ["> [!INTERNAL]\n> a\n", "a <b hidden>c</b>\n", "x [!internal] y\n", "<a id=\"b\"></a>c\n"] {
            assert!(both(text).is_none(), "{text}");
        }
        assert!(both("# A\n\n## B {#c}\n\n[d](e.md#f) ![g](h.png)\n\n<!-- i -->\n").is_some());
    }

    proptest! {
        #[test]
        fn what_is_kept_of_an_outline_is_that_outline(
            text in prop::collection::vec(
                prop::sample::select(vec![
                    "# A\n", "## A\n", "## A {#b}\n", "### *A* `b`\n", "## step-1\n", "\n", "\n", "a\n", "[a](b.md#c)\n",
                    "![a](b.png)\n", "[a]: b.md\n", "[a]\n", "<!-- a -->\n", "<a@b.org>\n", "> a\n", "- a\n", "```\na\n```\n",
                ]),
                0..12,
            ),
        ) {
            if let Some((outline, again)) = both(&text.concat()) {
                prop_assert_eq!(outline, again);
            }
        }
    }
}
