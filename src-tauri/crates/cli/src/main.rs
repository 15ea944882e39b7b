//! Drawbridge without a window: the same store, engine and words in the terminal.

mod alguna_arguments;
mod arguments;
mod commands;
mod content;
mod failure;
mod interrupt;
mod places;
mod profitwell_arguments;
mod progress;
mod report;
mod visible;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::report::Report;

// Several threads make and drop many small values at once. The system's allocator on Linux keeps
// twice the memory for that, and takes longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return report::usage(&error),
    };
    let report = Report {
        json: arguments.common.json,
    };
    match commands::perform(arguments, report).await {
        Ok(exit) => exit.into(),
        Err(failure) => {
            report.failure(&failure);
            failure.exit().into()
        }
    }
}
