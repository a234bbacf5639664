//! Output: what a build leaves in a folder that others use too, and where it does not write at all.

use crate::support::Site;

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
