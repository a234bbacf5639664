//! Tables as people and tools write them, what is wrong with others, and what must not make a difference.

mod faults;
mod forms;
mod meaning;
mod parts;
mod same;
mod steps;

use super::*;

fn sizes(block: usize) -> Sizes {
    Sizes { block, row: 1 << 12, columns: 50, ..Sizes::default() }
}

fn read_as(name: &str, text: &str, request: &ReadRequest) -> Result<Labels, LabelErrors> {
    read_parts(name, text, request).map(only)
}

fn read_parts(name: &str, text: &str, request: &ReadRequest) -> Result<Vec<LabelPart>, LabelErrors> {
    read_sized(vec![TableSource::new(name, text.as_bytes())], request, sizes(64))
}

/// The labels of a table that is not taken apart.
fn only(mut parts: Vec<LabelPart>) -> Labels {
    assert_eq!(parts.iter().map(|part| &part.name).collect::<Vec<_>>(), [&None]);
    parts.remove(0).labels
}

fn read_text(text: &str) -> Labels {
    read_as("t.csv", text, &ReadRequest::default()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn refused(text: &str, request: &ReadRequest) -> String {
    read_as("t.csv", text, request).unwrap_err().to_string()
}

fn columns(set: impl FnOnce(&mut Columns)) -> ReadRequest {
    let mut request = ReadRequest::default();
    set(&mut request.columns);
    request
}

/// Every rating as `item rater label`, then `item = gold`, then all notes but those on files.
fn shown(labels: &Labels) -> Vec<String> {
    let category = |code: u32| &labels.categories[code as usize];
    let groups = labels.groups.as_ref();
    let mut shown = Vec::new();
    for (index, rating) in labels.table.ratings().iter().enumerate() {
        let group = groups.map(|groups| format!(" {}", groups.names.get(groups.of_rating[index]))).unwrap_or_default();
        let (item, rater) = (labels.items.get(rating.item), labels.raters.get(rating.rater));
        shown.push(format!("{item} {rater} {}{group}", category(rating.category)));
    }
    let gold = labels.gold.iter().enumerate().filter_map(|(item, gold)| Some((item as u32, (*gold)?)));
    shown.extend(gold.map(|(item, gold)| format!("{} = {}", labels.items.get(item), category(gold))));
    shown
}

fn names(names: &Names) -> String {
    names.iter().collect::<Vec<_>>().join(" ")
}
