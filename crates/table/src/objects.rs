//! Objects: rows written as JSON, one object a line.
//!
//! In: text that begins with a line, and columns. Out: each object's values as cells in the order of the columns, a missing
//! one empty. An object that has a column twice is refused. Never interprets a cell.

use super::cell::Cell;
use super::fault::Faults;
use super::json::{ObjectKey, ValueSeed, fault, why};
use super::records::TablePart;
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::quoted;
use memchr::memchr;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// The keys of the first object, each with its column.
pub struct ObjectKeys {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl ObjectKeys {
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

/// What a key means that is none of the columns' names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Another name of this column.
    Column(usize),
    /// Another name of this column where it has none of its own.
    Yielding(usize),
    /// Nothing that is read.
    Nothing,
    /// Something for which there is no column.
    Lacking,
}

/// Which columns and keys matter.
pub struct WantedKeys<'k> {
    /// The columns.
    pub keys: &'k ObjectKeys,
    /// By column: whether its cells are read, so that they must hold one value.
    pub read: &'k [bool],
    /// By column, as far as any does: whether it may hold a list of values.
    pub lists: &'k [bool],
    /// What any other key means.
    pub means: &'k (dyn Fn(&str) -> Meant + Sync),
    /// Bytes of the longest line that is read.
    pub longest: usize,
}

/// Hands each object to `take` and returns the keys that mean nothing. A line that can't be read costs itself only, as
/// does one that is not `whole`.
pub fn read<'a>(
    part: &TablePart<'a>,
    wanted: &WantedKeys<'_>,
    whole: &dyn Fn(u64) -> Result<(), Fault>,
    faults: &mut Faults,
    mut take: impl FnMut(u64, &[Cell<'a>], &mut Faults),
) -> BTreeSet<String> {
    let mut reader =
        ObjectReader { wanted, cells: Vec::new(), given: Vec::new(), others: Vec::new(), meant: HashMap::new() };
    let (mut rest, mut line) = (part.text, part.first_line);
    while !rest.is_empty() {
        let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let row = &rest[..end];
        if row.len() > wanted.longest {
            faults.push(Fault::on(line, format!("a line of more than {} MiB", wanted.longest.div_ceil(1 << 20))));
        } else if !row.trim_ascii().is_empty() {
            let mut read = || reader.object(row).map_err(|why| fault(line, row, why));
            match whole(line).and_then(|()| read()) {
                Ok(()) => take(line, &reader.cells, faults),
                Err(fault) => faults.push(fault),
            }
        }
        rest = rest.get(end + 1..).unwrap_or_default();
        line += 1;
    }
    let nothing = reader.meant.into_iter().filter(|(_, meant)| *meant == Meant::Nothing);
    nothing.map(|(key, _)| key).collect()
}

/// Reads objects one after the other, in the same memory.
struct ObjectReader<'w, 'a> {
    wanted: &'w WantedKeys<'w>,
    cells: Vec<Cell<'a>>,
    /// By column: the key that gave it its cell, and whether it yields to another.
    given: Vec<Option<(Cell<'a>, bool)>>,
    /// Keys that are not read.
    others: Vec<Cell<'a>>,
    /// What keys that are no columns' names mean.
    meant: HashMap<String, Meant>,
}

impl<'a> ObjectReader<'_, 'a> {
    fn object(&mut self, row: &'a str) -> Result<(), String> {
        let columns = self.wanted.keys.names.len();
        self.cells.clear();
        self.cells.resize(columns, Cell::Slice(""));
        self.given.clear();
        self.given.resize(columns, None);
        self.others.clear();
        let mut reader = serde_json::Deserializer::from_str(row);
        let read = reader.deserialize_map(ObjectVisitor(self)).and_then(|()| reader.end());
        read.map_err(|error| why(&error))?;
        self.check()
    }

    /// Refuses an object with a key that comes twice, or without any that is read.
    fn check(&mut self) -> Result<(), String> {
        self.others.sort_unstable_by(|a, b| (**a).cmp(b));
        if let Some(pair) = self.others.windows(2).find(|pair| *pair[0] == *pair[1]) {
            return Err(twice(&pair[0]));
        }
        let any_read = self.given.iter().zip(self.wanted.read).any(|(given, read)| given.is_some() && *read);
        let any = !self.others.is_empty() || self.given.iter().any(Option::is_some);
        if any && !any_read { Err("the object has none of the keys that are read".to_owned()) } else { Ok(()) }
    }

    fn meant(&mut self, key: &str, guess: usize) -> Meant {
        if let Some(place) = self.wanted.keys.place(key, guess) {
            return Meant::Column(place);
        }
        if let Some(meant) = self.meant.get(key) {
            return *meant;
        }
        let meant = (self.wanted.means)(key);
        self.meant.insert(key.to_owned(), meant);
        meant
    }

    /// Where the value of a key goes; none if it is not read.
    fn place(&mut self, key: &Cell<'a>, guess: usize) -> Result<Option<usize>, String> {
        let (place, yields) = match self.meant(key, guess) {
            Meant::Column(place) => (place, false),
            Meant::Yielding(place) => (place, true),
            Meant::Nothing => {
                self.others.push(key.clone());
                return Ok(None);
            }
            Meant::Lacking => {
                let help = "give every object the same keys, with null for nothing";
                return Err(format!("the first object lacks the key {}: {help}", quoted(key)));
            }
        };
        match &self.given[place] {
            Some((first, _)) if **first == **key => Err(twice(key)),
            Some((_, false)) if yields => {
                self.others.push(key.clone());
                Ok(None)
            }
            Some((first, first_yields)) if yields == *first_yields => {
                Err(format!("the keys {} and {} mean the same", quoted(first), quoted(key)))
            }
            Some(_) | None => {
                let before = self.given[place].replace((key.clone(), yields));
                self.others.extend(before.map(|(first, _)| first));
                Ok(Some(place).filter(|place| self.wanted.read[*place]))
            }
        }
    }
}

fn twice(key: &str) -> String {
    format!("the key {} comes twice", quoted(key))
}

struct ObjectVisitor<'o, 'w, 'a>(&'o mut ObjectReader<'w, 'a>);

impl<'a> Visitor<'a> for ObjectVisitor<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let mut guess = 0;
        while let Some(ObjectKey(key)) = map.next_key()? {
            match self.0.place(&key, guess).map_err(de::Error::custom)? {
                Some(place) => {
                    self.0.cells[place] = map.next_value_seed(ValueSeed {
                        key: &key,
                        list: self.0.wanted.lists.get(place) == Some(&true),
                    })?;
                    guess = place;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
            guess += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<String>, String) {
        let names = ["item", "r1", "note"].map(str::to_owned);
        let keys = ObjectKeys::new(&names);
        let means = |key: &str| match key {
            "gold" => Meant::Lacking,
            "Item" => Meant::Column(0),
            "task" => Meant::Yielding(0),
            _ => Meant::Nothing,
        };
        let wanted =
            WantedKeys { keys: &keys, read: &[true, true, false], lists: &[], means: &means, longest: 1 << 20 };
        let mut faults = Faults::default();
        let mut seen = Vec::new();
        let unread = read(&TablePart { text, first_line: 1 }, &wanted, &|_| Ok(()), &mut faults, |line, cells, _| {
            seen.push(format!("{line} {}", cells.iter().map(|cell| &**cell).collect::<Vec<_>>().join("|")));
        });
        assert!(unread.iter().all(|key| key == "x"), "{unread:?}");
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
            "{\"item\": 1, \"x\": 1, \"x\": 2}",
            "{\"item\": 1, \"Item\": 2}",
            "{\"x\": 1, \"note\": 2}",
        ];
        let right =
            ["{\"Item\": \"ok\"}", "{\"task\": \"t\", \"item\": \"ok\"}", "{\"item\": \"ok\", \"task\": \"t\"}"];
        let (seen, told) = rows(&format!("{}\n{}", wrong.join("\n"), right.join("\n")));
        assert_eq!(seen, ["13 ok||", "14 ok||", "15 ok||"]);
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
            "10: the key `x` comes twice",
            "11: the keys `item` and `Item` mean the same",
            "12: the object has none of the keys",
        ];
        for (told, part) in told.lines().zip(parts) {
            assert!(told.contains(part), "{told}");
        }
    }
}
