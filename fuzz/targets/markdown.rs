//! Markdown: what each audience gets of a text holds nothing that runs, and each id once.
//! (That no passage for others is rendered is held where the audiences are known, in `fuzzing`.)
#![no_main]

use html5gum::{StartTag, Token, Tokenizer};
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;

/// Elements that run, load, ask or change what stands around them.
const REFUSED: [&str; 11] =
    ["base", "embed", "form", "frame", "iframe", "link", "math", "meta", "object", "script", "style"];

fuzz_target!(|text: &str| {
    // No file that holds NUL is loaded.
    if text.contains('\0') {
        return;
    }
    for html in goldbook::fuzzing::markdown(text) {
        let tags = Tokenizer::new(&html).flatten().filter_map(|token| match token {
            Token::StartTag(tag) => Some(tag),
            _ => None,
        });
        let mut ids = HashSet::new();
        for tag in tags {
            check_harmless(&tag, &html);
            let id = tag.attributes.get(b"id".as_slice()).map(|id| id.value.clone());
            // Authors who write HTML may write an id twice.
            assert!(text.contains('<') || id.is_none_or(|id| ids.insert(id)), "an id stands twice in {html}");
        }
    }
});

fn check_harmless(tag: &StartTag<()>, html: &str) {
    let name = String::from_utf8_lossy(&tag.name);
    assert!(!REFUSED.contains(&&*name), "<{name}> in {html}");
    for (attribute, value) in &tag.attributes {
        let attribute = String::from_utf8_lossy(attribute);
        assert!(!attribute.starts_with("on") && attribute != "style", "{attribute} in {html}");
        // Browsers drop control characters and blanks.
        let value = String::from_utf8_lossy(value);
        let value: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        let value = value.to_ascii_lowercase();
        let runs = ["javascript:", "vbscript:", "data:"].iter().any(|scheme| value.starts_with(scheme));
        assert!(!(runs && matches!(&*attribute, "href" | "src" | "cite")), "{attribute}={value} in {html}");
        let asks = attribute == "src" && (value.starts_with("//") || value.contains("://"));
        assert!(!asks, "{attribute}={value} in {html}");
    }
}
