//! The items of a packet, as a table says them: those that no example of the site shows become examples of the task.
//!
//! In: a table with the column `item`, and if wanted `run`, `title`, `sample`, `against`, `against_sample` and `rater`; runs
//! are named as they lie from it, and an item without one is an example of the site that waits for its gold. Out: the files
//! that a site with these items would have, and who is to answer which. It looks into no log: that is the model's.

use crate::diagnostic::{Fault, did_you_mean, one_of};
use crate::disk;
use crate::document::{RUN_EXTENSIONS, TASKS};
use crate::markdown::slug;
use crate::model::is_picture;
use crate::schema::is_id;
use crate::source::{Content, Source, Sources};
use crate::table::{Sizes, Stream, TableSource};
use crate::text::quoted;
use crate::workspace::load;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The columns of a table of items, and what an example calls those that it has too.
const COLUMNS: [(&str, Option<&str>); 7] = [
    ("item", Some("item")),
    ("run", Some("trajectory")),
    ("title", Some("title")),
    ("sample", Some("sample")),
    ("against", Some("against")),
    ("against_sample", Some("against_sample")),
    ("rater", None),
];

/// Longest name of an item, in bytes, that its example has too.
const LONGEST_NAME: usize = 60;

/// One item.
struct PacketItem {
    /// As ratings name it.
    item: String,
    /// What its example says, by key; none if the site has that example.
    keys: Option<BTreeMap<&'static str, String>>,
    /// Who answers it; everybody if none is named.
    raters: BTreeSet<String>,
}

/// Items, with the files that their runs are.
#[derive(Default)]
pub struct PacketItems {
    items: Vec<PacketItem>,
    /// The folders on this machine in which runs lie: each is a folder of the task.
    folders: Vec<PathBuf>,
    /// Runs and pictures by path in the site.
    files: BTreeMap<String, Source>,
}

impl PacketItems {
    /// Reads a table of items of a task, and their runs.
    ///
    /// # Errors
    ///
    /// A table that can't be read or has a column twice, a row without an item, an item in two ways, or a run that is not
    /// there.
    pub fn read(path: &Path, task: &str) -> Result<Self, Fault> {
        let name = path.display().to_string();
        let bytes = disk::read(path).map_err(|error| Fault::whole(format!("{name} can't be read: {}", error.error)))?;
        let of_table = |fault: Fault| fault.prefixed(&format!("{name}: "));
        let stream =
            Stream::open(TableSource::new(name.clone(), bytes.as_slice()), Sizes::default()).map_err(of_table)?;
        let head = stream.head().iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>().map_err(of_table)?;
        if let Some(twice) = head.iter().enumerate().find_map(|(at, name)| head[..at].contains(name).then_some(name)) {
            return Err(of_table(Fault::whole(format!("it has the column `{twice}` twice"))));
        }
        let (rows, faults) = stream.all_rows();
        if let Some(fault) = faults.kept.into_iter().chain(faults.end).next() {
            return Err(of_table(fault));
        }
        let mut read = Self::default();
        for (line, cells) in rows {
            let cells = head.iter().copied().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect();
            let added = read.add(cells, path.parent().unwrap_or(Path::new("")), task);
            added.map_err(|fault| fault.prefixed(&format!("{name}, line {line}: ")))?;
        }
        match read.items.is_empty() {
            true => Err(of_table(Fault::whole("it names no item"))),
            false => Ok(read),
        }
    }

    fn add(&mut self, mut cells: BTreeMap<&'static str, String>, from: &Path, task: &str) -> Result<(), Fault> {
        let rater = cells.remove("rater");
        let item = cells.get("item").cloned().ok_or_else(|| Fault::whole("this row has no `item`"))?;
        let has_run = cells.contains_key("run");
        if !has_run && cells.len() > 1 {
            return Err(Fault::whole(format!("{} has no `run`", quoted(&item)))
                .help("an item without one is an example with `use: gold`, which says the rest"));
        }
        for named in ["run", "against"] {
            if let Some(run) = cells.get_mut(named) {
                *run = self.take(&from.join(&*run), task)?;
            }
        }
        let key = |column: &str| COLUMNS.iter().find(|(name, _)| *name == column).and_then(|(_, key)| *key);
        let keys = cells.into_iter().filter_map(|(column, cell)| Some((key(column)?, cell)));
        let keys = has_run.then(|| keys.collect());
        match self.items.iter_mut().find(|known| known.item == item) {
            None => self.items.push(PacketItem { item, keys, raters: rater.into_iter().collect() }),
            Some(known) => match rater {
                Some(rater) if known.keys == keys && !known.raters.is_empty() => drop(known.raters.insert(rater)),
                _ => return Err(Fault::whole(format!("{} stands in an earlier row", quoted(&item)))),
            },
        }
        Ok(())
    }

    /// Takes a run, with the pictures that lie beside it in `images`; returns how an example names it.
    fn take(&mut self, run: &Path, task: &str) -> Result<String, Fault> {
        let name = run.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let is_run = name.rsplit_once('.').is_some_and(|(_, extension)| RUN_EXTENSIONS.contains(&extension));
        if !is_run {
            let fault = Fault::whole(format!("{} is no run by its name", quoted(&name)));
            return Err(fault.help(format!("names of runs end in {}", one_of(RUN_EXTENSIONS))));
        }
        let folder = run.parent().unwrap_or(Path::new(""));
        let known = self.folders.iter().position(|known| known == folder);
        let number = known.unwrap_or_else(|| {
            self.folders.push(folder.to_owned());
            self.folders.len() - 1
        });
        let below = format!("trajectories/packet-{number}");
        self.read_file(format!("{TASKS}{task}/{below}/{name}"), run)?;
        if known.is_none() {
            let pictures = disk::files(&folder.join("images"), &[]).unwrap_or_default();
            for (picture, place) in pictures.into_iter().filter(|(picture, _)| is_picture(picture)) {
                self.read_file(format!("{TASKS}{task}/{below}/images/{picture}"), &place)?;
            }
        }
        Ok(format!("../{below}/{name}"))
    }

    fn read_file(&mut self, path: String, place: &Path) -> Result<(), Fault> {
        if self.files.contains_key(&path) {
            return Ok(());
        }
        let source = load::read(&path, place).map_err(|found| {
            let why = found.sorted().first().map_or_else(String::new, |finding| finding.message.clone());
            Fault::whole(format!("{} can't be read: {why}", place.display()))
        })?;
        self.files.insert(path, source);
        Ok(())
    }

    /// The items that the site has examples of.
    pub fn of_site(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter(|item| item.keys.is_none()).map(|item| item.item.as_str())
    }

    /// The items that come with their runs.
    pub fn brought(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter(|item| item.keys.is_some()).map(|item| item.item.as_str())
    }

    /// Who answers, and each one's items; items that name nobody are for everybody who is `named`.
    pub fn by_rater(&self, named: &[String]) -> BTreeMap<String, Vec<String>> {
        let all: BTreeSet<&String> = self.items.iter().flat_map(|item| &item.raters).chain(named).collect();
        let of = |rater: &String| {
            let is_own = |item: &&PacketItem| match item.raters.is_empty() {
                true => named.contains(rater),
                false => item.raters.contains(rater),
            };
            (rater.clone(), self.items.iter().filter(is_own).map(|item| item.item.clone()).collect())
        };
        all.into_iter().map(of).collect()
    }

    /// The files that `site` would have with these items beside its own; none if it has no such task.
    pub fn sources(&self, task: &str, site: &Sources) -> Vec<Source> {
        if site.find(&format!("{TASKS}{task}/task.md")).is_none() {
            return Vec::new();
        }
        let mut files: Vec<Source> = self.files.values().cloned().collect();
        let mut taken = BTreeSet::new();
        for of in &self.items {
            let Some(text) = of.example() else { continue };
            // Not every name of an item is one of an example: some begin with a digit, or have letters of other scripts.
            let slug = Some(slug::path(&of.item)).filter(|slug| is_id(slug) && slug.len() <= LONGEST_NAME);
            let slug = slug.unwrap_or_else(|| "item".to_owned());
            let path = |name: &str| format!("{TASKS}{task}/examples/{name}.md");
            let mut names = std::iter::once(slug.clone()).chain((2_u32..).map(|number| format!("{slug}-{number}")));
            let is_free = |name: &String| site.find(&path(name)).is_none() && !taken.contains(name);
            let Some(name) = names.find(is_free) else { continue };
            files.push(Source::new(path(&name), Content::Text(text.into())));
            taken.insert(name);
        }
        files
    }
}

impl PacketItem {
    /// The example that has it answered, if it is not the site's.
    fn example(&self) -> Option<String> {
        let mut keys = self.keys.clone()?;
        keys.entry("title").or_insert_with(|| self.item.clone());
        // What JSON takes for a text, YAML does too.
        let line = |(key, text): (&&str, &String)| format!("{key}: {}\n", serde_json::Value::from(text.as_str()));
        Some(format!("---\nuse: gold\n{}---\n", keys.iter().map(line).collect::<String>()))
    }
}

/// What a column is.
fn column(name: &str) -> Result<&'static str, Fault> {
    let known = || COLUMNS.iter().map(|(column, _)| *column);
    known().find(|column| column.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let fault = Fault::whole(format!("a table of items has no column {}", quoted(name)));
        fault.maybe(did_you_mean(name, known())).help(format!("it knows {}", one_of(known())))
    })
}
