//! Editions: what a vendor gets of the reports, and never more.

use crate::support::Site;

const GREEN: &str = "title: Green team of winter\nvendor: Green\nraters: [g-01, g-02]\ntasks: [check-run]\n";
const SETTINGS: &str = "title: Test programme\naudiences: {contractors: [], blue-vendor: [contractors], internal: \
    [contractors], leads: [internal]}\ndefault_audience: contractors\ngold_audience: internal\nreport_audience: leads\n";
const HEAD: &str = "task,item,rater,criterion,value,submission,submitted_at,comment\n";
const ROWS: &str = "check-run,run-5,g-01,reached,yes,,,,g-1,2026-11-03T10:00:00Z,600\n\
    check-run,run-5,g-02,reached,no,,,,g-2,2026-11-03T10:00:00Z,600\n";

/// A site of two cohorts, one of whose vendors has an audience.
fn site(editions: &str) -> Site {
    let site = Site::sealed();
    site.write("goldbook.yaml", format!("{SETTINGS}{editions}"));
    site.write("content/cohorts/green.yaml", GREEN);
    let rows = site.read("content/ratings/week.csv");
    site.write("content/ratings/week.csv", rows + ROWS);
    site.write("content/reports/blue/2026-W45.md", "For leads: Green did better.\n");
    site
}

#[test]
fn a_vendor_gets_its_own_cohorts_reports_and_nothing_of_others() {
    let site = site("editions: {blue-vendor: blue}\n");
    site.ok("build");
    let files = site.files("public/blue-vendor/reports");
    assert!(
        files.contains(&"blue/2026-W45/index.html".to_owned()) && files.contains(&"blue/raters/raters.csv".to_owned())
    );
    assert!(!files.iter().any(|file| file.contains("green")), "{files:?}");
    for file in &files {
        let text = site.read(&format!("public/blue-vendor/reports/{file}")).to_lowercase();
        for other in ["green", "g-01", "week.csv", "everything that was asked"] {
            assert!(!text.contains(other), "{file} has {other}");
        }
    }
    let own = site.read("public/blue-vendor/reports/blue/2026-W45/report.json");
    assert!(own.contains("right out of asked") && !own.contains("\"missed\"") && !own.contains("For leads"), "{own}");
    assert!(site.read("public/leads/reports/blue/2026-W45/report.json").contains("For leads"));
    assert!(!site.has("public/contractors/reports") && !site.has("public/internal/reports"));
}

#[test]
fn what_is_restated_tells_a_vendor_of_its_own_figures_alone() {
    let site = site("editions: {blue-vendor: blue}\n");
    site.ok("publish blue 2026-W45");
    site.write(
        "content/ratings/late.csv",
        format!("{HEAD}check-run,run-5,b-01,reached,no,s-9,2026-11-04T10:00:00Z,Ask g-01.\n"),
    );
    site.ok("publish blue 2026-W45 --revise --because \"g-02 was in the wrong folder.\"");
    site.write("content/reports/blue/2026-W45.md", "Other words.\n");
    site.ok("build");
    let page = |audience: &str| site.read(&format!("public/{audience}/reports/blue/2026-W45/index.html"));
    assert!(page("leads").contains("id=\"page/restated\"") && page("leads").contains("g-02 was"));
    assert!(!page("blue-vendor").contains("id=\"page/restated\""), "{}", page("blue-vendor"));
}

#[test]
fn what_would_tell_of_others_stops_the_build() {
    let site = site("editions: {blue-vendor: blue}\n");
    site.write(
        "content/cohorts/blue.yaml",
        site.read("content/cohorts/blue.yaml").replace("Blue team", "Unlike g-01, blue team"),
    );
    let run = site.run("build");
    assert!(
        run.code == 1 && run.stderr.contains("error[audience-leak]") && run.stderr.contains("g-01"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_edition_is_of_a_cohort_and_for_an_audience_that_sees_no_others() {
    for (editions, why) in [
        ("editions: {leads: blue}\n", "`leads` sees all reports"),
        ("editions: {nobody: blue}\n", "there is no audience `nobody`"),
        ("editions: {blue-vendor: bleu}\n", "there is no cohort `bleu`"),
    ] {
        let run = site(editions).run("build");
        assert!(run.code > 0 && run.stderr.contains(why), "{editions} {}", run.stderr);
    }
}
