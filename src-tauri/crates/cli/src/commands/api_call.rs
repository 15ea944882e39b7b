//! `profitwell api` and `alguna api`: a call to a billing system, written by hand.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use drawbridge_api::Context;
use drawbridge_api::view::{
    AnswerFormat, AnswerKindView, AnswerSaveRequest, ApiAnswerView, ApiMethodView, ConnectionView,
    ConsoleCancelRequest, ConsoleRequest, Nothing, PairView, ProviderView,
};
use serde_json::value::RawValue;

use super::{Done, connection_named};
use crate::failure::{Exit, Failure};
use crate::report::{Report, grouped};

#[derive(Args)]
pub(crate) struct ApiArguments {
    /// GET, HEAD, POST, PUT, PATCH or DELETE.
    method: String,
    /// Path below the base URL, such as /v2/plans/ of ProfitWell or /customers of Alguna.
    path: String,
    /// A parameter of the query, encoded on the way. May be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    query: Vec<String>,
    /// A header. May be repeated. The key of the connection is sent by itself.
    #[arg(long, value_name = "NAME:VALUE")]
    header: Vec<String>,
    /// The body as JSON, or @FILE to read it from a file.
    #[arg(long, value_name = "JSON|@FILE")]
    body: Option<String>,
    /// Send a call that may change something. Without it, it is only said what it would do.
    #[arg(long)]
    yes: bool,
    /// The id the call is about: needed for what cannot be taken back.
    #[arg(long, value_name = "WORDS")]
    confirm: Option<String>,
    /// The rows of the answer as CSV.
    #[arg(long)]
    csv: bool,
    /// Write the whole answer to this file, which is replaced.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn run(
    context: &Context,
    provider: ProviderView,
    connection: Option<&str>,
    wish: ApiArguments,
    report: Report,
) -> Done {
    let connection = connection_of(context, provider, connection).await?;
    let request = request(&connection, &wish)?;
    let answer = call(context, request, report).await?;
    let done = if answer.status < 400 {
        Exit::Done
    } else {
        Exit::Failed
    };
    report.say(&said(&answer));
    let format = if wish.csv {
        AnswerFormat::Csv
    } else {
        AnswerFormat::Whole
    };
    let save = AnswerSaveRequest {
        call: answer.call,
        format,
    };
    if wish.csv && answer.rows == 0 {
        return Err(Failure::usage(format!(
            "{} The answer holds no list, so there is no table of it; leave --csv out to see it.",
            answer.sentence
        )));
    }
    if let Some(file) = &wish.out {
        write(context, save, file).await?;
        let name = file.display().to_string();
        let document = document(&answer, "file", serde_json::Value::from(name.clone()));
        report.answer(&document, || format!("The answer is in {name}."));
        return Ok(done);
    }
    let mut bytes = Vec::new();
    context.console_write(save, &mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes);
    if wish.csv {
        // A terminal, or the program behind a pipe, needs no mark of the encoding.
        let text = text.trim_start_matches('\u{feff}').trim_end();
        let document = document(&answer, "csv", serde_json::Value::from(text));
        report.content(&document, || text.to_owned());
        return Ok(done);
    }
    match answer.kind {
        AnswerKindView::Json => {
            // As it came: numbers keep their digits.
            let body: Option<&RawValue> = serde_json::from_str(text.trim()).ok();
            report.content(&Answered::new(&answer, body), || {
                if answer.text_cut {
                    text.trim().to_owned()
                } else {
                    answer.text.clone()
                }
            });
        }
        AnswerKindView::Bytes => {
            report.say("The answer is no text: give --out FILE to keep it.");
            report.answer(
                &document(&answer, "body", serde_json::Value::Null),
                String::new,
            );
        }
        AnswerKindView::Text | AnswerKindView::Empty => {
            let body = serde_json::Value::from(text.as_ref());
            report.content(&document(&answer, "body", body), || {
                text.trim_end().to_owned()
            });
        }
    }
    Ok(done)
}

/// Makes the call; Ctrl-C ends the waiting for its answer.
async fn call(
    context: &Context,
    request: ConsoleRequest,
    report: Report,
) -> Result<ApiAnswerView, Failure> {
    let (stopping, ticket) = (context.clone(), request.ticket.clone());
    let stopper = tokio::spawn(async move {
        while let Some(ticket) = ticket.clone()
            && crate::interrupt::asked().await.is_ok()
        {
            report.say("Cancelled. What was sent cannot be called back.");
            let cancelled = stopping.console_cancel(ConsoleCancelRequest { ticket });
            if let Err(error) = cancelled.await {
                report.say(&error.message);
            }
        }
    });
    let answered = context.console_call(request).await;
    stopper.abort();
    Ok(answered?)
}

/// The answer as a document, its body as it came.
#[derive(serde::Serialize)]
struct Answered<'a> {
    #[serde(flatten)]
    about: serde_json::Map<String, serde_json::Value>,
    body: Option<&'a RawValue>,
}

impl<'a> Answered<'a> {
    fn new(answer: &ApiAnswerView, body: Option<&'a RawValue>) -> Self {
        Self {
            about: about(answer),
            body,
        }
    }
}

fn about(answer: &ApiAnswerView) -> serde_json::Map<String, serde_json::Value> {
    let headers: serde_json::Map<String, serde_json::Value> = answer
        .headers
        .iter()
        .map(|header| (header.name.clone(), header.value.clone().into()))
        .collect();
    [
        ("call", answer.call.into()),
        ("method", serde_json::json!(answer.method)),
        ("path", answer.path.clone().into()),
        ("status", answer.status.into()),
        ("sentence", answer.sentence.clone().into()),
        ("note", serde_json::json!(answer.note)),
        ("elapsed_ms", answer.elapsed_ms.into()),
        ("size", answer.size.into()),
        ("content_type", serde_json::json!(answer.content_type)),
        ("headers", headers.into()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn document(
    answer: &ApiAnswerView,
    name: &str,
    value: serde_json::Value,
) -> serde_json::Map<String, serde_json::Value> {
    let mut document = about(answer);
    document.insert(name.to_owned(), value);
    document
}

/// The answer in a few words, for people.
fn said(answer: &ApiAnswerView) -> String {
    let mut text = format!(
        "{} {} · {} ms · {} bytes. {}",
        answer.status,
        answer.status_text,
        grouped(answer.elapsed_ms),
        grouped(answer.size),
        answer.sentence
    );
    if let Some(seconds) = answer.retry_after_seconds {
        let _ = write!(text, " It asks to wait {seconds} s.");
    }
    if let Some(note) = &answer.note {
        text.push('\n');
        text.push_str(note);
    }
    text
}

async fn write(context: &Context, save: AnswerSaveRequest, file: &Path) -> Result<(), Failure> {
    let unwritten = |error: std::io::Error| {
        Failure::usage(format!("{} was not written: {error}.", file.display()))
    };
    let mut out = BufWriter::new(File::create(file).map_err(unwritten)?);
    context.console_write(save, &mut out).await?;
    out.flush().map_err(unwritten)
}

async fn connection_of(
    context: &Context,
    provider: ProviderView,
    name: Option<&str>,
) -> Result<ConnectionView, Failure> {
    let product = match provider {
        ProviderView::Alguna => "Alguna",
        ProviderView::Profitwell => "ProfitWell",
        ProviderView::Salesforce => "Salesforce",
    };
    if let Some(name) = name {
        let connection = connection_named(context, name).await?;
        if connection.provider != provider {
            return Err(Failure::usage(format!(
                "“{}” is no {product} connection. Nothing was sent.",
                connection.name
            )));
        }
        return Ok(connection);
    }
    let mut ours: Vec<ConnectionView> = context
        .connection_list(Nothing {})
        .await?
        .into_iter()
        .filter(|connection| connection.provider == provider)
        .collect();
    match (ours.pop(), ours.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(Failure::usage(format!(
            "There is no {product} connection yet. Make one with `drawbridge-cli connect {}`.",
            product.to_lowercase()
        ))),
        (Some(last), false) => {
            let names: Vec<String> = ours.into_iter().chain([last]).map(|it| it.name).collect();
            Err(Failure::usage(format!(
                "There are several {product} connections: {}. Name one with --connection.",
                names.join(", ")
            )))
        }
    }
}

fn request(connection: &ConnectionView, wish: &ApiArguments) -> Result<ConsoleRequest, Failure> {
    Ok(ConsoleRequest {
        connection: connection.id,
        method: method(&wish.method)?,
        path: wish.path.clone(),
        headers: pairs(&wish.header, ':', "--header")?,
        query: pairs(&wish.query, '=', "--query")?,
        body: wish.body.as_deref().map(body).transpose()?,
        confirmed: wish.yes,
        typed: wish.confirm.clone(),
        ticket: Some(format!("terminal-{}", std::process::id())),
    })
}

fn method(word: &str) -> Result<ApiMethodView, Failure> {
    serde_json::from_value(word.to_uppercase().into()).map_err(|_| {
        Failure::usage(format!(
            "“{word}” is no method: GET, HEAD, POST, PUT, PATCH or DELETE."
        ))
    })
}

fn pairs(given: &[String], sign: char, option: &str) -> Result<Vec<PairView>, Failure> {
    given
        .iter()
        .map(|pair| {
            let (name, value) = pair.split_once(sign).ok_or_else(|| {
                // A header may hold a secret: it is not repeated.
                Failure::usage(format!("{option} needs the form NAME{sign}VALUE."))
            })?;
            Ok(PairView {
                name: name.to_owned(),
                value: value.to_owned(),
            })
        })
        .collect()
}

fn body(given: &str) -> Result<String, Failure> {
    match given.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("{file} was not read: {error}."))),
        None => Ok(given.to_owned()),
    }
}
