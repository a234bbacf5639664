//! What a site's runs may hold, whatever it looks like.
//!
//! In: what the settings say, each a text or the name of a rule. Out: whether something found is meant by it. It never
//! widens what is said: only `*` stands for other letters.

/// Texts that are fine where they are.
#[derive(Clone, Debug, Default)]
pub struct AllowedTexts(Vec<String>);

impl AllowedTexts {
    /// Those that the settings name.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self(patterns.into_iter().collect())
    }

    /// Whether the text, or what found it, is named.
    pub fn allow(&self, rule: &str, value: &str) -> bool {
        self.0.iter().any(|pattern| pattern == rule || is_like(&pattern.to_lowercase(), &value.to_lowercase()))
    }
}

/// Whether a text is as a pattern says, in which `*` is any letters, or none.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_allowed_by_itself_by_a_pattern_or_by_its_rule() {
        let allowed = AllowedTexts::new(["*@lists.example.net", "/home/b*d", "ip-address"].map(str::to_owned));
        for (rule, value, expected) in [
            ("e-mail", "Dev@lists.example.net", true),
            ("e-mail", "dev@lists.example.net.evil", false),
            ("home-folder", "/home/bird", true),
            ("home-folder", "/home/birds", false),
            ("ip-address", "192.88.99.7", true),
        ] {
            assert_eq!(allowed.allow(rule, value), expected, "{value}");
        }
        assert!(is_like("a*b*c", "abbc") && !is_like("ab*ba", "aba") && is_like("*", "") && !is_like("", "a"));
    }
}
