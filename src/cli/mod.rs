//! The command line: what was typed, as a complete request.
//!
//! In: arguments. Out: a call of one function of the library, its findings printed, and an exit code. The doc
//! comments of the arguments are the help. Nothing here knows how a command works.

mod agreement;
mod build;
mod calc;
mod check;
mod diff;
mod export;
mod forget;
mod gold;
mod grade;
mod import;
mod init;
mod packet;
mod publish;
mod receipt;
mod release;
mod rename;
mod report;
mod restore;
mod retire;
mod schema;
mod serve;
mod show;
mod simulate;
mod test;
mod undo;
mod verify;
mod withdraw;

use crate::command::task_state::StateRequest;
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Format, one_of, print};
use crate::progress::Progress;
use crate::release::When;
use crate::schema::{Moment, Words, words};
use crate::{config, disk, text};
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use semver::Version;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compiles rating instructions into sealed sites, and ratings into quality reports.
///
/// Researchers write tasks, rubrics and examples in Markdown. `goldbook release` seals a version of them;
/// `goldbook build` makes a site for each audience, in which contractors read sealed text only; `goldbook report`
/// says how close a cohort's ratings are to gold, and how sure that is.
///
/// Start with `goldbook init my-programme`.
#[derive(Parser)]
#[command(version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Where what every command takes stands in its help.
const LAST: usize = 100;

/// What every command takes.
#[derive(Args)]
pub struct Common {
    /// The folder of goldbook.yaml [default: this one, or the nearest above]
    #[arg(long, global = true, value_name = "DIR", display_order = LAST)]
    root: Option<PathBuf>,
    /// Print findings (and results) as JSON
    #[arg(long, global = true, display_order = LAST + 1)]
    json: bool,
    /// Let warnings fail the command as errors do
    #[arg(long, global = true, display_order = LAST + 2)]
    strict: bool,
}

/// What commands take that end something.
#[derive(Args)]
struct StateArguments {
    /// Why, in a sentence for readers
    #[arg(long, value_name = "TEXT")]
    because: String,
    /// Since when, if not now: a time such as 2026-11-29T10:15, or a day, which is its end
    #[arg(long, value_name = "TIME", value_parser = moment)]
    date: Option<Moment>,
}

impl StateArguments {
    fn request(&self, task: &str, common: &Common) -> StateRequest {
        StateRequest {
            root: common.root(),
            task: task.to_owned(),
            because: self.because.clone(),
            when: self.date.map_or(When::Now, When::Given),
            now: Timestamp::now(),
        }
    }
}

#[derive(Subcommand)]
enum Command {
    Init(init::InitArguments),
    Build(build::BuildArguments),
    Serve(serve::ServeArguments),
    Check(check::CheckArguments),
    Diff(diff::DiffArguments),
    Release(release::ReleaseArguments),
    Withdraw(withdraw::WithdrawArguments),
    Retire(retire::RetireArguments),
    Rename(rename::RenameArguments),
    Undo(undo::UndoArguments),
    Verify(verify::VerifyArguments),
    Show(show::ShowArguments),
    Restore(restore::RestoreArguments),
    Receipt(receipt::ReceiptArguments),
    Report(report::ReportArguments),
    Packet(packet::PacketArguments),
    Publish(publish::PublishArguments),
    Test(test::TestArguments),
    Gold(gold::GoldArguments),
    Grade(grade::GradeArguments),
    Agreement(Box<agreement::AgreementArguments>),
    Calc(calc::CalcArguments),
    Simulate(simulate::SimulateArguments),
    Import(import::ImportArguments),
    Export(export::ExportArguments),
    Forget(forget::ForgetArguments),
    Schema(schema::SchemaArguments),
}

/// Reads the arguments, runs the command, and says how it went: 0 clean, 1 findings, 2 usage or settings,
/// 3 the machine.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let common = &cli.common;
    match &cli.command {
        Command::Init(arguments) => init::run(arguments, common),
        Command::Build(arguments) => build::run(arguments, common),
        Command::Serve(arguments) => serve::run(arguments, common),
        Command::Check(arguments) => check::run(arguments, common),
        Command::Diff(arguments) => diff::run(arguments, common),
        Command::Release(arguments) => release::run(arguments, common),
        Command::Withdraw(arguments) => withdraw::run(arguments, common),
        Command::Retire(arguments) => retire::run(arguments, common),
        Command::Rename(arguments) => rename::run(arguments, common),
        Command::Undo(arguments) => undo::run(arguments, common),
        Command::Verify(arguments) => verify::run(arguments, common),
        Command::Show(arguments) => show::run(arguments, common),
        Command::Restore(arguments) => restore::run(arguments, common),
        Command::Receipt(arguments) => receipt::run(arguments, common),
        Command::Report(arguments) => report::run(arguments, common),
        Command::Packet(arguments) => packet::run(arguments, common),
        Command::Publish(arguments) => publish::run(arguments, common),
        Command::Test(arguments) => test::run(arguments, common),
        Command::Gold(arguments) => gold::run(arguments, common),
        Command::Grade(arguments) => grade::run(arguments, common),
        Command::Agreement(arguments) => agreement::run(arguments, common),
        Command::Calc(arguments) => calc::run(arguments, common),
        Command::Simulate(arguments) => simulate::run(arguments, common),
        Command::Import(arguments) => import::run(arguments, common),
        Command::Export(arguments) => export::run(arguments, common),
        Command::Forget(arguments) => forget::run(arguments, common),
        Command::Schema(arguments) => schema::run(arguments, common),
    }
}

impl Common {
    /// The site's root: as said, else the nearest folder with settings, else this one.
    fn root(&self) -> PathBuf {
        let nearest = || disk::find_upwards(config::FILE).unwrap_or_else(|| PathBuf::from("."));
        self.root.clone().unwrap_or_else(nearest)
    }

    fn progress(&self) -> Progress {
        if self.json || !std::io::stderr().is_terminal() { Progress::hidden() } else { Progress::shown() }
    }

    /// Prints the findings, then what the command did, and settles the exit code.
    fn finish<T, B: AsRef<[u8]>>(&self, outcome: Diagnosed<T>, result: impl FnOnce(T) -> B) -> ExitCode {
        let Diagnosed { value, diagnostics } = outcome;
        self.print(&diagnostics);
        if let Some(value) = value {
            let written = self.write(&result(value));
            if written != ExitCode::SUCCESS {
                return written;
            }
        }
        ExitCode::from(diagnostics.exit_code(self.strict))
    }

    /// Prints a result.
    fn write(&self, result: &impl AsRef<[u8]>) -> ExitCode {
        let written = std::io::stdout().lock().write_all(result.as_ref());
        if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(3) }
    }

    /// Findings go to standard error; as JSON too, so that results can be piped.
    fn print(&self, diagnostics: &Diagnostics) {
        let stderr = std::io::stderr();
        let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let format = match (self.json, colour) {
            (true, _) => Format::Json,
            (false, true) => Format::Colour,
            (false, false) => Format::Plain,
        };
        // A closed standard error is no reason to fail: the exit code still tells.
        let _ = print(diagnostics, format, &mut stderr.lock());
    }
}

/// Says what is wrong with a request, and the ways out below it.
fn refuse(fault: &Fault) -> ExitCode {
    let help = fault.help.iter().map(|help| format!("\n{}", text::line(help)));
    let said = format!("{}{}", text::line(&fault.message), help.collect::<String>());
    // A closed standard error is no reason to fail otherwise: the exit code still tells.
    let _ = writeln!(std::io::stderr().lock(), "error: {said}");
    ExitCode::from(2)
}

/// Reads a version. What the library says of a wrong one speaks of its parser.
fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).map_err(|_| "a version is three numbers without zeros before them, such as 1.1.0".to_owned())
}

/// Reads `<task>@<version>`.
fn release_name(text: &str) -> Result<(String, Version), String> {
    let (task, number) = text.split_once('@').ok_or("a task, `@` and a version, such as run-quality@1.1.0")?;
    Ok((task.to_owned(), version(number)?))
}

/// `1 file`, `2 files`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Reads one of the words of a kind.
fn one_of_words<T: Words>(typed: &str) -> Result<T, String> {
    T::of_word(typed).ok_or_else(|| format!("it is one of {}", one_of(words(T::WORDS))))
}

/// Reads a day or a time.
fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text)
        .ok_or_else(|| "a time is a day such as 2026-11-29, or a time such as 2026-11-29T10:15".to_owned())
}
