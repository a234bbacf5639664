//! What is hidden stays hidden, what was given is no secret, and nothing else is taken for one.

use crate::support::{Site, tests};
use std::collections::BTreeSet;

const TASK: &str = "content/tasks/check-run/task.md";

/// A site whose task is sealed with a passage for the team.
fn with_a_passage() -> (Site, String) {
    let site = Site::base();
    let public = format!("{}\n> The trap is set in the second step, and nowhere else.\n", site.read(TASK));
    site.write(TASK, public.replace("> The trap", "> [!INTERNAL]\n> The trap"));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    (site, public)
}

#[test]
fn a_passage_may_be_made_public_where_it_stood_and_nowhere_else() {
    let (site, public) = with_a_passage();
    site.write("content/pages/b.md", "# B\n\nThe trap is set in the second step, and nowhere else.\n");
    assert!(site.run("check").stderr.contains("error[audience-leak]"));
    std::fs::remove_file(site.path().join("content/pages/b.md")).unwrap();
    site.write(TASK, &public);
    let release = site.run("release check-run --version 1.1.0 -m Public --date 2026-10-02");
    assert!(release.code == 0 && release.stderr.contains("note[no-longer-hidden]"), "{}", release.stderr);
    let build = site.run("build");
    assert!(build.code == 0 && !build.stderr.contains("hidden"), "{}", build.stderr);
}

#[test]
fn what_a_sealed_text_gave_is_named_when_it_is_hidden_again() {
    let (site, public) = with_a_passage();
    site.write(TASK, &public);
    site.ok("release check-run --version 1.1.0 -m Public --date 2026-10-02");
    site.write(TASK, public.replace("> The trap", "> [!INTERNAL]\n> The trap"));
    let worked = "content/tasks/check-run/examples/worked.md";
    site.write(worked, site.read(worked).replace("use: worked", "use: test"));
    for command in ["check", "release check-run --version 1.2.0 -m Hidden --date 2026-10-03", "build"] {
        let run = site.run(command);
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
        for given in ["a passage for another audience: “The trap", "“The last command fails.”"] {
            assert!(run.stderr.contains("note[already-given]") && run.stderr.contains(given), "{}", run.stderr);
        }
    }
}

#[test]
fn ids_are_found_in_descriptions_of_pictures_and_not_in_their_bytes() {
    let site = Site::sealed();
    site.write("content/pages/a.md", "# A\n\n![shot](shot.png)\n");
    let png = |kind: &[u8], chunk: &[u8]| {
        let length = u32::try_from(chunk.len()).unwrap().to_be_bytes();
        [b"\x89PNG\r\n\x1a\n", &length[..], kind, chunk, b"\0\0\0\0"].concat()
    };
    site.write("content/pages/shot.png", png(b"IDAT", b"\0 b-02 \0"));
    site.ok("check --strict");
    site.write("content/pages/shot.png", png(b"tEXt", b"Author\0by b-02"));
    assert!(site.run("check").stderr.contains("a rater's id: “b-02”"));
    site.write("content/pages/shot.png", png(b"IDAT", b"\0\0The tested server never listens on its port.\0"));
    assert!(site.run("check").stderr.contains("a reason of test or held-out gold"));
}

/// The sample programme has some 200 hidden texts, and 1,000 runs of agents' words beside them.
#[test]
fn nothing_of_the_sample_programme_is_taken_for_a_leak() {
    let site = Site::empty().with_folder("content", &tests().join("../content"));
    site.write("goldbook.yaml", std::fs::read_to_string(tests().join("../goldbook.yaml")).unwrap());
    let check = site.run("check --strict");
    assert_eq!((check.code, check.stderr.as_str()), (0, ""));
    site.write("content/pages/a.md", "# A\n\nAll four requirements are shown after the reboot.\n");
    assert!(site.run("check").stderr.contains("a reason of gold.csv"));
}

#[test]
fn canaries_differ_by_audience_and_folder_and_are_recorded() {
    let site = Site::sealed();
    let canary = |page: &str| {
        let page = site.read(page);
        page.split("goldbook-canary-").nth(1).map(|rest| format!("goldbook-canary-{}", &rest[..24])).unwrap()
    };
    site.ok("build");
    site.ok("build --out for-atlas --audience contractors");
    let found: Vec<(String, &str)> = ["public/contractors", "public/internal", "for-atlas/contractors"]
        .map(|folder| (canary(&format!("{folder}/tasks/check-run/index.html")), folder))
        .into();
    assert_eq!(found.iter().map(|(canary, _)| canary).collect::<BTreeSet<_>>().len(), 3);
    let record = site.read("canaries.csv");
    for (canary, folder) in &found {
        let (folder, audience) = folder.split_once('/').unwrap();
        assert!(record.lines().any(|line| line == format!("{canary},{audience},{folder}")), "{record}");
    }
    assert_eq!(record.lines().count(), 1 + 4);
    site.ok("build");
    assert_eq!(site.read("canaries.csv"), record);
    let copied = &found[1].0;
    site.write("content/pages/a.md", format!("# A\n\n{copied}\n"));
    assert!(site.run("build").stderr.contains("the canary of another audience"));
}
