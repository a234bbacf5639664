//! Home folders that name somebody.
//!
//! In: a text. Out: where the paths of home folders stand in it, up to and with the name. The accounts of containers,
//! machines for hire and examples name nobody and are left out.

use super::{PlainRange, has};
use std::ops::Range;

const RULE: &str = "home-folder";

/// What home folders lie in, and what parts the names of a path there.
const ABOVE: [(&str, char); 5] =
    [("/home/", '/'), ("/Users/", '/'), ("\\Users\\", '\\'), ("\\\\Users\\\\", '\\'), ("-home-", '-')];

/// Where home folders stand.
pub fn find(text: &str) -> Vec<PlainRange> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (above, separator) in ABOVE {
        found.extend(text.match_indices(above).filter_map(|(at, _)| home(text, at, above.len(), separator)));
    }
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup_by(|next, before| next.start < before.end);
    found.into_iter().map(|range| PlainRange { rule: RULE, range }).collect()
}

/// The home folder whose path has `above` at this place.
fn home(text: &str, at: usize, above: usize, separator: char) -> Option<Range<usize>> {
    let start = start(&text[..at], separator)?;
    let rest = &text[at + above..];
    let is_name = |c: char| c.is_alphanumeric() || (c != separator && "._-".contains(c));
    let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    let name = rest[..length].trim_end_matches(['.', '-']);
    // As Claude Code writes the folder of a session, the name ends where another folder begins.
    let is_whole = separator != '-' || rest[name.len()..].starts_with('-');
    (is_somebodys(name) && is_whole).then(|| start..at + above + name.len())
}

/// Where the path begins: none if it is the end of a longer one, such as an address's.
fn start(before: &str, separator: char) -> Option<usize> {
    let of_windows = before.strip_suffix(':').and_then(drive);
    if let Some(outside) = of_windows {
        return Some(outside.len());
    }
    // A drive as shells on Windows have it: `/c/Users/…`.
    if let Some(outside) = drive(before).and_then(|outside| outside.strip_suffix('/')) {
        return Some(outside.strip_suffix("/mnt").unwrap_or(outside).len());
    }
    let goes_on = |c: char| c.is_alphanumeric() || "._-~*$}>)%".contains(c);
    let is_escape = ["\\n", "\\t", "\\r"].into_iter().any(|escape| before.ends_with(escape));
    let is_inside = before.ends_with(goes_on) && !is_escape;
    let is_of_windows = separator == '\\';
    (!is_inside && !is_of_windows).then_some(before.len())
}

/// What stands before the letter of a drive that a text ends with.
fn drive(end: &str) -> Option<&str> {
    let letter = end.chars().next_back().filter(char::is_ascii_alphabetic)?;
    let outside = &end[..end.len() - letter.len_utf8()];
    (!outside.ends_with(char::is_alphanumeric)).then_some(outside)
}

fn is_somebodys(name: &str) -> bool {
    let lower = name.to_lowercase();
    let plain = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '_');
    let is_file = lower.rsplit_once('.').is_some_and(|(_, ending)| has(FILE_ENDINGS, ending));
    let begins = name.chars().next().is_some_and(char::is_alphanumeric);
    let is_service = plain.contains("agent") || plain.ends_with("user") || plain.ends_with("bot");
    let is_nobody = is_service || has(NOBODY, plain) || has(NOBODY, &lower);
    begins && plain.chars().count() >= 2 && !is_file && !is_nobody
}

/// Endings by which a name is that of a file, as on a web site that has `/home/index.html`.
const FILE_ENDINGS: &str = "asp aspx conf css csv htm html js json jsx log md php py ts txt";

/// Names of accounts that come with a machine, a container or an example, and of pages below `/home/`.
const NOBODY: &str = "about admin administrator agent all anaconda app appuser assistant azureuser bin browser build \
    builder centos ci circleci claude cloudshell code coder codespace computeruse conda container contact data \
    debian default demo deploy dev developer devuser dir docker ec2-user ec fedora foo git gitpod guest hadoop \
    home image index jenkins johndoe jovyan judge kali kasm-user kaggle linuxbrew linux llm main me mnt model \
    mygit myuser name node nonroot oai openhands opc pages path pi postgres project public pwuser python python3 \
    root runner sandbox shared site someone student sweagent swe-agent test tester testuser travis ubuntu user \
    username vagrant vscode web www-data you your-name yourname";

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|PlainRange { range, .. }| &text[range]).collect()
    }

    #[test]
    fn a_home_folder_is_found_up_to_its_name() {
        for (text, path) in [
            ("cd /home/mlind/work", "/home/mlind"),
            ("HOME=/home/m.lind", "/home/m.lind"),
            ("file:///home/mlind/a.txt", "/home/mlind"),
            ("mlind@host:/Users/mlind$", "/Users/mlind"),
            ("C:\\Users\\MLind\\a.txt", "C:\\Users\\MLind"),
            ("\"C:\\\\Users\\\\MLind\\\\a.txt\"", "C:\\\\Users\\\\MLind"),
            ("C:/Users/MLind/a.txt", "C:/Users/MLind"),
            ("/mnt/c/Users/MLind/a.txt", "/mnt/c/Users/MLind"),
            ("a\\n/home/mlind/x", "/home/mlind"),
            ("~/.claude/projects/-home-mlind-work/a.jsonl", "-home-mlind"),
            ("/home/mlind.", "/home/mlind"),
        ] {
            assert_eq!(found(text), [path], "{text}");
        }
    }

    #[test]
    fn what_names_nobody_is_left_out() {
        for text in [
            "/home/ubuntu/x /home/user1/y /home/CaptainAgent/x /home/pwuser /home/runner/work /Users/Shared /root/x /home/",
            "https://site.test/home/mlind and /api/Users/mlind and ~/home/mlind",
            "GET /home/index.html",
            "/home/$USER /home/<name> /home/{user} /home/* /home/...",
            "take-home-pay stay-home-order",
            "the \\Users\\mlind of a registry",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
