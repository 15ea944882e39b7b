//! What the org made of what was sent: shown record by record, field by field.

use drawbridge_api::view::{OutcomesRequest, RunRequest};
use drawbridge_testkit::simulator::FieldUpdate;
use drawbridge_testkit::{Workbench, assert_adds_up, find};

const NAME: &str = "Alguna_Subscription_Name__c";

#[tokio::test(flavor = "multi_thread")]
async fn values_the_org_stores_differently_are_named() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let rule = FieldUpdate {
        sobject: "Account".to_owned(),
        name: "Own_Names".to_owned(),
        field: NAME.to_owned(),
        value: "By the org".into(),
        from: None,
        active: true,
    };
    state.add_field_update(rule).unwrap();
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.verified, plan.tally.to_write);
    assert!(run.differs > 10 && run.differs < run.verified, "{run:?}");
    assert_eq!(
        (run.counts.created, run.counts.updated),
        (plan.counts.create, plan.counts.update),
        "what differs was written all the same"
    );
    let request = OutcomesRequest {
        run: run.id,
        outcome: None,
        code: Some("read_back_differs".to_owned()),
        search: String::new(),
        offset: 0,
        limit: 500,
    };
    let page = bench.context.run_outcomes(request).await.unwrap();
    assert_eq!(page.total, run.differs);
    for row in &page.rows {
        let problem = row.problem.as_deref().unwrap();
        let sent = row
            .changes
            .iter()
            .find(|it| it.label == "Alguna Subscription Name");
        let sent = &sent.unwrap().after.text;
        assert_eq!(
            problem,
            format!("Alguna Subscription Name: sent “{sent}”, holds “By the org”.")
        );
        let record = find(&state, "Account", "Alguna_Customer_ID__c", &row.customer);
        assert_eq!(record[NAME], "By the org");
    }
    let problems = bench.context.run_problems(RunRequest { run: run.id }).await;
    let problems = problems.unwrap();
    let told: u32 = problems
        .iter()
        .filter(|problem| problem.code == "read_back_differs")
        .map(|problem| problem.rows)
        .sum();
    assert_eq!(told, run.differs);
}
