//! How a simulation is set up.

use std::path::PathBuf;

use crate::salesforce::OrgShape;

/// The loopback address real installations register as callback.
pub const DEFAULT_REDIRECT_URI: &str = "http://localhost:17171/OauthRedirect";

/// Settings of one simulation. Take [`Config::default`] and change what matters.
#[derive(Debug, Clone)]
pub struct Config {
    /// How many billing customers to make up (ignored with `data`).
    pub customers: usize,
    /// Seed of the made-up data; the same seed gives the same data and ids.
    pub seed: u64,
    /// Folder of CSV files to serve instead of made-up data; see `DATA.md` in the crate folder.
    pub data: Option<PathBuf>,
    /// Port of the sandbox org, 0 for any.
    pub salesforce_port: u16,
    /// Port of the production org, 0 for any.
    pub production_port: u16,
    /// Port of `ProfitWell`, 0 for any.
    pub profitwell_port: u16,
    /// Port of Alguna, 0 for any.
    pub alguna_port: u16,
    /// Whether `ProfitWell` keeps its rate limits (facts/profitwell.md §1).
    pub rate_limits: bool,
    /// Callback addresses the External Client App knows besides [`DEFAULT_REDIRECT_URI`].
    pub redirect_uris: Vec<String>,
    /// API calls per 24 hours of the sandbox; further calls get 403 `REQUEST_LIMIT_EXCEEDED`.
    pub sandbox_daily_calls: u64,
    /// API calls per 24 hours of the production org.
    pub production_daily_calls: u64,
    /// How the sandbox org is set up.
    pub sandbox: OrgShape,
    /// How the production org is set up.
    pub production: OrgShape,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            customers: 600,
            seed: 7,
            data: None,
            salesforce_port: 0,
            production_port: 0,
            profitwell_port: 0,
            alguna_port: 0,
            rate_limits: true,
            redirect_uris: Vec::new(),
            sandbox_daily_calls: 5_000_000,
            production_daily_calls: 142_000,
            sandbox: OrgShape::default(),
            production: OrgShape::default(),
        }
    }
}
