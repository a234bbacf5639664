//! What a build promises, whatever the site: sealed text only, nothing half-written, the same bytes twice.

use crate::support::{Site, tests};

#[test]
fn contractors_get_sealed_text_only() {
    let site = Site::sealed();
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", task.replace("to its end", "to its unsealed end"));
    site.ok("build");
    assert!(!site.read("public/contractors/tasks/check-run/index.html").contains("unsealed"));
    assert!(!site.has("public/contractors/tasks/check-run/next"));
    assert!(site.read("public/internal/tasks/check-run/next/index.html").contains("unsealed"));
    site.ok("release check-run --version 1.0.1 -m Wording --class editorial --because wording --date 2026-10-02");
    site.ok("build");
    assert!(site.read("public/contractors/tasks/check-run/index.html").contains("unsealed"));
    assert!(!site.read("public/contractors/tasks/check-run/v/1.0.0/index.html").contains("unsealed"));
}

#[test]
fn an_unsealed_task_is_not_shown_to_contractors() {
    let site = Site::base();
    site.ok("build");
    assert!(!site.has("public/contractors/tasks"));
    assert!(site.has("public/internal/tasks/check-run/next/index.html"));
}

#[test]
fn each_audience_gets_what_it_may_see() {
    let site = Site::sealed();
    site.ok("build");
    let all = |audience: &str| {
        let files = site.files(&format!("public/{audience}"));
        files
            .iter()
            .map(|path| format!("{path}\n{}", site.read(&format!("public/{audience}/{path}"))))
            .collect::<String>()
    };
    let (contractors, internal) = (all("contractors"), all("internal"));
    for secret in [
        "budget for this quarter",
        "tested server never",
        "invents an answer",
        "kept server answers",
        "purple elephant",
        "examples/kept",
        "b-01",
        "Blue team",
        "Everything that was asked",
    ] {
        assert!(!contractors.contains(secret), "contractors got {secret}");
    }
    for shown in ["The error is passed over.", "never started in practice", "A test example"] {
        assert!(contractors.contains(shown), "contractors miss {shown}");
    }
    for shown in ["budget for this quarter", "tested server never", "purple elephant", "goldbook-canary"] {
        assert!(internal.contains(shown), "the team misses {shown}");
    }
    assert!(!internal.contains("b-01"));
}

/// The page and its frame are those of a site of pages; what surrounds the text speaks of no task and no version.
#[test]
fn a_site_without_tasks_opens_on_its_pages() {
    let site = Site::empty().with(&tests().join("cases/build/pages-only/site"));
    let first = |site: &Site| {
        site.ok("build --strict");
        site.read("public/readers/index.html")
    };
    let handbook = first(&site);
    assert!(
        handbook.contains("<h1 id=\"the-handbook\">The handbook</h1>")
            && handbook.contains("href=\"pages/guide/one/index.html\"")
    );
    for path in site.files("public/readers").iter().filter(|path| path.ends_with(".html")) {
        let page = site.read(&format!("public/readers/{path}")).to_lowercase();
        for word in ["task", "version", "sealed", "release", "live page"] {
            assert!(!page.contains(word), "{path} says {word}");
        }
    }
    std::fs::remove_file(site.path().join("content/pages/index.md")).unwrap();
    assert!(first(&site).contains("<h1>One</h1>"), "the first page, in a folder");
    site.write("content/pages/b.md", "# Without a place\n");
    site.write("content/pages/z.md", "---\norder: 1\n---\n# First by order\n");
    assert!(first(&site).contains("<h1 id=\"first-by-order\">First by order</h1>"));
    site.write("goldbook.yaml", site.read("goldbook.yaml").replace("readers: []", "readers: [], team: [readers]"));
    std::fs::remove_dir_all(site.path().join("content/pages/guide")).unwrap();
    for page in ["b", "z"] {
        site.write(&format!("content/pages/{page}.md"), "---\naudience: team\n---\n# For the team\n");
    }
    let nothing = first(&site);
    assert!(nothing.contains("Nothing has been published for you yet.") && !nothing.contains(">Tasks<"), "{nothing}");
}

#[test]
fn a_site_whose_tasks_are_not_sealed_yet_opens_on_them() {
    let site = Site::base();
    site.ok("build");
    assert!(site.read("public/contractors/index.html").contains("No task has been published for you yet."));
}

#[test]
fn a_theme_has_templates_of_its_own() {
    let site = Site::sealed().with(&tests().join("cases/build/theme-of-its-own/site"));
    site.ok("build");
    let page = site.read("public/contractors/pages/welcome/index.html");
    assert!(page.contains("A note of ours.") && page.contains("<p class=\"lead\">Welcome</p>"), "{page}");
}

#[test]
fn a_practice_example_folds_its_gold() {
    let site = Site::sealed();
    site.ok("build");
    let page = site.read("public/contractors/tasks/check-run/practice/practice/index.html");
    let folded = page.split("<details class=\"reveal\">").nth(1).unwrap();
    assert!(folded.contains("never started in practice"));
    assert!(!page.split("<details class=\"reveal\">").next().unwrap().contains("never started in practice"));
}

/// The pages of a task as the links at their feet lead on, from its first.
fn walked(site: &Site, task: &str) -> Vec<String> {
    let mut here = format!("{task}index.html");
    let mut walked = Vec::new();
    loop {
        let html = site.read(&here);
        assert_eq!(html.contains("<a rel=\"prev\""), !walked.is_empty(), "{here}");
        walked.push(here.strip_prefix(task).unwrap().trim_end_matches(".html").to_owned());
        let Some((_, next)) = html.split_once("<a rel=\"next\" href=\"") else { return walked };
        let url = next.split('"').next().unwrap();
        let up = url.matches("../").count();
        let above: Vec<&str> = here.split('/').collect();
        here = format!("{}/{}", above[..above.len() - 1 - up].join("/"), url.trim_start_matches("../"));
    }
}

#[test]
fn a_reader_is_led_through_a_task_page_by_page() {
    let site = Site::sealed();
    site.ok("build");
    let contractors =
        ["index", "rubric/index", "examples/worked/index", "practice/practice/index", "test/tested/index"];
    assert_eq!(walked(&site, "public/contractors/tasks/check-run/"), contractors);
    let team = walked(&site, "public/internal/tasks/check-run/next/");
    assert_eq!(team.last().map(String::as_str), Some("examples/kept/index"));
}

#[test]
fn examples_of_a_use_come_in_their_order_then_by_name() {
    let site = Site::base();
    let example = |name: &str, front: &str| {
        let text = format!("---\ntitle: {name}\nitem: {name}\nuse: worked\n{front}---\n\nLook.\n");
        site.write(&format!("content/tasks/check-run/examples/{name}.md"), text);
    };
    example("a-last", "");
    example("z-first", "order: 1\n");
    example("y-second", "order: 2\n");
    site.ok("build");
    let next = "public/internal/tasks/check-run/next/";
    let pages = walked(&site, next);
    let names: Vec<&str> =
        pages.iter().filter_map(|page| page.strip_prefix("examples/")?.strip_suffix("/index")).collect();
    assert_eq!(names, ["z-first", "y-second", "a-last", "worked", "kept"]);
    let list = site.read(&format!("{next}examples/index.html"));
    let at = ["z-first", "y-second", "a-last"].map(|name| list.find(&format!(">{name}</a>")).unwrap());
    assert!(at.is_sorted(), "{at:?}");
}

#[test]
fn a_rubric_for_others_is_not_even_named() {
    let site = Site::base();
    let path = "content/tasks/check-run/rubric.md";
    site.write(path, site.read(path).replacen("---\n", "---\ntitle: How we set the trap\naudience: internal\n", 1));
    site.write("content/pages/welcome.md", "# Welcome\n");
    site.ok("release check-run --version 1.0.0 -m First");
    site.ok("build");
    assert!(site.read("public/internal/tasks/check-run/index.html").contains("How we set the trap"));
    for path in site.files("public/contractors") {
        let text = std::fs::read(site.path().join("public/contractors").join(&path)).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains("How we set the trap"), "{path}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    // Sealed once: two seals may have other times.
    let one = Site::sealed();
    let two = Site::empty().with(one.path());
    one.ok("build");
    two.ok("build --out elsewhere/public");
    let files = one.files("public");
    assert_eq!(files, two.files("elsewhere/public"));
    for file in files {
        let bytes = |site: &Site, folder: &str| std::fs::read(site.path().join(folder).join(&file)).unwrap();
        assert_eq!(bytes(&one, "public"), bytes(&two, "elsewhere/public"), "{file}");
    }
}

#[test]
fn an_error_leaves_the_old_site_as_it_was() {
    let site = Site::sealed();
    site.ok("build");
    let before = site.read("public/contractors/pages/welcome/index.html");
    site.write("content/pages/welcome.md", "[nowhere](nowhere.md)\n");
    assert_eq!(site.run("build").code, 1);
    assert_eq!(site.read("public/contractors/pages/welcome/index.html"), before);
    let entries = std::fs::read_dir(site.path().join("public")).unwrap().count();
    assert_eq!(entries, 3, "something was left behind");
}

#[test]
fn a_release_of_the_first_format_still_builds() {
    let site = Site::empty().with(&tests().join("sealed-format-1"));
    site.ok("verify");
    site.ok("build");
    let page = site.read("public/contractors/tasks/check-run/v/1.0.0/index.html");
    assert!(page.contains("Read the run to its end.") && page.contains("sealed on 2026-10-01"), "{page}");
}

#[test]
fn a_release_of_the_first_format_is_followed_by_one_of_the_newest() {
    let site = Site::empty().with(&tests().join("sealed-format-1"));
    let first = site.read("content/releases/check-run/1.0.0.yaml");
    site.write("content/tasks/check-run/task.md", site.read("content/tasks/check-run/task.md") + "\nA rule more.\n");
    let earlier = site.run("release check-run --version 1.1.0 -m More --date 2026-10-01T23:59:58");
    assert!(
        earlier.code == 1 && earlier.stderr.contains("before 2026-10-01, when release 1.0.0"),
        "{}",
        earlier.stderr
    );
    site.ok("release check-run --version 1.1.0 -m More --date 2026-10-01T23:59:59");
    let second = site.read("content/releases/check-run/1.1.0.yaml");
    assert!(second.contains("\nformat: 2\n") && second.contains("\ntime: 2026-10-01T23:59:59Z\n"), "{second}");
    assert_eq!(site.read("content/releases/check-run/1.0.0.yaml"), first, "what is sealed stays as it is");
    assert!(site.ok("verify").stdout.contains("all seals hold: 2 releases"));
    site.ok("build");
    let versions = site.read("public/contractors/tasks/check-run/v/index.html");
    assert!(versions.contains("Sealed on 2026-10-01, 23:59 UTC<"), "{versions}");
    assert!(versions.contains("Sealed on 2026-10-01<"), "{versions}");
}

#[test]
fn the_shipped_text_has_the_digest_in_the_lock() {
    let site = Site::sealed();
    site.ok("build");
    let text = site.read("public/contractors/tasks/check-run/v/1.0.0/instructions.md");
    let lock = site.read("content/releases/check-run/1.0.0.yaml");
    let line = lock.lines().find(|line| line.starts_with("  contractors: ")).unwrap();
    let digest = line.trim_start_matches("  contractors: ");
    assert!(site.has(&format!("content/releases/objects/{}/{}.md", &digest[..2], &digest[2..])));
    assert_eq!(text, site.read(&format!("content/releases/objects/{}/{}.md", &digest[..2], &digest[2..])));
    assert!(!text.contains("tested server never") && !text.contains("budget"));
}

#[test]
fn a_section_does_not_grow_with_the_site() {
    let site = Site::base();
    for number in 0..200 {
        site.write(&format!("content/pages/many/page-{number:03}.md"), format!("# Page {number}\n\nText.\n"));
    }
    site.ok("build --audience contractors");
    let page = site.read("public/contractors/pages/many/page-100/index.html");
    assert!(page.matches("<a ").count() < 60, "{} links", page.matches("<a ").count());
    assert!(page.contains("All 200 pages"));
}

#[test]
fn an_unreadable_folder_is_the_machines_fault() {
    let site = Site::sealed();
    site.write("content/pages/locked/a.md", "a");
    let folder = site.path().join("content/pages/locked");
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o000);
    let run = if site.path().join("content/pages/locked/a.md").exists() {
        // Whoever runs this may read everything: run it as somebody who may not.
        site.run_as_nobody("check")
    } else {
        site.run("check")
    };
    mode(0o755);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("unreadable") && run.stderr.contains("content/pages/locked"), "{}", run.stderr);
}

#[test]
fn links_out_of_the_site_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = Site::empty();
    outside.write("secret.md", "# A secret of this machine\n");
    let site = Site::sealed();
    let pages = site.path().join("content/pages");
    symlink(outside.path(), pages.join("folder")).unwrap();
    symlink(outside.path().join("secret.md"), pages.join("file.md")).unwrap();
    symlink("../tasks/check-run/gold.csv", pages.join("gold.csv")).unwrap();
    symlink("nowhere.md", pages.join("dangling.md")).unwrap();
    let run = site.run("build");
    assert_eq!(run.code, 1);
    for name in ["folder", "file.md", "gold.csv", "dangling.md"] {
        assert!(run.stderr.contains(&format!("content/pages/{name}")), "{name}: {}", run.stderr);
    }
    assert_eq!(run.stderr.matches("error[symbolic-link]").count(), 4, "{}", run.stderr);
    assert!(!site.has("public"));
    for name in ["folder", "file.md", "gold.csv", "dangling.md"] {
        std::fs::remove_file(pages.join(name)).unwrap();
    }
    symlink("welcome.md", pages.join("inside.md")).unwrap();
    site.ok("build");
}

/// Pages as other tools left them: no front matter, Windows line ends, another script, unknown syntax, odd links.
#[test]
fn plain_markdown_from_elsewhere_builds() {
    let site = Site::empty();
    site.write(
        "goldbook.yaml",
        "title: Elsewhere\naudiences: {contractors: [], internal: [contractors]}\ndefault_audience: contractors\n\
         checks: {broken-link: warning, unknown-anchor: warning}\n",
    );
    let odd = "# Odd\r\n\r\n[a](gone.md) [b](#gone) [c](../../../etc/passwd) [d](<with space.md>) [e](%ZZ) [f]()\r\n\r\n\
               {{< shortcode >}} :::note\r\n\r\n> [!info] callout\r\n\r\n$$x^2$$ [[wiki link]] ==mark==\r\n";
    site.write("content/pages/odd.md", odd);
    site.write(
        "content/pages/\u{5e9}\u{5dc}\u{5d5}\u{5dd}.md",
        "# \u{5e9}\u{5dc}\u{5d5}\u{5dd}\n\n\u{5d8}\u{5e7}\u{5e1}\u{5d8}\n",
    );
    site.write("content/pages/guide.md", "# Guide\n");
    site.write("content/pages/guide/README.md", "No heading here.\n");
    site.write("content/pages/guide/part one.md", "---\n\nA line, no front matter.\n\n---\n\nMore.\n");
    site.write("content/pages/empty.md", "");
    let run = site.run("build");
    let errors = run.stderr.matches("error[").count();
    assert_eq!((run.code, errors), (1, 1), "{}", run.stderr);
    assert!(run.stderr.contains("duplicate-path"), "guide.md and guide/README.md: {}", run.stderr);
    std::fs::remove_file(site.path().join("content/pages/guide.md")).unwrap();
    let run = site.ok("build");
    assert_eq!(run.stderr.matches("warning[broken-link]").count(), 4, "{}", run.stderr);
    assert_eq!(run.stderr.matches("warning[unknown-anchor]").count(), 1, "{}", run.stderr);
    let page = site.read("public/contractors/pages/odd/index.html");
    for text in ["{{&lt; shortcode &gt;}} :::note", "[!info] callout", "[[wiki link]]", "==mark=="] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(site.has("public/contractors/pages/\u{5e9}\u{5dc}\u{5d5}\u{5dd}/index.html"));
    assert!(site.read("public/contractors/pages/guide/part-one/index.html").contains("A line, no front matter."));
}

#[test]
fn a_passage_of_an_audience_that_is_gone_is_hidden_from_everybody() {
    let site = Site::base();
    let task = site.read("content/tasks/check-run/task.md");
    site.write("content/tasks/check-run/task.md", format!("{task}\n> [!LEADS]\n> The vendor gets ninety a piece.\n"));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.write("content/tasks/check-run/task.md", task);
    let settings = site.read("goldbook.yaml");
    site.write("goldbook.yaml", settings.replace("leads: [internal]", "managers: [internal]"));
    site.ok("build");
    for file in site.files("public") {
        assert!(!site.read(&format!("public/{file}")).contains("ninety"), "{file}");
    }
}

#[test]
fn no_shape_of_the_text_opens_a_narrowed_passage() {
    let narrowed = "> [!INTERNAL]\n> The zebra is bought in March.\n";
    let shapes = [
        format!("> [!CONTRACTORS]\n> Be kind.\n>\n{narrowed}"),
        format!("```include open.md\n```\n\n{narrowed}"),
        format!("```include fence.md\n```\n\n{narrowed}"),
        narrowed.replace("INTERNAL", "INTERNALS"),
        narrowed.replace("INTERNAL", "MANAGERS"),
    ];
    for shape in shapes {
        let site = Site::sealed();
        site.write("content/pages/open.md", "<pre>\nls\n");
        site.write("content/pages/fence.md", "```\nls\n");
        site.write("content/pages/shape.md", &shape);
        let run = site.run("build");
        assert_eq!(run.code, 1, "{shape}\n{}", run.stderr);
        assert!(run.stderr.contains("content/pages/shape.md"), "{}", run.stderr);
        assert!(!site.has("public"));
    }
}

#[test]
fn files_that_include_each_other_twice_are_stopped() {
    let site = Site::base();
    for number in 1..30 {
        let next = format!("```include p{}.md\n```\n", number + 1);
        site.write(&format!("content/pages/p{number}.md"), format!("# P\n\n{next}\n{next}"));
    }
    site.write("content/pages/p30.md", "# P\n\nEnd.\n");
    let run = site.run("check");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("more than 500 includes in one text"), "{}", run.stderr);
}

#[test]
fn output_that_somebody_changed_is_put_right() {
    let site = Site::sealed();
    site.ok("build");
    let page = "public/contractors/pages/welcome/index.html";
    let before = site.read(page);
    site.write(page, before.replace("Welcome", "Wolcome"));
    site.ok("build");
    assert_eq!(site.read(page), before);
}

#[test]
fn images_in_headings_and_odd_names_lead_where_they_should() {
    let site = Site::sealed();
    site.write("content/pages/a#b.png", "png");
    site.write(
        "content/pages/h.md",
        "# Top {#own}\n\n## ![x](a%23b.png) ![y](https://example.com/y.png) Title\n\n## Top\n\n[t](#top)\n",
    );
    site.ok("build");
    let page = site.read("public/contractors/pages/h/index.html");
    assert!(page.contains("src=\"../a%23b.png\""), "{page}");
    assert!(!page.contains("src=\"https:") && page.contains("<h2 id=\"top\">"), "{page}");
    assert!(site.has("public/contractors/pages/a#b.png"));
}
