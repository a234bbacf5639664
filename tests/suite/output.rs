//! Output: what a build leaves in a folder that others use too, and where it does not write at all.

use crate::support::Site;
use std::fs;
use std::os::unix::fs::symlink;

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
