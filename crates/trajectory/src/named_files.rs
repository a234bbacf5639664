//! Files beside a log that hold further rows of it.
//!
//! In: the bytes of a log. Out: of a session of Claude Code, which subagents it names, and the folders in which their files
//! may lie. It opens no file, and each name is one that a file can have.

use std::collections::BTreeSet;

use super::claude_code;

/// What the rows of a session name.
#[derive(Default)]
pub struct NamedFiles {
    /// Subagents; the file of one is called `agent-ID.jsonl`.
    pub subagents: BTreeSet<String>,
    /// Sessions, whose folders beside the log may have the files of subagents in their folder `subagents`.
    pub sessions: BTreeSet<String>,
}

/// What the rows of a session of Claude Code name; nothing of another log.
///
/// Claude Code names a subagent in `toolUseResult.agentId`, or, where another subagent began it, in the text of the result
/// alone (2.1.332: `agentId: …`). A forked session copies no run of a subagent; its rows name the older session in
/// `requestSessionId`.
pub fn files_named_in(log: &[u8]) -> NamedFiles {
    let text = String::from_utf8_lossy(log);
    if !claude_code::is_session(&text) {
        return NamedFiles::default();
    }
    let of = |name| named(&text, name).map(str::to_owned);
    NamedFiles {
        subagents: of("agentId").collect(),
        sessions: of("\"sessionId").chain(of("requestSessionId")).collect(),
    }
}

/// The ids that follow a name: `"name":"id"` or `name: id`.
fn named<'t>(text: &'t str, name: &'static str) -> impl Iterator<Item = &'t str> {
    text.match_indices(name).filter_map(move |(at, _)| {
        let rest = text[at + name.len()..].trim_start_matches(['"', '\\', ':', ' ']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(rest.len());
        (0 < end && end <= 80).then(|| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_names_its_subagents_and_what_it_was_forked_from() {
        let log = br#"{"type":"mode"}
            {"type":"user","message":{},"uuid":"u","sessionId":"s1","requestSessionId":"s0","toolUseResult":{"agentId":"a1"}}
            {"message":{"content":[{"type":"text","text":"agentId: ../b (use it)\nagentId: a2 (use it)"}]}}"#;
        let found = files_named_in(log);
        assert_eq!(found.subagents.into_iter().collect::<Vec<_>>(), ["a1", "a2"]);
        assert_eq!(found.sessions.into_iter().collect::<Vec<_>>(), ["s0", "s1"]);
        let other = files_named_in(b"{\"role\":\"user\",\"content\":\"agentId: x1\"}\n");
        assert!(other.subagents.is_empty());
    }
}
