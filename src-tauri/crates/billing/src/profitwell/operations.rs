//! Changing subscriptions, users and plans, and reading them back (facts/profitwell.md §2.1-§2.8).

use drawbridge_model::{
    BillingPlan, Currency, Customer, CustomerQuery, NewSubscription, Operation, Operations,
    SourceError, SubscriptionChange, SubscriptionEnd, SubscriptionEvent, UserHandle, from_cents,
    to_cents,
};
use jiff::Timestamp;
use reqwest::Method;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{ProfitWell, wire};

impl Operations for ProfitWell {
    async fn carry_out(
        &self,
        operation: &Operation,
    ) -> Result<Option<SubscriptionEvent>, SourceError> {
        let answer = match operation {
            Operation::CreateSubscription(new) => {
                let body = Self::creation(new)?;
                self.put(Method::POST, &["v2", "subscriptions"], &[], &body)
                    .await?
            }
            Operation::UpdateSubscription(change) => {
                let body = Self::change(change)?;
                let path = ["v2", "subscriptions", &change.subscription];
                self.put(Method::PUT, &path, &[], &body).await?
            }
            Operation::ChurnSubscription(end) => self.churn(end).await?,
            Operation::UnchurnSubscription { subscription, .. } => {
                let path = ["v2", "unchurn", subscription];
                self.put(Method::PUT, &path, &[], &Value::Null).await?
            }
            Operation::UpdateUser { user, email } => {
                let body = json!({"email": email});
                self.put(Method::PUT, &["v2", "users", user], &[], &body)
                    .await?
            }
            Operation::DeleteUser { user } => {
                let path = ["v2", "users", user];
                self.put(Method::DELETE, &path, &[], &Value::Null).await?
            }
            Operation::CreatePlan(plan) => {
                let body = json!({"id": plan.id, "name": plan.name});
                self.put(Method::POST, &["v2", "plans"], &[], &body).await?
            }
            Operation::UpdatePlan(plan) => {
                let body = json!({"name": plan.name});
                self.put(Method::PUT, &["v2", "plans", &plan.id], &[], &body)
                    .await?
            }
            Operation::LinkCustomer { .. }
            | Operation::UnlinkCustomer { .. }
            | Operation::AddAlias(_)
            | Operation::RemoveAlias(_) => {
                return Err(SourceError::Refused {
                    source_name: "ProfitWell",
                    call: operation.kind().label().to_owned(),
                    status: 400,
                    message: "it has no such operation; nothing was sent".to_owned(),
                });
            }
        };
        // Some answers are documented to be empty: nothing is read into one that is of another shape.
        let line: Option<wire::Subscription> = serde_json::from_value(answer).ok();
        Ok(line.map(event))
    }

    async fn history(&self, user: &str) -> Result<Option<Vec<SubscriptionEvent>>, SourceError> {
        let listed: Option<Vec<Box<RawValue>>> = self
            .transport
            .get_if_any(&["v2", "users", user], &[])
            .await?;
        let Some(listed) = listed else {
            return Ok(None);
        };
        let call = "GET /v2/users/";
        let mut events = Vec::with_capacity(listed.len());
        for (position, row) in listed.iter().enumerate() {
            let row: wire::Subscription =
                self.transport
                    .row(call, "subscription", position, row, "subscription_id")?;
            events.push(event(row));
        }
        // The order is not documented.
        events.sort_by(|a, b| {
            let key = |event: &SubscriptionEvent| {
                (
                    event.subscription_id.clone(),
                    event.effective_at,
                    event.is_churn(),
                )
            };
            key(a).cmp(&key(b))
        });
        Ok(Some(events))
    }

    async fn plans(&self) -> Result<Vec<BillingPlan>, SourceError> {
        let listed: Vec<Box<RawValue>> = self.transport.get(&["v2", "plans"], &[]).await?;
        let plans = listed.iter().enumerate().map(|(position, row)| {
            let row: wire::Plan =
                self.transport
                    .row("GET /v2/plans/", "plan", position, row, "id")?;
            Ok(plan(row))
        });
        plans.collect()
    }

    async fn plan(&self, id: &str) -> Result<Option<BillingPlan>, SourceError> {
        let row: Option<wire::Plan> = self.transport.get_if_any(&["v2", "plans", id], &[]).await?;
        Ok(row.map(plan))
    }

    async fn customer_list(&self, query: &CustomerQuery) -> Result<Vec<Customer>, SourceError> {
        self.customers_asked(query).await
    }

    async fn customer(&self, id: &str) -> Result<Option<Customer>, SourceError> {
        self.customer_asked(id).await
    }
}

impl ProfitWell {
    async fn put(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: &Value,
    ) -> Result<Value, SourceError> {
        self.transport
            .send_once(method, path, query, body, None)
            .await
    }

    fn creation(new: &NewSubscription) -> Result<Value, SourceError> {
        let mut body = json!({
            "subscription_alias": new.alias,
            "email": new.email,
            "plan_id": new.plan,
            "plan_interval": new.interval.word(),
            "plan_currency": new.price.currency.code().to_ascii_lowercase(),
            "status": if new.trialing { "trialing" } else { "active" },
            "value": cents(new.price.amount)?,
            "effective_date": new.effective_at.as_second(),
        });
        match &new.user {
            UserHandle::Id(id) => body["user_id"] = Value::from(id.as_str()),
            UserHandle::Alias(alias) => body["user_alias"] = Value::from(alias.as_str()),
        }
        if let Some(id) = &new.provider_user {
            body["data_provider_user_id"] = Value::from(id.as_str());
        }
        Ok(body)
    }

    /// The status is left to its default: `active` is the only one an update may have.
    fn change(change: &SubscriptionChange) -> Result<Value, SourceError> {
        Ok(json!({
            "plan_id": change.plan,
            "plan_interval": change.interval.word(),
            "value": cents(change.value)?,
            "effective_date": change.effective_at.as_second(),
        }))
    }

    async fn churn(&self, end: &SubscriptionEnd) -> Result<Value, SourceError> {
        let date = end.effective_at.as_second().to_string();
        let query = [
            ("effective_date", date.as_str()),
            ("churn_type", end.churn_type.word()),
        ];
        let path = ["v2", "subscriptions", &end.subscription];
        self.put(Method::DELETE, &path, &query, &Value::Null).await
    }
}

/// An amount that is no whole number of cents must never have come so far.
fn cents(amount: Decimal) -> Result<i64, SourceError> {
    to_cents(amount).ok_or_else(|| SourceError::Refused {
        source_name: "ProfitWell",
        call: "the amount".to_owned(),
        status: 400,
        message: format!("{amount} is not a whole number of cents; nothing was sent"),
    })
}

fn event(row: wire::Subscription) -> SubscriptionEvent {
    let currency = row
        .plan_currency
        .as_deref()
        .and_then(|code| Currency::parse(code).ok());
    SubscriptionEvent {
        user_id: row.user_id,
        user_alias: row.user_alias.filter(|alias| !alias.is_empty()),
        subscription_id: row.subscription_id,
        subscription_alias: row.subscription_alias.filter(|alias| !alias.is_empty()),
        email: row.email,
        plan: row.plan_id,
        interval: row.plan_interval.map(|word| word.to_ascii_lowercase()),
        currency,
        status: row.status.unwrap_or_else(|| "unknown".to_owned()),
        value: row.value.and_then(from_cents),
        effective_at: row
            .effective_date
            .and_then(|seconds| seconds.trunc().to_i64())
            .and_then(|seconds| Timestamp::from_second(seconds).ok()),
        churn_type: row.meta.and_then(|meta| meta.churn_type),
    }
}

fn plan(row: wire::Plan) -> BillingPlan {
    BillingPlan {
        name: row.name.unwrap_or_else(|| row.id.clone()),
        id: row.id,
    }
}
