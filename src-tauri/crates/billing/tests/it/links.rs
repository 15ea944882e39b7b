//! Links over the simulated Alguna: what is kept, and what an answer that is lost means.

use drawbridge_billing::alguna::{Alguna, Options};
use drawbridge_model::{CustomerId, CustomerLinks, RecordId, SourceError, SourceLinks};
use drawbridge_simulator::{Config, Fault, FaultKind, Server, Simulator};
use serde_json::{Value, json};

use crate::server::{self, serve};

const RECORD: &str = "0015g00000AbCdEAAV";

async fn simulated() -> (Simulator, Alguna, CustomerId) {
    let simulator = drawbridge_simulator::start(Config {
        customers: 30,
        ..Config::default()
    })
    .await
    .unwrap();
    let alguna = Alguna::new(
        &simulator.urls().alguna,
        simulator.credentials().alguna_api_key.as_str().into(),
        Options::default(),
    )
    .unwrap();
    let rows = server::all_customers(&alguna).await;
    let free = rows
        .iter()
        .find(|row| row.connected_accounts.is_empty() && row.contacts.len() > 1)
        .unwrap();
    (simulator, alguna, free.id.clone())
}

fn record() -> RecordId {
    RecordId::parse(RECORD).unwrap()
}

async fn read(alguna: &Alguna, customer: &CustomerId) -> CustomerLinks {
    alguna.links(customer).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_connected_account_is_made_found_and_removed() {
    let (_simulator, alguna, customer) = simulated().await;
    let integration = alguna.integrations().await.unwrap().remove(0);
    assert_eq!(integration.label.as_deref(), Some("Fernhill"));
    let before = read(&alguna, &customer).await;
    let (record, integration) = (record(), integration.id);
    alguna
        .connect(&customer, &integration, &record, "one")
        .await
        .unwrap();
    // The same key again: done once, answered as before.
    alguna
        .connect(&customer, &integration, &record, "one")
        .await
        .unwrap();
    let links = read(&alguna, &customer).await;
    assert_eq!(links.connected.len(), 1);
    assert_eq!(links.connected[0].external, RECORD);
    let again = alguna
        .connect(&customer, &integration, &record, "two")
        .await;
    assert!(
        matches!(again, Err(SourceError::Refused { status: 409, .. })),
        "{again:?}"
    );
    alguna
        .disconnect(&customer, &links.connected[0].id, "three")
        .await
        .unwrap();
    assert_eq!(read(&alguna, &customer).await, before);
}

#[tokio::test]
async fn aliases_are_replaced_and_contacts_stay() {
    let (_simulator, alguna, customer) = simulated().await;
    let of = |rows: Vec<drawbridge_model::Customer>| {
        rows.into_iter().find(|row| row.id == customer).unwrap()
    };
    let before = of(server::all_customers(&alguna).await);
    let aliases = vec!["crm-1".to_owned(), RECORD.to_owned()];
    alguna.set_aliases(&customer, &aliases, "k").await.unwrap();
    let after = of(server::all_customers(&alguna).await);
    assert_eq!(after.aliases, aliases);
    assert_eq!(after.contacts, before.contacts);
    assert_eq!(after.billing_address, before.billing_address);
}

#[tokio::test]
async fn a_lost_answer_is_never_sent_again_and_a_throttled_call_is() {
    let (simulator, alguna, customer) = simulated().await;
    let integration = alguna.integrations().await.unwrap().remove(0).id;
    let state = simulator.state();
    let posts = || {
        let log = state.request_log();
        log.iter().filter(|asked| asked.method == "POST").count()
    };
    let gateway = FaultKind::Gateway {
        status: 504,
        after_commit: true,
    };
    let mut removed = 0;
    for (asked, kind) in [
        FaultKind::DropBeforeCommit,
        FaultKind::Html503,
        FaultKind::Html200,
        gateway,
        FaultKind::Truncate,
        FaultKind::DropAfterCommit,
    ]
    .into_iter()
    .enumerate()
    {
        state.arm(Fault::new(Server::Alguna, "connected-accounts", kind.clone()).method("POST"));
        let key = format!("key-{asked}");
        let sent = alguna
            .connect(&customer, &integration, &record(), &key)
            .await;
        assert!(
            matches!(sent, Err(SourceError::LostAnswer { .. })),
            "{kind:?}: {sent:?}"
        );
        assert_eq!(posts(), asked + 1, "{kind:?}");
        for connected in read(&alguna, &customer).await.connected {
            removed += 1;
            alguna
                .disconnect(&customer, &connected.id, &format!("gone-{removed}"))
                .await
                .unwrap();
        }
    }
    assert_eq!(removed, 3, "what the faults let through was done");
    let wait = FaultKind::TooManyRequests {
        retry_after: Some(0),
    };
    state.arm(Fault::new(Server::Alguna, "connected-accounts", wait).method("POST"));
    alguna
        .connect(&customer, &integration, &record(), "last")
        .await
        .unwrap();
    assert_eq!(read(&alguna, &customer).await.connected.len(), 1);
}

#[tokio::test]
async fn an_alias_that_cannot_be_read_is_an_error_and_another_customer_is_none() {
    let answer = |aliases: Value| json!({"id": "a", "name": "A", "aliases": aliases});
    let served = serve(move |asked| match asked.path.as_str() {
        "/customers/a" => server::json(&answer(json!(["x", {"odd": 1}]))),
        "/customers/b" => server::json(&answer(json!(["b"]))),
        _ => server::json(&json!({"data": []})),
    })
    .await;
    let alguna = Alguna::new(&served.url, "kid.secret".into(), Options::default()).unwrap();
    let odd = alguna.links(&CustomerId::from("a")).await;
    assert!(matches!(odd, Err(SourceError::NotTheApi { .. })), "{odd:?}");
    assert_eq!(alguna.links(&CustomerId::from("b")).await.unwrap(), None);
}
