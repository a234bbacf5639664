//! Signed releases, with the `ssh-keygen` of this machine; where there is none, it says that it is left out.

use crate::support::{Run, Site, program};
use std::fs;
use std::process::Command;

const LOCK: &str = "content/releases/check-run/1.0.0.yaml";
const SIGNATURE: &str = "content/releases/check-run/1.0.0.yaml.sig";
const RELEASE: &str = "release check-run --version 1.0.0 -m First --date 2026-10-01";

/// The base's site with two keys beside it, `ann` and `bob`, and a list that names Ann.
fn with_keys() -> Option<Site> {
    let site = Site::base();
    for name in ["ann", "bob"] {
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name]).current_dir(site.path());
        let Ok(made) = command.status() else {
            eprintln!("left out: ssh-keygen is not here");
            return None;
        };
        assert!(made.success());
    }
    let list = format!("ann@example.org namespaces=\"goldbook-release\" {}", site.read("ann.pub"));
    site.write("allowed", list);
    Some(site)
}

fn without_ssh_keygen(site: &Site, line: &str) -> Run {
    let mut command = program();
    command.env("PATH", "");
    site.finish(command, line)
}

#[test]
fn who_signed_is_told_by_a_list_that_is_kept_elsewhere() {
    let Some(site) = with_keys() else { return };
    site.ok(&format!("{RELEASE} --sign ann"));
    let verified = site.ok("verify --strict --signers allowed --require-signature").stdout;
    assert!(verified.contains(", signed by ann@example.org\n"), "{verified}");
    let verified = site.ok("verify --strict").stdout;
    assert!(verified.contains(", signed with the key SHA256:"), "nobody was asked whose it is: {verified}");
    // Anybody can check it without Goldbook.
    let line = format!("-Y verify -n goldbook-release -I ann@example.org -f allowed -s {SIGNATURE}");
    let mut plain = Command::new("ssh-keygen");
    plain.stdin(fs::File::open(site.path().join(LOCK)).unwrap());
    assert_eq!(site.finish(plain, &line).code, 0);
    site.ok("build");
}

#[test]
fn a_signature_of_somebody_else_or_something_else_is_not_good() {
    let Some(site) = with_keys() else { return };
    site.ok(&format!("{RELEASE} --sign bob"));
    let told = site.run("verify --signers allowed");
    assert!(told.code == 1 && told.stderr.contains("signed by nobody whom allowed lets sign"), "{}", told.stderr);
    // A good signature for another purpose, in its place in a store whose log is gone.
    fs::remove_file(site.path().join("content/releases/log")).unwrap();
    fs::remove_file(site.path().join(SIGNATURE)).unwrap();
    let other = site.finish(Command::new("ssh-keygen"), &format!("-q -Y sign -n file -f ann {LOCK}"));
    assert_eq!(other.code, 0, "{}", other.stderr);
    for line in ["verify", "verify --signers allowed"] {
        let told = site.run(line);
        assert!(told.code == 1 && told.stderr.contains("bad-signature"), "{}", told.stderr);
    }
    site.write(SIGNATURE, "no signature\n");
    assert_eq!(site.run("verify").code, 1);
}

#[test]
fn a_signature_that_goes_or_changes_is_found_by_the_log() {
    let Some(site) = with_keys() else { return };
    site.ok(&format!("{RELEASE} --sign ann"));
    let signature = site.read(SIGNATURE);
    site.write(SIGNATURE, signature.replace("-----END", "\n-----END"));
    let told = site.run("verify");
    assert!(told.code == 1 && told.stderr.contains("this signature has changed"), "{}", told.stderr);
    fs::remove_file(site.path().join(SIGNATURE)).unwrap();
    let told = site.run("verify");
    assert!(told.code == 1 && told.stderr.contains("and the signature is not there"), "{}", told.stderr);
    let told = site.run("verify --signers allowed --require-signature");
    assert!(told.code == 1 && told.stderr.contains("this release is not signed"), "{}", told.stderr);
}

#[test]
fn without_ssh_keygen_nothing_is_good() {
    let Some(site) = with_keys() else { return };
    let told = without_ssh_keygen(&site, &format!("{RELEASE} --sign ann"));
    assert!(told.code == 1 && told.stderr.contains("`ssh-keygen` does not start"), "{}", told.stderr);
    assert!(!site.has(LOCK), "nothing is sealed");
    site.ok(&format!("{RELEASE} --sign ann"));
    let told = without_ssh_keygen(&site, "verify");
    assert!(told.code == 0 && told.stderr.contains("warning[unchecked-signature]: not checked"), "{}", told.stderr);
    assert!(told.stdout.contains(", signature not checked\n"), "{}", told.stdout);
    let told = without_ssh_keygen(&site, "verify --signers allowed --require-signature");
    assert!(told.code == 1 && told.stderr.contains("error[bad-signature]: not checked"), "{}", told.stderr);
}

#[test]
fn where_releases_must_be_signed_none_is_sealed_without() {
    let Some(site) = with_keys() else { return };
    let settings = site.read("goldbook.yaml");
    site.write("goldbook.yaml", format!("{settings}signing: required\n"));
    let told = site.run(RELEASE);
    assert!(told.code == 1 && told.stderr.contains("this release must be signed"), "{}", told.stderr);
    site.ok(&format!("{RELEASE} --sign ann"));
    let log = site.read("content/releases/log");
    assert!(log.lines().next().unwrap().ends_with(" signers none required"), "{log}");
    site.ok("verify --strict");
    // The setting and the list are part of the site: the log tells that they changed, and when.
    site.write("goldbook.yaml", &settings);
    let told = site.ok("verify");
    assert!(told.stderr.contains("warning[changed-signers]"), "{}", told.stderr);
    site.write("content/releases/signers", site.read("allowed"));
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task + "\nA rule more.\n");
    site.ok("release check-run --version 1.1.0 -m More");
    assert!(site.read("content/releases/log").lines().nth(2).unwrap().ends_with(" optional"));
    let verified = site.ok("verify --strict").stdout;
    assert!(verified.contains(", signed by ann@example.org\n"), "{verified}");
}

#[test]
fn a_forged_release_that_fits_the_log_has_no_good_signature() {
    let Some(site) = with_keys() else { return };
    site.ok(&format!("{RELEASE} --sign ann"));
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task + "\nA rule of somebody else.\n");
    for signed in ["", " --sign bob"] {
        let forged = Site::empty().with(site.path());
        forged.ok(&format!("release check-run --version 1.1.0 -m Forged{signed}"));
        forged.ok("verify --strict");
        let told = forged.run("verify --signers allowed --require-signature");
        assert!(told.code == 1 && told.stderr.contains("bad-signature"), "{}", told.stderr);
    }
}
