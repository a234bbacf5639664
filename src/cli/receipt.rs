//! `goldbook receipt`.

use super::Common;
use crate::command::receipt::{ReceiptedText, explain};
use crate::diagnostic::Fault;
use crate::release::receipt::Receipt;
use crate::text::listed;
use clap::Args;
use std::process::ExitCode;

/// Say which sealed text a receipt is of
///
/// A labelling tool that shows a version writes its receipt into the version of its rows, such as 1.1.0+ and 17 letters.
/// The receipt shows which text the tool had. It does not show that anybody read it, and it is no secret: whoever has
/// the text can make it.
///
/// Example: goldbook receipt 1.1.0+xj4bnp4pahh6uqkba
#[derive(Args)]
pub struct ReceiptArguments {
    /// The receipt: a version, `+` and 17 letters
    #[arg(value_name = "CODE", value_parser = receipt)]
    receipt: Receipt,
}

fn receipt(text: &str) -> Result<Receipt, Fault> {
    Receipt::parse(text)
}

pub fn run(arguments: &ReceiptArguments, common: &Common) -> ExitCode {
    let found = explain(&common.root(), &arguments.receipt, &common.progress());
    common.finish(found, |texts| {
        texts.iter().map(|text| if common.json { as_json(text) } else { in_words(text) }).collect::<String>()
    })
}

fn in_words(text: &ReceiptedText) -> String {
    let ReceiptedText { task, version, audiences, sha256, path } = text;
    format!(
        "{task} {version}, as it was sealed for {}\n{path}\nSHA-256 {sha256}\n",
        listed(audiences.iter().map(String::as_str))
    )
}

fn as_json(text: &ReceiptedText) -> String {
    let ReceiptedText { task, version, audiences, sha256, path } = text;
    let value = serde_json::json!({
        "task": task, "version": version.to_string(), "audiences": audiences, "sha256": sha256, "path": path,
    });
    format!("{value}\n")
}
