//! Calls of a model that repeat the conversation each time → each message once.
//!
//! In: what a model was given in each of its calls, and what it answered. Out: what of it was not there before. A message
//! that is said twice in one call is said twice.

use std::collections::BTreeMap;

use serde_json::Value;

use goldbook_ground::digest::Digest;

/// What was there so far.
#[derive(Default)]
pub(super) struct Repeated {
    counts: BTreeMap<Digest, usize>,
}

impl Repeated {
    /// Those of the messages that were not there before; `said` is what a message is known by.
    pub(super) fn new_of<'v>(&mut self, given: &'v [Value], said: impl Fn(&Value) -> Value) -> Vec<&'v Value> {
        let mut counts: BTreeMap<Digest, usize> = BTreeMap::new();
        let mut new = Vec::new();
        for message in given {
            let key = key(&said(message));
            let count = counts.entry(key).or_default();
            *count += 1;
            let before = self.counts.entry(key).or_default();
            if *count > *before {
                *before = *count;
                new.push(message);
            }
        }
        new
    }

    /// Adds what was answered.
    pub(super) fn add(&mut self, said: &Value) {
        *self.counts.entry(key(said)).or_default() += 1;
    }
}

fn key(said: &Value) -> Digest {
    Digest::of(said.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_message_comes_once_for_each_time_it_is_said() {
        let mut repeated = Repeated::default();
        let mut new = |given: Value| repeated.new_of(given.as_array().unwrap(), Value::clone).len();
        assert_eq!(new(json!(["a", "b", "b"])), 3);
        assert_eq!(new(json!(["a", "b", "b", "c"])), 1);
        repeated.add(&json!("d"));
        assert_eq!(repeated.new_of(json!(["a", "d", "d"]).as_array().unwrap(), Value::clone).len(), 1);
    }
}
