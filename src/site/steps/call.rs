//! A call of a tool as what it is: a command, a file, a change of one, or names and values.
//!
//! In: a call, and what the gold quotes of its step. Out: its arguments as short values and as blocks, told apart by what
//! they are called and hold, and what the call did in a few words. Every argument is there, whatever the tool.

use super::content::{language_of_text, plain};
use super::shown::{Quotes, ShownText};
use crate::markdown::highlight;
use crate::sequence;
use crate::trajectory::{JsonObject, ToolCall, extra};
use serde::Serialize;
use serde_json::Value;
use similar::{Algorithm, DiffOp};

/// What a tool was told.
#[derive(Serialize)]
pub struct ToldCall {
    /// The tool.
    pub name: String,
    /// The name of the only argument, if that is text.
    pub argument: Option<String>,
    /// Short arguments.
    pub values: Vec<ValueView>,
    /// Long arguments, and what is nested.
    pub blocks: Vec<BlockView>,
    /// What must be known of it.
    pub remarks: Vec<String>,
    /// What it did, in a few words.
    #[serde(skip)]
    pub deed: String,
    /// What is seen of it when its step is folded.
    #[serde(skip)]
    pub first_words: String,
}

/// A short argument.
#[derive(Serialize)]
pub struct ValueView {
    /// Its name.
    pub name: String,
    /// Its value, as HTML.
    pub html: String,
}

/// An argument that has lines of its own.
#[derive(Serialize)]
pub struct BlockView {
    /// Its name.
    pub name: String,
    /// `command`, `file`, `diff` or `data`.
    pub kind: &'static str,
    /// What is read.
    #[serde(flatten)]
    pub shown: ShownText,
}

/// Arguments as short values and as blocks.
type ShownArguments = (Vec<ValueView>, Vec<BlockView>);

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ArgumentRole {
    /// What is run: a command of a shell, or code in this language.
    Run(&'static str),
    /// Where a file is.
    Path,
    /// What a change takes away.
    Before,
    /// What a change puts there.
    After,
    /// A change in the form of `diff`.
    Patch,
    /// Anything else.
    Other,
}

/// What arguments are, by their names in lower case and without `_` or `-`.
const ROLES: [(&str, ArgumentRole); 40] = [
    ("bashcommand", ArgumentRole::Run("bash")),
    ("cmd", ArgumentRole::Run("bash")),
    ("command", ArgumentRole::Run("bash")),
    ("shellcommand", ArgumentRole::Run("bash")),
    ("script", ArgumentRole::Run("bash")),
    ("code", ArgumentRole::Run("python")),
    ("pythoncode", ArgumentRole::Run("python")),
    ("sql", ArgumentRole::Run("sql")),
    ("absolutepath", ArgumentRole::Path),
    ("file", ArgumentRole::Path),
    ("filename", ArgumentRole::Path),
    ("filepath", ArgumentRole::Path),
    ("notebookpath", ArgumentRole::Path),
    ("path", ArgumentRole::Path),
    ("relativepath", ArgumentRole::Path),
    ("targetfile", ArgumentRole::Path),
    ("find", ArgumentRole::Before),
    ("old", ArgumentRole::Before),
    ("oldcode", ArgumentRole::Before),
    ("oldcontent", ArgumentRole::Before),
    ("oldlines", ArgumentRole::Before),
    ("oldsource", ArgumentRole::Before),
    ("oldstr", ArgumentRole::Before),
    ("oldstring", ArgumentRole::Before),
    ("oldtext", ArgumentRole::Before),
    ("search", ArgumentRole::Before),
    ("new", ArgumentRole::After),
    ("newcode", ArgumentRole::After),
    ("newcontent", ArgumentRole::After),
    ("newlines", ArgumentRole::After),
    ("newsource", ArgumentRole::After),
    ("newstr", ArgumentRole::After),
    ("newstring", ArgumentRole::After),
    ("newtext", ArgumentRole::After),
    ("replace", ArgumentRole::After),
    ("replacement", ArgumentRole::After),
    ("replacementtext", ArgumentRole::After),
    ("diff", ArgumentRole::Patch),
    ("patch", ArgumentRole::Patch),
    ("unifieddiff", ArgumentRole::Patch),
];

/// What the only argument of these tools is, where its name says nothing.
const TOOLS: [(&str, ArgumentRole); 6] = [
    ("applypatch", ArgumentRole::Patch),
    ("bash", ArgumentRole::Run("bash")),
    ("ipython", ArgumentRole::Run("python")),
    ("python", ArgumentRole::Run("python")),
    ("shell", ArgumentRole::Run("bash")),
    ("terminal", ArgumentRole::Run("bash")),
];

/// Programs that only run another one.
const WRAPPERS: [&str; 4] = ["nohup", "sudo", "time", "timeout"];

/// Longest text among short values, in bytes.
const SHORT: usize = 100;

/// Most lines that two texts of a change have together for what they have in common to be looked for.
const MOST_COMPARED: usize = 4000;

/// Most characters that are seen of a folded step.
pub const FOLDED: usize = 90;

/// Most characters of the words that say what a step did.
const DEED: usize = 48;

/// What the tool of a call was told.
pub fn told(call: &ToolCall, quotes: Quotes<'_>) -> ToldCall {
    let failed = call.extra.get(extra::PARSE_ERROR).and_then(Value::as_str);
    let failed = failed.map(|error| format!("This call could not be read as the model wrote it: {}", plain(error)));
    let none = JsonObject::new();
    let fields = call.arguments.as_object().unwrap_or(&none);
    let only = fields.iter().next().filter(|_| fields.len() == 1);
    let only = only.filter(|(_, value)| value.is_string()).map(|(name, _)| name.as_str());
    let is_raw = only == Some(extra::RAW_ARGUMENTS);
    let raw = is_raw.then(|| "Its arguments are no JSON object; they stand here as the model wrote them.".to_owned());
    let name = plain(&call.function_name).into_owned();
    let arguments = CallArguments { tool: &call.function_name, fields, quotes };
    let (values, blocks) = arguments.shown(only.is_some());
    ToldCall {
        deed: arguments.deed(),
        first_words: arguments.first_words(only.filter(|_| !is_raw)),
        argument: only.filter(|_| !is_raw).map(|name| plain(name).into_owned()),
        name,
        values,
        blocks,
        remarks: failed.into_iter().chain(raw).collect(),
    }
}

/// The arguments of a call.
struct CallArguments<'a> {
    tool: &'a str,
    fields: &'a JsonObject,
    quotes: Quotes<'a>,
}

impl CallArguments<'_> {
    fn role(&self, name: &str) -> ArgumentRole {
        let of = |name: &str, table: &[(&str, ArgumentRole)]| {
            let plain: String = name.chars().filter(|c| !matches!(c, '_' | '-')).collect();
            table.iter().find(|(known, _)| plain.eq_ignore_ascii_case(known)).map(|(_, role)| *role)
        };
        let of_tool = || of(self.tool, &TOOLS).filter(|_| self.fields.len() == 1);
        of(name, &ROLES).or_else(of_tool).unwrap_or(ArgumentRole::Other)
    }

    /// The first text argument of a role.
    fn find(&self, is_role: impl Fn(ArgumentRole) -> bool) -> Option<(&str, &str)> {
        let mut texts = self.fields.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        texts.find(|(name, _)| is_role(self.role(name)))
    }

    fn path(&self) -> Option<&str> {
        self.find(|role| role == ArgumentRole::Path).map(|(_, path)| path)
    }

    /// The names of what a change takes away and puts there, if the call makes one.
    fn change(&self) -> Option<[(&str, &str); 2]> {
        Some([self.find(|role| role == ArgumentRole::Before)?, self.find(|role| role == ArgumentRole::After)?])
    }

    /// The arguments as short values and as blocks; `alone`, a text is a block however short.
    fn shown(&self, alone: bool) -> ShownArguments {
        let change = self.change();
        let (mut values, mut blocks): ShownArguments =
            (Vec::new(), change.iter().map(|change| self.changed(change)).collect());
        let is_changed = |name: &str| change.is_some_and(|parts| parts.iter().any(|(part, _)| *part == name));
        for (name, value) in self.fields.iter().filter(|(name, _)| !is_changed(name)) {
            let short = |language: &str, text: &str| ValueView {
                name: plain(name).into_owned(),
                html: self.quotes.html(language, text),
            };
            match (value, self.changes_of(value)) {
                (_, Some(changes)) => {
                    for (at, (own_values, own_blocks)) in changes.into_iter().enumerate() {
                        let named = |own: &str| format!("{} {}: {own}", plain(name), at + 1);
                        values.extend(own_values.into_iter().map(|own| ValueView { name: named(&own.name), ..own }));
                        blocks.extend(own_blocks.into_iter().map(|own| BlockView { name: named(&own.name), ..own }));
                    }
                }
                (Value::String(text), _) => match plain(text) {
                    text if !alone && !text.contains('\n') && text.len() <= SHORT => values.push(short("", &text)),
                    text => blocks.push(self.block(name, &text)),
                },
                (value, _) => match value.to_string() {
                    text if text.len() <= SHORT => values.push(short("json", &plain(&text))),
                    _ => blocks.push(self.data(name, value)),
                },
            }
        }
        // The file that it is about comes first.
        values.sort_by_key(|value| self.role(&value.name) != ArgumentRole::Path);
        (values, blocks)
    }

    /// The changes that an argument is a list of, if it is one.
    fn changes_of(&self, value: &Value) -> Option<Vec<ShownArguments>> {
        let items = value.as_array().filter(|items| !items.is_empty())?;
        let change = |item: &Value| {
            let arguments = CallArguments { fields: item.as_object()?, ..*self };
            arguments.change().is_some().then(|| arguments.shown(false))
        };
        items.iter().map(change).collect()
    }

    /// What a change takes away and puts there, line by line.
    fn changed(&self, [(before, old), (after, new)]: &[(&str, &str); 2]) -> BlockView {
        let text = compared(&plain(old), &plain(new));
        let name = format!("{} → {}", plain(before), plain(after));
        BlockView { name, kind: "diff", shown: self.quotes.code("diff", &text) }
    }

    /// A text argument.
    fn block(&self, name: &str, text: &str) -> BlockView {
        let (kind, language) = match (self.role(name), language_of_text(text)) {
            (ArgumentRole::Patch, _) | (_, "diff") => ("diff", "diff"),
            (ArgumentRole::Run(language), _) => ("command", language),
            _ => ("file", self.path().map_or("", highlight::language_of)),
        };
        let name = if name == extra::RAW_ARGUMENTS { "Arguments".into() } else { plain(name) };
        BlockView { name: name.into_owned(), kind, shown: self.quotes.code(language, text) }
    }

    /// An argument that holds others.
    fn data(&self, name: &str, value: &Value) -> BlockView {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        BlockView { name: plain(name).into_owned(), kind: "data", shown: self.quotes.code("json", &plain(&text)) }
    }

    /// What the call did, in a few words: the program that it ran, the file that it wrote, else the tool and the first
    /// thing that it was told.
    fn deed(&self) -> String {
        let patched = || patched(self.find(|role| role == ArgumentRole::Patch)?.1);
        let path = self.path().or_else(patched).map(|path| path.rsplit('/').next().unwrap_or(path));
        let ran = self.find(|role| matches!(role, ArgumentRole::Run(_)));
        let first = self.fields.values().find_map(Value::as_str);
        let deed = match (ran, path) {
            // Editors of files take what they do as a command of one word.
            (Some((_, act)), Some(path)) if !act.trim().contains(char::is_whitespace) => format!("{act} {path}"),
            (Some((_, command)), _) => program(command),
            (None, Some(path)) => format!("{} {path}", self.tool),
            (None, None) => format!("{} {}", self.tool, first.and_then(|text| text.lines().next()).unwrap_or("")),
        };
        few_words(&deed)
    }

    /// What is seen of the call when its step is folded: the beginning of its arguments.
    fn first_words(&self, only: Option<&str>) -> String {
        let beginning = |value: &Value| match value {
            Value::String(text) => text.lines().next().unwrap_or("").chars().take(FOLDED).collect(),
            value => value.to_string(),
        };
        let said = self.fields.iter().map(|(name, value)| match self.fields.len() {
            1 => beginning(value),
            _ => format!("{name} {}", beginning(value)),
        });
        let said = said.take(FOLDED / 2).collect::<Vec<_>>().join(", ");
        match only {
            Some(argument) => format!("{} {argument}: {said}", self.tool),
            None => format!("{}: {said}", self.tool),
        }
    }
}

/// The first file that a patch changes.
fn patched(patch: &str) -> Option<&str> {
    let signs = ["+++ b/", "+++ ", "*** Update File: ", "*** Add File: ", "*** Delete File: "];
    patch.lines().find_map(|line| signs.iter().find_map(|sign| line.strip_prefix(sign)))
}

/// The first line of a command without where and how it is run, its program by its name alone.
fn program(command: &str) -> String {
    let line = command.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    let line = match line.strip_prefix("cd ").and_then(|rest| rest.split_once("&&")) {
        Some((_, rest)) => rest.trim(),
        None => line,
    };
    let line = line.strip_prefix("runuser ").and_then(|rest| rest.split_once(" -- ")).map_or(line, |(_, rest)| rest);
    let is_of_wrapper =
        |word: &&str| WRAPPERS.contains(word) || word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if words.first().is_some_and(|word| WRAPPERS.contains(word)) {
        words = words.into_iter().skip_while(is_of_wrapper).collect();
    }
    let line = words.join(" ");
    let (first, rest) = line.split_once(' ').unwrap_or((&line, ""));
    let name = first.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(first);
    format!("{name} {rest}")
}

/// The beginning of a text: four words, not too long.
pub fn few_words(text: &str) -> String {
    let text = plain(text);
    let mut words = text.split_whitespace();
    let mut said: String = words.by_ref().take(4).collect::<Vec<_>>().join(" ");
    let cut = said.char_indices().nth(DEED).map(|(at, _)| at);
    if let Some(at) = cut {
        said.truncate(at);
    }
    if cut.is_some() || words.next().is_some() {
        said.push('…');
    }
    said
}

/// Two texts line by line, as `diff` shows them: what both have once. Very long ones stand one after the other.
fn compared(old: &str, new: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let all = DiffOp::Replace { old_index: 0, old_len: before.len(), new_index: 0, new_len: after.len() };
    let ops = match before.len() + after.len() > MOST_COMPARED {
        true => vec![all],
        false => sequence::changes(Algorithm::Myers, &before, &after),
    };
    let mut out = String::with_capacity(old.len() + new.len());
    let mut add = |sign: char, lines: &[&str]| {
        for line in lines {
            out.push(sign);
            out.push_str(line);
            out.push('\n');
        }
    };
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        match op {
            DiffOp::Equal { .. } => add(' ', &before[old]),
            _ => {
                add('-', &before[old]);
                add('+', &after[new]);
            }
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    if old.ends_with('\n') != new.ends_with('\n') {
        let which = if new.ends_with('\n') { "old" } else { "new" };
        out.push_str(&format!("\n\\ No line end at the end of the {which} text"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(tool: &str, arguments: &Value) -> ToldCall {
        let call = ToolCall {
            tool_call_id: "c".to_owned(),
            function_name: tool.to_owned(),
            arguments: arguments.clone(),
            extra: JsonObject::new(),
            rest: JsonObject::new(),
        };
        told(&call, Quotes(&[]))
    }

    fn blocks(call: &ToldCall) -> Vec<(&str, &'static str, &str)> {
        call.blocks.iter().map(|block| (block.name.as_str(), block.kind, block.shown.html.as_str())).collect()
    }

    #[test]
    fn a_file_is_its_lines_and_not_a_string() {
        let written =
            call("write_file", &json!({"path": "/etc/a.service", "content": "[Unit]\nUser=llm\n", "mode": 600}));
        let values: Vec<_> = written.values.iter().map(|value| (value.name.as_str(), value.html.as_str())).collect();
        assert_eq!(values, [("path", "/etc/a.service"), ("mode", "<span class=\"hl-number\">600</span>")]);
        let html = "<span class=\"hl-tag\">[Unit]</span>\n<span class=\"hl-property\">User</span>=<span class=\"hl-string\">llm</span>\n";
        assert_eq!(blocks(&written), [("content", "file", html)]);
        assert_eq!(written.deed, "write_file a.service");
    }

    #[test]
    fn a_change_is_shown_line_by_line() {
        let edit = call("edit", &json!({"file_path": "a.xyz", "old_string": "a\nb", "new_string": "a\nc\n"}));
        let [(name, kind, html)] = blocks(&edit)[..] else { panic!("one block") };
        assert_eq!((name, kind), ("old_string → new_string", "diff"));
        let text = html.replace("</span>", "");
        let lines: Vec<&str> = text.lines().map(|line| line.rsplit('>').next().unwrap()).collect();
        assert_eq!(lines, [" a", "-b", "+c", "\\ No line end at the end of the old text"]);
        let two = json!([{"old": "a", "new": "b"}, {"old": "c", "new": "d", "all": true}]);
        let edits = call("multi_edit", &json!({"path": "a.txt", "edits": two}));
        let names: Vec<&str> = blocks(&edits).iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, ["edits 1: old → new", "edits 2: old → new"]);
        assert_eq!((edits.values.len(), edits.values[1].name.as_str()), (2, "edits 2: all"));
        let patch = call("apply_patch", &json!({"input": "*** Begin Patch\n*** Update File: b/c.rs\n-old\n+new"}));
        assert_eq!((blocks(&patch)[0].1, patch.deed.as_str()), ("diff", "apply_patch c.rs"));
    }

    #[test]
    fn a_command_is_one_by_its_name_or_its_tool() {
        for (tool, name) in [("run", "command"), ("bash", "input"), ("BASH", "_raw")] {
            let ran = call(tool, &json!({name: "cd /x && /opt/venv/bin/pip install -q a b"}));
            assert_eq!((ran.blocks[0].kind, ran.deed.as_str()), ("command", "pip install -q a…"), "{tool}");
        }
        let deed = |command: &str| call("bash", &json!({"command": command})).deed;
        assert_eq!(deed("runuser -u llm -- timeout 300 venv/bin/vllm serve /data"), "vllm serve /data");
        assert_eq!(deed("# Wait.\nsudo reboot\n"), "reboot");
        let edited = json!({"command": "str_replace", "path": "/repo/src/parse.py", "old_str": "a", "new_str": "b"});
        assert_eq!(call("str_replace_editor", &edited).deed, "str_replace parse.py");
        let other = call("ask", &json!({"question": "why", "options": ["a", {"b": "c".repeat(SHORT)}], "none": null}));
        assert_eq!((other.values.len(), other.blocks.len()), (2, 1));
        assert_eq!((other.blocks[0].kind, other.deed.as_str()), ("data", "ask why"));
        assert_eq!(call("submit", &json!({})).deed, "submit");
    }
}
