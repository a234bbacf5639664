//! Tables that can't be read.

use super::*;
use std::io;

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let long = |rows: &str| refused(&format!("item,rater,label\n{rows}"), &ReadRequest::default());
    assert_eq!(
        long("a,r,1\n,r,1\n\na,,1\na,r\na,r,1,1\n"),
        "t.csv:3: the row names no item\nt.csv:5: the row names no rater\nt.csv:6: 2 cells under a head of 3\n\
         t.csv:7: 4 cells under a head of 3 (a cell that holds a delimiter must be quoted)"
    );
    assert!(long("a,r,1\na\0,r,1\n").starts_with("t.csv:3: a NUL byte"));
    assert!(long("a,r,1\n\"a\nb\",5\" x,1\n,,1\n").starts_with("t.csv:4: cell 2 holds a quote but is not quoted"));
    assert!(long("a,r,1\nb,\"r,1\n,,1\n,,1\n").ends_with("t.csv:3: the quote that opens here is never closed"));
    let (rows, more) = ("a,r\n".repeat(50), "and 30 more");
    assert!(long(&rows).ends_with(more));
    let bytes = |bytes: &'static [u8]| {
        read_sized(vec![TableSource::new("b.csv", bytes)], &ReadRequest::default(), sizes(64)).unwrap_err().to_string()
    };
    assert!(bytes(b"item,rater,label\na,\xff,1\n").starts_with("b.csv:2: bytes that are not UTF-8"));
    assert!(bytes(b"i\0t\0e\0m\0").contains("UTF-16 without a byte order mark"));
    assert!(bytes(b" \n\n").contains("there is nothing in it"));
    assert!(bytes(b"item,rater,label\ra,r,1\r").contains("carriage returns alone"));
    let wide = (0..60).map(|rater| format!("r{rater}")).collect::<Vec<_>>().join(",");
    assert!(refused(&wide, &ReadRequest::default()).starts_with("t.csv:1: 60 columns; no more than 50 are read"));
}

#[test]
fn what_never_ends_is_given_up() {
    let endless = |start: &'static str, byte: u8| {
        let source = TableSource::new("e.csv", io::Read::chain(start.as_bytes(), io::repeat(byte)));
        read_sized(vec![source], &ReadRequest::default(), sizes(64)).unwrap_err().to_string()
    };
    assert_eq!(endless("", b'x'), "e.csv:1: a row of more than 1 MiB begins here");
    assert_eq!(endless("", b','), "e.csv:1: a row of more than 1 MiB begins here");
    assert_eq!(endless("item,rater,label\na,r,1\n", b'x'), "e.csv:3: a row of more than 1 MiB begins here");
    assert!(endless("item,rater,label\na,r,\"", b'\n').contains("a quote that is not closed?"));
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let source = TableSource::new("e.csv", io::Read::chain(b"item,rater,label\na,r,1\n".as_slice(), Broken));
    assert_eq!(
        read(vec![source], &ReadRequest::default()).unwrap_err().to_string(),
        "e.csv: it can't be read: the disk is gone"
    );
}
