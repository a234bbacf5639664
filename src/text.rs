//! Characters that do something instead of being seen.
//!
//! In: characters of text from outside. Out: whether they act on a terminal or turn the direction of a line, so that
//! text reads as what it is not; and text in which they are seen. It knows nothing of markup.

/// Whether a character acts on a terminal, or on the lines around it.
pub fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character forces a direction on letters of any script. (The marks and isolates of right-to-left text only
/// place it.)
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202d}' | '\u{202e}')
}

/// The text with each character that acts as a sign that something was there; ends of lines stay.
pub fn shown(text: &str) -> String {
    text.chars().map(|character| if acts(character) && character != '\n' { '\u{fffd}' } else { character }).collect()
}
