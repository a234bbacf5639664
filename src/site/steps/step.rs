//! One step as a page shows it.
//!
//! In: a step, the runs of subagents that its calls may have started, and where pictures lie. Out: plain values for the
//! template: each call with its own results below it, and a line for whatever is not shown. Text is text, and all of it.

use super::FlagView;
use super::call::{FOLDED, ToldCall, few_words, told};
use super::content::{PicturePlaces, Piece, plain, printed, said};
use super::passages::{SaidPassage, passages};
use super::shown::Quotes;
use crate::text;
use crate::trajectory::{ObservationResult, Step, StepSource, Subagent, SubagentReference, Trajectory, UNKNOWN, extra};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
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
    pub subagents: Vec<SubagentView>,
}

/// The run of a subagent.
#[derive(Serialize)]
pub struct SubagentView {
    /// Whose run it is, or why it is not here.
    pub title: String,
    /// Its steps; none if it is not here.
    pub steps: Vec<StepView>,
    /// What must be known before they are read.
    pub before: Vec<String>,
    /// How it ended.
    pub after: Vec<String>,
    /// Runs of its own subagents that no step names.
    pub subagents: Vec<SubagentView>,
}

/// Runs of subagents within each other that are shown; deeper ones are named.
const MOST_NESTED: usize = 8;

/// What steps are shown with.
pub struct Showing<'a> {
    pictures: PicturePlaces<'a>,
    /// The runs of subagents that the run holds, those of its subagents after them, and whether each is on the page:
    /// it is shown once, at the first call that names it.
    scopes: Vec<Vec<(Rc<Subagent>, bool)>>,
}

impl<'a> Showing<'a> {
    pub fn of(run: &Trajectory, pictures: PicturePlaces<'a>) -> Self {
        let mut showing = Self { pictures, scopes: Vec::new() };
        showing.enter(run);
        showing
    }

    fn enter(&mut self, run: &Trajectory) {
        self.scopes.push(run.subagents().into_iter().map(|subagent| (Rc::new(subagent), false)).collect());
    }

    pub fn step(&mut self, step: &Step, gold: Vec<FlagView>) -> StepView {
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
            gold,
            mark_before: None,
            mark_after: None,
        }
    }

    /// Runs of subagents of the innermost run that no step on the page has named.
    pub fn others(&mut self) -> Vec<SubagentView> {
        let scope = self.scopes.len() - 1;
        let others = (0..self.scopes[scope].len()).filter(|place| !self.scopes[scope][*place].1);
        others.collect::<Vec<_>>().into_iter().map(|place| self.embedded(scope, place)).collect()
    }

    fn output(&mut self, label: String, result: &ObservationResult, quotes: Quotes<'_>) -> OutputView {
        let pieces = result.content.as_ref().map(|content| printed(content, self.pictures, quotes));
        let pieces = pieces.unwrap_or_default();
        let subagents = result.subagents().iter().map(|reference| self.subagent(reference)).collect();
        OutputView { label, pieces, subagents }
    }

    fn subagent(&mut self, reference: &SubagentReference) -> SubagentView {
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
            let place = self.scopes[scope].iter().position(|(subagent, _)| subagent.trajectory_id == id)?;
            Some((scope, place))
        };
        (0..self.scopes.len()).rev().find_map(of_scope)
    }

    fn embedded(&mut self, scope: usize, place: usize) -> SubagentView {
        let (subagent, shown) = &mut self.scopes[scope][place];
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
            return absent(format!("The run of the subagent {id} is nested too deep to be shown."));
        }
        self.enter(run);
        let steps: Vec<StepView> = run.steps.iter().map(|step| self.step(step, Vec::new())).collect();
        let subagents = self.others();
        self.scopes.pop();
        let name = who(run).map_or(id, |name| named(&name).into_owned().into());
        let number = match steps.len() {
            1 => "1 step".to_owned(),
            number => format!("{number} steps"),
        };
        let title = format!("The run of the subagent {name}, {number}");
        SubagentView { title, before: before(run), steps, subagents, after: after(run) }
    }
}

/// A subagent's name as a sentence of the page says it.
fn named(name: &str) -> Cow<'_, str> {
    text::beginning(name, LONGEST_NAME)
}

fn absent(title: String) -> SubagentView {
    SubagentView { title, before: Vec::new(), steps: Vec::new(), subagents: Vec::new(), after: Vec::new() }
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
    let left = run.left_out();
    let left = (!left.is_empty()).then(|| format!("Not taken over from the log: {}.", left.join(", ")));
    withdrawn.into_iter().chain(left).collect()
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
