//! What git knows of a folder.
//!
//! In: a folder. Out: the commit it stands at, as information. It asks the machine's `git`, and changes nothing; where
//! there is no git, or no repository, nothing is known.

use std::path::Path;
use std::process::{Command, Stdio};

/// The commit that the repository around `root` stands at; `-dirty` behind it if files below `root` differ from it, or
/// are not in it.
pub fn commit(root: &Path) -> Option<String> {
    let head = ask(root, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    let changed = ask(root, &["status", "--porcelain", "--untracked-files=normal", "--", "."])?;
    let dirty = if changed.is_empty() { "" } else { "-dirty" };
    Some(format!("{}{dirty}", head.trim()))
}

/// The branches of other repositories, as this one last saw them, that have a file; none where git can't be asked.
pub fn remotes_with(root: &Path, path: &Path) -> Option<Vec<String>> {
    let branches = ask(root, &["for-each-ref", "--format=%(refname:short)", "refs/remotes"])?;
    let has = |branch: &&str| ask(root, &["cat-file", "-e", &format!("{branch}:./{}", path.display())]).is_some();
    Some(branches.lines().filter(has).map(str::to_owned).collect())
}

/// What git answers; none where it can't be asked, or fails.
fn ask(root: &Path, words: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    // Neither the index nor a watching program of the repository is touched for a question.
    git.args(["--no-optional-locks", "-c", "core.fsmonitor=false"]).args(words);
    git.current_dir(root).stdin(Stdio::null()).stderr(Stdio::null());
    let answer = git.output().ok()?;
    answer.status.success().then(|| String::from_utf8(answer.stdout).ok()).flatten()
}
