//! The one test binary. The list of modules is the table of contents.

#![expect(clippy::unwrap_used, reason = "a test that unwraps nothing fails, and says where")]

mod answers;
mod architecture;
mod asked;
mod attacks;
mod beside;
mod browser;
mod cases;
mod ceiling;
mod cited;
mod editions;
mod exports;
mod figures;
mod forget;
mod hidden;
mod hostile;
mod issued;
mod labelling;
mod links;
mod manual;
mod output;
mod packets;
mod pairs;
mod plans;
#[path = "../../benches/shared/programme.rs"]
mod programme;
mod publish;
#[path = "../../benches/shared/quiet.rs"]
mod quiet;
mod quizzes;
mod reference;
mod releases;
mod reports;
mod runs;
mod samples;
mod schemas;
mod search;
mod sensitive;
mod serve;
mod signatures;
mod simulate;
mod site;
mod support;
mod terms;
mod text;
mod warm;
