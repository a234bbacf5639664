//! Tables of ratings and of flagged steps without a site.
#![no_main]

use goldbook::study::{ReadRequest, TableSource, read, steps};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    for name in ["a.csv", "a.jsonl"] {
        for part in read(vec![TableSource::new(name, text)], &ReadRequest::default()).into_iter().flatten() {
            let labels = part.labels;
            assert_eq!(labels.gold.len(), labels.items.len());
            assert!(labels.table.ratings().len() as u64 >= labels.items.len() as u64, "an item without a rating");
        }
        if let Ok(steps) = steps::read(vec![TableSource::new(name, text)], &steps::StepRequest::default()) {
            for reading in &steps.readings {
                assert!(steps.flags(reading).is_sorted(), "flags are not in order");
            }
        }
    }
});
