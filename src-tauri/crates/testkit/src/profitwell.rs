//! Somebody at work in `ProfitWell`, beside Drawbridge.

use drawbridge_simulator::Simulator;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Workbench;

/// Somebody who makes and ends subscriptions in the simulated `ProfitWell`.
pub struct SomebodyAtProfitwell {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// A customer made there, with its one subscription.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MadeCustomer {
    /// Its id.
    pub id: String,
    /// The id of its subscription.
    pub subscription: String,
}

impl Workbench {
    /// Somebody at work in the simulated `ProfitWell`.
    pub fn somebody_at_profitwell(&self) -> SomebodyAtProfitwell {
        SomebodyAtProfitwell::new(&self.simulator)
    }
}

impl SomebodyAtProfitwell {
    /// Somebody at work in the `ProfitWell` of these servers.
    pub fn new(simulator: &Simulator) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: simulator.urls().profitwell.clone(),
            token: simulator.credentials().profitwell_token.clone(),
        }
    }

    /// Makes a customer that pays so many cents a month for a plan from then on; for nothing it is
    /// on trial.
    pub async fn subscribe(
        &self,
        email: &str,
        plan: &str,
        cents: u32,
        since: Timestamp,
    ) -> MadeCustomer {
        let body = json!({
            "email": email,
            "plan_id": plan,
            "plan_interval": "month",
            "plan_currency": "usd",
            "status": if cents == 0 { "trialing" } else { "active" },
            "value": cents,
            "effective_date": since.as_second(),
        });
        let request = self.http.post(format!("{}/v2/subscriptions/", self.url));
        let made = self.done(request.json(&body)).await;
        let id = |name: &str| made[name].as_str().expect("an id").to_owned();
        MadeCustomer {
            id: id("user_id"),
            subscription: id("subscription_id"),
        }
    }

    /// Makes a subscription of 10.00 US dollars a month since 2025, both under names of one's own.
    pub async fn subscribe_as(&self, user: &str, subscription: &str) {
        let body = json!({
            "user_alias": user,
            "subscription_alias": subscription,
            "email": format!("{user}@example.com"),
            "plan_id": "web",
            "plan_interval": "month",
            "value": 1000,
            "effective_date": 1_735_689_600,
        });
        let request = self.http.post(format!("{}/v2/subscriptions/", self.url));
        self.done(request.json(&body)).await;
    }

    /// Ends a customer's subscription at a moment.
    pub async fn churn(&self, customer: &MadeCustomer, at: Timestamp) {
        let path = format!("{}/v2/subscriptions/{}/", self.url, customer.subscription);
        let query = [("effective_date", at.as_second())];
        self.done(self.http.delete(path).query(&query)).await;
    }

    /// Deletes a customer.
    pub async fn delete(&self, customer: &MadeCustomer) {
        let path = format!("{}/v2/users/{}/", self.url, customer.id);
        self.done(self.http.delete(path)).await;
    }

    /// The history of a user, by id or alias; null where there is none.
    pub async fn history(&self, user: &str) -> Value {
        let request = self.http.get(format!("{}/v2/users/{user}/", self.url));
        let answer = request.header("Authorization", &self.token).send().await;
        let answer = answer.expect("the simulated servers answer");
        match answer.status().as_u16() {
            404 => Value::Null,
            _ => answer.json().await.expect("JSON"),
        }
    }

    /// Every plan, as id and name.
    pub async fn plans(&self) -> Vec<(String, String)> {
        let listed = self
            .done(self.http.get(format!("{}/v2/plans/", self.url)))
            .await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let listed = listed.as_array().cloned().unwrap_or_default();
        let plans = listed
            .iter()
            .map(|plan| (text(&plan["id"]), text(&plan["name"])));
        plans.collect()
    }

    async fn done(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.header("Authorization", &self.token).send().await;
        let answer = answer.expect("the simulated servers answer");
        let status = answer.status();
        let text = answer.text().await.unwrap_or_default();
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}
