//! Which subscription speaks for a customer: by the sync's rule, or as a person chose.

use drawbridge_api::view::{
    ErrorCode, PlanExplainRequest, SpeakerPinRequest, SpeakerRequest, SpeakerView, SyncSaveRequest,
    YardstickView,
};
use drawbridge_testkit::{Workbench, assert_adds_up, run_request};

/// A written customer that has at least three subscriptions.
async fn customer_of_many(bench: &Workbench, sync: u32) -> String {
    for record in bench.state().records("Account") {
        let Some(customer) = record["Alguna_Customer_ID__c"].as_str() else {
            continue;
        };
        let request = SpeakerRequest {
            sync,
            customer: customer.to_owned(),
            rule: None,
        };
        let view = bench.context.speaker_get(request).await.unwrap();
        if view.subscriptions.len() >= 3 {
            return customer.to_owned();
        }
    }
    panic!("no customer has three subscriptions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_subscription_is_what_the_next_run_writes() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    let stale = bench.plan(sync).await;

    let customer = customer_of_many(&bench, sync).await;
    let ask = SpeakerRequest {
        sync,
        customer: customer.clone(),
        rule: None,
    };
    let before = bench.context.speaker_get(ask.clone()).await.unwrap();
    assert!(before.pinned_at.is_none());
    let last = before.subscriptions.last().unwrap().clone();
    let pin = |subscription: Option<&str>| SpeakerPinRequest {
        sync,
        customer: customer.clone(),
        subscription: subscription.map(str::to_owned),
    };
    let pinned: SpeakerView = bench
        .context
        .speaker_pin(pin(Some(&last.id)))
        .await
        .unwrap();
    assert_eq!(pinned.subscriptions[0].id, last.id);
    assert!(pinned.pinned_at.is_some());

    let start = run_request(stale.id);
    let refused = bench.try_run(start).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PlanStale, "{refused:?}");

    let plan = bench.plan(sync).await;
    let explain = PlanExplainRequest {
        plan: plan.id,
        customer: customer.clone(),
    };
    let why = bench.context.plan_explain(explain).await.unwrap();
    assert!(why.speaks[0].ends_with("which a person chose."), "{why:?}");
    assert_adds_up(&bench.run(plan.id).await.run);
    let written = |customer: &str| {
        let records = bench.state().records("Account");
        let record = records
            .iter()
            .find(|record| record["Alguna_Customer_ID__c"] == customer)
            .unwrap();
        record["Alguna_Subscription_ID__c"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(written(&customer), last.id);

    bench.context.speaker_pin(pin(None)).await.unwrap();
    assert_eq!(bench.context.speaker_get(ask).await.unwrap(), before);
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    assert_eq!(written(&customer), before.subscriptions[0].id);

    let unknown = bench.context.speaker_pin(pin(Some("sub_nobody"))).await;
    assert_eq!(unknown.unwrap_err().code, ErrorCode::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_tried_before_it_is_saved() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    let customer = customer_of_many(&bench, sync).await;
    let ask = |rule| SpeakerRequest {
        sync,
        customer: customer.clone(),
        rule,
    };
    let usual = bench.context.speaker_get(ask(None)).await.unwrap();
    let earliest = Some(vec![YardstickView::EarliestStart]);
    let tried = bench
        .context
        .speaker_get(ask(earliest.clone()))
        .await
        .unwrap();
    assert_ne!(tried.subscriptions[0], usual.subscriptions[0]);
    assert_eq!(bench.context.speaker_get(ask(None)).await.unwrap(), usual);

    let save = SyncSaveRequest {
        sync,
        speaker: earliest.clone(),
        ..SyncSaveRequest::default()
    };
    let saved = bench.context.sync_save(save).await.unwrap();
    assert_eq!(Some(saved.speaker), earliest);
    assert_eq!(bench.context.speaker_get(ask(None)).await.unwrap(), tried);
}
