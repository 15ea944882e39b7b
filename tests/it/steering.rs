//! A run is steered: paused, stopped, retried; it slows down and waits by itself.

use std::time::Duration;

use drawbridge_api::view::{
    ActionView, ConnectionStatusView, ConnectionView, EnvironmentView, ErrorCode, Nothing,
    OutcomeRowView, OutcomeView, OutcomesRequest, PlanRowsRequest, ProgressView, RetryRequest,
    RunRequest, RunStartRequest, RunStatusView, SyncRequest, WayView, Work,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, RowLocks, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, find, run_request};

const ID: &str = "Alguna_Customer_ID__c";
const UPDATES: &str = "/composite/sobjects";

fn arm(state: &State, kind: FaultKind, times: u32) {
    let fault = Fault::new(Server::SalesforceSandbox, UPDATES, kind);
    state.arm(fault.method("PATCH").times(times));
}

/// Starts a run of the whole plan.
async fn start(bench: &Workbench, plan: u32) -> u32 {
    let request = run_request(plan);
    bench.context.run_start(request).await.unwrap().id
}

/// Waits until a picture of the run is as it should be.
async fn until(bench: &Workbench, run: u32, is_so: impl Fn(&ProgressView) -> bool) -> ProgressView {
    bench.until(Work::Run(run), is_so).await
}

async fn rejected(bench: &Workbench, run: u32) -> Vec<OutcomeRowView> {
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Rejected),
        ..OutcomesRequest::of(run)
    };
    bench.context.run_outcomes(request).await.unwrap().rows
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_sends_nothing_until_it_goes_on() {
    let bench = Workbench::with_customers(1_500).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(&state, FaultKind::Slow(150), u32::MAX);
    let run = start(&bench, plan.id).await;
    until(&bench, run, |picture| picture.sent > 0).await;
    let request = RunRequest { run };
    let paused = bench.context.run_pause(request.clone()).await.unwrap();
    assert!(paused.paused && paused.status == RunStatusView::Running);
    until(&bench, run, |picture| picture.paused).await;
    // What was under way ends and is recorded; a busy machine is given time.
    let look = async || {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let then = bench.context.run_get(request.clone()).await.unwrap();
        let written = (then.counts.created + then.counts.updated) as usize;
        (external_ids(&state, "Account", ID).len(), written, then)
    };
    let mut looked = look().await;
    for _ in 0..20 {
        if looked.0 == looked.1 {
            break;
        }
        looked = look().await;
    }
    let (there, written, then) = looked;
    assert_eq!(there, written);
    let writes = state.write_calls();
    assert!(then.still_to_write > 0, "{then:?}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(state.write_calls(), writes, "nothing is sent while paused");

    let going = bench.context.run_continue(request).await.unwrap();
    assert!(!going.paused);
    let run = bench.finished(run).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.created, plan.counts.create);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_can_be_stopped_and_resumed() {
    let bench = Workbench::with_customers(900).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    arm(&bench.state(), FaultKind::Slow(150), u32::MAX);
    let run = start(&bench, plan.id).await;
    bench.context.run_pause(RunRequest { run }).await.unwrap();
    bench.context.run_stop(RunRequest { run }).await.unwrap();
    let stopped = bench.finished(run).await.run;
    assert_eq!(stopped.status, RunStatusView::Stopped);
    assert!(!stopped.paused && stopped.still_to_write > 0, "{stopped:?}");
    bench.state().clear_faults();
    assert_adds_up(&bench.resume(run).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_rows_are_sent_again_apart() {
    let bench = Workbench::with_customers(600).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let locks = FaultKind::RowLocks(RowLocks::new(3).every_nth(20));
    arm(&bench.state(), locks, u32::MAX);
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected, 0, "{run:?}");
    assert_eq!(run.counts.created + run.counts.updated, plan.tally.to_write);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_org_gets_fewer_calls_at_a_time() {
    let bench = Workbench::with_customers(900).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    // Slow enough to be watched.
    let state = bench.state();
    arm(&state, FaultKind::Slow(400), 3);
    arm(&state, FaultKind::ConcurrentLimit, 3);
    arm(&state, FaultKind::Slow(400), 3);
    let run = start(&bench, plan.id).await;
    until(&bench, run, |picture| picture.in_flight == Some(3)).await;
    until(&bench, run, |picture| {
        picture.in_flight == Some(1) && picture.no_answer.is_some()
    })
    .await;
    until(&bench, run, |picture| picture.no_answer.is_none()).await;
    let run = bench.finished(run).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected + run.counts.unknown, 0, "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn used_up_calls_are_waited_for() {
    for way in [WayView::Collections, WayView::Bulk] {
        let bench = Workbench::with_customers(300).await;
        let sync = bench.alguna_sync().await;
        let plan = bench.plan(sync).await;
        let state = bench.state();
        let fault = Fault::new(
            Server::SalesforceSandbox,
            "/services/data",
            FaultKind::QuotaExceeded,
        );
        // The first calls of the run go through: its org and describe are looked at.
        state.arm(fault.times(u32::MAX).skip(4));
        let request = RunStartRequest {
            way: Some(way),
            ..run_request(plan.id)
        };
        let run = bench.context.run_start(request).await.unwrap().id;
        let waiting = until(&bench, run, |picture| picture.waiting.is_some()).await;
        let why = waiting.waiting.unwrap().why;
        assert!(why.contains("TotalRequests Limit exceeded"), "{why}");
        let view = bench.context.run_get(RunRequest { run }).await.unwrap();
        assert_eq!(view.status, RunStatusView::Running);
        state.clear_faults();
        let run = bench.finished(run).await.run;
        assert_adds_up(&run);
        assert_eq!(run.counts.created, plan.counts.create, "{way:?}");
        assert_eq!(run.counts.updated, plan.counts.update, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_for_calls_can_be_stopped_and_resumed() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(&state, FaultKind::QuotaExceeded, u32::MAX);
    let run = start(&bench, plan.id).await;
    until(&bench, run, |picture| picture.waiting.is_some()).await;
    let mut pictures = bench.context.watch(Work::Run(run)).unwrap();
    bench.context.run_stop(RunRequest { run }).await.unwrap();
    let goes_on = |picture: &ProgressView| !picture.ended && picture.waiting.is_none();
    let last = pictures.wait_for(|picture| picture.ended || goes_on(picture));
    let last = last.await.unwrap().clone();
    assert!(!goes_on(&last), "it stops, and never went on: {last:?}");
    let stopped = bench.finished(run).await.run;
    assert_eq!(stopped.status, RunStatusView::Stopped);
    state.clear_faults();
    assert_adds_up(&bench.resume(run).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_not_renewed_halts_the_run_until_the_next_sign_in() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(&state, FaultKind::TokenExpired, 1);
    state.refuse_next_token("invalid_grant", "expired access/refresh token");
    let halted = bench.run(plan.id).await;
    assert_eq!(halted.run.status, RunStatusView::Halted, "{halted:?}");
    let error = halted.error.unwrap();
    assert_eq!(error.code, ErrorCode::NeedsSignIn, "{error:?}");
    assert!(error.hint.unwrap().contains("Sign in again"));
    let org = org(&bench).await;
    assert_eq!(org.status, ConnectionStatusView::NeedsSignIn, "{org:?}");
    assert_eq!(org.status_reason.as_deref(), Some(error.message.as_str()));

    // It stands well again once it was signed in to, and the run goes on.
    let url = bench.simulator.urls().salesforce_sandbox.clone();
    let again = bench.sign_in("UAT", EnvironmentView::Sandbox, &url).await;
    assert_eq!(again.unwrap().status, ConnectionStatusView::Connected);
    assert_adds_up(&bench.resume(halted.run.id).await.run);
}

async fn org(bench: &Workbench) -> ConnectionView {
    let all = bench.context.connection_list(Nothing {}).await.unwrap();
    all.into_iter().find(|it| it.org.is_some()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_tells_how_its_connections_stand() {
    let bench = Workbench::with_customers(30).await;
    let sync = bench.alguna_sync().await;
    bench.plan(sync).await;
    let source = async || {
        let all = bench.context.connection_list(Nothing {}).await.unwrap();
        let own = all.into_iter().find(|it| it.org.is_none());
        own.unwrap().status
    };
    assert_eq!(source().await, ConnectionStatusView::Connected);
    let refused = Fault::new(Server::Alguna, "/", FaultKind::TokenExpired);
    bench.state().arm(refused.times(u32::MAX));
    let error = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NeedsSignIn, "{error:?}");
    assert_eq!(source().await, ConnectionStatusView::NeedsSignIn);
    bench.state().clear_faults();
    bench.plan(sync).await;
    assert_eq!(source().await, ConnectionStatusView::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_records_are_retried_all_or_chosen_ones() {
    let bench = Workbench::with_customers(150).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let rule = FaultKind::RowErrors {
        status_code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".into(),
        message: "Region must be set".into(),
        every_nth: 15,
    };
    arm(&state, rule, u32::MAX);
    let first = bench.run(plan.id).await.run;
    state.clear_faults();
    assert_adds_up(&first);
    let refused = rejected(&bench, first.id).await;
    assert!(refused.len() >= 5, "{}", refused.len());
    let retry = |customers: Option<Vec<String>>| RetryRequest {
        run: first.id,
        allow_duplicates: false,
        customers,
    };

    // What went through is not tried again, nor is anybody who is not in the run.
    let done = external_ids(&state, "Account", ID)
        .into_keys()
        .next()
        .unwrap();
    let writes = state.write_calls();
    for customer in [done, "nobody".to_owned()] {
        let customers = Some(vec![refused[0].customer.clone(), customer]);
        let error = bench.context.run_retry(retry(customers)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::BadRequest, "{error:?}");
    }
    assert_eq!(state.write_calls(), writes);
    assert_eq!(rejected(&bench, first.id).await, refused);

    let one = Some(vec![refused[0].customer.clone()]);
    bench.context.run_retry(retry(one)).await.unwrap();
    let run = bench.finished(first.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected, first.counts.rejected - 1);
    assert!(external_ids(&state, "Account", ID).contains_key(&refused[0].customer));

    bench.context.run_retry(retry(None)).await.unwrap();
    let run = bench.finished(first.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected, 0, "{run:?}");
    assert_eq!((run.verified, run.differs), (run.to_write, 0), "{run:?}");
    let error = bench.context.run_retry(retry(None)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest, "nothing is left");
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_run_is_not_retried_over_a_newer_one() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let rule = FaultKind::RowErrors {
        status_code: "STRING_TOO_LONG".into(),
        message: "data value too large".into(),
        every_nth: 10,
    };
    arm(&state, rule, u32::MAX);
    let first = bench.run(plan.id).await.run;
    state.clear_faults();
    let newer = bench.plan(sync).await;
    assert_adds_up(&bench.run(newer.id).await.run);
    let request = RetryRequest {
        run: first.id,
        allow_duplicates: false,
        customers: None,
    };
    let refused = bench.context.run_retry(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard, "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pilot_of_chosen_records_writes_those_and_no_others() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let only = ["aKq7Wmzt", "AkQ7wMZT"].map(str::to_owned).to_vec();
    let request = |only, limit| RunStartRequest {
        only,
        limit,
        ..run_request(plan.id)
    };
    for (only, limit) in [(Some(only.clone()), Some(1)), (Some(Vec::new()), None)] {
        let refused = bench.try_run(request(only, limit)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadRequest);
    }
    let run = bench.try_run(request(Some(only.clone()), None)).await;
    let run = run.unwrap().run;
    assert_adds_up(&run);
    assert_eq!(
        (run.counts.created + run.counts.updated, run.to_write),
        (2, 2)
    );
    assert_eq!(run.counts.held, plan.tally.to_write - 2);
    let ids = external_ids(&bench.state(), "Account", ID);
    assert_eq!(ids.into_keys().collect::<Vec<_>>(), {
        let mut only = only;
        only.sort();
        only
    });
}

/// A create whose answer was lost may meet its own echo: the external ID is taken, by a record that
/// holds just what was sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_record_that_is_there_just_as_it_was_sent_counts_as_created() {
    // What a run writes, seen in an org of its own.
    let twin = Workbench::with_customers(60).await;
    let sync = twin.alguna_sync().await;
    let plan = twin.plan(sync).await;
    let creates = PlanRowsRequest {
        action: Some(ActionView::Create),
        limit: 1,
        ..PlanRowsRequest::of(plan.id)
    };
    let creates = twin.context.plan_rows(creates).await.unwrap().rows;
    let customer = creates[0].customer.as_str();
    let only = |plan| RunStartRequest {
        only: Some(vec![customer.to_owned()]),
        ..run_request(plan)
    };
    assert_eq!(
        twin.try_run(only(plan.id))
            .await
            .unwrap()
            .run
            .counts
            .created,
        1
    );
    let theirs = find(&twin.state(), "Account", ID, customer);
    let is_sent = |name: &str| {
        name.ends_with("__c")
            || ["Name", "Website", "Phone"].contains(&name)
            || name.starts_with("Billing")
    };
    let written: serde_json::Map<_, _> = theirs
        .into_iter()
        .filter(|(name, value)| is_sent(name) && !value.is_null())
        .collect();

    for holds in [true, false] {
        let bench = Workbench::with_customers(60).await;
        let sync = bench.alguna_sync().await;
        let plan = bench.plan(sync).await;
        let state = bench.state();
        let record = state.records("Account")[0]["Id"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut values = written.clone();
        if !holds {
            values.insert("Alguna_Subscription_Name__c".into(), "Another".into());
        }
        state
            .update_record("Account", &record, &values, "Ana Ruiz")
            .unwrap();
        // The look before the call does not see it yet, and the call meets it.
        let answer = |method: &str, path: &str, body: serde_json::Value, skip: u32| {
            let kind = FaultKind::Status(200, body);
            let fault = Fault::new(Server::SalesforceSandbox, path, kind);
            state.arm(fault.method(method).skip(skip));
        };
        let nothing = serde_json::json!({"totalSize": 0, "done": true, "records": []});
        answer("GET", "/query", nothing, 1);
        let message =
            format!("duplicate value found: {ID} duplicates value on record with id: {record}");
        let taken = serde_json::json!([{"success": false, "errors": [
            {"statusCode": "DUPLICATE_VALUE", "message": message, "fields": []}
        ]}]);
        answer("PATCH", UPDATES, taken, 0);
        let run = bench.try_run(only(plan.id)).await.unwrap().run;
        assert_eq!(state.faults().len(), 0, "both struck");
        assert_adds_up(&run);
        let expected = if holds { (1, 0) } else { (0, 1) };
        assert_eq!(
            (run.counts.created, run.counts.rejected),
            expected,
            "{run:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_that_is_only_read_takes_no_record_and_no_field() {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    let connection = org(&bench).await.id;
    let set = |read_only| bench.set_read_only(connection, read_only);
    let state = bench.state();
    arm(&state, FaultKind::DropBeforeCommit, u32::MAX);
    let cut = bench.run(bench.plan(sync).await.id).await.run;
    assert_ne!(cut.status, RunStatusView::Finished, "{cut:?}");
    state.clear_faults();

    assert!(set(true).await.read_only);
    // Looking is allowed.
    let plan = bench.plan(sync).await;
    assert!(plan.tally.to_write > 0, "{plan:?}");
    let fields = SyncRequest { sync };
    bench.context.fields_validate(fields.clone()).await.unwrap();
    let writes = state.write_calls();
    let retry = RetryRequest {
        run: cut.id,
        allow_duplicates: false,
        customers: None,
    };
    let refused = [
        bench.context.run_start(run_request(plan.id)).await.err(),
        bench
            .context
            .run_resume(RunRequest { run: cut.id })
            .await
            .err(),
        bench.context.run_retry(retry).await.err(),
        bench.context.fields_deploy(fields).await.err(),
    ];
    for error in refused {
        let error = error.expect("it is refused");
        assert_eq!(error.code, ErrorCode::Guard, "{error:?}");
        assert!(error.message.contains("is read-only"), "{error:?}");
    }
    assert_eq!(state.write_calls(), writes);

    assert!(!set(false).await.read_only);
    assert_adds_up(&bench.resume(cut.id).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_under_way_sends_nothing_more_once_its_org_is_only_read() {
    let bench = Workbench::with_customers(1_500).await;
    let sync = bench.alguna_sync().await;
    let connection = org(&bench).await.id;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(&state, FaultKind::Slow(150), u32::MAX);
    let run = start(&bench, plan.id).await;
    until(&bench, run, |picture| picture.sent > 0).await;
    bench.set_read_only(connection, true).await;
    let halted = bench.finished(run).await;
    let (run, error) = (halted.run, halted.error.expect("it says why"));
    assert_eq!(run.status, RunStatusView::Halted, "{run:?}");
    assert_eq!(error.code, ErrorCode::Guard, "{error:?}");
    assert!(error.message.contains("is read-only"), "{error:?}");
    assert!(error.hint.unwrap().contains("Switch read-only off"));
    // Calls that were under way ended and are recorded.
    assert!(run.still_to_write > 0, "{run:?}");
    assert_eq!(
        external_ids(&state, "Account", ID).len(),
        (run.counts.created + run.counts.updated) as usize
    );
    state.clear_faults();
    bench.set_read_only(connection, false).await;
    let run = bench.resume(run.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.created, plan.counts.create);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_job_whose_file_goes_out_when_its_org_is_only_read_is_aborted() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let connection = org(&bench).await.id;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let slow = Fault::new(
        Server::SalesforceSandbox,
        "/batches",
        FaultKind::Slow(2_000),
    );
    state.arm(slow.method("PUT").times(2));
    let request = RunStartRequest {
        way: Some(WayView::Bulk),
        ..run_request(plan.id)
    };
    let run = bench.context.run_start(request).await.unwrap().id;
    let begun = |state: &State| {
        let log = state.request_log();
        let jobs = log
            .iter()
            .filter(|call| call.path.ends_with("/jobs/ingest"));
        jobs.filter(|call| call.method == "POST").count()
    };
    while begun(&state) < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bench.set_read_only(connection, true).await;
    let halted = bench.finished(run).await;
    assert_eq!(halted.run.status, RunStatusView::Halted, "{halted:?}");
    assert_eq!(halted.error.unwrap().code, ErrorCode::Guard);
    assert_eq!(external_ids(&state, "Account", ID).len(), 0);
    bench.set_read_only(connection, false).await;
    let run = bench.resume(run).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.created, plan.counts.create);
}
