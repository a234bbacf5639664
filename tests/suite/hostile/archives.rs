//! Files that lie: too large, packed to burst, cut off, of another kind than their name says, or names that mean
//! something elsewhere. Each is read within bounds or is a finding, and nothing is written outside of the output.

use super::within;
use crate::support::Site;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);
const HEAD: &str = "task,item,rater,criterion,value\ncheck-run,run-3,b-01,reached,";

#[test]
fn a_file_that_is_too_large_is_a_finding() {
    let site = Site::base();
    // Files with holes: they take no room on the disk.
    let sized = |path: &str, size: u64| {
        site.write(path, "");
        File::options().write(true).open(site.path().join(path)).unwrap().set_len(size).unwrap();
    };
    sized("content/pages/large.md", 1 << 30);
    sized("content/cohorts/large.yaml", 3 << 20);
    sized("content/tasks/check-run/trajectories/run-1.json", 1 << 30);
    sized("content/pages/large.png", 1 << 40);
    let run = within(PATIENCE, &site, "check --json");
    assert_eq!(run.code, 1, "{}", run.stderr);
    for (path, limit) in
        [("large.md", "2 MiB"), ("large.yaml", "2 MiB"), ("run-1.json", "256 MiB"), ("large.png", "256 MiB")]
    {
        let found =
            run.stderr.lines().any(|line| line.contains(path) && line.contains("beyond-limit") && line.contains(limit));
        assert!(found, "{path}\n{}", run.stderr);
    }
}

#[test]
fn a_line_without_an_end_costs_itself_only() {
    let site = Site::base();
    let long = |path: &str, before: &str, after: &str| {
        let mut file = File::create(site.path().join("content/ratings").join(path)).unwrap();
        file.write_all(before.as_bytes()).unwrap();
        io::copy(&mut io::Read::take(io::repeat(b'x'), 40 << 20), &mut file).unwrap();
        file.write_all(after.as_bytes()).unwrap();
    };
    let row =
        "{\"task\":\"check-run\",\"item\":\"run-3\",\"rater\":\"b-01\",\"criterion\":\"reached\",\"value\":\"no\"}";
    long("a.csv", HEAD, "\n");
    long("b.jsonl", "{\"task\":\"", &format!("\"}}\n{row}\n"));
    let run = within(PATIENCE, &site, "check");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("a.csv:2") && run.stderr.contains("a row of more than 16 MiB"), "{}", run.stderr);
    assert!(run.stderr.contains("b.jsonl:1: a line of more than 16 MiB"), "{}", run.stderr);
}

#[test]
fn what_is_packed_to_burst_is_read_within_bounds() {
    let site = Site::base();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(HEAD.as_bytes()).unwrap();
    io::copy(&mut io::Read::take(io::repeat(b'x'), 100 << 20), &mut packed).unwrap();
    let bytes = packed.finish().unwrap();
    site.write("content/ratings/cut.csv.gz", &bytes[..bytes.len() / 2]);
    site.write("content/ratings/burst.csv.gz", bytes);
    site.write("content/ratings/no.csv.zst", "this is not Zstandard");
    let run = within(PATIENCE, &site, "check");
    // Of the last one nothing can be read at all.
    assert!(run.code == 1 && run.stderr.contains("error[unread-ratings]"), "{}", run.stderr);
    for file in ["burst.csv.gz", "cut.csv.gz", "no.csv.zst"] {
        assert!(run.stderr.contains(file), "{file}\n{}", run.stderr);
    }
}

#[test]
fn an_archive_that_lies_is_a_finding_and_writes_nothing_elsewhere() {
    let site = Site::base();
    let zip = |entries: &[(&str, u64)]| {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, size) in entries {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            io::copy(&mut io::Read::take(io::repeat(b'{'), *size), &mut writer).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let traversing =
        zip(&[("../../out.json", 2), ("/etc/out.json", 2), ("header.json", 2), ("samples/../../out_epoch_1.json", 2)]);
    site.write("cut.eval", &traversing[..traversing.len() / 2]);
    site.write("traversing.eval", traversing);
    site.write("bomb.eval", zip(&[("header.json", 300 << 20)]));
    site.write("deep.eval", zip(&[("header.json", 2), ("samples/1_epoch_1.json", 50 << 20)]));
    site.write("empty.eval", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for name in ["cut", "traversing", "bomb", "deep", "empty"] {
        let run = within(PATIENCE, &site, &format!("import trajectory {name}.eval"));
        assert_eq!(run.code, 1, "{name}: {}", run.stderr);
        assert!(run.stderr.contains("unreadable-trajectory"), "{name}: {}", run.stderr);
    }
    assert!(!site.has("out.json") && !site.has("../out.json") && !site.has("../../out.json"));
}

#[test]
fn what_is_no_file_is_never_waited_for() {
    let site = Site::sealed();
    let pipes = ["content/pages/pipe.md", "content/ratings/pipe.csv", "content/tasks/check-run/trajectories/pipe.json"];
    for pipe in pipes {
        assert!(Command::new("mkfifo").arg(site.path().join(pipe)).status().unwrap().success());
    }
    let run = within(PATIENCE, &site, "build");
    assert_eq!(run.code, 0, "{}", run.stderr);
    for pipe in pipes {
        assert!(run.stderr.contains(pipe), "{pipe}: {}", run.stderr);
    }
    for other in ["/dev/zero", "..", "goldbook.yaml", "/etc/passwd"] {
        fs::remove_file(site.path().join("goldbook.yaml")).unwrap();
        symlink(other, site.path().join("goldbook.yaml")).unwrap();
        let run = within(PATIENCE, &site, "check --root .");
        assert_eq!(run.code, 2, "{other}: {}", run.stderr);
    }
}

#[test]
fn links_that_lead_out_are_findings() {
    let site = Site::base();
    fs::create_dir_all(site.path().join("content/pages/deep")).unwrap();
    for (target, name) in [
        ("/etc/passwd", "passwd.md"),
        ("/dev/zero", "zero.md"),
        ("..", "up"),
        ("loop", "loop"),
        ("/", "deep/root"),
        ("../../goldbook.yaml", "settings.md"),
    ] {
        symlink(target, site.path().join("content/pages").join(name)).unwrap();
    }
    let run = within(PATIENCE, &site, "check --json");
    assert_eq!(run.code, 1);
    for name in ["passwd.md", "zero.md", "up", "loop", "deep/root", "settings.md"] {
        let path = format!("\"content/pages/{name}\"");
        assert!(
            run.stderr.lines().any(|line| line.contains("symbolic-link") && line.contains(&path)),
            "{name}\n{}",
            run.stderr
        );
    }
}

#[test]
fn folders_named_like_files_are_folders() {
    let site = Site::base();
    for folder in ["content/pages/a.md", "content/cohorts/c.yaml", "content/tasks/check-run/examples/d.md"] {
        site.write(&format!("{folder}/note.txt"), "text");
    }
    site.write("content/ratings/b.csv/README.md", "text");
    assert_eq!(within(PATIENCE, &site, "build").code, 0);
    fs::remove_file(site.path().join("content/tasks/check-run/task.md")).unwrap();
    site.write("content/tasks/check-run/task.md/task.md", "# A task in a folder\n");
    let run = within(PATIENCE, &site, "build");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("missing-file"), "{}", run.stderr);
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::base();
    for path in ["content/pages/welcome.md", "content/ratings/week.csv"] {
        fs::set_permissions(site.path().join(path), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let run = site.run_as_nobody("check");
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("content/pages/welcome.md") && run.stderr.contains("Permission denied"),
        "{}",
        run.stderr
    );
}

#[test]
fn names_that_mean_something_elsewhere_make_harmless_paths() {
    let site = Site::base();
    let names = [
        "CON",
        "nul",
        "Aux",
        "com1",
        "a:b",
        "q?",
        "<b>i",
        "back\\slash",
        "\"quoted",
        "%2e%2e%2f",
        "..%2f..",
        "=cmd",
        "trail. ",
        "\u{1b}[31m",
        "rtl\u{202e}",
        "zero\u{200b}",
        "line\nbreak",
        "-rf",
        "~",
        "$HOME",
        &"x".repeat(240),
    ];
    for name in names {
        site.write(&format!("content/pages/{name}.md"), "# Page\n\nText.\n");
    }
    let run = within(PATIENCE, &site, "build --audience contractors");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let pages: Vec<String> =
        site.files("public/contractors/pages").into_iter().filter(|path| path.ends_with("index.html")).collect();
    assert!(pages.len() > names.len(), "{pages:?}");
    for path in pages {
        let reserved = path.split('/').any(|part| ["con", "nul", "aux", "com1"].contains(&part));
        let plain = path.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'));
        assert!(plain && !reserved && !path.contains(".."), "{path}");
    }
}

#[test]
fn text_of_other_systems_is_read_or_named() {
    let site = Site::base();
    site.write("content/pages/windows.md", "\u{feff}---\r\ntitle: With a mark\r\n---\r\n\r\nText.\r\n");
    site.write("content/pages/mac.md", "# Old\r\rText.\r");
    site.write("content/ratings/windows.csv", format!("\u{feff}{}no\r\n", HEAD.replace('\n', "\r\n")));
    assert_eq!(within(PATIENCE, &site, "build").code, 0);
    site.write("content/pages/nul.md", "# Nul\n\nTe\0xt.\n");
    site.write("content/pages/latin.md", b"# Caf\xe9\n");
    site.write("content/pages/sixteen.md", b"\xff\xfe#\0 \0a\0");
    let run = within(PATIENCE, &site, "check");
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr.matches("invalid-utf8").count(), 3, "{}", run.stderr);
}

#[test]
fn a_few_thousand_files_are_no_burden() {
    let site = Site::base();
    for number in 0..1_000 {
        site.write(&format!("content/pages/{}/page-{number}.md", number / 250), "# Page\n\nText.\n");
    }
    let run = within(PATIENCE, &site, "build --audience contractors");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.has("public/contractors/pages/3/page-999/index.html"));
}
