//! Values that many keys have: texts, numbers, days, lists, mappings.
//!
//! In: nodes. Out: each as its type, and the JSON Schema of what is taken for it. Texts and numbers may be quoted or
//! not, so that schemas let pass what YAML takes for the one and the reader for the other.

use super::{FromYaml, merged};
use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::yaml::{Key, Node, Value};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use std::marker::PhantomData;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T: FromYaml> FromYaml for Spanned<T> {
    fn schema() -> Json {
        T::schema()
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        Some(Self { value: T::from_yaml(node, diagnostics)?, span: node.span })
    }
}

/// Any text; YAML takes some of it for numbers and truth values.
impl FromYaml for String {
    fn schema() -> Json {
        json!({ "type": ["string", "number", "boolean"] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        node.text(diagnostics).map(str::to_owned)
    }
}

impl FromYaml for bool {
    fn schema() -> Json {
        json!({ "type": ["boolean", "string"], "pattern": "^(true|false)$" })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        node.bool(diagnostics)
    }
}

impl FromYaml for f64 {
    fn schema() -> Json {
        json!({ "type": ["number", "string"], "pattern": r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$" })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        node.number(diagnostics)
    }
}

impl FromYaml for u32 {
    fn schema() -> Json {
        json!({ "type": ["integer", "string"], "minimum": 0, "maximum": u32::MAX, "pattern": r"^\+?[0-9]+$" })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        node.count(diagnostics)
    }
}

/// A number that is not below 0.
#[derive(Clone, Copy, Debug)]
pub struct NotNegative(pub f64);

impl FromYaml for NotNegative {
    fn schema() -> Json {
        merged(f64::schema(), json!({ "minimum": 0 }))
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let number = node.number(diagnostics)?;
        if number < 0.0 {
            node.wrong("0 or more", diagnostics);
        }
        (number >= 0.0).then_some(Self(number))
    }
}

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct ZeroToOne(pub f64);

impl FromYaml for ZeroToOne {
    fn schema() -> Json {
        merged(f64::schema(), json!({ "minimum": 0, "maximum": 1 }))
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let number = node.number(diagnostics)?;
        let fits = (0.0..=1.0).contains(&number);
        if !fits {
            node.wrong("a number from 0 to 1", diagnostics);
        }
        fits.then_some(Self(number))
    }
}

/// A day as ISO 8601 writes it, in the long form only.
impl FromYaml for Date {
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2026-11-01"] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = node.text(diagnostics)?;
        let date = text.parse().ok().filter(|_| text.len() == "2026-11-01".len());
        if date.is_none() {
            node.wrong("a date such as 2026-11-01", diagnostics);
        }
        date
    }
}

impl<T: FromYaml> FromYaml for Vec<T> {
    fn schema() -> Json {
        json!({ "type": "array", "items": T::schema() })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let nodes = node.list(diagnostics)?;
        Some(nodes.iter().filter_map(|node| T::from_yaml(node, diagnostics)).collect())
    }
}

/// A list that is not empty.
#[derive(Clone, Debug)]
pub struct OneOrMore<T>(pub Vec<T>);

impl<T: FromYaml> FromYaml for OneOrMore<T> {
    fn schema() -> Json {
        merged(Vec::<T>::schema(), json!({ "minItems": 1 }))
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        if node.list(diagnostics)?.is_empty() {
            node.wrong("at least one value", diagnostics);
            return None;
        }
        Vec::from_yaml(node, diagnostics).map(Self)
    }
}

/// A value, or a list of them with something in it.
#[derive(Clone, Debug)]
pub struct Several<T>(pub Vec<T>);

impl<T: FromYaml> FromYaml for Several<T> {
    fn schema() -> Json {
        json!({ "anyOf": [T::schema(), OneOrMore::<T>::schema()] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        match node.value {
            Value::List(_) => OneOrMore::from_yaml(node, diagnostics).map(|OneOrMore(values)| Self(values)),
            _ => T::from_yaml(node, diagnostics).map(|value| Self(vec![value])),
        }
    }
}

/// A mapping whose keys the writer chooses, in source order.
#[derive(Clone, Debug)]
pub struct OpenMapping<T>(pub Vec<(Key, T)>);

impl<T: FromYaml> FromYaml for OpenMapping<T> {
    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": T::schema() })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let entries = node.map(diagnostics)?;
        let read = entries.iter().filter_map(|(key, node)| Some((key.clone(), T::from_yaml(node, diagnostics)?)));
        Some(Self(read.collect()))
    }
}

/// A value that is read once it is known what decides over it; `T` is what it may be at most.
#[derive(Clone, Debug)]
pub struct Unread<T> {
    /// As written.
    pub node: Node,
    of: PhantomData<T>,
}

impl<T: FromYaml> Unread<T> {
    /// Reads it now.
    pub fn read(&self, diagnostics: &mut Diagnostics) -> Option<T> {
        T::from_yaml(&self.node, diagnostics)
    }
}

impl<T: FromYaml> FromYaml for Unread<T> {
    fn schema() -> Json {
        T::schema()
    }

    fn from_yaml(node: &Node, _: &mut Diagnostics) -> Option<Self> {
        Some(Self { node: node.clone(), of: PhantomData })
    }
}
