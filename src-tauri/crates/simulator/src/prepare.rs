//! What the servers start with: the data, and the orgs and billing systems that hold it.

use std::sync::mpsc::sync_channel;
use std::time::Instant;

use crate::alguna::Alguna;
use crate::book;
use crate::config::{Config, DEFAULT_REDIRECT_URI};
use crate::error::Error;
use crate::faults::Server;
use crate::now::MovableClock;
use crate::profitwell::Profitwell;
use crate::salesforce::{Fill, Filled, Identity, OAuth, Org, Setting, SharedOrg, canonical};

/// Consumer key of the simulated External Client App.
pub(crate) const CLIENT_ID: &str = "3MVG9simFERNHILL.Drawbridge_0aZk7Qm2Lw9XcVbNtYpRs4UdEfGh";

/// Servers that do not listen yet.
pub(crate) struct Prepared {
    pub(crate) sandbox: SharedOrg,
    pub(crate) production: SharedOrg,
    pub(crate) profitwell: Profitwell,
    pub(crate) alguna: Alguna,
    pub(crate) profitwell_token: String,
    pub(crate) alguna_api_key: String,
    pub(crate) redirect_uris: Vec<String>,
}

impl Prepared {
    /// Makes up or loads the data, and fills the sandbox while it comes. Production is a copy: both
    /// orgs hold the same records with the same ids, as a full-copy sandbox does.
    pub(crate) fn new(config: &Config, time: &MovableClock) -> Result<Self, Error> {
        let started = Instant::now();
        let mut redirect_uris = vec![DEFAULT_REDIRECT_URI.to_owned()];
        redirect_uris.extend(config.redirect_uris.iter().cloned());
        let setting = |identity: Identity, daily_calls: u64, password: String, salt: u64| Setting {
            identity,
            oauth: OAuth::new(
                CLIENT_ID,
                redirect_uris.clone(),
                config.seed ^ salt,
                time.clone(),
            ),
            daily_calls,
            password,
            time: time.clone(),
        };
        let mut random = fastrand::Rng::with_seed(config.seed ^ 0x5EC2_E700);
        let mut secret =
            |length: usize| -> String { (0..length).map(|_| random.alphanumeric()).collect() };
        let alguna_api_key = format!("{}.{}", secret(12), secret(32));
        let profitwell_token = secret(32).to_lowercase();
        let (sandbox_password, production_password) = (secret(14), secret(14));

        let (send, receive) = sync_channel(8);
        let (orgs, billing) = std::thread::scope(|scope| {
            let filling = scope.spawn(|| -> Result<(Org, Org), Error> {
                let mut sandbox = Org::new(setting(
                    sandbox(),
                    config.sandbox_daily_calls,
                    sandbox_password,
                    1,
                ))?;
                let mut filled = Filled::default();
                for records in receive {
                    Fill::new(&mut sandbox).records(&records, &mut filled)?;
                }
                sandbox.index()?;
                let mut production = sandbox.copy(setting(
                    production(),
                    config.production_daily_calls,
                    production_password,
                    2,
                ))?;
                for (org, shape) in [
                    (&mut sandbox, &config.sandbox),
                    (&mut production, &config.production),
                ] {
                    Fill::new(org).setup()?;
                    org.reshape(shape.clone())?;
                }
                tracing::info!(elapsed = ?started.elapsed(), ?filled, "filled the orgs");
                Ok((sandbox, production))
            });
            let billing = || -> Result<(Profitwell, Alguna), Error> {
                // A record the org refuses ends the filling; its error is reported below.
                let mut book = match &config.data {
                    None => book::make_up(config.customers, config.seed, |records| {
                        let _ = send.send(records);
                    }),
                    Some(folder) => {
                        let mut book = book::load(folder)?;
                        let _ = send.send(std::mem::take(&mut book.records));
                        book
                    }
                };
                drop(send);
                tracing::info!(elapsed = ?started.elapsed(), customers = book.customers.len(), "made the data");
                let profitwell =
                    Profitwell::new(profitwell_token.clone(), &mut book, config.rate_limits);
                Ok((profitwell, Alguna::new(alguna_api_key.clone(), book)))
            };
            let billing = billing();
            let orgs = filling
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (orgs, billing)
        });
        let ((profitwell, alguna), (sandbox, production)) = (billing?, orgs?);
        tracing::info!(elapsed = ?started.elapsed(), "ready to listen");
        Ok(Self {
            sandbox: SharedOrg::new(Server::SalesforceSandbox, sandbox),
            production: SharedOrg::new(Server::SalesforceProduction, production),
            profitwell,
            alguna,
            profitwell_token,
            alguna_api_key,
            redirect_uris,
        })
    }
}

fn id(short: &str) -> String {
    canonical(short).unwrap_or_default()
}

fn sandbox() -> Identity {
    Identity {
        org_id: id("00D9V000004UatS"),
        org_name: "Fernhill UAT",
        domain: "fernhill--uat",
        instance: "EU48S",
        is_sandbox: true,
        username: "ana.ruiz@fernhill.com.uat",
        email: "ana.ruiz@fernhill.com.invalid",
        user_id: id("0055f000001AnRz"),
    }
}

fn production() -> Identity {
    Identity {
        org_id: id("00D5f000007FrnH"),
        org_name: "Fernhill",
        domain: "fernhill",
        instance: "EU48",
        is_sandbox: false,
        username: "ana.ruiz@fernhill.com",
        email: "ana.ruiz@fernhill.com",
        user_id: id("0055f000001AnRz"),
    }
}
