//! How fast a build is, cold and warm, how much memory it takes, and how long a saved edit takes to be served.
//!
//! `cargo bench --bench build` writes 1,000 and 10,000 pages of about 5 KB (ten headings, two tables, two code blocks,
//! six links), with 300 hidden reasons, 200 ids of raters and 50 internal passages, into a temporary folder and builds
//! them for one audience as whole processes: cold, with nothing changed, and after one edit. Then it serves them, and
//! times ten edits from the save to the new page. `GOLDBOOK_CORPUS=DIR` takes a site of yours instead (and edits its
//! first page for a moment). Where the time goes within a build: `goldbook build --timings`.

#[expect(dead_code, reason = "each bench uses a part of what they share")]
mod shared;

use shared::{Run, Spread, hidden, run};
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 3;

fn main() {
    println!("{:>8} {:>9} {:>9} {:>12} {:>9}", "pages", "median s", "spread s", "pages/s", "peak MiB");
    if let Some(corpus) = std::env::var_os("GOLDBOOK_CORPUS") {
        measure(Path::new(&corpus));
        return;
    }
    for pages in [1_000, 10_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_corpus(folder.path(), pages);
        measure(folder.path());
    }
}

fn measure(site: &Path) {
    let pages = walkdir::WalkDir::new(site.join("content/pages")).into_iter().filter_map(Result::ok);
    let pages = pages.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md")).count();
    let out = tempfile::tempdir().expect("a temporary folder");
    let runs: Vec<Run> = (0..RUNS).map(|run| build(site, &out.path().join(run.to_string()))).collect();
    let wall = Spread::of(runs.iter().map(|run| run.wall));
    let peak = Spread::of(runs.iter().map(|run| run.peak)).most;
    #[expect(clippy::cast_precision_loss, reason = "counts of pages are small")]
    let rate = pages as f64 / wall.median;
    println!("{pages:>8} {:>9.2} {:>9.2} {rate:>12.0} {peak:>9.0}", wall.median, wall.width());
    measure_warm(site, &out.path().join("warm"));
}

/// Builds with nothing changed and after one edit, and edits of a served site; medians in milliseconds.
fn measure_warm(site: &Path, out: &Path) {
    let page = first_page(site);
    let text = fs::read_to_string(&page).expect("a page can be read");
    build(site, out);
    // Until its sources have been left alone for a moment, a build does not trust their stamps.
    std::thread::sleep(Duration::from_millis(200));
    build(site, out);
    let unchanged = milliseconds((0..5).map(|_| build(site, out).wall));
    let edited = (0..RUNS).map(|run| {
        fs::write(&page, format!("{text}\nEdit {run}.\n")).expect("a page can be written");
        std::thread::sleep(Duration::from_millis(200));
        build(site, out).wall
    });
    let edited = milliseconds(edited);
    let served = milliseconds(serve_edits(site, &page, &text).iter().map(Duration::as_secs_f64));
    fs::write(&page, text).expect("a page can be written");
    println!("         unchanged {unchanged:.0} ms, one edit {edited:.0} ms, an edit served {served:.0} ms");
}

/// The median of times in seconds.
fn milliseconds(times: impl Iterator<Item = f64>) -> f64 {
    Spread::of(times).median * 1000.0
}

fn first_page(site: &Path) -> PathBuf {
    let entries = walkdir::WalkDir::new(site.join("content/pages")).sort_by_file_name().into_iter();
    let mut pages = entries.filter_map(Result::ok).filter(|entry| {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        name.ends_with(".md") && name != "index.md" && name != "readme.md"
    });
    pages.next().expect("a page").into_path()
}

/// How long each of ten edits takes from the save until the page that a browser would load holds it.
fn serve_edits(site: &Path, page: &Path, text: &str) -> Vec<Duration> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_goldbook"))
        .args(["serve", "--audience", "contractors", "--port", "0", "--root"])
        .arg(site)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("goldbook starts");
    let port = served_port(&mut server);
    let below = page.strip_prefix(site.join("content")).expect("a page of the site").with_extension("");
    let address = format!("/{}/", below.display());
    let mut times = Vec::new();
    for edit in 0..10 {
        std::thread::sleep(Duration::from_millis(300));
        let word = format!("served-edit-{edit}");
        let round = get(port, "/_goldbook/news.js?round=0")
            .split("\"round\":")
            .nth(1)
            .map_or(String::new(), |rest| rest.chars().take_while(char::is_ascii_digit).collect());
        let saved = Instant::now();
        fs::write(page, format!("{text}\n{word}\n")).expect("a page can be written");
        get(port, &format!("/_goldbook/news.js?round={round}"));
        assert!(get(port, &address).contains(&word), "{address} is not what was saved");
        times.push(saved.elapsed());
    }
    server.kill().expect("goldbook runs");
    server.wait().expect("goldbook can be waited for");
    times
}

fn served_port(server: &mut Child) -> u16 {
    let mut lines = BufReader::new(server.stdout.take().expect("it is piped")).lines();
    let line = lines.find_map(|line| line.ok().filter(|line| line.starts_with("Serving "))).expect("it serves");
    let port = line.split(['/', ' ']).find_map(|part| part.strip_prefix("127.0.0.1:")).expect("an address");
    port.parse().expect("a port")
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    String::from_utf8_lossy(&answer).into_owned()
}

/// One build.
fn build(site: &Path, out: &Path) -> Run {
    let mut goldbook = Command::new(env!("CARGO_BIN_EXE_goldbook"));
    run(goldbook.args(["build", "--audience", "contractors", "--root"]).arg(site).arg("--out").arg(out))
}

fn write_corpus(root: &Path, pages: usize) {
    let settings =
        "title: Benchmark\naudiences: {contractors: [], internal: [contractors]}\ndefault_audience: contractors\n";
    fs::write(root.join("goldbook.yaml"), settings).expect("the corpus can be written");
    hidden::write(root);
    for page in 0..pages {
        let folder = root.join(format!("content/pages/lot-{:03}", page / 20));
        fs::create_dir_all(&folder).expect("the corpus can be written");
        let text = page_text(page, pages) + &hidden::passage(page, pages);
        fs::write(folder.join(format!("page-{page:05}.md")), text).expect("the corpus can be written");
    }
}

/// A page that differs from every other in each block.
fn page_text(page: usize, pages: usize) -> String {
    let mut text = format!("# Fit part {page} in room {}\n\n", page % 97);
    for section in 0..10 {
        let _ = write!(text, "## Step {section} of part {page}\n\n");
        for sentence in 0..4 {
            let n = page * 31 + section * 7 + sentence;
            let _ = write!(
                text,
                "Measure the **bracket {n}** twice and write the value in field `F{n}`; keep {} mm clear. ",
                n % 90
            );
        }
        let other = (page * 13 + section * 101) % pages;
        if section < 6 {
            let _ = write!(text, "See [part {other}](../lot-{:03}/page-{other:05}.md).", other / 20);
        }
        text.push_str("\n\n");
        match section {
            1 | 5 => {
                text.push_str("| Part | Material | Count |\n|---|---|---:|\n");
                for row in 0..4 {
                    let _ = writeln!(text, "| `GB-{}` | steel | {row} |", page + row);
                }
            }
            2 => {
                let _ = write!(
                    text,
                    "```bash\n# read the log of part {page}\nset -euo pipefail\nfor room in {page} A B; do\n  curl -s \"http://gateway.example/$room\" | jq '.value > {page}' >> \"log-$(date +%F)\"\ndone\necho \"done: $room\"\n```\n"
                );
            }
            7 => {
                let _ = write!(
                    text,
                    "```python\n@dataclass\nclass Reading:\n    value: float = {page}.0\n\n    def ok(self, limit: float) -> bool:\n        \"\"\"True while part {page} is in range.\"\"\"\n        return abs(self.value - limit) < 0.05 * limit\n```\n"
                );
            }
            _ => text.push_str(
                "1. Close the valve.\n    - Wait two minutes\n    - Take a photo\n2. Tighten in a cross pattern.\n",
            ),
        }
        text.push('\n');
    }
    text
}
