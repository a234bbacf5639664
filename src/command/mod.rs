//! Commands: each a file that reads as its stages.
//!
//! In: a complete, checked request. Out: what was done, with what was found on the way (`Diagnosed`). A command asks the
//! stages for values one after the other; it prints nothing and knows nothing of how its request was typed.

pub mod agreement;
pub mod build;
pub mod check;
pub mod import;
pub mod init;
pub mod release;
pub mod report;
pub mod schema;
pub mod serve;
pub mod simulate;
pub mod verify;
