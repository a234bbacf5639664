//! Output: what a build leaves in a folder that others use too, and where it does not write at all.

use crate::support::Site;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

const OUT: &str = "public/contractors";

#[test]
fn what_no_build_wrote_stays_as_it_is() {
    let site = Site::sealed();
    site.write("content/pages/folder/page.md", "# A page\n");
    site.ok("build");
    let place = |path: &str| site.path().join(OUT).join(path);
    site.write("public/contractors/.git/HEAD", "ref: refs/heads/pages\n");
    site.write("public/contractors/.git/hooks/run", "#!/bin/sh\n");
    fs::set_permissions(place(".git/hooks/run"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(place(".git/refs/tags")).unwrap();
    site.write("public/contractors/pages/folder/notes.txt", "Somebody's own\n");
    symlink("nowhere", place("link")).unwrap();
    let stands = |told: &str| {
        assert_eq!(site.read("public/contractors/.git/HEAD"), "ref: refs/heads/pages\n", "{told}");
        assert_eq!(place(".git/hooks/run").metadata().unwrap().permissions().mode() & 0o777, 0o755, "{told}");
        assert!(place(".git/refs/tags").is_dir(), "{told}");
        assert_eq!(fs::read_link(place("link")).unwrap().to_str(), Some("nowhere"), "{told}");
        assert_eq!(site.read("public/contractors/pages/folder/notes.txt"), "Somebody's own\n", "{told}");
        let named = "holds what no build wrote: `.git`, `link`, `pages/folder/notes.txt`; it is kept";
        assert_eq!(told.matches("foreign-file").count(), 1, "{told}");
        assert!(told.contains(named), "{told}");
    };
    // The folder is exchanged, is left alone, and loses the page beside the notes.
    site.write("content/pages/more.md", "# More\n");
    stands(&site.ok("build").stderr);
    stands(&site.ok("build").stderr);
    std::thread::sleep(Duration::from_millis(80));
    let warm = site.ok("build --timings").stderr;
    assert!(!warm.contains("Reading the site"), "{warm}");
    stands(&warm);
    fs::remove_dir_all(site.path().join("content/pages/folder")).unwrap();
    stands(&site.ok("build --audit").stderr);
    assert!(!place("pages/folder/page/index.html").exists() && place("pages/more/index.html").exists());
    // What goes is not spoken of any more.
    for (path, is_folder) in [(".git", true), ("link", false), ("pages/folder", true)] {
        if is_folder { fs::remove_dir_all(place(path)) } else { fs::remove_file(place(path)) }.unwrap();
    }
    let told = site.ok("build").stderr;
    assert!(!told.contains("foreign-file"), "{told}");
}

#[test]
fn a_new_page_never_takes_the_place_of_what_no_build_wrote() {
    let site = Site::sealed();
    site.ok("build");
    for foreign in ["pages/more/index.html", "pages/more"] {
        site.write(&format!("{OUT}/{foreign}"), "Somebody's own\n");
        site.write("content/pages/more.md", "# More\n");
        let run = site.run("build");
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains("pages/more/index.html") && run.stderr.contains("move it out"), "{}", run.stderr);
        assert_eq!(site.read(&format!("{OUT}/{foreign}")), "Somebody's own\n");
        fs::remove_file(site.path().join(OUT).join(foreign)).unwrap();
        let _ = fs::remove_dir(site.path().join(OUT).join("pages/more"));
        fs::remove_file(site.path().join("content/pages/more.md")).unwrap();
        site.ok("build");
    }
}

#[test]
fn nothing_is_written_through_a_link() {
    let site = Site::sealed();
    for (link, out) in [("public", ""), ("elsewhere/contractors", "--out elsewhere")] {
        fs::create_dir_all(site.path().join("real")).unwrap();
        fs::create_dir_all(site.path().join("elsewhere")).unwrap();
        symlink(site.path().join("real"), site.path().join(link)).unwrap();
        let run = site.run(&format!("build {out}"));
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains("is a symbolic link"), "{}", run.stderr);
        assert!(site.path().join(link).is_symlink() && site.files("real").is_empty());
    }
    site.ok("build --out real");
}

#[test]
fn a_link_into_a_folder_of_sources_leads_to_the_same_refusal() {
    let site = Site::sealed();
    symlink(site.path().join("content"), site.path().join("innocent")).unwrap();
    let run = site.run("build --out innocent/pages");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("the site's own content"), "{}", run.stderr);
}

#[test]
fn verify_finds_each_file_of_the_output_that_changed() {
    let site = Site::sealed();
    site.ok("build");
    let whole = site.ok("verify").stdout;
    assert!(whole.contains("the output is as it was built: 3 folders, "), "{whole}");
    let page = site.read("public/internal/index.html");
    site.write("public/internal/index.html", page.replace("Test", "Tost"));
    fs::remove_file(site.path().join("public/leads/404.html")).unwrap();
    let run = site.run("verify");
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr.matches("changed-output").count(), 2, "{}", run.stderr);
    for found in [
        "public/internal/index.html",
        "this file is not what a build wrote",
        "public/leads/404.html",
        "nothing is left",
    ] {
        assert!(run.stderr.contains(found), "{found}: {}", run.stderr);
    }
    site.ok("build");
    assert_eq!(site.ok("verify").stdout, whole);
}

#[test]
fn init_keeps_the_output_out_of_commits() {
    let lines = |old: Option<&str>| {
        let site = Site::empty();
        if let Some(old) = old {
            site.write(".gitignore", old);
        }
        let told = site.ok("init").stdout;
        (site.read(".gitignore"), told.contains(".gitignore"))
    };
    let both = "/public/\n/.goldbook/\n";
    assert_eq!(lines(None), (both.to_owned(), false));
    assert_eq!(lines(Some("")), (both.to_owned(), false));
    assert_eq!(lines(Some("target/")), (format!("target/\n{both}"), true));
    assert_eq!(lines(Some("# public\r\n")), (format!("# public\r\n{both}"), true));
    assert_eq!(lines(Some("public\n*.log\n")), ("public\n*.log\n/.goldbook/\n".to_owned(), true));
    assert_eq!(lines(Some("/.goldbook\n /public/ \n")), ("/.goldbook\n /public/ \n".to_owned(), false));
}
