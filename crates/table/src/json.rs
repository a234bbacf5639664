//! JSON: one line as an object, and its values as the text of cells.
//!
//! In: a line. Out: its keys, and each value as text: numbers and booleans as their text (`4.0` as `4`), null as nothing; or
//! why it can't be read. It knows no column.

use super::cell::Cell;
use super::cell::PARTING;
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::quoted;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// The keys of an object in their order, each once.
pub fn keys_of(line: &str) -> Result<Vec<String>, String> {
    struct KeysOnly;
    impl<'de> Visitor<'de> for KeysOnly {
        type Value = Vec<String>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let (mut keys, mut seen) = (Vec::new(), HashSet::new());
            while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                if seen.insert(key.clone()) {
                    keys.push(key);
                }
            }
            Ok(keys)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(line);
    let keys = reader.deserialize_map(KeysOnly).and_then(|keys| reader.end().map(|()| keys));
    keys.map_err(|error| why(&error))
}

/// What is said of a line that is no object.
pub fn fault(line: u64, row: &str, why: String) -> Fault {
    let nan = ["NaN", "Infinity"].into_iter().any(|token| row.contains(token)) && why.contains("expected");
    Fault::on(line, why)
        .maybe(nan.then(|| "JSON knows no NaN and no Infinity: write null for what is missing".to_owned()))
}

/// What the JSON reader found, with its place in the line; the line is known better here.
pub fn why(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    if error.is_data() { told.to_owned() } else { format!("not a JSON object: {told} at byte {}", error.column()) }
}

/// A key, borrowed where it holds no escapes.
pub struct ObjectKey<'a>(pub Cell<'a>);

impl<'de> Deserialize<'de> for ObjectKey<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ValueSeed { key: "", list: false }).map(ObjectKey)
    }
}

/// One value as text; the key is there for messages.
pub struct ValueSeed<'k> {
    /// The key.
    pub key: &'k str,
    /// Whether it may be a list of values.
    pub list: bool,
}

impl ValueSeed<'_> {
    fn refused<E: de::Error>(&self, why: &str) -> E {
        E::custom(format!("{} {why}", quoted(self.key)))
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Cell<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cell::Slice(text.trim()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cell::Own(text.trim().to_owned()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cell::Slice(if value { "true" } else { "false" }))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cell::Own(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cell::Own(number.to_string()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        // Beyond 2^53, two numbers that differ as written may be read as one.
        if number.fract() == 0.0 && number.abs() > 9e15 {
            return Err(self.refused("is a number too large to be read exactly: write it as a string"));
        }
        Ok(Cell::Own(number.to_string()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Cell::Slice(""))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        if !self.list {
            return Err(self.refused("holds a list, not one value"));
        }
        let mut cell = String::new();
        while let Some(value) = list.next_element_seed(ValueSeed { key: self.key, list: false })? {
            if value.contains(PARTING) {
                return Err(self.refused("holds a list of which a value has `|`, which parts values"));
            }
            if !cell.is_empty() {
                cell.push(PARTING);
            }
            cell.push_str(&value);
        }
        Ok(Cell::Own(cell))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(self.refused("holds an object, not one value"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_their_order() {
        assert_eq!(keys_of(" {\"b\": {\"x\": 1}, \"a\": 2, \"b\": 3} ").unwrap(), ["b", "a"]);
        assert!(keys_of("{\"b\": ").unwrap_err().contains("EOF"));
    }
}
