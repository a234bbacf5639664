//! A small client of Chromium's DevTools protocol, so that tests can look at pages.
//! In: a URL and a view (size, colour scheme, scripts, print). Out: a loaded page that tells
//! what it shows, what it asked for and what it complained about.
//! It never skips: without Chromium it fails and names `tests/install-chromium`.
//! It never waits without end, never reaches the network, never leaves a process or a profile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Message, WebSocket, client::client_with_config};

/// The longest wait for the browser to start, for one answer, or for a page to load.
const PATIENCE: Duration = Duration::from_secs(20);
/// A page that is loaded and has been silent for this long has settled.
const QUIET: Duration = Duration::from_millis(150);
/// The longest wait for the browser to leave by itself before it is killed.
const FAREWELL: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(10);

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const FLAGS: [&str; 15] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--hide-scrollbars",
    // Names and addresses are unknown to this browser, but for the test's own server.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    // A proxy in the environment would be a way around the line above.
    "--no-proxy-server",
    "--remote-debugging-port=0",
    "about:blank",
];

/// A headless Chromium with an empty profile of its own; both end with the value.
pub struct Browser {
    process: Child,
    profile: TempDir,
    devtools: DevTools,
}

/// Where a running browser listens.
struct DevTools {
    port: u16,
    path: String,
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub scripts: bool,
    pub print: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { width: 1280, height: 800, dark: false, scripts: true, print: false }
    }
}

/// What a page did so far, each list in the order in which it happened.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Errors and warnings: of scripts, of the policy, of the network.
    pub console: Vec<String>,
    /// Every URL asked for, the page's own first.
    pub requests: Vec<String>,
    /// The reason and the URL of every request that got no proper answer.
    pub failed: Vec<String>,
}

impl Visit {
    /// The requests that would have left this machine.
    pub fn outside(&self) -> Vec<&str> {
        self.requests.iter().map(String::as_str).filter(|url| !is_local(url)).collect()
    }
}

fn is_local(url: &str) -> bool {
    ["file:///", "data:", "http://127.0.0.1:", "http://127.0.0.1/"].iter().any(|start| url.starts_with(start))
}

/// Whether a request is meant to stay without an answer for as long as there is no news.
fn waits_for_news(url: &str) -> bool {
    url.contains("/_goldbook/news.js")
}

/// A page in a tab that shares no cache, cookie or storage with another; dropping it closes it.
pub struct Page {
    connection: Connection,
    session: String,
    url: String,
    visit: Visit,
    /// Requests without an answer yet, by their id.
    pending: BTreeMap<String, String>,
    /// The documents whose load event has fired.
    loaded: BTreeSet<String>,
}

impl Browser {
    /// Starts Chromium: `$GOLDBOOK_CHROMIUM`, or the first of the usual names that exists.
    pub fn launch() -> Result<Self, String> {
        let profile = tempfile::tempdir().map_err(|e| format!("cannot make a profile: {e}"))?;
        let mut process = start(profile.path())?;
        match wait_for_devtools(&mut process, profile.path()) {
            Ok(devtools) => Ok(Self { process, profile, devtools }),
            Err(reason) => {
                end(&mut process);
                remove_profile(profile.path());
                Err(reason)
            }
        }
    }

    /// Opens `url` and waits until it has loaded and settled; panics when it does not.
    #[track_caller]
    pub fn open(&self, url: &str, view: &View) -> Page {
        or_panic(url, Page::open(&self.devtools, url, view))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let asked = Connection::open(&self.devtools)
            .and_then(|mut connection| connection.call("", "Browser.close", &json!({})));
        if asked.is_err() || wait_for_exit(&mut self.process, FAREWELL).is_none() {
            end(&mut self.process);
        }
        remove_profile(self.profile.path());
    }
}

fn start(profile: &Path) -> Result<Child, String> {
    let chosen = std::env::var("GOLDBOOK_CHROMIUM").ok();
    let names = chosen.as_deref().map_or(NAMES.to_vec(), |name| vec![name]);
    for name in &names {
        let log = File::create(log_of(profile)).map_err(|e| format!("no log file: {e}"))?;
        let spawned = Command::new(name)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .envs(["TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"].map(|folder| (folder, profile)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        match spawned {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("`{name}` does not start: {error}")),
            Ok(process) => return Ok(process),
        }
    }
    Err(format!(
        "there is no Chromium here (tried {}): run tests/install-chromium, \
         or set GOLDBOOK_CHROMIUM to the path of one",
        names.join(", ")
    ))
}

/// What the browser says while it starts; read only when it does not.
fn log_of(profile: &Path) -> PathBuf {
    profile.join("stderr.log")
}

/// Waits for the file in which Chromium writes its port and the path of its socket.
fn wait_for_devtools(process: &mut Child, profile: &Path) -> Result<DevTools, String> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let written = fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        if let Some((port, path)) = written.split_once('\n')
            && let Ok(port) = port.parse()
        {
            return Ok(DevTools { port, path: path.trim_end().to_owned() });
        }
        if let Some(status) = wait_for_exit(process, POLL) {
            return Err(not_started(&format!("ended with {status}"), profile));
        }
    }
    Err(not_started(&format!("was not ready after {PATIENCE:?}"), profile))
}

fn not_started(what: &str, profile: &Path) -> String {
    let log = fs::read_to_string(log_of(profile)).unwrap_or_default();
    format!("Chromium {what}; does tests/install-chromium find one that works? It said:\n{log}")
}

fn wait_for_exit(process: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + patience;
    loop {
        match process.try_wait() {
            Ok(None) if Instant::now() < deadline => sleep(POLL),
            Ok(status) => return status,
            Err(_) => return None,
        }
    }
}

fn end(process: &mut Child) {
    // Both fail only when the process has ended, and then there is nothing to do.
    process.kill().ok();
    process.wait().ok();
}

/// The browser's children outlive it for a moment and may write until then.
fn remove_profile(profile: &Path) {
    let deadline = Instant::now() + FAREWELL;
    while profile.exists() && fs::remove_dir_all(profile).is_err() && Instant::now() < deadline {
        sleep(POLL);
    }
}

impl Page {
    fn open(devtools: &DevTools, url: &str, view: &View) -> Result<Self, String> {
        let mut connection = Connection::open(devtools)?;
        let session = new_tab(&mut connection)?;
        let mut page = Self {
            connection,
            session,
            url: url.to_owned(),
            visit: Visit::default(),
            pending: BTreeMap::new(),
            loaded: BTreeSet::new(),
        };
        page.listen()?;
        page.set_view(view)?;
        page.navigate()?;
        Ok(page)
    }

    /// Goes on to another address in the same tab, as a reader does by a link, and waits until it has settled.
    #[track_caller]
    pub fn go(&mut self, url: &str) {
        url.clone_into(&mut self.url);
        let result = self.navigate();
        or_panic(url, result);
    }

    /// The text that a reader sees.
    #[track_caller]
    pub fn text(&mut self) -> String {
        self.eval("document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// The value of a JavaScript expression, awaited when it is a promise; panics when it throws.
    /// It works, and sees the same document, when the page's own scripts are off.
    #[track_caller]
    pub fn eval(&mut self, js: &str) -> Value {
        let result = self.try_eval(js);
        or_panic(&self.url, result)
    }

    /// Waits until the value of an expression is one for which `is_so` holds. While the page is left for another, which it
    /// may do by itself, there is no value.
    #[track_caller]
    pub fn eval_until(&mut self, js: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            match self.try_eval(js) {
                Ok(value) if is_so(&value) => return value,
                found => assert!(Instant::now() < until, "{}: `{js}` stays {found:?}", self.url),
            }
            sleep(POLL);
        }
    }

    /// Whether the document is wider than the window, so that a reader must scroll sideways.
    #[track_caller]
    pub fn scroll_width_exceeds(&mut self) -> bool {
        let metrics = self.call("Page.getLayoutMetrics", &json!({}));
        let metrics = or_panic(&self.url, metrics);
        let document = metrics["cssContentSize"]["width"].as_f64();
        document > metrics["cssLayoutViewport"]["clientWidth"].as_f64()
    }

    /// The page as assistive technology gets it: every node, in order.
    #[track_caller]
    pub fn accessibility_tree(&mut self) -> Vec<Value> {
        let tree = self.call("Accessibility.getFullAXTree", &json!({}));
        let mut tree = or_panic(&self.url, tree);
        serde_json::from_value(tree["nodes"].take()).unwrap()
    }

    /// Writes the whole page, not only what fits the window, as a PNG picture.
    #[track_caller]
    pub fn screenshot(&mut self, path: &Path) {
        let result = self.try_screenshot(path);
        or_panic(&self.url, result);
    }

    /// What the page did so far.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }

    /// Closes the page and returns what it did.
    pub fn close(self) -> Visit {
        self.visit
    }

    fn listen(&mut self) -> Result<(), String> {
        for domain in ["Page", "Network", "Log", "Runtime"] {
            self.call(&format!("{domain}.enable"), &json!({}))?;
        }
        self.call("Page.setLifecycleEventsEnabled", &json!({ "enabled": true }))?;
        Ok(())
    }

    fn set_view(&mut self, view: &View) -> Result<(), String> {
        let size = json!({
            "width": view.width, "height": view.height, "deviceScaleFactor": 1, "mobile": false,
        });
        let scheme = if view.dark { "dark" } else { "light" };
        let media = json!({
            "media": if view.print { "print" } else { "screen" },
            "features": [{ "name": "prefers-color-scheme", "value": scheme }],
        });
        let scripts = json!({ "value": !view.scripts });
        self.call("Emulation.setDeviceMetricsOverride", &size)?;
        self.call("Emulation.setEmulatedMedia", &media)?;
        self.call("Emulation.setScriptExecutionDisabled", &scripts)?;
        Ok(())
    }

    fn navigate(&mut self) -> Result<(), String> {
        let answer = self.call("Page.navigate", &json!({ "url": self.url }))?;
        match (&answer["errorText"], &answer["loaderId"]) {
            (Value::String(reason), _) => Err(format!("it cannot be opened: {reason}")),
            (_, Value::String(document)) => self.wait_until_settled(Some(document)),
            _ => Err("it has no document".to_owned()),
        }
    }

    /// Waits for the load event of `document`, then for silence with no request under way.
    fn wait_until_settled(&mut self, document: Option<&str>) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let loaded = document.is_none_or(|document| self.loaded.contains(document));
            let idle = loaded && self.pending.is_empty();
            let until = if idle { deadline.min(Instant::now() + QUIET) } else { deadline };
            match self.connection.receive(until)? {
                Some(message) => self.record(&message),
                None if idle => return Ok(()),
                None => return Err(self.still_loading()),
            }
        }
    }

    fn still_loading(&self) -> String {
        let urls: Vec<&str> = self.pending.values().map(String::as_str).collect();
        format!("it still loads after {PATIENCE:?}; without an answer: {urls:?}")
    }

    fn try_eval(&mut self, js: &str) -> Result<Value, String> {
        let request = json!({ "expression": js, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", &request)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(format!("`{js}` threw: {}", exception_text(details))),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    fn try_screenshot(&mut self, path: &Path) -> Result<(), String> {
        let size = self.call("Page.getLayoutMetrics", &json!({}))?["cssContentSize"].take();
        let request = json!({
            "format": "png",
            "captureBeyondViewport": true,
            "clip": {
                "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1,
            },
        });
        let answer = self.call("Page.captureScreenshot", &request)?;
        let picture = BASE64
            .decode(answer["data"].as_str().unwrap_or_default().as_bytes())
            .map_err(|e| format!("the picture is not Base64: {e}"))?;
        fs::write(path, picture).map_err(|e| format!("cannot write {}: {e}", path.display()))
    }

    fn call(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        let answer = self.connection.call(&self.session, method, params);
        for event in std::mem::take(&mut self.connection.events) {
            self.record(&event);
        }
        answer
    }

    fn record(&mut self, event: &Value) {
        let params = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => self.record_request(params),
            "Network.webSocketCreated" => self.visit.requests.push(string(&params["url"])),
            "Network.responseReceived" => self.record_response(params),
            "Network.loadingFailed" => self.record_failure(params),
            "Network.loadingFinished" => {
                self.pending.remove(&string(&params["requestId"]));
            }
            "Page.lifecycleEvent" if params["name"] == "load" => {
                self.loaded.insert(string(&params["loaderId"]));
            }
            _ => self.visit.console.extend(complaint(event)),
        }
    }

    fn record_request(&mut self, params: &Value) {
        let url = string(&params["request"]["url"]);
        if !waits_for_news(&url) {
            self.pending.insert(string(&params["requestId"]), url.clone());
        }
        self.visit.requests.push(url);
    }

    fn record_response(&mut self, params: &Value) {
        let status = &params["response"]["status"];
        if status.as_u64() >= Some(400) {
            self.fail(&params["requestId"], &status.to_string());
        }
    }

    fn record_failure(&mut self, params: &Value) {
        match &params["blockedReason"] {
            Value::String(part) => self.fail(&params["requestId"], &format!("blocked by {part}")),
            _ => self.fail(&params["requestId"], &string(&params["errorText"])),
        }
    }

    /// Only the first reason counts: a refused script, for one, is also reported as aborted.
    fn fail(&mut self, request: &Value, reason: &str) {
        if let Some(url) = self.pending.remove(&string(request)) {
            self.visit.failed.push(format!("{reason} {url}"));
        }
    }
}

/// Makes a tab that Chromium closes, with all it holds, when `connection` ends.
fn new_tab(connection: &mut Connection) -> Result<String, String> {
    let own = json!({ "disposeOnDetach": true });
    let context = connection.call("", "Target.createBrowserContext", &own)?;
    let blank = json!({ "url": "about:blank", "browserContextId": context["browserContextId"] });
    let target = connection.call("", "Target.createTarget", &blank)?;
    let flat = json!({ "targetId": target["targetId"], "flatten": true });
    let attached = connection.call("", "Target.attachToTarget", &flat)?;
    Ok(string(&attached["sessionId"]))
}

/// The error or warning that an event carries, if it carries one.
fn complaint(event: &Value) -> Option<String> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(exception_text(&params["exceptionDetails"])),
        "Runtime.consoleAPICalled" if is_complaint(&params["type"]) => {
            let parts = params["args"].as_array()?.iter().map(argument_text);
            Some(parts.collect::<Vec<_>>().join(" "))
        }
        "Log.entryAdded" if is_complaint(&params["entry"]["level"]) => {
            let entry = &params["entry"];
            Some(format!("{} {}", string(&entry["text"]), string(&entry["url"])).trim_end().to_owned())
        }
        _ => None,
    }
}

fn is_complaint(level: &Value) -> bool {
    matches!(level.as_str(), Some("error" | "warning" | "assert"))
}

fn exception_text(details: &Value) -> String {
    let thrown = argument_text(&details["exception"]);
    format!("{} {thrown}", string(&details["text"]))
}

fn argument_text(argument: &Value) -> String {
    match (&argument["description"], &argument["value"]) {
        (Value::String(description), _) => description.clone(),
        (_, Value::String(value)) => value.clone(),
        (_, value) => value.to_string(),
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn or_panic<T>(url: &str, result: Result<T, String>) -> T {
    match result {
        Ok(value) => value,
        Err(reason) => panic!("{url}: {reason}"),
    }
}

/// One line to the browser: requests go out, answers and events come in.
struct Connection {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    /// Events that came while an answer was awaited.
    events: Vec<Value>,
}

impl Connection {
    fn open(devtools: &DevTools) -> Result<Self, String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, devtools.port));
        let stream = TcpStream::connect_timeout(&address, PATIENCE)
            .and_then(|stream| {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                stream.set_nodelay(true)?;
                Ok(stream)
            })
            .map_err(|e| format!("Chromium does not listen: {e}"))?;
        let url = format!("ws://{address}{}", devtools.path);
        // A picture of a long page is one frame that is larger than the usual limit.
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (socket, _) =
            client_with_config(url, stream, Some(config)).map_err(|e| format!("Chromium does not answer: {e}"))?;
        Ok(Self { socket, last_id: 0, events: Vec::new() })
    }

    /// Asks the page of `session`, or the browser itself when that is empty.
    fn call(&mut self, session: &str, method: &str, params: &Value) -> Result<Value, String> {
        self.last_id += 1;
        let mut request = json!({ "id": self.last_id, "method": method, "params": params });
        if !session.is_empty() {
            request["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(request.to_string())).map_err(|e| format!("{method} cannot be sent: {e}"))?;
        self.answer(self.last_id).map_err(|reason| format!("{method}: {reason}"))
    }

    fn answer(&mut self, id: u64) -> Result<Value, String> {
        let deadline = Instant::now() + PATIENCE;
        while let Some(mut message) = self.receive(deadline)? {
            if message["id"] != id {
                self.events.push(message);
            } else if let Some(error) = message.get("error") {
                return Err(string(&error["message"]));
            } else {
                return Ok(message["result"].take());
            }
        }
        Err(format!("no answer after {PATIENCE:?}"))
    }

    /// The next message, or none by `deadline`.
    fn receive(&mut self, deadline: Instant) -> Result<Option<Value>, String> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.socket.get_ref().set_read_timeout(Some(left)).map_err(|e| format!("no time limit can be set: {e}"))?;
            match self.socket.read() {
                Ok(Message::Text(message)) => {
                    let parsed = serde_json::from_str(&message);
                    return parsed.map(Some).map_err(|e| format!("not JSON: {e}"));
                }
                Ok(_) => {}
                Err(tungstenite::Error::Io(e)) if is_timeout(e.kind()) => return Ok(None),
                Err(e) => return Err(format!("Chromium has gone: {e}")),
            }
        }
    }
}

fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
