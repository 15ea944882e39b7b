//! Links written back to Alguna: planned, recorded once, taken back, and never at another's cost.

use std::collections::BTreeMap;
use std::time::Duration;

use drawbridge_api::view::{
    ErrorCode, LinkOutcomeView, PlanLinksRequest, PlanLinksView, RunLinksRequest, RunLinksView,
    RunRequest, RunStartRequest, RunStatusView, SyncRequest, WritebackSetRequest, WritebackView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, run_request};

async fn switch(bench: &Workbench, sync: u32, on: bool) -> WritebackView {
    let request = WritebackSetRequest {
        sync,
        on,
        integration: None,
    };
    bench.context.writeback_set(request).await.unwrap()
}

/// A sync into the sandbox that writes back.
async fn writing_back(customers: usize) -> (Workbench, u32) {
    let bench = Workbench::with_customers(customers).await;
    let sync = bench.alguna_sync().await;
    switch(&bench, sync, true).await;
    (bench, sync)
}

/// Alguna without any Salesforce integration: links are aliases.
fn without_integration(state: &State) {
    let none = FaultKind::Status(200, serde_json::json!({"data": []}));
    state.arm(Fault::new(Server::Alguna, "/integrations", none).times(u32::MAX));
}

async fn planned(bench: &Workbench, plan: u32) -> PlanLinksView {
    let request = PlanLinksRequest {
        plan,
        offset: 0,
        limit: 500,
    };
    bench.context.plan_links(request).await.unwrap()
}

async fn links(bench: &Workbench, run: u32) -> RunLinksView {
    let request = RunLinksRequest {
        run,
        outcome: None,
        offset: 0,
        limit: 500,
    };
    bench.context.run_links(request).await.unwrap()
}

fn assert_links_add_up(links: &RunLinksView) {
    let counts = links.counts;
    let settled =
        counts.recorded + counts.already + counts.conflicts + counts.failed + counts.unknown;
    assert_eq!(settled, counts.to_link, "{}", links.sentence);
    assert!(links.adds_up, "{}", links.sentence);
    assert_eq!(links.total, counts.to_link);
}

fn writes_to_alguna(state: &State) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|asked| asked.server == Server::Alguna && asked.is_write)
        .count()
}

/// Ids of Accounts at every customer, as connected accounts and as aliases.
async fn named(bench: &Workbench) -> BTreeMap<String, Vec<String>> {
    let rows = bench.somebody_at_alguna().customers().await;
    rows.into_iter()
        .map(|row| {
            let aliases = row.aliases.into_iter().filter(|it| it.starts_with("001"));
            let ids = row.connected_accounts.into_iter().chain(aliases).collect();
            (row.id.0, ids)
        })
        .collect()
}

/// Each recorded link stands at its customer once.
async fn assert_each_once(bench: &Workbench, links: &RunLinksView) {
    let named = named(bench).await;
    for row in &links.rows {
        if row.outcome == Some(LinkOutcomeView::Recorded) {
            let ids = &named[&row.customer];
            assert_eq!(ids.len(), 1, "{row:?} {ids:?}");
            assert_eq!(Some(&ids[0]), row.record.as_ref(), "{row:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_previewed_recorded_and_there_the_next_time() {
    let (bench, sync) = writing_back(120).await;
    let state = bench.state();
    let before = writes_to_alguna(&state);
    let plan = bench.plan(sync).await;
    let preview = planned(&bench, plan.id).await;
    assert!(preview.on && preview.problem.is_none(), "{preview:?}");
    assert!(preview.to_link > 20, "{preview:?}");
    assert!(preview.already > 20, "{preview:?}");
    assert_eq!(preview.rows.len(), preview.to_link as usize);
    assert_eq!(writes_to_alguna(&state), before, "a preview writes nothing");

    let requests = state.totals(Server::Alguna).requests;
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    let made = links(&bench, run.id).await;
    assert_links_add_up(&made);
    assert_eq!(made.counts.to_link, preview.to_link);
    assert_eq!(made.counts.recorded, preview.to_link, "{}", made.sentence);
    let asked = state.totals(Server::Alguna).requests - requests;
    // The integrations are asked for once more.
    let forecast = preview.calls as usize;
    assert!(
        (forecast..=forecast + 4).contains(&asked),
        "{asked} of {forecast}"
    );
    assert_each_once(&bench, &made).await;
    let ids = external_ids(&state, "Account", "Alguna_Customer_ID__c");
    assert_eq!(
        ids.len(),
        (run.counts.created + run.counts.updated) as usize
    );

    let again = planned(&bench, bench.plan(sync).await.id).await;
    assert_eq!(again.to_link, 0, "{again:?}");
    assert_eq!(again.already, preview.already + preview.to_link);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_off_for_a_sandbox_on_for_production_and_not_offered_by_profitwell() {
    let bench = Workbench::with_customers(20).await;
    let (alguna, profitwell) = (
        bench.connect_alguna().await,
        bench.connect_profitwell().await,
    );
    let (sandbox, production) = (
        bench.connect_sandbox().await,
        bench.connect_production().await,
    );
    let get = async |sync: u32| {
        bench
            .context
            .writeback_get(SyncRequest { sync })
            .await
            .unwrap()
    };

    let off = get(bench.create_sync(&alguna, &sandbox, true).await.id).await;
    assert!(off.offered && !off.on, "{off:?}");
    assert!(off.reason.contains("is a sandbox"), "{}", off.reason);
    let on = get(bench.create_sync(&alguna, &production, true).await.id).await;
    assert!(on.on, "{on:?}");
    assert_eq!(
        on.place.as_deref(),
        Some("a connected account of the Salesforce integration “Fernhill”")
    );
    let sync = bench.create_sync(&profitwell, &production, true).await.id;
    let none = get(sync).await;
    assert!(!none.offered && !none.on, "{none:?}");
    assert!(none.reason.contains("has no place"), "{}", none.reason);
    let request = WritebackSetRequest {
        sync,
        on: true,
        integration: None,
    };
    let refused = bench.context.writeback_set(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_a_run_leaves_alguna_alone_and_plans_made_before_are_stale() {
    let (bench, sync) = writing_back(40).await;
    let plan = bench.plan(sync).await;
    assert!(planned(&bench, plan.id).await.to_link > 0);
    switch(&bench, sync, false).await;
    let plan = bench
        .context
        .plan_get(drawbridge_api::view::PlanRequest { plan: plan.id });
    let stale = drawbridge_api::view::PlanStatusView::Stale;
    assert_eq!(plan.await.unwrap().status, stale);
    let before = writes_to_alguna(&bench.state());
    let run = bench.run(bench.plan(sync).await.id).await.run;
    assert_adds_up(&run);
    assert_eq!(links(&bench, run.id).await.counts.to_link, 0);
    assert_eq!(writes_to_alguna(&bench.state()), before);
}

async fn with_lost_answers(kind: FaultKind, method: &str, aliases: bool) {
    let (bench, sync) = writing_back(60).await;
    let state = bench.state();
    if aliases {
        without_integration(&state);
    }
    let plan = bench.plan(sync).await;
    let to_link = planned(&bench, plan.id).await.to_link;
    assert!(to_link > 10);
    let lost = Fault::new(Server::Alguna, "/customers/", kind).method(method);
    state.arm(lost.skip(2).times(2));
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    let made = links(&bench, run.id).await;
    assert_links_add_up(&made);
    assert_eq!(made.counts.recorded, to_link, "{}", made.sentence);
    assert_each_once(&bench, &made).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_connected_accounts_lose_and_double_nothing() {
    for kind in [FaultKind::DropAfterCommit, FaultKind::DropBeforeCommit] {
        with_lost_answers(kind, "POST", false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_aliases_lose_and_double_nothing() {
    for kind in [FaultKind::DropAfterCommit, FaultKind::DropBeforeCommit] {
        with_lost_answers(kind, "PATCH", true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_added_after_the_preview_stays_and_so_do_contacts() {
    let (bench, sync) = writing_back(40).await;
    without_integration(&bench.state());
    let plan = bench.plan(sync).await;
    let row = planned(&bench, plan.id).await.rows.remove(0);
    let somebody = bench.somebody_at_alguna();
    let contacts = |rows: Vec<drawbridge_testkit::Customer>| -> BTreeMap<_, _> {
        rows.into_iter()
            .map(|row| (row.id.0, row.contacts))
            .collect()
    };
    let before = contacts(somebody.customers().await);
    let mut aliases = somebody.links(&row.customer).await.aliases;
    aliases.push("erp-77".to_owned());
    somebody.set_aliases(&row.customer, &aliases).await;

    let run = bench.run(plan.id).await.run;
    let made = links(&bench, run.id).await;
    let record = made.rows.iter().find(|it| it.customer == row.customer);
    aliases.push(record.unwrap().record.clone().unwrap());
    assert_eq!(somebody.links(&row.customer).await.aliases, aliases);
    assert_eq!(contacts(somebody.customers().await), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_somebody_overwrites_meanwhile_is_noticed_and_both_are_kept() {
    let (bench, sync) = writing_back(12).await;
    let state = bench.state();
    without_integration(&state);
    let plan = bench.plan(sync).await;
    let row = planned(&bench, plan.id).await.rows.remove(0);
    let somebody = bench.somebody_at_alguna();
    let mut theirs = somebody.links(&row.customer).await.aliases;
    theirs.push("erp-78".to_owned());
    // The look after the write comes late: somebody who read before writes the list in between.
    let path = format!("/customers/{}", row.customer);
    state.arm(
        Fault::new(Server::Alguna, &path, FaultKind::Slow(1500))
            .method("GET")
            .skip(1),
    );
    let started = bench.context.run_start(run_request(plan.id));
    let run = started.await.unwrap().id;
    let written = || {
        let log = state.request_log();
        log.iter().any(|it| it.method == "PATCH" && it.path == path)
    };
    for _ in 0..500 {
        if written() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    somebody.set_aliases(&row.customer, &theirs).await;
    assert_adds_up(&bench.finished(run).await.run);
    let made = links(&bench, run).await;
    assert_links_add_up(&made);
    let made = made.rows.into_iter().find(|it| it.customer == row.customer);
    let made = made.unwrap();
    assert_eq!(made.outcome, Some(LinkOutcomeView::Recorded), "{made:?}");
    theirs.push(made.record.unwrap());
    assert_eq!(somebody.links(&row.customer).await.aliases, theirs);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_record_is_a_conflict_that_is_told_and_left() {
    let (bench, sync) = writing_back(40).await;
    let plan = bench.plan(sync).await;
    let rows = planned(&bench, plan.id).await.rows;
    let somebody = bench.somebody_at_alguna();
    let other = "0015g00000AbCdEAAV";
    // By a connected account, by an alias, and by the same Account at another customer.
    somebody.connect(&rows[0].customer, other).await;
    let alias = vec!["0015g00000ZzZzZAAV".to_owned()];
    somebody.set_aliases(&rows[1].customer, &alias).await;
    let taken = rows
        .iter()
        .skip(2)
        .find(|row| row.record.is_some())
        .unwrap();
    let thief = rows.iter().rev().find(|row| row.record.is_none()).unwrap();
    somebody
        .connect(&thief.customer, taken.record.as_deref().unwrap())
        .await;

    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    let made = links(&bench, run.id).await;
    assert_links_add_up(&made);
    assert_eq!(made.counts.conflicts, 4, "{}", made.sentence);
    for customer in [&rows[0], &rows[1], taken, thief].map(|row| &row.customer) {
        let row = made.rows.iter().find(|row| row.customer == *customer);
        let row = row.unwrap();
        assert_eq!(row.outcome, Some(LinkOutcomeView::Conflict), "{row:?}");
        assert!(
            row.problem.as_ref().is_some_and(|it| it.len() > 60),
            "{row:?}"
        );
    }
    let kept = somebody.links(&rows[0].customer).await;
    assert_eq!(kept.connected.len(), 1);
    assert_eq!(kept.connected[0].external, other);
    assert_eq!(somebody.links(&rows[1].customer).await.aliases, alias);
}

#[tokio::test(flavor = "multi_thread")]
async fn alguna_out_of_reach_fails_links_alone_and_the_next_plan_offers_them_again() {
    let (bench, sync) = writing_back(80).await;
    let state = bench.state();
    let plan = bench.plan(sync).await;
    let to_link = planned(&bench, plan.id).await.to_link;
    let refused = FaultKind::Status(
        403,
        serde_json::json!({"status": 403, "detail": "read only"}),
    );
    let refused = Fault::new(Server::Alguna, "connected-accounts", refused);
    state.arm(refused.method("POST").times(u32::MAX));
    let before = writes_to_alguna(&state);
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    let made = links(&bench, run.id).await;
    assert_links_add_up(&made);
    assert_eq!(made.counts.failed, to_link);
    assert!(
        writes_to_alguna(&state) - before < 12,
        "the rest is not tried"
    );
    assert!(
        made.rows[0].problem.as_ref().unwrap().contains("read only"),
        "{made:?}"
    );
    state.clear_faults();
    let again = bench.plan(sync).await;
    assert_eq!(again.tally.to_write, 0);
    assert_eq!(planned(&bench, again.id).await.to_link, to_link);
    let run = bench.run(again.id).await.run;
    assert_adds_up(&run);
    assert_eq!(links(&bench, run.id).await.counts.recorded, to_link);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stopped_among_its_links_goes_on_where_it_stood() {
    let (mut bench, sync) = writing_back(200).await;
    let state = bench.state();
    let plan = bench.plan(sync).await;
    let to_link = planned(&bench, plan.id).await.to_link;
    let slow = Fault::new(Server::Alguna, "connected-accounts", FaultKind::Slow(60));
    state.arm(slow.method("POST").times(u32::MAX));
    let before = writes_to_alguna(&state);
    let request = run_request(plan.id);
    let run = bench.context.run_start(request).await.unwrap().id;
    while writes_to_alguna(&state) < before + 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bench.context.run_stop(RunRequest { run }).await.unwrap();
    let stopped = bench.finished(run).await.run;
    assert_eq!(stopped.status, RunStatusView::Stopped, "{stopped:?}");
    assert_eq!(stopped.still_to_write, 0);
    let half = links(&bench, run).await;
    assert!(
        half.open > 0 && half.counts.recorded > 0,
        "{}",
        half.sentence
    );
    assert!(!half.adds_up);
    state.clear_faults();
    bench.reopen();
    assert_adds_up(&bench.resume(run).await.run);
    let made = links(&bench, run).await;
    assert_links_add_up(&made);
    assert_eq!(made.counts.recorded, to_link);
    assert_eq!(writes_to_alguna(&state) - before, to_link as usize);
    assert_each_once(&bench, &made).await;
}

async fn undone(aliases: bool) {
    let (bench, sync) = writing_back(40).await;
    if aliases {
        without_integration(&bench.state());
    }
    let before = named(&bench).await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    let made = links(&bench, run.id).await;
    let after = named(&bench).await;
    let somebody = bench.somebody_at_alguna();
    // Somebody changes one of them since.
    let changed = &made.rows[0];
    let now = somebody.links(&changed.customer).await;
    if aliases {
        somebody.set_aliases(&changed.customer, &[]).await;
    } else {
        somebody
            .disconnect(&changed.customer, &now.connected[0].id)
            .await;
        let record = changed.record.as_deref().unwrap();
        somebody.connect(&changed.customer, record).await;
    }
    let writes = writes_to_alguna(&bench.state());
    let undo = bench.undo(run.id).await;
    let preview = planned(&bench, undo.id).await;
    assert_eq!(preview.to_link, made.counts.recorded);
    assert!(
        preview.sentence.contains("taken back"),
        "{}",
        preview.sentence
    );
    assert_eq!(writes_to_alguna(&bench.state()), writes);
    let undone = bench.run(undo.id).await.run;
    assert_adds_up(&undone);
    let taken = links(&bench, undone.id).await;
    assert_links_add_up(&taken);
    assert!(taken.undo);
    assert_eq!(taken.counts.recorded, made.counts.recorded - 1);
    let left = (taken.counts.already, taken.counts.conflicts);
    assert_eq!(
        left,
        if aliases { (1, 0) } else { (0, 1) },
        "{}",
        taken.sentence
    );
    let mut now = named(&bench).await;
    let (mut before, mut after) = (before, after);
    for state in [&mut now, &mut before, &mut after] {
        state.remove(&changed.customer);
    }
    assert_eq!(now, before);
    // And the undo can be undone.
    let again = bench.run(bench.undo(undone.id).await.id).await.run;
    assert_adds_up(&again);
    let mut redone = named(&bench).await;
    redone.remove(&changed.customer);
    assert_eq!(redone, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_back_connected_accounts_nobody_changed_since() {
    undone(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_back_aliases_nobody_changed_since() {
    undone(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_record_the_undo_deleted_is_not_made_again() {
    let (bench, sync) = writing_back(40).await;
    let before = named(&bench).await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    let made = links(&bench, run.id).await;
    let undo = bench.undo_and_delete(run.id).await;
    let undone = bench.run(undo.id).await.run;
    assert_adds_up(&undone);
    assert!(undone.counts.deleted > 0, "{undone:?}");
    assert_links_add_up(&links(&bench, undone.id).await);
    assert_eq!(named(&bench).await, before);
    let again = bench.undo(undone.id).await;
    let to_link = planned(&bench, again.id).await.to_link;
    assert_eq!(to_link, made.counts.recorded - undone.counts.deleted);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_where_alguna_is_only_read() {
    let (bench, sync) = writing_back(60).await;
    let state = bench.state();
    let offered = bench.plan(sync).await;
    assert!(planned(&bench, offered.id).await.to_link > 0);
    let source = bench
        .context
        .sync_get(SyncRequest { sync })
        .await
        .unwrap()
        .source;
    bench.set_read_only(source, true).await;
    let before = writes_to_alguna(&state);
    // A plan that offered links before writes its records, and no links.
    assert_adds_up(&bench.run(offered.id).await.run);
    let later = bench.plan(sync).await;
    let links = planned(&bench, later.id).await;
    assert!(links.problem.unwrap().contains("is read-only"));
    assert_eq!(links.to_link, 0);
    assert_eq!(writes_to_alguna(&state), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_under_way_records_no_more_links_once_alguna_is_only_read() {
    let (bench, sync) = writing_back(120).await;
    let state = bench.state();
    let request = SyncRequest { sync };
    let source = bench.context.sync_get(request).await.unwrap().source;
    let plan = bench.plan(sync).await;
    let slow = Fault::new(Server::Alguna, "/customers/", FaultKind::Slow(100));
    state.arm(slow.method("POST").times(u32::MAX));
    let run = bench.context.run_start(run_request(plan.id)).await.unwrap();
    while writes_to_alguna(&state) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bench.set_read_only(source, true).await;
    let halted = bench.finished(run.id).await;
    assert_eq!(halted.run.status, RunStatusView::Halted, "{halted:?}");
    let error = halted.error.expect("it says why");
    assert_eq!(error.code, ErrorCode::Guard, "{error:?}");
    let to_link = planned(&bench, plan.id).await.to_link;
    let made = links(&bench, run.id).await.counts;
    assert!(made.recorded < to_link, "{made:?}");
    state.clear_faults();
    bench.set_read_only(source, false).await;
    assert_adds_up(&bench.resume(run.id).await.run);
    let made = links(&bench, run.id).await;
    assert_links_add_up(&made);
    assert_eq!(made.counts.recorded, to_link, "{}", made.sentence);
    assert_each_once(&bench, &made).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pilot_records_the_links_of_its_own_customers_alone() {
    let (bench, sync) = writing_back(120).await;
    let plan = bench.plan(sync).await;
    let to_link = planned(&bench, plan.id).await.to_link;
    let request = RunStartRequest {
        limit: Some(20),
        ..run_request(plan.id)
    };
    let run = bench.try_run(request).await.unwrap().run;
    assert_adds_up(&run);
    let made = links(&bench, run.id).await;
    assert_links_add_up(&made);
    assert!((1..=20).contains(&made.counts.to_link), "{}", made.sentence);
    // The others come with the next preview.
    let rest = bench.run(bench.plan(sync).await.id).await.run;
    let others = links(&bench, rest.id).await.counts;
    assert_eq!(others.recorded + made.counts.recorded, to_link);
    // A pilot of the undo takes back no more than its own either.
    let undo = bench.undo(rest.id).await;
    let request = RunStartRequest {
        limit: Some(5),
        ..run_request(undo.id)
    };
    let undone = bench.try_run(request).await.unwrap().run;
    let taken = links(&bench, undone.id).await.counts;
    assert!(taken.to_link <= 5, "{taken:?}");
}
