//! What is picked from in a form about links: Accounts as they were last read, what a customer has
//! now, and the integrations there are.

use drawbridge_model::{
    Connection, ConnectionId, CustomerId, CustomerLinks, Matched, RecordId, SourceLinks, Sync,
    Value,
};

use drawbridge_sync::matching::name_part;

use crate::billing::CHOICES;
use crate::context::Workspace;
use crate::error::Result;
use crate::view::BillingChoiceView;

fn choice(value: String, label: String, detail: Option<String>) -> BillingChoiceView {
    BillingChoiceView {
        value,
        label,
        detail,
        user: None,
        event: None,
    }
}

impl Workspace {
    /// Accounts to link a customer to: those that matching found for it first, then those whose
    /// name or id was typed. Asks nobody.
    pub(crate) fn account_choices(
        &self,
        source: ConnectionId,
        customer: &str,
        search: &str,
    ) -> Result<Vec<BillingChoiceView>> {
        let mut syncs = self.store.syncs()?;
        syncs.sort_by_key(|sync| sync.source != source);
        let mut found: Vec<BillingChoiceView> = Vec::new();
        for sync in &syncs {
            let mut ids = Vec::new();
            if sync.source == source && !customer.is_empty() {
                ids.extend(self.matched(sync, &CustomerId::from(customer))?);
            }
            if let Ok(id) = RecordId::parse(search) {
                ids.push((id, None));
            } else {
                let part = name_part(search);
                let named = self.store.records_by_name(sync.id, &part, CHOICES)?;
                ids.extend(named.into_iter().map(|id| (id, None)));
            }
            for (id, why) in ids {
                if !id.is_account() || found.iter().any(|it| it.value == id.as_str()) {
                    continue;
                }
                found.extend(self.account(sync, &id, why, search)?);
                if found.len() >= CHOICES as usize {
                    return Ok(found);
                }
            }
        }
        Ok(found)
    }

    fn account(
        &self,
        sync: &Sync,
        id: &RecordId,
        why: Option<&'static str>,
        search: &str,
    ) -> Result<Option<BillingChoiceView>> {
        let Some(record) = self.store.cached_record(sync.id, id)? else {
            return Ok(None);
        };
        let text = |field: &str| match record.value(&field.into()) {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        let name = text("Name").unwrap_or_else(|| id.to_string());
        let search = search.to_lowercase();
        if why.is_some() && !name.to_lowercase().contains(&search) && !id.as_str().contains(&search)
        {
            return Ok(None);
        }
        let org = self.connection(sync.org)?;
        let details = [why.map(str::to_owned), text("BillingCity"), Some(org.name)];
        let detail: Vec<String> = details.into_iter().flatten().collect();
        Ok(Some(choice(id.to_string(), name, Some(detail.join(" · ")))))
    }

    /// Accounts that matching found for a customer, with a word for how sure that is.
    fn matched(
        &self,
        sync: &Sync,
        customer: &CustomerId,
    ) -> Result<Vec<(RecordId, Option<&'static str>)>> {
        let found = self.store.match_of(sync.id, customer)?;
        Ok(match found.map(|row| row.matched) {
            Some(Matched::Found { record, .. }) => vec![(record, Some("matched"))],
            Some(Matched::Proposed { proposals }) => proposals
                .into_iter()
                .map(|one| (one.record, Some("proposed by matching")))
                .collect(),
            _ => Vec::new(),
        })
    }

    /// What a customer has now; nothing where it is not there or none was chosen.
    async fn links_now(&self, connection: &Connection, customer: &str) -> Result<CustomerLinks> {
        if customer.is_empty() {
            return Ok(CustomerLinks::default());
        }
        let source = self.source(connection)?;
        let links = source.alguna()?.links(&CustomerId::from(customer)).await?;
        Ok(links.unwrap_or_default())
    }

    /// Accounts a customer is linked to now, by connected account or alias.
    pub(crate) async fn linked_accounts(
        &self,
        connection: &Connection,
        customer: &str,
    ) -> Result<Vec<BillingChoiceView>> {
        let links = self.links_now(connection, customer).await?;
        let connected = links.connected.iter();
        let connected = connected.map(|it| (it.external.as_str(), "connected account"));
        let aliases = links.aliases.iter().map(|alias| (alias.as_str(), "alias"));
        let mut found: Vec<BillingChoiceView> = Vec::new();
        for (text, place) in connected.chain(aliases) {
            let Some(id) = RecordId::parse(text).ok().filter(RecordId::is_account) else {
                continue;
            };
            if let Some(known) = found.iter_mut().find(|it| it.value == id.as_str()) {
                known.detail = known
                    .detail
                    .take()
                    .map(|detail| format!("{detail}, {place}"));
                continue;
            }
            let name = self.account_name(connection.id, &id)?;
            let label = name.unwrap_or_else(|| id.to_string());
            found.push(choice(id.to_string(), label, Some(place.to_owned())));
        }
        Ok(found)
    }

    /// Aliases a customer has now.
    pub(crate) async fn alias_choices(
        &self,
        connection: &Connection,
        customer: &str,
    ) -> Result<Vec<BillingChoiceView>> {
        let links = self.links_now(connection, customer).await?;
        let aliases = links.aliases.into_iter();
        Ok(aliases
            .map(|alias| choice(alias.clone(), alias, None))
            .collect())
    }

    /// The Salesforce integrations there are.
    pub(crate) async fn integration_choices(
        &self,
        connection: &Connection,
    ) -> Result<Vec<BillingChoiceView>> {
        let source = self.source(connection)?;
        let all = source.alguna()?.integrations().await?;
        Ok(all
            .into_iter()
            .map(|it| choice(it.id.clone(), it.label.unwrap_or(it.id), None))
            .collect())
    }
}
