//! The demo workspace: the real product against simulated servers on this computer.
//!
//! This is the only place in the product that knows of the simulator. It starts the servers and
//! plays the person who pastes the API key and presses Allow in the browser; everything else
//! goes the ordinary way.

use std::sync::Arc;

use drawbridge_salesforce::oauth;
use drawbridge_secrets::MemorySecrets;
use drawbridge_simulator::{Config, Simulator};

use crate::context::{Context, Options, Workspace};
use crate::error::Result;
use crate::view::{
    ConnectionRequest, EnvironmentView, ErrorCode, ErrorView, LoginRequest, OrgLoginRequest,
    ProviderView, SourceConnectRequest, SyncCreateRequest,
};
use crate::workspace;

/// Opens a fresh demo workspace in the folder `demo` of the data folder: connected, with one
/// sync, nothing written yet.
pub(crate) async fn open(options: &Options) -> Result<Workspace> {
    let dir = options
        .data_dir
        .join("demo")
        .join(std::process::id().to_string());
    forget_ended_demos(options);
    let login_port = free_port().unwrap_or(options.login_port);
    let simulator = drawbridge_simulator::start(Config {
        redirect_uris: [login_port, options.login_port]
            .map(oauth::redirect_uri)
            .to_vec(),
        ..Config::default()
    })
    .await
    .map_err(|error| {
        ErrorView::new(
            ErrorCode::Internal,
            format!("The simulated servers did not start: {error}. Nothing was changed."),
        )
    })?;
    let secrets = Arc::new(MemorySecrets::default());
    let workspace = workspace::open_throwaway(&dir, secrets, simulator)?;
    let context = Context::of(
        Options {
            data_dir: dir,
            open_browser: Arc::new(allow_in_browser),
            login_port,
            ..options.clone()
        },
        workspace,
    );
    connect(&context).await?;
    context.into_workspace().ok_or_else(|| {
        ErrorView::new(
            ErrorCode::Internal,
            "The demo workspace is still in use. Try again.",
        )
    })
}

/// A port nobody listens on, so that a demo starts beside another sign-in or another demo.
fn free_port() -> Option<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).ok()?;
    Some(listener.local_addr().ok()?.port())
}

/// Folders of demo workspaces whose process is gone.
fn forget_ended_demos(options: &Options) {
    let Ok(entries) = std::fs::read_dir(options.data_dir.join("demo")) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ended = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
            .is_some_and(|id| {
                id == std::process::id()
                    || (cfg!(target_os = "linux")
                        && !std::path::Path::new(&format!("/proc/{id}")).exists())
            });
        if is_ended {
            // What cannot be removed now is removed at the next start.
            std::fs::remove_dir_all(entry.path()).unwrap_or_default();
        }
    }
}

async fn connect(context: &Context) -> Result<()> {
    let workspace = context.workspace();
    let Some(simulator) = workspace.simulator.as_ref().map(DemoServers::of) else {
        return Ok(());
    };
    drop(workspace);
    let alguna = context
        .source_connect(SourceConnectRequest {
            provider: ProviderView::Alguna,
            name: "Alguna".to_owned(),
            base_url: Some(simulator.alguna),
            key: simulator.alguna_key,
        })
        .await?;
    let profitwell = context
        .source_connect(SourceConnectRequest {
            provider: ProviderView::Profitwell,
            name: "ProfitWell".to_owned(),
            base_url: Some(simulator.profitwell),
            key: simulator.profitwell_token,
        })
        .await?;
    for source in [alguna.id, profitwell.id] {
        context
            .source_pull(ConnectionRequest { connection: source })
            .await?;
    }
    let login = context
        .org_login_begin(OrgLoginRequest {
            name: "Fernhill UAT".to_owned(),
            environment: EnvironmentView::Sandbox,
            login_url: Some(simulator.sandbox),
            client_id: simulator.client_id,
        })
        .await?;
    let org = context
        .org_login_finish(LoginRequest { login: login.login })
        .await?;
    context
        .sync_create(SyncCreateRequest {
            name: "Alguna to UAT".to_owned(),
            source: alguna.id,
            org: org.id,
            pack: None,
            create_records: true,
            record_links: None,
        })
        .await?;
    Ok(())
}

struct DemoServers {
    alguna: String,
    alguna_key: String,
    profitwell: String,
    profitwell_token: String,
    sandbox: String,
    client_id: String,
}

impl DemoServers {
    fn of(simulator: &Simulator) -> Self {
        let (urls, credentials) = (simulator.urls(), simulator.credentials());
        Self {
            alguna: urls.alguna.clone(),
            alguna_key: credentials.alguna_api_key.clone(),
            profitwell: urls.profitwell.clone(),
            profitwell_token: credentials.profitwell_token.clone(),
            sandbox: urls.salesforce_sandbox.clone(),
            client_id: credentials.client_id.clone(),
        }
    }
}

/// Stands in for the person: opens the page, presses Allow.
fn allow_in_browser(address: &str) -> bool {
    let address = address.to_owned();
    tokio::spawn(async move { drawbridge_simulator::approve(&address).await.is_ok() });
    true
}
