//! Signatures of locks: OpenSSH's, made and checked by `ssh-keygen`, as git does it.
//!
//! In: the bytes of a lock, and a key or a signature with a list of signers. Out: the signature, or who signed. Where
//! `ssh-keygen` does not run, nothing is said to be good.

use crate::diagnostic::{Diagnostics, Fault, Place, rules};
use crate::source::{Source, Sources};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a signature is for, so that one made for something else is none of a release.
const NAMESPACE: &str = "goldbook-release";
const PROGRAM: &str = "ssh-keygen";

/// Where a repository keeps who may sign, in git's form. It is a convenience: who can edit a lock can edit it too.
pub const SIGNERS: &str = "content/releases/signers";

/// Where the signature of a lock lies, beside it: what `ssh-keygen` makes of the lock's file by itself.
pub fn signature_path(lock: &str) -> String {
    format!("{lock}.sig")
}

/// What is known of a lock's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// There is none.
    Missing,
    /// Good, by somebody whom a list of signers names.
    Good {
        /// Who.
        signer: String,
    },
    /// Good, by a key that nobody was asked about, since there is no list of signers.
    Unlisted {
        /// The key's fingerprint.
        key: String,
    },
    /// It could not be checked; the findings say why.
    NotChecked,
    /// It is wrong; the findings say why.
    Bad,
}

/// Whom signatures are checked against.
pub struct Signers<'a> {
    /// The list, on this machine; none where there is none.
    pub list: Option<&'a Path>,
    /// Whether a release without a good signature is an error.
    pub required: bool,
}

/// Signs the bytes of a lock. Whatever the key asks for (a passphrase, a touch) it asks at the terminal.
pub fn sign(key: &Path, lock: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut command = Command::new(PROGRAM);
    command.args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).stderr(Stdio::inherit());
    let said = run(command, lock)
        .map_err(|error| Fault::whole(format!("`{PROGRAM}` does not start: {error}")).help("it is part of OpenSSH"))?;
    if said.status.success() && !said.stdout.is_empty() {
        return Ok(said.stdout);
    }
    let help =
        "`--sign` takes what `ssh-keygen -Y sign -f` takes: a private key, or the public key of one in the agent";
    Err(Fault::whole(format!("`{PROGRAM}` did not sign with {}", key.display())).help(help))
}

/// Checks the signature of one lock.
pub fn check(
    lock: &Source,
    time: Timestamp,
    sources: &Sources,
    root: &Path,
    signers: &Signers<'_>,
    diagnostics: &mut Diagnostics,
) -> SignatureState {
    let path = signature_path(&lock.path);
    if sources.find(&path).is_none() {
        if signers.required {
            diagnostics
                .add(rules::BAD_SIGNATURE, Place::file(&*lock.path), "this release is not signed")
                .help(format!("who vouches for it: `ssh-keygen -Y sign -n {NAMESPACE} -f KEY {}`", lock.path));
        }
        return SignatureState::Missing;
    }
    let signature = SignatureFile { place: root.join(&path), lock: lock.bytes(), time };
    let checked = match signers.list {
        Some(list) => signature.signer(list).map(|signer| SignatureState::Good { signer }),
        None => signature.key().map(|key| SignatureState::Unlisted { key }),
    };
    checked.unwrap_or_else(|problem| {
        let (rule, message, state) = match problem {
            Problem::NotRun(error) => {
                let rule = if signers.required { rules::BAD_SIGNATURE } else { rules::UNCHECKED_SIGNATURE };
                (rule, format!("not checked: `{PROGRAM}` does not start: {error}"), SignatureState::NotChecked)
            }
            Problem::Wrong(said) => (rules::BAD_SIGNATURE, said, SignatureState::Bad),
        };
        diagnostics.add(rule, Place::file(path), message).related(Place::file(&*lock.path), "the lock");
        state
    })
}

/// Why nothing good is known of a signature.
enum Problem {
    /// The program does not run here.
    NotRun(io::Error),
    /// What it found.
    Wrong(String),
}

struct SignatureFile<'a> {
    place: PathBuf,
    lock: &'a [u8],
    /// When the key must have been valid.
    time: Timestamp,
}

impl SignatureFile<'_> {
    /// Who signed, by a list of signers.
    fn signer(&self, list: &Path) -> Result<String, Problem> {
        // Older versions of the program read the time of this machine's zone only.
        let local = TimeZone::system().to_datetime(self.time);
        let time = format!("verify-time={}", local.strftime("%Y%m%d%H%M%S"));
        let words = ["-O".as_ref(), time.as_ref(), "-f".as_ref(), list.as_os_str()];
        let unknown = |said| Problem::Wrong(format!("signed by nobody whom {} lets sign: {said}", list.display()));
        let found = self.run("find-principals", &words)?.map_err(unknown)?;
        let signer = found.lines().next().unwrap_or_default().trim().to_owned();
        let named = [&words[..], &["-I".as_ref(), signer.as_ref()]].concat();
        let wrong = |said| Problem::Wrong(format!("this is no signature of the lock by {signer}: {said}"));
        self.run("verify", &named)?.map_err(wrong)?;
        Ok(signer)
    }

    /// The key that signed, whoever's it is.
    fn key(&self) -> Result<String, Problem> {
        let wrong = |said| Problem::Wrong(format!("this is no signature of the lock: {said}"));
        let said = self.run("check-novalidate", &[])?.map_err(wrong)?;
        Ok(said.split_whitespace().next_back().unwrap_or_default().to_owned())
    }

    /// What the program says of the lock and its signature, if it is good; else why not.
    fn run(&self, what: &str, words: &[&OsStr]) -> Result<Result<String, String>, Problem> {
        let mut command = Command::new(PROGRAM);
        command.args(["-Y", what, "-n", NAMESPACE, "-s"]).arg(&self.place).args(words).stderr(Stdio::piped());
        let said = run(command, self.lock).map_err(Problem::NotRun)?;
        let text = |bytes: &[u8]| crate::text::line(String::from_utf8_lossy(bytes).trim()).into_owned();
        Ok(if said.status.success() {
            Ok(text(&said.stdout))
        } else {
            Err(text(&[&*said.stderr, &said.stdout].concat()))
        })
    }
}

/// Runs a program on some bytes.
fn run(mut command: Command, bytes: &[u8]) -> io::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    // A program that does not read them all says why in its own words.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(bytes));
    child.wait_with_output()
}
