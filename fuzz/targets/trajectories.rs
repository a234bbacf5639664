//! Recorded runs in every format: each sample is read, and what is written of it says the same when read again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|log: &[u8]| goldbook_fuzz::check_log(log));
