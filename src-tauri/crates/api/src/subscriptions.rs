//! Subscriptions and customers from the cache: readable offline.

use std::collections::BTreeMap;

use drawbridge_model::{
    Connection, ConnectionId, ConnectionStatus, CustomerBundle, CustomerId, Derived, Interval,
    Provider, Value,
};
use drawbridge_store::{Facet, SubscriptionQuery, SubscriptionRow};
use drawbridge_sync::mapping::Wanted;
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::{mapping as fitting, speaks};

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::view::{
    ContactView, CustomerRequest, CustomerView, ErrorView, FacetView, FacetsView, InSalesforceView,
    MoneyView, Nothing, SideBySide, SourceAge, SubscriptionRowView, SubscriptionSort,
    SubscriptionsRequest, SubscriptionsView,
};

const LARGEST_PAGE: u32 = 500;
const INTERVALS: [Interval; 4] = [
    Interval::Monthly,
    Interval::Quarterly,
    Interval::SemiAnnual,
    Interval::Yearly,
];

impl Context {
    /// A page of subscriptions, with totals over everything the filter leaves.
    pub async fn subscription_list(
        &self,
        request: SubscriptionsRequest,
    ) -> Result<SubscriptionsView> {
        let workspace = self.workspace();
        let sources = sources(&workspace)?;
        let page = workspace.store.subscriptions(&SubscriptionQuery {
            search: request.search,
            source: request.source.map(ConnectionId),
            status: request.status,
            interval: intervals(&request.interval),
            currency: request.currency,
            plan: request.plan,
            sort: sort(request.sort),
            descending: request.descending,
            offset: request.offset,
            limit: request.limit.min(LARGEST_PAGE),
        })?;
        let all = workspace.subscriptions_in_all()?;
        Ok(SubscriptionsView {
            rows: page
                .rows
                .into_iter()
                .map(|row| row_view(row, &sources))
                .collect(),
            total: page.total,
            all,
            totals: page
                .totals
                .into_iter()
                .map(|total| MoneyView {
                    amount: total.mrr,
                    currency: total.currency.to_string(),
                })
                .collect(),
            sources: source_ages(&workspace)?,
        })
    }

    /// What there is to filter by.
    pub async fn subscription_facets(&self, _: Nothing) -> Result<FacetsView> {
        let facets = self.workspace().store.facets()?;
        let words = |facets: Vec<Facet<String>>| {
            let said = facets.into_iter().filter(|facet| !facet.value.is_empty());
            let view = |facet: Facet<String>| FacetView {
                value: facet.value,
                rows: facet.rows,
            };
            said.map(view).collect()
        };
        Ok(FacetsView {
            status: words(facets.statuses),
            interval: facets
                .intervals
                .into_iter()
                .filter_map(|facet| {
                    Some(FacetView {
                        value: facet.value?.word().to_owned(),
                        rows: facet.rows,
                    })
                })
                .collect(),
            currency: words(facets.currencies),
            plan: words(facets.plans),
        })
    }

    /// One customer with everything the cache knows, beside what Salesforce held when last read.
    pub async fn customer_get(&self, request: CustomerRequest) -> Result<CustomerView> {
        let workspace = self.workspace();
        let source = workspace.connection(ConnectionId(request.source))?;
        let id = CustomerId(request.customer);
        let detail = workspace
            .store
            .customer_detail(source.id, &id)?
            .ok_or_else(|| {
                ErrorView::not_found(format_args!(
                    "customer {id} of “{}” in the cache",
                    source.name
                ))
            })?;
        let sources = sources(&workspace)?;
        let rows = workspace.store.customer_rows(source.id, &id)?;
        let bundle = &detail.bundle;
        let customer = &bundle.customer;
        let mut in_salesforce = Vec::new();
        for linked in &detail.records {
            in_salesforce.extend(side_by_side(&workspace, bundle, linked)?);
        }
        Ok(CustomerView {
            source: source.id.0,
            source_name: source.name,
            customer: customer.id.to_string(),
            name: customer.display_name(),
            email: customer.email.clone(),
            address: address(bundle),
            tax_rate: tax_rate(bundle),
            created_at: customer.created_at.map(|at| at.to_string()),
            updated_at: customer.updated_at.map(|at| at.to_string()),
            contacts: customer
                .contacts
                .iter()
                .map(|contact| ContactView {
                    name: [&contact.first_name, &contact.last_name]
                        .into_iter()
                        .flatten()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .join(" "),
                    email: contact.email.clone(),
                    is_primary: contact.is_primary,
                })
                .collect(),
            subscriptions: rows
                .into_iter()
                .map(|row| row_view(row, &sources))
                .collect(),
            total_spend: customer.total_spend.map(|money| MoneyView {
                amount: format!("{:.2}", money.amount),
                currency: money.currency.to_string(),
            }),
            in_salesforce,
        })
    }
}

pub(crate) fn sources(workspace: &Workspace) -> Result<BTreeMap<ConnectionId, Connection>> {
    Ok(workspace
        .store
        .connections()?
        .into_iter()
        .filter(|connection| connection.provider != Provider::Salesforce)
        .map(|connection| (connection.id, connection))
        .collect())
}

/// How old what was read of each source is.
pub(crate) fn source_ages(workspace: &Workspace) -> Result<Vec<SourceAge>> {
    sources(workspace)?
        .values()
        .map(|source| {
            Ok(SourceAge {
                source: source.id.0,
                name: source.name.clone(),
                pulled_at: workspace
                    .store
                    .last_pull(source.id)?
                    .map(|pull| pull.at.to_string()),
                reachable: source.status == ConnectionStatus::Connected,
            })
        })
        .collect()
}

/// The intervals of these words.
pub(crate) fn intervals(words: &[String]) -> Vec<Interval> {
    INTERVALS
        .into_iter()
        .filter(|interval| words.iter().any(|word| word == interval.word()))
        .collect()
}

impl Workspace {
    /// How many rows there are without a filter.
    pub(crate) fn subscriptions_in_all(&self) -> Result<u32> {
        let everything = SubscriptionQuery {
            limit: 0,
            ..SubscriptionQuery::default()
        };
        Ok(self.store.subscriptions(&everything)?.total)
    }
}

fn sort(sort: SubscriptionSort) -> drawbridge_store::SubscriptionSort {
    match sort {
        SubscriptionSort::Customer => drawbridge_store::SubscriptionSort::Customer,
        SubscriptionSort::Plan => drawbridge_store::SubscriptionSort::Plan,
        SubscriptionSort::Status => drawbridge_store::SubscriptionSort::Status,
        SubscriptionSort::Mrr => drawbridge_store::SubscriptionSort::Mrr,
        SubscriptionSort::Renews => drawbridge_store::SubscriptionSort::Renews,
    }
}

pub(crate) fn row_view(
    row: SubscriptionRow,
    sources: &BTreeMap<ConnectionId, Connection>,
) -> SubscriptionRowView {
    SubscriptionRowView {
        source: row.source.0,
        source_name: sources
            .get(&row.source)
            .map_or_else(String::new, |it| it.name.clone()),
        customer: row.customer.to_string(),
        customer_name: row.customer_name,
        subscription: row.subscription.map(|id| id.to_string()),
        name: row.name,
        plan: row.plan,
        status: row.status.unwrap_or_default(),
        interval: row.interval.map(|interval| interval.word().to_owned()),
        mrr: row.mrr,
        currency: row.currency.map(|currency| currency.to_string()),
        started_at: row.started.map(|at| at.to_string()),
        renews_on: row.renews.map(|day| day.to_string()),
        record: row.in_salesforce.map(|id| id.to_string()),
    }
}

fn address(bundle: &CustomerBundle) -> Vec<String> {
    let Some(address) = &bundle.customer.billing_address else {
        return Vec::new();
    };
    let town = [&address.postal_code, &address.city, &address.state]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    [
        address.line1.clone(),
        address.line2.clone(),
        Some(town),
        address.country.clone(),
    ]
    .into_iter()
    .flatten()
    .filter(|line| !line.trim().is_empty())
    .collect()
}

fn tax_rate(bundle: &CustomerBundle) -> Option<String> {
    let facts = Facts {
        customer: &bundle.customer,
        subscription: None,
        members: &[],
        mask_emails: false,
    };
    let derivation = pack::derivation(drawbridge_model::Pack::Alguna, "customer.tax_rate")?;
    match (derivation.derive)(&facts) {
        Derived::Known(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The mapped fields of one linked record, each beside what the source gives.
fn side_by_side(
    workspace: &Workspace,
    bundle: &CustomerBundle,
    linked: &drawbridge_store::LinkedRecord,
) -> Result<Option<InSalesforceView>> {
    let Some(record) = &linked.record else {
        return Ok(None);
    };
    let (sync, _, org) = workspace.sync_ends(linked.sync)?;
    let mapping = workspace.store.mapping(sync.id)?;
    let plan = workspace.store.latest_plan(sync.id)?;
    let describe = match &plan {
        Some(plan) => workspace.plan_describe(plan.id)?,
        None => None,
    };
    let bundle = &workspace.together(&sync, bundle.clone(), Some(&linked.id))?;
    let speaker = speaks::choose(bundle, &sync.speaker);
    let facts = Facts {
        customer: &bundle.customer,
        subscription: speaker.as_ref().map(|speaker| speaker.chosen),
        members: &bundle.members,
        mask_emails: Workspace::masks(&sync, org.environment),
    };
    let fields = mapping
        .active_rules()
        .filter_map(|rule| {
            let field = describe
                .as_ref()
                .and_then(|describe| describe.field(&rule.field))?;
            let billing = match fitting::look(rule, field, sync.pack, &facts) {
                Ok(Wanted::Write(value)) => Some(value),
                Ok(Wanted::BlankLeft) => Some(Value::Blank),
                Ok(Wanted::NotKnown) | Err(_) => None,
            };
            let there = record.value(&rule.field);
            Some(SideBySide {
                field: field.name.to_string(),
                label: field.label.clone(),
                same: billing
                    .as_ref()
                    .is_none_or(|billing| fitting::same(billing, there)),
                billing: billing.map(|value| convert::cell(&value, Some(field.kind))),
                salesforce: convert::cell(there, Some(field.kind)),
            })
        })
        .collect();
    let instance = org
        .org
        .as_ref()
        .map_or("", |org| org.instance_url.trim_end_matches('/'));
    Ok(Some(InSalesforceView {
        sync: sync.id.0,
        sync_name: sync.name,
        org_name: org.name,
        record_url: format!("{instance}/{}", linked.id),
        record: linked.id.to_string(),
        // A run that read back what it saved knows more than the reading before it.
        read_at: plan
            .and_then(|plan| plan.finished_at)
            .map(|at| at.max(record.modstamp).to_string()),
        fields,
    }))
}
