//! Nothing fed to Goldbook can hurt it: machines that fail, files that lie, text that runs.

mod faults;
mod machine;
