//! Serves the page and the use cases over HTTP on loopback, for browser tests and for working on
//! the page. Never part of the product.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Parser;
use drawbridge_api::view::{ErrorView, Work};
use drawbridge_api::{Context, Options, commands};
use futures::Stream;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;
use tower_http::services::{ServeDir, ServeFile};

/// Serves Drawbridge's page and use cases on loopback, for browser tests.
#[derive(Parser)]
struct Arguments {
    /// Port to listen on; 0 for any.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Folder of the built page.
    #[arg(long, default_value = "ui/dist")]
    page: PathBuf,
    /// Where data is kept.
    #[arg(long)]
    data_dir: PathBuf,
    /// Port the browser comes back to after a sign-in.
    #[arg(long, default_value_t = 17171)]
    login_port: u16,
    /// Begin in the demo workspace.
    #[arg(long)]
    demo: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let options = Options {
        login_port: arguments.login_port,
        ..Options::new(arguments.data_dir)
    };
    let context = if arguments.demo {
        Context::open_demo(options).await?
    } else {
        Context::open(options)?
    };
    let index = ServeFile::new(arguments.page.join("index.html"));
    let router = Router::new()
        .route("/api/{name}", post(call))
        .route("/api/progress/{kind}/{id}", get(progress))
        .fallback_service(ServeDir::new(arguments.page).fallback(index))
        .with_state(context);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    announce(&listener.local_addr()?.to_string());
    axum::serve(listener, router).await?;
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the one line whoever started it waits for"
)]
fn announce(address: &str) {
    println!("http://{address}");
}

async fn call(
    State(context): State<Context>,
    Path(name): Path<String>,
    Json(request): Json<serde_json::Value>,
) -> Response {
    match commands::dispatch(&context, &name, request).await {
        Ok(response) => Json(response).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

async fn progress(
    State(context): State<Context>,
    Path((kind, id)): Path<(String, u32)>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, (StatusCode, Json<ErrorView>)> {
    let work = match kind.as_str() {
        "plan" => Work::Plan(id),
        _ => Work::Run(id),
    };
    let receiver = context.watch(work).ok_or_else(|| {
        (
            StatusCode::NOT_FOUND,
            Json(ErrorView::not_found("such work")),
        )
    })?;
    let pictures = WatchStream::new(receiver).map(|picture| {
        let text = serde_json::to_string(&picture).unwrap_or_default();
        Ok(Event::default().data(text))
    });
    Ok(Sse::new(pictures).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
