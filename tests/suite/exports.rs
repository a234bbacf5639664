//! Exports of ratings: put in the place of the files that they were made of, they give the same reports.

use crate::support::{Site, tests};

/// Sites whose ratings come in every form that is read to its end.
const CASES: [&str; 11] = [
    "ratings-argilla",
    "ratings-docent",
    "ratings-dressed",
    "ratings-german-workbook",
    "ratings-inspect",
    "ratings-label-studio",
    "ratings-label-studio-sdk",
    "ratings-mapped",
    "ratings-odd",
    "ratings-potato",
    "ratings-told",
];

/// What exports are written as.
const FORMS: &[&str] = if cfg!(feature = "parquet") { &["csv", "jsonl", "parquet"] } else { &["csv", "jsonl"] };

/// The same of forms that need the feature `parquet`, each with the folder in it that can't be read.
const PARQUET: [(&str, &str); 2] = [("ratings-parquet", "bad"), ("ratings-scout", "judges/broken")];

/// The reports of all cohorts that have one, without the names of files and lines in them.
fn reports(site: &Site) -> Vec<String> {
    let cohorts = site.files("content/cohorts");
    let of = |cohort: &String| {
        let name = cohort.rsplit('/').next().unwrap().trim_end_matches(".yaml").to_owned();
        let run = site.run(&format!("report {name}"));
        let told = run.stdout.lines().filter(|line| !line.starts_with("| `content/ratings/"));
        (run.code == 0).then(|| told.map(without_place).collect::<Vec<_>>().join("\n"))
    };
    cohorts.iter().filter(|file| file.ends_with(".yaml")).filter_map(of).collect()
}

/// A line in which a path of ratings and the line behind it are one word, and so is the place of a comment: `(week.csv:2)`.
fn without_place(line: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let inside = |word: &str| word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).map(str::to_owned);
    let is_of_comment = |word: &str| inside(word).is_some_and(|word| word.rsplit(':').next().is_some_and(is_number));
    let is_place = |word: &str| word.contains("content/ratings/") || word.contains(':') && is_of_comment(word);
    let place = |word: &str| if is_place(word) { "PLACE".to_owned() } else { word.to_owned() };
    line.split(' ').map(place).collect::<Vec<_>>().join(" ")
}

/// Takes all ratings out, and puts these two files in.
fn replace_ratings(site: &Site, names: [&str; 2]) {
    std::fs::remove_dir_all(site.path().join("content/ratings")).unwrap();
    for name in names {
        let bytes = std::fs::read(site.path().join("out").join(name)).unwrap();
        site.write(&format!("content/ratings/{name}"), bytes);
    }
}

#[test]
fn an_export_in_the_place_of_its_files_gives_the_same_reports() {
    let mut compared = 0;
    let of_columns = PARQUET.into_iter().filter(|_| cfg!(feature = "parquet"));
    for (case, unreadable) in CASES.into_iter().map(|case| (case, "")).chain(of_columns) {
        for form in FORMS {
            let files = [&*format!("x.{form}"), "x-ledger.csv"];
            let site = Site::sealed().with(&tests().join("cases/check").join(case).join("site"));
            if !unreadable.is_empty() {
                std::fs::remove_dir_all(site.path().join("content/ratings").join(unreadable)).unwrap();
            }
            let before = reports(&site);
            site.ok(&format!("export ratings -o out/x.{form} --with-gold"));
            replace_ratings(&site, files);
            let after = reports(&site);
            assert_eq!(after, before, "{case} as {form}");
            compared += after.len();
        }
    }
    assert!(compared >= 2 * CASES.len(), "only {compared} reports");
}

#[test]
fn the_sample_programme_is_the_same_from_its_export() {
    let site = Site::empty().with_folder("content", &tests().join("../content"));
    site.write("goldbook.yaml", std::fs::read(tests().join("../goldbook.yaml")).unwrap());
    let before = reports(&site);
    assert!(before.len() >= 2);
    site.ok("export ratings -o out/all.csv");
    replace_ratings(&site, ["all.csv", "all-ledger.csv"]);
    assert_eq!(reports(&site), before);
}

#[test]
fn gold_that_tools_keep_among_ratings_can_be_put_into_a_task() {
    let case = tests().join("cases/import/ratings/site/golden");
    let site = Site::sealed().with_folder("golden", &case);
    site.ok("import ratings golden -o ratings.csv --gold found.csv");
    let found = site.read("found.csv");
    let expected = "item,criterion,value,any_of,step,outcome,reason,by,made_at\n\
                    run-3,reached,,yes|no,,,Both were said.,,\nrun-2,reached,no,,,,It never starts.,,\n";
    assert_eq!(found, expected);
    let names_of_items = |text: &str| text.matches("run-").count();
    assert_eq!(names_of_items(&site.read("ratings.csv")), 2, "gold is no rating");
    site.write("content/tasks/check-run/gold.csv", found);
    site.ok("check");
}

#[test]
fn ground_truth_of_label_studio_is_gold_with_who_made_it_and_when() {
    let case = tests().join("cases/check/ratings-label-studio-sdk/site/content/ratings/tool");
    let site = Site::sealed().with_folder("tool", &case);
    site.ok("import ratings tool/raw.json -o ratings.csv --gold found.csv");
    let found = site.read("found.csv");
    assert_eq!(
        found,
        "item,criterion,value,any_of,step,outcome,reason,by,made_at\nrun-2,reached,no,,,,,13,2026-11-02\n"
    );
}
