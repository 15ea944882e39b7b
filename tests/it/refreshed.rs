//! A sandbox that was refreshed.

use drawbridge_api::view::{
    ActionView, ConnectionRequest, ConnectionStatusView, ConnectionView, EnvironmentView,
    ErrorCode, MatchDecisionView, RelinkRequest, RelinkView, RunRequest, UndoRequest,
};
use drawbridge_testkit::{Workbench, assert_adds_up, find, values};

use crate::org_side::{OBRIEN, UMLAUT, blocked, decide, row, twelve};

const ID: &str = "Alguna_Customer_ID__c";

async fn sign_in_again(bench: &Workbench) -> ConnectionView {
    let url = bench.simulator.urls().salesforce_sandbox.clone();
    let signed_in = bench.sign_in("UAT", EnvironmentView::Sandbox, &url).await;
    signed_in.expect("the login is kept")
}

async fn relink(
    bench: &Workbench,
    connection: u32,
    apply: bool,
) -> drawbridge_api::Result<RelinkView> {
    let request = RelinkRequest { connection, apply };
    bench.context.connection_relink(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refreshed_sandbox_is_told_and_re_linked() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    let run = bench.run(bench.plan(sync).await.id).await.run;
    assert_adds_up(&run);
    // Less the one that is left out from now on.
    let linked = run.counts.created + run.counts.updated - 1;
    decide(&bench, sync, "bare", Some(MatchDecisionView::Ignore)).await;

    let refreshed = state.refresh_sandbox().unwrap();
    let before = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(before.code, ErrorCode::NeedsSignIn, "{before:?}");
    let connection = sign_in_again(&bench).await;
    assert_eq!(connection.status, ConnectionStatusView::Refreshed);
    let told = connection.status_reason.clone().unwrap();
    assert!(
        told.contains("was refreshed")
            && told.contains(&refreshed)
            && told.contains("copies of production"),
        "{told}"
    );
    assert_ne!(
        connection.org.as_ref().unwrap().org_id,
        refreshed,
        "not pinned yet"
    );
    let refused = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::OrgRefreshed);
    assert!(refused.hint.unwrap().contains("Re-link"));

    let writes = state.write_calls();
    let shown = relink(&bench, connection.id, false).await.unwrap();
    assert!(!shown.applied);
    assert_eq!(shown.to_org, refreshed);
    let of = &shown.syncs[0];
    assert_eq!(
        of.found_again + of.not_there + of.need_review,
        linked,
        "{of:?}"
    );
    assert!(of.missing_fields.contains(&ID.to_owned()), "{of:?}");
    assert_eq!(
        bench.try_plan(sync).await.unwrap_err().code,
        ErrorCode::OrgRefreshed
    );

    let done = relink(&bench, connection.id, true).await.unwrap();
    assert!(done.applied);
    assert_eq!(done.syncs, shown.syncs, "what was shown is what is done");
    assert_eq!(done.connection.status, ConnectionStatusView::Connected);
    assert_eq!(done.connection.org.unwrap().org_id, refreshed);
    assert_eq!(state.write_calls(), writes, "nothing is written to the org");
    let twice = relink(&bench, connection.id, true).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::BadRequest);

    // The fields are gone; the refusal says where to make them.
    let missing = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::FieldMissing);
    assert!(missing.hint.unwrap().contains("Fields tab"));
    bench.deploy(sync).await;
    let plan = bench.plan(sync).await;
    let ignored = row(&bench, plan.id, "bare").await;
    assert_eq!(ignored.reason.unwrap().code, "ignored", "decisions stay");
    let created = row(&bench, plan.id, "aKq7Wmzt").await;
    assert_eq!(blocked(&created), "not_in_copy");
    decide(&bench, sync, "aKq7Wmzt", Some(MatchDecisionView::CreateNew)).await;
    let plan = bench.plan(sync).await;
    assert_eq!(
        row(&bench, plan.id, "aKq7Wmzt").await.action,
        ActionView::Create
    );
    assert_adds_up(&bench.run(plan.id).await.run);

    // The run before the refresh cannot be taken back here.
    let request = UndoRequest::of(run.id);
    let refused = bench.context.undo_start(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::OrgRefreshed);
    assert!(refused.message.contains("cannot be undone"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_found_again_by_external_id_and_not_by_a_mere_record_id() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    let old = find(&state, "Account", ID, "aKq7Wmzt")["Id"].clone();
    // Production has the fields and was synced as well, a while ago.
    let source = bench
        .context
        .connection_list(drawbridge_api::view::Nothing {})
        .await
        .unwrap();
    let source = source
        .iter()
        .find(|it| it.name == "Alguna")
        .unwrap()
        .clone();
    let live = bench.connect_production().await;
    let there = bench.create_sync(&source, &live, true).await.id;
    bench.deploy(there).await;
    let production = state.production();
    let named = |id: &str, name: &str| values([(ID, id.into()), ("Name", name.into())]);
    let moved = production
        .create_record("Account", &named("aKq7Wmzt", "Lower First Ltd"), "Ana Ruiz")
        .unwrap();
    let id_kept = production
        .records("Account")
        .iter()
        .any(|it| it["Id"] == OBRIEN.1);
    assert!(id_kept, "the sandbox was copied from production");
    state.refresh_sandbox().unwrap();

    let connection = sign_in_again(&bench).await;
    let done = relink(&bench, connection.id, true).await.unwrap();
    let of = done.syncs.iter().find(|it| it.sync == sync).unwrap();
    assert_eq!(of.found_again, 1, "{of:?}");
    assert!(
        of.need_review >= 2,
        "the Accounts of two customers kept their ids: {of:?}"
    );
    assert!(of.not_there > 2, "{of:?}");
    assert_eq!(of.missing_fields, Vec::<String>::new());

    let plan = bench.plan(sync).await;
    let again = row(&bench, plan.id, "aKq7Wmzt").await;
    assert_eq!(again.record.as_deref(), Some(moved.as_str()));
    assert_ne!(old, moved.as_str());
    // Its address speaks for the same record: that is proof, as at a first sync.
    let umlaut = row(&bench, plan.id, UMLAUT.0).await;
    assert_eq!(umlaut.record.as_deref(), Some(UMLAUT.1), "{umlaut:#?}");
    // No base of the old org makes a drift in the copy.
    assert_eq!(plan.tally.drifted, 0, "{plan:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_is_never_re_linked() {
    let bench = Workbench::with_customers(20).await;
    let live = bench.connect_production().await;
    let refused = relink(&bench, live.id, true).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert!(refused.message.contains("never changes"), "{refused:?}");
    let sandbox = bench.connect_sandbox().await;
    let nothing = relink(&bench, sandbox.id, true).await.unwrap_err();
    assert_eq!(nothing.code, ErrorCode::BadRequest);
    let request = ConnectionRequest {
        connection: sandbox.id,
    };
    let checked = bench.context.connection_check(request).await.unwrap();
    assert_eq!(checked.status, ConnectionStatusView::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_cut_off_before_the_refresh_is_not_resumed_after_it() {
    let (bench, sync, _data) = twelve().await;
    let plan = bench.plan(sync).await;
    bench
        .state()
        .delete_field("Account", "Alguna_Tax_Rate__c")
        .unwrap();
    let halted = bench.run(plan.id).await.run;
    bench.state().refresh_sandbox().unwrap();
    let connection = sign_in_again(&bench).await;
    relink(&bench, connection.id, true).await.unwrap();
    let request = RunRequest { run: halted.id };
    let refused = bench.context.run_resume(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::OrgRefreshed);
    assert!(refused.message.contains("cannot be resumed"), "{refused:?}");
}
