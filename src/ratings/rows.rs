//! Rows: the rows of one file of ratings, read by all threads and taken in their order.
//!
//! In: a source, and how it is to be read. Out: what is made of its rows, block by block; or why the file is left out, or
//! ends early. It never decides what a row means.

use super::columns::{Column, Row};
use super::expected::ColumnPlace;
use super::header::Header;
use super::imports::{Lacking, ReadHead, ScanRows, ToolRow, endings, for_head, may_hold_ratings, with_epochs};
use super::open::{FileReader, RatingsFile, TableHead};
use super::rejected::Refusal;
use crate::diagnostic::{Diagnostics, Fault, Place, rules};
use crate::schema::Words;
use crate::table::{Meant, Purpose, Rows, Stream, TableSource};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What takes the rows of one block.
pub trait RowSink<'a> {
    /// What becomes of them.
    type Made: Send;

    /// Takes a row.
    fn take(&mut self, row: &Row<'_, 'a>);

    /// Takes a line that is no rating.
    fn refuse(&mut self, line: u64, refusal: Refusal);

    /// Ends the block; `unreadable` are rows that were not cut into cells.
    fn finish(self, unreadable: Vec<Fault>) -> Self::Made;
}

/// Makes what takes the rows of each block.
pub trait RowSinks: Sync {
    /// What becomes of a block.
    type Made: Send;
    /// What takes one.
    type Sink<'s, 'a>: RowSink<'a, Made = Self::Made>
    where
        Self: 's;

    /// Begins a block.
    fn begin<'s, 'a>(&'s self) -> Self::Sink<'s, 'a>;
}

/// What there is to know of a file beside its rows.
#[derive(Default)]
pub struct FileFacts {
    /// Columns that nothing reads, in lower case.
    pub unknown: BTreeSet<String>,
    /// What was guessed of it, in words.
    pub guess: Option<String>,
    /// What its form does not hold though its tool knows it.
    pub lacks: Option<Lacking>,
    /// Whether something is said of it that is not asked for, since it was exported here.
    pub is_as_it_stands: bool,
}

impl FileFacts {
    /// Says what was guessed of the file at `path`, and where that `can_be_said`; and what it does not hold.
    pub fn tell(&self, path: &str, can_be_said: &str, diagnostics: &mut Diagnostics) {
        if let Some(guess) = &self.guess {
            diagnostics.add(rules::GUESSED_COLUMNS, Place::file(path), guess.clone()).help(can_be_said);
        }
        if let Some(Lacking { what, instead }) = self.lacks {
            diagnostics.add(rules::LOSSY_EXPORT, Place::file(path), what).help(instead);
        }
        if self.is_as_it_stands {
            let message =
                "`goldbook export` wrote it: it is read as it stands, and what is said of how to read it is left out";
            diagnostics.add(rules::LEFT_OUT, Place::file(path), message);
        }
    }
}

/// Rows of a tool's own file that are taken at a time.
const BLOCK: usize = 1 << 10;

impl FileReader<'_> {
    /// Reads one file; `Err` if it is left out, or ends before its end.
    pub fn read<S: RowSinks>(
        self,
        source: TableSource<'_>,
        sinks: &S,
        facts: &mut FileFacts,
        take: impl FnMut(S::Made) + Send,
    ) -> Result<(), Fault> {
        if !may_hold_ratings(&source.name) {
            let help = format!("ratings are read from {}", endings());
            return Err(Fault::whole("not a form of ratings that is read").help(help));
        }
        let is_guess = self.reading.tool.is_none();
        match self.open(source)? {
            RatingsFile::Own(form, source) => {
                facts.guess = is_guess.then(|| format!("read as an export of `{}`", form.tool().word()));
                facts.lacks = form.lacks();
                take_rows(&form.rows(source, self.sizes, self.reading, self.expected)?, sinks, take);
                Ok(())
            }
            RatingsFile::Scan(stream) => {
                facts.guess = is_guess.then(|| "read as results of `scout`".to_owned());
                self.read_scan(stream, sinks, take)
            }
            RatingsFile::Table(stream, told_by) => self.read_any(stream, told_by, sinks, facts, take),
            RatingsFile::Exported(stream) => {
                facts.is_as_it_stands = !self.reading.is_plain();
                let header = Header::of_exported(stream.head(), self.expected, stream.is_for_spreadsheets())?;
                self.read_table(stream, &header, sinks, facts, take)
            }
        }
    }

    /// Reads a table whose columns are told by its head, or by what is said of them.
    fn read_any<S: RowSinks>(
        self,
        stream: Stream<'_>,
        told_by: TableHead,
        sinks: &S,
        facts: &mut FileFacts,
        take: impl FnMut(S::Made) + Send,
    ) -> Result<(), Fault> {
        let (stream, epochs, first) = match told_by {
            TableHead::Own(again) => {
                let (stream, epochs) = with_epochs(stream, again, self.sizes)?;
                (stream, epochs, Vec::new())
            }
            TableHead::OfFirst(first) => (stream, None, first),
        };
        let head = if first.is_empty() { stream.head() } else { &first };
        let ReadHead { mut reading, guess, lacks } = for_head(self.reading, head, self.expected);
        (facts.guess, facts.lacks) = (guess, lacks);
        if epochs.is_some() {
            reading.to_mut().epochs = epochs;
        }
        let header = Header::of(stream.head(), self.expected, &reading)?;
        self.read_table(stream, &header, sinks, facts, take)?;
        // Columns are asked for that the first object shows not to be there.
        let is_there = |name: &String| first.iter().any(|key| key.eq_ignore_ascii_case(name));
        facts.unknown.retain(|name| first.is_empty() || Column::named(name).is_none() || is_there(name));
        Ok(())
    }

    /// Reads the results of one scanner.
    fn read_scan<S: RowSinks>(
        self,
        stream: Stream<'_>,
        sinks: &S,
        take: impl FnMut(S::Made) + Send,
    ) -> Result<(), Fault> {
        let scan = ScanRows::of(stream.head(), self.reading, self.expected)?;
        let read = scan.read(stream.head().len());
        let used = Purpose { read: &read, lists: &[], means: &|_| Meant::Nothing };
        let make = |rows: &mut Rows<'_>| {
            let mut found = Vec::new();
            rows.read(|row, cells, _| found.extend(scan.rows(row, cells)));
            let mut sink = sinks.begin();
            take_all(&found, &mut sink);
            sink.finish(rows.take_faults())
        };
        let met = stream.each_block(&used, make, take);
        met.faults.end.map_or(Ok(()), Err)
    }

    fn read_table<S: RowSinks>(
        self,
        stream: Stream<'_>,
        header: &Header<'_, '_>,
        sinks: &S,
        facts: &mut FileFacts,
        take: impl FnMut(S::Made) + Send,
    ) -> Result<(), Fault> {
        let expected = self.expected;
        // Objects may lack any key: what a row needs is asked of each.
        if !stream.is_of_objects() {
            header.check(stream.head(), expected)?;
        }
        facts.unknown = header.unknown(stream.head());
        let used = Purpose { read: &header.read(), lists: &header.lists(), means: &|key| expected.meant(key) };
        let make = |rows: &mut Rows<'_>| {
            let mut sink = sinks.begin();
            rows.read(|line, cells, _| {
                if cells.iter().any(|cell| !cell.is_empty())
                    && let Err(refusal) = header.rows(line, cells, |row| sink.take(row))
                {
                    sink.refuse(line, refusal);
                }
            });
            sink.finish(rows.take_faults())
        };
        let met = stream.each_block(&used, make, take);
        facts.unknown.extend(met.unread.into_iter().filter(|key| expected.place(key) == ColumnPlace::Unknown));
        met.faults.end.map_or(Ok(()), Err)
    }
}

/// Hands the rows of a tool's own file to what takes them.
fn take_all(rows: &[ToolRow], sink: &mut impl RowSink<'static>) {
    for row in rows {
        match row.row() {
            Ok(cells) => sink.take(&cells),
            Err(refusal) => sink.refuse(row.line, refusal.clone()),
        }
    }
}

/// Takes the rows of a tool's own file.
fn take_rows<S: RowSinks>(rows: &[ToolRow], sinks: &S, take: impl FnMut(S::Made) + Send) {
    let of_block = |rows: &[ToolRow]| {
        let mut sink = sinks.begin();
        take_all(rows, &mut sink);
        sink.finish(Vec::new())
    };
    let made: Vec<S::Made> = rows.par_chunks(BLOCK).map(of_block).collect();
    made.into_iter().for_each(take);
}

#[cfg(test)]
mod tests {
    use super::super::Ratings;
    use super::super::testing::{Site, messages, rejected, said};
    use std::io::Write;

    const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}}
  - {id: mistakes, scale: {steps: [wrong]}, with: {how-sure: [very, not]}}";

    /// What is read of a file, and the findings.
    fn read(name: &str, bytes: impl AsRef<[u8]> + Sync) -> (Ratings, Vec<String>) {
        let site = Site::with(CRITERIA).cohort("atlas", "a, b", "tasks: [t]\n");
        let (table, diagnostics) = site.read(&[(&*format!("content/ratings/{name}"), bytes)]);
        let is_read = table.notes.ledger.files.iter().all(|file| !file.is_unread());
        assert_eq!(diagnostics.gate().is_ok(), is_read, "{:?}", diagnostics.sorted());
        (table, messages(&diagnostics))
    }

    fn utf16(text: &str, order: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
    }

    const PLAIN: &str = "item,rater,criterion,value,step,how-sure\ni,a,goal,yes,,\nj,b,mistakes,wrong,3,very\n";

    #[test]
    fn ratings_are_read_whatever_their_dress() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(PLAIN.as_bytes()).unwrap();
        let head = PLAIN.lines().next().unwrap();
        let called = |names: &str| PLAIN.replace(head, names).into_bytes();
        let objects = "{\"Item\":\"i\",\"worker\":\"a\",\"criterion\":\"goal\",\"label\":\"yes\"}\n\n\
                       {\"task\":\"t\",\"unit\":\"j\",\"rater\":\"b\",\"criterion\":\"mistakes\",\"value\":\"wrong\",\
                       \"step\":3.0,\"how_sure\":\"very\",\"seconds\":null}";
        let dressed: [(&str, Vec<u8>); 17] = [
            ("a.csv", PLAIN.into()),
            ("a.csv", format!("\u{feff}{}", PLAIN.replace('\n', "\r\n")).into()),
            ("a.csv", PLAIN.replace('\n', "\n\n").trim_end().into()),
            ("a.csv", PLAIN.replace('\n', ",,\n").into()),
            ("a.csv", format!("{PLAIN},,,,,\n").into()),
            ("a.csv", PLAIN.replace(',', ";").into()),
            ("a.csv", format!("sep=;\r\n{}", PLAIN.replace(',', ";")).into()),
            ("a.csv", PLAIN.replace(',', "\t").into()),
            ("a.tsv", PLAIN.replace(',', "\t").into()),
            ("a.tab.gz", PLAIN.replace(',', "\t").into()),
            ("a.csv", utf16(PLAIN, u16::to_le_bytes)),
            ("a.csv", utf16(&PLAIN.replace(',', "\t"), u16::to_be_bytes)),
            ("a.csv", gzip.finish().unwrap()),
            ("a.csv", zstd::stream::encode_all(PLAIN.as_bytes(), 1).unwrap()),
            ("a.csv", called("Unit ID,Annotator-ID,Criterion,Label,Step,How Sure")),
            ("a.csv", called("task_id,coder,criterion,score,step,how_sure")),
            ("a.ndjson", objects.into()),
        ];
        for (name, bytes) in dressed {
            let (table, found) = read(name, &bytes);
            assert!(found.is_empty(), "{} {found:?}", String::from_utf8_lossy(&bytes));
            assert_eq!(said(&table), ["i a goal - 1 yes", "j b mistakes - 1 [3:wrong/very]"]);
            assert_eq!((table.notes.ledger.files[0].read, table.notes.unknown_columns.len()), (2, 0));
        }
    }

    #[test]
    fn a_table_whose_first_name_begins_with_a_bracket_is_no_list() {
        let (table, found) = read("a.csv", "[note],item,rater,criterion,value\n,i,a,goal,yes\n");
        assert_eq!((said(&table), found), (vec!["i a goal - 1 yes".to_owned()], Vec::new()));
    }

    #[test]
    fn a_row_that_cannot_be_read_costs_itself_only_and_is_counted() {
        let objects = "{\"item\":\"i\",\"rater\":\"a\",\"criterion\":\"goal\",\"value\":\"yes\",\"value\":\"no\"}\n\
                       {\"item\":\"j\",\"rater\":\"a\",\"worker\":\"b\",\"criterion\":\"goal\",\"value\":\"no\"}\n\
                       {\"colour\":\"red\"}\nno object\n{\"item\":[1]}\n\
                       {\"item\":\"k\",\"rater\":\"a\",\"criterion\":\"goal\",\"value\":\"no\",\"colour\":1}\n";
        let (table, found) = read("a.jsonl", objects);
        assert_eq!((said(&table), table.notes.ledger.files[0].read), (vec!["k a goal - 1 no".to_owned()], 6));
        assert_eq!(found, ["rejected-ratings: 5 rating rows are not used: a row that cannot be read (unreadable-row)"]);
        let told = &rejected(&table)[0];
        assert!(
            told.contains("1 the key `value` comes twice; 2 the keys `rater` and `worker` mean the same"),
            "{told}"
        );
        assert_eq!(table.notes.unknown_columns["colour"], "content/ratings/a.jsonl");

        let ragged =
            b"item,rater,criterion,value\ni,a,goal\nj,a,goal,yes,x\nk,a,goal,\xff\nl,a,goal,no\nm,a,goal,no\0\n";
        let (table, _) = read("a.csv", ragged);
        assert_eq!((said(&table), table.notes.ledger.files[0].read), (vec!["l a goal - 1 no".to_owned()], 5));
        let told = "unreadable-row 4: 2 3 cells under a head of 4; 3 5 cells under a head of 4; \
                    4 bytes that are not UTF-8; 6 a NUL byte: this is no text in UTF-8";
        assert_eq!(rejected(&table), [told]);
    }

    #[test]
    fn a_quote_out_of_place_ends_the_file_and_is_said() {
        let head = "item,rater,criterion,value,comment\ni,a,goal,yes,\n";
        for (rows, why) in [
            ("j,a,goal,no,\"unfinished\nk,a,goal,no,\n", "the quote that opens here is never closed"),
            ("j,a,goal,no,5\" long\nk,a,goal,no,\n", "cell 5 holds a quote but is not quoted"),
        ] {
            let (table, found) = read("a.csv", format!("{head}{rows}"));
            assert_eq!(said(&table), ["i a goal - 1 yes"]);
            assert_eq!(found, [format!("rejected-ratings: the ratings from here on are not used: {why}")]);
            assert!(table.notes.ledger.files[0].fault.as_ref().is_some_and(|fault| fault.line == Some(3)));
        }
    }

    #[test]
    fn what_is_no_table_is_named() {
        let (table, _) =
            read("a.jsonl", "no object\n{\"item\":\"i\",\"rater\":\"a\",\"criterion\":\"goal\",\"value\":\"no\"}");
        assert_eq!((said(&table).len(), table.notes.ledger.files[0].read), (1, 2));
        for (name, bytes, word) in [
            ("a.csv", b"".as_slice(), "there is nothing in it"),
            ("a.csv", b"PAR1", "Parquet"),
            ("a.csv", b"i\0t\0e\0m\0", "UTF-16 without a byte order mark"),
            ("a.json", b"[]", "there is nothing in it"),
            ("a.txt", b"item", "not a form of ratings"),
            (
                "a.csv",
                b"item,rater,criterion,label,value\n",
                "each of the columns `label` and `value` could be the value",
            ),
        ] {
            let (_, found) = read(name, bytes);
            assert!(found.len() == 1 && found[0].contains(word), "{found:?}");
        }
    }
}
