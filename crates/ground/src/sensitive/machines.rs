//! Addresses of machines that others can reach.
//!
//! In: a text. Out: where IP addresses stand in it. Those of one's own machine or network, of documents, of well-known name
//! servers and of whole networks are left out, and so are versions that look like one.

use super::PlainRange;
use super::keys::AsciiPattern;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

const RULE: &str = "ip-address";

static OLD: LazyLock<AsciiPattern> = LazyLock::new(|| AsciiPattern::new(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"));
static NEW: LazyLock<AsciiPattern> =
    LazyLock::new(|| AsciiPattern::new(r"\b[23][0-9a-fA-F]{3}(?::[0-9a-fA-F]{0,4}){2,7}"));

/// Where addresses stand.
pub fn find(text: &str) -> Vec<PlainRange> {
    let old = OLD.ranges(text).filter(|range| is_old(text, range));
    let new = NEW.ranges(text).filter(|range| is_new(text, range));
    old.chain(new).map(|range| PlainRange { rule: RULE, range }).collect()
}

fn is_old(text: &str, range: &Range<usize>) -> bool {
    let Ok(address) = text[range.clone()].parse::<Ipv4Addr>() else { return false };
    is_reachable(address) && !is_version(address, &text[..range.start], &text[range.end..])
}

/// Whether it is one machine's, out there.
fn is_reachable(address: Ipv4Addr) -> bool {
    let [first, second, third, last] = address.octets();
    let is_own = address.is_private() || address.is_loopback() || address.is_link_local() || first == 0;
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_for_tests = address.is_documentation() || (first == 198 && (18..20).contains(&second));
    let is_service = (first, second, third) == (192, 0, 0) || NAME_SERVERS.contains(&address.octets());
    let is_network = first >= 224 || matches!(last, 0 | 255);
    !(is_own || is_shared || is_for_tests || is_service || is_network)
}

/// Servers that everybody asks for names.
const NAME_SERVERS: [[u8; 4]; 10] = [
    [1, 1, 1, 1],
    [1, 0, 0, 1],
    [4, 2, 2, 2],
    [8, 8, 4, 4],
    [8, 8, 8, 8],
    [9, 9, 9, 9],
    [114, 114, 114, 114],
    [168, 63, 129, 16],
    [208, 67, 220, 220],
    [208, 67, 222, 222],
];

/// Whether four numbers are rather those of a version, or of a section: small ones, or in the place of one.
fn is_version(address: Ipv4Addr, before: &str, after: &str) -> bool {
    let is_small = address.octets().into_iter().all(|part| part < 20);
    // Objects of X.500 and of certificates are named so.
    let is_object = matches!(address.octets(), [1, 2 | 3, ..] | [2, 5 | 16, ..]);
    let is_compared =
        ["<<", "<=", "==", ">=", ">>", "~=", "!="].into_iter().any(|sign| before.trim_end().ends_with(sign));
    let follows_epoch = before.strip_suffix(':').is_some_and(|epoch| epoch.ends_with(|c: char| c.is_ascii_digit()));
    let goes_on_before = before.ends_with(|c: char| c.is_alphanumeric() || "._-+^~<".contains(c))
        || (before.ends_with('/') && !before.ends_with("//"));
    let mut next = after.chars();
    let goes_on_after = match next.next() {
        Some(c) if c.is_alphanumeric() || "_-+".contains(c) => true,
        Some('.' | '/') => next.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    let word = before.trim_end_matches(|c: char| c.is_whitespace() || ":=\"'".contains(c));
    let is_named = ["version", "Version", "release", "section", "Section"].into_iter().any(|name| word.ends_with(name));
    is_small || is_object || is_compared || follows_epoch || goes_on_before || goes_on_after || is_named
}

fn is_new(text: &str, range: &Range<usize>) -> bool {
    let Ok(address) = text[range.clone()].parse::<Ipv6Addr>() else { return false };
    let is_for_documents = matches!(address.segments(), [0x2001, 0xdb8, ..] | [0x3fff, ..]);
    let is_name_server = matches!(address.segments(), [0x2001, 0x4860, 0x4860, ..] | [0x2606, 0x4700, 0x4700, ..]);
    let is_network = address.segments()[7] == 0;
    let goes_on = |end: Option<char>| end.is_some_and(|c| c.is_alphanumeric() || c == ':' || c == '.');
    let is_alone = !goes_on(text[..range.start].chars().next_back()) && !goes_on(text[range.end..].chars().next());
    is_alone && !is_for_documents && !is_name_server && !is_network
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|PlainRange { range, .. }| &text[range]).collect()
    }

    #[test]
    fn a_machine_that_others_reach_is_found() {
        for (text, address) in [
            ("ssh deploy@192.88.99.7", "192.88.99.7"),
            ("http://192.88.99.7:8080/x", "192.88.99.7"),
            ("inet 192.88.99.7 scope global.", "192.88.99.7"),
            ("<td>192.88.99.7</td>", "192.88.99.7"),
            ("from 192.88.99.7.", "192.88.99.7"),
            ("ip=\"192.88.99.7\"", "192.88.99.7"),
            ("inet6 2001:2f:17:2b3::1/64", "2001:2f:17:2b3::1"),
        ] {
            assert_eq!(found(text), [address], "{text}");
        }
    }

    #[test]
    fn ones_own_machines_and_versions_are_left_out() {
        for text in [
            "127.0.0.1 10.1.2.3 192.168.1.7 172.17.0.2 169.254.169.254 100.64.1.1 0.0.0.0 255.255.255.0 8.8.8.8",
            "192.0.2.9 198.51.100.4 203.0.113.77 2001:db8::1 fe80::1 ::1",
            "Chrome/120.0.6099.109 Chrome/120.0.0.0 numpy==192.88.99.7 v192.88.99.7 192.88.99.7.8 192.88.99.7-rc1",
            "(>= 192.88.99.7) 1:192.88.99.7 ObjectIdentifier(\"2.5.29.37\") 1.3.132.34",
            "section 4.3.2.1, 1.2.3.4, version 192.88.99.7, 300.1.2.3, 192.88.0.0/16",
            "2024:10:11 20:30:40 std::2a01::x 2a01::",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
