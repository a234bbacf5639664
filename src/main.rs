//! The `goldbook` command.

fn main() -> std::process::ExitCode {
    goldbook::cli::main()
}
