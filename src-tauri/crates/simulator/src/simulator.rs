//! Starts and stops the servers.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::certificate::Certificate;
use crate::config::Config;
use crate::error::Error;
use crate::prepare::{CLIENT_ID, Prepared};
use crate::salesforce::SharedOrg;
use crate::server::{Endpoint, Shared, serve};
use crate::state::State;

/// Base addresses, without a trailing slash.
#[derive(Debug, Clone, Serialize)]
pub struct Urls {
    /// The sandbox org; it is its own login host.
    pub salesforce_sandbox: String,
    /// The production org; it is its own login host.
    pub salesforce_production: String,
    /// `ProfitWell`.
    pub profitwell: String,
    /// Alguna.
    pub alguna: String,
}

/// What a client needs to get in.
#[derive(Clone, Serialize)]
pub struct Credentials {
    /// Bearer key of Alguna.
    pub alguna_api_key: String,
    /// Private token of `ProfitWell`.
    pub profitwell_token: String,
    /// Consumer key of the External Client App, the same in both orgs.
    pub client_id: String,
    /// Callback addresses registered with it.
    pub redirect_uris: Vec<String>,
    /// A signed-in user of the sandbox org.
    pub sandbox: OrgCredentials,
    /// A signed-in user of the production org.
    pub production: OrgCredentials,
}

/// A signed-in user of one org.
#[derive(Clone, Serialize)]
pub struct OrgCredentials {
    /// Opaque access token; good until it is not used for two hours, or ended on purpose.
    pub access_token: String,
    /// Refresh token; it rotates, so it is good once.
    pub refresh_token: String,
    /// The user's name.
    pub username: String,
    /// The user's password, for SOAP `login` up to API version 64.0.
    pub password: String,
    /// The org, 18 characters.
    pub org_id: String,
    /// Base address of the org.
    pub instance_url: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OrgCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrgCredentials")
            .field("org_id", &self.org_id)
            .finish_non_exhaustive()
    }
}

/// Running simulated servers; they stop when this is dropped.
pub struct Simulator {
    urls: Urls,
    credentials: Credentials,
    state: State,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Where the servers listen.
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The same servers by https, on the same ports, as `https://localhost:PORT`.
    pub fn secure_urls(&self) -> Urls {
        let secure = |url: &str| url.replacen("http://127.0.0.1", "https://localhost", 1);
        Urls {
            salesforce_sandbox: secure(&self.urls.salesforce_sandbox),
            salesforce_production: secure(&self.urls.salesforce_production),
            profitwell: secure(&self.urls.profitwell),
            alguna: secure(&self.urls.alguna),
        }
    }

    /// The authority that issued the certificate of the https side, as PEM, for clients to trust
    /// (`NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE`). It is made anew at every start.
    pub fn certificate_pem(&self) -> &str {
        &self.state.shared.certificate_pem
    }

    /// How to get in.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// A handle for tests.
    pub fn state(&self) -> State {
        self.state.clone()
    }

    /// Stops the servers and waits until their ports are free (at most two seconds).
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for task in self.tasks.drain(..) {
            let _ = tokio::time::timeout(Duration::from_secs(2), task).await;
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        self.state.sandbox.stop_work();
        self.state.production.stop_work();
    }
}

/// Starts all four servers and waits until they listen.
pub async fn start(config: Config) -> Result<Simulator, Error> {
    let sandbox_port = Ports::open(config.salesforce_port, "the Salesforce sandbox").await?;
    let production_port =
        Ports::open(config.production_port, "the Salesforce production org").await?;
    let profitwell_port = Ports::open(config.profitwell_port, "ProfitWell").await?;
    let alguna_port = Ports::open(config.alguna_port, "Alguna").await?;

    let certificate = Certificate::new()?;
    let shared = Arc::new(Shared {
        certificate_pem: certificate.authority_pem,
        ..Shared::default()
    });
    let time = shared.clock.clone();
    let prepared = tokio::task::spawn_blocking(move || Prepared::new(&config, &time)).await;
    let prepared =
        prepared.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;

    let urls = Urls {
        salesforce_sandbox: sandbox_port.url(),
        salesforce_production: production_port.url(),
        profitwell: profitwell_port.url(),
        alguna: alguna_port.url(),
    };
    let signed_in = |org: &SharedOrg, url: &str| {
        let mut org = org.lock();
        let org_id = org.identity.org_id.clone();
        let access_token = org.oauth.issue_access(&org_id);
        let refresh_token = org.oauth.issue_refresh("api refresh_token", &access_token);
        OrgCredentials {
            access_token,
            refresh_token,
            username: org.identity.username.to_owned(),
            password: org.password.clone(),
            org_id,
            instance_url: url.to_owned(),
        }
    };
    let sandbox = Arc::new(prepared.sandbox);
    let production = Arc::new(prepared.production);
    sandbox.belongs_to(&production);
    let credentials = Credentials {
        alguna_api_key: prepared.alguna_api_key,
        profitwell_token: prepared.profitwell_token,
        client_id: CLIENT_ID.to_owned(),
        redirect_uris: prepared.redirect_uris,
        sandbox: signed_in(&sandbox, &urls.salesforce_sandbox),
        production: signed_in(&production, &urls.salesforce_production),
    };
    let (stop, stopped) = watch::channel(false);
    let mut tasks = Vec::new();
    let mut run = |ports: Ports, endpoint: Arc<dyn Endpoint>| {
        for listener in ports.listeners {
            tasks.push(tokio::spawn(serve(
                listener,
                certificate.acceptor.clone(),
                Arc::clone(&endpoint),
                Arc::clone(&shared),
                stopped.clone(),
            )));
        }
    };
    run(sandbox_port, Arc::clone(&sandbox) as Arc<dyn Endpoint>);
    run(
        production_port,
        Arc::clone(&production) as Arc<dyn Endpoint>,
    );
    run(profitwell_port, Arc::new(prepared.profitwell));
    let alguna = Arc::new(prepared.alguna);
    run(alguna_port, Arc::clone(&alguna) as Arc<dyn Endpoint>);
    let state = State {
        shared,
        sandbox,
        production,
        on_production: false,
        alguna,
    };
    Ok(Simulator {
        urls,
        credentials,
        state,
        stop,
        tasks,
    })
}

/// A port, open on IPv4 and, where the machine has it, on IPv6: `localhost` may mean either.
struct Ports {
    port: u16,
    listeners: Vec<TcpListener>,
}

impl Ports {
    async fn open(port: u16, server: &'static str) -> Result<Self, Error> {
        let failed = |source| Error::Listen {
            server,
            port,
            source,
        };
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(failed)?;
        let port = first.local_addr().map_err(failed)?.port();
        let mut listeners = vec![first];
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await);
        Ok(Self { port, listeners })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
