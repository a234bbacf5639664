//! Sites for tests: made from texts in memory, sealed as often as a test needs.
//!
//! In: paths and texts. Out: a checked Model with its Sources, and tables of ratings read from text.

use super::score::ScoredRatings;
use super::{Ratings, Scope, read_from, score};
use crate::diagnostic::Diagnostics;
use crate::document::{self, FileSet};
use crate::memo::Memo;
use crate::model::{self, Model};
use crate::release::changes::Claims;
use crate::release::version::WantedVersion;
use crate::release::{self, When, seal};
use crate::schema::Moment;
use crate::source::{Content, Source, Sources};
use crate::table::TableSource;
use crate::{config, diagnostic::rules};
use jiff::Timestamp;
use jiff::civil::Date;
use semver::Version;
use std::collections::BTreeMap;

/// A site in memory.
#[derive(Clone)]
pub struct Site {
    files: BTreeMap<String, String>,
}

const SETTINGS: &str =
    "title: Test\naudiences: {contractors: [], internal: [contractors]}\ndefault_audience: contractors\n";

impl Site {
    /// A site with the task `t` and these criteria (a YAML list).
    pub fn with(criteria: &str) -> Self {
        let site = Self { files: BTreeMap::new() };
        let site =
            site.file("goldbook.yaml", SETTINGS).file("content/tasks/t/task.md", "---\ntitle: T\n---\n\nRate it.\n");
        site.rubric(criteria)
    }

    /// The same with another file.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    /// The same with these criteria, each with a section.
    pub fn rubric(self, criteria: &str) -> Self {
        let ids = criteria.split("id: ").skip(1).filter_map(|rest| rest.split([',', '\n', '}']).next());
        let sections: String = ids.map(|id| format!("## {id} {{#{id}}}\n\n")).collect();
        self.file("content/tasks/t/rubric.md", &format!("---\n{criteria}\n---\n\n{sections}"))
    }

    /// The same with a cohort `id` of these raters.
    pub fn cohort(self, id: &str, raters: &str, more: &str) -> Self {
        self.file(&format!("content/cohorts/{id}.yaml"), &format!("title: {id}\nraters: [{raters}]\n{more}"))
    }

    /// The same with the working text sealed as `version` in the last second of a day.
    pub fn seal(mut self, version: &str, date: Date) -> Self {
        // A release must say something new.
        self.files.entry("content/tasks/t/task.md".to_owned()).or_default().push_str(&format!("\nFor {version}.\n"));
        let (model, _) = self.open();
        let request = seal::SealRequest {
            task: "t".to_owned(),
            wanted: WantedVersion::Exactly(version.parse().expect("made for the test")),
            claims: Claims::default(),
            note: "Test".to_owned(),
            when: When::Given(Moment::Day(date)),
            now: Timestamp::MAX,
            scheduled: false,
            commit: None,
        };
        let mut diagnostics = Diagnostics::default();
        let changes = model.tasks.first().and_then(|task| seal::changes(task, &model.config.audiences));
        let sealed = seal::seal(&model, changes, &request, &mut diagnostics);
        let sealed = sealed.unwrap_or_else(|_| panic!("{:?}", diagnostics.sorted()));
        for (path, bytes) in sealed.objects.into_iter().chain([sealed.lock_file]) {
            self.files.insert(path, String::from_utf8(bytes).expect("made for the test"));
        }
        self
    }

    /// The Model and its sources; panics at errors.
    pub fn open(&self) -> (Model, Sources) {
        let files =
            self.files.iter().map(|(path, text)| Source::new(path.as_str(), Content::Text(text.as_str().into())));
        let sources = Sources::new(files.collect());
        let mut diagnostics = Diagnostics::default();
        let file = sources.find(config::FILE).expect("made for the test");
        let config = config::parse(file.text().expect("made for the test"), file.id, &mut diagnostics)
            .expect("made for the test");
        let memo = Memo::default();
        let releases = release::open(&sources, &memo, &config, &mut diagnostics);
        let files = FileSet::working(&sources, &memo);
        let documents = document::parse(&files, &mut diagnostics);
        let model = model::check::model(config, &documents, &files, releases, &mut diagnostics);
        assert!(diagnostics.gate().is_ok(), "{:?}", diagnostics.sorted());
        (model, sources)
    }

    /// Reads ratings from texts by path. Whatever they hold, every row is accounted for.
    pub fn read(&self, files: &[(&str, impl AsRef<[u8]> + Sync)]) -> (Ratings, Diagnostics) {
        let (model, sources) = self.open();
        let mut diagnostics = Diagnostics::default();
        let open = |path: &str, text| Ok(TableSource::new(path, text));
        let opened = files.iter().map(|(path, text)| (*path, || open(path, text.as_ref()))).collect();
        let mut rejects = 0;
        let table = read_from(opened, &model, &sources, &mut |_, _| rejects += 1, &mut diagnostics);
        let ledger = &table.notes.ledger;
        assert_eq!(ledger.files.len(), files.len());
        for file in &ledger.files {
            assert_eq!(file.counts().rows(), file.read, "{}: {:?}", file.path, file.counts());
        }
        assert_eq!(ledger.counts().rejected_rows(), rejects);
        (table, diagnostics)
    }

    /// Reads one CSV of ratings without any complaint.
    pub fn read_clean(&self, text: &str) -> Ratings {
        let (table, diagnostics) = self.read(&[("content/ratings/a.csv", text)]);
        assert!(diagnostics.sorted().is_empty(), "{:?}", diagnostics.sorted());
        table
    }
}

/// The ratings as texts: item, rater, criterion, version, pass and what was said.
pub fn said(table: &Ratings) -> Vec<String> {
    let names = &table.names;
    let version =
        |number: Option<u16>| number.map_or("-".to_owned(), |number| names.versions[usize::from(number)].to_string());
    let lines = table.ratings.iter().map(|rating| {
        let criterion = &names.questions[usize::from(rating.question)].criterion.id;
        let answer = match &names.answers[rating.answer as usize] {
            super::answer::GivenAnswer::Flags(flags) => {
                let flags = flags.iter().map(|flag| {
                    let attributes: String = flag.attributes.iter().map(|(_, value)| format!("/{value}")).collect();
                    format!("{}:{}{attributes}", flag.step, flag.kind)
                });
                format!("[{}]", flags.collect::<Vec<_>>().join(" "))
            }
            answer => answer.label().to_owned(),
        };
        let (item, rater) = (&names.items[rating.of.item as usize], &names.raters[rating.of.rater as usize]);
        format!("{item} {rater} {criterion} {} {} {answer}", version(rating.of.version()), rating.of.pass)
    });
    lines.collect()
}

/// The ratings of all criteria, scored.
pub fn scored(table: &Ratings, model: &Model) -> ScoredRatings {
    let mut scores = ScoredRatings::default();
    for ratings in table.ratings.by_question() {
        let of_question = score(ratings, table, model, Scope::default());
        scores.scored.extend(of_question.scored);
        for (key, count) in of_question.left_out {
            *scores.left_out.entry(key).or_default() += count;
        }
    }
    scores
}

/// The messages of findings, with their rules.
pub fn messages(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.sorted().iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
}

/// The rejected rows by reason code, with the places shown.
pub fn rejected(table: &Ratings) -> Vec<String> {
    let all = table.notes.ledger.counts().rejected;
    let lines = all.iter().map(|(reason, rejected)| {
        let places: Vec<String> =
            rejected.first.iter().map(|row| format!("{} {}", row.fault.line.unwrap_or(0), row.fault.message)).collect();
        format!("{} {}: {}", reason.id(), rejected.count, places.join("; "))
    });
    lines.collect()
}

/// A version.
pub fn version(text: &str) -> Version {
    text.parse().expect("made for the test")
}

/// Whether a rule was found broken.
pub fn has(diagnostics: &Diagnostics, rule: &rules::Rule) -> bool {
    diagnostics.sorted().iter().any(|finding| finding.rule.id == rule.id)
}
