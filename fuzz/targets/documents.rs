//! Settings and every kind of document: whatever a text holds, it is read, checked, and complained of in print.
#![no_main]

use goldbook::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    fuzzing::settings(text);
    fuzzing::documents(text);
});
