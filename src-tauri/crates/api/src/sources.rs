//! The billing systems behind one type, so that the engine is compiled once.

use std::sync::Arc;

use drawbridge_billing::Lane;
use drawbridge_billing::console::Console;
use drawbridge_billing::{alguna, profitwell};
use drawbridge_model::{
    AskingAgain, Connection, Customer, CustomerId, Page, Provider, Sensitive, Source, SourceError,
    SourceIdentity, Subscription, SubscriptionId, Which,
};
use jiff::Timestamp;

use crate::error::Result;
use crate::view::{ErrorCode, ErrorView};

/// A billing system.
pub(crate) enum AnySource {
    Alguna(alguna::Alguna),
    Profitwell(profitwell::ProfitWell),
}

impl AnySource {
    /// The billing system of a connection, with its key.
    pub(crate) fn open(connection: &Connection, key: Sensitive<String>) -> Result<Self> {
        match connection.provider {
            Provider::Alguna => Ok(Self::Alguna(alguna::Alguna::new(
                &connection.base_url,
                key,
                alguna::Options::default(),
            )?)),
            Provider::Profitwell => Ok(Self::Profitwell(profitwell::ProfitWell::new(
                &connection.base_url,
                key,
                connection
                    .source
                    .as_ref()
                    .and_then(|source| source.currency),
            )?)),
            Provider::Salesforce => Err(ErrorView::new(
                ErrorCode::BadRequest,
                format!(
                    "“{}” is a Salesforce org, not a billing source.",
                    connection.name
                ),
            )),
        }
    }

    /// The billing system, called by hand.
    pub(crate) fn console(&self) -> Console<'_> {
        match self {
            Self::Alguna(source) => source.console(),
            Self::Profitwell(source) => source.console(),
        }
    }

    /// Its calls that get no answer and are asked again.
    pub(crate) fn asking_again(&self) -> Arc<AskingAgain> {
        match self {
            Self::Alguna(source) => source.asking_again(),
            Self::Profitwell(source) => source.asking_again(),
        }
    }

    /// The billing system as one that takes links, where it has a place for them.
    pub(crate) fn links(&self) -> Option<&alguna::Alguna> {
        match self {
            Self::Alguna(source) => Some(source),
            Self::Profitwell(_) => None,
        }
    }

    /// The same, on a way that others go too.
    pub(crate) fn on(self, lane: Arc<Lane>) -> Self {
        match self {
            Self::Alguna(source) => Self::Alguna(source.on(lane)),
            Self::Profitwell(source) => Self::Profitwell(source.on(lane)),
        }
    }

    /// The way to a billing system of this provider.
    fn lane(provider: Provider) -> Arc<Lane> {
        match provider {
            Provider::Profitwell => profitwell::lane(),
            Provider::Alguna | Provider::Salesforce => alguna::lane(),
        }
    }

    /// Where a provider answers unless told otherwise.
    pub(crate) fn default_url(provider: Provider) -> &'static str {
        match provider {
            Provider::Alguna => alguna::LIVE_URL,
            Provider::Profitwell => profitwell::BASE_URL,
            Provider::Salesforce => "https://login.salesforce.com",
        }
    }
}

/// The ways to billing systems that were ever opened, by address and key: a limit is the account's,
/// whichever connection leads to it, and whether it is kept yet.
#[derive(Default)]
pub(crate) struct Lanes(Vec<(String, Sensitive<String>, Arc<Lane>)>);

impl Lanes {
    /// The way to a billing system with this key.
    pub(crate) fn of(&mut self, connection: &Connection, key: &Sensitive<String>) -> Arc<Lane> {
        let url = &connection.base_url;
        let same = |it: &&(String, Sensitive<String>, Arc<Lane>)| {
            it.0 == *url && it.1.expose() == key.expose()
        };
        if let Some((_, _, lane)) = self.0.iter().find(same) {
            return lane.clone();
        }
        let lane = AnySource::lane(connection.provider);
        self.0.push((url.clone(), key.clone(), lane.clone()));
        lane
    }
}

impl Source for AnySource {
    async fn identity(&self) -> std::result::Result<SourceIdentity, SourceError> {
        match self {
            Self::Alguna(source) => source.identity().await,
            Self::Profitwell(source) => source.identity().await,
        }
    }

    async fn now(&self) -> std::result::Result<Option<Timestamp>, SourceError> {
        match self {
            Self::Alguna(source) => source.now().await,
            Self::Profitwell(source) => source.now().await,
        }
    }

    async fn customers(
        &self,
        which: Which<'_, CustomerId>,
        cursor: Option<&str>,
    ) -> std::result::Result<Page<Customer>, SourceError> {
        match self {
            Self::Alguna(source) => source.customers(which, cursor).await,
            Self::Profitwell(source) => source.customers(which, cursor).await,
        }
    }

    async fn subscriptions(
        &self,
        which: Which<'_, SubscriptionId>,
        cursor: Option<&str>,
    ) -> std::result::Result<Page<Subscription>, SourceError> {
        match self {
            Self::Alguna(source) => source.subscriptions(which, cursor).await,
            Self::Profitwell(source) => source.subscriptions(which, cursor).await,
        }
    }
}
