//! Accounts that become customers of Alguna: previewed, made once, found again by the next sync.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use drawbridge_api::view::{
    ErrorCode, ImportActionView, ImportDecideRequest, ImportOutcomeView, ImportRequest,
    ImportRowView, ImportRowsRequest, ImportRunRequest, ImportStartRequest, ImportView,
    RunStatusView, SyncRequest,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Workbench, values};

async fn preview(bench: &Workbench, sync: u32, currency: Option<&str>) -> ImportView {
    let request = ImportStartRequest {
        sync,
        types: Vec::new(),
        currency: currency.map(str::to_owned),
    };
    bench.context.import_start(request).await.unwrap()
}

async fn rows(
    bench: &Workbench,
    import: u32,
    action: Option<ImportActionView>,
) -> Vec<ImportRowView> {
    let request = ImportRowsRequest {
        import,
        action,
        search: String::new(),
        offset: 0,
        limit: 500,
    };
    let page = bench.context.import_rows(request).await.unwrap();
    assert_eq!(page.rows.len(), page.total as usize);
    page.rows
}

fn confirmed(import: u32) -> ImportRunRequest {
    ImportRunRequest {
        import,
        confirm: Some("Alguna".to_owned()),
    }
}

async fn run(bench: &Workbench, import: u32) -> ImportView {
    bench.context.import_run(confirmed(import)).await.unwrap()
}

fn assert_import_adds_up(import: &ImportView) {
    let counts = import.counts;
    assert_eq!(
        counts.created
            + counts.already
            + counts.skipped
            + counts.blocked
            + counts.rejected
            + counts.unknown,
        import.read,
        "{import:?}"
    );
    assert!(import.adds_up, "{import:?}");
}

fn posts(state: &State) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|asked| asked.method == "POST" && asked.path == "/customers")
        .count()
}

/// How many customers carry each Account's id as an alias.
async fn aliases(bench: &Workbench) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for customer in bench.somebody_at_alguna().customers().await {
        for alias in customer.aliases {
            *found.entry(alias).or_default() += 1;
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_previewed_become_customers_and_the_next_sync_finds_them() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    let writes = state.write_calls();
    let unknown = preview(&bench, sync, None).await;
    let codes = |rows: Vec<ImportRowView>| -> BTreeSet<String> {
        rows.into_iter().filter_map(|row| row.code).collect()
    };
    assert_eq!(unknown.create, 0, "nobody said a currency: {unknown:?}");
    let why = codes(rows(&bench, unknown.id, Some(ImportActionView::Blocked)).await);
    assert!(why.contains("no_currency"), "{why:?}");

    let import = preview(&bench, sync, Some("usd")).await;
    assert_eq!(state.write_calls(), writes, "a preview writes nothing");
    assert_eq!(import.read as usize, state.count("Account"));
    assert_eq!(import.create + import.skip + import.blocked, import.read);
    assert!(import.create > 3 && import.skip > 20, "{import:?}");
    let planned = rows(&bench, import.id, Some(ImportActionView::Create)).await;
    assert!(
        planned.iter().any(|row| row.address.is_some()),
        "{planned:?}"
    );
    assert!(
        planned.iter().any(|row| !row.contacts.is_empty()),
        "{planned:?}"
    );

    let older = bench.context.import_run(confirmed(unknown.id)).await;
    assert_eq!(older.unwrap_err().code, ErrorCode::PlanStale);
    let guarded = ImportRunRequest {
        import: import.id,
        confirm: None,
    };
    let refused = bench.context.import_run(guarded).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert!(refused.message.contains("is a sandbox"), "{refused:?}");

    let done = run(&bench, import.id).await;
    assert_import_adds_up(&done);
    assert_eq!(done.counts.created, import.create);
    assert_eq!(posts(&state), import.create as usize);
    let again = bench.context.import_run(confirmed(import.id)).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::PlanStale);
    let named = aliases(&bench).await;
    for row in rows(&bench, import.id, Some(ImportActionView::Create)).await {
        assert_eq!(row.outcome, Some(ImportOutcomeView::Created), "{row:?}");
        assert_eq!(named[&row.record], 1);
        let customers = bench.somebody_at_alguna().customers().await;
        let made = customers
            .into_iter()
            .find(|it| Some(&it.id.0) == row.customer.as_ref());
        let made = made.unwrap();
        assert_eq!(made.name.as_deref(), Some(row.name.as_str()));
        assert_eq!(made.contacts.len(), row.contacts.len());
        assert_eq!(made.billing_address.is_some(), row.address.is_some());
    }

    // Imported once: the alias tells.
    let third = preview(&bench, sync, Some("USD")).await;
    assert_eq!(third.create, 0, "{third:?}");
    let plan = bench.plan(sync).await;
    let request = drawbridge_api::view::PlanExplainRequest {
        plan: plan.id,
        customer: rows(&bench, import.id, Some(ImportActionView::Create)).await[0]
            .customer
            .clone()
            .unwrap(),
    };
    let explained = bench.context.plan_explain(request).await.unwrap();
    assert!(explained.record_url.is_some(), "{explained:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_a_customer_waits_for_a_decision() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let import = preview(&bench, sync, Some("USD")).await;
    let waiting = rows(&bench, import.id, Some(ImportActionView::Blocked)).await;
    let row = waiting
        .iter()
        .find(|row| row.code.as_deref() == Some("may_be_customer"))
        .expect("some Account looks like a customer");
    assert!(row.can_decide);
    let reason = row.reason.as_deref().unwrap();
    assert!(
        reason.contains("%)") && reason.contains("Matching tab"),
        "{reason}"
    );
    let decide = |record: &str, create: bool| ImportDecideRequest {
        import: import.id,
        record: record.to_owned(),
        create,
    };
    let decided = bench.context.import_decide(decide(&row.record, true)).await;
    assert_eq!(decided.unwrap().create, import.create + 1);
    let other = rows(&bench, import.id, Some(ImportActionView::Create)).await;
    let other = other.iter().find(|it| it.record != row.record).unwrap();
    let left = bench
        .context
        .import_decide(decide(&other.record, false))
        .await;
    assert_eq!(left.unwrap().create, import.create);
    let skipped = rows(&bench, import.id, Some(ImportActionView::Skip)).await;
    let customer = skipped
        .iter()
        .find(|row| row.code.as_deref() == Some("customer_already"))
        .unwrap();
    let refused = bench
        .context
        .import_decide(decide(&customer.record, true))
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::BadRequest);
    let done = run(&bench, import.id).await;
    assert_import_adds_up(&done);
    let named = aliases(&bench).await;
    assert_eq!(named.get(&row.record), Some(&1));
    assert_eq!(named.get(&other.record), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_lose_and_double_no_customer() {
    for kind in [
        FaultKind::DropAfterCommit,
        FaultKind::DropBeforeCommit,
        // Nobody knows yet when it is looked for, and a second call is refused meanwhile.
        FaultKind::LateCommit(3_000),
        FaultKind::Gateway {
            status: 504,
            after_commit: true,
        },
    ] {
        let bench = Workbench::with_customers(120).await;
        let sync = bench.alguna_sync().await;
        let import = preview(&bench, sync, Some("USD")).await;
        let state = bench.state();
        let lost = Fault::new(Server::Alguna, "/customers", kind).method("POST");
        state.arm(lost.skip(1).times(2));
        let done = run(&bench, import.id).await;
        assert_import_adds_up(&done);
        assert_eq!(done.counts.created, import.create, "{done:?}");
        let named = aliases(&bench).await;
        for row in rows(&bench, import.id, Some(ImportActionView::Create)).await {
            assert_eq!(named.get(&row.record), Some(&1), "{row:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_or_cut_off_goes_on_where_it_stood() {
    let mut bench = Workbench::with_customers(400).await;
    let sync = bench.alguna_sync().await;
    let import = preview(&bench, sync, Some("USD")).await;
    assert!(import.create > 25, "{import:?}");
    let state = bench.state();
    let slow = Fault::new(Server::Alguna, "/customers", FaultKind::Slow(40)).method("POST");
    state.arm(slow.times(u32::MAX));
    let stopping = async {
        while posts(&state) < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let request = ImportRequest { import: import.id };
        bench.context.import_stop(request).await.unwrap();
    };
    let (stopped, ()) = tokio::join!(run(&bench, import.id), stopping);
    assert_eq!(stopped.status, Some(RunStatusView::Stopped), "{stopped:?}");
    assert!(
        stopped.open > 0 && stopped.counts.created > 0,
        "{stopped:?}"
    );
    assert!(!stopped.adds_up);
    state.clear_faults();

    // Then nothing goes through: it stops by itself, and says why.
    let refused = FaultKind::Status(
        403,
        serde_json::json!({"status": 403, "detail": "read only"}),
    );
    let refused = Fault::new(Server::Alguna, "/customers", refused).method("POST");
    state.arm(refused.times(u32::MAX));
    let cut = run(&bench, import.id).await;
    assert_eq!(cut.status, Some(RunStatusView::Interrupted), "{cut:?}");
    assert!(
        cut.reason
            .as_ref()
            .is_some_and(|it| it.contains("read only")),
        "{cut:?}"
    );
    assert_eq!(cut.open, stopped.open);
    state.clear_faults();
    bench.reopen();
    let done = run(&bench, import.id).await;
    assert_import_adds_up(&done);
    assert_eq!(done.counts.created, import.create);
    let named = aliases(&bench).await;
    for row in rows(&bench, import.id, Some(ImportActionView::Create)).await {
        assert_eq!(named.get(&row.record), Some(&1), "{row:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_types_asked_for_and_what_somebody_made_meanwhile_is_left() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    let first = preview(&bench, sync, Some("USD")).await;
    let planned = rows(&bench, first.id, Some(ImportActionView::Create)).await;
    let typed = values([("Type", "Customer - Direct".into())]);
    for row in &planned[..2] {
        let by = "Tom Okafor";
        state
            .update_record("Account", &row.record, &typed, by)
            .unwrap();
    }
    let request = ImportStartRequest {
        sync,
        types: vec!["customer - direct".to_owned()],
        currency: Some("USD".to_owned()),
    };
    let import = bench.context.import_start(request).await.unwrap();
    assert!(
        import.create >= 2 && import.create < first.create,
        "{import:?}"
    );
    let before = import.create;
    // Somebody links one of them to a customer there is, after the preview.
    let somebody = bench.somebody_at_alguna();
    let customers = somebody.customers().await;
    let other = customers.iter().find(|it| it.aliases.is_empty()).unwrap();
    let alias = planned[0].record.clone();
    somebody.set_aliases(other.id.as_str(), &[alias]).await;
    let done = run(&bench, import.id).await;
    assert_import_adds_up(&done);
    assert_eq!((done.counts.created, done.counts.already), (before - 1, 1));
    let profitwell = bench.connect_profitwell().await;
    let org = bench
        .context
        .connection_list(drawbridge_api::view::Nothing {})
        .await
        .unwrap();
    let org = org.into_iter().find(|it| it.name == "UAT").unwrap();
    let sync = bench.create_sync(&profitwell, &org, false).await.id;
    let request = ImportStartRequest {
        sync,
        types: Vec::new(),
        currency: None,
    };
    let refused = bench.context.import_start(request).await.unwrap_err();
    assert!(refused.message.contains("into Alguna only"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_customer_is_made_where_alguna_is_only_read() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let import = preview(&bench, sync, Some("USD")).await;
    let source = bench
        .context
        .sync_get(SyncRequest { sync })
        .await
        .unwrap()
        .source;
    bench.set_read_only(source, true).await;
    let refused = bench
        .context
        .import_run(confirmed(import.id))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert!(
        refused.message.contains("is read-only"),
        "{}",
        refused.message
    );
    assert_eq!(posts(&bench.state()), 0);
}
