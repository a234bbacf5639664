//! Ratings and gold of a site.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| goldbook::fuzzing::ratings(text));
