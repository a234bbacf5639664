//! Arguments of a calculation: `key=value`, each read once and by its kind.
//!
//! In: what was typed. Out: numbers, counts and lists, or what is wrong with one. Values are JSON; a word
//! that is no JSON is itself. What was read is kept, defaults included, so that it can be told with the result.

use crate::diagnostic::Fault;
use crate::quality::Undefined;
use serde_json::{Map, Value, json};

/// Why there is no figure.
pub enum CalcFault {
    /// The request cannot be understood.
    Usage(Fault),
    /// The request is understood, and its figure is undefined.
    Undefined(Undefined),
}

impl From<Fault> for CalcFault {
    fn from(fault: Fault) -> Self {
        Self::Usage(fault)
    }
}

impl From<Undefined> for CalcFault {
    fn from(undefined: Undefined) -> Self {
        Self::Undefined(undefined)
    }
}

/// What was typed, and what of it was used.
pub struct Arguments {
    typed: Map<String, Value>,
    used: Map<String, Value>,
}

impl Arguments {
    /// Reads `key=value` pairs.
    pub fn parse(typed: &[String]) -> Result<Self, Fault> {
        let mut arguments = Self { typed: Map::new(), used: Map::new() };
        for pair in typed {
            let no_pair = || Fault::whole(format!("`{pair}` is not of the form key=value"));
            let (key, value) = pair.split_once('=').ok_or_else(no_pair)?;
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            if arguments.typed.insert(key.to_owned(), value).is_some() {
                return Err(Fault::whole(format!("`{key}` is given twice")));
            }
        }
        Ok(arguments)
    }

    /// Every argument was read, or the first that was not is named.
    pub fn all_used(&self) -> Result<(), Fault> {
        match self.typed.keys().find(|key| !self.used.contains_key(*key)) {
            None => Ok(()),
            Some(key) => {
                let known: Vec<String> = self.used.keys().map(|key| format!("`{key}`")).collect();
                Err(Fault::whole(format!("there is no argument `{key}`; there are {}", known.join(", "))))
            }
        }
    }

    /// What was used, or was typed for something that was not reached.
    pub fn into_used(self) -> Value {
        Value::Object(self.typed.into_iter().chain(self.used).collect())
    }

    /// A number.
    pub fn number(&mut self, key: &str) -> Result<f64, CalcFault> {
        self.value(key, None, "a number", |value| value.as_f64().filter(|number| number.is_finite()))
    }

    /// A number, with one to take where none is given.
    pub fn number_or(&mut self, key: &str, default: f64) -> Result<f64, CalcFault> {
        self.value(key, Some(json!(default)), "a number", Value::as_f64)
    }

    /// A whole number, not negative.
    pub fn count(&mut self, key: &str) -> Result<u64, CalcFault> {
        self.value(key, None, "a whole number", count)
    }

    /// A whole number, with one to take where none is given.
    pub fn count_or(&mut self, key: &str, default: u64) -> Result<u64, CalcFault> {
        self.value(key, Some(json!(default)), "a whole number", count)
    }

    /// A list of whole numbers.
    pub fn counts(&mut self, key: &str) -> Result<Vec<u64>, CalcFault> {
        let list = |value: &Value| value.as_array()?.iter().map(count).collect();
        self.value(key, None, "a list of whole numbers, such as [5,6,9]", list)
    }

    /// A list of numbers.
    pub fn numbers(&mut self, key: &str) -> Result<Vec<f64>, CalcFault> {
        let list = |value: &Value| value.as_array()?.iter().map(Value::as_f64).collect();
        self.value(key, None, "a list of numbers, such as [0.01,0.04]", list)
    }

    /// A list of right and wrong: 0 or false, 1 or true.
    pub fn marks(&mut self, key: &str) -> Result<Vec<bool>, CalcFault> {
        let mark = |value: &Value| match value {
            Value::Bool(mark) => Some(*mark),
            other => count(other).filter(|count| *count < 2).map(|count| count == 1),
        };
        let list = |value: &Value| value.as_array()?.iter().map(mark).collect();
        self.value(key, None, "a list of 0 and 1, such as [0,0,1]", list)
    }

    /// One of several words.
    pub fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Result<T, CalcFault> {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let named = |value: &Value| {
            let said = value.as_str()?;
            words.iter().find(|(word, _)| *word == said).map(|(_, named)| *named)
        };
        self.value(key, None, &format!("one of {}", names.join(", ")), named)
    }

    fn value<T>(
        &mut self,
        key: &str,
        default: Option<Value>,
        kind: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, CalcFault> {
        let value = self.typed.get(key).cloned().or(default);
        let value = value.ok_or_else(|| Fault::whole(format!("`{key}` is missing: {kind}")))?;
        let found = read(&value).ok_or_else(|| Fault::whole(format!("`{key}` is {kind}, not `{}`", shown(&value))))?;
        self.used.insert(key.to_owned(), value);
        Ok(found)
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Larger counts are no counts of answers.
const MOST: f64 = 1e12;

/// A whole number up to 10¹², also written `5.0`.
fn count(value: &Value) -> Option<u64> {
    let whole = |number: f64| (number >= 0.0 && number.fract() == 0.0 && number <= MOST).then_some(number as u64);
    value.as_f64().and_then(whole)
}
