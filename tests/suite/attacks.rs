//! Attacks on what is sealed: each alteration of a store is found by whoever looks, or by a witness that it names.

use crate::support::{Site, sha256};
use std::fs;

/// Who finds an alteration.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Witness {
    /// Every build, and `verify`.
    Build,
    /// `verify --strict` alone: nothing that is shown is touched, and a line put in is a second end, as of a branch.
    Verify,
    /// `verify --expect` with the digest that was noted last, and nobody else.
    Note,
    /// `verify --expect` with the digest noted before the last act already.
    EarlierNote,
    /// A signature alone: it follows from all that was noted, as a release by whoever may release does.
    Signature,
}
use Witness::{Build, EarlierNote, Note, Signature, Verify};

const LOG: &str = "content/releases/log";
const OLD: &str = "content/releases/check-run/1.0.0.yaml";
const NEW: &str = "content/releases/check-run/1.1.0.yaml";

/// An alteration: what is done, and who finds it.
type Attack = (&'static str, Witness, fn(&Site));

const ATTACKS: [Attack; 23] = [
    ("a byte of an object comes", Build, |site| {
        let path = object(site, OLD);
        site.write(&path, site.read(&path) + " ");
    }),
    ("an object goes", Build, |site| remove(site, &object(site, OLD))),
    ("an object comes", Verify, |site| {
        let digest = sha256("Nobody's.\n");
        site.write(&format!("content/releases/objects/{}/{}.md", &digest[..2], &digest[2..]), "Nobody's.\n");
    }),
    ("the older lock is edited", Build, |site| edit(site, OLD, "First", "Worst")),
    ("the newest lock is edited", Build, |site| edit(site, NEW, "More", "Less")),
    ("the older lock goes", Build, |site| remove(site, OLD)),
    ("the newest lock goes", Build, |site| remove(site, NEW)),
    ("a lock comes", Build, forge_lock),
    ("a lock comes with its line", Signature, |site| {
        forge_lock(site);
        let lock = sha256(&site.read("content/releases/check-run/1.2.0.yaml"));
        append(site, &format!("release check-run 1.2.0 {lock}"));
    }),
    ("the newest lock is edited, and its line with it", Note, |site| {
        let old = sha256(&site.read(NEW));
        edit(site, NEW, "More", "Less");
        edit(site, LOG, &old, &sha256(&site.read(NEW)));
    }),
    ("the newest lock is edited, and gets another line", Build, |site| {
        edit(site, NEW, "More", "Less");
        append(site, &format!("release check-run 1.1.0 {}", sha256(&site.read(NEW))));
    }),
    ("the newest lock is edited, undone and sealed again by lines", Signature, |site| {
        let undone = format!("undo check-run 1.1.0 {}", sha256(&site.read(NEW)));
        edit(site, NEW, "More", "Less");
        append(site, &undone);
        append(site, &format!("release check-run 1.1.0 {}", sha256(&site.read(NEW))));
    }),
    ("a line that is not the last is edited", Build, |site| {
        edit(site, LOG, "release check-run 1.0.0", "release check-run 1.0.2");
    }),
    ("the first line goes", Build, |site| write_lines(site, |lines| drop(lines.remove(0)))),
    ("the last line goes", Build, |site| write_lines(site, |lines| drop(lines.pop()))),
    ("the last line goes with its release", Note, without_the_last_release),
    ("lines change places", Build, |site| write_lines(site, |lines| lines.reverse())),
    ("a line stands twice", Build, |site| write_lines(site, |lines| lines.push(lines[0].clone()))),
    ("a line comes between", Verify, |site| {
        write_lines(site, |lines| {
            let line = format!("{} 2026-10-03T09:30:00Z retire check-run\n", sha256(&lines[0]));
            lines.insert(1, line);
        });
    }),
    ("the log is cut off within a line", Build, |site| {
        let log = site.read(LOG);
        site.write(LOG, &log[..log.len() - 20]);
    }),
    ("the log goes", EarlierNote, |site| remove(site, LOG)),
    ("all is made anew with another text", EarlierNote, |site| {
        edit(site, OLD, "First", "Worst");
        let (old, new) = (sha256(&site.read(OLD)), site.read(NEW));
        let (before, rest) = new.split_once("previous: ").unwrap();
        site.write(NEW, format!("{before}previous: {old}{}", &rest[64..]));
        let (zeros, new) = ("0".repeat(64), sha256(&site.read(NEW)));
        site.write(LOG, format!("{zeros} 2026-10-03T09:30:00Z adopt check-run 1.0.0 {old} check-run 1.1.0 {new}\n"));
    }),
    ("a journal says that a release is not there yet", Build, |site| {
        let journal = format!(r#"{{"log":"{}","before":{{"{NEW}":null}}}}"#, sha256(&site.read(LOG)));
        site.write("content/releases/.act", journal);
    }),
];

#[test]
fn every_alteration_of_a_store_is_found_by_its_witness() {
    let site = Site::sealed();
    let earlier = last_line(&site);
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task + "\nA rule more.\n");
    site.ok("release check-run --version 1.1.0 -m More --date 2026-10-02");
    let noted = last_line(&site);
    for line in ["verify --strict", &format!("verify --expect {earlier}"), &format!("verify --expect {noted}")] {
        site.ok(line);
    }
    let mut missed = Vec::new();
    for (what, witness, attack) in ATTACKS {
        let site = Site::empty().with(site.path());
        attack(&site);
        let finds = |line: &str| site.run(line).code == 1;
        let found = if finds("build --audience contractors") {
            assert!(finds("verify"), "{what}: a build finds it, and `verify` does not");
            Some(Build)
        } else if finds("verify --strict") {
            Some(Verify)
        } else if finds(&format!("verify --expect {earlier}")) {
            Some(EarlierNote)
        } else {
            finds(&format!("verify --expect {noted}")).then_some(Note)
        };
        // `signatures.rs` shows that forged releases have no good signature.
        if found.unwrap_or(Signature) != witness {
            missed.push(format!("{what}: found by {found:?}, and not by {witness:?}"));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

/// The object of the first file that a lock names.
fn object(site: &Site, lock: &str) -> String {
    let lock = site.read(lock);
    let digest = &lock.split_once("sha256: ").unwrap().1[..64];
    format!("content/releases/objects/{}/{}.md", &digest[..2], &digest[2..])
}

fn edit(site: &Site, path: &str, old: &str, new: &str) {
    let text = site.read(path);
    assert!(text.contains(old), "{path} holds no `{old}`");
    site.write(path, text.replacen(old, new, 1));
}

fn remove(site: &Site, path: &str) {
    fs::remove_file(site.path().join(path)).unwrap();
}

fn write_lines(site: &Site, change: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = site.read(LOG).split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    site.write(LOG, lines.concat());
}

/// Adds a line that follows from the last one.
fn append(site: &Site, act: &str) {
    let line = format!("{} 2026-10-03T09:30:00Z {act}\n", last_line(site));
    site.write(LOG, site.read(LOG) + &line);
}

/// A release of the same files that nobody sealed.
fn forge_lock(site: &Site) {
    let lock = site.read(NEW);
    let (before, rest) = lock.split_once("previous: ").unwrap();
    let forged = format!("{before}previous: {}{}", sha256(&lock), &rest[64..]);
    site.write("content/releases/check-run/1.2.0.yaml", forged.replace("version: 1.1.0", "version: 1.2.0"));
}

/// Takes the last release away with its line and the objects that it alone names.
fn without_the_last_release(site: &Site) {
    let lock = site.read(NEW);
    remove(site, NEW);
    let old = site.read(OLD);
    for path in site.files("content/releases/objects") {
        let digest = path.replace('/', "");
        if lock.contains(&digest[..64]) && !old.contains(&digest[..64]) {
            remove(site, &format!("content/releases/objects/{path}"));
        }
    }
    write_lines(site, |lines| drop(lines.pop()));
}

fn last_line(site: &Site) -> String {
    sha256(site.read(LOG).split_inclusive('\n').next_back().unwrap())
}

#[test]
fn a_text_that_was_exchanged_with_all_else_is_found_by_receipts() {
    let site = Site::sealed();
    site.ok("build --audience contractors");
    let page = site.read("public/contractors/tasks/check-run/index.html");
    let receipt = page.split_once("<code>1.0.0+").unwrap().1.split_once('<').unwrap().0.to_owned();
    let rows = format!("task,item,rater,criterion,value,version\ncheck-run,run-3,b-01,reached,no,1.0.0+{receipt}\n");
    site.write("content/ratings/week.csv", rows);
    assert!(!site.ok("check").stderr.contains("unknown-receipt"));
    fs::remove_dir_all(site.path().join("content/releases")).unwrap();
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task + "\nA rule more.\n");
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("verify --strict");
    let told = site.run("check").stderr;
    assert!(told.contains("content/ratings/week.csv:2: no text of that version has `1.0.0+"), "{told}");
}
