//! One module a command.

pub(crate) mod api_call;
mod connect;
mod connections;
mod demo;
mod explain;
pub(crate) mod export;
mod fields;
mod forecast;
pub(crate) mod history;
mod import;
mod match_decisions;
mod matching;
pub(crate) mod metrics;
mod operation_words;
mod operations;
mod plan;
pub(crate) mod preview;
mod promote;
mod run;
mod runs;
mod speaker;
mod sync;
mod undo;
mod writeback;

use std::path::PathBuf;

use drawbridge_api::view::{ConnectionView, ErrorView, Nothing, SyncView};
use drawbridge_api::{Context, Options};

use crate::arguments::{Arguments, Command, Common};
use crate::failure::{Exit, Failure};
use crate::report::Report;

type Done = Result<Exit, Failure>;

/// Runs the command.
pub(crate) async fn perform(arguments: Arguments, report: Report) -> Done {
    let options = options(&arguments.common)?;
    if let Command::Demo = arguments.command {
        return demo::run(options, report).await;
    }
    let context = Context::open(options)?;
    warn(&context, report).await?;
    match arguments.command {
        Command::Demo => Ok(Exit::Done),
        Command::Connect { what } => connect::run(&context, what, report).await,
        Command::Connections { action } => connections::run(&context, action, report).await,
        Command::Sync { action } => sync::run(&context, action, report).await,
        Command::Fields {
            sync,
            validate,
            deploy,
            export,
        } => {
            let sync = sync_named(&context, &sync).await?;
            fields::run(
                &context,
                &sync,
                fields::Wish {
                    validate,
                    deploy,
                    export,
                },
                report,
            )
            .await
        }
        Command::Match(wish) => {
            let sync = sync_named(&context, &wish.sync).await?;
            matching::run(&context, &sync, wish, report).await
        }
        Command::Speaker {
            sync,
            customer,
            pin,
            unpin,
            by,
        } => {
            let sync = sync_named(&context, &sync).await?;
            let wish = speaker::Wish {
                customer,
                pin,
                unpin,
                by,
            };
            speaker::run(&context, &sync, wish, report).await
        }
        Command::Plan { sync, reading } => {
            let sync = sync_named(&context, &sync).await?;
            plan::run(&context, &sync, &reading, report).await
        }
        Command::Preview(wish) => preview::run(&context, wish, report).await,
        Command::Run {
            plan,
            guards,
            limit,
            only,
            way,
        } => {
            let wish = run::Wish {
                plan,
                guards,
                limit,
                only,
                way,
            };
            run::run(&context, wish, report).await
        }
        Command::Retry {
            run,
            customer,
            allow_duplicates,
        } => run::retry(&context, run, customer, allow_duplicates, report).await,
        Command::Resume {
            run,
            as_another_user,
        } => run::resume(&context, run, as_another_user, report).await,
        Command::Undo(wish) => undo::run(&context, wish, report).await,
        Command::Import { what } => import::run(&context, what, report).await,
        Command::Profitwell(wish) => operations::run(&context, wish, report).await,
        Command::History(wish) => history::list(&context, wish, report).await,
        Command::Runs => runs::list(&context, report).await,
        Command::Show { run, links, .. } if links => writeback::show(&context, run, report).await,
        Command::Show {
            run,
            report: Some(file),
            ..
        } => export::report(&context, run, &file, report).await,
        Command::Show { run, rows, .. } => runs::show(&context, run, rows, report).await,
        Command::Explain { sync, of, field } => {
            let sync = sync_named(&context, &sync).await?;
            explain::run(&context, &sync, of, field, report).await
        }
        Command::Export { what } => export::run(&context, what, report).await,
        Command::Alguna(wish) => operations::run_alguna(&context, wish, report).await,
    }
}

fn options(common: &Common) -> Result<Options, Failure> {
    let data_dir: PathBuf = match &common.data_dir {
        Some(dir) => dir.clone(),
        None => dirs::data_dir()
            .ok_or_else(|| Failure::usage("There is no home folder: give --data-dir DIR."))?
            .join("app.drawbridge.desktop"),
    };
    Ok(Options {
        login_port: common.login_port,
        ..Options::new(data_dir)
    })
}

async fn warn(context: &Context, report: Report) -> Result<(), ErrorView> {
    if let Some(warning) = context.workspace_get(Nothing {}).await?.warning {
        report.say(&format!("note: {warning}"));
    }
    Ok(())
}

async fn sync_named(context: &Context, name: &str) -> Result<SyncView, Failure> {
    let syncs = context.sync_list(Nothing {}).await?;
    let known: Vec<String> = syncs.iter().map(|sync| sync.name.clone()).collect();
    syncs
        .into_iter()
        .find(|sync| sync.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| unknown("sync", name, &known))
}

async fn connection_named(context: &Context, name: &str) -> Result<ConnectionView, Failure> {
    let connections = context.connection_list(Nothing {}).await?;
    let known: Vec<String> = connections.iter().map(|it| it.name.clone()).collect();
    connections
        .into_iter()
        .find(|connection| connection.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| unknown("connection", name, &known))
}

fn unknown(kind: &str, name: &str, known: &[String]) -> Failure {
    let hint = match known {
        [] => format!("There are no {kind}s yet."),
        names => format!("There are: {}.", names.join(", ")),
    };
    Failure(ErrorView::not_found(format_args!("{kind} called “{name}”")).hint(hint))
}

/// A secret from the environment variable that was named.
fn from_environment(variable: &str) -> Result<String, Failure> {
    std::env::var(variable).map_err(|_| {
        Failure::usage(format!(
            "The environment variable {variable} is not set, or is not text."
        ))
    })
}
