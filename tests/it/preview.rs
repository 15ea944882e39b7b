//! A preview writes nothing, and after a finished run there is nothing left to write.

use drawbridge_api::view::SyncRequest;
use drawbridge_testkit::simulator::Server;
use drawbridge_testkit::{Workbench, assert_adds_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_makes_no_write_call() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    let deployed = state.write_calls();
    assert!(deployed > 0, "creating fields is counted as writing");
    let (accounts, requests) = (state.records("Account"), state.request_log().len());

    let plan = bench.plan(sync).await;
    let request = SyncRequest { sync };
    let checked = bench
        .context
        .fields_validate(request.clone())
        .await
        .unwrap();
    bench.context.fields_get(request).await.unwrap();

    assert!(checked.check_only && checked.succeeded, "{checked:?}");
    assert_eq!(state.write_calls(), deployed);
    assert_eq!(state.records("Account"), accounts);
    assert!(plan.tally.to_write > 100, "{plan:?}");
    assert!(
        state.request_log().len() > requests + 5,
        "both sides were asked"
    );

    let run = bench.run(plan.id).await.run;
    assert!(
        state.write_calls() > deployed,
        "the same counter does count a run: {run:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn validating_fields_creates_none() {
    let bench = Workbench::with_customers(20).await;
    let (source, org) = (bench.connect_alguna().await, bench.connect_sandbox().await);
    let sync = bench.create_sync(&source, &org, false).await.id;
    let request = SyncRequest { sync };
    let before = bench.state().write_calls();
    let checked = bench
        .context
        .fields_validate(request.clone())
        .await
        .unwrap();
    assert!(checked.succeeded, "{checked:?}");
    assert_eq!(bench.state().write_calls(), before);
    let fields = bench.context.fields_get(request).await.unwrap();
    assert_eq!(fields.ready, 0, "{fields:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_plan_has_nothing_to_write() {
    let bench = Workbench::with_customers(120).await;
    for sync in [bench.alguna_sync().await, second_sync(&bench).await] {
        let first = bench.plan(sync).await;
        assert!(first.tally.to_write > 0, "{first:?}");
        assert_adds_up(&bench.run(first.id).await.run);
        let again = bench.plan(sync).await;
        assert_eq!(again.tally.to_write, 0, "{again:?}");
        assert_eq!((again.counts.create, again.counts.update), (0, 0));
        assert_eq!(again.counts.blocked, first.counts.blocked);

        let writes = bench.state().write_calls();
        let run = bench.run(again.id).await.run;
        assert_adds_up(&run);
        assert_eq!(
            bench.state().write_calls(),
            writes,
            "an empty run writes nothing"
        );
    }
}

async fn second_sync(bench: &Workbench) -> u32 {
    let source = bench.connect_profitwell().await;
    let orgs = bench
        .context
        .connection_list(drawbridge_api::view::Nothing {})
        .await;
    let orgs = orgs.unwrap();
    let org = orgs.iter().find(|connection| connection.org.is_some());
    let sync = bench.create_sync(&source, org.unwrap(), true).await.id;
    bench.deploy(sync).await;
    sync
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changed_customer_is_one_changed_record() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    bench.run(plan.id).await;
    // Somebody in Salesforce spoils one field that Drawbridge owns.
    let state = bench.state();
    let records = state.records("Account");
    let spoilt = records
        .iter()
        .find(|record| record["Alguna_Subscription_Status__c"] == "Active")
        .unwrap();
    let values = drawbridge_testkit::values([("Alguna_Subscription_Status__c", "Odd".into())]);
    let id = spoilt["Id"].as_str().unwrap();
    state
        .update_record("Account", id, &values, "Ana Ruiz")
        .unwrap();

    let again = bench.plan(sync).await;
    assert_eq!(
        (again.counts.create, again.counts.update),
        (0, 1),
        "{again:?}"
    );
    assert_eq!(
        again.tally.drifted, 1,
        "the change in Salesforce is shown: {again:?}"
    );
    let run = bench.run(again.id).await.run;
    assert_adds_up(&run);
    assert_eq!((run.counts.updated, run.counts.created), (1, 0));
    let patches = state
        .request_log()
        .iter()
        .rev()
        .filter(|request| request.server == Server::SalesforceSandbox && request.is_write)
        .count();
    assert!(patches > 0);
    let now = drawbridge_testkit::find(&state, "Account", "Id", id);
    assert_eq!(now["Alguna_Subscription_Status__c"], "Active");
}
