//! Nothing fed to Goldbook can hurt it: machines that fail, files that lie, text that runs.

mod archives;
mod browser;
mod corpus;
mod faults;
mod machine;
mod site;
mod text;

use crate::support::{Run, Site, program};
use std::fs::File;
use std::time::{Duration, Instant};

/// Runs a command that must end by itself within `patience`; a hang fails the test and leaves no process.
fn within(patience: Duration, site: &Site, line: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let mut command = program();
    command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
    let mut process = site.prepare(command, line).spawn().unwrap();
    let deadline = Instant::now() + patience;
    let status = loop {
        match process.try_wait().unwrap() {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                process.kill().unwrap();
                process.wait().unwrap();
                panic!("goldbook {line}: not at its end after {patience:?}");
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let read = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    Run { stdout: read(&out), stderr: read(&err), code: status.code().unwrap_or(-1) }
}
