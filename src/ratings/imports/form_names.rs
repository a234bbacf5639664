//! Names in the forms that Goldbook makes for tools (`labelling`), by which their exports are read.
//!
//! In: the name of a question. Out: the criterion, or the attribute of its flags, that it is about. No id has an underscore,
//! so that no criterion is called like any of these.

use super::RatingsReading;
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;

/// What says which text a rater read: its receipt.
pub const VERSION: &str = "text_version";
/// What stands between a criterion and an attribute of its flags.
const ATTRIBUTE_SIGN: &str = "__";

/// The name of the question about an attribute of a criterion's flags.
pub fn of_attribute(criterion: &str, attribute: &str) -> String {
    format!("{criterion}{ATTRIBUTE_SIGN}{attribute}")
}

/// What a question is about.
pub struct About {
    criterion: String,
    attribute: Option<String>,
}

impl About {
    /// What the question of this name is about.
    pub fn of(question: &str, reading: &RatingsReading, expected: &Expected<'_>) -> Self {
        let attribute = question.split_once(ATTRIBUTE_SIGN).and_then(|(criterion, attribute)| {
            let is_known = expected.attributes().any(|known| known == attribute);
            let criterion = expected.criterion(criterion).filter(|_| is_known)?;
            Some(Self { criterion: criterion.to_owned(), attribute: Some(attribute.to_owned()) })
        });
        attribute.unwrap_or_else(|| {
            let own = reading.criterion(question).or_else(|| expected.criterion(question));
            Self { criterion: own.unwrap_or(question).to_owned(), attribute: None }
        })
    }

    /// The same as cells of a row.
    pub fn cells(&self) -> impl Iterator<Item = (Column, String)> {
        let attribute = self.attribute.clone().map(|attribute| (Column::Attribute, attribute));
        std::iter::once((Column::Criterion, self.criterion.clone())).chain(attribute)
    }
}
