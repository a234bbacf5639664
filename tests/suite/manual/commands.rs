//! The page of commands is what `--help` prints.

use super::{hold, page};
use crate::support::Site;

/// What stands above the part that is made from `--help`.
const MARK: &str = "<!-- From here on: `goldbook help`, written by UPDATE=1. -->\n";

#[test]
fn the_page_of_commands_is_what_help_prints() {
    let text = page("commands");
    let (above, _) = text.split_once(MARK).expect("the mark in commands.md");
    let help: String = commands().iter().map(|command| section(command)).collect();
    hold("commands", &format!("{above}{MARK}{help}"));
}

/// Every command, those of `import` included.
fn commands() -> Vec<String> {
    let mut commands = Vec::new();
    for command in listed("--help") {
        let inner = listed(&format!("{command} --help")).into_iter().map(|inner| format!("{command} {inner}"));
        let inner: Vec<String> = inner.collect();
        commands.extend(if inner.is_empty() { vec![command] } else { inner });
    }
    commands
}

/// The commands that a help lists.
fn listed(line: &str) -> Vec<String> {
    let help = Site::empty().ok(line).stdout;
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn section(command: &str) -> String {
    let help = Site::empty().ok(&format!("{command} --help")).stdout;
    format!("\n## goldbook {command} {{#{}}}\n\n```text\n{}\n```\n", command.replace(' ', "-"), help.trim_end())
}
