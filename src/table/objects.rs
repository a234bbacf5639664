//! Objects: rows written as JSON, one object a line.
//!
//! In: text that begins with a line. Out: each object's values as cells, in the order of the first object's keys.
//! Numbers and booleans count as their text (`4.0` as `4`), null and a missing key as an empty cell. Never interprets
//! a cell.

use super::cell::Cell;
use super::fault::{Fault, Faults, shown};
use super::records::{Part, too_long};
use memchr::memchr;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// The keys of the first object, each with its column.
pub struct Keys {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Keys {
    pub fn new(names: &[String]) -> Self {
        let places = names.iter().enumerate().map(|(place, name)| (name.clone(), place)).collect();
        Self { names: names.to_vec(), places }
    }

    /// The column of a key, which is most likely the one at `guess`.
    fn place(&self, key: &str, guess: usize) -> Option<usize> {
        if self.names.get(guess).is_some_and(|name| name == key) {
            return Some(guess);
        }
        self.places.get(key).copied()
    }
}

/// The keys of an object in their order, a repeated one repeated.
pub fn keys_of(line: &str) -> Result<Vec<String>, String> {
    struct KeysOnly;
    impl<'de> Visitor<'de> for KeysOnly {
        type Value = Vec<String>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                keys.push(key);
            }
            Ok(keys)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(line);
    let keys = reader.deserialize_map(KeysOnly).and_then(|keys| reader.end().map(|()| keys));
    keys.map_err(|error| why(&error))
}

/// Which columns and keys matter.
pub struct Wanted<'k> {
    pub keys: &'k Keys,
    /// By column: whether its cells are read, so that they must hold one value.
    pub read: &'k [bool],
    /// Whether a key that the first object lacks would mean something.
    pub means: &'k (dyn Fn(&str) -> bool + Sync),
    /// Bytes of the longest line that is read.
    pub longest: usize,
}

/// Hands each object to `take`; a line that can't be read costs itself only.
pub fn read<'a>(
    part: &Part<'a>,
    wanted: &Wanted<'_>,
    faults: &mut Faults,
    mut take: impl FnMut(u64, &[Cell<'a>], &mut Faults),
) {
    let mut cells = Vec::new();
    let (mut rest, mut line) = (part.text, part.first_line);
    while !rest.is_empty() {
        let end = memchr(b'\n', rest.as_bytes());
        let row = &rest[..end.unwrap_or(rest.len())];
        if row.len() > wanted.longest {
            return faults.end(too_long(line, wanted.longest));
        }
        if end.is_none() && !part.whole {
            return;
        }
        if !row.trim_ascii().is_empty() {
            match object(row, wanted, &mut cells) {
                Ok(()) => take(line, &cells, faults),
                Err(why) => faults.push(fault(line, row, why)),
            }
        }
        rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
        line += 1;
    }
}

pub fn fault(line: u64, row: &str, why: String) -> Fault {
    let nan = ["NaN", "Infinity"].into_iter().any(|token| row.contains(token)) && why.contains("expected");
    Fault::on(line, why)
        .maybe(nan.then(|| "JSON knows no NaN and no Infinity: write null for what is missing".to_owned()))
}

fn object<'a>(row: &'a str, wanted: &Wanted<'_>, cells: &mut Vec<Cell<'a>>) -> Result<(), String> {
    cells.clear();
    cells.resize(wanted.keys.names.len(), Cell::Slice(""));
    let mut reader = serde_json::Deserializer::from_str(row);
    let read = reader.deserialize_map(Object { wanted, cells }).and_then(|()| reader.end());
    read.map_err(|error| why(&error))
}

/// What the JSON reader found, with its place in the line; the line is known better here.
fn why(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    if error.is_data() { told.to_owned() } else { format!("not a JSON object: {told} at byte {}", error.column()) }
}

struct Object<'w, 'c, 'a> {
    wanted: &'w Wanted<'w>,
    cells: &'c mut Vec<Cell<'a>>,
}

impl<'a> Visitor<'a> for Object<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let keys = self.wanted.keys;
        let mut seen = vec![false; keys.names.len()];
        let mut guess = 0;
        while let Some(Key(key)) = map.next_key()? {
            let Some(place) = keys.place(&key, guess) else {
                if (self.wanted.means)(&key) {
                    return Err(de::Error::custom(format!(
                        "the first object lacks the key {}: give every object the same keys, with null for nothing",
                        shown(&key)
                    )));
                }
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if std::mem::replace(&mut seen[place], true) {
                return Err(de::Error::custom(format!("the key {} comes twice", shown(&key))));
            }
            if self.wanted.read[place] {
                self.cells[place] = map.next_value_seed(Value { key: &key })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            guess = place + 1;
        }
        Ok(())
    }
}

/// A key, borrowed where it holds no escapes.
struct Key<'a>(Cell<'a>);

impl<'de> de::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Value { key: "" }).map(Key)
    }
}

/// One value as text; the key is there for messages.
struct Value<'k> {
    key: &'k str,
}

impl Value<'_> {
    fn refused<E: de::Error>(&self, why: &str) -> E {
        E::custom(format!("{} {why}", shown(self.key)))
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
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

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(self.refused("holds a list, not one value"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(self.refused("holds an object, not one value"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<String>, String) {
        let names = ["item", "r1", "note"].map(str::to_owned);
        let keys = Keys::new(&names);
        let wanted = Wanted { keys: &keys, read: &[true, true, false], means: &|key| key == "gold", longest: 1 << 20 };
        let mut faults = Faults::default();
        let mut seen = Vec::new();
        read(&Part { text, first_line: 1, whole: true }, &wanted, &mut faults, |line, cells, _| {
            seen.push(format!("{line} {}", cells.iter().map(|cell| &**cell).collect::<Vec<_>>().join("|")));
        });
        (seen, faults.told())
    }

    #[test]
    fn values_are_taken_as_text_in_the_order_of_the_first_keys() {
        let text = "{\"item\": \"a\\nb\", \"r1\": 4.0}\r\n\n{\"r1\": true, \"note\": [1, {}], \"item\": -7, \"x\": 1}\n{\"r1\": null, \"item\": 2.5}";
        assert_eq!(
            rows(text),
            (vec!["1 a\nb|4|".to_owned(), "3 -7|true|".to_owned(), "4 2.5||".to_owned()], String::new())
        );
    }

    #[test]
    fn a_line_that_is_no_flat_object_costs_itself_only() {
        let wrong = [
            "[1]",
            "{\"item\": [1]}",
            "{\"item\": 1, \"item\": 2}",
            "{\"gold\": 1}",
            "{\"r1\": NaN}",
            "{} {}",
            "{\"item\": 340282366920938463463374607431768211456}",
            "{\"r1\": {}}",
            "{\"r1\": \"\\ud800\"}",
        ];
        let (seen, told) = rows(&format!("{}\n{{\"item\": \"ok\"}}", wrong.join("\n")));
        assert_eq!(seen, ["10 ok||"]);
        let parts = [
            "1: invalid type: sequence, expected an object",
            "2: `item` holds a list",
            "3: the key `item` comes twice",
            "4: the first object lacks the key `gold`",
            "null for what is missing",
            "6: not a JSON object: trailing characters",
            "7: `item` is a number too large",
            "8: `r1` holds an object",
            "9: not a JSON object",
        ];
        for (told, part) in told.lines().zip(parts) {
            assert!(told.contains(part), "{told}");
        }
    }

    #[test]
    fn keys_come_in_their_order() {
        assert_eq!(keys_of(" {\"b\": {\"x\": 1}, \"a\": 2, \"b\": 3} ").unwrap(), ["b", "a", "b"]);
        assert!(keys_of("{\"b\": ").unwrap_err().contains("EOF"));
    }
}
