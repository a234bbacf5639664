//! Recorded runs in every format: each sample is read, what is written of it says the same when
//! read again, and every word of it is on its page.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|log: &[u8]| goldbook_fuzz::check_log(log));
