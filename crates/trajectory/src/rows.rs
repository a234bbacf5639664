//! The runs in a file that holds rows (messages, items, events), whichever way they are packed.
//!
//! In: the values of a file, the names under which an object (or one in it) holds rows, and what a row looks like. Out: for
//! each run its rows, and what stands beside them; or the log that comes of them. It never leaves a value out without counting it.

use serde_json::Value;

use super::JsonObject;
use super::account::PartFate;
use super::conversation::Conversation;
use super::format::Log;
use goldbook_ground::diagnostic::Fault;

/// One run.
pub(super) struct RunRows<'v> {
    pub rows: Vec<&'v Value>,
    /// The object that holds the rows, if one does.
    pub about: Option<&'v JsonObject>,
}

/// All runs of a file.
#[derive(Default)]
pub(super) struct AllRunRows<'v> {
    pub runs: Vec<RunRows<'v>>,
    /// How many values are neither a run nor a row of one.
    pub others: u64,
}

impl<'v> AllRunRows<'v> {
    /// The conversations of each run; all say how many values are of none.
    pub(super) fn read<I: IntoIterator<Item = Conversation>>(
        self,
        of_run: impl Fn(RunRows<'v>) -> I,
    ) -> Result<Box<dyn Log>, Fault> {
        let mut all: Vec<Conversation> = self.runs.into_iter().flat_map(of_run).collect();
        for conversation in &mut all {
            conversation.account.add_many(PartFate::LeftOut, "value that is of no run", self.others);
        }
        match all.is_empty() {
            true => Err(Fault::whole("the file holds no messages")),
            false => Ok(Box::new(all)),
        }
    }
}

/// The runs: each list of rows, each object that holds one, and all rows that stand alone together. What is no row stays
/// among those that are.
pub(super) fn rows<'v>(values: &'v [Value], names: &[&str], is_row: &impl Fn(&Value) -> bool) -> AllRunRows<'v> {
    let mut all = AllRunRows::default();
    let mut alone = Vec::new();
    for value in values {
        match value {
            Value::Array(items) => {
                let within = rows(items, names, is_row);
                all.runs.extend(within.runs);
                all.others += within.others;
            }
            Value::Object(fields) if !is_row(value) => {
                let below = || fields.values().filter_map(Value::as_object).map(|inner| held(inner, names, is_row));
                let own = held(fields, names, is_row);
                let found = if own.is_empty() { below().find(|runs| !runs.is_empty()) } else { Some(own) };
                match found {
                    Some(found) => all.runs.extend(found),
                    None => alone.push(value),
                }
            }
            _ => alone.push(value),
        }
    }
    match alone.iter().any(|value| is_row(value)) {
        true => all.runs.push(RunRows { rows: alone, about: None }),
        false => all.others += alone.len() as u64,
    }
    all
}

/// The runs that an object holds under one of the names: a list of rows, or of lists of them.
fn held<'v>(fields: &'v JsonObject, names: &[&str], is_row: &impl Fn(&Value) -> bool) -> Vec<RunRows<'v>> {
    let about = Some(fields);
    let of_list = |items: &'v Vec<Value>| match items.iter().any(is_row) {
        true => vec![RunRows { rows: items.iter().collect(), about }],
        false => {
            let lists = items.iter().filter_map(Value::as_array).filter(|list| list.iter().any(is_row));
            lists.map(|list| RunRows { rows: list.iter().collect(), about }).collect()
        }
    };
    let lists = names.iter().filter_map(|name| fields.get(*name)?.as_array());
    lists.map(of_list).find(|runs| !runs.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn runs_are_packed_in_many_ways() {
        let row = || json!({"role": "user"});
        let counts = |values: &[Value]| {
            let all = rows(values, &["messages"], &|value: &Value| value.get("role").is_some());
            (all.runs.iter().map(|run| run.rows.len()).collect::<Vec<_>>(), all.others)
        };
        assert_eq!(counts(&[row(), row()]), (vec![2], 0));
        assert_eq!(counts(&[json!([row(), {"odd": 1}])]), (vec![2], 0));
        assert_eq!(counts(&[json!({"messages": [row()]}), json!([row()]), json!(3)]), (vec![1, 1], 1));
        assert_eq!(counts(&[json!([[row()], [row(), row()]])]), (vec![1, 2], 0));
        assert_eq!(counts(&[json!({"values": {"messages": [row()]}})]), (vec![1], 0));
        assert_eq!(counts(&[json!({"messages": [[row()], [row(), row()]]})]), (vec![1, 2], 0));
        assert_eq!(counts(&[json!({"messages": []}), json!([])]), (vec![], 1));
    }
}
