//! `goldbook calc`.

use super::{Common, refuse};
use crate::calc::{Calculated, calculate, calculators};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use std::process::ExitCode;

/// Compute one figure from numbers, without a table
///
/// The pocket calculator for intervals, tests, planning, pooling and change over time. Alone it lists what it knows, each
/// with an example. Lists are JSON: errors=[0,0,1].
///
/// Example: goldbook calc ci_wilson k=81 n=263
#[derive(Args)]
pub struct CalcArguments {
    /// What to compute [default: list what there is]
    name: Option<String>,
    /// Its arguments: k=81 n=263 conf=0.95
    #[arg(value_name = "KEY=VALUE")]
    arguments: Vec<String>,
}

pub fn run(arguments: &CalcArguments, common: &Common) -> ExitCode {
    let Some(name) = &arguments.name else {
        return common.write(&list(common.json));
    };
    match calculate(name, &arguments.arguments) {
        Err(fault) => refuse(&fault),
        Ok(found) if common.json => common.write(&format!("{}\n", entry(&found))),
        Ok(found) => common.write(&text(&found)),
    }
}

fn list(json: bool) -> String {
    if json {
        let entry =
            |name: &str, summary: &str, example: &str| json!({"name": name, "summary": summary, "example": example});
        let all: Vec<Value> = calculators().map(|one| entry(one.name, one.summary, one.example)).collect();
        return format!("{}\n", json!({ "calculators": all }));
    }
    let one = |name: &str, summary: &str, example: &str| {
        format!("{name}\n    {summary}\n    goldbook calc {name} {example}\n")
    };
    calculators().map(|calculator| one(calculator.name, calculator.summary, calculator.example)).collect()
}

/// What machines get.
#[derive(Serialize)]
struct CalculatedFigure<'a> {
    metric: &'static str,
    args: &'a Value,
    value: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

fn entry(found: &Calculated) -> String {
    let (value, reason) = (found.value.as_ref().ok(), found.value.as_ref().err().copied());
    let entry = CalculatedFigure { metric: found.calculator.name, args: &found.args, value, reason };
    serde_json::to_string(&entry).unwrap_or_default()
}

fn text(found: &Calculated) -> String {
    let value = match &found.value {
        Ok(value) => shown(value),
        Err(reason) => format!("undefined: {reason}"),
    };
    format!("{value}\n\n{}\n{}\n", found.calculator.summary, arguments_of(&found.args))
}

/// The arguments as they would be typed.
fn arguments_of(args: &Value) -> String {
    let pairs = args.as_object().into_iter().flatten().map(|(key, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{key}={value}")
    });
    pairs.collect::<Vec<_>>().join(" ")
}

/// Numbers with four decimals where they have any, two bounds as such, lists in a line, maps a line a key.
fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => decimals(number.as_f64().unwrap_or_default()),
        Value::Array(bounds) if bounds.len() == 2 && bounds.iter().all(Value::is_f64) => {
            format!("{} to {}", shown(&bounds[0]), shown(&bounds[1]))
        }
        Value::Array(list) if list.iter().all(Value::is_number) => listed(list),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::Object(map) => {
            let value = |value: &Value| match value {
                Value::Array(list) if list.iter().all(Value::is_number) => listed(list),
                other => shown(other).replace('\n', "; "),
            };
            map.iter().map(|(key, of)| format!("{key}: {}", value(of))).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}

/// Four decimals, or a power of ten where these would all be zero.
fn decimals(number: f64) -> String {
    if number != 0.0 && number.abs() < 0.0001 { format!("{number:.2e}") } else { format!("{number:.4}") }
}

fn listed(numbers: &[Value]) -> String {
    numbers.iter().map(shown).collect::<Vec<_>>().join(", ")
}
