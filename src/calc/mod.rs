//! The pocket calculator: figures that need no table of ratings, by name.
//!
//! In: a name and `key=value` arguments as typed. Out: the figure, or why it is undefined; and a list of what can be
//! computed, from the same entries. Names and arguments are those of published comparisons. It holds no formula.

mod arguments;
mod change;
mod compare;
mod planning;
mod raters;
mod shares;

pub use arguments::{Arguments, CalcFault};

use crate::diagnostic::{Fault, did_you_mean};
use crate::quality::Undefined;
use serde_json::Value;

/// One thing that can be computed.
pub struct Calculator {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// A call, without the name.
    pub example: &'static str,
    compute: fn(&mut Arguments) -> Result<Value, CalcFault>,
}

/// A figure with the arguments it was computed from, defaults included.
pub struct Calculated {
    /// What was computed.
    pub calculator: &'static Calculator,
    /// Its arguments.
    pub args: Value,
    /// The figure, or why there is none.
    pub value: Result<Value, &'static str>,
}

/// Everything that can be computed, by theme.
pub fn calculators() -> impl Iterator<Item = &'static Calculator> {
    [shares::ALL, planning::ALL, compare::ALL, raters::ALL, change::ALL].into_iter().flatten()
}

/// Computes what was asked for; `Err` says what is wrong with the request, and how it is written.
pub fn calculate(name: &str, typed: &[String]) -> Result<Calculated, Fault> {
    let calculator = calculators().find(|calculator| calculator.name == name).ok_or_else(|| unknown(name))?;
    let written = |fault: Fault| fault.help(usage(calculator));
    let mut arguments = Arguments::parse(typed).map_err(written)?;
    let value = match (calculator.compute)(&mut arguments) {
        Ok(value) => {
            arguments.all_used().map_err(written)?;
            if is_finite(&value) { Ok(value) } else { Err(Undefined::TooLarge.reason()) }
        }
        Err(CalcFault::Undefined(undefined)) => Err(undefined.reason()),
        Err(CalcFault::Usage(fault)) => return Err(written(fault)),
    };
    Ok(Calculated { calculator, args: arguments.into_used(), value })
}

/// Whether every number in it is one: those that are not finite have become null.
fn is_finite(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(list) => list.iter().all(is_finite),
        Value::Object(map) => map.values().all(is_finite),
        _ => true,
    }
}

fn usage(calculator: &Calculator) -> String {
    format!("for example: goldbook calc {} {}", calculator.name, calculator.example)
}

fn unknown(name: &str) -> Fault {
    let hint = did_you_mean(name, calculators().map(|calculator| calculator.name));
    let hint = hint.map_or_else(String::new, |hint| format!(" ({hint})"));
    Fault::whole(format!("`{name}` is not something that can be computed{hint}")).help("`goldbook calc` lists what can")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_computes_something() {
        for calculator in calculators() {
            let typed: Vec<String> = calculator.example.split(' ').map(str::to_owned).collect();
            let found =
                calculate(calculator.name, &typed).unwrap_or_else(|fault| panic!("{}: {fault}", calculator.name));
            assert!(found.value.is_ok(), "{}: {:?}", calculator.name, found.value);
            assert!(calculator.summary.ends_with('.'), "{}", calculator.name);
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = calculators().map(|calculator| calculator.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
