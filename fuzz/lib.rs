//! What several targets hold true.

use goldbook::trajectory::{ReadOptions, list, read, to_atif};

/// Most samples of one log that are read.
const MOST_SAMPLES: usize = 4;

/// Every sample of a log is read or refused, and is the same once it has been written as ATIF, and is shown
/// whole.
pub fn check_log(log: &[u8]) {
    let Ok(lines) = list(log) else { return };
    for line in lines.into_iter().take(MOST_SAMPLES) {
        for keep_gold in [false, true] {
            let Ok(run) = read(log, &ReadOptions { sample: Some(line.id.clone()), keep_gold }) else { continue };
            let again = read(to_atif(&run).as_bytes(), &ReadOptions { sample: None, keep_gold });
            assert_eq!(again.as_ref(), Ok(&run));
            goldbook::fuzzing::steps(&run);
        }
    }
}
