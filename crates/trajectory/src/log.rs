//! A file → a log whose format is known.
//!
//! In: a file that can be read at any place, and its format if that was said. Out: a log, which can say its samples and be
//! turned into one of its trajectories. It never goes by a file's name: the format shows in the content alone.

use std::io::{self, Read, SeekFrom};

use serde_json::Value;

use super::account::PartFate;
use super::format::{FormatEntry, FormatReader, Log, LogFile};
use super::sample::{SampleKey, SampleLine};
use super::{
    Trajectory, anthropic, atif, claude_code, docent, eval, inspect, json, langchain, markdown, mini_swe_agent, openai,
    openhands, otel, responses, scout, swe_agent, vivaria, who_when,
};
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::limits::at_most;

/// Every format, a line each; the first that a log could be is the one that is meant.
const FORMATS: &[FormatEntry] = &[
    atif::FORMAT,
    eval::FORMAT,
    inspect::FORMAT,
    scout::FORMAT,
    swe_agent::FORMAT,
    mini_swe_agent::FORMAT,
    openhands::FORMAT,
    claude_code::FORMAT,
    vivaria::FORMAT,
    docent::FORMAT,
    who_when::FORMAT,
    langchain::FORMAT,
    otel::FORMAT,
    responses::FORMAT,
    anthropic::FORMAT,
    openai::FORMAT,
    markdown::FORMAT,
];

/// A format that was said, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogFormat(&'static str);

impl LogFormat {
    /// The format of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::names().find(|known| *known == name).map(Self)
    }

    /// The names of all formats.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let is_first = |place: usize| place == 0 || FORMATS[place - 1].name != FORMATS[place].name;
        (0..FORMATS.len()).filter(move |place| is_first(*place)).map(|place| FORMATS[place].name)
    }
}

/// Bytes of a log that is read whole; reading takes about twice as much memory.
const LARGEST: u64 = 2 << 30;

/// Opens a log of the format that was said, else of that which it shows.
pub(super) fn open<'s>(mut source: Box<dyn LogFile + 's>, said: Option<LogFormat>) -> Result<Box<dyn Log + 's>, Fault> {
    let unreadable = |error| Fault::whole(format!("the file can't be read: {error}")).help("Copy it anew.");
    let start = start(&mut *source).map_err(unreadable)?;
    let readers = readers(said);
    let of_file = readers.iter().find_map(|reader| match reader {
        FormatReader::File { starts, open } if starts.iter().any(|known| start.starts_with(known)) => Some(open),
        _ => None,
    });
    if let Some(open) = of_file {
        return open(source).map_err(with_formats);
    }
    let bytes = at_most(source, LARGEST).map_err(unreadable)?;
    let too_large = || Fault::whole("the log has more than 2 GiB").help("Split it into a file a sample.");
    open_whole(&bytes.ok_or_else(too_large)?, &readers, said).map_err(with_formats)
}

fn open_whole<'s>(bytes: &[u8], readers: &[FormatReader], said: Option<LogFormat>) -> Result<Box<dyn Log + 's>, Fault> {
    let text = json::text(bytes)?;
    let fault = match json::values(text) {
        Ok(values) => return of_values(values, readers, said),
        Err(fault) => fault,
    };
    let of_text = readers.iter().find_map(|reader| match reader {
        FormatReader::Text { is, open } if said.is_some() || is(text) => Some(open),
        _ => None,
    });
    if let Some(open) = of_text {
        return open(text).map(|log| -> Box<dyn Log + 's> { log });
    }
    // A program that was killed may leave half a line behind.
    match json::whole_lines(text) {
        Some((values, lost)) => Ok(Box::new(BrokenLog { log: of_values(values, readers, said)?, lost })),
        None => Err(fault),
    }
}

fn of_values<'s>(
    values: Vec<Value>,
    readers: &[FormatReader],
    said: Option<LogFormat>,
) -> Result<Box<dyn Log + 's>, Fault> {
    let open = readers.iter().find_map(|reader| match reader {
        FormatReader::Json { is, open } if is(&values) => Some(open),
        _ => None,
    });
    match (open, said) {
        (Some(open), _) => Ok(open(values)?),
        (None, None) => Err(Fault::whole(format!("the file's format is not known: {}", json::shape(&values)))),
        (None, Some(LogFormat(name))) => {
            Err(Fault::whole(format!("the file holds nothing of the format {name}: {}", json::shape(&values))))
        }
    }
}

/// A log of which some lines can't be read.
struct BrokenLog<'s> {
    log: Box<dyn Log + 's>,
    lost: u64,
}

impl Log for BrokenLog<'_> {
    fn keys(&self) -> Vec<SampleKey> {
        self.log.keys()
    }

    fn into_lines(self: Box<Self>) -> Result<Vec<SampleLine>, Fault> {
        self.log.into_lines()
    }

    fn into_trajectory(self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
        let mut run = self.log.into_trajectory(index, keep_gold)?;
        run.count(PartFate::LeftOut, "line that is no JSON", self.lost);
        Ok(run)
    }
}

/// The readers of the format that was said, else all.
fn readers(said: Option<LogFormat>) -> Vec<FormatReader> {
    let wanted = FORMATS.iter().filter(|format| said.is_none_or(|LogFormat(name)| name == format.name));
    wanted.map(|format| format.reader).collect()
}

/// How the file begins; it is as if nothing had been read.
fn start(source: &mut dyn LogFile) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(4).read_to_end(&mut start)?;
    source.seek(SeekFrom::Start(0))?;
    Ok(start)
}

/// An error without a way out: the format may be another.
fn with_formats(fault: Fault) -> Fault {
    if !fault.help.is_empty() {
        return fault;
    }
    let names: Vec<&str> = LogFormat::names().collect();
    fault.help(format!(
        "Formats that are read: {}; `--format` names one, and the manual's page Runs says what each looks like.",
        names.join(", ")
    ))
}
