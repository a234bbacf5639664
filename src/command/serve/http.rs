//! Answering browsers: from an address to bytes, on this machine alone.
//!
//! In: requests. Out: files of the live site, and news of it. Nothing is looked up on the disk, so no address leads out
//! of the site; a page elsewhere that names this machine by a name of its own is refused.

use super::live::{self, Live, PageState};
use crate::document::links;
use crate::text;
use rustix::net::sockopt::{Timeout, set_socket_timeout, set_tcp_nodelay};
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tiny_http::{Header, Method, Request, Response};

/// A running server; `end` ends it.
pub struct Server {
    inner: Arc<tiny_http::Server>,
    url: String,
    answering: JoinHandle<()>,
}

/// The port that is tried first, so that a bookmark stays good.
const USUAL_PORT: u16 = 4747;
/// Most pages that may wait for news; further ones are answered at once and ask again.
const MOST_WAITING: usize = 64;

impl Server {
    /// Listens on this machine's own address. An error says what stands in the way.
    pub fn start(live: &Arc<Live>, port: Option<u16>) -> Result<Self, String> {
        let server = match port {
            Some(port) => listen(port).map_err(|error| format!("port {port} can't be used: {error}"))?,
            None => listen(USUAL_PORT).or_else(|_| listen(0)).map_err(|error| error.to_string())?,
        };
        let port = server.server_addr().to_ip().map_or(0, |address| address.port());
        let inner = Arc::new(server);
        let waiting = Arc::new(AtomicUsize::new(0));
        let (requests, live) = (Arc::clone(&inner), Arc::clone(live));
        let answering = thread::spawn(move || {
            while let Ok(request) = requests.recv() {
                let (live, waiting) = (Arc::clone(&live), Arc::clone(&waiting));
                thread::spawn(move || respond(request, &live, &waiting, port));
            }
        });
        Ok(Self { inner, url: format!("http://127.0.0.1:{port}/"), answering })
    }

    /// Where the first page is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops answering. Nobody waits for a browser that does not read.
    pub fn end(self) {
        self.inner.unblock();
        // A thread that panicked has said so already.
        let _ = self.answering.join();
    }
}

/// How long an answer may lie unread before its connection is given up.
const UNREAD: Duration = Duration::from_secs(60);

/// Without waiting to fill packets: an answer of two parts would be 40 ms late on a connection that is kept. Accepted
/// connections inherit it.
fn listen(port: u16) -> Result<tiny_http::Server, Box<dyn Error + Send + Sync>> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    set_tcp_nodelay(&listener, true)?;
    set_socket_timeout(&listener, Timeout::Send, Some(UNREAD))?;
    tiny_http::Server::from_listener(listener, None)
}

/// Answers one request, for as long as its sender takes to be read from and to read.
fn respond(request: Request, live: &Live, waiting: &AtomicUsize, port: u16) {
    let asked = HttpRequest::of(&request);
    if let Some(refusal) = refusal(&asked, port) {
        return send(request, refusal);
    }
    let Some(query) = asked.path.strip_prefix(NEWS) else {
        let answer = page(live, &asked.path);
        return send(request, answer);
    };
    let answer = if waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING {
        news(live, query)
    } else {
        HttpAnswer::text(503, "too many pages wait for news")
    };
    waiting.fetch_sub(1, Ordering::Relaxed);
    send(request, answer);
}

/// What a browser asks, as far as it matters.
struct HttpRequest {
    reads: bool,
    host: String,
    site: String,
    path: String,
}

impl HttpRequest {
    fn of(request: &Request) -> Self {
        let header = |name: &'static str| {
            let found = request.headers().iter().find(|header| header.field.equiv(name));
            found.map_or_else(String::new, |header| header.value.to_string())
        };
        Self {
            reads: matches!(request.method(), Method::Get | Method::Head),
            host: header("Host"),
            site: header("Sec-Fetch-Site"),
            path: request.url().to_owned(),
        }
    }
}

/// Why a request is not answered; none if it is.
fn refusal(asked: &HttpRequest, port: u16) -> Option<HttpAnswer> {
    let own = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
    if !own.contains(&asked.host.to_lowercase()) {
        return Some(HttpAnswer::text(403, "this server answers to 127.0.0.1 and localhost alone"));
    }
    if !asked.reads {
        return Some(HttpAnswer::text(405, "pages here can only be read"));
    }
    let from_elsewhere = asked.site == "cross-site" && asked.path.starts_with(OWN);
    from_elsewhere.then(|| HttpAnswer::text(403, "this is for pages of this server alone"))
}

/// Where the server's own files lie; no file of a site can have this name.
const OWN: &str = "/_goldbook/";
const SCRIPT: &str = "/_goldbook/live.js";
const STYLE: &str = "/_goldbook/nothing.css";
const NEWS: &str = "/_goldbook/news.js?";

fn page(live: &Live, url: &str) -> HttpAnswer {
    let path = url.split(['?', '#']).next().unwrap_or("");
    if path == SCRIPT {
        return HttpAnswer::new(200, "text/javascript; charset=utf-8", include_bytes!("live.js").as_slice());
    }
    if path == STYLE {
        return HttpAnswer::new(200, "text/css; charset=utf-8", include_bytes!("nothing.css").as_slice());
    }
    let path = links::decode(path);
    let Some(path) = path.strip_prefix('/') else { return HttpAnswer::text(400, "an address begins with `/`") };
    let site = live.site();
    if let Some((name, file)) = live::find(&site, path) {
        return match file.bytes() {
            Err(error) => HttpAnswer::text(500, &error.error.to_string()),
            Ok(bytes) if name.ends_with(".html") => {
                HttpAnswer::new(200, HTML, with_script(&bytes, &file.digest.to_string(), &live.looks()))
            }
            Ok(bytes) => HttpAnswer::new(200, media_type(name), &*bytes),
        };
    }
    let folder = format!("{path}/");
    if live::find(&site, &folder).is_some() {
        return HttpAnswer { location: Some(format!("/{}", encoded(&folder))), ..HttpAnswer::text(301, "see there") };
    }
    HttpAnswer::new(404, HTML, with_script(nothing_here(path, site.parts.is_empty()).as_bytes(), "", &live.looks()))
}

const HTML: &str = "text/html; charset=utf-8";

/// A page with the script that waits for news at its end.
fn with_script(page: &[u8], digest: &str, looks: &str) -> Vec<u8> {
    let script = format!("<script src=\"{SCRIPT}\" data-page=\"{digest}\" data-looks=\"{looks}\" defer></script>\n");
    let end = memchr::memmem::rfind(page, b"</body>").unwrap_or(page.len());
    [&page[..end], script.as_bytes(), &page[end..]].concat()
}

/// What stands at an address where the site has nothing, now.
fn nothing_here(path: &str, empty: bool) -> String {
    let (title, text) = if empty {
        let text = "It has errors. As soon as they are mended, it appears here.";
        ("The site can’t be made yet", text.to_owned())
    } else {
        let text = format!(
            "The site has nothing at <code>/{}</code>, or not for this audience. <a href=\"/\">To the first page</a>",
            text::html(path)
        );
        ("Nothing here", text)
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"{STYLE}\"></head>\n\
         <body><main id=\"main\"><h1>{title}</h1><p>{text}</p></main></body></html>\n"
    )
}

/// The news as a script, which a page may load where its policy lets it fetch nothing.
fn news(live: &Live, query: &str) -> HttpAnswer {
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| links::decode(value)).next().unwrap_or_default()
    };
    let (path, page, looks) = (value("path"), value("page"), value("looks"));
    let round = value("round").parse().unwrap_or(0);
    let path = path.strip_prefix('/').unwrap_or(&path);
    let news = live.news(&PageState { round, path, page: &page, looks: &looks });
    let json = serde_json::to_string(&news).unwrap_or_else(|_| "null".to_owned());
    HttpAnswer::new(200, "text/javascript; charset=utf-8", format!("goldbook.hear({json});\n").into_bytes())
}

/// What a browser gets.
struct HttpAnswer {
    status: u16,
    media_type: &'static str,
    bytes: Vec<u8>,
    location: Option<String>,
}

impl HttpAnswer {
    fn new(status: u16, media_type: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { status, media_type, bytes: bytes.into(), location: None }
    }

    fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{text}\n").into_bytes())
    }
}

/// Headers of every answer: nothing is kept, guessed, or lent to pages elsewhere.
const HEADERS: [(&str, &str); 4] = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
];

/// For what is not a page: opened by itself, it runs nothing.
const INERT: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// For pages, which say the same of themselves.
const PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; \
                     form-action 'none'; frame-ancestors 'none'";

fn send(request: Request, answer: HttpAnswer) {
    let mut response = Response::from_data(answer.bytes).with_status_code(answer.status);
    let policy = if answer.media_type == HTML { PAGES } else { INERT };
    let own = [("Content-Type", answer.media_type), ("Content-Security-Policy", policy)];
    let location = answer.location.as_deref().map(|place| ("Location", place));
    for (name, value) in HEADERS.into_iter().chain(own).chain(location) {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // A browser that went away needs no answer.
    let _ = request.respond(response);
}

/// A path as it stands in a header.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The media type of a file, by its extension.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("").to_lowercase().as_str() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "json" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "md" | "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        "woff2" => "font/woff2",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        _ => "application/octet-stream",
    }
}
