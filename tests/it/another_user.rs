//! Another user of the same org signs in, and logins that belong to somebody else than before.

use drawbridge_api::view::{
    ActionView, CheckState, ConnectionRequest, ConnectionView, EnvironmentView, ErrorCode,
    MatchDecisionView, RunRequest, RunResumeRequest, RunStatusView, SyncRequest, UndoRequest,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, find, run_request};

use crate::org_side::{UMLAUT, decide, row, twelve};

const ID: &str = "Alguna_Customer_ID__c";
const TOM: &str = "Tom Okafor";

async fn sign_in(bench: &Workbench) -> ConnectionView {
    let url = bench.simulator.urls().salesforce_sandbox.clone();
    let signed_in = bench.sign_in("UAT", EnvironmentView::Sandbox, &url).await;
    signed_in.expect("the same org connects")
}

/// What the connection says of a change of user, if it says anything.
fn told(connection: &ConnectionView) -> Option<String> {
    let changed = |name: &str| name.contains("is signed in; before, it was");
    let check = connection.checks.iter().find(|it| changed(&it.name))?;
    assert_eq!(check.state, CheckState::Warning);
    Some(format!("{} {}", check.name, check.detail.clone().unwrap()))
}

async fn checked(bench: &Workbench, connection: u32) -> ConnectionView {
    let request = ConnectionRequest { connection };
    bench.context.connection_check(request).await.unwrap()
}

/// The login as a machine without a keychain is given it.
fn give_token(bench: &mut Workbench, token: &str) {
    bench.secrets.put("UAT", token);
    bench.reopen();
}

/// Requests that reached the sandbox since then, but for those that ask who answers.
fn asked(state: &State, since: usize) -> Vec<String> {
    let log = state.request_log().into_iter().skip(since);
    let org = |server: Server| {
        matches!(
            server,
            Server::SalesforceSandbox | Server::SalesforceProduction
        )
    };
    log.filter(|it| org(it.server))
        .map(|it| format!("{} {}?{}", it.method, it.path, it.query))
        .filter(|it| !it.contains("/services/oauth2/") && !it.contains("Organization"))
        .filter(|it| !it.ends_with("/services/data?") && !it.ends_with("/services/data/?"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_user_of_the_org_is_told_and_previews_anew() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    let ana = bench.plan(sync).await;
    assert_eq!(told(&checked(&bench, 2).await), None);

    state.sign_in_as(TOM).unwrap();
    let connection = sign_in(&bench).await;
    let said = told(&connection).expect("it is said");
    for part in [
        TOM,
        "Ana Ruiz",
        "ana.ruiz@",
        "tom.okafor@",
        "Preview each sync",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let org = connection.org.as_ref().unwrap();
    assert_eq!(org.user_name, TOM);
    let seen = connection
        .checks
        .iter()
        .find(|it| it.name.contains("may not see and edit"))
        .expect("the fields of the sync are looked at for this user");
    assert_eq!(seen.state, CheckState::Failed);
    assert!(seen.detail.as_ref().unwrap().contains(ID), "{seen:?}");
    assert!(
        seen.who.as_ref().unwrap().contains("Drawbridge Alguna"),
        "{seen:?}"
    );

    // What the user of then saw is not written as somebody else.
    let writes = state.write_calls();
    let refused = bench.try_run(run_request(ana.id)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AnotherUser);
    assert!(
        refused.message.contains(TOM) && refused.message.contains("Ana Ruiz"),
        "{refused:?}"
    );
    assert_eq!(state.write_calls(), writes);

    // Fields this user does not see are no blank values.
    let blind = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(blind.code, ErrorCode::FieldMissing);
    assert!(blind.message.contains(ID), "{blind:?}");
    assert!(blind.hint.unwrap().contains("permission set"));
    assert!(told(&checked(&bench, connection.id).await).is_some());

    bench.deploy(sync).await;
    let plan = bench.plan(sync).await;
    let note = plan.note.clone().unwrap();
    assert!(note.contains(TOM) && note.contains("Ana Ruiz"), "{note}");
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    let now = checked(&bench, connection.id).await;
    assert_eq!(told(&now), None, "{now:?}");
    let history = bench
        .context
        .history_get(RunRequest { run: run.id })
        .await
        .unwrap();
    assert_eq!(history.run.user_name.as_deref(), Some(TOM));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_again_as_before_is_told_nothing() {
    let (bench, sync, _data) = twelve().await;
    let plan = bench.plan(sync).await;
    let connection = sign_in(&bench).await;
    assert_eq!(told(&connection), None);
    assert_adds_up(&bench.run(plan.id).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_a_new_user_does_not_see_are_never_emptied() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    let before = external_ids(&state, "Account", ID);
    let account = find(&state, "Account", ID, UMLAUT.0);
    state.sign_in_as(TOM).unwrap();
    sign_in(&bench).await;
    for _ in 0..2 {
        assert_eq!(
            bench.try_plan(sync).await.unwrap_err().code,
            ErrorCode::FieldMissing
        );
    }
    assert_eq!(external_ids(&state, "Account", ID), before);
    assert_eq!(find(&state, "Account", ID, UMLAUT.0), account);

    // A standard field that matching looks at is no reason to make anything anew.
    bench.deploy(sync).await;
    state.hide_field("Account", "Website").unwrap();
    let plan = bench.plan(sync).await;
    assert_eq!(plan.tally.to_write, 0, "{plan:?}");
    assert_eq!(
        row(&bench, plan.id, UMLAUT.0).await.action,
        ActionView::Unchanged
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_a_new_user_does_not_see_make_nobody_anew() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    state.hide_field("Contact", "Email").unwrap();
    let refused = bench.try_plan(sync).await;
    let refused = refused.expect_err("customers could not be found by their addresses");
    assert_eq!(refused.code, ErrorCode::FieldMissing, "{refused:?}");
    assert!(refused.message.contains("Email"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_goes_on_as_another_user_only_when_that_is_said() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    let plan = bench.plan(sync).await;
    let fault = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects",
        FaultKind::DropBeforeCommit,
    );
    state.arm(fault.times(u32::MAX));
    let cut = bench.run(plan.id).await.run;
    assert_ne!(cut.status, RunStatusView::Finished, "{cut:?}");
    state.clear_faults();

    state.sign_in_as(TOM).unwrap();
    sign_in(&bench).await;
    let run = cut.id;
    let refused = bench.context.run_resume(RunRequest { run }).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AnotherUser);
    assert!(
        refused.message.contains(TOM) && refused.message.contains("Ana Ruiz"),
        "{refused:?}"
    );
    bench.deploy(sync).await;
    let request = RunResumeRequest {
        run,
        as_another_user: true,
    };
    bench.context.run_resume(request).await.unwrap();
    assert_adds_up(&bench.finished(run).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_user_is_noticed_wherever_it_is_used() {
    let (mut bench, sync, _data) = twelve().await;
    let state = bench.state();
    let token = bench.simulator.credentials().sandbox.access_token.clone();
    give_token(&mut bench, &token);
    let plan = bench.plan(sync).await;

    // Between preview and run.
    state.sign_in_as(TOM).unwrap();
    bench.reopen();
    let writes = state.write_calls();
    let run = bench.run(plan.id).await;
    let error = run.error.expect("the run does not write");
    assert_eq!(error.code, ErrorCode::AnotherUser, "{error:?}");
    assert_eq!(state.write_calls(), writes);
    assert_eq!(run.run.counts.created + run.run.counts.updated, 0);

    // On purpose, as this user.
    bench.deploy(sync).await;
    let request = RunResumeRequest {
        run: run.run.id,
        as_another_user: true,
    };
    bench.context.run_resume(request).await.unwrap();
    let run = bench.finished(run.run.id).await.run;
    assert_adds_up(&run);
    let connection = checked(&bench, 2).await;
    assert_eq!(connection.org.unwrap().user_name, TOM);

    // An undo as yet another user is previewed as that user, and says so.
    state.sign_in_as("Priya Nair").unwrap();
    bench.reopen();
    bench.deploy(sync).await;
    let undo = bench.undo(run.id).await;
    let note = undo.note.clone().unwrap();
    assert!(note.contains("Priya Nair") && note.contains(TOM), "{note}");
    assert_adds_up(&bench.run(undo.id).await.run);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_of_another_org_reads_and_writes_nothing_anywhere() {
    let (mut bench, sync, _data) = twelve().await;
    let state = bench.state();
    let plan = bench.plan(sync).await;
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    decide(&bench, sync, UMLAUT.0, Some(MatchDecisionView::Ignore)).await;
    let next = bench.plan(sync).await;

    let credentials = bench.simulator.credentials();
    let host = credentials.production.instance_url.strip_prefix("http://");
    let url = format!(
        "force://{}::{}@{}",
        credentials.client_id,
        credentials.production.refresh_token,
        host.unwrap()
    );
    give_token(&mut bench, &url);
    let since = state.request_log().len();
    let writes = state.write_calls();
    let is_refused = |code: ErrorCode| assert_eq!(code, ErrorCode::WrongOrg);
    is_refused(bench.try_plan(sync).await.unwrap_err().code);
    let ran = bench.run(next.id).await;
    is_refused(ran.error.unwrap().code);
    let run_id = ran.run.id;
    bench
        .context
        .run_resume(RunRequest { run: run_id })
        .await
        .unwrap();
    is_refused(bench.finished(run_id).await.error.unwrap().code);
    let request = SyncRequest { sync };
    is_refused(
        bench
            .context
            .fields_get(request.clone())
            .await
            .unwrap_err()
            .code,
    );
    is_refused(
        bench
            .context
            .fields_validate(request.clone())
            .await
            .unwrap_err()
            .code,
    );
    is_refused(bench.context.fields_deploy(request).await.unwrap_err().code);
    let undo = bench.try_undo(UndoRequest::of(run.id)).await.unwrap_err();
    is_refused(undo.code);
    let mapping = drawbridge_api::view::MappingProposalsRequest {
        sync,
        rules: Vec::new(),
    };
    is_refused(
        bench
            .context
            .mapping_proposals(mapping)
            .await
            .unwrap_err()
            .code,
    );
    assert_eq!(state.write_calls(), writes);
    assert_eq!(asked(&state, since), [""; 0], "only who answers is asked");
}
