//! Controls: what Label Studio's JSON_MIN, CSV and TSV hold for one control of the labelling interface, as text.
//!
//! In: JSON, or a cell that holds some. Out: the value, several with `|` between them; none of what is about regions. It
//! knows no criterion.

use crate::table::PARTING;
use serde_json::Value as Json;

/// Of a cell that holds a structure as JSON, the value; none of any other cell.
pub fn of_cell(cell: &str) -> Option<String> {
    let structure = cell.starts_with(['[', '{']).then(|| serde_json::from_str(cell).ok())??;
    value(&structure)
}

/// The value of a control; none of what is about regions.
pub fn value(said: &Json) -> Option<String> {
    let joined = |list: &[Json], mark: &str| list.iter().map(text).collect::<Vec<_>>().join(mark);
    match said {
        Json::Object(keys) => match (keys.get("choices"), keys.get("text")) {
            (Some(Json::Array(choices)), _) => Some(joined(choices, &PARTING.to_string())),
            (_, Some(Json::Array(texts))) => Some(joined(texts, "\n")),
            _ => None,
        },
        Json::Array(list) => {
            let [Json::Object(only)] = list.as_slice() else { return None };
            let named = ["rating", "number", "selected", "datetime"].into_iter().find_map(|key| only.get(key));
            let path = |path: &Json| path.as_array().map(|parts| joined(parts, " / "));
            let taxonomy = only.get("taxonomy").and_then(Json::as_array);
            let taxonomy = taxonomy.map(|paths| paths.iter().filter_map(path).collect::<Vec<_>>());
            named.map(text).or_else(|| taxonomy.map(|paths| paths.join(&PARTING.to_string())))
        }
        value => Some(text(value)),
    }
}

/// A value as text; nothing for what is none.
pub fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Null | Json::Array(_) | Json::Object(_) => String::new(),
        Json::Number(number) => match number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15) {
            Some(whole) => format!("{whole}"),
            None => number.to_string(),
        },
        Json::Bool(is_so) => is_so.to_string(),
    }
}
