//! `drawbridge-sim`: starts the simulated servers alone and runs until interrupted.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use drawbridge_simulator::{Config, Simulator, start};

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
    let config = Config {
        customers: options.customers,
        seed: options.seed,
        data: options.data,
        salesforce_port: options.salesforce_port,
        production_port: options.production_port,
        profitwell_port: options.profitwell_port,
        alguna_port: options.alguna_port,
        rate_limits: !options.no_rate_limits,
        redirect_uris: options.redirect_uris,
        ..Config::default()
    };
    let simulator = match start(config).await {
        Ok(simulator) => simulator,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            return ExitCode::FAILURE;
        }
    };
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

fn as_json(simulator: &Simulator) -> String {
    serde_json::json!({"urls": simulator.urls(), "credentials": simulator.credentials()})
        .to_string()
}

fn as_text(simulator: &Simulator) -> String {
    let (urls, credentials) = (simulator.urls(), simulator.credentials());
    format!(
        "Simulated servers (Ctrl-C stops them)\n\
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
