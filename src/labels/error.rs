//! What is wrong with a table of ratings, each finding with its place and a way out.
//!
//! In: findings of one file, in the order of its lines. Out: the first of them and how many there are.
//! It never prints and never decides what is wrong.

use std::fmt;

/// Findings that are kept; the others are only counted.
pub(super) const KEPT: usize = 20;

/// Longest text of a table that is quoted in a finding, in characters.
const LONGEST_QUOTED: usize = 60;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// Name of the source; empty when what was asked contradicts itself, whatever the files hold.
    pub file: String,
    /// Line of the file, from 1, where a row begins; none when the file as a whole is meant.
    pub line: Option<u64>,
    /// What was found.
    pub message: String,
    /// A way out, where there is one to name.
    pub help: Option<String>,
}

impl fmt::Display for LabelError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => {}
            (file, Some(line)) => write!(out, "{file}:{line}: ")?,
            (file, None) => write!(out, "{file}: ")?,
        }
        out.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(out, " ({help})"))
    }
}

/// Why no table could be read: at least one error, the first 20 in the order of files and lines, and a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelErrors {
    /// The first errors.
    pub errors: Vec<LabelError>,
    /// How many more there are.
    pub more: u64,
}

impl LabelErrors {
    /// A single error of what was asked.
    pub(super) fn asked(message: impl Into<String>) -> Self {
        Self::of("", Fault::whole(message))
    }

    pub(super) fn of(file: &str, fault: Fault) -> Self {
        Self { errors: vec![fault.at(file)], more: 0 }
    }

    /// Those of several files; none if nothing is wrong.
    pub(super) fn gather(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut gathered = Self { errors: Vec::new(), more: 0 };
        for errors in all {
            gathered.errors.extend(errors.errors);
            gathered.more += errors.more;
        }
        let beyond = gathered.errors.len().saturating_sub(KEPT);
        gathered.errors.truncate(KEPT);
        gathered.more += beyond as u64;
        (!gathered.errors.is_empty()).then_some(gathered)
    }
}

impl fmt::Display for LabelErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            write!(out, "{}{error}", if index == 0 { "" } else { "\n" })?;
        }
        if self.more > 0 { write!(out, "\nand {} more", self.more) } else { Ok(()) }
    }
}

impl std::error::Error for LabelErrors {}

/// An error whose file is known from where it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    line: Option<u64>,
    message: String,
    help: Option<String>,
}

impl Fault {
    pub fn whole(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into(), help: None }
    }

    pub fn on(line: u64, message: impl Into<String>) -> Self {
        Self { line: Some(line), message: message.into(), help: None }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds help if there is any.
    pub fn maybe(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    pub fn at(self, file: &str) -> LabelError {
        LabelError { file: file.to_owned(), line: self.line, message: self.message, help: self.help }
    }
}

/// The faults of one file, or of a part of it, in the order of its lines.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    count: u64,
    ended: bool,
}

impl Faults {
    pub fn push(&mut self, fault: Fault) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(fault);
        }
    }

    /// A fault after which lines and cells can't be told apart: nothing behind it counts.
    pub fn end(&mut self, fault: Fault) {
        if !self.ended {
            self.push(fault);
            self.ended = true;
        }
    }

    /// Whether such a fault was met.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Adds the faults of the part that follows.
    pub fn append(&mut self, later: Self) {
        let room = KEPT - self.kept.len();
        self.kept.extend(later.kept.into_iter().take(room));
        self.count += later.count;
        self.ended |= later.ended;
    }

    /// The first fault, if there is one.
    pub fn into_first(self) -> Option<Fault> {
        self.kept.into_iter().next()
    }

    /// The errors of a file; none if there are no faults.
    pub fn into_errors(self, file: &str) -> Option<LabelErrors> {
        let more = self.count - self.kept.len() as u64;
        let errors: Vec<LabelError> = self.kept.into_iter().map(|fault| fault.at(file)).collect();
        (!errors.is_empty()).then_some(LabelErrors { errors, more })
    }
}

/// Text of a table as a message shows it: in backticks, control characters written out, and not endless.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::from("`");
    for c in text.chars().take(LONGEST_QUOTED) {
        if c.is_control() { shown.extend(c.escape_debug()) } else { shown.push(c) }
    }
    shown.push_str(if text.chars().nth(LONGEST_QUOTED).is_some() { "…`" } else { "`" });
    shown
}

/// Names as prose: the first few of them, and how many more there are.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const FEW: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let mut few: Vec<String> = names.iter().take(FEW).map(|name| shown(name)).collect();
    match (names.len().saturating_sub(FEW), few.pop()) {
        (0, None) => "nothing".to_owned(),
        (0, Some(last)) if few.is_empty() => last,
        (0, Some(last)) => format!("{} and {last}", few.join(", ")),
        (more, last) => {
            few.extend(last);
            format!("{} and {more} more", few.join(", "))
        }
    }
}
