//! The way to `ProfitWell`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use drawbridge_model::{AskingAgain, Currency, Sensitive, SourceError};
use tokio::sync::OnceCell;

use super::{error, wire};
use crate::http::{Dialect, Transport};
use crate::pace::{Lane, Pace};
use crate::retry::Rule;

/// Where `ProfitWell` is.
pub const BASE_URL: &str = "https://api.profitwell.com";
/// Published: 25 requests in 5 seconds. The quarter second more is for calls that overtake
/// each other on their way.
const MOST: usize = 25;
const WINDOW: Duration = Duration::from_millis(5_250);

/// Calls at a time.
const IN_FLIGHT: usize = 4;

/// The way to one company in `ProfitWell`, to be shared by all who go it.
pub fn lane() -> Arc<Lane> {
    Arc::new(Lane::new(IN_FLIGHT, Some(Pace::new(MOST, WINDOW))))
}

/// `ProfitWell`, as one private token sees it.
pub struct ProfitWell {
    pub(super) transport: Transport,
    /// Currency of the company's figures; asked once where it was not given.
    currency: OnceCell<Currency>,
}

impl fmt::Debug for ProfitWell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfitWell")
            .field("currency", &self.currency.get())
            .finish_non_exhaustive()
    }
}

impl ProfitWell {
    /// `ProfitWell` at this base URL with this private token. Nothing is sent yet. `currency` is
    /// that of the company's figures, where it is known already.
    pub fn new(
        base_url: &str,
        token: Sensitive<String>,
        currency: Option<Currency>,
    ) -> Result<Self, SourceError> {
        let dialect = Dialect {
            name: "ProfitWell",
            rule: Rule::ProfitWell,
            message: error::message,
            trailing_slash: true,
            authorization_prefix: "",
            headers: &[],
        };
        Ok(Self {
            transport: Transport::new(base_url, token, dialect, lane())?,
            currency: OnceCell::new_with(currency),
        })
    }

    /// Its calls that get no answer and are asked again.
    pub fn asking_again(&self) -> Arc<AskingAgain> {
        self.transport.asking_again()
    }

    /// The same, on a way that others go too.
    #[must_use]
    pub fn on(mut self, lane: Arc<Lane>) -> Self {
        self.transport.take(lane);
        self
    }

    pub(super) async fn company(&self) -> Result<wire::CompanySettings, SourceError> {
        self.transport
            .get(&["v2", "company", "settings"], &[])
            .await
    }

    /// The currency every amount is in. Without it no amount means anything: an error.
    pub(super) async fn currency(&self) -> Result<Currency, SourceError> {
        let asked = || async {
            let company = self.company().await?;
            self.currency_of(&company)
        };
        self.currency.get_or_try_init(asked).await.copied()
    }

    pub(super) fn currency_of(
        &self,
        company: &wire::CompanySettings,
    ) -> Result<Currency, SourceError> {
        let code = company.currency.as_deref();
        code.and_then(|code| Currency::parse(code).ok())
            .ok_or_else(|| {
                self.transport.asked("").not_the_api(
                    "GET /v2/company/settings/ names no currency, so no amount can be read",
                )
            })
    }
}
