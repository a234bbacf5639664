//! What changed: a redline from one version of a task to another, for its readers.
//!
//! Both texts are as this audience gets them: what was never for it is in neither. What the front matter says is shown
//! before and after, the text as one with what is new and what is gone.

use super::{PageKind, SiteContext};
use crate::digest::{Digest, Inputs};
use crate::document::Use;
use crate::markdown::redline::html::{self, RedlineFrame};
use crate::markdown::redline::{WordFate, of_lines};
use crate::model::{Instructions, Release};
use crate::release::changes::{
    Action, ChangeList, Class, CriterionPart, PagePair, Subject, TaskChange, class, judged, pairs,
};
use crate::schema::Words;
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::view::{Frame, LinkView, VersionRead};
use crate::site::{File, up};
use crate::text;
use serde::Serialize;
use std::fmt::Write;
use std::sync::Arc;

/// What changed from a release to an edition of the same task.
pub struct ChangesPage<'a> {
    /// The newer text.
    pub new: Arc<Edition<'a>>,
    /// The older one.
    pub old: &'a Release,
}

const TEMPLATE: &str = "changes.html";

/// What changed.
#[derive(Serialize)]
struct ChangesView {
    /// Around it.
    frame: Frame,
    /// The older version.
    from: LinkView,
    /// The newer text.
    to: LinkView,
    /// What the author of each version since then says, newest first.
    notes: Vec<ReleaseNote>,
    /// Which ratings from before are compared with later ones, in a sentence; none where the newer text is not sealed.
    comparability: Option<String>,
    /// How many changes there are.
    count: usize,
    /// How many of each class, in words such as "2 clarification", the gravest first.
    classes: Vec<String>,
    /// What the front matter says, in groups such as "Pay and time".
    groups: Vec<ValueGroup>,
    /// Each page that changed.
    pages: Vec<ChangedPage>,
    /// Pictures and other files that changed.
    files: Vec<ChangedFile>,
    /// The titles of pages without a change.
    unchanged: Vec<LinkView>,
}

/// What is said of a version.
#[derive(Serialize)]
struct ReleaseNote {
    /// Its number.
    version: String,
    /// When it was sealed.
    date: String,
    /// What its author said.
    note: String,
    /// Why it is a smaller step than its changes seem to ask for, if its author said so.
    because: Option<String>,
    /// Where it is.
    url: String,
}

/// Values that changed and belong together.
#[derive(Serialize)]
struct ValueGroup {
    /// What they are about.
    title: &'static str,
    /// The values.
    rows: Vec<ValueChange>,
    /// Whether they are folded: gold that a reader may want to guess first.
    folded: bool,
}

/// A value that changed.
#[derive(Serialize)]
struct ValueChange {
    /// What it is of, and where that is explained.
    of: LinkView,
    /// What of it.
    part: String,
    /// What it was, as HTML; empty if it is new.
    before: String,
    /// What it is, as HTML; empty if it is gone.
    after: String,
}

/// A page that changed.
#[derive(Serialize)]
struct ChangedPage {
    /// The page; one that is gone is where it was.
    link: LinkView,
    /// `added`, `removed`, `moved` or `changed`.
    action: &'static str,
    /// Its redline; empty for a page that is new or gone.
    html: String,
    /// How many changes its text has.
    count: usize,
}

/// A file that changed.
#[derive(Serialize)]
struct ChangedFile {
    /// Its name.
    name: String,
    /// `added`, `removed` or `changed`.
    action: &'static str,
    /// Where it is now.
    url: Option<String>,
}

impl PageKind for ChangesPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let inputs = site.inputs_of_edition("changes", path, &self.new).text(&self.old.digest);
        Some(set_inputs(set_inputs(inputs, &self.old.instructions), self.new.instructions).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        site.render(TEMPLATE, &self.view(path, site))
    }
}

/// All that a text says, as inputs.
pub fn set_inputs(inputs: Inputs, set: &Instructions) -> Inputs {
    let pages: Vec<_> = set.all_pages().collect();
    let inputs = inputs.list(pages.into_iter(), |inputs, page| inputs.text(&page.path).digest(&page.digest));
    inputs.list(set.files.iter(), |inputs, (path, (file, _))| inputs.text(path).digest(&file.digest))
}

impl ChangesPage<'_> {
    fn view(&self, path: &str, site: &SiteContext<'_>) -> ChangesView {
        let edition = &*self.new;
        let (old, new) = (&self.old.instructions, edition.instructions);
        let mut frame = site.frames.edition(edition, path, "What changed");
        // Of no other version does it say the same.
        frame.versions.clear();
        let tells = Some(self.old.version.to_string());
        frame.reading = frame.reading.map(|reading| VersionRead { tells, ..reading });
        let up = up(path);
        let list = ChangeList::between(old, new);
        let pairs = pairs(old, new);
        let version_root = |release: &Release| format!("tasks/{}/v/{}/index.html", edition.task.id, release.version);
        let label = |release: &Release| format!("version {}", release.version);
        let to = match edition.release {
            Some(release) => link(&label(release), &up, &version_root(release), path),
            None => link("the working text", &up, &edition.home_path(), path),
        };
        let (mut pages, mut unchanged) = (Vec::new(), Vec::new());
        let mut labels = 0;
        for pair in &pairs {
            match self.page(pair, &list, &mut labels, &up, path) {
                Ok(page) => pages.push(page),
                Err(link) => unchanged.extend(link),
            }
        }
        ChangesView {
            from: link(&label(self.old), &up, &version_root(self.old), path),
            to,
            notes: self.notes(&up),
            comparability: self.comparability(),
            groups: self.groups(&list, &up, path),
            files: list
                .changes
                .iter()
                .filter(|change| change.subject == Subject::File)
                .map(|change| self.file(change, &up))
                .collect(),
            count: list.changes.len(),
            classes: classes_in_words(&judged::as_sealed(&list, &self.between().collect::<Vec<_>>())),
            pages,
            unchanged,
            frame,
        }
    }

    /// The versions after the older one, up to the newer.
    fn between(&self) -> impl DoubleEndedIterator<Item = &Release> {
        let last = self.new.release.map(|release| &release.version);
        self.new.task.releases.iter().filter(move |release| {
            release.version > self.old.version && last.is_none_or(|last| release.version <= *last)
        })
    }

    /// What is said of the versions after the older one, up to the newer.
    fn notes(&self, up: &str) -> Vec<ReleaseNote> {
        let notes = self.between().rev().map(|release| ReleaseNote {
            version: release.version.to_string(),
            date: release.time.day().to_string(),
            note: release.note.clone(),
            because: release.because.clone(),
            url: format!("{up}tasks/{}/v/{}/index.html", self.new.task.id, release.version),
        });
        notes.collect()
    }

    /// Which ratings made under the older version are compared with those made under the newer one.
    fn comparability(&self) -> Option<String> {
        let release = self.new.release?;
        let is_lost = |id: &&str| release.comparable_since.get(*id).is_some_and(|since| *since > self.old.version);
        let was_asked = |id: &&str| self.old.instructions.rubric.criterion(id).is_some();
        let criteria = self.new.instructions.rubric.criteria.iter().map(|criterion| criterion.id.as_str());
        let lost: Vec<&str> = criteria.filter(is_lost).filter(was_asked).collect();
        let (old, new) = (&self.old.version, &release.version);
        Some(match lost.len() {
            0 => format!("Ratings made under {old} are compared with those made under {new}."),
            _ => format!(
                "Ratings of {} made under {old} are not compared with those made under {new}; all others are.",
                lost.iter().map(|id| format!("“{}”", self.new.criterion_title(id))).collect::<Vec<_>>().join(", ")
            ),
        })
    }

    /// What the front matter says otherwise, in groups.
    fn groups(&self, list: &ChangeList, up: &str, path: &str) -> Vec<ValueGroup> {
        type Belongs = fn(&Subject) -> bool;
        let groups: [(&'static str, bool, Belongs); 6] = [
            ("Pay and time", false, |subject| matches!(subject, Subject::Fact("pay" | "time"))),
            ("New and former questions", false, |subject| matches!(subject, Subject::Criterion(_))),
            ("Answers", false, |subject| matches!(subject, Subject::CriterionPart(_, part) if !is_scoring(part))),
            ("How answers are scored", false, |subject| {
                matches!(subject, Subject::CriterionPart(_, part) if is_scoring(part)) || *subject == Subject::Bar
            }),
            ("About the task", false, |subject| {
                matches!(subject, Subject::Fact(key) if !["pay", "time"].contains(key))
                    || matches!(
                        subject,
                        Subject::Page("title" | "run") | Subject::Example("use" | "item" | "run" | "run b")
                    )
            }),
            ("Gold of examples", true, |subject| matches!(subject, Subject::Gold(_))),
        ];
        let of_group = |(title, folded, belongs): (&'static str, bool, Belongs)| {
            let rows = list.changes.iter().filter(|change| belongs(&change.subject));
            let rows: Vec<ValueChange> = rows.map(|change| self.value(change, up, path)).collect();
            let folded = folded && self.new.instructions.examples.iter().any(|example| example.used == Use::Practice);
            (!rows.is_empty()).then_some(ValueGroup { title, rows, folded })
        };
        groups.into_iter().filter_map(of_group).collect()
    }

    fn value(&self, change: &TaskChange, up: &str, path: &str) -> ValueChange {
        let edition = &*self.new;
        let page = |file: &str| {
            let whole = format!("{}{}/{file}", crate::document::TASKS, edition.task.id);
            edition.find(&whole).map_or_else(|| edition.home_path(), |shown| shown.address.to_string())
        };
        let (title, place, part) = match &change.subject {
            Subject::Criterion(id) => (change.place.title.clone(), self.criterion_place(id), String::new()),
            Subject::CriterionPart(id, part) => (change.place.title.clone(), self.criterion_place(id), part.plain()),
            Subject::Gold(criterion) => {
                let question = edition.criterion_title(criterion).to_owned();
                (change.place.title.clone(), page(&change.place.file), question)
            }
            Subject::Fact(key) => (change.place.title.clone(), edition.home_path(), (*key).to_owned()),
            Subject::Bar => (change.place.title.clone(), edition.rubric_path(), "bar".to_owned()),
            Subject::Example(part) | Subject::Page(part) => {
                (change.place.title.clone(), page(&change.place.file), (*part).to_owned())
            }
            Subject::Text(_) | Subject::File => (change.place.title.clone(), page(&change.place.file), String::new()),
        };
        let sides = of_lines(&change.before, &change.after);
        let side = |own: WordFate, element: &str| {
            let mut out = String::new();
            for (fate, words) in sides.iter().filter(|(fate, _)| *fate == WordFate::Same || *fate == own) {
                let words = text::html(words);
                let _ = match fate {
                    WordFate::Same => write!(out, "{words}"),
                    WordFate::Added | WordFate::Removed => write!(out, "<{element}>{words}</{element}>"),
                };
            }
            out
        };
        ValueChange {
            of: link(&title, up, &place, path),
            part,
            before: side(WordFate::Removed, "del"),
            after: side(WordFate::Added, "ins"),
        }
    }

    fn criterion_place(&self, id: &str) -> String {
        let rubric = self.new.rubric_path();
        match self.new.instructions.rubric.criterion(id) {
            Some(_) => format!("{rubric}#{id}"),
            None => rubric,
        }
    }

    /// A page with what changed on it; else the link to it, if it is there. `labels` counts the places in redlines that
    /// can be led to.
    fn page(
        &self,
        pair: &PagePair<'_>,
        list: &ChangeList,
        labels: &mut usize,
        up: &str,
        path: &str,
    ) -> Result<ChangedPage, Option<LinkView>> {
        let edition = &*self.new;
        let whole = |link, action: Action| ChangedPage { link, action: action.word(), html: String::new(), count: 0 };
        let Some(new) = pair.new else {
            let old = pair.old.ok_or(None)?;
            let there = format!("tasks/{}/v/{}/index.html", edition.task.id, self.old.version);
            return Ok(whole(link(&old.title, up, &there, path), Action::Removed));
        };
        let address = edition.find(&new.path).map(|shown| shown.address).ok_or(None)?;
        let link = link(&new.title, up, &address, path);
        let Some(old) = pair.old else { return Ok(whole(link, Action::Added)) };
        let count = list.of_text(new).count();
        match pair.redline().filter(|_| count > 0) {
            Some(redline) => {
                let address = format!("{up}{address}");
                let frame = RedlineFrame { address: Some(&address), before: *labels, lower: 1 };
                let shown = html::html(&redline, &frame);
                *labels += shown.labels;
                Ok(ChangedPage { link, action: Action::Changed.word(), html: shown.html, count })
            }
            None if old.path != new.path => Ok(whole(link, Action::Moved)),
            None => Err(Some(link)),
        }
    }

    fn file(&self, change: &TaskChange, up: &str) -> ChangedFile {
        let path = self.new.instructions.files.keys().find(|path| path.ends_with(&change.place.file));
        let url = path.map(|path| format!("{up}{}", self.new.asset_path(path)));
        ChangedFile { name: change.place.file.clone(), action: change.action.word(), url }
    }
}

/// How many of each class, in words.
pub fn classes_in_words(classes: &[Class]) -> Vec<String> {
    class::counts(classes).into_iter().map(|(class, count)| format!("{count} {}", class.word())).collect()
}

fn is_scoring(part: &CriterionPart) -> bool {
    matches!(part, CriterionPart::Named("tolerance" | "weight"))
}
