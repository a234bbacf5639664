//! The log: `content/releases/log`, one line for each act on what is sealed, each naming the digest of the one before.
//!
//! In: the bytes of the file, or an act and its time. Out: lines, the ends that the next one follows, and a finding for
//! each line that does not follow from those before it. What the lines account for is `account`. It never writes.

use super::act::{ReleaseAct, is_digest};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::source::Sources;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Where the log lies.
pub const PATH: &str = "content/releases/log";

/// What the first line names as the digest of the line before it.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One line.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// Its number, from 1.
    pub number: u64,
    /// SHA-256 of its bytes, the line end included: what `tail -n 1 | sha256sum` prints.
    pub digest: String,
    /// The digest of the line that it follows.
    pub before: String,
    /// When it was done, by the clock of the machine.
    pub time: Timestamp,
    /// What was done.
    pub act: ReleaseAct,
}

/// The log of a store.
#[derive(Clone, Debug, Default)]
pub struct ReleaseLog {
    /// Its lines, in the order of the file.
    pub lines: Vec<LogLine>,
}

impl ReleaseLog {
    /// Reads the log of a site; none where there is none. A line that can't be read, or that does not follow from those
    /// before it, is a finding.
    pub fn of(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Self> {
        sources.find(PATH).map(|source| Self::read(source.bytes(), diagnostics))
    }

    /// Reads the bytes of a log.
    pub fn read(bytes: &[u8], diagnostics: &mut Diagnostics) -> Self {
        let mut log = Self::default();
        for (bytes, number) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1..) {
            match LogLine::parse(bytes, number) {
                Ok(line) => log.lines.push(line),
                Err(why) => {
                    diagnostics
                        .add(rules::BROKEN_LOG, Place::Line(PATH.to_owned(), number), format!("this line {why}"))
                        .help(MENDING);
                }
            }
        }
        log.check_chain(diagnostics);
        log
    }

    /// Each line follows the one before it, or begins a branch where another one began; a line `join` follows all.
    fn check_chain(&self, diagnostics: &mut Diagnostics) {
        let mut follows: BTreeMap<&str, bool> = BTreeMap::from([(START, false)]);
        let mut last = (START, 0);
        for (at, line) in self.lines.iter().enumerate() {
            let is_branch = follows.get(&*line.before) == Some(&true) && !matches!(line.act, ReleaseAct::Join(_));
            if line.before != last.0 && !is_branch {
                let message = match self.lines.iter().find(|other| other.digest == line.before) {
                    Some(other) => format!(
                        "this line follows line {}, and stands elsewhere: lines were moved, or put between",
                        other.number
                    ),
                    None if last.1 == 0 => {
                        "this line is the first, and follows another: lines above it were removed".to_owned()
                    }
                    None => format!(
                        "this line follows one with the digest {}, and the one above it has {}: line {} was edited, or lines between them were removed",
                        line.before, last.0, last.1
                    ),
                };
                broken(line, message, diagnostics);
            }
            if let ReleaseAct::Join(others) = &line.act {
                let mut ends: Vec<&str> = Self::ends_of(&self.lines[..at]).iter().map(|end| &*end.digest).collect();
                let mut joined: Vec<&str> = others.iter().map(|end| &**end).chain([&*line.before]).collect();
                ends.sort_unstable();
                joined.sort_unstable();
                if ends != joined {
                    let message = "this line joins other lines than the last ones of the branches above it: lines were removed or moved";
                    broken(line, message.to_owned(), diagnostics);
                }
            }
            follows.insert(&line.before, true);
            if follows.insert(&line.digest, false).is_some() {
                broken(line, "this line stands above already".to_owned(), diagnostics);
            }
            last = (&line.digest, line.number);
        }
    }

    /// The lines that none follows: one, or one for each branch that is not joined yet.
    pub fn ends(&self) -> Vec<&LogLine> {
        Self::ends_of(&self.lines)
    }

    fn ends_of(lines: &[LogLine]) -> Vec<&LogLine> {
        let mut ends: Vec<&LogLine> = Vec::new();
        for line in lines {
            ends.retain(|end| match &line.act {
                ReleaseAct::Join(_) => false,
                _ => end.digest != line.before,
            });
            ends.push(line);
        }
        ends
    }

    /// Whether every end of the log follows from the line with this digest, or is it; none where no line has it.
    pub fn follows_from(&self, digest: &str) -> Option<bool> {
        let from = self.lines.iter().position(|line| line.digest == digest)?;
        let mut following = BTreeSet::from([digest]);
        for line in &self.lines[from + 1..] {
            let joins = match &line.act {
                ReleaseAct::Join(others) => others.iter().any(|other| following.contains(&**other)),
                _ => false,
            };
            if joins || following.contains(&*line.before) {
                following.insert(&line.digest);
            }
        }
        Some(self.ends().iter().all(|end| following.contains(&*end.digest)))
    }

    /// Adds an act; what is not joined yet is joined first.
    pub fn add(&mut self, act: ReleaseAct, time: Timestamp) {
        self.join(time);
        self.push(act, time);
    }

    /// Joins what is not joined yet.
    pub fn join(&mut self, time: Timestamp) {
        if let [others @ .., _] = &*self.ends()
            && !others.is_empty()
        {
            let others = others.iter().map(|end| end.digest.clone()).collect();
            self.push(ReleaseAct::Join(others), time);
        }
    }

    fn push(&mut self, act: ReleaseAct, time: Timestamp) {
        let before = self.lines.last().map_or(START, |last| &last.digest).to_owned();
        let mut line = LogLine { number: self.lines.len() as u64 + 1, digest: String::new(), before, time, act };
        line.digest = Digest::of(line.text().as_bytes()).to_string();
        self.lines.push(line);
    }

    /// The bytes of the file.
    pub fn text(&self) -> String {
        self.lines.iter().map(LogLine::text).collect()
    }
}

impl LogLine {
    fn parse(bytes: &[u8], number: u64) -> Result<Self, String> {
        let digest = Digest::of(bytes).to_string();
        let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
        let text = text.strip_suffix('\n').ok_or("does not end: the log was cut off")?;
        let mut parts = text.splitn(3, ' ');
        let before = parts.next().filter(|word| is_digest(word)).ok_or("does not begin with a digest")?;
        let time = parts.next().and_then(|word| word.parse().ok()).ok_or("has no time such as 2026-11-01T09:30:00Z")?;
        let act = parts.next().and_then(ReleaseAct::parse).ok_or("names no act")?;
        let line = Self { number, digest, before: before.to_owned(), time, act };
        if line.text().as_bytes() == bytes {
            Ok(line)
        } else {
            Err("is not written as lines of the log are".to_owned())
        }
    }

    /// Whether it follows no other.
    pub fn is_first(&self) -> bool {
        self.before == START
    }

    fn text(&self) -> String {
        format!("{} {} {}\n", self.before, self.time, self.act.words())
    }
}

/// Reports a line that does not hold.
pub fn broken(line: &LogLine, message: String, diagnostics: &mut Diagnostics) {
    diagnostics.add(rules::BROKEN_LOG, Place::Line(PATH.to_owned(), line.number), message).help(MENDING);
}

/// The way out where the log or the store is not what it was.
pub const MENDING: &str = "restore content/releases from version control: the log only ever gains lines";

#[cfg(test)]
mod tests {
    use super::super::act::{SealedLock, SealedReport};
    use super::*;
    use proptest::prelude::*;

    fn lock(number: u8) -> SealedLock {
        let digest = Digest::of(&[number]).to_string();
        SealedLock { task: "a-task".into(), version: format!("1.{number}.0"), digest }
    }

    fn release(number: u8) -> ReleaseAct {
        ReleaseAct::Release { lock: lock(number), signature: None }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    /// The log of these acts.
    fn log(acts: &[ReleaseAct]) -> ReleaseLog {
        let mut log = ReleaseLog::default();
        acts.iter().zip(0..).for_each(|(act, second)| log.add(act.clone(), at(second)));
        log
    }

    fn read(text: &str) -> (ReleaseLog, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let log = ReleaseLog::read(text.as_bytes(), &mut diagnostics);
        (log, diagnostics.sorted().iter().map(|finding| finding.message.clone()).collect())
    }

    /// What git makes of two branches with `merge=union`.
    fn union(base: &ReleaseLog, one: &[ReleaseAct], other: &[ReleaseAct]) -> String {
        let branch = |acts: &[ReleaseAct], from: i64| {
            let mut branch = base.clone();
            acts.iter().zip(from..).for_each(|(act, second)| branch.add(act.clone(), at(second)));
            branch.text()[base.text().len()..].to_owned()
        };
        base.text() + &branch(one, 50) + &branch(other, 70)
    }

    #[test]
    fn every_act_is_read_back_as_it_was_written() {
        let digest = Digest::of(b"x").to_string();
        let acts = [
            ReleaseAct::Adopt(vec![lock(1), lock(2)]),
            ReleaseAct::Signers { digest: Some(digest.clone()), required: true },
            ReleaseAct::Signers { digest: None, required: false },
            ReleaseAct::Release { lock: lock(3), signature: Some(digest) },
            release(4),
            ReleaseAct::Undo(lock(4)),
            ReleaseAct::Withdraw { task: "a-task".into(), version: "1.1.0".into() },
            ReleaseAct::Retire { task: "a-task".into() },
            ReleaseAct::Rename { old: "a-task".into(), new: "b-task".into() },
            ReleaseAct::Publish(SealedReport {
                cohort: "blue".into(),
                week: "2026-W40".into(),
                revision: 2,
                digest: Digest::of(b"y").to_string(),
            }),
            ReleaseAct::Plan(crate::model::BarPlan {
                cohort: "blue".into(),
                task: "a-task".into(),
                figure: "severity.alpha".into(),
                at_least: "0.6".into(),
                decide_at: 100,
            }),
            ReleaseAct::Unknown("register blue".into()),
        ];
        let (log, found) = read(&log(&acts).text());
        assert_eq!(found, Vec::<String>::new());
        assert!(log.lines.iter().map(|line| &line.act).eq(&acts));
    }

    #[test]
    fn the_digest_of_a_line_is_what_sha256sum_prints_of_it() {
        let log = log(&[release(1), release(2)]);
        let text = log.text();
        let first = text.split_inclusive('\n').next().unwrap();
        assert_eq!(log.lines[1].before, Digest::of(first.as_bytes()).to_string());
    }

    #[test]
    fn branches_are_two_ends_until_a_line_joins_them() {
        let base = log(&[release(1), release(2)]);
        for (one, other) in
            [(&[release(3), release(4)][..], &[release(5)][..]), (&[release(3)], &[release(4), release(5)])]
        {
            let text = union(&base, one, other);
            let (mut merged, found) = read(&text);
            assert_eq!(found, Vec::<String>::new());
            assert_eq!(merged.ends().len(), 2);
            assert_eq!(merged.follows_from(&merged.lines[1].digest), Some(true));
            assert_eq!(merged.follows_from(&merged.lines[2].digest), Some(false));
            merged.add(release(6), at(90));
            assert_eq!(merged.ends().len(), 1);
            let (read_back, found) = read(&merged.text());
            assert_eq!(found, Vec::<String>::new());
            assert!(read_back.lines.iter().all(|line| read_back.follows_from(&line.digest) == Some(true)));
        }
    }

    #[test]
    fn two_stores_that_were_adopted_apart_can_be_joined() {
        let text = union(
            &ReleaseLog::default(),
            &[ReleaseAct::Adopt(vec![lock(1)])],
            &[ReleaseAct::Adopt(vec![lock(1)]), release(2)],
        );
        let (mut merged, found) = read(&text);
        assert_eq!(found, Vec::<String>::new());
        merged.join(at(90));
        assert_eq!(read(&merged.text()).1, Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn a_line_that_is_edited_removed_moved_or_doubled_is_found(
            one in 1..4_u8, other in 0..4_u8, after in 1..4_u8, at_line in 0..16_usize, to in 0..16_usize, how in 0..4_u8, byte in 0..400_usize,
        ) {
            let base = log(&[release(1), release(2)]);
            let acts = |from: u8, count: u8| -> Vec<ReleaseAct> { (from..from + count).map(release).collect() };
            let (mut whole, _) = read(&union(&base, &acts(10, one), &acts(20, other)));
            acts(30, after).into_iter().for_each(|act| whole.add(act, at(99)));
            let text = whole.text();
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            // The last line is vouched for by nobody: that is what a witness is for.
            let (line, to) = (at_line % (lines.len() - 1), to % (lines.len() - 1));
            match how {
                0 => {
                    let place = byte % (lines[line].len() - 1);
                    let flipped = if lines[line].as_bytes()[place] == b'1' { "2" } else { "1" };
                    lines[line].replace_range(place..=place, flipped);
                }
                1 => drop(lines.remove(line)),
                2 => {
                    prop_assume!(line != to);
                    let moved = lines.remove(line);
                    lines.insert(to, moved);
                }
                _ => {
                    let doubled = lines[line].clone();
                    lines.insert(to, doubled);
                }
            }
            let changed = lines.concat();
            prop_assume!(changed != text);
            prop_assert!(!read(&changed).1.is_empty(), "{changed}");
        }
    }
}
