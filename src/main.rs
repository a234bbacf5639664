//! The `goldbook` command.

/// Reading and rendering make many small values on every thread; a sixth of a build's time went into the system's
/// allocator. Version 2 of mimalloc gives freed memory back after 10 ms, version 3 after a second: a report over a million
/// ratings is made in a second or two.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    goldbook::cli::main()
}
