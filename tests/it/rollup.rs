//! `ProfitWell` on Account: the customers that share one are added up in one row.

use std::collections::BTreeMap;
use std::fs;

use drawbridge_api::view::{
    ActionView, ErrorCode, MatchDecideRequest, MatchDecisionView, PackView, PlanExplainRequest,
    PlanReading, PlanRowView, PlanRowsRequest, PlanView, PromotionFinishRequest, PromotionRequest,
    RunStartRequest, SyncCreateRequest, SyncSaveRequest, ValueExplainRequest, WayView,
};
use drawbridge_testkit::simulator::Config;
use drawbridge_testkit::{MadeCustomer, Workbench, assert_adds_up, find, values};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

const FERNHILL: &str = "0015f00000Fern1";
const MILL: &str = "0015f00000Mill1";

/// Two Accounts, with Contacts: three people at Fernhill, two of them with one address, one at the
/// mill, and one address that is known at both.
const CONTACTS: &str = "Id,LastName,Email,AccountId\n\
    0035f00000Con01,Ruiz,ana@x.example,0015f00000Fern1\n\
    0035f00000Con02,Ruiz,Ana@x.example,0015f00000Fern1\n\
    0035f00000Con03,Okafor,tom@x.example,0015f00000Fern1\n\
    0035f00000Con04,Berg,ida@x.example,0015f00000Fern1\n\
    0035f00000Con05,Miller,max@x.example,0015f00000Mill1\n\
    0035f00000Con06,Office,office@x.example,0015f00000Fern1\n\
    0035f00000Con07,Office,office@x.example,0015f00000Mill1\n\
    0035f00000Con08,Nobody,nobody@gmail.com,\n";

/// A workspace beside these Accounts, with the `ProfitWell` customers of this file.
async fn bench_with(customers: &str) -> Workbench {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("profitwell_customers.csv", customers);
    write(
        "accounts.csv",
        "Id,Name\n0015f00000Fern1,Fernhill\n0015f00000Mill1,The Mill\n",
    );
    write("salesforce_contacts.csv", CONTACTS);
    Workbench::start(Config {
        data: Some(folder.path().to_owned()),
        ..Config::default()
    })
    .await
}

async fn bench() -> Workbench {
    bench_with("customer_id,email,status\n").await
}

/// The beginning of a day so long ago.
fn ago(bench: &Workbench, days: i64) -> Timestamp {
    let day = 24 * 60 * 60;
    let today = bench.state().now().as_second() / day * day;
    Timestamp::from_second(today).unwrap() - SignedDuration::from_hours(24 * days)
}

async fn rows(bench: &Workbench, plan: u32) -> BTreeMap<String, PlanRowView> {
    let request = PlanRowsRequest::of(plan);
    let page = bench.context.plan_rows(request).await.unwrap();
    page.rows
        .into_iter()
        .map(|row| (row.customer.clone(), row))
        .collect()
}

fn reason(row: &PlanRowView) -> (ActionView, &str) {
    let reason = row.reason.as_ref().map_or("", |it| it.code.as_str());
    (row.action, reason)
}

fn account(bench: &Workbench, id: &str) -> Map<String, Value> {
    let found = bench.state().records("Account").into_iter().find(|record| {
        record["Id"]
            .as_str()
            .is_some_and(|long| long.starts_with(id))
    });
    found.unwrap()
}

/// What stands in one of the pack's fields.
fn stands(bench: &Workbench, id: &str, field: &str) -> Value {
    let name = format!("ProfitWell_{field}__c");
    account(bench, id)
        .get(&name)
        .cloned()
        .unwrap_or(Value::Null)
}

/// The moment that stands in one of them.
fn moment(bench: &Workbench, id: &str, field: &str) -> Timestamp {
    let there = stands(bench, id, field);
    let text = there.as_str().unwrap().replace("+0000", "Z");
    text.parse().unwrap()
}

/// Runs a plan, whatever it warns of.
async fn run(bench: &Workbench, plan: &PlanView) -> u32 {
    let request = RunStartRequest {
        accept: plan.halts.iter().map(|halt| halt.name.clone()).collect(),
        ..RunStartRequest::whole(plan.id)
    };
    let finished = bench.try_run(request).await.unwrap();
    assert_adds_up(&finished.run);
    assert_eq!(finished.run.differs, 0, "{:?}", finished.run);
    finished.run.id
}

/// Three customers of Fernhill, one of the mill, one of nobody, by id.
async fn five(bench: &Workbench) -> (Vec<MadeCustomer>, MadeCustomer, MadeCustomer) {
    let somebody = bench.somebody_at_profitwell();
    let mut fernhill = Vec::new();
    for (email, plan, cents, days) in [
        ("ana@x.example", "team", 12_000, 90),
        ("tom@x.example", "solo", 5_001, 200),
        ("ida@x.example", "team", 1, 30),
    ] {
        let since = ago(bench, days);
        fernhill.push(somebody.subscribe(email, plan, cents, since).await);
    }
    fernhill.sort();
    let since = ago(bench, 10);
    let mill = somebody
        .subscribe("max@x.example", "team", 700, since)
        .await;
    let nobody = somebody
        .subscribe("who@z.example", "team", 900, since)
        .await;
    (fernhill, mill, nobody)
}

#[tokio::test(flavor = "multi_thread")]
async fn three_customers_of_one_account_are_written_as_one() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, mill, nobody) = five(&bench).await;
    let contacts = bench.state().records("Contact");

    let plan = bench.plan(sync).await;
    assert_eq!(
        (plan.read, plan.counts.update, plan.counts.skipped),
        (5, 2, 3)
    );
    let there = rows(&bench, plan.id).await;
    assert_eq!(there[&fernhill[0].id].action, ActionView::Update);
    for other in &fernhill[1..] {
        let row = &there[&other.id];
        assert_eq!(reason(row), (ActionView::Skipped, "counted_in"));
        let sentence = &row.reason.as_ref().unwrap().message;
        assert!(sentence.contains(&fernhill[0].id), "{sentence}");
        assert_eq!(row.record, there[&fernhill[0].id].record);
    }
    assert_eq!(reason(&there[&mill.id]), (ActionView::Update, ""));
    assert_eq!(
        reason(&there[&nobody.id]),
        (ActionView::Skipped, "no_account")
    );

    run(&bench, &plan).await;
    assert_eq!(stands(&bench, FERNHILL, "MRR"), 170.02);
    let spend = stands(&bench, FERNHILL, "Total_Spend").as_f64().unwrap();
    assert!(spend > 170.0, "{spend}");
    assert_eq!(stands(&bench, FERNHILL, "Plans"), "solo; team");
    assert_eq!(stands(&bench, FERNHILL, "Status"), "active");
    assert_eq!(moment(&bench, FERNHILL, "Created_On"), ago(&bench, 200));
    assert_eq!(stands(&bench, FERNHILL, "Churned_On"), Value::Null);
    let ids: Vec<&str> = fernhill.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(stands(&bench, FERNHILL, "Customer_ID"), ids.join("; "));
    assert_eq!(stands(&bench, MILL, "MRR"), 7.0);
    assert_eq!(stands(&bench, MILL, "Customer_ID"), mill.id.as_str());
    assert_eq!(bench.state().count("Account"), 2, "none is made");
    assert_eq!(bench.state().records("Contact"), contacts);

    let again = bench.plan(sync).await;
    assert_eq!((again.counts.unchanged, again.counts.update), (2, 0));
    let offline = bench.plan_by(sync, PlanReading::Offline).await.unwrap();
    assert_eq!(offline.counts, again.counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pilot_by_a_bulk_job_writes_one_account_and_the_next_run_the_other() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, _, _) = five(&bench).await;
    let plan = bench.plan(sync).await;
    let pilot = RunStartRequest {
        accept: plan.halts.iter().map(|halt| halt.name.clone()).collect(),
        only: Some(vec![fernhill[0].id.clone()]),
        way: Some(WayView::Bulk),
        ..RunStartRequest::whole(plan.id)
    };
    let first = bench.try_run(pilot).await.unwrap().run;
    assert_adds_up(&first);
    let counts = first.counts;
    assert_eq!((counts.updated, counts.held, counts.skipped), (1, 1, 3));
    assert_eq!(stands(&bench, FERNHILL, "MRR"), 170.02);
    assert_eq!(stands(&bench, MILL, "MRR"), Value::Null);

    let rest = bench.plan(sync).await;
    assert_eq!((rest.counts.unchanged, rest.counts.update), (1, 1));
    run(&bench, &rest).await;
    assert_eq!(stands(&bench, MILL, "MRR"), 7.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_churn_date_comes_when_the_last_one_churns() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, _, _) = five(&bench).await;
    run(&bench, &bench.plan(sync).await).await;
    let somebody = bench.somebody_at_profitwell();

    // The pull brings one customer, the row is computed from all three.
    for (number, days) in [(2, 3), (0, 5)] {
        somebody.churn(&fernhill[number], ago(&bench, days)).await;
        let plan = bench.plan(sync).await;
        assert_eq!(plan.counts.update, 1, "{plan:?}");
        let there = rows(&bench, plan.id).await;
        assert_eq!(there[&fernhill[0].id].action, ActionView::Update);
        run(&bench, &plan).await;
        assert_eq!(stands(&bench, FERNHILL, "Churned_On"), Value::Null);
        assert_eq!(stands(&bench, FERNHILL, "Status"), "active");
    }
    somebody.churn(&fernhill[1], ago(&bench, 4)).await;
    run(&bench, &bench.plan(sync).await).await;
    assert_eq!(moment(&bench, FERNHILL, "Churned_On"), ago(&bench, 3));
    assert_eq!(stands(&bench, FERNHILL, "Status"), "churned_voluntary");
    assert_eq!(stands(&bench, FERNHILL, "MRR"), 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shares_an_account_follows_its_contacts() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, mill, nobody) = five(&bench).await;
    run(&bench, &bench.plan(sync).await).await;

    // A colleague moves a person to the mill, who carried the row.
    let email_of = |id: &str| {
        let customers = drawbridge_testkit::stored_customers(bench.dir.path(), "ProfitWell");
        let own = customers.into_iter().find(|it| it.id.as_str() == id);
        own.unwrap().email.unwrap()
    };
    let moved = email_of(&fernhill[0].id);
    let state = bench.state();
    for contact in state.records("Contact") {
        let address = contact["Email"].as_str().unwrap().to_lowercase();
        if address == moved {
            let to = values([("AccountId", account(&bench, MILL)["Id"].clone())]);
            let id = contact["Id"].as_str().unwrap();
            state
                .update_record("Contact", id, &to, "Tom Okafor")
                .unwrap();
        }
    }
    let plan = bench.plan(sync).await;
    let there = rows(&bench, plan.id).await;
    let both = [&fernhill[0].id, &mill.id];
    let carrier = both.iter().min().unwrap();
    assert_eq!(there[*carrier].action, ActionView::Update);
    assert_eq!(there[&fernhill[1].id].action, ActionView::Update);
    run(&bench, &plan).await;
    let ids = stands(&bench, FERNHILL, "Customer_ID");
    assert_eq!(ids, format!("{}; {}", fernhill[1].id, fernhill[2].id));

    // A person says whose the customer of nobody is; then it is deleted in ProfitWell.
    let decide = |decision| MatchDecideRequest {
        sync,
        customer: nobody.id.clone(),
        decision: Some(decision),
    };
    let made = decide(MatchDecisionView::CreateNew);
    let refused = bench.context.match_decide(made).await.unwrap_err();
    assert!(
        refused.message.contains("makes no Accounts"),
        "{}",
        refused.message
    );
    let record = there[&fernhill[1].id].record.clone().unwrap();
    let accepted = decide(MatchDecisionView::Accept { record });
    bench.context.match_decide(accepted).await.unwrap();
    run(&bench, &bench.plan(sync).await).await;
    let ids = stands(&bench, FERNHILL, "Customer_ID");
    assert!(ids.as_str().unwrap().contains(&nobody.id), "{ids}");
    bench.somebody_at_profitwell().delete(&nobody).await;
    let all = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    run(&bench, &all).await;
    let ids = stands(&bench, FERNHILL, "Customer_ID");
    assert_eq!(ids, format!("{}; {}", fernhill[1].id, fernhill[2].id));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_its_last_customer_left_is_named_until_its_figures_are_cleared() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (_, mill, _) = five(&bench).await;
    run(&bench, &bench.plan(sync).await).await;
    assert_eq!(bench.plan(sync).await.note, None);

    // Its only Contact goes to the other Account: there the customer is counted now.
    let state = bench.state();
    let contacts = state.records("Contact");
    let max = contacts
        .iter()
        .find(|it| it["Email"] == "max@x.example")
        .unwrap();
    let moved = values([("AccountId", account(&bench, FERNHILL)["Id"].clone())]);
    let id = max["Id"].as_str().unwrap();
    state
        .update_record("Contact", id, &moved, "Tom Okafor")
        .unwrap();
    let plan = bench.plan(sync).await;
    let note = plan.note.clone().unwrap();
    let left = account(&bench, MILL)["Id"].as_str().unwrap().to_owned();
    assert!(
        note.contains(&format!("The Mill ({left})")) && note.contains("count twice"),
        "{note}"
    );
    run(&bench, &plan).await;
    assert_eq!(stands(&bench, FERNHILL, "MRR"), 177.02);
    assert_eq!(stands(&bench, MILL, "MRR"), 7.0, "nothing is written there");
    // As long as it stands so, it is said; offline as well.
    assert_eq!(bench.plan(sync).await.note.as_deref(), Some(note.as_str()));
    let offline = bench.plan_by(sync, PlanReading::Offline).await.unwrap();
    assert_eq!(offline.note.as_deref(), Some(note.as_str()));

    let cleared: Map<String, Value> = account(&bench, MILL)
        .keys()
        .filter(|name| name.starts_with("ProfitWell_"))
        .map(|name| (name.clone(), Value::Null))
        .collect();
    state
        .update_record("Account", &left, &cleared, "Tom Okafor")
        .unwrap();
    assert_eq!(bench.plan(sync).await.note, None);

    // One that is deleted in ProfitWell leaves its Account as well.
    let back = values([("AccountId", left.clone().into())]);
    state
        .update_record("Contact", id, &back, "Tom Okafor")
        .unwrap();
    run(&bench, &bench.plan(sync).await).await;
    assert_eq!(stands(&bench, MILL, "MRR"), 7.0);
    bench.somebody_at_profitwell().delete(&mill).await;
    let all = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    assert!(all.note.unwrap().contains("The Mill"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_run_wrote_is_not_laid_at_anybody_s_door() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, _, _) = five(&bench).await;
    let first = run(&bench, &bench.plan(sync).await).await;
    let somebody = bench.somebody_at_profitwell();
    somebody.churn(&fernhill[2], ago(&bench, 3)).await;
    let second = run(&bench, &bench.plan(sync).await).await;

    let undo = bench.undo(first).await;
    let carrier = &rows(&bench, undo.id).await[&fernhill[0].id];
    let by = carrier.drift.as_ref().unwrap().by.clone().unwrap();
    assert!(
        by.starts_with(&format!("run {second} of “")),
        "{by}, not whoever is signed in"
    );
    // What a person changed is that person's.
    let state = bench.state();
    let id = account(&bench, FERNHILL)["Id"].as_str().unwrap().to_owned();
    let edit = values([("ProfitWell_MRR__c", 1.into())]);
    state
        .update_record("Account", &id, &edit, "Tom Okafor")
        .unwrap();
    let plan = bench.plan(sync).await;
    let row = &rows(&bench, plan.id).await[&fernhill[0].id];
    assert_eq!(
        row.drift.as_ref().unwrap().by.as_deref(),
        Some("Tom Okafor")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_on_two_accounts_waits_for_a_person_or_for_the_contact_s_id() {
    let bench = bench_with(
        "customer_id,email,status,mrr_cents,total_spend_cents\n\
         cus_1,ana@x.example,active,100,100\n\
         cus_2,office@x.example,active,200,\n\
         cus_3,nobody@gmail.com,active,400,400\n",
    )
    .await;
    let sync = bench.rollup_sync().await;
    let plan = bench.plan(sync).await;
    let there = rows(&bench, plan.id).await;
    assert_eq!(
        reason(&there["cus_2"]),
        (ActionView::Blocked, "needs_review")
    );
    assert_eq!(reason(&there["cus_3"]), (ActionView::Skipped, "no_account"));

    // The Contacts get their own field, and one of the two the customer's id.
    let connections = bench
        .context
        .connection_list(drawbridge_api::view::Nothing {})
        .await
        .unwrap();
    let named = |name: &str| connections.iter().find(|it| it.name == name).unwrap();
    let on_contacts = bench
        .create_sync(named("ProfitWell"), named("UAT"), false)
        .await;
    bench.deploy(on_contacts.id).await;
    let state = bench.state();
    let id_of = |end: &str| {
        let contact = state.records("Contact").into_iter().find(|it| {
            it["Id"]
                .as_str()
                .is_some_and(|id| id.starts_with(&format!("0035f00000{end}")))
        });
        contact.unwrap()["Id"].as_str().unwrap().to_owned()
    };
    for (contact, customer) in [("Con06", "cus_2"), ("Con04", "cus_1")] {
        let id = values([("ProfitWell_Customer_ID__c", customer.into())]);
        state
            .update_record("Contact", &id_of(contact), &id, "Ana Ruiz")
            .unwrap();
    }
    let plan = bench.plan(sync).await;
    run(&bench, &plan).await;
    assert_eq!(stands(&bench, FERNHILL, "Customer_ID"), "cus_1; cus_2");
    assert_eq!(stands(&bench, FERNHILL, "MRR"), 3.0);
    // One total is not known: it counts as nothing, not as zero.
    assert_eq!(stands(&bench, FERNHILL, "Total_Spend"), Value::Null);
    let there = rows(&bench, plan.id).await;
    assert_eq!(
        there["cus_1"].matched_by.as_deref(),
        there["cus_2"].matched_by.as_deref()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_who_was_added_up_and_taken_back_as_one() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, _, _) = five(&bench).await;
    let before = account(&bench, FERNHILL);
    let plan = bench.plan(sync).await;
    let request = PlanExplainRequest {
        plan: plan.id,
        customer: fernhill[0].id.clone(),
    };
    let why = bench.context.plan_explain(request).await.unwrap();
    assert!(
        why.speaks[0].starts_with("These 3 customers"),
        "{:?}",
        why.speaks
    );
    let field = |name: &str| why.fields.iter().find(|it| it.field == name).unwrap();
    let steps: Vec<&str> = field("ProfitWell_MRR__c")
        .steps
        .iter()
        .map(|step| step.value.as_str())
        .collect();
    assert_eq!(steps[0], "170.02 USD");
    assert!(steps[1..].contains(&"120.00 USD"), "{steps:?}");

    let done = run(&bench, &plan).await;
    // Asked by any of the three, or by the Account, it is the same value.
    let of = |customer: Option<&MadeCustomer>, record: Option<&str>| ValueExplainRequest {
        sync,
        customer: customer.map(|it| it.id.clone()),
        record: record.map(str::to_owned),
        field: Some("ProfitWell_MRR__c".to_owned()),
    };
    for request in [of(Some(&fernhill[2]), None), of(None, Some(FERNHILL))] {
        let told = bench.context.value_explain(request).await.unwrap();
        let billing = told.fields[0].billing.as_ref().unwrap();
        assert_eq!(billing.text, "170.02");
        assert_eq!(told.fields[0].steps.len(), 4);
    }
    let undo = bench.undo(done).await;
    assert_eq!(undo.counts.update, 2);
    run(&bench, &undo).await;
    let after = account(&bench, FERNHILL);
    for (name, value) in &before {
        if !name.starts_with("SystemModstamp") && !name.starts_with("LastModified") {
            assert_eq!(after.get(name), Some(value), "{name}");
        }
    }
    assert_eq!(stands(&bench, FERNHILL, "MRR"), Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_promoted_with_its_fields_and_without_an_external_id() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, _, _) = five(&bench).await;
    let org = bench.connect_production().await.id;
    let request = PromotionRequest { sync, org };
    let checklist = bench
        .context
        .promotion_check(request.clone())
        .await
        .unwrap();
    assert_eq!(checklist.creatable, 8, "{checklist:?}");
    let deployed = bench.context.promotion_deploy(request.clone()).await;
    assert!(deployed.unwrap().succeeded);
    let checklist = bench.context.promotion_check(request).await.unwrap();
    assert_eq!(checklist.blocking, 0, "{checklist:?}");
    let finish = PromotionFinishRequest {
        sync,
        org,
        name: "Accounts in production".to_owned(),
    };
    let made = bench.context.promotion_finish(finish).await.unwrap();
    assert_eq!(
        (made.pack, made.create_records),
        (PackView::ProfitwellAccount, false)
    );
    let plan = bench.plan(made.id).await;
    let there = rows(&bench, plan.id).await;
    assert_eq!(there[&fernhill[0].id].action, ActionView::Update);
    assert_eq!(
        reason(&there[&fernhill[2].id]),
        (ActionView::Skipped, "counted_in")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_writes_is_drift_whoever_carries_the_row() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let (fernhill, _, _) = five(&bench).await;
    run(&bench, &bench.plan(sync).await).await;
    let record = account(&bench, FERNHILL)["Id"].as_str().unwrap().to_owned();
    let theirs = values([("ProfitWell_Status__c", "gone".into())]);
    let state = bench.state();
    state
        .update_record("Account", &record, &theirs, "Tom Okafor")
        .unwrap();
    // The one that carried the row leaves; the next takes it over, against the same last write.
    bench.somebody_at_profitwell().delete(&fernhill[0]).await;
    let plan = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    assert_eq!(plan.tally.drifted, 1, "{plan:?}");
    let there = rows(&bench, plan.id).await;
    let drift = there[&fernhill[1].id].drift.as_ref().unwrap();
    assert_eq!(drift.by.as_deref(), Some("Tom Okafor"));
    assert!(!there.contains_key(&fernhill[0].id));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_never_makes_accounts_and_is_filled_from_profitwell_alone() {
    let bench = bench().await;
    let sync = bench.rollup_sync().await;
    let save = SyncSaveRequest {
        sync,
        create_records: Some(true),
        ..SyncSaveRequest::default()
    };
    let refused = bench.context.sync_save(save).await.unwrap_err();
    assert!(
        refused.message.contains("makes no Accounts"),
        "{}",
        refused.message
    );
    let (alguna, org) = (
        bench.connect_alguna().await,
        bench.connect_production().await,
    );
    let request = |source: u32, pack, create_records| SyncCreateRequest {
        name: "Another".to_owned(),
        source,
        org: org.id,
        pack: Some(pack),
        create_records,
        record_links: None,
    };
    let source = bench
        .context
        .sync_get(drawbridge_api::view::SyncRequest { sync })
        .await
        .unwrap()
        .source;
    for asked in [
        request(alguna.id, PackView::ProfitwellAccount, false),
        request(source, PackView::Alguna, false),
        request(source, PackView::ProfitwellAccount, true),
    ] {
        let refused = bench.context.sync_create(asked).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadRequest, "{refused:?}");
    }
}

/// The Account still bears the id of the customer that spoke for it before, whose row is settled
/// from the start.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_changed_since_the_preview_is_held_back_by_either_way() {
    for way in [WayView::Collections, WayView::Bulk] {
        let bench = bench_with(
            "customer_id,email,status\n\
             pwu_x,ana@x.example,active\n\
             pwu_b,max@x.example,active\n",
        )
        .await;
        let sync = bench.rollup_sync().await;
        let state = bench.state();
        let first = bench.plan(sync).await;
        assert_adds_up(&bench.run_accepting(&first).await);
        let moved = values([("AccountId", FERNHILL.into())]);
        let contact = "0035f00000Con05";
        state
            .update_record("Contact", contact, &moved, "Ana Ruiz")
            .unwrap();
        let plan = bench.plan(sync).await;
        assert!(plan.tally.to_write > 0, "{plan:?}");
        let theirs = values([("ProfitWell_Status__c", "by hand".into())]);
        state
            .update_record("Account", FERNHILL, &theirs, "Ana Ruiz")
            .unwrap();
        let request = RunStartRequest {
            accept: plan.halts.iter().map(|halt| halt.name.clone()).collect(),
            way: Some(way),
            ..RunStartRequest::whole(plan.id)
        };
        let run = bench.try_run(request).await.unwrap().run;
        assert_adds_up(&run);
        assert_eq!(run.counts.held, 1, "{way:?} {run:?}");
        let now = find(&state, "Account", "Name", "Fernhill");
        assert_eq!(now["ProfitWell_Status__c"], "by hand", "{way:?}");
    }
}
