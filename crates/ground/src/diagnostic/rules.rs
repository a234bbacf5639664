//! The rules: every kind of finding, its usual severity, and whether a site may change that.
//!
//! In: nothing. Out: constants, and a table that `goldbook check --list` prints.
//! It never decides whether a rule is broken; the stages do.

use super::Severity::{self, Error, Note, Warning};

/// One kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name used in messages and in `checks:`.
    pub id: &'static str,
    /// What a finding is unless the site says otherwise.
    pub severity: Severity,
    /// The mildest severity that `checks:` may give it; none if it can't change, as what protects audiences, seals and
    /// data can't.
    pub mildest: Option<Severity>,
    /// Exit code of a run that stops at it: 1 finding, 2 usage or settings, 3 the machine.
    pub exit: u8,
    /// One sentence for `check --list`.
    pub about: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal $severity:ident $mildest:ident $exit:literal $about:literal;)*) => {
        $(
            #[doc = $about]
            pub const $name: &Rule = &Rule {
                id: $id, severity: $severity, mildest: $mildest, exit: $exit, about: $about,
            };
        )*
        /// Every rule, in the order of their names.
        pub const ALL: &[&Rule] = &[$($name),*];
    };
}

#[expect(non_upper_case_globals, reason = "words of the table below")]
mod words {
    use super::Severity;

    pub const fixed: Option<Severity> = None;
    pub const adjustable: Option<Severity> = Some(Severity::Off);
    pub const to_warning: Option<Severity> = Some(Severity::Warning);
}
use words::{adjustable, fixed, to_warning};

rules! {
    AMBIGUOUS_COHORT = "ambiguous-cohort" Warning adjustable 1 "a rating's rater belongs to two cohorts at its date, so it is not used: it would count twice";
    ALREADY_GIVEN = "already-given" Note fixed 1 "something hidden today that a sealed release gave to an audience, and that it therefore has";
    AUDIENCE_LEAK = "audience-leak" Error fixed 1 "the finished output of an audience holds something it may not see";
    AUDIENCE_SINCE = "audience-since" Note fixed 1 "an audience that was declared after a release was sealed, and has no sealed text of it";
    AUDIT = "audit" Error fixed 1 "a build that what is remembered of the last one would change: a fault of Goldbook";
    BAD_SIGNATURE = "bad-signature" Error fixed 1 "a release whose signature is wrong, is not by a known signer, or is missing where it must be there";
    BEYOND_LIMIT = "beyond-limit" Error fixed 1 "a file or text that is larger, deeper or longer than is read";
    BROKEN_LINK = "broken-link" Error adjustable 1 "a link to a file of the site that is not there";
    BROKEN_LOG = "broken-log" Error fixed 1 "a line of the log of releases that was edited, removed or moved, or something sealed that no line accounts for";
    BROKEN_SEAL = "broken-seal" Error fixed 1 "a sealed file, lock or chain no longer has the digest it was sealed with";
    CHANGED_OUTPUT = "changed-output" Error fixed 1 "a file of an output folder that is not what a build wrote there";
    CHANGED_SIGNERS = "changed-signers" Warning fixed 1 "who may sign releases, or whether they must be signed, differs from what the log says last";
    CYCLIC_INCLUDE = "cyclic-include" Error fixed 1 "files that include each other";
    DEAD_LINK = "dead-link" Warning adjustable 1 "a link that leads nowhere in what an audience gets, whatever the working text holds";
    DISTANT_DATE = "distant-date" Warning adjustable 1 "a few ratings dated far from all others, as with a mistyped year";
    DUPLICATE_ID = "duplicate-id" Error fixed 1 "one name given to two things";
    DUPLICATE_PATH = "duplicate-path" Error fixed 1 "two pages that would be written to one place";
    FOREIGN_FILE = "foreign-file" Note fixed 1 "something in an output folder that no build wrote: it is kept, and not searched for leaks";
    FOREIGN_FOLDER = "foreign-folder" Error fixed 1 "an output folder that was not written by Goldbook, and is therefore left alone";
    FORKED_LOG = "forked-log" Warning fixed 1 "lines of the log of releases that two branches added, which no line joins yet";
    FORKED_RELEASE = "forked-release" Error fixed 1 "two releases of a task that were made from the same one, as when branches are merged";
    GOLD_CONFLICT = "gold-conflict" Error fixed 1 "two gold answers of the same rank that differ";
    GOLD_TIE = "gold-tie" Warning adjustable 1 "experts who are split on an item: it needs adjudication before it counts as gold";
    HIDDEN_LINK = "hidden-link" Error adjustable 1 "a link to something that the page's own readers may not see";
    HIDDEN_TEXT = "hidden-text" Warning adjustable 1 "text that a page hides and its readers get all the same";
    HTML = "html" Warning adjustable 1 "raw HTML that is left out, or does not begin or end";
    HIDES_NO_COMMENT = "hides-no-comment" Warning adjustable 1 "a place in `hidden_comments:` at which no comment of a rating stands";
    HIDES_NOTHING = "hides-nothing" Error fixed 1 "what looks as if only some audience saw it, and is shown to every reader of its page";
    INVALID_QUIZ = "invalid-quiz" Error fixed 1 "a quiz without a question, without answers, or none of whose answers is right";
    INVALID_RELEASE = "invalid-release" Error fixed 1 "a release that cannot be made: its version exists, does not follow the last one, or breaks a promise";
    INVALID_READING = "invalid-reading" Warning adjustable 1 "a `ratings.yaml` that can't be: the ratings of its folder are not read";
    INVALID_SETTINGS = "invalid-settings" Error fixed 2 "goldbook.yaml or the command line asks for something that cannot be";
    INVALID_UTF8 = "invalid-utf8" Error fixed 1 "a text file with bytes that are not UTF-8";
    INVALID_VALUE = "invalid-value" Error fixed 1 "a value outside what its key, scale or format allows";
    INVALID_YAML = "invalid-yaml" Error fixed 1 "YAML that cannot be read, is nested too deep, or uses aliases";
    GUESSED_COLUMNS = "guessed-columns" Note adjustable 1 "a table of ratings whose columns were told by their names, and could be pinned";
    LOSSY_EXPORT = "lossy-export" Warning adjustable 1 "an export that lacks what its tool knows of the ratings";
    LEFT_OUT = "left-out" Note adjustable 1 "what an import did not take over from a log";
    LEFT_FOLDER = "left-folder" Warning adjustable 1 "the site of an audience that goldbook.yaml does not declare: nothing writes it any more";
    MASKED_TEXT = "masked-text" Note adjustable 1 "what an import masked in a run";
    MISSING_FILE = "missing-file" Error fixed 1 "a file that something names and that is not there";
    MISSING_KEY = "missing-key" Error fixed 1 "a required key that is not there";
    MISSING_PICTURE = "missing-picture" Warning adjustable 1 "a run that shows a picture which is not among the site's files";
    MISSING_QUOTE = "missing-quote" Error fixed 1 "gold that quotes what its step does not say";
    MISSING_SECTION = "missing-section" Error fixed 1 "a criterion without a section that explains it";
    MISSING_STEP = "missing-step" Error fixed 1 "gold, a link or an excerpt that names a step which its trajectory does not have";
    MOVED_STEP = "moved-step" Error to_warning 1 "gold, a link or an excerpt that names a step by a number which another step has since the run was imported again";
    LOST_AUDIENCE = "lost-audience" Warning fixed 1 "an audience that a release was sealed for, and that goldbook.yaml does not declare";
    LOST_ID = "lost-id" Warning adjustable 1 "a place of the newest version that links may lead to, and the working text does not have";
    NARROWER_INCLUDE = "narrower-include" Error fixed 1 "a page that includes what its readers may not see";
    NO_COHORT = "no-cohort" Warning adjustable 1 "ratings of a rater who belongs to no cohort at their date: they are in no report";
    NO_LONGER_HIDDEN = "no-longer-hidden" Note fixed 1 "something that an older release hid from an audience, and that the text to be sealed next shows it";
    NO_LOG = "no-log" Note fixed 1 "a store of releases that has no log yet: its next act begins one";
    NOTHING_SEALED = "nothing-sealed" Warning adjustable 1 "a task without a release: contractors do not see it yet";
    ODD_ANSWERS = "odd-answers" Warning adjustable 1 "answers to a test that came twice, late, or under another text than they should";
    PERSONAL_TEXT = "personal-text" Note adjustable 1 "a run that holds what looks like an e-mail address, a home folder or the address of a machine";
    READ_BESIDE = "read-beside" Note adjustable 1 "files beside a log that hold parts of it, and that an import read with it";
    REJECTED_RATINGS = "rejected-ratings" Warning adjustable 1 "rating rows that cannot be used, counted by reason";
    REMOTE_IMAGE = "remote-image" Warning adjustable 1 "an image from another host: shown as a link, because no request may leave the site";
    RESTATED_REPORT = "restated-report" Note adjustable 1 "a published report some of whose figures would now be other ones";
    SCHEDULED_RELEASE = "scheduled-release" Note fixed 1 "a sealed version whose day has not come: readers do not see it yet";
    SEALED_FINDING = "sealed-finding" Note fixed 1 "something in a sealed release that would be an error today; it still builds";
    SEALED_SECRET = "sealed-secret" Note adjustable 1 "a sealed version whose run holds what looks like a key or an address";
    SECRET_TEXT = "secret-text" Warning adjustable 1 "a run or a text that holds what looks like a key, a token or a password";
    SHARED_RATER = "shared-rater" Warning adjustable 1 "one rater id in the cohorts of two services: two people would count as one rater";
    SHOWN_COMMENT = "shown-comment" Error fixed 1 "a comment that is none here, and would be shown to readers";
    SUPERSEDED_STATUS = "superseded-status" Note adjustable 1 "a `status` in task.md, which readers see and which changes nothing: a task's state is kept beside its releases";
    SYMBOLIC_LINK = "symbolic-link" Error fixed 1 "a symbolic link that leads out of the site";
    TAKEN_ID = "taken-id" Warning adjustable 1 "an id that something else on its page has, so that links to it lead there";
    TEXT_LOST = "text-lost" Warning adjustable 1 "words of a text that no reader would see";
    UNCHECKED_SIGNATURE = "unchecked-signature" Warning fixed 1 "a signature that could not be checked, as ssh-keygen does not run here";
    UNCLOSED_COMMENT = "unclosed-comment" Error fixed 1 "a comment that does not end, and takes the rest of its page with it";
    UNDEFINED_REFERENCE = "undefined-reference" Warning adjustable 1 "a footnote or a link that its file does not define, shown as it is written";
    UNDECLARED_ASSET = "undeclared-asset" Error fixed 1 "a file that cannot be searched for what its readers may not see, and that `assets:` does not name";
    UNKNOWN_ACT = "unknown-act" Note fixed 1 "a line of the log of releases whose act a newer Goldbook wrote";
    UNKNOWN_ANCHOR = "unknown-anchor" Error adjustable 1 "a link to a heading or step that its target does not have";
    UNKNOWN_AUDIENCE = "unknown-audience" Error fixed 1 "an audience that goldbook.yaml does not declare";
    UNKNOWN_COHORT = "unknown-cohort" Error fixed 1 "a cohort that no file in content/cohorts describes";
    UNKNOWN_CRITERION = "unknown-criterion" Error fixed 1 "a criterion that the rubric does not have";
    UNKNOWN_FOLDER = "unknown-folder" Warning adjustable 1 "a file or folder of content/ that nothing reads";
    UNKNOWN_KEY = "unknown-key" Error to_warning 1 "a key that this kind of file does not have; only of pages can it be a warning";
    UNKNOWN_RECEIPT = "unknown-receipt" Error fixed 1 "a receipt that no sealed text of its version has";
    UNKNOWN_SETTING = "unknown-setting" Error fixed 2 "a key that goldbook.yaml does not have";
    UNKNOWN_TASK = "unknown-task" Error fixed 1 "a task that content/tasks does not hold";
    UNKNOWN_THEME_FILE = "unknown-theme-file" Warning adjustable 1 "a file of a theme that nothing reads";
    UNKNOWN_VERSION = "unknown-version" Error fixed 1 "a version of a task that was never sealed";
    UNNAMED_OBJECT = "unnamed-object" Warning fixed 1 "a sealed object that no release names, in a store with a log";
    UNNAMED_RULE = "unnamed-rule" Warning adjustable 1 "a passage marked as a rule without an id by which gold could cite it";
    UNREADABLE = "unreadable" Error fixed 3 "a file or folder that the machine would not read or write";
    UNREAD_RATINGS = "unread-ratings" Error fixed 1 "a file of ratings that cannot be read at all: reports without it would look whole";
    UNREADABLE_TABLE = "unreadable-table" Error fixed 1 "a table of ratings, given on the command line, that cannot be read";
    UNREADABLE_TRAJECTORY = "unreadable-trajectory" Error fixed 1 "a trajectory that no reader understands";
    UNSAFE_LINK = "unsafe-link" Warning adjustable 1 "a link that could run something (such as javascript:); shown as plain text";
    UNSAFE_PICTURE = "unsafe-picture" Error fixed 1 "an SVG that could run something or ask another host when it is opened";
    UNSEALED_CHANGES = "unsealed-changes" Note adjustable 1 "working text that differs from the newest release; contractors do not see it yet";
    UNSHOWN_COMMENTARY = "unshown-commentary" Warning adjustable 1 "words on a cohort's week of which there is no report";
    UNSHOWN_CRITERION = "unshown-criterion" Note adjustable 1 "of `check --lint`: a criterion that no worked example answers";
    UNEXPLAINED_VALUE = "unexplained-value" Note adjustable 1 "of `check --lint`: a value of a scale that no section and no example speaks of";
    UNRATABLE_ITEMS = "unratable-items" Note adjustable 1 "of `check --lint`: instructions that do not say what to do with an item that can't be rated";
    GOLD_WITHOUT_REASON = "gold-without-reason" Note adjustable 1 "of `check --lint`: gold that is shown to raters and does not say why";
    ONE_SIDED_EXAMPLES = "one-sided-examples" Note adjustable 1 "of `check --lint`: examples that all have one answer to a criterion";
    NO_IMPOSSIBLE_EXAMPLE = "no-impossible-example" Note adjustable 1 "of `check --lint`: examples of which none has no answer";
    UNUSED_TERM = "unused-term" Note adjustable 1 "of `check --lint`: a word of the glossary that no other page uses";
    HARD_TO_READ = "hard-to-read" Note adjustable 1 "of `check --lint`: a page with many long sentences or hard words";
    VANISHED_TASK = "vanished-task" Error fixed 1 "a task with releases whose folder is gone, and that was not retired";
    WITHDRAWN_RUN = "withdrawn-run" Warning adjustable 1 "a run that the owner of its log withdrew";
    UNSEALED_TEXT = "unsealed-text" Error fixed 1 "working text that would be overwritten and that no release holds";
    UNSEARCHED_FILE = "unsearched-file" Note fixed 1 "a file that ships without being searched for what its readers may not see";
}

/// What `check --lint` finds: a site that switches one off says why.
pub const OF_LINT: [&Rule; 8] = [
    UNSHOWN_CRITERION,
    UNEXPLAINED_VALUE,
    UNRATABLE_ITEMS,
    GOLD_WITHOUT_REASON,
    ONE_SIDED_EXAMPLES,
    NO_IMPOSSIBLE_EXAMPLE,
    HARD_TO_READ,
    UNUSED_TERM,
];

/// The rule of this name.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
