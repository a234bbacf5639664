//! The first lock: the Model as one audience may have it.
//!
//! In: the whole Model and an audience. Out: a Model in which nothing else is left, so that pages made from it
//! can't show more. It never makes pages.

use super::text::is_picture;
use super::{
    Cohort, Commentary, Example, Instructions, Model, Page, RecountedRuns, Release, Section, State, Task, Text,
};
use crate::audience::{AudienceId, Audiences};
use crate::config::Config;
use crate::digest::Inputs;
use crate::document::{TASKS, UNTITLED_RUBRIC};
use crate::markdown::outline::CALLOUTS;
use crate::markdown::project::{self, OutlinedText, Pieces};
use crate::memo::{Function, Memo};
use crate::source::Source;
use rayon::prelude::*;
use std::sync::Arc;

/// A section as one audience may have it.
struct Sections;

impl Function for Sections {
    type Value = Arc<Section>;
}

/// A text without the passages of others, by what was cut out of what.
struct Texts;

impl Function for Texts {
    type Value = Text;
}

/// The Model for `reader`. Working text is for those who see gold, unless `drafts` are asked for.
pub fn project(model: &Model, reader: AudienceId, drafts: bool, memo: &Memo) -> Model {
    let config = &model.config;
    let projection = Projection::of(model, reader, memo).with_drafts(drafts);
    Model {
        config: Arc::clone(config),
        sections: model.sections.par_iter().map(|section| projection.section(section, config)).collect(),
        tasks: model.tasks.iter().filter_map(|task| projection.task(task)).collect(),
        cohorts: model.cohorts.iter().filter(|cohort| projection.sees_reports_of(cohort)).cloned().collect(),
        commentaries: model.commentaries.iter().filter_map(|of| projection.commentary(of)).collect(),
        log: model.log.clone(),
    }
}

/// A text of a task as `reader` gets it, if it gets any.
pub fn instructions(model: &Model, set: &Instructions, reader: AudienceId) -> Option<Instructions> {
    let memo = Memo::default();
    Projection::of(model, reader, &memo).instructions(set)
}

/// Words on a report as those get them who see reports.
pub fn commentary(model: &Model, commentary: &Commentary) -> Option<Commentary> {
    let memo = Memo::default();
    Projection::of(model, model.config.report_audience?, &memo).commentary(commentary)
}

struct Projection<'a> {
    audiences: &'a Audiences,
    reader: AudienceId,
    gold: bool,
    drafts: bool,
    reports: bool,
    /// The one cohort whose reports the reader gets.
    own_cohort: Option<&'a String>,
    memo: &'a Memo,
}

impl<'a> Projection<'a> {
    fn of(model: &'a Model, reader: AudienceId, memo: &'a Memo) -> Self {
        let audiences = &model.config.audiences;
        let gold = audiences.may_see(reader, model.config.gold_audience);
        let reports = audiences.may_see(reader, model.config.report_audience);
        let own_cohort = model.config.editions.get(&reader).map(|cohort| &cohort.value);
        Self { audiences, reader, gold, drafts: gold, reports, own_cohort, memo }
    }

    fn with_drafts(self, drafts: bool) -> Self {
        Self { drafts: drafts || self.gold, ..self }
    }

    fn sees(&self, audience: Option<AudienceId>) -> bool {
        self.audiences.may_see(self.reader, audience)
    }

    fn task(&self, task: &Task) -> Option<Task> {
        let working = task.working.as_ref().filter(|_| self.drafts).and_then(|set| self.instructions(set));
        let releases: Vec<Release> = task.releases.iter().filter_map(|release| self.release(release)).collect();
        let nothing = working.is_none() && releases.is_empty();
        (!nothing).then(|| Task {
            id: task.id.clone(),
            working,
            releases,
            waiting: Vec::new(),
            state: self.state(task),
            // Whoever compares ratings has the whole Model.
            recounted: RecountedRuns::default(),
        })
    }

    /// Who rates is for those to know who see reports.
    fn state(&self, task: &Task) -> State {
        if self.reports { task.state.clone() } else { task.state.without_cohorts() }
    }

    fn release(&self, release: &Release) -> Option<Release> {
        let instructions = self.instructions(&release.instructions)?;
        let own = self.audiences.name(self.reader);
        let projected = release.projected.iter().filter(|(name, _)| *name == own);
        let projected = projected.map(|(name, text)| (name.clone(), text.clone())).collect();
        Some(Release { projected, instructions, ..release.clone() })
    }

    /// None if the task's own page is for others.
    fn instructions(&self, set: &Instructions) -> Option<Instructions> {
        let rubric_page = self.page(&set.rubric_page);
        let hidden_rubric = || {
            let page = set.rubric_page.with(empty(&set.rubric_page.text));
            Page { title: UNTITLED_RUBRIC.to_owned(), ..page }
        };
        Some(Instructions {
            page: self.page(&set.page)?,
            facts: set.facts.clone(),
            rubric: if rubric_page.is_some() { set.rubric.clone() } else { crate::document::Rubric::default() },
            rubric_page: rubric_page.unwrap_or_else(hidden_rubric),
            pages: set.pages.iter().filter_map(|page| self.page(page)).collect(),
            examples: set.examples.iter().filter_map(|example| self.example(example)).collect(),
            files: set
                .files
                .iter()
                .filter(|(path, (_, audience))| self.keeps_file(path, *audience))
                .map(|(path, file)| (path.clone(), file.clone()))
                .collect(),
        })
    }

    /// Sources stay behind; what pages show beside their text (images) goes along.
    fn keeps_file(&self, path: &str, audience: Option<AudienceId>) -> bool {
        let is_run = path.starts_with(TASKS) && path.contains("/trajectories/") && !is_picture(path);
        let is_source = path.ends_with(".md") || is_run;
        !is_source && self.sees(audience)
    }

    fn example(&self, example: &Example) -> Option<Example> {
        if !example.used.is_shipped() && !self.gold {
            return None;
        }
        let gold = if example.used.shows_gold() || self.gold { example.gold.clone() } else { Vec::new() };
        Some(Example { page: self.page(&example.page)?, gold, ..example.clone() })
    }

    fn page(&self, page: &Page) -> Option<Page> {
        self.sees(page.audience).then(|| match self.text(&page.text) {
            Some(text) => page.with(text),
            None => page.clone(),
        })
    }

    /// Whether the reader sees reports: all of them, or its own cohort's.
    fn sees_reports_of(&self, cohort: &Cohort) -> bool {
        self.reports || self.own_cohort.is_some_and(|own| *own == cohort.id)
    }

    /// Words on a report, for those who see it.
    fn commentary(&self, commentary: &Commentary) -> Option<Commentary> {
        let page = self.page(&commentary.page).filter(|_| self.reports)?;
        Some(Commentary { page, ..commentary.clone() })
    }

    /// The section as it is, if nothing in it is for others.
    fn section(&self, section: &Arc<Section>, config: &Config) -> Arc<Section> {
        let name = format!("{}/{}", self.audiences.name(self.reader), section.folder);
        let inputs = Inputs::of("projected section").digest(&config.digest).digest(&section.digest).end();
        self.memo.latest::<Sections>(&name, inputs, |_| {
            let pages: Vec<Arc<Page>> = section.pages.iter().filter_map(|page| self.shared(page)).collect();
            let is_for = |file: &&Source| {
                let declared = config.assets.get(&*file.path);
                declared.is_none_or(|audience| self.audiences.sees(self.reader, *audience))
            };
            let assets: Vec<Source> = section.assets.iter().filter(is_for).cloned().collect();
            let same = |(own, all): (&Arc<Page>, &Arc<Page>)| Arc::ptr_eq(own, all);
            if assets.len() == section.assets.len()
                && pages.len() == section.pages.len()
                && pages.iter().zip(&section.pages).all(same)
            {
                return Arc::clone(section);
            }
            Arc::new(Section::new(Arc::clone(&section.folder), pages, assets, self.audiences))
        })
    }

    fn shared(&self, page: &Arc<Page>) -> Option<Arc<Page>> {
        self.sees(page.audience).then(|| match self.text(&page.text) {
            Some(text) => Arc::new(page.with(text)),
            None => Arc::clone(page),
        })
    }

    /// The text without the passages of audiences that the reader does not belong to; none if it has none. A name that
    /// no audience has (any more) hides from everybody.
    fn text(&self, text: &Text) -> Option<Text> {
        let visible = |name: &str| match self.audiences.find(name) {
            Some(audience) => Some(self.audiences.sees(self.reader, audience)),
            None => (!CALLOUTS.contains(&name)).then_some(false),
        };
        let shown = project::project(&text.pieces, &text.outline, &visible)?;
        let inputs = Inputs::of("projected").digest(&text.digest()).text(&shown.pieces.text).end();
        Some(self.memo.take::<Texts>(inputs, || {
            let mut text = text.with(shown);
            let fences = Arc::clone(&text.outline);
            text.excerpts.retain(|arguments, _| fences.fences.iter().any(|fence| fence.arguments == *arguments));
            text
        }))
    }
}

fn empty(text: &Text) -> Text {
    let origin = text.pieces.origins[0].1.clone();
    text.with(OutlinedText::of(Pieces::whole("".into(), origin)))
}
