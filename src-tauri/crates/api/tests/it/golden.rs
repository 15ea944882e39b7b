//! Whole plans of customers that break naive programs, as the screens get them.

use drawbridge_api::view::{PlanRowsRequest, PlanView};
use drawbridge_testkit::simulator::Config;
use drawbridge_testkit::{Workbench, assert_adds_up, write_twelve};
use serde_json::{Map, Value, json};

/// The rows of a plan, each with the fields that change.
async fn rows(bench: &Workbench, plan: &PlanView) -> Value {
    let request = PlanRowsRequest {
        limit: 100,
        ..PlanRowsRequest::of(plan.id)
    };
    let page = bench.context.plan_rows(request).await.unwrap();
    let rows = page.rows.iter().map(|row| {
        let cells: Map<String, Value> = plan
            .columns
            .iter()
            .zip(&row.cells)
            .filter_map(|(column, cell)| {
                let after = cell.after.as_ref()?;
                let before = cell.before.as_ref().map_or("", |before| before.text.as_str());
                let held = if cell.held { " (held)" } else { "" };
                Some((
                    column.field.clone(),
                    json!(format!("{before} → {}{held}", after.text)),
                ))
            })
            .collect();
        json!({
            "customer": row.customer,
            "name": row.name,
            "action": row.action,
            "record": row.record,
            "matched_by": row.matched_by,
            "reason": row.reason.as_ref().map(|reason| format!("{} {}", reason.message, reason.next_step)),
            "changes": cells,
        })
    });
    json!({ "counts": plan.counts, "to_write": plan.tally.to_write, "rows": rows.collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dozen_telling_customers_of_alguna() {
    let data = tempfile::tempdir().unwrap();
    write_twelve(data.path());
    let bench = Workbench::start(Config {
        data: Some(data.path().to_owned()),
        ..Config::default()
    })
    .await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    insta::assert_json_snapshot!("alguna_plan", rows(&bench, &plan).await);
    assert_adds_up(&bench.run(plan.id).await.run);
    let again = bench.plan(sync).await;
    assert_eq!(again.tally.to_write, 0, "{:?}", rows(&bench, &again).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn telling_customers_of_profitwell() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(
        data.path().join("profitwell_customers.csv"),
        "customer_id,email,first_name,last_name,mrr_cents,plans,status,created_on,activated_on,\
         churned_on,total_spend_cents\n\
         0002-ORFBO,0002-orfbo@x.example,,,6560,One year;DSL,active,2026-01-31T23:30:00Z,2026-01-31T23:30:00Z,,59330\n\
         noemail,,Zoë,O'Neil,100,Basic,active,2026-01-01T00:00:00Z,,,\n\
         nobody,,,,0,,trialing,2026-01-01T00:00:00Z,,,0\n\
         twin1,twin@x.example,,Twin,100,Basic,active,2026-01-01T00:00:00Z,,,100\n\
         twin2,twin@x.example,,Twin,100,Basic,active,2026-01-01T00:00:00Z,,,100\n\
         churned,gone@x.example,,Gone,0,Basic,churned_delinquent,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,2026-02-28T23:59:59Z,1\n\
         odd,odd@x.example,,Odd,5,Basic,hibernating,2025-01-01T00:00:00Z,,,5\n",
    )
    .unwrap();
    std::fs::write(
        data.path().join("salesforce_contacts.csv"),
        "Id,LastName,Email\n0035f00000TwC01,Twin,twin@x.example\n\
         0035f00000TwC02,Orfbo,0002-ORFBO@x.example.invalid\n",
    )
    .unwrap();
    let bench = Workbench::start(Config {
        data: Some(data.path().to_owned()),
        ..Config::default()
    })
    .await;
    let sync = bench.profitwell_sync(true).await;
    let plan = bench.plan(sync).await;
    insta::assert_json_snapshot!("profitwell_plan", rows(&bench, &plan).await);
    assert_adds_up(&bench.run(plan.id).await.run);
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}
