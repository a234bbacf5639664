//! Examples: items with their gold explained.
//!
//! In: a file of `examples/`. Out: an `ExampleDocument` whose gold is still a YAML tree, since what it may hold
//! depends on the rubric. How it is used (`use`) must be written: no default is safe.

use super::{Body, FileSet, MovedIds, WrittenGold, body};
use crate::diagnostic::Diagnostics;
use crate::schema::{FromYaml, OpenMapping, Spanned, Words, mapping};
use crate::yaml::Key;
use std::sync::Arc;

/// How an example is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Gold shown.
    Worked,
    /// Gold after answering.
    Practice,
    /// Answered and scored elsewhere; gold never shipped.
    Test,
    /// Answered by experts, whose answers become gold; not shipped.
    Gold,
    /// Not shipped at all.
    HeldOut,
}

impl Words for Use {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("worked", Self::Worked),
        ("practice", Self::Practice),
        ("test", Self::Test),
        ("gold", Self::Gold),
        ("held-out", Self::HeldOut),
    ];
}

impl Use {
    /// Whether readers of a release get it.
    pub fn is_shipped(self) -> bool {
        matches!(self, Self::Worked | Self::Practice | Self::Test)
    }

    /// Whether readers of a release get its gold.
    pub fn shows_gold(self) -> bool {
        matches!(self, Self::Worked | Self::Practice)
    }

    /// Whether its page has a form.
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Practice | Self::Test | Self::Gold)
    }

    /// The word shown.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("", |(word, _)| word)
    }
}

mapping! {
    /// The front matter of an example: an item, how it is used, and its gold.
    pub struct ExampleKeys = "an example" {
        /// What the example is called; its first heading unless said, else the file's name.
        optional title: String = "A resolver error that was read past";
        /// The item, as ratings name it; the file's name unless said.
        optional item: String = "run-0147";
        /// The run it shows: its name in `trajectories/`, or a path relative to this file.
        optional trajectory: Spanned<String> = "run-0147";
        /// Which sample of a log of several.
        optional sample: String = "17";
        /// In a task with `items: pair`, the second run of the two to compare, named as the first is.
        optional against: Spanned<String> = "run-0148";
        /// Which sample of a log of several the second run is.
        optional against_sample: String = "18";
        /// How it is used: its gold is shown (`worked`), shown after answering (`practice`), never shipped while the
        /// item is (`test`), experts answer it to make gold (`gold`), or nothing of it is shipped (`held-out`).
        needed used as "use": Use = "worked (or practice, test, gold, held-out)";
        /// Its place among examples of its use: lower comes first; those without come last, by file name.
        optional order: u32 = "1";
        /// The right answers by criterion: a value, `{value: partly, why: …}`, or a list of flags.
        optional gold: OpenMapping<WrittenGold> = "{goal-reached: {value: partly, why: The service answers.}}";
        /// Who may read it: an audience of goldbook.yaml; the default audience unless said.
        optional audience: Spanned<String>;
        /// Where what stood on this page is now, by the id that links to it have: an address that somebody noted leads on.
        optional moved: MovedIds = "{old-id: rubric.md#new-id}";
    }
}

/// An example as written.
#[derive(Clone, Debug)]
pub struct ExampleDocument {
    /// The file's name, and the example's id.
    pub id: String,
    /// What the example is called.
    pub title: String,
    /// Whether the title is the body's first heading.
    pub title_in_body: bool,
    /// The item, as ratings name it; the file's name unless said.
    pub item: String,
    /// The trajectory it shows: its name in `trajectories/`, or a path relative to the file.
    pub trajectory: Option<Spanned<String>>,
    /// Which sample of a log of several.
    pub sample: Option<String>,
    /// The second trajectory of a pair, named as the first is.
    pub against: Option<Spanned<String>>,
    /// Which sample of a log of several that is.
    pub against_sample: Option<String>,
    /// How it is used.
    pub used: Use,
    /// Its place among examples of its use, if it says.
    pub order: Option<u32>,
    /// Gold by criterion.
    pub gold: Vec<(Key, WrittenGold)>,
    /// Who may read it, if it says.
    pub audience: Option<Spanned<String>>,
    /// Its text.
    pub body: Body,
}

/// Reads an example.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<ExampleDocument> {
    let split = body::split(path, files, diagnostics)?;
    let id = path.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).unwrap_or(path).to_owned();
    super::check_id(&id, split.body.top(), diagnostics);
    let example = "---\ntitle: A resolver error that was read past\nuse: worked\n---";
    let front = split.front("an example needs front matter with `use`", example, diagnostics)?;
    let keys = ExampleKeys::from_yaml(front, diagnostics)?;
    let ExampleKeys { title, item, trajectory, sample, against, against_sample, used, order, gold, audience, moved } =
        keys;
    let mut body = split.body.clone().with_moved(moved);
    if trajectory.is_some() {
        body.outline = Arc::new(body.outline.beside_run());
        body.places = body.outline.places();
    }
    let gold = gold.map_or_else(Vec::new, |OpenMapping(gold)| gold);
    let title_in_body = title.is_none() && body.title().is_some();
    let title = title.or_else(|| body.title().map(str::to_owned)).unwrap_or_else(|| id.clone());
    let item = item.unwrap_or_else(|| id.clone());
    Some(ExampleDocument {
        id,
        title,
        title_in_body,
        item,
        trajectory,
        sample,
        against,
        against_sample,
        used: used?,
        order,
        gold,
        audience,
        body,
    })
}
