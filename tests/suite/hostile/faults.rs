//! Faults of the machine, at one chosen call: a kill, or a full disk.
//!
//! In: a site, and what a user types. Out: what came of it. `faults.c` is compiled with `cc` once a run; where there
//! is none, or the system knows no seccomp notifications, it says that it is left out.

use crate::support::{Run, Site, tests};
use std::process::Command;
use std::sync::OnceLock;

/// What happens at the chosen call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The process is gone, and the call did not happen.
    Kill,
    /// From this call on there is no room left on the disk.
    Full,
}

/// The program that makes faults.
pub struct Faults {
    folder: tempfile::TempDir,
}

impl Faults {
    /// The program, if this machine can run it.
    pub fn ready() -> Option<&'static Self> {
        static READY: OnceLock<Result<Faults, String>> = OnceLock::new();
        match READY.get_or_init(Self::compile) {
            Ok(faults) => Some(faults),
            Err(why) => {
                eprintln!("left out: {why}");
                None
            }
        }
    }

    fn compile() -> Result<Self, String> {
        let faults = Self { folder: tempfile::tempdir().unwrap() };
        let source = tests().join("suite/hostile/faults.c");
        let compiled = Command::new("cc").arg("-o").arg(faults.folder.path().join("faults")).arg(source).output();
        let compiled = compiled.map_err(|error| format!("cc does not start: {error}"))?;
        if !compiled.status.success() {
            return Err(format!("faults.c is not for this system: {}", String::from_utf8_lossy(&compiled.stderr)));
        }
        let tried = faults.command("count", 1).output().map_err(|error| error.to_string())?;
        if tried.status.code() == Some(125) {
            return Err(String::from_utf8_lossy(&tried.stderr).into_owned());
        }
        Ok(faults)
    }

    fn command(&self, mode: &str, at: usize) -> Command {
        let mut command = Command::new(self.folder.path().join("faults"));
        command.args([mode, &at.to_string(), env!("CARGO_BIN_EXE_goldbook")]);
        // One thread, so that the same call is meant every time.
        command.env("RAYON_NUM_THREADS", "1");
        command
    }

    /// How many calls of a command change the file system.
    pub fn count(&self, site: &Site, line: &str) -> usize {
        let run = site.finish(self.command("count", 1), line);
        assert_eq!(run.code, 0, "{line}\n{}{}", run.stdout, run.stderr);
        run.stdout.lines().last().unwrap().parse().unwrap()
    }

    /// Runs a command with a fault at one call.
    pub fn run(&self, site: &Site, line: &str, fault: Fault, at: usize) -> Run {
        let mode = if fault == Fault::Kill { "kill" } else { "full" };
        site.finish(self.command(mode, at), line)
    }
}
