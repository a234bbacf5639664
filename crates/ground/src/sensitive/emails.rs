//! E-mail addresses that may be somebody's.
//!
//! In: a text. Out: where addresses stand in it. What is made for examples, answers to nobody, names an account of a
//! machine, or is no address at all (a decorator, a version of a package, a product of matrices) is left out.

use super::{PlainRange, end_of, has};
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
        && !is_published(&text[..range.start])
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
    let is_country = last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase()) && !has(FILE_ENDINGS, last);
    is_country || has(TOPS, last) || (last.starts_with("xn--") || !last.is_ascii())
}

/// Endings of files that are countries too, far from most mail.
const FILE_ENDINGS: &str = "cc js md py sh so ts";

/// Ends of domains that people have mail at.
const TOPS: &str = "academy agency app biz blog blue capital care cloud club com company consulting design dev digital edu email \
    engineering global gov group health info institute int labs law life mil name net online org pro research \
    science software solutions systems tech xyz";

/// Domains that are set aside for examples and for machines of one's own, and where nobody reads mail.
fn is_reserved(host: &str) -> bool {
    const WHOLE: &str = "company.com corp.com domain.com domain.org email.com example.co.uk foo.bar foo.com bar.com host.com \
        mail.com mydomain.com mycompany.com server.com site.com somewhere.com test.com x.com xxx.com \
        yourcompany.com yourdomain.com";
    // Algorithms of SSH have names such as `umac-64@openssh.com`.
    const ENDS: &str = "amazonaws.com compute.internal googlegroups.com iam.gserviceaccount.com libssh.org lysator.liu.se \
        noreply.github.com openssh.com vger.kernel.org";
    let is_within =
        |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|before| before.ends_with('.'));
    let is_example = |label: &str| matches!(label, "example" | "examples" | "test" | "invalid" | "localhost" | "local");
    host.starts_with("lists.")
        || host.split('.').any(is_example)
        || has(WHOLE, host)
        || ENDS.split_whitespace().any(is_within)
}

/// Whether the line before it says that it is in the papers of a package: whose it is had it printed there.
fn is_published(before: &str) -> bool {
    let before = end_of(before, LONGEST_LINE);
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]).to_lowercase();
    ["maintainer", "author-email", "uploaders:", "copyright", "(c)", "©"].into_iter().any(|word| line.contains(word))
}

/// Bytes of a line before an address that are looked at.
const LONGEST_LINE: usize = 400;

/// Whether it is the name of an account, of a place holder, or of an office rather than a person.
fn is_nobody(local: &str) -> bool {
    const NAMES: &str = "a abuse admin administrator anonymous b bot bugs community contact devel do-not-reply \
        donotreply email feedback feedback-team foo git github github-actions hello help helpdesk hg info \
        inquiries inquiry jane.doe janedoe john.doe johndoe legal license list mail mailer mailer-daemon \
        maintainer maintainers marketing me media name newsletter no-reply nobody noreply office opensource \
        packages postmaster press privacy recipient root sales security sender service someone support svn team \
        test tester testuser ubuntu user username webmaster x you your-email your.email your_email youremail";
    let without_number = local.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let is_automatic = |mark: &str| local.contains(mark);
    has(NAMES, without_number)
        || without_number.is_empty()
        || ["noreply", "no-reply", "[bot]", "example"].into_iter().any(is_automatic)
}

/// Whether the address follows `scheme://`, perhaps with a name and a colon: then it is an account and its host.
fn is_of_an_url(before: &str) -> bool {
    let is_end = |c: char| c.is_whitespace() || "\"'<>()[]{}|,;?#/=&".contains(c);
    let before = end_of(before, LONGEST_LINE);
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
            ("Maintainer: x\nAuthor: Mara Lind <mara.lind@northmail.zz>", "mara.lind@northmail.zz"),
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
            "Maintainer: Mara Lind <mara@northmail.zz>",
            "# Copyright 2020 Mara Lind <mara@northmail.zz>",
            "support@northmail.zz umac-64-etm@openssh.com dev@lists.northmail.zz",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
