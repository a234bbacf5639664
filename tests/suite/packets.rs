//! Packets and the gold that experts make: items handed out, answered blind, and taken in.

use crate::browser::client::{Browser, Page, View};
use crate::browser::{assert_flawless, file_url};
use crate::support::Site;
use serde_json::Value;
use std::fs;

const TASK: &str = "content/tasks/check-run";

/// What is saved, as text: the browser's own folder of downloads is nobody's business.
const CATCH: &str = "URL.createObjectURL = blob => { blob.text().then(text => (window.saved = text)); return '#'; }";

/// A sealed task with two items whose gold is to be made, and three experts.
fn site() -> Site {
    let site = Site::sealed();
    let run = site.read(&format!("{TASK}/trajectories/run-1.json"));
    for (number, name) in ["first", "second"].into_iter().enumerate() {
        let run = run.replace("Start the server", &format!("Start the {name} server"));
        site.write(&format!("{TASK}/trajectories/new-{name}.json"), run);
        let front =
            format!("title: The {name} new item\nitem: new-{name}\ntrajectory: new-{name}\nuse: gold\norder: {number}");
        site.write(&format!("{TASK}/examples/new-{name}.md"), format!("---\n{front}\n---\n\nA {name} secret item.\n"));
    }
    site.write("content/cohorts/experts.yaml", "title: Experts\nrole: expert\nraters: [x, y, z]\ntasks: [check-run]\n");
    site
}

/// Answers of experts to one item: who, criterion, step, value, outcome, comment.
fn answers(rows: &[[&str; 6]]) -> String {
    let head = "task,item,rater,version,criterion,step,value,outcome,comment,submitted_at\n".to_owned();
    let row = |[who, criterion, step, value, outcome, comment]: &[&str; 6]| {
        format!("check-run,new-first,{who},1.0.0,{criterion},{step},{value},{outcome},{comment},2026-11-02T10:00Z\n")
    };
    head + &rows.iter().map(row).collect::<String>()
}

fn gold(site: &Site) -> Vec<String> {
    site.read(&format!("{TASK}/gold.csv")).lines().map(str::to_owned).collect()
}

#[test]
fn what_experts_answer_becomes_gold_and_what_they_are_split_on_does_not() {
    let site = site();
    let before = gold(&site);
    let rows = [
        ["x", "reached", "", "yes", "", "It answers."],
        ["x", "mistakes", "2", "ignored-error", "", "The port is taken."],
        ["y", "reached", "", "yes", "", ""],
        ["y", "mistakes", "", "", "none", ""],
        ["y", "severity", "", "", "skipped", ""],
    ];
    site.write("first.csv", answers(&rows));
    let run = site.run("gold add check-run first.csv");
    assert_eq!(
        run.stdout,
        format!(
            "added 4 rows to {TASK}/gold.csv: 4 answers\n1 answer skipped: no gold\n\
             1 question settled by several experts\n1 question on which experts are split\n"
        )
    );
    assert!(run.stderr.contains("warning[gold-tie]: experts are split: `new-first (mistakes)`"), "{}", run.stderr);
    assert_eq!(run.code, 0);
    let after = gold(&site);
    assert_eq!(after.len(), before.len() + 4, "{after:#?}");
    assert!(
        after.iter().any(|row| row.contains("x") && row.contains("The port is taken.") && row.contains("2026-11-02"))
    );

    // The same again adds nothing; a third expert settles it; and nobody contradicts themselves in silence.
    let again = site.ok("gold add check-run first.csv").stdout;
    assert!(
        again.starts_with(&format!("nothing is new: {TASK}/gold.csv stays as it is\n4 answers stood there already")),
        "{again}"
    );
    assert_eq!(gold(&site), after);
    site.write("third.csv", answers(&[["z", "mistakes", "2", "ignored-error", "", "Look at step 2."]]));
    let third = site.run("gold add check-run third.csv");
    assert!(
        third.stdout.ends_with("1 question settled by several experts\n") && third.stderr.is_empty(),
        "{}{}",
        third.stdout,
        third.stderr
    );
    site.write("turned.csv", answers(&[["x", "reached", "", "no", "", ""], ["z", "reached", "", "yes", "", ""]]));
    let turned = site.run("gold add check-run turned.csv");
    let said = "`x` said yes of `new-first` (reached), and now says no: nothing is added";
    assert!(turned.code == 1 && turned.stderr.contains(said), "{}", turned.stderr);

    // Each flag keeps its own reason, and who says more of a flag than before is heard.
    let flag = |kind: &str, why: &str| {
        format!("check-run,new-second,x,1.0.0,mistakes,2,{kind},,{why},2026-11-02T10:00Z,{kind}\n")
    };
    let head = "task,item,rater,version,criterion,step,value,outcome,comment,submitted_at,submission\n";
    site.write(
        "two.csv",
        format!("{head}{}{}", flag("ignored-error", "The port."), flag("false-claim", "The claim."))
            .replace(",ignored-error\n", ",s\n")
            .replace(",false-claim\n", ",s\n"),
    );
    site.ok("gold add check-run two.csv");
    let rows = gold(&site);
    for (kind, why) in [("ignored-error", "The port."), ("false-claim", "The claim.")] {
        assert!(
            rows.iter().any(|row| row.contains(&format!("new-second,mistakes,2,{kind}"))
                && row.contains(why)
                && !(row.contains("port") && row.contains("claim."))),
            "{rows:#?}"
        );
    }
    site.edit("two.csv", ",comment,", ",origin,comment,");
    site.write("two.csv", site.read("two.csv").replace(",,The", ",,real,The"));
    let more = site.run("gold add check-run two.csv");
    assert!(more.code == 1 && more.stderr.contains("and now says"), "{}{}", more.stdout, more.stderr);

    // It scores ratings, with the experts' reasons.
    site.write("content/ratings/week.csv", answers(&[["b-01", "mistakes", "", "", "none", ""]]));
    site.ok("export ratings -o ratings.csv --with-gold");
    let table = site.read("ratings.csv");
    assert!(table.contains("ignored-error"), "the settled gold stands beside the rating: {table}");
}

#[test]
fn gold_is_made_of_all_that_came_back_or_of_nothing() {
    let site = site();
    let before = gold(&site);
    for (rows, said) in [
        (
            answers(&[["x", "reached", "", "perhaps", "", ""], ["x", "severity", "", "2", "", ""]]),
            "1 rows can't be used",
        ),
        (answers(&[]), "no answer came back"),
        (answers(&[["x", "reached", "", "yes", "", ""]]).replace("1.0.0", "9.0.0"), "can't be used"),
    ] {
        site.write("back.csv", rows);
        let run = site.run("gold add check-run back.csv");
        assert!(run.code == 1 && run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert_eq!(gold(&site), before);
    site.write("back.csv", answers(&[["a-01", "reached", "", "yes", "", "=1+1"]]));
    // Not made alone, taken back, or by somebody whose name parts names: each is said.
    let basis = |rows: String| rows.replace(",submitted_at\n", ",submitted_at,basis\n").replace("Z\n", "Z,discussed\n");
    site.write(
        "talked.csv",
        basis(answers(&[["x", "reached", "", "yes", "", ""], ["y", "reached", "", "yes", "", ""]])),
    );
    let run = site.ok("gold add check-run talked.csv");
    assert!(
        run.stdout.starts_with(&format!("nothing is new: {TASK}/gold.csv stays as it is\n2 answers not made alone")),
        "{}",
        run.stdout
    );
    for (row, said) in [
        (["x", "", "", "", "withdrawn", ""], "rows take answers back"),
        (["x|y", "reached", "", "yes", "", ""], "`x|y` can't be named in gold"),
    ] {
        site.write("back.csv", answers(&[["z", "severity", "", "1", "", ""], row]));
        let run = site.run("gold add check-run back.csv");
        assert!(run.code == 1 && run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert_eq!(gold(&site), before);
    // What stands there already and what is said now can't both be gold of one rank.
    let old = site.read(&format!("{TASK}/gold.csv"));
    site.write(&format!("{TASK}/gold.csv"), "item,criterion,value,any_of\nnew-first,severity,,2|3\n");
    site.write("back.csv", answers(&[["z", "severity", "", "1", "", ""]]));
    let run = site.run("gold add check-run back.csv");
    let said = "could not be read with these answers: `new-first` has two single gold answers";
    assert!(run.code == 1 && run.stderr.contains(said), "{}", run.stderr);
    site.write(&format!("{TASK}/gold.csv"), old);
    site.write("back.csv", answers(&[["a-01", "reached", "", "yes", "", "=1+1"]]));
    // As somebody's spreadsheet saved it: what stood there stays to the byte.
    let before = "item,criterion,value,by,made_at,version,reason\r\nrun-5,reached, yes,ex-1,2026-10-01,1.0.0,\"It\r\nruns.\"\r\n";
    site.write(&format!("{TASK}/gold.csv"), before);
    let run = site.run("gold add check-run back.csv");
    assert!(run.stderr.contains("`a-01` made gold and is in no cohort of experts"), "{}", run.stderr);
    let added = "new-first,reached,yes,a-01,2026-11-02,1.0.0,=1+1\r\n";
    assert_eq!(site.read(&format!("{TASK}/gold.csv")), format!("{before}{added}"));
    site.write(&format!("{TASK}/gold.csv"), "item;criterion;value\nrun-1;reached;yes\n");
    let run = site.run("gold add check-run back.csv");
    assert!(run.code == 1 && run.stderr.contains("not parted by commas"), "{}", run.stderr);
    assert_eq!(gold(&site).len(), 2);
}

#[test]
fn an_item_whose_gold_is_to_be_made_is_shown_to_experts_alone() {
    let site = site();
    site.ok("build");
    assert!(
        site.read("public/internal/tasks/check-run/next/rate/new-first/index.html")
            .contains("No gold answers are shown")
    );
    for file in site.files("public/contractors") {
        let bytes = fs::read(site.path().join("public/contractors").join(&file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("new-first"), "{file}");
    }
    let welcome = site.read("content/pages/welcome.md");
    site.write("content/pages/welcome.md", welcome + "\nA first secret item.\n");
    assert!(site.run("build").stderr.contains("error[audience-leak]"));
    site.edit(&format!("{TASK}/examples/new-first.md"), "order: 0", "gold:\n  reached: yes");
    assert!(site.run("check").stderr.contains("an example that experts answer to make gold has none yet"));
}

fn finish(page: &mut Page) {
    page.eval_until("document.readyState", |state| state == "complete");
    page.eval("document.querySelector('input[name=reached][value=yes]').click()");
    for _ in 0..2 {
        page.eval("document.querySelector('[data-act=submit]').click()");
    }
}

#[test]
fn a_packet_is_answered_anywhere_and_sent_back_as_one_file() {
    let site = site();
    let said = site.ok("packet check-run --rater x --rater y --out packets").stdout;
    assert_eq!(said, "wrote packets/x: 2 items under 1.0.0\nwrote packets/y: 2 items under 1.0.0\n");
    let browser = Browser::launch().unwrap();
    let folder = site.path().join("packets/x");
    for (width, dark) in [(360, true), (1400, false)] {
        let view = View { width, height: 900, dark, ..View::default() };
        for path in ["examples/index.html", "rate/new-first/index.html"] {
            let mut page = browser.open(&file_url(&folder.join(path)), &view);
            assert_flawless(&mut page, path);
            assert!(!page.scroll_width_exceeds(), "{path} is wider than {width} px");
        }
    }
    let mut page = browser.open(&file_url(&folder.join("rate/new-first/index.html")), &View::default());
    finish(&mut page);
    assert_eq!(page.eval("document.querySelector('[data-act=all]').hidden"), true, "there is one item only");
    page.go(&file_url(&folder.join("rate/new-second/index.html")));
    finish(&mut page);
    page.eval(CATCH);
    assert_eq!(
        page.eval("document.querySelector('[data-act=all]').textContent"),
        "Save all 2 finished items as one CSV"
    );
    page.eval("document.querySelector('[name=rater]').value = 'x'");
    page.eval("document.querySelector('[data-act=all]').click()");
    let rows = page.eval_until("window.saved ?? null", |saved| *saved != Value::Null);
    site.write("back.csv", rows.as_str().unwrap());
    let added = site.ok("gold add check-run back.csv").stdout;
    assert!(
        added.starts_with(&format!("added 2 rows to {TASK}/gold.csv: 2 answers\n4 answers skipped: no gold\n")),
        "{added}"
    );
    assert!(site.read(&format!("{TASK}/gold.csv")).contains("new-second,reached,"));
}

#[test]
fn a_packet_of_other_items_holds_each_raters_own_and_no_gold_of_a_test() {
    let site = site();
    let run = site.read(&format!("{TASK}/trajectories/run-1.json"));
    site.write("week/runs/a.json", run.replace("Start the server", "Start the server of the week"));
    site.write(
        "week/items.csv",
        "item,run,title,rater\nw-1,runs/a.json,\"A <b>week</b>: \"\"one\"\"\",\nw-2,runs/a.json,,a-01\nw-2,runs/a.json,,a-02\nrun-4,runs/a.json,,a-02\n",
    );
    let said = site.ok("packet check-run --items week/items.csv --rater a-01 --out packets").stdout;
    assert_eq!(said, "wrote packets/a-01: 2 items under 1.0.0\nwrote packets/a-02: 2 items under 1.0.0\n");
    let pages = |rater: &str| -> Vec<String> {
        let files = site.files(&format!("packets/{rater}")).into_iter();
        files.filter(|file| file.starts_with("rate/") && file.ends_with("index.html")).collect()
    };
    assert_eq!(pages("a-01"), ["rate/w-1/index.html", "rate/w-2/index.html"]);
    assert!(site.read("packets/a-01/rate/w-1/index.html").contains("A &lt;b&gt;week&lt;/b&gt;"));
    for file in site.files("packets/a-01") {
        let bytes = fs::read(site.path().join("packets/a-01").join(&file)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("a-01") && !text.contains("tested/"), "{file} names the rater, or holds the test");
    }
    let odd = "item,run\n147,runs/a.json\n\u{c4}rger,runs/a.json\n-1a,runs/a.json\nrun-1,runs/a.json\nnew-second,\n";
    site.write("week/odd.csv", odd);
    let run = site.run("packet check-run --items week/odd.csv --rater x --out odd --json");
    let said: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    assert_eq!(said["packets"][0]["items"], 5);
    assert!(run.stderr.contains("the folders show the gold of `run-1`"), "{}", run.stderr);
    let pages =
        site.files("odd/x").into_iter().filter(|file| file.starts_with("rate/") && file.ends_with("index.html"));
    assert_eq!(pages.count(), 5);
    for (table, raters, said) in [
        ("item,run\nnew-first,runs/a.json\n", "--rater a", "leave its `run` out"),
        ("item,run\nw,\n", "--rater a", "no example of `check-run` with `use: gold` shows it"),
        ("item,item,run\nw,v,runs/a.json\n", "--rater a", "the column `item` twice"),
        ("item,run,sample\nw,runs/a.json,gone\n", "--rater a", "week/bad.csv"),
        ("item,run\nw,gone.json\n", "--rater a", "gone.json can't be read"),
        ("item,run\nw,runs/a.json\nw,runs/a.json\n", "--rater a", "line 3: `w` stands in an earlier row"),
        ("item,rnu\nw,runs/a.json\n", "--rater a", "did you mean `run`?"),
        ("item,run\nw,items.csv\n", "--rater a", "is no run by its name"),
        ("item,run\n", "--rater a", "it names no item"),
        ("item,run\nw,runs/a.json\n", "", "nobody is named who answers"),
        ("item,run\nw,runs/a.json\n", "--rater a/b --rater a-b", "can't have a folder of their own"),
    ] {
        site.write("week/bad.csv", table);
        let run = site.run(&format!("packet check-run --items week/bad.csv {raters} --out others"));
        assert!(run.code != 0 && run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert!(!site.has("others"), "nothing is written");
    let inside = site.run("packet check-run --rater x --out content/packets");
    assert!(inside.code != 0 && !site.has("content/packets"), "{}", inside.stderr);
}
