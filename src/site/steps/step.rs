//! One step as a page shows it.
//!
//! In: a step, the runs that its run holds (of subagents that its calls may have started, and branches that were given up
//! after it), and where pictures lie. Out: plain values for the template: each call with its own results below it, and a line
//! for whatever is not shown. Text is text, and all of it.

use super::FlagView;
use super::call::{FOLDED, ToldCall, few_words, told};
use super::content::{PicturePlaces, Piece, plain, printed, said};
use super::passages::{SaidPassage, passages};
use super::shown::Quotes;
use crate::text;
use crate::trajectory::{
    BranchOrigin, ObservationResult, PartFate, Step, StepSource, Subagent, SubagentReference, Trajectory, UNKNOWN,
    extra,
};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// Longest name that a sentence holds, in characters.
const LONGEST_NAME: usize = 80;

/// One step.
#[derive(Serialize)]
pub struct StepView {
    /// Its number.
    pub number: usize,
    /// Who speaks: the system, the user or the agent.
    pub source: &'static str,
    /// The name of who speaks, where the log has one.
    pub speaker: Option<String>,
    /// When.
    pub time: Option<String>,
    /// What is seen of it when it is folded.
    pub first_words: String,
    /// What must be known of it.
    pub remarks: Vec<String>,
    /// What was said.
    pub message: Vec<Piece>,
    /// What was thought; empty where nothing was.
    pub reasoning: Vec<SaidPassage>,
    /// Calls of tools, each with its results.
    pub calls: Vec<CallView>,
    /// Results of no call of this step.
    pub results: Vec<OutputView>,
    /// Branches that left the run after it and were given up.
    pub branches: Vec<InnerRunView>,
    /// Gold marks.
    pub gold: Vec<FlagView>,
    /// Of a step with marks, the step before it that has some.
    pub mark_before: Option<MarkLink>,
    /// The same of the steps after it.
    pub mark_after: Option<MarkLink>,
    /// What was done, in a few words.
    #[serde(skip)]
    pub deed: String,
}

/// The way to another step with marks.
#[derive(Serialize)]
pub struct MarkLink {
    /// The step's number.
    pub number: usize,
    /// Where it is.
    pub url: String,
}

/// A tool call.
#[derive(Serialize)]
pub struct CallView {
    /// What the tool was told.
    #[serde(flatten)]
    pub told: ToldCall,
    /// What came back.
    pub results: Vec<OutputView>,
}

/// What came back.
#[derive(Serialize)]
pub struct OutputView {
    /// What it is.
    pub label: String,
    /// What was printed.
    pub pieces: Vec<Piece>,
    /// Runs of subagents that the call started.
    pub subagents: Vec<InnerRunView>,
}

/// A run within a run: of a subagent, or a branch that was given up.
#[derive(Serialize)]
pub struct InnerRunView {
    /// What it is, or why it is not here.
    pub title: String,
    /// What it is in the list of steps.
    #[serde(skip)]
    pub listed: String,
    /// Its id on the page, with which those of its steps begin; none where steps can't be linked to.
    pub id: Option<String>,
    /// Its steps; none if it is not here.
    pub steps: Vec<StepView>,
    /// What must be known before they are read.
    pub before: Vec<String>,
    /// How it ended.
    pub after: Vec<String>,
    /// Runs within it that none of its steps names.
    pub others: Vec<InnerRunView>,
}

impl StepView {
    /// The runs that stand at the step, in the page's order.
    pub fn inner_runs(&self) -> impl Iterator<Item = &InnerRunView> {
        let results = self.calls.iter().flat_map(|call| &call.results).chain(&self.results);
        results.flat_map(|result| &result.subagents).chain(&self.branches)
    }
}

/// Runs within each other that are shown so; deeper ones stand at the end. A template goes no deeper: each takes up to four
/// of its components in each other, of which Tera allows 20.
const MOST_NESTED: usize = 3;

/// What steps are shown with.
pub struct Showing<'a> {
    pictures: PicturePlaces<'a>,
    /// The runs that the run holds, and those of its subagents after them.
    scopes: Vec<HeldRuns>,
    /// The run whose steps are shown, and those around it.
    around: Vec<RunScope>,
    /// Subagents' runs that stand too deep where they are named.
    deeper: VecDeque<Rc<Subagent>>,
}

/// The runs that one run holds.
struct HeldRuns {
    /// Each, and whether it is on the page: it is shown once, at the first call that names it, or at the step after which it
    /// left.
    runs: Vec<(Rc<Subagent>, bool)>,
    /// The branches by where they left.
    branches: BTreeMap<BranchOrigin, Vec<usize>>,
}

impl HeldRuns {
    fn of(run: &Trajectory) -> Self {
        let runs: Vec<(Rc<Subagent>, bool)> = run.subagents().into_iter().map(|run| (Rc::new(run), false)).collect();
        let mut branches: BTreeMap<BranchOrigin, Vec<usize>> = BTreeMap::new();
        for (place, (held, _)) in runs.iter().enumerate() {
            let origin = held.run.as_ref().ok().and_then(Trajectory::branch_origin);
            origin.into_iter().for_each(|origin| branches.entry(origin).or_default().push(place));
        }
        Self { runs, branches }
    }
}

/// A run whose steps are being shown.
struct RunScope {
    /// Where the branches that left it are held.
    scope: usize,
    /// What those say that they left; none for what is no branch.
    branch: Option<String>,
    /// What ids of its steps begin with; none where they have none.
    prefix: Option<String>,
    /// The id of the place that is shown, and how many runs stand there already.
    at: (String, usize),
}

impl<'a> Showing<'a> {
    /// `prefix` is what the ids of steps on the page begin with; none where they have none.
    pub fn of(run: &Trajectory, pictures: PicturePlaces<'a>, prefix: Option<&str>) -> Self {
        let mut showing = Self { pictures, scopes: Vec::new(), around: Vec::new(), deeper: VecDeque::new() };
        showing.enter(run, None, prefix.map(str::to_owned));
        showing
    }

    /// Begins with the steps of a run; of a branch with where the branches are held among which it stands.
    fn enter(&mut self, run: &Trajectory, branch_of: Option<usize>, prefix: Option<String>) {
        self.scopes.push(HeldRuns::of(run));
        let scope = branch_of.unwrap_or(self.scopes.len() - 1);
        let branch = branch_of.and_then(|_| run.trajectory_id.clone());
        self.around.push(RunScope { scope, branch, prefix, at: (String::new(), 0) });
    }

    fn leave(&mut self) {
        self.scopes.pop();
        self.around.pop();
    }

    /// Says where on the page runs stand from now on.
    fn go_to(&mut self, place: &str) {
        let shown = self.innermost();
        shown.at = (format!("{}{place}", shown.prefix.as_deref().unwrap_or("")), 0);
    }

    fn innermost(&mut self) -> &mut RunScope {
        self.around.last_mut().expect("there is always the run itself")
    }

    pub fn step(&mut self, step: &Step, gold: Vec<FlagView>) -> StepView {
        self.go_to(&format!("step-{}", step.step_id));
        let quoted: Vec<&str> = gold.iter().filter_map(|flag| flag.quote.as_deref()).collect();
        let quotes = Quotes(&quoted);
        let mut results: Vec<Option<&ObservationResult>> = step.results().iter().map(Some).collect();
        let of_calls = pair(step);
        let calls = step.tool_calls.iter();
        let calls = calls.map(|call| CallView { told: told(call, quotes), results: Vec::new() });
        let mut calls: Vec<CallView> = calls.collect();
        for (place, call) in of_calls.iter().enumerate() {
            if let Some((call, result)) = call.and_then(|call| Some((call, results[place].take()?))) {
                calls[call].results.push(self.output("Output".to_owned(), result, quotes));
            }
        }
        let others = results.into_iter().flatten();
        let results = others.map(|result| self.output(stray_label(step, result), result, quotes)).collect();
        let message = said(&step.message, self.pictures, quotes);
        let thought = plain(step.reasoning_content.as_deref().unwrap_or(""));
        StepView {
            number: step.step_id,
            source: match step.source {
                StepSource::System => "System",
                StepSource::User => "User",
                StepSource::Agent => "Agent",
            },
            speaker: step.extra.get(extra::SPEAKER).and_then(Value::as_str).map(|name| plain(name).into_owned()),
            time: step.timestamp.as_deref().map(time),
            first_words: first_words(&message, &calls),
            deed: deed(&message, &calls),
            remarks: remarks(step),
            reasoning: passages(thought.trim(), quotes),
            message,
            calls,
            results,
            branches: self.branches(step.step_id),
            gold,
            mark_before: None,
            mark_after: None,
        }
    }

    /// The branches that left the innermost run after this step.
    fn branches(&mut self, step: usize) -> Vec<InnerRunView> {
        let RunScope { scope, branch, .. } = self.innermost();
        let (scope, origin) = (*scope, BranchOrigin { of: branch.clone(), after: step });
        if self.scopes.len() > MOST_NESTED {
            return Vec::new();
        }
        let here = self.scopes[scope].branches.remove(&origin).unwrap_or_default();
        here.into_iter().map(|place| self.embedded(scope, place)).collect()
    }

    /// Runs within the innermost run that no step on the page has named.
    pub fn others(&mut self) -> Vec<InnerRunView> {
        self.go_to("page");
        let scope = self.scopes.len() - 1;
        let mut others = Vec::new();
        for place in 0..self.scopes[scope].runs.len() {
            // One of those before it may have shown it.
            if !self.scopes[scope].runs[place].1 {
                others.push(self.embedded(scope, place));
            }
        }
        while let (0, Some(deeper)) = (scope, self.deeper.front().cloned()) {
            self.deeper.pop_front();
            if let Ok(run) = &deeper.run {
                others.push(self.inner_run(&deeper.trajectory_id, run, scope));
            }
        }
        others
    }

    fn output(&mut self, label: String, result: &ObservationResult, quotes: Quotes<'_>) -> OutputView {
        let pieces = result.content.as_ref().map(|content| printed(content, self.pictures, quotes));
        let pieces = pieces.unwrap_or_default();
        let subagents = result.subagents().iter().map(|reference| self.subagent(reference)).collect();
        OutputView { label, pieces, subagents }
    }

    fn subagent(&mut self, reference: &SubagentReference) -> InnerRunView {
        let id = reference.trajectory_id.as_deref();
        match (id.and_then(|id| self.find(id)), &reference.trajectory_path, id) {
            (Some((scope, place)), ..) => self.embedded(scope, place),
            (_, Some(path), _) => {
                absent(format!("The run of the subagent is in another file: {}", text::beginning(path, 200)))
            }
            (_, _, Some(id)) => absent(format!("The run of the subagent {} is not in this log.", named(id))),
            (_, _, None) => absent("The run of the subagent is not in this log.".to_owned()),
        }
    }

    /// Where the run of this id is; the innermost counts.
    fn find(&self, id: &str) -> Option<(usize, usize)> {
        let of_scope = |scope: usize| {
            let place = self.scopes[scope].runs.iter().position(|(subagent, _)| subagent.trajectory_id == id)?;
            Some((scope, place))
        };
        (0..self.scopes.len()).rev().find_map(of_scope)
    }

    fn embedded(&mut self, scope: usize, place: usize) -> InnerRunView {
        let (subagent, shown) = &mut self.scopes[scope].runs[place];
        let subagent = Rc::clone(subagent);
        let id = named(&subagent.trajectory_id);
        if std::mem::replace(shown, true) {
            return absent(format!("The run of the subagent {id} is shown elsewhere in this run."));
        }
        let run = match &subagent.run {
            Ok(run) => run,
            Err(error) => return absent(format!("The run of the subagent {id} can't be read: {error}")),
        };
        if self.scopes.len() > MOST_NESTED {
            let message =
                format!("The run of the subagent {id} stands at the end: it is nested too deep to be shown here.");
            self.deeper.push_back(Rc::clone(&subagent));
            return absent(message);
        }
        self.inner_run(&subagent.trajectory_id, run, scope)
    }

    /// A run that `scope` holds, or one of those in it.
    fn inner_run(&mut self, id: &str, run: &Trajectory, scope: usize) -> InnerRunView {
        let id = named(id);
        let origin = run.branch_origin();
        let own = self.place_of_run();
        let prefix = own.as_ref().map(|id| format!("{id}/"));
        self.enter(run, origin.as_ref().map(|_| scope), prefix);
        let steps: Vec<StepView> = run.steps.iter().map(|step| self.step(step, Vec::new())).collect();
        let others = self.others();
        self.leave();
        let number = match steps.len() {
            1 => "1 step".to_owned(),
            number => format!("{number} steps"),
        };
        let (title, listed) = match origin {
            Some(origin) => {
                let left = left_in_words(&origin);
                (format!("A branch that {left}, {number}"), format!("branch given up, {number}"))
            }
            None => {
                let name = who(run).map_or(id, |name| named(&name).into_owned().into());
                (format!("The run of the subagent {name}, {number}"), format!("subagent {name}, {number}"))
            }
        };
        InnerRunView { title, listed, id: own, before: before(run), steps, others, after: after(run) }
    }

    /// The id of the run that is shown next; none where ids are not wanted.
    fn place_of_run(&mut self) -> Option<String> {
        let RunScope { prefix, at: (place, number), .. } = self.innermost();
        *number += 1;
        prefix.as_ref().map(|_| format!("{place}/run-{number}"))
    }
}

/// Where a branch left.
fn left_in_words(BranchOrigin { of, after }: &BranchOrigin) -> String {
    let branch = of.as_ref().map_or(String::new(), |of| format!(" of {}", named(of)));
    match after {
        0 => format!("began before the first step{branch} and was given up"),
        after => format!("left after step {after}{branch} and was given up"),
    }
}

/// A subagent's name as a sentence of the page says it.
fn named(name: &str) -> Cow<'_, str> {
    text::beginning(name, LONGEST_NAME)
}

fn absent(title: String) -> InnerRunView {
    let listed = String::new();
    InnerRunView {
        title,
        listed,
        id: None,
        before: Vec::new(),
        steps: Vec::new(),
        others: Vec::new(),
        after: Vec::new(),
    }
}

/// Who acted, where the log says.
pub fn who(run: &Trajectory) -> Option<String> {
    let agent = &run.agent;
    let name = (agent.name != UNKNOWN).then(|| plain(&agent.name).into_owned());
    let model = agent.model_name.as_deref().map(plain);
    match (name, model) {
        (Some(name), Some(model)) => Some(format!("{name} ({model})")),
        (name, model) => name.or_else(|| model.map(|model| model.into_owned())),
    }
}

/// What must be known of a run before its steps are read.
pub fn before(run: &Trajectory) -> Vec<String> {
    let words =
        |name: &str| run.extra.get(name).map(|value| plain(value.as_str().unwrap_or("no reason given")).into_owned());
    let withdrawn = words(extra::INVALIDATED).map(|reason| format!("The owner of the log withdrew this run: {reason}"));
    let counted = PartFate::ALL.into_iter().filter_map(|fate| {
        let counted = run.counted(fate);
        (!counted.is_empty()).then(|| format!("{}: {}.", text::capitalized(fate.words()), counted.join(", ")))
    });
    withdrawn.into_iter().chain(counted).collect()
}

/// How a run ended, and where it goes on.
pub fn after(run: &Trajectory) -> Vec<String> {
    let ended = run.extra.get(extra::ENDED).and_then(Value::as_str).map(|ended| match ended.split_once(": ") {
        Some(("limit", kind)) => format!("The run did not end by itself: it reached a limit ({}).", plain(kind)),
        Some(("stopped", why)) => format!("The model's last answer was cut short or refused ({}).", plain(why)),
        _ if ended == "error" => "The run did not end by itself: it failed with an error.".to_owned(),
        _ => format!("The run ended: {}.", plain(ended)),
    });
    let next = run.rest.get("continued_trajectory_ref").and_then(Value::as_str);
    let next = next.map(|next| format!("The run goes on in another file: {}", text::beginning(next, 200)));
    ended.into_iter().chain(next).collect()
}

/// For each result the call that it answers: the one of its id; of several calls of that id the first is answered
/// first.
fn pair(step: &Step) -> Vec<Option<usize>> {
    let mut answered = vec![false; step.tool_calls.len()];
    let call_of = |result: &ObservationResult| {
        let id = result.source_call_id.as_deref()?;
        let same = || (0..answered.len()).filter(|place| step.tool_calls[*place].tool_call_id == id);
        let place = same().find(|place| !answered[*place]).or_else(|| same().next_back())?;
        answered[place] = true;
        Some(place)
    };
    step.results().iter().map(call_of).collect()
}

fn stray_label(step: &Step, result: &ObservationResult) -> String {
    match &result.source_call_id {
        Some(id) => format!("Output of the call {}, which is not in this step", text::quoted(id)),
        None if step.tool_calls.is_empty() => "Output".to_owned(),
        None => "Output of no call in particular".to_owned(),
    }
}

fn remarks(step: &Step) -> Vec<String> {
    let is = |name: &str| step.extra.get(name) == Some(&Value::Bool(true));
    let stray = step.extra.get(extra::STRAY_RESULT).map(|origin| {
        let named = |name: &str| origin[name].as_str().map(text::quoted);
        let call = named("tool_call_id").map_or(String::new(), |id| format!(" to the call {id}"));
        let tool = named("function_name").map_or(String::new(), |name| format!(" of the tool {name}"));
        format!("An answer{call}{tool} that the log holds no call for.")
    });
    let fixed = [
        (step.is_copied_context, "Copied from an earlier run as context: not to be rated."),
        (is(extra::SUMMARY), "A summary of what came before, made to shorten the context. Nobody said this."),
        (is(extra::OPERATOR), "Typed by whoever ran the agent, while it ran."),
        (is(extra::REFUSAL), "The model refused."),
        (
            is(extra::CUT_OFF),
            "The run ended before this answer was taken up: it stands in the events of the log alone.",
        ),
    ];
    let fixed = fixed.into_iter().filter(|(holds, _)| *holds).map(|(_, remark)| remark.to_owned());
    stray.into_iter().chain(fixed).collect()
}

/// `2026-09-08T09:02:50Z` as `2026-09-08 09:02:50`; anything else as it is.
fn time(timestamp: &str) -> String {
    let text = plain(timestamp);
    let iso = text.len() >= 19 && text.as_bytes()[10] == b'T' && text.is_char_boundary(19);
    if iso { text[..19].replace('T', " ") } else { text.into_owned() }
}

/// What is seen of a step when it is folded.
fn first_words(message: &[Piece], calls: &[CallView]) -> String {
    let source = calls.first().map(|call| call.told.first_words.as_str()).unwrap_or_else(|| first_line(message));
    let source = plain(source);
    let line = source.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let mut words: String = line.chars().take(FOLDED).collect();
    if line.chars().count() > FOLDED {
        words.push('…');
    }
    words
}

/// What was done in a step: its first call, and how many others there are; else what was said.
fn deed(message: &[Piece], calls: &[CallView]) -> String {
    match calls {
        [] => few_words(first_line(message)),
        [only] => only.told.deed.clone(),
        [first, others @ ..] => format!("{} +{}", first.told.deed, others.len()),
    }
}

fn first_line(message: &[Piece]) -> &str {
    let mut lines = message.iter().filter_map(|piece| match piece {
        Piece::Said { first_line, .. } => Some(first_line.as_str()),
        _ => None,
    });
    lines.find(|line| !line.is_empty()).unwrap_or("")
}
