//! The way to Alguna.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use drawbridge_model::{AskingAgain, Page, Sensitive, SourceError};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::place::Place;
use super::{error, wire};
use crate::http::{Dialect, Transport};
use crate::pace::Lane;
use crate::retry::Rule;

/// Where live data is.
pub const LIVE_URL: &str = "https://api.alguna.io";
/// Where Alguna's own sandbox is: other data, other keys.
pub const SANDBOX_URL: &str = "https://api.sandbox.alguna.io";
/// The API version every call names.
pub const VERSION: &str = "2026-04-01";
/// The largest page Alguna gives.
pub const LARGEST_PAGE: usize = 100;

/// A listing that comes in pages.
pub(super) struct Listing {
    pub(super) path: &'static str,
    /// What one of its rows is called.
    pub(super) row: &'static str,
    /// Oldest first, so that what is new meanwhile comes last and shifts nobody.
    pub(super) sort: Option<&'static str>,
}

pub(super) const CUSTOMERS: Listing = Listing {
    path: "customers",
    row: "customer",
    sort: Some("created_at:asc"),
};
pub(super) const SUBSCRIPTIONS: Listing = Listing {
    path: "subscriptions",
    row: "subscription",
    sort: Some("created_at:asc"),
};
/// Latest change first. No list can be asked for changes alone, and only this one can be sorted by
/// them (facts/alguna.md §1, §2.3).
pub(super) const SUBSCRIPTIONS_BY_CHANGE: Listing = Listing {
    sort: Some("updated_at:desc"),
    ..SUBSCRIPTIONS
};
/// Which orders plans can come in is not documented.
const PLANS: Listing = Listing {
    path: "plans",
    row: "plan",
    sort: None,
};

/// How Alguna is read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Rows a page, 1 to 100.
    pub page_size: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            page_size: LARGEST_PAGE,
        }
    }
}

/// Calls at a time. No limit of calls per time is published (facts/alguna.md §1).
const IN_FLIGHT: usize = 6;

/// The way to one account of Alguna, to be shared by all who go it.
pub fn lane() -> Arc<Lane> {
    Arc::new(Lane::new(IN_FLIGHT, None))
}

/// Alguna, as one API key sees it.
pub struct Alguna {
    pub(super) transport: Transport,
    page_size: usize,
    /// Ids of the Salesforce integrations, asked once a pull.
    integrations: Mutex<Option<Arc<[String]>>>,
    /// Plan names by plan id, asked once a pull.
    plans: Mutex<Option<Arc<BTreeMap<String, String>>>>,
}

impl fmt::Debug for Alguna {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alguna")
            .field("page_size", &self.page_size)
            .finish_non_exhaustive()
    }
}

impl Alguna {
    /// Alguna at this base URL with this API key. Nothing is sent yet.
    pub fn new(
        base_url: &str,
        key: Sensitive<String>,
        options: Options,
    ) -> Result<Self, SourceError> {
        let dialect = Dialect {
            name: "Alguna",
            rule: Rule::Alguna,
            message: error::message,
            trailing_slash: false,
            authorization_prefix: "Bearer ",
            headers: &[("alguna-version", VERSION)],
        };
        Ok(Self {
            transport: Transport::new(base_url, key, dialect, lane())?,
            page_size: options.page_size.clamp(1, LARGEST_PAGE),
            integrations: Mutex::default(),
            plans: Mutex::default(),
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

    /// One page of a listing, its rows read one by one.
    ///
    /// Pages are told by how many rows to pass, so a row that is deleted meanwhile would let the
    /// first of the next page slip through. Each page therefore begins with the last row of the one
    /// before; where it does not, the page before is read again.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        listing: &Listing,
        cursor: Option<&str>,
    ) -> Result<Page<T>, SourceError> {
        let call = format!("GET /{}", listing.path);
        let place = cursor.map_or(Some(Place::default()), Place::read);
        let place = place.ok_or_else(|| {
            self.transport.asked(&call).not_the_api(
                "the place to go on from is not one of this source; start the pull again",
            )
        })?;
        let mut offset = place.offset;
        let mut page = self.listed(listing, offset).await?;
        let (read_before, moved) = place.read_before(&page);
        if moved {
            tracing::debug!(%call, offset, "rows moved while they were read");
            offset = offset.saturating_sub(self.page_size.saturating_sub(1));
            page = self.listed(listing, offset).await?;
        }
        let count = page.data.len();
        // A server that gives smaller pages than asked for says so; its pages are full earlier.
        let full = page
            .pagination
            .as_ref()
            .and_then(|pagination| pagination.per_page)
            .map_or(self.page_size, |per_page| per_page.clamp(1, self.page_size));
        let next = (count >= full).then(|| Place::after(offset, &page, full, moved).write());
        if !moved {
            page.data.drain(..read_before);
        }
        let rows = self.rows(&call, listing.row, &page)?;
        Ok(Page { rows, next })
    }

    /// Rows of a listing behind so many.
    async fn listed(&self, listing: &Listing, offset: usize) -> Result<wire::Listing, SourceError> {
        let (limit, skip) = (self.page_size.to_string(), offset.to_string());
        let mut query = vec![("limit", limit.as_str()), ("offset", &skip)];
        query.extend(listing.sort.map(|sort| ("sort", sort)));
        self.transport.get(&[listing.path], &query).await
    }

    fn rows<T: DeserializeOwned>(
        &self,
        call: &str,
        kind: &str,
        page: &wire::Listing,
    ) -> Result<Vec<T>, SourceError> {
        page.data
            .iter()
            .enumerate()
            .map(|(position, row)| self.transport.row(call, kind, position, row, "id"))
            .collect()
    }

    /// Ids of the integrations with Salesforce; `anew` at the start of a pull.
    pub(super) async fn salesforce_integrations(
        &self,
        anew: bool,
    ) -> Result<Arc<[String]>, SourceError> {
        let mut known = self.integrations.lock().await;
        if let Some(ids) = known.as_ref().filter(|_| !anew) {
            return Ok(Arc::clone(ids));
        }
        let rows = self.salesforce_integration_rows().await?;
        let ids: Arc<[String]> = rows.into_iter().map(|row| row.id).collect();
        *known = Some(Arc::clone(&ids));
        Ok(ids)
    }

    /// The integrations with Salesforce, asked anew.
    pub(super) async fn salesforce_integration_rows(
        &self,
    ) -> Result<Vec<wire::Integration>, SourceError> {
        let listing: Option<wire::Listing> =
            self.transport.get_if_any(&["integrations"], &[]).await?;
        let rows: Vec<wire::Integration> = listing
            .map(|listing| self.rows("GET /integrations", "integration", &listing))
            .transpose()?
            .unwrap_or_default();
        let is_salesforce = |row: &wire::Integration| {
            row.provider
                .as_ref()
                .is_some_and(|provider| provider.to_ascii_lowercase().contains("salesforce"))
        };
        Ok(rows.into_iter().filter(is_salesforce).collect())
    }

    /// Plan names by id; empty where plans cannot be listed. `anew` at the start of a pull.
    pub(super) async fn plan_names(
        &self,
        anew: bool,
    ) -> Result<Arc<BTreeMap<String, String>>, SourceError> {
        let mut known = self.plans.lock().await;
        if let Some(names) = known.as_ref().filter(|_| !anew) {
            return Ok(Arc::clone(names));
        }
        let mut names = BTreeMap::new();
        let mut cursor = None;
        loop {
            let page: Page<wire::PlanName> = match self.page(&PLANS, cursor.as_deref()).await {
                Ok(page) => page,
                // A key may be too narrow for plans, and an older server may have none: ids will do.
                Err(SourceError::Refused { .. }) => break,
                Err(SourceError::KeyRefused { message, .. }) => {
                    tracing::warn!(
                        message,
                        "Alguna does not list plans for this key; plan ids stand for names"
                    );
                    break;
                }
                Err(error) => return Err(error),
            };
            let before = names.len();
            names.extend(
                page.rows
                    .into_iter()
                    .filter_map(|plan| Some((plan.id, plan.name?))),
            );
            cursor = page.next;
            if cursor.is_none() || names.len() == before {
                break;
            }
        }
        let names = Arc::new(names);
        *known = Some(Arc::clone(&names));
        Ok(names)
    }
}
