//! Caught: what a library does not expect of a damaged file ends the reading of that file, and nothing else.
//!
//! In: a call of a library. Out: what it gives; none where it panics, of which then nothing is printed. It is for readers
//! of files that others wrote, never for our own code.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught here.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Calls `read`; none if it panics.
pub fn caught<T>(read: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_CAUGHT.get() {
                print(panic);
            }
        }));
    });
    let before = IS_CAUGHT.replace(true);
    let found = catch_unwind(AssertUnwindSafe(read)).ok();
    IS_CAUGHT.set(before);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_what_follows_goes_on() {
        assert_eq!(caught(|| [1, 2][..].get(1).copied()), Some(Some(2)));
        assert_eq!(caught(|| -> u8 { panic!("of a library") }), None);
        assert!(!IS_CAUGHT.get());
    }
}
