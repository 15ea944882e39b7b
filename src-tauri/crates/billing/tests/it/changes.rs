//! Pulls of changes from the simulated servers, by the real clients into a real store: what is
//! asked there, row by row.

use std::fmt::Write;
use std::sync::Mutex;
use std::time::Duration;

use drawbridge_billing::alguna::{Alguna, Options};
use drawbridge_billing::profitwell::ProfitWell;
use drawbridge_model::{Cache, Clock, ConnectionId, CustomerBundle, NoReporter, Pulled, Source};
use drawbridge_simulator::{Config, Server, Simulator};
use drawbridge_store::Store;
use drawbridge_sync::pull::{Depth, pull};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const SOURCE: ConnectionId = ConnectionId(1);

/// Our clock: the simulation's and so much more.
struct Skewed<'a>(&'a Simulator, SignedDuration);

impl Clock for Skewed<'_> {
    fn now(&self) -> Timestamp {
        self.0.state().now() + self.1
    }
}

struct Bench {
    simulator: Simulator,
    store: Store,
    skew: SignedDuration,
    asked: Mutex<usize>,
}

impl Bench {
    async fn new(customers: usize, skew_hours: i64) -> Self {
        let config = Config {
            customers,
            ..Config::default()
        };
        Self::with(config, skew_hours).await
    }

    async fn with(config: Config, skew_hours: i64) -> Self {
        let config = Config {
            rate_limits: false,
            ..config
        };
        let bench = Self {
            simulator: drawbridge_simulator::start(config).await.unwrap(),
            store: Store::open_in_memory().unwrap(),
            skew: SignedDuration::from_hours(skew_hours),
            asked: Mutex::default(),
        };
        // Past everything the made-up data calls a change.
        bench.pass_hours(24 * 400);
        bench
    }

    fn pass_hours(&self, hours: u64) {
        self.simulator
            .state()
            .advance_clock(Duration::from_secs(hours * 3600));
    }

    fn alguna(&self) -> Alguna {
        let key = self.simulator.credentials().alguna_api_key.as_str();
        Alguna::new(
            &self.simulator.urls().alguna,
            key.into(),
            Options::default(),
        )
        .unwrap()
    }

    fn profitwell(&self) -> ProfitWell {
        let token = self.simulator.credentials().profitwell_token.as_str();
        ProfitWell::new(&self.simulator.urls().profitwell, token.into(), None).unwrap()
    }

    async fn pull(&self, source: &impl Source, depth: Depth) -> Pulled {
        *self.asked.lock().unwrap() = self.simulator.state().request_log().len();
        let clock = Skewed(&self.simulator, self.skew);
        pull(SOURCE, depth, source, &self.store, &clock, &NoReporter)
            .await
            .unwrap()
    }

    /// Paths asked of a server by the last pull.
    fn asked(&self, server: Server) -> Vec<String> {
        let before = *self.asked.lock().unwrap();
        let log = self.simulator.state().request_log();
        let new = log.into_iter().skip(before);
        new.filter(|request| request.server == server)
            .map(|request| request.path)
            .collect()
    }

    fn held(&self) -> Vec<CustomerBundle> {
        self.store.customers(SOURCE, None, 10_000).unwrap()
    }

    /// Somebody does something in the source.
    async fn call(&self, method: &str, url: String, authorization: String, body: &Value) -> Value {
        let method = method.parse().unwrap();
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .request(method, url)
            .header("authorization", authorization)
            .header("alguna-version", "2026-04-01")
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn in_alguna(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.simulator.urls().alguna);
        let key = format!("Bearer {}", self.simulator.credentials().alguna_api_key);
        self.call(method, url, key, body).await
    }

    async fn in_profitwell(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.simulator.urls().profitwell);
        let token = self.simulator.credentials().profitwell_token.clone();
        self.call(method, url, token, body).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alguna_completes_only_what_changed() {
    for skew in [0, 30, -30] {
        let bench = Bench::new(150, skew).await;
        let alguna = bench.alguna();
        let all = bench.pull(&alguna, Depth::Changes).await;
        assert_eq!(all.customers, 150);
        assert!(
            bench.asked(Server::Alguna).len() > 300,
            "two calls a customer"
        );
        bench.pass_hours(2);

        let held = bench.held();
        let customer = &held[17].customer.id;
        let path = format!("/customers/{customer}");
        bench
            .in_alguna("PATCH", &path, &json!({"name": "Renamed"}))
            .await;
        bench.pass_hours(1);
        assert_eq!(bench.pull(&alguna, Depth::Changes).await.changed, 1);
        let asked = bench.asked(Server::Alguna);
        let completed: Vec<_> = asked
            .iter()
            .filter(|path| path.starts_with("/customers/") && !path.ends_with("accounts"))
            .collect();
        assert_eq!(completed, [&path], "{skew}");
        let singles = |path: &&String| path.starts_with("/subscriptions/");
        assert_eq!(asked.iter().filter(singles).count(), 0, "{asked:?}");
        assert_eq!(bench.held()[17].customer.name.as_deref(), Some("Renamed"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_subscription_is_read_with_its_dates_and_revenue() {
    let bench = Bench::new(60, 0).await;
    let alguna = bench.alguna();
    bench.pull(&alguna, Depth::Changes).await;
    bench.pass_hours(2);
    let held = bench.held();
    let mut active = held.iter().flat_map(|bundle| &bundle.subscriptions);
    let active = active.find(|it| it.status == drawbridge_model::SubscriptionStatus::Active);
    let id = &active.unwrap().id;
    let path = format!("/subscriptions/{id}/cancel");
    let body = json!({"reason": "pricing", "effective": "immediate"});
    bench.in_alguna("POST", &path, &body).await;
    bench.pass_hours(1);
    assert_eq!(bench.pull(&alguna, Depth::Changes).await.changed, 1);
    let part = format!("/subscriptions/{id}/");
    let asked = bench.asked(Server::Alguna);
    assert!(
        asked.iter().any(|path| path.starts_with(&part)),
        "{asked:?}"
    );
    // As it is when everything is read.
    let after = bench.held();
    bench.pull(&alguna, Depth::Everything).await;
    assert_eq!(after, bench.held());
    assert_ne!(after, held);
}

#[tokio::test(flavor = "multi_thread")]
async fn profitwell_lists_only_what_changed_and_a_full_pull_forgets_who_is_gone() {
    let bench = Bench::new(80, 0).await;
    let profitwell = bench.profitwell();
    let all = bench.pull(&profitwell, Depth::Changes).await.customers;
    bench.pass_hours(2);
    let body = json!({
        "email": "new@example.com", "plan_id": "pro", "plan_interval": "month", "value": 4900,
        "effective_date": 1_700_000_000, "user_alias": "u-1", "subscription_alias": "s-1",
        "plan_currency": "usd", "status": "active",
    });
    let made = bench
        .in_profitwell("POST", "/v2/subscriptions/", &body)
        .await;
    bench.pass_hours(1);
    let pulled = bench.pull(&profitwell, Depth::Changes).await;
    assert_eq!((pulled.changed, pulled.customers), (1, all + 1));
    let log = bench.simulator.state().request_log();
    let last = log.iter().rfind(|it| it.path.starts_with("/v2/customers"));
    assert!(last.unwrap().query.contains("start_date="), "{last:?}");

    let user = made["user_id"].as_str().unwrap();
    let path = format!("/v2/users/{user}/");
    bench.in_profitwell("DELETE", &path, &Value::Null).await;
    bench.pass_hours(20);
    assert_eq!(
        bench.pull(&profitwell, Depth::Changes).await.customers,
        all + 1
    );
    bench.pass_hours(2);
    // A day after everything was read, it is read again.
    assert_eq!(bench.pull(&profitwell, Depth::Changes).await.customers, all);
}

/// What a bulk import leaves: more customers in one second than a page has.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_one_second_is_read_whole_in_one_pull() {
    let folder = std::env::temp_dir().join(format!("drawbridge-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut rows = String::from("customer_id,email,status,updated_on,mrr_cents\n");
    for n in 0..700 {
        writeln!(
            rows,
            "cus_{n:03},c{n}@import.example,active,2026-10-01T08:00:00Z,1000"
        )
        .unwrap();
    }
    rows.push_str("cus_after,late@import.example,active,2026-10-01T08:00:01Z,1000\n");
    std::fs::write(folder.join("profitwell_customers.csv"), rows).unwrap();
    let config = Config {
        data: Some(folder.clone()),
        ..Config::default()
    };
    let bench = Bench::with(config, 0).await;
    std::fs::remove_dir_all(folder).unwrap();
    let profitwell = bench.profitwell();
    assert_eq!(bench.pull(&profitwell, Depth::Changes).await.customers, 701);
    // Reading everything again forgets nobody.
    let again = bench.pull(&profitwell, Depth::Everything).await;
    assert_eq!((again.customers, again.changed), (701, 0));
    let lists = bench.asked(Server::Profitwell);
    let lists = lists.iter().filter(|it| it.starts_with("/v2/customers"));
    assert!(
        lists.count() <= 9,
        "the pages of the second twice, and one before and after"
    );
}
