//! Files beside a log that hold further rows of it.
//!
//! In: the bytes of a session of Claude Code, and what its file is called. Out: where the runs of the subagents may lie that
//! it names. It opens no file, and what it names is always inside the log's folder.

use std::collections::BTreeSet;

/// Where the runs of the subagents that the rows name may lie, from the folder of the log on: in the session's own folder,
/// in that of the session which it was forked from, or beside it, where older versions put them. `stem` is the log's name
/// without its ending.
///
/// Claude Code names a subagent in `toolUseResult.agentId`, or, where another subagent began it, in the text of the result
/// alone (2.1.332: `agentId: …`). A forked session copies no run of a subagent; its rows name the older session in
/// `requestSessionId`.
pub fn files_named_in(log: &[u8], stem: &str) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(log);
    let sessions = ["requestSessionId", "\"sessionId"].into_iter().flat_map(|name| named(&text, name));
    let folders: BTreeSet<&str> = sessions.chain([stem]).collect();
    let agents: BTreeSet<&str> = named(&text, "agentId").collect();
    let of_agent = |agent: &&str| {
        let within = folders.iter().map(move |folder| format!("{folder}/subagents/agent-{agent}.jsonl"));
        within.chain([format!("agent-{agent}.jsonl")]).collect::<Vec<_>>()
    };
    agents.iter().flat_map(of_agent).collect()
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
    fn subagents_are_looked_for_in_the_folders_of_their_sessions_and_beside() {
        let log = br#"{"sessionId":"s1","requestSessionId":"s0","toolUseResult":{"agentId":"a1"}}
            {"message":{"content":[{"type":"text","text":"agentId: ../b (use it)\nagentId: a2 (use it)"}]}}"#;
        let found = files_named_in(log, "log");
        for agent in ["a1", "a2"] {
            for folder in ["log/subagents/", "s0/subagents/", "s1/subagents/", ""] {
                assert!(found.contains(&format!("{folder}agent-{agent}.jsonl")), "{folder}{agent}");
            }
        }
        assert_eq!(found.len(), 8);
    }
}
