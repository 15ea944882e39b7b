//! What the org counts in is read, and amounts of another currency halt.

use drawbridge_api::view::{
    ErrorCode, PlanReading, PlanRowView, PlanRowsRequest, PlanView, RunStartRequest,
};
use drawbridge_testkit::simulator::{Config, Fault, FaultKind, OrgShape, Server};
use drawbridge_testkit::{CURRENCIES_MIXED, Workbench, assert_adds_up};

/// ProfitWell, whose figures are all in dollars, beside a sandbox of this shape.
async fn beside(sandbox: OrgShape) -> (Workbench, u32) {
    let bench = Workbench::start(Config {
        customers: 60,
        sandbox,
        ..Config::default()
    })
    .await;
    let sync = bench.profitwell_sync(true).await;
    (bench, sync)
}

fn counting_in(currency: &str) -> OrgShape {
    OrgShape {
        currency: currency.to_owned(),
        ..OrgShape::default()
    }
}

fn halt(plan: &PlanView) -> Option<&str> {
    let mut halts = plan.halts.iter();
    let halt = halts.find(|halt| halt.name == CURRENCIES_MIXED)?;
    Some(&halt.message)
}

#[tokio::test(flavor = "multi_thread")]
async fn dollars_for_an_org_that_counts_in_euros_halt_until_it_is_accepted() {
    let (bench, sync) = beside(counting_in("EUR")).await;
    let plan = bench.plan(sync).await;
    let message = halt(&plan).unwrap();
    assert!(message.starts_with("The org counts in EUR"), "{message}");
    assert!(message.contains(" in USD would be written"), "{message}");
    assert_eq!(plan.note, None);
    // The rows it speaks of can be looked at, and are no others.
    let named = PlanRowsRequest {
        halt: Some(CURRENCIES_MIXED.to_owned()),
        ..PlanRowsRequest::of(plan.id)
    };
    let page = bench.context.plan_rows(named).await.unwrap();
    assert!(
        message.contains(&format!(": {} in USD", page.total)),
        "{message}"
    );
    let of_halt = plan.halts.iter().find(|it| it.name == CURRENCIES_MIXED);
    assert_eq!(of_halt.map(|it| it.rows), Some(page.total));
    let amounts = ["ProfitWell_MRR__c", "ProfitWell_Total_Spend__c"];
    let written = |row: &PlanRowView| {
        let mut cells = plan.columns.iter().zip(&row.cells);
        cells.any(|(column, cell)| amounts.contains(&column.field.as_str()) && cell.after.is_some())
    };
    assert!(page.rows.iter().all(written), "{page:?}");
    let writes = bench.state().write_calls();
    let request = RunStartRequest::whole(plan.id);
    let refused = bench.try_run(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert_eq!(bench.state().write_calls(), writes);

    // What the org said is kept with what was read of it.
    let offline = bench.plan_by(sync, PlanReading::Offline).await.unwrap();
    assert_eq!(halt(&offline), halt(&plan));
    assert_adds_up(&bench.run(offline.id).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn dollars_for_an_org_that_counts_in_dollars_do_not() {
    let (bench, sync) = beside(counting_in("USD")).await;
    let plan = bench.plan(sync).await;
    assert!(plan.tally.to_write > 0, "{plan:?}");
    assert_eq!(halt(&plan), None);
    let run = bench.try_run(RunStartRequest::whole(plan.id)).await;
    assert_adds_up(&run.unwrap().run);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_an_org_with_several_are_taken_at_their_own_word() {
    let (bench, sync) = beside(OrgShape {
        multi_currency: true,
        ..OrgShape::default()
    })
    .await;
    let plan = bench.plan(sync).await;
    let message = halt(&plan).unwrap();
    assert!(message.contains("new ones get EUR"), "{message}");
    assert!(message.contains("CurrencyIsoCode"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_that_cannot_be_asked_is_said_not_to_be_known() {
    let (bench, sync) = beside(counting_in("EUR")).await;
    let sandbox = Server::SalesforceSandbox;
    let page = Fault::new(sandbox, "/services/Soap/u", FaultKind::Html200);
    let id = bench.state().arm(page.times(u32::MAX));
    let plan = bench.plan(sync).await;
    let note = plan.note.as_deref().unwrap();
    assert!(note.starts_with("The org did not say"), "{note}");
    assert!(note.contains(" in USD"), "{note}");
    assert_eq!(halt(&plan), None, "nothing is known to be wrong");
    bench.state().disarm(id);
    let plan = bench.plan(sync).await;
    assert_eq!(plan.note, None);
    assert!(halt(&plan).is_some());
}
