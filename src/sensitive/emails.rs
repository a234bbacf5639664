//! E-mail addresses that may be somebody's.
//!
//! In: a text. Out: where addresses stand in it. What is made for examples, answers to nobody, names an account of a
//! machine, or is no address at all (a decorator, a version of a package, a product of matrices) is left out.

use super::PlainRange;
use crate::text::addresses;
use std::ops::Range;

const RULE: &str = "e-mail";

/// Where addresses stand.
pub fn find(text: &str) -> Vec<PlainRange> {
    let inside = addresses::all(text).map(|range| from_its_first_letter(text, range));
    let real = inside.filter(|range| is_somebodys(text, range));
    real.map(|range| PlainRange { rule: RULE, range }).collect()
}

/// The range without what an escape or a quote before the address lends it: the `n` of `\nana@…`.
fn from_its_first_letter(text: &str, range: Range<usize>) -> Range<usize> {
    let (mut start, end) = (range.start, range.end);
    let address = &text.as_bytes()[start..end];
    if text[..start].ends_with('\\') {
        let is_hex = |bytes: &[u8]| bytes.len() == 4 && bytes.iter().all(u8::is_ascii_hexdigit);
        start += match address {
            [b'u', hex @ ..] if hex.get(..4).is_some_and(is_hex) => 5,
            [b'n' | b'r' | b't' | b'b' | b'f', ..] => 1,
            _ => 0,
        };
    }
    let local = &text[start..end];
    start += local.len() - local.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@').len();
    start..end
}

fn is_somebodys(text: &str, range: &Range<usize>) -> bool {
    let address = text[range.clone()].to_lowercase();
    let Some((local, host)) = address.split_once('@').filter(|(local, _)| !local.is_empty()) else { return false };
    is_host(host)
        && !is_reserved(host)
        && !is_nobody(local)
        && !is_of_an_url(&text[..range.start])
        && !text[range.end..].starts_with(['(', '@'])
}

/// Whether mail could be sent there: parts of letters, digits and `-`, the last of which is no ending of a file and no
/// version.
fn is_host(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let is_part = |part: &&str| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-');
    let Some((last, before)) = parts.split_last() else { return false };
    let starts_as_version = before.len() > 1 && before[0].bytes().all(|byte| byte.is_ascii_digit());
    let is_single = before.len() == 1 && before[0].chars().count() < 2;
    parts.iter().all(is_part) && is_top(last) && !starts_as_version && !is_single
}

/// Whether a domain may end so: a country, or one of the usual words.
fn is_top(last: &str) -> bool {
    let is_country =
        last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase()) && !FILE_ENDINGS.contains(&last);
    is_country || TOPS.contains(&last) || (last.starts_with("xn--") || !last.is_ascii())
}

/// Endings of files that are countries too, far from most mail.
const FILE_ENDINGS: [&str; 7] = ["cc", "js", "md", "py", "sh", "so", "ts"];

/// Ends of domains that people have mail at.
const TOPS: [&str; 42] = [
    "academy",
    "agency",
    "app",
    "biz",
    "blog",
    "blue",
    "capital",
    "care",
    "cloud",
    "club",
    "com",
    "company",
    "consulting",
    "design",
    "dev",
    "digital",
    "edu",
    "email",
    "engineering",
    "global",
    "gov",
    "group",
    "health",
    "info",
    "institute",
    "int",
    "labs",
    "law",
    "life",
    "mil",
    "name",
    "net",
    "online",
    "org",
    "pro",
    "research",
    "science",
    "software",
    "solutions",
    "systems",
    "tech",
    "xyz",
];

/// Domains that are set aside for examples and for machines of one's own, and where nobody reads mail.
fn is_reserved(host: &str) -> bool {
    const WHOLE: [&str; 21] = [
        "company.com",
        "corp.com",
        "domain.com",
        "domain.org",
        "email.com",
        "example.co.uk",
        "foo.bar",
        "foo.com",
        "bar.com",
        "host.com",
        "mail.com",
        "mydomain.com",
        "mycompany.com",
        "server.com",
        "site.com",
        "somewhere.com",
        "test.com",
        "x.com",
        "xxx.com",
        "yourcompany.com",
        "yourdomain.com",
    ];
    const ENDS: [&str; 5] =
        ["amazonaws.com", "compute.internal", "iam.gserviceaccount.com", "noreply.github.com", "googlegroups.invalid"];
    let is_within =
        |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|before| before.ends_with('.'));
    let is_example = |label: &str| matches!(label, "example" | "examples" | "test" | "invalid" | "localhost" | "local");
    host.split('.').any(is_example) || WHOLE.contains(&host) || ENDS.into_iter().any(is_within)
}

/// Whether it is the name of an account or of a place holder.
fn is_nobody(local: &str) -> bool {
    const NAMES: [&str; 42] = [
        "a",
        "admin",
        "alice",
        "anonymous",
        "b",
        "bob",
        "bot",
        "charlie",
        "donotreply",
        "email",
        "foo",
        "git",
        "github-actions",
        "hg",
        "jane.doe",
        "jane",
        "janedoe",
        "john.doe",
        "john",
        "johndoe",
        "mail",
        "me",
        "name",
        "nobody",
        "noreply",
        "no-reply",
        "do-not-reply",
        "postmaster",
        "root",
        "someone",
        "svn",
        "test",
        "tester",
        "testuser",
        "ubuntu",
        "user",
        "username",
        "x",
        "you",
        "your.email",
        "your-email",
        "youremail",
    ];
    let without_number = local.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let is_automatic = |mark: &str| local.contains(mark);
    NAMES.contains(&without_number)
        || without_number.is_empty()
        || ["noreply", "no-reply", "[bot]", "example"].into_iter().any(is_automatic)
}

/// Whether the address follows `scheme://`, perhaps with a name and a colon: then it is an account and its host.
fn is_of_an_url(before: &str) -> bool {
    let is_end = |c: char| c.is_whitespace() || "\"'<>()[]{}|,;?#/=&".contains(c);
    let start = before.rfind(is_end).map_or(0, |at| at + 1);
    before[..start].ends_with("://") && !before[..start].ends_with("mailto://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|PlainRange { range, .. }| &text[range]).collect()
    }

    #[test]
    fn an_address_is_found_wherever_it_stands() {
        for (text, address) in [
            ("From: Mara Lind <mara.lind@northmail.zz>", "mara.lind@northmail.zz"),
            ("{\\\"to\\\": \\\"mara@northmail.zz\\\"}", "mara@northmail.zz"),
            ("\\nmara@northmail.zz\\n", "mara@northmail.zz"),
            ("\\u003cmara@northmail.zz\\u003e", "mara@northmail.zz"),
            ("'mara@northmail.zz'", "mara@northmail.zz"),
            ("https://northmail.zz/?to=mara@northmail.zz", "mara@northmail.zz"),
            ("mailto:mara@163.com.", "mara@163.com"),
            ("mära@nördmail.zz", "mära@nördmail.zz"),
        ] {
            assert_eq!(found(text), [address], "{text}");
        }
    }

    #[test]
    fn what_is_nobodys_is_left_out() {
        for text in [
            "user@example.com, a@b.example.org and noreply@northmail.zz",
            "git@github.com:org/repo.git",
            "12345+mara@users.noreply.github.com",
            "https://mara:pass@host.northmail.zz/x postgres://mara@db.northmail.zz/x",
            "@pytest.mark.parametrize and x@pytest.mark.skip",
            "lodash@4.17.21 next@15.0.0-rc.1 icon@2x.png script@run.py",
            "y = x@w.to(device) and a@b.T",
            "ubuntu@ip-10-0-0-1.ec2.internal root@db1.northmail.zz",
            "@ @. a@ @b.com",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
