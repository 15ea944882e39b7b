//! `drawbridge-sim`: starts the simulated servers alone and runs until interrupted.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use drawbridge_simulator::{Config, Error, OrgShape, Simulator, start};

// Made on one thread and dropped on another, the data costs the system's allocator half of a start.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Simulated Salesforce, ProfitWell and Alguna on loopback.
#[derive(Debug, Parser)]
#[command(name = "drawbridge-sim", version)]
struct Options {
    /// Port of the Salesforce sandbox (0 = any).
    #[arg(long, default_value_t = 0)]
    salesforce_port: u16,
    /// Port of the Salesforce production org (0 = any).
    #[arg(long, default_value_t = 0)]
    production_port: u16,
    /// Port of ProfitWell (0 = any).
    #[arg(long, default_value_t = 0)]
    profitwell_port: u16,
    /// Port of Alguna (0 = any).
    #[arg(long, default_value_t = 0)]
    alguna_port: u16,
    /// How many billing customers to make up.
    #[arg(long, default_value_t = 600)]
    customers: usize,
    /// Seed of the made-up data.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Folder of CSV files to serve instead of made-up data.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Another callback address of the External Client App; may be repeated.
    #[arg(long = "redirect-uri")]
    redirect_uris: Vec<String>,
    /// ProfitWell answers as fast as it is asked.
    #[arg(long)]
    no_rate_limits: bool,
    /// API calls per 24 hours of the sandbox.
    #[arg(long, default_value_t = Config::default().sandbox_daily_calls)]
    sandbox_daily_calls: u64,
    /// API calls per 24 hours of the production org.
    #[arg(long, default_value_t = Config::default().production_daily_calls)]
    production_daily_calls: u64,
    /// Write the authority of the https side to this file (PEM), for clients to trust.
    #[arg(long)]
    certificate_file: Option<PathBuf>,
    /// How the sandbox org is set up, as JSON: what PATCH /sim/org takes.
    #[arg(long, value_parser = shape, default_value = "{}", hide_default_value = true)]
    sandbox_org: OrgShape,
    /// How the production org is set up, as JSON.
    #[arg(long, value_parser = shape, default_value = "{}", hide_default_value = true)]
    production_org: OrgShape,
    /// Print addresses and credentials as one JSON line.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let mut config = Config {
        customers: options.customers,
        seed: options.seed,
        data: options.data,
        salesforce_port: options.salesforce_port,
        production_port: options.production_port,
        profitwell_port: options.profitwell_port,
        alguna_port: options.alguna_port,
        rate_limits: !options.no_rate_limits,
        redirect_uris: options.redirect_uris,
        sandbox: options.sandbox_org,
        production: options.production_org,
        ..Config::default()
    };
    config.sandbox_daily_calls = options.sandbox_daily_calls;
    config.production_daily_calls = options.production_daily_calls;
    let simulator = match start(config).await {
        Ok(simulator) => simulator,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(path) = &options.certificate_file
        && let Err(source) = std::fs::write(path, simulator.certificate_pem())
    {
        let error = Error::Write {
            path: path.clone(),
            source,
        };
        let _ = writeln!(std::io::stderr(), "{error}");
        return ExitCode::FAILURE;
    }
    let text = if options.json {
        as_json(&simulator)
    } else {
        as_text(&simulator)
    };
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        return ExitCode::FAILURE;
    }
    drop(out);
    let _ = tokio::signal::ctrl_c().await;
    simulator.stop().await;
    ExitCode::SUCCESS
}

fn shape(json: &str) -> Result<OrgShape, serde_json::Error> {
    serde_json::from_str(json)
}

fn as_json(simulator: &Simulator) -> String {
    serde_json::json!({
        "urls": simulator.urls(),
        "secure_urls": simulator.secure_urls(),
        "certificate": simulator.certificate_pem(),
        "credentials": simulator.credentials()
    })
    .to_string()
}

fn as_text(simulator: &Simulator) -> String {
    let (urls, credentials) = (simulator.urls(), simulator.credentials());
    format!(
        "Simulated servers, http and https on the same ports (Ctrl-C stops them)\n\
         \n  Salesforce sandbox     {}\n    user {}, password {}, org {}\n    access token  {}\n    refresh token {}\
         \n  Salesforce production  {}\n    user {}, password {}, org {}\n    access token  {}\n    refresh token {}\
         \n  External Client App    {}\n    callbacks {}\
         \n  ProfitWell             {}\n    token {}\
         \n  Alguna                 {}\n    API key {}",
        urls.salesforce_sandbox,
        credentials.sandbox.username,
        credentials.sandbox.password,
        credentials.sandbox.org_id,
        credentials.sandbox.access_token,
        credentials.sandbox.refresh_token,
        urls.salesforce_production,
        credentials.production.username,
        credentials.production.password,
        credentials.production.org_id,
        credentials.production.access_token,
        credentials.production.refresh_token,
        credentials.client_id,
        credentials.redirect_uris.join(", "),
        urls.profitwell,
        credentials.profitwell_token,
        urls.alguna,
        credentials.alguna_api_key,
    )
}
