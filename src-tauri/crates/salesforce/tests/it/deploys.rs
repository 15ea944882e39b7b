//! Deployments and assignments whose answers are lost: read back, never sent blindly again.

use drawbridge_model::{Target, TargetError};
use drawbridge_salesforce::{DeployReport, Org};
use drawbridge_simulator::{Fault, FaultKind, Server, State};

use crate::simulated::{account, org, package, prepared, simulator};

const SANDBOX: Server = Server::SalesforceSandbox;
const DEPLOY: &str = "metadata/deployRequest";
const ASSIGN: &str = "sobjects/PermissionSetAssignment";
const SET: &str = "Drawbridge_Sync";

fn sent(state: &State, method: &str, path: &str) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|it| it.method == method && it.path.contains(path))
        .count()
}

fn lose(state: &State, method: &str, path: &str, kind: FaultKind, times: u32) {
    state.arm(Fault::new(SANDBOX, path, kind).method(method).times(times));
}

async fn deploy(org: &Org) -> Result<DeployReport, TargetError> {
    org.deploy(&package(), false, |_| {}).await
}

async fn fields_there(org: &Org) -> bool {
    let describe = org.describe(&account()).await.unwrap();
    describe.field(&package().fields[0].name).is_some()
}

#[tokio::test]
async fn a_deployment_whose_answer_is_lost_is_found_and_watched() {
    for kind in [
        FaultKind::DropAfterCommit,
        FaultKind::Truncate,
        FaultKind::Gateway {
            status: 504,
            after_commit: true,
        },
    ] {
        let simulator = simulator().await;
        let state = simulator.state();
        let org = org(&simulator);
        // One from before, so that the newest is not simply taken.
        assert!(deploy(&org).await.unwrap().succeeded);
        let (posts, known) = (sent(&state, "POST", DEPLOY), package().fields.len());
        lose(&state, "POST", DEPLOY, kind.clone(), 1);
        let report = deploy(&org).await.unwrap();
        assert!(report.succeeded && !report.check_only, "{kind:?}");
        let ours = |it: &&drawbridge_salesforce::Component| it.kind == "CustomField";
        assert_eq!(report.components.iter().filter(ours).count(), known);
        assert_eq!(sent(&state, "POST", DEPLOY) - posts, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_deployment_that_never_arrived_is_said_to_be_lost_and_not_repeated() {
    let simulator = simulator().await;
    let state = simulator.state();
    let org = org(&simulator);
    lose(&state, "POST", DEPLOY, FaultKind::DropBeforeCommit, 1);
    let error = deploy(&org).await.unwrap_err();
    assert!(matches!(error, TargetError::LostAnswer { .. }), "{error}");
    assert_eq!(sent(&state, "POST", DEPLOY), 1);
    assert!(!fields_there(&org).await);
    assert!(deploy(&org).await.unwrap().succeeded, "a person asks again");
}

#[tokio::test]
async fn a_validation_of_the_same_moment_is_not_taken_for_the_deployment() {
    let simulator = simulator().await;
    let state = simulator.state();
    let (org, other) = (org(&simulator), org(&simulator));
    lose(&state, "POST", DEPLOY, FaultKind::DropBeforeCommit, 1);
    let (lost, validated) = tokio::join!(deploy(&org), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        other.deploy(&package(), true, |_| {}).await
    });
    assert!(validated.unwrap().succeeded);
    let error = lost.unwrap_err();
    assert!(matches!(error, TargetError::LostAnswer { .. }), "{error}");
}

#[tokio::test]
async fn lost_looks_at_a_deployment_are_repeated_and_a_blind_end_names_it() {
    let simulator = simulator().await;
    let state = simulator.state();
    let org = org(&simulator);
    lose(&state, "GET", DEPLOY, FaultKind::DropAfterCommit, 3);
    assert!(deploy(&org).await.unwrap().succeeded);
    assert_eq!(sent(&state, "POST", DEPLOY), 1);

    lose(&state, "GET", DEPLOY, FaultKind::Html503, u32::MAX);
    let error = deploy(&org).await.unwrap_err().to_string();
    assert!(
        error.contains("deployment 0Af") && error.contains("Deployment Status"),
        "{error}"
    );
    assert_eq!(sent(&state, "POST", DEPLOY), 2);
}

#[tokio::test]
async fn an_assignment_whose_answer_is_lost_is_looked_for() {
    for (kind, posts) in [
        (FaultKind::DropAfterCommit, 1),
        (FaultKind::Truncate, 1),
        (FaultKind::DropBeforeCommit, 2),
        (FaultKind::Html503, 2),
    ] {
        let simulator = simulator().await;
        let state = simulator.state();
        let org = org(&simulator);
        assert!(deploy(&org).await.unwrap().succeeded);
        let before = state.count("PermissionSetAssignment");
        lose(&state, "POST", ASSIGN, kind.clone(), 1);
        org.assign_permission_set(SET).await.unwrap();
        assert!(org.permission_set_assigned(SET).await.unwrap(), "{kind:?}");
        assert_eq!(state.count("PermissionSetAssignment") - before, 1);
        assert_eq!(sent(&state, "POST", ASSIGN), posts, "{kind:?}");
    }
}

#[tokio::test]
async fn an_assignment_that_never_arrives_is_not_sent_for_ever() {
    let simulator = simulator().await;
    let state = simulator.state();
    let org = org(&simulator);
    assert!(deploy(&org).await.unwrap().succeeded);
    lose(
        &state,
        "POST",
        ASSIGN,
        FaultKind::DropBeforeCommit,
        u32::MAX,
    );
    let error = org.assign_permission_set(SET).await.unwrap_err();
    assert!(matches!(error, TargetError::LostAnswer { .. }), "{error}");
    assert_eq!(sent(&state, "POST", ASSIGN), 2);
    state.clear_faults();
    prepared(&simulator).await;
}
