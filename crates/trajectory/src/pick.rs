//! Parsing that keeps what is wanted and passes over the rest.
//!
//! In: a JSON stream (`LogStream`) and, for each field or item, whether it is wanted. Out: the wanted fields or items.
//! It never builds a value of what is not wanted, so that memory follows what is kept and not what is read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::Value;

use super::JsonObject;
use super::stream::Meter;

/// What becomes of a field.
pub(super) enum Want {
    /// It is kept.
    Keep,
    /// It is passed over.
    Skip,
    /// A list: its length is kept in its place.
    Count,
    /// An object: the fields of these names are kept.
    Named(BTreeSet<String>),
    /// A list of objects: of each, the fields that `names` has are given to `row`, which counts what it keeps. What is no
    /// list, or no object in it, is passed over.
    Rows { names: &'static [&'static str], row: Box<dyn FnMut(JsonObject)> },
    /// It and all that follows is left unread; parsing ends with an error.
    Stop,
}

/// One object, of which `want` says field by field what is kept, given what was kept before it.
pub(super) struct PickedObject<'a, W> {
    pub fields: &'a mut JsonObject,
    pub want: W,
    pub meter: &'a Rc<Meter>,
}

impl<'de, W: FnMut(&str, &JsonObject) -> Want> DeserializeSeed<'de> for PickedObject<'_, W> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, W: FnMut(&str, &JsonObject) -> Want> Visitor<'de> for PickedObject<'_, W> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let value = match (self.want)(&name, self.fields) {
                Want::Keep => map.next_value()?,
                Want::Count => {
                    self.meter.skip(|| map.next_value::<Option<Vec<IgnoredAny>>>())?.map_or(0, |all| all.len()).into()
                }
                Want::Named(names) => map.next_value_seed(Named { names: &names, meter: self.meter })?,
                Want::Rows { names, row } => {
                    let rows = RowUse::Lent;
                    map.next_value_seed(ObjectRows { names, row, rows, meter: self.meter })?;
                    continue;
                }
                Want::Skip => {
                    self.meter.skip(|| map.next_value::<IgnoredAny>())?;
                    continue;
                }
                Want::Stop => return Err(A::Error::custom("the rest is not wanted")),
            };
            self.fields.insert(name, value);
        }
        Ok(())
    }
}

/// The fields of these names out of an object; of anything else, nothing.
struct Named<'a> {
    names: &'a BTreeSet<String>,
    meter: &'a Rc<Meter>,
}

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Named<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let mut fields = JsonObject::new();
        let Self { names, meter } = self;
        let want = |name: &str, _: &JsonObject| if names.contains(name) { Want::Keep } else { Want::Skip };
        PickedObject { fields: &mut fields, want, meter }.deserialize(deserializer)?;
        Ok(Value::Object(fields))
    }
}

/// A list, whose items are counted from `first`: those that `wanted` says go into `items`.
pub(super) struct Items<'a, W> {
    pub first: usize,
    pub wanted: W,
    pub items: &'a mut BTreeMap<usize, Value>,
    pub meter: &'a Rc<Meter>,
}

impl<'de, W: Fn(usize) -> bool> DeserializeSeed<'de> for Items<'_, W> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, W: Fn(usize) -> bool> Visitor<'de> for Items<'_, W> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in self.first.. {
            if !(self.wanted)(index) {
                if self.meter.skip(|| list.next_element::<IgnoredAny>())?.is_none() {
                    break;
                }
            } else if let Some(item) = list.next_element()? {
                self.items.insert(index, item);
            } else {
                break;
            }
        }
        Ok(())
    }
}

/// A list of objects: of each, the fields of these names are given to `row`.
pub(super) struct ObjectRows<'a, F> {
    pub names: &'a [&'a str],
    pub row: F,
    pub rows: RowUse,
    pub meter: &'a Rc<Meter>,
}

/// What becomes of the rows of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowUse {
    /// They are kept. What is no list, or no object in it, is an error.
    Kept,
    /// They are looked at and let go, or counted by who keeps some of them. What is no list, or no object in it, is
    /// passed over.
    Lent,
}

impl RowUse {
    /// A value in the place of a list or a row.
    fn pass_over<E: Error>(self, found: Unexpected<'_>, expected: &dyn Expected) -> Result<(), E> {
        match self {
            Self::Kept => Err(E::invalid_type(found, expected)),
            Self::Lent => Ok(()),
        }
    }
}

/// One row: its fields, if it is an object.
struct ObjectRow<'a> {
    names: &'a [&'a str],
    rows: RowUse,
    meter: &'a Rc<Meter>,
}

/// Goes to the end of a list or an object.
fn while_some<T, E>(mut next: impl FnMut() -> Result<Option<T>, E>) -> Result<(), E> {
    while next()?.is_some() {}
    Ok(())
}

/// Passes over any single value, which gives nothing.
macro_rules! pass_over_values {
    ($nothing:expr) => {
        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            self.rows.pass_over(Unexpected::Bool(value), &self).map(|()| $nothing)
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            self.rows.pass_over(Unexpected::Signed(value), &self).map(|()| $nothing)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            self.rows.pass_over(Unexpected::Unsigned(value), &self).map(|()| $nothing)
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
            self.rows.pass_over(Unexpected::Float(value), &self).map(|()| $nothing)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
            self.rows.pass_over(Unexpected::Str(value), &self).map(|()| $nothing)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            self.rows.pass_over(Unexpected::Unit, &self).map(|()| $nothing)
        }
    };
}

impl<'de, F: FnMut(JsonObject)> DeserializeSeed<'de> for ObjectRows<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(JsonObject)> Visitor<'de> for ObjectRows<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    pass_over_values!(());

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.rows.pass_over(Unexpected::Map, &self)?;
        self.meter.skip(|| while_some(|| map.next_entry::<IgnoredAny, IgnoredAny>()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let Self { names, rows, meter, .. } = self;
        let mut next = || {
            let mut row = || list.next_element_seed(ObjectRow { names, rows, meter });
            if rows == RowUse::Lent { meter.lend(row) } else { row() }
        };
        while let Some(row) = next()? {
            if let Some(row) = row {
                (self.row)(row);
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for ObjectRow<'_> {
    type Value = Option<JsonObject>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<JsonObject>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ObjectRow<'_> {
    type Value = Option<JsonObject>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    pass_over_values!(None);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<JsonObject>, A::Error> {
        let mut fields = JsonObject::new();
        let want = |name: &str, _: &JsonObject| if self.names.contains(&name) { Want::Keep } else { Want::Skip };
        PickedObject { fields: &mut fields, want, meter: self.meter }.visit_map(map)?;
        Ok(Some(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<JsonObject>, A::Error> {
        self.rows.pass_over(Unexpected::Seq, &self)?;
        self.meter.skip(|| while_some(|| list.next_element::<IgnoredAny>()))?;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pick(text: &str, want: impl FnMut(&str, &JsonObject) -> Want) -> (JsonObject, Result<(), serde_json::Error>) {
        let mut fields = JsonObject::new();
        let meter = Meter::new(0, 0);
        let object = PickedObject { fields: &mut fields, want, meter: &meter };
        let result = object.deserialize(&mut serde_json::Deserializer::from_str(text));
        (fields, result)
    }

    #[test]
    fn fields_are_kept_counted_and_passed_over() {
        let text = r#"{"a": [1, {"b": 2}], "c": [[], {}, 3], "d": null, "e": {"x": 1, "y": [2]}, "f": null, "z": 1}"#;
        let (fields, result) = pick(text, |name, _| match name {
            "a" => Want::Keep,
            "c" | "d" => Want::Count,
            "e" | "f" => Want::Named(["y".to_owned()].into()),
            _ => Want::Skip,
        });
        result.unwrap();
        let expected = json!({"a": [1, {"b": 2}], "c": 3, "d": 0, "e": {"y": [2]}, "f": null});
        assert_eq!(Value::Object(fields), expected);
    }

    #[test]
    fn rows_are_given_away_whatever_else_is_in_their_list() {
        let rows = Rc::new(std::cell::RefCell::new(Vec::new()));
        let text =
            r#"{"a": [{"x": "1", "y": 2}, 3, null, [{"x": 4}], "x", {}], "b": {"x": 1}, "c": "x", "d": null, "e": 1}"#;
        let (fields, result) = pick(text, |name, _| match name {
            "e" => Want::Keep,
            _ => {
                let rows = Rc::clone(&rows);
                Want::Rows { names: &["x"], row: Box::new(move |row| rows.borrow_mut().push(Value::Object(row))) }
            }
        });
        result.unwrap();
        assert_eq!(Value::Object(fields), json!({"e": 1}));
        assert_eq!(*rows.borrow(), [json!({"x": "1"}), json!({})]);
    }

    #[test]
    fn kept_rows_are_objects_in_a_list() {
        let rows = |text: &str| {
            let (mut found, meter) = (Vec::new(), Meter::new(0, 0));
            let row = |row| found.push(Value::Object(row));
            let seed = ObjectRows { names: &["x"], row, rows: RowUse::Kept, meter: &meter };
            seed.deserialize(&mut serde_json::Deserializer::from_str(text)).map(|()| found)
        };
        assert_eq!(rows(r#"[{"x": 1, "y": 2}, {}]"#).unwrap(), [json!({"x": 1}), json!({})]);
        for text in ["{}", "null", "[[]]", "[null]", "[1]", r#"["x"]"#] {
            let error = rows(text).unwrap_err().to_string();
            assert!(error.contains("expected an object") || error.contains("expected a list of objects"), "{error}");
        }
    }

    #[test]
    fn what_comes_after_the_end_is_not_read() {
        let (fields, result) = pick(r#"{"a": 1, "b": broken"#, |name, _| match name {
            "a" => Want::Keep,
            _ => Want::Stop,
        });
        assert!(result.is_err());
        assert_eq!(Value::Object(fields), json!({"a": 1}));
    }

    #[test]
    fn items_are_kept_by_their_number() {
        let mut items = BTreeMap::new();
        let meter = Meter::new(0, 0);
        let seed = Items { first: 10, wanted: |index| index % 2 == 0, items: &mut items, meter: &meter };
        seed.deserialize(&mut serde_json::Deserializer::from_str("[0, 1, 2, [3]]")).unwrap();
        assert_eq!(items, BTreeMap::from([(10, json!(0)), (12, json!(2))]));
    }
}
