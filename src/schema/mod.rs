//! Schemas: what may stand in a file, said once for the reader and for editors.
//!
//! In: types that can be read from YAML, and the keys of mappings (`mapping!`). Out: values with all their findings,
//! and the JSON Schema of what is read: draft-07, which every editor and linter reads. It never knows which files
//! there are.

mod ids;
mod moment;
mod values;

pub use ids::{Id, check_id, is_id, keyed_by_ids};
pub use moment::Moment;
pub use values::{NotNegative, OneOrMore, OpenMapping, Several, Spanned, Unread, ZeroToOne};

use crate::diagnostic::Diagnostics;
use crate::source::{Content, Source, Sources};
use crate::yaml::{self, Fields, Node, Value};
use serde_json::{Map, Value as Json, json};

/// The dialect of every schema.
pub const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// What can be read from YAML, and says what may stand there.
pub trait FromYaml: Sized {
    /// What may stand there, as a JSON Schema.
    fn schema() -> Json;

    /// Reads it; what may not stand there is a finding.
    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self>;
}

/// One of a few words.
pub trait Words: Copy + 'static {
    /// Each with its meaning.
    const WORDS: &'static [(&'static str, Self)];

    /// The word for it.
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }

    /// What a word stands for.
    fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
    }
}

impl<T: Words> FromYaml for T {
    fn schema() -> Json {
        json!({ "enum": words(T::WORDS) })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        yaml::word(node, T::WORDS, diagnostics)
    }
}

/// The words without their meanings.
pub fn words<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(word, _)| *word).collect()
}

/// Describes a mapping: its keys are read into a struct, and are its schema.
///
/// A key is `needed` (the text is an example), `optional` (the text, if any, is an example) or `usually` what the
/// text says. Its doc comment is what editors show. What is wrong or missing is a finding and `None`, or the default.
macro_rules! mapping {
    (
        $(#[doc = $whole:literal])+
        $visibility:vis struct $Name:ident = $what:literal {
            $(
                $(#[doc = $about:literal])+
                $need:ident $field:ident $(as $key:literal)? : $type:ty $(= $text:literal)?;
            )+
        }
    ) => {
        $(#[doc = $whole])+
        #[derive(Clone, Debug)]
        $visibility struct $Name {
            $($(#[doc = $about])+ pub $field: $crate::schema::need::$need<$type>,)+
        }

        impl $Name {
            /// What findings call it.
            $visibility const WHAT: &str = $what;

            /// Reads these keys of a mapping that may have others.
            $visibility fn take(
                fields: &mut $crate::yaml::Fields<'_>,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) -> Self {
                use $crate::schema::TypedFields as _;
                Self {
                    $($field: fields.$need::<$type>(
                        $crate::schema::key!($field $($key)?), $crate::schema::text!($($text)?), diagnostics,
                    ),)+
                }
            }
        }

        impl $crate::schema::FromYaml for $Name {
            fn schema() -> serde_json::Value {
                let mut keys = $crate::schema::Keys::default();
                $(keys.$need::<$type>(
                    $crate::schema::key!($field $($key)?), concat!($($about),+), $crate::schema::text!($($text)?),
                );)+
                keys.schema(concat!($($whole),+))
            }

            fn from_yaml(
                node: &$crate::yaml::Node,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) -> Option<Self> {
                let mut fields = $crate::yaml::Fields::of(node, Self::WHAT, diagnostics)?;
                let read = Self::take(&mut fields, diagnostics);
                fields.finish(diagnostics);
                Some(read)
            }
        }
    };
}
/// A key is called as its field, unless that is a word of Rust.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}
macro_rules! text {
    () => {
        ""
    };
    ($text:literal) => {
        $text
    };
}
pub(crate) use {key, mapping, text};

/// What a field of a `mapping!` holds.
#[expect(non_camel_case_types, reason = "words of the tables of keys")]
pub mod need {
    /// A key that must be there; none if it is not, or is wrong, which is then a finding.
    pub type needed<T> = Option<T>;
    /// A key that may be there.
    pub type optional<T> = Option<T>;
    /// A key that has a default.
    pub type usually<T> = T;
}

/// The keys of a mapping, read as the types that say what may stand there.
pub trait TypedFields {
    /// The value of a key that must be there.
    fn needed<T: FromYaml>(&mut self, key: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<T>;

    /// The value of a key that may be there.
    fn optional<T: FromYaml>(&mut self, key: &str, _: &str, diagnostics: &mut Diagnostics) -> Option<T>;

    /// The value of a key, else its default: what the file could have said.
    fn usually<T: FromYaml>(&mut self, key: &str, default: &str, diagnostics: &mut Diagnostics) -> T;
}

impl TypedFields for Fields<'_> {
    fn needed<T: FromYaml>(&mut self, key: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<T> {
        T::from_yaml(self.require(key, example, diagnostics)?, diagnostics)
    }

    fn optional<T: FromYaml>(&mut self, key: &str, _: &str, diagnostics: &mut Diagnostics) -> Option<T> {
        T::from_yaml(self.get(key)?, diagnostics)
    }

    fn usually<T: FromYaml>(&mut self, key: &str, default: &str, diagnostics: &mut Diagnostics) -> T {
        let written = self.get(key).and_then(|node| T::from_yaml(node, diagnostics));
        written.unwrap_or_else(|| {
            let node = Node { value: Value::Scalar { text: default.to_owned(), plain: true }, span: self.span() };
            T::from_yaml(&node, &mut Diagnostics::default()).expect("a default is a value that could be written")
        })
    }
}

/// The keys of a mapping, as they are described.
#[derive(Default)]
pub struct Keys {
    properties: Map<String, Json>,
    required: Vec<Json>,
}

impl Keys {
    /// Describes a key that must be there.
    pub fn needed<T: FromYaml>(&mut self, key: &str, about: &str, example: &str) {
        self.optional::<T>(key, about, example);
        self.required.push(json!(key));
    }

    /// Describes a key that may be there. Words are examples enough of themselves.
    pub fn optional<T: FromYaml>(&mut self, key: &str, about: &str, example: &str) {
        let schema = T::schema();
        let shown = !example.is_empty() && schema.get("enum").is_none();
        let examples = if shown { json!({ "examples": [read_example(example)] }) } else { json!({}) };
        self.add(key, about, merged(schema, examples));
    }

    /// Describes a key that has a default.
    pub fn usually<T: FromYaml>(&mut self, key: &str, about: &str, default: &str) {
        self.add(key, about, merged(T::schema(), json!({ "default": scalar(default) })));
    }

    fn add(&mut self, key: &str, about: &str, schema: Json) {
        self.properties.insert(key.to_owned(), merged(schema, json!({ "description": about.trim() })));
    }

    /// The schema of the whole mapping.
    pub fn schema(self, about: &str) -> Json {
        json!({
            "type": "object",
            "description": about.trim(),
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        })
    }
}

/// A schema with further words; the later ones win.
pub fn merged(mut schema: Json, further: Json) -> Json {
    if let (Json::Object(words), Json::Object(further)) = (&mut schema, further) {
        words.extend(further);
    }
    schema
}

/// An example's YAML as JSON.
fn read_example(text: &str) -> Json {
    let sources = Sources::new(vec![Source::new("", Content::Text(text.into()))]);
    let node = sources.find("").and_then(|file| yaml::parse(text, file.id, 0, &mut Diagnostics::default()));
    node.map_or(Json::Null, |node| to_json(&node))
}

fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::Scalar { text, plain: true } => scalar(text),
        Value::Scalar { text, .. } => json!(text),
        Value::List(nodes) => nodes.iter().map(to_json).collect(),
        Value::Map(entries) => entries.iter().map(|(key, node)| (key.text.clone(), to_json(node))).collect(),
    }
}

/// A number or a truth value where JSON and YAML both read one, else text.
fn scalar(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}
