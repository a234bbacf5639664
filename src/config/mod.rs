//! Settings: `goldbook.yaml` as a complete, checked `Config`.
//!
//! In: the text of the file. Out: settings in which every default is settled and every audience exists.
//! Nothing after this looks at an optional setting again.

mod ask;
mod checks;
mod hidden_comments;

use crate::audience::{AudienceId, Audiences};
use crate::diagnostic::{Diagnostics, Severity, rules};
use crate::digest::Digest;
use crate::markdown::outline::ALERTS;
use crate::schema::{
    FromYaml, Id, OpenMapping, Spanned, Unread, Words, ZeroToOne, check_id, keyed_by_ids, mapping, merged,
};
use crate::sensitive::AllowedTexts;
use crate::source::FileId;
use crate::yaml::{self, Node};
pub use ask::{AskAddress, AskedPlace};
use checks::Checks;
pub use hidden_comments::HiddenComment;
use hidden_comments::HiddenComments;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Name of the settings file; the folder it lies in is the site's root.
pub const FILE: &str = "goldbook.yaml";

mapping! {
    /// The settings of a site.
    pub struct SiteKeys = "goldbook.yaml" {
        /// The site's name.
        needed title: String = "Agent trajectory ratings";
        /// Who may read what: each audience with those whose pages it also sees.
        needed audiences: Audiences = "{contractors: [], internal: [contractors]}";
        /// Who may read a page that does not say.
        needed default_audience: Spanned<String> = "contractors";
        /// Who may read gold; `internal` unless said, else the narrowest audience.
        optional gold_audience: Spanned<String> = "internal";
        /// Who may read reports; the narrowest audience unless said.
        optional report_audience: Spanned<String> = "leads";
        /// Audiences of vendors, each with the cohort whose reports it gets: that one's own figures, and nothing of others.
        optional editions: OpenMapping<Spanned<String>> = "{atlas: atlas-2026q4}";
        /// BCP 47 tag of the pages' language.
        usually language: String = "en";
        /// In which ISO weeks are counted: a name of the IANA database.
        usually time_zone: TimeZone = "UTC";
        /// Names that audiences had before, each with today's: texts that were sealed under the old name stay theirs.
        optional renamed_audiences: OpenMapping<Spanned<String>> = "{raters: contractors}";
        /// Files that ship although they cannot be searched for what readers may not see, each with who may have it.
        optional assets: OpenMapping<Spanned<String>> = "{content/pages/guide.pdf: contractors}";
        /// Where an audience's folder is on its host, if not at the top: the page for an address that is not there leads
        /// to it.
        optional served_at: OpenMapping<HostPath> = "{contractors: /programme/contractors/}";
        /// The address of an audience's folder, which names it for good in feeds, and wherever an address must be whole.
        optional url: OpenMapping<SiteUrl> = "{contractors: 'https://rate.example.org/'}";
        /// Where readers ask: a mail address, or that of a form or tracker in which `{where}` is what is asked about.
        optional ask: AskAddress = "leads@example.org";
        /// Whether anyone may read what the default audience may: search engines list its pages, and `llms.txt` is made.
        usually public: bool = "false";
        /// Whether every release must be signed (`goldbook release --sign`).
        usually signing: Signing = "optional";
        /// Severity of rules where it differs from the usual; `goldbook check --list` shows them all.
        optional checks: Checks = "{broken-link: warning}";
        /// What runs, and texts, may hold although it looks like a key or an address, each with the reason: a text, in which
        /// `*` is any letters, or the name of what finds it, such as `ip-address`.
        optional allowed_in_runs: OpenMapping<String> = "{'*@lists.example.net': addresses of public lists}";
        /// Comments of raters that no page shows, each with the reason: a file below `content/ratings/` and a line of it.
        optional hidden_comments: HiddenComments = "{'2026-W49.csv:12': names a colleague}";
        /// Fewest gold items for a verdict.
        usually minimum_gold: u32 = "20";
        /// How far a share may have moved, from 0 to 1, and still be called unchanged, or be below the experts' and still be
        /// called no worse; never so called unless it is set.
        optional margin: ZeroToOne = "0.05";
        /// Bytes to which one packed file of ratings may expand.
        usually most_unpacked: ByteSize = "8 GiB";
        /// Folder below `themes/` whose files replace those of the default theme.
        optional theme: Id = "mine";
    }
}

/// The settings of a site, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// Who may read what.
    pub audiences: Audiences,
    /// Who may read a page that does not say.
    pub default_audience: AudienceId,
    /// Who may read gold; nobody on a site without a narrower audience.
    pub gold_audience: Option<AudienceId>,
    /// Who may read reports; nobody on a site without a narrower audience.
    pub report_audience: Option<AudienceId>,
    /// The cohort whose reports an audience gets that sees no others, by the audience.
    pub editions: BTreeMap<AudienceId, Spanned<String>>,
    /// Who may have files that cannot be searched, by their paths.
    pub assets: BTreeMap<String, AudienceId>,
    /// Where the folder of an audience is on its host, by the audience's name; at the top where nothing is said.
    served_at: BTreeMap<String, String>,
    /// The address of the folder of an audience, by the audience's name.
    urls: BTreeMap<String, String>,
    /// Where readers ask; nowhere unless said.
    pub ask: Option<AskAddress>,
    /// Whether anyone may read what the default audience may.
    public: bool,
    /// BCP 47 tag of the pages' language.
    pub language: String,
    /// In which ISO weeks are counted.
    pub time_zone: TimeZone,
    /// Whether every release must be signed.
    pub signing_required: bool,
    /// Severity of rules where it differs from the usual.
    pub checks: BTreeMap<String, Severity>,
    /// What runs may hold although it looks like a key or an address.
    pub allowed_in_runs: AllowedTexts,
    /// Comments of raters that no page shows, by their places.
    pub hidden_comments: Vec<HiddenComment>,
    /// Fewest gold items for a verdict.
    pub minimum_gold: u64,
    /// How far a share may have moved and still be called unchanged, or be below the experts' and no worse.
    pub margin: Option<f64>,
    /// Bytes to which one packed file of ratings may expand.
    pub most_unpacked: u64,
    /// Folder below `themes/` whose files replace those of the default theme.
    pub theme: Option<String>,
    /// SHA-256 of the settings file.
    pub digest: Digest,
}

/// Reads the settings; every problem is recorded.
pub fn parse(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Config> {
    let mut found = Diagnostics::default();
    let digest = Digest::of(text.as_bytes());
    let config = yaml::parse(text, file, 0, &mut found).and_then(|node| read(&node, digest, &mut found));
    found.as_settings();
    let whole = found.gate().is_ok();
    diagnostics.append(found);
    config.filter(|_| whole)
}

fn read(node: &Node, digest: Digest, diagnostics: &mut Diagnostics) -> Option<Config> {
    let keys = SiteKeys::from_yaml(node, diagnostics)?;
    let mut audiences = keys.audiences?;
    for (former, today) in keys.renamed_audiences.into_iter().flat_map(|OpenMapping(renamed)| renamed) {
        let Some(audience) = audiences.named(&today.value, today.span, diagnostics) else { continue };
        if audiences.find(&former.text).is_some() {
            let message = format!("`{}` is the name of an audience today", former.text);
            diagnostics.add(rules::INVALID_VALUE, former.span, message).help("the name of before comes first");
        } else {
            audiences.renamed(former.text, audience);
        }
    }
    let assets = keys.assets.into_iter().flat_map(|OpenMapping(assets)| assets);
    let assets: Vec<_> = assets
        .filter_map(|(path, audience)| Some((path.text, audiences.named(&audience.value, audience.span, diagnostics)?)))
        .collect();
    let served_at = by_audience(keys.served_at, &audiences, |HostPath(path)| path, diagnostics);
    let urls = by_audience(keys.url, &audiences, |SiteUrl(url)| url, diagnostics);
    let [default, gold, reports] = [keys.default_audience, keys.gold_audience, keys.report_audience];
    let [default, named_gold, named_reports] = [&default, &gold, &reports]
        .map(|name| name.as_ref().and_then(|Spanned { value, span }| audiences.named(value, *span, diagnostics)));
    let default_audience = default?;
    let narrower = |id: &AudienceId| *id != default_audience && !audiences.sees(default_audience, *id);
    for (name, named) in [(gold, named_gold), (reports, named_reports)] {
        if let (Some(name), Some(named)) = (name, named)
            && !narrower(&named)
        {
            let message = format!("`{}` is not narrower than the default audience", audiences.name(named));
            diagnostics.add(rules::INVALID_VALUE, name.span, message).help("gold and reports are never for everybody");
        }
    }
    let narrowest = audiences.narrowest().filter(narrower);
    let editions = editions(keys.editions, &audiences, named_reports.or(narrowest), diagnostics);
    let internal = audiences.find("internal").filter(narrower);
    Some(Config {
        title: keys.title?,
        default_audience,
        gold_audience: named_gold.or(internal).or(narrowest),
        report_audience: named_reports.or(narrowest),
        editions,
        audiences,
        assets: assets.into_iter().collect(),
        served_at,
        urls,
        ask: keys.ask,
        public: keys.public,
        language: keys.language,
        time_zone: keys.time_zone,
        signing_required: keys.signing == Signing::Required,
        checks: keys.checks.map_or_else(BTreeMap::new, |Checks(checks)| checks),
        allowed_in_runs: allowed(keys.allowed_in_runs),
        hidden_comments: keys.hidden_comments.map_or_else(Vec::new, |HiddenComments(comments)| comments),
        minimum_gold: u64::from(keys.minimum_gold),
        margin: keys.margin.map(|ZeroToOne(margin)| margin),
        most_unpacked: keys.most_unpacked.0,
        theme: keys.theme.map(|Id(theme)| theme),
        digest,
    })
}

/// The texts that are allowed; the reasons are for whoever reads the settings.
fn allowed(said: Option<OpenMapping<String>>) -> AllowedTexts {
    AllowedTexts::new(said.into_iter().flat_map(|OpenMapping(entries)| entries).map(|(text, _)| text.text))
}

/// The cohort of each audience that gets one's reports alone.
fn editions(
    said: Option<OpenMapping<Spanned<String>>>,
    audiences: &Audiences,
    reports: Option<AudienceId>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<AudienceId, Spanned<String>> {
    let mut editions = BTreeMap::new();
    for (name, cohort) in said.into_iter().flat_map(|OpenMapping(entries)| entries) {
        let Some(audience) = audiences.named(&name.text, name.span, diagnostics) else { continue };
        if audiences.may_see(audience, reports) {
            let message = format!("`{}` sees all reports", name.text);
            diagnostics
                .add(rules::INVALID_VALUE, name.span, message)
                .help("an edition is for an audience that sees none");
        } else {
            editions.insert(audience, cohort);
        }
    }
    editions
}

/// What is said of audiences, by the audience's name.
fn by_audience<T>(
    said: Option<OpenMapping<T>>,
    audiences: &Audiences,
    text: fn(T) -> String,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, value) in said.into_iter().flat_map(|OpenMapping(entries)| entries) {
        let audience = audiences.named(&name.text, name.span, diagnostics);
        found.extend(audience.map(|audience| (audiences.name(audience).to_owned(), text(value))));
    }
    found
}

impl Config {
    /// What every address of an audience's folder begins with on its host.
    pub fn top(&self, audience: &str) -> &str {
        self.served_at.get(audience).map_or("/", String::as_str)
    }

    /// The address of an audience's folder, with a `/` at its end, if the settings say it.
    pub fn url(&self, audience: &str) -> Option<&str> {
        self.urls.get(audience).map(String::as_str)
    }

    /// Whether anyone may read what this audience may.
    pub fn is_public(&self, audience: &str) -> bool {
        self.public && self.audiences.name(self.default_audience) == audience
    }
}

/// The address of a folder, such as `https://rate.example.org/`.
#[derive(Clone, Debug)]
pub struct SiteUrl(String);

impl FromYaml for SiteUrl {
    fn schema() -> Json {
        json!({
            "type": "string",
            "pattern": "^https?://[A-Za-z0-9.-]+(:[0-9]+)?/((?!\\.{1,2}/)[A-Za-z0-9._~%-]+/)*$",
            "examples": ["https://rate.example.org/"],
        })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = node.text(diagnostics)?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_host = |host: &str| {
            let (name, port) = host.split_once(':').map_or((host, "0"), |(name, port)| (name, port));
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
            is_name && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_url = rest
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(host, path)| is_host(host) && is_host_path(&format!("/{path}")));
        if !is_url {
            node.wrong("the address of a folder such as `https://rate.example.org/`", diagnostics);
        }
        is_url.then(|| Self(text.to_owned()))
    }
}

/// The path of a folder from the top of its host, such as `/programme/contractors/`.
#[derive(Clone, Debug)]
pub struct HostPath(String);

impl FromYaml for HostPath {
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^/((?!\\.{1,2}/)[A-Za-z0-9._~%-]+/)*$", "examples": ["/programme/contractors/"] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = node.text(diagnostics)?;
        let is_path = is_host_path(text);
        if !is_path {
            node.wrong("a path from the top of the host such as `/programme/contractors/`", diagnostics);
        }
        is_path.then(|| Self(text.to_owned()))
    }
}

/// Whether a text is the path of a folder from the top of its host.
fn is_host_path(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~%/".contains(c);
    let is_folder = |part: &str| !matches!(part, "" | "." | "..");
    let inside = text.strip_prefix('/').and_then(|text| text.strip_suffix('/'));
    let is_path = text == "/" || inside.is_some_and(|inside| inside.split('/').all(is_folder));
    is_path && text.chars().all(is_plain)
}

impl FromYaml for Audiences {
    fn schema() -> Json {
        let mut schema = keyed_by_ids(OpenMapping::<Vec<String>>::schema());
        schema["propertyNames"]["not"] = json!({ "enum": ALERTS });
        merged(schema, json!({ "minProperties": 1 }))
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let OpenMapping(entries) = OpenMapping::<Unread<Vec<Spanned<String>>>>::from_yaml(node, diagnostics)?;
        let mut declared = Vec::new();
        for (key, sees) in entries {
            check_id(&key.text, key.span, diagnostics);
            if ALERTS.contains(&key.text.as_str()) {
                let message = format!("`{0}` can't be an audience: `[!{0}]` is an alert that everybody sees", key.text);
                diagnostics.add(rules::INVALID_VALUE, key.span, message);
            }
            let sees = sees.read(diagnostics)?;
            declared.push((key.text, sees.into_iter().map(|Spanned { value, span }| (value, span)).collect()));
        }
        Self::new(&declared, node.span, diagnostics)
    }
}

impl FromYaml for TimeZone {
    fn schema() -> Json {
        json!({ "type": "string", "examples": ["UTC", "Europe/Berlin"] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let name = node.text(diagnostics)?;
        let zone = Self::get(name).ok();
        if zone.is_none() {
            diagnostics
                .add(rules::INVALID_VALUE, node.span, format!("`{name}` is not a time zone"))
                .help("names are those of the IANA database, for example `Europe/Berlin`");
        }
        zone
    }
}

/// A size, such as `8 GiB`.
#[derive(Clone, Copy, Debug)]
pub struct ByteSize(u64);

/// Units of sizes, and how many bytes each is.
const UNITS: [(&str, u64); 2] = [("MiB", 1 << 20), ("GiB", 1 << 30)];

impl FromYaml for ByteSize {
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[1-9][0-9]{0,9} ?(MiB|GiB)$", "examples": ["8 GiB", "500 MiB"] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = node.text(diagnostics)?;
        let size = UNITS.iter().find_map(|(unit, bytes)| {
            let digits = text.strip_suffix(unit)?;
            let digits = digits.strip_suffix(' ').unwrap_or(digits);
            let is_number = (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            let count: u64 = digits.parse().ok().filter(|_| is_number && !digits.starts_with('0'))?;
            count.checked_mul(*bytes)
        });
        if size.is_none() {
            node.wrong("a size such as `8 GiB` or `500 MiB`", diagnostics);
        }
        size.map(Self)
    }
}

/// Whether releases must be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// They may be.
    Optional,
    /// They must be.
    Required,
}

impl Words for Signing {
    const WORDS: &'static [(&'static str, Self)] = &[("optional", Self::Optional), ("required", Self::Required)];
}
