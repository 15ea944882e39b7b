//! Starts and stops the servers.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::alguna::Alguna;
use crate::book::{self, Book};
use crate::config::{Config, DEFAULT_REDIRECT_URI};
use crate::error::Error;
use crate::faults::Server;
use crate::profitwell::Profitwell;
use crate::salesforce::{Fill, Identity, OAuth, Org, SharedOrg, canonical};
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
    /// Opaque access token; good until sessions are expired on purpose.
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
    }
}

/// Starts all four servers and waits until they listen.
pub async fn start(config: Config) -> Result<Simulator, Error> {
    let sandbox_port = Ports::open(config.salesforce_port, "the Salesforce sandbox").await?;
    let production_port =
        Ports::open(config.production_port, "the Salesforce production org").await?;
    let profitwell_port = Ports::open(config.profitwell_port, "ProfitWell").await?;
    let alguna_port = Ports::open(config.alguna_port, "Alguna").await?;

    let seed = config.seed;
    let prepared = tokio::task::spawn_blocking(move || prepare(&config)).await;
    let prepared =
        prepared.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;

    let urls = Urls {
        salesforce_sandbox: sandbox_port.url(),
        salesforce_production: production_port.url(),
        profitwell: profitwell_port.url(),
        alguna: alguna_port.url(),
    };
    let mut random = fastrand::Rng::with_seed(seed ^ 0x5EC2_E700);
    let mut secret =
        |length: usize| -> String { (0..length).map(|_| random.alphanumeric()).collect() };
    let alguna_api_key = format!("{}.{}", secret(12), secret(32));
    let profitwell_token = secret(32).to_lowercase();
    let mut passwords = [secret(14), secret(14)].into_iter();
    let mut signed_in = |org: &SharedOrg, url: &str| {
        let mut org = org.lock();
        org.password = passwords.next().unwrap_or_default();
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
    let credentials = Credentials {
        alguna_api_key: alguna_api_key.clone(),
        profitwell_token: profitwell_token.clone(),
        client_id: CLIENT_ID.to_owned(),
        redirect_uris: prepared.redirect_uris,
        sandbox: signed_in(&sandbox, &urls.salesforce_sandbox),
        production: signed_in(&production, &urls.salesforce_production),
    };
    let mut book = prepared.book;
    let customers = std::mem::take(&mut book.profitwell);
    let profitwell = Arc::new(Profitwell::new(
        profitwell_token,
        customers,
        prepared.rate_limits,
    ));
    let alguna = Arc::new(Alguna::new(alguna_api_key, book));

    let shared = Arc::new(Shared::default());
    let (stop, stopped) = watch::channel(false);
    let mut tasks = Vec::new();
    let mut run = |ports: Ports, endpoint: Arc<dyn Endpoint>| {
        for listener in ports.listeners {
            tasks.push(tokio::spawn(serve(
                listener,
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
    run(profitwell_port, profitwell);
    run(alguna_port, alguna);
    let state = State {
        shared,
        sandbox,
        production,
        on_production: false,
    };
    Ok(Simulator {
        urls,
        credentials,
        state,
        stop,
        tasks,
    })
}

/// Consumer key of the simulated External Client App.
const CLIENT_ID: &str = "3MVG9simFERNHILL.Drawbridge_0aZk7Qm2Lw9XcVbNtYpRs4UdEfGh";

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

struct Prepared {
    book: Book,
    sandbox: SharedOrg,
    production: SharedOrg,
    redirect_uris: Vec<String>,
    rate_limits: bool,
}

/// Makes or loads the data and fills the orgs.
fn prepare(config: &Config) -> Result<Prepared, Error> {
    let started = std::time::Instant::now();
    let book = match &config.data {
        Some(folder) => book::load(folder)?,
        None => book::make_up(config.customers, config.seed),
    };
    tracing::info!(elapsed = ?started.elapsed(), customers = book.customers.len(), "made the data");
    let mut redirect_uris = vec![DEFAULT_REDIRECT_URI.to_owned()];
    redirect_uris.extend(config.redirect_uris.iter().cloned());
    let id = |short: &str| canonical(short).unwrap_or_default();
    let user_id = id("0055f000001AnRz");
    let sandbox = Identity {
        org_id: id("00D9V000004UatS"),
        org_name: "Fernhill UAT",
        domain: "fernhill--uat",
        instance: "EU48S",
        is_sandbox: true,
        username: "ana.ruiz@fernhill.com.uat",
        email: "ana.ruiz@fernhill.com.invalid",
        user_id: user_id.clone(),
    };
    let production = Identity {
        org_id: id("00D5f000007FrnH"),
        org_name: "Fernhill",
        domain: "fernhill",
        instance: "EU48",
        is_sandbox: false,
        username: "ana.ruiz@fernhill.com",
        email: "ana.ruiz@fernhill.com",
        user_id,
    };
    let org =
        |identity: Identity, server: Server, calls: u64, salt: u64| -> Result<SharedOrg, Error> {
            let oauth = OAuth::new(CLIENT_ID, redirect_uris.clone(), config.seed ^ salt);
            let mut org = Org::new(identity, oauth, calls)?;
            let mut fill = Fill::new(&mut org);
            fill.setup()?;
            fill.records("Account", "accounts.csv", &book.accounts)?;
            fill.records("Contact", "salesforce_contacts.csv", &book.contacts)?;
            Ok(SharedOrg::new(server, org))
        };
    // The two orgs do not depend on each other, and filling them is the long part of a start.
    let (sandbox, production) = std::thread::scope(|scope| {
        let filling = scope.spawn(|| {
            org(
                sandbox,
                Server::SalesforceSandbox,
                config.sandbox_daily_calls,
                1,
            )
        });
        let production = org(
            production,
            Server::SalesforceProduction,
            config.production_daily_calls,
            2,
        );
        let sandbox = filling
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (sandbox, production)
    });
    tracing::info!(elapsed = ?started.elapsed(), accounts = book.accounts.len(), "filled the orgs");
    Ok(Prepared {
        sandbox: sandbox?,
        production: production?,
        redirect_uris: redirect_uris.clone(),
        rate_limits: config.rate_limits,
        book: Book {
            accounts: Vec::new(),
            contacts: Vec::new(),
            ..book
        },
    })
}
