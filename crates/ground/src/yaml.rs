//! YAML as a tree with spans, in which scalars keep their source text (`no` stays `no`, `007` stays `007`).
//!
//! In: text of front matter, settings, cohorts and locks. Out: `Node`s, and `Fields` to walk a mapping by hand
//! so that all errors of a file show at once. Aliases are refused and depth is limited, so no input can blow up.
//! It never knows what a key means.

use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean, one_of, rules};
use crate::limits::{DEEPEST_YAML, MOST_YAML_VALUES};
use crate::source::{FileId, Span};
use granit_parser::{Event, Parser, ScalarStyle, options};
use std::collections::HashSet;

/// One value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text as written, without quotes; `plain` tells that it had none.
    Scalar {
        /// The text.
        text: String,
        /// Whether it was written without quotes.
        plain: bool,
    },
    /// `[a, b]` or `- a`.
    List(Vec<Node>),
    /// `key: value` in source order.
    Map(Vec<(Key, Node)>),
}

/// A mapping's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// The text as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// Whether nothing was written (`key:`), or `null`, or `~`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// The text of a scalar, else a finding.
    pub fn text(&self, diagnostics: &mut Diagnostics) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => {
                self.wrong("text", diagnostics);
                None
            }
        }
    }

    /// `true` or `false`, else a finding.
    pub fn bool(&self, diagnostics: &mut Diagnostics) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, .. } if text == "true" => Some(true),
            Value::Scalar { text, .. } if text == "false" => Some(false),
            _ => {
                self.wrong("`true` or `false`", diagnostics);
                None
            }
        }
    }

    /// A finite number, else a finding.
    pub fn number(&self, diagnostics: &mut Diagnostics) -> Option<f64> {
        let number = match &self.value {
            Value::Scalar { text, .. } => text.parse::<f64>().ok().filter(|number| number.is_finite()),
            _ => None,
        };
        if number.is_none() {
            self.wrong("a number", diagnostics);
        }
        number
    }

    /// A whole number from 0, else a finding.
    pub fn count(&self, diagnostics: &mut Diagnostics) -> Option<u32> {
        let count = match &self.value {
            Value::Scalar { text, .. } => text.parse::<u32>().ok(),
            _ => None,
        };
        if count.is_none() {
            self.wrong("a whole number", diagnostics);
        }
        count
    }

    /// The elements of a list, else a finding.
    pub fn list(&self, diagnostics: &mut Diagnostics) -> Option<&[Node]> {
        match &self.value {
            Value::List(nodes) => Some(nodes),
            _ => {
                self.wrong("a list", diagnostics);
                None
            }
        }
    }

    /// The entries of a mapping, else a finding.
    pub fn map(&self, diagnostics: &mut Diagnostics) -> Option<&[(Key, Node)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => {
                self.wrong("a mapping (`key: value`)", diagnostics);
                None
            }
        }
    }

    /// Records that something else stands here than what is allowed.
    pub fn wrong(&self, expected: &str, diagnostics: &mut Diagnostics) {
        let found = match &self.value {
            _ if self.is_null() => "nothing".to_owned(),
            Value::Scalar { text, .. } => format!("`{text}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a mapping".to_owned(),
        };
        diagnostics.add(rules::INVALID_VALUE, self.span, format!("expected {expected}, found {found}"));
    }
}

/// A mapping that is being read key by key; `finish` reports the keys nobody asked for.
pub struct Fields<'a> {
    what: &'static str,
    span: Span,
    entries: &'a [(Key, Node)],
    asked: Vec<String>,
}

impl<'a> Fields<'a> {
    /// Starts reading `node` as the mapping of a `what` (such as "a task").
    pub fn of(node: &'a Node, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let entries = node.map(diagnostics)?;
        Some(Self { what, span: node.span, entries, asked: Vec::new() })
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The value of an optional key.
    pub fn get(&mut self, key: &str) -> Option<&'a Node> {
        self.asked.push(key.to_owned());
        let (_, node) = self.entries.iter().find(|(name, _)| name.text == key)?;
        Some(node)
    }

    /// The value of a required key; its absence is a finding that shows an example.
    pub fn require(&mut self, key: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} needs the key `{key}`", self.what);
            diagnostics.add(rules::MISSING_KEY, self.span, message).help(format!("for example `{key}: {example}`"));
        }
        found
    }

    /// The text of an optional key.
    pub fn text(&mut self, key: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        self.get(key)?.text(diagnostics).map(str::to_owned)
    }

    /// The text of a required key.
    pub fn required_text(&mut self, key: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        self.require(key, example, diagnostics)?.text(diagnostics).map(str::to_owned)
    }

    /// Reports every key that was not asked for.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (key, _) in self.unasked() {
            self.unknown(key, diagnostics).strict();
        }
    }

    /// The keys that were not asked for.
    pub fn unasked(&self) -> impl Iterator<Item = &'a (Key, Node)> {
        self.entries.iter().filter(|(key, _)| !self.asked.contains(&key.text))
    }

    /// Reports a key.
    pub fn unknown<'d>(&self, key: &Key, diagnostics: &'d mut Diagnostics) -> &'d mut Diagnostic {
        let message = format!("{} has no key `{}`", self.what, key.text);
        diagnostics
            .add(rules::UNKNOWN_KEY, key.span, message)
            .maybe_help(did_you_mean(&key.text, self.asked.iter().map(String::as_str)))
            .help(format!("it knows {}", one_of(self.asked.iter().map(String::as_str))))
    }
}

/// Reads one of a few words, given as (word, meaning) pairs.
pub fn word<T: Copy>(node: &Node, words: &[(&'static str, T)], diagnostics: &mut Diagnostics) -> Option<T> {
    let text = node.text(diagnostics)?;
    let found = words.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let known = || words.iter().map(|(word, _)| *word);
        diagnostics
            .add(rules::INVALID_VALUE, node.span, format!("`{text}` is not one of {}", one_of(known())))
            .maybe_help(did_you_mean(text, known()));
    }
    found.map(|(_, meaning)| *meaning)
}

/// Reads one document. `offset` is where `text` starts in its file. An empty text is an empty mapping.
pub fn parse(text: &str, file: FileId, offset: usize, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut reader = TreeBuilder { file, offset, length: text.len(), open: Vec::new(), root: None, nodes: 0 };
    let limits =
        options! { flow_nesting_limit: DEEPEST_YAML, block_nesting_limit: DEEPEST_YAML, disallow_directives: true };
    for next in Parser::new_from_str_with_options(text, limits) {
        let outcome = match next {
            Ok((event, span)) => reader.take(event, span.byte_range().unwrap_or(0..0)),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                Err((at..at + 1, error.info().to_owned()))
            }
        };
        if let Err((range, message)) = outcome {
            let help = advice(&message);
            diagnostics.add(rules::INVALID_YAML, reader.span(&range), message).maybe_help(help);
            return None;
        }
    }
    let empty = Node { value: Value::Map(Vec::new()), span: reader.span(&(0..0)) };
    Some(reader.root.filter(|root| !root.is_null()).unwrap_or(empty))
}

/// What to do about the slips that everybody makes, by what the parser says of them.
const ADVICE: [(&str, &str); 5] = [
    (
        "mapping values are not allowed",
        "a text that has `: ` in it stands in quotes, as in `title: \"Mistakes: a task\"`",
    ),
    ("tabs", "indent with spaces: YAML takes no tabs"),
    ("multiline quoted scalar", "a quote that was opened above is not closed"),
    ("did not find expected key", "the keys of one mapping, and the `-` of one list, stand below each other"),
    ("simple key expected", "a line `---` ends the front matter, before the text begins"),
];

fn advice(message: &str) -> Option<String> {
    let known = ADVICE.iter().find(|(said, _)| message.contains(said));
    known.map(|(_, advice)| (*advice).to_owned())
}

struct TreeBuilder {
    file: FileId,
    offset: usize,
    length: usize,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<(Key, Node)>, Option<Key>, HashSet<String>),
}

type NodeRefusal = (std::ops::Range<usize>, String);

impl TreeBuilder {
    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.offset + range.start.min(self.length), self.offset + range.end.min(self.length))
    }

    fn take(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Result<(), NodeRefusal> {
        match event {
            Event::Scalar(text, ..) if text.contains('\0') => {
                Err((range, "a NUL character, which no text holds".to_owned()))
            }
            Event::Scalar(text, style, ..) => {
                let value = Value::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                self.put(Node { value, span: self.span(&range) }, &range)
            }
            Event::SequenceStart(..) => self.open(Open::List(range.start, Vec::new()), &range),
            Event::MappingStart(..) => self.open(Open::Map(range.start, Vec::new(), None, HashSet::new()), &range),
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Alias(_) => {
                let message = "aliases (`*name`) are not read here: write the value out".to_owned();
                Err((range, message))
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                Err((range, "a second YAML document: only one is read here".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open, range: &std::ops::Range<usize>) -> Result<(), NodeRefusal> {
        if let Some(Open::Map(_, _, None, _)) = self.open.last() {
            return Err((range.clone(), "a key must be plain text".to_owned()));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self, range: &std::ops::Range<usize>) -> Result<(), NodeRefusal> {
        let (start, value) = match self.open.pop() {
            Some(Open::List(start, nodes)) => (start, Value::List(nodes)),
            Some(Open::Map(start, entries, ..)) => (start, Value::Map(entries)),
            None => return Ok(()),
        };
        let span = self.span(&(start..range.start.max(start)));
        self.put(Node { value, span }, range)
    }

    fn put(&mut self, node: Node, range: &std::ops::Range<usize>) -> Result<(), NodeRefusal> {
        self.nodes += 1;
        if self.nodes > MOST_YAML_VALUES {
            return Err((range.clone(), format!("more than {MOST_YAML_VALUES} values in one document")));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, nodes)) => nodes.push(node),
            Some(Open::Map(_, entries, key @ Some(_), _)) => entries.extend(key.take().map(|key| (key, node))),
            Some(Open::Map(_, _, key, known)) => {
                let Value::Scalar { text, .. } = node.value else {
                    return Err((range.clone(), "a key must be plain text".to_owned()));
                };
                if !known.insert(text.clone()) {
                    return Err((range.clone(), format!("the key `{text}` stands here twice")));
                }
                *key = Some(Key { text, span: node.span });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Content, Source, Sources};

    fn read(text: &str) -> Result<Node, String> {
        let sources = Sources::new(vec![Source::new("a", Content::Text(text.into()))]);
        let file = sources.find("a").unwrap().id;
        let mut diagnostics = Diagnostics::default();
        parse(text, file, 0, &mut diagnostics).ok_or_else(|| diagnostics.sorted()[0].message.clone())
    }

    #[test]
    fn scalars_keep_their_source_text() {
        let node = read("a: no\nb: 007\nc: 'x'\n").unwrap();
        let Value::Map(entries) = node.value else { panic!("a mapping") };
        let texts: Vec<&str> = entries
            .iter()
            .map(|(_, node)| match &node.value {
                Value::Scalar { text, .. } => text.as_str(),
                _ => panic!("a scalar"),
            })
            .collect();
        assert_eq!(texts, ["no", "007", "x"]);
    }

    #[test]
    fn spans_point_at_the_text() {
        let text = "key: [one, two]\n";
        let node = read(text).unwrap();
        let Value::Map(entries) = node.value else { panic!("a mapping") };
        let Value::List(list) = &entries[0].1.value else { panic!("a list") };
        assert_eq!(&text[list[1].span.start as usize..list[1].span.end as usize], "two");
    }

    #[test]
    fn what_could_blow_up_is_refused() {
        assert!(read("a: &x [1]\nb: *x\n").unwrap_err().contains("aliases"));
        assert!(read(&"[".repeat(10_000)).is_err());
        assert!(read("a: 1\na: 2\n").unwrap_err().contains("twice"));
        assert!(read("[a, b]: 1\n").is_err());
    }
}
