//! The `goldbook` command.

/// Reading and rendering make many small values on every thread; a sixth of a build's time went into the system's
/// allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    goldbook::cli::main()
}
