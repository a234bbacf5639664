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

/// The value of a control; none of what is about regions, or can't be written.
pub fn value(said: &Json) -> Option<String> {
    match said {
        Json::Object(keys) => match (keys.get("choices"), keys.get("text")) {
            (Some(Json::Array(choices)), _) => several(choices),
            (_, Some(Json::Array(texts))) => Some(lines(texts)),
            _ => None,
        },
        Json::Array(list) => {
            let [Json::Object(only)] = list.as_slice() else { return None };
            let named = ["rating", "number", "selected", "datetime"].into_iter().find_map(|key| only.get(key));
            named.map(text).or_else(|| several(only.get("taxonomy")?.as_array()?))
        }
        value => Some(text(value)),
    }
}

/// Texts of one answer, a line each.
pub fn lines(texts: &[Json]) -> String {
    texts.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// Choices with `|` between them, of a taxonomy the path that leads to each; none if one of them holds `|` itself, since
/// it would read as two.
pub fn several(choices: &[Json]) -> Option<String> {
    let choice = |choice: &Json| match choice {
        Json::Array(path) => path.iter().map(text).collect::<Vec<_>>().join(" / "),
        choice => text(choice),
    };
    let choices: Vec<String> = choices.iter().map(choice).collect();
    let is_parted = choices.len() > 1 && choices.iter().any(|choice| choice.contains(PARTING));
    (!is_parted).then(|| choices.join(&PARTING.to_string()))
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
