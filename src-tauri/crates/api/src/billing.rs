//! Reading a billing system for a person to look at, and what its forms can pick from.

use drawbridge_billing::profitwell::ProfitWell;
use drawbridge_model::{
    Cache, Connection, ConnectionId, Customer, CustomerId, CustomerQuery, Money, Operation,
    Operations, SubscriptionEvent,
};
use drawbridge_sync::operations;

use crate::context::{Context, Workspace, count};
use crate::error::Result;
use crate::operation_views::event;
use crate::sources::AnySource;
use crate::view::{
    BillingChoiceKind, BillingChoiceView, BillingChoicesRequest, BillingCustomerRequest,
    BillingCustomerView, BillingCustomersRequest, BillingCustomersView, BillingHistoryRequest,
    BillingHistoryView, BillingPlanRequest, BillingPlanView, BillingPlansRequest, BillingPlansView,
    ErrorView, MoneyView,
};

/// How many a listing gives unless told otherwise (facts/profitwell.md §4).
const LIMIT: u32 = 10;
/// The most `ProfitWell` gives a page, and up to which row.
const PER_PAGE: u32 = 250;
const LAST_ROW: u32 = 100_000;
/// So many choices are shown at a time.
pub(crate) const CHOICES: u32 = 50;

impl Workspace {
    /// The `ProfitWell` of this number, to be asked.
    pub(crate) fn open_profitwell(&self, id: u32) -> Result<(Connection, ProfitWell)> {
        let connection = self.connection(ConnectionId(id))?;
        match self.source(&connection)? {
            AnySource::Profitwell(source) => Ok((connection, source)),
            AnySource::Alguna(_) => Err(ErrorView::bad_request(format!(
                "“{}” is Alguna; this is asked of ProfitWell only. Nothing was sent.",
                connection.name
            ))),
        }
    }

    /// A sentence for a person where the cache knows the user of an operation as one of the payment
    /// provider: `ProfitWell` cannot change those.
    pub(crate) fn comes_from_a_provider(
        &self,
        connection: &Connection,
        operation: &Operation,
    ) -> Result<Option<String>> {
        let made_here = matches!(operation, Operation::CreateSubscription(_));
        let Some(user) = operation
            .user()
            .filter(|user| !made_here && !user.starts_with("pwu_"))
        else {
            return Ok(None);
        };
        let known = self
            .store
            .customers_of(connection.id, &[CustomerId::from(user)])?;
        Ok((!known.is_empty()).then(|| {
            format!(
                "“{user}” may come from a payment provider such as Stripe. Then ProfitWell does not let it \
                 be changed: change it there."
            )
        }))
    }
}

impl Context {
    /// What was done to the subscriptions of a user.
    pub async fn billing_history(
        &self,
        request: BillingHistoryRequest,
    ) -> Result<BillingHistoryView> {
        let workspace = self.workspace();
        let (connection, source) = workspace.open_profitwell(request.connection)?;
        let user = request.user.trim();
        if user.is_empty() {
            return Err(ErrorView::bad_request(
                "Say whose subscriptions: a user's id or alias. Nothing was read.",
            ));
        }
        let events = source.history(user).await?.ok_or_else(|| {
            ErrorView::not_found(format_args!(
                "user “{user}” in ProfitWell that was made by hand or through its API"
            ))
            .hint("What a payment provider brings in has no history here; look at the customer instead.")
        })?;
        workspace
            .store
            .put_billing_subscriptions(connection.id, &events)?;
        let total = count(events.len());
        let limit = limit(request.limit, request.all);
        Ok(BillingHistoryView {
            events: events.into_iter().take(limit).map(event).collect(),
            total,
        })
    }

    /// The plans made by hand or through the API.
    pub async fn billing_plans(&self, request: BillingPlansRequest) -> Result<BillingPlansView> {
        let (_, source) = self.workspace().open_profitwell(request.connection)?;
        let plans = source.plans().await?;
        let total = count(plans.len());
        let shown = plans.into_iter().take(limit(request.limit, request.all));
        Ok(BillingPlansView {
            plans: shown
                .map(|plan| BillingPlanView {
                    id: plan.id,
                    name: plan.name,
                })
                .collect(),
            total,
        })
    }

    /// One of them.
    pub async fn billing_plan(&self, request: BillingPlanRequest) -> Result<BillingPlanView> {
        let (_, source) = self.workspace().open_profitwell(request.connection)?;
        let id = request.plan.trim();
        let plan = if id.is_empty() {
            None
        } else {
            source.plan(id).await?
        };
        let plan = plan.ok_or_else(|| {
            ErrorView::not_found(format_args!("plan “{id}” in ProfitWell"))
                .hint("Plans of a payment provider are not listed by ProfitWell's API.")
        })?;
        Ok(BillingPlanView {
            id: plan.id,
            name: plan.name,
        })
    }

    /// Customers as `ProfitWell` has them now, from all sources.
    pub async fn billing_customers(
        &self,
        request: BillingCustomersRequest,
    ) -> Result<BillingCustomersView> {
        let (_, source) = self.workspace().open_profitwell(request.connection)?;
        let moment = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|it| !it.is_empty());
            text.map(operations::moment)
                .transpose()
                .map_err(|words| ErrorView::bad_request(format!("{words} Nothing was read.")))
        };
        let wanted = count(limit(request.limit, request.all)).min(LAST_ROW);
        let (start, end) = (moment(&request.start)?, moment(&request.end)?);
        if let (Some(start), Some(end)) = (start, end)
            && start >= end
        {
            return Err(ErrorView::bad_request(format!(
                "The time begins on {} and ends on {}, which is not later. Nothing was read.",
                operations::day(start),
                operations::day(end)
            )));
        }
        let mut query = CustomerQuery {
            start,
            end,
            email: request.email.filter(|email| !email.trim().is_empty()),
            descending: request.descending,
            page: 1,
            per_page: wanted.clamp(1, PER_PAGE),
        };
        let mut customers: Vec<BillingCustomerView> = Vec::new();
        loop {
            let page = source.customer_list(&query).await?;
            let full = count(page.len()) >= query.per_page;
            for customer in page {
                let view = customer_view(customer);
                // A list that changes meanwhile may show one twice.
                if !customers.iter().rev().take(500).any(|it| it.id == view.id) {
                    customers.push(view);
                }
            }
            let more = full && query.page < LAST_ROW / query.per_page;
            if !more || count(customers.len()) >= wanted {
                let more = full || count(customers.len()) > wanted;
                customers.truncate(wanted as usize);
                return Ok(BillingCustomersView { customers, more });
            }
            query.page += 1;
        }
    }

    /// A customer as `ProfitWell` has it now.
    pub async fn billing_customer(
        &self,
        request: BillingCustomerRequest,
    ) -> Result<BillingCustomerView> {
        let (_, source) = self.workspace().open_profitwell(request.connection)?;
        let id = request.customer.trim();
        let customer = if id.is_empty() {
            None
        } else {
            source.customer(id).await?
        };
        customer
            .map(customer_view)
            .ok_or_else(|| ErrorView::not_found(format_args!("customer “{id}” in ProfitWell")))
    }

    /// What can be picked in a form, from what was read before; links and integrations as the
    /// billing system has them now.
    pub async fn billing_choices(
        &self,
        request: BillingChoicesRequest,
    ) -> Result<Vec<BillingChoiceView>> {
        let workspace = self.workspace();
        let own = workspace.connection(ConnectionId(request.connection))?;
        let connection = own.id;
        let (store, search) = (&workspace.store, request.search.trim());
        let customer = request
            .customer
            .as_deref()
            .map(str::trim)
            .unwrap_or_default();
        let plain = |value: String, label: String, detail: Option<String>| BillingChoiceView {
            value,
            label,
            detail,
            user: None,
            event: None,
        };
        Ok(match request.kind {
            BillingChoiceKind::User => store
                .billing_users(connection, search, CHOICES)?
                .into_iter()
                .map(|(id, name)| {
                    let here = id.starts_with("pwu_");
                    let detail = (!here).then(|| "from the payment provider, perhaps".to_owned());
                    plain(id, name, detail)
                })
                .collect(),
            BillingChoiceKind::Plan => store
                .billing_plans(connection, search, CHOICES)?
                .into_iter()
                .map(|plan| plain(plan.clone(), plan, None))
                .collect(),
            BillingChoiceKind::Subscription => store
                .billing_subscriptions(connection, search, CHOICES)?
                .into_iter()
                .map(subscription_choice)
                .collect(),
            BillingChoiceKind::Customer => store
                .billing_users(connection, search, CHOICES)?
                .into_iter()
                .map(|(id, name)| plain(id, name, None))
                .collect(),
            BillingChoiceKind::Account => {
                workspace.account_choices(connection, customer, search)?
            }
            BillingChoiceKind::LinkedAccount => workspace.linked_accounts(&own, customer).await?,
            BillingChoiceKind::Integration => workspace.integration_choices(&own).await?,
            BillingChoiceKind::CustomerAlias => workspace.alias_choices(&own, customer).await?,
        })
    }
}

fn subscription_choice(known: SubscriptionEvent) -> BillingChoiceView {
    let alias = known.subscription_alias.clone();
    BillingChoiceView {
        value: known.subscription_id.clone(),
        label: alias.unwrap_or_else(|| known.subscription_id.clone()),
        detail: Some(format!(
            "{}: {known}",
            known.email.as_deref().unwrap_or_default()
        )),
        user: known.user_id.clone().or_else(|| known.user_alias.clone()),
        event: Some(event(known)),
    }
}

fn limit(limit: Option<u32>, all: bool) -> usize {
    if all {
        return usize::MAX;
    }
    limit.unwrap_or(LIMIT) as usize
}

fn customer_view(customer: Customer) -> BillingCustomerView {
    let money = |money: Option<Money>| {
        money.map(|money| MoneyView {
            amount: format!("{:.2}", money.amount),
            currency: money.currency.to_string(),
        })
    };
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    BillingCustomerView {
        id: customer.id.0,
        email: customer.email,
        first_name: customer.first_name,
        last_name: customer.last_name,
        status: customer.status,
        plans: customer.plans.unwrap_or_default(),
        mrr: money(customer.mrr),
        total_spend: money(customer.total_spend),
        created_at: time(customer.created_at),
        activated_at: time(customer.activated_at),
        churned_at: time(customer.churned_at),
        updated_at: time(customer.updated_at),
    }
}
