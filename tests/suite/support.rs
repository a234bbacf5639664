//! What tests share: a folder of their own with a site in it, and the program as a user types it.
//!
//! In: names of folders below `tests/`. Out: a `Site` to run commands in. Nothing is left behind.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The clock and the time zone that the program gets where `GOLDBOOK_FAKETIME` names the library that fakes them: a
/// leap day nobody wrote a case on, just before midnight, and already tomorrow in most of the world.
const OTHER_CLOCK: [(&str, &str); 4] = [
    ("FAKETIME", "@2032-02-29 23:58:00"),
    ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ("NO_FAKE_STAT", "1"),
    ("TZ", "America/St_Johns"),
];

/// Names the library that shows the program another clock, if it is to be shown one.
const OTHER_CLOCK_LIBRARY: &str = "GOLDBOOK_FAKETIME";

/// Whether the program is shown another clock.
pub fn is_under_another_clock() -> bool {
    std::env::var_os(OTHER_CLOCK_LIBRARY).is_some()
}

/// Names another program than the one that these tests were compiled with: one without features.
const WITHOUT_FEATURES: &str = "GOLDBOOK_WITHOUT_FEATURES";

/// Whether the program reads Parquet files.
pub fn reads_parquet() -> bool {
    cfg!(feature = "parquet") && std::env::var_os(WITHOUT_FEATURES).is_none()
}

/// The program as a user has it; under another clock if the environment asks for one.
pub fn program() -> Command {
    let other = std::env::var_os(WITHOUT_FEATURES);
    let mut command = Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_goldbook").into()));
    if let Some(library) = std::env::var_os(OTHER_CLOCK_LIBRARY) {
        command.env("LD_PRELOAD", library).envs(OTHER_CLOCK);
    }
    command
}

/// A site in a temporary folder.
pub struct Site {
    folder: tempfile::TempDir,
}

/// What a command printed, and its exit code.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A copy of `tests/base`.
    pub fn base() -> Self {
        Self::empty().with(&tests().join("base"))
    }

    /// A copy of `tests/base` whose task is sealed as 1.0.0.
    pub fn sealed() -> Self {
        let site = Self::base();
        let run = site.run("release check-run --version 1.0.0 -m First --date 2026-10-01");
        assert_eq!(run.code, 0, "{}", run.stderr);
        site
    }

    /// The same with the files of another folder laid over it.
    pub fn with(self, folder: &Path) -> Self {
        copy(folder, self.path());
        self
    }

    /// The same with another folder put into it under this name.
    pub fn with_folder(self, name: &str, folder: &Path) -> Self {
        copy(folder, &self.path().join(name));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    /// Writes a file anew with `new` where it says `old`.
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old:?}");
        self.write(path, text.replace(old, new));
    }

    /// The text of a file; of an archive, the names and texts of what is in it.
    pub fn read(&self, path: &str) -> String {
        let place = self.path().join(path);
        if path.ends_with(".zip") {
            let mut archive = zip::ZipArchive::new(fs::File::open(&place).unwrap()).unwrap();
            let count = archive.len();
            let text = |at| {
                let mut file = archive.by_index(at).unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                format!("{}\n{}\n", file.name().unwrap(), String::from_utf8_lossy(&bytes))
            };
            return (0..count).map(text).collect();
        }
        fs::read_to_string(&place).unwrap_or_else(|error| panic!("{}: {error}", place.display()))
    }

    pub fn has(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    /// Runs `goldbook` with these words; quotes hold words together.
    pub fn run(&self, line: &str) -> Run {
        self.finish(program(), line)
    }

    /// The same as a user without rights, for a test that runs as root.
    pub fn run_as_nobody(&self, line: &str) -> Run {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let program = self.path().join("goldbook-for-nobody");
        // Not by this process: a child that another test starts meanwhile would hold the program open for writing.
        assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_goldbook")).arg(&program).status().unwrap().success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        self.finish(command, line)
    }

    /// Runs a program with these words in the site, and waits for it.
    pub fn finish(&self, command: Command, line: &str) -> Run {
        let output = self.prepare(command, line).output().unwrap();
        Run {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }
    }

    /// A program with these words in the site.
    pub fn prepare(&self, mut command: Command, line: &str) -> Command {
        command.args(words(line)).current_dir(self.path()).env("NO_COLOR", "1").env_remove("COLUMNS");
        command
    }

    /// Runs a command that must end clean.
    pub fn ok(&self, line: &str) -> Run {
        let run = self.run(line);
        assert_eq!(run.code, 0, "goldbook {line}\n{}{}", run.stdout, run.stderr);
        run
    }

    /// All files below a folder, by path, in order.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let root = self.path().join(folder);
        let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_file());
        files.map(|entry| entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned()).collect()
    }
}

/// A site that `goldbook serve` serves; it ends with the value.
pub struct Served {
    site: Site,
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
}

/// What a server answered.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Served {
    /// Starts `goldbook serve` with further words, and waits until it serves.
    pub fn start(site: Site, further: &str) -> Self {
        let mut child = program()
            .args(["serve", "--port", "0"])
            .args(words(further))
            .current_dir(site.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("Serving ") {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended before it served");
        }
        let url = line.split(' ').nth(1).unwrap().to_owned();
        Self { site, child, out, url }
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn port(&self) -> &str {
        self.url.trim_end_matches('/').rsplit(':').next().unwrap()
    }

    pub fn get(&self, path: &str) -> Answer {
        let port = self.port();
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"))
    }

    /// Sends these bytes, and reads the answer to its end.
    pub fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Asks until the answer holds `text`.
    pub fn wait_for(&self, path: &str, text: &str) -> String {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self.get(path);
            if answer.body.contains(text) {
                return answer.body;
            }
            assert!(Instant::now() < until, "{path} never held {text}:\n{}", answer.body);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses Ctrl-C; returns the exit code and what was printed last.
    pub fn interrupt(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let mut printed = String::new();
        self.out.read_to_string(&mut printed).unwrap();
        (self.child.wait().unwrap().code(), printed)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the tests.
pub fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A folder of samples beside the repository; says so when it is left out.
pub fn shared(path: &str) -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !place.exists() {
        eprintln!("left out: {path} is not here");
        return None;
    }
    Some(place)
}

/// The digest that `sha256sum` prints.
pub fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was printed, without the digest of the log's last line: it holds the time at which a test sealed something.
pub fn without_log(printed: &str) -> String {
    let mut parts = printed.split_inclusive("log ").flat_map(|part| part.split_inclusive("\"log\":[\""));
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digest = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        out += if digest == 64 { "[LOG]" } else { &part[..digest] };
        out += &part[digest..];
    }
    out
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok) {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut quoted = false;
    let mut word = String::new();
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            c => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}
