//! Expressions: a condition over named figures, such as `accuracy.low >= 0.7 and items >= 10`.
//!
//! In: the text of a condition, and values for its names. Out: whether it holds. The language is MiniJinja's, for
//! expressions alone: a name that is not there is an error and never nothing, and an expression that runs long is stopped.
//! It knows no figure.

use crate::diagnostic::Fault;
use minijinja::value::{Serde, ValueKind};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use std::collections::HashSet;

/// How many instructions a condition may take.
const FUEL: u64 = 10_000;

/// A condition that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    text: String,
}

impl Condition {
    /// Reads a condition over names of figures.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let condition = Self { text: text.to_owned() };
        condition.names().map(|_| condition)
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names that it has, such as `accuracy.low`.
    pub fn names(&self) -> Result<HashSet<String>, Fault> {
        let environment = environment();
        let expression = environment.compile_expression(&self.text).map_err(|error| self.fault(&error))?;
        Ok(expression.undeclared_variables(true))
    }

    /// Whether it holds for these values.
    pub fn holds(&self, values: impl Serialize) -> Result<bool, Fault> {
        let environment = environment();
        let expression = environment.compile_expression(&self.text).map_err(|error| self.fault(&error))?;
        let value = expression.eval(Serde(values)).map_err(|error| self.fault(&error))?;
        match value.kind() {
            ValueKind::Bool => Ok(value.is_true()),
            _ => Err(Fault::whole(format!("`{}` is `{value}`, and must be true or false", self.text))
                .help("for example `accuracy.low >= 0.7`")),
        }
    }

    fn fault(&self, error: &minijinja::Error) -> Fault {
        let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Fault::whole(format!("`{}` can't be read: {why}", self.text)).help("for example `accuracy.low >= 0.7`")
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(text: &str) -> Result<bool, String> {
        let values = json!({"accuracy": {"low": 0.72, "point": 0.8}, "items": 12});
        let condition = Condition::parse(text).map_err(|fault| fault.message)?;
        condition.holds(values).map_err(|fault| fault.message)
    }

    #[test]
    fn a_condition_holds_or_not() {
        assert_eq!(holds("accuracy.low >= 0.7 and items >= 10"), Ok(true));
        assert_eq!(holds("accuracy.low >= 0.75 or not items > 11"), Ok(false));
    }

    #[test]
    fn what_is_no_condition_says_why() {
        for (text, why) in [
            ("accuracy.low >=", "can't be read"),
            ("accuracy.lo >= 0.7", "undefined"),
            ("accuracy.low", "must be true or false"),
            ("range(100000) | sum > 1", "can't be read"),
        ] {
            let said = holds(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn names_are_told_before_there_are_values() {
        let names = Condition::parse("accuracy.low >= 0.7 and goal_reached.right > 3").unwrap().names().unwrap();
        assert_eq!(names, ["accuracy.low", "goal_reached.right"].map(str::to_owned).into());
    }
}
