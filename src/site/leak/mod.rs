//! The second lock: a search of the finished output for what its audience may not see.
//!
//! In: a rendered `Site`, the secrets of the whole Model, and what the audience was given. Out: a finding for each hit,
//! naming both places. Text is compared letter by letter without case, markup, entities, punctuation or white space, so
//! that a secret is found in a page, an attribute, JSON, a slug or a file name. It knows nothing of how pages are made.

mod blocks;
mod decoded;
mod markup;
mod names;
mod picture;
mod reading;
mod search;
mod texts;

use super::edition::SEARCH;
use super::{File, Site, SitePart};
use crate::audience::{AudienceId, Audiences};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::disk::DiskError;
use crate::memo::{Function, Memo};
use crate::model::asset::{self, AssetKind};
use crate::model::secrets::{Declared, SealedText, Secrets};
use ahash::AHashMap;
use rayon::prelude::*;
use search::{Finds, HiddenSecret, SecretSearch, has_all};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most hits that are reported; one is enough to stop the build.
const MOST: usize = 25;

/// For whom a site was made.
pub struct SiteReader<'a> {
    /// The audience.
    pub audience: AudienceId,
    /// Its name.
    pub name: &'a str,
    /// What was declared for it.
    pub given: &'a Declared,
    /// What releases say to it; made only if something is found.
    pub sealed: &'a (dyn Fn() -> Vec<SealedText> + Sync),
}

/// Searches `site` for the secrets that `reader` may not see. What was found in a file before is not searched for again.
pub fn check(
    site: &Site,
    reader: &SiteReader<'_>,
    secrets: &Secrets,
    audiences: &Audiences,
    memo: &Memo,
    diagnostics: &mut Diagnostics,
) {
    note_unsearched(site, reader.name, diagnostics);
    let hidden = secrets.texts.iter().filter(|(secret, _)| {
        let is_own = secret.kind.is_of_cohort() && reader.given.cohorts.contains(&secret.text);
        !audiences.may_see(reader.audience, secret.audience) && !is_own
    });
    let hidden: Vec<HiddenSecret> = hidden.map(|(secret, release)| (secret.clone(), release.clone())).collect();
    let inputs = search::inputs(&hidden, reader.given);
    let make = |_| Arc::new(SecretSearch::new(hidden, reader.given, inputs));
    let search = memo.latest::<SearchMaking>(reader.name, inputs, make);
    if search.is_empty() {
        return;
    }
    let parts: Vec<(&String, &Arc<SitePart>)> = site.parts.iter().collect();
    let parts =
        parts.into_par_iter().map(|(name, part)| search_part(&search, &format!("{}/{name}", reader.name), part, memo));
    let mut found = BTreeMap::new();
    for part in parts.collect::<Vec<_>>() {
        found.extend(part.hits.iter().cloned());
        for (path, error) in &part.unreadable {
            diagnostics.add(rules::UNREADABLE, Place::file(&**path), error.clone());
        }
    }
    let given_now = search.given_now();
    if found.is_empty() && given_now.is_empty() {
        return;
    }
    let sealed = SealedFinds::of(&search, &(reader.sealed)());
    note_given(&search, &given_now, &sealed, reader.name, diagnostics);
    note_sealed(&search, &found, &sealed, reader.name, diagnostics);
    let found =
        found.iter().flat_map(|(path, finds)| finds.iter().map(move |(secret, letters)| (path, secret, letters)));
    let leaks: Vec<_> = found.filter(|(_, secret, letters)| !has_all(sealed.letters.get(*secret), letters)).collect();
    // What an index says, a page says: there it is mended.
    let is_of_index = |path: &str| path.starts_with(SEARCH);
    let on_pages: BTreeSet<usize> =
        leaks.iter().filter(|(path, ..)| !is_of_index(path)).map(|(_, secret, _)| **secret).collect();
    let told = leaks.into_iter().filter(|(path, secret, _)| !is_of_index(path) || !on_pages.contains(secret));
    for (path, secret, _) in told.take(MOST) {
        let secret = &search.secrets[*secret].0;
        let message = format!(
            "the output for `{}` would hold {}: “{}”",
            reader.name,
            secret.kind.what(),
            beginning(&secret.text)
        );
        diagnostics
            .add(rules::AUDIENCE_LEAK, Place::file(format!("{}/{path}", reader.name)), message)
            .related(Place::file(secret.place.clone()), "it is from")
            .help("reword one of the two places, or narrow the page's audience; nothing was written");
    }
}

/// Says what can't be searched, once for all places of a file.
fn note_unsearched(site: &Site, audience: &str, diagnostics: &mut Diagnostics) {
    let mut places: BTreeMap<Digest, Vec<&str>> = BTreeMap::new();
    let is_unsearched = |path: &str| asset::kind(path) == AssetKind::Unsearched && !reading::is_archive(path);
    for (path, file) in site.files().filter(|(path, _)| is_unsearched(path)) {
        places.entry(file.digest).or_default().push(path);
    }
    for paths in places.values() {
        let message = "this file ships without being searched for what its readers may not see";
        let more =
            (paths.len() > 1).then(|| format!("it lies at {} places of this site; this is the first", paths.len()));
        diagnostics
            .add(rules::UNSEARCHED_FILE, Place::file(format!("{audience}/{}", paths[0])), message)
            .maybe_help(more);
    }
}

/// What releases hold of the secrets of a search.
struct SealedFinds {
    /// The letters of each that some release holds.
    letters: Finds,
    /// Where each is found first in each release: the secret and the release to the file.
    places: BTreeMap<(usize, String), String>,
}

impl SealedFinds {
    fn of(search: &SecretSearch, texts: &[SealedText]) -> Self {
        let mut sealed = Self { letters: Finds::new(), places: BTreeMap::new() };
        let finds: Vec<(&SealedText, Finds)> =
            texts.par_iter().map(|text| (text, search.whole_file(&text.path, &text.bytes))).collect();
        for (text, finds) in finds {
            for (secret, letters) in finds {
                sealed.letters.entry(secret).or_default().join(&letters);
                sealed.places.entry((secret, text.release.clone())).or_insert_with(|| text.place.clone());
            }
        }
        sealed
    }
}

/// Says what an older release hid, and the text that would be sealed next shows.
fn note_given(
    search: &SecretSearch,
    given: &Finds,
    sealed: &SealedFinds,
    audience: &str,
    diagnostics: &mut Diagnostics,
) {
    let unsealed = given.iter().filter(|(owner, letters)| !has_all(sealed.letters.get(owner), letters));
    for (owner, _) in unsealed {
        let (secret, release) = &search.secrets[*owner];
        let release = release.as_deref().unwrap_or_default();
        let what = secret.kind.what();
        let message =
            format!("this shows `{audience}` what release {release} hid, {what}: “{}”", beginning(&secret.text));
        diagnostics
            .add(rules::NO_LONGER_HIDDEN, Place::file(secret.place.clone()), message)
            .help("once it is sealed, it cannot be hidden from them again");
    }
}

/// Says which sealed texts gave away what is hidden today.
fn note_sealed(
    search: &SecretSearch,
    found: &BTreeMap<Arc<str>, Finds>,
    sealed: &SealedFinds,
    audience: &str,
    diagnostics: &mut Diagnostics,
) {
    let found: BTreeSet<usize> = found.values().flat_map(BTreeMap::keys).copied().collect();
    for ((owner, release), place) in sealed.places.iter().filter(|((owner, _), _)| found.contains(owner)) {
        let (secret, hidden_by) = &search.secrets[*owner];
        if hidden_by.is_some() {
            continue;
        }
        let message = format!(
            "the sealed release {release} gave `{audience}` {}: “{}”",
            secret.kind.what(),
            beginning(&secret.text)
        );
        diagnostics
            .add(rules::ALREADY_GIVEN, Place::file(place.clone()), message)
            .related(Place::file(secret.place.clone()), "it is hidden here")
            .help("what is sealed stays: reword it in a new version, and put something else in the place of what is hidden");
    }
}

/// What an audience may not see, made ready.
struct SearchMaking;

impl Function for SearchMaking {
    type Value = Arc<SecretSearch>;
}

/// A part of a site to what was found in it.
struct PartSearch;

impl Function for PartSearch {
    type Value = Arc<SearchedPart>;
}

/// A file to the secrets found in it, by the digest of the search and the file.
pub struct FileSearch;

impl Function for FileSearch {
    type Value = Arc<Finds>;
}

/// What a search of one part of a site found.
struct SearchedPart {
    /// Paths, and the secrets found there.
    hits: Vec<(Arc<str>, Finds)>,
    /// Files that could not be searched, and why.
    unreadable: Vec<(Arc<str>, String)>,
    /// The secrets found in each file, by the digest of the search and the file.
    by_inputs: AHashMap<Digest, Arc<Finds>>,
}

/// The first words of a secret, for whoever must find it.
fn beginning(text: &str) -> String {
    crate::text::beginning(&text.split_whitespace().collect::<Vec<_>>().join(" "), 48).into_owned()
}

/// Searches a part; files that are as they were are not searched again.
fn search_part(search: &SecretSearch, name: &str, part: &SitePart, memo: &Memo) -> Arc<SearchedPart> {
    let inputs = Inputs::of("search of a part").digest(&search.digest).digest(&part.digest).end();
    memo.latest::<PartSearch>(name, inputs, |before| {
        let search = |(path, file): (&Arc<str>, &File)| {
            let inputs = Inputs::of("search").digest(&search.digest).text(path).digest(&file.digest).end();
            let finds = before.as_ref().and_then(|before| before.by_inputs.get(&inputs).cloned());
            let finds = finds.map_or_else(|| unless_known(search, inputs, path, file, memo), Ok);
            (Arc::clone(path), inputs, finds)
        };
        let mut searched = SearchedPart { hits: Vec::new(), unreadable: Vec::new(), by_inputs: AHashMap::new() };
        for (path, inputs, finds) in part.files.par_iter().map(search).collect::<Vec<_>>() {
            match finds {
                Ok(finds) => {
                    if !finds.is_empty() {
                        searched.hits.push((path, (*finds).clone()));
                    }
                    searched.by_inputs.insert(inputs, finds);
                }
                Err(error) => searched.unreadable.push((path, error.error.to_string())),
            }
        }
        Arc::new(searched)
    })
}

fn unless_known(
    search: &SecretSearch,
    inputs: Digest,
    path: &str,
    file: &File,
    memo: &Memo,
) -> Result<Arc<Finds>, DiskError> {
    if let Some(finds) = memo.find::<FileSearch>(inputs) {
        return Ok(finds);
    }
    let finds = Arc::new(search.file(path, &file.bytes()?));
    memo.keep::<FileSearch>(inputs, Arc::clone(&finds));
    Ok(finds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secrets::{Secret, SecretKind};
    use crate::text::html;
    use crate::text::normal::is_part_of_word;
    use proptest::prelude::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn secret(kind: SecretKind, text: &str) -> Secret {
        Secret { kind, text: text.to_owned(), place: "s.md".into(), audience: None }
    }

    fn found_but_for(given: &Declared, secrets: &[Secret], path: &str, bytes: &[u8]) -> bool {
        let secrets: Vec<HiddenSecret> = secrets.iter().map(|secret| (secret.clone(), None)).collect();
        !SecretSearch::new(secrets, given, Digest::of(b"")).file(path, bytes).is_empty()
    }

    fn found(kind: SecretKind, text: &str, path: &str, content: &str) -> bool {
        found_but_for(&Declared::default(), &[secret(kind, text)], path, content.as_bytes())
    }

    #[test]
    fn a_secret_is_found_in_every_shape() {
        let reason = "The resolver's conflict is printed & ignored.";
        let shapes = [
            ("a.html", "<p>The <b>resolver</b>&#39;s conflict\n is printed &amp; ignored.</p>"),
            ("a.html", "<p title=\"The resolver&#x27;s conflict is printed &amp; ignored.\">x</p>"),
            ("a.html", "<!-- the RESOLVER'S conflict > is printed & ignored -->"),
            ("a.html", "<a href=\"#The%20resolver%27s%20conflict%20is%20printed%20ignored\">x</a>"),
            ("a.html", "<p>the re\u{ad}solver\u{200b}s con\u{2011}flict is ｐｒｉｎｔｅｄ ignored</p>"),
            ("a.json", "{\"a\":[\"The resolver\\u0027s conflict is printed \\u0026 ignored.\"]}"),
            ("a.json", "{\"The resolver's conflict is printed ignored\": 1}"),
            ("a.html", "<theresolversconflictisprintedignored>x"),
            ("A.SVG", "<svg><text>The resolver&#39;s conflict is printed &amp; ignored.</text></svg>"),
            ("a.csv", "x,the resolver's conflict is printed & ignored."),
            ("a.png", "GIF89a\0\0the resolver's conflict is printed & ignored.\0"),
            ("the-resolver-s-conflict-is-printed-ignored/index.html", "x"),
        ];
        for (path, text) in shapes {
            assert!(found(SecretKind::Reason, reason, path, text), "{path}: {text}");
        }
        assert!(!found(SecretKind::Reason, reason, "a.html", "<p>The resolver ran.</p>"));
        assert!(!found(SecretKind::Reason, reason, "a.pdf", "the resolver's conflict is printed & ignored."));
    }

    #[test]
    fn a_secret_is_found_in_what_is_packed() {
        let reason = "The resolver's conflict is printed & ignored.";
        let packed = |name: &str, text: &str| {
            let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
            packed.start_file(name, SimpleFileOptions::default()).unwrap();
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap().into_inner()
        };
        let found = |path: &str, bytes: &[u8]| {
            let secrets = [secret(SecretKind::Reason, reason), secret(SecretKind::Rater, "a-01")];
            found_but_for(&Declared::default(), &secrets, path, bytes)
        };
        let text = format!("<p>{}</p>", html(reason));
        for (name, text) in
            [("t/index.html", &*text), ("t/a-01/index.html", "x"), ("t/a.json", "{\"rater\": \"a-01\"}")]
        {
            let packed = packed(name, &text.repeat(9));
            assert!(found("tasks/t/v/1.0.0/instructions.zip", &packed), "{name}");
            assert!(!found("pages/other.zip", &packed), "what nobody looks into is said to be so");
        }
        assert!(!found("instructions.zip", &packed("t/index.html", "<p>The resolver ran.</p>")));
    }

    #[test]
    fn rater_ids_are_whole_words_and_short_ones_need_an_announcement() {
        assert!(found(SecretKind::Rater, "a-01", "a.html", "<td>by</td><td>a-01</td><td>2</td>"));
        assert!(found(SecretKind::Rater, "a-01", "a.html", "<p>by a-<b>01</b></p>"));
        assert!(found(SecretKind::Rater, "R_07", "raters/r-07/index.html", ""));
        assert!(found(SecretKind::Rater, "a-01", "A.SVG", "<svg><text>a&#45;01</text></svg>"));
        assert!(!found(SecretKind::Rater, "a-01", "a.html", "<p>extra-01 and a-012</p>"));
        assert!(!found(SecretKind::Rater, "a-01", "a.png", "\u{89}PNG a-01 "));
        assert!(!found(SecretKind::Rater, "7", "a.html", "<p>7 steps</p>"));
        assert!(found(SecretKind::Rater, "7", "a.json", "{\"rater\":\"7\"}"));
    }

    #[test]
    fn a_run_is_more_than_a_step_or_two() {
        let steps = ["cat orders/april.csv", "wc --lines orders/may.csv", "rm -r orders/old", "The sum is 42 chairs."];
        let secrets = steps.map(|step| secret(SecretKind::Step, step));
        let page = |steps: &[&str]| steps.iter().map(|step| format!("<p>{step}</p>")).collect::<String>();
        let found = |given: &Declared, steps: &[&str]| found_but_for(given, &secrets, "a.html", page(steps).as_bytes());
        assert!(found(&Declared::default(), &steps[1..]));
        assert!(!found(&Declared::default(), &steps[2..]));
        let given = Declared { texts: vec![steps[3].to_owned()], ..Declared::default() };
        assert!(!found(&given, &steps[1..]));
    }

    #[test]
    fn what_was_given_is_no_secret_and_what_goes_beyond_it_is() {
        let reason = "The agent read the wrong file, and then it said that nothing at all was in there to be read.";
        let given = Declared { texts: vec![format!("As we said: {}", &reason[..60])], ..Declared::default() };
        let found = |text: &str| found_but_for(&given, &[secret(SecretKind::Reason, reason)], "a.md", text.as_bytes());
        assert!(!found(&reason[..60]) && !found(&reason[..66]));
        assert!(found(reason) && found(&reason[40..]));
        let given = Declared { texts: vec!["form a-17".to_owned()], ..Declared::default() };
        assert!(found_but_for(&given, &[secret(SecretKind::Rater, "a-17")], "a.md", b"form a-17"));
    }

    proptest! {
        #[test]
        fn a_planted_sentence_is_always_found(
            before in "\\PC{0,80}", after in "\\PC{0,80}", secret in "[a-zA-Zéß]{12}[a-zA-Z ]{0,120}[a-z]",
        ) {
            let page = format!("<p>{}. {}. {}</p>", html(&before), html(&secret), html(&after));
            prop_assert!(found(SecretKind::Passage, &secret, "a.html", &page));
        }

        /// Whatever stands on a page, in its text or in its tags, is found there if it is a secret.
        #[test]
        fn what_a_plain_search_of_a_page_finds_is_found(
            html in markup::tests::html(), text in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(),
            length in 12usize..90,
        ) {
            let texts = markup::tests::plainly(&html);
            prop_assume!(!texts.is_empty());
            let text = text.get(&texts);
            let letters = text.letters();
            if letters.len() >= length {
                let from = from.index(letters.len() - length + 1);
                // Other letters are no text in normal form.
                if let Ok(secret) = str::from_utf8(&letters[from..from + length]) && secret.is_ascii() {
                    prop_assert!(found(SecretKind::Title, secret, "a.html", &html), "{secret:?} in {html:?}");
                }
            }
            let words: Vec<&[u8]> = text.words.split(|byte| !is_part_of_word(*byte)).filter(|word| !word.is_empty()).collect();
            if !words.is_empty() && let Ok(name) = str::from_utf8(words[from.index(words.len())]) && name.is_ascii() {
                prop_assert!(found(SecretKind::Item, name, "a.html", &html), "{name:?} in {html:?}");
            }
        }

        /// However it is spelt: in capitals, in full width, with marks that are not seen, over lines and elements.
        #[test]
        fn forty_letters_of_a_text_are_always_found(
            words in proptest::collection::vec("[a-z]{1,9}", 30..40), from in 0usize..10, spelling in 0u8..5,
        ) {
            let mut part = String::new();
            for word in &words[from..] {
                part.push_str(word);
                if part.len() >= 40 {
                    break;
                }
            }
            let spelt = part.chars().flat_map(|c| match spelling {
                0 => vec![c],
                1 => vec![c.to_ascii_uppercase(), ' '],
                2 => vec![char::from_u32(u32::from(c) + 0xfee0).unwrap()],
                3 => vec![c, '\u{ad}', '\n'],
                _ => vec![c, '\u{301}', '-'],
            });
            let page = format!("<p>ok</p>{}", spelt.collect::<String>());
            prop_assert!(found(SecretKind::Passage, &words.join(" "), "a.html", &page));
        }
    }
}
