//! The search: what one audience may not see, made ready once, and looked for in one file after the other.
//!
//! In: secrets, and what the audience was given. Out: for a file, which secrets stand there, and which letters of each.
//! A file's finds depend on nothing but the search and the file. It never says what is to be done about them.

use super::names::{HiddenNames, NameToFind};
use super::reading::FileText;
use super::texts::{FoundLetters, HiddenTexts, Letters, SENTENCE, TextToHide};
use crate::digest::{Digest, Inputs};
use crate::markdown::slug;
use crate::model::secrets::{Declared, Recognised, Secret, is_unmistakable};
use crate::text::normal::NormalText;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A secret with the release that hides it, if no text of today does.
pub type HiddenSecret = (Secret, Option<String>);

/// Everything that one audience may not see.
pub struct SecretSearch {
    /// The secrets.
    pub secrets: Vec<HiddenSecret>,
    texts: HiddenTexts,
    /// The secret of each text.
    text_owners: Vec<usize>,
    names: HiddenNames,
    /// The secret of each name.
    name_owners: Vec<usize>,
    /// How many steps of a run make it, by the file that it is from.
    steps: BTreeMap<String, usize>,
    /// The letters of each secret that were given.
    given: Finds,
    /// The digest of all that it was made of.
    pub digest: Digest,
}

/// Secrets that were found, each with its letters; names have none.
pub type Finds = BTreeMap<usize, Letters>;

/// Letters of a given text that may differ from what is found: two texts can go on alike by chance.
const CHANCE: usize = SENTENCE;

/// A run is recognised by this many of its steps, or by half of them if that is more.
const STEPS: usize = 3;

/// The digest of all that a search is made of.
pub fn inputs(secrets: &[HiddenSecret], given: &Declared) -> Digest {
    let inputs = Inputs::of("secrets").list(secrets.iter(), |inputs, (secret, release)| {
        let release = release.as_deref().unwrap_or("");
        inputs.text(secret.kind.what()).text(&secret.text).text(&secret.place).text(release)
    });
    let texts = inputs.list(given.texts.iter(), |inputs, text| inputs.text(text));
    let names = texts.list(given.names.iter(), |inputs, name| inputs.text(name));
    names.list(given.pages.iter(), |inputs, (place, text)| inputs.text(place).text(text)).end()
}

impl SecretSearch {
    /// A search for these secrets, without what was given.
    pub fn new(secrets: Vec<HiddenSecret>, given: &Declared, digest: Digest) -> Self {
        let (mut texts, mut text_owners) = (Vec::new(), Vec::new());
        let (mut names, mut name_owners) = (Vec::new(), Vec::new());
        for (owner, (secret, _)) in secrets.iter().enumerate() {
            match secret.kind.recognised() {
                Recognised::AsName(_) if secret.kind.can_be_given() && given.names.contains(&secret.text) => {}
                Recognised::AsName(announced) => {
                    for words in forms(&secret.text) {
                        let announced = if is_unmistakable(&secret.text) { &[][..] } else { announced };
                        names.push(NameToFind { words, announced });
                        name_owners.push(owner);
                    }
                }
                recognised => {
                    texts.push(to_hide(&secret.text, recognised));
                    text_owners.push(owner);
                }
            }
        }
        let mut search = Self {
            texts: HiddenTexts::new(texts),
            names: HiddenNames::new(names),
            given: Finds::new(),
            steps: BTreeMap::new(),
            secrets,
            text_owners,
            name_owners,
            digest,
        };
        search.given = search.letters_of(given);
        search.steps = search.count_steps();
        search
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.names.is_empty()
    }

    /// Which letters were given.
    fn letters_of(&self, given: &Declared) -> Finds {
        let mut finds = Finds::new();
        let mut add = |text: &str, counts: &dyn Fn(&HiddenSecret) -> bool| {
            for (owner, letters) in self.owners(&self.texts.find(&NormalText::of(text))) {
                if counts(&self.secrets[owner]) {
                    finds.entry(owner).or_default().join(letters);
                }
            }
        };
        for text in &given.texts {
            add(text, &|(secret, _)| secret.kind.can_be_given());
        }
        // What an older release hid on a page is shown where it stood.
        for (place, text) in &given.pages {
            add(text, &|(secret, release)| secret.is_old_passage(release.as_deref()) && secret.place == *place);
        }
        finds
    }

    /// How many steps make a run, of those that were not given.
    fn count_steps(&self) -> BTreeMap<String, usize> {
        let mut steps: BTreeMap<String, usize> = BTreeMap::new();
        for (text, owner) in self.text_owners.iter().enumerate() {
            let secret = &self.secrets[*owner].0;
            let is_step = secret.kind.recognised() == Recognised::WithOthers;
            if is_step && self.texts.can_be_found(text) && !self.given.contains_key(owner) {
                *steps.entry(secret.place.clone()).or_default() += 1;
            }
        }
        steps.values_mut().for_each(|steps| *steps = STEPS.max(steps.div_ceil(2)).min(*steps));
        steps
    }

    fn owners<'b>(&'b self, found: &'b FoundLetters) -> impl Iterator<Item = (usize, &'b Letters)> {
        found.iter().map(|(text, letters)| (self.text_owners[*text as usize], letters))
    }

    /// The secrets of an older release that are given now.
    pub fn given_now(&self) -> Finds {
        let older = |owner: &usize| self.secrets[*owner].1.is_some();
        self.given.iter().filter(|(owner, _)| older(owner)).map(|(owner, letters)| (*owner, letters.clone())).collect()
    }

    /// The secrets found in one file or its name, but for what was given.
    pub fn file(&self, path: &str, bytes: &[u8]) -> Finds {
        self.find(path, bytes, |owner, letters| !has_all(self.given.get(&owner), letters))
    }

    /// The secrets found in one file or its name, whatever was given.
    pub fn whole_file(&self, path: &str, bytes: &[u8]) -> Finds {
        self.find(path, bytes, |_, _| true)
    }

    fn find(&self, path: &str, bytes: &[u8], counts: impl Fn(usize, &Letters) -> bool) -> Finds {
        let FileText { text, noise } = FileText::of(path, bytes);
        let mut finds = Finds::new();
        for found in [&text, &noise].map(|text| self.texts.find(text)) {
            for (owner, letters) in self.owners(&found).filter(|(owner, letters)| counts(*owner, letters)) {
                finds.entry(owner).or_default().join(letters);
            }
        }
        self.keep_runs(&mut finds);
        let names = self.names.find(&text.words);
        finds.extend(names.into_iter().map(|name| (self.name_owners[name], Letters::default())));
        finds
    }

    /// A step or two of a run may stand anywhere.
    fn keep_runs(&self, finds: &mut Finds) {
        let step = |owner: &usize| {
            let secret = &self.secrets[*owner].0;
            (secret.kind.recognised() == Recognised::WithOthers).then_some(secret.place.as_str())
        };
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        finds.keys().filter_map(step).for_each(|place| *found.entry(place).or_default() += 1);
        finds.retain(|owner, _| step(owner).is_none_or(|place| found.get(place) >= self.steps.get(place)));
    }
}

/// Whether `given` has all of what was found.
pub fn has_all(given: Option<&Letters>, found: &Letters) -> bool {
    given.is_some_and(|given| found.beyond(given) < CHANCE)
}

/// A name as it is written, and as it is written in addresses.
fn forms(name: &str) -> BTreeSet<Vec<u8>> {
    let slug = name.split('/').map(slug::path).collect::<Vec<_>>().join("/");
    [name, &slug].map(|form| NormalText::of(form).words).into()
}

fn to_hide(text: &str, recognised: Recognised) -> TextToHide {
    let mut letters = Vec::new();
    let mut sentences = Vec::new();
    for sentence in text.split_inclusive(['.', '!', '?', '\n', ';', '。', '！', '？']) {
        let start = letters.len();
        letters.extend(NormalText::of(sentence).letters());
        sentences.push(start..letters.len());
    }
    let is_long = |sentence: &Range<usize>| sentence.len() >= SENTENCE;
    let sentences = match recognised {
        Recognised::InRuns => Vec::new(),
        Recognised::InParts if sentences.iter().any(is_long) => sentences,
        _ => std::iter::once(0..letters.len()).collect(),
    };
    TextToHide {
        letters,
        sentences,
        alone: recognised == Recognised::InParts,
        in_runs: matches!(recognised, Recognised::InParts | Recognised::InRuns),
    }
}
